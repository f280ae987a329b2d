import type * as Timers from "node:timers/promises";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { refusal } from "../schema/shared/decision.ts";
import type { Item, Key } from "../schema/shared/keys.ts";
import { openTable, Refused, TableBusy } from "../schema/shared/table.ts";
import type { Table } from "../schema/shared/table.ts";
import { bumpUp, put, putNew } from "../schema/shared/write.ts";
import { startTable } from "./support/open-table.ts";

/** How long the code under test has paused, in milliseconds. */
const pauses = vi.hoisted((): number[] => []);
vi.mock("node:timers/promises", async (importOriginal) => {
  const original = await importOriginal<typeof Timers>();
  const setTimeout: typeof original.setTimeout = (milliseconds, ...rest) => {
    pauses.push(milliseconds ?? 0);
    return original.setTimeout(milliseconds, ...rest);
  };
  return { ...original, setTimeout };
});

const opened = await startTable(22);
const { table, direct, proxy } = opened;

let partitions = 0;
let pk = "";
beforeEach(() => {
  pk = `TEST#${++partitions}`;
  // Full jitter of nothing: repeats come at once.
  vi.spyOn(Math, "random").mockReturnValue(0);
});

const at = (sk: string): Key => ({ pk, sk });
const record = (sk: string, version = 0): Item & { version: number } => ({ pk, sk, entity: "PERSON", version });
const never = refusal("NEVER", "This is never told.");

/** "done", or why the table is busy; whatever else is thrown stays thrown. */
async function outcomeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => "done",
    (error: unknown) => {
      if (error instanceof TableBusy) return error.why;
      throw error;
    },
  );
}

/** Each way to ask the table, with the request it makes. */
const CALLS: Record<string, (of: Table) => Promise<unknown>> = {
  GetItem: (of) => of.get(at("1")),
  BatchGetItem: (of) => of.getMany([at("1"), at("2")]),
  Query: (of) => of.query({ partition: pk }),
  TransactWriteItems: (of) => of.commit([put(record("1"))]),
  UpdateItem: (of) => of.count(at("COUNTER")),
};

describe.each(Object.entries(CALLS))("%s", (operation, ask) => {
  test.each([
    "ProvisionedThroughputExceededException",
    "ThrottlingException",
    "RequestLimitExceeded",
    "TransactionInProgressException",
  ])("is repeated after %s four times, and given up after the fifth", async (errorName) => {
    proxy.inject(operation, { kind: "throttle", errorName, times: 5 });
    expect(await outcomeOf(ask(table))).toBe("UNAVAILABLE");
    expect(proxy.counts()).toEqual({ [operation]: 5 });
    expect((await direct.query({ partition: pk })).items).toEqual([]);
    proxy.reset();
    proxy.inject(operation, { kind: "throttle", errorName, times: 4 });
    expect(await outcomeOf(ask(table))).toBe("done");
    expect(proxy.counts()).toEqual({ [operation]: 5 });
  });

  test("is asked once more after an error of the server or a lost answer", async () => {
    for (const kind of ["serverError", "commitThenDrop"] as const) {
      proxy.inject(operation, { kind, times: 1 });
      expect(await outcomeOf(ask(table))).toBe("done");
      expect(proxy.counts()).toEqual({ [operation]: 2 });
      proxy.reset();
      pk = `${pk}#again`;
      proxy.inject(operation, { kind, times: 2 });
      expect(await outcomeOf(ask(table))).toBe("UNAVAILABLE");
      expect(proxy.counts()).toEqual({ [operation]: 2 });
      proxy.reset();
      pk = `${pk}#again`;
    }
  });

  test("fails at once where repeating would not help", async () => {
    proxy.inject(operation, { kind: "error", times: 1 });
    await expect(ask(table)).rejects.toMatchObject({ name: "ValidationException" });
    expect(proxy.counts()).toEqual({ [operation]: 1 });
  });

  test("does not wait longer than its patience for an answer that never comes", async () => {
    const requestMilliseconds = 300;
    const hasty = opened.open({ requestMilliseconds, budgetMilliseconds: 8_000 });
    proxy.inject(operation, { kind: "hang" });
    const outcome = outcomeOf(ask(hasty));
    const late = new Promise((resolve) => setTimeout(resolve, requestMilliseconds + 1_000, "too late"));
    expect(await Promise.race([outcome, late])).toBe("UNAVAILABLE");
    expect(proxy.counts()).toEqual({ [operation]: 2 });
    expect((await direct.query({ partition: pk })).items).toEqual([]);
  });

  test("is answered by the second request when the first one hangs", async () => {
    const hasty = opened.open({ requestMilliseconds: 300, budgetMilliseconds: 8_000 });
    proxy.inject(operation, { kind: "hang", times: 1 });
    expect(await outcomeOf(ask(hasty))).toBe("done");
    expect(proxy.counts()).toEqual({ [operation]: 2 });
  });

  test("is not repeated once the time for it is over", async () => {
    const impatient = opened.open({ requestMilliseconds: 3_000, budgetMilliseconds: 0 });
    proxy.inject(operation, { kind: "throttle" });
    expect(await outcomeOf(ask(impatient))).toBe("UNAVAILABLE");
    expect(proxy.counts()).toEqual({ [operation]: 1 });
  });

  test("says that the table does not answer when nobody is there", async () => {
    const nobody = openTable({ tableName: "program", endpoint: "http://127.0.0.1:1", now: () => 0 });
    expect(await outcomeOf(ask(nobody))).toBe("UNAVAILABLE");
  });
});

