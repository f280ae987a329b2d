import { expect, test } from "vitest";
import { DEFAULT_POLICY } from "../schema/cohort/policy.ts";
import type { Caller } from "../infra/local/caller.ts";
import { checkInvariants } from "./support/invariants.ts";
import { someone, startProgram, STAFF } from "./support/program.ts";
import {
  committeeMember,
  complete,
  draft,
  idOf,
  IN_WINDOW,
  lateCode,
  publishedCohort,
  step,
  submitted,
  subjectsTo,
  type Outcome,
} from "./support/steps.ts";
import { ticking } from "./support/ticking.ts";

const time = ticking(IN_WINDOW);
const program = await startProgram({ at: IN_WINDOW, realTime: time.realTime });
/** Does one thing at each of these instants, and nothing in between. */
async function atEach<Answer>(...steps: readonly (readonly [string, () => Promise<Answer>])[]): Promise<Answer[]> {
  return time.holdAt(program.clock, steps[0]![0], async () => {
    const answers: Answer[] = [];
    for (const [instant, work] of steps) {
      program.clock.moveTo(instant);
      answers.push(await work());
    }
    return answers;
  });
}

const faults = ({ userErrors }: Outcome<object>) => userErrors.map(({ code, field }) => [code, field?.join(".")]);

/** The same for steps of which nobody knows who comes first. */
const sorted = (outcomes: Outcome<object>[]) => outcomes.map(faults).sort((a, b) => a.length - b.length);

let numbers = 100;

async function versionOf(id: string): Promise<number> {
  const { cohort } = await program.ask<{ cohort: { version: number } }>(
    STAFF,
    "query($id: ID!) { cohort(id: $id) { version } }",
    { id },
  );
  return cohort.version;
}

async function changed<Thing>(mutation: string, cohortId: string, input: object, selection = "cohort { version }") {
  const expectedVersion = await versionOf(cohortId);
  return step<{ cohort: Thing }>(program, STAFF, mutation, { cohortId, expectedVersion, ...input }, selection);
}

const submit = (caller: Caller, applicationId: string, lateness?: string) =>
  step<{ application: { state: string } }>(
    program,
    caller,
    "applicationSubmit",
    { applicationId, lateCode: lateness },
    "application { state }",
  );

const start = (caller: Caller, cohortId: string, kind: string, lateness?: string) =>
  step<{ application: { id: string; state: string } | null }>(
    program,
    caller,
    "applicationStart",
    { cohortId, kind, lateCode: lateness },
    "application { id state }",
  );

/** A draft that lacks nothing. */
async function finished(caller: Caller, cohortId: string, kind: "CANDIDATE" | "MENTOR" = "CANDIDATE"): Promise<string> {
  const id = await draft(program, caller, cohortId, kind);
  expect((await step(program, caller, "applicationSave", complete(id, kind))).userErrors).toEqual([]);
  return id;
}

