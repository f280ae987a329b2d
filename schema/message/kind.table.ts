import { everyItem } from "../shared/every-item.ts";
import { recordOf, toItem, type Item, type Key } from "../shared/keys.ts";
import type { Table } from "../shared/table.ts";
import { put, type Write } from "../shared/write.ts";
import type { MailKind } from "./kind.ts";

const PARTITION = "MAIL_KINDS";

/** Where a kind of mails is kept. */
export const mailKindKey = (id: string): Key => ({ pk: PARTITION, sk: id });

/** The kind of an item. */
export const mailKindFrom = (item: Item | undefined) => recordOf<MailKind>(item);

/** Writes a kind of mails. */
export const writeMailKind = (kind: MailKind): Write[] => [put(toItem("MAIL_KIND", mailKindKey(kind.id), kind))];

/** The kinds that are or were held. One request: there are some dozens at most. */
export async function listMailKinds(table: Table): Promise<MailKind[]> {
  const items = await everyItem((page) => table.query({ partition: PARTITION, ...page }));
  return items.map((item) => mailKindFrom(item)!);
}
