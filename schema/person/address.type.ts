import { Field, ID, InputType } from "type-graphql";
import { DateTime } from "../shared/scalars.ts";
import { payloadType } from "../shared/user-error.ts";
import type { AddCode, ConfirmCode } from "./address.ts";
import type { AddressKind } from "./person.ts";
import { AddressKindEnum, PersonObject } from "./person.type.ts";

@InputType({ description: "An address to add to one's own." })
export class ViewerEmailAddInput {
  @Field(() => String, {
    description: "The address; capital and small letters are the same. Letters outside ASCII are not taken.",
  })
  email!: string;

  @Field(() => AddressKindEnum, { description: "Whose it is." })
  kind!: AddressKind;
}

@InputType({ description: "An address to add in somebody's name." })
export class PersonEmailAddInput {
  @Field(() => ID, { description: "The person who is to have it." })
  personId!: string;

  @Field(() => String, {
    description: "The address; capital and small letters are the same. Letters outside ASCII are not taken.",
  })
  email!: string;

  @Field(() => AddressKindEnum, { description: "Whose it is." })
  kind!: AddressKind;

  @Field(() => String, { description: "The reason, for the history; at most 1,000 characters." })
  why!: string;
}

@InputType({ description: "The proof that an address is one's own." })
export class EmailConfirmInput {
  @Field(() => String, { description: "What stands behind the `#` of the link in the mail." })
  token!: string;
}

@InputType({ description: "One of one's own addresses." })
export class ViewerEmailInput {
  @Field(() => String, { description: "The address; capital and small letters are the same." })
  email!: string;
}

@InputType({ description: "One of one's own addresses, and whose it is." })
export class ViewerEmailLabelInput {
  @Field(() => String, { description: "The address; capital and small letters are the same." })
  email!: string;

  @Field(() => AddressKindEnum, { description: "Whose it is." })
  kind!: AddressKind;
}

const validUntil = {
  validUntil: {
    type: () => DateTime,
    description: "The first instant at which the link in the mail is too old; null when no mail goes out.",
  },
};

const addCodes = {
  REQUIRED: true,
  TOO_LONG: true,
  BAD_CHARACTERS: true,
  BAD_EMAIL: true,
  EMAIL_OWN: true,
  TOO_MANY_ADDRESSES: true,
  TOO_MANY: true,
  WRONG_STATE: true,
} as const;

export const ViewerEmailAddPayload = payloadType<AddCode>("ViewerEmailAdd", validUntil, addCodes);
export const PersonEmailAddPayload = payloadType<AddCode>("PersonEmailAdd", validUntil, addCodes);

export const EmailConfirmPayload = payloadType<ConfirmCode>(
  "EmailConfirm",
  { email: { type: () => String, description: "The address that was confirmed; null when none was." } },
  {
    LINK_UNKNOWN: true,
    LINK_EXPIRED: true,
    LINK_USED: true,
    LINK_REVOKED: true,
    EMAIL_TAKEN: true,
    EMAIL_OWN: true,
    TOO_MANY_ADDRESSES: true,
  },
);

const person = { person: { type: () => PersonObject, description: "The person as they are now." } };

export const ViewerEmailPreferPayload = payloadType<"EMAIL_UNKNOWN">("ViewerEmailPrefer", person, {
  EMAIL_UNKNOWN: true,
});
export const ViewerEmailRemovePayload = payloadType<"EMAIL_UNKNOWN" | "EMAIL_PREFERRED">("ViewerEmailRemove", person, {
  EMAIL_UNKNOWN: true,
  EMAIL_PREFERRED: true,
});
export const ViewerEmailLabelPayload = payloadType<"EMAIL_UNKNOWN">("ViewerEmailLabel", person, {
  EMAIL_UNKNOWN: true,
});
