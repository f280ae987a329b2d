import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from "aws-lambda";
import { messageFrom } from "../../schema/message/message.table.ts";
import { millisecondsOf } from "../../schema/shared/time.ts";
import type { Runtime } from "../runtime.ts";
import { inOrder } from "../stream.ts";
import { paceOf, quotaOf } from "./pace.ts";
import { sendLane } from "./send.ts";

/** Sends each message that was queued. A message that comes twice is claimed once. */
export function mailHandler(runtime: Runtime): (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse> {
  const quota = quotaOf(runtime.ses, () => millisecondsOf(runtime.clock.now()));
  return (batch) => {
    const pace = paceOf(runtime, quota, batch.Records.length);
    return inOrder(runtime, batch, (item) => sendLane(runtime, messageFrom(item)!, pace));
  };
}