test("a question that is taken out keeps its answers: with what was submitted, and for the writer of a draft", async () => {
  const id = await publishedCohort(program, { number: ++numbers });
  const [early, writer] = [someone("Early Bird"), someone("Slow Writer")];
  const sent = await submitted(program, early, id);
  const draftId = await finished(writer, id);
  const questions = [
    { id: "objective", prompt: "What is your aim?", required: true, maxLength: 500 },
    { id: "budget", prompt: "Which budget do you look after?", required: false, maxLength: 500 },
  ];
  const edited = await changed<{ candidateQuestions: object[] }>(
    "cohortQuestionsChange",
    id,
    { kind: "CANDIDATE", questions },
    "cohort { candidateQuestions { id prompt required maxLength } }",
  );
  expect(edited).toEqual({ cohort: { candidateQuestions: questions }, userErrors: [] });

  const query = `query($id: ID!) { node(id: $id) { ... on Application {
    draft { answers { questionId prompt } formerAnswers { questionId prompt text } } submission { answers { questionId prompt } } } } }`;
  type Written = { questionId: string; prompt: string };
  interface Seen {
    node: { draft: { answers: Written[]; formerAnswers: Written[] }; submission: { answers: Written[] } | null };
  }
  const before = await program.ask<Seen>(early, query, { id: sent });
  expect(before.node.submission?.answers.map(({ questionId }) => questionId)).toEqual([
    "objective",
    "leadership",
    "technology",
    "projects",
    "finance",
    "experience",
  ]);
  expect(before.node.submission?.answers[0]?.prompt).toBe(
    "What is your career objective, and how does becoming a fully qualified CTO serve it?",
  );
  const open = await program.ask<Seen>(writer, query, { id: draftId });
  expect(open.node.draft.answers).toEqual([{ questionId: "objective", prompt: "What is your aim?" }]);
  expect(open.node.draft.formerAnswers.map(({ questionId }) => questionId)).toEqual([
    "leadership",
    "technology",
    "projects",
    "finance",
    "experience",
  ]);
  expect(open.node.draft.formerAnswers[0]).toEqual({
    questionId: "leadership",
    prompt: "Describe a team or initiative you led. What did you change, and what did you learn?",
    text: "An answer about leadership.",
  });

  const save = (questionId: string, text: string | null) =>
    step(program, writer, "applicationSave", { applicationId: draftId, answers: [{ questionId, text }] });
  expect(faults(await save("leadership", "More."))).toEqual([["UNKNOWN_QUESTION", "answers"]]);
  expect(faults(await save("leadership", null))).toEqual([]);
  expect(faults(await save("community", null))).toEqual([["UNKNOWN_QUESTION", "answers"]]);
  const after = await program.ask<Seen>(writer, query, { id: draftId });
  expect(after.node.draft.formerAnswers.map(({ questionId }) => questionId)).toEqual([
    "technology",
    "projects",
    "finance",
    "experience",
  ]);

  const again = (prompt: string) => {
    const back = { id: "finance", prompt, required: false, maxLength: 500 };
    return changed("cohortQuestionsChange", id, { kind: "CANDIDATE", questions: [...questions, back] });
  };
  expect(faults(await again("What do you earn?"))).toEqual([["ID_USED", "questions.2.id"]]);
  expect(
    faults(await again("What experience do you have with technology budgets, school finance and purchasing?")),
  ).toEqual([]);
  expect((await submit(writer, draftId)).application.state).toBe("COMPLETE");
  const { node } = await program.ask<Seen>(writer, query, { id: draftId });
  expect(node.submission?.answers).toEqual([
    { questionId: "objective", prompt: "What is your aim?" },
    {
      questionId: "finance",
      prompt: "What experience do you have with technology budgets, school finance and purchasing?",
    },
  ]);
});

