import { isSelf, type Viewer } from "../person/person.ts";
import type { Instant } from "../shared/time.ts";

/** How far a reviewer is: asked, free of a conflict by their own word, or done. */
export const REVIEWER_STATES = ["ASSIGNED", "CLEARED", "SUBMITTED"] as const;

/** One of REVIEWER_STATES. */
export type ReviewerState = (typeof REVIEWER_STATES)[number];

/** One reviewer, as the application keeps it, so that a list of applications tells how their reviews stand. */
export interface Reviewer {
  personId: string;
  state: ReviewerState;
  assignedAt: Instant;
  dueAt: Instant;
  /** What the scores of the submitted review come to; absent before, and where every criterion was abstained from. */
  mean?: number;
}

/** What the review keeps on an application. Absent before anything was done about it. */
export interface Reviewed {
  reviewers?: readonly Reviewer[];
  /** Who read it on the committee without being a reviewer, having declared that there is no conflict. */
  cleared?: readonly { personId: string; at: Instant }[];
  /** When as many reviews as it needs were in; from then on the whole committee reads it. */
  reviewedAt?: Instant;
}

/** What the submitted reviews of an application come to. */
export interface Figures {
  count: number;
  /** Of the reviewers' means, to two places, as are the others; null while there is none. */
  mean: number | null;
  median: number | null;
  /** The highest mean less the lowest; null with fewer than two. */
  spread: number | null;
  /** Whether the reviewers are so far apart that the committee should talk about it. */
  isToDiscuss: boolean;
}

/** The viewer as a reviewer of the application; undefined for everybody else. */
export function reviewerOf({ reviewers = [] }: Reviewed, viewer: Viewer | null): Reviewer | undefined {
  return reviewers.find(({ personId }) => isSelf(viewer, personId));
}

/** Whether a plain member of the committee has to do with the application: as its reviewer, or once it is reviewed. */
export function concernsMember(reviewed: Reviewed, viewer: Viewer | null): boolean {
  return reviewed.reviewedAt !== undefined || reviewerOf(reviewed, viewer) !== undefined;
}

/** Whether the viewer has declared that there is no conflict between them and the application. */
export function hasDeclared(reviewed: Reviewed, viewer: Viewer | null): boolean {
  const { cleared = [] } = reviewed;
  const reviewer = reviewerOf(reviewed, viewer);
  return (
    (reviewer !== undefined && reviewer.state !== "ASSIGNED") || cleared.some((one) => isSelf(viewer, one.personId))
  );
}

/**
 * Whether the viewer still has to form a judgement of their own, so that nobody else's may reach them; for a service token, whether
 * whoever created it has to.
 */
export function isStillIndependent({ reviewers = [] }: Reviewed, viewer: Viewer | null): boolean {
  const isTheirs = (personId: string) => isSelf(viewer, personId) || viewer?.onBehalfOf?.includes(personId) === true;
  return reviewers.some(({ personId, state }) => state !== "SUBMITTED" && isTheirs(personId));
}

/** Whether the review should be in and is not. */
export function isLate({ state, dueAt }: Reviewer, now: Instant): boolean {
  return state !== "SUBMITTED" && dueAt <= now;
}

/** How many reviews are in. */
export function countSubmitted({ reviewers = [] }: Reviewed): number {
  return reviewers.filter(({ state }) => state === "SUBMITTED").length;
}

/** What the submitted reviews come to; `discussAbove` is the spread that is still taken for agreement. */
export function figuresOf(reviewed: Reviewed, { discussAbove }: { discussAbove: number }): Figures {
  const { reviewers = [] } = reviewed;
  const means = reviewers.flatMap(({ mean }) => (mean === undefined ? [] : [mean])).sort((a, b) => a - b);
  const [lowest, highest] = [means[0], means.at(-1)];
  const spread =
    lowest === undefined || highest === undefined || means.length < 2 ? null : toPlaces(highest - lowest, 6);
  return {
    count: countSubmitted(reviewed),
    mean: means.length === 0 ? null : toPlaces(means.reduce((sum, mean) => sum + mean, 0) / means.length, 2),
    median: medianOf(means),
    spread: spread === null ? null : toPlaces(spread, 2),
    isToDiscuss: spread !== null && spread > discussAbove,
  };
}

function medianOf(sorted: readonly number[]): number | null {
  if (sorted.length === 0) return null;
  const upper = sorted[Math.floor(sorted.length / 2)]!;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1]!;
  return toPlaces((lower + upper) / 2, 2);
}

/** Rounded, so that a sum of binary fractions is compared and shown as people would add it up. */
export function toPlaces(value: number, places: number): number {
  const unit = 10 ** places;
  return Math.round((value + Number.EPSILON) * unit) / unit;
}
