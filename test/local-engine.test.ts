import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";
import {
  CreateTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { prepareDatabaseFile } from "../infra/local/database-file.ts";
import { connection, ensureTable, LOCAL_CREDENTIALS, startEngine } from "../infra/local/engine.ts";
import type { Engine, EngineOptions } from "../infra/local/engine.ts";

const TABLE_NAME = "program";

// Each test starts processes, which takes long on a busy machine.
vi.setConfig({ testTimeout: 20_000 });

let folder: string;
let engines: Engine[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "local-engine-"));
  engines = [];
});

afterEach(async () => {
  await Promise.all(engines.map((engine) => engine.stop()));
  rmSync(folder, { recursive: true, force: true });
});

async function start(options?: EngineOptions): Promise<Engine> {
  const engine = await startEngine(options);
  engines.push(engine);
  return engine;
}

async function put(endpoint: string, sk: string): Promise<void> {
  const client = new DynamoDBClient(connection(endpoint));
  await client.send(new PutItemCommand({ TableName: TABLE_NAME, Item: { pk: { S: "kept" }, sk: { S: sk } } }));
  client.destroy();
}

async function has(endpoint: string, sk: string): Promise<boolean> {
  const client = new DynamoDBClient(connection(endpoint));
  const answer = await client.send(
    new GetItemCommand({ TableName: TABLE_NAME, Key: { pk: { S: "kept" }, sk: { S: sk } }, ConsistentRead: true }),
  );
  client.destroy();
  return answer.Item !== undefined;
}

