import { expect, test } from "vitest";
import { checkInvariants } from "./support/invariants.ts";
import { someone, startProgram, STAFF } from "./support/program.ts";
import {
  committeeMember,
  complete,
  draft,
  idOf,
  IN_WINDOW,
  prepare,
  publishedCohort,
  step,
  submitted,
  subjectsTo,
  type Outcome,
  type TERMS,
} from "./support/steps.ts";
import { attached } from "./support/uploads.ts";

type Person = ReturnType<typeof someone>;

interface Application {
  id: string;
  version: number;
  state: string;
  number: string;
  ineligibleFor: string | null;
  enteredBy: { name: string } | null;
  draft: {
    organization: { name: string } | null;
    jobTitle: string | null;
    answers: { questionId: string; text: string }[];
  } | null;
  blockers: { code: string; field: string[] | null; message: string }[] | null;
}
const APPLICATION = `application { id version state number ineligibleFor enteredBy { name }
  draft { organization { name } jobTitle answers { questionId text } } blockers { code field message } }`;

const program = await startProgram({ at: IN_WINDOW });
const chair = someone("Committee Chair");
await step(program, STAFF, "roleGrant", { personId: await idOf(program, chair), role: "CHAIR", why: "Test" });
const member = await committeeMember(program, someone("Committee Member"));
const clerk = someone("Second Clerk");
await step(program, STAFF, "roleGrant", {
  personId: await idOf(program, clerk),
  role: "STAFF",
  until: "2040-01-01T00:00:00.000Z",
  why: "Test",
});
let cohorts = 0;
const newCohort = (terms: Partial<typeof TERMS> = {}) =>
  publishedCohort(program, {
    number: ++cohorts,
    name: `Cohort ${cohorts}`,
    windowCloses: "2026-12-18T17:00",
    ...terms,
  });

function act(caller: Person | null, mutation: string, input: object) {
  return step<{ application: Application | null }>(program, caller, mutation, input, APPLICATION);
}
const codes = ({ userErrors }: Outcome<object>) =>
  userErrors.map(({ code, field }) => [code, ...(field ?? [])].join(" "));

/** Sorts what several at once were answered: whoever was taken first. */
const byLength = (a: readonly unknown[], b: readonly unknown[]) => a.length - b.length;

async function refusal(caller: Person | null, mutation: string, input: object): Promise<unknown> {
  const inputType = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
  const query = `mutation($input: ${inputType}!) { ${mutation}(input: $input) { userErrors { code } } }`;
  const { errors } = await program.send(caller, query, { input });
  return errors?.[0]?.extensions?.["code"];
}

async function history(applicationId: string) {
  const { node } = await program.ask<{ node: { history: { nodes: Entry[] } } }>(
    STAFF,
    `query($id: ID!) { node(id: $id) { ... on Application {
      history(first: 100) { nodes { type why actor { name } actingFor { name } } } } } }`,
    { id: applicationId },
  );
  return node.history.nodes
    .map(({ type, why, actor, actingFor }) => [type, why, actor?.name ?? null, actingFor?.name ?? null])
    .toReversed();
}
interface Entry {
  type: string;
  why: string | null;
  actor: { name: string } | null;
  actingFor: { name: string } | null;
}

async function mailTo({ email }: Person, subject: string): Promise<string> {
  await program.settle();
  return (
    (await program.ses.mails()).find((mail) => mail.to.includes(email) && mail.subject?.startsWith(subject))?.text ?? ""
  );
}

async function seatsTaken(id: string): Promise<number> {
  const query = "query($id: ID!) { cohort(id: $id) { seatsTaken } }";
  return (await program.ask<{ cohort: { seatsTaken: number } }>(STAFF, query, { id })).cohort.seatsTaken;
}

