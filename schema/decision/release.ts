import { isRecusedFromOneOf, TRANSITIONS, type Application, type ApplicationKind } from "../application/application.ts";
import type { Viewer } from "../person/person.ts";
import { confirmRefusals, refusal, type Decision as Ruling, type Refusal } from "../shared/decision.ts";
import { later, type Instant } from "../shared/time.ts";
import type { Decision, DecisionEvent, Outcome } from "./decision.ts";
import type { ConflictCode } from "./terms.ts";

/** Most decisions that are released at once. */
export const MOST_RELEASED = 100;

/** One decision of a release, in the version that was confirmed. */
export interface ReleaseRow {
  applicationId: string;
  version: number;
  outcome: Outcome;
}

/** The decisions of one cohort and kind that become known together. What breaks off is taken up again by `due`. */
export interface Release {
  id: string;
  version: number;
  cohortId: string;
  kind: ApplicationKind;
  state: "RUNNING" | "DONE";
  rows: readonly ReleaseRow[];
  startedBy: string;
  startedAt: Instant;
  /** When an unfinished release is taken up again; null when done. */
  resumesAt: Instant | null;
  /** Applications whose decision it made known; empty before it is done. */
  released: readonly string[];
}

/** Why nothing can be released. */
export type ReleaseCode =
  | ConflictCode
  | "NOTHING_PREPARED"
  | "TOO_MANY"
  | "STALE"
  | "CONFIRM_TOKEN_REQUIRED"
  | "KEY_REUSED"
  | "BAD_KEY";

/** The rows of prepared decisions, in an order that does not depend on how they were read. */
export function releaseRows(decisions: readonly Decision[]): ReleaseRow[] {
  return decisions
    .filter(({ state }) => state === "PREPARED")
    .map(({ id, version, outcome }) => ({ applicationId: id, version, outcome }))
    .sort((a, b) => (a.applicationId < b.applicationId ? -1 : 1));
}

/** Starts a release of exactly the set that was confirmed: a set that has changed since is refused. */
export function startRelease(
  rows: readonly ReleaseRow[],
  facts: {
    id: string;
    cohortId: string;
    kind: ApplicationKind;
    byPersonId: string;
    now: Instant;
    /** The applications that were named; null for all. */
    only?: readonly string[] | null;
    /** Token of the set as it is now. */
    currentToken: string;
    /** Token the person confirmed; absent in a first call. */
    confirmToken?: string | null;
  },
): Ruling<Release, ReleaseCode, DecisionEvent> {
  const refused = rowsRefusals(rows, facts.only);
  if (refused.length > 0) return { refusals: refused };
  const unconfirmed = confirmRefusals(
    { given: facts.confirmToken, wanted: facts.currentToken },
    "The prepared decisions have changed since you looked: please look again and confirm anew.",
  );
  if (unconfirmed.length > 0) return { refusals: unconfirmed };
  const release: Release = {
    id: facts.id,
    version: 0,
    cohortId: facts.cohortId,
    kind: facts.kind,
    state: "RUNNING",
    rows,
    startedBy: facts.byPersonId,
    startedAt: facts.now,
    resumesAt: later(facts.now, { minutes: 2 }),
    released: [],
  };
  const event: DecisionEvent = {
    type: "ReleaseStarted",
    about: { kind: "Cohort", id: facts.cohortId },
    facts: { count: rows.length, kind: facts.kind },
  };
  return { outcome: release, events: [event] };
}

/** Closes a release whose decisions are all known, or cannot be any more. */
export function finishRelease(release: Release, known: ReadonlySet<string>): Ruling<Release, never> {
  if (release.state === "DONE") return { outcome: release, events: [] };
  return { outcome: { ...release, state: "DONE", resumesAt: null, released: [...known] }, events: [] };
}

/** Why such a set cannot be released; empty when it can. Of those named, each must be prepared. */
export function rowsRefusals(rows: readonly ReleaseRow[], only: readonly string[] | null = null) {
  const most = `at most ${MOST_RELEASED} can be released at once`;
  if (only !== null && only.length > MOST_RELEASED) {
    return [refusal("TOO_MANY", `These are ${only.length} applications, and ${most}.`, "applicationIds")];
  }
  if (only?.some((id) => !rows.some(({ applicationId: of }) => of === id))) {
    const message = "Not all of these applications have a decision that is waiting to be released.";
    return [refusal("NOTHING_PREPARED", message, "applicationIds")];
  }
  if (rows.length === 0) return [refusal("NOTHING_PREPARED", "No decision is waiting to be released.")];
  if (rows.length <= MOST_RELEASED) return [];
  const message = `More than ${MOST_RELEASED} decisions are prepared, and ${most}: please name a part of them.`;
  return [refusal("TOO_MANY", message)];
}

/**
 * Why somebody cannot release: the decision on their own application may be among them, or on one they are recused from, and
 * a release shows them all. Where that one stands is not looked at, because the refusal would tell.
 */
export function releaserRefusals(
  viewer: Viewer,
  { own, cohortId, kind }: { own: Application | undefined; cohortId: string; kind: ApplicationKind },
): Refusal<"OWN_APPLICATION" | "RECUSED">[] {
  if (own && TRANSITIONS[own.state].decline !== undefined) {
    const message = "Your own application is among those to be decided: somebody else has to release the decisions.";
    return [refusal("OWN_APPLICATION", message)];
  }
  if (isRecusedFromOneOf(viewer, cohortId, kind)) {
    const message = "You are recused from one of these applications: somebody else has to release the decisions.";
    return [refusal("RECUSED", message)];
  }
  return [];
}
