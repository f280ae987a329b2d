import { Field, ID, Int, ObjectType } from "type-graphql";
import { DateTime } from "../shared/scalars.ts";
import { OutcomeEnum, VoteObject } from "./decision.type.ts";
import type { MinutedMotion, MinutedRelease, MinutedReversal } from "./minutes.ts";
import { ChoiceEnum, ResultEnum } from "./motion.type.ts";
import type { Choice, Result } from "./tally.ts";
import type { Outcome, Vote } from "./terms.ts";

@ObjectType("MinutedMember", { simpleResolvers: true, description: "A member in the minutes." })
export class MinutedMemberObject {
  @Field(() => ID, { description: "Id of the member." })
  personId!: string;

  @Field(() => String, { description: "Who." })
  name!: string;
}

@ObjectType("MinutedVote", { simpleResolvers: true, description: "How a member voted." })
export class MinutedVoteObject extends MinutedMemberObject {
  @Field(() => ChoiceEnum, { description: "How." })
  choice!: Choice;

  @Field(() => String, {
    description: "What they said with it; empty when nothing, and for whoever has a conflict among these applications.",
  })
  comment!: string;
}

@ObjectType("MinutedApplication", { simpleResolvers: true, description: "An application in the minutes." })
export class MinutedApplicationObject {
  @Field(() => ID, { description: "The application." })
  applicationId!: string;

  @Field(() => String, { nullable: true, description: "Its number; null when it is not there any more." })
  number!: string | null;

  @Field(() => String, { nullable: true, description: "Who applied; null when they are not known any more." })
  applicantName!: string | null;
}

@ObjectType("MinutedRow", {
  simpleResolvers: true,
  description: "What was moved for one application, and the vote on it.",
})
export class MinutedRowObject extends MinutedApplicationObject {
  @Field(() => OutcomeEnum, { description: "What was moved." })
  outcome!: Outcome;

  @Field(() => Int, { nullable: true, description: "Place on the waitlist; null for other outcomes." })
  rank!: number | null;

  @Field(() => String, { description: "Why, for this one; empty where a common reason is enough." })
  rationale!: string;

  @Field(() => ResultEnum, { nullable: true, description: "What the vote came to; null before it is counted." })
  result!: Result | null;

  @Field(() => VoteObject, {
    nullable: true,
    description: "The votes that count for it; null before they are counted.",
  })
  vote!: Vote | null;

  @Field(() => [MinutedMemberObject], { description: "Members who had no say in it, because of a conflict." })
  apart!: MinutedMemberObject[];

  @Field(() => String, {
    nullable: true,
    description: "Why its decision could not be prepared although it was carried; null otherwise.",
  })
  obstacle!: string | null;
}

@ObjectType("MinutedMotion", { simpleResolvers: true, description: "A motion in the minutes." })
export class MinutedMotionObject implements MinutedMotion {
  @Field(() => ID, { description: "The motion." })
  motionId!: string;

  @Field(() => String, { description: "What it is called." })
  name!: string;

  @Field(() => DateTime, { description: "When it was put to the vote." })
  openedAt!: string;

  @Field(() => String, { description: "Who put it to the vote." })
  openedBy!: string;

  @Field(() => DateTime, { nullable: true, description: "When its votes were counted; null before." })
  closedAt!: string | null;

  @Field(() => Boolean, { description: "Whether it was taken back before that." })
  isWithdrawn!: boolean;

  @Field(() => String, {
    description:
      "The common reason; empty when there is none, and for whoever has a conflict among these applications.",
  })
  rationale!: string;

  @Field(() => [MinutedVoteObject], { description: "Who voted how; empty before it is counted." })
  votes!: MinutedVoteObject[];

  @Field(() => [MinutedRowObject], { description: "What was moved for each application." })
  rows!: MinutedRowObject[];
}

@ObjectType("MinutedDecision", { simpleResolvers: true, description: "A decision that was released." })
export class MinutedDecisionObject extends MinutedApplicationObject {
  @Field(() => OutcomeEnum, { description: "What became known." })
  outcome!: Outcome;

  @Field(() => String, { description: "Why; empty where another decision has taken its place since." })
  rationale!: string;
}

@ObjectType("MinutedRelease", { simpleResolvers: true, description: "A release in the minutes." })
export class MinutedReleaseObject implements MinutedRelease {
  @Field(() => DateTime, { description: "When." })
  at!: string;

  @Field(() => String, { description: "Who released." })
  by!: string;

  @Field(() => [MinutedDecisionObject], { description: "What became known." })
  rows!: MinutedDecisionObject[];
}

@ObjectType("MinutedReversal", { simpleResolvers: true, description: "A reversal in the minutes." })
export class MinutedReversalObject extends MinutedApplicationObject implements MinutedReversal {
  @Field(() => DateTime, { description: "When." })
  at!: string;

  @Field(() => String, { description: "Who reversed it." })
  by!: string;

  @Field(() => OutcomeEnum, { description: "What the applicant knew." })
  from!: Outcome;

  @Field(() => OutcomeEnum, { description: "What took its place." })
  to!: Outcome;

  @Field(() => String, { description: "Why." })
  why!: string;
}

@ObjectType("Minutes", {
  simpleResolvers: true,
  description:
    "What the committee has moved, voted, released and reversed, made anew from the records each time. Nobody finds in it what is " +
    "about their own application, or one they are recused from.",
})
export class MinutesObject {
  @Field(() => [MinutedMotionObject], { description: "Motions, the earliest first." })
  motions!: MinutedMotionObject[];

  @Field(() => [MinutedReleaseObject], { description: "Releases, the earliest first." })
  releases!: MinutedReleaseObject[];

  @Field(() => [MinutedReversalObject], { description: "Reversals, the earliest first." })
  reversals!: MinutedReversalObject[];

  @Field(() => String, { description: "All of it as plain text, in the order in which it happened." })
  text!: string;
}
