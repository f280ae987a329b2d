import { listByWho } from "../shared/by-who.ts";
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
    ...(personId !== null && { byWhoPk: key("PERSON", personId), byWhoSk: key("MESSAGE", queuedAt, id) }),
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

/** A person's messages, newest first. One request, and one more for each record that was merged into theirs. */
export async function listOfPerson(
  table: Table,
  personIds: readonly string[],
  page: { limit: number; after?: Position },
): Promise<Page> {
  return listByWho(table, personIds, key("MESSAGE", ""), page);
}
