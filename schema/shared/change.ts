import { carryOut, written, type Command } from "./command.ts";
import { actorOf, type RequestContext } from "./context.ts";
import type { Decision, Refusal } from "./decision.ts";
import type { Recorded } from "./event.ts";
import { failure } from "./failure.ts";
import type { Write } from "./write.ts";

/** The most usual business step: one record, read by key, decided, written whole. */
export interface Change<Record, Code extends string> {
  load: () => Promise<Record | undefined>;
  decide: (record: Record) => Decision<Record, Code>;
  write: (record: Record, before: Record, events: readonly Recorded[]) => readonly Write[];
}

/**
 * Changes one record for the viewer. Answers the record as it is now, changed or not, and what stood in the way; a record
 * that does not exist is NOT_FOUND.
 */
export async function change<Record extends { version: number }, Code extends string>(
  context: RequestContext,
  { load, decide, write }: Change<Record, Code>,
): Promise<{ record: Record; userErrors: readonly Refusal<Code>[] }> {
  const command: Command<Record, Record, Code> = {
    actor: actorOf(context),
    load: async () => {
      const record = await load();
      if (!record) throw failure("NOT_FOUND");
      return record;
    },
    decide,
    write,
  };
  const carried = await carryOut(context, command);
  context.load.forget();
  if (carried.status === "refused") return { record: carried.loaded, userErrors: carried.refusals };
  return { record: carried.status === "done" ? written(carried.outcome) : carried.loaded, userErrors: [] };
}
