import {
  conflictRefusals,
  stateRefusals,
  startReview,
  type Application,
  type ApplicationEvent,
  type ApplicationKind,
} from "../application/application.ts";
import type { Cohort } from "../cohort/cohort.ts";
import type { Criterion } from "../cohort/policy.ts";
import { isSelf, type Person, type Viewer } from "../person/person.ts";
import { isChair, isCommittee, isStaff } from "../person/role.ts";
import {
  isRefused,
  reasonRefusals,
  refusal,
  type Decision,
  type Happening,
  type Refusal,
  type TextCode,
} from "../shared/decision.ts";
import { addDays, dateOf, instantAt, later, type Instant, type Zone } from "../shared/time.ts";
import { countSubmitted, type Reviewer, type ReviewerState } from "./reviewer.ts";
import { conflictsByRule } from "./suspicion.ts";

/** Where a review stands. ENDED is one that somebody else does instead. */
export type ReviewState = ReviewerState | "ENDED";

/** What a reviewer advises. */
export const RECOMMENDATIONS = ["ACCEPT", "WAITLIST", "DECLINE", "DISCUSS"] as const;

/** One of RECOMMENDATIONS. */
export type Recommendation = (typeof RECOMMENDATIONS)[number];

/** For whom a comment is written. The applicant reads theirs once the decision is told. */
export const AUDIENCES = ["COMMITTEE", "STAFF", "APPLICANT_FEEDBACK"] as const;

/** One of AUDIENCES. */
export type Audience = (typeof AUDIENCES)[number];

/** What a reviewer says in their own words. */
export interface ReviewComment {
  audience: Audience;
  text: string;
}

/** What a reviewer says to one criterion. */
export interface Mark {
  /** From 0 to 4; null when they abstain, which counts nothing. Absent until they say, and for what is not scored. */
  score?: number | null;
  /** Whether a gate or a soft criterion is met; absent until they say. */
  isMet?: boolean;
  comment?: ReviewComment;
}

/** One person's review of one application. Who reviews what is the application's to say; this holds what they write. */
export interface Review {
  /** The application's id and the reviewer's. */
  id: string;
  version: number;
  applicationId: string;
  /** The application's number, for people. */
  number: string;
  cohortId: string;
  kind: ApplicationKind;
  personId: string;
  state: ReviewState;
  assignedAt: Instant;
  assignedBy: string;
  dueAt: Instant;
  /** The cohort's, in which the reviewer reads that time. */
  zone: Zone;
  /** When the reviewer was told; null until then. */
  toldAt: Instant | null;
  /** When they are to be reminded still, soonest first. */
  reminders: readonly Instant[];
  /** What was asked, as it stood when the reviewer began; empty before. */
  criteria: readonly Criterion[];
  /** By criterion. */
  marks: Readonly<Record<string, Mark>>;
  recommendation: Recommendation | null;
  /** On the whole; one for each audience at most. */
  comments: readonly ReviewComment[];
  submittedAt: Instant | null;
}

/** Whose review of what. */
interface Concerned {
  applicationId: string;
  personId: string;
}

/** What happens to reviews. Scores and words stay in the review. */
export type ReviewEvent =
  | Happening<"ReviewerAssigned", Concerned>
  | Happening<"ReviewerUnassigned", Concerned>
  | Happening<"ReviewConflictDenied", Concerned>
  | Happening<"ReviewConflictFound", Concerned & { assignedBy: string }>
  | Happening<"ReviewSaved", Concerned & { fields: readonly string[] }>
  | Happening<"ReviewSubmitted", Concerned>
  | Happening<"ReviewReopened", Concerned>
  | Happening<"ReviewCommentsRemoved", Concerned>
  | Happening<"ReviewsAssigned", { count: number }>
  | Happening<"ReviewsDue", { count: number }>;

