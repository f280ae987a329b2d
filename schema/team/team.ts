import { conflictRefusals, isRecusedFrom, type Application } from "../application/application.ts";
import type { Cohort } from "../cohort/cohort.ts";
import { isSelf, type Viewer } from "../person/person.ts";
import { isCommittee, isStaff } from "../person/role.ts";
import {
  reasonRefusals,
  refusal,
  type Decision,
  type Happening,
  type Refusal,
  type TextCode,
} from "../shared/decision.ts";
import { addDays, dateOf, instantAt, type Instant } from "../shared/time.ts";

/** Where a team stands. */
export const TEAM_STATES = ["PROPOSED", "ANNOUNCED", "DECLINED", "TAKEN_BACK", "ENDED"] as const;

/** One of TEAM_STATES. */
export type TeamState = (typeof TEAM_STATES)[number];

/** What can be done with a team. */
export const TEAM_ACTIONS = ["remind", "escalate", "accept", "decline", "takeBack", "end", "leave"] as const;

/** One of TEAM_ACTIONS. */
export type TeamAction = (typeof TEAM_ACTIONS)[number];

/** From which state which action leads where. What is not here is refused. */
export const TEAM_TRANSITIONS: Record<TeamState, Partial<Record<TeamAction, TeamState>>> = {
  // Silence ends nothing: a late answer is worth more than none, until staff have taken the team back.
  PROPOSED: {
    remind: "PROPOSED",
    escalate: "PROPOSED",
    accept: "ANNOUNCED",
    decline: "DECLINED",
    takeBack: "TAKEN_BACK",
    leave: "ENDED",
  },
  ANNOUNCED: { takeBack: "TAKEN_BACK", end: "ENDED", leave: "ENDED" },
  DECLINED: {},
  TAKEN_BACK: {},
  ENDED: {},
};

/** What each state is called: for staff and committee, and for the two who are the team. */
export const TEAM_LABELS: Record<TeamState, { staff: string; member: string }> = {
  PROPOSED: { staff: "The mentor was asked", member: "Waits for the mentor's answer" },
  ANNOUNCED: { staff: "Announced to both", member: "Your team" },
  DECLINED: { staff: "Declined by the mentor", member: "Declined" },
  TAKEN_BACK: { staff: "Taken back", member: "Taken back" },
  ENDED: { staff: "Ended", member: "Ended" },
};

/** One candidate with one mentor. The id is the candidate's application and a number: the key allows one at a time. */
export interface Team {
  /** `<candidate's application>.<number>` */
  id: string;
  version: number;
  /** Counts the candidate's teams from 1. */
  number: number;
  cohortId: string;
  candidateApplicationId: string;
  candidatePersonId: string;
  mentorApplicationId: string;
  mentorPersonId: string;
  state: TeamState;
  /** The proposal it was published with; null for one that replaced another. */
  proposalId: string | null;
  /** Who asked the mentor, and is told when they do not answer. */
  askedBy: string;
  askedAt: Instant;
  /** The first instant at which the mentor is late. */
  answerBy: Instant;
  /** When the mentor is still to be reminded, the next first. */
  reminders: readonly Instant[];
  /** When silence was put before staff; null while it was not. */
  escalatedAt: Instant | null;
  /** When the mentor accepted and both were told; null before. It stays: the work is credited. */
  announcedAt: Instant | null;
  /** When it was declined, taken back or ended; null while it stands. */
  endedAt: Instant | null;
  /** The mail that asked the mentor, where it was not the one of the whole publication; null otherwise. */
  askedMessageId: string | null;
  /** The event by which both were told; null before. */
  announcedEventId: string | null;
}

/** What every event of a team tells. */
interface TeamFacts {
  cohortId: string;
  applicationId: string;
  mentorApplicationId: string;
  candidatePersonId: string;
  mentorPersonId: string;
  /** The teams that a mail which follows from it is about. */
  teamIds: readonly string[];
}