test("what blocks a draft is what submitting it answers, before, in and after the window", async () => {
  const id = await newCohort({ windowOpens: "2026-09-01T08:00", windowCloses: "2026-09-01T17:00" });
  const person = someone("Blocked Person");
  const applicationId = await draft(program, person, id);
  const blockers = async (caller: Person | null) => {
    const { data, errors } = await program.send(
      caller,
      "query($id: ID!) { node(id: $id) { ... on Application { blockers { code field message } } } }",
      { id: applicationId },
    );
    return errors ? errors[0]!.extensions?.["code"] : (data as { node: { blockers: object[] } }).node.blockers;
  };
  const compare = async () => {
    const said = await blockers(person);
    expect(await blockers(STAFF)).toEqual(said);
    const { userErrors } = await act(person, "applicationSubmit", { applicationId });
    expect(said).toEqual(userErrors);
    return userErrors.map(({ code, field }) => [code, ...(field ?? [])].join(" "));
  };
  const all = complete(applicationId) as { organization: object; jobTitle: string; answers: object[] };
  const missing = ["objective", "leadership", "technology", "projects", "finance", "experience"].map(
    (question) => `REQUIRED answers ${question}`,
  );
  expect(await compare()).toEqual(["REQUIRED organization", "REQUIRED jobTitle", ...missing]);
  await act(person, "applicationSave", { applicationId, organization: all.organization });
  expect(await compare()).toEqual(["REQUIRED jobTitle", ...missing]);
  await act(person, "applicationSave", { applicationId, jobTitle: all.jobTitle, answers: all.answers.slice(1) });
  expect(await compare()).toEqual(["REQUIRED answers objective"]);
  const { clock } = program;
  clock.moveTo("2026-09-02T00:00:00.000Z");
  expect(await compare()).toEqual(["TOO_LATE", "REQUIRED answers objective"]);
  const other = await newCohort();
  const ready = await submitted(program, person, other);
  const { data } = await program.send(
    person,
    "query($id: ID!) { node(id: $id) { ... on Application { blockers { code } } } }",
    { id: ready },
  );
  expect(data).toEqual({ node: { blockers: [{ code: "ALREADY_SUBMITTED" }] } });
  const { data: seen, errors } = await program.send(
    chair,
    "query($id: ID!) { node(id: $id) { id ... on Application { blockers { code } } } }",
    { id: ready },
  );
  expect([seen, errors?.[0]?.extensions?.["code"]]).toEqual([{ node: { id: ready, blockers: null } }, "FORBIDDEN"]);
});

test("two tabs and staff at once: every piece is kept, and of one piece the last that was saved", async () => {
  const person = someone("Busy Writer");
  const applicationId = await draft(program, person, await newCohort());
  const answer = (questionId: string, text: string) => ({ applicationId, answers: [{ questionId, text }] });
  const saves = await Promise.all([
    act(person, "applicationSave", answer("objective", "First tab.")),
    act(person, "applicationSave", answer("finance", "Second tab.")),
    act(STAFF, "applicationSaveFor", { ...answer("leadership", "Staff."), why: "On the telephone" }),
  ]);
  expect(saves.map(codes)).toEqual([[], [], []]);
  const both = await Promise.all(
    ["One", "Two"].map((jobTitle) => act(person, "applicationSave", { applicationId, jobTitle })),
  );
  expect(both.map(codes)).toEqual([[], []]);
  const last = both.find(({ application }) => application!.version === 6)!.application!.draft!.jobTitle;
  const { application } = await act(person, "applicationSave", { applicationId });
  expect(application).toMatchObject({
    version: 7,
    enteredBy: { name: "Staff Test" },
    draft: {
      jobTitle: last,
      answers: [
        { questionId: "objective", text: "First tab." },
        { questionId: "leadership", text: "Staff." },
        { questionId: "finance", text: "Second tab." },
      ],
    },
  });
  // Who saves on a version is told when another tab, or staff, were faster, and loses nothing of theirs.
  const onVersion = { expectedVersion: 7, why: "On the telephone" };
  const [tab, staff] = await Promise.all([
    act(person, "applicationSave", { ...answer("projects", "Tab."), expectedVersion: 7 }),
    act(STAFF, "applicationSaveFor", { ...answer("technology", "Staff."), ...onVersion }),
  ]);
  expect([codes(tab), codes(staff)].sort(byLength)).toEqual([[], ["CONFLICT expectedVersion"]]);
  expect(tab.application!.version).toBe(8);
  expect(staff.application!.version).toBe(8);
});

test("the receipt has a copy of what was submitted, and nothing of anybody else", async () => {
  const id = await newCohort();
  const person = someone("Copied Person");
  const applicationId = await draft(program, person, id);
  const answers = [{ questionId: "community", text: "<script>alert(1)</script>\n& more" }];
  await act(person, "applicationSave", { ...complete(applicationId), jobTitle: "Chief <b>Officer</b>" });
  await act(person, "applicationSave", { applicationId, answers });
  await attached(program, person, { applicationId, name: "my-resume.pdf" });
  await attached(program, STAFF, { purpose: "LETTER", applicationId, name: "letter-of-my-superintendent.pdf" });
  expect(codes(await act(person, "applicationSubmit", { applicationId }))).toEqual([]);
  await program.settle();
  const mail = (await program.ses.mails()).find(({ to }) => to.includes(person.email));
  for (const line of [
    "Organization: Test Unified School District (school district)\nJob title: Chief <b>Officer</b>\nRésumé: my-resume.pdf\n",
    "?\n    An answer about objective.\n",
    "beyond your own organization?\n    <script>alert(1)</script>\n    & more\n",
  ]) {
    expect(mail!.text).toContain(line);
  }
  expect(mail!.html).toContain("&lt;script&gt;alert(1)&lt;/script&gt;\n&amp; more</blockquote>");
  expect(mail!.html).not.toContain("<script>");
  for (const text of [mail!.text, mail!.html]) expect(text).not.toContain("letter");
});

