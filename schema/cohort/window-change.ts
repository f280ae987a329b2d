import type { Decision } from "../shared/decision.ts";
import { cohortChanged, conflict, type Cohort, type CohortEvent } from "./cohort.ts";
import type { ApplicantKind } from "./policy.ts";
import { orderRefusals, timeRefusals, windowFrom, windowOf, type WindowTimeCode, type WindowTimes } from "./window.ts";

/** Why a window cannot be changed. */
export type ChangeWindowCode = WindowTimeCode | "CONFLICT";

/**
 * Changes the window of one kind of applicant. What is absent stays; but a shown deadline that is given without an enforced one
 * is enforced itself.
 */
export function changeWindow(
  cohort: Cohort,
  { kind, ...change }: Partial<WindowTimes> & { kind: ApplicantKind },
  expectedVersion: number,
): Decision<Cohort, ChangeWindowCode, CohortEvent> {
  if (expectedVersion !== cohort.version) return { refusals: [conflict] };
  const before = windowOf(cohort, kind);
  const closes = change.closes ?? before.closes;
  const enforced = change.enforced ?? change.closes ?? before.enforced;
  const times = { opens: change.opens ?? before.opens, closes, enforced };
  const wrong = [
    ...timeRefusals(times.opens, "opens"),
    ...timeRefusals(times.closes, "closes"),
    ...(change.enforced === undefined ? [] : timeRefusals(times.enforced, "enforced")),
  ];
  if (wrong.length > 0) return { refusals: wrong };
  const window = windowFrom(times, cohort.zone);
  const refusals = orderRefusals(window, { closes: "closes", enforced: "enforced" });
  if (refusals.length > 0) return { refusals };
  const next: Cohort = { ...cohort, windows: { ...cohort.windows, [kind]: window } };
  return { outcome: next, events: [cohortChanged(cohort, next)] };
}
