import type { ApplicationKind } from "../application/application.ts";
import { everyItem } from "../shared/every-item.ts";
import { key, recordOf, toItem, type Item, type Key } from "../shared/keys.ts";
import type { Page, Position, Table } from "../shared/table.ts";
import { put, type Write } from "../shared/write.ts";
import type { Slate, SlateState } from "./slate.ts";

/** Where a slate is kept. */
export const slateKey = (id: string): Key => ({ pk: key("SLATE", id), sk: "SLATE" });

/** The slate of an item. */
export const slateFrom = (item: Item | undefined) => recordOf<Slate>(item);

const listOf = ({ cohortId, kind, state }: SlatesOf) => key("COHORT", cohortId, "SLATES", kind, state);

/** Which slates. */
export type SlatesOf = Pick<Slate, "cohortId" | "kind"> & { state: SlateState };

/** Writes a slate. */
export const writeSlate = (slate: Slate): Write[] => [
  put(toItem("SLATE", slateKey(slate.id), slate, { byListPk: listOf(slate), byListSk: slate.id })),
];

/** Slates of a cohort, kind and state, the latest first. One request. */
export async function listSlates(table: Table, of: SlatesOf, page: { limit: number; after?: Position }): Promise<Page> {
  return table.query({ index: "byList", partition: listOf(of), descending: true, ...page });
}

/** Who has which place on the waitlist of a kind now, prepared or told. One request for 100 of them. */
export async function loadWaitlist(
  table: Table,
  cohortId: string,
  kind: ApplicationKind,
): Promise<{ applicationId: string; rank: number }[]> {
  const sort = { beginsWith: key("WAITLIST", kind, "") };
  const items = await everyItem((page) => table.query({ partition: key("COHORT", cohortId), sort, ...page }));
  return items.map((item) => ({
    applicationId: item["applicationId"] as string,
    rank: Number(item.sk.split("#").at(-1)),
  }));
}
