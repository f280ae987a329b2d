import { dueAt, key, recordOf, toItem, type Item, type Key } from "../shared/keys.ts";
import { put, type Write } from "../shared/write.ts";
import type { Opening } from "./opening.ts";

/** Where an opening is kept. */
export const openingKey = (id: string): Key => ({ pk: key("OPENING", id), sk: "OPENING" });

/** The opening of an item. */
export const openingFrom = (item: Item | undefined) => recordOf<Opening>(item);

/** Writes an opening. */
export const writeOpening = (opening: Opening): Write[] => [
  put(toItem("OPENING", openingKey(opening.id), opening, dueAt(opening.resumesAt, opening.id))),
];
