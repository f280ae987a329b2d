import { STAFF } from "../support/program.ts";
import type { MailList } from "../support/mail-list.ts";
import {
  accepted,
  bounced,
  candidates,
  declined,
  declinersAtOnce,
  jointCandidates,
  jointMentors,
  lastMinute,
  late,
  members,
  mentors,
  MISTYPED,
  neverComplete,
  neverSubmitted,
  promoted,
  promotedDecliner,
  seated,
  silent,
  slow,
  waiting,
  type Applicant,
  type Member,
  type Nominee,
} from "./cast.ts";

/** What only turns out in the story: who stands in for the recused member, and which mentors are asked, or not needed. */
export interface TurnedOut {
  stoodIn: readonly Member[];
  askedMentors: readonly Applicant[];
  teamMentors: readonly Applicant[];
  spareMentors: readonly Applicant[];
}

const to = (...people: readonly { caller: NonNullable<Member["caller"]> }[]) =>
  people.map(({ caller }) => caller.email);
const toNominators = (...nominees: readonly Nominee[]) => nominees.map(({ nominator }) => nominator.email);
const without = <One>(people: readonly One[], ...others: readonly One[]) =>
  people.filter((one) => !others.includes(one));
const times = (count: number, addresses: readonly string[]) => Array.from({ length: count }, () => addresses).flat();

/** Every mail of the year by its kind, written down from what the people of the story do and nothing else. */
export function expectedMails({ stoodIn, askedMentors, teamMentors, spareMentors }: TurnedOut): MailList {
  return {
    // Apply: one draft is finished in the last millisecond, one never; each was reminded 14, 7, 2 and 1 days before.
    "application-draft-reminder": times(4, to(lastMinute, neverSubmitted)),
    "application-received": to(...without(candidates, ...late), ...mentors),
    "application-incomplete": to(...late, neverComplete),
    "application-complete": to(...late),
    "application-expired": to(neverSubmitted, neverComplete),
    "joint-invited": to(...jointMentors),
    "joint-accepted": to(...jointCandidates),

    // Letters: two come after the first reminder, one after the second and too late.
    "nomination-requested": [...toNominators(...candidates, neverComplete), MISTYPED.email],
    "nomination-bounced": to(bounced),
    "nomination-reminder": [...toNominators(...late), ...times(2, toNominators(neverComplete))],
    "nomination-thanks": toNominators(...candidates),
    "nomination-received": to(...candidates),

    // Review: one mail for each round of assignments; two conflicts are told to staff, who assigned.
    "reviews-assigned": to(...members, ...stoodIn),
    "reviewer-conflict": times(2, [STAFF!.email]),
    "reviews-due": to(slow),

    // Decide and answer: one decision each.
    "decision-accepted": to(...accepted, ...mentors),
    "decision-waitlisted": to(...waiting),
    "decision-declined": to(...declined),
    "nominator-informed": toNominators(...candidates),
    "offer-declined": to(...declinersAtOnce, promotedDecliner),
    "offer-reminder": times(2, to(...silent)),
    "offer-lapsed": to(...silent),
    "offer-promoted": to(...promoted),

    // Teams: who is asked and who accepts; both sides of each team are introduced, and every candidate confirmed.
    "team-asked": to(...askedMentors),
    "team-declined": [STAFF!.email],
    "team-introduced": to(...seated, ...teamMentors),
    "mentor-not-needed": to(...spareMentors),
    "candidate-confirmed": to(...seated),
  };
}
