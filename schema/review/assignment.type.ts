import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import type { ApplicationKind } from "../application/application.ts";
import { ApplicationKindEnum, ApplicationObject } from "../application/application.type.ts";
import { enumType } from "../shared/scalars.ts";
import { payloadType } from "../shared/user-error.ts";
import type { RunCode } from "./run.ts";
import type { AssignCode, UnassignCode } from "./review.ts";

/** What becomes of a file with faulty lines. */
export type ErrorPolicy = "ALL_OR_NOTHING" | "SKIP_FAULTY";

export const ErrorPolicyEnum = enumType<ErrorPolicy>("ErrorPolicy", "What becomes of a file with faulty lines.", {
  ALL_OR_NOTHING: "Nothing is done, and every faulty line is named.",
  SKIP_FAULTY: "The faulty ones are left out and named; the others are done.",
});

@InputType({ description: "Who is to review an application." })
export class ReviewAssignInput {
  @Field(() => ID, { description: "The application." })
  applicationId!: string;

  @Field(() => [ID], { description: "Members of the committee, at most 10. Who reviews it already stays as they are." })
  personIds!: string[];
}

@InputType({ description: "A reviewer to take off an application." })
export class ReviewUnassignInput {
  @Field(() => ID, { description: "The application." })
  applicationId!: string;

  @Field(() => ID, { description: "The reviewer; their review must not be in." })
  personId!: string;

  @Field(() => String, { description: "Why, for the history; at most 1,000 characters." })
  why!: string;
}

@InputType({ description: "A reviewer to put in another's place." })
export class ReviewReassignInput {
  @Field(() => ID, { description: "The application." })
  applicationId!: string;

  @Field(() => ID, { description: "Who does not review it any more; their review must not be in." })
  fromPersonId!: string;

  @Field(() => ID, { description: "The member of the committee who does instead." })
  toPersonId!: string;

  @Field(() => String, { description: "Why, for the history; at most 1,000 characters." })
  why!: string;
}

@InputType({ description: "Assignments to make from a file." })
export class ReviewAssignFromCsvInput {
  @Field(() => ID, { description: "The cohort." })
  cohortId!: string;

  @Field(() => ApplicationKindEnum, { description: "Of which applications." })
  kind!: ApplicationKind;

  @Field(() => String, {
    description:
      "Comma-separated lines of an application's number and a reviewer's e-mail address, with or without a line of headings; " +
      "at most 100 assignments and 20,000 characters.",
  })
  csv!: string;

  @Field(() => ErrorPolicyEnum, { defaultValue: "ALL_OR_NOTHING", description: "What becomes of faulty lines." })
  errorPolicy!: ErrorPolicy;

  @Field(() => Boolean, { defaultValue: false, description: "Only tells the effect and the token that confirms it." })
  dryRun!: boolean;

  @Field(() => String, { nullable: true, description: "The token of the dry run that was looked at." })
  confirmToken?: string | null;

  @Field(() => String, {
    description: "8 to 100 letters, digits, or . : _ - characters. The same key gives the same run, for two days.",
  })
  idempotencyKey!: string;
}

@InputType({ description: "Assignments to make so that every member has about as many." })
export class ReviewAssignBalancedInput {
  @Field(() => ID, { description: "The cohort." })
  cohortId!: string;

  @Field(() => ApplicationKindEnum, { description: "Of which applications." })
  kind!: ApplicationKind;

  @Field(() => [ID], { description: "The members of the committee who take part, at most 50." })
  personIds!: string[];

  @Field(() => Int, {
    nullable: true,
    description: "Reviewers that each application is to have, from 1 to 10; as many reviews as it needs when absent.",
  })
  perApplication?: number | null;

  @Field(() => Boolean, { defaultValue: false, description: "Only tells the effect and the token that confirms it." })
  dryRun!: boolean;

  @Field(() => String, { nullable: true, description: "The token of the dry run that was looked at." })
  confirmToken?: string | null;

  @Field(() => String, {
    description: "8 to 100 letters, digits, or . : _ - characters. The same key gives the same run, for two days.",
  })
  idempotencyKey!: string;
}

@ObjectType("ReviewAssignmentRow", { simpleResolvers: true, description: "One reviewer for one application." })
export class AssignmentRowObject {
  @Field(() => ID, { description: "The application." })
  applicationId!: string;

  @Field(() => ID, { description: "The reviewer." })
  personId!: string;

  @Field(() => Boolean, {
    description:
      "Whether the reviewer is assigned by now. False in a dry run, and where something has changed meanwhile.",
  })
  isAssigned!: boolean;
}

const application = {
  application: { type: () => ApplicationObject, description: "The application as it is now." },
};

const assignCodes = {
  WRONG_STATE: true,
  ALREADY_SUBMITTED: true,
  OWN_APPLICATION: true,
  RECUSED: true,
  NOT_A_MEMBER: true,
  CONFLICT_BY_RULE: true,
  TOO_MANY: true,
} as const;

const unassignCodes = {
  ...assignCodes,
  REQUIRED: true,
  TOO_LONG: true,
  BAD_CHARACTERS: true,
  NOT_ASSIGNED: true,
  REVIEW_SUBMITTED: true,
} as const;

const run = {
  rows: { type: () => [AssignmentRowObject], description: "Every new assignment; null when there was an obstacle." },
  skipped: {
    type: () => [String],
    description: "A sentence for each line that was left out; null when there was an obstacle.",
  },
  left: { type: () => Int, description: "Assignments that are left for a further call." },
  unfilled: { type: () => Int, description: "Reviews that none of the members named can do." },
  confirmToken: { type: () => String, description: "Confirms exactly this set; null after the run." },
};

const runCodes = {
  ...assignCodes,
  OUT_OF_RANGE: true,
  BAD_CSV: true,
  UNKNOWN_APPLICATION: true,
  ROW_TWICE: true,
  NOTHING_TO_ASSIGN: true,
  STALE: true,
  CONFIRM_TOKEN_REQUIRED: true,
  KEY_REUSED: true,
  BAD_KEY: true,
} as const;

export const ReviewAssignPayload = payloadType<AssignCode>("ReviewAssign", application, assignCodes);
export const ReviewUnassignPayload = payloadType<UnassignCode>("ReviewUnassign", application, unassignCodes);
export const ReviewReassignPayload = payloadType<UnassignCode>("ReviewReassign", application, unassignCodes);
export const ReviewAssignFromCsvPayload = payloadType<RunCode>("ReviewAssignFromCsv", run, runCodes);
export const ReviewAssignBalancedPayload = payloadType<RunCode>("ReviewAssignBalanced", run, runCodes);
