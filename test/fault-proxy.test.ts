import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { connection, ensureTable, startEngine } from "../infra/local/engine.ts";
import type { Engine } from "../infra/local/engine.ts";
import { startFaultProxy } from "./support/fault-proxy.ts";
import type { FaultProxy } from "./support/fault-proxy.ts";

const TABLE_NAME = "program";

let engine: Engine;
let proxy: FaultProxy;
let client: DynamoDBClient;
/** Goes past the proxy. */
let direct: DynamoDBClient;

beforeAll(async () => {
  engine = await startEngine();
  await ensureTable(engine.endpoint, TABLE_NAME);
  proxy = await startFaultProxy(engine.endpoint, 11);
  client = new DynamoDBClient({
    ...connection(proxy.endpoint),
    maxAttempts: 1,
    requestHandler: { requestTimeout: 300, throwOnRequestTimeout: true },
  });
  direct = new DynamoDBClient(connection(engine.endpoint));
});

afterEach(() => {
  proxy.reset();
  vi.restoreAllMocks();
});

afterAll(async () => {
  client.destroy();
  direct.destroy();
  await proxy.stop();
  await engine.stop();
});

function put(sk: string, who?: string): PutItemCommand {
  const index = who !== undefined && { byWhoPk: { S: who }, byWhoSk: { S: sk } };
  return new PutItemCommand({ TableName: TABLE_NAME, Item: { pk: { S: "p" }, sk: { S: sk }, ...index } });
}

function transaction(...sortKeys: string[]): TransactWriteItemsCommand {
  return new TransactWriteItemsCommand({
    TransactItems: sortKeys.map((sk) => ({
      Put: { TableName: TABLE_NAME, Item: { pk: { S: "p" }, sk: { S: sk } } },
    })),
  });
}

async function exists(sk: string): Promise<boolean> {
  const key = { pk: { S: "p" }, sk: { S: sk } };
  const { Item } = await direct.send(new GetItemCommand({ TableName: TABLE_NAME, Key: key, ConsistentRead: true }));
  return Item !== undefined;
}

async function listed(who: string): Promise<(string | undefined)[]> {
  const { Items, Count } = await client.send(
    new QueryCommand({
      TableName: TABLE_NAME,
      IndexName: "byWho",
      KeyConditionExpression: "byWhoPk = :who",
      ExpressionAttributeValues: { ":who": { S: who } },
    }),
  );
  expect(Count).toBe(Items?.length);
  return Items?.map((item) => item["sk"]?.S) ?? [];
}

async function failureOf(request: Promise<unknown>): Promise<Error> {
  return request.then(
    () => {
      throw new Error("It succeeded.");
    },
    (error: Error) => error,
  );
}

describe("answers in place of the database", () => {
  it("throttles as often as told and leaves other operations alone", async () => {
    proxy.inject("PutItem", { kind: "throttle", times: 2 });
    proxy.inject("PutItem", { kind: "throttle", errorName: "ThrottlingException", times: 1 });
    const seen = [];
    for (let tries = 0; tries < 3; tries += 1) seen.push((await failureOf(client.send(put("throttled")))).name);
    expect(seen).toEqual([
      "ProvisionedThroughputExceededException",
      "ProvisionedThroughputExceededException",
      "ThrottlingException",
    ]);
    expect(await exists("throttled")).toBe(false);
    await client.send(put("throttled"));
    expect(await exists("throttled")).toBe(true);
  });

  it("cancels a transaction for a conflict with one reason for each item", async () => {
    proxy.inject("TransactWriteItems", { kind: "conflict", times: 1 });
    const error = await failureOf(client.send(transaction("c1", "c2", "c3")));
    expect(error).toBeInstanceOf(TransactionCanceledException);
    const codes =
      error instanceof TransactionCanceledException ? error.CancellationReasons?.map(({ Code }) => Code) : [];
    expect(codes?.toSorted()).toEqual(["None", "None", "TransactionConflict"]);
    expect(error.message).toBe(
      `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes?.join(", ")}]`,
    );
    expect(await exists("c1")).toBe(false);
    await client.send(transaction("c1", "c2", "c3"));
    expect(await exists("c1")).toBe(true);
  });

  it("refuses a single write for a conflict by its own exception", async () => {
    proxy.inject("PutItem", { kind: "conflict" });
    expect((await failureOf(client.send(put("conflict")))).name).toBe("TransactionConflictException");
  });

  it("fails on the server's side, for every operation", async () => {
    proxy.inject("*", { kind: "serverError" });
    for (const failure of [failureOf(client.send(put("broken"))), failureOf(client.send(transaction("broken")))]) {
      expect(await failure).toMatchObject({ name: "InternalServerError", $metadata: { httpStatusCode: 500 } });
    }
    expect(await exists("broken")).toBe(false);
  });
});

