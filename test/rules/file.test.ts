import { describe, expect, test } from "vitest";
import { resumeOf } from "../../schema/application/application.ts";
import { placeResume, saveApplication, submitApplication } from "../../schema/application/draft.ts";
import {
  attachFile,
  dueInstant,
  eraseFile,
  FILE_TRANSITIONS,
  issueDownload,
  lapseFile,
  mayReadFile,
  removeFile,
  startUpload,
  takeBackFile,
  type FileAction,
  type FileState,
  type StoredFile,
} from "../../schema/file/file.ts";
import { FILE_POLICY, FILE_TYPES, PURPOSES } from "../../schema/file/policy.ts";
import type { Decision as Ruling } from "../../schema/shared/decision.ts";
import type { FoundObject } from "../../schema/shared/files.ts";
import { application, cohort, DRAFT, faults, NOW, storedFile, VIEWERS, reviewer } from "./records.ts";

const PDF = "application/pdf";
const DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

function found(changes: Partial<FoundObject> = {}): FoundObject {
  return { bytes: 400, contentType: PDF, beginning: Buffer.from("%PDF-1.7\n%......"), tag: '"1"', ...changes };
}

/** The outcome of a ruling that let it happen. */
function outcomeOf<Outcome>(ruling: Ruling<Outcome>): Outcome {
  if ("refusals" in ruling) throw new Error(faults(ruling).join());
  return ruling.outcome;
}

describe("the square of states and actions", () => {
  const filed = (file: StoredFile) => ({ file, application: application("DRAFT") });
  const ACTIONS: Record<FileAction, (from: StoredFile) => Ruling<{ state: FileState }>> = {
    attach: (from) => {
      const ruling = attachFile({ ...filed(from), replaced: null }, found(), NOW);
      return "refusals" in ruling ? ruling : { outcome: ruling.outcome.file, events: ruling.events };
    },
    download: issueDownload,
    remove: (from) => removeFile(from, { now: NOW }),
    erase: eraseFile,
  };

  const wrong = "WRONG_STATE";
  // oxfmt-ignore
  const EXPECTED: Record<FileState, string[]> = {
    PENDING:  ["ATTACHED", wrong,      "REMOVED", wrong],
    ATTACHED: [wrong,      "ATTACHED", "REMOVED", wrong],
    REMOVED:  [wrong,      wrong,      wrong,     "ERASED"],
    ERASED:   [wrong,      wrong,      wrong,     wrong],
  };

  test.each(Object.entries(EXPECTED) as [FileState, string[]][])("%s", (state, row) => {
    const answers = Object.values(ACTIONS).map((act) => {
      const ruling = act(storedFile(state));
      return "refusals" in ruling ? faults(ruling).join() : ruling.outcome.state;
    });
    expect(answers).toEqual(row);
    const named = Object.keys(ACTIONS).map((action) => FILE_TRANSITIONS[state][action as FileAction] ?? wrong);
    expect(named).toEqual(row);
  });
});

