import { expect, test } from "vitest";
import { readableChange } from "../../schema/history/history.ts";
import { VIEWERS } from "./records.ts";

const CHANGE = { before: { state: "DRAFT", roles: [], why: "private" }, after: { state: "COMPLETE", kind: "WORK" } };

test("staff read the whole change, the committee the fields that are named for it, and nothing of what comes later", () => {
  expect(readableChange(VIEWERS.staff, CHANGE)).toEqual(CHANGE);
  expect(readableChange(VIEWERS.committee, CHANGE)).toEqual({
    before: { state: "DRAFT" },
    after: { state: "COMPLETE" },
  });
  expect(readableChange(VIEWERS.committee, { before: { roles: [] } })).toEqual({ before: undefined, after: undefined });
});
