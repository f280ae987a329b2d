import {
  conflictRefusals,
  stateRefusals,
  wasSubmitted,
  type Application,
  type ApplicationEvent,
} from "../application/application.ts";
import type { Cohort } from "../cohort/cohort.ts";
import type { Criterion } from "../cohort/policy.ts";
import type { Person, Viewer } from "../person/person.ts";
import { isCommittee } from "../person/role.ts";
import { recuse, type RecuseCode, type RecusalEvent } from "../recusal/recusal.ts";
import {
  isRefused,
  reasonRefusals,
  refusal,
  REMOVED,
  textRefusals,
  type Decision,
  type Refusal,
  type TextCode,
} from "../shared/decision.ts";
import {
  entryOf,
  isUnderReview,
  opening,
  openRefusals,
  reviewEvent,
  takenOff,
  withEntry,
  type Assigned,
  type Mark,
  type Recommendation,
  type Review,
  type ReviewComment,
  type ReviewEvent,
} from "./review.ts";
import { hasDeclared, toPlaces } from "./reviewer.ts";

/** Why it is not taken that there is a conflict, or none. */
export type DeclareCode = RecuseCode | "WRONG_STATE" | "ALREADY_SUBMITTED" | "RECUSED" | "ALREADY_DECLARED";

/** Why a piece of a review is not saved. */
export type SaveReviewCode =
  | TextCode
  | "WRONG_STATE"
  | "ALREADY_SUBMITTED"
  | "OWN_APPLICATION"
  | "RECUSED"
  | "NOT_ASSIGNED"
  | "NOT_DECLARED"
  | "REVIEW_SUBMITTED"
  | "UNKNOWN_CRITERION"
  | "CRITERION_TWICE"
  | "OUT_OF_RANGE"
  | "NOT_SCORED"
  | "CONFLICT";

/** Why a review is not in. */
export type SubmitReviewCode =
  | Exclude<SaveReviewCode, TextCode | "UNKNOWN_CRITERION" | "CRITERION_TWICE" | "NOT_SCORED" | "OUT_OF_RANGE">
  | "REQUIRED"
  | "NO_SCORE";

/** Why a review is not opened again. */
export type ReopenReviewCode =
  | TextCode
  | "WRONG_STATE"
  | "ALREADY_SUBMITTED"
  | "OWN_APPLICATION"
  | "RECUSED"
  | "NOT_ASSIGNED"
  | "NOT_SUBMITTED";

/** A member, an application, and the member's review of it, if there is one. */
export interface Declaring {
  application: Application;
  person: Person;
  review?: Review;
}

/** What becomes of a declaration: the member too, where there is a conflict. */
export interface Declared extends Assigned {
  person: Person;
}

/** Highest score of a criterion; the lowest is 0. */
export const HIGHEST_SCORE = 4;

/**
 * Declares that there is no conflict, which opens what is in the application to the member, or that there is one: then they are
 * recused and somebody else has to review.
 */
export function declareConflict(
  { application, person, review }: Declaring,
  facts: { viewer: Viewer; cohort: Cohort; hasConflict: boolean; why?: string | null },
): Decision<Declared, DeclareCode, ReviewEvent | RecusalEvent | ApplicationEvent> {
  const { viewer, hasConflict, why } = facts;
  if (hasConflict) return withdrawFrom({ application, person, review }, { ...facts, why: why ?? "" });
  const unsubmitted = wasSubmitted(application) ? [] : stateRefusals(application, "startReview");
  const wrong: Refusal<DeclareCode>[] = [...conflictRefusals(application, viewer), ...unsubmitted].slice(0, 1);
  if (wrong.length > 0) return { refusals: wrong };
  const refusals: Refusal<DeclareCode>[] = reasonRefusals(why ?? "", { optional: true });
  if (hasDeclared(application, viewer)) {
    refusals.push(refusal("ALREADY_DECLARED", "You have declared already that there is no conflict."));
  }
  if (refusals.length > 0) return { refusals };
  const concerned = {
    id: review?.id ?? `${application.id}.${person.id}`,
    applicationId: application.id,
    personId: person.id,
  };
  const event = reviewEvent("ReviewConflictDenied", concerned, why?.trim() || undefined);
  if (!review || !isAssigned(application, review)) {
    const cleared = [...(application.cleared ?? []), { personId: person.id, at: viewer.now }];
    return { outcome: { application: { ...application, cleared }, person, reviews: [] }, events: [event] };
  }
  const criteria = facts.cohort.policy.criteria[application.kind];
  const next: Review = { ...review, state: "CLEARED", criteria };
  const opened = opening(application, viewer);
  const outcome = { application: withEntry(opened.outcome, entryOf(next), facts), person, reviews: [next] };
  return { outcome, events: [...opened.events, event] };
}

