import { applicationFrom, applicationKey, holdApplication } from "../application/application.table.ts";
import { cohortFrom, cohortKey } from "../cohort/cohort.table.ts";
import { carryOut, type CommandContext } from "../shared/command.ts";
import type { Actor } from "../shared/event.ts";
import { checkVersion } from "../shared/write.ts";
import { carriedRows, finishMotion, isOfMotion, prepareCarried, type Carried } from "./carrying.ts";
import { decisionFrom, decisionKey, writeDecision } from "./decision.table.ts";
import type { Motion, MotionRow } from "./motion.ts";
import { motionFrom, motionKey, writeMotion } from "./motion.table.ts";

/** Takes up a motion whose decisions were being prepared when that broke off. */
export async function resumeMotion(context: CommandContext, id: string): Promise<void> {
  const motion = motionFrom(await context.table.get(motionKey(id)));
  if (motion?.resumesAt && motion.resumesAt <= context.now) await carryOutMotion(context, motion);
}

/**
 * Prepares what a closed motion has carried, and ends it. Safe to repeat and to run twice at once: each decision is prepared in
 * its own transaction, on what was put to the vote or not at all. One after the other, because they take seats of one count: so
 * the first on the slate get them. What is freed comes first, and a place that was still held is asked for once more at the end.
 */
export async function carryOutMotion(context: CommandContext, motion: Motion): Promise<Motion> {
  if (motion.state !== "CARRYING_OUT") return motion;
  const order = { DECLINE: 0, ACCEPT: 1, WAITLIST: 2 };
  const rows = carriedRows(motion).sort((a, b) => order[a.outcome] - order[b.outcome]);
  const carried = new Map<string, Carried & { code: string | null }>();
  for (const row of rows) carried.set(row.applicationId, await prepareOne(context, motion, row));
  for (const row of rows.filter(({ applicationId }) => carried.get(applicationId)?.code === "RANK_TAKEN")) {
    carried.set(row.applicationId, await prepareOne(context, motion, row));
  }
  const finished = await carryOut(context, {
    actor: actorOf(motion),
    load: async () => motionFrom(await context.table.get(motionKey(motion.id))) ?? motion,
    decide: (current) => finishMotion(current, [...carried.values()]),
    write: (next, before) => (next === before ? [] : writeMotion(next)),
  });
  if (finished.status !== "done") return finished.loaded;
  const { outcome, loaded } = finished;
  return outcome === loaded ? loaded : { ...outcome, version: outcome.version + 1 };
}

const actorOf = ({ closedBy }: Motion): Actor => ({ kind: "PERSON", id: closedBy ?? "" });

async function prepareOne(
  context: CommandContext,
  motion: Motion,
  row: MotionRow,
): Promise<Carried & { code: string | null }> {
  const { applicationId } = row;
  const done = { applicationId, isPrepared: true, obstacle: null, code: null };
  const keys = [applicationKey(applicationId), decisionKey(applicationId), cohortKey(motion.cohortId)];
  const load = async () => {
    const [application, decision, cohort] = await context.table.getMany(keys);
    return {
      application: applicationFrom(application)!,
      decision: decisionFrom(decision),
      cohort: cohortFrom(cohort)!,
    };
  };
  const carried = await carryOut(context, {
    actor: actorOf(motion),
    load,
    decide: (now) => prepareCarried(motion, row, now),
    write: (next, { application, cohort, decision }) => [
      ...writeDecision(next, decision, cohort),
      holdApplication(application),
      ...(next.holdsSeat ? [checkVersion(cohortKey(cohort.id), cohort.version)] : []),
    ],
  });
  // What it has prepared before, or somebody else at the same time, is a decision that has changed since the vote.
  if (carried.status !== "refused" || isOfMotion(carried.loaded.decision, motion.id)) return done;
  const [first] = carried.refusals;
  return { applicationId, isPrepared: false, obstacle: first?.message ?? null, code: first?.code ?? null };
}
