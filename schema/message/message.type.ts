import { ArgsType, Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { Ability } from "../shared/ability.ts";
import { Node } from "../shared/node.ts";
import { connectionType } from "../shared/page.ts";
import { DateTime, enumType } from "../shared/scalars.ts";
import { payloadType } from "../shared/user-error.ts";
import type { MessageState } from "./message.ts";
import type { MessageCode } from "./handling.ts";

export const MessageStateEnum = enumType<MessageState>("MessageState", "What became of a mail.", {
  QUEUED: "Waits for its turn.",
  SENDING: "Is being sent; stays so for at most ten minutes.",
  SENT: "Taken by the mail service.",
  DELIVERED: "Taken by the recipient's mail server.",
  BOUNCED: "Refused by the recipient's mail server; `reason` says why.",
  COMPLAINED: "The recipient reported it as unwanted.",
  FAILED: "Could not be sent; `reason` says why.",
  HELD: "Waits for staff; `reason` says why.",
  CANCELLED: "No longer needed when its turn came, or called off by staff; `reason` says why.",
  SUPPRESSED:
    "Not sent, because the recipient wants no mails that are optional, or because mails to the address that was named come back; " +
    "`reason` says which.",
});

@ObjectType("Message", {
  implements: Node,
  simpleResolvers: true,
  description: "One mail to one recipient for one event. Staff see all of them, a person their own.",
})
export class MessageObject extends Node {
  @Field(() => MessageStateEnum, { description: "What became of it." })
  state!: MessageState;

  @Field(() => String, { description: "Which mail of the program it is, such as `decision-accepted`." })
  template!: string;

  @Field(() => String, { nullable: true, description: "Subject of the last attempt; null before one." })
  subject!: string | null;

  @Field(() => String, { nullable: true, description: "Address of the last attempt; null before one." })
  sentTo!: string | null;

  @Field(() => DateTime, { description: "When its event happened." })
  queuedAt!: string;

  @Field(() => DateTime, { nullable: true, description: "When the mail service took it; null before." })
  sentAt!: string | null;

  @Field(() => Int, { description: "How often sending was begun." })
  attempts!: number;

  @Field(() => String, {
    nullable: true,
    description: "Why it waits, failed, bounced, is held or was cancelled; null when all is well.",
  })
  reason!: string | null;

  @Field(() => Int, { description: "Grows by one with every change; for `expectedVersion`." })
  version!: number;

  @Field(() => MailDelayObject, {
    nullable: true,
    description: "That the recipient's mail server kept it waiting; null when it did not, as far as is known.",
  })
  delay?: { at: string; reason: string };
}

@ObjectType("MailDelay", { simpleResolvers: true, description: "That a mail server keeps a mail waiting." })
export class MailDelayObject {
  @Field(() => DateTime, { description: "Since when that is known." })
  at!: string;

  @Field(() => String, { description: "What the mail server said." })
  reason!: string;
}

@ObjectType("MessagePreview", {
  simpleResolvers: true,
  description: "What a mail would say now, but for secret links.",
})
export class MessagePreviewObject {
  @Field(() => String, { description: "The subject." })
  subject!: string;

  @Field(() => String, { description: "The mail as text, with greeting and signature." })
  text!: string;

  @Field(() => String, { description: "The mail as HTML." })
  html!: string;

  @Field(() => String, {
    description: "What stands between greeting and signature but for the link: the part that `messageEdit` replaces.",
  })
  body!: string;
}

@ObjectType("MessageAbilities", { simpleResolvers: true, description: "What the viewer could do with a mail now." })
export class MessageAbilitiesObject {
  @Field(() => Ability, { description: "Send it again." })
  resend!: Ability;

  @Field(() => Ability, { description: "Hold it before it goes out." })
  hold!: Ability;

  @Field(() => Ability, { description: "Give it another wording." })
  edit!: Ability;

  @Field(() => Ability, { description: "Release it." })
  release!: Ability;

  @Field(() => Ability, { description: "Call it off." })
  cancel!: Ability;

  @Field(() => Ability, { description: "Put right what it said wrong." })
  correct!: Ability;
}

/** Which mails are listed: exactly one of these. */
@ArgsType()
export class MessageFilterArgs {
  @Field(() => MessageStateEnum, { nullable: true, description: "Of one state, for example FAILED, BOUNCED or HELD." })
  state?: MessageState | null;

  @Field(() => ID, { nullable: true, description: "To one person." })
  personId?: string | null;

  @Field(() => ID, { nullable: true, description: "About one application, whomever they went to." })
  applicationId?: string | null;
}

export const MessageConnection = connectionType("Message", () => MessageObject);

@InputType({ description: "A mail to send again." })
export class MessageResendInput {
  @Field(() => ID, { description: "The message." })
  messageId!: string;

  @Field(() => String, {
    description: "8 to 100 letters, digits, or . : _ - characters. The same key sends once, for two days.",
  })
  idempotencyKey!: string;
}

export const MessageResendPayload = payloadType<MessageCode>(
  "MessageResend",
  { message: { type: () => MessageObject, description: "The message as it is now." } },
  { WRONG_STATE: true, KEY_REUSED: true, BAD_KEY: true },
);
