import { afterEach, expect, test, vi } from "vitest";
import type { Caller } from "../infra/local/caller.ts";
import { parseGlobalId } from "../schema/shared/id.ts";
import { checkInvariants } from "./support/invariants.ts";
import { someone, STAFF, startProgram } from "./support/program.ts";
import { readTable } from "./support/stored.ts";
import {
  chairOf,
  closed,
  closeStep,
  idOf,
  IN_WINDOW,
  motionOf,
  prepare,
  publishedCohort,
  release,
  slateOf,
  step,
  submitted,
  subjectsTo,
  type Closed,
  type Outcome,
  type ProposedRow,
} from "./support/steps.ts";
import { ticking } from "./support/ticking.ts";

const program = await startProgram({ at: IN_WINDOW, realTime: ticking(IN_WINDOW).realTime });
afterEach(() => vi.restoreAllMocks());

let cohorts = 0;
const newCohort = (terms: object = {}) =>
  publishedCohort(program, { number: ++cohorts, name: `Cohort ${cohorts}`, ...terms });

async function applicants<Names extends readonly string[]>(cohortId: string, ...names: Names) {
  const ids: string[] = [];
  for (const name of names) ids.push(await submitted(program, someone(`${name} ${cohorts}`), cohortId));
  return ids as { [Index in keyof Names]: string };
}

/** Members who may vote on everything of the cohort; they chair it, so that what plain members see does not matter here. */
async function members(cohortId: string, count: number) {
  const made: NonNullable<Caller>[] = [];
  for (let number = 1; number <= count; number++) {
    made.push(await chairOf(program, cohortId, someone(`Member ${number} of ${cohorts}`)));
  }
  return made;
}

const accept = (applicationId: string): ProposedRow => ({ applicationId, outcome: "ACCEPT" });
const decline = (applicationId: string): ProposedRow => ({ applicationId, outcome: "DECLINE" });
const waitlist = (applicationId: string, rank: number): ProposedRow => ({ applicationId, outcome: "WAITLIST", rank });
const codes = ({ userErrors }: Outcome<object>) => userErrors.map(({ code }) => code);

const vote = (caller: Caller, motionId: string, choice: string, comment?: string) =>
  step<{ motion: { version: number; state: string } }>(
    program,
    caller,
    "motionVote",
    { motionId, choice, comment },
    "motion { version state }",
  );

/** What became of each application, in the order of the ids. */
function resultsFor({ rows }: Closed, ids: readonly string[]) {
  return ids.map((id) => {
    const { result, vote: counted, isPrepared, obstacle } = rows!.find(({ applicationId }) => applicationId === id)!;
    return [result, counted && Object.values(counted), isPrepared, obstacle];
  });
}

async function decisionOf(applicationId: string, caller: Caller = STAFF) {
  const query = `query($id: ID!) { node(id: $id) { ... on Application { decision {
    state outcome rank rationale motionId vote { inFavor against abstained } } } } }`;
  return (await program.ask<{ node: { decision: object | null } }>(caller, query, { id: applicationId })).node.decision;
}

interface Seen {
  state: string;
  rationale: string | null;
  rows: { applicationId: string; result: string | null }[];
  ballots: { name: string; choice: string; comment: string }[] | null;
  ownBallot: { choice: string } | null;
}

async function seen(caller: Caller, id: string): Promise<Seen | null> {
  const query = `query($id: ID!) { node(id: $id) { ... on Motion { state rationale rows { applicationId result }
    ballots { name choice comment } ownBallot { choice } } } }`;
  return (await program.ask<{ node: Seen | null }>(caller, query, { id })).node;
}

async function minutesOf(caller: Caller, cohortId: string, field = "text") {
  const query = `query($id: ID!) { cohort(id: $id) { minutes { ${field} } } }`;
  type Found = { cohort: { minutes: { text: string } & Record<string, unknown> } };
  return (await program.ask<Found>(caller, query, { id: cohortId })).cohort.minutes;
}

const byName = ([a]: readonly unknown[], [b]: readonly unknown[]) => (String(a) < String(b) ? -1 : 1);

