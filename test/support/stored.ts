import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { connection } from "../../infra/local/connection.ts";
import { recordOf } from "../../schema/shared/keys.ts";
import type { Entity, Item } from "../../schema/shared/keys.ts";
import type { Program } from "./program.ts";

/** Everything in the table at one moment. Only tests may look at it so: the program has no scan. */
export interface Stored {
  items: readonly Item[];
  /** The records of one kind. */
  records: <Record>(entity: Entity) => Record[];
  find: (pk: string, sk: string) => Item | undefined;
}

/** Reads the whole table past whatever stands between the functions and it. */
export async function readTable({ tableEndpoint, tableName }: Pick<Program, "tableEndpoint" | "tableName">) {
  const client = new DynamoDBClient(connection(tableEndpoint));
  const items: Item[] = [];
  let after: Record<string, AttributeValue> | undefined;
  do {
    const page = await client.send(
      new ScanCommand({ TableName: tableName, ConsistentRead: true, ExclusiveStartKey: after }),
    );
    items.push(...(page.Items ?? []).map((item) => unmarshall(item) as Item));
    after = page.LastEvaluatedKey;
  } while (after);
  client.destroy();
  return storedOf(items);
}

function storedOf(items: readonly Item[]): Stored {
  const byKey = new Map(items.map((item) => [`${item.pk}\n${item.sk}`, item]));
  return {
    items,
    records: <Record>(entity: Entity) =>
      items.filter((item) => item.entity === entity).map((item) => recordOf<Record>(item)),
    find: (pk, sk) => byKey.get(`${pk}\n${sk}`),
  };
}
