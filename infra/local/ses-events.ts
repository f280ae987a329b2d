import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { EventBridgeEvent } from "aws-lambda";
import { WIRING } from "../wiring.ts";
import { LOCAL_CREDENTIALS } from "./connection.ts";
import { messageOf } from "./error-message.ts";
import type { SesFaults } from "./ses-faults.ts";
import type { LedgerLine, SesStore } from "./ses-store.ts";

const ACCOUNT = "000000000000";
const FIRST_RETRY_MILLISECONDS = 20;
const LONGEST_RETRY_MILLISECONDS = 400;
/** A report under way when the endpoint stops gets this long; it comes again at the next start anyway. */
const STOP_MILLISECONDS = 2000;

/** What the real service tells of a mail, as EventBridge delivers it. */
export interface LocalSesEventDetail {
  eventType: "Send" | "Delivery" | "Bounce" | "Complaint";
  mail: {
    timestamp: string;
    messageId: string;
    source: string;
    sendingAccountId: string;
    destination: string[];
    tags: Record<string, string[]>;
  };
  send?: Record<string, never>;
  delivery?: { timestamp: string; processingTimeMillis: number; recipients: string[]; smtpResponse: string };
  bounce?: {
    bounceType: "Permanent";
    bounceSubType: "General";
    bouncedRecipients: { emailAddress: string; action: string; status: string; diagnosticCode: string }[];
    timestamp: string;
    feedbackId: string;
  };
  complaint?: {
    complainedRecipients: { emailAddress: string }[];
    timestamp: string;
    feedbackId: string;
    complaintFeedbackType: "abuse";
  };
}

/** The event that the feedback function gets. */
export type LocalSesEvent = EventBridgeEvent<string, LocalSesEventDetail>;

