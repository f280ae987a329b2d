import { SendRawEmailCommand } from "@aws-sdk/client-ses";
import { addSecret, linkObsolete, linkUrl } from "../../schema/link/link.ts";
import { linkFrom, linkKey, writeLink } from "../../schema/link/link.table.ts";
import { classOf, readyFor, Unwritable, writeMail, type Ready } from "../../schema/mails.ts";
import { mailKindFrom, mailKindKey } from "../../schema/message/kind.table.ts";
import { firstInLane, messageFrom, messageKey, writeMessage } from "../../schema/message/message.table.ts";
import {
  claim,
  deadlineOf,
  laneOf,
  markCancelled,
  markDelayed,
  markFailed,
  markHeld,
  markPaced,
  markSent,
  markSuppressed,
  type Message,
} from "../../schema/message/message.ts";
import { loadPerson } from "../../schema/person/person.table.ts";
import type { Person } from "../../schema/person/person.ts";
import { destinationOf, outsiderDestination } from "../../schema/person/reach.ts";
import { written } from "../../schema/shared/command.ts";
import type { Composed, Frame } from "../../schema/shared/mail.ts";
import { newSecret, secretText } from "../../schema/shared/secret.ts";
import { LostVersion } from "../../schema/shared/table.ts";
import type { Write } from "../../schema/shared/write.ts";
import type { Runtime } from "../runtime.ts";
import { mimeOf, MOST_MAIL_BYTES } from "./mime.ts";
import type { Pace } from "./pace.ts";

/** A message goes out at the next try when somebody changed it, or the link it carries, in the same moment. */
const TRIES = 3;
/** Most mails to one recipient that one ring sends; the sweeper rings for the others. */
const MOST_OF_LANE = 20;

/**
 * Sends what waits for the recipient of a message, the earliest first, up to the first that cannot go out now: so a person reads
 * mails in the order of what they tell. One that waits for SES, or whose fate is open, keeps the later ones back until it is
 * sent or its time is over; one that failed, was held or was cancelled keeps nobody back.
 */
export async function sendLane(runtime: Runtime, message: Message, pace: Pace): Promise<void> {
  for (let sent = 0; sent < MOST_OF_LANE; sent++) {
    const id = await firstInLane(runtime.table, laneOf(message));
    if (id === undefined || !(await sendFirst(runtime, id, pace))) return;
  }
}

/** Sends one message if it is its turn; whether it has left its lane. */
async function sendFirst(runtime: Runtime, id: string, pace: Pace): Promise<boolean> {
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const taken = await take(runtime, id, pace);
    if (taken === "lost") continue;
    return typeof taken === "string" ? taken === "gone" : send(runtime, taken);
  }
  return false;
}

interface Taken {
  message: Message;
  raw: Buffer;
}

/** "gone": it will not be sent. "waits": not now. "lost": somebody else was faster. */
type NotTaken = "gone" | "waits" | "lost";

/**
 * Takes the message if it is its turn and its reason stands: looks whether its reason still stands, takes it, hands it to SES and
 * notes the answer. When no answer comes, the message stays taken until SES reports on it or its time is up.
 */
async function take(runtime: Runtime, id: string, pace: Pace): Promise<Taken | NotTaken> {
  const { table, clock, logger } = runtime;
  const message = messageFrom(await table.get(messageKey(id)));
  if (!message || claim(message, { sentTo: "", subject: "", now: clock.now() }) === null) return "waits";
  const leave = async (next: Message) => ((await save(runtime, next, message)) ? ("gone" as const) : "lost");
  try {
    const prepared = await prepare(runtime, message);
    if ("state" in prepared) return await leave(prepared);
    const { sentTo, isTrial, mail, writes } = prepared;
    const raw = await mimeOf(mail, { to: sentTo, settings: runtime.settings, now: clock.now() });
    if (raw.length > MOST_MAIL_BYTES)
      throw new Unwritable(`The mail has ${raw.length} bytes: SES takes ${MOST_MAIL_BYTES}.`);
    if (!(await pace())) return (await save(runtime, markPaced(message, clock.now()), message)) ? "waits" : "lost";
    const next = claim(message, { sentTo, isTrial, subject: mail.subject, now: clock.now() });
    if (!next) return "waits";
    return (await save(runtime, next, message, writes)) ? { message: written(next), raw } : "lost";
  } catch (error) {
    if (!(error instanceof Unwritable)) throw error;
    // One that cannot be written must not keep the others waiting: it is for staff, and for us to mend.
    logger.error("A mail could not be written", { messageId: id, template: message.template, error });
    return leave(markFailed(message, error.message));
  }
}

interface Prepared {
  sentTo: string;
  isTrial: boolean;
  mail: Composed;
  writes: readonly Write[];
}

