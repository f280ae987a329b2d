import { Field, ObjectType } from "type-graphql";
import { PersonObject } from "../person/person.type.ts";
import { connectionType } from "../shared/page.ts";
import { DateTime } from "../shared/scalars.ts";

@ObjectType("HistoryEntry", { simpleResolvers: true, description: "Something that happened: who, when, what, why." })
export class HistoryEntryObject {
  @Field(() => DateTime, { description: "When." })
  at!: string;

  @Field(() => String, { description: "What, in the past tense, such as `ApplicationSubmitted`." })
  type!: string;

  @Field(() => String, { nullable: true, description: "The reason a person gave; null when none was asked for." })
  why!: string | null;

  @Field(() => String, {
    nullable: true,
    description: "Changed values before that the viewer may read, as JSON; null when there are none.",
  })
  before!: string | null;

  @Field(() => String, {
    nullable: true,
    description: "Changed values after that the viewer may read, as JSON; null when there are none.",
  })
  after!: string | null;

  @Field(() => PersonObject, {
    nullable: true,
    description: "Who did it; null when it happened by the program's clock, or through a one-time link.",
  })
  actor!: object | null;

  @Field(() => PersonObject, {
    nullable: true,
    description: "In whose stead it was done; null when the actor did it in their own name.",
  })
  actingFor!: object | null;
}

export const HistoryConnection = connectionType("HistoryEntry", () => HistoryEntryObject);
