import { beforeEach, expect, test } from "vitest";
import { seatsFrom, seatsKey } from "../schema/cohort/cohort.table.ts";
import { parseGlobalId } from "../schema/shared/id.ts";
import { openTable } from "../schema/shared/table.ts";
import { startFaultProxy } from "./support/fault-proxy.ts";
import type { FaultProxy } from "./support/fault-proxy.ts";
import { checkInvariants } from "./support/invariants.ts";
import { someone, startProgram, STAFF } from "./support/program.ts";
import { chairPerson, complete, draft, IN_WINDOW, prepare, publishedCohort } from "./support/steps.ts";
import { release, step, submitted, subjectsTo } from "./support/steps.ts";
import type { UserError } from "./support/steps.ts";
import { readTable } from "./support/stored.ts";

let proxy!: FaultProxy;
const program = await startProgram({
  at: IN_WINDOW,
  beforeTable: async (endpoint) => {
    proxy = await startFaultProxy(endpoint, 31);
    return proxy.endpoint;
  },
});
beforeEach(() => proxy.reset());

const COLLEAGUE = await chairPerson(program, someone("Second Decider"));
const direct = openTable({ tableName: program.tableName, endpoint: program.tableEndpoint, now: Date.now });
const NUMBERS = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

let cohorts = 0;
/** A published cohort of its own. */
const cohortOf = (seats: number) => publishedCohort(program, { number: ++cohorts, name: `Cohort ${cohorts}`, seats });

/** Submits an application for each of so many people, a few at a time; answers the applications' ids. */
async function applicants(cohortId: string, count: number, name: string): Promise<string[]> {
  const ids: string[] = [];
  for (let start = 0; start < count; start += 10) {
    const some = NUMBERS(Math.min(10, count - start)).map((number) => someone(`${name} ${start + number}`));
    ids.push(...(await Promise.all(some.map((person) => submitted(program, person, cohortId)))));
  }
  return ids;
}

async function seatsTaken(cohortId: string): Promise<number> {
  return seatsFrom(await direct.get(seatsKey(parseGlobalId(cohortId)!.id)));
}

/** The error code of each refused answer, "done" of the others. */
function codesOf(answers: readonly { userErrors: readonly { code: string }[] }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { userErrors } of answers) {
    const code = userErrors.map((error) => error.code).join(" ") || "done";
    counts[code] = (counts[code] ?? 0) + 1;
  }
  return counts;
}

/** A preparation; a failure for haste is an answer like others. */
async function tryPrepare(applicationId: string, motion: object = { outcome: "ACCEPT" }, caller = STAFF) {
  const mutation = `mutation($input: DecisionPrepareInput!) { decisionPrepare(input: $input) {
    decision { id version outcome } userErrors { code field message } } }`;
  const input = { applicationId, rationale: "Test", ...motion };
  const { data, errors = [] } = await program.send(caller, mutation, { input });
  const failures = errors.map(({ extensions, message }) => ({
    code: extensions?.["code"] as string,
    field: null,
    message,
  }));
  type Prepared = { decision: { version: number; outcome: string } | null; userErrors: UserError[] };
  return (data?.["decisionPrepare"] as Prepared | undefined) ?? { decision: null, userErrors: failures };
}

/** The most seats that were taken at any look while the work went on. */
async function mostTakenDuring<Result>(cohortId: string, work: Promise<Result>): Promise<[number, Result]> {
  const over = new AbortController();
  const result = work.finally(() => over.abort());
  let most = 0;
  while (!over.signal.aborted) most = Math.max(most, await seatsTaken(cohortId));
  return [most, await result];
}

async function acceptancesTo(cohort: string): Promise<string[]> {
  await program.settle();
  const mails = await program.ses.mails();
  return mails.filter(({ subject }) => subject === `You are accepted: ${cohort}`).flatMap(({ to }) => to);
}

