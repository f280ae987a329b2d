import { Field, ID, InputType, ObjectType } from "type-graphql";
import { payloadType } from "../shared/user-error.ts";
import type { MergeCode, MergeEffect } from "./merge.ts";
import { PersonObject, RoleTermObject } from "./person.type.ts";

@ObjectType("MergeEffect", { simpleResolvers: true, description: "What two records are together." })
export class MergeEffectObject implements MergeEffect {
  @Field(() => String, { description: "The name that stays." })
  name!: string;

  @Field(() => [String], { description: "All addresses; mails go to the first." })
  emails!: readonly string[];

  @Field(() => [RoleTermObject], { description: "All roles, with their terms." })
  roles!: MergeEffect["roles"];

  @Field(() => [String], { description: "Numbers of all applications." })
  applicationNumbers!: readonly string[];

  @Field(() => [String], { description: "Numbers of all certificates." })
  certificateNumbers!: readonly string[];
}

@InputType({ description: "Two records of one person." })
export class PersonMergeInput {
  @Field(() => ID, { description: "The record that stays." })
  keptId!: string;

  @Field(() => ID, { description: "The record that it takes in. Its id answers with the other from then on." })
  mergedId!: string;

  @Field(() => String, { description: "How it is known that they are one person; at most 1,000 characters." })
  why!: string;

  @Field(() => Boolean, { defaultValue: false, description: "Whether to look at the effect without doing it." })
  dryRun!: boolean;

  @Field(() => String, { nullable: true, description: "The token that a dry run answered; needed to do it." })
  confirmToken?: string | null;
}

export const PersonMergePayload = payloadType<MergeCode>(
  "PersonMerge",
  {
    person: { type: () => PersonObject, description: "The record that stays; null in a dry run." },
    effect: {
      type: () => MergeEffectObject,
      description: "What the two are together; null when there was an obstacle.",
    },
    confirmToken: { type: () => String, description: "Confirms exactly this effect; null once it is done." },
  },
  {
    REQUIRED: true,
    TOO_LONG: true,
    BAD_CHARACTERS: true,
    SAME_PERSON: true,
    OWN_RECORD: true,
    NOT_ACTIVE: true,
    TWO_APPLICATIONS: true,
    RECUSED: true,
    CONFIRM_TOKEN_REQUIRED: true,
    STALE: true,
  },
);
