import { loadByToken } from "../link/link.table.ts";
import { hashOf } from "../shared/command.ts";
import { key, recordOf, toItem, type Key } from "../shared/keys.ts";
import type { Table } from "../shared/table.ts";
import { later, secondsOf, type Instant } from "../shared/time.ts";
import { put, type Write } from "../shared/write.ts";
import { loadAsked } from "./nomination.table.ts";
import type { NominationLinkFacts } from "./nomination.ts";
import type { Counted, FoundOffer } from "./offered.ts";

/** What is counted of an address on the day of a moment. */
interface Counting {
  what: "OFFERED" | "TOLD";
  email: string;
  now: Instant;
}

/** The address itself is not kept, only a fingerprint, and that for two days. */
const countedKey = ({ what, email, now }: Counting): Key => ({
  pk: key("OFFERED", what, hashOf(email), now.slice(0, 10)),
  sk: "OFFERED",
});

/** How often it was on that day. One request. */
export async function loadCounted(table: Table, of: Counting): Promise<Counted> {
  const item = await table.get(countedKey(of));
  return item ? recordOf<Counted>(item) : { version: 0, count: 0 };
}

/** Writes how often it was. */
export function writeCounted({ version, count }: Counted, of: Counting): Write[] {
  const expiresAtSeconds = secondsOf(later(of.now, { hours: 48 }));
  return [put(toItem("OFFERED", countedKey(of), { version, count, expiresAtSeconds }))];
}

/** What a token that confirms a letter leads to. At most four requests; one when it is nobody's. */
export async function loadOffer(table: Table, token: string, now: Instant): Promise<FoundOffer> {
  const { link, isHeld } = await loadByToken<NominationLinkFacts>(table, token);
  const isOurs = isHeld && link?.purpose === "NOMINATION_OFFER";
  const offered = isOurs ? await loadAsked(table, link.facts.nominationId) : undefined;
  const nominee = offered?.nomination.nominee;
  const toldToday = nominee
    ? await loadCounted(table, { what: "TOLD", email: nominee.email, now })
    : { version: 0, count: 0 };
  return { link, isHeld, offered, toldToday };
}
