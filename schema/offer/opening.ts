import type { Application } from "../application/application.ts";
import { dateOf, daysBetween, type Instant } from "../shared/time.ts";
import type { Cohort } from "../cohort/cohort.ts";
import { windowOf } from "../cohort/window.ts";
import type { Decision } from "../decision/decision.ts";

/** Most places that are given to the waitlist at once. */
export const MOST_PROMOTED = 100;

/**
 * A seat that became free and is to go to the first on the waitlist. Each is passed on once: what breaks off is taken up again
 * by `due`, and two who do so at once give one seat to one person.
 */
export interface Opening {
  id: string;
  version: number;
  cohortId: string;
  state: "OPEN" | "DONE";
  openedAt: Instant;
  /** Applications that staff have confirmed: nobody else gets the seat then. Null: whoever is first. */
  confirmed: readonly string[] | null;
  /** The member of staff who said so; null when it goes on by itself. */
  byPersonId: string | null;
  /** When it is looked at next; null when done. */
  resumesAt: Instant | null;
  /** The application that got the seat; null when nobody did. */
  promoted: string | null;
  /** The application that a reversal took the seat from: it does not get it back by itself. Absent where none did. */
  takenFrom?: string;
}

/** Whether a seat that becomes free now goes to the waitlist by itself: the cohort's policy says so, and until which day. */
export function isGivenOn(cohort: Cohort, now: Instant): boolean {
  const { promotion, promotionDays } = cohort.policy.offer;
  const day = (instant: Instant) => dateOf(instant, cohort.zone);
  const isOver =
    promotionDays !== null && daysBetween(day(windowOf(cohort, "CANDIDATE").closesAt), day(now)) > promotionDays;
  return promotion === "AUTOMATIC" && !isOver;
}

/** Opens a seat for the waitlist, as far as the cohort's policy gives it on by itself; null when it does not. */
export function openingFor(
  cohort: Cohort,
  { id, now, takenFrom }: Pick<Opening, "id" | "takenFrom"> & { now: Instant },
): Opening | null {
  if (!isGivenOn(cohort, now)) return null;
  const made = opening({ id, cohortId: cohort.id, now, confirmed: null, byPersonId: null });
  return takenFrom === undefined ? made : { ...made, takenFrom };
}

/** A seat for the waitlist. */
export function opening(facts: {
  id: string;
  cohortId: string;
  now: Instant;
  confirmed: readonly string[] | null;
  byPersonId: string | null;
}): Opening {
  const { id, cohortId, now, confirmed, byPersonId } = facts;
  return {
    id,
    version: 0,
    cohortId,
    state: "OPEN",
    openedAt: now,
    confirmed,
    byPersonId,
    resumesAt: now,
    promoted: null,
  };
}

/** Closes an opening: somebody got the seat, or nobody can. */
export function closeOpening(before: Opening, promoted: string | null): Opening {
  return { ...before, state: "DONE", resumesAt: null, promoted };
}

/** Somebody on the waitlist, with the place they were told. */
export interface Waiting {
  application: Application;
  decision: Decision;
}

/**
 * Whether somebody on the waitlist can be promoted now. Whom the committee is deciding on anew is passed over: they may hold a
 * seat by now, or are to be told something else.
 */
export function isWaiting(application: Application | undefined, decision: Decision | undefined): boolean {
  return application?.state === "WAITLISTED" && decision?.state === "RELEASED" && decision.outcome === "WAITLIST";
}
