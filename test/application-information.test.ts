import { expect, test } from "vitest";
import { checkInvariants } from "./support/invariants.ts";
import { someone, startProgram, STAFF } from "./support/program.ts";
import { cleared } from "./support/review.ts";
import {
  chairPerson,
  committeeMember,
  draft,
  idOf,
  IN_WINDOW,
  prepare,
  publishedCohort,
  release,
  step,
  submitted,
  subjectsTo,
  type Outcome,
} from "./support/steps.ts";
import { attached, uploaded } from "./support/uploads.ts";

type Person = ReturnType<typeof someone>;

interface Submitted {
  jobTitle: string;
  organization: { name: string };
  answers: { questionId: string; text: string }[];
  resume: { name: string } | null;
}
interface Application {
  id: string;
  version: number;
  state: string;
  submission: Submitted | null;
  information: { parts: string[]; questionIds: string[]; dueOn: string; dueAt: string; missedAt: string | null } | null;
  earlierSubmissions: { until: string; submission: Submitted }[];
  resume: { name: string } | null;
}
const SUBMITTED = "jobTitle organization { name } answers { questionId text } resume { name }";
const APPLICATION = `application { id version state submission { ${SUBMITTED} } resume { name }
  information { parts questionIds dueOn dueAt missedAt } earlierSubmissions { until submission { ${SUBMITTED} } } }`;

const program = await startProgram({ at: IN_WINDOW });
const chair = someone("Committee Chair");
await step(program, STAFF, "roleGrant", { personId: await idOf(program, chair), role: "CHAIR", why: "Test" });
const member = await chairPerson(program, someone("Other Chair"));
const plain = await committeeMember(program, someone("Committee Member"));

/** Opens what is in an application to both chairs, who have no conflict. */
async function opened(applicationId: string): Promise<string> {
  for (const caller of [chair, member]) await cleared(program, caller, applicationId);
  return applicationId;
}
let cohorts = 0;
const newCohort = () =>
  publishedCohort(program, { number: ++cohorts, name: `Cohort ${cohorts}`, windowCloses: "2026-12-18T17:00" });
const cohortId = await newCohort();

function act(caller: Person | null, mutation: string, input: object) {
  return step<{ application: Application | null }>(program, caller, mutation, input, APPLICATION);
}
const codes = ({ userErrors }: Outcome<object>) =>
  userErrors.map(({ code, field }) => [code, ...(field ?? [])].join(" "));

/** Sorts what several at once were answered: whoever was taken first. */
const byLength = (a: readonly unknown[], b: readonly unknown[]) => a.length - b.length;

async function read(caller: Person | null, applicationId: string): Promise<Application | null> {
  const fields = APPLICATION.slice("application { ".length, -2);
  const { node } = await program.ask<{ node: Application | null }>(
    caller,
    `query($id: ID!) { node(id: $id) { ... on Application { ${fields} } } }`,
    { id: applicationId },
  );
  return node;
}

async function refusal(caller: Person | null, mutation: string, input: object): Promise<unknown> {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
  const inputType = mutation === "applicationAmend" ? "ApplicationSaveInput" : type;
  const query = `mutation($input: ${inputType}!) { ${mutation}(input: $input) { userErrors { code } } }`;
  const { errors } = await program.send(caller, query, { input });
  return errors?.[0]?.extensions?.["code"];
}

async function events(applicationId: string): Promise<string[]> {
  const { node } = await program.ask<{ node: { history: { nodes: { type: string }[] } } }>(
    STAFF,
    "query($id: ID!) { node(id: $id) { ... on Application { history(first: 100) { nodes { type } } } } }",
    { id: applicationId },
  );
  return node.history.nodes.map(({ type }) => type).toReversed();
}

async function mailTo({ email }: Person, subject: string): Promise<{ text?: string | null; html?: string | null }> {
  await program.settle();
  return (await program.ses.mails()).find((mail) => mail.to.includes(email) && mail.subject?.startsWith(subject)) ?? {};
}

const ASK = { parts: ["JOB_TITLE", "RESUME"], questionIds: ["finance"], message: "Which budget?\n<b>Please</b> say." };

