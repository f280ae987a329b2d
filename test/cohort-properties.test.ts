import { array, assert, asyncProperty, constantFrom, nat, record } from "fast-check";
import { expect, test } from "vitest";
import type { Application } from "../schema/application/application.ts";
import { seatsFrom, seatsKey } from "../schema/cohort/cohort.table.ts";
import type { Decision } from "../schema/decision/decision.ts";
import type { Motion } from "../schema/decision/motion.ts";
import type { ProgramEvent } from "../schema/events.ts";
import { programSchema } from "../schema/index.ts";
import type { Message } from "../schema/message/message.ts";
import type { Offer } from "../schema/offer/offer.ts";
import type { Recorded } from "../schema/shared/event.ts";
import { parseGlobalId } from "../schema/shared/id.ts";
import { selectionsOf } from "./access/selections.ts";
import { crowd, type Applied } from "./support/crowd.ts";
import { checkInvariants } from "./support/invariants.ts";
import { someone, STAFF, startProgram } from "./support/program.ts";
import {
  chairOf,
  closed,
  complete,
  idOf,
  IN_WINDOW,
  motionOf,
  prepare,
  publishedCohort,
  release,
  reverseStep,
  step,
  type ProposedRow,
} from "./support/steps.ts";
import { readTable, type Stored } from "./support/stored.ts";
import { ticking } from "./support/ticking.ts";

const program = await startProgram({ at: IN_WINDOW, realTime: ticking(IN_WINDOW).realTime });
const schema = programSchema();
const RUNS = { numRuns: 3, endOnFailure: true };
const SEATS = 2;
const PEOPLE = 5;
/** Whom the recused member must not find: the first of each cohort. */
const HIDDEN = 0;

let cohorts = 0;
let calls = 0;
const local = (opaque: string) => parseGlobalId(opaque)!.id;

/** A small cohort in play, in which the first two are accepted at first, and the others wait: so it was voted. */
interface Play {
  cohortId: string;
  people: Applied[];
  member: NonNullable<ReturnType<typeof someone>>;
  recused: NonNullable<ReturnType<typeof someone>>;
}

async function begin(): Promise<Play> {
  const name = `Cohort ${++cohorts}`;
  const cohortId = await publishedCohort(program, {
    number: cohorts,
    name,
    seats: SEATS,
    windowCloses: "2027-12-01T17:00",
  });
  const member = await chairOf(program, cohortId, someone(`Member of ${cohorts}`));
  const recused = await chairOf(program, cohortId, someone(`Apart of ${cohorts}`));
  const people = await crowd(program, cohortId, { size: PEOPLE, name: `Planted ${cohorts} number` });
  await step(program, recused, "recusalDeclare", { applicationId: people[HIDDEN]!.applicationId, why: "A friend" });
  const rows = people.map(({ applicationId }, index): ProposedRow => {
    return index < SEATS ? { applicationId, outcome: "ACCEPT" } : { applicationId, outcome: "WAITLIST", rank: index };
  });
  const motionId = await motionOf(program, cohortId, rows);
  const second = await chairOf(program, cohortId, someone(`Second of ${cohorts}`));
  await step(program, recused, "motionVote", { motionId, choice: "AGAINST" });
  for (const voter of [member, second]) await step(program, voter, "motionVote", { motionId, choice: "FOR" });
  const { rows: counted } = await closed(program, motionId);
  const against = counted!.map(({ applicationId, vote: own }) => [applicationId, own!.against, own!.inFavor]);
  expect(against).toEqual(people.map(({ applicationId }, index) => [applicationId, index === HIDDEN ? 0 : 1, 2]));
  await release(program, cohortId, "CANDIDATE", `begin-${cohorts}-release`);
  await program.settle();
  return { cohortId, people, member, recused };
}

const STEPS = [
  "apply",
  "accept",
  "refuse",
  "refuse",
  "withdraw",
  "lapse",
  "due",
  "promote",
  "prepare",
  "wait",
  "release",
  "reverse",
  "defer",
  "vote",
  "meddle",
] as const;

type Move = { what: (typeof STEPS)[number]; who: number };

