import { Field, Float, ID, InputType, Int, ObjectType } from "type-graphql";
import { ApplicationObject } from "../application/application.type.ts";
import type { CriterionKind } from "../cohort/policy.ts";
import { CriterionKindEnum } from "../cohort/policy.type.ts";
import { connectionType } from "../shared/page.ts";
import { DateTime, enumType } from "../shared/scalars.ts";
import { payloadType } from "../shared/user-error.ts";
import type { Audience, Recommendation, ReviewState } from "./review.ts";
import type { DeclareCode, ReopenReviewCode, SaveReviewCode, SubmitReviewCode } from "./scoring.ts";
import type { Suspicion } from "./suspicion.ts";

export const ReviewStateEnum = enumType<ReviewState>("ReviewState", "Where a review stands.", {
  ASSIGNED: "The reviewer has not said yet whether they have a conflict.",
  CLEARED: "The reviewer has no conflict and has not submitted yet.",
  SUBMITTED: "It is in, and counts.",
  ENDED: "Somebody else reviews instead.",
});

export const RecommendationEnum = enumType<Recommendation>("Recommendation", "What a reviewer advises.", {
  ACCEPT: "To accept.",
  WAITLIST: "To put on the waitlist.",
  DECLINE: "To decline.",
  DISCUSS: "To talk about it first.",
});

export const AudienceEnum = enumType<Audience>("CommentAudience", "For whom a comment of a review is written.", {
  COMMITTEE: "For committee and staff.",
  STAFF: "For staff alone.",
  APPLICANT_FEEDBACK: "For committee and staff, and for the applicant once a decision is told.",
});

export const SuspicionEnum = enumType<Suspicion>("ConflictSuspicion", "What looks like a conflict.", {
  SAME_EMPLOYER: "They seem to work for the same organization.",
  SAME_MAIL_DOMAIN: "They have addresses of one organization.",
  NOMINATOR: "The reviewer seems to have nominated the applicant.",
  PROPOSED_PARTNER: "They are to be a team.",
});

export const ReviewFlagEnum = enumType<"DISCUSS">(
  "ReviewFlag",
  "What is pointed out about the reviews of an application.",
  {
    DISCUSS: "The reviewers are further apart than the cohort takes for agreement.",
  },
);

@ObjectType("ReviewComment", { simpleResolvers: true, description: "What a reviewer says in their own words." })
export class ReviewCommentObject {
  @Field(() => AudienceEnum, { description: "For whom." })
  audience!: Audience;

  @Field(() => String, { description: "The words; at most 4,000 characters." })
  text!: string;
}

@ObjectType("ReviewMark", {
  simpleResolvers: true,
  description: "What a reviewer says to one criterion, as it was asked.",
})
export class ReviewMarkObject {
  @Field(() => ID, { description: "Id of the criterion in the cohort's list." })
  criterionId!: string;

  @Field(() => String, { description: "The criterion as it stood when the reviewer began." })
  name!: string;

  @Field(() => CriterionKindEnum, { description: "What it is for." })
  kind!: CriterionKind;

  @Field(() => Int, { description: "How much it counts beside the others." })
  weight!: number;

  @Field(() => Int, { nullable: true, description: "From 0 to 4; null until it is given, and where they abstain." })
  score!: number | null;

  @Field(() => Boolean, { description: "Whether the reviewer abstains; then it counts nothing, not even zero." })
  abstains!: boolean;

  @Field(() => Boolean, {
    nullable: true,
    description: "Whether it is met; null until they say, and for what is scored.",
  })
  isMet!: boolean | null;

  @Field(() => ReviewCommentObject, { nullable: true, description: "Null when there is none for the viewer." })
  comment!: ReviewCommentObject | null;
}

@ObjectType("Review", {
  simpleResolvers: true,
  description:
    "One person's review of one application. Marks, recommendation and comments are its author's alone until it is in; then " +
    "committee and staff read them, but no other reviewer before theirs is in too. Empty or null to whoever may not.",
})
export class ReviewObject {
  @Field(() => Int, { description: "Grows with every change; pass it as `expectedVersion`." })
  version!: number;

  @Field(() => ReviewStateEnum, { description: "Where it stands." })
  state!: ReviewState;

  @Field(() => DateTime, { description: "When it was assigned." })
  assignedAt!: string;

  @Field(() => DateTime, { description: "When it should be in." })
  dueAt!: string;

  @Field(() => DateTime, { nullable: true, description: "When it was submitted; null before." })
  submittedAt!: string | null;

