import { describe, expect, test } from "vitest";
import { parseGlobalId } from "../schema/shared/id.ts";
import { checkInvariants } from "./support/invariants.ts";
import { someone, STAFF, startProgram, type Program } from "./support/program.ts";
import { cleared } from "./support/review.ts";
import { chairPerson, complete, draft, IN_WINDOW, publishedCohort, step, submitted } from "./support/steps.ts";
import { attach, attached, contentOf, download, follow, sendForm, startUpload, uploaded } from "./support/uploads.ts";
import type { Form } from "./support/uploads.ts";

const program = await startProgram({ at: IN_WINDOW });
const cohortId = await publishedCohort(program);
const committee = await chairPerson(program, someone("Files Committee"));

let people = 0;
/** Somebody new with a draft. */
async function applicant() {
  const caller = someone(`Files Applicant ${++people}`);
  return { caller, applicationId: await draft(program, caller, cohortId) };
}

/** Codes of what stood in the way. */
const codes = ({ userErrors }: { userErrors: { code: string }[] }) => userErrors.map(({ code }) => code);

/** The code of the GraphQL error that a call answers. */
const failing = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => "done",
    (error: unknown) => (error as Error).message.split(":")[0]!,
  );

const local = (fileId: string): string => parseGlobalId(fileId)!.id;

/** Where content of a file is kept now. */
async function placesOf(of: Program, fileId: string): Promise<string[]> {
  return (await of.files.keys()).filter((key) => key.endsWith(local(fileId))).map((key) => key.split("/")[0]!);
}

async function resumeOf(caller: typeof STAFF, applicationId: string) {
  const query = `query($id: ID!) { node(id: $id) { ... on Application {
    resume { id state name bytes contentType } submission { resume { name contentType bytes } } } } }`;
  type Answer = { node: { resume: { id: string; name: string } | null; submission: unknown } | null };
  return (await program.ask<Answer>(caller, query, { id: applicationId })).node;
}

describe("announcing a file", () => {
  test("names every fault at once and keeps nothing", async () => {
    const { caller, applicationId } = await applicant();
    const answer = await startUpload(program, caller, {
      applicationId,
      name: "../resume.exe",
      contentType: "application/x-msdownload",
      bytes: 0,
    });
    expect(answer.userErrors).toEqual([
      {
        code: "BAD_NAME",
        field: ["name"],
        message: "The file's name has characters that file names cannot have: please rename the file.",
      },
      {
        code: "BAD_TYPE",
        field: ["contentType"],
        message: "Files of this type are not taken here: please use PDF, Word (DOCX).",
      },
      { code: "BAD_SIZE", field: ["bytes"], message: "The file must not be empty, and have 5 MB at most." },
    ]);
    expect(answer.file).toBeNull();
    expect(answer.upload).toBeNull();
  });

  test("is for drafts, and for one's own application", async () => {
    const { caller, applicationId } = await applicant();
    await step(program, caller, "applicationSave", complete(applicationId));
    await step(program, caller, "applicationSubmit", { applicationId });
    expect(codes(await startUpload(program, caller, { applicationId }))).toEqual(["WRONG_STATE"]);
    expect(codes(await startUpload(program, caller, {}))).toEqual(["REQUIRED"]);
    expect(codes(await startUpload(program, caller, { purpose: "EVIDENCE", applicationId }))).toEqual([
      "APPLICATION_NOT_WANTED",
    ]);
    expect(await failing(startUpload(program, committee, { applicationId }))).toBe("FORBIDDEN");
    expect(await failing(startUpload(program, someone("Files Stranger"), { applicationId }))).toBe("NOT_FOUND");
    expect(await failing(startUpload(program, null, { applicationId }))).toBe("UNAUTHENTICATED");
  });

  test("of a letter is for staff, and never about themselves", async () => {
    const { caller, applicationId } = await applicant();
    const own = await draft(program, STAFF, cohortId, "MENTOR");
    const letter = { purpose: "LETTER", name: "letter.pdf" };
    expect(await failing(startUpload(program, caller, { ...letter, applicationId }))).toBe("FORBIDDEN");
    expect(await failing(startUpload(program, committee, { ...letter, applicationId }))).toBe("FORBIDDEN");
    expect(codes(await startUpload(program, STAFF, { ...letter, applicationId: own }))).toEqual(["OWN_APPLICATION"]);
    expect(codes(await startUpload(program, STAFF, { ...letter, applicationId }))).toEqual([]);
  });
});

