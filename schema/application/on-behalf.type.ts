import { Field, ID, InputType, Int } from "type-graphql";
import { payloadType } from "../shared/user-error.ts";
import { ApplicationKindEnum, ApplicationObject, lateCodes, ApplicationSaveInput } from "./application.type.ts";
import type { ApplicationKind, SaveCode, StartCode, SubmitCode } from "./application.ts";
import type { OnBehalfCode } from "./on-behalf.ts";

const WHY = "Why staff do it for the applicant, for the history; at most 1,000 characters.";

@InputType({ description: "An application to start for somebody." })
export class ApplicationStartForInput {
  @Field(() => ID, { description: "Who applies." })
  personId!: string;

  @Field(() => ID, { description: "The cohort to apply to; its window must be open." })
  cohortId!: string;

  @Field(() => ApplicationKindEnum, { description: "As what." })
  kind!: ApplicationKind;

  @Field(() => ID, {
    nullable: true,
    description: "An earlier application of the same person to copy from, as in `applicationStart`.",
  })
  copyFromApplicationId?: string | null;

  @Field(() => String, { description: WHY })
  why!: string;
}

@InputType({ description: "Pieces of somebody's draft. What is absent stays as it is; null clears it." })
export class ApplicationSaveForInput extends ApplicationSaveInput {
  @Field(() => String, { description: WHY })
  why!: string;
}

@InputType({ description: "Somebody's application to submit." })
export class ApplicationSubmitForInput {
  @Field(() => ID, { description: "The application to submit." })
  applicationId!: string;

  @Field(() => Int, {
    nullable: true,
    description: "The version that was looked at; CONFLICT when it has changed since.",
  })
  expectedVersion?: number | null;

  @Field(() => String, { description: WHY })
  why!: string;
}

const application = {
  application: { type: () => ApplicationObject, description: "The application as it is now; null when there is none." },
};

const onBehalf = {
  REQUIRED: true,
  TOO_LONG: true,
  BAD_CHARACTERS: true,
  OWN_APPLICATION: true,
  RECUSED: true,
} as const;

export const ApplicationStartForPayload = payloadType<StartCode | OnBehalfCode>("ApplicationStartFor", application, {
  ...onBehalf,
  ALREADY_STARTED: true,
  NOT_OPEN_YET: true,
  TOO_LATE: true,
  ...lateCodes,
  CONTENT_REMOVED: true,
});

export const ApplicationSaveForPayload = payloadType<SaveCode | OnBehalfCode>("ApplicationSaveFor", application, {
  ...onBehalf,
  WRONG_STATE: true,
  ALREADY_SUBMITTED: true,
  UNKNOWN_QUESTION: true,
  ANSWER_TWICE: true,
  CONFLICT: true,
});

export const ApplicationSubmitForPayload = payloadType<SubmitCode | OnBehalfCode>("ApplicationSubmitFor", application, {
  ...onBehalf,
  WRONG_STATE: true,
  ALREADY_SUBMITTED: true,
  NOT_OPEN_YET: true,
  TOO_LATE: true,
  ...lateCodes,
  CONFLICT: true,
});
