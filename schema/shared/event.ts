import type { Happening, Subject } from "./decision.ts";
import { key, recordOf, toItem, type Item } from "./keys.ts";
import type { Instant } from "./time.ts";
import { putNew, putOver, type Write } from "./write.ts";

/** Who did it: a person, whoever holds a one-time link, or the program itself when something became due. */
export type Actor = { kind: "PERSON" | "LINK"; id: string } | { kind: "PROGRAM" };

/** A happening as it is kept: the audit line, and the reason for the mails that follow from it. */
export type Recorded<Event extends Happening = Happening> = Event & { id: string; at: Instant; actor: Actor };

/** The partition that holds what happened to something. */
export const historyOf = ({ kind, id }: Subject): string => key("HISTORY", kind, id);

function eventItem(event: Recorded) {
  return toItem("EVENT", { pk: historyOf(event.about), sk: key("EVENT", event.id) }, event);
}

/** Writes an event into the history of what it is about. Events are written once. */
export const writeEvent = (event: Recorded): Write => putNew(eventItem(event));

/**
 * Writes an event over itself, with personal texts taken out. The one exception to events being written once: a history
 * that nobody may change would otherwise keep the name of somebody who has a right to be forgotten. That it happened, when
 * and by whom stays. Only new events are read from the stream, so that nothing follows from it a second time.
 */
export const rewriteEvent = (event: Recorded): Write => putOver(eventItem(event));

/** The event of an item. */
export const eventFrom = (item: Item): Recorded => recordOf<Recorded>(item);
