import { afterEach, expect, test, vi } from "vitest";
import { checkInvariants } from "./support/invariants.ts";
import { someone, startProgram, STAFF } from "./support/program.ts";
import { readTable } from "./support/stored.ts";
import type { TERMS } from "./support/steps.ts";
import {
  chairPerson,
  draft,
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

const program = await startProgram({ at: IN_WINDOW, realTime: ticking(IN_WINDOW).realTime });
const committee = await chairPerson(program, someone("Committee Member"));
afterEach(() => vi.restoreAllMocks());

type Person = ReturnType<typeof someone>;
type Kind = "CANDIDATE" | "MENTOR";

let cohorts = 0;
const newCohort = (terms: Partial<typeof TERMS> = {}) =>
  publishedCohort(program, { number: ++cohorts, name: `Cohort ${cohorts}`, ...terms });

/** People who have each submitted an application to the cohort. */
async function applicants(cohortId: string, names: string[], kind: Kind = "CANDIDATE") {
  const made: { person: Person; id: string }[] = [];
  for (const name of names) {
    const person = someone(`${name} ${cohorts}`);
    made.push({ person, id: await submitted(program, person, cohortId, kind) });
  }
  await program.settle();
  return made;
}

const codes = ({ userErrors }: Outcome<object>) => userErrors.map(({ code }) => code);

/** Sorts what several at once were answered: whoever was taken first. */
const byLength = (a: readonly unknown[], b: readonly unknown[]) => a.length - b.length;

interface Released {
  rows: { applicationId: string; outcome: string; released: boolean }[] | null;
  confirmToken: string | null;
}

function releaseStep(input: object, caller = STAFF): Promise<Outcome<Released>> {
  return step(program, caller, "decisionRelease", input, "rows { applicationId outcome released } confirmToken");
}

/** Rows in the order of a list of applications, because a release has an order of its own. */
function rowsFor(rows: Released["rows"], ids: readonly string[]) {
  expect(rows?.map(({ applicationId }) => applicationId).sort()).toEqual([...ids].sort());
  return ids.map((id) => {
    const { outcome, released } = rows!.find(({ applicationId }) => applicationId === id)!;
    return [outcome, released];
  });
}

/** An application as somebody sees it. */
async function seen(caller: Person | typeof STAFF, applicationId: string) {
  const { node } = await program.ask<{ node: object | null }>(
    caller,
    "query($id: ID!) { node(id: $id) { ... on Application { state decision { state outcome rank } } } }",
    { id: applicationId },
  );
  return node;
}

const receipt = expect.stringMatching(/^We have received your application APP-2027-\d{4}$/) as string;

test("a decision is prepared, changed and seen by the office alone; every fault of a motion is named at once", async () => {
  const cohortId = await newCohort();
  const [one] = await applicants(cohortId, ["Prepared"]);
  const { id, person } = one!;
  const faulty = await prepare(program, id, {
    outcome: "WAITLIST",
    rationale: " ",
    vote: { inFavor: -1, against: 100, abstained: 0 },
  });
  expect(faulty).toEqual({
    decision: null,
    userErrors: [
      { code: "REQUIRED", field: ["rationale"], message: "The rationale is missing: please fill it in." },
      {
        code: "RANK_REQUIRED",
        field: ["rank"],
        message: "The waitlist is ranked: please give the place, counted from 1.",
      },
      { code: "OUT_OF_RANGE", field: ["vote", "inFavor"], message: "Votes are whole numbers from 0 to 99." },
      { code: "OUT_OF_RANGE", field: ["vote", "against"], message: "Votes are whole numbers from 0 to 99." },
    ],
  });
  expect(codes(await prepare(program, id, { outcome: "ACCEPT", rank: 1 }))).toEqual(["RANK_NOT_WANTED"]);
  for (const rank of [0, 501]) {
    expect(codes(await prepare(program, id, { outcome: "WAITLIST", rank }))).toEqual(["OUT_OF_RANGE"]);
  }

  const first = await prepare(program, id, { outcome: "DECLINE", expectedVersion: 0 }, committee);
  expect(first).toMatchObject({ decision: { version: 1, state: "PREPARED", outcome: "DECLINE", rank: null } });
  const slow = await prepare(program, id, { outcome: "ACCEPT", expectedVersion: 0 });
  expect(slow).toMatchObject({ decision: { version: 1, outcome: "DECLINE" }, userErrors: [{ code: "CONFLICT" }] });
  const changed = await prepare(program, id, { outcome: "ACCEPT", expectedVersion: 1 });
  expect(changed).toMatchObject({ decision: { version: 2, outcome: "ACCEPT" }, userErrors: [] });
  // A version is what is already there: nobody's change is lost unseen.
  const both = await Promise.all(
    ["DECLINE", "ACCEPT"].map((outcome) => prepare(program, id, { outcome, expectedVersion: 2 })),
  );
  expect(both.map(codes).sort(byLength)).toEqual([[], ["CONFLICT"]]);

  expect(await seen(person, id)).toEqual({ state: "COMPLETE", decision: null });
  expect(await seen(committee, id)).toMatchObject({ state: "COMPLETE", decision: { state: "PREPARED" } });
  expect(await subjectsTo(program, person)).toEqual([receipt]);
});

test("nobody decides about their own application, nor sees what is prepared on it, nor about drafts", async () => {
  const cohortId = await newCohort();
  const id = await submitted(program, committee, cohortId);
  const own = await prepare(program, id, { outcome: "ACCEPT" }, committee);
  expect(own).toEqual({
    decision: null,
    userErrors: [
      {
        code: "OWN_APPLICATION",
        field: null,
        message: "This is your own application: somebody else has to take care of it.",
      },
    ],
  });
  expect(codes(await prepare(program, id))).toEqual([]);
  expect(await seen(committee, id)).toEqual({ state: "COMPLETE", decision: null });
  expect(codes(await prepare(program, id, { outcome: "DECLINE" }, committee))).toEqual(["OWN_APPLICATION"]);
  const input = { cohortId, kind: "CANDIDATE", dryRun: true, idempotencyKey: "release-own-1" };
  expect(await releaseStep(input, committee)).toMatchObject({ rows: null, userErrors: [{ code: "OWN_APPLICATION" }] });

  const draftId = await draft(program, someone("Undecided Draft"), cohortId);
  expect((await prepare(program, draftId)).userErrors).toEqual([
    { code: "WRONG_STATE", field: null, message: "This is not possible now: the state of the application is “Draft”." },
  ]);
});

test("what viewerCan says of deciding is what preparing then answers", async () => {
  const cohortId = await newCohort();
  const [open, declined, withdrawn] = await applicants(cohortId, ["Open", "Declined", "Withdrawn"]);
  await prepare(program, declined!.id, { outcome: "DECLINE" });
  await release(program, cohortId);
  await step(program, withdrawn!.person, "applicationWithdraw", { applicationId: withdrawn!.id });
  const ability = async (id: string, caller: Person | typeof STAFF = STAFF) => {
    const { node } = await program.ask<{ node: { viewerCan: { decide: { allowed: boolean; reasons: string[] } } } }>(
      caller,
      "query($id: ID!) { node(id: $id) { ... on Application { viewerCan { decide { allowed reasons } } } } }",
      { id },
    );
    return node.viewerCan.decide;
  };
  for (const { id } of [open!, declined!, withdrawn!]) {
    const said = await ability(id);
    const { userErrors } = await prepare(program, id, { outcome: "DECLINE" });
    expect(said).toEqual({ allowed: userErrors.length === 0, reasons: userErrors.map(({ message }) => message) });
    expect(said.allowed).toBe(id === open!.id);
  }
  expect(await ability(open!.id, open!.person)).toEqual({
    allowed: false,
    reasons: ["Only staff and the committee can do this."],
  });
});

test("a dry run names the exact effect and has none; the token confirms exactly that set", async () => {
  const cohortId = await newCohort();
  const people = await applicants(cohortId, ["Accepted", "Waiting", "Declined"]);
  const ids = people.map(({ id }) => id);
  const input = { cohortId, kind: "CANDIDATE", idempotencyKey: `dry-run-${cohorts}` };
  const dry = () => releaseStep({ ...input, dryRun: true });
  expect(await dry()).toEqual({
    rows: null,
    confirmToken: null,
    userErrors: [{ code: "NOTHING_PREPARED", field: null, message: "No decision is waiting to be released." }],
  });
  await prepare(program, ids[0]!, { outcome: "ACCEPT" });
  await prepare(program, ids[1]!, { outcome: "WAITLIST", rank: 1 });
  await program.settle();

  const { items } = await readTable(program);
  const looked = await dry();
  expect(rowsFor(looked.rows, ids.slice(0, 2))).toEqual([
    ["ACCEPT", false],
    ["WAITLIST", false],
  ]);
  expect(await dry()).toEqual(looked);
  await program.settle();
  expect((await readTable(program)).items).toEqual(items);

  const { confirmToken } = looked;
  expect(await releaseStep(input)).toMatchObject({ rows: null, userErrors: [{ code: "CONFIRM_TOKEN_REQUIRED" }] });
  const STALE = {
    rows: null,
    confirmToken: null,
    userErrors: [
      {
        code: "STALE",
        field: ["confirmToken"],
        message: "The prepared decisions have changed since you looked: please look again and confirm anew.",
      },
    ],
  };
  expect(await releaseStep({ ...input, confirmToken: "made-up" })).toEqual(STALE);
  // One more, one changed, one withdrawn: each makes what was looked at stale.
  const stale = [confirmToken];
  await prepare(program, ids[2]!, { outcome: "DECLINE" });
  expect(await releaseStep({ ...input, confirmToken })).toEqual(STALE);
  stale.push((await dry()).confirmToken);
  await prepare(program, ids[2]!, { outcome: "DECLINE", rationale: "Another reason" });
  expect(await releaseStep({ ...input, confirmToken: stale[1] })).toEqual(STALE);
  stale.push((await dry()).confirmToken);
  await step(program, people[1]!.person, "applicationWithdraw", { applicationId: ids[1] });
  expect(await releaseStep({ ...input, confirmToken: stale[2] })).toEqual(STALE);
  expect(new Set(stale).size).toBe(3);
  for (const { person } of people) expect(await subjectsTo(program, person)).toEqual([receipt]);

  const done = await releaseStep({ ...input, confirmToken: (await dry()).confirmToken });
  expect(done.confirmToken).toBeNull();
  expect(rowsFor(done.rows, [ids[0]!, ids[2]!])).toEqual([
    ["ACCEPT", true],
    ["DECLINE", true],
  ]);
  expect(await subjectsTo(program, people[0]!.person)).toEqual([receipt, `You are accepted: Cohort ${cohorts}`]);
  expect(await subjectsTo(program, people[1]!.person)).toEqual([receipt]);
  expect(await subjectsTo(program, people[2]!.person)).toEqual([
    receipt,
    expect.stringMatching(/^The decision on your application APP-2027-\d{4}$/),
  ]);
});

test("a release is made once for its key, however often and however much at once it is confirmed", async () => {
  const cohortId = await newCohort();
  const people = await applicants(cohortId, ["Once", "Twice", "Thrice"]);
  for (const { id } of people) await prepare(program, id);
  const input = { cohortId, kind: "CANDIDATE", idempotencyKey: `release-once-${cohorts}` };
  const { confirmToken } = await releaseStep({ ...input, dryRun: true });
  const confirmed = { ...input, confirmToken };
  const answers = await Promise.all([1, 2, 3, 4, 5].map(() => releaseStep(confirmed)));
  answers.push(await releaseStep(confirmed));
  for (const { rows, userErrors } of answers) {
    expect(userErrors).toEqual([]);
    expect(
      rowsFor(
        rows,
        people.map(({ id }) => id),
      ),
    ).toEqual([1, 2, 3].map(() => ["ACCEPT", true]));
  }
  const other = { ...confirmed, kind: "MENTOR" };
  expect(codes(await releaseStep(other))).toEqual(["KEY_REUSED"]);
  expect(codes(await releaseStep({ ...confirmed, idempotencyKey: `release-again-${cohorts}` }))).toEqual([
    "NOTHING_PREPARED",
  ]);
  expect(codes(await releaseStep({ ...confirmed, idempotencyKey: "short" }))).toEqual(["BAD_KEY"]);
  for (const { person } of people) {
    expect(await subjectsTo(program, person)).toEqual([receipt, `You are accepted: Cohort ${cohorts}`]);
  }
  const { records } = await readTable(program);
  const releases = records<{ cohortId: string; state: string }>("RELEASE");
  const localCohort = Buffer.from(cohortId, "base64url").toString().replace("Cohort:", "");
  expect(releases.filter((one) => one.cohortId === localCohort)).toMatchObject([{ state: "DONE" }]);
});

test("a release that broke off half-way is finished by due after two minutes; each applicant gets one mail", async () => {
  const cohortId = await newCohort();
  const people = await applicants(cohortId, ["Broken One", "Broken Two", "Broken Three", "Broken Four"]);
  for (const { id } of people) await prepare(program, id);
  const input = { cohortId, kind: "CANDIDATE", idempotencyKey: `broken-off-${cohorts}` };
  const { confirmToken } = await releaseStep({ ...input, dryRun: true });

  // The start of the release and one decision are written, then the function dies.
  const { table } = program.runtime;
  const commit = table.commit.bind(table);
  let written = 0;
  const dying = vi.spyOn(table, "commit").mockImplementation(async (writes) => {
    if (writes.some(({ key }) => /^(RELEASE|APPLICATION)#/.test(key.pk)) && ++written > 2) throw new Error("Killed");
    await commit(writes);
  });
  const query = `mutation($input: DecisionReleaseInput!) { decisionRelease(input: $input) { userErrors { code } } }`;
  const broken = await program.send(STAFF, query, { input: { ...input, confirmToken } });
  expect(broken.errors?.map(({ extensions }) => extensions?.["code"])).toEqual(["INTERNAL_SERVER_ERROR"]);
  await program.settle();
  dying.mockRestore();

  const told = async () => {
    const subjects = await Promise.all(people.map(({ person }) => subjectsTo(program, person)));
    return subjects.map(({ length }) => length - 1).sort((a, b) => a - b);
  };
  expect(await told()).toEqual([0, 0, 0, 1]);
  await program.moveClock({ advance: "PT1M50S" });
  expect(await told()).toEqual([0, 0, 0, 1]);
  await program.moveClock({ advance: "PT15S" });
  expect(await told()).toEqual([1, 1, 1, 1]);
  for (const { id, person } of people) {
    expect(await seen(person, id)).toEqual({
      state: "ACCEPTED",
      decision: { state: "RELEASED", outcome: "ACCEPT", rank: null },
    });
  }
  // Whoever confirms again afterwards is answered, and nobody is told twice.
  const { rows } = await releaseStep({ ...input, confirmToken });
  expect(
    rowsFor(
      rows,
      people.map(({ id }) => id),
    ),
  ).toEqual([1, 2, 3, 4].map(() => ["ACCEPT", true]));
  await program.moveClock({ advance: "P1D" });
  expect(await told()).toEqual([1, 1, 1, 1]);
});

test("a decision that was changed after the confirmation is left out and reported so, and so is a withdrawn one", async () => {
  const cohortId = await newCohort();
  const people = await applicants(cohortId, ["Kept", "Changed", "Gone"]);
  const [kept, changed, gone] = people;
  for (const { id } of people) await prepare(program, id);
  const input = { cohortId, kind: "CANDIDATE", idempotencyKey: `changed-${cohorts}` };
  const { confirmToken } = await releaseStep({ ...input, dryRun: true });

  const { table } = program.runtime;
  const commit = table.commit.bind(table);
  vi.spyOn(table, "commit").mockImplementationOnce(async (writes) => {
    await commit(writes);
    // Right after the release was started, and before it comes to the decisions.
    await prepare(program, changed!.id, { outcome: "DECLINE" });
    await step(program, gone!.person, "applicationWithdraw", { applicationId: gone!.id });
  });
  const { rows, userErrors } = await releaseStep({ ...input, confirmToken });
  expect(userErrors).toEqual([]);
  expect(rowsFor(rows, [kept!.id, changed!.id, gone!.id])).toEqual([
    ["ACCEPT", true],
    ["ACCEPT", false],
    ["ACCEPT", false],
  ]);
  expect(await seen(kept!.person, kept!.id)).toMatchObject({ state: "ACCEPTED" });
  expect(await seen(changed!.person, changed!.id)).toEqual({ state: "COMPLETE", decision: null });
  expect(await seen(gone!.person, gone!.id)).toEqual({ state: "WITHDRAWN", decision: null });
  expect(await seen(STAFF, changed!.id)).toMatchObject({ decision: { state: "PREPARED", outcome: "DECLINE" } });
  expect(await subjectsTo(program, changed!.person)).toEqual([receipt]);
  expect(await subjectsTo(program, gone!.person)).toEqual([receipt]);
  await program.moveClock({ advance: "PT1H" });
  expect(await subjectsTo(program, changed!.person)).toEqual([receipt]);

  // It waits for the next release.
  const next = await release(program, cohortId, "CANDIDATE", `changed-next-${cohorts}`);
  expect(rowsFor(next.rows, [changed!.id])).toEqual([["DECLINE", true]]);
  expect(await subjectsTo(program, changed!.person)).toHaveLength(2);
});

test("somebody on the waitlist is accepted later, takes the free seat and gets a mail of their own", async () => {
  const cohortId = await newCohort({ seats: 1 });
  const [seated, waiting] = await applicants(cohortId, ["Seated", "Waitlisted"]);
  await prepare(program, seated!.id);
  await prepare(program, waiting!.id, { outcome: "WAITLIST", rank: 1 });
  await release(program, cohortId);
  expect(await seen(waiting!.person, waiting!.id)).toEqual({
    state: "WAITLISTED",
    decision: { state: "RELEASED", outcome: "WAITLIST", rank: 1 },
  });
  expect((await prepare(program, waiting!.id)).userErrors).toEqual([
    {
      code: "COHORT_FULL",
      field: ["outcome"],
      message: `No seat of Cohort ${cohorts} is left (1 in all): please choose the waitlist, or free one first.`,
    },
  ]);
  await step(program, seated!.person, "applicationWithdraw", { applicationId: seated!.id });
  expect(codes(await prepare(program, waiting!.id))).toEqual([]);
  expect(await seen(waiting!.person, waiting!.id)).toMatchObject({ state: "WAITLISTED" });
  await release(program, cohortId, "CANDIDATE", `from-waitlist-${cohorts}`);
  expect(await seen(waiting!.person, waiting!.id)).toEqual({
    state: "ACCEPTED",
    decision: { state: "RELEASED", outcome: "ACCEPT", rank: null },
  });
  expect(await subjectsTo(program, waiting!.person)).toEqual([
    receipt,
    expect.stringMatching(/^Your application APP-2027-\d{4} is on the waitlist$/),
    `You are accepted: Cohort ${cohorts}`,
  ]);
  const { node } = await program.ask<{ node: { decision: { history: { nodes: Record<string, string>[] } } } }>(
    committee,
    `query($id: ID!) { node(id: $id) { ... on Application { decision { history { nodes {
      type before after why actor { name } } } } } } }`,
    { id: waiting!.id },
  );
  expect(
    node.decision.history.nodes.map(({ type, before, after, why, actor }) => {
      return [type, before && JSON.parse(before), after && JSON.parse(after), why, actor];
    }),
  ).toEqual([
    [
      "DecisionPrepared",
      { state: "RELEASED", outcome: "WAITLIST", rank: 1 },
      { state: "PREPARED", outcome: "ACCEPT", rank: null },
      "Test",
      { name: "Staff Test" },
    ],
    ["DecisionPrepared", null, { state: "PREPARED", outcome: "WAITLIST", rank: 1 }, "Test", { name: "Staff Test" }],
  ]);
});

test("places on the waitlist are one each; a move frees the old place, and so does another outcome", async () => {
  const cohortId = await newCohort();
  const [first, second, third] = await applicants(cohortId, ["Rank One", "Rank Two", "Rank Three"]);
  const rank = (id: string, place: number) => prepare(program, id, { outcome: "WAITLIST", rank: place });
  expect(codes(await rank(first!.id, 1))).toEqual([]);
  expect(codes(await rank(second!.id, 2))).toEqual([]);
  expect((await rank(third!.id, 2)).userErrors).toEqual([
    {
      code: "RANK_TAKEN",
      field: ["rank"],
      message: "Somebody else has this place on the waitlist: please choose another.",
    },
  ]);
  expect(codes(await rank(first!.id, 3))).toEqual([]);
  expect(codes(await rank(second!.id, 1))).toEqual([]);
  expect(codes(await rank(second!.id, 1))).toEqual([]);
  expect(codes(await rank(third!.id, 2))).toEqual([]);
  expect(codes(await prepare(program, second!.id, { outcome: "DECLINE" }))).toEqual([]);
  const race = await Promise.all([rank(first!.id, 1), rank(third!.id, 1)]);
  expect(race.map(codes).sort(byLength)).toEqual([[], ["RANK_TAKEN"]]);
  // Candidates and mentors have a waitlist each.
  const [mentor] = await applicants(cohortId, ["Rank Mentor"], "MENTOR");
  expect(codes(await rank(mentor!.id, 1))).toEqual([]);
});

test("mentors take no seats, and are told that they are selected", async () => {
  const cohortId = await newCohort({ seats: 0 });
  const mentors = await applicants(cohortId, ["Mentor One", "Mentor Two"], "MENTOR");
  const [candidate] = await applicants(cohortId, ["No Seat"]);
  for (const { id } of mentors) expect(codes(await prepare(program, id))).toEqual([]);
  expect(codes(await prepare(program, candidate!.id))).toEqual(["COHORT_FULL"]);
  const { cohort } = await program.ask<{ cohort: { seatsTaken: number } }>(
    STAFF,
    "query($id: ID!) { cohort(id: $id) { seatsTaken } }",
    { id: cohortId },
  );
  expect(cohort.seatsTaken).toBe(0);
  const { rows } = await release(program, cohortId, "MENTOR");
  expect(
    rowsFor(
      rows,
      mentors.map(({ id }) => id),
    ),
  ).toEqual([
    ["ACCEPT", true],
    ["ACCEPT", true],
  ]);
  await program.settle();
  const mail = (await program.ses.mails()).find(
    ({ to, subject }) => to.includes(mentors[0]!.person.email) && subject.startsWith("You are accepted"),
  );
  expect(mail!.text).toContain(`selected you as a mentor of the Cohort ${cohorts}.`);
  expect(mail!.text).not.toContain("Tuition");
});

test("everything in the table fits together", async () => {
  expect(await checkInvariants(program)).toEqual([]);
});