test("somebody's application is entered for them, for a reason; they are told, can go on with it, and read who did it", async () => {
  const id = await newCohort();
  const person = someone("Paper Person");
  const personId = await idOf(program, person);
  const start = { personId, cohortId: id, kind: "CANDIDATE", why: "It came on paper." };
  expect(codes(await act(STAFF, "applicationStartFor", { ...start, why: " " }))).toEqual(["REQUIRED why"]);
  const started = await act(STAFF, "applicationStartFor", start);
  expect(started).toMatchObject({ application: { state: "DRAFT", enteredBy: { name: "Staff Test" } }, userErrors: [] });
  const applicationId = started.application!.id;
  expect(codes(await act(clerk, "applicationStartFor", start))).toEqual(["ALREADY_STARTED"]);
  expect(await mailTo(person, "An application was begun for you")).toContain(
    `Staff Test of the program's staff has begun your application as a candidate to the Cohort ${cohorts} for you.`,
  );
  const why = "As on the form";
  expect(codes(await act(clerk, "applicationSaveFor", { ...complete(applicationId), why }))).toEqual([]);
  // The applicant takes over where staff left it.
  expect(codes(await act(person, "applicationSave", { applicationId, jobTitle: "Director" }))).toEqual([]);
  expect(codes(await act(clerk, "applicationSubmitFor", { applicationId, why: "" }))).toEqual(["REQUIRED why"]);
  expect(codes(await act(clerk, "applicationSubmitFor", { applicationId, why, expectedVersion: 2 }))).toEqual([
    "CONFLICT expectedVersion",
  ]);
  const submits = await Promise.all([
    act(clerk, "applicationSubmitFor", { applicationId, why }),
    act(person, "applicationSubmit", { applicationId }),
  ]);
  expect(submits.map(codes).sort(byLength)).toEqual([[], ["ALREADY_SUBMITTED"]]);
  const { enteredBy } = (await act(person, "applicationSubmit", { applicationId })).application!;
  expect(enteredBy).toEqual({ name: "Second Clerk" });
  const receipt = await mailTo(person, "We have received");
  expect(receipt).toContain("\nEntered for you by: Second Clerk, program staff\n");
  expect(receipt).toContain("Job title: Director");
  expect(receipt).not.toContain("As on the form");
  const [submission, ...earlier] = (await history(applicationId)).toReversed();
  expect(submission![0]).toBe("ApplicationSubmitted");
  expect(earlier).toEqual([
    ["ApplicationSaved", null, "Paper Person", null],
    ["ApplicationSaved", "As on the form", "Second Clerk", "Paper Person"],
    ["ApplicationStarted", "It came on paper.", "Staff Test", "Paper Person"],
  ]);
  expect(await subjectsTo(program, person)).toHaveLength(2);
});

test("staff enter nothing for themselves, nothing closed and nothing for nobody; only staff enter", async () => {
  const id = await newCohort();
  const person = someone("Unentered Person");
  const start = { personId: await idOf(program, person), cohortId: id, kind: "CANDIDATE", why: "Test" };
  expect(codes(await act(clerk, "applicationStartFor", { ...start, personId: await idOf(program, clerk) }))).toEqual([
    "OWN_APPLICATION",
  ]);
  for (const caller of [person, chair, member]) {
    expect(await refusal(caller, "applicationStartFor", start)).toBe("FORBIDDEN");
  }
  expect(await refusal(STAFF, "applicationStartFor", { ...start, personId: id })).toBe("NOT_FOUND");
  const closed = await newCohort({ windowOpens: "2026-08-01T08:00", windowCloses: "2026-08-31T17:00" });
  expect(codes(await act(STAFF, "applicationStartFor", { ...start, cohortId: closed }))).toEqual(["TOO_LATE"]);
  const own = await draft(program, clerk, id);
  for (const mutation of ["applicationSaveFor", "applicationSubmitFor"]) {
    expect(codes(await act(clerk, mutation, { applicationId: own, why: "Test" }))).toEqual(["OWN_APPLICATION"]);
    expect(await refusal(person, mutation, { applicationId: own, why: "Test" })).toBe("NOT_FOUND");
    expect(await refusal(member, mutation, { applicationId: own, why: "Test" })).toBe("NOT_FOUND");
  }
  const theirs = await submitted(program, person, id);
  expect(await refusal(chair, "applicationSaveFor", { applicationId: theirs, why: "Test" })).toBe("FORBIDDEN");
  // Who is recused does not even learn that there is one.
  await step(program, clerk, "recusalDeclare", { applicationId: theirs, why: "Family" });
  await act(person, "applicationWithdraw", { applicationId: theirs });
  expect(await refusal(clerk, "applicationSaveFor", { applicationId: theirs, why: "Test" })).toBe("NOT_FOUND");
  expect(await refusal(clerk, "applicationStartFor", start)).toBe("NOT_FOUND");
  expect(codes(await act(STAFF, "applicationStartFor", start))).toEqual([]);
});

