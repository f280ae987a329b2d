import { applicationsNamed, isApplicationOf, isRecusedFrom } from "../application/application.ts";
import { idsOf, isSelf, type Viewer } from "../person/person.ts";
import { isStaff } from "../person/role.ts";
import type { Subject } from "../shared/decision.ts";
import { later, type Instant } from "../shared/time.ts";

/**
 * QUEUED waits for its turn, SENDING is in the hands of one sender, SENT was taken by SES, DELIVERED reached the mailbox.
 * BOUNCED, COMPLAINED and FAILED did not do their work and say why. HELD waits for staff, CANCELLED is no longer needed,
 * SUPPRESSED was not sent because its recipient wants no such mails, or because their address, which somebody else gave, does not
 * work.
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
  "SUPPRESSED",
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
  /** Tells somebody without a record here from others; absent for whoever has one. */
  outsider?: string;
  /** The address it must go to; null: the person's preferred one when its turn comes, or where the link it carries says. */
  to: string | null;
  about: Subject;
  /** What the event told, frozen then. */
  facts: Record<string, unknown>;
  queuedAt: Instant;
  /** Since when it is being tried, where that began anew after it was queued; absent otherwise. */
  tryingSince?: Instant;
  /** Not sent before this instant. */
  sendAfter: Instant;
  /** When the sweeper looks at it next; null once nothing is left to do. */
  dueAt: Instant | null;
  /** How often sending was begun. */
  attempts: number;
  /** Whether it was sent again although the first mail may have gone out: that is done once. */
  isResent: boolean;
  /** Whether a member of staff said that it goes out all the same: past a hold of its kind, and to an address that bounced. */
  isInsisted?: boolean;
  /** Whether the address it was sent to last had bounced before: that it arrives there is news. */
  isTrial?: boolean;
  /** The wording staff gave it instead of the template's; absent otherwise. */
  edited?: Wording;
  /** What staff wrote to put it right, and when; absent unless it was wrong. */
  correction?: { text: string; at: Instant };
  /** That the recipient's mail server keeps it waiting, since when and why; absent otherwise. */
  delay?: { at: Instant; reason: string };
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

/** The id of the message that an event brings by a template to somebody: made twice it is the same. */
export function messageId(eventId: string, template: string, recipient: string): string {
  return `msg_${eventId.replace("evt_", "")}-${template}-${recipient.replace("per_", "")}`;
}

/** Whether the recipient may have read the message: it went out, or nobody can tell. */
export function mayHaveArrived({ state }: Pick<Message, "state">): boolean {
  return state !== "QUEUED" && state !== "CANCELLED" && state !== "FAILED" && state !== "SUPPRESSED";
}

/** Words of a mail in somebody's own: they stand between greeting and signature, before the link if it has one. */
export interface Wording {
  subject: string;
  /** Paragraphs, with an empty line between them. */
  body: string;
}

/** Id of what the mail is about in the end. A certificate's mail is about its number, and knows the application that led to it. */
export function subjectOf({ about, facts }: Pick<Message, "about" | "facts">): string {
  return (facts as { applicationId?: string | null }).applicationId ?? about.id;
}

/**
 * Whether the viewer may see the message: the recipient, and staff. Who is recused from what it is about does not, not even where
 * it went to them in their office, nor does who is on staff what is about their own application and for somebody else;
 * applicants are never kept from their own.
 */
export function mayReadMessage(viewer: Viewer | null, { personId, about, facts }: Message): boolean {
  if (viewer === null) return false;
  const concerned = [about.id, ...applicationsNamed(facts)];
  const isRecipient = personId !== null && isSelf(viewer, personId);
  const isApplicant = concerned.some((id) => idsOf(viewer.person).some((own) => isApplicationOf(id, own)));
  if (isApplicant) return isRecipient;
  return (isRecipient || isStaff(viewer)) && !concerned.some((id) => isRecusedFrom(viewer, id));
}

/** Whose turn it is to get mails one after the other: the person, or somebody without a record here. */
export function laneOf({ id, personId, outsider }: Pick<Message, "id" | "personId" | "outsider">): string {
  return personId ?? outsider ?? id;
}

/** Whether later mails to the same recipient wait for it. What failed or is held does not keep the others back. */
export function isInLane({ state }: Pick<Message, "state">): boolean {
  return state === "QUEUED" || state === "SENDING";
}

