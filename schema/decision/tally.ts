import { isApplicationOf, type Application } from "../application/application.ts";
import type { Instant } from "../shared/time.ts";
import type { Vote } from "./terms.ts";

/** How a member votes on a motion. */
export const CHOICES = ["FOR", "AGAINST", "ABSTAIN"] as const;

/** One of CHOICES. */
export type Choice = (typeof CHOICES)[number];

/** One member's vote on a motion; a later one takes its place while the motion is open. */
export interface Ballot {
  motionId: string;
  version: number;
  cohortId: string;
  personId: string;
  choice: Choice;
  /** What the member says about it; empty when nothing. */
  comment: string;
  /** Applications that were kept from the member when they voted: for those the vote does not count. */
  notFor: readonly string[];
  castAt: Instant;
}

/** Somebody who votes, with what the records say of them when votes are counted. */
export interface Voter {
  /** All ids of the person: a record may have been merged since. */
  ids: readonly string[];
  /** Whether they have applied to this cohort as this kind: then they vote on none of it. */
  hasApplied: boolean;
}

/** Whether a row is carried, lost, or too few have voted on it. */
export const RESULTS = ["CARRIED", "LOST", "NO_QUORUM"] as const;

/** One of RESULTS. */
export type Result = (typeof RESULTS)[number];

/** The vote on one row, and who stood apart from it. */
export interface RowResult {
  result: Result;
  vote: Vote;
  /** Members who had no say in it, because they are recused or have applied themselves. */
  apart: readonly string[];
}

/**
 * Counts the votes on one application. Nobody counts who has a conflict with it, then or now, neither for the vote nor for the
 * quorum; more of the others than the policy says must have voted, abstentions included, and more for than against.
 */
export function countRow(
  applicationId: string,
  facts: { voters: readonly Voter[]; ballots: readonly Ballot[]; recused: readonly string[]; quorumAbove: number },
): RowResult {
  const { voters, ballots, recused, quorumAbove } = facts;
  const isApart = (voter: Voter) =>
    voter.hasApplied || voter.ids.some((id) => recused.includes(id) || isApplicationOf(applicationId, id));
  const ballotOf = ({ ids }: Voter) =>
    ballots.filter(({ personId }) => ids.includes(personId)).sort((a, b) => (a.castAt < b.castAt ? 1 : -1))[0];
  const entitled = voters.filter((voter) => !isApart(voter) && !ballotOf(voter)?.notFor.includes(applicationId));
  const cast = entitled.flatMap((voter) => ballotOf(voter)?.choice ?? []);
  const count = (choice: Choice) => cast.filter((one) => one === choice).length;
  const vote = { inFavor: count("FOR"), against: count("AGAINST"), abstained: count("ABSTAIN") };
  const isQuorate = cast.length > quorumAbove * entitled.length;
  return {
    result: !isQuorate ? "NO_QUORUM" : vote.inFavor > vote.against ? "CARRIED" : "LOST",
    vote,
    apart: voters.filter((voter) => !entitled.includes(voter)).map(({ ids }) => ids[0]!),
  };
}

/** Whether one of somebody's applications was not taken back. */
export function hasApplied(applications: readonly (Application | undefined)[]): boolean {
  return applications.some((one) => one !== undefined && one.state !== "WITHDRAWN" && one.state !== "EXPIRED");
}
