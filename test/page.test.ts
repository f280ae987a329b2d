import "reflect-metadata";
import { expect, test } from "vitest";
import type { Item } from "../schema/shared/keys.ts";
import { pageOf } from "../schema/shared/page.ts";

const ITEMS: Item[] = ["a", "b", "c", "d", "e"].map((sk) => ({ pk: "LIST", sk, entity: "COUNTER" }));
const LIST = { name: "letters", of: { pk: "LIST" } };

/** The page of letters, read as the table would answer. */
function letters(first: number, after?: string | null) {
  return pageOf(
    { first, after },
    LIST,
    async ({ limit, after: position }) => ({
      items: ITEMS.filter(({ sk }) => position === undefined || sk > position["sk"]!).slice(0, limit),
    }),
    ({ sk }) => sk,
  );
}

test("each edge holds the entry of its place, and its cursor leads to the page right behind it", async () => {
  const { nodes, edges, pageInfo } = await letters(4);
  expect(nodes).toEqual(["a", "b", "c", "d"]);
  expect(edges.map(({ node }) => node)).toEqual(nodes);
  expect(pageInfo).toEqual({ hasNextPage: true, endCursor: edges[3]!.cursor });
  for (const [index, { cursor }] of edges.entries()) {
    const behind = ["b", "c", "d", "e"].slice(index);
    expect((await letters(4, cursor)).nodes).toEqual(behind);
  }
});

test("a page without entries has no cursor", async () => {
  const { edges } = await letters(5);
  const { nodes, pageInfo, ...empty } = await letters(5, edges[4]!.cursor);
  expect({ nodes, pageInfo, edges: empty.edges }).toEqual({
    nodes: [],
    pageInfo: { hasNextPage: false, endCursor: null },
    edges: [],
  });
});
