import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ResourceInUseException,
  UpdateTimeToLiveCommand,
  DescribeTimeToLiveCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import type { CreateTableCommandInput } from "@aws-sdk/client-dynamodb";
import { TABLE } from "../../schema/shared/keys.ts";
import { connection } from "./connection.ts";
import { messageOf } from "./error-message.ts";

const LONGEST_CREATION_SECONDS = 120;

/**
 * Creates the table with its indexes, its stream of new images and its expiry attribute, and waits until it can be
 * used. A table that exists is kept as it is. Throws one clear sentence when the endpoint cannot be used, or when the
 * table exists without the indexes or the stream.
 */
export async function ensureTable(endpoint: string, tableName: string): Promise<void> {
  const client = new DynamoDBClient({ ...connection(endpoint), maxAttempts: 3 });
  let missing: string[];
  try {
    await createUnlessThere(client, tableName);
    await waitUntilTableExists(
      { client, minDelay: 0.05, maxDelay: 2, maxWaitTime: LONGEST_CREATION_SECONDS },
      { TableName: tableName },
    );
    missing = await missingParts(client, tableName);
    if (missing.length === 0) await ensureTimeToLive(client, tableName);
  } catch (error) {
    throw new Error(`The table ${tableName} at ${endpoint} cannot be used: ${reasonOf(error)}.`, { cause: error });
  } finally {
    client.destroy();
  }
  if (missing.length > 0) {
    throw new Error(`The table ${tableName} exists without ${missing.join(", ")}: delete it or choose another name.`);
  }
}

async function createUnlessThere(client: DynamoDBClient, tableName: string): Promise<void> {
  try {
    await client.send(new CreateTableCommand(definition(tableName)));
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
}

function definition(tableName: string): CreateTableCommandInput {
  const keys = [TABLE, ...TABLE.indexes].flatMap(({ partitionKey, sortKey }) => [partitionKey, sortKey]);
  return {
    TableName: tableName,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: keys.map((name) => ({ AttributeName: name, AttributeType: "S" })),
    KeySchema: keySchema(TABLE),
    GlobalSecondaryIndexes: TABLE.indexes.map((index) => ({
      IndexName: index.name,
      KeySchema: keySchema(index),
      Projection: { ProjectionType: "ALL" },
    })),
    StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" },
  };
}

function keySchema(keys: { partitionKey: string; sortKey: string }): CreateTableCommandInput["KeySchema"] {
  return [
    { AttributeName: keys.partitionKey, KeyType: "HASH" },
    { AttributeName: keys.sortKey, KeyType: "RANGE" },
  ];
}

async function missingParts(client: DynamoDBClient, tableName: string): Promise<string[]> {
  const { Table: table } = await client.send(new DescribeTableCommand({ TableName: tableName }));
  const indexes = new Set(table?.GlobalSecondaryIndexes?.map((index) => index.IndexName));
  const missing: string[] = TABLE.indexes.map((index) => index.name).filter((name) => !indexes.has(name));
  if (table?.StreamSpecification?.StreamViewType !== "NEW_IMAGE") missing.push("a stream of new images");
  return missing;
}

/** Node leaves the message empty when it tried several addresses in vain; the code still says why. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return messageOf(error).replace(/\.$/, "") || String(code);
}

/** Asked first, because DynamoDB refuses to enable what is enabled. */
async function ensureTimeToLive(client: DynamoDBClient, tableName: string): Promise<void> {
  const { TimeToLiveDescription: found } = await client.send(new DescribeTimeToLiveCommand({ TableName: tableName }));
  if (found?.TimeToLiveStatus === "ENABLED" || found?.TimeToLiveStatus === "ENABLING") return;
  await client.send(
    new UpdateTimeToLiveCommand({
      TableName: tableName,
      TimeToLiveSpecification: { AttributeName: TABLE.timeToLive, Enabled: true },
    }),
  );
}
