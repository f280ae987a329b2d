import type { Happening, Subject } from "./decision.ts";
import { key, recordOf, toItem, type Item } from "./keys.ts";
import type { Instant } from "./time.ts";
import { putNew, type Write } from "./write.ts";

/** Who did it: a person, whoever holds a one-time link, or the program itself when something became due. */
export type Actor = { kind: "PERSON" | "LINK"; id: string } | { kind: "PROGRAM" };

/** A happening as it is kept: the audit line, and the reason for the mails that follow from it. */
export type Recorded<Event extends Happening = Happening> = Event & { id: string; at: Instant; actor: Actor };

/** The partition that holds what happened to something. */
export const historyOf = ({ kind, id }: Subject): string => key("HISTORY", kind, id);

/** Writes an event into the history of what it is about. Events are written once and never changed. */
export function writeEvent(event: Recorded): Write {
  return putNew(toItem("EVENT", { pk: historyOf(event.about), sk: key("EVENT", event.id) }, event));
}

/** The event of an item. */
export const eventFrom = (item: Item): Recorded => recordOf<Recorded>(item);
