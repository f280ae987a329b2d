import { SendRawEmailCommand } from "@aws-sdk/client-ses";
import MailComposer from "nodemailer/lib/mail-composer";
import { encodeWord } from "nodemailer/lib/mime-funcs";
import { addSecret, linkObsolete, linkUrl } from "../../schema/link/link.ts";
import { linkFrom, linkKey, writeLink } from "../../schema/link/link.table.ts";
import { readyFor } from "../../schema/mails.ts";
import { messageFrom, messageKey, writeMessage } from "../../schema/message/message.table.ts";
import { claim, markCancelled, markDelayed, markFailed, markSent, type Message } from "../../schema/message/message.ts";
import { loadPerson } from "../../schema/person/person.table.ts";
import { written } from "../../schema/shared/command.ts";
import { compose, type Composed, type Frame } from "../../schema/shared/mail.ts";
import { newSecret, secretText } from "../../schema/shared/secret.ts";
import { LostVersion } from "../../schema/shared/table.ts";
import type { Write } from "../../schema/shared/write.ts";
import type { Runtime } from "../runtime.ts";

/** A message goes out at the next try when somebody changed it, or the link it carries, in the same moment. */
const TRIES = 3;

/**
 * Sends one message if it is its turn: looks whether its reason still stands, takes it, hands it to SES and notes the answer.
 * When no answer comes, the message stays taken until SES reports on it or its time is up; it is never sent again here.
 */
export async function sendMessage(runtime: Runtime, id: string): Promise<void> {
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const taken = await take(runtime, id);
    if (taken === "lost") continue;
    if (taken !== null) await send(runtime, taken);
    return;
  }
}

interface Taken {
  message: Message;
  mail: Composed;
}

/** Takes the message if it is its turn and its reason stands; null when it is not to be sent now. */
async function take(runtime: Runtime, id: string): Promise<Taken | "lost" | null> {
  const { table, clock, settings } = runtime;
  const message = messageFrom(await table.get(messageKey(id)));
  if (!message || claim(message, { sentTo: "", subject: "", now: clock.now() }) === null) return null;

  const [ready, person] = await Promise.all([
    readyFor(table, message, clock.now()),
    message.personId === null ? undefined : loadPerson(table, message.personId),
  ]);
  const recipient = person ?? (message.personId === null ? ready?.outsider : null);
  if (!ready || !recipient) {
    const failed = markFailed(message, "What the mail is about, or whom it is for, is not there any more.");
    return (await save(runtime, failed)) ? null : "lost";
  }
  if (person?.state === "ERASED") {
    return (await save(runtime, markCancelled(message, "The recipient was erased."))) ? null : "lost";
  }

  const now = clock.now();
  const minted = ready.carries === null ? null : await mint(runtime, ready.carries, now);
  const obsolete = ready.obsolete ?? minted?.obsolete ?? null;
  if (obsolete !== null) return (await save(runtime, markCancelled(message, obsolete))) ? null : "lost";

  const frame: Frame = { recipientName: recipient.name, publicUrl: settings.publicUrl, now, link: minted?.link };
  const mail = compose(ready.write(undefined, frame), frame);
  const sentTo = minted?.to ?? message.to ?? recipient.email;
  const next = claim(message, { sentTo, subject: mail.subject, now });
  if (!next) return null;
  return (await save(runtime, next, minted?.writes)) ? { message: written(next), mail } : "lost";
}

/** A one-time link ready to be sent. */
interface Minted {
  obsolete: string | null;
  to?: string | null;
  link?: Frame["link"];
  writes?: readonly Write[];
}

/**
 * Makes the secret of the link that a mail carries. It is nowhere but in the mail: neither table nor outbox nor log can give it
 * away, and a mail that is sent again gets another one. Its hash is written together with the claim of the message.
 */
async function mint({ table, settings }: Runtime, linkId: string, now: string): Promise<Minted> {
  const link = linkFrom(await table.get(linkKey(linkId)));
  const obsolete = linkObsolete(link, now);
  if (!link || obsolete !== null) return { obsolete };
  const { text, hash } = newSecret();
  const url = linkUrl(settings.publicUrl, link.purpose, secretText(link.id, text));
  return {
    obsolete,
    to: link.to,
    link: { url, expiresAt: link.expiresAt },
    writes: writeLink(addSecret(link, hash)),
  };
}

/** Hands a message that was taken to SES and notes the answer. */
async function send(runtime: Runtime, { message, mail }: Taken): Promise<void> {
  const { clock, logger } = runtime;
  const answer = await handOver(runtime, message, mail);
  switch (answer.kind) {
    case "taken":
      await save(runtime, markSent(message, { sesMessageId: answer.sesMessageId, now: clock.now() }));
      return;
    case "later":
      await save(runtime, markDelayed(message, answer.reason, clock.now()));
      return;
    case "never":
      await save(runtime, markFailed(message, answer.reason));
      return;
    case "unknown":
      logger.warn("SES did not answer; the mail's fate is open until SES reports on it", { messageId: message.id });
  }
}

/** Writes the message's next state; false when somebody else has written one meanwhile, which then stands. */
async function save({ table }: Runtime, message: Message, more: readonly Write[] = []): Promise<boolean> {
  try {
    await table.commit([...writeMessage(message), ...more]);
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