/** Why a reviewer is not assigned. */
export type AssignCode =
  | "WRONG_STATE"
  | "ALREADY_SUBMITTED"
  | "OWN_APPLICATION"
  | "RECUSED"
  | "NOT_A_MEMBER"
  | "CONFLICT_BY_RULE"
  | "TOO_MANY";

/** Why a reviewer is not taken off, or replaced. */
export type UnassignCode = AssignCode | TextCode | "NOT_ASSIGNED" | "REVIEW_SUBMITTED";

/** An application together with those of its reviews that a step changes. */
export interface Assigned {
  application: Application;
  reviews: readonly Review[];
}

/** Somebody who is to review, with the review of theirs that there is already, of an earlier assignment. */
export interface Candidate {
  person: Person;
  review?: Review;
}

/** What an assignment has to know besides. */
export interface AssignFacts {
  viewer: Viewer;
  cohort: Cohort;
  applicant: Person;
  /** The id of the person whom the applicant applies together with; null or absent where there is none. */
  partnerId?: string | null;
}

/** Most reviewers of one application. */
export const MOST_REVIEWERS = 10;
/** So long a reviewer is not told yet, so that one mail tells of everything that is assigned in one go. */
const TELL_MINUTES = 5;

/** The id of a person's review of an application. */
export const reviewId = (applicationId: string, personId: string): string => `${applicationId}.${personId}`;

/** Whether the viewer may say who reviews: staff, and the chair of the cohort's committee. */
export function mayAssign(viewer: Viewer | null, { cohortId }: Pick<Application, "cohortId">): boolean {
  return isStaff(viewer) || isChair(viewer, cohortId);
}

/** Assigns reviewers to an application; who is one already stays one, untouched. The first opens its review. */
export function assignReviewers(
  application: Application,
  candidates: readonly Candidate[],
  facts: AssignFacts,
): Decision<Assigned, AssignCode, ReviewEvent | ApplicationEvent> {
  const { viewer, cohort } = facts;
  const wrong = [...conflictRefusals(application, viewer), ...openRefusals(application)].slice(0, 1);
  if (wrong.length > 0) return { refusals: wrong };
  const { reviewers = [] } = application;
  const isNew = ({ person }: Candidate) =>
    !reviewers.some(({ personId }) => isSelf({ person, now: viewer.now }, personId));
  const refusals = candidates.flatMap((candidate, index) =>
    isNew(candidate) ? memberRefusals(application, candidate.person, facts, String(index)) : [],
  );
  const added = candidates.filter(
    (candidate, index) =>
      isNew(candidate) && candidates.findIndex(({ person }) => person.id === candidate.person.id) === index,
  );
  if (reviewers.length + added.length > MOST_REVIEWERS) {
    refusals.push(refusal("TOO_MANY", `An application has at most ${MOST_REVIEWERS} reviewers.`, "personIds"));
  }
  if (refusals.length > 0) return { refusals };
  if (added.length === 0) return { outcome: { application, reviews: [] }, events: [] };
  const reviews = added.map(({ person, review }) => newReview(application, person, review, { viewer, cohort }));
  const opened = opening(application, viewer);
  const next = withReviewers(opened.outcome, [...reviewers, ...reviews.map(entryOf)], facts);
  const events = reviews.map((review) => reviewEvent("ReviewerAssigned", review));
  return { outcome: { application: next, reviews }, events: [...opened.events, ...events] };
}

/** Takes a reviewer off an application whose review is not in; what they have written so far goes with them. */
export function unassignReviewer(
  application: Application,
  review: Review | undefined,
  facts: { viewer: Viewer; cohort: Cohort; why: string },
): Decision<Assigned, UnassignCode, ReviewEvent> {
  const wrong: Refusal<UnassignCode>[] = conflictRefusals(application, facts.viewer);
  if (wrong.length > 0) return { refusals: wrong };
  const refusals: Refusal<UnassignCode>[] = reasonRefusals(facts.why);
  const entry = application.reviewers?.find(({ personId }) => personId === review?.personId);
  if (!review || !entry)
    refusals.push(refusal("NOT_ASSIGNED", "This person does not review this application.", "personId"));
  else if (entry.state === "SUBMITTED") {
    const message = "This review is in: please reopen it first, if it is not to count.";
    refusals.push(refusal("REVIEW_SUBMITTED", message, "personId"));
  }
  if (refusals.length > 0 || !review) return { refusals };
  const event = reviewEvent("ReviewerUnassigned", review, facts.why.trim());
  return { outcome: takenOff(application, review, facts), events: [event] };
}

