import { confirmRefusals, refusal, type Decision as Ruling } from "../shared/decision.ts";
import type { Instant } from "../shared/time.ts";
import { MOST_PROMOTED, opening, type Opening } from "./opening.ts";
import { waitingOf, type PlaceEvent, type Seating } from "./place.ts";

/** Somebody who would be promoted, in the version that was looked at. */
export interface PromotionRow {
  applicationId: string;
  rank: number | null;
  version: number;
}

/** Why nobody can be promoted. */
export type PromoteCode =
  | "OWN_APPLICATION"
  | "RECUSED"
  | "NOTHING_TO_PROMOTE"
  | "STALE"
  | "CONFIRM_TOKEN_REQUIRED"
  | "KEY_REUSED"
  | "BAD_KEY";

/** Whom the free seats would go to, the best rank first. */
export function promotionRows({ cohort, seatsTaken, waitlist }: Omit<Seating, "opening">): PromotionRow[] {
  const free = Math.max(0, Math.min(cohort.seats - seatsTaken, MOST_PROMOTED));
  return waitingOf(waitlist)
    .slice(0, free)
    .map(({ decision: { id, rank, version } }) => ({ applicationId: id, rank, version }));
}

/** The refusal where no seat is free, or nobody waits for one. */
export const nothingToPromote = refusal("NOTHING_TO_PROMOTE", "No seat is free, or nobody is on the waitlist.");

/** Opens the free seats for exactly those who were confirmed. */
export function startPromotion(
  rows: readonly PromotionRow[],
  facts: {
    /** Ids for the openings, as many as rows can be. */
    idOf: (index: number) => string;
    cohortId: string;
    byPersonId: string;
    now: Instant;
    currentToken: string;
    confirmToken?: string | null;
  },
): Ruling<readonly Opening[], PromoteCode, PlaceEvent> {
  if (rows.length === 0) return { refusals: [nothingToPromote] };
  const unconfirmed = confirmRefusals(
    { given: facts.confirmToken, wanted: facts.currentToken },
    "The waitlist or the free seats have changed since you looked: please look again and confirm anew.",
  );
  if (unconfirmed.length > 0) return { refusals: unconfirmed };
  const { idOf, cohortId, byPersonId, now } = facts;
  const confirmed = rows.map(({ applicationId }) => applicationId);
  const openings = rows.map((_, index) => opening({ id: idOf(index), cohortId, now, confirmed, byPersonId }));
  const about = { kind: "Cohort", id: cohortId } as const;
  return { outcome: openings, events: [{ type: "PromotionStarted", about, facts: { count: rows.length } }] };
}
