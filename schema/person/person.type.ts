import { Field, ID, InputType, ObjectType } from "type-graphql";
import { Node } from "../shared/node.ts";
import { Allow, either, self, staff } from "../shared/rule.ts";
import { DateTime, enumType } from "../shared/scalars.ts";
import { payloadType } from "../shared/user-error.ts";
import type { TextCode } from "../shared/decision.ts";
import type { Address, AddressKind, PersonState } from "./person.ts";
import type { Role, RoleCode, RoleTerm } from "./role.ts";

export const RoleEnum = enumType<Role>("Role", "What a person is entrusted with beyond their own records.", {
  STAFF: "Program staff, who administer everything.",
  COMMITTEE: "The Steering Committee, which screens applications and decides.",
  CHAIR: "The chair of the Steering Committee: sees and does what its members do, and lifts recusals.",
  BOARD: "The association's board.",
  INSTRUCTOR: "Teaches classes.",
});

export const AddressKindEnum = enumType<AddressKind>("AddressKind", "Whose an e-mail address is.", {
  PERSONAL: "The person's own, which stays when they change their job.",
  WORK: "Goes with the person's job.",
});

export const PersonStateEnum = enumType<PersonState>("PersonState", "What a person's record is.", {
  ACTIVE: "The person signs in with it.",
  MERGED: "The person has another record, which took this one in.",
  ERASED: "The person asked to be forgotten; facts that are kept show a pseudonym.",
});

/** The person concerned, or staff. */
export const selfOrStaff = either(self, staff);

@ObjectType("RoleTerm", { simpleResolvers: true, description: "A role with what it is for and the time it is held." })
export class RoleTermObject {
  @Field(() => RoleEnum, { description: "The role." })
  role!: Role;

  @Field(() => ID, {
    nullable: true,
    description: "Id of the class in the cohort's curriculum it is for; null when it is for all.",
  })
  classId!: string | null;

  @Field(() => DateTime, { description: "The first instant it holds." })
  from!: string;

  @Field(() => DateTime, {
    nullable: true,
    description: "The first instant it no longer holds; null while no end is set.",
  })
  until!: string | null;
}

@ObjectType("Unreachable", { simpleResolvers: true, description: "That mails to an address do not arrive." })
export class UnreachableObject {
  @Field(() => DateTime, { description: "Since when that is known." })
  at!: string;

  @Field(() => String, { description: "What the mail server said, or SES." })
  reason!: string;
}

@ObjectType("Address", {
  simpleResolvers: true,
  description: "An e-mail address of a person, which they have proved to be theirs, or staff have entered for them.",
})
export class AddressObject {
  @Field(() => String, { description: "The address, in lower case." })
  email!: string;

  @Field(() => AddressKindEnum, { description: "Whose it is." })
  kind!: AddressKind;

  @Field(() => DateTime, { description: "When it was proved, or entered by staff where it is not proved yet." })
  verifiedAt!: string;

  @Field(() => UnreachableObject, {
    nullable: true,
    description:
      "That mails do not arrive there; null while they do, as far as is known. It ends when a mail arrives, or when the " +
      "address is confirmed anew. Until then mails go to another of the person's addresses, if there is one.",
  })
  unreachable?: { at: string; reason: string };
}

@ObjectType("Person", {
  implements: Node,
  simpleResolvers: true,
  description:
    "Somebody who has signed in, or was entered by staff: an applicant, mentor, committee member or member of staff.",
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
  @Field(() => [AddressObject], {
    nullable: true,
    description: "All verified addresses. The person and staff may read it; FORBIDDEN to others.",
  })
  addresses!: readonly Address[];

  @Allow(selfOrStaff)
  @Field(() => Boolean, {
    nullable: true,
    description:
      "Whether the person agreed to be listed in the directory. The person and staff may read it; FORBIDDEN to others.",
  })
  isListed!: boolean;

  @Allow(staff)
  @Field(() => PersonStateEnum, { nullable: true, description: "What the record is. Staff may read it." })
  state!: PersonState;

  @Allow(selfOrStaff)
  @Field(() => [RoleTermObject], {
    nullable: true,
    description: "Roles held now, before and later. The person and staff may read it; FORBIDDEN to others.",
  })
  roles!: readonly RoleTerm[];

  @Allow(staff)
  @Field(() => DateTime, {
    nullable: true,
    description: "When the person first signed in, or was entered by staff and has not since. Staff may read it.",
  })
  joinedAt!: string;
}

@InputType({ description: "The viewer's new name." })
export class ViewerRenameInput {
  @Field(() => String, { description: "At most 120 characters, on one line." })
  name!: string;
}

@InputType({ description: "Somebody's name as it should be." })
export class PersonRenameInput {
  @Field(() => ID, { description: "Whose name." })
  personId!: string;

  @Field(() => String, { description: "At most 120 characters, on one line." })
  name!: string;

  @Field(() => String, { description: "The reason, for the history; at most 1,000 characters." })
  why!: string;
}

@InputType({ description: "A role to grant or to end." })
export class RoleInput {
  @Field(() => ID, { description: "The person who is to hold the role, or no longer." })
  personId!: string;

  @Field(() => RoleEnum, { description: "The role." })
  role!: Role;

  @Field(() => ID, {
    nullable: true,
    description:
      "The cohort it is for; the whole program when absent. Staff and board roles are for the whole program only.",
  })
  cohortId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: "Id of the class in the cohort's curriculum it is for, of instructors alone; all classes when absent.",
  })
  classId?: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: "The first instant it holds; now when absent, and never before. Only for granting.",
  })
  from?: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: "The first instant it no longer holds; it has no end when absent. Only for granting.",
  })
  until?: string | null;

  @Field(() => String, { description: "The reason, for the history; at most 1,000 characters." })
  why!: string;
}

const person = { person: { type: () => PersonObject, description: "The person as they are now." } };

export const ViewerRenamePayload = payloadType<TextCode>("ViewerRename", person, {
  REQUIRED: true,
  TOO_LONG: true,
  BAD_CHARACTERS: true,
});

export const PersonRenamePayload = payloadType<TextCode>("PersonRename", person, {
  REQUIRED: true,
  TOO_LONG: true,
  BAD_CHARACTERS: true,
});

const roleCodes = {
  REQUIRED: true,
  TOO_LONG: true,
  BAD_CHARACTERS: true,
  OWN_ROLE: true,
  BAD_SCOPE: true,
  BAD_TIME: true,
  ROLE_HELD: true,
  ROLE_NOT_HELD: true,
  LAST_STAFF: true,
} as const;

export const RoleGrantPayload = payloadType<RoleCode>("RoleGrant", person, roleCodes);
export const RoleEndPayload = payloadType<RoleCode>("RoleEnd", person, roleCodes);
