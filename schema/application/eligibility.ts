import { reasonRefusals, refusal, type TextCode } from "../shared/decision.ts";
import type { Viewer } from "../person/person.ts";
import type { Cohort } from "../cohort/cohort.ts";
import { baseOf, keptUntil, type Ending } from "./ending.ts";
import { lettersUntilAfter, partsMissing } from "./parts.ts";
import {
  conflictRefusals,
  stateRefusals,
  wasSubmitted,
  type Answer,
  type Application,
  type ApplicationEvent,
  type StateCode,
} from "./application.ts";

/** Why an application can be ruled out before the committee decides; each is a requirement of the program. */
export const INELIGIBLE_REASONS = [
  "NO_K12_ORGANIZATION",
  "NO_CTO_OBJECTIVE",
  "NOT_IN_SERVICE",
  "DUPLICATE",
  "OTHER",
] as const;

/** One of INELIGIBLE_REASONS. */
export type IneligibleReason = (typeof INELIGIBLE_REASONS)[number];

/** Why an application is not ruled out, or in again. */
export type EligibilityCode = StateCode | TextCode | "OWN_APPLICATION" | "RECUSED";

/** Rules an application out for a stated reason; nobody does so with their own. */
export function ruleOut(
  application: Application,
  facts: Ending & { viewer: Viewer; reason: IneligibleReason; why: string },
): Answer<EligibilityCode> {
  const wrong = [...conflictRefusals(application, facts.viewer), ...stateRefusals(application, "ruleOut")].slice(0, 1);
  if (wrong.length > 0 || !wasSubmitted(application)) return { refusals: wrong };
  const refusals = reasonRefusals(facts.why);
  if (refusals.length > 0) return { refusals };
  const { submission, personId, cohortId } = application;
  const event: ApplicationEvent = {
    type: "ApplicationRuledOut",
    about: { kind: "Application", id: application.id },
    facts: { personId, cohortId, ineligibleFor: facts.reason },
    before: { state: application.state },
    after: { state: "INELIGIBLE" },
    why: facts.why.trim(),
  };
  return {
    outcome: {
      ...baseOf(application),
      state: "INELIGIBLE",
      submission,
      ineligibleFor: facts.reason,
      keptUntil: keptUntil(facts),
    },
    events: [event],
  };
}

/**
 * Takes back that an application was ruled out, because it was wrong. Where a part of it is still missing it waits for that, after
 * the time of the letters as long as after any closing, so that staff can do without the part.
 */
export function ruleIn(
  application: Application,
  facts: { cohort: Cohort; viewer: Viewer; why: string },
): Answer<EligibilityCode> {
  const wrong = [...conflictRefusals(application, facts.viewer), ...stateRefusals(application, "ruleIn")].slice(0, 1);
  if (wrong.length > 0 || application.state !== "INELIGIBLE") return { refusals: wrong };
  if (application.contentRemovedAt !== undefined) return { refusals: [contentRemoved] };
  const refusals = reasonRefusals(facts.why);
  if (refusals.length > 0) return { refusals };
  const { submission, personId, cohortId, kind } = application;
  const { cohort, viewer } = facts;
  const base = { ...baseOf(application), submission };
  const next: Application =
    partsMissing(application, cohort).length === 0
      ? { ...base, state: "COMPLETE" }
      : { ...base, state: "SUBMITTED", lettersUntil: lettersUntilAfter(cohort, kind, viewer.now) };
  const event: ApplicationEvent = {
    type: "ApplicationRuledIn",
    about: { kind: "Application", id: application.id },
    facts: { personId, cohortId },
    before: { state: application.state },
    after: { state: next.state },
    why: facts.why.trim(),
  };
  return { outcome: next, events: [event] };
}

const contentRemoved = refusal(
  "WRONG_STATE",
  "What was written in this application has been removed: it stays ruled out.",
);
