import { Field, ObjectType } from "type-graphql";
import { connectionType } from "../shared/page.ts";
import type { Address } from "./person.ts";
import { AddressObject, PersonObject } from "./person.type.ts";

@ObjectType("UnreachablePerson", {
  simpleResolvers: true,
  description: "Somebody with an address that mails do not reach any more.",
})
export class UnreachablePersonObject {
  @Field(() => PersonObject, { description: "Who." })
  person!: object;

  @Field(() => [AddressObject], { description: "Their addresses that do not work, each with the reason." })
  addresses!: readonly Address[];

  @Field(() => String, { nullable: true, description: "Where mails to them go meanwhile; null when they go nowhere." })
  mailsGoTo!: string | null;

  @Field(() => String, { description: "What staff can do about it." })
  fix!: string;
}

export const UnreachablePersonConnection = connectionType("UnreachablePerson", () => UnreachablePersonObject);
