import type { Message, MessageState } from "./message.ts";
import type { Instant } from "../shared/time.ts";

/** What SES reports of a mail. */
export interface Report {
  kind: "SENT" | "DELAYED" | "DELIVERED" | "BOUNCED" | "COMPLAINED" | "FAILED";
  /** Of a bounce, whether the address is no good for ever. */
  isPermanent?: boolean;
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
  SUPPRESSED: 0,
};

/** Takes in a report; null when it tells nothing new. Reports come late, twice and out of order. */
export function settle(message: Message, report: Report): Message | null {
  if (message.earlierSesMessageIds.includes(report.sesMessageId)) return null;
  if (report.kind === "DELAYED") return noteDelay(message, report);
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

/** The recipient's mail server keeps the mail waiting: SES goes on trying, so nothing else changes. */
function noteDelay(message: Message, { at, reason, sesMessageId }: Report): Message | null {
  const isUnderWay = message.state === "SENDING" || message.state === "SENT";
  if (!isUnderWay || message.delay !== undefined || message.erasedAt !== undefined) return null;
  return {
    ...message,
    state: "SENT",
    sesMessageId,
    sentAt: message.sentAt ?? at,
    dueAt: null,
    delay: { at, reason: reason ?? "" },
  };
}
