import { TABLE } from "../../schema/shared/keys.ts";
import { isRecord } from "./fault-answers.ts";

/**
 * Hides items from index queries for a time after they were written. Real indexes may also show an item's former
 * state for a while; this one shows nothing of it, which is the harder case for a reader.
 */
export class IndexLag {
  /** How long a write stays hidden. */
  milliseconds = 0;
  readonly #writtenAt = new Map<string, number>();

  /** Remembers when the request wrote its items. */
  note(operation: string, input: Record<string, unknown>): void {
    for (const { table, item } of writes(operation, input)) this.#writtenAt.set(address(table, item), Date.now());
  }

  /** The query's answer without what was written too lately; undefined when nothing has to be hidden. */
  hide(input: Record<string, unknown>, answer: Record<string, unknown>): Record<string, unknown> | undefined {
    const items = answer["Items"];
    if (this.milliseconds <= 0 || !Array.isArray(items)) return undefined;
    const newest = Date.now() - this.milliseconds;
    const seen = items.filter((item) => (this.#writtenAt.get(address(input["TableName"], item)) ?? 0) <= newest);
    if (seen.length === items.length) return undefined;
    return { ...answer, Items: seen, Count: seen.length, ScannedCount: seen.length };
  }
}

interface Write {
  table: unknown;
  item: unknown;
}

function writes(operation: string, input: Record<string, unknown>): Write[] {
  switch (operation) {
    case "PutItem":
      return [{ table: input["TableName"], item: input["Item"] }];
    case "UpdateItem":
    case "DeleteItem":
      return [{ table: input["TableName"], item: input["Key"] }];
    case "TransactWriteItems":
      return list(input["TransactItems"]).flatMap((action) =>
        [action["Put"], action["Update"], action["Delete"]].filter(isRecord).map(writeOf),
      );
    case "BatchWriteItem":
      return Object.entries(isRecord(input["RequestItems"]) ? input["RequestItems"] : {}).flatMap(([table, actions]) =>
        list(actions).flatMap((action) =>
          [action["PutRequest"], action["DeleteRequest"]]
            .filter(isRecord)
            .map((request) => writeOf({ ...request, TableName: table })),
        ),
      );
    default:
      return [];
  }
}

function writeOf(request: Record<string, unknown>): Write {
  return { table: request["TableName"], item: request["Item"] ?? request["Key"] };
}

function list(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function address(table: unknown, item: unknown): string {
  const keys = isRecord(item) ? [item[TABLE.partitionKey], item[TABLE.sortKey]] : [];
  return JSON.stringify([table, ...keys.map((key) => (isRecord(key) ? key["S"] : key))]);
}
