import { messageId } from "../message/message.ts";
import type { Proposal } from "./proposal.ts";
import type { Team, TeamEvent } from "./team.ts";

/** Asks every mentor of new teams, each once. */
export function askedEvents(teams: readonly Team[]): TeamEvent[] {
  return byMentor(teams).map((own) => {
    const { mentorApplicationId, mentorPersonId: personId } = own[0]!;
    return { type: "MentorAsked", about: { kind: "Mentor", id: mentorApplicationId }, facts: toldOf(own, personId) };
  });
}

/**
 * Corrects what was told of teams that were taken back: each mentor who was asked, and each candidate to whom a mentor was
 * announced, once. `askedIn` answers the mail that asked a team's mentor. Names the earlier mails, because whoever did not get them is not to read a correction of nothing.
 */
export function correctedEvents(teams: readonly Team[], askedIn: (team: Team) => string): TeamEvent[] {
  const mentors = byMentor(teams).map((own): TeamEvent => {
    const { mentorApplicationId, mentorPersonId: personId } = own[0]!;
    const earlierMessageIds = own.flatMap((team) => [askedIn(team), ...introducedTo(team, personId)]);
    return {
      type: "MentorCorrected",
      about: { kind: "Mentor", id: mentorApplicationId },
      facts: { ...toldOf(own, personId), earlierMessageIds },
    };
  });
  const candidates = teams
    .filter(({ announcedAt }) => announcedAt !== null)
    .map((team): TeamEvent => {
      const { candidateApplicationId: id, candidatePersonId: personId } = team;
      const facts = { ...toldOf([team], personId), earlierMessageIds: introducedTo(team, personId) };
      return { type: "CandidateCorrected", about: { kind: "Team", id }, facts };
    });
  return [...mentors, ...candidates];
}

/** The mail that asked the mentor of a team. */
export function askedMessageOf(team: Team, proposal: Proposal | undefined): string {
  return team.askedMessageId ?? proposal?.askedMessageIds[team.mentorApplicationId] ?? "";
}

/** The mails that introduced a team to its people; none before it was announced. */
export function introductionsOf(team: Team): string[] {
  return [...introducedTo(team, team.candidatePersonId), ...introducedTo(team, team.mentorPersonId)];
}

function introducedTo({ announcedEventId }: Team, personId: string): string[] {
  return announcedEventId === null ? [] : [messageId(announcedEventId, "team-introduced", personId)];
}

function byMentor(teams: readonly Team[]): Team[][] {
  return Object.values(Object.groupBy(teams, ({ mentorApplicationId }) => mentorApplicationId)).map((own) => own!);
}

function toldOf(teams: readonly Team[], personId: string) {
  return {
    cohortId: teams[0]!.cohortId,
    personId,
    teamIds: teams.map(({ id }) => id),
    applicationIds: [...new Set(teams.flatMap((team) => [team.candidateApplicationId, team.mentorApplicationId]))],
  };
}
