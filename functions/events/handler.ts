import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from "aws-lambda";
import type { ProgramEvent } from "../../schema/events.ts";
import { messagesOf } from "../../schema/mails.ts";
import { writeMessage } from "../../schema/message/message.table.ts";
import { eventFrom, type Recorded } from "../../schema/shared/event.ts";
import { LostVersion } from "../../schema/shared/table.ts";
import type { Runtime } from "../runtime.ts";
import { inOrder } from "../stream.ts";

/** Puts the mails that each event brings into the outbox. An event that comes twice finds its messages there. */
export function eventsHandler(runtime: Runtime): (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse> {
  return (batch) =>
    inOrder(runtime, batch, async (item) => {
      const event = eventFrom(item) as Recorded<ProgramEvent>;
      for (const message of messagesOf(event, runtime.clock.now())) {
        try {
          await runtime.table.commit(writeMessage(message));
        } catch (error) {
          if (!(error instanceof LostVersion)) throw error;
        }
      }
    });
}
