import type { Cohort } from "../cohort/cohort.ts";
import type { Mentor, MentorEvent } from "../mentor/mentor.ts";
import type { Person } from "../person/person.ts";
import { facts, link, paragraph, type Block, type MailsOf, type Template } from "../shared/mail.ts";
import { instantInWords } from "../shared/time.ts";
import type { ConfirmationEvent } from "./confirmation.ts";
import type { Team, TeamEvent, TeamState } from "./team.ts";

/** A team with the two people; undefined where a record is gone. */
interface NamedTeam {
  team: Team;
  candidate: Person | undefined;
  mentor: Person | undefined;
}

/** What mails about teams know. */
export interface TeamMailFacts {
  cohort: Cohort;
  recipient: Person;
  /** What is noted on the mentor that the mail is about; undefined for a mail about something else. */
  mentor: Mentor | undefined;
  teams: readonly NamedTeam[];
  /** Whether an earlier mail, which this one corrects or follows, may have reached the recipient. */
  wasTold: boolean;
}

/** A mentor is asked, both are introduced, and whoever was told of a team is told when it is not to be, or has ended. */
export const teamMails: MailsOf<TeamEvent | MentorEvent | ConfirmationEvent> = (event) => {
  switch (event.type) {
    case "MentorAsked":
      return [{ template: "team-asked", personId: event.facts.personId }];
    case "TeamReminded":
      return [{ template: "team-reminder", personId: event.facts.mentorPersonId }];
    case "TeamUnanswered":
      return [{ template: "team-unanswered", personId: event.facts.askedBy }];
    case "TeamDeclined":
      return [{ template: "team-declined", personId: event.facts.askedBy }];
    case "TeamAccepted":
    case "TeamEnded": {
      const template = event.type === "TeamAccepted" ? "team-introduced" : "team-ended";
      const { candidatePersonId, mentorPersonId } = event.facts;
      return [candidatePersonId, mentorPersonId].map((personId) => ({ template, personId }));
    }
    case "TeamLeft": {
      const { left, candidatePersonId, mentorPersonId, askedBy } = event.facts;
      if (left === "CANDIDATE") return [{ template: "team-left", personId: mentorPersonId }];
      return [
        { template: "team-left", personId: candidatePersonId },
        { template: "team-mentor-left", personId: askedBy },
      ];
    }
    case "MentorCorrected":
    case "CandidateCorrected":
      return [{ template: "team-taken-back", personId: event.facts.personId }];
    case "MentorNotNeeded":
      return [{ template: "mentor-not-needed", personId: event.facts.personId }];
    case "CandidateConfirmed":
      return [{ template: "candidate-confirmed", personId: event.facts.personId }];
    default:
      return [];
  }
};

const nameOf = (person: Person | undefined) => person?.name ?? "Somebody whose record is gone";
const namesOf = (people: readonly (Person | undefined)[]) => people.map(nameOf).join(", ");
const teamsUrl = (publicUrl: string, { id }: Cohort) => `${publicUrl}/teams/${id}`;

/** Whether one of the teams is in the state that the mail tells of. */
const standsIn =
  (...states: readonly TeamState[]) =>
  ({ teams }: TeamMailFacts) =>
    teams.some(({ team }) => states.includes(team.state)) ? null : "The team's state has changed since.";

/** A word to whoever asked the mentor; nobody who is recused meanwhile reads of it. */
const forStaff = (state: TeamState) => (known: TeamMailFacts) =>
  known.teams.some(({ team }) =>
    [team.candidateApplicationId, team.mentorApplicationId].some((id) => known.recipient.recusedFrom.includes(id)),
  )
    ? "The recipient is recused from one of the two applications."
    : standsIn(state)(known);

const ask = ({ teams, cohort }: TeamMailFacts): Block[] => {
  const asked = teams.filter(({ team }) => team.state === "PROPOSED");
  const answerBy = asked.map(({ team }) => team.answerBy).sort()[0] ?? "";
  return [
    facts(
      ["Cohort", `${cohort.name}, ${cohort.region}`],
      [asked.length === 1 ? "Candidate" : "Candidates", namesOf(asked.map(({ candidate }) => candidate))],
      ["Please answer by", instantInWords(answerBy, cohort.zone)],
    ),
    paragraph("The team is announced once you have accepted; until then the candidate is not told."),
  ];
};

