/**
 * The shape of the one table: its key, its three sparse indexes and its expiry attribute. The cloud stack and the
 * laptop stack both create the table from this, so that it is written once.
 */
export const TABLE = {
  partitionKey: "pk",
  sortKey: "sk",
  /** Epoch seconds after which an item counts as gone. DynamoDB deletes it some time later, so readers check it too. */
  timeToLive: "expiresAtSeconds",
  indexes: [
    { name: "byWho", partitionKey: "byWhoPk", sortKey: "byWhoSk" },
    { name: "byList", partitionKey: "byListPk", sortKey: "byListSk" },
    { name: "byDue", partitionKey: "byDuePk", sortKey: "byDueSk" },
  ],
} as const;

/** An index, named by the question it answers: what concerns this person, what is on this list, what is due. */
export type IndexName = (typeof TABLE.indexes)[number]["name"];

/**
 * Where the content of files is kept, by the beginning of its name: uploads wait for their check in one place, and what was
 * checked is kept in another, so that whatever stays in the first can be thrown away.
 */
export const FILE_PREFIXES = { uploads: "uploads/", kept: "kept/" } as const;

/** Days after which what is still in the place of the uploads is thrown away, whatever became of it. */
export const UPLOAD_DAYS = 2;

/** The address of one item. */
export interface Key {
  pk: string;
  sk: string;
}

/** The kinds of item. The stream's filters and the due handler tell items apart by it. */
export type Entity =
  | "PERSON"
  | "CLAIM"
  | "COHORT"
  | "LATE_CODE"
  | "SEATS"
  | "COUNTER"
  | "APPLICATION"
  | "DECISION"
  | "OFFER"
  | "OPENING"
  | "JOINT"
  | "JOINT_SIDE"
  | "SLATE"
  | "MOTION"
  | "BALLOT"
  | "REVERSAL"
  | "REVIEW"
  | "RELEASE"
  | "CERTIFICATE"
  | "EVENT"
  | "MESSAGE"
  | "LANE"
  | "MAILED"
  | "MAIL_KIND"
  | "UNREACHABLE"
  | "SERVICE_TOKEN"
  | "RATE"
  | "FILE"
  | "LINK"
  | "LINKS"
  | "NOMINATION"
  | "OFFERED"
  | "ERASURE"
  | "MENTOR"
  | "PLACES"
  | "TEAM"
  | "PROPOSAL"
  | "CONFIRMATION"
  | "IDEMPOTENCY";

/** Index attributes of an item; an absent one keeps the item out of that index. */
export interface IndexKeys {
  byWhoPk?: string;
  byWhoSk?: string;
  byListPk?: string;
  byListSk?: string;
  byDuePk?: string;
  byDueSk?: string;
}

/** An item as it is stored: its keys, its kind, and the record's own attributes. */
export interface Item extends Key, IndexKeys {
  entity: Entity;
  /** Grows by one with every whole-item write; absent on items that are written once. */
  version?: number;
  /** Epoch seconds; from then on the item counts as gone. */
  expiresAtSeconds?: number;
  [attribute: string]: unknown;
}

/** Joins the parts of a key. Parts must not contain the separator: ids, codes and instants never do. */
export function key(...parts: readonly (string | number)[]): string {
  return parts.join("#");
}

/** A record as an item: its own attributes beside keys and kind. Index attributes are made anew with every write. */
export function toItem<Record extends object>(
  entity: Entity,
  at: Key,
  record: Record,
  index: IndexKeys = {},
): Record & Item {
  return { ...record, ...index, ...at, entity };
}

const STORAGE = new Set<string>([
  TABLE.partitionKey,
  TABLE.sortKey,
  "entity",
  ...TABLE.indexes.flatMap(({ partitionKey, sortKey }) => [partitionKey, sortKey]),
]);

/** The record of an item, without what storage added. The caller knows the kind from the key it asked for. */
export function recordOf<Record>(item: Item): Record;
export function recordOf<Record>(item: Item | undefined): Record | undefined;
export function recordOf(item: Item | undefined): unknown {
  return item && Object.fromEntries(Object.entries(item).filter(([name]) => !STORAGE.has(name)));
}

/** Number of partitions that due items are spread over, so that no single one is written by everybody. */
export const DUE_SHARDS = 4;

/** Index attributes of an item that is due at an instant: a partition by the hash of its name, sorted by time. */
export function dueAt(instant: string | null, name: string): IndexKeys {
  if (instant === null) return {};
  return { byDuePk: dueShard(shardOf(name)), byDueSk: key(instant, name) };
}

/** The partition of one shard of the due items. */
export function dueShard(shard: number): string {
  return key("DUE", shard);
}

function shardOf(name: string): number {
  let hash = 0;
  for (const character of name) hash = (hash * 31 + character.codePointAt(0)!) % 1_000_003;
  return hash % DUE_SHARDS;
}
