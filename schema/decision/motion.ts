import type { Application, ApplicationKind } from "../application/application.ts";
import { conflict } from "../cohort/cohort.ts";
import type { Viewer } from "../person/person.ts";
import {
  confirmRefusals,
  reasonRefusals,
  refusal,
  textRefusals,
  type Decision as Ruling,
  type Happening,
  type Refusal,
  type TextCode,
} from "../shared/decision.ts";
import { later, type Instant } from "../shared/time.ts";
import type { Decision } from "./decision.ts";
import { hasReason, isApart, obstacleOf, type Onlooker, type SlateRow } from "./row.ts";
import type { Slate } from "./slate.ts";
import { countRow, type Ballot, type Choice, type RowResult, type Voter } from "./tally.ts";
import type { ConflictCode } from "./terms.ts";

/**
 * OPEN is voted on. CARRYING_OUT is counted, and decisions are being prepared for what was carried; DONE once that has ended.
 * WITHDRAWN was taken back before it was counted.
 */
export const MOTION_STATES = ["OPEN", "CARRYING_OUT", "DONE", "WITHDRAWN"] as const;

/** One of MOTION_STATES. */
export type MotionState = (typeof MOTION_STATES)[number];

/** What is moved for one application, and what became of it. */
export interface MotionRow extends SlateRow {
  /** Version of the decision there was when the motion was opened, 0 for none: one that was changed since is not overruled. */
  decisionVersion: number;
  /** The count; null before it. */
  counted: RowResult | null;
  /** Whether its decision is prepared; null where none is to be, or not yet. */
  isPrepared: boolean | null;
  /** Why none could be prepared although it was carried; null otherwise. */
  obstacle: string | null;
}

/** A slate, or a part of one, put to the vote as it was at that moment. */
export interface Motion {
  id: string;
  version: number;
  cohortId: string;
  kind: ApplicationKind;
  state: MotionState;
  name: string;
  slateId: string;
  slateVersion: number;
  /** The common reason; empty where each row has its own. */
  rationale: string;
  rows: readonly MotionRow[];
  /** Who voted how, as it was counted; empty before. */
  ballots: readonly Pick<Ballot, "personId" | "choice" | "comment">[];
  openedBy: string;
  openedAt: Instant;
  closedBy: string | null;
  closedAt: Instant | null;
  /** When carrying it out is taken up again if it broke off; null otherwise. */
  resumesAt: Instant | null;
}

/** What happens to motions. How somebody voted is kept in the facts, which no history shows. */
export type MotionEvent =
  | Happening<"MotionOpened", { cohortId: string; kind: ApplicationKind; slateId: string; slateVersion: number }>
  | Happening<"MotionVoted", { choice: Choice }>
  | Happening<"MotionClosed", { carried: number; lost: number; withoutQuorum: number }>
  | Happening<"MotionCarriedOut", { prepared: number; refused: number }>
  | Happening<"MotionWithdrawn", object>
  | Happening<"MotionReasonErased", object>;

/** Why a motion is not opened. */
export type OpenCode =
  | TextCode
  | ConflictCode
  | "WRONG_STATE"
  | "CONFLICT"
  | "NOTHING_PROPOSED"
  | "APPLICATION_UNKNOWN"
  | "NOT_DECIDABLE"
  | "RANK_TAKEN"
  | "KEY_REUSED"
  | "BAD_KEY";

/** Why a vote is not taken. */
export type VoteCode = TextCode | "WRONG_STATE" | "OWN_APPLICATION";

/** Why a motion is not closed. */
export type CloseCode = ConflictCode | "WRONG_STATE" | "STALE" | "CONFIRM_TOKEN_REQUIRED" | "KEY_REUSED" | "BAD_KEY";

/** Why a motion is not withdrawn. */
export type MotionWithdrawCode = TextCode | ConflictCode | "WRONG_STATE" | "CONFLICT";

