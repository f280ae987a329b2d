import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { BatchWriteItemCommand, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { DynamoDBBatchResponse, DynamoDBRecord } from "aws-lambda";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { connection, ensureTable, startEngine } from "../infra/local/engine.ts";
import type { Engine } from "../infra/local/engine.ts";
import { startStream } from "../infra/local/stream.ts";
import type { StreamAdapter, StreamConsumer, StreamOptions } from "../infra/local/stream.ts";
import { WIRING } from "../infra/wiring.ts";
import { startFaultProxy } from "./support/fault-proxy.ts";

vi.setConfig({ testTimeout: 20_000 });

let folder: string;
let engine: Engine;
let client: DynamoDBClient;
let tableName: string;
let tables = 0;
let adapters: StreamAdapter[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "local-stream-"));
  engine = await startEngine({ dataDir: join(folder, "engine") });
  client = new DynamoDBClient(connection(engine.endpoint));
});

afterAll(async () => {
  client.destroy();
  await engine.stop();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  tables += 1;
  tableName = `program-${tables}`;
  adapters = [];
  await ensureTable(engine.endpoint, tableName);
});

afterEach(async () => {
  await Promise.all(adapters.map((adapter) => adapter.stop()));
  vi.restoreAllMocks();
});

async function stream(consumers: StreamConsumer[], more: Partial<StreamOptions> = {}): Promise<StreamAdapter> {
  const options = { endpoint: engine.endpoint, tableName, consumers, retryMilliseconds: 1, ...more };
  const adapter = await startStream(options);
  adapters.push(adapter);
  return adapter;
}

const EVERYTHING = { eventName: ["INSERT", "MODIFY", "REMOVE"] };
const ALL_WELL: DynamoDBBatchResponse = { batchItemFailures: [] };

/** A consumer that notes the sort keys of each batch and answers as told. */
function noting(
  batches: string[][],
  answer: (records: DynamoDBRecord[]) => DynamoDBBatchResponse | Promise<DynamoDBBatchResponse> = () => ALL_WELL,
  more: Partial<StreamConsumer> = {},
): StreamConsumer {
  return {
    name: "noting",
    pattern: EVERYTHING,
    batchSize: 100,
    maxRetries: 3,
    ...more,
    async handler({ Records: records }) {
      batches.push(records.map(sortKeyOf));
      return answer(records);
    },
  };
}

function sortKeyOf(record: DynamoDBRecord): string {
  return record.dynamodb?.Keys?.["sk"]?.S ?? "";
}

function failing(records: DynamoDBRecord[], ...sortKeys: string[]): DynamoDBBatchResponse {
  const failed = records.filter((record) => sortKeys.includes(sortKeyOf(record)));
  return { batchItemFailures: failed.map((record) => ({ itemIdentifier: record.dynamodb?.SequenceNumber ?? "" })) };
}

async function put(sk: string, attributes: Record<string, AttributeValue> = {}, pk = "p"): Promise<void> {
  await client.send(
    new PutItemCommand({ TableName: tableName, Item: { pk: { S: pk }, sk: { S: sk }, ...attributes } }),
  );
}

/** Writes items 0 to count-1, spread over the partitions. */
async function putMany(count: number, partitions = 1): Promise<void> {
  for (let start = 0; start < count; start += 25) {
    const numbers = Array.from({ length: Math.min(25, count - start) }, (_, place) => start + place);
    const requests = numbers.map((number) => ({
      PutRequest: { Item: { pk: { S: `p${number % partitions}` }, sk: { S: String(number).padStart(5, "0") } } },
    }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: requests } }));
  }
}

function names(count: number): string[] {
  return Array.from({ length: count }, (_, number) => String(number).padStart(5, "0"));
}

