import { dueAt, key, recordOf, toItem, type Item, type Key } from "../shared/keys.ts";
import type { Page, Position, Table } from "../shared/table.ts";
import { put, type Write } from "../shared/write.ts";
import type { Message, MessageState } from "./message.ts";

/** Where a message is kept. */
export const messageKey = (id: string): Key => ({ pk: key("MESSAGE", id), sk: "MESSAGE" });

/** The message of an item. */
export const messageFrom = (item: Item | undefined) => recordOf<Message>(item);

function messageItem(message: Message) {
  const { id, personId, queuedAt, state } = message;
  return toItem("MESSAGE", messageKey(id), message, {
    byWhoPk: key("PERSON", personId),
    byWhoSk: key("MESSAGE", queuedAt, id),
    byListPk: key("MESSAGES", state),
    byListSk: key(queuedAt, id),
    ...dueAt(message.dueAt, id),
  });
}

/** Writes a message. A new one that exists already loses: its event was read before. */
export const writeMessage = (message: Message): Write[] => [put(messageItem(message))];

/** Messages of one state, newest first. One request. */
export async function listByState(
  table: Table,
  state: MessageState,
  page: { limit: number; after?: Position },
): Promise<Page> {
  return table.query({ index: "byList", partition: key("MESSAGES", state), descending: true, ...page });
}

/**
 * A person's messages, newest first; those of records that were merged into theirs follow. One request, and one more for each
 * such record that the page reaches.
 */
export async function listOfPerson(
  table: Table,
  personIds: readonly string[],
  { limit, after }: { limit: number; after?: Position },
): Promise<Page> {
  const partitions = personIds.map((id) => key("PERSON", id));
  const sort = { beginsWith: key("MESSAGE", "") };
  const items: Item[] = [];
  // A position in a partition that is none of theirs begins anew: cursors are signed by nobody.
  let place = Math.max(0, partitions.indexOf(after?.["byWhoPk"] ?? ""));
  let next = partitions[place] === after?.["byWhoPk"] ? after : undefined;
  for (; place < partitions.length; place++, next = undefined) {
    const partition = partitions[place]!;
    const more = { limit: limit - items.length, after: next };
    const page = await table.query({ index: "byWho", partition, sort, descending: true, ...more });
    items.push(...page.items);
    if (page.next || items.length === limit) return { items, next: page.next };
  }
  return { items };
}
