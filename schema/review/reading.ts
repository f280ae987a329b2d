import { mayRead, mayReadContent, type Application } from "../application/application.ts";
import { isSelf, type Viewer } from "../person/person.ts";
import { isStaff } from "../person/role.ts";
import { isUnderReview, type Mark, type Review, type ReviewComment } from "./review.ts";
import { isStillIndependent, reviewerOf, type Reviewer } from "./reviewer.ts";

/**
 * Whether the viewer may see what others make of the application: nobody of their own, and no reviewer before their own review
 * is in, in whatever office.
 */
export function mayReadFigures(viewer: Viewer | null, application: Application): boolean {
  if (isSelf(viewer, application.personId) || !mayRead(viewer, application)) return false;
  return !isStillIndependent(application, viewer);
}

/**
 * Whether the viewer is still to review the application, in whatever office: until that is in, or they are taken off, or the
 * decision is told, nothing of what the committee means to decide of it may reach them either.
 */
export function stillReviews(viewer: Viewer | null, application: Application): boolean {
  return isUnderReview(application) && isStillIndependent(application, viewer);
}

/** The reviewers that the viewer may know of: all, or while they still review themselves, only that they do. */
export function visibleReviewers(viewer: Viewer | null, application: Application): readonly Reviewer[] {
  if (isSelf(viewer, application.personId) || !mayRead(viewer, application)) return [];
  const { reviewers = [] } = application;
  if (mayReadFigures(viewer, application)) return reviewers;
  const own = reviewerOf(application, viewer);
  return own ? [own] : [];
}

/** The review as the viewer may read it; null when not at all. What is not submitted is its author's alone. */
export function visibleReview(viewer: Viewer | null, application: Application, review: Review): Review | null {
  if (!visibleReviewers(viewer, application).some(({ personId }) => personId === review.personId)) return null;
  if (isSelf(viewer, review.personId)) return review;
  const isReadable = review.state === "SUBMITTED" && mayReadContent(viewer, application);
  if (!isReadable) return { ...review, criteria: [], marks: {}, recommendation: null, comments: [] };
  const marks = Object.entries(review.marks).map(([id, mark]) => [id, readable(viewer, mark)]);
  return {
    ...review,
    marks: Object.fromEntries(marks),
    comments: review.comments.filter((comment) => isFor(viewer, comment)),
  };
}

/** What reviewers wrote for the applicant. */
export function feedbackIn(reviews: readonly Review[]): string[] {
  const submitted = reviews.filter(({ state }) => state === "SUBMITTED");
  const comments = submitted.flatMap((review) => commentsOf(review));
  return comments.filter(({ audience }) => audience === "APPLICANT_FEEDBACK").map(({ text }) => text);
}

/** Every comment of a review, by criterion, then those on the whole. */
function commentsOf({ criteria, marks, comments }: Review): ReviewComment[] {
  return [...criteria.flatMap(({ id }) => marks[id]?.comment ?? []), ...comments];
}

function readable(viewer: Viewer | null, { comment, ...mark }: Mark): Mark {
  return comment && isFor(viewer, comment) ? { ...mark, comment } : mark;
}

function isFor(viewer: Viewer | null, { audience }: ReviewComment): boolean {
  return audience !== "STAFF" || isStaff(viewer);
}
