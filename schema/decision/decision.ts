import {
  conflictRefusals,
  isRecusedFrom,
  ownApplication,
  stateRefusals,
  TRANSITIONS,
  wasSubmitted,
  type Application,
  type ApplicationEvent,
  type ApplicationKind,
  type ApplicationState,
  type StateCode,
  type Submission,
} from "../application/application.ts";
import { keptUntil, withdrawApplication, type Ending } from "../application/ending.ts";
import { conflict } from "../cohort/cohort.ts";
import { isSelf, type Viewer } from "../person/person.ts";
import { isCommittee, isStaff } from "../person/role.ts";
import { stillReviews } from "../review/reading.ts";
import { isRefused, refusal, type Decision as Ruling, type Happening, type Refusal } from "../shared/decision.ts";
import type { Instant } from "../shared/time.ts";
import {
  ownReviewOpen,
  termsRefusals,
  type ConflictCode,
  type DecisionTerms,
  type Outcome,
  type PrepareCode,
  type Vote,
} from "./terms.ts";

export type { DecisionTerms, Outcome, PrepareCode, Vote } from "./terms.ts";

/** PREPARED is known to committee and staff alone; RELEASED to the applicant too; CANCELLED after a withdrawal. */
export const DECISION_STATES = ["PREPARED", "RELEASED", "CANCELLED"] as const;

/** One of DECISION_STATES. */
export type DecisionState = (typeof DECISION_STATES)[number];

/** The committee's decision on one application. Its id is the application's: there is one, prepared anew if need be. */
export interface Decision {
  /** The application's id. */
  id: string;
  version: number;
  cohortId: string;
  kind: ApplicationKind;
  personId: string;
  state: DecisionState;
  outcome: Outcome;
  /** Place on the waitlist from 1, one each; null unless the outcome is WAITLIST. */
  rank: number | null;
  rationale: string;
  vote: Vote | null;
  /** The motion that carried it; absent when it was prepared by hand. */
  motionId?: string;
  preparedBy: string;
  preparedAt: Instant;
  /** Null until the applicant may know. */
  releasedAt: Instant | null;
  /** A candidate's seat is held from the preparation of ACCEPT until withdrawal or another decision. */
  holdsSeat: boolean;
  /** What the applicant was told last; null before the first release. It stands while another decision is prepared. */
  told: Told | null;
}

/** A decision as the applicant knows it. */
export interface Told extends Pick<Decision, "motionId"> {
  version: number;
  outcome: Outcome;
  rank: number | null;
  rationale: string;
  vote: Vote | null;
  /** The motion that carried it; absent when it was prepared by hand. */
  motionId?: string;
  preparedBy: string;
  preparedAt: Instant;
  at: Instant;
}

/** What happens to decisions. */
export type DecisionEvent =
  | Happening<"DecisionPrepared", { outcome: Outcome; motionId?: string }>
  | Happening<
      "DecisionReleased",
      {
        outcome: Outcome;
        personId: string;
        cohortId: string;
        applicationId: string;
        /** The letters whose writers are told; absent when there are none. */
        nominationIds?: readonly string[];
      }
    >
  | Happening<
      "DecisionReversed",
      { from: Outcome; outcome: Outcome; personId: string; cohortId: string; applicationId: string }
    >
  | Happening<"ReversalReasonErased", object>
  | Happening<"DecisionRetracted", object>
  | Happening<"DecisionCancelled", object>
  | Happening<"DecisionRationaleRemoved", object>
  | Happening<"ReleaseStarted", { count: number; kind: ApplicationKind }>;

/** Why a prepared decision cannot be taken back. */
export type RetractCode = "WRONG_STATE" | "OWN_APPLICATION" | "OWN_REVIEW_OPEN" | "CONFLICT";

/** Which action on the application a released outcome is. */
export const ACTION_OF = { ACCEPT: "accept", WAITLIST: "waitlist", DECLINE: "decline" } as const;

/**
 * The decision as the viewer may see it. Office holders see any but their own. Applicants see what they were told last, and
 * nothing of it, not even its version, shows that another decision is being prepared; nor do those who are still to review it.
 */
export function visibleDecision(viewer: Viewer | null, decision: Decision, application: Application): Decision | null {
  if (isRecusedFrom(viewer, decision.id) && !isSelf(viewer, decision.personId)) return null;
  if (isSelf(viewer, decision.personId) || stillReviews(viewer, application)) {
    return decision.told && standing(decision, decision.told);
  }
  return isStaff(viewer) || isCommittee(viewer, decision.cohortId) ? decision : null;
}

/** The decision as it was told. */
function standing(decision: Decision, { at, ...told }: Told): Decision {
  const { motionId: _motionId, ...rest } = decision;
  const isHeld = holdsSeat(told.outcome, decision.kind) && !hasLeft(decision);
  return { ...rest, ...told, state: "RELEASED", releasedAt: at, holdsSeat: isHeld };
}

/** Whether the seat of an acceptance was given up: the place was declined, lapsed or deferred. */
function hasLeft({ state, outcome, kind, holdsSeat: isHeld }: Decision): boolean {
  return state === "RELEASED" && !isHeld && holdsSeat(outcome, kind);
}

