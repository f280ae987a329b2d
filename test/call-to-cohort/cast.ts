import type { Caller } from "../../infra/local/caller.ts";
import { someone } from "../support/program.ts";

/** Somebody with an application, once it is begun. */
export interface Applicant {
  caller: NonNullable<Caller>;
  id: string;
}

/** A candidate, and who nominates them. */
export interface Nominee extends Applicant {
  nominator: NonNullable<Caller>;
}

/** A member of the committee. */
export interface Member {
  caller: NonNullable<Caller>;
  personId: string;
}

const candidateCalled = (name: string): Nominee => ({
  caller: someone(name),
  nominator: someone(`Nominator of ${name}`),
  id: "",
});

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** Those whom the committee decides on. By their number the first twenty are accepted, twelve wait, and eight are declined. */
export const candidates = numbers(40).map((number) => candidateCalled(`Candidate ${number}`));
export const mentors = numbers(30).map((number): Applicant => ({ caller: someone(`Mentor ${number}`), id: "" }));
export const members = numbers(6).map((number): Member => ({ caller: someone(`Member ${number}`), personId: "" }));

export const accepted = candidates.slice(0, 20);
export const waiting = candidates.slice(20, 32);
export const declined = candidates.slice(32);

/** The three pairs that apply together. */
export const jointCandidates = accepted.slice(0, 3);
export const jointMentors = mentors.slice(0, 3);

/** Their letters come after the window has closed, in time all the same. */
export const late = accepted.slice(3, 5);
/** The mail to the first whom this one names comes back. */
export const bounced = accepted[5]!;
export const MISTYPED = { name: "Nominator Mistyped", email: "bounce.mistyped@example.org" };
/** Submits in the last millisecond. */
export const lastMinute = candidates[39]!;
/** Is still a draft when the window closes. */
export const neverSubmitted = candidateCalled("Candidate Forgetful");
/** The letter for this one comes after the tolerance. */
export const neverComplete = candidateCalled("Candidate Unsupported");

/** Three of the accepted decline at once, two never answer, and the second who is promoted declines as well. */
export const declinersAtOnce = accepted.slice(10, 13);
export const silent = accepted.slice(13, 15);
export const promoted = waiting.slice(0, 6);
export const promotedDecliner = promoted[1]!;
export const takersAtOnce = accepted.filter((one) => ![...declinersAtOnce, ...silent].includes(one));
export const seated = [...takersAtOnce, ...promoted.filter((one) => one !== promotedDecliner)];
/** The first mentor who is asked for this one declines. */
export const mentorDeclines = takersAtOnce[8]!;

export const chair = members[0]!;
/** Reviews only after a reminder. */
export const slow = members[4]!;
/** Is recused from two applications. */
export const recused = members[5]!;