/** Minutes until the sweeper rings for a message whose doorbell was not heard. */
const UNHEARD_MINUTES = 5;
/** Minutes one sender has a message to itself. Evidence from SES arrives well within; then its fate is settled. */
const LEASE_MINUTES = 10;
/** A message in the moment it is put into the outbox. */
export function queueMessage(
  wish: Pick<Message, "id" | "template" | "personId" | "about" | "facts"> & Partial<Pick<Message, "to" | "outsider">>,
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
  { sentTo, subject, isTrial = false, now }: { sentTo: string; subject: string; isTrial?: boolean; now: Instant },
): Message | null {
  if (message.state !== "QUEUED" || now < message.sendAfter) return null;
  return {
    ...message,
    state: "SENDING",
    sentTo,
    subject,
    ...(isTrial && { isTrial }),
    attempts: message.attempts + 1,
    dueAt: later(now, { minutes: LEASE_MINUTES }),
  };
}

/** SES took the mail. */
export function markSent(message: Message, { sesMessageId, now }: { sesMessageId: string; now: Instant }): Message {
  return { ...message, sesMessageId, state: "SENT", sentAt: now, dueAt: null, reason: null };
}

/** The first instant at which a message that could not be sent is given up; `hours` says how long its kind is tried. */
export function deadlineOf({ queuedAt, tryingSince = queuedAt }: Message, hours: number): Instant {
  return later(tryingSince, { hours });
}

/**
 * SES asked for patience, or cannot be reached: the message goes back with a wait that doubles up to an hour, and fails when
 * its time is over.
 */
export function markDelayed(message: Message, { reason, hours, now }: Delay): Message {
  const deadline = deadlineOf(message, hours);
  if (now >= deadline) return markFailed(message, `${reason} It was tried for ${hours} hours.`);
  const wait = later(now, { seconds: Math.min(3_600, 15 * 2 ** Math.min(message.attempts, 8)) });
  const sendAfter = wait < deadline ? wait : deadline;
  return { ...message, state: "QUEUED", sendAfter, dueAt: sendAfter, reason };
}

interface Delay {
  reason: string;
  hours: number;
  now: Instant;
}

/** It was not sent yet, because SES takes no more at once: it comes again soon, and that was no try. */
export function markPaced(message: Message, now: Instant): Message {
  const sendAfter = later(now, { seconds: 5 });
  return { ...message, sendAfter, dueAt: sendAfter };
}

/** A reason as it is kept, in 500 characters at most: what somebody else's server says may be of any length. */
export const reasonOf = (text: string): string => text.slice(0, 500);

/** The mail cannot be sent as it is; repeating would not help. */
export function markFailed(message: Message, reason: string): Message {
  return { ...message, state: "FAILED", dueAt: null, reason: reasonOf(reason) };
}

/** Its recipient wants no such mails, or is to be reached by another address that somebody else has to give. */
export function markSuppressed(message: Message, reason: string): Message {
  return { ...message, state: "SUPPRESSED", dueAt: null, reason };
}

/** It waits until a member of staff says what is to become of it. */
export function markHeld(message: Message, reason: string): Message {
  return { ...message, state: "HELD", dueAt: null, reason };
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
  const { edited: _edited, correction: _correction, delay: _delay, ...kept } = message;
  return {
    ...kept,
    state,
    facts: concernedOf(message),
    to: null,
    sentTo: null,
    subject: null,
    reason: null,
    dueAt: null,
    erasedAt: now,
  };
}

/** The ids alone of what the mail was about: whoever is recused from an application stays so, and its list still finds the mail. */
function concernedOf(message: Message): Message["facts"] {
  const applicationId = subjectOf(message);
  const others = applicationsNamed(message.facts).filter((id) => id !== applicationId);
  return {
    ...(applicationId !== message.about.id && { applicationId }),
    ...(others.length > 0 && { applicationIds: others }),
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
  const again = { sendAfter: now, dueAt: later(now, { minutes: LEASE_MINUTES }) };
  if (message.state === "QUEUED") return { ...message, ...again };
  if (message.state !== "SENDING") return null;
  if (whenUnknown === "resend" && !message.isResent) return { ...message, ...again, state: "QUEUED", isResent: true };
  return markHeld(
    message,
    "It is not known whether this mail went out: please ask the recipient before sending it again.",
  );
}

/** Rings for a message that waits, because the one before it has left the queue. */
export function ring(message: Message, now: Instant): Message | null {
  if (message.state !== "QUEUED" || now < message.sendAfter) return null;
  return { ...message, dueAt: later(now, { minutes: LEASE_MINUTES }) };
}
