import { applicationsNamed } from "../application/application.ts";
import { isSelf, type Viewer } from "../person/person.ts";
import {
  confirmRefusals,
  reasonRefusals,
  refusal,
  textRefusals,
  type Decision,
  type Happening,
  type Refusal,
  type TextCode,
} from "../shared/decision.ts";
import type { Instant } from "../shared/time.ts";
import {
  markCancelled,
  markHeld,
  queueMessage,
  subjectOf,
  type Message,
  type MessageState,
  type Wording,
} from "./message.ts";

/** What happens to messages by a person's hand. What the machinery does stands in the message itself. */
export type MessageEvent =
  | Happening<"MessageRequeued", object>
  | Happening<"MessageHeld", object>
  | Happening<"MessageEdited", object>
  | Happening<"MessageReleased", object>
  | Happening<"MessageCancelled", object>
  | Happening<"MessageCorrected", CorrectionFacts>;

/** Whom a correction is for, and what the mail was about that it corrects. */
export interface CorrectionFacts {
  personId: string | null;
  outsider: string | null;
  applicationId: string;
  /** Further applications that the mail concerned, such as the other one of a team. */
  applicationIds: readonly string[];
}

/** Why a message cannot be queued again. */
export type MessageCode = "WRONG_STATE" | "KEY_REUSED" | "BAD_KEY";

/** Why staff cannot hold or cancel a message. */
export type HandleCode = TextCode | "WRONG_STATE" | "OWN_RECORD";

/** Why staff cannot edit a message. */
export type EditCode = HandleCode | "CONFLICT";

/** Why staff cannot release messages. */
export type ReleaseMessagesCode =
  | "WRONG_STATE"
  | "OWN_RECORD"
  | "TOO_MANY"
  | "REQUIRED"
  | "CONFIRM_TOKEN_REQUIRED"
  | "STALE"
  | "KEY_REUSED"
  | "BAD_KEY";

/** Why a message cannot be corrected. */
export type CorrectCode = TextCode | "WRONG_STATE" | "OWN_RECORD" | "ALREADY_CORRECTED" | "KEY_REUSED" | "BAD_KEY";

const SUBJECT = { max: 200, label: "The subject" };
const BODY = { max: 8_000, label: "The text", multiline: true };
/** Most messages that are released at once: they go in one transaction. */
export const MOST_RELEASED_MESSAGES = 30;

/** Puts a message that did not arrive into the queue again, because a member of staff says so. */
export function requeue(message: Message, now: Instant): Decision<Message, MessageCode, MessageEvent> {
  if (!["FAILED", "BOUNCED", "HELD"].includes(message.state) || message.erasedAt !== undefined) {
    const text = "Only a mail that failed, bounced or is held can be sent again.";
    return { refusals: [refusal("WRONG_STATE", text, "messageId")] };
  }
  return { outcome: afresh(message, now), events: [happened("MessageRequeued", message, { state: "QUEUED" })] };
}

/** As if queued anew, but in its old place among the mails to its recipient, and in the wording staff gave it. */
function afresh(message: Message, now: Instant): Message {
  const { id, version, template, personId, outsider, to, about, facts, queuedAt, sesMessageId, edited } = message;
  const earlierSesMessageIds = [...message.earlierSesMessageIds, ...(sesMessageId === null ? [] : [sesMessageId])];
  return {
    ...queueMessage({ id, template, personId, to, about, facts, ...(outsider !== undefined && { outsider }) }, now),
    version,
    queuedAt,
    tryingSince: now,
    isInsisted: true,
    ...(edited && { edited }),
    earlierSesMessageIds,
  };
}

/** Holds a mail that waits for its turn, so that staff can look at it. */
export function hold(message: Message, { why, viewer }: Handled): Decision<Message, HandleCode, MessageEvent> {
  const refusals = [
    ...ownRefusals(message, viewer),
    ...stateRefusals(message, ["QUEUED"], NOT_QUEUED),
    ...reasonRefusals(why),
  ];
  if (refusals.length > 0) return { refusals };
  const event = happened("MessageHeld", message, { state: "HELD" }, why.trim());
  return { outcome: markHeld(message, `Held by staff: ${why.trim()}`), events: [event] };
}

/** Calls a mail off that did not go out. */
export function cancel(message: Message, { why, viewer }: Handled): Decision<Message, HandleCode, MessageEvent> {
  const refusals = [
    ...ownRefusals(message, viewer),
    ...stateRefusals(
      message,
      ["QUEUED", "HELD", "FAILED"],
      "Only a mail that waits, is held or failed can be called off.",
    ),
    ...reasonRefusals(why),
  ];
  if (refusals.length > 0) return { refusals };
  const event = happened("MessageCancelled", message, { state: "CANCELLED" }, why.trim());
  return { outcome: markCancelled(message, `Called off by staff: ${why.trim()}`), events: [event] };
}

/** Gives a held mail another wording. The history keeps both. `current` is what it would say now. */
export function edit(
  message: Message,
  {
    wording,
    current,
    expectedVersion,
    ...handled
  }: Handled & { wording: Wording; current: Wording; expectedVersion: number },
): Decision<Message, EditCode, MessageEvent> {
  const { why, viewer } = handled;
  const refusals: Refusal<EditCode>[] = [
    ...ownRefusals(message, viewer),
    ...stateRefusals(message, ["HELD"], "Only a mail that is held can be edited: please hold it first."),
    ...textRefusals(wording.subject, SUBJECT, "subject"),
    ...textRefusals(wording.body, BODY, "text"),
    ...reasonRefusals(why),
  ];
  if (message.version !== expectedVersion) {
    refusals.push(
      refusal("CONFLICT", "Somebody changed this mail meanwhile: please look at it and try again.", "expectedVersion"),
    );
  }
  if (refusals.length > 0) return { refusals };
  const edited = { subject: wording.subject.trim(), body: wording.body.trim() };
  const event: MessageEvent = {
    type: "MessageEdited",
    about: { kind: "Message", id: message.id },
    facts: {},
    before: { ...current },
    after: { ...edited },
    why: why.trim(),
  };
  return { outcome: { ...message, edited }, events: [event] };
}