// Of the committee a member who reviews the application, and has declared that they have no conflict.
describe("who may read a file", () => {
  const about = { kind: "Application" as const, id: "app_1-c-owner" };
  const FILES = {
    "a résumé": { purpose: "RESUME", about },
    "a letter": { purpose: "LETTER", about, uploadedBy: "per_staff" },
    evidence: { purpose: "EVIDENCE", about: null },
  } as const;
  const READERS = [
    "owner",
    "stranger",
    "staff",
    "committee",
    "formerStaff",
    "formerCommittee",
    "ownerOnStaff",
  ] as const;

  // oxfmt-ignore
  test.each([
    ["a résumé", "PENDING",  "DRAFT",    "owner staff ownerOnStaff"],
    ["a résumé", "PENDING",  "COMPLETE", "owner staff ownerOnStaff"],
    ["a résumé", "ATTACHED", "DRAFT",    "owner staff ownerOnStaff"],
    ["a résumé", "ATTACHED", "COMPLETE", "owner staff committee ownerOnStaff"],
    ["a résumé", "ATTACHED", "WITHDRAWN", "owner staff committee ownerOnStaff"],
    ["a résumé", "REMOVED",  "COMPLETE", "staff ownerOnStaff"],
    ["a résumé", "ERASED",   "COMPLETE", "staff ownerOnStaff"],
    ["a letter", "PENDING",  "COMPLETE", "staff"],
    ["a letter", "ATTACHED", "DRAFT",    "staff"],
    ["a letter", "ATTACHED", "COMPLETE", "staff committee"],
    ["a letter", "REMOVED",  "COMPLETE", "staff"],
    ["evidence", "PENDING",  null,       "owner staff ownerOnStaff"],
    ["evidence", "ATTACHED", null,       "owner staff ownerOnStaff"],
    ["evidence", "REMOVED",  null,       "staff ownerOnStaff"],
  ] as const)("%s that is %s while its application is %s: %s", (what, state, applied, readers) => {
    const filed = { file: storedFile(state, FILES[what]), application: applied && application(applied, { reviewers: [reviewer({ state: "CLEARED" })] }) };
    expect(READERS.filter((name) => mayReadFile(VIEWERS[name], filed)).join(" ")).toBe(readers);
    expect(mayReadFile(null, filed)).toBe(false);
  });

  test("nobody reads a résumé whose application is gone, but staff", () => {
    const filed = { file: storedFile("ATTACHED"), application: null };
    expect(READERS.filter((name) => mayReadFile(VIEWERS[name], filed))).toEqual(["staff", "ownerOnStaff"]);
  });
});

describe("an upload that is announced", () => {
  const facts = { id: "fil_9", viewer: VIEWERS.owner, now: NOW };
  const declared = { purpose: "RESUME" as const, name: "resume.pdf", contentType: PDF, bytes: 400 };
  const start = (changes: object) => startUpload(application("DRAFT"), { ...declared, ...changes }, facts);

  test("is kept as it was declared, for a day", () => {
    expect(start({ name: " resume.pdf " })).toEqual({
      outcome: {
        id: "fil_9",
        version: 0,
        purpose: "RESUME",
        personId: "per_owner",
        uploadedBy: "per_owner",
        about: { kind: "Application", id: "app_1-c-owner" },
        name: "resume.pdf",
        contentType: PDF,
        bytes: 400,
        createdAt: NOW,
        state: "PENDING",
        expiresAt: "2026-09-02T16:00:00.000Z",
      },
      events: [{ type: "FileUploadStarted", about: { kind: "File", id: "fil_9" }, facts: { purpose: "RESUME" } }],
    });
  });

  test.each([
    ["resume.pdf", ""],
    ["RÉSUMÉ (Ünïcode) 履歴書.PDF", ""],
    [`${"x".repeat(116)}.pdf`, ""],
    [`${"x".repeat(117)}.pdf`, "TOO_LONG"],
    ["", "REQUIRED"],
    ["../../etc/passwd.pdf", "BAD_NAME"],
    ["folder/resume.pdf", "BAD_NAME"],
    ["C:\\resume.pdf", "BAD_NAME"],
    [".pdf", "BAD_NAME"],
    ['a"; filename=evil.exe; ".pdf', "BAD_NAME"],
    ["resume.pdf.exe", "BAD_NAME"],
    ["resume", "BAD_NAME"],
    ["resume.docx", "BAD_NAME"],
    ["resume\u202efdp.exe.pdf", "BAD_NAME"],
    ["resume\r\nSet-Cookie: a=b.pdf", "BAD_CHARACTERS"],
    ["resume\u0000.pdf", "BAD_CHARACTERS"],
    ["resume\ud800.pdf", "BAD_CHARACTERS"],
  ])("named %j: %s", (name, code) => {
    const ruling = start({ name });
    expect("refusals" in ruling ? faults(ruling) : []).toEqual(code === "" ? [] : [`${code} name`]);
  });

  test.each([
    [1, ""],
    [5 * 1024 * 1024, ""],
    [5 * 1024 * 1024 + 1, "BAD_SIZE"],
    [0, "BAD_SIZE"],
    [-1, "BAD_SIZE"],
  ])("of %i bytes: %s", (bytes, code) => {
    const ruling = start({ bytes });
    expect("refusals" in ruling ? faults(ruling) : []).toEqual(code === "" ? [] : [`${code} bytes`]);
  });

  test("is of a type that its purpose takes", () => {
    const taken = PURPOSES.map((purpose) => {
      const types = Object.keys(FILE_TYPES).filter((contentType) => {
        const name = `file${FILE_TYPES[contentType]!.endings[0]}`;
        const viewer = purpose === "LETTER" ? VIEWERS.staff : VIEWERS.owner;
        const of = purpose === "EVIDENCE" ? null : application("DRAFT");
        return !("refusals" in startUpload(of, { purpose, name, contentType, bytes: 1 }, { ...facts, viewer }));
      });
      return [purpose, types];
    });
    expect(taken).toEqual([
      ["RESUME", [PDF, DOCX]],
      ["LETTER", [PDF, DOCX]],
      ["EVIDENCE", [PDF, DOCX, "image/png", "image/jpeg"]],
    ]);
  });

  test("of a letter concerns the applicant, whoever uploads it", () => {
    const letter = startUpload(
      application("COMPLETE"),
      { ...declared, purpose: "LETTER" },
      { ...facts, viewer: VIEWERS.staff },
    );
    expect(outcomeOf(letter)).toMatchObject({ personId: "per_owner", uploadedBy: "per_staff" });
  });
});

