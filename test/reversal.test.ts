import { array, assert, asyncProperty, constantFrom, nat, tuple } from "fast-check";
import { expect, test, vi } from "vitest";
import type { Caller } from "../infra/local/caller.ts";
import { checkInvariants } from "./support/invariants.ts";
import { someone, STAFF, startProgram } from "./support/program.ts";
import {
  accepted,
  chairOf,
  closed,
  committeeMember,
  IN_WINDOW,
  issue,
  motionOf,
  prepare,
  publishedCohort,
  release,
  reverseStep,
  step,
  submitted,
  subjectsTo,
  type Outcome,
} from "./support/steps.ts";
import { ticking } from "./support/ticking.ts";

const program = await startProgram({ at: IN_WINDOW, realTime: ticking(IN_WINDOW).realTime });

let cohorts = 0;
const newCohort = (terms: object = {}) =>
  publishedCohort(program, { number: ++cohorts, name: `Cohort ${cohorts}`, ...terms });

const codes = ({ userErrors }: Outcome<object>) => userErrors.map(({ code }) => code);
const keyOf = (applicationId: string, what: string) => `${what}-${applicationId.slice(-60)}`;

/** Looks at a reversal, then confirms it. */
async function reverse(applicationId: string, outcome: string, rank?: number, caller: Caller = STAFF) {
  const input = { applicationId, outcome, rank, idempotencyKey: keyOf(applicationId, `reverse-${outcome}`) };
  const looked = await reverseStep(program, { ...input, dryRun: true }, caller);
  if (looked.userErrors.length > 0) return looked;
  return reverseStep(program, { ...input, confirmToken: looked.confirmToken }, caller);
}

async function seen(caller: Caller, applicationId: string) {
  const query =
    "query($id: ID!) { node(id: $id) { ... on Application { number state decision { state outcome rank } } } }";
  type Node = {
    number: string;
    state: string;
    decision: { state: string; outcome: string; rank: number | null } | null;
  };
  return (await program.ask<{ node: Node }>(caller, query, { id: applicationId })).node;
}

async function seatsOf(cohortId: string): Promise<number> {
  const query = "query($id: ID!) { cohort(id: $id) { seatsTaken } }";
  return (await program.ask<{ cohort: { seatsTaken: number } }>(STAFF, query, { id: cohortId })).cohort.seatsTaken;
}

test("a reversal lists what follows, is made once, frees the seat, and is told by one mail of correction", async () => {
  const cohortId = await newCohort({ seats: 1 });
  const person = someone(`Reversed ${cohorts}`);
  const id = await submitted(program, person, cohortId);
  const next = await submitted(program, someone(`Next ${cohorts}`), cohortId);
  await prepare(program, id);
  await prepare(program, next, { outcome: "WAITLIST", rank: 1 });
  await release(program, cohortId);
  const { number } = await seen(STAFF, id);

  const input = { applicationId: id, outcome: "DECLINE", why: "Mixed up", idempotencyKey: keyOf(id, "reverse") };
  const looked = await reverseStep(program, { ...input, dryRun: true });
  expect(looked).toEqual({
    decision: { state: "RELEASED", outcome: "ACCEPT", rank: null },
    knockOns: [
      { code: "STATE_CHANGES", message: "The application changes from “Accepted” to “Declined”.", applicationId: null },
      { code: "SEAT_FREED", message: `A seat of Cohort ${cohorts} becomes free.`, applicationId: null },
      { code: "OFFER_WITHDRAWN", message: "The offer of the place is withdrawn.", applicationId: null },
      {
        code: "PROMOTION_FOLLOWS",
        message: "The seat goes to the first on the waitlist, by itself.",
        applicationId: next,
      },
      {
        code: "MAIL_GOES_OUT",
        message: "The applicant is told at once, by one mail that corrects the earlier one.",
        applicationId: null,
      },
    ],
    confirmToken: expect.any(String) as string,
    userErrors: [],
  });
  expect(await seatsOf(cohortId)).toBe(1);
  expect(codes(await reverseStep(program, input))).toEqual(["CONFIRM_TOKEN_REQUIRED"]);
  expect(codes(await reverseStep(program, { ...input, confirmToken: "made-up" }))).toEqual(["STALE"]);
  const confirmed = { ...input, confirmToken: looked.confirmToken };
  const answers = await Promise.all([1, 2, 3, 4].map(() => reverseStep(program, confirmed)));
  answers.push(await reverseStep(program, confirmed));
  for (const { decision, userErrors } of answers) {
    expect(userErrors).toEqual([]);
    expect(decision).toEqual({ state: "RELEASED", outcome: "DECLINE", rank: null });
  }
  expect(codes(await reverseStep(program, { ...confirmed, why: "Other" }))).toEqual(["KEY_REUSED"]);
  expect(await seen(person, id)).toMatchObject({ state: "DECLINED", decision: { outcome: "DECLINE" } });
  expect(await seatsOf(cohortId)).toBe(0);
  expect(await subjectsTo(program, person)).toEqual([
    `We have received your application ${number}`,
    `You are accepted: Cohort ${cohorts}`,
    `Correction of our decision on your application ${number}`,
  ]);
  const query = "query($id: ID!) { cohort(id: $id) { minutes { text reversals { from to why } } } }";
  type Found = { cohort: { minutes: { text: string; reversals: object[] } } };
  const { cohort } = await program.ask<Found>(STAFF, query, { id: cohortId });
  expect(cohort.minutes.reversals).toEqual([{ from: "ACCEPT", to: "DECLINE", why: "Mixed up" }]);
  expect(cohort.minutes.text).toMatch(
    /Reversed by Staff Test on .*:\n- APP-2027-\d{4} Reversed \d+: from accept to decline; reason: Mixed up/,
  );
});