/** Puts one reviewer in another's place. */
export function reassignReview(
  application: Application,
  { from, to }: { from: Review | undefined; to: Candidate },
  facts: AssignFacts & { why: string },
): Decision<Assigned, UnassignCode, ReviewEvent | ApplicationEvent> {
  const off = unassignReviewer(application, from, facts);
  if (isRefused(off)) return { refusals: off.refusals.map((one) => inField(one, "personId", "fromPersonId")) };
  const on = assignReviewers(off.outcome.application, [to], facts);
  if (isRefused(on)) return { refusals: on.refusals.map((one) => ({ ...one, field: one.field && ["toPersonId"] })) };
  return {
    outcome: { application: on.outcome.application, reviews: [...off.outcome.reviews, ...on.outcome.reviews] },
    events: [...off.events, ...on.events],
  };
}

function inField<Code extends string>(one: Refusal<Code>, from: string, to: string): Refusal<Code> {
  return one.field?.[0] === from ? { ...one, field: [to] } : one;
}

/** An application without a reviewer who does not go on, and their review, emptied. */
export function takenOff(application: Application, review: Review, facts: Settled): Assigned {
  const left = (application.reviewers ?? []).filter(({ personId }) => personId !== review.personId);
  const ended: Review = { ...review, state: "ENDED", reminders: [], marks: {}, recommendation: null, comments: [] };
  return { application: withReviewers(application, left, facts), reviews: [{ ...ended, submittedAt: null }] };
}

/** What tells whether an application is reviewed, and when. */
interface Settled {
  viewer: Pick<Viewer, "now">;
  cohort: Cohort;
}

/** The application with these reviewers, and whether it is reviewed by that. */
export function withReviewers(
  application: Application,
  reviewers: readonly Reviewer[],
  { viewer, cohort }: Settled,
): Application {
  const { reviewedAt = viewer.now, ...rest } = application;
  const isReviewed = countSubmitted({ reviewers }) >= cohort.policy.review.perApplication;
  return { ...rest, reviewers, ...(isReviewed && { reviewedAt }) };
}

/** A reviewer as the application keeps it, of their review. */
export function entryOf({ personId, state, assignedAt, dueAt }: Review): Reviewer {
  return { personId, state: state === "ENDED" ? "ASSIGNED" : state, assignedAt, dueAt };
}

/** The application with this reviewer's entry as it is now. */
export function withEntry(application: Application, entry: Reviewer, facts: Settled): Application {
  const { reviewers = [] } = application;
  return withReviewers(
    application,
    reviewers.map((one) => (one.personId === entry.personId ? entry : one)),
    facts,
  );
}

/** The event of a step with a review. */
export function reviewEvent(
  type: "ReviewerAssigned" | "ReviewerUnassigned" | "ReviewConflictDenied" | "ReviewSubmitted" | "ReviewReopened",
  { id, applicationId, personId }: Pick<Review, "id" | "applicationId" | "personId">,
  why?: string,
): ReviewEvent {
  return { type, about: { kind: "Review", id }, facts: { applicationId, personId }, ...(why !== undefined && { why }) };
}