test("of 50 people accepted at once into 20 seats exactly 20 are, and 30 are told why", async () => {
  const cohortId = await cohortOf(20);
  const name = `Cohort ${cohorts}`;
  const ids = await applicants(cohortId, 50, "Crowd");
  const [most, answers] = await mostTakenDuring(cohortId, Promise.all(ids.map((id) => tryPrepare(id))));
  expect(codesOf(answers)).toEqual({ done: 20, COHORT_FULL: 30 });
  const message = `No seat of ${name} is left (20 in all): please choose the waitlist, or free one first.`;
  expect(new Set(answers.flatMap(({ userErrors }) => userErrors.map((error) => error.message)))).toEqual(
    new Set([message]),
  );
  expect([most, await seatsTaken(cohortId)]).toEqual([20, 20]);
  await release(program, cohortId);
  const first = await acceptancesTo(name);
  expect([first.length, new Set(first).size]).toEqual([20, 20]);
  expect(await checkInvariants(program)).toEqual([]);

  // Ten more seats for the 30 others, while transactions get into each other's way.
  const more = await step(program, STAFF, "cohortChange", { cohortId, seats: 30, expectedVersion: 2 });
  expect(more.userErrors).toEqual([]);
  const others = ids.filter((_, index) => answers[index]!.decision === null);
  proxy.inject("TransactWriteItems", { kind: "conflict", probability: 0.2 });
  const [mostThen, then] = await mostTakenDuring(cohortId, Promise.all(others.map((id) => tryPrepare(id))));
  proxy.reset();
  const { done = 0, COHORT_FULL: full = 0, CONFLICT_RETRY: retry = 0 } = codesOf(then);
  expect(done + full + retry).toBe(30);
  expect(mostThen).toBeLessThanOrEqual(30);
  expect(await seatsTaken(cohortId)).toBe(20 + done);
  // Whoever was told to try again does; then every seat is taken and everybody has a definite answer.
  const hasty = others.filter((_, index) => then[index]!.userErrors.some(({ code }) => code === "CONFLICT_RETRY"));
  const again = codesOf(await Promise.all(hasty.map((id) => tryPrepare(id))));
  expect([done + (again["done"] ?? 0), full + (again["COHORT_FULL"] ?? 0)]).toEqual([10, 20]);
  await release(program, cohortId, "CANDIDATE", "crowd-release-2");
  const second = await acceptancesTo(name);
  expect([second.length, new Set(second).size]).toEqual([30, 30]);
  expect(await checkInvariants(program)).toEqual([]);
});

test("a conflict that does not end answers CONFLICT_RETRY, and nothing is written", async () => {
  const cohortId = await cohortOf(1);
  const applicant = someone("Endless Conflict");
  const applicationId = await draft(program, applicant, cohortId);
  await step(program, applicant, "applicationSave", complete(applicationId));
  await program.settle();
  const before = await readTable(program);
  proxy.reset();
  proxy.inject("TransactWriteItems", { kind: "conflict" });
  const mutation = `mutation($id: ID!) { applicationSubmit(input: { applicationId: $id }) { userErrors { code } } }`;
  const { errors } = await program.send(applicant, mutation, { id: applicationId });
  expect(errors?.map(({ extensions }) => extensions?.["code"])).toEqual(["CONFLICT_RETRY"]);
  expect(proxy.counts()["TransactWriteItems"]).toBe(5);
  expect((await readTable(program)).items).toEqual(before.items);
  proxy.reset();
  proxy.inject("TransactWriteItems", { kind: "commitThenDrop", times: 1 });
  expect((await step(program, applicant, "applicationSubmit", { applicationId })).userErrors).toEqual([]);
  expect(await subjectsTo(program, applicant)).toHaveLength(1);
  expect(await checkInvariants(program)).toEqual([]);
});

test("two who decide at once on the version both have seen: one does, the other is told of the conflict", async () => {
  const cohortId = await cohortOf(3);
  for (const id of await applicants(cohortId, 3, "Twice Decided")) {
    const answers = await Promise.all([
      tryPrepare(id, { outcome: "ACCEPT", expectedVersion: 0 }),
      tryPrepare(id, { outcome: "DECLINE", expectedVersion: 0 }, COLLEAGUE),
    ]);
    expect(codesOf(answers)).toEqual({ done: 1, CONFLICT: 1 });
    const winner = answers.find(({ userErrors }) => userErrors.length === 0);
    const loser = answers.find(({ userErrors }) => userErrors.length > 0);
    expect(loser!.decision).toEqual(winner!.decision);
  }
  expect(await checkInvariants(program)).toEqual([]);
});

test("one place on the waitlist is given once", async () => {
  const cohortId = await cohortOf(1);
  const ids = await applicants(cohortId, 5, "Waiting");
  const first = { outcome: "WAITLIST", rank: 1 };
  const answers = await Promise.all(ids.map((id) => tryPrepare(id, first)));
  expect(codesOf(answers)).toEqual({ done: 1, RANK_TAKEN: 4 });
  // Given up, the place is free for exactly one other.
  const holder = ids[answers.findIndex(({ userErrors }) => userErrors.length === 0)]!;
  await prepare(program, holder, { outcome: "DECLINE" });
  const others = ids.filter((id) => id !== holder);
  expect(codesOf(await Promise.all(others.map((id) => tryPrepare(id, first))))).toEqual({ done: 1, RANK_TAKEN: 3 });
  expect(await checkInvariants(program)).toEqual([]);
});