/** What happens to teams. */
export type TeamEvent =
  | Happening<"TeamProposed", TeamFacts>
  | Happening<"TeamReminded", TeamFacts>
  | Happening<"TeamUnanswered", TeamFacts & { askedBy: string }>
  | Happening<"TeamAccepted", TeamFacts>
  | Happening<"TeamDeclined", TeamFacts & { askedBy: string }>
  | Happening<"TeamTakenBack", TeamFacts>
  | Happening<"TeamEnded", TeamFacts & { earlierMessageIds: readonly string[] }>
  | Happening<"TeamLeft", TeamFacts & { left: Leaver; askedBy: string; earlierMessageIds: readonly string[] }>
  // One for each mentor and candidate, however many teams of theirs it is about.
  | Happening<"MentorAsked", Told>
  | Happening<"MentorCorrected", Told & { earlierMessageIds: readonly string[] }>
  | Happening<"CandidateCorrected", Told & { earlierMessageIds: readonly string[] }>;

/** Which of the two has left a team. */
export type Leaver = "CANDIDATE" | "MENTOR";

/** What a mail tells one person of one or several teams. */
interface Told {
  cohortId: string;
  personId: string;
  teamIds: readonly string[];
  /** The applications of everybody it names. */
  applicationIds: readonly string[];
}

/** Why a step is not taken because of the state. */
export type TeamStateCode = "WRONG_STATE";

/** Why no team is made. */
export type FormCode =
  | "NOT_ACCEPTED"
  | "NOT_A_CANDIDATE"
  | "NOT_A_MENTOR"
  | "OWN_APPLICATION"
  | "RECUSED"
  | "HAS_TEAM"
  | "MENTOR_FULL";

/** Whether the team stands: the mentor was asked and has not declined, and it has not come to an end. */
export function isCurrent({ state }: Pick<Team, "state">): boolean {
  return state === "PROPOSED" || state === "ANNOUNCED";
}

/** The team that a candidate has; undefined when none stands. */
export function currentTeam(teams: readonly Team[]): Team | undefined {
  return teams.find(isCurrent);
}

/** Whether a candidate holds a place that calls for a mentor, taken up or not yet. */
export function isSeated({ kind, state }: Pick<Application, "kind" | "state">): boolean {
  return kind === "CANDIDATE" && state === "ACCEPTED";
}

/** Whether the viewer is the mentor of the team. */
export function isMentorOf(viewer: Viewer | null, { mentorPersonId }: Pick<Team, "mentorPersonId">): boolean {
  return isSelf(viewer, mentorPersonId);
}

/** Whether the viewer is the candidate of the team. */
export function isCandidateOf(viewer: Viewer | null, { candidatePersonId }: Pick<Team, "candidatePersonId">): boolean {
  return isSelf(viewer, candidatePersonId);
}

/** Whether the viewer looks after the team in an office: staff and committee, nobody who is in it or recused from either. */
export function mayLookAfter(viewer: Viewer | null, team: Team): boolean {
  if (isMentorOf(viewer, team) || isCandidateOf(viewer, team)) return false;
  if (isRecusedFrom(viewer, team.candidateApplicationId) || isRecusedFrom(viewer, team.mentorApplicationId))
    return false;
  return isStaff(viewer) || isCommittee(viewer, team.cohortId);
}

/** Whether the viewer may see the team: its mentor; its candidate once it was announced to both; and whoever looks after it. */
export function mayReadTeam(viewer: Viewer | null, team: Team): boolean {
  if (isMentorOf(viewer, team)) return true;
  return isCandidateOf(viewer, team) ? team.announcedAt !== null : mayLookAfter(viewer, team);
}

/** The id of a candidate's team. */
export const teamId = (candidateApplicationId: string, number: number): string => `${candidateApplicationId}.${number}`;

/** Who is to become a team, with the teams that the candidate had so far. */
export interface Forming {
  candidate: Application;
  mentor: Application;
  earlier: readonly Team[];
  cohort: Cohort;
}

