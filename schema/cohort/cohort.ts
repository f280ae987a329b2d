import {
  refusal,
  textRefusals,
  type Decision,
  type Happening,
  type Refusal,
  type TextCode,
} from "../shared/decision.ts";
import type { Money } from "../shared/money.ts";
import { instantOf, isLocalDateTime, isZone, type Instant, type LocalDateTime, type Zone } from "../shared/time.ts";
import {
  DEFAULT_CREDENTIAL,
  DEFAULT_CURRICULUM,
  DEFAULT_POLICY,
  DEFAULT_QUESTIONS,
  DEFAULT_RETENTION,
  type CohortPolicy,
  type CredentialPolicy,
  type CurriculumArea,
  type Questions,
  type Retention,
} from "./policy.ts";

/** DRAFT is seen by staff alone; PUBLISHED by everyone. */
export const COHORT_STATES = ["DRAFT", "PUBLISHED"] as const;

/** One of COHORT_STATES. */
export type CohortState = (typeof COHORT_STATES)[number];

/** When applications are taken. Wall-clock times in the cohort's zone, turned into instants once. */
export interface Window {
  opens: LocalDateTime;
  closes: LocalDateTime;
  opensAt: Instant;
  /** Exclusive: at this instant it is too late. */
  closesAt: Instant;
}

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
  window: Window;
  questions: Questions;
  /** What is taught, in order: each area is a class. */
  curriculum: readonly CurriculumArea[];
  credential: CredentialPolicy;
  /** How long personal content is kept. */
  retention: Retention;
  /** How it goes from its call to its teams. */
  policy: CohortPolicy;
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
  | Happening<"CohortCreated", object>
  | Happening<"CohortChanged", { windowMoved: boolean }>
  | Happening<"CohortPublished", object>;

/** Why the terms of a cohort are not accepted. */
export type TermCode = TextCode | "OUT_OF_RANGE" | "BAD_ZONE" | "BAD_TIME" | "BAD_CURRENCY" | "CLOSES_BEFORE_OPENING";

/** Why a cohort cannot be created. */
export type CreateCohortCode = TermCode | "NUMBER_TAKEN";

/** Why a cohort cannot be changed. */
export type ChangeCohortCode = TermCode | "SEATS_TAKEN" | "CONFLICT";

/** Why a cohort cannot be published. */
export type PublishCohortCode = "ALREADY_PUBLISHED" | "CONFLICT";

/** Creates a cohort as a draft with the program's default questions and certificate terms. */
export function createCohort(id: string, terms: CohortTerms): Decision<Cohort, CreateCohortCode, CohortEvent> {
  const refusals = termRefusals(terms);
  if (refusals.length > 0) return { refusals };
  const cohort: Cohort = {
    ...recordOf(terms, DEFAULT_POLICY),
    id,
    version: 0,
    state: "DRAFT",
    questions: DEFAULT_QUESTIONS,
    curriculum: DEFAULT_CURRICULUM,
    credential: DEFAULT_CREDENTIAL,
    retention: DEFAULT_RETENTION,
  };
  return {
    outcome: cohort,
    events: [{ type: "CohortCreated", about: { kind: "Cohort", id }, facts: {}, after: { ...terms } }],
  };
}

/** Changes a cohort's terms, also after publishing. Year and number are its name in the program, so they stay. */
export function changeCohort(
  cohort: Cohort,
  change: Partial<Omit<CohortTerms, "year" | "number">>,
  expectedVersion: number,
): Decision<Cohort, ChangeCohortCode, CohortEvent> {
  if (expectedVersion !== cohort.version) return { refusals: [conflict] };
  const before = termsOf(cohort);
  const terms = { ...before, ...change };
  const refusals = termRefusals(terms);
  if (refusals.length > 0) return { refusals };
  const next: Cohort = { ...cohort, ...recordOf(terms, cohort.policy) };
  const changed = (Object.keys(change) as (keyof typeof change)[]).filter(
    (field) => JSON.stringify(before[field]) !== JSON.stringify(terms[field]),
  );
  const event: CohortEvent = {
    type: "CohortChanged",
    about: { kind: "Cohort", id: cohort.id },
    facts: { windowMoved: next.window.closesAt !== cohort.window.closesAt },
    before: Object.fromEntries(changed.map((field) => [field, before[field]])),
    after: Object.fromEntries(changed.map((field) => [field, terms[field]])),
  };
  return { outcome: next, events: [event] };
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

/** Whether the cohort takes applications at that instant. The closing instant itself is too late. */
export function isOpen(cohort: Cohort, now: Instant): boolean {
  return cohort.state === "PUBLISHED" && cohort.window.opensAt <= now && now < cohort.window.closesAt;
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

function termsOf(cohort: Cohort): CohortTerms {
  const { year, number, name, region, zone, seats, tuition, window, policy } = cohort;
  const { CANDIDATE: candidateLetters, MENTOR: mentorLetters } = policy.letters.required;
  const windows = { windowOpens: window.opens, windowCloses: window.closes };
  return { year, number, name, region, zone, seats, tuition, ...windows, candidateLetters, mentorLetters };
}

function recordOf(
  { windowOpens, windowCloses, candidateLetters, mentorLetters, ...terms }: CohortTerms,
  before: CohortPolicy,
) {
  const window: Window = {
    opens: windowOpens,
    closes: windowCloses,
    opensAt: instantOf(windowOpens, terms.zone),
    closesAt: instantOf(windowCloses, terms.zone),
  };
  const required = {
    CANDIDATE: candidateLetters ?? before.letters.required.CANDIDATE,
    MENTOR: mentorLetters ?? before.letters.required.MENTOR,
  };
  const policy: CohortPolicy = { ...before, letters: { ...before.letters, required } };
  return { ...terms, name: terms.name.trim(), region: terms.region.trim(), window, policy };
}

function termRefusals(terms: CohortTerms): Refusal<TermCode>[] {
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
  for (const field of ["windowOpens", "windowCloses"] as const) {
    if (!isLocalDateTime(terms[field])) {
      const message = "This is not a date and time: please write it as 2026-09-18T17:00, in the cohort's zone.";
      refusals.push(refusal("BAD_TIME", message, field));
    }
  }
  const isTimed = !refusals.some(({ code }) => code === "BAD_ZONE" || code === "BAD_TIME");
  if (isTimed && instantOf(terms.windowCloses, terms.zone) <= instantOf(terms.windowOpens, terms.zone)) {
    const message = "The window closes before it opens: please choose a later closing time.";
    refusals.push(refusal("CLOSES_BEFORE_OPENING", message, "windowCloses"));
  }
  return refusals;
}

/** Most letters that an application can be asked for. */
const MOST_LETTERS = 5;

function rangeRefusals(
  label: string,
  value: number,
  least: number,
  most: number,
  ...field: string[]
): Refusal<TermCode>[] {
  if (Number.isInteger(value) && value >= least && value <= most) return [];
  return [refusal("OUT_OF_RANGE", `${label} must be a whole number from ${least} to ${most}.`, ...field)];
}