test("seats lowered while people are accepted never leave more taken than there are", async () => {
  const cohortId = await cohortOf(10);
  const ids = await applicants(cohortId, 8, "Lowered");
  const lower = (seats: number, expectedVersion: number) =>
    step<{ cohort: { seats: number; version: number } }>(
      program,
      STAFF,
      "cohortChange",
      { cohortId, seats, expectedVersion },
      "cohort { seats version }",
    );
  const { version, seats: before } = (await lower(10, 2)).cohort;
  expect(before).toBe(10);
  const accepting = Promise.all(ids.map((id) => tryPrepare(id)));
  const [most, [lowered, answers]] = await mostTakenDuring(cohortId, Promise.all([lower(4, version), accepting]));
  const { done = 0, COHORT_FULL: full = 0, CONFLICT_RETRY: retry = 0 } = codesOf(answers);
  expect(done + full + retry).toBe(8);
  expect(await seatsTaken(cohortId)).toBe(done);
  if (lowered.userErrors.length === 0) {
    expect(lowered.cohort.seats).toBe(4);
    expect(most).toBeLessThanOrEqual(4);
  } else {
    expect(codesOf([lowered])).toEqual({ SEATS_TAKEN: 1 });
    expect(done).toBeGreaterThan(4);
  }
  // Each number of seats is refused below what is taken, and possible from there on.
  const now = (await lower(done, lowered.cohort.version)).cohort;
  expect(now.seats).toBe(done);
  expect(codesOf([await lower(done - 1, now.version)])).toEqual({ SEATS_TAKEN: 1 });
  expect(await checkInvariants(program)).toEqual([]);
});

test("withdrawn, decided anew and released at the same moment: one of them stands, and the mails match it", async () => {
  const cohortId = await cohortOf(20);
  const ids = await applicants(cohortId, 8, "Torn");
  for (const id of ids) await prepare(program, id);
  const look = { cohortId, kind: "CANDIDATE", idempotencyKey: "torn-look-1", dryRun: true };
  const { confirmToken } = await step<{ confirmToken: string }>(
    program,
    STAFF,
    "decisionRelease",
    look,
    "confirmToken",
  );
  const confirm = { cohortId, kind: "CANDIDATE", idempotencyKey: "torn-release-1", confirmToken };
  const [released] = await Promise.all([
    step<{ rows: { applicationId: string; released: boolean }[] | null }>(
      program,
      STAFF,
      "decisionRelease",
      confirm,
      "rows { applicationId released }",
    ),
    ...ids.map((id, index) =>
      program.send(
        someone(`Torn ${index + 1}`),
        `mutation($id: ID!) { applicationWithdraw(input: { applicationId: $id }) { userErrors { code } } }`,
        { id },
      ),
    ),
    ...ids.map((id) => tryPrepare(id, { outcome: "DECLINE" }, COLLEAGUE)),
  ]);
  expect(await checkInvariants(program)).toEqual([]);
  const stored = await readTable(program);
  const mails = await program.ses.mails();
  for (const [index, opaque] of ids.entries()) {
    const { id } = parseGlobalId(opaque)!;
    const state = stored.find(`APPLICATION#${id}`, "APPLICATION")?.["state"];
    const decision = stored.find(`APPLICATION#${id}`, "DECISION");
    const told = stored
      .records<{ type: string; about: { id: string } }>("EVENT")
      .filter(({ type, about }) => type === "DecisionReleased" && about.id === id).length;
    const isKnown = released.rows?.some((row) => row.applicationId === opaque && row.released) ?? false;
    expect(isKnown).toBe(told === 1);
    const letters = mails.filter(
      ({ to, subject }) => to.includes(someone(`Torn ${index + 1}`).email) && subject.startsWith("You are accepted"),
    ).length;
    // A mail for a decision that no longer stands may have gone out before, never one without a release.
    expect(letters).toBeLessThanOrEqual(told);
    if (state === "ACCEPTED") expect([told, letters, decision?.["state"]]).toEqual([1, 1, "RELEASED"]);
    else if (state === "WITHDRAWN") expect(decision?.["state"]).toBe("CANCELLED");
    else
      expect([state, told, decision?.["state"], decision?.["outcome"]]).toEqual(["COMPLETE", 0, "PREPARED", "DECLINE"]);
  }
});

