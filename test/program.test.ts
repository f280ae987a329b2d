import { expect, test } from "vitest";
import { startProgram, STAFF } from "./support/program.ts";
import { publishedCohort, step, TERMS } from "./support/steps.ts";

const program = await startProgram({ at: "2026-07-15T16:00:00.000Z" });

const PROGRAM = `{ program { phase cohort { name } openCohort { name } nextCohort { name } tuition { cents }
  facts { label value } faq { question answer } dates { label at local zone } candidateQuestions { id } mentorQuestions { id } } }`;

interface Told {
  phase: string;
  cohort: { name: string } | null;
  openCohort: { name: string } | null;
  nextCohort: { name: string } | null;
  tuition: { cents: number } | null;
  facts: { label: string; value: string }[];
  faq: { question: string; answer: string }[];
  dates: { label: string; at: string; local: string; zone: string }[];
  candidateQuestions: { id: string }[];
  mentorQuestions: { id: string }[];
}

const told = async (): Promise<Told> => (await program.ask<{ program: Told }>(null, PROGRAM)).program;

const answerTo = ({ faq }: Told, question: string) => faq.find((entry) => entry.question === question)?.answer;

test("while no cohort is published the public is told that there is none", async () => {
  const { cohort } = await step<{ cohort: { id: string } }>(
    program,
    STAFF,
    "cohortCreate",
    { ...TERMS, number: 1, name: "Hidden" },
    "cohort { id }",
  );
  expect(cohort.id).toEqual(expect.any(String));
  expect(await told()).toEqual({
    phase: "NONE",
    cohort: null,
    openCohort: null,
    nextCohort: null,
    tuition: null,
    facts: [],
    faq: [],
    dates: [],
    candidateQuestions: [],
    mentorQuestions: [],
  });
});

const faq = async () => (await told()).faq.map(({ question, answer }) => [question, answer]);

let first = "";

test("before the window the public is told of the cohort to come", async () => {
  first = await publishedCohort(program, { number: 2, candidateLetters: 1 });
  await publishedCohort(program, {
    number: 3,
    name: "Cohort 2028",
    windowOpens: "2027-08-02T08:00",
    windowCloses: "2027-09-17T17:00",
  });
  const now = await told();
  expect([now.phase, now.cohort, now.openCohort, now.nextCohort, now.tuition]).toEqual([
    "BEFORE",
    { name: "Cohort 2027" },
    null,
    { name: "Cohort 2027" },
    { cents: 250_000 },
  ]);
  expect(now.facts).toEqual([
    { label: "Cohort", value: "Cohort 2027" },
    { label: "Year", value: "2027" },
    { label: "Region", value: "Northern California" },
    { label: "Seats", value: "20" },
    { label: "Tuition", value: "$2,500.00" },
    { label: "Time zone", value: "America/Los_Angeles" },
    {
      label: "Curriculum",
      value:
        "Student systems and accountability; District technology; User support; Budgeting and finance; " +
        "Contracts and procurement; Risk management; Leadership",
    },
    { label: "Certificate", value: "Valid for 3 years" },
  ]);
  const zone = "America/Los_Angeles";
  expect(now.dates).toEqual([
    { label: "Applications of candidates open", at: "2026-08-01T15:00:00.000Z", local: "2026-08-01T08:00", zone },
    { label: "Applications of mentors open", at: "2026-08-01T15:00:00.000Z", local: "2026-08-01T08:00", zone },
    { label: "Applications of candidates close", at: "2026-09-19T00:00:00.000Z", local: "2026-09-18T17:00", zone },
    { label: "Applications of mentors close", at: "2026-09-19T00:00:00.000Z", local: "2026-09-18T17:00", zone },
    { label: "Letters for candidates are due", at: "2026-09-26T00:00:00.000Z", local: "2026-09-25T17:00", zone },
  ]);
  expect(now.candidateQuestions).toHaveLength(7);
  expect(now.mentorQuestions).toHaveLength(5);
  expect((await faq())[0]).toEqual([
    "When can candidates apply?",
    "From Saturday, August 1, 2026 at 8:00 AM PDT until before Friday, September 18, 2026 at 5:00 PM PDT.",
  ]);
});

