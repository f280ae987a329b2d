import { describe, expect, test } from "vitest";
import { freshRequestOf, verdictOf } from "./access/asking.ts";
import { startSession } from "./access/session.ts";
import { OPERATIONS, VIEWERS } from "./access/table.ts";

const allowed = OPERATIONS.filter(({ verdicts }) => Object.values(verdicts).includes("done"));
let cells = 0;
const named = allowed.map((row) => ({ row, name: `${row.subject} ${row.target}` }));

// Each part has a program of its own: writes take longer the more of them a laptop's table has seen.
describe.each([0, 1, 2])("an operation that is allowed is carried out, part %i", async (part) => {
  const { world, leaks, ask, done } = await startSession();

  test.each(named.filter((_row, index) => index % 3 === part))("$name", async ({ row }) => {
    const wrong: string[] = [];
    for (const viewer of VIEWERS.filter((one) => row.verdicts[one] === "done")) {
      cells++;
      const request = await freshRequestOf(world, row, viewer);
      const before = await done();
      const answer = await ask(viewer, request);
      const verdict = verdictOf(answer, request);
      if (verdict !== "done") wrong.push(`${viewer}: ${verdict} ${JSON.stringify(answer)}`);
      else if ((await done()).written === before.written) wrong.push(`${viewer}: nothing was written`);
    }
    expect(wrong).toEqual([]);
  });

  test("nobody reads what is not for them", () => expect(leaks).toEqual([]));
});

test("every cell of the table that is allowed was carried out", () => {
  const verdicts = OPERATIONS.flatMap((row) => Object.values(row.verdicts));
  expect(cells).toBe(verdicts.filter((verdict) => verdict === "done").length);
});
