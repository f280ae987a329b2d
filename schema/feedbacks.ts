import { noteArrival, type Arrival } from "./person/reach.ts";
import { loadLivePerson, writePerson } from "./person/person.table.ts";
import type { Message } from "./message/message.ts";
import type { Report } from "./message/report.ts";
import { nominationConsequence } from "./nomination/bounce.due.ts";
import type { CommandContext } from "./shared/command.ts";
import type { Happening } from "./shared/decision.ts";
import { isRefused } from "./shared/decision.ts";
import type { Write } from "./shared/write.ts";

/** What follows from a report besides the message's own state: it is written in the same transaction, once. */
export interface Consequence {
  writes: readonly Write[];
  events: readonly Happening[];
}

/** Finds what follows; asked for each report that tells something new, with the message as it was before. */
export type ConsequenceOf = (context: CommandContext, message: Message, report: Report) => Promise<Consequence>;

const NOTHING: Consequence = { writes: [], events: [] };

/** What follows for the thing that a mail is about, by template. */
const BY_TEMPLATE: Record<string, ConsequenceOf> = {
  "nomination-requested": nominationConsequence,
  "nomination-reminder": nominationConsequence,
  "nomination-reopened": nominationConsequence,
};

/** What follows from a report: for the recipient's address, and for what the mail is about. */
export async function consequenceOf(context: CommandContext, message: Message, report: Report): Promise<Consequence> {
  const found = await Promise.all([
    addressConsequence(context, message, report),
    BY_TEMPLATE[message.template]?.(context, message, report) ?? NOTHING,
  ]);
  return { writes: found.flatMap(({ writes }) => writes), events: found.flatMap(({ events }) => events) };
}

/** A bounce or a complaint is noted with the address; that one arrived only where one had bounced before, to spare the look. */
async function addressConsequence({ table }: CommandContext, message: Message, report: Report): Promise<Consequence> {
  const arrival = arrivalOf(message, report);
  if (!arrival || message.personId === null || message.sentTo === null) return NOTHING;
  const person = await loadLivePerson(table, message.personId);
  const noted = person && noteArrival(person, message.sentTo, arrival);
  if (!person || !noted || isRefused(noted) || noted.outcome === person) return NOTHING;
  return { writes: writePerson(noted.outcome, person), events: noted.events };
}

function arrivalOf({ isTrial }: Message, { kind, at, reason, isPermanent = false }: Report): Arrival | null {
  switch (kind) {
    case "BOUNCED":
      return { kind, at, isPermanent, reason: reason ?? "It bounced." };
    case "COMPLAINED":
      return { kind, at };
    case "DELIVERED":
      return isTrial === true ? { kind, at } : null;
    default:
      return null;
  }
}
