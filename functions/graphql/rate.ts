import type { Logger } from "@aws-lambda-powertools/logger";
import { hashOf } from "../../schema/shared/command.ts";
import { key } from "../../schema/shared/keys.ts";
import type { Table } from "../../schema/shared/table.ts";
import { later, secondsOf, type Instant } from "../../schema/shared/time.ts";

/** Most requests a minute of one account or service token, and of one address without a valid one; absent means any number. */
export interface Rates {
  account: number | undefined;
  address: number | undefined;
}

/** Counts a request; answers the seconds to wait when it is one too many, null otherwise. */
export type RateLimiter = (kind: keyof Rates, name: string, now: Instant) => Promise<number | null>;

/** Only whoever asks more often than this in a minute is counted in the table at all, and then in steps of as many. */
const STRIDE = 10;
/** Most that one container remembers; whoever came first is forgotten first, and begins anew. */
const MOST_REMEMBERED = 5_000;

/** What a container knows of somebody's requests in this minute. */
interface Seen {
  /** Requests this container has seen. */
  count: number;
  /** How many of them it has added in the table. */
  told: number;
  /** What the table counts for all containers, as far as this one knows. */
  total: number;
}

/**
 * Counts the requests of each minute over all containers. The first ten of each container take no request of the table, every tenth after
 * them takes one; so the limit is kept to within nine requests for each further container, and nobody below it is refused.
 */
export function rateLimiter({ table, logger, rates }: { table: Table; logger: Logger; rates: Rates }): RateLimiter {
  const seen = new Map<string, Seen>();
  let minute = "";

  function seenOf(name: string): Seen {
    const known = seen.get(name) ?? { count: 0, told: 0, total: 0 };
    if (!seen.has(name) && seen.size >= MOST_REMEMBERED) seen.delete(seen.keys().next().value!);
    seen.set(name, known);
    return known;
  }

  /** The table knows a fingerprint that is another one in every minute, never an address or an account. */
  async function tell(name: string, known: Seen, now: Instant): Promise<void> {
    const by = known.count - known.told;
    known.told += by;
    known.total += by;
    const at = { pk: key("RATE", hashOf([minute, name])), sk: "RATE" };
    try {
      const total = await table.tally(at, by, secondsOf(later(now, { minutes: 2 })));
      known.total = Math.max(known.total, total);
    } catch (error) {
      // Better to answer a few too many than nobody: without the table a container counts what it sees itself.
      logger.warn("Requests are not counted over all containers", { error: error as Error });
    }
  }

  return async (kind, name, now) => {
    const most = rates[kind];
    if (most === undefined) return null;
    if (now.slice(0, 16) !== minute) {
      minute = now.slice(0, 16);
      seen.clear();
    }
    const known = seenOf(key(kind, name));
    const isOver = () => known.total + known.count - known.told > most;
    // Who is known to be over the limit stays so until the minute ends: no need to count, or to ask the table.
    if (!isOver()) {
      known.count++;
      if (known.count > STRIDE && known.count - known.told >= STRIDE) await tell(key(kind, name), known, now);
    }
    return isOver() ? 60 - Number(now.slice(17, 19)) : null;
  };
}

/** Whom an address stands for: of IPv6 the first half, because the second is its holder's own to choose. */
export function networkOf(address: string): string {
  if (!address.includes(":") || address.includes(".")) return address;
  const [head = "", tail] = address.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail ? tail.split(":") : [];
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  const groups = [...before, ...Array.from({ length: Math.max(0, zeros) }, () => "0"), ...after];
  return `${groups.slice(0, 4).join(":")}::/64`;
}
