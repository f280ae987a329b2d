import type { Application } from "../application/application.ts";
import type { Cohort } from "../cohort/cohort.ts";
import { isRefused, refusal, REMOVED, type Decision as Ruling } from "../shared/decision.ts";
import { isSame } from "../shared/same.ts";
import { prepareTerms, type Decision, type DecisionEvent, type PrepareCode } from "./decision.ts";
import type { Motion, MotionEvent, MotionRow } from "./motion.ts";
import { erasedText, isText, withoutComment } from "./rationale.ts";
import { hasReason, obstacleOf, withoutReason } from "./row.ts";
import { cohortFull } from "./terms.ts";

/** Why a decision that was carried is not prepared. */
export type CarryCode = PrepareCode | "STALE";

/** What became of one carried row. */
export interface Carried {
  applicationId: string;
  isPrepared: boolean;
  obstacle: string | null;
}

/** Rows whose decisions are to be prepared: those carried, and not looked after yet. */
export function carriedRows({ rows }: Pick<Motion, "rows">): MotionRow[] {
  return rows.filter(({ counted }) => counted?.result === "CARRIED");
}

/** Whether the decision is the one that the motion has prepared, or became of it. */
export function isOfMotion(decision: Decision | undefined, motionId: string): boolean {
  return decision?.motionId === motionId || decision?.told?.motionId === motionId;
}

/**
 * Prepares the decision that was carried for one application. What has changed since the motion was opened is not decided:
 * an application that was taken back or submitted anew, or a decision that somebody prepared by hand.
 */
export function prepareCarried(
  motion: Motion,
  row: MotionRow,
  { application, decision }: { application: Application; decision: Decision | undefined },
): Ruling<Decision, CarryCode, DecisionEvent> {
  const obstacle = obstacleOf(row, application);
  if (obstacle !== null) return { refusals: [refusal("STALE", obstacle)] };
  if ((decision?.version ?? 0) !== row.decisionVersion) {
    const message = "A decision was prepared or changed by hand after the motion was opened.";
    return { refusals: [refusal("STALE", message)] };
  }
  const rationale = [row, motion].filter(hasReason).map((one) => one.rationale);
  const terms = {
    outcome: row.outcome,
    rank: row.rank,
    rationale: rationale.length > 0 ? rationale.join("\n\n") : REMOVED,
    vote: row.counted?.vote ?? null,
  };
  const facts = { by: motion.closedBy ?? "", now: motion.closedAt ?? "", motionId: motion.id };
  return prepareTerms(decision, application, terms, facts);
}

/** Notes what became of the carried rows, and ends the motion. */
export function finishMotion(motion: Motion, carried: readonly Carried[]): Ruling<Motion, never, MotionEvent> {
  if (motion.state !== "CARRYING_OUT") return { outcome: motion, events: [] };
  const rows = motion.rows.map((row) => {
    const found = carried.find(({ applicationId }) => applicationId === row.applicationId);
    return found ? { ...row, isPrepared: found.isPrepared, obstacle: found.obstacle } : row;
  });
  const prepared = carried.filter(({ isPrepared }) => isPrepared).length;
  const event: MotionEvent = {
    type: "MotionCarriedOut",
    about: { kind: "Motion", id: motion.id },
    facts: { prepared, refused: carried.length - prepared },
    before: { state: motion.state },
    after: { state: "DONE" },
  };
  return { outcome: { ...motion, state: "DONE", rows, resumesAt: null }, events: [event] };
}

/**
 * Takes out for good why something was moved for one application. Where the motion is about that one alone, the common reason
 * and what members said go too; otherwise they speak of others as well. Nothing happens when nothing is left to remove.
 */
export function eraseMotionReason(motion: Motion, applicationId: string): { outcome: Motion; events: MotionEvent[] } {
  if (!motion.rows.some((row) => row.applicationId === applicationId)) return { outcome: motion, events: [] };
  const rows = withoutReason(motion.rows, applicationId);
  const isAlone = motion.rows.length === 1;
  const next = {
    ...motion,
    rows,
    ...(isAlone && { rationale: erasedText(motion.rationale), ballots: motion.ballots.map(withoutComment) }),
  };
  if (isSame(next, motion)) return { outcome: motion, events: [] };
  return { outcome: next, events: [reasonErased(motion)] };
}

/** Takes out what a member who was erased said; how they voted is part of the result and stays. */
export function eraseComment(
  motion: Motion,
  personIds: readonly string[],
): { outcome: Motion; events: readonly MotionEvent[] } {
  const isTold = motion.ballots.some(({ personId, comment }) => personIds.includes(personId) && isText(comment));
  if (!isTold) return { outcome: motion, events: [] };
  const ballots = motion.ballots.map((one) => (personIds.includes(one.personId) ? withoutComment(one) : one));
  return { outcome: { ...motion, ballots }, events: [reasonErased(motion)] };
}

function reasonErased({ id }: Motion): MotionEvent {
  return { type: "MotionReasonErased", about: { kind: "Motion", id }, facts: {} };
}

/** What would stand in the way of each carried row if it were prepared now, in the order in which that is done. */
export function foreseen(
  motion: Motion,
  rows: readonly MotionRow[],
  facts: {
    applications: ReadonlyMap<string, Application>;
    decisions: ReadonlyMap<string, Decision>;
    cohort: Cohort;
    seatsTaken: number;
  },
): MotionRow[] {
  const { applications, decisions, cohort } = facts;
  const isHeld = ({ applicationId }: MotionRow) => decisions.get(applicationId)?.holdsSeat ?? false;
  const carried = carriedRows({ rows });
  const freed = carried.filter((row) => row.outcome !== "ACCEPT" && isHeld(row)).length;
  let left = cohort.seats - facts.seatsTaken + freed;
  return rows.map((row) => {
    if (!carried.includes(row)) return row;
    const application = applications.get(row.applicationId);
    if (!application) return { ...row, obstacle: obstacleOf(row, application) };
    const found = { application, decision: decisions.get(row.applicationId) };
    const ruling = prepareCarried(motion, row, found);
    if (isRefused(ruling)) return { ...row, obstacle: ruling.refusals[0]!.message };
    const needsSeat = ruling.outcome.holdsSeat && !isHeld(row);
    if (needsSeat && left <= 0) return { ...row, obstacle: cohortFull(cohort).message };
    if (needsSeat) left--;
    return row;
  });
}