/** Makes a team and asks the mentor, who has until a date. Whether the mentor has a place is for the write to tell. */
export function formTeam(
  { candidate, mentor, earlier, cohort }: Forming,
  { by, now, proposalId }: { by: string; now: Instant; proposalId: string | null },
): Decision<Team, FormCode, TeamEvent> {
  const refused = formRefusals({ candidate, mentor, earlier });
  if (refused.length > 0) return { refusals: refused };
  const number = earlier.length + 1;
  const { days, answersAt, reminderDays } = cohort.policy.team;
  const lastDay = addDays(dateOf(now, cohort.zone), days);
  const reminders = reminderDays.map((before) => instantAt(addDays(lastDay, -before), answersAt, cohort.zone));
  const team: Team = {
    id: teamId(candidate.id, number),
    version: 0,
    number,
    cohortId: cohort.id,
    candidateApplicationId: candidate.id,
    candidatePersonId: candidate.personId,
    mentorApplicationId: mentor.id,
    mentorPersonId: mentor.personId,
    state: "PROPOSED",
    proposalId,
    askedBy: by,
    askedAt: now,
    answerBy: instantAt(lastDay, answersAt, cohort.zone),
    reminders: reminders.filter((at) => at > now),
    escalatedAt: null,
    announcedAt: null,
    endedAt: null,
    askedMessageId: null,
    announcedEventId: null,
  };
  const event: TeamEvent = {
    type: "TeamProposed",
    about: aboutTeam(team),
    facts: factsOf(team),
    after: { state: "PROPOSED", answerBy: team.answerBy },
  };
  return { outcome: team, events: [event] };
}

function formRefusals({ candidate, mentor, earlier }: Omit<Forming, "cohort">): Refusal<FormCode>[] {
  if (candidate.kind !== "CANDIDATE") {
    return [refusal("NOT_A_CANDIDATE", "This is not the application of a candidate.", "candidateApplicationId")];
  }
  if (mentor.kind !== "MENTOR") {
    return [refusal("NOT_A_MENTOR", "This is not the application of a mentor.", "mentorApplicationId")];
  }
  if (!isSeated(candidate)) {
    return [refusal("NOT_ACCEPTED", "The candidate has no place, or not any more.", "candidateApplicationId")];
  }
  if (mentor.state !== "ACCEPTED" || mentor.cohortId !== candidate.cohortId) {
    return [refusal("NOT_ACCEPTED", "The mentor is not accepted for this cohort.", "mentorApplicationId")];
  }
  return currentTeam(earlier) ? [hasTeam] : [];
}

/** The refusal of a second team for one candidate. */
const hasTeam = refusal(
  "HAS_TEAM",
  "The candidate has a mentor, or one was asked: please replace that one.",
  "candidateApplicationId",
);

/** The refusal of one candidate more than a mentor can have. */
export const mentorFull = refusal(
  "MENTOR_FULL",
  "The mentor has as many candidates as they can have: please choose another mentor.",
  "mentorApplicationId",
);

/** The mentor accepts: both are told, and introduced to each other. */
export function acceptTeam(team: Team, { now }: { now: Instant }): Decision<Team, TeamStateCode, TeamEvent> {
  return move(team, "accept", { announcedAt: now, reminders: [] }, (facts) => ({ type: "TeamAccepted", facts }));
}

/** The mentor declines: staff are told, and find another. */
export function declineTeam(
  team: Team,
  { now, why }: { now: Instant; why: string },
): Decision<Team, TeamStateCode | TextCode, TeamEvent> {
  const refusals = [...teamStateRefusals(team, "decline"), ...reasonRefusals(why, { optional: true })];
  if (refusals.length > 0) return { refusals };
  const reason = why.trim() === "" ? {} : { why: why.trim() };
  const { askedBy } = team;
  return move(team, "decline", over(now), (facts) => ({
    type: "TeamDeclined",
    facts: { ...facts, askedBy },
    ...reason,
  }));
}

/** Takes a team back that should not have been published. Whoever was told of it is told so, by the caller's own event. */
export function takeBackTeam(
  team: Team,
  { now, why }: { now: Instant; why: string },
): Decision<Team, TeamStateCode, TeamEvent> {
  return move(team, "takeBack", over(now), (facts) => ({ type: "TeamTakenBack", facts, why: why.trim() }));
}

/** Ends a team that was announced. What the mentor did stays credited. */
export function endTeam(
  team: Team,
  { now, why, earlierMessageIds }: { now: Instant; why: string; earlierMessageIds: readonly string[] },
): Decision<Team, TeamStateCode | TextCode, TeamEvent> {
  const refusals = [...teamStateRefusals(team, "end"), ...reasonRefusals(why)];
  if (refusals.length > 0) return { refusals };
  return move(team, "end", over(now), (facts) => ({
    type: "TeamEnded",
    facts: { ...facts, earlierMessageIds },
    why: why.trim(),
  }));
}