test("every way from one outcome to another, with its state, seat and place", async () => {
  const cohortId = await newCohort();
  const ways = [
    ["ACCEPT", "WAITLIST", "WAITLISTED", 0],
    ["ACCEPT", "DECLINE", "DECLINED", 0],
    ["WAITLIST", "ACCEPT", "ACCEPTED", 1],
    ["WAITLIST", "DECLINE", "DECLINED", 1],
    ["DECLINE", "ACCEPT", "ACCEPTED", 2],
    ["DECLINE", "WAITLIST", "WAITLISTED", 2],
  ] as const;
  for (const [index, [from, to, state, seats]] of ways.entries()) {
    const id = await submitted(program, someone(`Way ${index} ${cohorts}`), cohortId);
    await prepare(program, id, { outcome: from, ...(from === "WAITLIST" && { rank: 100 + index }) });
    await release(program, cohortId, "CANDIDATE", `release-way-${index}`);
    const rank = to === "WAITLIST" ? 200 + index : undefined;
    expect((await reverse(id, to, rank)).decision, `${from} ${to}`).toEqual({
      state: "RELEASED",
      outcome: to,
      rank: rank ?? null,
    });
    expect(await seen(STAFF, id)).toMatchObject({ state });
    expect(await seatsOf(cohortId)).toBe(seats);
    expect(await subjectsTo(program, someone(`Way ${index} ${cohorts}`))).toHaveLength(3);
  }
});

test("whoever is put on the waitlist is not accepted again by the seat that it frees: it goes to whom the look named", async () => {
  const cohortId = await newCohort({ seats: 1 });
  const person = someone(`Swapped ${cohorts}`);
  const id = await submitted(program, person, cohortId);
  const next = await submitted(program, someone(`Second ${cohorts}`), cohortId);
  await prepare(program, id);
  await prepare(program, next, { outcome: "WAITLIST", rank: 2 });
  await release(program, cohortId);
  const { knockOns } = await reverse(id, "WAITLIST", 1);
  expect(knockOns!.find(({ code }) => code === "PROMOTION_FOLLOWS")?.applicationId).toBe(next);
  await program.handlers.due({});
  expect(await seen(STAFF, id)).toMatchObject({ state: "WAITLISTED", decision: { outcome: "WAITLIST", rank: 1 } });
  expect(await seen(STAFF, next)).toMatchObject({ state: "ACCEPTED" });
  expect(await seatsOf(cohortId)).toBe(1);
});

