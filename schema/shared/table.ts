import { DynamoDBClient, TransactionCanceledException, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import {
  BatchGetCommand,
  DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
  type BatchGetCommandInput,
  type TransactWriteCommandInput,
} from "@aws-sdk/lib-dynamodb";
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Refusal } from "./decision.ts";
import { TABLE, type Entity, type IndexName, type Item, type Key } from "./keys.ts";
import { checkLimits, transactionItem, type Condition, type Write } from "./write.ts";

/** A page of one partition, of the table itself or of an index. */
export interface Question {
  index?: IndexName;
  partition: string;
  sort?: { beginsWith: string } | { upTo: string };
  descending?: boolean;
  limit?: number;
  /** Where the page before ended. */
  after?: Position;
}

/** The keys of the last item of a page, from which the next one continues. */
export type Position = Record<string, string>;

/** One page and, when there is more, the position to go on from. */
export interface Page {
  items: Item[];
  next?: Position;
}

/** Another writer came first: reload and decide again. Nothing was written. */
export class LostVersion extends Error {
  override name = "LostVersion";
}

/** Conditions of the transaction did not hold; each carries the refusal it stands for. Nothing was written. */
export class Refused extends Error {
  override name = "Refused";
  constructor(readonly refusals: readonly Refusal[]) {
    super(refusals.map(({ code }) => code).join(", "));
  }
}

/** The table did not take the request in the time we give it. Trying later helps. */
export class TableBusy extends Error {
  override name = "TableBusy";
  constructor(
    /** CONFLICT_RETRY: others kept changing the same, nothing was written. UNAVAILABLE: throttled, or no answer came. */
    readonly why: "CONFLICT_RETRY" | "UNAVAILABLE",
    cause?: unknown,
  ) {
    super(`The table is busy: ${why}`, { cause });
  }
}

/** The one way to the table: whole items by key, pages of a partition, and transactions. There is no scan. */
export interface Table {
  /** One item, strongly consistent; undefined when missing or expired. One request. */
  get(key: Key): Promise<Item | undefined>;
  /** Items in the order of the keys, strongly consistent, undefined where missing. One request per 100 keys. */
  getMany(keys: readonly Key[]): Promise<(Item | undefined)[]>;
  /** One page, strongly consistent when it is of the table itself; an index may lag. One request. */
  query(question: Question): Promise<Page>;
  /**
   * All of the writes or none. Throws Refused, LostVersion or TableBusy; retries conflicts and throttling up to five
   * times with full jitter. Repeating a lost answer is safe: the same request token goes along. One request.
   */
  commit(writes: readonly Write[]): Promise<void>;
  /** The next number of a counter, starting at 1. Numbers may be skipped, never given twice. One request. */
  count(key: Key): Promise<number>;
  /**
   * Adds to a counter that goes away by itself; answers the sum. Asks once and waits a second at most: whoever counts so would
   * rather go on without. One request.
   */
  tally(key: Key, by: number, expiresAtSeconds: number): Promise<number>;
}

/** How long calls may take. */
export interface TablePatience {
  /** Longest wait for one answer, in milliseconds. */
  requestMilliseconds: number;
  /** No new try is begun after this time, in milliseconds. */
  budgetMilliseconds: number;
}

const PATIENCE: TablePatience = { requestMilliseconds: 3_000, budgetMilliseconds: 8_000 };
const TRIES = 5;
const BATCH = 100;

interface TableSource {
  tableName: string;
  /** Another DynamoDB endpoint; absent means AWS. */
  endpoint?: string;
  now: () => number;
  patience?: TablePatience;
}

