import { isApplicationOf, isRecusedFrom, isRecusedFromNamed } from "../application/application.ts";
import { idsOf, isSelf, type Viewer } from "../person/person.ts";
import { isStaff } from "../person/role.ts";
import { refusal, type Decision, type Happening, type Subject } from "../shared/decision.ts";
import { later, type Instant } from "../shared/time.ts";

/**
 * QUEUED waits for its turn, SENDING is in the hands of one sender, SENT was taken by SES, DELIVERED reached the mailbox.
 * BOUNCED, COMPLAINED and FAILED did not do their work and say why. HELD waits for staff, CANCELLED is no longer needed.
 */
export const MESSAGE_STATES = [
  "QUEUED",
  "SENDING",
  "SENT",
  "DELIVERED",
  "BOUNCED",
  "COMPLAINED",
  "FAILED",
  "HELD",
  "CANCELLED",
] as const;

/** One of MESSAGE_STATES. */
export type MessageState = (typeof MESSAGE_STATES)[number];

/** One mail to one recipient for one event, from the wish to send it to what became of it. */
export interface Message {
  /** Made of event, template and recipient, so that an event read twice makes one message. */
  id: string;
  version: number;
  state: MessageState;
  template: string;
  /** Null for somebody without a record here: then the template says who it is for. */
  personId: string | null;
  /** The address it must go to; null: the person's preferred one when its turn comes, or where the link it carries says. */
  to: string | null;
  about: Subject;
  /** What the event told, frozen then. */
  facts: Record<string, unknown>;
  queuedAt: Instant;
  /** Not sent before this instant. */
  sendAfter: Instant;
  /** When the sweeper looks at it next; null once nothing is left to do. */
  dueAt: Instant | null;
  /** How often sending was begun. */
  attempts: number;
  /** Whether it was sent again although the first mail may have gone out: that is done once. */
  isResent: boolean;
  /** Recipient and subject of the last attempt; null before one. */
  sentTo: string | null;
  subject: string | null;
  /** SES's id of the mail; null until SES answered or reported. */
  sesMessageId: string | null;
  /** SES's ids of mails that staff have replaced by another attempt: reports on them change nothing any more. */
  earlierSesMessageIds: readonly string[];
  sentAt: Instant | null;
  /** Why it failed, bounced, is held or was cancelled; null otherwise. */
  reason: string | null;
  /** When everything personal was taken out of it, because its recipient was erased; absent otherwise. */
  erasedAt?: Instant;
}

/**
 * Whether the viewer may see the message: the recipient, and staff. Who is recused from what it is about does not, not even where
 * it went to them in their office; applicants are never kept from their own.
 */
export function mayReadMessage(viewer: Viewer | null, { personId, about, facts }: Message): boolean {
  // A certificate's mail is about its number, and knows the application that led to it; a team's knows those of both.
  const concerned = (facts as { applicationId?: string | null }).applicationId ?? about.id;
  const isRecipient = personId !== null && isSelf(viewer, personId);
  const isApplicant = viewer !== null && idsOf(viewer.person).some((id) => isApplicationOf(concerned, id));
  if (isRecipient && isApplicant) return true;
  const isRecused = isRecusedFrom(viewer, about.id) || isRecusedFromNamed(viewer, facts);
  return (isRecipient || isStaff(viewer)) && !isRecused;
}

/** The id of the message that an event brings by a template to somebody: made twice it is the same. */
export function messageId(eventId: string, template: string, recipient: string): string {
  return `msg_${eventId.replace("evt_", "")}-${template}-${recipient.replace("per_", "")}`;
}

/** Whether the recipient may have read the message: it went out, or nobody can tell. */
export function mayHaveArrived({ state }: Pick<Message, "state">): boolean {
  return state !== "QUEUED" && state !== "CANCELLED" && state !== "FAILED";
}

/** What happens to messages by a person's hand. What the machinery does stands in the message itself. */
export type MessageEvent = Happening<"MessageRequeued", object>;

/** Minutes until the sweeper rings for a message whose doorbell was not heard. */
const UNHEARD_MINUTES = 5;
/** Minutes one sender has a message to itself. Evidence from SES arrives well within; then its fate is settled. */
const LEASE_MINUTES = 10;
/** After so many refusals for haste a message fails and staff decide. */
const MOST_ATTEMPTS = 12;

/** A message in the moment it is put into the outbox. */
export function queueMessage(
  wish: Pick<Message, "id" | "template" | "personId" | "about" | "facts"> & Partial<Pick<Message, "to">>,
  now: Instant,
): Message {
  return {
    to: null,
    ...wish,
    version: 0,
    state: "QUEUED",
    queuedAt: now,
    sendAfter: now,
    dueAt: later(now, { minutes: UNHEARD_MINUTES }),
    attempts: 0,
    isResent: false,
    sentTo: null,
    subject: null,
    sesMessageId: null,
    earlierSesMessageIds: [],
    sentAt: null,
    reason: null,
  };
}

/** Takes a message into one sender's hands; null when it is not its turn, or somebody else's. */
export function claim(
  message: Message,
  { sentTo, subject, now }: { sentTo: string; subject: string; now: Instant },
): Message | null {
  if (message.state !== "QUEUED" || now < message.sendAfter) return null;
  return {
    ...message,
    state: "SENDING",
    sentTo,
    subject,
    attempts: message.attempts + 1,
    dueAt: later(now, { minutes: LEASE_MINUTES }),
  };
}