test("what cannot be reversed says why; a changed effect has to be looked at anew", async () => {
  const cohortId = await newCohort({ seats: 1 });
  const id = await accepted(program, someone(`Certified ${cohorts}`), cohortId);
  const declined = await submitted(program, someone(`Declined ${cohorts}`), cohortId);
  const waiting = await submitted(program, someone(`Waiting ${cohorts}`), cohortId);
  expect(codes(await reverse(declined, "ACCEPT"))).toEqual(["WRONG_STATE"]);
  await prepare(program, declined, { outcome: "DECLINE" });
  expect(codes(await reverse(declined, "ACCEPT"))).toEqual(["WRONG_STATE"]);
  await prepare(program, waiting, { outcome: "WAITLIST", rank: 1 });
  await release(program, cohortId, "CANDIDATE", `release-refused-${cohorts}`);
  expect(codes(await reverse(declined, "ACCEPT"))).toEqual(["COHORT_FULL"]);
  expect(codes(await reverse(declined, "DECLINE"))).toEqual(["UNCHANGED"]);
  expect(codes(await reverse(declined, "WAITLIST"))).toEqual(["RANK_REQUIRED"]);
  expect(codes(await reverse(declined, "WAITLIST", 1))).toEqual(["RANK_TAKEN"]);
  const blank = { applicationId: declined, outcome: "WAITLIST", rank: 2, idempotencyKey: "reverse-blank" };
  expect(codes(await reverseStep(program, { ...blank, why: " ", dryRun: true }))).toEqual(["REQUIRED"]);
  expect(codes(await reverseStep(program, { ...blank, expectedVersion: 1, dryRun: true }))).toEqual(["CONFLICT"]);

  const input = { applicationId: id, outcome: "DECLINE", idempotencyKey: keyOf(id, "stale") };
  const looked = await reverseStep(program, { ...input, dryRun: true });
  expect(looked.knockOns!.map(({ code }) => code)).toContain("PROMOTION_FOLLOWS");
  await step(program, someone(`Waiting ${cohorts}`), "applicationWithdraw", { applicationId: waiting });
  expect(codes(await reverseStep(program, { ...input, confirmToken: looked.confirmToken }))).toEqual(["STALE"]);
  await issue(program, id);
  expect(codes(await reverse(id, "WAITLIST", 5))).toEqual(["CERTIFICATE_EXISTS"]);
});

test("a decision that is prepared in the moment of the withdrawal is not left behind with its seat", async () => {
  const cohortId = await newCohort({ seats: 1 });
  const person = someone(`Crossing ${cohorts}`);
  const id = await submitted(program, person, cohortId);
  await program.settle();
  const { table } = program.runtime;
  const commit = table.commit.bind(table);
  vi.spyOn(table, "commit").mockImplementationOnce(async (writes) => {
    await prepare(program, id);
    await commit(writes);
  });
  expect(codes(await step(program, person, "applicationWithdraw", { applicationId: id }))).toEqual([]);
  vi.restoreAllMocks();
  expect(await seen(STAFF, id)).toMatchObject({ state: "WITHDRAWN", decision: { state: "CANCELLED" } });
  expect(await seatsOf(cohortId)).toBe(0);
});

test("staff and the chair reverse, nobody else, and nobody with a conflict", async () => {
  const cohortId = await newCohort();
  const person = someone(`Owned ${cohorts}`);
  const id = await accepted(program, person, cohortId);
  const chair = await chairOf(program, cohortId, someone("Reversing Chair"));
  const recused = await chairOf(program, cohortId, someone("Recused Reverser"));
  const member = await committeeMember(program, someone("Reversing Member"));
  await step(program, recused, "recusalDeclare", { applicationId: id, why: "Colleagues" });
  const input = { applicationId: id, outcome: "DECLINE", dryRun: true, idempotencyKey: "reverse-nobody" };
  await expect(reverseStep(program, input, member)).rejects.toThrow(/FORBIDDEN|NOT_FOUND/);
  await expect(reverseStep(program, input, person)).rejects.toThrow("FORBIDDEN");
  await expect(reverseStep(program, input, recused)).rejects.toThrow("NOT_FOUND");
  await expect(reverseStep(program, input, someone("Reversing Stranger"))).rejects.toThrow("NOT_FOUND");
  await expect(reverseStep(program, { ...input, applicationId: cohortId })).rejects.toThrow("NOT_FOUND");
  expect(codes(await reverse(id, "WAITLIST", 1, chair))).toEqual([]);
});

