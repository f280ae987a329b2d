import { Field, ID, InputType, ObjectType } from "type-graphql";
import { PersonObject } from "../person/person.type.ts";
import type { MailClass } from "../shared/mail.ts";
import { DateTime, enumType } from "../shared/scalars.ts";
import { payloadType } from "../shared/user-error.ts";
import type { MailKindCode } from "./kind.ts";

export const MailClassEnum = enumType<MailClass>("MailClass", "Whether the recipient of a mail can do without it.", {
  REQUIRED:
    "Decides, proves or costs something: it goes out whatever the recipient chose, and is tried for three days.",
  REMINDER: "As required, but of no use a day late.",
  ANNOUNCEMENT: "News that people can do without.",
  OPTIONAL: "Digests and the like that people can do without.",
});

@ObjectType("MailHold", { simpleResolvers: true, description: "That mails of one kind wait for staff." })
export class MailHoldObject {
  @Field(() => DateTime, { description: "Since when." })
  at!: string;

  @Field(() => String, { description: "The reason that was given." })
  why!: string;

  @Field(() => PersonObject, { nullable: true, description: "Who said so; null when they are not there any more." })
  by!: object | null;
}

@ObjectType("MailKind", { simpleResolvers: true, description: "One mail of the program. Staff may read it." })
export class MailKindObject {
  @Field(() => ID, { description: "Its name, as in `Message.template`; of this kind of object alone." })
  id!: string;

  @Field(() => MailClassEnum, { description: "Whether the recipient can do without it." })
  mailClass!: MailClass;

  @Field(() => MailHoldObject, { nullable: true, description: "That these mails are held; null when they go out." })
  hold!: object | null;
}

@InputType({ description: "A kind of mails, and why something is done about it." })
export class MailKindInput {
  @Field(() => String, { description: "Its name, as in `Message.template`." })
  template!: string;

  @Field(() => String, { description: "The reason, for the history; at most 1,000 characters." })
  why!: string;
}

const mailKind = { mailKind: { type: () => MailKindObject, description: "The kind as it is now." } };
const codes = { REQUIRED: true, TOO_LONG: true, BAD_CHARACTERS: true, UNCHANGED: true } as const;

export const MailKindHoldPayload = payloadType<MailKindCode>("MailKindHold", mailKind, codes);
export const MailKindFreePayload = payloadType<MailKindCode>("MailKindFree", mailKind, codes);
