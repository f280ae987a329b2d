import type { Subject } from "../shared/decision.ts";
import { rewriteEvent, type Recorded } from "../shared/event.ts";
import type { Table } from "../shared/table.ts";
import { isPersonal, redacted } from "./redact.ts";
import { readHistory } from "./trace.table.ts";

/** A transaction takes 100 writes and 4 MB; an event is short. */
const AT_ONCE = 25;

/**
 * Takes the personal texts out of histories, of all lines or of those meant. Answers how many lines were rewritten; done
 * twice, none the second time.
 */
export async function redactHistories(
  table: Table,
  subjects: readonly Subject[],
  isMeant: (event: Recorded) => boolean = () => true,
): Promise<number> {
  let lines = 0;
  for (const about of subjects) {
    const personal = (await readHistory(table, about)).filter((event) => isMeant(event) && isPersonal(event));
    for (let start = 0; start < personal.length; start += AT_ONCE) {
      await table.commit(personal.slice(start, start + AT_ONCE).map((event) => rewriteEvent(redacted(event))));
    }
    lines += personal.length;
  }
  return lines;
}
