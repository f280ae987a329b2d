import { Field, ID, InputType, ObjectType } from "type-graphql";
import type { TextCode } from "../shared/decision.ts";
import { DateTime, enumType } from "../shared/scalars.ts";
import { payloadType } from "../shared/user-error.ts";
import type { BlockerCode } from "./confirmation.ts";

export const ConfirmationBlockerEnum = enumType<BlockerCode>(
  "ConfirmationBlockerCode",
  "What stands in the way of a candidate's confirmation.",
  {
    NOT_A_CANDIDATE: "The application is a mentor's.",
    NOT_ACCEPTED: "The candidate has no place in the cohort.",
    NO_MENTOR: "No mentor has accepted, and staff have not done without one.",
  },
);

@ObjectType("ConfirmationBlocker", { simpleResolvers: true, description: "What stands in the way of a confirmation." })
export class ConfirmationBlockerObject {
  @Field(() => ConfirmationBlockerEnum, { description: "The obstacle, for programs." })
  code!: BlockerCode;

  @Field(() => String, { description: "The obstacle, for people." })
  message!: string;
}

@ObjectType("Confirmation", { simpleResolvers: true, description: "Whether a candidate is confirmed for the year." })
export class ConfirmationObject {
  @Field(() => Boolean, { description: "Whether the candidate is confirmed." })
  isConfirmed!: boolean;

  @Field(() => DateTime, { nullable: true, description: "When the candidate was confirmed; null before." })
  confirmedAt!: string | null;

  @Field(() => DateTime, { nullable: true, description: "When staff did without a mentor; null while they have not." })
  waivedAt!: string | null;

  @Field(() => [ConfirmationBlockerObject], { description: "What still stands in the way; empty when nothing does." })
  blockers!: object[];
}

@InputType({ description: "A candidate to confirm for the year." })
export class CandidateConfirmInput {
  @Field(() => ID, { description: "The candidate's application." })
  applicationId!: string;
}

@InputType({ description: "A candidate for whom to do without a mentor." })
export class MentorWaiveInput {
  @Field(() => ID, { description: "The candidate's application." })
  applicationId!: string;

  @Field(() => String, { description: "Why, for the history; at most 1,000 characters." })
  why!: string;
}

const confirmation = {
  confirmation: { type: () => ConfirmationObject, description: "The confirmation as it is now." },
};

export const CandidateConfirmPayload = payloadType<BlockerCode | "OWN_APPLICATION" | "RECUSED" | "UNCHANGED">(
  "CandidateConfirm",
  confirmation,
  {
    NOT_A_CANDIDATE: true,
    NOT_ACCEPTED: true,
    NO_MENTOR: true,
    OWN_APPLICATION: true,
    RECUSED: true,
    UNCHANGED: true,
  },
);

export const MentorWaivePayload = payloadType<
  TextCode | Exclude<BlockerCode, "NO_MENTOR"> | "OWN_APPLICATION" | "RECUSED" | "UNCHANGED"
>("MentorWaive", confirmation, {
  REQUIRED: true,
  TOO_LONG: true,
  BAD_CHARACTERS: true,
  NOT_A_CANDIDATE: true,
  NOT_ACCEPTED: true,
  OWN_APPLICATION: true,
  RECUSED: true,
  UNCHANGED: true,
});
