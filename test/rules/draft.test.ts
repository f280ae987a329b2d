import { describe, expect, test } from "vitest";
import { saveApplication, type DraftPieces } from "../../schema/application/draft.ts";
import { application, cohort, decided, DRAFT, faults, refused } from "./records.ts";

describe("saving", () => {
  const save = (pieces: DraftPieces, expectedVersion?: number | null, from = application("DRAFT")) =>
    saveApplication(from, pieces, { cohort: cohort(), expectedVersion });
  const draftAfter = (pieces: DraftPieces) => decided(save(pieces)).outcome.draft;

  test("nothing at all leaves everything", () => {
    expect(save({})).toEqual({
      outcome: application("DRAFT"),
      events: [
        { type: "ApplicationSaved", about: { kind: "Application", id: "app_1-c-owner" }, facts: { fields: [] } },
      ],
    });
  });

  test("the event names the fields and holds none of their text", () => {
    const pieces = { organization: null, jobTitle: "Director", answers: [{ questionId: "finance", text: "Much." }] };
    const { events } = decided(save(pieces));
    expect(events).toEqual([
      {
        type: "ApplicationSaved",
        about: { kind: "Application", id: "app_1-c-owner" },
        facts: { fields: ["organization", "jobTitle", "finance"] },
      },
    ]);
  });

  test("the organization: absent stays, null clears, a new one replaces it whole", () => {
    expect(draftAfter({ organization: undefined })).toEqual(DRAFT);
    expect(draftAfter({ organization: null })).toEqual({ ...DRAFT, organization: null });
    const organization = { name: "Test County Office of Education", kind: "COUNTY_OFFICE" } as const;
    expect(draftAfter({ organization })).toEqual({ ...DRAFT, organization });
    expect(faults(save({ organization: { name: "", kind: "SCHOOL" } }))).toEqual(["REQUIRED organization.name"]);
    expect(faults(save({ organization: { name: " \t", kind: "SCHOOL" } }))).toEqual(["REQUIRED organization.name"]);
  });

  test("the job title: absent stays; null, empty and blank clear; space around it goes", () => {
    expect(draftAfter({ jobTitle: undefined })).toEqual(DRAFT);
    for (const jobTitle of [null, "", "   "]) {
      expect(draftAfter({ jobTitle }), JSON.stringify(jobTitle)).toEqual({ ...DRAFT, jobTitle: null });
    }
    expect(draftAfter({ jobTitle: " Director " })).toEqual({ ...DRAFT, jobTitle: "Director" });
  });

  test("an answer: absent stays; null, empty and blank remove; its own space and line breaks stay", () => {
    expect(draftAfter({ answers: [] })).toEqual(DRAFT);
    const { finance: _, ...others } = DRAFT.answers;
    for (const text of [null, "", " \n\t "]) {
      const after = draftAfter({ answers: [{ questionId: "finance", text }] });
      expect(after, JSON.stringify(text)).toEqual({ ...DRAFT, answers: others });
    }
    const text = "  One.\r\n\tTwo. 👩🏽‍💻 ";
    expect(draftAfter({ answers: [{ questionId: "community", text }] })).toEqual({
      ...DRAFT,
      answers: { ...DRAFT.answers, community: text },
    });
  });

  test("removing an answer that was never given changes nothing", () => {
    expect(draftAfter({ answers: [{ questionId: "community", text: null }] })).toEqual(DRAFT);
  });

  const piecesOf = {
    "organization.name": (text: string): DraftPieces => ({ organization: { name: text, kind: "DISTRICT" } }),
    jobTitle: (text: string): DraftPieces => ({ jobTitle: text }),
    "answers.finance": (text: string): DraftPieces => ({ answers: [{ questionId: "finance", text }] }),
  };

  for (const [field, limit, label] of [
    ["organization.name", 200, "The organization's name"],
    ["jobTitle", 120, "The job title"],
    ["answers.finance", 4_000, "The answer"],
  ] as const) {
    test(`${field} takes ${limit} characters and not one more`, () => {
      const pieces = piecesOf[field];
      expect(faults(save(pieces("x".repeat(limit))))).toEqual([]);
      expect(save(pieces("x".repeat(limit + 1)))).toEqual({
        refusals: [
          {
            code: "TOO_LONG",
            field: field.split("."),
            message: `${label} has ${limit + 1} characters: please keep it to ${limit}.`,
          },
        ],
      });
      // An emoji is two units, as browsers count.
      expect(faults(save(pieces("🎓".repeat(limit / 2))))).toEqual([]);
      expect(faults(save(pieces(`${"🎓".repeat(limit / 2)}x`)))).toEqual([`TOO_LONG ${field}`]);
    });

    test(`${field} takes emoji, marks and other scripts, but nothing that cannot be stored or mailed`, () => {
      const pieces = piecesOf[field];
      for (const text of ["Zoë O’Neill", "אבג", "👩🏽‍💻", "e\u0301", "<b>&amp;</b>", "=1+1", "{{name}}"]) {
        expect(faults(save(pieces(text))), text).toEqual([]);
      }
      for (const text of ["a\u0000b", "a\u0007b", "a\u007fb", "a\u0085b", "a\ud800b", "a\udc00b", "a\u2028b"]) {
        expect(faults(save(pieces(text))), JSON.stringify(text)).toEqual([`BAD_CHARACTERS ${field}`]);
      }
    });
  }

  test("only answers have more than one line", () => {
    for (const text of ["a\nb", "a\rb", "a\tb"]) {
      expect(faults(save(piecesOf["organization.name"](text)))).toEqual(["BAD_CHARACTERS organization.name"]);
      expect(faults(save(piecesOf.jobTitle(text)))).toEqual(["BAD_CHARACTERS jobTitle"]);
      expect(faults(save(piecesOf["answers.finance"](text)))).toEqual([]);
    }
  });

  test("each question has a limit of its own", () => {
    const questions = { CANDIDATE: [{ id: "short", prompt: "Short?", required: true, maxLength: 5 }], MENTOR: [] };
    const asked = (text: string) =>
      saveApplication(
        application("DRAFT"),
        { answers: [{ questionId: "short", text }] },
        { cohort: cohort({ questions }) },
      );
    expect(faults(asked("12345"))).toEqual([]);
    expect(faults(asked("123456"))).toEqual(["TOO_LONG answers.short"]);
  });

  test("all faults are named at once, and nothing is saved", () => {
    const ruling = save({
      organization: { name: "x".repeat(201), kind: "DISTRICT" },
      jobTitle: "a\u0000b",
      answers: [
        { questionId: "finance", text: "x".repeat(4_001) },
        { questionId: "finance", text: "again" },
        { questionId: "position", text: "a mentor's question" },
        { questionId: "__proto__", text: "x" },
        { questionId: "leadership", text: "\ud800" },
      ],
    });
    expect(faults(ruling)).toEqual([
      "TOO_LONG organization.name",
      "BAD_CHARACTERS jobTitle",
      "ANSWER_TWICE answers",
      "TOO_LONG answers.finance",
      "UNKNOWN_QUESTION answers",
      "UNKNOWN_QUESTION answers",
      "BAD_CHARACTERS answers.leadership",
    ]);
    expect(refused(ruling)[2]?.message).toBe("The question finance is answered twice: please send one answer.");
    expect(refused(ruling)[4]?.message).toBe(
      "This cohort does not ask such a question: please use an id from its question list.",
    );
  });

  test("more answers than questions are not looked through one by one", () => {
    const answers = (count: number) => Array.from({ length: count }, () => ({ questionId: "finance", text: "x" }));
    expect(save({ answers: answers(8), jobTitle: "a\u0000b" })).toEqual({
      refusals: [
        {
          code: "ANSWER_TWICE",
          field: ["answers"],
          message: "There are more answers than questions: please answer each question once.",
        },
      ],
    });
    expect(faults(save({ answers: answers(7) }))).toEqual(Array.from({ length: 6 }, () => "ANSWER_TWICE answers"));
  });

  test("mentors answer the mentors' questions", () => {
    const mentor = application("DRAFT", { kind: "MENTOR" });
    expect(faults(save({ answers: [{ questionId: "position", text: "x" }] }, null, mentor))).toEqual([]);
    expect(faults(save({ answers: [{ questionId: "finance", text: "x" }] }, null, mentor))).toEqual([
      "UNKNOWN_QUESTION answers",
    ]);
  });

  test("an expected version is compared when there is one", () => {
    for (const version of [undefined, null, 4]) expect(faults(save({ jobTitle: "Director" }, version))).toEqual([]);
    for (const version of [0, 3, 5]) {
      expect(save({ jobTitle: "Director" }, version)).toEqual({
        refusals: [
          {
            code: "CONFLICT",
            field: ["expectedVersion"],
            message: "Somebody changed this in the meantime: please look at the current version and try again.",
          },
        ],
      });
    }
  });
});
