import { Field, ObjectType } from "type-graphql";
import { mayAct, type Viewer } from "../person/person.ts";
import { isRefused, type Decision } from "./decision.ts";

/** Whether the viewer could do something now, as the mutation itself would decide. */
@ObjectType({ simpleResolvers: true, description: "Whether the viewer can do something now, and if not, why." })
export class Ability {
  @Field(() => Boolean, { description: "Whether the step would be taken now." })
  allowed!: boolean;

  @Field(() => [String], { description: "The sentences the step would answer; empty when it is allowed." })
  reasons!: string[];
}

/** Abilities of those who may take a step at all: for them the rule of the step answers, for others the sentence. */
export function abilityOf(
  viewer: Viewer | null,
  may: boolean,
  otherwise: string,
): (decide: () => Decision<unknown>) => Ability {
  return (decide) => {
    if (viewer !== null && !mayAct(viewer)) return { allowed: false, reasons: ["A service token only asks."] };
    if (!may) return { allowed: false, reasons: [otherwise] };
    const decision = decide();
    const reasons = isRefused(decision) ? decision.refusals.map(({ message }) => message) : [];
    return { allowed: reasons.length === 0, reasons };
  };
}
