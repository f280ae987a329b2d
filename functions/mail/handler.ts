import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from "aws-lambda";
import { messageFrom } from "../../schema/message/message.table.ts";
import type { Runtime } from "../runtime.ts";
import { inOrder } from "../stream.ts";
import { sendMessage } from "./send.ts";

/** Sends each message that was queued. A message that comes twice is claimed once. */
export function mailHandler(runtime: Runtime): (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse> {
  return (batch) => inOrder(runtime, batch, (item) => sendMessage(runtime, messageFrom(item)!.id));
}