test("every fault of a list is named by its place, and nothing is changed then", async () => {
  const id = await publishedCohort(program, { number: ++numbers });
  const question = { prompt: "Why?", required: true, maxLength: 100 };
  const questions = [
    { ...question, id: "why" },
    { ...question, id: "why", prompt: " " },
    { ...question, id: "no good", maxLength: 0 },
    { ...question, id: "constructor" },
  ];
  expect(faults(await changed("cohortQuestionsChange", id, { kind: "MENTOR", questions }))).toEqual([
    ["ID_TWICE", "questions.1.id"],
    ["BAD_ID", "questions.2.id"],
    ["BAD_ID", "questions.3.id"],
    ["REQUIRED", "questions.1.prompt"],
    ["OUT_OF_RANGE", "questions.2.maxLength"],
  ]);
  const criteria = [
    { id: "position", name: "Leads", kind: "SCORED" },
    { id: "weighty", name: "x".repeat(201), kind: "SOFT", weight: 2 },
    { id: "light", name: "Light", kind: "SCORED", weight: 0 },
  ];
  expect(faults(await changed("cohortCriteriaChange", id, { kind: "MENTOR", criteria }))).toEqual([
    ["ID_USED", "criteria.0.id"],
    ["TOO_LONG", "criteria.1.name"],
    ["OUT_OF_RANGE", "criteria.1.weight"],
    ["OUT_OF_RANGE", "criteria.2.weight"],
  ]);
  const edit = {
    letters: { candidates: 6, reminderDays: [0] },
    review: { perApplication: 0, discussAbove: 4 },
    vote: { quorumAbove: 1 },
    offer: { lapsesAt: "25:00", days: 3, reminderDays: [3] },
    team: { mentorCapacity: 11 },
    regions: ["North", ""],
  };
  expect(faults(await changed("cohortPolicyChange", id, edit))).toEqual([
    ["OUT_OF_RANGE", "letters.candidates"],
    ["OUT_OF_RANGE", "letters.reminderDays"],
    ["OUT_OF_RANGE", "review.perApplication"],
    ["OUT_OF_RANGE", "review.discussAbove"],
    ["OUT_OF_RANGE", "vote.quorumAbove"],
    ["BAD_TIME", "offer.lapsesAt"],
    ["OUT_OF_RANGE", "offer.reminderDays"],
    ["OUT_OF_RANGE", "team.mentorCapacity"],
    ["REQUIRED", "regions.1"],
  ]);
  const late = { kind: "MENTOR", closes: "2026-09-18T17:00", enforced: "2026-09-18T16:59" };
  expect(faults(await changed("cohortWindowChange", id, late))).toEqual([["ENFORCED_BEFORE_SHOWN", "enforced"]]);
  expect(await versionOf(id)).toBe(2);
  const stale = { cohortId: id, expectedVersion: 1, kind: "MENTOR" };
  for (const [mutation, list] of [
    ["cohortQuestionsChange", { questions: [] }],
    ["cohortCriteriaChange", { criteria: [] }],
    ["cohortWindowChange", {}],
  ] as const) {
    expect(faults(await step(program, STAFF, mutation, { ...stale, ...list }))).toEqual([
      ["CONFLICT", "expectedVersion"],
    ]);
  }
});

test("of two who change the policy at once one is told that the other was faster", async () => {
  const id = await publishedCohort(program, { number: ++numbers });
  const change = (days: number) =>
    step(program, STAFF, "cohortPolicyChange", { cohortId: id, expectedVersion: 2, offer: { days } });
  expect(sorted(await Promise.all([change(10), change(12)]))).toEqual([[], [["CONFLICT", "expectedVersion"]]]);
});

