import type { EventBridgeEvent } from "aws-lambda";
import { consequenceOf } from "../../schema/feedbacks.ts";
import { firstInLane, messageFrom, messageKey, writeMessage } from "../../schema/message/message.table.ts";
import { isInLane, laneOf, reasonOf, ring, type Message } from "../../schema/message/message.ts";
import { settle, type Report } from "../../schema/message/report.ts";
import { recorded } from "../../schema/shared/command.ts";
import { writeEvent } from "../../schema/shared/event.ts";
import { LostVersion } from "../../schema/shared/table.ts";
import type { Runtime } from "../runtime.ts";

/** What SES tells of a mail, as far as it is used here. */
export interface SesEvent {
  eventType: string;
  mail: { messageId: string; tags?: Record<string, string[]> };
  bounce?: { bounceType?: string; bouncedRecipients?: { diagnosticCode?: string }[] };
  complaint?: { complaintFeedbackType?: string };
  deliveryDelay?: { delayType?: string; delayedRecipients?: { diagnosticCode?: string }[] };
  reject?: { reason?: string };
  failure?: { errorMessage?: string };
}

const TRIES = 5;

/**
 * Notes what became of a mail, together with what follows from it. Reports that tell nothing new, or belong to no message, are
 * passed over.
 */
export function feedbackHandler(runtime: Runtime): (event: EventBridgeEvent<string, SesEvent>) => Promise<void> {
  const { table, clock, ids, logger } = runtime;
  return async ({ detail }) => {
    const report = reportFrom(detail, clock.now());
    const id = detail.mail.tags?.["outbox-id"]?.[0];
    if (!report || !id) return;
    for (let attempt = 1; ; attempt++) {
      const message = messageFrom(await table.get(messageKey(id)));
      const next = message && settle(message, report);
      if (!message) logger.warn("SES reported on a mail that is not in the outbox", { eventType: detail.eventType });
      if (!next) return;
      const context = { table, ids, now: clock.now() };
      const { writes, events } = await consequenceOf(context, message, report);
      const happened = recorded(context, { kind: "PROGRAM" }, events);
      try {
        await table.commit([...writeMessage(next, message), ...writes, ...happened.map(writeEvent)]);
        if (isInLane(message)) await ringForNext(runtime, message);
        return;
      } catch (error) {
        if (!(error instanceof LostVersion) || attempt === TRIES) throw error;
      }
    }
  };
}

/** A mail whose fate was open kept the later ones to its recipient back: the first of them is rung for. */
async function ringForNext({ table, clock }: Runtime, message: Message): Promise<void> {
  const id = await firstInLane(table, laneOf(message));
  const first = id === undefined ? undefined : messageFrom(await table.get(messageKey(id)));
  const rung = first && ring(first, clock.now());
  if (!rung) return;
  try {
    await table.commit(writeMessage(rung, first));
  } catch (error) {
    // Whoever was faster has it in hand.
    if (!(error instanceof LostVersion)) throw error;
  }
}

function reportFrom(detail: SesEvent, at: string): Report | null {
  const { mail, bounce, complaint, deliveryDelay, reject, failure } = detail;
  const told = (kind: Report["kind"], reason: string | null = null) => {
    return { kind, sesMessageId: mail.messageId, at, reason: reason === null ? null : reasonOf(reason) };
  };
  switch (detail.eventType) {
    case "Send":
      return told("SENT");
    case "Delivery":
      return told("DELIVERED");
    case "DeliveryDelay": {
      const diagnosis = deliveryDelay?.delayedRecipients?.[0]?.diagnosticCode ?? "no reason given";
      return told("DELAYED", `${deliveryDelay?.delayType ?? "Undetermined"}: ${diagnosis}`);
    }
    case "Bounce": {
      const diagnosis = bounce?.bouncedRecipients?.[0]?.diagnosticCode ?? "no reason given";
      const isPermanent = bounce?.bounceType === "Permanent";
      return { ...told("BOUNCED", `${bounce?.bounceType ?? "Unknown"} bounce: ${diagnosis}`), isPermanent };
    }
    case "Complaint":
      return told("COMPLAINED", complaint?.complaintFeedbackType ?? "reported as unwanted");
    case "Reject":
      return told("FAILED", reject?.reason ?? "SES rejected the mail.");
    case "Rendering Failure":
      return told("FAILED", failure?.errorMessage ?? "SES could not make the mail.");
    default:
      return null;
  }
}
