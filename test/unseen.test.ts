import { afterAll, expect, test } from "vitest";
import { requestOf } from "./access/asking.ts";
import { OPERATIONS, VIEWERS, type Row, type Viewer } from "./access/table.ts";
import { makeWorld } from "./access/world.ts";
import { globalId, parseGlobalId } from "../schema/shared/id.ts";
import { startFaultProxy, type FaultProxy } from "./support/fault-proxy.ts";
import { startProgram } from "./support/program.ts";
import { IN_WINDOW } from "./support/steps.ts";

let proxy!: FaultProxy;
const program = await startProgram({
  at: IN_WINDOW,
  beforeTable: async (endpoint) => {
    proxy = await startFaultProxy(endpoint, 29);
    return proxy.endpoint;
  },
});
afterAll(() => proxy.stop());
const world = await makeWorld(program);
// From here on nothing else asks the table while requests are counted.
await program.stream.stop();

/** What the table is asked for, in order; `isMissing` asks for something of the same kind that is not there. */
async function askedFor(row: Row, viewer: Viewer, isMissing: boolean): Promise<string[]> {
  const asked = requestOf(world, row, viewer, "userErrors { code }");
  const { variables } = asked;
  const query = isMissing
    ? asked.query.replace(/"([A-Za-z0-9_-]{20,})"/, (_, id: string) => missingLike(id))
    : asked.query;
  proxy.reset();
  await program.send(world.callers[viewer], query, variables);
  return proxy.requests().map(({ operation, indexName = "", keys = 1 }) => `${operation} ${indexName} ${keys}`);
}

/** An id of nothing, of the kind of another; written into the document, as `node` is asked. */
function missingLike(id: string): string {
  return JSON.stringify(globalId(parseGlobalId(id)!.kind, "app_00000000000000000000000000"));
}

/** Whether the viewer reads the answer of nothing about something that they do not see as a node either. */
function isUnseen({ verdicts, target }: Row, viewer: Viewer): boolean {
  const node = OPERATIONS.find((row) => row.subject === "Query.node" && row.target === target);
  const isNothing = verdicts[viewer] === "NOT_FOUND" || verdicts[viewer] === "hidden";
  return isNothing && node?.verdicts[viewer] !== "shown";
}
const unseen = OPERATIONS.flatMap((row) => {
  const missing = OPERATIONS.find(({ subject, target }) => subject === row.subject && target === "missing");
  if (!missing || row === missing || ["wrong-kind", "malformed"].includes(row.target)) return [];
  return [{ row, missing, viewers: VIEWERS.filter((viewer) => isUnseen(row, viewer)) }];
}).filter(({ viewers }) => viewers.length > 0);

test.each(unseen.map((one) => ({ ...one, name: `${one.row.subject} ${one.row.target}` })))(
  "$name takes as many requests as if it were not there",
  async ({ row, missing, viewers }) => {
    for (const viewer of viewers) {
      const isNode = row.subject.startsWith("Query.node");
      expect({ viewer, asked: await askedFor(row, viewer, false) }).toEqual({
        viewer,
        asked: await askedFor(isNode ? row : missing, viewer, isNode),
      });
    }
  },
);

test("what is unseen was asked for in every operation that tells it from nothing", () => {
  expect(new Set(unseen.map(({ row }) => row.subject)).size).toBe(80);
});
