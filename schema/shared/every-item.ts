import type { Item } from "./keys.ts";
import type { Page, Position } from "./table.ts";

const PAGE = 100;
const MOST_PAGES = 100;

/** All items of a list that belongs to one person or thing. As many requests as it has pages; never without an end. */
export async function everyItem(ask: (page: { limit: number; after?: Position }) => Promise<Page>): Promise<Item[]> {
  const items: Item[] = [];
  let after: Position | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const page = await ask({ limit: PAGE, after });
    items.push(...page.items);
    after = page.next;
    if (!after) return items;
  }
  throw new RangeError(`A list has more than ${PAGE * MOST_PAGES} entries`);
}