describe("records", () => {
  it("look as Lambda hands them over", async () => {
    const received: DynamoDBRecord[] = [];
    const adapter = await stream([
      noting([], (records) => {
        received.push(...records);
        return ALL_WELL;
      }),
    ]);
    const before = Math.floor(Date.now() / 1000);
    const attributes = {
      binary: { B: new Uint8Array([1, 2, 3]) },
      binaries: { BS: [new Uint8Array([9])] },
      number: { N: "12.5" },
      nested: { M: { list: { L: [{ BOOL: false }, { NULL: true }] } } },
      texts: { SS: ["a", "b"] },
    };
    await put("1", attributes);
    await adapter.settle();

    expect(received).toHaveLength(1);
    const [record] = received;
    expect(record).toEqual({
      eventID: "1",
      eventName: "INSERT",
      eventVersion: "1.1",
      eventSource: "aws:dynamodb",
      awsRegion: "dynoxide",
      dynamodb: {
        ApproximateCreationDateTime: expect.any(Number),
        Keys: { pk: { S: "p" }, sk: { S: "1" } },
        NewImage: {
          pk: { S: "p" },
          sk: { S: "1" },
          binary: { B: "AQID" },
          binaries: { BS: ["CQ=="] },
          number: { N: "12.5" },
          nested: { M: { list: { L: [{ BOOL: false }, { NULL: true }] } } },
          texts: { SS: ["a", "b"] },
        },
        SequenceNumber: "1",
        SizeBytes: expect.any(Number),
        StreamViewType: "NEW_IMAGE",
      },
      eventSourceARN: expect.stringContaining(`table/${tableName}/stream/`),
    });
    const seconds = record?.dynamodb?.ApproximateCreationDateTime ?? 0;
    expect(Number.isInteger(seconds) && seconds >= before && seconds <= before + 60).toBe(true);
  });

  it("reach each consumer only when its pattern matches", async () => {
    const events: string[][] = [];
    const mails: string[][] = [];
    const adapter = await stream([
      noting(events, undefined, { name: "events", pattern: WIRING.events.stream }),
      noting(mails, undefined, { name: "mail", pattern: WIRING.mail.stream }),
    ]);
    await put("event", { entity: { S: "EVENT" } });
    await put("event", { entity: { S: "EVENT" }, changed: { BOOL: true } });
    await put("held", { entity: { S: "MESSAGE" }, state: { S: "HELD" } });
    await put("held", { entity: { S: "MESSAGE" }, state: { S: "QUEUED" } });
    await put("queued", { entity: { S: "MESSAGE" }, state: { S: "QUEUED" } });
    await put("person", { entity: { S: "PERSON" }, state: { S: "QUEUED" } });
    await put("bare");
    await adapter.settle();
    expect(events.flat()).toEqual(["event"]);
    expect(mails.flat()).toEqual(["held", "queued"]);
  });

  it("come in order and in batches of at most the size", async () => {
    await putMany(25);
    const batches: string[][] = [];
    const adapter = await stream([noting(batches, undefined, { batchSize: 10 })]);
    await adapter.settle();
    expect(batches.map((batch) => batch.length)).toEqual([10, 10, 5]);
    expect(batches.flat()).toEqual(names(25));
  });
});

describe("failures", () => {
  it("repeats a batch from the lowest record that failed", async () => {
    await putMany(5);
    const batches: string[][] = [];
    let calls = 0;
    const adapter = await stream([
      noting(batches, (records) => {
        calls += 1;
        return calls === 1 ? failing(records, "00003", "00002") : ALL_WELL;
      }),
    ]);
    await adapter.settle();
    expect(batches).toEqual([names(5), ["00002", "00003", "00004"]]);
  });

  it("repeats the whole batch when the handler throws or names a record that was not in it", async () => {
    await putMany(3);
    const batches: string[][] = [];
    const answers = [
      () => Promise.reject(new Error("not now")),
      () => ({ batchItemFailures: [{ itemIdentifier: "" }] }),
      () => ALL_WELL,
    ];
    const adapter = await stream([noting(batches, () => answers[batches.length - 1]?.() ?? ALL_WELL)]);
    await adapter.settle();
    expect(batches).toEqual([names(3), names(3), names(3)]);
  });

  it("gives up a record after its retries, keeps it as a dead letter without telling its contents, and goes on", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const deadLetterFile = join(folder, "given-up", "dead-letters.jsonl");
    await put("good 1");
    await put("bad", { email: { S: "nobody@example.org" } });
    await put("good 2");
    const batches: string[][] = [];
    const adapter = await stream([noting(batches, (records) => failing(records, "bad"))], { deadLetterFile });
    await adapter.settle();

    expect(batches).toEqual([
      ["good 1", "bad", "good 2"],
      ...Array.from({ length: 3 }, () => ["bad", "good 2"]),
      ["good 2"],
    ]);
    const letters = readFileSync(deadLetterFile, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(letters).toHaveLength(1);
    expect(letters[0]).toMatchObject({
      consumer: "noting",
      reason: "the handler answered that it failed",
      record: { eventName: "INSERT", dynamodb: { NewImage: { sk: { S: "bad" }, email: { S: "nobody@example.org" } } } },
    });
    expect(warn.mock.calls).toEqual([[`Stream consumer noting gave up record 2: kept in ${deadLetterFile}.`]]);
  });

  it("finds the one record that makes a whole batch throw", async () => {
    vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const deadLetterFile = join(folder, "isolated.jsonl");
    await putMany(4);
    const batches: string[][] = [];
    const adapter = await stream(
      [
        noting(
          batches,
          (records) => {
            if (records.some((record) => sortKeyOf(record) === "00001")) throw new Error("poison");
            return ALL_WELL;
          },
          { maxRetries: 1 },
        ),
      ],
      { deadLetterFile },
    );
    await adapter.settle();
    expect(batches).toEqual([names(4), names(4), ["00000"], ["00001"], ["00002"], ["00003"]]);
    const letter: unknown = JSON.parse(readFileSync(deadLetterFile, "utf8"));
    expect(letter).toMatchObject({ reason: "poison", record: { dynamodb: { SequenceNumber: "2" } } });
  });

  it("does not let a slow or failing consumer hold up another", async () => {
    await putMany(3);
    const { promise: hold, resolve: letGo } = Promise.withResolvers<void>();
    const slow: string[][] = [];
    const quick: string[][] = [];
    const { promise: quickDone, resolve: sayDone } = Promise.withResolvers<void>();
    const adapter = await stream([
      noting(slow, () => hold.then(() => ALL_WELL), { name: "slow" }),
      noting(
        quick,
        () => {
          sayDone();
          return ALL_WELL;
        },
        { name: "quick" },
      ),
    ]);
    await quickDone;
    expect(quick).toEqual([names(3)]);
    await expect(adapter.settle(200)).rejects.toThrow(new Error("The stream did not settle within 200 ms: slow."));
    letGo();
    await adapter.settle();
    expect(slow).toEqual([names(3)]);
  });
});

