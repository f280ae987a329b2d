import { SendRawEmailCommand } from "@aws-sdk/client-ses";
import MailComposer from "nodemailer/lib/mail-composer";
import { encodeWord } from "nodemailer/lib/mime-funcs";
import { readyFor } from "../../schema/mails.ts";
import { messageFrom, messageKey, writeMessage } from "../../schema/message/message.table.ts";
import { claim, markCancelled, markDelayed, markFailed, markSent, type Message } from "../../schema/message/message.ts";
import { personFrom, personKey } from "../../schema/person/person.table.ts";
import { written } from "../../schema/shared/command.ts";
import { compose, type Composed } from "../../schema/shared/mail.ts";
import { LostVersion } from "../../schema/shared/table.ts";
import type { Runtime } from "../runtime.ts";

/**
 * Sends one message if it is its turn: looks whether its reason still stands, takes it, hands it to SES and notes the answer.
 * When no answer comes, the message stays taken until SES reports on it or its time is up; it is never sent again here.
 */
export async function sendMessage(runtime: Runtime, id: string): Promise<void> {
  const { table, clock, settings, logger } = runtime;
  const message = messageFrom(await table.get(messageKey(id)));
  if (!message || claim(message, { sentTo: "", subject: "", now: clock.now() }) === null) return;

  const [ready, recipient] = await Promise.all([
    readyFor(table, message),
    table.get(personKey(message.personId)).then(personFrom),
  ]);
  if (!ready || !recipient) {
    await save(runtime, markFailed(message, "What the mail is about, or whom it is for, is not there any more."));
    return;
  }
  if (recipient.state === "ERASED") {
    await save(runtime, markCancelled(message, "The recipient was erased."));
    return;
  }
  if (ready.obsolete !== null) {
    await save(runtime, markCancelled(message, ready.obsolete));
    return;
  }

  const now = clock.now();
  const frame = { recipientName: recipient.name, publicUrl: settings.publicUrl, now };
  const mail = compose(ready.write(undefined, frame), frame);
  const taken = claim(message, { sentTo: recipient.email, subject: mail.subject, now });
  if (!taken || !(await save(runtime, taken))) return;

  const held = written(taken);
  const answer = await handOver(runtime, held, mail);
  switch (answer.kind) {
    case "taken":
      await save(runtime, markSent(held, { sesMessageId: answer.sesMessageId, now: clock.now() }));
      return;
    case "later":
      await save(runtime, markDelayed(held, answer.reason, clock.now()));
      return;
    case "never":
      await save(runtime, markFailed(held, answer.reason));
      return;
    case "unknown":
      logger.warn("SES did not answer; the mail's fate is open until SES reports on it", { messageId: id });
  }
}

/** Writes the message's next state; false when somebody else has written one meanwhile, which then stands. */
async function save({ table }: Runtime, message: Message): Promise<boolean> {
  try {
    await table.commit(writeMessage(message));
    return true;
  } catch (error) {
    if (error instanceof LostVersion) return false;
    throw error;
  }
}

type Answer =
  | { kind: "taken"; sesMessageId: string }
  | { kind: "later" | "never"; reason: string }
  | { kind: "unknown" };

async function handOver({ ses, settings, clock }: Runtime, message: Message, mail: Composed): Promise<Answer> {
  const raw = await new MailComposer({
    from: settings.mailFrom,
    to: message.sentTo ?? "",
    replyTo: settings.mailReplyTo,
    date: new Date(clock.now()),
    text: mail.text,
    html: mail.html,
    headers: { Subject: subjectHeader(mail.subject), "Auto-Submitted": "auto-generated" },
  })
    .compile()
    .build();
  const command = new SendRawEmailCommand({
    RawMessage: { Data: raw },
    Destinations: [message.sentTo ?? ""],
    ConfigurationSetName: settings.configurationSet,
    Tags: [{ Name: "outbox-id", Value: message.id }],
  });
  try {
    const { MessageId } = await ses.send(command);
    return MessageId ? { kind: "taken", sesMessageId: MessageId } : { kind: "unknown" };
  } catch (error) {
    return answerFrom(error);
  }
}

/** Names stand in subjects; one that looks like an encoded word would be decoded by whoever reads it, so it is encoded. */
function subjectHeader(subject: string): string | { prepared: boolean; foldLines: boolean; value: string } {
  if (!subject.includes("=?")) return subject;
  return { prepared: true, foldLines: true, value: encodeWord(subject, "Q", 52) };
}

const PATIENCE = new Set(["Throttling", "ThrottlingException", "TooManyRequestsException", "LimitExceededException"]);

/** A refusal is final, haste can wait, and whatever else happened, the mail may be on its way. */
function answerFrom(error: unknown): Answer {
  if (!(error instanceof Error)) return { kind: "unknown" };
  if (PATIENCE.has(error.name)) return { kind: "later", reason: `SES asks for patience: ${error.message}` };
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode ?? 0;
  if (status >= 400 && status < 500) return { kind: "never", reason: `SES refused: ${error.name}: ${error.message}` };
  return { kind: "unknown" };
}
