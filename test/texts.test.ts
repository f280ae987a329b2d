import { beforeAll, expect, test } from "vitest";
import { someone, startProgram, STAFF } from "./support/program.ts";
import { readTable } from "./support/stored.ts";
import { draft, idOf, IN_WINDOW, publishedCohort, step, submitted, TERMS } from "./support/steps.ts";

const program = await startProgram({ at: IN_WINDOW });
const cohortId = await publishedCohort(program);
const applicant = someone("Texts Applicant");
const reader = someone("Texts Reader");
const json = (value: unknown) => JSON.stringify(value);

interface Place {
  field: string;
  max: number;
  multiline?: boolean;
  /** Writes the text; answers the faults, and how it reads afterwards. */
  write(text: string): Promise<{ codes: string[]; field: string[] | null | undefined; read: string | undefined }>;
}
let applicationId = "";
let submittedId = "";
let personId = "";
let number = 100;
beforeAll(async () => {
  applicationId = await draft(program, applicant, cohortId, "MENTOR");
  submittedId = await submitted(program, someone("Values Decided"), cohortId);
  personId = await idOf(program, reader);
});

const place = (field: string, max: number, write: (text: string) => Promise<unknown>, multiline = false): Place => ({
  field,
  max,
  multiline,
  write: async (text) => {
    const outcome = (await write(text)) as { userErrors: { code: string; field: string[] }[] };
    const { userErrors, ...rest } = outcome;
    const read = json(rest).includes(json(text).slice(1, -1)) ? text : json(rest);
    return { codes: userErrors.map(({ code }) => code), field: userErrors[0]?.field, read };
  },
});
const save = (pieces: object) =>
  step(
    program,
    applicant,
    "applicationSave",
    { applicationId, ...pieces },
    "application { draft { jobTitle organization { name } answers { text } } }",
  );
const cohort = (terms: object) =>
  step(program, STAFF, "cohortCreate", { ...TERMS, number: number++, ...terms }, "cohort { name region }");
const PLACES: readonly Place[] = [
  place("name of a person", 120, (name) => step(program, reader, "viewerRename", { name }, "person { name }")),
  place("name of a cohort", 120, (name) => cohort({ name })),
  place("region", 80, (region) => cohort({ region })),
  place("job title", 120, (jobTitle) => save({ jobTitle })),
  place("organization", 200, (name) => save({ organization: { name, kind: "DISTRICT" } })),
  place("answer", 4_000, (text) => save({ answers: [{ questionId: "position", text }] }), true),
  place("rationale", 4_000, (rationale) => prepareWith(rationale), true),
  place("reason of a grant", 1_000, (why) => grantAndEnd(why), true),
];

function prepareWith(rationale: string) {
  const input = { applicationId: submittedId, outcome: "DECLINE", rationale };
  return step(program, STAFF, "decisionPrepare", input, "decision { rationale }");
}

async function grantAndEnd(why: string) {
  const input = { personId, role: "COMMITTEE", why };
  const selection = "person { history(first: 1) { nodes { why } } }";
  const granted = await step(program, STAFF, "roleGrant", input, selection);
  if (granted.userErrors.length === 0) await step(program, STAFF, "roleEnd", { ...input, why: "Test" });
  return granted;
}

/** A picture of seven code units, a letter with a combining mark, right-to-left letters, and one that doubles in size. */
const UNITS = ["👩🏽‍🚀", "e\u0301", "שלום ", "ﷺ", "<b>&amp;'\"{{x}}", "👩🏽‍🚀e\u0301 שלום ﷺ"];
const filled = (unit: string, length: number) => {
  const whole = unit.repeat(Math.floor((length - 1) / unit.length));
  return whole + "x".repeat(length - whole.length);
};

test.each(PLACES)("$field takes $max characters of any script as they are, and not one more", async (each) => {
  for (const unit of UNITS) {
    const text = filled(unit, each.max);
    expect(text).toHaveLength(each.max);
    expect(await each.write(text)).toMatchObject({ codes: [], read: text });
    expect((await each.write(`${text}x`)).codes).toEqual(["TOO_LONG"]);
  }
  const { items } = await readTable(program);
  expect(json(items)).toContain(json(filled(UNITS.at(-1)!, each.max)).slice(1, -1));
});

test.each(PLACES)(
  "$field takes no half characters, nothing invisible that breaks mails, and lines only where they fit",
  async (each) => {
    for (const bad of ["a\ud800b", "a\udc00", "a\u0000b", "a\u001b[31mb", "a\u2028b", "a\u0085b", "a\u007fb"]) {
      expect((await each.write(bad)).codes).toEqual(["BAD_CHARACTERS"]);
    }
    for (const lines of ["a\r\nBcc: b@example.org", "a\nb", "a\tb"]) {
      const { codes, read } = await each.write(lines);
      expect(codes).toEqual(each.multiline ? [] : ["BAD_CHARACTERS"]);
      if (each.multiline) expect(read).toBe(lines);
    }
  },
);

test("more answers than there are questions are refused at once", async () => {
  const answers = Array.from({ length: 10_000 }, () => ({ questionId: "" }));
  const message = "There are more answers than questions: please answer each question once.";
  expect((await save({ answers })).userErrors).toEqual([{ code: "ANSWER_TWICE", field: ["answers"], message }]);
});