/** Puts a slate to the vote, or the applications named on it, as it is in the version that was looked at. */
export function openMotion(
  slate: Slate,
  wish: { id: string; rationale: string; applicationIds?: readonly string[] | null; expectedVersion: number },
  facts: Onlooker & {
    viewer: Viewer;
    conflicts: readonly Refusal<ConflictCode>[];
    applications: ReadonlyMap<string, Application>;
    decisions: ReadonlyMap<string, Decision>;
  },
): Ruling<Motion, OpenCode, MotionEvent> {
  const { viewer, conflicts, applications, decisions } = facts;
  if (conflicts.length > 0) return { refusals: conflicts };
  if (wish.expectedVersion !== slate.version) return { refusals: [conflict] };
  if (slate.state !== "ACTIVE") return { refusals: [refusal("WRONG_STATE", "This slate is archived.")] };
  const ids = wish.applicationIds ?? slate.rows.map(({ applicationId }) => applicationId);
  const rows = slate.rows.filter(({ applicationId }) => ids.includes(applicationId) && !isApart(facts, applicationId));
  const refusals = [...proposalRefusals(rows, ids), ...movedRefusals(rows, applications), ...reasonsOf(wish, rows)];
  if (refusals.length > 0) return { refusals };
  const motion: Motion = {
    id: wish.id,
    version: 0,
    cohortId: slate.cohortId,
    kind: slate.kind,
    state: "OPEN",
    name: slate.name,
    slateId: slate.id,
    slateVersion: slate.version,
    rationale: wish.rationale.trim(),
    rows: rows.map((row) => movedRow(row, decisions.get(row.applicationId))),
    ballots: [],
    openedBy: viewer.person.id,
    openedAt: viewer.now,
    closedBy: null,
    closedAt: null,
    resumesAt: null,
  };
  const { id, cohortId, kind, slateId, slateVersion, name } = motion;
  const event: MotionEvent = {
    type: "MotionOpened",
    about: { kind: "Motion", id },
    facts: { cohortId, kind, slateId, slateVersion },
    after: { state: motion.state, name },
  };
  return { outcome: motion, events: [event] };
}

/** Votes, or votes anew while the motion is open. Whoever has applied themselves has no vote on any of their kind. */
export function castBallot(
  motion: Motion,
  wish: { choice: Choice; comment?: string | null },
  facts: Onlooker & { viewer: Viewer; hasApplied: boolean; existing: Ballot | undefined },
): Ruling<Ballot, VoteCode, MotionEvent> {
  const { viewer, hasApplied, existing } = facts;
  if (hasApplied) {
    const message = "You have applied yourself: somebody who has applied does not vote on these applications.";
    return { refusals: [refusal("OWN_APPLICATION", message)] };
  }
  if (motion.state !== "OPEN") return { refusals: [notOpen] };
  const comment = wish.comment ?? "";
  const refusals = textRefusals(
    comment,
    { max: 500, label: "The comment", optional: true, multiline: true },
    "comment",
  );
  if (refusals.length > 0) return { refusals };
  const ballot: Ballot = {
    motionId: motion.id,
    version: existing?.version ?? 0,
    cohortId: motion.cohortId,
    personId: existing?.personId ?? viewer.person.id,
    choice: wish.choice,
    comment: comment.trim(),
    notFor: motion.rows.map(({ applicationId }) => applicationId).filter((id) => isApart(facts, id)),
    castAt: viewer.now,
  };
  const event: MotionEvent = {
    type: "MotionVoted",
    about: { kind: "Motion", id: motion.id },
    facts: { choice: wish.choice },
  };
  return { outcome: ballot, events: [event] };
}

/** What is known when votes are counted. */
export interface Counting {
  voters: readonly Voter[];
  ballots: readonly Ballot[];
  applications: ReadonlyMap<string, Application>;
  quorumAbove: number;
}

/** The rows of a motion with their votes counted as they are now. */
export function countMotion(motion: Motion, { applications, ...facts }: Counting): MotionRow[] {
  return motion.rows.map((row) => {
    const recused = (applications.get(row.applicationId)?.recusals ?? []).map(({ personId }) => personId);
    return { ...row, counted: countRow(row.applicationId, { ...facts, recused }) };
  });
}