describe("an upload form", () => {
  const fresh = async (changes: object = {}) => {
    const { caller, applicationId } = await applicant();
    const { file, upload } = await startUpload(program, caller, { applicationId, ...changes });
    return { caller, id: file!.id, upload: upload! };
  };

  test("takes exactly what was announced, for ten minutes", async () => {
    const { upload } = await fresh();
    expect(Date.parse(upload.expiresAt) - Date.parse(program.clock.now())).toBeGreaterThan(595_000);
    expect(Date.parse(upload.expiresAt) - Date.parse(program.clock.now())).toBeLessThanOrEqual(600_000);
    expect(await sendForm(upload, contentOf())).toBe("204");
  });

  test.each([
    ["one byte more", contentOf("application/pdf", 401), {}, "400 EntityTooLarge"],
    ["one byte less", contentOf("application/pdf", 399), {}, "400 EntityTooSmall"],
    ["another type", contentOf(), { "Content-Type": "text/html" }, "403 AccessDenied"],
    ["another place", contentOf(), { key: "kept/fil_00000000000000000000000000" }, "403 AccessDenied"],
    ["a place outside", contentOf(), { key: "../../escape" }, "403 AccessDenied"],
    ["a further field", contentOf(), { "x-amz-meta-note": "more" }, "403 AccessDenied"],
    ["no encryption", contentOf(), { "x-amz-server-side-encryption": "none" }, "403 AccessDenied"],
    [
      "another key",
      contentOf(),
      { "x-amz-credential": "other/20260901/us-west-2/s3/aws4_request" },
      "403 InvalidAccess",
    ],
  ])("refuses %s", async (_what, content, changes, refusal) => {
    const { id, upload } = await fresh();
    expect((await sendForm(upload, content, changes)).slice(0, refusal.length)).toBe(refusal);
    expect(await placesOf(program, id)).toEqual([]);
  });

  test("refuses a policy that somebody has rewritten", async () => {
    const { upload } = await fresh();
    const policy = upload.fields.find(({ name }) => name === "policy")!.value;
    const text = Buffer.from(policy, "base64")
      .toString("utf8")
      .replace('"content-length-range",400', '"content-length-range",1');
    const rewritten = { policy: Buffer.from(text).toString("base64") };
    expect(rewritten.policy).not.toBe(policy);
    expect(await sendForm(upload, contentOf(), rewritten)).toMatch(/^403 SignatureDoesNotMatch/);
  });

  test("is refused after its ten minutes", async () => {
    const own = await startProgram({ at: IN_WINDOW });
    const cohort = await publishedCohort(own);
    const caller = someone("Files Late");
    const applicationId = await draft(own, caller, cohort);
    const { upload } = await startUpload(own, caller, { applicationId });
    own.clock.moveTo(upload!.expiresAt);
    expect(await sendForm(upload as Form, contentOf())).toBe(
      "403 AccessDenied: Invalid according to Policy: Policy expired.",
    );
  });
});