test("what people ask is answered from the policy, and follows it", async () => {
  const candidates = [
    [
      "What must candidates fulfil?",
      "Career objective to become a fully qualified CTO; Works for a K-12 organization.",
    ],
    ["Do candidates need letters from others?", "Yes, 1 letter, before Friday, September 25, 2026 at 5:00 PM PDT."],
    ["Do mentors need letters from others?", "No."],
    ["What does it cost?", "The tuition is $2,500.00."],
    [
      "What are candidates asked?",
      "Where they work and as what, 6 questions that must be answered and 1 question that can be left out.",
    ],
    [
      "May a letter come after the deadline?",
      "Yes, up to 7 days after the applications close. The application itself may not.",
    ],
  ];
  expect(await faq()).toEqual(expect.arrayContaining(candidates));
  const input = { cohortId: first, expectedVersion: 2, letters: { candidates: 0, mentors: 2, toleranceDays: 0 } };
  await step(program, STAFF, "cohortPolicyChange", input);
  const free = { cohortId: first, expectedVersion: 3, tuition: { cents: 0, currency: "USD" } };
  await step(program, STAFF, "cohortChange", free);
  const list = { cohortId: first, expectedVersion: 4, kind: "CANDIDATE", criteria: [] };
  await step(program, STAFF, "cohortCriteriaChange", list);
  const asked = await faq();
  expect(asked).toEqual(
    expect.arrayContaining([
      ["Do candidates need letters from others?", "No."],
      ["Do mentors need letters from others?", "Yes, 2 letters, before Friday, September 18, 2026 at 5:00 PM PDT."],
      ["What does it cost?", "There is no tuition."],
    ]),
  );
  expect(asked.map(([question]) => question).filter((question) => question?.includes("candidates"))).toEqual([
    "When can candidates apply?",
    "What are candidates asked?",
    "Do candidates need letters from others?",
    "How many candidates are accepted?",
    "How many candidates does a mentor have?",
  ]);
  expect(asked.map(([question]) => question)).not.toContain("May a letter come after the deadline?");
});

test("from the first instant of the window until the deadline people are told, the public is told it is open", async () => {
  const enforced = { cohortId: first, expectedVersion: 5, kind: "CANDIDATE", enforced: "2026-09-18T17:45" };
  expect((await step(program, STAFF, "cohortWindowChange", enforced)).userErrors).toEqual([]);
  program.clock.moveTo("2026-08-01T15:00:00.000Z");
  const now = await told();
  expect([now.phase, now.openCohort, now.nextCohort]).toEqual([
    "OPEN",
    { name: "Cohort 2027" },
    { name: "Cohort 2028" },
  ]);
  expect(answerTo(now, "When can candidates apply?")).toBe(
    "Now, until before Friday, September 18, 2026 at 5:00 PM PDT.",
  );
  // Nothing tells of the deadline that is enforced.
  expect(JSON.stringify(now)).not.toMatch(/17:45|5:45|00:45/);
  program.clock.moveTo("2026-09-19T00:00:00.000Z");
  const after = await told();
  expect([after.phase, after.cohort, after.openCohort]).toEqual(["BEFORE", { name: "Cohort 2028" }, null]);
  expect(JSON.stringify(after)).not.toMatch(/17:45|5:45|00:45/);
});

test("after the last window the public is told that it is closed", async () => {
  program.clock.moveTo("2027-09-18T00:00:00.000Z");
  const now = await told();
  expect([now.phase, now.cohort, now.openCohort, now.nextCohort]).toEqual([
    "AFTER",
    { name: "Cohort 2028" },
    null,
    null,
  ]);
  expect(answerTo(now, "When can mentors apply?")).toBe(
    "Applications closed on Friday, September 17, 2027 at 5:00 PM PDT.",
  );
});