/** The process group that the engine shares with its shell. */
function groupOf(pid: number): number {
  return Number(execFileSync("ps", ["-o", "pgid=", "-p", String(pid)], { encoding: "utf8" }));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function untilGone(group: number): Promise<void> {
  for (let waited = 0; isAlive(-group); waited += 10) {
    if (waited > 5000) throw new Error(`The process group ${group} is still there.`);
    await delay(10);
  }
}

describe("table", () => {
  it("has the indexes, the stream and the expiry of the definition, and is kept when it exists", async () => {
    const { endpoint } = await start();
    await ensureTable(endpoint, TABLE_NAME);
    await put(endpoint, "1");
    await ensureTable(endpoint, TABLE_NAME);

    const client = new DynamoDBClient(connection(endpoint));
    const { Table: table } = await client.send(new DescribeTableCommand({ TableName: TABLE_NAME }));
    const expiry = await client.send(new DescribeTimeToLiveCommand({ TableName: TABLE_NAME }));
    client.destroy();
    expect(table?.KeySchema).toEqual([
      { AttributeName: "pk", KeyType: "HASH" },
      { AttributeName: "sk", KeyType: "RANGE" },
    ]);
    const indexes = table?.GlobalSecondaryIndexes?.map((index) => [
      index.IndexName,
      index.Projection?.ProjectionType,
      ...(index.KeySchema ?? []).map((part) => part.AttributeName),
    ]);
    expect(indexes?.toSorted()).toEqual([
      ["byDue", "ALL", "byDuePk", "byDueSk"],
      ["byList", "ALL", "byListPk", "byListSk"],
      ["byWho", "ALL", "byWhoPk", "byWhoSk"],
    ]);
    expect(table?.StreamSpecification).toEqual({ StreamEnabled: true, StreamViewType: "NEW_IMAGE" });
    expect(expiry.TimeToLiveDescription).toEqual({ AttributeName: "expiresAtSeconds", TimeToLiveStatus: "ENABLED" });
    expect(await has(endpoint, "1")).toBe(true);
  });

  it("is made once when two ask at the same moment", async () => {
    const { endpoint } = await start();
    await Promise.all([ensureTable(endpoint, TABLE_NAME), ensureTable(endpoint, TABLE_NAME)]);
    await put(endpoint, "1");
    expect(await has(endpoint, "1")).toBe(true);
  });
});

describe("a table that cannot be used is told in one sentence", () => {
  it("exists in another shape", async () => {
    const { endpoint } = await start();
    const client = new DynamoDBClient(connection(endpoint));
    await client.send(
      new CreateTableCommand({
        TableName: TABLE_NAME,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
      }),
    );
    client.destroy();
    await expect(ensureTable(endpoint, TABLE_NAME)).rejects.toThrow(
      new Error(
        "The table program exists without byWho, byList, byDue, a stream of new images: delete it or choose another name.",
      ),
    );
  });

  it("nobody answers at the endpoint", async () => {
    const endpoint = `http://127.0.0.1:${await unusedPort()}`;
    await expect(ensureTable(endpoint, TABLE_NAME)).rejects.toThrow(
      new Error(`The table program at ${endpoint} cannot be used: connect ECONNREFUSED ${new URL(endpoint).host}.`),
    );
  });
});

describe("connection", () => {
  it("leaves region and credentials of somebody's own endpoint to the environment", () => {
    vi.stubEnv("TABLE_ENDPOINT", "http://127.0.0.1:8000");
    expect(connection("http://127.0.0.1:8000")).toEqual({ endpoint: "http://127.0.0.1:8000" });
    expect(connection("http://127.0.0.1:8001")).toEqual({ endpoint: "http://127.0.0.1:8001", ...LOCAL_CREDENTIALS });
    vi.unstubAllEnvs();
  });
});

describe("start and stop", () => {
  it("keeps the table in the folder across a restart", async () => {
    const first = await start({ dataDir: folder });
    await ensureTable(first.endpoint, TABLE_NAME);
    await put(first.endpoint, "1");
    await first.stop();

    const second = await start({ dataDir: folder });
    await ensureTable(second.endpoint, TABLE_NAME);
    expect(await has(second.endpoint, "1")).toBe(true);
  });

  it("listens on the chosen port and leaves no process after stop", async () => {
    const port = await unusedPort();
    const engine = await start({ port });
    expect(engine.endpoint).toBe(`http://127.0.0.1:${port}`);

    const group = groupOf(engine.pid);
    expect(isAlive(-group)).toBe(true);
    await engine.stop();
    await engine.stop();
    expect(isAlive(-group)).toBe(false);
  });

  it("ends with its parent when the parent is killed, and keeps what was acknowledged", async () => {
    const script = `
      const { startEngine, ensureTable } = await import(${JSON.stringify(new URL("../infra/local/engine.ts", import.meta.url))});
      const engine = await startEngine({ dataDir: ${JSON.stringify(folder)} });
      await ensureTable(engine.endpoint, ${JSON.stringify(TABLE_NAME)});
      console.log(JSON.stringify({ endpoint: engine.endpoint, pid: engine.pid }));`;
    const parent = spawn(process.execPath, ["--input-type=module", "--eval", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = await once(parent.stdout, "data");
    const { endpoint, pid } = JSON.parse(String(line));
    await put(endpoint, "1");
    const group = groupOf(pid);

    parent.kill("SIGKILL");
    await once(parent, "exit");
    await untilGone(group);

    const next = await start({ dataDir: folder });
    expect(await has(next.endpoint, "1")).toBe(true);
  });
});

describe("failures are told in one sentence", () => {
  it("busy port", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    await expect(start({ port })).rejects.toThrow(
      new Error(`Port ${port} on 127.0.0.1 is in use: choose another one.`),
    );
    server.close();
  });

  it("damaged database file, which is left as it is", async () => {
    const file = join(folder, "table.db");
    const damaged = "this was never a database ".repeat(400);
    writeFileSync(file, damaged);
    await expect(start({ dataDir: folder })).rejects.toThrow(
      new Error(
        `The database file ${file} cannot be used: it is damaged or no database (file is not a database); ` +
          "move it away or put back a copy.",
      ),
    );
    expect(readFileSync(file, "utf8")).toBe(damaged);
  });

  it("page overwritten inside the database file", async () => {
    const engine = await start({ dataDir: folder });
    await ensureTable(engine.endpoint, TABLE_NAME);
    await engine.stop();
    const file = join(folder, "table.db");
    const bytes = readFileSync(file);
    bytes.fill(0x5a, 4096, 4096 * 4);
    writeFileSync(file, bytes);
    await expect(start({ dataDir: folder })).rejects.toThrow(
      /^The database file .* cannot be used: it is damaged .*\.$/,
    );
  });

  it("data folder whose place a file takes", async () => {
    const place = join(folder, "data");
    writeFileSync(place, "");
    await expect(start({ dataDir: place })).rejects.toThrow(
      new Error(`The data folder ${place} cannot be written to: a file is in its place.`),
    );
  });

  it("data folder in use by another engine, free again after it", async () => {
    const first = await start({ dataDir: folder });
    await expect(start({ dataDir: folder })).rejects.toThrow(
      new Error(`The data folder ${folder} is in use by another running stack: stop that one first.`),
    );
    await first.stop();
    await start({ dataDir: folder });
  });

  it("engine killed while running", async () => {
    const engine = await start({ dataDir: folder });
    await ensureTable(engine.endpoint, TABLE_NAME);
    await put(engine.endpoint, "1");
    const group = groupOf(engine.pid);
    process.kill(engine.pid, "SIGKILL");
    await expect(engine.failed).rejects.toThrow(
      new Error("The database engine stopped unexpectedly (code 137): start again, what was acknowledged is kept."),
    );
    await untilGone(group);

    const next = await start({ dataDir: folder });
    expect(await has(next.endpoint, "1")).toBe(true);
  });
});

describe("stream index", () => {
  it("is there from the first start and answers the engine's own questions", async () => {
    await (await start({ dataDir: folder })).stop();
    const database = new DatabaseSync(join(folder, "table.db"));
    const plan = (sql: string): unknown => database.prepare(`EXPLAIN QUERY PLAN ${sql}`).get()?.["detail"];
    expect(
      plan("SELECT COALESCE(MAX(CAST(sequence_number AS INTEGER)), 0) + 1 FROM _stream_records WHERE table_name = ?1"),
    ).toBe("SEARCH _stream_records USING COVERING INDEX stream_by_number (table_name=?)");
    expect(
      plan(
        "SELECT new_image FROM _stream_records WHERE table_name = ?1 AND shard_id = ?2 " +
          "AND CAST(sequence_number AS INTEGER) > ?3 ORDER BY CAST(sequence_number AS INTEGER) ASC LIMIT ?4",
      ),
    ).toBe("SEARCH _stream_records USING INDEX stream_by_number (table_name=? AND <expr>>?)");
    database.close();
  });

  it("is left out of a file of another shape", () => {
    const file = join(folder, "other.db");
    const database = new DatabaseSync(file);
    database.exec("CREATE TABLE _stream_records (id INTEGER PRIMARY KEY, number INTEGER)");
    expect(prepareDatabaseFile(file)).toEqual({ indexed: false });
    expect(database.prepare("SELECT name FROM sqlite_master WHERE type = 'index'").all()).toEqual([]);
    database.close();
  });
});

async function unusedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}