describe("attaching", () => {
  test("puts a résumé into the draft, where owner and staff find it", async () => {
    const { caller, applicationId } = await applicant();
    const fileId = await uploaded(program, caller, { applicationId, name: "Zoë's résumé (2).pdf" });
    const answer = await attach(program, caller, fileId);
    expect(answer).toEqual({
      file: { id: fileId, state: "ATTACHED", name: "Zoë's résumé (2).pdf" },
      application: { version: 2 },
      userErrors: [],
    });
    for (const reader of [caller, STAFF]) {
      expect((await resumeOf(reader, applicationId))?.resume?.id).toBe(fileId);
    }
    expect(await resumeOf(committee, applicationId)).toBeNull();
    expect(codes(await attach(program, caller, fileId))).toEqual(["WRONG_STATE"]);
  });

  test("demands that something was uploaded", async () => {
    const { caller, applicationId } = await applicant();
    const { file } = await startUpload(program, caller, { applicationId });
    expect(codes(await attach(program, caller, file!.id))).toEqual(["NOT_UPLOADED"]);
    expect((await resumeOf(caller, applicationId))?.resume).toBeNull();
  });

  test("finds a program that is called a PDF", async () => {
    const { caller, applicationId } = await applicant();
    const disguised = contentOf();
    disguised.write("MZ\u0090\u0000", "latin1");
    const fileId = await uploaded(program, caller, { applicationId }, disguised);
    const answer = await attach(program, caller, fileId);
    expect(answer.userErrors).toEqual([
      {
        code: "CONTENT_MISMATCH",
        field: ["fileId"],
        message:
          "What was uploaded is not the PDF of 400 bytes that was announced. Please start again with the right file.",
      },
    ]);
    expect(answer.file?.state).toBe("PENDING");
    expect(await placesOf(program, fileId)).toEqual(["uploads"]);
  });

  test("is for whoever uploaded the file; for others it is not there", async () => {
    const { caller, applicationId } = await applicant();
    const fileId = await uploaded(program, caller, { applicationId });
    expect(await failing(attach(program, STAFF, fileId))).toBe("FORBIDDEN");
    expect(await failing(attach(program, committee, fileId))).toBe("NOT_FOUND");
    expect(await failing(attach(program, someone("Files Stranger"), fileId))).toBe("NOT_FOUND");
    expect(await failing(attach(program, null, fileId))).toBe("UNAUTHENTICATED");
  });

  test("keeps what was checked, whatever the form is used for afterwards", async () => {
    const { caller, applicationId } = await applicant();
    const { file, upload } = await startUpload(program, caller, { applicationId });
    await sendForm(upload!, contentOf());
    await attach(program, caller, file!.id);
    expect(await sendForm(upload!, Buffer.alloc(400, "!"))).toBe("204");
    const { download: link } = await download(program, caller, file!.id);
    expect(Buffer.from(await (await fetch(link!.url)).arrayBuffer()).equals(contentOf())).toBe(true);
  });

  test("replaces an earlier résumé, which is erased", async () => {
    const { caller, applicationId } = await applicant();
    const first = await attached(program, caller, { applicationId, name: "first.pdf" });
    const second = await attached(program, caller, { applicationId, name: "second.pdf" });
    expect((await resumeOf(caller, applicationId))?.resume?.name).toBe("second.pdf");
    expect(await failing(download(program, caller, first))).toBe("NOT_FOUND");
    await program.runDue();
    expect(await placesOf(program, first)).toEqual([]);
    expect(await placesOf(program, second)).toEqual(["kept", "uploads"]);
    const { node } = await program.ask<{ node: object }>(
      STAFF,
      "query($id: ID!) { node(id: $id) { ... on File { state name history { nodes { type } } } } }",
      { id: first },
    );
    expect(node).toEqual({
      state: "ERASED",
      name: null,
      history: {
        nodes: ["FileErased", "FileRemoved", "FileAttached", "FileUploadStarted"].map((type) => ({ type })),
      },
    });
  });
});

describe("submitting", () => {
  test("freezes the résumé", async () => {
    const { caller, applicationId } = await applicant();
    const fileId = await attached(program, caller, { applicationId, name: "frozen.pdf" });
    const waiting = await uploaded(program, caller, { applicationId, name: "late.pdf" });
    await step(program, caller, "applicationSave", complete(applicationId));
    await step(program, caller, "applicationSubmit", { applicationId });
    await cleared(program, committee, applicationId);
    expect(codes(await attach(program, caller, waiting))).toEqual(["WRONG_STATE"]);
    expect(codes(await step(program, caller, "fileRemove", { fileId }))).toEqual(["WRONG_STATE"]);
    for (const reader of [caller, STAFF, committee]) {
      expect(await resumeOf(reader, applicationId)).toEqual({
        resume: { id: fileId, state: "ATTACHED", name: "frozen.pdf", bytes: 400, contentType: "application/pdf" },
        submission: { resume: { name: "frozen.pdf", contentType: "application/pdf", bytes: 400 } },
      });
    }
    expect(codes(await step(program, caller, "fileRemove", { fileId: waiting }))).toEqual([]);
  });

  test("needs no résumé", async () => {
    const caller = someone("Files Without");
    const applicationId = await submitted(program, caller, cohortId);
    await cleared(program, committee, applicationId);
    expect(await resumeOf(committee, applicationId)).toEqual({ resume: null, submission: { resume: null } });
  });
});

