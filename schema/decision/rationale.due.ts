import type { Application } from "../application/application.ts";
import { carryOut, type CommandContext } from "../shared/command.ts";
import type { Decision as Ruling } from "../shared/decision.ts";
import type { Actor } from "../shared/event.ts";
import { everyItem } from "../shared/every-item.ts";
import type { Item } from "../shared/keys.ts";
import type { Write } from "../shared/write.ts";
import { eraseComment, eraseMotionReason } from "./carrying.ts";
import {
  listMotions,
  ballotFrom,
  ballotKey,
  loadMotion,
  motionFrom,
  motionKey,
  writeBallotAlone,
  writeMotion,
} from "./motion.table.ts";
import { withoutComment } from "./rationale.ts";
import { eraseReversalReason } from "./reversal.ts";
import { reversalsOf, writeReversal } from "./reversal.table.ts";
import { SLATE_STATES, eraseRowReason } from "./slate.ts";
import { listSlates, slateFrom, slateKey, writeSlate } from "./slate.table.ts";

/**
 * Takes what the committee has written about one application out of slates, motions and reversals. Answers how much was
 * removed; done twice, nothing the second time.
 */
export async function removeProposalReasons(
  context: CommandContext,
  { id, cohortId, kind }: Pick<Application, "id" | "cohortId" | "kind">,
  actor: Actor,
): Promise<number> {
  const { table } = context;
  const of = { cohortId, kind };
  const [slates, motions, reversals] = await Promise.all([
    Promise.all(SLATE_STATES.map((state) => everyItem((page) => listSlates(table, { ...of, state }, page)))),
    everyItem((page) => listMotions(table, of, page)),
    reversalsOf(table, id),
  ]);
  let removed = 0;
  for (const { id: slateId } of slates.flat().map((item) => slateFrom(item)!)) {
    const load = async () => slateFrom(await table.get(slateKey(slateId)))!;
    removed += await removeFrom(context, actor, load, (slate) => eraseRowReason(slate, id), writeSlate);
  }
  for (const { id: motionId, rows } of motions.map((item) => motionFrom(item)!)) {
    const load = async () => motionFrom(await table.get(motionKey(motionId)))!;
    removed += await removeFrom(context, actor, load, (motion) => eraseMotionReason(motion, id), writeMotion);
    if (rows.length > 1 || rows[0]?.applicationId !== id) continue;
    for (const ballot of (await loadMotion(table, motionId)).ballots)
      removed += await removeComment(context, ballot.motionId, ballot.personId, actor);
  }
  for (const reversal of reversals) {
    removed += await removeFrom(context, actor, async () => reversal, eraseReversalReason, writeReversal);
  }
  return removed;
}

/** Takes out what a member who is erased has said with a vote; how they voted is part of the result and stays. */
export async function eraseBallot(context: CommandContext, item: Item, actor: Actor): Promise<number> {
  const { motionId, personId } = ballotFrom(item)!;
  const load = async () => motionFrom(await context.table.get(motionKey(motionId)))!;
  const counted = await removeFrom(context, actor, load, (motion) => eraseComment(motion, [personId]), writeMotion);
  return counted + (await removeComment(context, motionId, personId, actor));
}

async function removeComment(
  context: CommandContext,
  motionId: string,
  personId: string,
  actor: Actor,
): Promise<number> {
  const load = async () => ballotFrom(await context.table.get(ballotKey(motionId, personId)))!;
  return removeFrom(
    context,
    actor,
    load,
    (ballot) => ({ outcome: withoutComment(ballot), events: [] }),
    writeBallotAlone,
  );
}

async function removeFrom<Record extends object>(
  context: CommandContext,
  actor: Actor,
  load: () => Promise<Record>,
  decide: (record: Record) => Ruling<Record, never>,
  write: (record: Record) => Write[],
): Promise<number> {
  const carried = await carryOut(context, {
    actor,
    load,
    decide,
    write: (next, before) => (next === before ? [] : write(next)),
  });
  return carried.status === "done" && carried.outcome !== carried.loaded ? 1 : 0;
}