test("next year begins with last year's answers, one's own alone", async () => {
  const [last, next] = [await newCohort(), await newCohort()];
  const person = someone("Returning Person");
  const sourceId = await draft(program, person, last);
  await attached(program, person, { applicationId: sourceId, name: "old-resume.pdf" });
  await submitted(program, person, last);
  const start = { cohortId: next, kind: "CANDIDATE", copyFromApplicationId: sourceId };
  expect(await refusal(someone("Copying Stranger"), "applicationStart", start)).toBe("NOT_FOUND");
  const personId = await idOf(program, someone("Copying Stranger"));
  expect(await refusal(STAFF, "applicationStartFor", { ...start, personId, why: "Test" })).toBe("NOT_FOUND");
  const { application, userErrors } = await act(person, "applicationStart", start);
  expect(userErrors).toEqual([]);
  expect(application).toMatchObject({
    state: "DRAFT",
    enteredBy: null,
    draft: { organization: { name: "Test Unified School District" }, jobTitle: "Technology coordinator" },
    blockers: [],
  });
  expect(application!.draft!.answers).toHaveLength(6);
  const { node } = await program.ask<{ node: object }>(
    person,
    "query($id: ID!) { node(id: $id) { ... on Application { resume { id } } } }",
    { id: application!.id },
  );
  expect(node).toEqual({ resume: null });
  expect(await refusal(person, "applicationStart", { ...start, copyFromApplicationId: next })).toBe("NOT_FOUND");
});

test("a ruling takes the prepared decision with it: seat and rank are free at once, and the applicant reads why", async () => {
  const id = await newCohort({ seats: 1 });
  const [first, second, third] = ["First", "Second", "Third"].map((name) => someone(`${name} Ruled`));
  const ids: string[] = [];
  for (const person of [first!, second!, third!]) ids.push(await submitted(program, person, id));
  await prepare(program, ids[0]!);
  await prepare(program, ids[1]!, { outcome: "WAITLIST", rank: 1 });
  expect(codes(await prepare(program, ids[2]!))).toEqual(["COHORT_FULL outcome"]);
  const out = (applicationId: string, caller: Person | null = chair) =>
    step(
      program,
      caller,
      "applicationRuleOut",
      { applicationId, reason: "NO_K12_ORGANIZATION", why: "Works for a vendor." },
      "application { state ineligibleFor }",
    );
  expect(await out(ids[0]!)).toEqual({
    application: { state: "INELIGIBLE", ineligibleFor: "NO_K12_ORGANIZATION" },
    userErrors: [],
  });
  expect(await seatsTaken(id)).toBe(0);
  expect(codes(await out(ids[0]!))).toEqual(["WRONG_STATE"]);
  expect(codes(await out(ids[1]!, STAFF))).toEqual([]);
  expect(codes(await prepare(program, ids[2]!, { outcome: "WAITLIST", rank: 1 }))).toEqual([]);
  const mail = await mailTo(first!, "Your application");
  expect(mail).toContain("The program is for people who work for a K-12 organization");
  expect(mail).not.toContain("vendor");
  const { data } = await program.send(
    first!,
    "query($id: ID!) { node(id: $id) { ... on Application { stateLabel ineligibleFor decision { outcome } } } }",
    { id: ids[0] },
  );
  expect(data).toEqual({
    node: { stateLabel: "Not eligible", ineligibleFor: "NO_K12_ORGANIZATION", decision: null },
  });

  const back = await act(STAFF, "applicationRuleIn", { applicationId: ids[0], why: "A school after all" });
  expect(back).toMatchObject({ application: { state: "COMPLETE", ineligibleFor: null }, userErrors: [] });
  expect(await subjectsTo(program, first!)).toHaveLength(3);
  expect(codes(await prepare(program, ids[0]!))).toEqual([]);
  expect(await seatsTaken(id)).toBe(1);
  expect((await history(ids[0]!)).map(([type, why]) => [type, why]).slice(-2)).toEqual([
    ["ApplicationRuledOut", "Works for a vendor."],
    ["ApplicationRuledIn", "A school after all"],
  ]);
});

