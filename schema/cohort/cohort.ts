import {
  refusal,
  textRefusals,
  type Decision,
  type Happening,
  type Refusal,
  type TextCode,
} from "../shared/decision.ts";
import type { Money } from "../shared/money.ts";
import { isZone, type LocalDateTime, type Zone } from "../shared/time.ts";
import { isSame } from "../shared/same.ts";
import {
  DEFAULT_CREDENTIAL,
  DEFAULT_CURRICULUM,
  DEFAULT_POLICY,
  DEFAULT_QUESTIONS,
  DEFAULT_RETENTION,
  NOTHING_RETIRED,
  type ApplicantKind,
  type CohortPolicy,
  type CredentialPolicy,
  type CurriculumArea,
  type Questions,
  type Retention,
  type Retired,
} from "./policy.ts";
import {
  isMoved,
  orderRefusals,
  timeRefusals,
  timesOf,
  windowOf,
  windowsFrom,
  type WindowTimeCode,
  type WindowTimes,
  type Windows,
} from "./window.ts";

/** DRAFT is seen by staff alone; PUBLISHED by everyone. */
export const COHORT_STATES = ["DRAFT", "PUBLISHED"] as const;

/** One of COHORT_STATES. */
export type CohortState = (typeof COHORT_STATES)[number];

/** One year's group. */
export interface Cohort {
  id: string;
  version: number;
  state: CohortState;
  /** The calendar year its classes are held in. */
  year: number;
  /** Counts the program's cohorts from 1. */
  number: number;
  name: string;
  region: string;
  zone: Zone;
  /** How many candidates can be accepted. */
  seats: number;
  tuition: Money;
  /** When applications are taken, for each kind of applicant. */
  windows: Windows;
  questions: Questions;
  /** What is taught, in order: each area is a class. */
  curriculum: readonly CurriculumArea[];
  credential: CredentialPolicy;
  /** How long personal content is kept. */
  retention: Retention;
  /** How it goes from its call to its teams. */
  policy: CohortPolicy;
  /** What was asked or measured once and is no more: its ids never stand for something else. */
  retired: Retired;
}

/** What staff set when they create or change a cohort. Absent fields of a change stay as they are. */
export interface CohortTerms {
  year: number;
  number: number;
  name: string;
  region: string;
  zone: Zone;
  seats: number;
  tuition: Money;
  windowOpens: LocalDateTime;
  windowCloses: LocalDateTime;
  /** How many letters an application of the kind needs; absent: as many as it needed, or the program's default. */
  candidateLetters?: number;
  mentorLetters?: number;
}

/** What happens to cohorts. */
export type CohortEvent =
  | Happening<"CohortCreated", { clonedFrom?: string }>
  | Happening<"CohortChanged", { windowMoved: boolean }>
  | Happening<"CohortQuestionsChanged", { kind: ApplicantKind }>
  | Happening<"CohortCriteriaChanged", { kind: ApplicantKind }>
  | Happening<"CohortPolicyChanged", object>
  | Happening<"CohortPublished", object>;

/** Why the terms of a cohort are not accepted. */
export type TermCode = TextCode | WindowTimeCode | "OUT_OF_RANGE" | "BAD_ZONE" | "BAD_CURRENCY";

/** Why a cohort cannot be created. */
export type CreateCohortCode = TermCode | "NUMBER_TAKEN";

/** Why a cohort cannot be changed. */
export type ChangeCohortCode = TermCode | "SEATS_TAKEN" | "CONFLICT";

/** Why a cohort cannot be published. */
export type PublishCohortCode = "ALREADY_PUBLISHED" | "CONFLICT";

