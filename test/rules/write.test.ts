import { describe, expect, test } from "vitest";
import { refusal } from "../../schema/shared/decision.ts";
import { key, toItem, type Item } from "../../schema/shared/keys.ts";
import { openTable } from "../../schema/shared/table.ts";
import {
  bumpDown,
  bumpUp,
  checkAtMost,
  checkLimits,
  checkVersion,
  drop,
  put,
  putNew,
  transactionItem,
  type Write,
} from "../../schema/shared/write.ts";

const at = (id: number | string) => ({ pk: key("TEST", id), sk: "TEST" });
const item = (id: number | string, attributes: object = {}): Item => toItem("EVENT", at(id), attributes);
const puts = (count: number) => Array.from({ length: count }, (_, index) => putNew(item(index)));
const taken = refusal("TAKEN", "Taken.");

/** An item of exactly so many bytes, as DynamoDB counts with one for each attribute and three for the whole. */
function itemOf(bytes: number, id: number | string = 1): Item {
  const bare = item(id, { text: "" });
  const sizeOfBare =
    3 + Object.entries(bare).reduce((sum, [name, value]) => sum + 1 + name.length + String(value).length, 0);
  return { ...bare, text: "x".repeat(bytes - sizeOfBare) };
}

describe("limits of a transaction", () => {
  test("at least one write", () => {
    expect(() => checkLimits([])).toThrow(new RangeError("A transaction needs at least one write"));
  });

  test("100 writes and not one more", () => {
    expect(() => checkLimits(puts(100))).not.toThrow();
    expect(() => checkLimits(puts(101))).toThrow(new RangeError("A transaction takes 100 writes, not 101"));
  });

  test("each key once, whatever is done with it", () => {
    const one: Write[] = [putNew(item(1)), drop(at(1)), checkVersion(at(1), 1), bumpDown(at(1), "SEATS", "taken")];
    for (const first of one) {
      for (const second of one) {
        expect(() => checkLimits([putNew(item(2)), first, second]), `${first.kind} ${second.kind}`).toThrow(
          new RangeError("A transaction takes each key once: TEST#1 TEST comes twice"),
        );
      }
    }
    expect(() =>
      checkLimits([drop({ pk: "A", sk: "B" }), drop({ pk: "A", sk: "C" }), drop({ pk: "D", sk: "B" })]),
    ).not.toThrow();
  });

  test("400 KB an item and not one byte more", () => {
    expect(() => checkLimits([putNew(itemOf(400 * 1024))])).not.toThrow();
    expect(() => checkLimits([putNew(itemOf(400 * 1024 + 1))])).toThrow(
      new RangeError("An item takes 400 KB: TEST#1 TEST has 409601 bytes"),
    );
  });

  test("4 MB in all and not one byte more", () => {
    const full = Array.from({ length: 10 }, (_, index) => putNew(itemOf(400 * 1024, index)));
    const left = 4 * 1024 * 1024 - 10 * 400 * 1024;
    expect(() => checkLimits([...full, putNew(itemOf(left, 10))])).not.toThrow();
    expect(() => checkLimits([...full, putNew(itemOf(left + 1, 10))])).toThrow(
      new RangeError("A transaction takes 4 MB, not 4194305 bytes"),
    );
  });

  test("texts are counted in UTF-8, numbers, lists and maps as they are stored", () => {
    const sizeOf = (value: unknown) => {
      const filled = item(1, { value, fill: "x".repeat(410_000) });
      try {
        checkLimits([putNew(filled)]);
      } catch (error) {
        return Number(/has (\d+) bytes/.exec((error as Error).message)![1]);
      }
      throw new Error("The item was taken");
    };
    const base = sizeOf("");
    for (const [value, bytes] of [
      ["a", 1],
      ["é", 2],
      ["山", 3],
      ["🎓", 4],
      [1, 21],
      [true, 1],
      [null, 1],
      [undefined, 0],
      [[], 3],
      [["a", "b"], 3 + 2 + 2],
      [{}, 3],
      [{ name: "a" }, 3 + 1 + 4 + 1],
      [{ list: [{ a: "b" }] }, 3 + 1 + 4 + (3 + 1 + (3 + 1 + 1 + 1))],
    ] as const) {
      expect(sizeOf(value) - base, JSON.stringify(value)).toBe(bytes);
    }
  });

  test("are refused before anything goes out", async () => {
    // Nobody listens there: a call would end in TableBusy.
    const table = openTable({ tableName: "none", endpoint: "http://127.0.0.1:9", now: () => 0 });
    await expect(table.commit([])).rejects.toThrow(RangeError);
    await expect(table.commit(puts(101))).rejects.toThrow("A transaction takes 100 writes, not 101");
    await expect(table.commit([putNew(item(1)), drop(at(1))])).rejects.toThrow("TEST#1 TEST comes twice");
    await expect(table.commit([putNew(itemOf(409_601))])).rejects.toThrow("An item takes 400 KB");
  });
});