test("what is asked for can be changed until its day is over, and nothing else; then it is frozen again, and kept", async () => {
  const person = someone("Asked Person");
  const applicationId = await draft(program, person, cohortId);
  await attached(program, person, { applicationId, name: "first.pdf" });
  await opened(await submitted(program, person, cohortId));
  const before = (await read(person, applicationId))!;
  expect(before).toMatchObject({
    state: "COMPLETE",
    information: null,
    earlierSubmissions: [],
    resume: { name: "first.pdf" },
  });
  expect(codes(await act(person, "applicationAmend", { applicationId, jobTitle: "x" }))).toEqual(["NOT_ASKED"]);

  const ask = await act(chair, "applicationInformationAsk", { applicationId, dueOn: "2026-09-10", ...ASK });
  expect(ask.userErrors).toEqual([]);
  expect(ask.application!.information).toEqual({
    parts: ["JOB_TITLE", "RESUME"],
    questionIds: ["finance"],
    dueOn: "2026-09-10",
    dueAt: "2026-09-11T07:00:00.000Z",
    missedAt: null,
  });
  expect(codes(await act(STAFF, "applicationInformationAsk", { applicationId, dueOn: "2026-09-12", ...ASK }))).toEqual([
    "ALREADY_ASKED",
  ]);
  const mail = await mailTo(person, "We need something more");
  for (const line of [
    "Section: Job title\nSection: Résumé\nQuestion: What experience do you have with technology budgets",
    "Until the end of: Thursday, September 10, 2026",
    "    Which budget?\n    <b>Please</b> say.",
  ]) {
    expect(mail.text).toContain(line);
  }
  expect(mail.html).toContain("Which budget?\n&lt;b&gt;Please&lt;/b&gt; say.");

  const closed = await act(person, "applicationAmend", {
    applicationId,
    organization: { name: "Another", kind: "SCHOOL" },
    jobTitle: "Director",
    answers: [{ questionId: "leadership", text: "Anew." }],
  });
  expect(codes(closed)).toEqual(["NOT_REOPENED organization", "NOT_REOPENED answers leadership"]);
  expect(codes(await act(person, "applicationSave", { applicationId, jobTitle: "Director" }))).toEqual(["WRONG_STATE"]);
  const answers = [{ questionId: "finance", text: "Two million." }];
  expect(codes(await act(person, "applicationAmend", { applicationId, jobTitle: "Director", answers }))).toEqual([]);
  await attached(program, person, { applicationId, name: "second.pdf" });

  // Not provided yet: whoever reads the application reads what was submitted.
  for (const reader of [chair, member]) {
    expect(await read(reader, applicationId)).toMatchObject({
      submission: before.submission,
      resume: { name: "first.pdf" },
      earlierSubmissions: [],
    });
  }
  const provided = await act(person, "applicationInformationProvide", { applicationId });
  expect(provided.userErrors).toEqual([]);
  const after = {
    jobTitle: "Director",
    organization: before.submission!.organization,
    answers: before.submission!.answers.map((each) => (each.questionId === "finance" ? answers[0] : each)),
    resume: { name: "second.pdf" },
  };
  const expected = {
    state: "COMPLETE",
    information: null,
    submission: after,
    resume: { name: "second.pdf" },
    earlierSubmissions: [{ submission: before.submission, until: expect.stringMatching(/^2026-09-01T/) as string }],
  };
  for (const reader of [person, STAFF, chair, member])
    expect(await read(reader, applicationId)).toMatchObject(expected);
  expect(codes(await act(person, "applicationInformationProvide", { applicationId }))).toEqual(["NOT_ASKED"]);
  expect(codes(await act(person, "applicationAmend", { applicationId, jobTitle: "x" }))).toEqual(["NOT_ASKED"]);
  expect((await subjectsTo(program, chair)).map((subject) => subject.replace(/APP-.*/, "N"))).toEqual([
    "What you asked for has come: application N",
  ]);
  expect(await events(applicationId)).toEqual([
    "ApplicationStarted",
    "ApplicationSaved",
    "ApplicationSaved",
    "ApplicationSubmitted",
    "InformationAsked",
    "ApplicationAmended",
    "ApplicationSaved",
    "InformationProvided",
  ]);
});