test("criteria, policy and deadlines are told to those they are for", async () => {
  const id = await publishedCohort(program, { number: ++numbers });
  const criteria = [
    { id: "position", name: "Leads K-12 technology", kind: "GATE" },
    { id: "experience", name: "Experience", kind: "SCORED", weight: 3 },
  ];
  expect(faults(await changed("cohortCriteriaChange", id, { kind: "MENTOR", criteria }))).toEqual([]);
  const edit = {
    letters: { mentors: 2, reminderDays: [1, 5, 1] },
    review: { perApplication: 2 },
    regions: [" North "],
  };
  expect(faults(await changed("cohortPolicyChange", id, edit))).toEqual([]);
  const times = { kind: "MENTOR", closes: "2026-09-25T17:00", enforced: "2026-09-25T17:30" };
  expect(faults(await changed("cohortWindowChange", id, times))).toEqual([]);

  const open = `policy { letters { candidates mentors toleranceDays reminderDays } offer { days lapsesAt promotion } regions }
    window { closes } candidateWindow { closes } mentorWindow { opens closes closesAt } mentorCriteria { id name kind }`;
  const inner =
    "policy { committee { review { perApplication discussAbove } vote { quorumAbove } team { sameEmployer } } }";
  const ask = (caller: Caller, selection: string) =>
    program.ask<{ cohort: object }>(caller, `query($id: ID!) { cohort(id: $id) { ${selection} } }`, { id });
  expect(await ask(null, open)).toEqual({
    cohort: {
      policy: {
        letters: { candidates: 0, mentors: 2, toleranceDays: 7, reminderDays: [5, 1] },
        offer: { days: 14, lapsesAt: "17:00", promotion: "AUTOMATIC" },
        regions: ["North"],
      },
      window: { closes: "2026-09-18T17:00" },
      candidateWindow: { closes: "2026-09-18T17:00" },
      mentorWindow: { opens: "2026-08-01T08:00", closes: "2026-09-25T17:00", closesAt: "2026-09-26T00:00:00.000Z" },
      mentorCriteria: [
        { id: "position", name: "Leads K-12 technology", kind: "GATE" },
        { id: "experience", name: "Experience", kind: "SCORED" },
      ],
    },
  });
  const member = await committeeMember(program, someone("Policy Reader"));
  for (const caller of [STAFF, member]) {
    expect(await ask(caller, `${inner} mentorCriteria { weight }`)).toEqual({
      cohort: {
        policy: {
          committee: {
            review: { perApplication: 2, discussAbove: 1 },
            vote: { quorumAbove: 0.5 },
            team: { sameEmployer: "AVOIDED" },
          },
        },
        mentorCriteria: [{ weight: 0 }, { weight: 3 }],
      },
    });
  }
  expect(await ask(STAFF, "mentorWindow { enforced enforcedAt }")).toEqual({
    cohort: { mentorWindow: { enforced: "2026-09-25T17:30", enforcedAt: "2026-09-26T00:30:00.000Z" } },
  });
  await expect(ask(member, "mentorWindow { enforced }")).rejects.toThrow("FORBIDDEN");
  const { cohort } = await program.ask<{ cohort: { history: { nodes: { type: string; after: string }[] } } }>(
    STAFF,
    "query($id: ID!) { cohort(id: $id) { history(first: 3) { nodes { type after } } } }",
    { id },
  );
  expect(cohort.history.nodes.map(({ type, after }) => [type, JSON.parse(after)])).toEqual([
    ["CohortChanged", { mentorWindowCloses: "2026-09-25T17:00", mentorWindowEnforced: "2026-09-25T17:30" }],
    [
      "CohortPolicyChanged",
      {
        letters: { required: { CANDIDATE: 0, MENTOR: 2 }, toleranceDays: 7, reminderDays: [5, 1] },
        review: { ...DEFAULT_POLICY.review, perApplication: 2 },
        regions: ["North"],
      },
    ],
    ["CohortCriteriaChanged", { criteria: [{ ...criteria[0], weight: 0 }, criteria[1]] }],
  ]);
});