/** Makes a move. Whether it is refused does not matter here; that nothing breaks does. */
async function play({ cohortId, people, member, recused }: Play, { what, who }: Move): Promise<unknown> {
  const { caller, applicationId } = people[who]!;
  const idempotencyKey = `play-${++calls}-of-the-cohort`;
  switch (what) {
    case "apply":
      // Whoever has withdrawn may begin anew.
      await step(program, caller, "applicationStart", { cohortId, kind: "CANDIDATE" });
      await step(program, caller, "applicationSave", complete(applicationId));
      return step(program, caller, "applicationSubmit", { applicationId });
    case "accept":
      return step(program, caller, "offerAccept", { applicationId, commitsToAllDates: true });
    case "refuse":
      return step(program, caller, "offerDecline", { applicationId });
    case "withdraw":
      return step(program, caller, "applicationWithdraw", { applicationId });
    case "lapse":
      program.clock.advance("P15D");
      return program.handlers.due({});
    case "due":
      return program.handlers.due({});
    case "promote": {
      const input = { cohortId, idempotencyKey };
      const { confirmToken } = await step<{ confirmToken: string | null }>(
        program,
        STAFF,
        "offerPromote",
        { ...input, dryRun: true },
        "confirmToken",
      );
      return step(program, STAFF, "offerPromote", { ...input, confirmToken });
    }
    case "prepare":
      return prepare(program, applicationId, { outcome: calls % 2 === 0 ? "ACCEPT" : "DECLINE" });
    case "wait":
      return prepare(program, applicationId, { outcome: "WAITLIST", rank: who + 1 });
    case "release":
      return release(program, cohortId, "CANDIDATE", idempotencyKey);
    case "reverse": {
      const [outcome, rank] = [["ACCEPT"], ["DECLINE"], ["WAITLIST", who + 10]][calls % 3]!;
      const input = { applicationId, outcome, rank, idempotencyKey };
      const { confirmToken } = await reverseStep(program, { ...input, dryRun: true });
      return reverseStep(program, { ...input, confirmToken });
    }
    case "defer":
      await step(program, caller, "offerDeferRequest", { applicationId, reason: "A year abroad" });
      return step(program, STAFF, "offerDefer", { applicationId, why: "Granted" });
    case "vote":
      return vote({ cohortId, people, member, recused }, who);
    case "meddle":
      return meddle(recused, people[HIDDEN]!.applicationId, cohortId);
  }
}

/** There may be no offer to answer, and what is much in demand may ask for another try; anything else is a fault. */
function refused(error: Error): void {
  if (!/^(NOT_FOUND|CONFLICT_RETRY):/.test(error.message)) throw error;
}

/** A motion on the hidden application and another one, with the recused member against both. */
async function vote({ cohortId, people, member, recused }: Play, who: number): Promise<void> {
  const ids = [...new Set([people[HIDDEN]!, people[who]!])].map(({ applicationId }) => applicationId);
  const rows = ids.map((applicationId) => ({ applicationId, outcome: "DECLINE" as const }));
  const motionId = await motionOf(program, cohortId, rows).catch(() => null);
  if (motionId === null) return;
  await step(program, member, "motionVote", { motionId, choice: "FOR" });
  // Where it is about the hidden one alone, it is not there for them.
  await step(program, recused, "motionVote", { motionId, choice: "AGAINST" }).catch(() => null);
  await closed(program, motionId);
}

/** What the recused member tries with the application that is hidden from them. */
async function meddle(recused: Play["recused"], applicationId: string, cohortId: string): Promise<void> {
  const rows = [{ applicationId, outcome: "DECLINE" }];
  const tries = [
    ["decisionPrepare", { applicationId, outcome: "DECLINE", rationale: "Mine" }],
    ["decisionRetract", { applicationId }],
    ["reviewConflictDeclare", { applicationId, hasConflict: false }],
    ["slateCreate", { cohortId, kind: "CANDIDATE", name: "Mine", rows }],
  ] as const;
  for (const [mutation, input] of tries) {
    const done = await step<object>(program, recused, mutation, input).catch(() => null);
    if (done) expect(done.userErrors.map(({ code }) => code)).toEqual(["RECUSED"]);
  }
}

/** What is in the table of one cohort. */
function look(stored: Stored, { cohortId }: Play) {
  const id = local(cohortId);
  const mine = <Kept extends { cohortId: string }>(records: Kept[]) => records.filter((one) => one.cohortId === id);
  const { pk, sk } = seatsKey(id);
  const applications = mine(stored.records<Application>("APPLICATION"));
  const states = new Map(applications.map((application) => [application.id, application.state]));
  const events = stored.records<Recorded<ProgramEvent>>("EVENT").filter(({ about }) => states.has(about.id));
  const decisions = mine(stored.records<Decision>("DECISION"));
  const waiting = decisions.filter((one) => one.state === "RELEASED" && states.get(one.id) === "WAITLISTED");
  return {
    taken: seatsFrom(stored.find(pk, sk)),
    offers: stored.records<Offer>("OFFER").filter((offer) => states.has(offer.id)),
    waiting: new Map(waiting.map(({ id: of, rank, version }) => [of, { rank: rank!, version }])),
    events,
    messages: stored.records<Message>("MESSAGE").filter(({ about }) => states.has(about.id)),
    motions: mine(stored.records<Motion>("MOTION")),
  };
}

type Looked = ReturnType<typeof look>;

