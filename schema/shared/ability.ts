import { Field, ObjectType } from "type-graphql";
import { isRefused, type Decision } from "./decision.ts";

/** Whether the viewer could do something now, as the mutation itself would decide. */
@ObjectType({ simpleResolvers: true, description: "Whether the viewer can do something now, and if not, why." })
export class Ability {
  @Field(() => Boolean, { description: "Whether the step would be taken now." })
  allowed!: boolean;

  @Field(() => [String], { description: "The sentences the step would answer; empty when it is allowed." })
  reasons!: string[];
}

/** The answer of a rule as an ability. */
export function abilityFrom(decision: Decision<unknown>): Ability {
  if (!isRefused(decision)) return { allowed: true, reasons: [] };
  return { allowed: false, reasons: decision.refusals.map(({ message }) => message) };
}
