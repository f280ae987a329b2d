import { ArgsType, Field, Int, ObjectType } from "type-graphql";
import { hashOf } from "./command.ts";
import { failure } from "./failure.ts";
import { TABLE, type IndexName, type Item } from "./keys.ts";
import type { Page, Position } from "./table.ts";

/** Where a page begins and how long it is. */
@ArgsType()
export class PageArgs {
  @Field(() => Int, {
    defaultValue: 25,
    description: "How many entries, from 1 to 100. The cost is this many times the fields of an entry.",
  })
  first!: number;

  @Field(() => String, {
    nullable: true,
    description: "The cursor of the entry before the first one wanted; a cursor fits the list it came from alone.",
  })
  after?: string | null;
}

/** Longest page. */
const MOST = 100;

/** Where a page ends and whether more follow. */
@ObjectType({ simpleResolvers: true, description: "Where a page ends and whether more entries follow." })
export class PageInfo {
  @Field(() => Boolean, { description: "Whether entries follow after this page." })
  hasNextPage!: boolean;

  @Field(() => String, { nullable: true, description: "Cursor of the last entry; null when the page is empty." })
  endCursor!: string | null;
}

/** One page of a list. */
export interface Connection<Entry> {
  edges: { cursor: string; node: Entry }[];
  nodes: Entry[];
  pageInfo: PageInfo;
}

/** Makes the connection and edge types of a kind of object. */
export function connectionType(name: string, entryType: () => object) {
  @ObjectType(`${name}Edge`, { simpleResolvers: true, description: `One ${name} of a page, with its cursor.` })
  class Edge {
    @Field(() => String, { description: "Pass it as `after` to go on behind this entry." })
    cursor!: string;

    @Field(entryType as () => Function, { description: "The entry itself." })
    node!: object;
  }

  @ObjectType(`${name}Connection`, { simpleResolvers: true, description: `A page of ${name} entries.` })
  class ConnectionType {
    @Field(() => [Edge], { description: "The entries with their cursors." })
    edges!: Edge[];

    @Field(() => [entryType()] as [Function], { description: "The entries alone." })
    nodes!: object[];

    @Field(() => PageInfo, { description: "Where the page ends and whether more follow." })
    pageInfo!: PageInfo;
  }
  return ConnectionType;
}

/**
 * One page of a list. The list's name and its arguments are bound into each cursor. A cursor holds a position and never a
 * partition to read from, so that a forged one can only skip within a list that its sender may read anyway. Items that are
 * not visible are passed over and leave no trace, not even in a cursor; where some are, the list is read on a hundred at a
 * time, so that somebody who sees few of many does not make a request for each.
 */
export async function pageOf<Entry>(
  { first, after }: PageArgs,
  list: { name: string; of: object; index?: IndexName },
  ask: (page: { limit: number; after?: Position }) => Promise<Page>,
  entryOf: (item: Item) => Entry,
  isVisible: (item: Item) => boolean = () => true,
): Promise<Connection<Entry>> {
  if (first < 1 || first > MOST) throw failure("BAD_PAGE_SIZE");
  const items: Item[] = [];
  let next = after == null ? undefined : positionIn(after, list);
  let isPassedOver = false;
  do {
    const page = await ask({ limit: isPassedOver ? MOST : first + 1 - items.length, after: next });
    const visible = page.items.filter(isVisible);
    items.push(...visible);
    next = page.next;
    isPassedOver = visible.length < page.items.length;
  } while (isPassedOver && items.length <= first && next !== undefined);
  const shown = items.slice(0, first);
  const last = shown.at(-1);
  const nodes = shown.map(entryOf);
  return {
    nodes,
    // Made when it is asked for: a cursor costs more than its entry, and most people only want the nodes.
    get edges() {
      return shown.map((item, index) => ({ cursor: cursorOf(item, list), node: nodes[index]! }));
    },
    pageInfo: {
      // A page of long entries ends early, at DynamoDB's 1 MB.
      hasNextPage: items.length > first || next !== undefined,
      endCursor: last ? cursorOf(last, list) : null,
    },
  };
}

function cursorOf(item: Item, list: { name: string; of: object; index?: IndexName }): string {
  const index = TABLE.indexes.find(({ name }) => name === list.index);
  const names = [TABLE.partitionKey, TABLE.sortKey, ...(index ? [index.partitionKey, index.sortKey] : [])];
  const position = Object.fromEntries(names.map((name) => [name, item[name]]));
  return Buffer.from(JSON.stringify([sealOf(position, list), position])).toString("base64url");
}

function positionIn(cursor: string, list: { name: string; of: object }): Position {
  try {
    const [seal, position] = JSON.parse(Buffer.from(cursor, "base64url").toString()) as [unknown, Position];
    if (seal === sealOf(position, list)) return position;
  } catch {
    // Not even our form: the same answer as one that was changed.
  }
  throw failure("BAD_CURSOR");
}

function sealOf(position: object, { name, of }: { name: string; of: object }): string {
  return hashOf({ name, of, position }).slice(0, 16);
}