/** Seats taken and offers outstanding are within the seats. */
function checkSeats({ taken, offers }: Looked): void {
  const outstanding = offers.filter(({ state }) => state === "OFFERED" || state === "ACCEPTED");
  expect(taken).toBeLessThanOrEqual(SEATS);
  expect(outstanding.length).toBeLessThanOrEqual(taken);
}

/** Nobody was passed over who waited all the time with a better rank than somebody who was promoted. */
function checkRanks(before: Looked, after: Looked): number {
  const stayed = [...after.waiting].filter(([id, { version }]) => before.waiting.get(id)?.version === version);
  const best = Math.min(...stayed.map(([, { rank }]) => rank));
  const known = new Set(before.events.map(({ id }) => id));
  const ranks = after.events
    .filter(({ id, type }) => type === "OfferPromoted" && !known.has(id))
    .map((event) => Number(event.before?.["rank"]));
  for (const rank of ranks) expect(rank).toBeLessThan(best);
  return ranks.length;
}

/** Each decision that became known is told by one mail, and by no second one. */
function checkDecisionMails({ events, messages }: Looked): void {
  const told = events.filter(({ type }) => type === "DecisionReleased" || type === "DecisionReversed");
  const wanted = told.map(({ about }) => about.id).sort();
  const decisionMails = messages.filter(({ template }) => template.startsWith("decision-"));
  expect(decisionMails.map(({ about }) => about.id).sort()).toEqual(wanted);
  const accepted = program.ses.ledger.filter(({ outcome }) => outcome === "accepted");
  for (const { id } of decisionMails) {
    expect(accepted.filter(({ outboxId }) => outboxId === id).length).toBeLessThanOrEqual(1);
  }
  expect(new Set(wanted).size).toBe(PEOPLE);
}

/** The recused member did nothing to the hidden application, no vote of theirs counts for it, and they find nothing of it. */
async function checkRecused({ cohortId, people, member, recused }: Play, { events, motions }: Looked): Promise<void> {
  const hidden = people[HIDDEN]!;
  const id = local(hidden.applicationId);
  const personId = local(await idOf(program, recused));
  const own = events.filter(({ about, actor }) => about.id === id && actor.kind === "PERSON" && actor.id === personId);
  expect(own.map(({ type }) => type)).toEqual(["MemberRecused"]);
  for (const { rows } of motions) {
    const votes = rows.filter((row) => row.applicationId === id).map(({ counted }) => counted?.vote.against ?? 0);
    expect(votes).toEqual(votes.map(() => 0));
  }
  const number = `query($id: ID!) { node(id: $id) { ... on Application { number applicant { id } } } }`;
  const { node } = await program.ask<{ node: { number: string; applicant: { id: string } } }>(STAFF, number, {
    id: hidden.applicationId,
  });
  const traces = [hidden.caller.name, node.number, node.applicant.id, hidden.applicationId, id];
  const found = await everythingOf(cohortId, recused);
  for (const trace of traces) expect(found.filter((text) => text.includes(trace))).toEqual([]);
  // The other member, who is asked the same, finds it.
  expect((await everythingOf(cohortId, member)).some((text) => text.includes(hidden.caller.name))).toBe(true);
}

/** Every text that somebody is answered about a cohort, also what is inside of ids and cursors. */
async function everythingOf(cohortId: string, caller: Play["member"]): Promise<string[]> {
  const texts: string[] = [];
  for (const part of selectionsOf(schema.getType("Cohort")!)) {
    const answer = await program.send(caller, `query($id: ID!) { cohort(id: $id) { ${part} } }`, { id: cohortId });
    const text = JSON.stringify(answer);
    expect(text).not.toMatch(/GRAPHQL_|INTERNAL|TOO_COSTLY/);
    const ids = text.match(/"[A-Za-z0-9_-]{24,}"/g) ?? [];
    texts.push(text, ...ids.map((one) => Buffer.from(one.slice(1, -1), "base64url").toString()));
  }
  return texts;
}

test("whatever is decided, answered, given on and reversed at once: seats, ranks, mails and recusal hold", async () => {
  let promotions = 0;
  const move = record({ what: constantFrom(...STEPS), who: nat(PEOPLE - 1) });
  const rounds = array(array(move, { minLength: 1, maxLength: 4 }), { minLength: 5, maxLength: 8 });
  await assert(
    asyncProperty(rounds, async (moves) => {
      const cohort = await begin();
      let before = look(await readTable(program), cohort);
      for (const round of moves) {
        await Promise.all(round.map((one) => play(cohort, one).catch(refused)));
        await program.runDue();
        const after = look(await readTable(program), cohort);
        checkSeats(after);
        promotions += checkRanks(before, after);
        before = after;
      }
      checkDecisionMails(before);
      await checkRecused(cohort, before);
    }),
    { ...RUNS, seed: 5 },
  );
  expect(promotions).toBeGreaterThan(0);
  expect(await checkInvariants(program)).toEqual([]);
}, 240_000);