/** The mails about teams by name. */
export const teamTemplates: Record<string, Template<TeamMailFacts>> = {
  "team-asked": {
    whenUnknown: "hold",
    obsolete: standsIn("PROPOSED"),
    write: (known, { publicUrl }) => ({
      subject: `You are selected as a mentor: please accept your team, ${known.cohort.name}`,
      blocks: [
        paragraph(`The Steering Committee has selected you as a mentor of the ${known.cohort.name}.`),
        ...ask(known),
        link("Accept or decline", teamsUrl(publicUrl, known.cohort)),
      ],
    }),
  },
  "team-reminder": {
    whenUnknown: "resend",
    mailClass: "REMINDER",
    obsolete: standsIn("PROPOSED"),
    write: (known, { publicUrl }) => ({
      subject: `Your answer is missing: your team in the ${known.cohort.name}`,
      blocks: [
        paragraph("We have asked you to accept a team as a mentor, and have no answer yet."),
        ...ask(known),
        link("Accept or decline", teamsUrl(publicUrl, known.cohort)),
      ],
    }),
  },
  "team-unanswered": {
    whenUnknown: "resend",
    obsolete: forStaff("PROPOSED"),
    write: ({ teams, cohort }, { publicUrl }) => ({
      subject: `No answer from a mentor: ${cohort.name}`,
      blocks: [
        paragraph(
          "A mentor has not answered in time. The team stays open until the mentor answers or you replace them.",
        ),
        facts(...teams.flatMap(pairRows)),
        link("See the match board", teamsUrl(publicUrl, cohort)),
      ],
    }),
  },
  "team-declined": {
    whenUnknown: "resend",
    obsolete: forStaff("DECLINED"),
    write: ({ teams, cohort }, { publicUrl }) => ({
      subject: `A mentor has declined a team: ${cohort.name}`,
      blocks: [
        paragraph("A mentor has declined a team. The candidate was not told of it and needs another mentor."),
        facts(...teams.flatMap(pairRows)),
        link("See the match board", teamsUrl(publicUrl, cohort)),
      ],
    }),
  },
  "team-introduced": {
    whenUnknown: "hold",
    obsolete: standsIn("ANNOUNCED"),
    write: ({ teams, cohort, recipient }, { publicUrl }) => ({
      subject: `Your team in the ${cohort.name}`,
      blocks: [
        paragraph(`The Steering Committee has made you a team for the ${cohort.name}.`),
        facts(...teams.flatMap((named) => otherRows(named, recipient))),
        paragraph("Please get in touch with each other. You meet at the kickoff."),
        link("See your team", teamsUrl(publicUrl, cohort)),
      ],
    }),
  },
  "team-taken-back": {
    whenUnknown: "hold",
    obsolete: ({ wasTold }) => (wasTold ? null : "The recipient was never told of the team."),
    write: ({ teams, cohort, recipient }) => ({
      subject: `A correction about your team in the ${cohort.name}`,
      blocks: [
        paragraph(
          `What we wrote to you about your team in the ${cohort.name} does not hold any more: it was sent before it should ` +
            "have been. We are sorry.",
        ),
        facts([
          isMentorIn(teams, recipient) ? "It was about the candidate" : "It was about the mentor",
          namesOf(teams.map(({ candidate, mentor }) => (isMentorIn(teams, recipient) ? candidate : mentor))),
        ]),
        paragraph("There is nothing you need to do. We write to you again as soon as the teams are made."),
      ],
    }),
  },
  "team-ended": {
    whenUnknown: "hold",
    obsolete: (known) => (known.wasTold ? standsIn("ENDED")(known) : "The recipient was never told of the team."),
    write: ({ teams, cohort, recipient }) => ({
      subject: `Your team in the ${cohort.name} has ended`,
      blocks: isMentorIn(teams, recipient)
        ? [
            paragraph(
              `Your team in the ${cohort.name} has ended. Thank you for your work as a mentor: it stays credited.`,
            ),
            facts(["Candidate", namesOf(teams.map(({ candidate }) => candidate))]),
          ]
        : [
            paragraph(
              `Your team in the ${cohort.name} has ended. When another mentor has accepted, we introduce you to each other.`,
            ),
            facts(["Mentor until now", namesOf(teams.map(({ mentor }) => mentor))]),
          ],
    }),
  },
  "team-left": {
    whenUnknown: "hold",
    obsolete: (known) => (known.wasTold ? standsIn("ENDED")(known) : "The recipient was never told of the team."),
    write: ({ teams, cohort, recipient }) => ({
      subject: `Your team in the ${cohort.name} has ended`,
      blocks: isMentorIn(teams, recipient)
        ? [
            paragraph(
              `Your candidate does not take part in the ${cohort.name} any more, and your team has ended. Thank you: what you did ` +
                "as a mentor stays credited, and you can be asked for another candidate.",
            ),
            ...whoLeft(
              "Candidate",
              teams.map(({ candidate }) => candidate),
            ),
          ]
        : [
            paragraph(
              `Your mentor is not available for the ${cohort.name} any more, and your team has ended. You keep your place: when ` +
                "another mentor has accepted, we introduce you to each other.",
            ),
            ...whoLeft(
              "Mentor until now",
              teams.map(({ mentor }) => mentor),
            ),
          ],
    }),
  },
  "team-mentor-left": {
    whenUnknown: "resend",
    obsolete: forStaff("ENDED"),
    write: ({ teams, cohort }, { publicUrl }) => ({
      subject: `A mentor has left a team: ${cohort.name}`,
      blocks: [
        paragraph("A mentor does not take part any more. The team has ended, and the candidate needs another mentor."),
        facts(...teams.flatMap(pairRows)),
        link("See the match board", teamsUrl(publicUrl, cohort)),
      ],
    }),
  },
  "mentor-not-needed": {
    whenUnknown: "hold",
    obsolete: ({ mentor }) => (mentor?.notNeededAt == null ? "The mentor is needed after all." : null),
    write: ({ cohort }) => ({
      subject: `No candidate for you this year: ${cohort.name}`,
      blocks: [
        paragraph(
          `Thank you for offering to mentor in the ${cohort.name}. This year there are more mentors than candidates, and we ` +
            "have no candidate for you.",
        ),
        paragraph("We would be glad if you offered it again. If you have a question, please answer this mail."),
      ],
    }),
  },
  "candidate-confirmed": {
    whenUnknown: "hold",
    obsolete: () => null,
    write: ({ cohort, teams }, { publicUrl }) => ({
      subject: `Your place in the ${cohort.name} is confirmed`,
      blocks: [
        paragraph(`Your place in the ${cohort.name} is confirmed.`),
        ...(teams.length > 0 ? [facts(["Your mentor", namesOf(teams.map(({ mentor }) => mentor))])] : []),
        link("See your team", teamsUrl(publicUrl, cohort)),
      ],
    }),
  },
};

/** Who has left; nobody where they left by being forgotten. */
function whoLeft(label: string, people: readonly (Person | undefined)[]): Block[] {
  const known = people.filter((person) => person !== undefined && person.state !== "ERASED");
  return known.length > 0 ? [facts([label, namesOf(known)])] : [];
}

function pairRows({ candidate, mentor }: NamedTeam): [string, string][] {
  return [
    ["Candidate", nameOf(candidate)],
    ["Mentor", nameOf(mentor)],
  ];
}

function otherRows(named: NamedTeam, recipient: Person): [string, string][] {
  const isMentor = isMentorIn([named], recipient);
  const other = isMentor ? named.candidate : named.mentor;
  return [
    [isMentor ? "Your candidate" : "Your mentor", nameOf(other)],
    ["E-mail", other?.email ?? ""],
  ];
}

function isMentorIn(teams: readonly NamedTeam[], recipient: Person): boolean {
  return teams.some(({ mentor }) => mentor?.id === recipient.id);
}