describe("what was uploaded", () => {
  const attaching = (changes: Partial<FoundObject> | null, file = storedFile("PENDING")) => {
    const loaded = { file, application: application("DRAFT"), replaced: null };
    const ruling = attachFile(loaded, changes && found(changes), NOW);
    return "refusals" in ruling ? faults(ruling).join() : "";
  };

  test.each([
    ["is missing", null, "NOT_UPLOADED fileId"],
    ["is as announced", {}, ""],
    ["is one byte longer", { bytes: 401 }, "CONTENT_MISMATCH fileId"],
    ["has another type", { contentType: "text/html" }, "CONTENT_MISMATCH fileId"],
    ["is a program", { beginning: Buffer.from("MZ\u0090\u0000", "latin1") }, "CONTENT_MISMATCH fileId"],
    [
      "is a document of another kind",
      { beginning: Buffer.from("PK\u0003\u0004", "latin1") },
      "CONTENT_MISMATCH fileId",
    ],
    ["breaks off in the mark of its type", { beginning: Buffer.from("%PDF") }, "CONTENT_MISMATCH fileId"],
  ] as const)("%s", (_what, changes, code) => {
    expect(attaching(changes)).toBe(code);
  });

  test("is told by the first bytes of every type", () => {
    for (const [contentType, { beginning }] of Object.entries(FILE_TYPES)) {
      const file = storedFile("PENDING", { contentType });
      expect(attaching({ contentType, beginning: Uint8Array.from(beginning) }, file)).toBe("");
      expect(attaching({ contentType, beginning: Uint8Array.from([0, ...beginning]) }, file)).toBe(
        "CONTENT_MISMATCH fileId",
      );
    }
  });
});

