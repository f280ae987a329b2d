import { Field, ID, InputType, ObjectType } from "type-graphql";
import { Node } from "../shared/node.ts";
import { Allow, staff, type Rule } from "../shared/rule.ts";
import { DateTime, enumType } from "../shared/scalars.ts";
import { payloadType } from "../shared/user-error.ts";
import { isStaff, type Person, type Role, type RoleCode, type RoleTerm } from "./person.ts";
import type { TextCode } from "../shared/decision.ts";

export const RoleEnum = enumType<Role>("Role", "What a person is entrusted with beyond their own records.", {
  STAFF: "Program staff, who administer everything.",
  COMMITTEE: "The Steering Committee, which screens applications and decides.",
});

/** The person concerned, or staff. */
const selfOrStaff: Rule = ({ viewer, source }) => {
  if (viewer?.person.id === (source as Person).id || isStaff(viewer)) return true;
  return viewer ? "FORBIDDEN" : "UNAUTHENTICATED";
};

@ObjectType("RoleTerm", { simpleResolvers: true, description: "A role with the time it is held." })
export class RoleTermObject {
  @Field(() => RoleEnum, { description: "The role." })
  role!: Role;

  @Field(() => DateTime, { description: "The first instant it holds." })
  from!: string;

  @Field(() => DateTime, {
    nullable: true,
    description: "The first instant it no longer holds; null while no end is set.",
  })
  until!: string | null;
}

@ObjectType("Person", {
  implements: Node,
  simpleResolvers: true,
  description: "Somebody who has signed in: an applicant, mentor, committee member or member of staff.",
})
export class PersonObject extends Node {
  @Field(() => String, { description: "The name that lists, mails and certificates show; at most 120 characters." })
  name!: string;

  @Allow(selfOrStaff)
  @Field(() => String, {
    nullable: true,
    description: "The verified address that mails go to. The person and staff may read it; FORBIDDEN to others.",
  })
  email!: string;

  @Allow(selfOrStaff)
  @Field(() => [RoleTermObject], {
    nullable: true,
    description: "Roles held now, before and later. The person and staff may read it; FORBIDDEN to others.",
  })
  roles!: readonly RoleTerm[];

  @Allow(staff)
  @Field(() => DateTime, { nullable: true, description: "When the person first signed in. Staff may read it." })
  joinedAt!: string;
}

@InputType({ description: "The viewer's new name." })
export class ViewerRenameInput {
  @Field(() => String, { description: "At most 120 characters, on one line." })
  name!: string;
}

@InputType({ description: "A role to grant or to end." })
export class RoleInput {
  @Field(() => ID, { description: "The person who is to hold the role, or no longer." })
  personId!: string;

  @Field(() => RoleEnum, { description: "The role." })
  role!: Role;

  @Field(() => String, { description: "The reason, for the history; at most 1,000 characters." })
  why!: string;
}

const person = { person: { type: () => PersonObject, description: "The person as they are now." } };

export const ViewerRenamePayload = payloadType<TextCode>("ViewerRename", person, {
  REQUIRED: true,
  TOO_LONG: true,
  BAD_CHARACTERS: true,
});

const roleCodes = {
  REQUIRED: true,
  TOO_LONG: true,
  BAD_CHARACTERS: true,
  ROLE_HELD: true,
  ROLE_NOT_HELD: true,
  LAST_STAFF: true,
} as const;

export const RoleGrantPayload = payloadType<RoleCode>("RoleGrant", person, roleCodes);
export const RoleEndPayload = payloadType<RoleCode>("RoleEnd", person, roleCodes);