/** Whether a decision with this outcome holds a seat. */
export function holdsSeat(outcome: Outcome, kind: ApplicationKind): boolean {
  return outcome === "ACCEPT" && kind === "CANDIDATE";
}

/** Why somebody has nothing to do with the decision: their own application, recused, or their own review is not in. */
function deciderRefusals(application: Application, viewer: Viewer): Refusal<ConflictCode>[] {
  const conflicts = conflictRefusals(application, viewer);
  if (conflicts.length > 0) return conflicts;
  return stillReviews(viewer, application) ? [ownReviewOpen] : [];
}

/** Why the viewer cannot decide on the application at all; empty when some outcome is possible. */
export function decideRefusals(application: Application, viewer: Viewer): Refusal<StateCode | ConflictCode>[] {
  const conflicts = deciderRefusals(application, viewer);
  if (conflicts.length > 0) return conflicts;
  // Whatever can be decided on can be declined.
  return stateRefusals(application, "decline");
}

/**
 * Prepares a decision, or changes a prepared one. Accepting a candidate holds a seat at once, so that no more can be
 * prepared than there are seats; whether one is left is the transaction's to say.
 */
export function prepareDecision(
  existing: Decision | undefined,
  application: Application,
  terms: DecisionTerms,
  facts: { viewer: Viewer; expectedVersion?: number | null },
): Ruling<Decision, PrepareCode, DecisionEvent> {
  const { viewer, expectedVersion } = facts;
  const conflicts = deciderRefusals(application, viewer);
  if (conflicts.length > 0) return { refusals: conflicts };
  return prepareTerms(existing, application, terms, { by: viewer.person.id, now: viewer.now, expectedVersion });
}

/** The same where a vote has decided: whoever had a conflict did not vote, and nobody is asked again. */
export function prepareTerms(
  existing: Decision | undefined,
  application: Application,
  terms: DecisionTerms,
  facts: { by: string; now: Instant; expectedVersion?: number | null; motionId?: string },
): Ruling<Decision, PrepareCode, DecisionEvent> {
  const { expectedVersion, motionId } = facts;
  const wrong = stateRefusals(application, ACTION_OF[terms.outcome]);
  if (wrong.length > 0) return { refusals: wrong };
  if (expectedVersion != null && expectedVersion !== (existing?.version ?? 0)) return { refusals: [conflict] };
  const refusals = termsRefusals(terms);
  if (refusals.length > 0) return { refusals };

  const next: Decision = {
    id: application.id,
    version: existing?.version ?? 0,
    cohortId: application.cohortId,
    kind: application.kind,
    personId: application.personId,
    state: "PREPARED",
    outcome: terms.outcome,
    rank: terms.rank ?? null,
    rationale: terms.rationale.trim(),
    vote: terms.vote ?? null,
    ...(motionId !== undefined && { motionId }),
    preparedBy: facts.by,
    preparedAt: facts.now,
    releasedAt: null,
    holdsSeat: holdsSeat(terms.outcome, application.kind),
    told: existing?.told ?? null,
  };
  const event: DecisionEvent = {
    type: "DecisionPrepared",
    about: { kind: "Decision", id: next.id },
    facts: { outcome: next.outcome, ...(motionId !== undefined && { motionId }) },
    before: existing && { state: existing.state, outcome: existing.outcome, rank: existing.rank },
    after: { state: next.state, outcome: next.outcome, rank: next.rank },
    why: next.rationale,
  };
  return { outcome: next, events: [event] };
}

/** Why somebody takes back no decision on an application, whether or not there is one. */
export function retractorRefusals(
  application: Application,
  viewer: Viewer,
): Refusal<"OWN_APPLICATION" | "OWN_REVIEW_OPEN">[] {
  if (isSelf(viewer, application.personId)) return [ownApplication];
  return stillReviews(viewer, application) ? [ownReviewOpen] : [];
}

/** Takes back a decision that is prepared and not released: what the applicant was told before stands again, if anything. */
export function retractDecision(
  decision: Decision,
  {
    viewer,
    application,
    expectedVersion,
  }: { viewer: Viewer; application: Application; expectedVersion?: number | null },
): Ruling<Decision, RetractCode, DecisionEvent> {
  const wrong = retractorRefusals(application, viewer);
  if (wrong.length > 0) return { refusals: wrong };
  if (expectedVersion != null && expectedVersion !== decision.version) return { refusals: [conflict] };
  if (decision.state !== "PREPARED") return { refusals: [notPrepared] };
  const { version, told } = decision;
  const next = told ? { ...standing(decision, told), version } : cancelled(decision);
  const event: DecisionEvent = {
    type: "DecisionRetracted",
    about: { kind: "Decision", id: decision.id },
    facts: {},
    before: { state: decision.state, outcome: decision.outcome, rank: decision.rank },
    after: { state: next.state, outcome: next.outcome, rank: next.rank },
  };
  return { outcome: next, events: [event] };
}

const notPrepared = refusal("WRONG_STATE", "This decision is not waiting to be released.");

function cancelled(decision: Decision): Decision {
  return { ...decision, state: "CANCELLED", rank: null, holdsSeat: false, told: null };
}