test("a motion is voted on, counted and carried out; the minutes say all of it", async () => {
  const cohortId = await newCohort();
  const [one, two, three] = await applicants(cohortId, "Carried", "Declined", "Left");
  const [a, b, c] = await members(cohortId, 3);
  const slateId = await slateOf(program, cohortId, [accept(one), { ...decline(two), rationale: "Too early" }], {
    name: "First slate",
  });
  const open = { slateId, expectedVersion: 1, rationale: " As discussed ", idempotencyKey: "open-carried" };
  const opened = await step<{ motion: { id: string } }>(program, a!, "motionOpen", open, "motion { id }");
  const motionId = opened.motion.id;
  const again = await step<{ motion: { id: string } }>(program, a!, "motionOpen", open, "motion { id }");
  expect(again).toEqual(opened);
  // The slate goes on; what is put to the vote does not change with it.
  await step(program, a!, "slateSave", { slateId, expectedVersion: 1, rows: [decline(one), accept(three)] });

  expect(await vote(a!, motionId, "AGAINST")).toMatchObject({ motion: { version: 2, state: "OPEN" }, userErrors: [] });
  const together = await Promise.all([
    vote(a!, motionId, "FOR"),
    vote(b!, motionId, "FOR", "Gladly"),
    vote(c!, motionId, "ABSTAIN"),
  ]);
  expect(together.flatMap(codes)).toEqual([]);
  expect(await seen(b!, motionId)).toEqual({
    state: "OPEN",
    rationale: "As discussed",
    rows: [
      { applicationId: one, result: null },
      { applicationId: two, result: null },
    ],
    ballots: null,
    ownBallot: { choice: "FOR" },
  });

  const input = { motionId, idempotencyKey: "close-carried" };
  expect(codes(await closeStep(program, input, a))).toEqual(["CONFIRM_TOKEN_REQUIRED"]);
  const looked = await closeStep(program, { ...input, dryRun: true }, a);
  expect(resultsFor(looked, [one, two])).toEqual([
    ["CARRIED", [2, 0, 1], null, null],
    ["CARRIED", [2, 0, 1], null, null],
  ]);
  expect(await decisionOf(one)).toBeNull();
  await vote(c!, motionId, "AGAINST");
  expect(codes(await closeStep(program, { ...input, confirmToken: looked.confirmToken }, a))).toEqual(["STALE"]);
  const { confirmToken } = await closeStep(program, { ...input, dryRun: true }, a);
  const answers = await Promise.all([1, 2, 3].map(() => closeStep(program, { ...input, confirmToken }, a)));
  answers.push(await closeStep(program, { ...input, confirmToken }, a));
  for (const answer of answers) {
    expect(answer.userErrors).toEqual([]);
    expect(resultsFor(answer, [one, two]).map(([result, counted]) => [result, counted])).toEqual([
      ["CARRIED", [2, 1, 0]],
      ["CARRIED", [2, 1, 0]],
    ]);
  }
  expect(resultsFor(answers[3]!, [one, two]).map(([, , isPrepared]) => isPrepared)).toEqual([true, true]);
  expect(await decisionOf(one)).toEqual({
    state: "PREPARED",
    outcome: "ACCEPT",
    rank: null,
    rationale: "As discussed",
    motionId,
    vote: { inFavor: 2, against: 1, abstained: 0 },
  });
  expect(await decisionOf(two)).toMatchObject({ outcome: "DECLINE", rationale: "Too early\n\nAs discussed" });
  expect(await decisionOf(three)).toBeNull();
  expect(codes(await vote(b!, motionId, "AGAINST"))).toEqual(["WRONG_STATE"]);
  expect(codes(await closeStep(program, { ...input, idempotencyKey: "close-twice" }, a))).toEqual(["WRONG_STATE"]);
  expect(
    (await seen(c!, motionId))!.ballots!.map(({ name, choice, comment }) => [name, choice, comment]).sort(byName),
  ).toEqual([
    [a!.name, "FOR", ""],
    [b!.name, "FOR", "Gladly"],
    [c!.name, "AGAINST", ""],
  ]);

  await release(program, cohortId);
  expect(await subjectsTo(program, someone(`Carried ${cohorts}`))).toHaveLength(2);
  const { text } = await minutesOf(STAFF, cohortId);
  const lines = text.split("\n");
  expect(lines[0]).toBe(`Minutes of the Steering Committee: candidates of the Cohort ${cohorts}`);
  expect(lines[2]).toMatch(
    /^Motion “First slate”, put to the vote by Member 1 of \d+ on Tuesday, September 1, 2026 at/,
  );
  expect(lines[3]).toBe("Reason: As discussed");
  expect(lines.slice(5, 7)).toEqual([
    expect.stringMatching(/^- APP-2027-\d{4} Carried \d+: accept; carried \(2 for, 1 against, 0 abstained\)$/),
    expect.stringMatching(
      /^- APP-2027-\d{4} Declined \d+: decline; carried \(2 for, 1 against, 0 abstained\); reason: Too early$/,
    ),
  ]);
  expect(lines[8]).toMatch(/^Released by Staff Test on Tuesday/);
  const structured = await minutesOf(
    b!,
    cohortId,
    "motions { votes { choice comment } } releases { rows { outcome } }",
  );
  expect((structured["motions"] as { votes: object[] }[])[0]!.votes).toHaveLength(3);
});