describe("writes in DynamoDB's words", () => {
  const wordsOf = (write: Write) => transactionItem("Table", write);

  test("a new record must not be there, and gets version 1", () => {
    const record = { ...item(1), version: 0 };
    expect(wordsOf(put(record))).toEqual({
      Put: {
        TableName: "Table",
        Item: { ...record, version: 1 },
        ConditionExpression: "attribute_not_exists(#pk)",
        ExpressionAttributeNames: { "#pk": "pk" },
        ExpressionAttributeValues: undefined,
      },
    });
  });

  test("a record is put over the version that was loaded, one higher", () => {
    const record = { ...item(1), version: 7 };
    expect(wordsOf(put(record))).toEqual({
      Put: {
        TableName: "Table",
        Item: { ...record, version: 8 },
        ConditionExpression: "#v = :v",
        ExpressionAttributeNames: { "#v": "version" },
        ExpressionAttributeValues: { ":v": 7 },
      },
    });
    expect(record.version).toBe(7);
  });

  test("something written once must not be there, and says what it means when it is", () => {
    const write = putNew(item(1), taken);
    expect(write.condition?.refusal).toEqual(taken);
    expect(putNew(item(1)).condition?.refusal).toBeUndefined();
    expect(wordsOf(write)).toEqual({
      Put: {
        TableName: "Table",
        Item: item(1),
        ConditionExpression: "attribute_not_exists(#pk)",
        ExpressionAttributeNames: { "#pk": "pk" },
        ExpressionAttributeValues: undefined,
      },
    });
  });

  test("what is dropped must be there; what is held must be at its version", () => {
    expect(wordsOf(drop(item(1)))).toEqual({
      Delete: {
        TableName: "Table",
        Key: at(1),
        ConditionExpression: "attribute_exists(#pk)",
        ExpressionAttributeNames: { "#pk": "pk" },
        ExpressionAttributeValues: undefined,
      },
    });
    expect(wordsOf(checkVersion(at(1), 3))).toEqual({
      ConditionCheck: {
        TableName: "Table",
        Key: at(1),
        ConditionExpression: "#v = :v",
        ExpressionAttributeNames: { "#v": "version" },
        ExpressionAttributeValues: { ":v": 3 },
      },
    });
  });

  test("a counter goes up while it stays at or below its limit, and down while it is above zero", () => {
    expect(wordsOf(bumpUp(at(1), "SEATS", "taken", 20, taken))).toEqual({
      Update: {
        TableName: "Table",
        Key: at(1),
        UpdateExpression: "SET #entity = :entity ADD #c :by",
        ConditionExpression: "attribute_not_exists(#c) OR #c <= :most",
        ExpressionAttributeNames: { "#c": "taken", "#entity": "entity" },
        ExpressionAttributeValues: { ":most": 19, ":entity": "SEATS", ":by": 1 },
      },
    });
    expect(wordsOf(bumpDown(at(1), "SEATS", "taken"))).toEqual({
      Update: {
        TableName: "Table",
        Key: at(1),
        UpdateExpression: "SET #entity = :entity ADD #c :by",
        ConditionExpression: "#c >= :many",
        ExpressionAttributeNames: { "#c": "taken", "#entity": "entity" },
        ExpressionAttributeValues: { ":many": 1, ":entity": "SEATS", ":by": -1 },
      },
    });
    expect(wordsOf(bumpDown(at(1), "SEATS", "taken", 3))).toMatchObject({
      Update: { ExpressionAttributeValues: { ":many": 3, ":by": -3 } },
    });
  });

  test("a limit of nothing lets no counter begin", () => {
    const full = bumpUp(at(1), "SEATS", "taken", 0, taken);
    expect(full.condition).toEqual({
      expression: "#c <= :most",
      names: { "#c": "taken" },
      values: { ":most": -1 },
      refusal: taken,
    });
    expect(checkAtMost(at(1), "taken", 0, taken).condition?.expression).toBe("attribute_not_exists(#c) OR #c <= :most");
  });
});