describe("answers that do not arrive", () => {
  it("hangs until the caller gives up, having written nothing", async () => {
    proxy.inject("PutItem", { kind: "hang", times: 1 });
    expect((await failureOf(client.send(put("hung")))).name).toBe("TimeoutError");
    expect(await exists("hung")).toBe(false);
  });

  it("closes what hangs on release", async () => {
    const patient = new DynamoDBClient({ ...connection(proxy.endpoint), maxAttempts: 1 });
    proxy.inject("PutItem", { kind: "hang" });
    const request = failureOf(patient.send(put("released")));
    await vi.waitFor(() => expect(proxy.counts()).toEqual({ PutItem: 1 }));
    proxy.release();
    expect(await request).toMatchObject({ code: "ECONNRESET" });
    patient.destroy();
  });

  it("writes and loses the answer, so that a repeated transaction needs its token", async () => {
    proxy.inject("PutItem", { kind: "commitThenDrop", times: 1 });
    expect(await failureOf(client.send(put("dropped")))).toMatchObject({ code: "ECONNRESET" });
    expect(await exists("dropped")).toBe(true);

    const once = {
      Put: {
        TableName: TABLE_NAME,
        Item: { pk: { S: "p" }, sk: { S: "once" } },
        ConditionExpression: "attribute_not_exists(pk)",
      },
    };
    const command = new TransactWriteItemsCommand({ ClientRequestToken: "token-1", TransactItems: [once] });
    proxy.inject("TransactWriteItems", { kind: "commitThenDrop", times: 1 });
    expect(await failureOf(client.send(command))).toMatchObject({ code: "ECONNRESET" });
    await client.send(command);
    const withoutToken = new TransactWriteItemsCommand({ TransactItems: [once] });
    expect((await failureOf(client.send(withoutToken))).name).toBe("TransactionCanceledException");
  });
});

describe("answers that are late or not whole", () => {
  it("does the work and answers later", async () => {
    proxy.inject("PutItem", { kind: "late", times: 1, milliseconds: 200 });
    const answered: string[] = [];
    const late = client.send(put("late")).then(() => answered.push("late"));
    await vi.waitFor(async () => expect(await exists("late")).toBe(true));
    await client.send(put("quick")).then(() => answered.push("quick"));
    await late;
    expect(answered).toEqual(["quick", "late"]);
  });

  it("leaves half of the keys to be asked for again", async () => {
    for (const sk of ["u1", "u2", "u3"]) await client.send(put(sk));
    proxy.inject("BatchGetItem", { kind: "unprocessed", times: 1 });
    const keys = ["u1", "u2", "u3"].map((sk) => ({ pk: { S: "p" }, sk: { S: sk } }));
    const asked = { [TABLE_NAME]: { Keys: keys, ConsistentRead: true } };
    const first = await client.send(new BatchGetItemCommand({ RequestItems: asked }));
    expect(first.Responses?.[TABLE_NAME]?.map(({ sk }) => sk?.S).toSorted()).toEqual(["u1", "u2"]);
    expect(first.UnprocessedKeys).toEqual({ [TABLE_NAME]: { Keys: keys.slice(2), ConsistentRead: true } });
    const second = await client.send(new BatchGetItemCommand({ RequestItems: first.UnprocessedKeys }));
    expect(second.Responses?.[TABLE_NAME]).toEqual(keys.slice(2));
    expect(second.UnprocessedKeys).toEqual({});
    expect(proxy.requests().slice(3)).toEqual([
      { operation: "BatchGetItem", keys: 3, consistent: true, fault: "unprocessed" },
      { operation: "BatchGetItem", keys: 1, consistent: true },
    ]);
  });
});