/** Counts the votes and ends the voting. For what is carried decisions are to be prepared; all else stays undecided. */
export function closeMotion(
  motion: Motion,
  facts: Counting & {
    viewer: Viewer;
    conflicts: readonly Refusal<ConflictCode>[];
    /** Token of the count as it is now. */
    currentToken: string;
    confirmToken?: string | null;
  },
): Ruling<Motion, CloseCode, MotionEvent> {
  const wrong = closeRefusals(motion, facts.conflicts);
  if (wrong.length > 0) return { refusals: wrong };
  const unconfirmed = confirmRefusals(
    { given: facts.confirmToken, wanted: facts.currentToken },
    "Votes or applications have changed since you looked: please look again and confirm anew.",
  );
  if (unconfirmed.length > 0) return { refusals: unconfirmed };
  const { viewer } = facts;
  const rows = countMotion(motion, facts);
  const count = (result: RowResult["result"]) => rows.filter(({ counted }) => counted?.result === result).length;
  const event: MotionEvent = {
    type: "MotionClosed",
    about: { kind: "Motion", id: motion.id },
    facts: { carried: count("CARRIED"), lost: count("LOST"), withoutQuorum: count("NO_QUORUM") },
    before: { state: motion.state },
    after: { state: "CARRYING_OUT" },
  };
  const next: Motion = {
    ...motion,
    state: "CARRYING_OUT",
    rows,
    ballots: facts.ballots.map(({ personId, choice, comment }) => ({ personId, choice, comment })),
    closedBy: viewer.person.id,
    closedAt: viewer.now,
    resumesAt: later(viewer.now, { minutes: 2 }),
  };
  return { outcome: next, events: [event] };
}

/** Why the viewer cannot close the motion, whatever the count. */
export function closeRefusals(
  motion: Motion,
  conflicts: readonly Refusal<ConflictCode>[],
): readonly Refusal<ConflictCode | "WRONG_STATE">[] {
  return conflicts.length > 0 ? conflicts : motion.state === "OPEN" ? [] : [notOpen];
}

/** Takes back a motion before its votes are counted. */
export function withdrawMotion(
  motion: Motion,
  facts: { conflicts: readonly Refusal<ConflictCode>[]; why: string; expectedVersion?: number | null },
): Ruling<Motion, MotionWithdrawCode, MotionEvent> {
  const wrong = closeRefusals(motion, facts.conflicts);
  if (wrong.length > 0) return { refusals: wrong };
  if (facts.expectedVersion != null && facts.expectedVersion !== motion.version) return { refusals: [conflict] };
  const refusals = reasonRefusals(facts.why);
  if (refusals.length > 0) return { refusals };
  const event: MotionEvent = {
    type: "MotionWithdrawn",
    about: { kind: "Motion", id: motion.id },
    facts: {},
    before: { state: motion.state },
    after: { state: "WITHDRAWN" },
    why: facts.why.trim(),
  };
  return { outcome: { ...motion, state: "WITHDRAWN" }, events: [event] };
}

function movedRow(row: SlateRow, decision: Decision | undefined): MotionRow {
  return { ...row, decisionVersion: decision?.version ?? 0, counted: null, isPrepared: null, obstacle: null };
}

const notOpen = refusal("WRONG_STATE", "This motion is not open to the vote any more.");

function proposalRefusals(rows: readonly SlateRow[], ids: readonly string[]): Refusal<OpenCode>[] {
  if (ids.some((id) => !rows.some(({ applicationId }) => applicationId === id))) {
    return [refusal("APPLICATION_UNKNOWN", "Not all of these applications are on the slate.", "applicationIds")];
  }
  if (rows.length === 0) return [refusal("NOTHING_PROPOSED", "There is nothing to vote on.", "slateId")];
  const isTwice = rows.some(({ rank }, index) => rank !== null && rows.findIndex((row) => row.rank === rank) !== index);
  if (!isTwice) return [];
  return [refusal("RANK_TAKEN", "A place on the waitlist is given twice: please mend the slate first.", "slateId")];
}

function movedRefusals(
  rows: readonly SlateRow[],
  applications: ReadonlyMap<string, Application>,
): Refusal<"NOT_DECIDABLE">[] {
  return rows.flatMap((row) => {
    const application = applications.get(row.applicationId);
    const obstacle = obstacleOf(row, application);
    if (obstacle === null) return [];
    return [refusal("NOT_DECIDABLE", `${application?.number ?? "An application"}: ${obstacle}`, "slateId")];
  });
}

/** Either there is a common reason, or every row has one of its own. */
function reasonsOf({ rationale }: { rationale: string }, rows: readonly SlateRow[]): Refusal<TextCode>[] {
  const limit = { max: 3_000, label: "The rationale", multiline: true, optional: rows.every(hasReason) };
  return textRefusals(rationale, limit, "rationale");
}