  @Field(() => RecommendationEnum, { nullable: true, description: "Null until it is given, or not for the viewer." })
  recommendation!: Recommendation | null;

  @Field(() => [ReviewCommentObject], { description: "On the whole, as far as they are for the viewer." })
  comments!: readonly ReviewCommentObject[];
}

export const ReviewConnection = connectionType("Review", () => ReviewObject);

@ObjectType("Reviewer", { simpleResolvers: true, description: "Who reviews an application, and how far they are." })
export class ReviewerObject {
  @Field(() => ReviewStateEnum, { description: "How far they are." })
  state!: ReviewState;

  @Field(() => DateTime, { description: "When they were assigned." })
  assignedAt!: string;

  @Field(() => DateTime, { description: "When their review should be in." })
  dueAt!: string;

  @Field(() => Boolean, { description: "Whether that time is over without it." })
  isLate!: boolean;

  @Field(() => Float, {
    nullable: true,
    description: "What their scores come to, by weight; null until their review is in, or not for the viewer.",
  })
  mean!: number | null;
}

@ObjectType("ReviewSummary", {
  simpleResolvers: true,
  description:
    "How the reviews of an application stand. Whoever still has to submit their own review reads no figures and nobody but " +
    "themselves here.",
})
export class ReviewSummaryObject {
  @Field(() => Int, { description: "Reviews that it needs." })
  needed!: number;

  @Field(() => Int, { nullable: true, description: "Reviews that are in; null when it is not for the viewer." })
  count!: number | null;

  @Field(() => Float, { nullable: true, description: "Mean of the reviewers' means; null when there is none to see." })
  mean!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: "Median of the reviewers' means; null when there is none to see.",
  })
  median!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: "The highest of the reviewers' means less the lowest; null with fewer than two to see.",
  })
  spread!: number | null;

  @Field(() => [ReviewFlagEnum], { description: "What is pointed out; empty when it is not for the viewer." })
  flags!: "DISCUSS"[];

  @Field(() => [ReviewerObject], { description: "Its reviewers, as far as the viewer may know of them." })
  reviewers!: object[];

  @Field(() => Boolean, { description: "Whether what is in the application is open to the viewer." })
  isOpen!: boolean;

  @Field(() => [SuspicionEnum], {
    description: "What looks like a conflict between the applicant and the viewer, as a member of the committee.",
  })
  suspicions!: Suspicion[] | (() => Promise<Suspicion[]>);
}

@ObjectType("ReviewOverviewRow", { simpleResolvers: true, description: "An application that asks for attention." })
export class ReviewOverviewRowObject {
  @Field(() => ID, { description: "The application." })
  applicationId!: string;

  @Field(() => String, { description: "Its number." })
  number!: string;

  @Field(() => Int, { description: "How many review it." })
  assigned!: number;

  @Field(() => Int, { description: "How many reviews are in." })
  submitted!: number;

  @Field(() => Float, { nullable: true, description: "How far the reviewers are apart; null with fewer than two." })
  spread!: number | null;
}

@ObjectType("LateReviewer", { simpleResolvers: true, description: "A reviewer whose time is over." })
export class LateReviewerObject {
  @Field(() => [String], { description: "Numbers of the applications they still have to review." })
  numbers!: string[];

  @Field(() => DateTime, { description: "When the first of them should have been in." })
  since!: string;
}

@ObjectType("ReviewOverview", {
  simpleResolvers: true,
  description:
    "What asks for attention in the review of a cohort's applications of one kind, of those whose figures the viewer may read. " +
    "All are under review, or complete and to be reviewed.",
})
export class ReviewOverviewObject {
  @Field(() => Int, { description: "How many are looked at." })
  applications!: number;

  @Field(() => [ReviewOverviewRowObject], { description: "Those that nobody reviews." })
  unassigned!: ReviewOverviewRowObject[];

  @Field(() => [ReviewOverviewRowObject], { description: "Those with fewer reviews than they need." })
  tooFew!: ReviewOverviewRowObject[];

  @Field(() => [ReviewOverviewRowObject], {
    description: "Those whose reviewers are too far apart to go without a talk.",
  })
  toDiscuss!: ReviewOverviewRowObject[];

  @Field(() => [LateReviewerObject], { description: "Who is late, the longest first." })
  late!: object[];
}

@InputType({ description: "Whether one has a conflict with an application." })
export class ReviewConflictDeclareInput {
  @Field(() => ID, { description: "The application." })
  applicationId!: string;

  @Field(() => Boolean, {
    description: "Whether there is a conflict. Then the viewer is kept away from it from now on.",
  })
  hasConflict!: boolean;