/** A member keeps away because of a conflict; whoever assigned them is told. What they have submitted counts no more. */
export function withdrawFrom(
  { application, person, review }: Declaring,
  facts: { viewer: Viewer; cohort: Cohort; why: string },
): Decision<Declared, RecuseCode, ReviewEvent | RecusalEvent> {
  const apart = recuse({ application, person }, facts);
  if (isRefused(apart)) return apart;
  const { outcome, events } = apart;
  if (!review || !isAssigned(application, review)) return { outcome: { ...outcome, reviews: [] }, events };
  const { id, applicationId, personId, assignedBy } = review;
  const found: ReviewEvent = {
    type: "ReviewConflictFound",
    about: { kind: "Review", id },
    facts: { applicationId, personId, assignedBy },
  };
  return { outcome: { ...outcome, ...takenOff(outcome.application, review, facts) }, events: [...events, found] };
}

/** Pieces of a review: an absent one stays, null clears it. */
export interface ReviewPieces {
  marks?: readonly MarkPiece[];
  recommendation?: Recommendation | null;
  comments?: readonly { audience: ReviewComment["audience"]; text: string | null }[];
}

/** What is said anew to one criterion. */
export interface MarkPiece {
  criterionId: string;
  score?: number | null;
  abstains?: boolean | null;
  isMet?: boolean | null;
  comment?: ReviewComment | null;
}

const COMMENT = { max: 4_000, label: "The comment", multiline: true, optional: true };

/** Saves pieces of a review. Nothing needs to be finished. */
export function saveReview(
  review: Review | undefined,
  pieces: ReviewPieces,
  facts: { application: Application; viewer: Viewer; expectedVersion?: number | null },
): Decision<Review, SaveReviewCode, ReviewEvent> {
  const wrong: Refusal<SaveReviewCode>[] = writableRefusals(review, facts);
  if (wrong.length > 0 || !review) return { refusals: wrong };
  const { marks = [], comments = [] } = pieces;
  if (marks.length > review.criteria.length) {
    const message = "There are more marks than criteria: please mark each once.";
    return { refusals: [refusal("CRITERION_TWICE", message, "marks")] };
  }
  const refusals = [
    ...marks.flatMap((mark, index) => markRefusals(mark, review.criteria, marks.slice(0, index))),
    ...comments.slice(0, 10).flatMap(({ audience, text }) => textRefusals(text ?? "", COMMENT, "comments", audience)),
  ];
  if (refusals.length > 0) return { refusals };
  const next: Review = {
    ...review,
    marks: { ...review.marks, ...Object.fromEntries(marks.map((mark) => [mark.criterionId, marked(review, mark)])) },
    recommendation: pieces.recommendation === undefined ? review.recommendation : pieces.recommendation,
    comments: comments.reduce(withComment, review.comments),
  };
  const fields = [
    ...marks.map(({ criterionId }) => criterionId),
    ...(pieces.recommendation === undefined ? [] : ["recommendation"]),
    ...(comments.length > 0 ? ["comments"] : []),
  ];
  const { id, applicationId, personId } = review;
  const event: ReviewEvent = {
    type: "ReviewSaved",
    about: { kind: "Review", id },
    facts: { applicationId, personId, fields },
  };
  return { outcome: next, events: [event] };
}

/** Submits a finished review; names every part that is missing, all at once. */
export function submitReview(
  review: Review | undefined,
  facts: { application: Application; viewer: Viewer; cohort: Cohort; expectedVersion?: number | null },
): Decision<Assigned, SubmitReviewCode, ReviewEvent | ApplicationEvent> {
  const wrong = writableRefusals(review, facts);
  if (wrong.length > 0 || !review) return { refusals: wrong };
  const missing = missingMarks(review);
  if (missing.length > 0) return { refusals: missing };
  const next: Review = { ...review, state: "SUBMITTED", submittedAt: facts.viewer.now, reminders: [] };
  const mean = meanOf(next);
  const opened = opening(facts.application, facts.viewer);
  const entry = { ...entryOf(next), ...(mean !== null && { mean }) };
  return {
    outcome: { application: withEntry(opened.outcome, entry, facts), reviews: [next] },
    events: [...opened.events, reviewEvent("ReviewSubmitted", next)],
  };
}

