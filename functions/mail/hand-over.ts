import { SendRawEmailCommand } from "@aws-sdk/client-ses";
import type { Message } from "../../schema/message/message.ts";
import type { Runtime } from "../runtime.ts";

/** What SES said to a mail; "unknown": the mail may be on its way. */
export type Answer =
  | { kind: "taken"; sesMessageId: string }
  | { kind: "later" | "never"; reason: string }
  | { kind: "unknown" };

/** Hands a mail to SES, once. */
export async function handOver({ ses, settings }: Runtime, message: Message, raw: Buffer): Promise<Answer> {
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