/** The places on the waitlist a decision keeps: its own, and the one it was told with until the next is released. */
export function ranksOf({ state, rank, told }: Decision): ReadonlySet<number> {
  const ranks = state === "CANCELLED" ? [] : [rank, told?.rank ?? null];
  return new Set(ranks.filter((each) => each !== null));
}

/** Makes a prepared decision known: the application takes its new state, and the event brings the mail. */
export function releaseDecision(
  decision: Decision,
  application: Application,
  facts: Ending,
): Ruling<{ decision: Decision; application: Application }, StateCode, DecisionEvent> {
  if (decision.state !== "PREPARED") return { refusals: [notPrepared] };
  const action = ACTION_OF[decision.outcome];
  const wrong = stateRefusals(application, action);
  const state = TRANSITIONS[application.state][action] as "ACCEPTED" | "WAITLISTED" | "DECLINED" | undefined;
  if (state === undefined || !wasSubmitted(application)) return { refusals: wrong };
  const nominationIds = nominatorsTold(decision, application);
  const event: DecisionEvent = {
    type: "DecisionReleased",
    about: { kind: "Application", id: application.id },
    facts: {
      outcome: decision.outcome,
      personId: application.personId,
      cohortId: application.cohortId,
      applicationId: application.id,
      ...(nominationIds.length > 0 && { nominationIds }),
    },
    before: { state: application.state },
    after: { state } satisfies { state: ApplicationState },
  };
  const told = toldOf(decision, facts.now);
  return {
    outcome: {
      decision: { ...decision, state: "RELEASED", releasedAt: facts.now, told },
      application: released(application, state, facts),
    },
    events: [event],
  };
}

/**
 * The letters whose writers are told of a release: those that came, at the first one, and again when the person is chosen after all.
 * Nobody else is waiting for it.
 */
function nominatorsTold({ told, outcome }: Decision, { letters }: Application): string[] {
  if (told !== null && outcome !== "ACCEPT") return [];
  return letters
    .filter(({ state, nominator }) => state === "PROVIDED" && (nominator?.email ?? "") !== "")
    .map(({ requestId }) => requestId);
}

/** A decision as it is told at an instant. */
export function toldOf(decision: Decision, at: Instant): Told {
  const { version, outcome, rank, rationale, vote, motionId, preparedBy, preparedAt } = decision;
  const terms = { outcome, rank, rationale, vote, ...(motionId !== undefined && { motionId }) };
  return { version: version + 1, ...terms, preparedBy, preparedAt, at };
}

function released(
  application: Application & { submission: Submission },
  state: "ACCEPTED" | "WAITLISTED" | "DECLINED",
  facts: Ending,
): Application {
  if (state === "DECLINED") return { ...application, state, keptUntil: keptUntil(facts) };
  return { ...application, state };
}

/** Gives up the seat of an acceptance, because the place is not taken up. The decision itself stands as it was told. */
export function leaveSeat(decision: Decision): Decision {
  return { ...decision, holdsSeat: false };
}

/**
 * Turns a place on the waitlist into an acceptance, because a seat has become free. The committee has decided so by ranking; its
 * reasons and its vote stay. Whether a seat is left is the transaction's to say.
 */
export function promoteDecision(
  { application, decision }: { application: Application; decision: Decision },
  now: Instant,
): { application: Application; decision: Decision } {
  if (application.state !== "WAITLISTED") throw new Error("Only who is on the waitlist is promoted");
  const { version, rationale, vote, preparedBy, preparedAt } = decision;
  const told: Told = {
    version: version + 1,
    outcome: "ACCEPT",
    rank: null,
    rationale,
    vote,
    preparedBy,
    preparedAt,
    at: now,
  };
  return {
    application: { ...application, state: "ACCEPTED" },
    decision: { ...decision, outcome: "ACCEPT", rank: null, releasedAt: now, holdsSeat: true, told },
  };
}

/** Withdraws an application together with its decision. */
export function withdraw(
  application: Application,
  decision: Decision | undefined,
  facts: Ending,
): Ruling<Together, StateCode, ApplicationEvent | DecisionEvent> {
  return endTogether(withdrawApplication(application, facts), decision);
}

/** An application that ends, and its decision where that is cancelled with it. */
export interface Together {
  application: Application;
  decision?: Decision;
}

/** Cancels the decision on an application that ends, so that its seat and its place on the waitlist are free again. */
export function endTogether<Code extends string>(
  ending: Ruling<Application, Code, ApplicationEvent>,
  decision: Decision | undefined,
): Ruling<Together, Code, ApplicationEvent | DecisionEvent> {
  if (isRefused(ending)) return ending;
  if (!decision || decision.state === "CANCELLED") return { ...ending, outcome: { application: ending.outcome } };
  const event: DecisionEvent = {
    type: "DecisionCancelled",
    about: { kind: "Decision", id: decision.id },
    facts: {},
    before: { state: decision.state },
    after: { state: "CANCELLED" },
  };
  return {
    outcome: { application: ending.outcome, decision: cancelled(decision) },
    events: [...ending.events, event],
  };
}
