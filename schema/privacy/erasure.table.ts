import { dueAt, key, recordOf, toItem, type Item, type Key } from "../shared/keys.ts";
import type { Page, Position, Table } from "../shared/table.ts";
import { put, type Write } from "../shared/write.ts";
import type { Erasure, ErasureState } from "./erasure.ts";

/** Where the erasure of a person is kept: there is one of each. */
export const erasureKey = (personId: string): Key => ({ pk: key("ERASURE", personId), sk: "ERASURE" });

/** The erasure of an item. */
export const erasureFrom = (item: Item | undefined) => recordOf<Erasure>(item);

/** Writes an erasure. */
export function writeErasure(erasure: Erasure): Write[] {
  const { id, state, requestedAt, startedAt, resumesAt } = erasure;
  return [
    put(
      toItem("ERASURE", erasureKey(id), erasure, {
        byListPk: key("ERASURES", state),
        byListSk: key(startedAt ?? requestedAt ?? "", id),
        ...dueAt(resumesAt, id),
      }),
    ),
  ];
}

/** Erasures of one state, the earliest first. One request. */
export async function listErasures(
  table: Table,
  state: ErasureState,
  page: { limit: number; after?: Position },
): Promise<Page> {
  return table.query({ index: "byList", partition: key("ERASURES", state), ...page });
}
