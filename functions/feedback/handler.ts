import type { EventBridgeEvent } from "aws-lambda";
import { messageFrom, messageKey, writeMessage } from "../../schema/message/message.table.ts";
import { settle, type Report } from "../../schema/message/message.ts";
import { noteBounce } from "../../schema/nomination/bounce.due.ts";
import { LostVersion } from "../../schema/shared/table.ts";
import type { Runtime } from "../runtime.ts";

/** What SES tells of a mail, as far as it is used here. */
export interface SesEvent {
  eventType: string;
  mail: { messageId: string; tags?: Record<string, string[]> };
  bounce?: { bounceType?: string; bouncedRecipients?: { diagnosticCode?: string }[] };
  complaint?: { complaintFeedbackType?: string };
  reject?: { reason?: string };
  failure?: { errorMessage?: string };
}

const TRIES = 5;

/** Notes what became of a mail. Reports that tell nothing new, or belong to no message, are passed over. */
export function feedbackHandler(runtime: Runtime): (event: EventBridgeEvent<string, SesEvent>) => Promise<void> {
  const { table, ids, clock, logger } = runtime;
  return async ({ detail }) => {
    const report = reportFrom(detail, clock.now());
    const id = detail.mail.tags?.["outbox-id"]?.[0];
    if (!report || !id) return;
    for (let attempt = 1; ; attempt++) {
      const message = messageFrom(await table.get(messageKey(id)));
      const next = message && settle(message, report);
      if (!message) logger.warn("SES reported on a mail that is not in the outbox", { eventType: detail.eventType });
      if (!next) return;
      try {
        // Whoever was asked for a nomination and cannot be reached: in the same transaction, so that it is noted once.
        const noted = isHardBounce(detail) ? await noteBounce({ table, ids, now: clock.now() }, next) : [];
        return await table.commit([...writeMessage(next), ...noted]);
      } catch (error) {
        if (!(error instanceof LostVersion) || attempt === TRIES) throw error;
      }
    }
  };
}

/** Whether the address will not work later either. */
function isHardBounce({ eventType, bounce }: SesEvent): boolean {
  return eventType === "Bounce" && bounce?.bounceType === "Permanent";
}

function reportFrom({ eventType, mail, bounce, complaint, reject, failure }: SesEvent, at: string): Report | null {
  const base = { sesMessageId: mail.messageId, at, reason: null };
  switch (eventType) {
    case "Send":
      return { ...base, kind: "SENT" };
    case "Delivery":
      return { ...base, kind: "DELIVERED" };
    case "Bounce": {
      const diagnosis = bounce?.bouncedRecipients?.[0]?.diagnosticCode ?? "no reason given";
      return {
        ...base,
        kind: "BOUNCED",
        reason: `${bounce?.bounceType ?? "Unknown"} bounce: ${diagnosis}`.slice(0, 500),
      };
    }
    case "Complaint":
      return { ...base, kind: "COMPLAINED", reason: complaint?.complaintFeedbackType ?? "reported as unwanted" };
    case "Reject":
      return { ...base, kind: "FAILED", reason: reject?.reason ?? "SES rejected the mail." };
    case "Rendering Failure":
      return { ...base, kind: "FAILED", reason: failure?.errorMessage ?? "SES could not make the mail." };
    default:
      return null;
  }
}
