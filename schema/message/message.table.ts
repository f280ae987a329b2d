import { listByWho } from "../shared/by-who.ts";
import { dueAt, key, recordOf, toItem, type Item, type Key } from "../shared/keys.ts";
import { listPointed } from "../shared/pointers.ts";
import type { Page, Position, Table } from "../shared/table.ts";
import { put, putAnyhow, dropAnyhow, type Write } from "../shared/write.ts";
import { isInLane, laneOf, subjectOf, type Message, type MessageState } from "./message.ts";

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

/**
 * Writes a message. A new one that exists already loses: its event was read before. While it waits it stands in the lane of its
 * recipient, in its place; `before` spares writing that again where it is known.
 */
export function writeMessage(message: Message, before?: Message): Write[] {
  const isNew = message.version === 0;
  const stood = before ? isInLane(before) : isNew ? false : !isInLane(message);
  const stands = isInLane(message);
  const place = placeOf(message);
  return [
    put(messageItem(message)),
    ...(stands && !stood ? [putAnyhow(toItem("LANE", place, { id: message.id }))] : []),
    ...(stood && !stands ? [dropAnyhow(place)] : []),
    ...(isNew && message.about.kind !== "Person" ? [putAnyhow(mailedItem(message))] : []),
  ];
}

/** Where a message that waits stands among the others to its recipient: in the order in which they were queued. */
export function placeOf(message: Message): Key {
  return { pk: key("LANE", laneOf(message)), sk: key(message.queuedAt, message.id) };
}

/** The id of the message that is the first to wait in a lane. One request, strongly consistent. */
export async function firstInLane(table: Table, lane: string): Promise<string | undefined> {
  const { items } = await table.query({ partition: key("LANE", lane), limit: 1 });
  return items[0]?.["id"] as string | undefined;
}

/** Says with what a mail is about that there is the mail. Written once. */
export function mailedItem(message: Message): Item {
  const at = { pk: key("MAILED", subjectOf(message)), sk: key(message.queuedAt, message.id) };
  return toItem("MAILED", at, { id: message.id });
}

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

/** Messages about an application, a cohort or the like, newest first, as they are now. Two requests. */
export async function listAbout(
  table: Table,
  subjectId: string,
  page: { limit: number; after?: Position },
): Promise<Page> {
  const target = ({ id }: Item) => messageKey(id as string);
  return listPointed(table, { partition: key("MAILED", subjectId), target, ...page });
}