describe("restart", () => {
  it("goes on where it stopped", async () => {
    const checkpointFile = join(folder, "restart", "checkpoints.json");
    await putMany(3);
    const batches: string[][] = [];
    const first = await stream([noting(batches)], { checkpointFile });
    await first.settle();
    await first.stop();
    await put("later");
    const second = await stream([noting(batches)], { checkpointFile });
    await second.settle();
    expect(batches).toEqual([names(3), ["later"]]);
  });

  it("hands an unfinished batch over again after a kill, and none that was finished", async () => {
    const checkpointFile = join(folder, "kill.json");
    const noteFile = join(folder, "kill.txt");
    await putMany(30);
    const script = `
      const { appendFileSync } = await import("node:fs");
      const { startStream } = await import(${JSON.stringify(new URL("../infra/local/stream.ts", import.meta.url))});
      let calls = 0;
      await startStream({
        endpoint: ${JSON.stringify(engine.endpoint)}, tableName: ${JSON.stringify(tableName)},
        checkpointFile: ${JSON.stringify(checkpointFile)},
        consumers: [{ name: "noting", pattern: ${JSON.stringify(EVERYTHING)}, batchSize: 10, maxRetries: 3,
          async handler({ Records }) {
            for (const record of Records) appendFileSync(${JSON.stringify(noteFile)}, record.dynamodb.Keys.sk.S + "\\n");
            calls += 1;
            if (calls === 2) process.kill(process.pid, "SIGKILL");
            return { batchItemFailures: [] };
          } }] });`;
    const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    expect(await once(child, "exit")).toEqual([null, "SIGKILL"]);
    expect(readFileSync(noteFile, "utf8").trim().split("\n")).toEqual(names(20));

    const batches: string[][] = [];
    const adapter = await stream([noting(batches, undefined, { batchSize: 10 })], { checkpointFile });
    await adapter.settle();
    expect(batches.flat()).toEqual(names(30).slice(10));
  });

  it("begins at the oldest record when its checkpoint file is unreadable, and says so", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const checkpointFile = join(folder, "unreadable.json");
    writeFileSync(checkpointFile, '{"noting":{"streamArn":"half');
    await putMany(2);
    const batches: string[][] = [];
    const adapter = await stream([noting(batches)], { checkpointFile });
    await adapter.settle();
    expect(batches).toEqual([names(2)]);
    expect(warn).toHaveBeenCalledExactlyOnceWith(
      expect.stringContaining(
        `The checkpoint file ${checkpointFile} is unreadable: the stream is handled from its beginning`,
      ),
    );
    expect(existsSync(`${checkpointFile}.new`)).toBe(false);
  });

  it("survives a restart of the engine and tells of it once", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const dataDir = join(folder, "restarted");
    const before = await startEngine({ dataDir });
    await ensureTable(before.endpoint, tableName);
    const batches: string[][] = [];
    const adapter = await stream([noting(batches)], { endpoint: before.endpoint, pollMilliseconds: 20 });
    const port = Number(new URL(before.endpoint).port);
    await before.stop();
    await vi.waitFor(() => expect(warn).toHaveBeenCalledOnce(), { timeout: 5000 });

    const after = await startEngine({ dataDir, port });
    const own = new DynamoDBClient(connection(after.endpoint));
    await own.send(new PutItemCommand({ TableName: tableName, Item: { pk: { S: "p" }, sk: { S: "after" } } }));
    own.destroy();
    await adapter.settle();
    await adapter.stop();
    await after.stop();
    expect(batches).toEqual([["after"]]);
    expect(warn).toHaveBeenCalledOnce();
  });
});

