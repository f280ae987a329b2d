import { Field, ObjectType } from "type-graphql";
import { Ability } from "../shared/ability.ts";

@ObjectType("SlateAbilities", { simpleResolvers: true, description: "What the viewer could do with a slate now." })
export class SlateAbilitiesObject {
  @Field(() => Ability, { description: "Change its name or rows." })
  save!: Ability;

  @Field(() => Ability, { description: "Begin another as a copy of it." })
  copy!: Ability;

  @Field(() => Ability, { description: "Put it aside." })
  archive!: Ability;

  @Field(() => Ability, { description: "Put all of it to the vote." })
  openMotion!: Ability;
}

@ObjectType("MotionAbilities", { simpleResolvers: true, description: "What the viewer could do with a motion now." })
export class MotionAbilitiesObject {
  @Field(() => Ability, { description: "Vote on it, or vote anew." })
  vote!: Ability;

  @Field(() => Ability, { description: "Count the votes and end the voting." })
  close!: Ability;

  @Field(() => Ability, { description: "Take it back with its votes." })
  withdraw!: Ability;
}
