import "reflect-metadata";
import { describe, expect, test } from "vitest";
import { loadPrepared, writeReleased } from "../schema/decision/decision.table.ts";
import type { Decision } from "../schema/decision/decision.ts";
import { refusal } from "../schema/shared/decision.ts";
import { dueAt, dueShard, key } from "../schema/shared/keys.ts";
import type { Item, Key } from "../schema/shared/keys.ts";
import { pageOf } from "../schema/shared/page.ts";
import { LostVersion, Refused } from "../schema/shared/table.ts";
import type { Page, Position } from "../schema/shared/table.ts";
import { bumpDown, bumpUp, checkAtMost, checkVersion, drop, put, putNew } from "../schema/shared/write.ts";
import type { Write } from "../schema/shared/write.ts";
import { startTable } from "./support/open-table.ts";

const opened = await startTable(21);
const { table, proxy } = opened;

let partitions = 0;
/** A partition of its own for each test. */
const partition = () => `TEST#${++partitions}`;

const at = (pk: string, sk: string): Key => ({ pk, sk });

function record(pk: string, sk: string, attributes: object = {}): Item & { version: number } {
  return { pk, sk, entity: "PERSON", version: 0, ...attributes };
}

/** Writes items one by one, past any fault. */
async function given(...items: (Item & { version: number })[]): Promise<void> {
  for (const item of items) await opened.direct.commit([put(item)]);
}

async function outcomeOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => "written",
    (error: unknown) => (error instanceof Refused ? error.refusals.map(({ code }) => code) : error),
  );
}

const refused = (code: string) => refusal(code, `Because of ${code}.`);

describe("reading by key", () => {
  test("an item comes back whole, a missing one is undefined, each with one consistent request", async () => {
    const pk = partition();
    await given(record(pk, "1", { name: "Ünïcode 🎓", list: [1, { deep: null }], yes: true, none: null }));
    expect(await table.get(at(pk, "1"))).toEqual({
      ...record(pk, "1", { name: "Ünïcode 🎓", list: [1, { deep: null }], yes: true, none: null }),
      version: 1,
    });
    expect(await table.get(at(pk, "2"))).toBeUndefined();
    expect(proxy.requests()).toEqual([
      { operation: "GetItem", consistent: true },
      { operation: "GetItem", consistent: true },
    ]);
  });

  test("an expired item counts as gone from its very second on, wherever it is read", async () => {
    const pk = partition();
    const seconds = opened.now / 1000;
    await given(
      record(pk, "gone", { expiresAtSeconds: seconds }),
      record(pk, "here", { expiresAtSeconds: seconds + 1 }),
    );
    const read = async () => {
      const many = await table.getMany([at(pk, "gone"), at(pk, "here")]);
      const { items } = await table.query({ partition: pk });
      const found = [await table.get(at(pk, "gone")), await table.get(at(pk, "here"))];
      return [found, many, items].map((list) => list.map((item) => item?.sk));
    };
    expect(await read()).toEqual([[undefined, "here"], [undefined, "here"], ["here"]]);
    opened.now += 1000;
    expect(await read()).toEqual([[undefined, undefined], [undefined, undefined], []]);
  });

  test("many come in the order of their keys, 100 a request, each key asked for once", async () => {
    const pk = partition();
    const names = Array.from({ length: 250 }, (_, index) => String(index).padStart(3, "0"));
    for (let start = 0; start < names.length; start += 100) {
      await opened.direct.commit(names.slice(start, start + 100).map((sk) => put(record(pk, sk))));
    }
    const keys = [...names, "000", "missing", "249"].map((sk) => at(pk, sk));
    const found = await table.getMany(keys);
    expect(found.map((item) => item?.sk)).toEqual([...names, "000", undefined, "249"]);
    expect(proxy.requests().map(({ operation, keys: asked, consistent }) => [operation, asked, consistent])).toEqual([
      ["BatchGetItem", 100, true],
      ["BatchGetItem", 100, true],
      ["BatchGetItem", 51, true],
    ]);
    proxy.reset();
    expect(await table.getMany([])).toEqual([]);
    expect(proxy.requests()).toEqual([]);
  });
});

