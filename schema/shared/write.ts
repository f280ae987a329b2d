import type { Refusal } from "./decision.ts";
import type { Item, Key } from "./keys.ts";

/** What must hold for a write, and the refusal it stands for; without one, failing means that a version was lost. */
export interface Condition {
  expression: string;
  names: Record<string, string>;
  values: Record<string, unknown>;
  refusal?: Refusal;
}

/** One part of a transaction. Made by the functions below only. */
export type Write = { key: Key; condition?: Condition } & (
  | { kind: "put"; item: Item }
  | { kind: "drop" }
  | { kind: "check"; condition: Condition }
  | { kind: "bump"; attribute: string; by: number; entity: string }
);

/**
 * Puts the whole next item of a record over the version that was loaded, 0 when there was none; the stored version becomes
 * one higher. Whoever lost the race reloads and decides again.
 */
export function put(item: Item & { version: number }): Write {
  const condition = item.version === 0 ? absent : atVersion(item.version);
  return { kind: "put", key: item, item: { ...item, version: item.version + 1 }, condition };
}

/** Puts an item that is written once. Without a refusal an existing one means: reload and decide again. */
export function putNew(item: Item, refusal?: Refusal): Write {
  return { kind: "put", key: item, item, condition: { ...absent, refusal } };
}

/**
 * Puts an item over one that must be there and has no version, because it is otherwise written once. What is put must not
 * depend on anything but the item itself: whoever else does the same at the same time writes the same.
 */
export function putOver(item: Item): Write {
  return { kind: "put", key: item, item, condition: present };
}

/** Puts an item whether or not it is there. What is put must not depend on anything but what is written along with it. */
export function putAnyhow(item: Item): Write {
  return { kind: "put", key: item, item };
}

/** Removes an item whether or not it is there. */
export function dropAnyhow(key: Key): Write {
  return { kind: "drop", key };
}

/** Puts an item over one that still has this value; when it has another one, reload and decide again. */
export function putInstead(item: Item, attribute: string, value: string): Write {
  return { kind: "put", key: item, item, condition: equal(attribute, value) };
}

/** Removes an item that still has this value; when it has another one, reload and decide again. */
export function dropIf(key: Key, attribute: string, value: string): Write {
  return { kind: "drop", key, condition: equal(attribute, value) };
}

/** Removes an item that must be there. */
export function drop(key: Key): Write {
  return { kind: "drop", key, condition: present };
}

/** Demands that an item is still at the version that was loaded, without writing it. */
export function checkVersion(key: Key, loadedVersion: number): Write {
  return { kind: "check", key, condition: atVersion(loadedVersion) };
}

/** Demands that there still is no such item, without writing one. */
export function checkNone(key: Key): Write {
  return { kind: "check", key, condition: absent };
}

/** Demands that a counter is at most a number; an item that is missing counts as zero. */
export function checkAtMost(key: Key, attribute: string, most: number, refusal: Refusal): Write {
  return { kind: "check", key, condition: { ...atMost(attribute, most), refusal } };
}

/** Adds to a counter that must stay at or below a limit afterwards. A missing counter starts at zero. */
export function bumpUp(key: Key, entity: Item["entity"], attribute: string, limit: number, refusal: Refusal): Write {
  return { kind: "bump", key, entity, attribute, by: 1, condition: { ...atMost(attribute, limit - 1), refusal } };
}

/** Takes one from a counter that must not fall below zero; that it would is a fault of ours, so it is not a refusal. */
export function bumpDown(key: Key, entity: Item["entity"], attribute: string, many = 1): Write {
  const condition = { expression: "#c >= :many", names: { "#c": attribute }, values: { ":many": many } };
  return { kind: "bump", key, entity, attribute, by: -many, condition };
}

/** Adds one to a counter without a limit. A missing counter starts at zero. */
export function countUp(key: Key, entity: Item["entity"], attribute: string): Write {
  return { kind: "bump", key, entity, attribute, by: 1 };
}

/**
 * Adds one to the version of a record that still has this value, or refuses. For what many do at once beside a record that
 * itself stays as it is: they do not come in each other's way, and whoever writes it whole notices every one of them.
 */
export function touch(
  key: Key,
  entity: Item["entity"],
  { attribute, value }: { attribute: string; value: string },
  refusal: Refusal,
): Write {
  return {
    kind: "bump",
    key,
    entity,
    attribute: "version",
    by: 1,
    condition: { ...equal(attribute, value), refusal },
  };
}

