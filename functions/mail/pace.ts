import { setTimeout as delay } from "node:timers/promises";
import type { SESClient } from "@aws-sdk/client-ses";
import { GetSendQuotaCommand } from "@aws-sdk/client-ses";
import { key } from "../../schema/shared/keys.ts";
import { millisecondsOf, secondsOf } from "../../schema/shared/time.ts";
import type { Runtime } from "../runtime.ts";

/** Waits until one more mail may be handed to SES; false when that takes too long. */
export type Pace = () => Promise<boolean>;

/** How long SES's answer about the quota is believed. */
const QUOTA_MILLISECONDS = 15 * 60_000;
/** What a function that waits for its turn may spend on it in one call, in milliseconds. */
const PATIENCE_MILLISECONDS = 20_000;
/** What is assumed while SES does not say: what it gives to everybody, also on probation. */
const LEAST_RATE = 1;

/** Remembers for one container what SES takes a second. */
export function quotaOf(ses: SESClient, now: () => number): () => Promise<number> {
  let known = { rate: LEAST_RATE, until: 0 };
  return async () => {
    if (now() < known.until) return known.rate;
    try {
      const { MaxSendRate = LEAST_RATE } = await ses.send(new GetSendQuotaCommand({}));
      known = { rate: Math.max(LEAST_RATE, Math.floor(MaxSendRate)), until: now() + QUOTA_MILLISECONDS };
    } catch {
      // Asked again in a minute; until then as fast as before.
      known = { ...known, until: now() + 60_000 };
    }
    return known.rate;
  };
}

/**
 * The pace of one call of the function. All functions together draw tokens of each second from one counter in the table, a
 * quarter of a second's at a time: one small request for several mails, and never more mails in a second than SES takes. When
 * the table does not count, mails go out all the same: SES then says itself what is too much.
 */
export function paceOf(runtime: Runtime, quota: () => Promise<number>, most: number): Pace {
  const { table, clock, logger, settings } = runtime;
  const { mailRate } = settings;
  if (mailRate === undefined) return async () => true;
  const started = performance.now();
  let wanted = most;
  let inHand = { second: "", tokens: 0 };

  async function draw(second: string, rate: number): Promise<number> {
    const by = Math.max(1, Math.min(wanted, Math.floor(rate / 4)));
    try {
      const at = { pk: key("RATE", "MAIL", second), sk: "RATE" };
      const total = await table.tally(at, by, secondsOf(clock.now()) + 60);
      return Math.max(0, by - Math.max(0, total - rate));
    } catch (error) {
      logger.warn("Mails are not counted over all functions", { error: error as Error });
      return by;
    }
  }

  return async () => {
    const rate = mailRate === "quota" ? await quota() : mailRate;
    for (;;) {
      const second = clock.now().slice(0, 19);
      if (inHand.second !== second || inHand.tokens === 0) inHand = { second, tokens: await draw(second, rate) };
      if (inHand.tokens > 0) {
        inHand.tokens--;
        wanted--;
        return true;
      }
      if (performance.now() - started > PATIENCE_MILLISECONDS) return false;
      await delay(1_000 - (millisecondsOf(clock.now()) % 1_000));
    }
  };
}