interface Handled {
  why: string;
  viewer: Viewer;
}

/** Why these messages cannot be released together; empty when they can. */
export function releaseRefusals(messages: readonly Message[], viewer: Viewer): Refusal<ReleaseMessagesCode>[] {
  if (messages.length === 0) return [refusal("REQUIRED", "Please name at least one mail.", "messageIds")];
  if (messages.length > MOST_RELEASED_MESSAGES) {
    const text = `Please release at most ${MOST_RELEASED_MESSAGES} mails at once.`;
    return [refusal("TOO_MANY", text, "messageIds")];
  }
  if (messages.some((message) => isOwn(message, viewer))) return [ownMessage];
  const others = messages.filter(({ state, erasedAt }) => state !== "HELD" || erasedAt !== undefined);
  if (others.length === 0) return [];
  return [refusal("WRONG_STATE", `Only held mails can be released: ${others.length} of these are not.`, "messageIds")];
}

/** Releases held mails as they were looked at: all of them, or none when one has changed since. */
export function releaseMessages(
  messages: readonly Message[],
  facts: { viewer: Viewer; given: string | null | undefined; wanted: string; now: Instant },
): Decision<readonly Message[], ReleaseMessagesCode, MessageEvent> {
  const refused = releaseRefusals(messages, facts.viewer);
  if (refused.length > 0) return { refusals: refused };
  const stale = "One of the mails would say something else than when you looked: please look again and confirm anew.";
  const unconfirmed = confirmRefusals(facts, stale);
  if (unconfirmed.length > 0) return { refusals: unconfirmed };
  return {
    outcome: messages.map((message) => afresh(message, facts.now)),
    events: messages.map((message) => happened("MessageReleased", message, { state: "QUEUED" })),
  };
}

/** Puts right what a mail that went out said wrong: one further mail, once. The mail itself stays as it was. */
export function correct(
  message: Message,
  { text, viewer, now }: { text: string; viewer: Viewer; now: Instant },
): Decision<Message, CorrectCode, MessageEvent> {
  const refusals: Refusal<CorrectCode>[] = [
    ...ownRefusals(message, viewer),
    ...textRefusals(text, { ...BODY, label: "The correction" }, "text"),
  ];
  if (message.correction !== undefined) {
    refusals.push(
      refusal("ALREADY_CORRECTED", "This mail was corrected already: a mail is corrected once.", "messageId"),
    );
  } else if (
    !["SENT", "DELIVERED"].includes(message.state) ||
    isCorrection(message) ||
    message.erasedAt !== undefined
  ) {
    const sentence = "Only a mail that went out can be corrected, and a correction cannot be corrected again.";
    refusals.push(refusal("WRONG_STATE", sentence, "messageId"));
  }
  if (refusals.length > 0) return { refusals };
  const event: MessageEvent = {
    type: "MessageCorrected",
    about: { kind: "Message", id: message.id },
    facts: {
      personId: message.personId,
      outsider: message.outsider ?? null,
      applicationId: subjectOf(message),
      applicationIds: applicationsNamed(message.facts),
    },
    after: { text: text.trim() },
  };
  return { outcome: { ...message, correction: { text: text.trim(), at: now } }, events: [event] };
}

/** Name of the mail that corrects another. */
export const CORRECTION = "mail-correction";

const isCorrection = ({ template }: Message) => template === CORRECTION;

/** What staff can do about a mail that did not do its work; null when nothing has to be done. */
export function fixOf({ state, personId }: Pick<Message, "state" | "personId">): string | null {
  switch (state) {
    case "FAILED":
      return "Mend what the reason names, then send the mail again, or call it off.";
    case "BOUNCED":
      return personId === null
        ? "Ask for another address, or reach them by telephone; then send the mail again."
        : "Ask for another address and add it to their account, or send the mail again once theirs works.";
    case "HELD":
      return "Look at it; then release it, edit it, or call it off.";
    default:
      return null;
  }
}

const NOT_QUEUED = "Only a mail that waits for its turn can be held.";

function stateRefusals(message: Message, states: readonly MessageState[], sentence: string): Refusal<"WRONG_STATE">[] {
  const fits = states.includes(message.state) && message.erasedAt === undefined;
  return fits ? [] : [refusal("WRONG_STATE", sentence, "messageId")];
}

const isOwn = ({ personId }: Message, viewer: Viewer) => personId !== null && isSelf(viewer, personId);

const ownMessage = refusal("OWN_RECORD", "This mail is for you: another member of staff has to take care of it.");

const ownRefusals = (message: Message, viewer: Viewer) => (isOwn(message, viewer) ? [ownMessage] : []);

function happened(
  type: Exclude<MessageEvent["type"], "MessageCorrected" | "MessageEdited">,
  { id, state, reason }: Message,
  after: { state: MessageState },
  why?: string,
): MessageEvent {
  return {
    type,
    about: { kind: "Message", id },
    facts: {},
    before: { state, reason },
    after,
    ...(why !== undefined && { why }),
  };
}
