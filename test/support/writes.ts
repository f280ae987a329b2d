import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { Checkpoints } from "../../infra/local/checkpoints.ts";
import { connection } from "../../infra/local/connection.ts";
import { StreamReader } from "../../infra/local/stream-reader.ts";
import { afterwards } from "./afterwards.ts";
import type { Program } from "./program.ts";

/**
 * Counts what was ever written to a program's table, by its stream: whoever writes something is counted, even where it is
 * taken back later. Ends with the tests of the file.
 */
export function writesOf({ tableEndpoint, tableName }: Program): () => Promise<number> {
  const settings = connection(tableEndpoint);
  const clients = { table: new DynamoDBClient(settings), stream: new DynamoDBStreamsClient(settings) };
  afterwards(() => {
    clients.table.destroy();
    clients.stream.destroy();
  });
  const reader = new StreamReader(clients, tableName, "writes", new Checkpoints(undefined));
  let count = 0;
  return async () => {
    for (let found = -1; found !== count;) {
      found = count;
      for await (const { records, position } of reader.pages()) {
        count += records.length;
        position.after = records.at(-1)?.dynamodb.SequenceNumber ?? position.after;
      }
    }
    return count;
  };
}