describe("a batch that is not read whole", () => {
  const keys = Array.from({ length: 100 }, (_, index) => String(index).padStart(3, "0"));
  const asked = () => proxy.requests().map(({ keys: count }) => count);

  test("is asked for what is left", async () => {
    await direct.commit(keys.map((sk) => put(record(sk))));
    proxy.inject("BatchGetItem", { kind: "unprocessed", times: 3 });
    const found = await table.getMany(keys.map(at));
    expect(found.map((item) => item?.sk)).toEqual(keys);
    expect(asked()).toEqual([100, 50, 25, 12]);
    expect(proxy.requests().every(({ consistent }) => consistent)).toBe(true);
  });

  test("is given up after five requests", async () => {
    await direct.commit(keys.map((sk) => put(record(sk))));
    proxy.inject("BatchGetItem", { kind: "unprocessed" });
    expect(await outcomeOf(table.getMany(keys.map(at)))).toBe("UNAVAILABLE");
    expect(asked()).toEqual([100, 50, 25, 12, 6]);
  });
});

describe("transactions in conflict", () => {
  test("are tried five times at most; then nothing was written", async () => {
    proxy.inject("TransactWriteItems", { kind: "conflict", times: 4 });
    expect(await outcomeOf(table.commit([put(record("4")), put(record("4b"))]))).toBe("done");
    expect(proxy.counts()).toEqual({ TransactWriteItems: 5 });
    proxy.reset();
    proxy.inject("TransactWriteItems", { kind: "conflict", times: 5 });
    expect(await outcomeOf(table.commit([put(record("5")), put(record("5b"))]))).toBe("CONFLICT_RETRY");
    expect(proxy.counts()).toEqual({ TransactWriteItems: 5 });
    proxy.reset();
    proxy.inject("TransactWriteItems", { kind: "conflict" });
    expect(await outcomeOf(table.commit([put(record("6")), put(record("6b"))]))).toBe("CONFLICT_RETRY");
    expect(proxy.counts()).toEqual({ TransactWriteItems: 5 });
    expect((await direct.query({ partition: pk })).items.map(({ sk }) => sk)).toEqual(["4", "4b"]);
  });

  test("half of the time: each is written once or not at all, in five tries at most", async () => {
    proxy.inject("TransactWriteItems", { kind: "conflict", probability: 0.5 });
    const written: string[] = [];
    const mostInARow: number[] = [];
    for (let number = 0; number < 100; number++) {
      const before = proxy.requests().length;
      const sk = String(number).padStart(3, "0");
      const outcome = await outcomeOf(
        table.commit([put(record(sk)), bumpUp(at("count"), "SEATS", "taken", 100, never)]),
      );
      const tries = proxy.requests().slice(before);
      expect(tries.map(({ fault }) => fault ?? "done")).toEqual([
        ...tries.slice(1).map(() => "conflict"),
        outcome === "done" ? "done" : "conflict",
      ]);
      expect(outcome === "done" ? tries.length <= 5 : tries.length === 5).toBe(true);
      mostInARow.push(tries.length);
      if (outcome === "done") written.push(sk);
    }
    expect(Math.max(...mostInARow)).toBe(5);
    expect(written.length).toBeLessThan(100);
    const found = (await direct.query({ partition: pk })).items;
    expect(found.map(({ sk }) => sk)).toEqual([...written, "count"]);
    expect(found.at(-1)?.["taken"]).toBe(written.length);
  });

  test("of a counter say so too", async () => {
    proxy.inject("UpdateItem", { kind: "conflict", times: 5 });
    expect(await outcomeOf(table.count(at("COUNTER")))).toBe("CONFLICT_RETRY");
    expect(await table.count(at("COUNTER"))).toBe(1);
    expect(proxy.counts()).toEqual({ UpdateItem: 6 });
  });

  test("wait up to twice as long each time, by chance from nothing up", async () => {
    vi.mocked(Math.random).mockReturnValue(0.01);
    pauses.length = 0;
    proxy.inject("TransactWriteItems", { kind: "conflict" });
    await outcomeOf(table.commit([put(record("1"))]));
    expect(pauses).toEqual([1, 2, 4, 8]);
  });
});