test("the first résumé stays readable where another was handed in, and cannot be taken back", async () => {
  const person = someone("Two Resumes");
  const applicationId = await draft(program, person, cohortId);
  const first = await attached(program, person, { applicationId, name: "first.pdf" });
  await opened(await submitted(program, person, cohortId));
  const early = await program.send(
    person,
    "mutation($input: FileUploadStartInput!) { fileUploadStart(input: $input) { userErrors { code } } }",
    {
      input: { purpose: "RESUME", applicationId, name: "a.pdf", contentType: "application/pdf", bytes: 400 },
    },
  );
  expect(early.data).toEqual({ fileUploadStart: { userErrors: [{ code: "WRONG_STATE" }] } });
  await act(STAFF, "applicationInformationAsk", { applicationId, dueOn: "2026-09-10", ...ASK });
  const second = await attached(program, person, { applicationId, name: "second.pdf" });
  const file = (caller: Person | null, fileId: string, mutation: string) =>
    program.send(caller, `mutation($input: FileInput!) { ${mutation}(input: $input) { userErrors { code } } }`, {
      input: { fileId },
    });
  const answerOf = async (caller: Person | null, fileId: string, mutation: string): Promise<unknown> => {
    const { data, errors } = await file(caller, fileId, mutation);
    const payload = data?.[mutation] as { userErrors: { code: string }[] } | null | undefined;
    return errors?.[0]?.extensions?.["code"] ?? payload?.userErrors.map(({ code }) => code);
  };
  // Not provided yet: the applicant's own, and staff's.
  expect(await answerOf(member, second, "fileDownload")).toBe("NOT_FOUND");
  expect(await answerOf(STAFF, second, "fileDownload")).toEqual([]);
  expect(await answerOf(person, first, "fileRemove")).toEqual(["WRONG_STATE"]);
  // A third takes the place of the second, which nobody has submitted.
  const third = await attached(program, person, { applicationId, name: "third.pdf" });
  expect(await answerOf(person, second, "fileDownload")).toBe("NOT_FOUND");
  expect(await answerOf(person, third, "fileRemove")).toEqual([]);
  const fourth = await attached(program, person, { applicationId, name: "fourth.pdf" });
  await act(person, "applicationAmend", { applicationId, jobTitle: "Director" });
  expect(codes(await act(person, "applicationInformationProvide", { applicationId }))).toEqual([]);
  for (const fileId of [first, fourth]) {
    expect(await answerOf(member, fileId, "fileDownload")).toEqual([]);
    expect(await answerOf(person, fileId, "fileRemove")).toEqual(["WRONG_STATE"]);
  }
  const late = await uploaded(program, person, { applicationId }).catch(() => "refused");
  expect(late).toBe("refused");
});

test("who may: staff and the chair ask, the applicant answers, and whoever is recused finds nothing", async () => {
  const person = someone("Guarded Person");
  const applicationId = await submitted(program, person, cohortId);
  const ask = { applicationId, dueOn: "2026-09-10", ...ASK };
  const other = someone("Another Applicant");
  for (const [mutation, input] of [
    ["applicationInformationAsk", ask],
    ["applicationInformationExtend", { applicationId, dueOn: "2026-09-11", why: "Test" }],
    ["applicationInformationCancel", { applicationId, why: "Test" }],
  ] as const) {
    expect(await refusal(null, mutation, input)).toBe("UNAUTHENTICATED");
    expect(await refusal(other, mutation, input)).toBe("NOT_FOUND");
    expect(await refusal(person, mutation, input)).toBe("FORBIDDEN");
    expect(await refusal(plain, mutation, input)).toBe("NOT_FOUND");
  }
  for (const mutation of ["applicationAmend", "applicationInformationProvide"]) {
    expect(await refusal(STAFF, mutation, { applicationId })).toBe("FORBIDDEN");
    expect(await refusal(other, mutation, { applicationId })).toBe("NOT_FOUND");
  }
  const own = await submitted(program, chair, cohortId);
  expect(codes(await act(chair, "applicationInformationAsk", { ...ask, applicationId: own }))).toEqual([
    "OWN_APPLICATION",
  ]);

  // Whoever asked and is recused since reads of it no more, not even by mail.
  await cleared(program, chair, applicationId);
  await act(chair, "applicationInformationAsk", ask);
  await step(program, chair, "recusalDeclare", { applicationId, why: "A colleague" });
  expect(await read(chair, applicationId)).toBeNull();
  expect(await refusal(chair, "applicationInformationCancel", { applicationId, why: "Test" })).toBe("NOT_FOUND");
  const mails = await subjectsTo(program, chair);
  const answers = [{ questionId: "finance", text: "Two million." }];
  await act(person, "applicationAmend", { applicationId, jobTitle: "Director", answers });
  await attached(program, person, { applicationId });
  expect(codes(await act(person, "applicationInformationProvide", { applicationId }))).toEqual([]);
  expect(await subjectsTo(program, chair)).toEqual(mails);
});