/**
 * Ends a team because one of the two takes no part any more. The other is told that, never why; the names of the mails that
 * told them of the team say whether there is anything to tell.
 */
export function leaveTeam(
  team: Team,
  { now, left, earlierMessageIds }: { now: Instant; left: Leaver; earlierMessageIds: readonly string[] },
): Decision<Team, TeamStateCode, TeamEvent> {
  const { askedBy } = team;
  const why = `The ${left === "MENTOR" ? "mentor" : "candidate"} does not take part any more.`;
  return move(team, "leave", over(now), (facts) => ({
    type: "TeamLeft",
    facts: { ...facts, left, askedBy, earlierMessageIds },
    why,
  }));
}

/**
 * Does what is due while the mentor has not answered: a reminder, or at the end a word to staff. However many steps were
 * missed, one mail goes out, and past the end only the last.
 */
export function lookAfterSilence(team: Team, now: Instant): Decision<Team, TeamStateCode, TeamEvent> {
  const dueAt = silenceDueAt(team);
  if (dueAt === null || now < dueAt) return { outcome: team, events: [] };
  if (now < team.answerBy) {
    const reminders = team.reminders.filter((at) => at > now);
    return move(team, "remind", { reminders }, (facts) => ({ type: "TeamReminded", facts }));
  }
  const { askedBy } = team;
  const fields = { reminders: [], escalatedAt: now };
  return move(team, "escalate", fields, (facts) => ({ type: "TeamUnanswered", facts: { ...facts, askedBy } }));
}

/** When a mentor's silence is looked after next; null when it is not any more. */
export function silenceDueAt({ state, reminders, escalatedAt, answerBy }: Team): Instant | null {
  if (state !== "PROPOSED" || escalatedAt !== null) return null;
  return reminders[0] ?? answerBy;
}

/** Why the state does not allow the action; empty when it does. */
export function teamStateRefusals(team: Team, action: TeamAction): Refusal<TeamStateCode>[] {
  if (TEAM_TRANSITIONS[team.state][action] !== undefined) return [];
  const { staff, member } = TEAM_LABELS[team.state];
  const label = action === "accept" || action === "decline" ? member : staff;
  return [refusal("WRONG_STATE", `This is not possible now: the state of the team is “${label}”.`)];
}

/** Why somebody in office has nothing to do with a team: one of the two applications is their own, or not for them. */
export function teamConflicts(
  applications: readonly Application[],
  viewer: Viewer,
): Refusal<"OWN_APPLICATION" | "RECUSED">[] {
  return applications.flatMap((application) => conflictRefusals(application, viewer)).slice(0, 1);
}

/** What a history of teams is about: all teams of a candidate have one. */
export const aboutTeam = ({ candidateApplicationId: id }: Team) => ({ kind: "Team", id }) as const;

function over(now: Instant) {
  return { endedAt: now, reminders: [] };
}

function factsOf(team: Team): TeamFacts {
  const { cohortId, candidateApplicationId, mentorApplicationId, candidatePersonId, mentorPersonId, id } = team;
  return {
    cohortId,
    applicationId: candidateApplicationId,
    mentorApplicationId,
    candidatePersonId,
    mentorPersonId,
    teamIds: [id],
  };
}

type Told1 = Pick<TeamEvent, "why"> & { type: TeamEvent["type"]; facts: object };

function move(
  team: Team,
  action: TeamAction,
  fields: Partial<Team>,
  told: (facts: TeamFacts) => Told1,
): Decision<Team, TeamStateCode, TeamEvent> {
  const state = TEAM_TRANSITIONS[team.state][action];
  if (state === undefined) return { refusals: teamStateRefusals(team, action) };
  const event = {
    ...told(factsOf(team)),
    about: aboutTeam(team),
    before: { state: team.state },
    after: { state },
  } as TeamEvent;
  return { outcome: { ...team, ...fields, state }, events: [event] };
}