/** Creates a cohort as a draft with the program's default questions and certificate terms. */
export function createCohort(id: string, terms: CohortTerms): Decision<Cohort, CreateCohortCode, CohortEvent> {
  const {
    windowOpens: opens,
    windowCloses: closes,
    candidateLetters: _candidates,
    mentorLetters: _mentors,
    ...shown
  } = terms;
  const times = { opens, closes, enforced: closes };
  const refusals = termRefusals(terms, () => times);
  if (refusals.length > 0) return { refusals };
  const cohort: Cohort = {
    ...trimmed(shown),
    windows: windowsFrom(() => times, terms.zone),
    id,
    version: 0,
    state: "DRAFT",
    questions: DEFAULT_QUESTIONS,
    curriculum: DEFAULT_CURRICULUM,
    credential: DEFAULT_CREDENTIAL,
    retention: DEFAULT_RETENTION,
    policy: withLetters(DEFAULT_POLICY, terms),
    retired: NOTHING_RETIRED,
  };
  return {
    outcome: cohort,
    events: [{ type: "CohortCreated", about: { kind: "Cohort", id }, facts: {}, after: { ...terms } }],
  };
}

/**
 * Changes a cohort's terms, also after publishing. Year and number are its name in the program, so they stay. The window's times
 * are those of both kinds of applicant, and its closing is shown and enforced alike.
 */
export function changeCohort(
  cohort: Cohort,
  change: Partial<Omit<CohortTerms, "year" | "number">>,
  expectedVersion: number,
): Decision<Cohort, ChangeCohortCode, CohortEvent> {
  if (expectedVersion !== cohort.version) return { refusals: [conflict] };
  const { windowOpens, windowCloses, candidateLetters, mentorLetters, ...others } = change;
  const windowTimesOf = (kind: ApplicantKind): WindowTimes => {
    const { opens, closes, enforced } = windowOf(cohort, kind);
    return { opens: windowOpens ?? opens, closes: windowCloses ?? closes, enforced: windowCloses ?? enforced };
  };
  const { opens, closes } = windowTimesOf("CANDIDATE");
  const terms = { ...cohort, ...others };
  const letters = { candidateLetters, mentorLetters };
  const refusals = termRefusals({ ...terms, ...letters, windowOpens: opens, windowCloses: closes }, windowTimesOf);
  if (refusals.length > 0) return { refusals };
  const policy = withLetters(cohort.policy, letters);
  const next: Cohort = { ...trimmed(terms), policy, windows: windowsFrom(windowTimesOf, terms.zone) };
  return { outcome: next, events: [cohortChanged(cohort, next)] };
}

/** The event of a change, with before and after of what is another value now. */
export function cohortChanged(before: Cohort, after: Cohort): CohortEvent {
  const [old, fresh] = [termsOf(before), termsOf(after)];
  const changed = Object.keys(old).filter((field) => !isSame(old[field], fresh[field]));
  return {
    type: "CohortChanged",
    about: { kind: "Cohort", id: before.id },
    facts: { windowMoved: isMoved(before.windows, after.windows) },
    before: Object.fromEntries(changed.map((field) => [field, old[field]])),
    after: Object.fromEntries(changed.map((field) => [field, fresh[field]])),
  };
}

/** Shows a cohort to the public; from its opening on it takes applications. */
export function publishCohort(
  cohort: Cohort,
  expectedVersion: number,
): Decision<Cohort, PublishCohortCode, CohortEvent> {
  if (expectedVersion !== cohort.version) return { refusals: [conflict] };
  if (cohort.state === "PUBLISHED") {
    return { refusals: [refusal("ALREADY_PUBLISHED", "This cohort is already published.")] };
  }
  const event: CohortEvent = {
    type: "CohortPublished",
    about: { kind: "Cohort", id: cohort.id },
    facts: {},
    before: { state: cohort.state },
    after: { state: "PUBLISHED" },
  };
  return { outcome: { ...cohort, state: "PUBLISHED" }, events: [event] };
}

/** The refusal of a change that was made on an older version than the stored one. */
export const conflict = refusal(
  "CONFLICT",
  "Somebody changed this in the meantime: please look at the current version and try again.",
  "expectedVersion",
);

