import { Field, ID, InputType, Int } from "type-graphql";
import { enumType } from "../shared/scalars.ts";
import { payloadType } from "../shared/user-error.ts";
import { MentorPlaceObject } from "../team/match.type.ts";
import type { TextCode } from "../shared/decision.ts";
import type { ExclusionKind, MentorCode } from "./mentor.ts";

export const TeamExclusionKindEnum = enumType<ExclusionKind>(
  "TeamExclusionKind",
  "Why a candidate and a mentor are kept from becoming a team.",
  {
    REPORTS_TO: "One of them reports to the other.",
    CONFLICT: "There is another conflict.",
  },
);

@InputType({ description: "How many candidates a mentor can have." })
export class MentorCapacitySetInput {
  @Field(() => ID, { description: "The accepted application of the mentor." })
  applicationId!: string;

  @Field(() => Int, {
    nullable: true,
    description:
      "From 0 to 5; null leaves it to the cohort's policy. Whoever was told not to be needed can be asked again.",
  })
  capacity?: number | null;
}

@InputType({ description: "A mentor for whom there is no candidate." })
export class MentorNotNeededInput {
  @Field(() => ID, { description: "The accepted application of the mentor." })
  applicationId!: string;
}

@InputType({ description: "A candidate and a mentor who are not to be a team." })
export class TeamExclusionAddInput {
  @Field(() => ID, { description: "The candidate's application." })
  candidateApplicationId!: string;

  @Field(() => ID, { description: "The mentor's application to the same cohort." })
  mentorApplicationId!: string;

  @Field(() => TeamExclusionKindEnum, { defaultValue: "CONFLICT", description: "What keeps them apart." })
  kind!: ExclusionKind;

  @Field(() => String, { description: "Why, for the history; at most 1,000 characters." })
  why!: string;
}

@InputType({ description: "A candidate and a mentor who may be a team again." })
export class TeamExclusionLiftInput {
  @Field(() => ID, { description: "The candidate's application." })
  candidateApplicationId!: string;

  @Field(() => ID, { description: "The mentor's application." })
  mentorApplicationId!: string;

  @Field(() => String, { description: "Why, for the history; at most 1,000 characters." })
  why!: string;
}

const mentor = {
  mentor: { type: () => MentorPlaceObject, description: "The mentor as they are now; null when nothing was changed." },
};

const MENTOR_CODES = { NOT_A_MENTOR: true, NOT_ACCEPTED: true, OWN_APPLICATION: true, RECUSED: true } as const;
const TEXT_CODES = { REQUIRED: true, TOO_LONG: true, BAD_CHARACTERS: true } as const;

export const MentorCapacitySetPayload = payloadType<MentorCode | "OUT_OF_RANGE" | "MENTOR_FULL" | "UNCHANGED">(
  "MentorCapacitySet",
  mentor,
  { ...MENTOR_CODES, OUT_OF_RANGE: true, MENTOR_FULL: true, UNCHANGED: true },
);

export const MentorNotNeededPayload = payloadType<MentorCode | "HAS_TEAM" | "UNCHANGED">("MentorNotNeeded", mentor, {
  ...MENTOR_CODES,
  HAS_TEAM: true,
  UNCHANGED: true,
});

export const TeamExclusionAddPayload = payloadType<
  MentorCode | TextCode | "NOT_A_CANDIDATE" | "ALREADY_EXCLUDED" | "ANOTHER_COHORT"
>("TeamExclusionAdd", mentor, {
  ...MENTOR_CODES,
  ...TEXT_CODES,
  NOT_A_CANDIDATE: true,
  ALREADY_EXCLUDED: true,
  ANOTHER_COHORT: true,
});

export const TeamExclusionLiftPayload = payloadType<
  MentorCode | TextCode | "NOT_A_CANDIDATE" | "NOT_EXCLUDED" | "ANOTHER_COHORT"
>("TeamExclusionLift", mentor, {
  ...MENTOR_CODES,
  ...TEXT_CODES,
  NOT_A_CANDIDATE: true,
  NOT_EXCLUDED: true,
  ANOTHER_COHORT: true,
});