test("who rules: staff and the chair, never on their own, and nobody who is recused", async () => {
  const id = await newCohort();
  const person = someone("Ruled Person");
  const applicationId = await submitted(program, person, id);
  const input = { applicationId, reason: "OTHER", why: "Test" };
  expect(await refusal(null, "applicationRuleOut", input)).toBe("UNAUTHENTICATED");
  expect(await refusal(member, "applicationRuleOut", input)).toBe("NOT_FOUND");
  expect(await refusal(person, "applicationRuleOut", input)).toBe("FORBIDDEN");
  expect(await refusal(someone("Ruling Stranger"), "applicationRuleOut", input)).toBe("NOT_FOUND");
  const own = await submitted(program, clerk, id);
  expect(codes(await act(clerk, "applicationRuleOut", { ...input, applicationId: own }))).toEqual(["OWN_APPLICATION"]);
  expect(codes(await act(STAFF, "applicationRuleOut", { ...input, why: "x".repeat(1_001) }))).toEqual(["TOO_LONG why"]);
  await step(program, chair, "recusalDeclare", { applicationId, why: "A colleague" });
  expect(await refusal(chair, "applicationRuleOut", input)).toBe("NOT_FOUND");
  // A decision in the same moment as a ruling or a withdrawal: never a seat that is held for nobody.
  const leaving = await submitted(program, someone("Leaving Person"), id);
  const [prepared, ruled, late, left] = await Promise.all([
    prepare(program, applicationId),
    act(STAFF, "applicationRuleOut", input),
    prepare(program, leaving),
    act(someone("Leaving Person"), "applicationWithdraw", { applicationId: leaving }),
  ]);
  expect([codes(ruled), codes(left)]).toEqual([[], []]);
  for (const one of [prepared, late]) expect([[], ["WRONG_STATE"]]).toContainEqual(codes(one));
  expect(await seatsTaken(id)).toBe(0);
});

test("a draft's writer is reminded 14, 7, 2 and 1 days before, once each, and never after submitting", async () => {
  const own = await startProgram({ at: IN_WINDOW });
  const id = await publishedCohort(own);
  const [writer, sender, idler] = ["Slow Writer", "Quick Sender", "Idle Writer"].map((name) => someone(name));
  const writing = await draft(own, writer!, id);
  const sending = await draft(own, sender!, id);
  await step(own, sender!, "applicationSave", complete(sending));
  await draft(own, idler!, id);
  await step(own, idler!, "applicationWithdraw", { applicationId: await draft(own, idler!, id) });
  const left = async (person: Person) =>
    (await subjectsTo(own, person)).map((subject) => / yet: (.*)$/.exec(subject)?.[1] ?? subject.split(" APP")[0]);
  await own.moveClock({ to: "2026-09-04T14:59:00.000Z" });
  expect(await left(writer!)).toEqual([]);
  await own.moveClock({ to: "2026-09-04T15:00:00.000Z" });
  await own.moveClock({ to: "2026-09-05T15:00:00.000Z" });
  expect(await left(writer!)).toEqual(["14 days left"]);
  await step(own, sender!, "applicationSubmit", { applicationId: sending });
  // Two steps passed in an outage of ours: the latest is caught up.
  await own.moveClock({ to: "2026-09-16T16:00:00.000Z" });
  expect(await left(writer!)).toEqual(["14 days left", "2 days left"]);
  await step(own, writer!, "applicationSave", complete(writing));
  await own.moveClock({ to: "2026-09-17T15:00:00.000Z" });
  const mail = (await own.ses.mails()).find(({ subject }) => subject?.endsWith("1 day left"));
  expect(mail!.text).toContain("Still missing: nothing: it can be submitted");
  await own.moveClock({ to: "2026-09-19T00:00:00.000Z" });
  await own.moveClock({ advance: "P30D" });
  expect(await left(writer!)).toEqual(["14 days left", "2 days left", "1 day left", "Your application"]);
  expect(await left(sender!)).toEqual(["14 days left", "We have received your application"]);
  expect(await left(idler!)).toEqual([]);
  expect(await checkInvariants(own)).toEqual([]);
});

test("all of it holds together", async () => {
  expect(await checkInvariants(program)).toEqual([]);
});