describe("settle", () => {
  it("waits for what the handlers write in turn", async () => {
    const mails: string[][] = [];
    const adapter = await stream([
      {
        name: "events",
        pattern: WIRING.events.stream,
        batchSize: 100,
        maxRetries: 3,
        async handler({ Records: records }) {
          for (const record of records) {
            await put(`mail ${sortKeyOf(record)}`, { entity: { S: "MESSAGE" }, state: { S: "QUEUED" } });
          }
          return ALL_WELL;
        },
      },
      noting(mails, undefined, { name: "mail", pattern: WIRING.mail.stream }),
    ]);
    for (const round of ["1", "2", "3"]) {
      await put(round, { entity: { S: "EVENT" } });
      await adapter.settle();
      expect(mails.flat().at(-1)).toBe(`mail ${round}`);
    }
    expect(mails.flat()).toEqual(["mail 1", "mail 2", "mail 3"]);
  });

  it("ends with a clear error when the consumers never come to rest", async () => {
    let count = 0;
    const adapter = await stream([
      {
        ...noting([]),
        async handler() {
          count += 1;
          await put(String(count));
        },
      },
    ]);
    await put("first");
    await expect(adapter.settle(300)).rejects.toThrow(new Error("The stream did not settle within 300 ms: noting."));
  });

  it("says why when the stream cannot be read", async () => {
    vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const proxy = await startFaultProxy(engine.endpoint, 1);
    const adapter = await stream([noting([])], { endpoint: proxy.endpoint, pollMilliseconds: 20 });
    proxy.inject("GetRecords", { kind: "error", errorName: "AccessDeniedException" });
    await expect(adapter.settle(300)).rejects.toThrow(
      new Error("The stream did not settle within 300 ms: noting (The request failed because a test wanted it so.)."),
    );
    await adapter.stop();
    await proxy.stop();
  });
});

describe("many records and disorder", () => {
  it("hands 5,000 records over once to each of two consumers", async () => {
    await putMany(5000, 7);
    const first: string[][] = [];
    const second: string[][] = [];
    const adapter = await stream(
      [noting(first, undefined, { name: "first" }), noting(second, undefined, { name: "second", batchSize: 10 })],
      { checkpointFile: join(folder, "many.json") },
    );
    await adapter.settle();
    expect(first.flat()).toEqual(names(5000));
    expect(second.flat()).toEqual(names(5000));
  }, 30_000);

  it("mixes partition keys but keeps the order within each, and delivers twice, when a test wants so", async () => {
    vi.spyOn(console, "info").mockImplementation(() => undefined);
    await putMany(200, 5);
    const batches: string[][] = [];
    const adapter = await stream([noting(batches, undefined, { batchSize: 20 })], {
      faults: { duplicate: 1, shuffle: true, seed: 7 },
    });
    await adapter.settle();
    expect(batches).toHaveLength(20);
    const firstTimes = batches.filter((_, place) => place % 2 === 0).flat();
    expect(batches.filter((_, place) => place % 2 === 1).flat()).toEqual(firstTimes);
    expect(firstTimes).not.toEqual(names(200));
    expect(firstTimes.toSorted()).toEqual(names(200));
    for (const partition of [0, 1, 2, 3, 4]) {
      const own = firstTimes.filter((name) => Number(name) % 5 === partition);
      expect(own).toEqual(own.toSorted());
    }
    expect(console.info).toHaveBeenCalledExactlyOnceWith("Stream faults: seed 7.");
  });

  it("repeats a failed record in a shuffled page without losing another", async () => {
    vi.spyOn(console, "info").mockImplementation(() => undefined);
    await putMany(50, 5);
    const handled: string[] = [];
    let calls = 0;
    const adapter = await stream(
      [
        noting([], (records) => {
          calls += 1;
          const stop = calls % 2 === 1 ? Math.floor(records.length / 2) : records.length;
          handled.push(...records.slice(0, stop).map(sortKeyOf));
          return failing(records, ...records.slice(stop, stop + 1).map(sortKeyOf));
        }),
      ],
      { faults: { shuffle: true, seed: 3 } },
    );
    await adapter.settle();
    expect(handled.toSorted()).toEqual(names(50));
  });
});

