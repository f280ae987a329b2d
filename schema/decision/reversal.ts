import {
  conflictRefusals,
  stateRefusals,
  STATE_LABELS,
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
import { cohortFull, rankRefusals, rankTaken, type Outcome } from "./terms.ts";

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

/** What follows from a reversal, in words for whoever confirms it. */
export interface KnockOn {
  code: (typeof KNOCK_ONS)[number];
  message: string;
  /** Another application that is concerned; null when it is the same one, or nobody's in particular. */
  applicationId: string | null;
}

/** What can follow from a reversal. */
export const KNOCK_ONS = [
  "STATE_CHANGES",
  "SEAT_FREED",
  "SEAT_NEEDED",
  "OFFER_WITHDRAWN",
  "OFFER_MADE",
  "RANK_FREED",
  "RANK_TAKEN",
  "PROMOTION_FOLLOWS",
  "PROMOTION_PREPARED",
  "MAIL_GOES_OUT",
] as const;

/** What is known of the cohort when a reversal is looked at. */
export interface Surroundings {
  cohort: Cohort;
  seatsTaken: number;
  waitlist: readonly { applicationId: string; rank: number }[];
  /** The first on the waitlist, if somebody is whom the viewer may know of, and whether their acceptance is prepared. */
  first: { applicationId: string; isPrepared: boolean } | null;
}

/** Everything that follows from a reversal, before it is made. */
export function knockOnsOf(
  before: { application: Application; decision: Decision },
  next: Reversed,
  around: Surroundings,
) {
  const { cohort, first } = around;
  const { decision: was } = before;
  const { decision: is } = next;
  const isCandidate = is.kind === "CANDIDATE";
  const [from, to] = [STATE_LABELS[before.application.state].staff, STATE_LABELS[next.application.state].staff];
  const freesSeat = was.holdsSeat && !is.holdsSeat;
  const needsSeat = is.holdsSeat && !was.holdsSeat;
  const promotes = freesSeat && first !== null;
  const found: (KnockOn | false)[] = [
    effect("STATE_CHANGES", `The application changes from “${from}” to “${to}”.`),
    freesSeat && effect("SEAT_FREED", `A seat of ${cohort.name} becomes free.`),
    needsSeat && effect("SEAT_NEEDED", `A seat of ${cohort.name} is taken.`),
    isCandidate && was.outcome === "ACCEPT" && effect("OFFER_WITHDRAWN", "The offer of the place is withdrawn."),
    isCandidate && is.outcome === "ACCEPT" && effect("OFFER_MADE", "The place is offered."),
    was.rank !== null && effect("RANK_FREED", `Place ${was.rank} on the waitlist becomes free.`),
    is.rank !== null && effect("RANK_TAKEN", `Place ${is.rank} on the waitlist is taken.`),
    promotes && promotion(cohort, first),
    effect("MAIL_GOES_OUT", "The applicant is told at once, by one mail that corrects the earlier one."),
  ];
  return found.filter((one): one is KnockOn => one !== false);
}

/** Why a reversal cannot be made as things are, so that looking at it says so; the transaction has the last word. */
export function roomRefusals(
  was: Decision,
  is: Decision,
  { cohort, seatsTaken, waitlist }: Surroundings,
): Refusal<"COHORT_FULL" | "RANK_TAKEN">[] {
  const isFull = is.holdsSeat && !was.holdsSeat && seatsTaken >= cohort.seats;
  const isHeld = waitlist.some(({ applicationId, rank }) => rank === is.rank && applicationId !== is.id);
  return [
    ...(isFull ? [cohortFull(cohort) as Refusal<"COHORT_FULL">] : []),
    ...(isHeld ? [rankTaken as Refusal<"RANK_TAKEN">] : []),
  ];
}

function effect(code: KnockOn["code"], message: string, applicationId: string | null = null): KnockOn {
  return { code, message, applicationId };
}

function promotion({ policy }: Cohort, first: { applicationId: string; isPrepared: boolean }): KnockOn {
  const { applicationId, isPrepared } = first;
  if (isPrepared) {
    const message = "The acceptance of the first on the waitlist is prepared already.";
    return effect("PROMOTION_PREPARED", message, applicationId);
  }
  const how = policy.offer.promotion === "AUTOMATIC" ? "by itself" : "when staff say so";
  return effect("PROMOTION_FOLLOWS", `The seat goes to the first on the waitlist, ${how}.`, applicationId);
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