/** Opens the table. The client connects on first use. */
export function openTable({ tableName, endpoint, now, patience = PATIENCE }: TableSource): Table {
  const client = documentClient(endpoint, patience);
  const live = (item: Item | undefined) =>
    item?.expiresAtSeconds !== undefined && item.expiresAtSeconds <= now() / 1000 ? undefined : item;

  /** Asks with an end in sight, and once more when the answer was lost; both within that time. */
  async function ask<Answer>(call: (abortSignal: AbortSignal) => Promise<Answer>): Promise<Answer> {
    const abortSignal = AbortSignal.timeout(patience.requestMilliseconds + 500);
    try {
      return await call(abortSignal);
    } catch (error) {
      if (!isSilence(error) || abortSignal.aborted) throw error;
      return call(abortSignal);
    }
  }

  /** Asks, and repeats what throttling or a conflict refused. */
  async function send<Answer>(call: (abortSignal: AbortSignal) => Promise<Answer>): Promise<Answer> {
    const started = performance.now();
    for (let attempt = 1; ; attempt++) {
      try {
        return await ask(call);
      } catch (error) {
        const worthRepeating = isThrottling(error) || isConflict(error);
        if (!worthRepeating && !isSilence(error)) throw error;
        const spent = performance.now() - started;
        if (!worthRepeating || attempt === TRIES || spent > patience.budgetMilliseconds) {
          throw new TableBusy(isConflict(error) ? "CONFLICT_RETRY" : "UNAVAILABLE", error);
        }
        await pause(Math.random() * Math.min(1_000, 50 * 2 ** attempt));
      }
    }
  }

  async function getBatch(keys: readonly Key[]): Promise<Item[]> {
    const found: Item[] = [];
    let request: BatchGetCommandInput = { RequestItems: { [tableName]: { Keys: [...keys], ConsistentRead: true } } };
    for (let attempt = 1; ; attempt++) {
      const asked = request;
      const answer = await send((abortSignal) => client.send(new BatchGetCommand(asked), { abortSignal }));
      found.push(...((answer.Responses?.[tableName] ?? []) as Item[]));
      if (!answer.UnprocessedKeys?.[tableName]) return found;
      request = { RequestItems: answer.UnprocessedKeys };
      if (attempt === TRIES) throw new TableBusy("UNAVAILABLE");
      await pause(Math.random() * 50 * 2 ** attempt);
    }
  }

  return {
    async get(key) {
      const request = { TableName: tableName, Key: { pk: key.pk, sk: key.sk }, ConsistentRead: true };
      const answer = await send((abortSignal) => client.send(new GetCommand(request), { abortSignal }));
      return live(answer.Item as Item | undefined);
    },

    async getMany(keys) {
      const distinct = new Map(keys.map(({ pk, sk }) => [`${pk}\n${sk}`, { pk, sk }]));
      const wanted = [...distinct.values()];
      const batches = Array.from({ length: Math.ceil(wanted.length / BATCH) }, (_, index) =>
        getBatch(wanted.slice(index * BATCH, (index + 1) * BATCH)),
      );
      const found = new Map((await Promise.all(batches)).flat().map((item) => [`${item.pk}\n${item.sk}`, item]));
      return keys.map(({ pk, sk }) => live(found.get(`${pk}\n${sk}`)));
    },

    async query({ index, partition, sort, descending = false, limit, after }) {
      const names = TABLE.indexes.find(({ name }) => name === index) ?? TABLE;
      const request = {
        TableName: tableName,
        IndexName: index,
        ConsistentRead: index === undefined,
        KeyConditionExpression: sort
          ? `#p = :p AND ${"beginsWith" in sort ? "begins_with(#s, :s)" : "#s <= :s"}`
          : "#p = :p",
        ExpressionAttributeNames: { "#p": names.partitionKey, ...(sort && { "#s": names.sortKey }) },
        ExpressionAttributeValues: {
          ":p": partition,
          ...(sort && { ":s": "beginsWith" in sort ? sort.beginsWith : sort.upTo }),
        },
        ScanIndexForward: !descending,
        Limit: limit,
        ExclusiveStartKey: after,
      };
      const answer = await send((abortSignal) => client.send(new QueryCommand(request), { abortSignal }));
      const items = ((answer.Items ?? []) as Item[]).filter((item) => live(item) !== undefined);
      return { items, next: answer.LastEvaluatedKey as Position | undefined };
    },

    async commit(writes) {
      checkLimits(writes);
      const TransactItems = writes.map((write) => transactionItem(tableName, write)) as NonNullable<
        TransactWriteCommandInput["TransactItems"]
      >;
      const request = { TransactItems, ClientRequestToken: randomUUID() };
      try {
        await send((abortSignal) => client.send(new TransactWriteCommand(request), { abortSignal }));
      } catch (error) {
        throw meaningOf(error, writes);
      }
    },

    async count(key) {
      const request = {
        TableName: tableName,
        Key: { pk: key.pk, sk: key.sk },
        UpdateExpression: "SET #e = :e ADD #n :one",
        ExpressionAttributeNames: { "#e": "entity", "#n": "counted" },
        ExpressionAttributeValues: { ":e": "COUNTER" satisfies Entity, ":one": 1 },
        ReturnValues: "UPDATED_NEW" as const,
      };
      const answer = await send((abortSignal) => client.send(new UpdateCommand(request), { abortSignal }));
      return answer.Attributes?.["counted"] as number;
    },

    async tally(key, by, expiresAtSeconds) {
      const request = {
        TableName: tableName,
        Key: { pk: key.pk, sk: key.sk },
        UpdateExpression: "SET #e = :e, #t = :t ADD #n :by",
        ExpressionAttributeNames: { "#e": "entity", "#t": TABLE.timeToLive, "#n": "counted" },
        ExpressionAttributeValues: { ":e": "RATE" satisfies Entity, ":t": expiresAtSeconds, ":by": by },
        ReturnValues: "UPDATED_NEW" as const,
      };
      const answer = await client.send(new UpdateCommand(request), { abortSignal: AbortSignal.timeout(1_000) });
      return answer.Attributes?.["counted"] as number;
    },
  };
}

