import {
  conflictRefusals,
  stateRefusals,
  wasSubmitted,
  type Application,
  type ApplicationKind,
  type StateCode,
} from "../application/application.ts";
import { baseOf, keptUntil } from "../application/ending.ts";
import { conflict, type Cohort } from "../cohort/cohort.ts";
import type { Viewer } from "../person/person.ts";
import {
  reasonRefusals,
  refusal,
  REMOVED,
  type Decision as Ruling,
  type Refusal,
  type TextCode,
} from "../shared/decision.ts";
import type { Instant } from "../shared/time.ts";
import { holdsSeat, toldOf, type Decision, type DecisionEvent } from "./decision.ts";
import { rankRefusals, type Outcome } from "./terms.ts";

/** That a decision which the applicant knew was replaced by another, and why. */
export interface Reversal {
  id: string;
  version: number;
  applicationId: string;
  cohortId: string;
  kind: ApplicationKind;
  from: Outcome;
  to: Outcome;
  rank: number | null;
  why: string;
  by: string;
  at: Instant;
}

/** What a released decision becomes, and why. */
export interface ReversalTerms {
  outcome: Outcome;
  rank?: number | null;
  why: string;
}

/** Everything that a reversal changes of the application itself. */
export interface Reversed {
  application: Application;
  decision: Decision;
  reversal: Reversal;
}

/** Why a decision is not reversed. */
export type ReverseCode =
  | StateCode
  | TextCode
  | "OWN_APPLICATION"
  | "RECUSED"
  | "CONFLICT"
  | "UNCHANGED"
  | "CERTIFICATE_EXISTS"
  | "COHORT_FULL"
  | "RANK_REQUIRED"
  | "RANK_NOT_WANTED"
  | "RANK_TAKEN"
  | "OUT_OF_RANGE"
  | "STALE"
  | "CONFIRM_TOKEN_REQUIRED"
  | "KEY_REUSED"
  | "BAD_KEY";

const REVERSES = {
  ACCEPT: { action: "reverseToAccepted", state: "ACCEPTED" },
  WAITLIST: { action: "reverseToWaitlisted", state: "WAITLISTED" },
  DECLINE: { action: "reverseToDeclined", state: "DECLINED" },
} as const;

/** Whether some decision on the application, in its state, can be reversed at all. */
export function isReversible(application: Application): boolean {
  return Object.values(REVERSES).some(({ action }) => stateRefusals(application, action).length === 0);
}

/**
 * Replaces a decision that the applicant knows by another, which they are told at once by one mail of correction. What was
 * certified, or is nothing but a number any more, stays as it is.
 */
export function reverseDecision(
  { application, decision }: { application: Application; decision: Decision | undefined },
  terms: ReversalTerms,
  facts: { id: string; viewer: Viewer; cohort: Cohort; expectedVersion?: number | null },
): Ruling<Reversed, ReverseCode, DecisionEvent> {
  const { viewer, cohort, expectedVersion } = facts;
  const { now } = viewer;
  const conflicts = conflictRefusals(application, viewer);
  if (conflicts.length > 0) return { refusals: conflicts };
  const wrong = reversibleRefusals(application, decision, terms.outcome);
  if (wrong.length > 0 || !decision || !wasSubmitted(application)) return { refusals: wrong };
  if (expectedVersion != null && expectedVersion !== decision.version) return { refusals: [conflict] };
  const refusals = [...rankRefusals(terms), ...reasonRefusals(terms.why)];
  if (refusals.length > 0) return { refusals };

  const { state } = REVERSES[terms.outcome];
  const { submission, id, personId, cohortId, kind } = application;
  const why = terms.why.trim();
  const rank = terms.rank ?? null;
  const { motionId: _motionId, ...kept } = decision;
  const fresh: Decision = {
    ...kept,
    outcome: terms.outcome,
    rank,
    rationale: why,
    vote: null,
    preparedBy: viewer.person.id,
    preparedAt: now,
    releasedAt: now,
    holdsSeat: holdsSeat(terms.outcome, kind),
  };
  const event: DecisionEvent = {
    type: "DecisionReversed",
    about: { kind: "Application", id },
    facts: { from: decision.outcome, outcome: terms.outcome, personId, cohortId, applicationId: id },
    before: { state: application.state },
    after: { state },
    why,
  };
  const base = { ...baseOf(application), submission };
  return {
    outcome: {
      application:
        state === "DECLINED" ? { ...base, state, keptUntil: keptUntil({ cohort, now }) } : { ...base, state },
      decision: { ...fresh, told: toldOf(fresh, now) },
      reversal: {
        id: facts.id,
        version: 0,
        applicationId: id,
        cohortId,
        kind,
        from: decision.outcome,
        to: terms.outcome,
        rank,
        why,
        by: viewer.person.id,
        at: now,
      },
    },
    events: [event],
  };
}

function reversibleRefusals(
  application: Application,
  decision: Decision | undefined,
  outcome: Outcome,
): Refusal<ReverseCode>[] {
  if (decision?.state === "PREPARED") {
    const message = "Another decision is prepared: please retract it first, or release it.";
    return [refusal("WRONG_STATE", message)];
  }
  if ("certificateNumber" in application && application.certificateNumber !== undefined) {
    const message = `It led to the certificate ${application.certificateNumber}: the decision stands.`;
    return [refusal("CERTIFICATE_EXISTS", message)];
  }
  if (decision?.state === "RELEASED" && decision.outcome === outcome && isReversible(application)) {
    return [refusal("UNCHANGED", "This is what was decided already.", "outcome")];
  }
  const wrong = stateRefusals(application, REVERSES[outcome].action);
  if (wrong.length > 0) return wrong;
  if (decision?.state !== "RELEASED") return [refusal("WRONG_STATE", "There is no decision that is known.")];
  if (application.contentRemovedAt === undefined) return [];
  return [refusal("WRONG_STATE", "What was written in this application has been removed: the decision stands.")];
}

/** Takes out why it was reversed, for good. Nothing happens when it is gone already. */
export function eraseReversalReason(reversal: Reversal): { outcome: Reversal; events: DecisionEvent[] } {
  if (reversal.why === REMOVED) return { outcome: reversal, events: [] };
  const { applicationId: id } = reversal;
  return {
    outcome: { ...reversal, why: REMOVED },
    events: [{ type: "ReversalReasonErased", about: { kind: "Decision", id }, facts: {} }],
  };
}