describe("removing", () => {
  test("takes the résumé out of the draft", async () => {
    const { caller, applicationId } = await applicant();
    const fileId = await attached(program, caller, { applicationId });
    const answer = await step(program, caller, "fileRemove", { fileId }, "file { state } application { version }");
    expect(answer).toEqual({ file: { state: "REMOVED" }, application: { version: 3 }, userErrors: [] });
    expect((await resumeOf(caller, applicationId))?.resume).toBeNull();
    expect(await failing(step(program, caller, "fileRemove", { fileId }))).toBe("NOT_FOUND");
    await program.runDue();
    expect(await placesOf(program, fileId)).toEqual([]);
  });

  test("is made up for by the schedule when S3 was away", async () => {
    const own = await startProgram({ at: IN_WINDOW });
    const caller = someone("Files Evidence");
    const fileId = await attached(own, caller, { purpose: "EVIDENCE" });
    await step(own, caller, "fileRemove", { fileId });
    own.files.fail("DELETE", 2);
    await own.runDue();
    expect(await placesOf(own, fileId)).toEqual(["kept", "uploads"]);
    await own.runDue();
    expect(await placesOf(own, fileId)).toEqual([]);
    expect(await checkInvariants(own)).toEqual([]);
  });
});

describe("a download link", () => {
  test("saves the file under its name, and nothing stores it on the way", async () => {
    const { caller, applicationId } = await applicant();
    const fileId = await attached(program, caller, {
      applicationId,
      name: "Zoë's résumé.pdf",
    });
    const { download: link } = await download(program, caller, fileId);
    const response = await fetch(link!.url);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "cache-control": "private, no-store",
      "content-disposition": `attachment; filename="Zo__s r_sum_.pdf"; filename*=UTF-8''Zo%C3%AB%27s%20r%C3%A9sum%C3%A9.pdf`,
      "content-length": "400",
      "content-type": "application/pdf",
      "x-content-type-options": "nosniff",
    });
    expect(Buffer.from(await response.arrayBuffer()).equals(contentOf())).toBe(true);
  });

  test("is issued to readers alone, and noted", async () => {
    const { caller, applicationId } = await applicant();
    const fileId = await attached(program, caller, { applicationId });
    expect(await failing(download(program, committee, fileId))).toBe("NOT_FOUND");
    await step(program, caller, "applicationSave", complete(applicationId));
    await step(program, caller, "applicationSubmit", { applicationId });
    expect(await failing(download(program, committee, fileId))).toBe("NOT_FOUND");
    await cleared(program, committee, applicationId);
    expect(codes(await download(program, committee, fileId))).toEqual([]);
    expect(codes(await download(program, STAFF, fileId))).toEqual([]);
    expect(await failing(download(program, someone("Files Stranger"), fileId))).toBe("NOT_FOUND");
    expect(await failing(download(program, null, fileId))).toBe("UNAUTHENTICATED");
    const query = `query($id: ID!) { node(id: $id) { ... on File { history { nodes { type actor { name } } } } } }`;
    type History = { node: { history: { nodes: { type: string; actor: { name: string } }[] } } };
    const { node } = await program.ask<History>(STAFF, query, { id: fileId });
    expect(node.history.nodes.slice(0, 2)).toEqual([
      { type: "FileDownloadIssued", actor: { name: "Staff Test" } },
      { type: "FileDownloadIssued", actor: { name: "Files Committee" } },
    ]);
  });

  test("is not issued for what was never handed in", async () => {
    const { caller, applicationId } = await applicant();
    const fileId = await uploaded(program, caller, { applicationId });
    const answer = await download(program, caller, fileId);
    expect(answer.userErrors).toEqual([
      { code: "WRONG_STATE", field: null, message: "This is not possible now: the file is not finished yet." },
    ]);
    expect(answer.download).toBeNull();
  });

  test("opens nothing else, does nothing else, and cannot be altered", async () => {
    const { caller, applicationId } = await applicant();
    const fileId = await attached(program, caller, { applicationId });
    const other = await attached(program, caller, { purpose: "EVIDENCE" });
    const { url } = (await download(program, caller, fileId)).download!;
    const refused = /^403 SignatureDoesNotMatch/;
    expect(await follow(url)).toBe("200");
    expect(await follow(url.replace(local(fileId), local(other)))).toMatch(refused);
    expect(await follow(url.replace("/kept/", "/uploads/"))).toMatch(refused);
    expect(await follow(url.replace("X-Amz-Expires=300", "X-Amz-Expires=3000"))).toMatch(refused);
    expect(await follow(url.replace("attachment", "inline"))).toMatch(refused);
    expect((await fetch(url, { method: "DELETE" })).status).toBe(403);
    expect(await follow(url.split("?")[0]!)).toMatch(/^403 AccessDenied/);
  });

  test("works up to five minutes, and no longer", async () => {
    const own = await startProgram({ at: IN_WINDOW });
    const caller = someone("Files Late");
    const { url, expiresAt } = (await download(own, caller, await attached(own, caller, { purpose: "EVIDENCE" })))
      .download!;
    own.clock.moveTo(new Date(Date.parse(expiresAt) - 10_000).toISOString());
    expect(await follow(url)).toBe("200");
    own.clock.moveTo(expiresAt);
    expect(await follow(url)).toBe("403 AccessDenied: Request has expired");
  });
});