test("next year's cohort keeps weekdays, takes the other region, and brings nobody along", async () => {
  const id = await publishedCohort(program, { number: ++numbers });
  await submitted(program, someone("Last Year"), id);
  await lateCode(program, id);
  await changed("cohortWindowChange", id, { kind: "CANDIDATE", enforced: "2026-09-18T18:00" });
  await changed("cohortQuestionsChange", id, { kind: "MENTOR", questions: [] });
  await changed("cohortChange", id, { seats: 17, tuition: { cents: 260_000, currency: "USD" } });
  const input = { cohortId: id, number: ++numbers, name: "Cohort 2028" };
  const selection = `cohort { id state year number name region zone seats seatsTaken tuition { cents }
    candidateWindow { opens closes enforced closesAt } mentorWindow { closes } candidateQuestions { id } mentorQuestions { id }
    lateCodes { nodes { id } } applications { nodes { id } } unsubmittedApplications { nodes { id } } }
    region dates { label was wasWeekday becomes weekday }`;
  type Cloned = { cohort: { id: string } | null; region: string; dates: object[] };
  const clone = (more: object = {}) => step<Cloned>(program, STAFF, "cohortClone", { ...input, ...more }, selection);
  const dates = [
    ["Applications of candidates open", "2026-08-01T08:00", "Saturday", "2027-07-31T08:00", "Saturday"],
    ["Applications of mentors open", "2026-08-01T08:00", "Saturday", "2027-07-31T08:00", "Saturday"],
    ["Deadline of candidates, as people are told", "2026-09-18T17:00", "Friday", "2027-09-17T17:00", "Friday"],
    ["Deadline of mentors, as people are told", "2026-09-18T17:00", "Friday", "2027-09-17T17:00", "Friday"],
    ["Deadline of mentors, as it is enforced", "2026-09-18T17:00", "Friday", "2027-09-17T17:00", "Friday"],
    ["Deadline of candidates, as it is enforced", "2026-09-18T18:00", "Friday", "2027-09-17T18:00", "Friday"],
  ].map(([label, was, wasWeekday, becomes, weekday]) => ({ label, was, wasWeekday, becomes, weekday }));
  expect(await clone({ dryRun: true })).toEqual({
    cohort: null,
    region: "Southern California",
    dates,
    userErrors: [],
  });
  const made = await clone();
  expect(made).toEqual({
    cohort: {
      id: expect.any(String),
      state: "DRAFT",
      year: 2028,
      number: input.number,
      name: "Cohort 2028",
      region: "Southern California",
      zone: "America/Los_Angeles",
      seats: 17,
      seatsTaken: 0,
      tuition: { cents: 260_000 },
      candidateWindow: {
        opens: "2027-07-31T08:00",
        closes: "2027-09-17T17:00",
        enforced: "2027-09-17T18:00",
        closesAt: "2027-09-18T00:00:00.000Z",
      },
      mentorWindow: { closes: "2027-09-17T17:00" },
      candidateQuestions: [
        "objective",
        "leadership",
        "technology",
        "projects",
        "finance",
        "experience",
        "community",
      ].map((question) => ({ id: question })),
      mentorQuestions: [],
      lateCodes: { nodes: [] },
      applications: { nodes: [] },
      unsubmittedApplications: { nodes: [] },
    },
    region: "Southern California",
    dates,
    userErrors: [],
  });
  for (const dryRun of [true, false]) expect(faults(await clone({ dryRun }))).toEqual([["NUMBER_TAKEN", "number"]]);
  // What was retired stays so, and the turn goes on.
  const used = { id: "position", prompt: "Something else?", required: true, maxLength: 10 };
  expect(
    faults(await changed("cohortQuestionsChange", made.cohort!.id, { kind: "MENTOR", questions: [used] })),
  ).toEqual([["ID_USED", "questions.0.id"]]);
  const third = { ...input, cohortId: made.cohort!.id, number: ++numbers, dryRun: true };
  expect((await step<Cloned>(program, STAFF, "cohortClone", third, "region")).region).toBe("Northern California");
  const both = { ...input, number: ++numbers };
  const racers = await Promise.all([1, 2].map(() => step(program, STAFF, "cohortClone", both)));
  expect(sorted(racers)).toEqual([[], [["NUMBER_TAKEN", "number"]]]);
});

const cohort2027 = await publishedCohort(program, { number: 1 });
const sister = await publishedCohort(program, {
  number: 2,
  name: "Sister",
  windowOpens: "2027-01-05T08:00",
  windowCloses: "2027-02-05T17:00",
});