test("what went to whoever asked is kept from them too once they are recused", async () => {
  const asker = someone("Second Chair");
  await step(program, STAFF, "roleGrant", { personId: await idOf(program, asker), role: "CHAIR", why: "Test" });
  const person = someone("Provided Person");
  const applicationId = await submitted(program, person, cohortId);
  await cleared(program, asker, applicationId);
  const ask = { applicationId, dueOn: "2026-09-10", parts: ["JOB_TITLE"], message: "Please say." };
  await act(asker, "applicationInformationAsk", ask);
  await act(person, "applicationAmend", { applicationId, jobTitle: "Director" });
  await act(person, "applicationInformationProvide", { applicationId });
  await program.settle();
  const query = "{ viewer { messages { nodes { subject } } } }";
  type Messages = { viewer: { messages: { nodes: { subject: string }[] } } };
  const messages = async (caller: Person) => (await program.ask<Messages>(caller, query)).viewer.messages.nodes;
  expect(await messages(asker)).toEqual([{ subject: expect.stringMatching(/^What you asked for has come/) as string }]);
  await step(program, asker, "recusalDeclare", { applicationId, why: "A colleague" });
  expect(await messages(asker)).toEqual([]);
  expect(await messages(person)).toHaveLength(2);
});

test("two at once: one asks, one provides, and a provision races a cancellation to one end", async () => {
  const person = someone("Racing Person");
  const applicationId = await opened(await submitted(program, person, cohortId));
  const ask = { applicationId, dueOn: "2026-09-10", ...ASK, parts: ["JOB_TITLE"], questionIds: [] };
  const asks = await Promise.all([chair, STAFF].map((caller) => act(caller, "applicationInformationAsk", ask)));
  expect(asks.map(codes).sort(byLength)).toEqual([[], ["ALREADY_ASKED"]]);
  await act(person, "applicationAmend", { applicationId, jobTitle: "Director" });
  const provide = () => act(person, "applicationInformationProvide", { applicationId });
  const cancel = () => act(STAFF, "applicationInformationCancel", { applicationId, why: "It came by mail." });
  const ends = (await Promise.all([provide(), cancel(), provide()])).map(codes);
  expect(ends.filter((each) => each.length === 0)).toHaveLength(1);
  expect(ends.filter((each) => each.join() === "NOT_ASKED")).toHaveLength(2);
  const told = await events(applicationId);
  expect(told.filter((type) => /^Information(Asked|Provided|Cancelled)$/.test(type))).toHaveLength(2);
  const isProvided = told.includes("InformationProvided");
  expect((await read(person, applicationId))!.submission!.jobTitle).toBe(
    isProvided ? "Director" : "Technology coordinator",
  );
});

test("a cancelled request leaves everything as it was; the applicant is told", async () => {
  const person = someone("Spared Person");
  const applicationId = await opened(await submitted(program, person, cohortId));
  const before = await read(person, applicationId);
  await act(STAFF, "applicationInformationAsk", { applicationId, dueOn: "2026-09-10", ...ASK });
  await act(person, "applicationAmend", { applicationId, jobTitle: "Never provided" });
  expect(codes(await act(STAFF, "applicationInformationCancel", { applicationId, why: " " }))).toEqual([
    "REQUIRED why",
  ]);
  expect(codes(await act(STAFF, "applicationInformationCancel", { applicationId, why: "Not needed" }))).toEqual([]);
  expect(codes(await act(person, "applicationInformationProvide", { applicationId }))).toEqual(["NOT_ASKED"]);
  expect(await read(member, applicationId)).toEqual({ ...before, version: before!.version + 3 });
  expect((await subjectsTo(program, person)).at(-1)).toMatch(/^Nothing more is needed/);
});

