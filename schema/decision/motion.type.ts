import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { ApplicationKindEnum } from "../application/application.type.ts";
import type { ApplicationKind } from "../application/application.ts";
import { Node } from "../shared/node.ts";
import { connectionType } from "../shared/page.ts";
import { DateTime, enumType } from "../shared/scalars.ts";
import { payloadType } from "../shared/user-error.ts";
import { VoteObject } from "./decision.type.ts";
import type { Vote } from "./decision.ts";
import type { CloseCode, MotionState, MotionWithdrawCode, OpenCode, VoteCode } from "./motion.ts";
import { SlateRowObject } from "./slate.type.ts";
import type { Choice, Result } from "./tally.ts";

export const MotionStateEnum = enumType<MotionState>("MotionState", "Where a motion stands.", {
  OPEN: "Members vote on it.",
  CARRYING_OUT: "The votes are counted, and decisions are being prepared for what was carried.",
  DONE: "What was carried is prepared, or named with what stood in the way.",
  WITHDRAWN: "Taken back before its votes were counted.",
});

export const ChoiceEnum = enumType<Choice>("Choice", "How a member votes on a motion.", {
  FOR: "For all of it.",
  AGAINST: "Against all of it.",
  ABSTAIN: "Neither; it counts for the quorum.",
});

export const ResultEnum = enumType<Result>("VoteResult", "What the vote on one application came to.", {
  CARRIED: "More for it than against it.",
  LOST: "Not more for it than against it; it stays undecided.",
  NO_QUORUM: "Too few of those who may have voted; it stays undecided.",
});

@ObjectType("MotionRow", {
  simpleResolvers: true,
  description: "What is moved for one application, and what became of it.",
})
export class MotionRowObject extends SlateRowObject {
  @Field(() => ResultEnum, { nullable: true, description: "What the vote came to; null before it is counted." })
  result!: Result | null;

  @Field(() => VoteObject, {
    nullable: true,
    description: "The votes that count for it; null before they are counted.",
  })
  vote!: Vote | null;

  @Field(() => [ID], {
    nullable: true,
    description: "Ids of members who had no say in it, because of a conflict; null before it is counted.",
  })
  apartIds!: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: "Whether its decision was prepared; null where none is to be, or not yet.",
  })
  isPrepared!: boolean | null;

  @Field(() => String, {
    nullable: true,
    description: "Why its decision could not be prepared although it was carried; null otherwise.",
  })
  obstacle!: string | null;
}

@ObjectType("Ballot", { simpleResolvers: true, description: "How one member voted on a motion." })
export class BallotObject {
  @Field(() => ID, { description: "Id of the member." })
  personId!: string;

  @Field(() => String, { nullable: true, description: "Who; null when they are not known any more." })
  name!: string | null;

  @Field(() => ChoiceEnum, { description: "How." })
  choice!: Choice;

  @Field(() => String, {
    description: "What they said with it; empty when nothing, and for whoever has a conflict among these applications.",
  })
  comment!: string;
}

@ObjectType("Motion", {
  implements: Node,
  simpleResolvers: true,
  description:
    "A slate put to the vote as it was at that moment. Staff and committee see it, without the rows about their own application " +
    "and those they are recused from; a motion about nothing else does not exist for them.",
})
export class MotionObject extends Node {
  @Field(() => Int, { description: "Grows with every change and every vote." })
  version!: number;

  @Field(() => ApplicationKindEnum, { description: "Whose: candidates or mentors." })
  kind!: ApplicationKind;

  @Field(() => MotionStateEnum, { description: "Where it stands." })
  state!: MotionState;

  @Field(() => String, { description: "What it is called, as the slate was." })
  name!: string;

  @Field(() => Int, { description: "Version of the slate that was put to the vote." })
  slateVersion!: number;

  @Field(() => DateTime, { description: "When it was opened." })
  openedAt!: string;

  @Field(() => DateTime, { nullable: true, description: "When its votes were counted; null before." })
  closedAt!: string | null;
}

export const MotionConnection = connectionType("Motion", () => MotionObject);

@InputType({ description: "A slate to put to the vote." })
export class MotionOpenInput {
  @Field(() => ID, { description: "The slate." })
  slateId!: string;