test("the deadline people are told and the one that is enforced are exact to the millisecond, each kind on its own", async () => {
  const id = await publishedCohort(program, { number: ++numbers, name: "Exact" });
  await changed("cohortWindowChange", id, { kind: "CANDIDATE", enforced: "2026-09-18T17:30" });
  await changed("cohortWindowChange", id, { kind: "MENTOR", closes: "2026-09-18T17:10" });
  const people = ["One", "Two", "Three", "Four"].map((name) => someone(`Exact ${name}`));
  const drafts: string[] = [];
  for (const person of people) drafts.push(await finished(person, id));
  const mentors = ["Five", "Six"].map((name) => someone(`Exact ${name}`));
  const offers: string[] = [];
  for (const person of mentors) offers.push(await finished(person, id, "MENTOR"));
  const candidate = (who: number) => () => submit(people[who]!, drafts[who]!);
  const mentor = (who: number) => () => submit(mentors[who]!, offers[who]!);
  const answers = await atEach(
    // The deadline people are told passes, and nothing changes.
    ["2026-09-19T00:00:00.000Z", candidate(0)],
    ["2026-09-19T00:09:59.999Z", mentor(0)],
    ["2026-09-19T00:10:00.000Z", mentor(1)],
    ["2026-09-19T00:29:59.999Z", candidate(1)],
    ["2026-09-19T00:30:00.000Z", candidate(2)],
    ["2026-09-19T00:30:00.001Z", candidate(3)],
  );
  expect(answers.map(faults)).toEqual([
    [],
    [],
    [["TOO_LATE", undefined]],
    [],
    [["TOO_LATE", undefined]],
    [["TOO_LATE", undefined]],
  ]);
  expect(answers.slice(4).flatMap(({ userErrors }) => userErrors.map(({ message }) => message))).toEqual([
    "Applications closed on Friday, September 18, 2026 at 5:00 PM PDT.",
    "Applications closed on Friday, September 18, 2026 at 5:00 PM PDT.",
  ]);
  await program.runDue();
  for (const [index, person] of people.entries()) {
    const { node } = await program.ask<{ node: { state: string } }>(
      person,
      "query($id: ID!) { node(id: $id) { ... on Application { state } } }",
      { id: drafts[index] },
    );
    expect(node.state).toBe(["COMPLETE", "COMPLETE", "EXPIRED", "EXPIRED"][index]);
  }
});

test("a late code lets in as many as it was made for, once each, however many come at the same time", async () => {
  const { code } = await lateCode(program, cohort2027, { mostUses: 3 });
  expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}$/);
  const people = Array.from({ length: 6 }, (_, index) => someone(`Late ${index}`));
  await Promise.all(people.map((person) => idOf(program, person)));
  const [first] = people;
  expect(faults(await start(first!, cohort2027, "CANDIDATE"))).toEqual([["TOO_LATE", undefined]]);
  const started = await Promise.all(people.map((person) => start(person, cohort2027, "CANDIDATE", code)));
  const inside = started.flatMap(({ application }, index) => (application ? [{ id: application.id, index }] : []));
  expect(started.map(faults).sort((a, b) => a.length - b.length)).toEqual([
    [],
    [],
    [],
    ...Array.from({ length: 3 }, () => [["LATE_CODE_USED", "lateCode"]]),
  ]);
  expect(inside).toHaveLength(3);
  // Typed as people type, and again: it is counted no more.
  const [one, two, three] = inside.map(({ id, index }) => ({ id, person: people[index]! }));
  for (const { id, person } of [one!, two!, three!]) await step(program, person, "applicationSave", complete(id));
  expect(faults(await submit(one!.person, one!.id, ` ${code.toLowerCase().replaceAll("-", " ")} `))).toEqual([]);
  expect(faults(await submit(two!.person, two!.id))).toEqual([]);
  const { code: foreign } = await lateCode(program, cohort2027, { kind: "MENTOR" });
  const { code: elsewhere } = await lateCode(program, sister, { expires: "2027-03-01T08:00" });
  for (const wrong of [foreign, elsewhere, "K7F2-9QXB-04TD", "x".repeat(5_000), "K7F2#9QXB"]) {
    expect((await submit(three!.person, three!.id, wrong)).userErrors).toEqual([
      {
        code: "LATE_CODE_UNKNOWN",
        field: ["lateCode"],
        message: "There is no such code for this kind of application: please look at it again, or ask for one.",
      },
    ]);
  }
  expect(faults(await submit(three!.person, three!.id, "  "))).toEqual([]);

  const query = `query($id: ID!) { cohort(id: $id) { lateCodes { nodes { kind expiresAt mostUses uses why revokedAt createdBy { name }
    cohort { name } } } } }`;
  const { cohort } = await program.ask<{ cohort: { lateCodes: { nodes: object[] } } }>(STAFF, query, {
    id: cohort2027,
  });
  expect(cohort.lateCodes.nodes.at(-1)).toEqual({
    kind: "CANDIDATE",
    expiresAt: "2026-12-01T16:00:00.000Z",
    mostUses: 3,
    uses: 3,
    why: "Test",
    revokedAt: null,
    createdBy: { name: "Staff Test" },
    cohort: { name: "Cohort 2027" },
  });
  const applied = await program.ask(
    STAFF,
    "query($id: ID!) { node(id: $id) { ... on Application { lateCode { mostUses } history(first: 1) { nodes { after } } } } }",
    { id: one!.id },
  );
  expect(applied).toMatchObject({ node: { lateCode: { mostUses: 3 } } });
  expect(JSON.stringify(applied)).toMatch(/lateCodeId/);
});