/** Tells the feedback function what became of the mails. */
export interface SesReporter {
  /** There are new lines in the ledger. */
  wake(): void;
  /** Resolves when everything accepted so far was reported, or given up for now. */
  settle(): Promise<void>;
  /** Reports again what was given up. */
  replay(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Reports each accepted mail in the order of the ledger, at least once. A failing report is tried again as often as in
 * the cloud; then the mail is put aside for the next start or `replay`, so that it does not hold up the others.
 */
export function startReporter(options: {
  store: SesStore;
  faults: SesFaults;
  report: (event: LocalSesEvent) => Promise<void>;
}): SesReporter {
  const { store, faults, report } = options;
  const stopping = new AbortController();
  let work: Promise<void> = Promise.resolve();

  async function deliver(event: LocalSesEvent): Promise<boolean> {
    for (let attempt = 0; attempt <= WIRING.feedback.maxRetries; attempt++) {
      if (stopping.signal.aborted) return false;
      try {
        await report(event);
        return true;
      } catch {
        const pause = Math.min(FIRST_RETRY_MILLISECONDS * 2 ** attempt, LONGEST_RETRY_MILLISECONDS);
        await delay(pause, undefined, { signal: stopping.signal }).catch(() => {});
      }
    }
    return false;
  }

  async function reportLine(line: LedgerLine): Promise<boolean> {
    for (const event of eventsOf(line)) {
      if (faults.fires("loseEvent")) continue;
      if (!(await deliver(event))) return false;
      if (faults.fires("duplicateEvent") && !(await deliver(event))) return false;
    }
    return true;
  }

  async function drain(): Promise<void> {
    const { reported } = store;
    for (let line = store.lines[reported.position]; line !== undefined; line = store.lines[reported.position]) {
      const isReported = await reportLine(line);
      if (stopping.signal.aborted && !isReported) return;
      if (!isReported) {
        process.stderr.write(
          `What became of mail ${line.messageId} could not be reported; it is tried again at the next start.\n`,
        );
        reported.failed.push(line.number);
      }
      reported.position++;
      await store.saveReported();
    }
  }

  async function retryFailed(): Promise<void> {
    const failed = store.reported.failed.splice(0);
    const still: number[] = [];
    for (const number of failed) {
      const line = store.lines.find((candidate) => candidate.number === number);
      if (line !== undefined && !(await reportLine(line))) still.push(number);
    }
    store.reported.failed.unshift(...still);
    if (failed.length > 0) await store.saveReported();
  }

  function enqueue(step: () => Promise<void>): void {
    work = work.then(step).catch((error: unknown) => {
      process.stderr.write(`Mail endpoint: ${messageOf(error)}\n`);
    });
  }

  async function settle(): Promise<void> {
    for (let seen; seen !== work;) {
      seen = work;
      await seen;
    }
  }

  enqueue(retryFailed);
  enqueue(drain);
  return {
    wake: () => enqueue(drain),
    settle,
    replay: () => {
      enqueue(retryFailed);
      return settle();
    },
    stop: () => {
      stopping.abort();
      return Promise.race([settle(), delay(STOP_MILLISECONDS, undefined, { ref: false })]);
    },
  };
}

/**
 * The fate of a mail: sent, then delivered. As with the mailbox simulator of the real service an address beginning with
 * "bounce" bounces for good, and one beginning with "complaint" gets the mail and complains. Without a configuration set
 * nothing is reported, as with the real service.
 */
export function eventsOf(line: LedgerLine): LocalSesEvent[] {
  if (line.outcome !== "accepted" || line.configurationSet === undefined) return [];
  const bounced = line.recipients.filter((address) => address.toLowerCase().startsWith("bounce"));
  const complained = line.recipients.filter((address) => address.toLowerCase().startsWith("complaint"));
  const delivered = line.recipients.filter((address) => !bounced.includes(address));
  const feedbackId = `${line.messageId}-feedback`;
  const timestamp = line.time;
  const events = [eventOf(line, "Email Sent", { eventType: "Send", send: {} })];
  if (bounced.length > 0) {
    const bouncedRecipients = bounced.map((emailAddress) => ({
      emailAddress,
      action: "failed",
      status: "5.1.1",
      diagnosticCode: "smtp; 550 5.1.1 user unknown",
    }));
    const bounce = {
      bounceType: "Permanent",
      bounceSubType: "General",
      bouncedRecipients,
      timestamp,
      feedbackId,
    } as const;
    events.push(eventOf(line, "Email Bounced", { eventType: "Bounce", bounce }));
  }
  if (delivered.length > 0) {
    const delivery = {
      timestamp,
      processingTimeMillis: 1,
      recipients: delivered,
      smtpResponse: "250 2.6.0 Message received",
    };
    events.push(eventOf(line, "Email Delivered", { eventType: "Delivery", delivery }));
  }
  if (complained.length > 0) {
    const complainedRecipients = complained.map((emailAddress) => ({ emailAddress }));
    const complaint = { complainedRecipients, timestamp, feedbackId, complaintFeedbackType: "abuse" } as const;
    events.push(eventOf(line, "Email Complaint Received", { eventType: "Complaint", complaint }));
  }
  return events;
}

function eventOf(line: LedgerLine, detailType: string, detail: Omit<LocalSesEventDetail, "mail">): LocalSesEvent {
  const { region } = LOCAL_CREDENTIALS;
  const tags = Object.entries({ ...line.tags, "ses:configuration-set": line.configurationSet ?? "" });
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": detailType,
    source: WIRING.feedback.eventBusSource,
    account: ACCOUNT,
    time: line.time.replace(/\.\d+Z$/, "Z"),
    region,
    resources: [`arn:aws:ses:${region}:${ACCOUNT}:configuration-set/${line.configurationSet}`],
    detail: {
      ...detail,
      mail: {
        timestamp: line.time,
        messageId: line.messageId ?? "",
        source: line.source,
        sendingAccountId: ACCOUNT,
        destination: line.recipients,
        tags: Object.fromEntries(tags.map(([name, value]) => [name, [value]])),
      },
    },
  };
}