describe("pages", () => {
  /** All pages of a question, as the sort keys on each. */
  async function pages(question: Parameters<typeof table.query>[0]): Promise<string[][]> {
    const found: string[][] = [];
    let after: Position | undefined;
    do {
      const page: Page = await table.query({ ...question, after });
      found.push(page.items.map(({ sk }) => sk));
      after = page.next;
    } while (after);
    return found;
  }

  test("go forwards and backwards through a partition and through an index", async () => {
    const pk = partition();
    const list = `LIST#${pk}`;
    // In the index the order is another one than in the partition.
    const items = ["a1", "a2", "b1", "b2", "c1"].map((sk, index) =>
      record(pk, sk, { byListPk: list, byListSk: String(9 - index) }),
    );
    await given(...items, record(pk, "unlisted"));
    const whole = { partition: pk, limit: 2 };
    expect(await pages(whole)).toEqual([["a1", "a2"], ["b1", "b2"], ["c1", "unlisted"], []]);
    expect(await pages({ ...whole, descending: true })).toEqual([["unlisted", "c1"], ["b2", "b1"], ["a2", "a1"], []]);
    const listed = { index: "byList", partition: list, limit: 2 } as const;
    expect(await pages(listed)).toEqual([["c1", "b2"], ["b1", "a2"], ["a1"]]);
    expect(await pages({ ...listed, descending: true })).toEqual([["a1", "a2"], ["b1", "b2"], ["c1"]]);
    expect(await pages({ partition: pk, sort: { beginsWith: "b" } })).toEqual([["b1", "b2"]]);
    expect(await pages({ partition: pk, sort: { upTo: "b1" }, descending: true })).toEqual([["b1", "a2", "a1"]]);
    expect(await pages({ index: "byList", partition: list, sort: { upTo: "6" } })).toEqual([["c1", "b2"]]);
  });

  test("of the table are consistent, of an index cannot be", async () => {
    await table.query({ partition: "NOBODY" });
    await table.query({ index: "byWho", partition: "NOBODY" });
    expect(proxy.requests()).toEqual([
      { operation: "Query", consistent: true },
      { operation: "Query", indexName: "byWho" },
    ]);
  });

  test("what is due is found up to an instant, in its shard", async () => {
    const pk = partition();
    const [early, late] = ["2027-01-01T00:00:00.000Z", "2027-01-01T00:00:00.001Z"];
    const shard = dueAt(early, "one").byDuePk!;
    await given(record(pk, "early", dueAt(early, "one")), record(pk, "late", dueAt(late, "one")));
    await given(record(pk, "never", dueAt(null, "one")));
    const question = { index: "byDue", partition: shard, sort: { upTo: key(early, "\uffff") } } as const;
    expect(await pages(question)).toEqual([["early"]]);
    expect([0, 1, 2, 3].map(dueShard)).toContain(shard);
  });

  test("of long entries end early, and a list still says that more follow", async () => {
    const pk = partition();
    const long = "x".repeat(100_000);
    await given(...Array.from({ length: 15 }, (_, index) => record(pk, String(index + 10), { long })));
    const list = { name: "long", of: { pk } };
    const ask = (page: { limit: number; after?: Position }) => table.query({ partition: pk, ...page });
    const first = await pageOf({ first: 14 }, list, ask, ({ sk }) => sk);
    expect(first.nodes).toEqual(["10", "11", "12", "13", "14", "15", "16", "17", "18", "19"]);
    expect(first.pageInfo.hasNextPage).toBe(true);
    const rest = await pageOf({ first: 14, after: first.pageInfo.endCursor }, list, ask, ({ sk }) => sk);
    expect(rest.nodes).toEqual(["20", "21", "22", "23", "24"]);
    expect(rest.pageInfo.hasNextPage).toBe(false);
  });

  test("all prepared decisions are found, however long their rationales", async () => {
    const decisions = Array.from({ length: 100 }, (_, index): Decision => {
      const id = `app_long-${String(index).padStart(3, "0")}`;
      const times = { preparedAt: "2027-01-01T00:00:00.000Z", releasedAt: null };
      const of = { cohortId: "coh_long", kind: "MENTOR", personId: "per_1", preparedBy: "per_2" } as const;
      const motion = { outcome: "ACCEPT", rank: null, rationale: "理".repeat(4_000), vote: null } as const;
      return { id, version: 0, state: "PREPARED", holdsSeat: false, told: null, ...of, ...motion, ...times };
    });
    for (let start = 0; start < 100; start += 50) {
      await opened.direct.commit(decisions.slice(start, start + 50).flatMap((each) => writeReleased(each, undefined)));
    }
    const found = await loadPrepared(table, "coh_long", "MENTOR");
    expect(found.map(({ id }) => id)).toEqual(decisions.map(({ id }) => id));
    expect(proxy.counts()).toEqual({ Query: 2, BatchGetItem: 1 });
  });
});