test("a code that is revoked or expired lets nobody in, not even who has begun with it", async () => {
  const { id, code } = await lateCode(program, cohort2027, { mostUses: 2, expires: "2026-11-20T17:00" });
  const begun = someone("Begun Late");
  const { application } = await start(begun, cohort2027, "CANDIDATE", code);
  await step(program, begun, "applicationSave", complete(application!.id));
  const revoke = (why: string) =>
    step(program, STAFF, "lateCodeRevoke", { lateCodeId: id, why }, "lateCode { revokedAt }");
  expect(faults(await revoke(" "))).toEqual([["REQUIRED", "why"]]);
  expect(faults(await revoke("It was passed on."))).toEqual([]);
  expect(faults(await revoke("Again."))).toEqual([["ALREADY_REVOKED", undefined]]);
  expect(faults(await submit(begun, application!.id))).toEqual([["LATE_CODE_REVOKED", "lateCode"]]);
  expect(faults(await start(someone("Too Late"), cohort2027, "CANDIDATE", code))).toEqual([
    ["LATE_CODE_REVOKED", "lateCode"],
  ]);
  const second = await lateCode(program, cohort2027, { expires: "2026-11-20T17:00", mostUses: 2 });
  const late = someone("Later Still");
  await idOf(program, late);
  const [inTime, expired] = await atEach<Outcome<object>>(
    ["2026-11-21T00:59:59.999Z", () => submit(begun, application!.id, second.code)],
    ["2026-11-21T01:00:00.000Z", () => start(late, cohort2027, "CANDIDATE", second.code)],
  );
  expect(faults(inTime!)).toEqual([]);
  expect(expired!.userErrors).toEqual([
    {
      code: "LATE_CODE_EXPIRED",
      field: ["lateCode"],
      message: "This code was good until Friday, November 20, 2026 at 5:00 PM PST: please ask for another.",
    },
  ]);
});

test("a draft that is begun with a late code expires with the code, and can be taken up again with another", async () => {
  const { code } = await lateCode(program, cohort2027, { expires: "2026-11-27T17:00" });
  const person = someone("Late Drafter");
  const { application } = await start(person, cohort2027, "CANDIDATE", code);
  program.clock.moveTo("2026-11-28T01:00:00.000Z");
  await program.runDue();
  const state = async () =>
    (
      await program.ask<{ node: { state: string } }>(
        person,
        "query($id: ID!) { node(id: $id) { ... on Application { state } } }",
        { id: application!.id },
      )
    ).node.state;
  expect(await state()).toBe("EXPIRED");
  expect(await subjectsTo(program, person)).toEqual([
    expect.stringMatching(/^Your application APP-2027-\d+ was not submitted$/),
  ]);
  const another = await lateCode(program, cohort2027);
  const reopened = await start(person, cohort2027, "CANDIDATE", another.code);
  expect(reopened).toMatchObject({ application: { id: application!.id, state: "DRAFT" }, userErrors: [] });
});

