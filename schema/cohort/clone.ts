import type { Decision } from "../shared/decision.ts";
import { addDays, addYears, daysBetween, type LocalDateTime } from "../shared/time.ts";
import {
  rangeRefusals,
  termRefusals,
  trimmed,
  type Cohort,
  type CohortEvent,
  type CreateCohortCode,
} from "./cohort.ts";
import type { ApplicantKind } from "./policy.ts";
import { windowOf, windowsFrom, type WindowTimes } from "./window.ts";

/** What is new about a cohort that is made after another. */
export interface CloneTerms {
  number: number;
  name: string;
  /** The year after the other's when absent. */
  year?: number;
  /** The region whose turn it is when absent. */
  region?: string;
  /** Whole weeks by which every date moves; to the same season of its year when absent. */
  weeks?: number;
}

/** A date of the new cohort, and the one it comes from. */
export interface MovedDate {
  label: string;
  was: LocalDateTime;
  becomes: LocalDateTime;
}

/** Why a cohort cannot be made after another. */
export type CloneCode = CreateCohortCode;

const MOST_YEARS = 20;

/**
 * Makes a cohort after another: its questions, criteria, policy, curriculum, seats, tuition, terms of certificates and retention,
 * and what was retired, with every date moved by the same whole number of weeks. Nothing personal: no applications, late codes or
 * roles. It starts as a draft.
 */
export function cloneCohort(
  source: Cohort,
  terms: CloneTerms,
  id: string,
): Decision<{ cohort: Cohort; dates: readonly MovedDate[] }, CloneCode, CohortEvent> {
  const { number, name, year = source.year + 1 } = terms;
  const weeks = terms.weeks ?? weeksTo(source, year);
  const region = terms.region ?? regionAfter(source);
  const fresh = { ...source, number, name, year, region };
  const timesOf = (kind: ApplicantKind): WindowTimes => {
    const { opens, closes, enforced } = windowOf(source, kind);
    return { opens: moved(opens, weeks), closes: moved(closes, weeks), enforced: moved(enforced, weeks) };
  };
  const wrong = [
    ...rangeRefusals("The year", year, source.year + 1, source.year + MOST_YEARS, "year"),
    ...(terms.weeks === undefined ? [] : rangeRefusals("The number of weeks", weeks, 1, 53 * MOST_YEARS, "weeks")),
  ];
  if (wrong.length > 0) return { refusals: wrong };
  const { opens: windowOpens, closes: windowCloses } = timesOf("CANDIDATE");
  const refusals = termRefusals({ ...fresh, windowOpens, windowCloses }, timesOf);
  if (refusals.length > 0) return { refusals };
  const cohort: Cohort = {
    ...trimmed(fresh),
    id,
    version: 0,
    state: "DRAFT",
    windows: windowsFrom(timesOf, source.zone),
  };
  const event: CohortEvent = {
    type: "CohortCreated",
    about: { kind: "Cohort", id },
    facts: { clonedFrom: source.id },
    after: { year, number, name: cohort.name, region: cohort.region, windowOpens, windowCloses },
  };
  return { outcome: { cohort, dates: movedDates(source, cohort) }, events: [event] };
}

/** Whole weeks to the same season of another year, by the deadline that candidates are told. */
function weeksTo(source: Cohort, year: number): number {
  const [date = ""] = windowOf(source, "CANDIDATE").closes.split("T");
  return Math.round(daysBetween(date, addYears(date, year - source.year)) / 7);
}

/** The region whose turn comes after the cohort's own; its own where none takes turns with it. */
function regionAfter({ region, policy: { regions } }: Cohort): string {
  return regions[(regions.indexOf(region) + 1) % regions.length] ?? region;
}

function moved(time: LocalDateTime, weeks: number): LocalDateTime {
  const [date = "", clock = ""] = time.split("T");
  return `${addDays(date, 7 * weeks)}T${clock}`;
}

const LABELS = {
  opens: "Applications of $ open",
  closes: "Deadline of $, as people are told",
  enforced: "Deadline of $, as it is enforced",
} as const;

/** Every date of a cohort beside the one it comes from, in the order of the year. */
function movedDates(source: Cohort, cohort: Cohort): MovedDate[] {
  const kinds = [
    ["CANDIDATE", "candidates"],
    ["MENTOR", "mentors"],
  ] as const;
  const dates = kinds.flatMap(([kind, who]) =>
    (["opens", "closes", "enforced"] as const).map((time) => ({
      label: LABELS[time].replace("$", who),
      was: windowOf(source, kind)[time],
      becomes: windowOf(cohort, kind)[time],
    })),
  );
  return dates.sort((a, b) => (a.becomes < b.becomes ? -1 : a.becomes > b.becomes ? 1 : 0));
}