/** Opens a submitted review again before the decision; its scores count no more until it is in again. */
export function reopenReview(
  review: Review | undefined,
  facts: { application: Application; viewer: Viewer; cohort: Cohort; why: string },
): Decision<Assigned, ReopenReviewCode, ReviewEvent> {
  const { application, viewer } = facts;
  const wrong = [...conflictRefusals(application, viewer), ...openRefusals(application)].slice(0, 1);
  if (wrong.length > 0) return { refusals: wrong };
  const refusals: Refusal<ReopenReviewCode>[] = reasonRefusals(facts.why);
  if (!review || !isAssigned(application, review)) {
    refusals.push(refusal("NOT_ASSIGNED", "This person does not review this application.", "personId"));
  } else if (review.state !== "SUBMITTED") {
    refusals.push(refusal("NOT_SUBMITTED", "This review is not in yet.", "personId"));
  }
  if (refusals.length > 0 || !review) return { refusals };
  const next: Review = { ...review, state: "CLEARED", submittedAt: null };
  return {
    outcome: { application: withEntry(application, entryOf(next), facts), reviews: [next] },
    events: [reviewEvent("ReviewReopened", next, facts.why.trim())],
  };
}

/** What the scores come to, by the weights of their criteria; an abstention counts nothing. Null when all abstain. */
export function meanOf({ criteria, marks }: Pick<Review, "criteria" | "marks">): number | null {
  let points = 0;
  let weight = 0;
  for (const criterion of criteria) {
    const score = marks[criterion.id]?.score;
    if (criterion.kind !== "SCORED" || score == null) continue;
    points += criterion.weight * score;
    weight += criterion.weight;
  }
  return weight === 0 ? null : toPlaces(points / weight, 6);
}

/** What a review still lacks, each part by name. */
export function missingMarks({ criteria, marks, recommendation }: Review): Refusal<"REQUIRED" | "NO_SCORE">[] {
  const scored = criteria.filter(({ kind }) => kind === "SCORED");
  const hasScore = scored.some(({ id }) => marks[id]?.score != null);
  return [
    ...scored
      .filter(({ id }) => marks[id]?.score === undefined)
      .map(({ id, name }) => refusal("REQUIRED", `A score is missing, or that you abstain: ${name}`, "marks", id)),
    ...criteria
      .filter(({ id, kind }) => kind === "GATE" && marks[id]?.isMet === undefined)
      .map(({ id, name }) => refusal("REQUIRED", `Please say whether it is met: ${name}`, "marks", id)),
    ...(hasScore || scored.length === 0 ? [] : [refusal("NO_SCORE", "Please score one criterion at least.", "marks")]),
    ...(recommendation === null
      ? [refusal("REQUIRED", "Your recommendation is missing: please choose one.", "recommendation")]
      : []),
  ];
}

/** Takes the words out of a review for good; scores and recommendation stay as facts. */
export function removeComments(review: Review): { outcome: Review; events: ReviewEvent[] } {
  const texts = [...review.comments, ...Object.values(review.marks).flatMap(({ comment }) => comment ?? [])];
  if (texts.every(({ text }) => text === REMOVED)) return { outcome: review, events: [] };
  const removed = (comment: ReviewComment) => ({ ...comment, text: REMOVED });
  const marks = Object.entries(review.marks).map(([id, mark]) => [
    id,
    mark.comment ? { ...mark, comment: removed(mark.comment) } : mark,
  ]);
  const { id, applicationId, personId } = review;
  return {
    outcome: { ...review, marks: Object.fromEntries(marks), comments: review.comments.map(removed) },
    events: [{ type: "ReviewCommentsRemoved", about: { kind: "Review", id }, facts: { applicationId, personId } }],
  };
}

function isAssigned({ reviewers = [] }: Application, { personId }: Review): boolean {
  return reviewers.some((one) => one.personId === personId);
}