test("20 calls with one idempotency key have one effect and one answer", async () => {
  const cohortId = await cohortOf(4);
  const ids = await applicants(cohortId, 4, "Once");
  for (const id of ids.slice(0, 3)) await prepare(program, id);
  const key = { cohortId, kind: "CANDIDATE", idempotencyKey: "once-release-1" };
  const selection = "rows { applicationId outcome released } confirmToken";
  type Release = { rows: { applicationId: string; released: boolean }[]; confirmToken: string | null };
  const { confirmToken } = await step<Release>(program, STAFF, "decisionRelease", { ...key, dryRun: true }, selection);
  const releaseAgain = (input: object, caller = STAFF) =>
    step<Release>(program, caller, "decisionRelease", { ...key, confirmToken, ...input }, selection);
  const releases = await Promise.all(NUMBERS(20).map(() => releaseAgain({})));
  const known = releases[0]!.rows.filter(({ released }) => released).map(({ applicationId }) => applicationId);
  expect(known.toSorted()).toEqual(ids.slice(0, 3).toSorted());
  for (const each of releases) expect(each).toEqual(releases[0]);
  expect(codesOf([await releaseAgain({ confirmToken: "another" })])).toEqual({ KEY_REUSED: 1 });
  expect(codesOf([await releaseAgain({}, COLLEAGUE)])).toEqual({ NOTHING_PREPARED: 1 });

  type Issue = { certificate: { number: string } | null };
  const issue = (applicationId: string, input: object = {}, caller = STAFF) =>
    step<Issue>(
      program,
      caller,
      "certificateIssue",
      { applicationId, idempotencyKey: "once-issue-1", ...input },
      "certificate { number }",
    );
  const issued = await Promise.all(NUMBERS(20).map(() => issue(ids[0]!)));
  expect(issued[0]!.certificate).not.toBeNull();
  for (const each of issued) expect(each).toEqual(issued[0]);
  expect(codesOf([await issue(ids[0]!, { issuedOn: "2026-08-31" }), await issue(ids[1]!)])).toEqual({ KEY_REUSED: 2 });
  // The same key in another person's hand is another key.
  const other = someone("Other Staff");
  const { viewer } = await program.ask<{ viewer: { person: { id: string } } }>(other, "{ viewer { person { id } } }");
  await step(program, STAFF, "roleGrant", { personId: viewer.person.id, role: "STAFF", why: "Test" });
  const theirs = await issue(ids[1]!, {}, other);
  expect(theirs.certificate?.number).not.toBe(issued[0]!.certificate?.number);
  expect(theirs.userErrors).toEqual([]);
  const certificates = (await readTable(program)).records<{ applicationId: string }>("CERTIFICATE");
  expect(certificates.map(({ applicationId }) => applicationId).sort()).toEqual(
    ids
      .slice(0, 2)
      .map((id) => parseGlobalId(id)!.id)
      .sort(),
  );
  expect(await checkInvariants(program)).toEqual([]);
});

test("two tabs that save different answers at once both keep theirs", async () => {
  const cohortId = await cohortOf(1);
  const applicant = someone("Two Tabs");
  const applicationId = await draft(program, applicant, cohortId);
  const save = (pieces: object) => step(program, applicant, "applicationSave", { applicationId, ...pieces });
  for (const round of NUMBERS(5)) {
    const answer = (questionId: string) => save({ answers: [{ questionId, text: `${questionId} ${round}` }] });
    const saved = await Promise.all([answer("leadership"), answer("finance"), save({ jobTitle: `Title ${round}` })]);
    expect(codesOf(saved)).toEqual({ done: 3 });
  }
  const query = "{ viewer { applications { version draft { jobTitle answers { questionId text } } } } }";
  expect(await program.ask(applicant, query)).toEqual({
    viewer: {
      applications: [
        {
          version: 16,
          draft: {
            jobTitle: "Title 5",
            answers: [
              { questionId: "leadership", text: "leadership 5" },
              { questionId: "finance", text: "finance 5" },
            ],
          },
        },
      ],
    },
  });
  expect(await checkInvariants(program)).toEqual([]);
});

test("30 first sign-ins at once make one person", async () => {
  const newcomer = someone("Newcomer");
  const ids = await Promise.all(
    NUMBERS(30).map(async () => {
      const { viewer } = await program.ask<{ viewer: { person: { id: string } } }>(
        newcomer,
        "{ viewer { person { id } } }",
      );
      return viewer.person.id;
    }),
  );
  expect(new Set(ids).size).toBe(1);
  const people = (await readTable(program)).records<{ email: string }>("PERSON");
  expect(people.filter(({ email }) => email === newcomer.email)).toHaveLength(1);
  expect(await checkInvariants(program)).toEqual([]);
});

test("a double click on submit brings one receipt", async () => {
  const cohortId = await cohortOf(1);
  const applicant = someone("Double Click");
  const applicationId = await draft(program, applicant, cohortId);
  await step(program, applicant, "applicationSave", complete(applicationId));
  const clicks = await Promise.all(
    NUMBERS(4).map(() => step(program, applicant, "applicationSubmit", { applicationId })),
  );
  expect(codesOf(clicks)).toEqual({ done: 1, ALREADY_SUBMITTED: 3 });
  expect(await subjectsTo(program, applicant)).toHaveLength(1);
  expect(await checkInvariants(program)).toEqual([]);
});