/** What is to be sent, or what becomes of the message instead. */
async function prepare(runtime: Runtime, message: Message): Promise<Prepared | Message> {
  const { table, clock, settings } = runtime;
  const mailClass = classOf(message.template);
  const [ready, person, kind] = await Promise.all([
    readyFor(table, message, clock.now()),
    message.personId === null ? undefined : loadPerson(table, message.personId),
    table.get(mailKindKey(message.template)).then(mailKindFrom),
  ]);
  const recipient = person ?? (message.personId === null ? ready?.outsider : null);
  if (!ready || !recipient) {
    return markFailed(message, "What the mail is about, or whom it is for, is not there any more.");
  }
  if (person?.state === "ERASED") return markCancelled(message, "The recipient was erased.");

  const now = clock.now();
  if (mailClass.isPerishable && now >= deadlineOf(message, mailClass.hours)) {
    return markFailed(message, `It could not be sent within ${mailClass.hours} hours, and is of no use any more.`);
  }
  if (ready.obsolete !== null) return markCancelled(message, ready.obsolete);
  if (kind?.hold && message.isInsisted !== true)
    return markHeld(message, `Staff hold mails of this kind: ${kind.hold.why}`);
  const minted = ready.carries === null ? null : await mint(runtime, ready.carries, now);
  if (minted?.obsolete) return markCancelled(message, minted.obsolete);

  const wanted = message.to ?? (person ? ofTheirs(person, ready) : undefined);
  const isInsisted = message.isInsisted === true;
  const to = !person
    ? outsiderDestination(recipient, { wanted: minted?.to ?? wanted, isInsisted })
    : minted?.to
      ? // A link proves the address it goes to, and no other; also one that had bounced.
        { email: minted.to, isTrial: person.addresses.some(({ email }) => email === minted.to) }
      : destinationOf(person, { wanted, ...mailClass, isInsisted });
  if (to.email === null) {
    // Staff find another address of a person; whose address somebody else gave is theirs to correct, and they have the task.
    const isForStaff = to.because === "UNREACHABLE" && person !== undefined;
    return isForStaff ? markFailed(message, to.reason) : markSuppressed(message, to.reason);
  }
  const frame: Frame = { recipientName: recipient.name, publicUrl: settings.publicUrl, now, link: minted?.link };
  return {
    sentTo: to.email,
    isTrial: to.isTrial,
    mail: writeMail(ready, message, frame),
    writes: minted?.writes ?? [],
  };
}

/** The address a template asks for, as long as it is still one of the person's. */
function ofTheirs({ addresses }: Person, { toAddress }: Ready): string | undefined {
  return addresses.find(({ email }) => email === toAddress)?.email;
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

/** Hands a message that was taken to SES and notes the answer; whether it has left its lane. */
async function send(runtime: Runtime, { message, raw }: Taken): Promise<boolean> {
  const { clock, logger } = runtime;
  const answer = await handOver(runtime, message, raw);
  switch (answer.kind) {
    case "taken":
      await save(runtime, markSent(message, { sesMessageId: answer.sesMessageId, now: clock.now() }), message);
      return true;
    case "later": {
      const { hours } = classOf(message.template);
      const next = markDelayed(message, { reason: answer.reason, hours, now: clock.now() });
      await save(runtime, next, message);
      if (next.state !== "FAILED") return false;
      logger.error("A mail could not be sent in time", { messageId: message.id, template: message.template });
      return true;
    }
    case "never":
      await save(runtime, markFailed(message, answer.reason), message);
      return true;
    case "unknown":
      logger.warn("SES did not answer; the mail's fate is open until SES reports on it", { messageId: message.id });
      return false;
  }
}

/** Writes the message's next state; false when somebody else has written one meanwhile, which then stands. */
async function save({ table }: Runtime, next: Message, before: Message, more: readonly Write[] = []): Promise<boolean> {
  try {
    await table.commit([...writeMessage(next, before), ...more]);
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

async function handOver({ ses, settings }: Runtime, message: Message, raw: Buffer): Promise<Answer> {
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

const PATIENCE = new Set(["Throttling", "ThrottlingException", "TooManyRequestsException", "LimitExceededException"]);
/** Nobody was there to take the mail: the connection was never made. */
const UNREACHED = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

/** The SDK tells a connection that was not made in time from an answer that did not come by its sentence alone. */
function isUnreached(error: Error): boolean {
  const { code = "" } = error as { code?: string };
  return UNREACHED.has(code) || error.message.includes("did not establish a connection");
}

/** A refusal is final, haste and an outage can wait, and whatever else happened, the mail may be on its way. */
function answerFrom(error: unknown): Answer {
  if (!(error instanceof Error)) return { kind: "unknown" };
  if (PATIENCE.has(error.name)) return { kind: "later", reason: `SES asks for patience: ${error.message}` };
  if (isUnreached(error)) return { kind: "later", reason: "SES cannot be reached." };
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode ?? 0;
  if (status >= 400 && status < 500) return { kind: "never", reason: `SES refused: ${error.name}: ${error.message}` };
  return { kind: "unknown" };
}