/** SES took the mail. */
export function markSent(message: Message, { sesMessageId, now }: { sesMessageId: string; now: Instant }): Message {
  return { ...message, sesMessageId, state: "SENT", sentAt: now, dueAt: null, reason: null };
}

/** SES asked for patience: the message goes back with a wait that doubles, and fails when it never gets a turn. */
export function markDelayed(message: Message, reason: string, now: Instant): Message {
  if (message.attempts >= MOST_ATTEMPTS) return markFailed(message, reason);
  const sendAfter = later(now, { seconds: Math.min(3_600, 15 * 2 ** message.attempts) });
  return { ...message, state: "QUEUED", sendAfter, dueAt: sendAfter, reason };
}

/** The mail cannot be sent as it is; repeating would not help. */
export function markFailed(message: Message, reason: string): Message {
  return { ...message, state: "FAILED", dueAt: null, reason };
}

/** The states of mails that somebody still has to do something about. */
const WAITING: ReadonlySet<MessageState> = new Set(["QUEUED", "HELD"]);

/**
 * Takes everything personal out of a message whose recipient was erased; that there was one, and what became of it, stays.
 * One that still waited is cancelled. Null while a sender has it in hand: the mail is on its way then, and is waited for.
 */
export function eraseMessage(message: Message, now: Instant): Message | null {
  if (message.state === "SENDING") return null;
  const state = WAITING.has(message.state) ? "CANCELLED" : message.state;
  return {
    ...message,
    state,
    facts: {},
    to: null,
    sentTo: null,
    subject: null,
    reason: null,
    dueAt: null,
    erasedAt: now,
  };
}

/** The reason for the mail is gone. */
export function markCancelled(message: Message, reason: string): Message {
  return { ...message, state: "CANCELLED", dueAt: null, reason };
}

/**
 * What the sweeper does with a message that is due. One that was never picked up rings again. One whose sender was lost,
 * or whose answer from SES was, may or may not have gone out, and SES reported nothing within the lease: a reminder is
 * sent again, once; anything that decides or costs is held for staff, and so is a reminder that got lost again.
 */
export function sweep(message: Message, whenUnknown: "resend" | "hold", now: Instant): Message | null {
  if (message.dueAt === null || now < message.dueAt) return null;
  const ring = { sendAfter: now, dueAt: later(now, { minutes: LEASE_MINUTES }) };
  if (message.state === "QUEUED") return { ...message, ...ring };
  if (message.state !== "SENDING") return null;
  if (whenUnknown === "resend" && !message.isResent) return { ...message, ...ring, state: "QUEUED", isResent: true };
  const reason = "It is not known whether this mail went out: please ask the recipient before sending it again.";
  return { ...message, state: "HELD", dueAt: null, reason };
}

/** What SES reports of a mail. */
export interface Report {
  kind: "SENT" | "DELIVERED" | "BOUNCED" | "COMPLAINED" | "FAILED";
  sesMessageId: string;
  reason: string | null;
  at: Instant;
}

/** How far each state is; a report never takes a message back. */
const PROGRESS: Record<MessageState, number> = {
  QUEUED: 0,
  SENDING: 0,
  HELD: 0,
  CANCELLED: 0,
  SENT: 1,
  DELIVERED: 2,
  FAILED: 3,
  BOUNCED: 3,
  COMPLAINED: 4,
};

/** Takes in a report; null when it tells nothing new. Reports come late, twice and out of order. */
export function settle(message: Message, report: Report): Message | null {
  if (message.earlierSesMessageIds.includes(report.sesMessageId)) return null;
  if (PROGRESS[report.kind] <= PROGRESS[message.state]) return null;
  return {
    ...message,
    state: report.kind,
    sesMessageId: report.sesMessageId,
    sentAt: message.sentAt ?? report.at,
    dueAt: null,
    // Diagnoses name addresses.
    reason: message.erasedAt === undefined ? report.reason : null,
  };
}

/** Why a message cannot be queued again. */
export type MessageCode = "WRONG_STATE" | "KEY_REUSED" | "BAD_KEY";

/** Puts a message that did not arrive into the queue again, because a member of staff says so. */
export function requeue(message: Message, now: Instant): Decision<Message, MessageCode, MessageEvent> {
  if (!["FAILED", "BOUNCED", "HELD"].includes(message.state) || message.erasedAt !== undefined) {
    const text = "Only a mail that failed, bounced or is held can be sent again.";
    return { refusals: [refusal("WRONG_STATE", text, "messageId")] };
  }
  const event: MessageEvent = {
    type: "MessageRequeued",
    about: { kind: "Message", id: message.id },
    facts: {},
    before: { state: message.state, reason: message.reason },
    after: { state: "QUEUED" },
  };
  const { id, version, template, personId, to, about, facts, queuedAt, sesMessageId } = message;
  const earlierSesMessageIds = [...message.earlierSesMessageIds, ...(sesMessageId === null ? [] : [sesMessageId])];
  const fresh = queueMessage({ id, template, personId, to, about, facts }, now);
  return { outcome: { ...fresh, version, queuedAt, earlierSesMessageIds }, events: [event] };
}
