import type { Item, Key } from "./keys.ts";
import type { Page, Position, Table } from "./table.ts";

/**
 * What the pointers of a list lead to, as it is now, the latest pointer first. Two requests; a page's positions are those of the
 * list, so that it goes on from there.
 */
export async function listPointed(
  table: Table,
  {
    partition,
    target,
    ...page
  }: { partition: string; target: (pointer: Item) => Key; limit: number; after?: Position },
): Promise<Page> {
  const { items: pointers, next } = await table.query({ partition, descending: true, ...page });
  const found = await table.getMany(pointers.map(target));
  const items = pointers.flatMap(({ pk, sk }, position) => {
    const item = found[position];
    return item ? [{ ...item, pk, sk }] : [];
  });
  return { items, next };
}