describe("a résumé", () => {
  const resume = { fileId: "fil_1", name: "resume.pdf", contentType: PDF, bytes: 400 };
  const withResume = application("DRAFT", { draft: { ...DRAFT, resume } });

  test("goes into the draft, and the earlier one out", () => {
    const earlier = storedFile("ATTACHED", { id: "fil_0" });
    const loaded = { file: storedFile("PENDING"), application: application("DRAFT"), replaced: earlier };
    const ruling = attachFile(loaded, found(), NOW);
    const { file, application: next, replaced } = outcomeOf(ruling);
    expect(file.state).toBe("ATTACHED");
    expect(next?.draft).toEqual({ ...DRAFT, resume });
    expect(replaced).toMatchObject({ id: "fil_0", state: "REMOVED", removedAt: NOW });
    expect("events" in ruling && ruling.events.map(({ type, about }) => [type, about.id])).toEqual([
      ["FileAttached", "fil_1"],
      ["ApplicationSaved", "app_1-c-owner"],
      ["FileRemoved", "fil_0"],
    ]);
  });

  test("stays when another piece is saved, and goes along when it is submitted", () => {
    const saved = outcomeOf(saveApplication(withResume, { jobTitle: "Director" }, { cohort: cohort() }));
    expect(saved.draft).toEqual({ ...DRAFT, jobTitle: "Director", resume });
    const sent = outcomeOf(submitApplication(saved, { cohort: cohort(), now: NOW }));
    expect("submission" in sent && sent.submission?.resume).toEqual(resume);
    expect(resumeOf(sent)).toEqual(resume);
  });

  test("is not told of where there is none", () => {
    const sent = outcomeOf(submitApplication(application("DRAFT"), { cohort: cohort(), now: NOW }));
    expect("submission" in sent && sent.submission && "resume" in sent.submission).toBe(false);
    expect(resumeOf(sent)).toBeUndefined();
  });

  test("is taken back while its application is a draft", () => {
    const ruling = takeBackFile({ file: storedFile("ATTACHED"), application: withResume }, NOW);
    expect(outcomeOf(ruling).application?.draft).toEqual(DRAFT);
    expect(faults(takeBackFile({ file: storedFile("ATTACHED"), application: application("COMPLETE") }, NOW))).toEqual([
      "WRONG_STATE",
    ]);
  });

  test("that was never attached is taken back whatever its application does", () => {
    const ruling = takeBackFile({ file: storedFile("PENDING"), application: application("COMPLETE") }, NOW);
    expect(outcomeOf(ruling)).toMatchObject({ file: { state: "REMOVED" }, application: null });
  });

  test("is placed into drafts alone", () => {
    expect(faults(placeResume(application("COMPLETE"), resume, NOW))).toEqual(["WRONG_STATE"]);
    expect(faults(placeResume(application("EXPIRED"), null, NOW))).toEqual(["WRONG_STATE"]);
  });
});

describe("the time of a file", () => {
  test.each([
    ["RESUME", null],
    ["LETTER", "2028-08-31T16:00:00.000Z"],
    ["EVIDENCE", "2031-08-31T16:00:00.000Z"],
  ] as const)("of the purpose %s ends at %s", (purpose, end) => {
    const file = storedFile("PENDING", { purpose });
    const attached = attachFile({ file, application: application("DRAFT"), replaced: null }, found(), NOW);
    expect(dueInstant(outcomeOf(attached).file)).toBe(end);
    expect(FILE_POLICY[purpose].keptDays === null).toBe(end === null);
  });

  test("is over at the instant and not before", () => {
    const file = storedFile("PENDING");
    expect(faults(lapseFile(file, "2026-09-01T19:59:59.999Z"))).toEqual(["WRONG_STATE"]);
    const ruling = lapseFile(file, "2026-09-01T20:00:00.000Z");
    expect(outcomeOf(ruling).state).toBe("REMOVED");
    expect("events" in ruling && ruling.events[0]?.why).toBe("The upload was not finished in time.");
    expect(faults(lapseFile(storedFile("ATTACHED"), "2099-01-01T00:00:00.000Z"))).toEqual(["WRONG_STATE"]);
  });

  test("ends without a name", () => {
    const erased = outcomeOf(eraseFile(storedFile("REMOVED")));
    expect(JSON.stringify(erased)).not.toContain("resume.pdf");
    expect(dueInstant(erased)).toBeNull();
  });
});