describe("shards", () => {
  it("renews an iterator that has expired", async () => {
    const proxy = await startFaultProxy(engine.endpoint, 1);
    const batches: string[][] = [];
    const adapter = await stream([noting(batches)], { endpoint: proxy.endpoint });
    await putMany(2);
    await adapter.settle();
    proxy.inject("GetRecords", { kind: "error", errorName: "ExpiredIteratorException", times: 1 });
    await put("later");
    await adapter.settle();
    expect(batches.flat()).toEqual([...names(2), "later"]);
    expect(proxy.requests().filter((request) => request.fault === "error")).toHaveLength(1);
    await adapter.stop();
    await proxy.stop();
  });

  it("goes on at the oldest record when those after the checkpoint are trimmed, and says so", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const proxy = await startFaultProxy(engine.endpoint, 1);
    await putMany(2);
    const batches: string[][] = [];
    const adapter = await stream([noting(batches)], { endpoint: proxy.endpoint });
    await adapter.settle();
    proxy.inject("GetRecords", { kind: "error", errorName: "TrimmedDataAccessException", times: 1 });
    await adapter.settle();
    expect(batches).toEqual([names(2), names(2)]);
    expect(warn.mock.calls).toEqual([["Stream consumer noting: records after 2 are gone, reading the oldest kept."]]);
    await adapter.stop();
    await proxy.stop();
  });

  it("reads a parent to its end before its child, and finds children that appear later", async () => {
    const shards = await startShardedStream();
    const batches: string[][] = [];
    const adapter = await stream([noting(batches)], { endpoint: shards.endpoint });
    shards.write("parent", "1");
    await adapter.settle();
    shards.write("child", "3", "parent");
    shards.write("parent", "2");
    shards.close("parent");
    await adapter.settle();
    shards.write("child", "4", "parent");
    await adapter.settle();
    expect(batches.flat()).toEqual(["1", "2", "3", "4"]);
    await adapter.stop();
    await shards.stop();
  });
});

/** A stream endpoint whose shards a test opens and closes, which the engine's never do. */
async function startShardedStream() {
  const shards = new Map<string, { parent?: string; records: string[]; closed: boolean }>();
  const answers: Record<string, (input: Record<string, string>) => unknown> = {
    DescribeTable: () => ({ Table: { LatestStreamArn: "arn:stream", StreamSpecification: { StreamEnabled: true } } }),
    DescribeStream: () => ({
      StreamDescription: {
        // Child first: the order of the list means nothing.
        Shards: [...shards].toReversed().map(([ShardId, { parent }]) => ({ ShardId, ParentShardId: parent })),
      },
    }),
    GetShardIterator: ({ ShardId, SequenceNumber }) => ({
      ShardIterator: `${ShardId}/${1 + (shards.get(ShardId ?? "")?.records.indexOf(SequenceNumber ?? "") ?? -1)}`,
    }),
    GetRecords: ({ ShardIterator }) => {
      const [shardId, from] = (ShardIterator ?? "").split("/");
      const shard = shards.get(shardId ?? "");
      const records = shard?.records.slice(Number(from)) ?? [];
      return {
        Records: records.map((SequenceNumber) => ({
          eventName: "INSERT",
          dynamodb: { SequenceNumber, Keys: { pk: { S: "p" }, sk: { S: SequenceNumber } } },
        })),
        NextShardIterator: shard?.closed ? undefined : `${shardId}/${Number(from) + records.length}`,
      };
    },
  };
  const server = createServer(async (request, response) => {
    const operation = String(request.headers["x-amz-target"]).split(".").at(-1) ?? "";
    const input = (await json(request)) as Record<string, string>;
    response.setHeader("content-type", "application/x-amz-json-1.0");
    response.end(JSON.stringify(answers[operation]?.(input)));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    endpoint: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`,
    write(shardId: string, sequenceNumber: string, parent?: string) {
      const shard = shards.get(shardId) ?? { parent, records: [], closed: false };
      shard.records.push(sequenceNumber);
      shards.set(shardId, shard);
    },
    close(shardId: string) {
      const shard = shards.get(shardId);
      if (shard) shard.closed = true;
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
