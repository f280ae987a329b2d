import { Field, InputType, ObjectType } from "type-graphql";
import { DateTime } from "../shared/scalars.ts";
import { payloadType } from "../shared/user-error.ts";
import type { AnswerCode, OpenCode } from "./answer.ts";
import type { NominationState } from "./nomination.ts";
import { NominationStateEnum } from "./nomination.type.ts";

@ObjectType("NominationTask", {
  simpleResolvers: true,
  description: "What whoever holds the link of a nomination sees: what they are asked, and what they have written.",
})
export class NominationTaskObject {
  @Field(() => String, { description: "Whom it is about." })
  candidateName!: string;

  @Field(() => String, { description: "The cohort the candidate applies to." })
  cohortName!: string;

  @Field(() => DateTime, { description: "Until when it is taken. That instant is too late." })
  closesAt!: string;

  @Field(() => String, { description: "IANA time zone of the cohort, in which people read that." })
  zone!: string;

  @Field(() => String, { description: "What is asked, in a sentence or two." })
  asked!: string;

  @Field(() => NominationStateEnum, { description: "Where it stands." })
  state!: NominationState;

  @Field(() => String, {
    description: "What the holder has written so far; empty before, and once no letter is taken any more.",
  })
  text!: string;

  @Field(() => Boolean, { description: "Whether the letter has arrived." })
  isReceived!: boolean;

  @Field(() => Boolean, { description: "Whether the committee has decided, and the applicant was told." })
  isDecided!: boolean;

  @Field(() => Boolean, {
    description: "Whether the applicant was chosen; false before that is known, and for everybody else.",
  })
  isChosen!: boolean;
}

const TOKEN = "What stands behind the `#` of the link in the mail.";

@InputType({ description: "The link of a nomination." })
export class NominationOpenInput {
  @Field(() => String, { description: TOKEN })
  token!: string;
}

@InputType({ description: "A letter that is being written." })
export class NominationSaveInput {
  @Field(() => String, { description: TOKEN })
  token!: string;

  @Field(() => String, { description: "What is written so far; at most 10,000 characters." })
  text!: string;
}

@InputType({ description: "A letter to hand in." })
export class NominationProvideInput {
  @Field(() => String, { description: TOKEN })
  token!: string;

  @Field(() => String, { description: "The letter; not empty, at most 10,000 characters." })
  text!: string;

  @Field(() => String, { description: "The name it is signed with; at most 120 characters." })
  name!: string;

  @Field(() => String, { description: "The position it is signed with; at most 120 characters." })
  position!: string;
}

@InputType({ description: "A nomination that is declined." })
export class NominationRefuseInput {
  @Field(() => String, { description: TOKEN })
  token!: string;

  @Field(() => String, {
    nullable: true,
    description: "The reason, for staff and committee alone; at most 1,000 characters.",
  })
  why?: string | null;
}

const nomination = {
  nomination: {
    type: () => NominationTaskObject,
    description: "The nomination as it is now; null when the link leads to none any more.",
  },
};

const openCodes = {
  LINK_UNKNOWN: true,
  LINK_EXPIRED: true,
  LINK_USED: true,
  LINK_REVOKED: true,
  WRONG_STATE: true,
  NOT_NEEDED: true,
  TOO_LATE: true,
} as const;

const answerCodes = { ...openCodes, REQUIRED: true, TOO_LONG: true, BAD_CHARACTERS: true } as const;

export const NominationOpenPayload = payloadType<OpenCode>("NominationOpen", nomination, openCodes);
export const NominationSavePayload = payloadType<AnswerCode>("NominationSave", nomination, answerCodes);
export const NominationProvidePayload = payloadType<AnswerCode>("NominationProvide", nomination, answerCodes);
export const NominationRefusePayload = payloadType<AnswerCode>("NominationRefuse", nomination, answerCodes);