describe("a letter", () => {
  test("is read by staff and committee, and never by whom it is about", async () => {
    const { caller, applicationId } = await applicant();
    const fileId = await attached(program, STAFF, { purpose: "LETTER", applicationId, name: "letter.pdf" });
    expect(await failing(download(program, committee, fileId))).toBe("NOT_FOUND");
    await step(program, caller, "applicationSave", complete(applicationId));
    await step(program, caller, "applicationSubmit", { applicationId });
    expect(await failing(download(program, committee, fileId))).toBe("NOT_FOUND");
    await cleared(program, committee, applicationId);
    expect(codes(await download(program, committee, fileId))).toEqual([]);
    expect(codes(await download(program, STAFF, fileId))).toEqual([]);
    expect(await failing(download(program, caller, fileId))).toBe("NOT_FOUND");
    expect((await resumeOf(caller, applicationId))?.resume).toBeNull();
  });
});

describe("evidence", () => {
  test("is listed for its owner, the latest first, without what was removed", async () => {
    const caller = someone("Files Graduate");
    const names = ["a.png", "b.jpg", "c.jpeg"];
    const types = ["image/png", "image/jpeg", "image/jpeg"];
    const ids: string[] = [];
    for (const [index, name] of names.entries()) {
      const input = { purpose: "EVIDENCE", name, contentType: types[index], bytes: 64 };
      ids.push((await startUpload(program, caller, input)).file!.id);
    }
    await step(program, caller, "fileRemove", { fileId: ids[1] });
    type Evidence = { viewer: { evidence: { nodes: { name: string }[]; pageInfo: { hasNextPage: boolean } } } };
    const { viewer } = await program.ask<Evidence>(
      caller,
      "{ viewer { evidence(first: 2) { nodes { name } pageInfo { hasNextPage } } } }",
    );
    expect(viewer.evidence.nodes).toEqual([{ name: "c.jpeg" }, { name: "a.png" }]);
  });
});

describe("the schedule", () => {
  test("removes what was not finished after a day, and leaves what was", async () => {
    const own = await startProgram({ at: IN_WINDOW });
    const caller = someone("Files Idle");
    const idle = await uploaded(own, caller, { purpose: "EVIDENCE", name: "idle.pdf" });
    const kept = await attached(own, caller, { purpose: "EVIDENCE", name: "kept.pdf" });
    await own.moveClock({ advance: "PT23H59M" });
    expect(await placesOf(own, idle)).toEqual(["uploads"]);
    await own.moveClock({ advance: "PT1M" });
    expect(await placesOf(own, idle)).toEqual([]);
    expect(await placesOf(own, kept)).toEqual(["kept", "uploads"]);
    expect(await failing(attach(own, caller, idle))).toBe("NOT_FOUND");
    // Evidence is kept for five years.
    await own.moveClock({ advance: "P1823D" });
    expect(await placesOf(own, kept)).toEqual(["kept", "uploads"]);
    await own.moveClock({ advance: "P1D" });
    expect(await placesOf(own, kept)).toEqual([]);
    expect(await checkInvariants(own)).toEqual([]);
  });
});

test("while S3 does not answer, callers are told to try again, and nothing is half done", async () => {
  const own = await startProgram({ at: IN_WINDOW });
  const caller = someone("Files Patient");
  const fileId = await uploaded(own, caller, { purpose: "EVIDENCE" });
  for (const method of ["GET", "PUT"]) {
    own.files.fail(method, 2);
    expect(await failing(attach(own, caller, fileId))).toBe("UNAVAILABLE");
  }
  own.files.fail("GET", 1);
  expect(codes(await attach(own, caller, fileId))).toEqual([]);
  expect(await checkInvariants(own)).toEqual([]);
});

test("everything still fits together", async () => {
  expect(await checkInvariants(program)).toEqual([]);
});