describe("answers that are lost after the work was done", () => {
  test("are asked for again with the same token: one write, and no refusal of our own", async () => {
    proxy.inject("TransactWriteItems", { kind: "commitThenDrop", times: 1 });
    const writes = [
      put(record("1")),
      putNew({ pk, sk: "claim", entity: "CLAIM" }, refusal("TAKEN", "Somebody has it.")),
      bumpUp(at("count"), "SEATS", "taken", 1, refusal("FULL", "None is left.")),
    ];
    await table.commit(writes);
    expect(proxy.requests()).toEqual([
      { operation: "TransactWriteItems", fault: "commitThenDrop" },
      { operation: "TransactWriteItems" },
    ]);
    expect((await direct.query({ partition: pk })).items).toEqual([
      { ...record("1"), version: 1 },
      { pk, sk: "claim", entity: "CLAIM" },
      { pk, sk: "count", entity: "SEATS", taken: 1 },
    ]);
    await expect(table.commit(writes.slice(1))).rejects.toEqual(
      new Refused([refusal("TAKEN", "Somebody has it."), refusal("FULL", "None is left.")]),
    );
  });

  test("a fifth of the time: everything is written exactly once, and no answer is wrong", async () => {
    proxy.inject("TransactWriteItems", { kind: "commitThenDrop", probability: 0.2 });
    const outcomes: string[] = [];
    for (let number = 0; number < 100; number++) {
      const writes = [put(record(String(number).padStart(3, "0"))), bumpUp(at("count"), "SEATS", "taken", 100, never)];
      outcomes.push(await outcomeOf(table.commit(writes)));
    }
    const found = (await direct.query({ partition: pk })).items;
    expect(found).toHaveLength(101);
    expect(found.at(-1)?.["taken"]).toBe(100);
    // Two in a row are lost now and then; whoever asked is told that nobody knows.
    const lost = proxy.requests().filter(({ fault }) => fault === "commitThenDrop").length;
    const open = outcomes.filter((outcome) => outcome === "UNAVAILABLE").length;
    expect(outcomes.filter((outcome) => outcome === "done")).toHaveLength(100 - open);
    expect(proxy.requests()).toHaveLength(100 - open + lost);
  });
});