test("quorum is of those without a conflict: a recused member counts neither in the vote nor in the quorum, and sees nothing", async () => {
  const cohortId = await newCohort();
  const [one, two] = await applicants(cohortId, "Seen", "Apart");
  const [a, b, c, recused] = await members(cohortId, 4);
  const motionId = await motionOf(program, cohortId, [accept(one), accept(two)]);
  const alone = await motionOf(program, cohortId, [decline(two)]);
  await step(program, recused!, "recusalDeclare", { applicationId: two, why: "Colleagues" });

  expect(await seen(recused!, alone)).toBeNull();
  await expect(vote(recused!, alone, "AGAINST")).rejects.toThrow("NOT_FOUND");
  expect(await seen(recused!, motionId)).toEqual({
    state: "OPEN",
    rationale: null,
    rows: [{ applicationId: one, result: null }],
    ballots: null,
    ownBallot: null,
  });
  expect(codes(await vote(recused!, motionId, "AGAINST", "Said"))).toEqual([]);
  expect(codes(await vote(a!, motionId, "FOR", "Secret"))).toEqual([]);
  expect(codes(await closeStep(program, { motionId, dryRun: true, idempotencyKey: "close-recused" }, recused))).toEqual(
    ["RECUSED"],
  );
  // Two of four is not more than half; of the three others one is not either.
  const early = await closeStep(program, { motionId, dryRun: true, idempotencyKey: "close-quorum" });
  expect(resultsFor(early, [one, two])).toEqual([
    ["NO_QUORUM", [1, 1, 0], null, null],
    ["NO_QUORUM", [1, 0, 0], null, null],
  ]);
  await vote(b!, motionId, "ABSTAIN");
  const done = await closed(program, motionId);
  expect(resultsFor(done, [one, two])).toEqual([
    ["LOST", [1, 1, 1], null, null],
    ["CARRIED", [1, 0, 1], true, null],
  ]);
  expect(await decisionOf(one)).toBeNull();
  expect(await decisionOf(two)).toMatchObject({ vote: { inFavor: 1, against: 0, abstained: 1 } });
  const { text } = await minutesOf(c!, cohortId);
  expect(text).toContain(`without ${recused!.name}`);
  expect(text).toContain("Secret");
  const hidden = await minutesOf(recused!, cohortId, "text motions { rows { applicationId } votes { comment } }");
  expect(hidden.text).not.toMatch(/Apart|Secret|As discussed/);
  expect(hidden["motions"]).toEqual([
    { rows: [{ applicationId: one }], votes: [{ comment: "" }, { comment: "" }, { comment: "" }] },
  ]);
});

test("a vote that was cast apart from an application never counts for it, even when the recusal is lifted", async () => {
  const cohortId = await newCohort();
  const [one, two] = await applicants(cohortId, "Lifted", "Other");
  const [a, b] = await members(cohortId, 2);
  const motionId = await motionOf(program, cohortId, [accept(one), accept(two)]);
  await step(program, b!, "recusalDeclare", { applicationId: one, why: "Perhaps" });
  await vote(b!, motionId, "AGAINST");
  await vote(a!, motionId, "FOR");
  await step(program, STAFF, "recusalLift", {
    applicationId: one,
    personId: await idOf(program, b!),
    why: "No conflict",
  });
  expect(resultsFor(await closed(program, motionId), [one, two])).toEqual([
    ["CARRIED", [1, 0, 0], true, null],
    ["LOST", [1, 1, 0], null, null],
  ]);
});

