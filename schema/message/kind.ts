import { reasonRefusals, refusal, type Decision, type Happening, type TextCode } from "../shared/decision.ts";
import type { Instant } from "../shared/time.ts";

/** One mail of the program as staff look after it, named like its template. */
export interface MailKind {
  id: string;
  version: number;
  /** That mails of this kind wait for staff, since when, who said so and why; null when they go out. */
  hold: { at: Instant; byPersonId: string; why: string } | null;
}

/** What happens to kinds of mails. */
export type MailKindEvent = Happening<"MailKindHeld" | "MailKindFreed", object>;

/** Why a kind of mails cannot be held, or freed. */
export type MailKindCode = TextCode | "UNCHANGED";

/** A kind that nobody has held yet. */
export const freeKind = (id: string): MailKind => ({ id, version: 0, hold: null });

/** From now on mails of this kind are held when their turn comes. */
export function holdKind(
  kind: MailKind,
  { why, byPersonId, now }: { why: string; byPersonId: string; now: Instant },
): Decision<MailKind, MailKindCode, MailKindEvent> {
  if (kind.hold) return { refusals: [refusal("UNCHANGED", "Mails of this kind are held already.", "template")] };
  const refusals = reasonRefusals(why);
  if (refusals.length > 0) return { refusals };
  return {
    outcome: { ...kind, hold: { at: now, byPersonId, why: why.trim() } },
    events: [happened("MailKindHeld", kind, why)],
  };
}

/** From now on mails of this kind go out again. Those that were held until now stay so until they are released. */
export function freeHeldKind(kind: MailKind, why: string): Decision<MailKind, MailKindCode, MailKindEvent> {
  if (!kind.hold) return { refusals: [refusal("UNCHANGED", "Mails of this kind are not held.", "template")] };
  const refusals = reasonRefusals(why);
  if (refusals.length > 0) return { refusals };
  return { outcome: { ...kind, hold: null }, events: [happened("MailKindFreed", kind, why)] };
}

const happened = (type: MailKindEvent["type"], { id }: MailKind, why: string): MailKindEvent => ({
  type,
  about: { kind: "MailKind", id },
  facts: {},
  why: why.trim(),
});