/** Starts a counter at one; that it exists means somebody was first: reload and decide again. */
export function countFirst(key: Key, entity: Item["entity"], attribute: string): Write {
  return { kind: "bump", key, entity, attribute, by: 1, condition: absent };
}

/** Takes one from a counter that must stay at or above a number afterwards. */
export function bumpDownTo(
  key: Key,
  entity: Item["entity"],
  attribute: string,
  least: number,
  refusal: Refusal,
): Write {
  const condition = { expression: "#c > :least", names: { "#c": attribute }, values: { ":least": least }, refusal };
  return { kind: "bump", key, entity, attribute, by: -1, condition };
}

const absent = { expression: "attribute_not_exists(#pk)", names: { "#pk": "pk" }, values: {} };
const present = { expression: "attribute_exists(#pk)", names: { "#pk": "pk" }, values: {} };

function equal(attribute: string, value: string): Condition {
  return { expression: "#a = :a", names: { "#a": attribute }, values: { ":a": value } };
}

function atVersion(version: number): Condition {
  return { expression: "#v = :v", names: { "#v": "version" }, values: { ":v": version } };
}

function atMost(attribute: string, most: number): Condition {
  const zeroIsEnough = most >= 0 ? "attribute_not_exists(#c) OR " : "";
  return { expression: `${zeroIsEnough}#c <= :most`, names: { "#c": attribute }, values: { ":most": most } };
}

/** A write in DynamoDB's words. */
export function transactionItem(TableName: string, write: Write): object {
  const { key, condition } = write;
  const guard = {
    TableName,
    ConditionExpression: condition?.expression,
    ExpressionAttributeNames: condition?.names,
    ExpressionAttributeValues: valuesOrNone(condition?.values),
  };
  const Key = { pk: key.pk, sk: key.sk };
  switch (write.kind) {
    case "put":
      return { Put: { ...guard, Item: write.item } };
    case "drop":
      return { Delete: { ...guard, Key } };
    case "check":
      return { ConditionCheck: { ...guard, Key } };
    case "bump":
      return {
        Update: {
          ...guard,
          Key,
          UpdateExpression: "SET #entity = :entity ADD #c :by",
          ExpressionAttributeNames: { ...condition?.names, "#c": write.attribute, "#entity": "entity" },
          ExpressionAttributeValues: { ...condition?.values, ":entity": write.entity, ":by": write.by },
        },
      };
  }
}

/** DynamoDB refuses an empty map of values. */
function valuesOrNone(values: Record<string, unknown> | undefined): Record<string, unknown> | undefined {
  return values && Object.keys(values).length > 0 ? values : undefined;
}

const MOST_WRITES = 100;
const MOST_BYTES = 4 * 1024 * 1024;
const MOST_ITEM_BYTES = 400 * 1024;

/** Refuses a transaction that DynamoDB would refuse, in words that name the item. Reaching a limit is a fault of ours. */
export function checkLimits(writes: readonly Write[]): void {
  if (writes.length === 0) throw new RangeError("A transaction needs at least one write");
  if (writes.length > MOST_WRITES)
    throw new RangeError(`A transaction takes ${MOST_WRITES} writes, not ${writes.length}`);
  const seen = new Set<string>();
  let bytes = 0;
  for (const write of writes) {
    const name = `${write.key.pk} ${write.key.sk}`;
    if (seen.has(name)) throw new RangeError(`A transaction takes each key once: ${name} comes twice`);
    seen.add(name);
    if (write.kind !== "put") continue;
    const itemBytes = sizeOf(write.item);
    if (itemBytes > MOST_ITEM_BYTES) throw new RangeError(`An item takes 400 KB: ${name} has ${itemBytes} bytes`);
    bytes += itemBytes;
  }
  if (bytes > MOST_BYTES) throw new RangeError(`A transaction takes 4 MB, not ${bytes} bytes`);
}

/** The size DynamoDB counts: names and values in UTF-8, up to 21 bytes a number, 3 a container and 1 an element. */
function sizeOf(value: unknown): number {
  if (typeof value === "string") return Buffer.byteLength(value);
  if (typeof value === "number") return 21;
  if (Array.isArray(value)) return 3 + value.reduce((sum: number, element) => sum + 1 + sizeOf(element), 0);
  if (value !== null && typeof value === "object") {
    return Object.entries(value).reduce((sum, [name, part]) => sum + 1 + Buffer.byteLength(name) + sizeOf(part), 3);
  }
  return value === undefined ? 0 : 1;
}