/** The refusal of a change that would leave fewer seats than are taken. */
export const seatsTaken = refusal(
  "SEATS_TAKEN",
  "More people are accepted than these seats would hold: please choose a larger number.",
  "seats",
);

/** The refusal of a second cohort of the same number. */
export const numberTaken = refusal("NUMBER_TAKEN", "There is already a cohort with this number.", "number");

function termsOf({ name, region, zone, seats, tuition, windows, policy }: Cohort): Record<string, unknown> {
  const { CANDIDATE: candidateLetters, MENTOR: mentorLetters } = policy.letters.required;
  return { name, region, zone, seats, tuition, ...timesOf(windows), candidateLetters, mentorLetters };
}

/** A policy with another number of letters, where one is given. */
function withLetters(
  policy: CohortPolicy,
  { candidateLetters, mentorLetters }: Pick<CohortTerms, "candidateLetters" | "mentorLetters">,
): CohortPolicy {
  const { CANDIDATE, MENTOR } = policy.letters.required;
  const required = { CANDIDATE: candidateLetters ?? CANDIDATE, MENTOR: mentorLetters ?? MENTOR };
  return { ...policy, letters: { ...policy.letters, required } };
}

/** Terms without space around their texts. */
export function trimmed<Named extends { name: string; region: string }>(terms: Named): Named {
  return { ...terms, name: terms.name.trim(), region: terms.region.trim() };
}

/** What is wrong with the terms of a cohort, and with the order of the times of its windows. */
export function termRefusals(
  terms: CohortTerms,
  windowTimesOf: (kind: ApplicantKind) => WindowTimes,
): Refusal<TermCode>[] {
  const refusals: Refusal<TermCode>[] = [
    ...textRefusals(terms.name, { max: 120, label: "The name" }, "name"),
    ...textRefusals(terms.region, { max: 80, label: "The region" }, "region"),
    ...rangeRefusals("The year", terms.year, 2000, 2200, "year"),
    ...rangeRefusals("The number", terms.number, 1, 999, "number"),
    ...rangeRefusals("The number of seats", terms.seats, 0, 500, "seats"),
    ...rangeRefusals("The tuition in cents", terms.tuition.cents, 0, 10_000_000, "tuition", "cents"),
    ...(["candidateLetters", "mentorLetters"] as const).flatMap((field) =>
      rangeRefusals("The number of letters", terms[field] ?? 0, 0, MOST_LETTERS, field),
    ),
  ];
  if (!/^[A-Z]{3}$/.test(terms.tuition.currency)) {
    const message = "The currency is not a code of three capital letters: please write one such as USD.";
    refusals.push(refusal("BAD_CURRENCY", message, "tuition", "currency"));
  }
  if (!isZone(terms.zone)) {
    const message = "The time zone is not known: please write one such as America/Los_Angeles.";
    refusals.push(refusal("BAD_ZONE", message, "zone"));
  }
  refusals.push(...timeRefusals(terms.windowOpens, "windowOpens"), ...timeRefusals(terms.windowCloses, "windowCloses"));
  if (refusals.some(({ code }) => code === "BAD_ZONE" || code === "BAD_TIME")) return refusals;
  const { CANDIDATE, MENTOR } = windowsFrom(windowTimesOf, terms.zone);
  const fields = { closes: "windowCloses", enforced: "windowCloses" };
  return [...refusals, ...[...orderRefusals(CANDIDATE, fields), ...orderRefusals(MENTOR, fields)].slice(0, 1)];
}

/** Most letters that an application can be asked for. */
const MOST_LETTERS = 5;

/** What is wrong with a whole number that has its limits. */
export function rangeRefusals(
  label: string,
  value: number,
  least: number,
  most: number,
  ...field: string[]
): Refusal<"OUT_OF_RANGE">[] {
  if (Number.isInteger(value) && value >= least && value <= most) return [];
  return [refusal("OUT_OF_RANGE", `${label} must be a whole number from ${least} to ${most}.`, ...field)];
}
