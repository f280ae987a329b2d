import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import type { TextCode } from "../shared/decision.ts";
import { Node } from "../shared/node.ts";
import { DateTime, enumType } from "../shared/scalars.ts";
import { payloadType } from "../shared/user-error.ts";
import type { FormCode, TeamState, TeamStateCode } from "./team.ts";

export const TeamStateEnum = enumType<TeamState>("TeamState", "Where a team stands.", {
  PROPOSED: "The mentor was asked and has not answered.",
  ANNOUNCED: "The mentor has accepted, and both were told.",
  DECLINED: "The mentor has declined.",
  TAKEN_BACK: "Staff have taken it back.",
  ENDED:
    "It has ended, by staff or because one of the two left. Once it was announced the mentor's work stays credited.",
});

@ObjectType("TeamMember", { simpleResolvers: true, description: "One of the two people of a team." })
export class TeamMemberObject {
  @Field(() => String, { description: "Their name." })
  name!: string;

  @Field(() => String, {
    nullable: true,
    description:
      "The address that mails to them go to. The other of the two may read it while the team is announced, and staff; null to " +
      "everybody else.",
  })
  email!: string | null;
}

@ObjectType("Team", {
  implements: Node,
  simpleResolvers: true,
  description:
    "One candidate with one mentor. The mentor sees it from being asked on, the candidate once it was announced, and staff and " +
    "committee always, but for their own and those they are recused from.",
})
export class TeamObject extends Node {
  @Field(() => Int, { description: "Grows with every change." })
  version!: number;

  @Field(() => TeamStateEnum, { description: "Where it stands." })
  state!: TeamState;

  @Field(() => DateTime, { description: "When the mentor was asked." })
  askedAt!: string;

  @Field(() => DateTime, { description: "The first instant at which the mentor's answer is late." })
  answerBy!: string;

  @Field(() => DateTime, {
    nullable: true,
    description: "When it was announced to both, and stays so once it has ended; null before.",
  })
  announcedAt!: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: "When it was declined, taken back or ended; null while it stands.",
  })
  endedAt!: string | null;
}

@InputType({ description: "A team." })
export class TeamInput {
  @Field(() => ID, { description: "The team." })
  teamId!: string;
}

@InputType({ description: "A team that its mentor declines." })
export class TeamDeclineInput {
  @Field(() => ID, { description: "The team." })
  teamId!: string;

  @Field(() => String, { defaultValue: "", description: "Why, for staff; at most 1,000 characters, may be empty." })
  why!: string;
}

@InputType({ description: "A team whose mentor is to be replaced by another." })
export class TeamReplaceMentorInput {
  @Field(() => ID, { description: "The team as it is now." })
  teamId!: string;

  @Field(() => ID, { description: "The accepted application of the mentor who is to be asked." })
  mentorApplicationId!: string;

  @Field(() => String, { description: "Why, for the history; at most 1,000 characters." })
  why!: string;

  @Field(() => String, {
    description: "8 to 100 letters, digits, or . : _ - characters. The same key replaces once, for two days.",
  })
  idempotencyKey!: string;
}

@InputType({ description: "A team to end without another in its place." })
export class TeamEndInput {
  @Field(() => ID, { description: "The team." })
  teamId!: string;

  @Field(() => String, { description: "Why, for the history; at most 1,000 characters." })
  why!: string;
}

const team = { team: { type: () => TeamObject, description: "The team as it is now." } };
const TEXT_CODES = { REQUIRED: true, TOO_LONG: true, BAD_CHARACTERS: true } as const;

export const TeamAcceptPayload = payloadType<TeamStateCode>("TeamAccept", team, { WRONG_STATE: true });

export const TeamDeclinePayload = payloadType<TeamStateCode | TextCode>("TeamDecline", team, {
  WRONG_STATE: true,
  ...TEXT_CODES,
});

export const TeamEndPayload = payloadType<TeamStateCode | TextCode>("TeamEnd", team, {
  WRONG_STATE: true,
  ...TEXT_CODES,
});

/** Why a mentor is not replaced. */
export type ReplaceCode = FormCode | TeamStateCode | TextCode | "UNCHANGED" | "RULED_OUT" | "KEY_REUSED" | "BAD_KEY";

export const TeamReplaceMentorPayload = payloadType<ReplaceCode>(
  "TeamReplaceMentor",
  {
    team: {
      type: () => TeamObject,
      description: "The new team, whose mentor is asked; null when nothing was changed.",
    },
    former: { type: () => TeamObject, description: "The team that it replaces; null when nothing was changed." },
  },
  {
    NOT_ACCEPTED: true,
    NOT_A_CANDIDATE: true,
    NOT_A_MENTOR: true,
    OWN_APPLICATION: true,
    RECUSED: true,
    HAS_TEAM: true,
    MENTOR_FULL: true,
    WRONG_STATE: true,
    ...TEXT_CODES,
    UNCHANGED: true,
    RULED_OUT: true,
    KEY_REUSED: true,
    BAD_KEY: true,
  },
);
