import { beforeEach, expect, test } from "vitest";
import { removeStored } from "../schema/file/file.due.ts";
import { fileFrom, listOfPerson } from "../schema/file/file.table.ts";
import type { StoredFile } from "../schema/file/file.ts";
import { parseGlobalId } from "../schema/shared/id.ts";
import { startFaultProxy, type FaultProxy } from "./support/fault-proxy.ts";
import { checkInvariants } from "./support/invariants.ts";
import { someone, startProgram } from "./support/program.ts";
import { complete, draft, idOf, IN_WINDOW, publishedCohort, step } from "./support/steps.ts";
import { readTable } from "./support/stored.ts";
import { attach, attached, startUpload, uploaded } from "./support/uploads.ts";

let proxy!: FaultProxy;
const program = await startProgram({
  at: IN_WINDOW,
  beforeTable: async (endpoint) => {
    proxy = await startFaultProxy(endpoint, 47);
    return proxy.endpoint;
  },
});
beforeEach(() => proxy.reset());
const cohortId = await publishedCohort(program);

let people = 0;
async function applicant() {
  const caller = someone(`Faults Applicant ${++people}`);
  return { caller, applicationId: await draft(program, caller, cohortId) };
}

/** What a call ended with: "done", codes of user errors, or the code of its failure. */
const endOf = (call: Promise<{ userErrors: { code: string }[] }>): Promise<string> =>
  call.then(
    ({ userErrors }) => userErrors.map(({ code }) => code).join() || "done",
    (error: unknown) => (error as Error).message.split(":")[0]!,
  );

async function stored(fileId: string): Promise<StoredFile> {
  const { id } = parseGlobalId(fileId)!;
  return fileFrom((await readTable(program)).find(`FILE#${id}`, "FILE"))!;
}

test("an attachment that the table refuses leaves nothing half done, and can be repeated", async () => {
  const { caller, applicationId } = await applicant();
  const fileId = await uploaded(program, caller, { applicationId });
  const before = await readTable(program);
  proxy.inject("TransactWriteItems", { kind: "serverError", times: 2 });
  expect(await endOf(attach(program, caller, fileId))).toBe("UNAVAILABLE");
  expect((await readTable(program)).items).toEqual(before.items);
  expect(await endOf(attach(program, caller, fileId))).toBe("done");
  expect(await checkInvariants(program)).toEqual([]);
});

test("an attachment whose answer is lost is done once", async () => {
  const { caller, applicationId } = await applicant();
  const fileId = await uploaded(program, caller, { applicationId });
  proxy.inject("TransactWriteItems", { kind: "commitThenDrop", times: 1 });
  expect(await endOf(attach(program, caller, fileId))).toBe("done");
  expect((await stored(fileId)).version).toBe(2);
  expect(await checkInvariants(program)).toEqual([]);
});

test("an upload that the table does not take has no form", async () => {
  const { caller, applicationId } = await applicant();
  proxy.inject("TransactWriteItems", { kind: "serverError", times: 2 });
  expect(await endOf(startUpload(program, caller, { applicationId }))).toBe("UNAVAILABLE");
  expect(
    (await readTable(program)).records<StoredFile>("FILE").filter(({ about }) => about?.id === applicationId),
  ).toEqual([]);
});

test("of two résumés attached at once one is in the draft and the other removed", async () => {
  const { caller, applicationId } = await applicant();
  const files = [
    await uploaded(program, caller, { applicationId, name: "a.pdf" }),
    await uploaded(program, caller, { applicationId, name: "b.pdf" }),
  ];
  expect(await Promise.all(files.map((fileId) => endOf(attach(program, caller, fileId))))).toEqual(["done", "done"]);
  const states = await Promise.all(files.map(async (fileId) => (await stored(fileId)).state));
  expect(states.toSorted()).toEqual(["ATTACHED", "REMOVED"]);
  expect(await checkInvariants(program)).toEqual([]);
});

test("attached twice at once, a file is attached once", async () => {
  const { caller, applicationId } = await applicant();
  const fileId = await uploaded(program, caller, { applicationId });
  const ends = await Promise.all([1, 2].map(() => endOf(attach(program, caller, fileId))));
  expect(ends.toSorted()).toEqual(["WRONG_STATE", "done"]);
  expect(await checkInvariants(program)).toEqual([]);
});

test("a résumé that races its submission is submitted or refused, never lost between", async () => {
  for (let round = 0; round < 5; round++) {
    const { caller, applicationId } = await applicant();
    await step(program, caller, "applicationSave", complete(applicationId));
    const fileId = await uploaded(program, caller, { applicationId });
    const [attaching] = await Promise.all([
      endOf(attach(program, caller, fileId)),
      step(program, caller, "applicationSubmit", { applicationId }),
    ]);
    const query = "query($id: ID!) { node(id: $id) { ... on Application { submission { resume { name } } } } }";
    type Answer = { node: { submission: { resume: { name: string } | null } } };
    const { node } = await program.ask<Answer>(caller, query, { id: applicationId });
    expect([attaching, node.submission.resume?.name]).toEqual(
      attaching === "done" ? ["done", "resume.pdf"] : ["WRONG_STATE", undefined],
    );
  }
  expect(await checkInvariants(program)).toEqual([]);
});

test("all files of a person can be removed at once, with their content and names", async () => {
  const { caller } = await applicant();
  const names = ["first.pdf", "second.pdf"];
  for (const name of names) await attached(program, caller, { purpose: "EVIDENCE", name });
  const personId = parseGlobalId(await idOf(program, caller))!.id;
  const { table, ids, files, clock } = program.runtime;
  const context = { table, ids, files, now: clock.now() };
  const listed = (await listOfPerson(table, [personId], "EVIDENCE", { limit: 100 })).items.map((item) =>
    fileFrom(item)!,
  );
  expect(listed.map(({ name }) => name)).toEqual(names.toReversed());
  for (const file of listed) {
    await removeStored(context, file, { actor: { kind: "PROGRAM" }, why: "The person asked for it." });
  }
  expect((await listOfPerson(table, [personId], "EVIDENCE", { limit: 100 })).items).toEqual([]);
  const left = await readTable(program);
  const records = left.records<StoredFile>("FILE").filter((file) => file.personId === personId);
  expect(records.map(({ state, name }) => [state, name])).toEqual([
    ["ERASED", null],
    ["ERASED", null],
  ]);
  for (const name of names) expect(JSON.stringify(left.items)).not.toContain(name);
  expect(await checkInvariants(program)).toEqual([]);
});
