import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { RoleEnum } from "../person/person.type.ts";
import type { Role } from "../person/role.ts";
import { Node } from "../shared/node.ts";
import { connectionType } from "../shared/page.ts";
import { DateTime, LocalDate } from "../shared/scalars.ts";
import { payloadType } from "../shared/user-error.ts";
import type { CreateTokenCode, RevokeTokenCode } from "./service-token.ts";

@ObjectType("ServiceToken", {
  implements: Node,
  simpleResolvers: true,
  description:
    "What a program such as a dashboard signs in with. Staff see them; the secret itself is never shown again.",
})
export class ServiceTokenObject extends Node {
  @Field(() => String, { description: "What it is for." })
  name!: string;

  @Field(() => RoleEnum, { description: "Whose rights it has, within its operations." })
  role!: Role;

  @Field(() => [String], { description: "Names of the queries it may ask." })
  operations!: readonly string[];

  @Field(() => DateTime, { description: "When it was created." })
  createdAt!: string;

  @Field(() => DateTime, { description: "The first instant it no longer works." })
  expiresAt!: string;

  @Field(() => DateTime, {
    nullable: true,
    description: "When it was revoked, which ends it at once; null while it is not.",
  })
  revokedAt!: string | null;

  @Field(() => LocalDate, { nullable: true, description: "The last day, in UTC, it was used; null before." })
  lastUsedOn!: string | null;
}

export const ServiceTokenConnection = connectionType("ServiceToken", () => ServiceTokenObject);

@InputType({ description: "A service token to create." })
export class ServiceTokenCreateInput {
  @Field(() => String, { description: "What it is for; at most 120 characters." })
  name!: string;

  @Field(() => RoleEnum, { description: "Whose rights it has, within its operations." })
  role!: Role;

  @Field(() => [String], {
    description: "Names of the queries it may ask, such as `cohorts`; `viewer`, `node` and `nodes` only when named.",
  })
  operations!: string[];

  @Field(() => Int, { description: "How many days it works, from 1 to 366." })
  days!: number;
}

@InputType({ description: "A service token to revoke." })
export class ServiceTokenRevokeInput {
  @Field(() => ID, { description: "The token." })
  serviceTokenId!: string;

  @Field(() => String, { description: "The reason, for the history; at most 1,000 characters." })
  why!: string;
}

const serviceToken = {
  type: () => ServiceTokenObject,
  description: "The token as it is now; null when there is none.",
};

export const ServiceTokenCreatePayload = payloadType<CreateTokenCode>(
  "ServiceTokenCreate",
  {
    serviceToken,
    secret: {
      type: () => String,
      description: "What the program sends as its bearer token. Shown this once; whoever loses it creates another.",
    },
  },
  { REQUIRED: true, TOO_LONG: true, BAD_CHARACTERS: true, UNKNOWN_OPERATION: true, OUT_OF_RANGE: true },
);

export const ServiceTokenRevokePayload = payloadType<RevokeTokenCode>(
  "ServiceTokenRevoke",
  { serviceToken },
  { REQUIRED: true, TOO_LONG: true, BAD_CHARACTERS: true, ALREADY_REVOKED: true },
);