describe("writing", () => {
  test("every kind of write in one transaction and one request", async () => {
    const pk = partition();
    await given(record(pk, "changed", { before: 1 }), record(pk, "dropped"), record(pk, "held"));
    await table.commit([
      put(record(pk, "new", { made: true })),
      put(record(pk, "changed", { version: 1, after: 2 })),
      putNew({ pk, sk: "claim", entity: "CLAIM", of: "new" }),
      drop(at(pk, "dropped")),
      checkVersion(at(pk, "held"), 1),
      checkAtMost(at(pk, "nothing counted"), "taken", 0, refused("NEVER")),
      bumpUp(at(pk, "counter"), "SEATS", "taken", 1, refused("FULL")),
    ]);
    expect(proxy.counts()).toEqual({ TransactWriteItems: 1 });
    expect((await table.query({ partition: pk })).items).toEqual([
      { ...record(pk, "changed"), version: 2, after: 2 },
      { pk, sk: "claim", entity: "CLAIM", of: "new" },
      { pk, sk: "counter", entity: "SEATS", taken: 1 },
      { ...record(pk, "held"), version: 1 },
      { ...record(pk, "new", { made: true }), version: 1 },
    ]);
    await table.commit([bumpDown(at(pk, "counter"), "SEATS", "taken")]);
    expect(await table.get(at(pk, "counter"))).toEqual({ pk, sk: "counter", entity: "SEATS", taken: 0 });
  });

  test("undefined is left out, an object of a class is kept by its fields", async () => {
    class Input {
      name = "A name";
      absent = undefined;
    }
    const pk = partition();
    await table.commit([put(record(pk, "1", { input: new Input(), absent: undefined, none: null }))]);
    expect(await table.get(at(pk, "1"))).toStrictEqual({
      ...record(pk, "1"),
      version: 1,
      input: { name: "A name" },
      none: null,
    });
  });

  /** Each write that cannot be, and what it means. */
  const IMPOSSIBLE: Record<string, { write: (pk: string) => Write; means: string[] | "lost" }> = {
    "a first version of what exists": { write: (pk) => put(record(pk, "there")), means: "lost" },
    "an older version": { write: (pk) => put(record(pk, "there", { version: 1 })), means: "lost" },
    "a version that is not there yet": { write: (pk) => put(record(pk, "there", { version: 3 })), means: "lost" },
    "a version of what is missing": { write: (pk) => put(record(pk, "missing", { version: 1 })), means: "lost" },
    "a claim that is taken": { write: (pk) => putNew(record(pk, "there")), means: "lost" },
    "a claim with its refusal": { write: (pk) => putNew(record(pk, "there"), refused("TAKEN")), means: ["TAKEN"] },
    "dropping what is missing": { write: (pk) => drop(at(pk, "missing")), means: "lost" },
    "holding an older version": { write: (pk) => checkVersion(at(pk, "there"), 1), means: "lost" },
    "holding what is missing": { write: (pk) => checkVersion(at(pk, "missing"), 1), means: "lost" },
    "a count that is too high": {
      write: (pk) => checkAtMost(at(pk, "there"), "taken", 4, refused("MORE")),
      means: ["MORE"],
    },
    "one more than the limit": {
      write: (pk) => bumpUp(at(pk, "there"), "SEATS", "taken", 5, refused("FULL")),
      means: ["FULL"],
    },
    "the first of none": {
      write: (pk) => bumpUp(at(pk, "missing"), "SEATS", "taken", 0, refused("FULL")),
      means: ["FULL"],
    },
    "one less than nothing": { write: (pk) => bumpDown(at(pk, "missing"), "SEATS", "taken"), means: "lost" },
  };

  test.each(Object.entries(IMPOSSIBLE))("%s is not written, nor anything beside it", async (_, { write, means }) => {
    const pk = partition();
    await given(record(pk, "there", { taken: 5 }), record(pk, "there", { taken: 5, version: 1 }));
    proxy.reset();
    const outcome = await outcomeOf(table.commit([put(record(pk, "beside")), write(pk)]));
    if (means === "lost") expect(outcome).toBeInstanceOf(LostVersion);
    else expect(outcome).toEqual(means);
    expect(proxy.counts()).toEqual({ TransactWriteItems: 1 });
    const { items } = await opened.direct.query({ partition: pk });
    expect(items).toEqual([{ ...record(pk, "there", { taken: 5 }), version: 2 }]);
  });

  test("several refusals come back at once, in the order of the writes", async () => {
    const pk = partition();
    await given(record(pk, "there", { taken: 5 }));
    const writes = [
      checkAtMost(at(pk, "there"), "taken", 4, refused("FIRST")),
      put(record(pk, "fine")),
      putNew(record(pk, "missing"), refused("NOT THIS")),
      bumpUp(at(pk, "none"), "SEATS", "taken", 0, refused("SECOND")),
    ];
    expect(await outcomeOf(table.commit(writes))).toEqual(["FIRST", "SECOND"]);
  });

  test("a lost version comes before any refusal", async () => {
    const pk = partition();
    await given(record(pk, "there", { taken: 5 }), record(pk, "other"));
    const full = bumpUp(at(pk, "there"), "SEATS", "taken", 5, refused("FULL"));
    const older = put(record(pk, "other"));
    expect(await outcomeOf(table.commit([full, older]))).toBeInstanceOf(LostVersion);
    expect(await outcomeOf(table.commit([older, full]))).toBeInstanceOf(LostVersion);
    expect(await outcomeOf(table.commit([full]))).toEqual(["FULL"]);
  });

  test("what DynamoDB would refuse is refused before the call, in words that name the item", async () => {
    const pk = partition();
    const many = (count: number) => Array.from({ length: count }, (_, index) => put(record(pk, String(index))));
    const text = (bytes: number) => ({ text: "x".repeat(bytes) });
    const refusals = [
      [[], "A transaction needs at least one write"],
      [many(101), "A transaction takes 100 writes, not 101"],
      [[put(record(pk, "1")), drop(at(pk, "1"))], `A transaction takes each key once: ${pk} 1 comes twice`],
      [[put(record(pk, "1", text(409_600)))], /^An item takes 400 KB: TEST#\d+ 1 has 409\d{3} bytes$/],
      [
        many(11).map(({ key: of }) => put(record(of.pk, of.sk, text(400_000)))),
        /^A transaction takes 4 MB, not 44\d{5} bytes$/,
      ],
    ] as const;
    for (const [writes, message] of refusals) {
      await expect(table.commit(writes)).rejects.toThrow(message);
      await expect(table.commit(writes)).rejects.toBeInstanceOf(RangeError);
    }
    expect(proxy.requests()).toEqual([]);
    await table.commit(many(100));
    expect(proxy.counts()).toEqual({ TransactWriteItems: 1 });
  });

  test("the largest item that is let through is taken, one letter more is refused here", async () => {
    const pk = partition();
    const sized = (letters: number) => table.commit([put(record(pk, "1", { text: "é".repeat(letters) }))]);
    const tooLarge: unknown = await sized(204_790).catch((error: unknown) => error);
    const bytes = Number(/has (\d+) bytes/.exec(String(tooLarge))?.[1]);
    const most = 204_790 - Math.ceil((bytes - 409_600) / 2);
    await expect(sized(most + 1)).rejects.toThrow("An item takes 400 KB");
    await sized(most);
    expect((await table.get(at(pk, "1")))?.["text"]).toHaveLength(most);
  });
});

test("a counter gives each number once, however many ask", async () => {
  const counter = at(partition(), "COUNTER");
  const numbers = await Promise.all(Array.from({ length: 20 }, () => table.count(counter)));
  expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  expect(await table.get(counter)).toEqual({ ...counter, entity: "COUNTER", counted: 20 });
  expect(proxy.counts()).toEqual({ UpdateItem: 20, GetItem: 1 });
});
