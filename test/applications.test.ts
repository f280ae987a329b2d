import { expect, test } from "vitest";
import { checkInvariants } from "./support/invariants.ts";
import { someone, startProgram, STAFF } from "./support/program.ts";
import type { TERMS } from "./support/steps.ts";
import {
  chairPerson,
  complete,
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
import { ticking } from "./support/ticking.ts";

const time = ticking(IN_WINDOW);
const program = await startProgram({ at: IN_WINDOW, realTime: time.realTime });
const at = <Answer>(instant: string, work: () => Promise<Answer>) => time.holdAt(program.clock, instant, work);
const committee = await chairPerson(program, someone("Committee Member"));

type Person = ReturnType<typeof someone>;

let cohorts = 0;
const newCohort = (terms: Partial<typeof TERMS> = {}) =>
  publishedCohort(program, { number: ++cohorts, name: `Cohort ${cohorts}`, ...terms });
const cohortId = await newCohort();

interface Application {
  id: string;
  version: number;
  state: string;
  stateLabel: string;
  number: string;
  draft: {
    organization: { name: string; kind: string } | null;
    jobTitle: string | null;
    answers: { questionId: string; text: string }[];
  } | null;
}

const APPLICATION = `application { id version state stateLabel number
  draft { organization { name kind } jobTitle answers { questionId text } } }`;

function act(caller: Person, mutation: string, input: object): Promise<Outcome<{ application: Application | null }>> {
  return step(program, caller, mutation, input, APPLICATION);
}

const codes = ({ userErrors }: Outcome<object>) => userErrors.map(({ code }) => code);

/** Sorts what several at once were answered: whoever was taken first. */
const byLength = (a: readonly unknown[], b: readonly unknown[]) => a.length - b.length;

/** Runs an API call that must be refused as a whole; answers its error codes. */
async function refused(caller: Person | null, mutation: string, input: object): Promise<unknown[]> {
  const type = mutation === "applicationWithdraw" || mutation === "applicationReviewStart" ? "ApplicationInput" : "";
  const inputType = type || `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
  const query = `mutation($input: ${inputType}!) { ${mutation}(input: $input) { userErrors { code } } }`;
  const { errors } = await program.send(caller, query, { input });
  return (errors ?? []).map(({ extensions }) => extensions?.["code"]);
}

async function history(applicationId: string, caller = STAFF) {
  const { node } = await program.ask<{ node: { history: { nodes: Entry[] } } }>(
    caller,
    `query($id: ID!) { node(id: $id) { ... on Application { history { nodes { type before after why actor { name } } } } } }`,
    { id: applicationId },
  );
  return node.history.nodes.map(({ type, before, after, why, actor }) => [
    type,
    before === null ? null : (JSON.parse(before) as object),
    after === null ? null : (JSON.parse(after) as object),
    why,
    actor?.name ?? null,
  ]);
}

interface Entry {
  type: string;
  before: string | null;
  after: string | null;
  why: string | null;
  actor: { name: string } | null;
}

test("a draft is saved piece by piece: what is absent stays, null and empty text clear it, and it is resumed later", async () => {
  const person = someone("Piece Writer");
  const started = await act(person, "applicationStart", { cohortId, kind: "CANDIDATE" });
  const applicationId = started.application!.id;
  expect(started).toEqual({
    application: {
      id: applicationId,
      version: 1,
      state: "DRAFT",
      stateLabel: "Not submitted yet",
      number: expect.stringMatching(/^APP-2027-\d{4}$/),
      draft: { organization: null, jobTitle: null, answers: [] },
    },
    userErrors: [],
  });
  const save = async (pieces: object) => {
    const { application, userErrors } = await act(person, "applicationSave", { applicationId, ...pieces });
    expect(userErrors).toEqual([]);
    return application!.draft;
  };
  const organization = { name: "Sample District", kind: "DISTRICT" };
  expect(await save({ organization })).toEqual({ organization, jobTitle: null, answers: [] });
  expect(await save({ jobTitle: "  Coordinator " })).toEqual({ organization, jobTitle: "Coordinator", answers: [] });
  const finance = { questionId: "finance", text: "Line one.\n\tLine two: “ünïcödé” \u{1F393}" };
  const objective = { questionId: "objective", text: "To lead." };
  expect(await save({ answers: [finance] })).toEqual({ organization, jobTitle: "Coordinator", answers: [finance] });
  // In the order of the questions, whatever the order they are answered in.
  const both = { organization, jobTitle: "Coordinator", answers: [objective, finance] };
  expect(await save({ answers: [objective] })).toEqual(both);
  expect(await save({})).toEqual(both);
  expect(await save({ answers: null })).toEqual(both);
  expect(await save({ answers: [] })).toEqual(both);
  expect(await save({ jobTitle: null })).toEqual({ ...both, jobTitle: null });
  await save({ jobTitle: "Director" });
  expect(await save({ jobTitle: "   " })).toEqual({ ...both, jobTitle: null });
  expect(await save({ organization: null })).toEqual({ organization: null, jobTitle: null, answers: both.answers });
  expect(await save({ answers: [{ questionId: "objective", text: null }] })).toMatchObject({ answers: [finance] });
  await save({ answers: [objective] });
  expect(await save({ answers: [{ questionId: "objective" }] })).toMatchObject({ answers: [finance] });
  await save({ answers: [objective] });
  expect(await save({ answers: [{ questionId: "objective", text: " \n" }] })).toMatchObject({ answers: [finance] });

  await program.moveClock({ advance: "P3D" });
  const { viewer } = await program.ask<{ viewer: { applications: Application[] } }>(
    person,
    "{ viewer { applications { id state draft { answers { questionId text } } } } }",
  );
  expect(viewer.applications).toEqual([{ id: applicationId, state: "DRAFT", draft: { answers: [finance] } }]);
  const again = await act(person, "applicationStart", { cohortId, kind: "CANDIDATE" });
  expect(again.application!.id).toBe(applicationId);
  expect(again.userErrors).toEqual([
    {
      code: "ALREADY_STARTED",
      field: null,
      message: "You have already started this application: please continue with it.",
    },
  ]);
});

test("a save with faults names all of them and keeps nothing of it", async () => {
  const person = someone("Faulty Writer");
  const applicationId = await draft(program, person, cohortId);
  const faulty = await act(person, "applicationSave", {
    applicationId,
    organization: { name: " ", kind: "OTHER" },
    jobTitle: "x".repeat(121),
    answers: [
      { questionId: "objective", text: "x".repeat(4_001) },
      { questionId: "nonsense", text: "x" },
      { questionId: "finance", text: "a\u0000b" },
      { questionId: "finance", text: "again" },
    ],
  });
  expect(faulty.userErrors).toEqual([
    {
      code: "REQUIRED",
      field: ["organization", "name"],
      message: "The organization's name is missing: please fill it in.",
    },
    { code: "TOO_LONG", field: ["jobTitle"], message: "The job title has 121 characters: please keep it to 120." },
    {
      code: "ANSWER_TWICE",
      field: ["answers"],
      message: "The question finance is answered twice: please send one answer.",
    },
    {
      code: "TOO_LONG",
      field: ["answers", "objective"],
      message: "The answer has 4001 characters: please keep it to 4000.",
    },
    {
      code: "UNKNOWN_QUESTION",
      field: ["answers"],
      message: "This cohort does not ask such a question: please use an id from its question list.",
    },
    {
      code: "BAD_CHARACTERS",
      field: ["answers", "finance"],
      message: "The answer contains control characters: please remove them.",
    },
  ]);
  expect(faulty.application).toMatchObject({ version: 1, draft: { organization: null, jobTitle: null, answers: [] } });
  expect((await history(applicationId)).map(([type]) => type)).toEqual(["ApplicationStarted"]);
});

test("an unfinished draft cannot be submitted: every missing part is named at once", async () => {
  const person = someone("Unfinished Writer");
  const applicationId = await draft(program, person, cohortId);
  const { userErrors, application } = await act(person, "applicationSubmit", { applicationId });
  expect(userErrors.map(({ code, field, message }) => [code, field?.join(".") ?? null, message])).toEqual([
    ["REQUIRED", "organization", "Your organization is missing: please fill it in."],
    ["REQUIRED", "jobTitle", "Your job title is missing: please fill it in."],
    ...["objective", "leadership", "technology", "projects", "finance", "experience"].map((id) => [
      "REQUIRED",
      `answers.${id}`,
      expect.stringMatching(/^An answer is missing: .+[?.]$/),
    ]),
  ]);
  expect(application).toMatchObject({ state: "DRAFT", version: 1 });
  const mentor = await draft(program, person, cohortId, "MENTOR");
  const { userErrors: mentors } = await act(person, "applicationSubmit", { applicationId: mentor });
  expect(mentors.map(({ field }) => field?.at(-1))).toEqual([
    "organization",
    "jobTitle",
    "position",
    "experience",
    "background",
    "availability",
  ]);
  expect(await subjectsTo(program, person)).toEqual([]);
});

test("submitting freezes what was written and can be done once; a second click is told so", async () => {
  const person = someone("Double Clicker");
  const applicationId = await draft(program, person, cohortId);
  await act(person, "applicationSave", complete(applicationId));
  const clicks = await Promise.all([1, 2, 3, 4].map(() => act(person, "applicationSubmit", { applicationId })));
  expect(clicks.map(codes).sort(byLength)).toEqual([
    [],
    ["ALREADY_SUBMITTED"],
    ["ALREADY_SUBMITTED"],
    ["ALREADY_SUBMITTED"],
  ]);
  const late = await act(person, "applicationSubmit", { applicationId });
  expect(late.userErrors).toEqual([
    {
      code: "ALREADY_SUBMITTED",
      field: null,
      message: "This application was submitted already; there is nothing left to do.",
    },
  ]);
  expect(late.application).toMatchObject({ state: "COMPLETE", stateLabel: "Received", version: 3 });
  const saved = await act(person, "applicationSave", { applicationId, jobTitle: "Another" });
  expect(saved.userErrors).toEqual([
    {
      code: "WRONG_STATE",
      field: null,
      message: "This is not possible now: the state of the application is “Received”.",
    },
  ]);
  const { node } = await program.ask<{ node: object }>(
    person,
    `query($id: ID!) { node(id: $id) { ... on Application { submission {
      organization { name kind } jobTitle answers { questionId prompt text } } } } }`,
    { id: applicationId },
  );
  expect(node).toEqual({
    submission: {
      organization: { name: "Test Unified School District", kind: "DISTRICT" },
      jobTitle: "Technology coordinator",
      answers: ["objective", "leadership", "technology", "projects", "finance", "experience"].map((questionId) => ({
        questionId,
        prompt: expect.any(String),
        text: `An answer about ${questionId}.`,
      })),
    },
  });
  expect(await subjectsTo(program, person)).toHaveLength(1);
});

test("the window opens and closes at the instant, by the server's clock", async () => {
  const closes = "2026-09-10T12:00";
  const id = await newCohort({ windowOpens: "2026-09-05T08:00", windowCloses: closes });
  const [early, inTime, late, later] = ["Early", "In Time", "Late", "Later"].map((name) =>
    someone(`${name} Applicant`),
  );
  for (const person of [early!, inTime!, late!, later!]) await idOf(program, person);
  const start = (person: Person) => act(person, "applicationStart", { cohortId: id, kind: "CANDIDATE" });

  // 8:00 in Los Angeles is 15:00 UTC in September.
  const before = await at("2026-09-05T14:59:59.999Z", () => start(early!));
  expect(before).toEqual({
    application: null,
    userErrors: [
      {
        code: "NOT_OPEN_YET",
        field: null,
        message: "Applications are taken from Saturday, September 5, 2026 at 8:00 AM PDT.",
      },
    ],
  });
  expect(codes(await at("2026-09-05T15:00:00.000Z", () => start(early!)))).toEqual([]);

  const ids: string[] = [];
  for (const person of [inTime!, late!]) {
    const applicationId = await draft(program, person, id);
    await act(person, "applicationSave", complete(applicationId));
    ids.push(applicationId);
  }
  const submit = (person: Person, applicationId: string) => act(person, "applicationSubmit", { applicationId });
  expect(codes(await at("2026-09-10T18:59:59.999Z", () => submit(inTime!, ids[0]!)))).toEqual([]);
  const [tooLate, notEvenStarted] = await at("2026-09-10T19:00:00.000Z", async () => {
    return [await submit(late!, ids[1]!), await start(later!)] as const;
  });
  const { userErrors, application } = tooLate;
  expect(userErrors).toEqual([
    {
      code: "TOO_LATE",
      field: null,
      message: "Applications closed on Thursday, September 10, 2026 at 12:00 PM PDT.",
    },
  ]);
  expect(application).toMatchObject({ state: "DRAFT" });
  expect(codes(notEvenStarted)).toEqual(["TOO_LATE"]);

  // What was submitted in time stays; drafts expire, and their owners are told.
  await program.runDue();
  expect(await subjectsTo(program, inTime!)).toEqual([expect.stringMatching(/^We have received/)]);
  expect(await subjectsTo(program, late!)).toEqual([expect.stringMatching(/^Your application APP-2027-\d{4} was not/)]);
  expect(await subjectsTo(program, early!)).toHaveLength(1);
  await program.runDue();
  await program.moveClock({ advance: "P1D" });
  expect(await subjectsTo(program, late!)).toHaveLength(1);
  for (const mutation of ["applicationSave", "applicationSubmit", "applicationWithdraw"]) {
    expect((await act(late!, mutation, { applicationId: ids[1] })).userErrors).toEqual([
      {
        code: "WRONG_STATE",
        field: null,
        message: "This is not possible now: the state of the application is “Not complete in time”.",
      },
    ]);
  }
  const mail = (await program.ses.mails()).find(({ to }) => to.includes(late!.email));
  expect(mail!.text).toContain(
    `Applications for the Cohort ${cohorts} closed on Thursday, September 10, 2026 at 12:00 PM PDT, ` +
      "and your application as a candidate was still a draft.",
  );
  expect(await history(ids[1]!)).toEqual([
    ["ApplicationExpired", { state: "DRAFT" }, { state: "EXPIRED" }, null, null],
    ["ApplicationSaved", null, null, null, "Late Applicant"],
    ["ApplicationStarted", null, { state: "DRAFT" }, null, "Late Applicant"],
  ]);
});

test("an extended window moves the drafts' expiry, and reopens those that had expired", async () => {
  const id = await newCohort({ windowOpens: "2026-09-01T08:00", windowCloses: "2026-09-12T17:00" });
  const writing = someone("Still Writing");
  const writingId = await draft(program, writing, id);
  const change = (version: number, terms: object) =>
    step<{ cohort: { version: number } }>(
      program,
      STAFF,
      "cohortChange",
      { cohortId: id, expectedVersion: version, ...terms },
      "cohort { version }",
    );
  await change(2, { windowCloses: "2026-09-14T17:00" });
  await program.moveClock({ to: "2026-09-13T00:30:00.000Z" });
  await program.moveClock({ to: "2026-09-14T23:59:00.000Z" });
  expect(await subjectsTo(program, writing)).toEqual([expect.stringMatching(/not submitted yet/)]);
  await program.moveClock({ to: "2026-09-15T00:00:00.000Z" });
  expect(await subjectsTo(program, writing)).toHaveLength(2);

  await change(3, { windowCloses: "2026-09-16T17:00" });
  const reopened = await act(writing, "applicationStart", { cohortId: id, kind: "CANDIDATE" });
  expect(reopened.userErrors).toEqual([]);
  expect(reopened.application).toMatchObject({ id: writingId, state: "DRAFT", version: 5 });
  await act(writing, "applicationSave", complete(writingId));
  expect(codes(await act(writing, "applicationSubmit", { applicationId: writingId }))).toEqual([]);
  await program.moveClock({ to: "2026-09-17T00:30:00.000Z" });
  expect(await subjectsTo(program, writing)).toHaveLength(3);
  expect((await history(writingId)).map(([type, before, after]) => [type, before, after])).toEqual([
    ["ApplicationSubmitted", { state: "DRAFT" }, { state: "COMPLETE" }],
    ["ApplicationSaved", null, null],
    ["ApplicationStarted", { state: "EXPIRED" }, { state: "DRAFT" }],
    ["ApplicationExpired", { state: "DRAFT" }, { state: "EXPIRED" }],
    ["DraftReminded", null, null],
    ["ApplicationStarted", null, { state: "DRAFT" }],
  ]);
});

test("a shortened window: nothing can be submitted from the new closing on, drafts expire when they were told to", async () => {
  const id = await newCohort({ windowOpens: "2026-09-01T08:00", windowCloses: "2026-09-20T17:00" });
  const person = someone("Shortened Writer");
  const applicationId = await draft(program, person, id);
  await act(person, "applicationSave", complete(applicationId));
  const terms = { cohortId: id, expectedVersion: 2, windowCloses: "2026-09-18T12:00" };
  expect(codes(await step(program, STAFF, "cohortChange", terms))).toEqual([]);
  await program.moveClock({ to: "2026-09-18T19:00:00.000Z" });
  expect(codes(await act(person, "applicationSubmit", { applicationId }))).toEqual(["TOO_LATE"]);
  expect(await subjectsTo(program, person)).toEqual([]);
  await program.moveClock({ to: "2026-09-21T00:00:00.000Z" });
  expect(await subjectsTo(program, person)).toHaveLength(1);
});

test("expectedVersion: whoever was slower is told and gets the record as it is now", async () => {
  const id = await openCohort();
  const person = someone("Versioned Writer");
  const applicationId = await draft(program, person, id);
  await act(person, "applicationSave", complete(applicationId));
  const CONFLICT = {
    code: "CONFLICT",
    field: ["expectedVersion"],
    message: "Somebody changed this in the meantime: please look at the current version and try again.",
  };
  const current = { version: 2, draft: { jobTitle: "Technology coordinator" } };
  for (const expectedVersion of [0, 1, 3, -1]) {
    const slow = await act(person, "applicationSave", { applicationId, expectedVersion, jobTitle: "Slow" });
    expect(slow).toMatchObject({ application: current, userErrors: [CONFLICT] });
    const submit = await act(person, "applicationSubmit", { applicationId, expectedVersion });
    expect(submit).toMatchObject({ application: { ...current, state: "DRAFT" }, userErrors: [CONFLICT] });
  }
  // Two tabs at once: one is taken.
  const tabs = await Promise.all(
    ["One", "Two"].map((jobTitle) => act(person, "applicationSave", { applicationId, expectedVersion: 2, jobTitle })),
  );
  expect(tabs.map(codes).sort(byLength)).toEqual([[], ["CONFLICT"]]);
  expect(tabs.map(({ application }) => application!.version)).toEqual([3, 3]);
  // Without a version both are merged.
  await Promise.all([
    act(person, "applicationSave", { applicationId, jobTitle: "Merged" }),
    act(person, "applicationSave", { applicationId, answers: [{ questionId: "finance", text: "Merged too." }] }),
  ]);
  const merged = await act(person, "applicationSave", { applicationId, expectedVersion: null });
  expect(merged.application).toMatchObject({ version: 6, draft: { jobTitle: "Merged" } });
  expect(merged.application!.draft!.answers.find(({ questionId }) => questionId === "finance")?.text).toBe(
    "Merged too.",
  );
  expect(codes(await act(person, "applicationSubmit", { applicationId, expectedVersion: 6 }))).toEqual([]);
});

interface Abilities {
  id: string;
  viewerCan: Record<"save" | "submit" | "withdraw" | "startReview", { allowed: boolean; reasons: string[] }>;
}

async function abilities(caller: Person, applicationId: string): Promise<Abilities["viewerCan"] | null> {
  const { node } = await program.ask<{ node: Abilities | null }>(
    caller,
    `query($id: ID!) { node(id: $id) { id ... on Application { viewerCan {
      save { allowed reasons } submit { allowed reasons } withdraw { allowed reasons } startReview { allowed reasons } } } } }`,
    { id: applicationId },
  );
  return node && node.viewerCan;
}

/** Brings one application into each state. Each entry answers the application's owner and id. */
const STATES: Record<string, (name: string, cohort: string) => Promise<[Person, string]>> = {
  DRAFT: async (name, cohort) => [someone(name), await draft(program, someone(name), cohort)],
  COMPLETE: async (name, cohort) => [someone(name), await submitted(program, someone(name), cohort)],
  UNDER_REVIEW: async (name, cohort) => {
    const applicationId = await submitted(program, someone(name), cohort);
    await step(program, committee, "applicationReviewStart", { applicationId });
    return [someone(name), applicationId];
  },
  ACCEPTED: (name, cohort) => decided(name, cohort, { outcome: "ACCEPT" }),
  WAITLISTED: (name, cohort) => decided(name, cohort, { outcome: "WAITLIST", rank: 1 }),
  DECLINED: (name, cohort) => decided(name, cohort, { outcome: "DECLINE" }),
  WITHDRAWN: async (name, cohort) => {
    const applicationId = await submitted(program, someone(name), cohort);
    await act(someone(name), "applicationWithdraw", { applicationId });
    return [someone(name), applicationId];
  },
};

async function decided(name: string, cohort: string, motion: object): Promise<[Person, string]> {
  const applicationId = await submitted(program, someone(name), cohort);
  await prepare(program, applicationId, motion, committee);
  await release(program, cohort, "CANDIDATE", `release-${applicationId.slice(-60)}`);
  return [someone(name), applicationId];
}

/** A cohort whose window is open now. */
function openCohort(terms: Partial<typeof TERMS> = {}): Promise<string> {
  return newCohort({ windowCloses: "2026-12-18T17:00", ...terms });
}

for (const state of Object.keys(STATES)) {
  test(`${state}: what viewerCan says is what the step then answers, in the same words`, async () => {
    const id = await openCohort();
    const [owner, applicationId] = await STATES[state]!(`Able ${state}`, id);
    const said = (await abilities(owner, applicationId))!;
    expect(said.startReview).toEqual({
      allowed: false,
      reasons: ["Only staff and the committee can do this."],
    });
    expect(await refused(owner, "applicationReviewStart", { applicationId })).toEqual(["FORBIDDEN"]);

    // Staff see the refusals of an office; only the applicant acts on the application itself.
    const office = (await abilities(committee, applicationId)) ?? (await abilities(STAFF!, applicationId))!;
    for (const action of ["save", "submit", "withdraw"] as const) {
      expect(office[action]).toEqual({ allowed: false, reasons: ["Only the applicant can do this."] });
    }
    expect(await refused(STAFF, "applicationWithdraw", { applicationId })).toEqual(["FORBIDDEN"]);

    const answers = async (action: keyof Abilities["viewerCan"], caller: Person, mutation: string) => {
      const ability = (await abilities(caller, applicationId))![action];
      const { userErrors } = await act(caller, mutation, { applicationId });
      expect(ability).toEqual({ allowed: userErrors.length === 0, reasons: userErrors.map(({ message }) => message) });
      return ability.allowed;
    };
    const allowed = {
      save: await answers("save", owner, "applicationSave"),
      submit: await answers("submit", owner, "applicationSubmit"),
      startReview: await answers("startReview", STAFF!, "applicationReviewStart"),
      withdraw: await answers("withdraw", owner, "applicationWithdraw"),
    };
    expect(allowed).toEqual({
      save: state === "DRAFT",
      // A draft without content lacks its parts.
      submit: false,
      startReview: state === "COMPLETE",
      withdraw: !["DECLINED", "WITHDRAWN"].includes(state),
    });
  });
}

test("what viewerCan says of a finished draft follows the window", async () => {
  const id = await newCohort({ windowCloses: "2026-09-22T12:00" });
  const person = someone("Window Watcher");
  const applicationId = await draft(program, person, id);
  await act(person, "applicationSave", complete(applicationId));
  const submit = async () => (await abilities(person, applicationId))!.submit;
  const apply = async () => {
    const { cohort } = await program.ask<{ cohort: { viewerCan: { applyAsMentor: object } } }>(
      person,
      "query($id: ID!) { cohort(id: $id) { viewerCan { applyAsMentor { allowed reasons } } } }",
      { id },
    );
    return cohort.viewerCan.applyAsMentor;
  };
  expect(await submit()).toEqual({ allowed: true, reasons: [] });
  expect(await apply()).toEqual({ allowed: true, reasons: [] });
  program.clock.moveTo("2026-09-22T19:00:00.000Z");
  const closed = { allowed: false, reasons: ["Applications closed on Tuesday, September 22, 2026 at 12:00 PM PDT."] };
  expect(await submit()).toEqual(closed);
  expect(await apply()).toEqual(closed);
  expect((await act(person, "applicationSubmit", { applicationId })).userErrors[0]!.message).toBe(closed.reasons[0]);
});

test("a withdrawal frees the seat and the place on the waitlist at once, before and after the release", async () => {
  const id = await openCohort({ seats: 1 });
  const [first, second, third] = ["First", "Second", "Third"].map((name) => someone(`${name} Seat`));
  const ids: string[] = [];
  for (const person of [first!, second!, third!]) ids.push(await submitted(program, person, id));
  const seats = async () => {
    const { cohort } = await program.ask<{ cohort: { seatsTaken: number } }>(
      STAFF,
      "query($id: ID!) { cohort(id: $id) { seatsTaken } }",
      { id },
    );
    return cohort.seatsTaken;
  };
  expect(codes(await prepare(program, ids[0]!))).toEqual([]);
  expect(codes(await prepare(program, ids[1]!))).toEqual(["COHORT_FULL"]);
  expect(codes(await prepare(program, ids[1]!, { outcome: "WAITLIST", rank: 1 }))).toEqual([]);
  expect(codes(await prepare(program, ids[2]!, { outcome: "WAITLIST", rank: 1 }))).toEqual(["RANK_TAKEN"]);
  expect(await seats()).toBe(1);

  // Prepared and not released: the applicant knows nothing, and withdraws.
  expect(await act(first!, "applicationWithdraw", { applicationId: ids[0]! })).toMatchObject({
    application: { state: "WITHDRAWN", stateLabel: "Withdrawn" },
    userErrors: [],
  });
  expect(await seats()).toBe(0);
  expect(codes(await act(second!, "applicationWithdraw", { applicationId: ids[1]! }))).toEqual([]);
  expect(codes(await prepare(program, ids[2]!, { outcome: "WAITLIST", rank: 1 }))).toEqual([]);
  await release(program, id);
  expect(codes(await act(third!, "applicationWithdraw", { applicationId: ids[2]! }))).toEqual([]);

  // The first comes back, is accepted, and withdraws after the release.
  const back = await act(first!, "applicationStart", { cohortId: id, kind: "CANDIDATE" });
  expect(back).toMatchObject({ application: { id: ids[0], state: "DRAFT" }, userErrors: [] });
  expect(back.application!.draft!.jobTitle).toBe("Technology coordinator");
  expect(codes(await act(first!, "applicationSubmit", { applicationId: ids[0]! }))).toEqual([]);
  expect(codes(await prepare(program, ids[0]!))).toEqual([]);
  await release(program, id, "CANDIDATE", "release-second-time");
  expect(await seats()).toBe(1);
  expect(codes(await act(first!, "applicationWithdraw", { applicationId: ids[0]! }))).toEqual([]);
  expect(await seats()).toBe(0);
  expect((await history(ids[0]!)).map(([type, before, after, , actor]) => [type, before, after, actor])).toEqual([
    ["ApplicationWithdrawn", { state: "ACCEPTED" }, { state: "WITHDRAWN" }, "First Seat"],
    ["DecisionReleased", { state: "COMPLETE" }, { state: "ACCEPTED" }, "Staff Test"],
    ["ApplicationSubmitted", { state: "DRAFT" }, { state: "COMPLETE" }, "First Seat"],
    ["ApplicationStarted", { state: "WITHDRAWN" }, { state: "DRAFT" }, "First Seat"],
    ["ApplicationWithdrawn", { state: "COMPLETE" }, { state: "WITHDRAWN" }, "First Seat"],
    ["ApplicationSubmitted", { state: "DRAFT" }, { state: "COMPLETE" }, "First Seat"],
    ["ApplicationSaved", null, null, "First Seat"],
    ["ApplicationStarted", null, { state: "DRAFT" }, "First Seat"],
  ]);
});

test("the number finds an application for its owner and staff always, for the committee once it was submitted", async () => {
  const id = await openCohort();
  const [owner, other] = [someone("Number Owner"), someone("Number Other")];
  const { application } = await act(owner, "applicationStart", { cohortId: id, kind: "CANDIDATE" });
  const { number, id: applicationId } = application!;
  const find = async (caller: Person | null, asked: string) => {
    const { data, errors } = await program.send(
      caller,
      "query($number: String!) { applicationByNumber(number: $number) { id stateLabel } }",
      { number: asked },
    );
    return errors?.[0]?.extensions?.["code"] ?? data?.["applicationByNumber"];
  };
  expect(await find(owner, number)).toEqual({ id: applicationId, stateLabel: "Not submitted yet" });
  expect(await find(STAFF, number)).toEqual({ id: applicationId, stateLabel: "Draft" });
  expect(await find(committee, number)).toBeNull();
  expect(await find(other, number)).toBeNull();
  expect(await find(null, number)).toBe("UNAUTHENTICATED");

  await act(owner, "applicationSave", complete(applicationId));
  await act(owner, "applicationSubmit", { applicationId });
  expect(await find(owner, number)).toEqual({ id: applicationId, stateLabel: "Received" });
  expect(await find(committee, number)).toEqual({ id: applicationId, stateLabel: "Complete, to be reviewed" });
  expect(await find(other, number)).toBeNull();
  for (const unknown of [
    "APP-2027-999999",
    "",
    number.toLowerCase(),
    ` ${number}`,
    "APP-2027-0001#CLAIM",
    "__proto__",
  ]) {
    expect(await find(STAFF, unknown)).toBeNull();
  }
});

test("what the committee may not see of a draft it may not change either", async () => {
  const id = await openCohort();
  const owner = someone("Hidden Writer");
  const applicationId = await draft(program, owner, id);
  expect(await refused(committee, "applicationReviewStart", { applicationId })).toEqual(["NOT_FOUND"]);
  expect(await refused(someone("Number Other"), "applicationSave", { applicationId })).toEqual(["NOT_FOUND"]);
  expect(await refused(STAFF, "applicationSave", { applicationId })).toEqual(["FORBIDDEN"]);
  expect(await refused(null, "applicationSave", { applicationId })).toEqual(["UNAUTHENTICATED"]);
});

interface List {
  nodes: { number: string; state: string }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

async function list(cohort: string, field: string, args = "", caller: Person = STAFF!): Promise<List> {
  const { node } = await program.ask<{ node: { list: List } }>(
    caller,
    `query($id: ID!) { node(id: $id) { ... on Cohort { list: ${field}${args} {
      nodes { number state } pageInfo { hasNextPage endCursor } } } } }`,
    { id: cohort },
  );
  return node.list;
}

/** Has many people submit, a few at a time, with each answer as given. */
async function submitMany(id: string, people: readonly Person[], text: string): Promise<void> {
  const answers = ["objective", "leadership", "technology", "projects", "finance", "experience", "community"];
  for (let start = 0; start < people.length; start += 10) {
    await Promise.all(
      people.slice(start, start + 10).map(async (person) => {
        const applicationId = await draft(program, person, id);
        const filled = { ...complete(applicationId), answers: answers.map((questionId) => ({ questionId, text })) };
        await act(person, "applicationSave", filled);
        expect(codes(await act(person, "applicationSubmit", { applicationId }))).toEqual([]);
      }),
    );
  }
}

test("applications with the longest answers are all in the list, though the table reads only some at once", async () => {
  const id = await openCohort();
  // 168 KB an application in UTF-8, and the table ends a page after 1 MB.
  await submitMany(
    id,
    ["One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight"].map(someone),
    "€".repeat(4_000),
  );
  const found: string[] = [];
  let pages = 0;
  for (let after = ""; ; pages++) {
    const { nodes, pageInfo } = await list(id, "applications", after && `(after: "${after}")`);
    found.push(...nodes.map(({ number }) => number));
    if (!pageInfo.hasNextPage) break;
    after = pageInfo.endCursor!;
  }
  expect(pages).toBe(1);
  expect(new Set(found).size).toBe(8);
  expect(found).toEqual([...found].sort());
});

test("a list of thirty applications is read page by page, each once, in order; a cursor fits its own list alone", async () => {
  const id = await openCohort();
  const people = Array.from({ length: 30 }, (_, index) => someone(`Listed ${String(index).padStart(2, "0")}`));
  await submitMany(id, people, "A short answer.");
  const { nodes: everything, pageInfo } = await list(id, "applications", "(first: 100)");
  expect(everything).toHaveLength(30);
  expect(pageInfo.hasNextPage).toBe(false);
  const numbers = everything.map(({ number }) => number);
  expect(numbers).toEqual([...new Set(numbers)].sort());
  const standard = await list(id, "applications");
  expect(standard.nodes).toEqual(everything.slice(0, 25));
  expect(standard.pageInfo.hasNextPage).toBe(true);

  for (const first of [4, 10, 29, 30]) {
    const pages: List[] = [];
    for (let after: string | null = null; ;) {
      const page = await list(id, "applications", `(first: ${first}${after ? `, after: "${after}"` : ""})`);
      pages.push(page);
      expect(pages.length).toBeLessThanOrEqual(30);
      if (!page.pageInfo.hasNextPage) break;
      expect(page.nodes).toHaveLength(first);
      after = page.pageInfo.endCursor;
    }
    expect(pages.flatMap(({ nodes }) => nodes)).toEqual(everything);
    expect(pages).toHaveLength(Math.ceil(30 / first));
  }
  const { endCursor } = (await list(id, "applications", "(first: 5)")).pageInfo;
  const other = await openCohort();
  for (const [cohort, field, args] of [
    [other, "applications", `(after: "${endCursor}")`],
    [id, "applications", `(kind: MENTOR, after: "${endCursor}")`],
    [id, "applications", `(state: COMPLETE, after: "${endCursor}")`],
    [id, "unsubmittedApplications", `(after: "${endCursor}")`],
    [id, "applications", `(after: "${endCursor!.slice(0, -4)}AAAA")`],
    [id, "applications", `(after: "nonsense")`],
  ] as const) {
    await expect(list(cohort, field, args)).rejects.toThrow("BAD_CURSOR");
  }
  for (const first of [0, -1, 101]) {
    await expect(list(id, "applications", `(first: ${first})`)).rejects.toThrow("BAD_PAGE_SIZE");
  }
});

test("the committee's list has what was submitted, staff's other list what never was", async () => {
  const id = await openCohort();
  const made: Record<string, string> = {};
  for (const state of Object.keys(STATES)) {
    const [owner] = await STATES[state]!(`Sorted ${state}`, id);
    const { viewer } = await program.ask<{ viewer: { applications: { number: string }[] } }>(
      owner,
      "{ viewer { applications { number } } }",
    );
    made[state] = viewer.applications[0]!.number;
  }
  const unsent = someone("Sorted Unsent");
  const unsentId = await draft(program, unsent, id);
  const { application } = await act(unsent, "applicationWithdraw", { applicationId: unsentId });
  await submitted(program, someone("Sorted Mentor"), id, "MENTOR");

  const row = (state: string, number = made[state]!) => ({ number, state });
  const submittedOnes = [
    row("ACCEPTED"),
    row("COMPLETE"),
    row("DECLINED"),
    row("UNDER_REVIEW"),
    row("WAITLISTED"),
    row("WITHDRAWN"),
  ];
  expect((await list(id, "applications", "", committee)).nodes).toEqual(submittedOnes);
  expect((await list(id, "applications")).nodes).toEqual(submittedOnes);
  for (const one of submittedOnes) {
    expect((await list(id, "applications", `(state: ${one.state})`)).nodes).toEqual([one]);
  }
  expect((await list(id, "applications", "(state: DRAFT)")).nodes).toEqual([]);
  expect((await list(id, "applications", "(kind: MENTOR)")).nodes).toMatchObject([{ state: "COMPLETE" }]);
  const unsubmitted = [row("DRAFT"), row("WITHDRAWN", application!.number)];
  expect((await list(id, "unsubmittedApplications")).nodes).toEqual(unsubmitted);
  await expect(list(id, "unsubmittedApplications", "", committee)).rejects.toThrow("FORBIDDEN");
  await expect(list(id, "applications", "", unsent)).rejects.toThrow("FORBIDDEN");
});

test("the history of an application tells who did what, with the values before and after", async () => {
  const id = await openCohort();
  const owner = someone("History Writer");
  const applicationId = await draft(program, owner, id);
  await act(owner, "applicationSave", complete(applicationId));
  await act(owner, "applicationSubmit", { applicationId });
  await step(program, committee, "applicationReviewStart", { applicationId });
  await prepare(program, applicationId, { outcome: "DECLINE", rationale: "Kept apart." }, committee);
  await release(program, id);
  expect(await history(applicationId)).toEqual([
    ["DecisionReleased", { state: "UNDER_REVIEW" }, { state: "DECLINED" }, null, "Staff Test"],
    ["ApplicationReviewStarted", { state: "COMPLETE" }, { state: "UNDER_REVIEW" }, null, "Committee Member"],
    ["ApplicationSubmitted", { state: "DRAFT" }, { state: "COMPLETE" }, null, "History Writer"],
    ["ApplicationSaved", null, null, null, "History Writer"],
    ["ApplicationStarted", null, { state: "DRAFT" }, null, "History Writer"],
  ]);
  await expect(history(applicationId, owner)).rejects.toThrow("FORBIDDEN");
});

test("everything in the table fits together", async () => {
  expect(await checkInvariants(program)).toEqual([]);
});
