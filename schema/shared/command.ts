import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { isRefused, refusal, type Decision, type Happening, type Refusal } from "./decision.ts";
import { writeEvent, type Actor, type Recorded } from "./event.ts";
import type { Ids } from "./id.ts";
import { canonical } from "./same.ts";
import { key, toItem, type Key } from "./keys.ts";
import { LostVersion, Refused, TableBusy, type Table } from "./table.ts";
import { later, secondsOf, type Instant } from "./time.ts";
import { putNew, type Write } from "./write.ts";

/** What a command needs from its surroundings. */
export interface CommandContext {
  table: Table;
  ids: Ids;
  now: Instant;
}

/** A business step: load, decide, and write what was decided together with what happened, in one transaction. */
export interface Command<Loaded, Outcome, Code extends string> {
  /** Who does it, as far as that is known before loading. */
  actor: Actor | ((loaded: Loaded) => Actor);
  /** Reads afresh: it is called again when somebody else was faster. */
  load(): Promise<Loaded>;
  decide(loaded: Loaded): Decision<Outcome, Code>;
  /**
   * The writes of what was decided; none when nothing changes. The events come along for whoever puts a mail into the outbox
   * that must say more than an event may keep.
   */
  write(outcome: Outcome, loaded: Loaded, events: readonly Recorded[]): readonly Write[];
  /** Makes a repeated call answer what the first one did. */
  once?: Once<Outcome>;
}

/** The promise to do something once, under a key that the client chose. */
export interface Once<Outcome> {
  personId: string;
  operation: string;
  key: string;
  /** The whole input; the same key with another input is refused. */
  input: object;
  /** What to keep of the outcome, so that a repeated call can be answered. */
  keep(outcome: Outcome): Record<string, unknown>;
}

/** How a command ended. */
export type Carried<Loaded, Outcome, Code extends string> =
  | { status: "done"; outcome: Outcome; loaded: Loaded }
  | { status: "refused"; refusals: readonly Refusal<Code>[]; loaded: Loaded }
  /** A call with this key was carried out before; what was kept of it. */
  | { status: "repeated"; kept: Record<string, unknown>; loaded: Loaded };

/** Many who change one record at once lose until it is their turn; after so many tries it is theirs to repeat. */
const TRIES = 10;
/** Clients repeat within minutes; two days leave room for a weekend's outage. */
const KEPT_HOURS = 48;

/**
 * Carries out a command. A lost race is decided again on the newer record, at most ten times in all with full jitter; then
 * TableBusy is thrown, and nothing was written. Refusals may come from the rule or from a condition of the transaction.
 */
export async function carryOut<Loaded, Outcome, Code extends string>(
  context: CommandContext,
  command: Command<Loaded, Outcome, Code>,
): Promise<Carried<Loaded, Outcome, Code>> {
  const { once } = command;
  const badKey = once && keyRefusals(once.key);
  for (let attempt = 1; ; attempt++) {
    const loaded = await command.load();
    // Read last: whoever loads what an earlier call with this key has done finds the key too.
    const earlier = once && (await context.table.get(onceKey(once)));
    const refused = (refusals: readonly Refusal[]) =>
      ({ status: "refused", refusals: refusals as readonly Refusal<Code>[], loaded }) as const;
    if (badKey && badKey.length > 0) return refused(badKey);
    if (once && earlier) {
      if (earlier["input"] !== hashOf(once.input)) return refused([keyReused]);
      return { status: "repeated", kept: earlier["kept"] as Record<string, unknown>, loaded };
    }
    const decision = command.decide(loaded);
    if (isRefused(decision)) return refused(decision.refusals);
    const { outcome } = decision;
    const actor = typeof command.actor === "function" ? command.actor(loaded) : command.actor;
    const events = recorded(context, actor, decision.events);
    const writes = [
      ...command.write(outcome, loaded, events),
      ...events.map(writeEvent),
      ...(once ? [onceWrite(once, outcome, context.now)] : []),
    ];
    if (writes.length === 0) return { status: "done", outcome, loaded };
    try {
      await context.table.commit(writes);
      return { status: "done", outcome, loaded };
    } catch (error) {
      if (error instanceof Refused) return refused(error.refusals);
      if (!(error instanceof LostVersion)) throw error;
      if (attempt === TRIES) throw new TableBusy("CONFLICT_RETRY", error);
      await pause(Math.random() * Math.min(400, 10 * 2 ** attempt));
    }
  }
}

/** The events of a decision, each with its id, moment and actor. */
export function recorded({ ids, now }: CommandContext, actor: Actor, events: readonly Happening[]): Recorded[] {
  return events.map((event) => ({ ...event, id: ids.make("evt"), at: now, actor }));
}

/** A record as it stands after its write: one version on. */
export function written<Record extends { version: number }>(record: Record): Record {
  return { ...record, version: record.version + 1 };
}

/** The codes of a call that carries an idempotency key: a command with `once` has them among its own. */
export type OnceCode = "KEY_REUSED" | "BAD_KEY";

const keyReused = refusal(
  "KEY_REUSED",
  "This idempotency key was used for another request: please use a new key for a new request.",
  "idempotencyKey",
);

function keyRefusals(text: string): Refusal<OnceCode>[] {
  if (/^[A-Za-z0-9_.:-]{8,100}$/.test(text)) return [];
  const message = "The idempotency key must have 8 to 100 letters, digits, or . : _ - characters.";
  return [refusal("BAD_KEY", message, "idempotencyKey")];
}

function onceKey({ personId, operation, key: chosen }: Pick<Once<unknown>, "personId" | "operation" | "key">): Key {
  return { pk: key("IDEMPOTENCY", personId, operation, chosen), sk: "IDEMPOTENCY" };
}

function onceWrite<Outcome>(once: Once<Outcome>, outcome: Outcome, now: Instant): Write {
  const record = {
    input: hashOf(once.input),
    kept: once.keep(outcome),
    expiresAtSeconds: secondsOf(later(now, { hours: KEPT_HOURS })),
  };
  return putNew(toItem("IDEMPOTENCY", onceKey(once), record));
}

/** A fingerprint of a value, independent of the order of its fields. */
export function hashOf(value: unknown): string {
  return createHash("sha256").update(canonical(value)).digest("base64url");
}