test("whoever has applied does not vote on their kind, nor does anybody who is no member", async () => {
  const cohortId = await newCohort();
  const [one] = await applicants(cohortId, "Voted");
  const [a, applied] = await members(cohortId, 2);
  await submitted(program, applied!, cohortId);
  const motionId = await motionOf(program, cohortId, [accept(one)]);
  expect(codes(await vote(applied!, motionId, "AGAINST"))).toEqual(["OWN_APPLICATION"]);
  await expect(vote(STAFF, motionId, "FOR")).rejects.toThrow("FORBIDDEN");
  await expect(vote(someone(`Voted ${cohorts}`), motionId, "FOR")).rejects.toThrow("NOT_FOUND");
  const elsewhere = await chairOf(program, await newCohort(), someone("Elsewhere Chair"));
  await expect(vote(elsewhere, motionId, "FOR")).rejects.toThrow("NOT_FOUND");
  const board = someone("Minutes Board");
  await step(program, STAFF, "roleGrant", { personId: await idOf(program, board), role: "BOARD", why: "Test" });
  await expect(minutesOf(board, cohortId)).rejects.toThrow("FORBIDDEN");
  expect(codes(await vote(a!, motionId, "FOR", "x".repeat(501)))).toEqual(["TOO_LONG"]);
  await vote(a!, motionId, "FOR");
  // One entitled member has voted: that is all of them.
  expect(resultsFor(await closed(program, motionId), [one])).toEqual([["CARRIED", [1, 0, 0], true, null]]);
});

test("what has changed since the motion was opened is named and never decided", async () => {
  const cohortId = await newCohort({ seats: 2 });
  const [kept, gone, byHand, anew, full] = await applicants(cohortId, "Kept", "Gone", "By Hand", "Anew", "Full");
  const [a] = await members(cohortId, 1);
  const motionId = await motionOf(program, cohortId, [kept, gone, byHand, anew, full].map(accept));
  await vote(a!, motionId, "FOR");
  const input = { motionId, idempotencyKey: "close-changed" };
  const before = await closeStep(program, { ...input, dryRun: true });
  const FULL = `No seat of Cohort ${cohorts} is left (2 in all): please choose the waitlist, or free one first.`;
  expect(resultsFor(before, [kept, full]).map(([, , , obstacle]) => obstacle)).toEqual([null, FULL]);
  await step(program, someone(`Gone ${cohorts}`), "applicationWithdraw", { applicationId: gone });
  await prepare(program, byHand, { outcome: "DECLINE" });
  await step(program, someone(`Anew ${cohorts}`), "applicationWithdraw", { applicationId: anew });
  await submitted(program, someone(`Anew ${cohorts}`), cohortId);
  expect(codes(await closeStep(program, { ...input, confirmToken: before.confirmToken }))).toEqual(["STALE"]);
  await prepare(program, (await applicants(cohortId, "Rival"))[0]);
  const done = await closed(program, motionId);
  expect(
    resultsFor(done, [kept, gone, byHand, anew, full]).map(([, , isPrepared, obstacle]) => [isPrepared, obstacle]),
  ).toEqual([
    [true, null],
    [false, "This is not possible now: the state of the application is “Withdrawn by the applicant”."],
    [false, "A decision was prepared or changed by hand after the motion was opened."],
    [false, "It was submitted anew since it was looked at."],
    [false, FULL],
  ]);
  expect(await decisionOf(byHand)).toMatchObject({ outcome: "DECLINE", motionId: null });
  for (const id of [gone, anew, full]) expect(await decisionOf(id)).toBeNull();
});

