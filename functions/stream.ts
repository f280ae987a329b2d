import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from "aws-lambda";
import type { Item } from "../schema/shared/keys.ts";
import type { Runtime } from "./runtime.ts";

/**
 * Handles a batch of the table's stream in order and stops at the first failure: it and everything behind it will come
 * again, so handling something twice must not matter.
 */
export async function inOrder(
  { logger }: Runtime,
  event: DynamoDBStreamEvent,
  handle: (item: Item) => Promise<void>,
): Promise<DynamoDBBatchResponse> {
  for (const { dynamodb } of event.Records) {
    if (!dynamodb?.NewImage) continue;
    try {
      await handle(unmarshall(dynamodb.NewImage as Parameters<typeof unmarshall>[0]) as Item);
    } catch (error) {
      const itemIdentifier = dynamodb.SequenceNumber ?? "";
      logger.error("A stream record was not handled and will come again", { itemIdentifier, error: error as Error });
      return { batchItemFailures: [{ itemIdentifier }] };
    }
  }
  return { batchItemFailures: [] };
}
