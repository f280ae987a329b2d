import { key, type Item } from "./keys.ts";
import type { Page, Position, Table } from "./table.ts";

/**
 * What concerns a person, of the kind whose index keys begin with a text, newest first; what concerns records that were
 * merged into theirs follows. One request, and one more for each such record that the page reaches.
 */
export async function listByWho(
  table: Table,
  personIds: readonly string[],
  beginsWith: string,
  { limit, after }: { limit: number; after?: Position },
): Promise<Page> {
  const partitions = personIds.map((id) => key("PERSON", id));
  const items: Item[] = [];
  // A position in a partition that is none of theirs begins anew: a cursor never chooses what is read.
  let place = Math.max(0, partitions.indexOf(after?.["byWhoPk"] ?? ""));
  let next = partitions[place] === after?.["byWhoPk"] ? after : undefined;
  for (; place < partitions.length; place++, next = undefined) {
    const page = await table.query({
      index: "byWho",
      partition: partitions[place]!,
      sort: { beginsWith },
      descending: true,
      limit: limit - items.length,
      after: next,
    });
    items.push(...page.items);
    if (page.next || items.length === limit) return { items, next: page.next };
  }
  return { items };
}
