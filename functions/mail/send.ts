import { classOf, Unwritable } from "../../schema/mails.ts";
import { firstInLane, messageFrom, messageKey, writeMessage } from "../../schema/message/message.table.ts";
import {
  claim,
  laneOf,
  markDelayed,
  markFailed,
  markPaced,
  markSent,
  type Message,
} from "../../schema/message/message.ts";
import { written } from "../../schema/shared/command.ts";
import { LostVersion } from "../../schema/shared/table.ts";
import type { Write } from "../../schema/shared/write.ts";
import type { Runtime } from "../runtime.ts";
import { mimeOf, MOST_MAIL_BYTES } from "./mime.ts";
import type { Pace } from "./pace.ts";
import { handOver } from "./hand-over.ts";
import { prepare } from "./prepare.ts";

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