  @Field(() => String, {
    nullable: true,
    description: "The conflict, for the history; at most 1,000 characters. Needed when there is one.",
  })
  why?: string | null;
}

@InputType({ description: "A comment of a review." })
export class ReviewCommentInput {
  @Field(() => AudienceEnum, { defaultValue: "COMMITTEE", description: "For whom." })
  audience!: Audience;

  @Field(() => String, { description: "At most 4,000 characters; an empty one removes it." })
  text!: string;
}

@InputType({ description: "What is said anew to one criterion. What is absent stays; null clears it." })
export class ReviewMarkInput {
  @Field(() => ID, { description: "Id of the criterion." })
  criterionId!: string;

  @Field(() => Int, { nullable: true, description: "From 0 to 4, for what is scored." })
  score?: number | null;

  @Field(() => Boolean, { nullable: true, description: "True to abstain, which takes an earlier score back." })
  abstains?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: "Whether it is met, for gates and soft criteria." })
  isMet?: boolean | null;

  @Field(() => ReviewCommentInput, { nullable: true, description: "A comment on this criterion." })
  comment?: ReviewCommentInput | null;
}

@InputType({ description: "Pieces of the viewer's review. What is absent stays as it is." })
export class ReviewSaveInput {
  @Field(() => ID, { description: "The application that is reviewed." })
  applicationId!: string;

  @Field(() => Int, { nullable: true, description: "The version the pieces were written on; merged without it." })
  expectedVersion?: number | null;

  @Field(() => [ReviewMarkInput], { nullable: true, description: "Each criterion once." })
  marks?: ReviewMarkInput[] | null;

  @Field(() => RecommendationEnum, { nullable: true, description: "What the reviewer advises; null clears it." })
  recommendation?: Recommendation | null;

  @Field(() => [ReviewCommentInput], { nullable: true, description: "On the whole; one for each audience." })
  comments?: ReviewCommentInput[] | null;
}

@InputType({ description: "The review to submit: the viewer's." })
export class ReviewSubmitInput {
  @Field(() => ID, { description: "The application that is reviewed." })
  applicationId!: string;

  @Field(() => Int, {
    nullable: true,
    description: "The version that was looked at; CONFLICT when it has changed since.",
  })
  expectedVersion?: number | null;
}

@InputType({ description: "A submitted review to open again." })
export class ReviewReopenInput {
  @Field(() => ID, { description: "The application that is reviewed." })
  applicationId!: string;

  @Field(() => ID, { description: "The reviewer." })
  personId!: string;

  @Field(() => String, { description: "Why, for the history; at most 1,000 characters." })
  why!: string;
}

const outcome = {
  application: {
    type: () => ApplicationObject,
    description: "The application as it is now; null when the viewer may not see it any more.",
  },
  review: { type: () => ReviewObject, description: "The review as it is now; null when there is none to see." },
};

const textCodes = { REQUIRED: true, TOO_LONG: true, BAD_CHARACTERS: true } as const;
const stateCodes = { WRONG_STATE: true, ALREADY_SUBMITTED: true } as const;
const conflictCodes = { OWN_APPLICATION: true, RECUSED: true } as const;

export const ReviewConflictDeclarePayload = payloadType<DeclareCode>("ReviewConflictDeclare", outcome, {
  ...textCodes,
  ...stateCodes,
  ...conflictCodes,
  ALREADY_RECUSED: true,
  ALREADY_DECLARED: true,
});

export const ReviewSavePayload = payloadType<SaveReviewCode>("ReviewSave", outcome, {
  ...textCodes,
  ...stateCodes,
  ...conflictCodes,
  NOT_ASSIGNED: true,
  NOT_DECLARED: true,
  REVIEW_SUBMITTED: true,
  UNKNOWN_CRITERION: true,
  CRITERION_TWICE: true,
  OUT_OF_RANGE: true,
  NOT_SCORED: true,
  CONFLICT: true,
});

export const ReviewSubmitPayload = payloadType<SubmitReviewCode>("ReviewSubmit", outcome, {
  ...stateCodes,
  ...conflictCodes,
  REQUIRED: true,
  NOT_ASSIGNED: true,
  NOT_DECLARED: true,
  REVIEW_SUBMITTED: true,
  NO_SCORE: true,
  CONFLICT: true,
});

export const ReviewReopenPayload = payloadType<ReopenReviewCode>("ReviewReopen", outcome, {
  ...textCodes,
  ...stateCodes,
  ...conflictCodes,
  NOT_ASSIGNED: true,
  NOT_SUBMITTED: true,
});