/** Takes a reviewer off who was erased, so that somebody else is assigned; a review that is in stays as it is. */
export function eraseReviewer(
  application: Application,
  review: Review,
  facts: Settled,
): { outcome: Assigned; events: readonly ReviewEvent[] } {
  const entry = application.reviewers?.find(({ personId }) => personId === review.personId);
  if (entry === undefined || entry.state === "SUBMITTED") return { outcome: { application, reviews: [] }, events: [] };
  return { outcome: takenOff(application, review, facts), events: [reviewEvent("ReviewerUnassigned", review)] };
}

/** Opens the review of an application that is complete, and of no other. */
export function opening(
  application: Application,
  viewer: Viewer,
): { outcome: Application; events: readonly ApplicationEvent[] } {
  const started = application.state === "COMPLETE" ? startReview(application, viewer) : null;
  return started && !isRefused(started) ? started : { outcome: application, events: [] };
}

/** Why an application is not reviewed now; empty while it is. */
export function openRefusals(application: Application): Refusal<"WRONG_STATE" | "ALREADY_SUBMITTED">[] {
  return isUnderReview(application) ? [] : stateRefusals(application, "startReview");
}

/** Whether the application is to be reviewed, or being so. */
export const isUnderReview = ({ state }: Application): boolean => state === "COMPLETE" || state === "UNDER_REVIEW";

/** When something has to be done about a review by itself: to tell its reviewer, or to remind them; null when nothing. */
export function nextStepOf({ state, toldAt, assignedAt, reminders }: Review): Instant | null {
  if (state === "SUBMITTED" || state === "ENDED") return null;
  const tells = toldAt === null ? [later(assignedAt, { minutes: TELL_MINUTES })] : [];
  return [...tells, ...reminders].sort()[0] ?? null;
}

function memberRefusals(
  application: Application,
  person: Person,
  { viewer, cohort, applicant, partnerId }: AssignFacts,
  place: string,
): Refusal<AssignCode>[] {
  const member: Viewer = { person, now: viewer.now };
  const [conflicting] = conflictRefusals(application, member);
  if (conflicting) {
    const message = `${person.name} has a conflict with this application: please choose somebody else.`;
    return [refusal(conflicting.code === "RECUSED" ? "RECUSED" : "CONFLICT_BY_RULE", message, "personIds", place)];
  }
  if (person.state !== "ACTIVE" || !isCommittee(member, cohort.id)) {
    const message = `${person.name} does not sit on this cohort's committee.`;
    return [refusal("NOT_A_MEMBER", message, "personIds", place)];
  }
  const compared = { application, applicant, partnerId, member: person, policy: cohort.policy.review };
  if (conflictsByRule(compared).length === 0) return [];
  const message = `${person.name} is kept away by rule, as a colleague, nominator or proposed partner: please choose somebody else.`;
  return [refusal("CONFLICT_BY_RULE", message, "personIds", place)];
}

function newReview(
  application: Application,
  person: Person,
  earlier: Review | undefined,
  { viewer, cohort }: { viewer: Viewer; cohort: Cohort },
): Review {
  const isCleared = (application.cleared ?? []).some(({ personId }) => isSelf({ person, now: viewer.now }, personId));
  const { zone, policy } = cohort;
  const lastDay = addDays(dateOf(viewer.now, zone), policy.review.days);
  const reminders = policy.review.reminderDays.map((days) =>
    instantAt(addDays(lastDay, -days), policy.review.remindsAt, zone),
  );
  return {
    id: reviewId(application.id, person.id),
    version: earlier?.version ?? 0,
    applicationId: application.id,
    number: application.number,
    cohortId: application.cohortId,
    kind: application.kind,
    personId: person.id,
    state: isCleared ? "CLEARED" : "ASSIGNED",
    assignedAt: viewer.now,
    assignedBy: viewer.person.id,
    dueAt: instantAt(lastDay, policy.review.endsAt, zone),
    zone,
    toldAt: null,
    reminders: reminders.filter((at) => at > viewer.now).sort(),
    criteria: isCleared ? policy.criteria[application.kind] : [],
    marks: {},
    recommendation: null,
    comments: [],
    submittedAt: null,
  };
}