type WritableCode =
  | "WRONG_STATE"
  | "ALREADY_SUBMITTED"
  | "OWN_APPLICATION"
  | "RECUSED"
  | "NOT_ASSIGNED"
  | "NOT_DECLARED"
  | "REVIEW_SUBMITTED"
  | "CONFLICT";

function writableRefusals(
  review: Review | undefined,
  facts: { application: Application; viewer: Viewer; expectedVersion?: number | null },
): Refusal<WritableCode>[] {
  const { application, viewer, expectedVersion } = facts;
  const conflicts = conflictRefusals(application, viewer);
  if (conflicts.length > 0) return conflicts;
  if (!review || !isAssigned(application, review) || !isCommittee(viewer, application.cohortId)) {
    return [refusal("NOT_ASSIGNED", "You do not review this application.")];
  }
  if (!isUnderReview(application)) {
    const wrong = openRefusals(application);
    return wasSubmitted(application) ? wrong.map((one) => ({ ...one, code: "WRONG_STATE" })) : wrong;
  }
  if (review.state === "ASSIGNED") {
    return [refusal("NOT_DECLARED", "Please declare first whether you have a conflict with this application.")];
  }
  if (review.state === "SUBMITTED") {
    return [
      refusal("REVIEW_SUBMITTED", "Your review is in: the chair or staff can open it again before the decision."),
    ];
  }
  if (expectedVersion == null || expectedVersion === review.version) return [];
  return [refusal("CONFLICT", "Your review has changed in the meantime: please look at it again.", "expectedVersion")];
}

function markRefusals(
  { criterionId, score, abstains, isMet, comment }: MarkPiece,
  criteria: readonly Criterion[],
  earlier: readonly MarkPiece[],
): Refusal<SaveReviewCode>[] {
  const criterion = criteria.find(({ id }) => id === criterionId);
  if (!criterion) {
    return [
      refusal("UNKNOWN_CRITERION", "This review has no such criterion: please use an id from its list.", "marks"),
    ];
  }
  if (earlier.some((one) => one.criterionId === criterionId)) {
    return [
      refusal(
        "CRITERION_TWICE",
        `The criterion ${criterionId} is marked twice: please mark it once.`,
        "marks",
        criterionId,
      ),
    ];
  }
  const refusals: Refusal<SaveReviewCode>[] = textRefusals(comment?.text ?? "", COMMENT, "marks", criterionId);
  const isScored = criterion.kind === "SCORED";
  if ((!isScored && (score != null || abstains === true)) || (isScored && isMet != null)) {
    const message = isScored
      ? "This criterion is scored, not answered with yes or no."
      : "This criterion is not scored.";
    refusals.push(refusal("NOT_SCORED", message, "marks", criterionId));
  }
  const isInRange = score == null || (Number.isInteger(score) && score >= 0 && score <= HIGHEST_SCORE);
  if (!isInRange || (score != null && abstains === true)) {
    const message = `A score is a whole number from 0 to ${HIGHEST_SCORE}, or you abstain.`;
    refusals.push(refusal("OUT_OF_RANGE", message, "marks", criterionId));
  }
  return refusals;
}

function marked({ marks }: Review, { criterionId, score, abstains, isMet, comment }: MarkPiece): Mark {
  const { score: earlierScore, isMet: earlierIsMet, comment: earlierComment } = marks[criterionId] ?? {};
  const nextScore = abstains === true ? null : score === undefined ? earlierScore : (score ?? undefined);
  const nextIsMet = isMet === undefined ? earlierIsMet : (isMet ?? undefined);
  const nextComment =
    comment === undefined ? earlierComment : comment && comment.text.trim() !== "" ? comment : undefined;
  return {
    ...(nextScore !== undefined && { score: nextScore }),
    ...(nextIsMet !== undefined && { isMet: nextIsMet }),
    ...(nextComment !== undefined && { comment: { audience: nextComment.audience, text: nextComment.text } }),
  };
}

function withComment(
  comments: readonly ReviewComment[],
  { audience, text }: { audience: ReviewComment["audience"]; text: string | null },
): readonly ReviewComment[] {
  const others = comments.filter((one) => one.audience !== audience);
  return text === null || text.trim() === "" ? others : [...others, { audience, text }];
}
