import { Field, ObjectType } from "type-graphql";
import { Ability } from "../shared/ability.ts";

@ObjectType("TeamAbilities", { simpleResolvers: true, description: "What the viewer could do with a team now." })
export class TeamAbilitiesObject {
  @Field(() => Ability, { description: "Accept it, as its mentor." })
  accept!: Ability;

  @Field(() => Ability, { description: "Decline it, as its mentor." })
  decline!: Ability;

  @Field(() => Ability, { description: "End it without another in its place." })
  end!: Ability;

  @Field(() => Ability, { description: "Give the candidate another mentor, whoever that is." })
  replaceMentor!: Ability;
}

@ObjectType("TeamProposalAbilities", {
  simpleResolvers: true,
  description: "What the viewer could do with a proposal of teams now.",
})
export class TeamProposalAbilitiesObject {
  @Field(() => Ability, { description: "Give a candidate of it another mentor." })
  move!: Ability;

  @Field(() => Ability, { description: "Put it aside." })
  archive!: Ability;

  @Field(() => Ability, { description: "Make its teams and ask their mentors." })
  publish!: Ability;

  @Field(() => Ability, { description: "Take back the teams that it has made." })
  unpublish!: Ability;
}