test("a code is made with a reason for a time to come, and never for oneself", async () => {
  const create = (terms: object, by: Caller = STAFF) =>
    step<{ code: string | null }>(
      program,
      by,
      "lateCodeCreate",
      { cohortId: cohort2027, kind: "MENTOR", expires: "2026-12-20T17:00", mostUses: 1, why: "Test", ...terms },
      "code",
    );
  expect(faults(await create({ expires: "soon", mostUses: 0, why: "" }))).toEqual([
    ["BAD_TIME", "expires"],
    ["OUT_OF_RANGE", "mostUses"],
    ["REQUIRED", "why"],
  ]);
  expect(faults(await create({ expires: "2026-11-01T17:00", mostUses: 51 }))).toEqual([
    ["OUT_OF_RANGE", "mostUses"],
    ["IN_THE_PAST", "expires"],
  ]);
  expect(faults(await create({ cohortId: sister, expires: "2027-02-05T17:00" }))).toEqual([
    ["LATE_CODE_NOT_NEEDED", "expires"],
  ]);
  const { code } = await create({});
  expect(faults(await start(STAFF, cohort2027, "MENTOR", code!))).toEqual([["LATE_CODE_OWN", "lateCode"]]);
  await expect(create({}, someone("Late 0"))).rejects.toThrow("FORBIDDEN");
});

test("whoever is recused from an application learns nothing of it from a late code", async () => {
  const clerk = someone("Recused Clerk");
  const hired = { personId: await idOf(program, clerk), role: "STAFF", until: "2040-01-01T00:00:00.000Z", why: "Test" };
  await step(program, STAFF, "roleGrant", hired);
  const { id, code } = await lateCode(program, cohort2027, { mostUses: 2, expires: "2026-12-20T17:00" });
  const applicant = someone("Related Applicant");
  const { application } = await start(applicant, cohort2027, "CANDIDATE", code);
  const uses = async () => {
    const query = "query($id: ID!) { node(id: $id) { ... on LateCode { uses mostUses } } }";
    return (await program.ask<{ node: object }>(clerk, query, { id })).node;
  };
  expect(await uses()).toEqual({ uses: 1, mostUses: 2 });
  await step(program, clerk, "recusalDeclare", { applicationId: application!.id, why: "We are related." });
  expect(await uses()).toEqual({ uses: null, mostUses: 2 });
});

test("a deadline inside the hour that a clock change skips or repeats is one instant", async () => {
  const place = { windowOpens: "2027-02-08T08:00", year: 2028 };
  const spring = await publishedCohort(program, {
    ...place,
    number: ++numbers,
    windowCloses: "2027-03-14T02:30",
  });
  const autumn = await publishedCohort(program, {
    ...place,
    number: ++numbers,
    windowCloses: "2027-11-07T01:30",
  });
  program.clock.moveTo("2027-02-09T16:00:00.000Z");
  const [gap, fold] = [someone("Gap Writer"), someone("Fold Writer")];
  const [gapLate, foldLate] = [someone("Gap Late"), someone("Fold Late")];
  const inSpring = [await finished(gap, spring), await finished(gapLate, spring)] as const;
  const inAutumn = [await finished(fold, autumn), await finished(foldLate, autumn)] as const;
  const answers = await atEach(
    // 02:30 is skipped and means 03:30 PDT.
    ["2027-03-14T10:29:59.999Z", () => submit(gap, inSpring[0])],
    ["2027-03-14T10:30:00.000Z", () => submit(gapLate, inSpring[1])],
    // 01:30 comes twice, and the first counts.
    ["2027-11-07T08:29:59.999Z", () => submit(fold, inAutumn[0])],
    ["2027-11-07T08:30:00.000Z", () => submit(foldLate, inAutumn[1])],
  );
  expect(answers.map(faults)).toEqual([[], [["TOO_LATE", undefined]], [], [["TOO_LATE", undefined]]]);
});

test("everything in the table fits together", async () => {
  expect(await checkInvariants(program)).toEqual([]);
});