  @Field(() => Int, { description: "The version that was looked at; CONFLICT when it has changed since." })
  expectedVersion!: number;

  @Field(() => [ID], { nullable: true, description: "Only these applications of the slate; all when left out." })
  applicationIds?: string[] | null;

  @Field(() => String, {
    defaultValue: "",
    description: "The common reason; at most 3,000 characters. Needed unless every row has one of its own.",
  })
  rationale!: string;

  @Field(() => String, {
    description: "8 to 100 letters, digits, or . : _ - characters. The same key gives the same motion, for two days.",
  })
  idempotencyKey!: string;
}

@InputType({ description: "A vote on a motion." })
export class MotionVoteInput {
  @Field(() => ID, { description: "The motion." })
  motionId!: string;

  @Field(() => ChoiceEnum, { description: "How; it takes the place of an earlier vote." })
  choice!: Choice;

  @Field(() => String, { nullable: true, description: "What to say with it, for the minutes; at most 500 characters." })
  comment?: string | null;
}

@InputType({ description: "A motion whose votes are to be counted." })
export class MotionCloseInput {
  @Field(() => ID, { description: "The motion." })
  motionId!: string;

  @Field(() => Boolean, { defaultValue: false, description: "Only tells the count and the token that confirms it." })
  dryRun!: boolean;

  @Field(() => String, { nullable: true, description: "The token of the dry run that was looked at." })
  confirmToken?: string | null;

  @Field(() => String, {
    description:
      "8 to 100 letters, digits, or . : _ - characters. The same key gives the same answer, for two days. A dry run uses none up.",
  })
  idempotencyKey!: string;
}

@InputType({ description: "A motion to take back." })
export class MotionWithdrawInput {
  @Field(() => ID, { description: "The motion." })
  motionId!: string;

  @Field(() => String, { description: "Why, for the history; at most 1,000 characters." })
  why!: string;

  @Field(() => Int, {
    nullable: true,
    description: "The version that was looked at; CONFLICT when it has changed, or a vote has come, since.",
  })
  expectedVersion?: number | null;
}

const motion = {
  motion: { type: () => MotionObject, description: "The motion as it is now; null when there is none." },
};

export const MotionOpenPayload = payloadType<OpenCode>("MotionOpen", motion, {
  REQUIRED: true,
  TOO_LONG: true,
  BAD_CHARACTERS: true,
  OWN_APPLICATION: true,
  RECUSED: true,
  OWN_REVIEW_OPEN: true,
  WRONG_STATE: true,
  CONFLICT: true,
  NOTHING_PROPOSED: true,
  APPLICATION_UNKNOWN: true,
  NOT_DECIDABLE: true,
  RANK_TAKEN: true,
  KEY_REUSED: true,
  BAD_KEY: true,
});

export const MotionVotePayload = payloadType<VoteCode>("MotionVote", motion, {
  REQUIRED: true,
  TOO_LONG: true,
  BAD_CHARACTERS: true,
  WRONG_STATE: true,
  OWN_APPLICATION: true,
});

export const MotionClosePayload = payloadType<CloseCode>(
  "MotionClose",
  {
    ...motion,
    rows: {
      type: () => [MotionRowObject],
      description:
        "Every application with its count, and in a dry run with what would stand in the way; null when refused.",
    },
    confirmToken: { type: () => String, description: "Confirms exactly this count; null once it is closed." },
  },
  {
    OWN_APPLICATION: true,
    RECUSED: true,
    OWN_REVIEW_OPEN: true,
    WRONG_STATE: true,
    STALE: true,
    CONFIRM_TOKEN_REQUIRED: true,
    KEY_REUSED: true,
    BAD_KEY: true,
  },
);

export const MotionWithdrawPayload = payloadType<MotionWithdrawCode>("MotionWithdraw", motion, {
  REQUIRED: true,
  TOO_LONG: true,
  BAD_CHARACTERS: true,
  OWN_APPLICATION: true,
  RECUSED: true,
  OWN_REVIEW_OPEN: true,
  WRONG_STATE: true,
  CONFLICT: true,
});
