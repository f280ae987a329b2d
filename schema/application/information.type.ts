import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { DateTime, enumType, LocalDate } from "../shared/scalars.ts";
import { payloadType } from "../shared/user-error.ts";
import type { AmendCode, ProvideCode } from "./amendment.ts";
import { ApplicationObject, SubmissionObject } from "./application.type.ts";
import type { Submission } from "./application.ts";
import type { ApplicationPart, AskCode, CancelCode, ExtendCode } from "./information.ts";

export const ApplicationPartEnum = enumType<ApplicationPart>(
  "ApplicationPart",
  "The parts of an application that are no answers to questions.",
  {
    ORGANIZATION: "Where the applicant works.",
    JOB_TITLE: "The applicant's position.",
    RESUME: "The résumé.",
  },
);

@ObjectType("InformationRequest", {
  simpleResolvers: true,
  description:
    "What staff have asked an applicant for after the submission. Only the sections it names can be changed, until its due " +
    "date is over; then everything is frozen again.",
})
export class InformationRequestObject {
  @Field(() => [ApplicationPartEnum], { description: "Parts to look at again." })
  parts!: readonly ApplicationPart[];

  @Field(() => [ID], { description: "Ids of the questions to answer again." })
  questionIds!: readonly string[];

  @Field(() => String, { description: "What is asked for, in the words of staff; at most 2,000 characters." })
  message!: string;

  @Field(() => DateTime, { description: "When it was asked." })
  askedAt!: string;

  @Field(() => LocalDate, { description: "The last day on which it can be answered, in the cohort's zone." })
  dueOn!: string;

  @Field(() => DateTime, { description: "The first instant at which it is too late, unless staff extend it." })
  dueAt!: string;

  @Field(() => DateTime, {
    nullable: true,
    description: "When its time was over without an answer; null before. Staff extend it, or cancel it.",
  })
  missedAt!: string | null;
}

@ObjectType("EarlierSubmission", {
  simpleResolvers: true,
  description: "A submission as it was before the applicant changed what staff had asked for.",
})
export class EarlierSubmissionObject {
  @Field(() => SubmissionObject, { description: "What was submitted then." })
  submission!: Submission;

  @Field(() => DateTime, { description: "When it was replaced." })
  until!: string;
}

@InputType({ description: "What to ask an applicant for." })
export class ApplicationInformationAskInput {
  @Field(() => ID, { description: "The application." })
  applicationId!: string;

  @Field(() => [ApplicationPartEnum], { nullable: true, description: "Parts to look at again." })
  parts?: ApplicationPart[] | null;

  @Field(() => [ID], { nullable: true, description: "Ids of the questions to answer again." })
  questionIds?: string[] | null;

  @Field(() => LocalDate, {
    description: "The last day for the answer, in the cohort's zone: tomorrow or later, within the cohort's limit.",
  })
  dueOn!: string;

  @Field(() => String, {
    description: "What is wanted; the applicant reads it. At most 2,000 characters, line breaks are kept.",
  })
  message!: string;
}

@InputType({ description: "More time for what was asked." })
export class ApplicationInformationExtendInput {
  @Field(() => ID, { description: "The application." })
  applicationId!: string;

  @Field(() => LocalDate, { description: "The new last day: later than the one before." })
  dueOn!: string;

  @Field(() => String, { description: "Why, for the history; at most 1,000 characters." })
  why!: string;
}

@InputType({ description: "A request to take back." })
export class ApplicationInformationCancelInput {
  @Field(() => ID, { description: "The application." })
  applicationId!: string;

  @Field(() => String, { description: "Why, for the history; at most 1,000 characters." })
  why!: string;
}

@InputType({ description: "The application whose sections are ready." })
export class ApplicationInformationProvideInput {
  @Field(() => ID, { description: "The application." })
  applicationId!: string;

  @Field(() => Int, {
    nullable: true,
    description: "The version that was looked at; CONFLICT when it has changed since.",
  })
  expectedVersion?: number | null;
}

const application = {
  application: { type: () => ApplicationObject, description: "The application as it is now." },
};

export const ApplicationInformationAskPayload = payloadType<AskCode>("ApplicationInformationAsk", application, {
  WRONG_STATE: true,
  OWN_APPLICATION: true,
  RECUSED: true,
  REQUIRED: true,
  TOO_LONG: true,
  BAD_CHARACTERS: true,
  ALREADY_ASKED: true,
  UNKNOWN_QUESTION: true,
  BAD_DATE: true,
  OUT_OF_RANGE: true,
  TOO_MANY: true,
});

export const ApplicationInformationExtendPayload = payloadType<ExtendCode>(
  "ApplicationInformationExtend",
  application,
  {
    WRONG_STATE: true,
    OWN_APPLICATION: true,
    RECUSED: true,
    REQUIRED: true,
    TOO_LONG: true,
    BAD_CHARACTERS: true,
    NOT_ASKED: true,
    BAD_DATE: true,
    OUT_OF_RANGE: true,
  },
);

export const ApplicationInformationCancelPayload = payloadType<CancelCode>(
  "ApplicationInformationCancel",
  application,
  {
    WRONG_STATE: true,
    OWN_APPLICATION: true,
    RECUSED: true,
    REQUIRED: true,
    TOO_LONG: true,
    BAD_CHARACTERS: true,
    NOT_ASKED: true,
  },
);

export const ApplicationAmendPayload = payloadType<AmendCode>("ApplicationAmend", application, {
  WRONG_STATE: true,
  NOT_ASKED: true,
  NOT_REOPENED: true,
  OVERDUE: true,
  REQUIRED: true,
  TOO_LONG: true,
  BAD_CHARACTERS: true,
  UNKNOWN_QUESTION: true,
  ANSWER_TWICE: true,
  CONFLICT: true,
});

export const ApplicationInformationProvidePayload = payloadType<ProvideCode>(
  "ApplicationInformationProvide",
  application,
  { WRONG_STATE: true, NOT_ASKED: true, OVERDUE: true, REQUIRED: true, UNCHANGED: true, CONFLICT: true },
);
