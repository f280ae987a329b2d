import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { Node } from "../shared/node.ts";
import { Allow, officeNotOwn } from "../shared/rule.ts";
import { DateTime, enumType } from "../shared/scalars.ts";
import { payloadType } from "../shared/user-error.ts";
import type { DecisionState, Outcome, PrepareCode, RetractCode, Vote } from "./decision.ts";

export const OutcomeEnum = enumType<Outcome>("Outcome", "What the committee decides of an application.", {
  ACCEPT: "A place; for a candidate, one of the cohort's seats.",
  WAITLIST: "A place on the ranked waitlist.",
  DECLINE: "No place this year.",
});

export const DecisionStateEnum = enumType<DecisionState>("DecisionState", "Who knows of a decision.", {
  PREPARED: "Staff and committee alone.",
  RELEASED: "The applicant too; the mail is on its way.",
  CANCELLED: "Nobody needs it any more: the application was withdrawn.",
});

@ObjectType("Vote", { simpleResolvers: true, description: "How the committee voted." })
export class VoteObject {
  @Field(() => Int, { description: "Votes for the motion." })
  inFavor!: number;

  @Field(() => Int, { description: "Votes against it." })
  against!: number;

  @Field(() => Int, { description: "Members who abstained." })
  abstained!: number;
}

@ObjectType("Decision", {
  implements: Node,
  simpleResolvers: true,
  description:
    "The committee's decision on one application. Staff and committee see it, but nobody their own before its release; " +
    "the applicant sees outcome and place then.",
})
export class DecisionObject extends Node {
  @Field(() => Int, { description: "Grows with every change; pass it as `expectedVersion`." })
  version!: number;

  @Field(() => DecisionStateEnum, { description: "Who knows of it." })
  state!: DecisionState;

  @Field(() => OutcomeEnum, { description: "What was decided." })
  outcome!: Outcome;

  @Field(() => Int, { nullable: true, description: "Place on the waitlist, from 1; null for other outcomes." })
  rank!: number | null;

  @Allow(officeNotOwn)
  @Field(() => String, {
    nullable: true,
    description: "Why. Staff and committee may read it, but nobody about their own application.",
  })
  rationale!: string;

  @Allow(officeNotOwn)
  @Field(() => VoteObject, {
    nullable: true,
    description:
      "How the vote went; null when none was recorded. Staff and committee may read it, but nobody about their own application.",
  })
  vote!: Vote | null;

  @Allow(officeNotOwn)
  @Field(() => DateTime, {
    nullable: true,
    description: "When it was prepared. Staff and committee may read it, but nobody about their own application.",
  })
  preparedAt!: string;

  @Field(() => DateTime, { nullable: true, description: "When the applicant could know; null before." })
  releasedAt!: string | null;
}

@InputType({ description: "How the committee voted." })
export class VoteInput implements Vote {
  @Field(() => Int, { description: "Votes for the motion, from 0 to 99." })
  inFavor!: number;

  @Field(() => Int, { description: "Votes against it, from 0 to 99." })
  against!: number;

  @Field(() => Int, { description: "Members who abstained, from 0 to 99." })
  abstained!: number;
}

@InputType({ description: "A decision to prepare. The applicant learns of it when it is released." })
export class DecisionPrepareInput {
  @Field(() => ID, { description: "The application decided on." })
  applicationId!: string;

  @Field(() => OutcomeEnum, { description: "What is decided. Accepting a candidate holds a seat from now on." })
  outcome!: Outcome;

  @Field(() => Int, { nullable: true, description: "Place on the waitlist, from 1 to 500; for WAITLIST alone." })
  rank?: number | null;

  @Field(() => String, { description: "Why, for the committee's records; at most 4,000 characters." })
  rationale!: string;

  @Field(() => VoteInput, { nullable: true, description: "How the vote went, where one was taken." })
  vote?: VoteInput | null;

  @Field(() => Int, {
    nullable: true,
    description: "Version of the decision this one replaces, 0 for a first one; CONFLICT when it has changed since.",
  })
  expectedVersion?: number | null;
}

@InputType({ description: "A prepared decision to take back." })
export class DecisionRetractInput {
  @Field(() => ID, { description: "The application decided on." })
  applicationId!: string;

  @Field(() => Int, {
    nullable: true,
    description: "The version that was looked at; CONFLICT when it has changed since.",
  })
  expectedVersion?: number | null;
}

export const DecisionPreparePayload = payloadType<PrepareCode>(
  "DecisionPrepare",
  { decision: { type: () => DecisionObject, description: "The decision as it is now; null when there is none." } },
  {
    WRONG_STATE: true,
    ALREADY_SUBMITTED: true,
    REQUIRED: true,
    TOO_LONG: true,
    BAD_CHARACTERS: true,
    OWN_APPLICATION: true,
    RECUSED: true,
    OWN_REVIEW_OPEN: true,
    CONFLICT: true,
    COHORT_FULL: true,
    RANK_REQUIRED: true,
    RANK_NOT_WANTED: true,
    RANK_TAKEN: true,
    OUT_OF_RANGE: true,
  },
);

export const DecisionRetractPayload = payloadType<RetractCode>(
  "DecisionRetract",
  { decision: { type: () => DecisionObject, description: "The decision as it is now." } },
  { WRONG_STATE: true, OWN_APPLICATION: true, OWN_REVIEW_OPEN: true, CONFLICT: true },
);