describe("index lag", () => {
  it("hides from indexes what was written lately, by every kind of write, and nothing else", async () => {
    await client.send(put("old", "lag"));
    await client.send(put("updated", "lag"));
    await direct.send(put("past the proxy", "lag"));
    vi.spyOn(Date, "now").mockReturnValue(Date.now() + 60_000);
    const at = Date.now();
    proxy.lagIndexes(2000);
    const item = (sk: string) => ({ pk: { S: "p" }, sk: { S: sk }, byWhoPk: { S: "lag" }, byWhoSk: { S: sk } });
    await client.send(put("put", "lag"));
    await client.send(
      new UpdateItemCommand({
        TableName: TABLE_NAME,
        Key: { pk: { S: "p" }, sk: { S: "updated" } },
        UpdateExpression: "SET changed = :yes",
        ExpressionAttributeValues: { ":yes": { BOOL: true } },
      }),
    );
    await client.send(
      new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName: TABLE_NAME, Item: item("transacted") } }] }),
    );
    await client.send(
      new BatchWriteItemCommand({ RequestItems: { [TABLE_NAME]: [{ PutRequest: { Item: item("batched") } }] } }),
    );
    expect(await listed("lag")).toEqual(["old", "past the proxy"]);
    const key = { pk: { S: "p" }, sk: { S: "put" } };
    expect((await client.send(new GetItemCommand({ TableName: TABLE_NAME, Key: key }))).Item).toEqual(item("put"));

    vi.mocked(Date.now).mockReturnValue(at + 2000);
    const all = ["batched", "old", "past the proxy", "put", "transacted", "updated"];
    expect(await listed("lag")).toEqual(all);
    proxy.lagIndexes(0);
    vi.mocked(Date.now).mockReturnValue(at);
    expect(await listed("lag")).toEqual(all);
  });
});

describe("what passed", () => {
  it("is listed with operation, index and fault, and counted, until reset", async () => {
    proxy.inject("GetItem", { kind: "throttle", times: 1 });
    await client.send(put("counted"));
    await listed("nobody");
    await failureOf(
      client.send(new GetItemCommand({ TableName: TABLE_NAME, Key: { pk: { S: "p" }, sk: { S: "1" } } })),
    );
    await client.send(put("counted"));
    expect(proxy.requests()).toEqual([
      { operation: "PutItem" },
      { operation: "Query", indexName: "byWho" },
      { operation: "GetItem", fault: "throttle" },
      { operation: "PutItem" },
    ]);
    expect(proxy.counts()).toEqual({ PutItem: 2, Query: 1, GetItem: 1 });
    proxy.reset();
    expect(proxy.requests()).toEqual([]);
  });

  it("is struck by chance in the same way for the same seed", async () => {
    vi.spyOn(console, "info").mockImplementation(() => undefined);
    const struck = async (): Promise<boolean[]> => {
      const chancy = await startFaultProxy(engine.endpoint, 5);
      chancy.inject("PutItem", { kind: "throttle", probability: 0.3 });
      const own = new DynamoDBClient({ ...connection(chancy.endpoint), maxAttempts: 1 });
      for (let count = 0; count < 40; count += 1) await own.send(put("chance")).catch(() => undefined);
      own.destroy();
      await chancy.stop();
      return chancy.requests().map((request) => request.fault !== undefined);
    };
    const first = await struck();
    expect(await struck()).toEqual(first);
    expect(first.filter(Boolean)).toHaveLength(14);
    expect(console.info).toHaveBeenCalledWith("Fault proxy: seed 5.");
  });
});
