import type { Subject } from "../shared/decision.ts";
import { historyOf } from "../shared/event.ts";
import type { Page, Position, Table } from "../shared/table.ts";

/** What happened to something, newest first. One request. */
export async function listEvents(
  table: Table,
  about: Subject,
  page: { limit: number; after?: Position },
): Promise<Page> {
  return table.query({ partition: historyOf(about), descending: true, ...page });
}
