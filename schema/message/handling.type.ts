import { Field, ID, InputType, Int } from "type-graphql";
import { payloadType } from "../shared/user-error.ts";
import type { CorrectCode, EditCode, HandleCode, ReleaseMessagesCode } from "./handling.ts";
import { MessageObject } from "./message.type.ts";

const KEY_MEANING =
  "8 to 100 letters, digits, or . : _ - characters. The same key and input give the first answer, for two days.";
const WHY_MEANING = "The reason, for the history; at most 1,000 characters.";

@InputType({ description: "A mail, and why something is done about it." })
export class MessageReasonInput {
  @Field(() => ID, { description: "The message." })
  messageId!: string;

  @Field(() => String, { description: WHY_MEANING })
  why!: string;
}

@InputType({ description: "Another wording for a mail that is held." })
export class MessageEditInput {
  @Field(() => ID, { description: "The message." })
  messageId!: string;

  @Field(() => Int, { description: "Its `version` as you looked at it." })
  expectedVersion!: number;

  @Field(() => String, { description: "The subject; at most 200 characters, on one line." })
  subject!: string;

  @Field(() => String, {
    description:
      "What stands between greeting and signature: paragraphs with an empty line between them, at most 8,000 characters. " +
      "The link of the mail stays behind it.",
  })
  text!: string;

  @Field(() => String, { description: WHY_MEANING })
  why!: string;
}

@InputType({ description: "Held mails to release together." })
export class MessagesReleaseInput {
  @Field(() => [ID], { description: "The messages, at most 30. All of them are released, or none." })
  messageIds!: string[];

  @Field(() => Boolean, {
    defaultValue: false,
    description:
      "True changes nothing and answers the mails, for a look at their `preview`, and the token to confirm with.",
  })
  dryRun!: boolean;

  @Field(() => String, {
    nullable: true,
    description: "Token of the look that is confirmed. It is stale once one of the mails would say something else.",
  })
  confirmToken?: string | null;

  @Field(() => String, { description: KEY_MEANING })
  idempotencyKey!: string;
}

@InputType({ description: "What a mail that went out should have said." })
export class MessageCorrectInput {
  @Field(() => ID, { description: "The message that was wrong." })
  messageId!: string;

  @Field(() => String, {
    description:
      "Paragraphs with an empty line between them, at most 8,000 characters. The mail names the subject of the wrong one.",
  })
  text!: string;

  @Field(() => String, { description: KEY_MEANING })
  idempotencyKey!: string;
}

const message = { message: { type: () => MessageObject, description: "The message as it is now." } };
const reasonCodes = { REQUIRED: true, TOO_LONG: true, BAD_CHARACTERS: true } as const;
const handleCodes = { ...reasonCodes, WRONG_STATE: true, OWN_RECORD: true } as const;

export const MessageHoldPayload = payloadType<HandleCode>("MessageHold", message, handleCodes);
export const MessageCancelPayload = payloadType<HandleCode>("MessageCancel", message, handleCodes);
export const MessageEditPayload = payloadType<EditCode>("MessageEdit", message, { ...handleCodes, CONFLICT: true });
export const MessageCorrectPayload = payloadType<CorrectCode>("MessageCorrect", message, {
  ...handleCodes,
  ALREADY_CORRECTED: true,
  KEY_REUSED: true,
  BAD_KEY: true,
});

export const MessagesReleasePayload = payloadType<ReleaseMessagesCode>(
  "MessagesRelease",
  {
    messages: {
      type: () => [MessageObject],
      description: "The messages in the order of the input; null when they cannot be released.",
    },
    confirmToken: { type: () => String, description: "Confirms exactly these mails as they are; of a dry run alone." },
  },
  {
    REQUIRED: true,
    TOO_MANY: true,
    WRONG_STATE: true,
    OWN_RECORD: true,
    CONFIRM_TOKEN_REQUIRED: true,
    STALE: true,
    KEY_REUSED: true,
    BAD_KEY: true,
  },
);