test("a correction overtakes a decision that was not sent yet: never two contradictory mails", async () => {
  const cohortId = await newCohort();
  const person = someone(`Overtaken ${cohorts}`);
  const id = await submitted(program, person, cohortId);
  await prepare(program, id);
  await program.settle();
  program.ses.faults.set("throttle", { times: 1 });
  await release(program, cohortId);
  await program.settle();
  await reverse(id, "DECLINE");
  await program.moveClock({ advance: "PT1H" });
  const { number } = await seen(STAFF, id);
  expect(await subjectsTo(program, person)).toEqual([
    `We have received your application ${number}`,
    `Correction of our decision on your application ${number}`,
  ]);
});

const STEPS = ["prepare", "decline", "waitlist", "retract", "release", "reverse", "withdraw", "vote"] as const;

test("whatever is prepared, voted, released, reversed and withdrawn at once, seats are never exceeded and each release tells once", async () => {
  await assert(
    asyncProperty(
      array(array(tuple(constantFrom(...STEPS), nat(3)), { minLength: 1, maxLength: 3 }), {
        minLength: 2,
        maxLength: 5,
      }),
      async (rounds) => {
        const cohortId = await newCohort({ seats: 2 });
        const member = await chairOf(program, cohortId, someone(`Voter ${cohorts}`));
        const people = [0, 1, 2, 3].map((number) => someone(`Play ${number} of ${cohorts}`));
        const ids: string[] = [];
        for (const person of people) ids.push(await submitted(program, person, cohortId));
        let calls = 0;
        const play = async (what: (typeof STEPS)[number], which: number): Promise<unknown> => {
          const id = ids[which]!;
          const idempotencyKey = `play-${cohorts}-${++calls}`;
          switch (what) {
            case "prepare":
              return prepare(program, id);
            case "decline":
              return prepare(program, id, { outcome: "DECLINE" });
            case "waitlist":
              return prepare(program, id, { outcome: "WAITLIST", rank: which + 1 });
            case "retract":
              return step(program, STAFF, "decisionRetract", { applicationId: id }).catch(() => null);
            case "release":
              return release(program, cohortId, "CANDIDATE", idempotencyKey);
            case "reverse": {
              const to = calls % 2 === 0 ? "ACCEPT" : "DECLINE";
              const input = { applicationId: id, outcome: to, idempotencyKey };
              const { confirmToken } = await reverseStep(program, { ...input, dryRun: true });
              return reverseStep(program, { ...input, confirmToken });
            }
            case "withdraw":
              return step(program, people[which]!, "applicationWithdraw", { applicationId: id });
            case "vote": {
              const motionId = await motionOf(program, cohortId, [{ applicationId: id, outcome: "ACCEPT" }]).catch(
                () => null,
              );
              if (motionId === null) return null;
              await step(program, member, "motionVote", { motionId, choice: "FOR" });
              return closed(program, motionId);
            }
          }
        };
        for (const round of rounds) {
          await Promise.all(round.map(([what, which]) => play(what, which)));
          expect(await seatsOf(cohortId)).toBeLessThanOrEqual(2);
        }
        await program.settle();
        for (const [which, person] of people.entries()) {
          const query = `query($id: ID!) { node(id: $id) { ... on Application { history(first: 100) { nodes { type } } } } }`;
          type Found = { node: { history: { nodes: { type: string }[] } } };
          const { node } = await program.ask<Found>(STAFF, query, { id: ids[which] });
          const told = node.history.nodes.filter(
            ({ type }) => type === "DecisionReleased" || type === "DecisionReversed",
          );
          const type = `query { viewer { messages(first: 100) { nodes { template } } } }`;
          type Mails = { viewer: { messages: { nodes: { template: string }[] } } };
          const { viewer } = await program.ask<Mails>(person, type);
          const mails = viewer.messages.nodes.filter(({ template }) => template.startsWith("decision-"));
          expect(mails).toHaveLength(told.length);
        }
      },
    ),
    { numRuns: 4, seed: 41, endOnFailure: true },
  );
}, 120_000);

test("everything in the table fits together", async () => {
  expect(await checkInvariants(program)).toEqual([]);
});
