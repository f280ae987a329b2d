import type { StateCode } from "../application/application.ts";
import type { Cohort } from "../cohort/cohort.ts";
import { refusal, textRefusals, type Refusal, type TextCode } from "../shared/decision.ts";

/** What the committee can decide of an application. */
export const OUTCOMES = ["ACCEPT", "WAITLIST", "DECLINE"] as const;

/** One of OUTCOMES. */
export type Outcome = (typeof OUTCOMES)[number];

/** How the committee voted. */
export interface Vote {
  inFavor: number;
  against: number;
  abstained: number;
}

/** What a decision consists of, as the committee records it. */
export interface DecisionTerms {
  outcome: Outcome;
  rank?: number | null;
  rationale: string;
  vote?: Vote | null;
}

/** Why a decision cannot be prepared. */
export type PrepareCode =
  | StateCode
  | TextCode
  | ConflictCode
  | "CONFLICT"
  | "COHORT_FULL"
  | "RANK_REQUIRED"
  | "RANK_NOT_WANTED"
  | "RANK_TAKEN"
  | "OUT_OF_RANGE";

/** The refusal of deciding on an application whose review by the same person is not in. */
export const ownReviewOpen = refusal(
  "OWN_REVIEW_OPEN",
  "You are still to review this application yourself: please submit your review first, or have it assigned to somebody else.",
);

/** The same of the decisions of a cohort together. */
export const ownReviewsOpen = refusal(
  "OWN_REVIEW_OPEN",
  "You are still to review one of these applications yourself: please submit your reviews first, or have them assigned to somebody else.",
);

/** Why somebody has nothing to do with an application's decision, or with a cohort's decisions together. */
export type ConflictCode = "OWN_APPLICATION" | "RECUSED" | "OWN_REVIEW_OPEN";

/** The refusal of accepting one more than there are seats. */
export function cohortFull(cohort: Cohort): Refusal<PrepareCode> {
  const message = `No seat of ${cohort.name} is left (${cohort.seats} in all): please choose the waitlist, or free one first.`;
  return refusal("COHORT_FULL", message, "outcome");
}

/** The refusal of a place on the waitlist that somebody has. */
export const rankTaken = refusal(
  "RANK_TAKEN",
  "Somebody else has this place on the waitlist: please choose another.",
  "rank",
);

/** What is wrong with the terms of a decision, each fault with its field. */
export function termsRefusals({ outcome, rank, rationale, vote }: DecisionTerms): Refusal<PrepareCode>[] {
  const refusals: Refusal<PrepareCode>[] = textRefusals(
    rationale,
    { max: 4_000, label: "The rationale", multiline: true },
    "rationale",
  );
  refusals.push(...rankRefusals({ outcome, rank }));
  for (const part of ["inFavor", "against", "abstained"] as const) {
    if (vote && !isCount(vote[part], 0, 99)) {
      refusals.push(refusal("OUT_OF_RANGE", "Votes are whole numbers from 0 to 99.", "vote", part));
    }
  }
  return refusals;
}

/** What is wrong with the place of an outcome: the waitlist is ranked, and nothing else. `within` leads to its field. */
export function rankRefusals(
  { outcome, rank }: Pick<DecisionTerms, "outcome" | "rank">,
  ...within: string[]
): Refusal<"RANK_REQUIRED" | "RANK_NOT_WANTED" | "OUT_OF_RANGE">[] {
  const field = [...within, "rank"];
  if (outcome === "WAITLIST" && rank == null) {
    return [refusal("RANK_REQUIRED", "The waitlist is ranked: please give the place, counted from 1.", ...field)];
  }
  if (rank == null) return [];
  return [
    ...(outcome === "WAITLIST"
      ? []
      : [refusal("RANK_NOT_WANTED", "Only the waitlist is ranked: please leave the place empty.", ...field)]),
    ...(isCount(rank, 1, 500)
      ? []
      : [refusal("OUT_OF_RANGE", "The place must be a whole number from 1 to 500.", ...field)]),
  ];
}

function isCount(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