test("a motion whose carrying out broke off is finished by due, once; a place that was held is freed first", async () => {
  const cohortId = await newCohort();
  const [one, two, three] = await applicants(cohortId, "First", "Second", "Third");
  await prepare(program, one, { outcome: "WAITLIST", rank: 1 });
  const [a] = await members(cohortId, 1);
  const motionId = await motionOf(program, cohortId, [waitlist(two, 1), decline(one), accept(three)]);
  await vote(a!, motionId, "FOR");
  const input = { motionId, idempotencyKey: "close-broken" };
  const { confirmToken } = await closeStep(program, { ...input, dryRun: true });
  const { table } = program.runtime;
  const commit = table.commit.bind(table);
  let written = 0;
  const dying = vi.spyOn(table, "commit").mockImplementation(async (writes) => {
    if (writes.some(({ key }) => /^(MOTION|APPLICATION)#/.test(key.pk)) && ++written > 2) throw new Error("Killed");
    await commit(writes);
  });
  await expect(closeStep(program, { ...input, confirmToken })).rejects.toThrow("INTERNAL_SERVER_ERROR");
  dying.mockRestore();
  expect((await seen(a!, motionId))!.state).toBe("CARRYING_OUT");
  expect(await decisionOf(three)).toBeNull();
  await program.moveClock({ advance: "PT2M5S" });
  await program.settle();
  expect((await seen(a!, motionId))!.state).toBe("DONE");
  expect(await decisionOf(one)).toMatchObject({ outcome: "DECLINE", motionId });
  expect(await decisionOf(two)).toMatchObject({ outcome: "WAITLIST", rank: 1, motionId });
  expect(await decisionOf(three)).toMatchObject({ outcome: "ACCEPT", motionId });
});

test("what cannot be put to the vote says why, and an open motion is taken back with a reason", async () => {
  const cohortId = await newCohort();
  const [one, two] = await applicants(cohortId, "Moved", "Unmoved");
  const [a] = await members(cohortId, 1);
  const slateId = await slateOf(program, cohortId, [waitlist(one, 1), waitlist(two, 1)]);
  const open = (input: object) =>
    step<{ motion: { id: string } | null }>(
      program,
      STAFF,
      "motionOpen",
      {
        slateId,
        expectedVersion: 1,
        rationale: "Why",
        idempotencyKey: `open-${JSON.stringify(input).length}-x`,
        ...input,
      },
      "motion { id }",
    );
  expect(codes(await open({}))).toEqual(["RANK_TAKEN"]);
  expect(codes(await open({ expectedVersion: 2 }))).toEqual(["CONFLICT"]);
  expect(codes(await open({ rationale: " ", applicationIds: [one] }))).toEqual(["REQUIRED"]);
  expect(codes(await open({ applicationIds: [] }))).toEqual(["NOTHING_PROPOSED"]);
  expect(codes(await open({ idempotencyKey: "short" }))).toEqual(["BAD_KEY"]);
  await step(program, someone(`Unmoved ${cohorts}`), "applicationWithdraw", { applicationId: two });
  expect(codes(await open({ applicationIds: [two] }))).toEqual(["NOT_DECIDABLE"]);
  const { motion } = await open({ applicationIds: [one], idempotencyKey: "open-only-one" });
  const withdraw = (why: string) => step(program, a!, "motionWithdraw", { motionId: motion!.id, why });
  expect(codes(await withdraw(" "))).toEqual(["REQUIRED"]);
  expect(codes(await withdraw("Too early"))).toEqual([]);
  expect(codes(await withdraw("Again"))).toEqual(["WRONG_STATE"]);
  expect(codes(await vote(a!, motion!.id, "FOR"))).toEqual(["WRONG_STATE"]);
  expect(codes(await closed(program, motion!.id))).toEqual(["WRONG_STATE"]);
});

test("whoever is forgotten leaves no reason in slates, motions and minutes, and a member no comment", async () => {
  const cohortId = await newCohort();
  const [one, two] = await applicants(cohortId, "Forgotten", "Remembered");
  const [a, b] = await members(cohortId, 2);
  const planted = { ...decline(one), rationale: "planted-row-reason" };
  const motionId = await motionOf(program, cohortId, [planted, accept(two)]);
  await vote(a!, motionId, "FOR");
  await vote(b!, motionId, "FOR", "planted-comment");
  await closed(program, motionId);
  for (const caller of [someone(`Forgotten ${cohorts}`), b!]) {
    const input = {
      personId: await idOf(program, caller),
      why: "Asked to",
      idempotencyKey: `erase-${caller.email.replace("@", ".")}`,
    };
    type Looked = { confirmToken: string };
    const looked = await step<Looked>(program, STAFF, "personErase", { ...input, dryRun: true }, "confirmToken");
    const erased = await step(program, STAFF, "personErase", { ...input, confirmToken: looked.confirmToken });
    expect(codes(erased)).toEqual([]);
  }
  await program.moveClock({ advance: "P1D" });
  const { items } = await readTable(program);
  expect(items.filter((item) => JSON.stringify(item).includes("planted-")).map(({ pk, sk }) => `${pk} ${sk}`)).toEqual(
    [],
  );
  const id = parseGlobalId(motionId)!.id;
  expect(items.filter(({ pk, entity }) => pk === `MOTION#${id}` && entity === "BALLOT")).toHaveLength(2);
});

test("everything in the table fits together", async () => {
  expect(await checkInvariants(program)).toEqual([]);
});