test("a withdrawal, a ruling and a decision end what is asked", async () => {
  const id = await newCohort();
  for (const [name, end] of [
    [
      "Ends Withdrawn",
      (applicationId: string, person: Person) => act(person, "applicationWithdraw", { applicationId }),
    ],
    [
      "Ends Ineligible",
      (applicationId: string) => act(STAFF, "applicationRuleOut", { applicationId, reason: "OTHER", why: "Test" }),
    ],
    [
      "Ends Accepted",
      async (applicationId: string) => {
        await prepare(program, applicationId);
        return release(program, id);
      },
    ],
  ] as const) {
    const person = someone(name);
    const applicationId = await submitted(program, person, id);
    await act(STAFF, "applicationInformationAsk", { applicationId, dueOn: "2026-09-10", ...ASK });
    expect(codes(await end(applicationId, person)), name).toEqual([]);
    expect((await read(person, applicationId))!.information, name).toBeNull();
    const [late] = (await act(person, "applicationAmend", { applicationId, jobTitle: "Late" })).userErrors;
    expect(["NOT_ASKED", "WRONG_STATE"], name).toContain(late!.code);
  }
});

test("a reminder, a notice to whoever asked, more time: each once, and none for what was answered", async () => {
  const own = await startProgram({ at: IN_WINDOW });
  const id = await publishedCohort(own, { windowCloses: "2026-12-18T17:00" });
  const [late, prompt] = [someone("Late Person"), someone("Prompt Person")];
  const run = (caller: Person | null, mutation: string, input: object) =>
    step<{ application: Application }>(own, caller, mutation, input, APPLICATION);
  const ids = [await submitted(own, late, id), await submitted(own, prompt, id)];
  for (const applicationId of ids) {
    const ask = { applicationId, parts: ["JOB_TITLE"], dueOn: "2026-09-10", message: "Please say." };
    expect((await run(STAFF, "applicationInformationAsk", ask)).userErrors).toEqual([]);
  }
  // Else what is asked may be answered before its mail went out, which is then of no use.
  await own.settle();
  await run(prompt, "applicationAmend", { applicationId: ids[1], jobTitle: "Director" });
  await run(prompt, "applicationInformationProvide", { applicationId: ids[1] });
  const kinds = async (person: Person | null) =>
    (await subjectsTo(own, person!)).map((subject) => subject.split(/ (?:your application|application|for your)/)[0]);
  const LATE = ["We have received", "We need something more"];
  await own.moveClock({ to: "2026-09-08T14:59:00.000Z" });
  expect(await kinds(late)).toEqual(LATE);
  await own.moveClock({ to: "2026-09-08T15:00:00.000Z" });
  await own.moveClock({ to: "2026-09-10T15:00:00.000Z" });
  expect(await kinds(late)).toEqual([...LATE, "Please answer by Thursday, September 10, 2026:"]);
  // The last moment of the last day.
  await own.moveClock({ to: "2026-09-11T06:59:00.000Z" });
  const saved = await run(late, "applicationAmend", { applicationId: ids[0], jobTitle: "Director" });
  expect(saved.userErrors).toEqual([]);
  expect(await kinds(STAFF)).toEqual(["What you asked for has come:"]);
  await own.moveClock({ to: "2026-09-11T07:00:00.000Z" });
  const tooLate = await run(late, "applicationInformationProvide", { applicationId: ids[0] });
  expect(tooLate.userErrors.map(({ code }) => code)).toEqual(["OVERDUE"]);
  expect(tooLate.application.information!.missedAt).toMatch(/^2026-09-11T07:00/);
  await own.moveClock({ advance: "P2D" });
  expect(await kinds(STAFF)).toEqual(["What you asked for has come:", "What you asked for has not come:"]);

  const more = { applicationId: ids[0], dueOn: "2026-09-20", why: "They were ill." };
  expect((await run(STAFF, "applicationInformationExtend", more)).userErrors).toEqual([]);
  await own.moveClock({ to: "2026-09-18T15:00:00.000Z" });
  const provided = await run(late, "applicationInformationProvide", { applicationId: ids[0] });
  expect(provided.userErrors).toEqual([]);
  expect(provided.application.submission!.jobTitle).toBe("Director");
  await own.moveClock({ advance: "P30D" });
  expect(await kinds(late)).toEqual([
    ...LATE,
    "Please answer by Thursday, September 10, 2026:",
    "We need something more",
    "Please answer by Sunday, September 20, 2026:",
  ]);
  expect(await kinds(prompt)).toEqual(LATE);
  expect(await kinds(STAFF)).toEqual([
    "What you asked for has come:",
    "What you asked for has not come:",
    "What you asked for has come:",
  ]);
  expect(await checkInvariants(own)).toEqual([]);
});

test("all of it holds together", async () => {
  expect(await checkInvariants(program)).toEqual([]);
});