/** For a logger's `info` the SDK copies every question and answer, its own silent one's included; this one has none. */
const WITHOUT_INFO = { debug() {}, warn() {}, error() {} } as object as DynamoDBClientConfig["logger"];

function documentClient(endpoint: string | undefined, patience: TablePatience): DynamoDBDocumentClient {
  const client = new DynamoDBClient({
    endpoint,
    logger: WITHOUT_INFO,
    // Its own retries would wait up to a second inside the time of one answer, and double ours.
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: 1_000,
      requestTimeout: patience.requestMilliseconds,
      // Without it the SDK only warns when the time is over, and waits for ever.
      throwOnRequestTimeout: true,
    },
  });
  return DynamoDBDocumentClient.from(client, {
    // Inputs arrive as instances of their GraphQL classes.
    marshallOptions: { removeUndefinedValues: true, convertClassInstanceToMap: true },
  });
}

/** Turns a cancelled transaction back into what its conditions stand for. */
function meaningOf(error: unknown, writes: readonly Write[]): unknown {
  if (!(error instanceof TransactionCanceledException)) return error;
  const failed = (error.CancellationReasons ?? []).flatMap(({ Code }, position) =>
    Code === "ConditionalCheckFailed" ? [writes[position]?.condition] : [],
  );
  if (failed.length === 0) return error;
  // A lost version comes first: decided again on the newer record, the refusal may be another one, or none.
  if (failed.some((condition) => condition?.refusal === undefined)) return new LostVersion("Another writer came first");
  return new Refused(failed.map((condition) => (condition as Condition & { refusal: Refusal }).refusal));
}

const THROTTLING = [
  // The first request with this token is still at work: asked again like throttling, its outcome is open until then.
  "TransactionInProgressException",
  "ThrottlingException",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "ThrottlingError",
  "ProvisionedThroughputExceeded",
];

function isThrottling(error: unknown): boolean {
  return error instanceof Error && (THROTTLING.includes(error.name) || isCancelledFor(error, THROTTLING));
}

function isConflict(error: unknown): boolean {
  return error instanceof Error && isCancelledFor(error, ["TransactionConflict"]);
}

/** A failed condition decides; only without one is it worth asking the same again. */
function isCancelledFor(error: Error, codes: readonly string[]): boolean {
  if (error.name === "TransactionConflictException") return codes.includes("TransactionConflict");
  if (!(error instanceof TransactionCanceledException)) return false;
  const reasons = (error.CancellationReasons ?? []).map(({ Code }) => Code ?? "None");
  return !reasons.includes("ConditionalCheckFailed") && reasons.some((reason) => codes.includes(reason));
}

/** No answer, or none that can be used: the request may have been carried out. */
function isSilence(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode ?? 0;
  return (
    ["TimeoutError", "AbortError", "ECONNRESET", "ECONNREFUSED"].includes(error.name) ||
    hasNetworkCode(error) ||
    status >= 500
  );
}

function hasNetworkCode(error: Error): boolean {
  return ["ECONNRESET", "ECONNREFUSED", "EPIPE", "ETIMEDOUT"].includes((error as { code?: string }).code ?? "");
}
