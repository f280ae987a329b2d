import { expect, test } from "vitest";
import { cohortFrom, cohortKey, seatsFrom, seatsKey, writeCohort } from "../schema/cohort/cohort.table.ts";
import type { Cohort } from "../schema/cohort/cohort.ts";
import { writeEvent } from "../schema/shared/event.ts";
import { globalId, parseGlobalId } from "../schema/shared/id.ts";
import { openTable } from "../schema/shared/table.ts";
import { checkInvariants } from "./support/invariants.ts";
import { someone, startProgram, STAFF } from "./support/program.ts";
import {
  chairPerson,
  idOf,
  IN_WINDOW,
  prepare,
  publishedCohort,
  release,
  step,
  submitted,
  subjectsTo,
  type Outcome,
  type TERMS,
} from "./support/steps.ts";
import { ticking } from "./support/ticking.ts";

const time = ticking(IN_WINDOW);
const program = await startProgram({ at: IN_WINDOW, realTime: time.realTime });
const committee = await chairPerson(program, someone("Offer Committee"));
const direct = openTable({ tableName: program.tableName, endpoint: program.tableEndpoint, now: Date.now });

type Person = NonNullable<ReturnType<typeof someone>>;
interface Applicant {
  person: Person;
  id: string;
}

let cohorts = 0;
const newCohort = (terms: Partial<typeof TERMS> = {}) =>
  publishedCohort(program, {
    number: ++cohorts,
    name: `Cohort ${cohorts}`,
    windowCloses: "2027-03-01T17:00",
    ...terms,
  });

/** Gives a cohort other numbers for its offers. */
async function changePolicy(cohortId: string, change: Partial<Cohort["policy"]["offer"]>): Promise<void> {
  const cohort = cohortFrom(await direct.get(cohortKey(parseGlobalId(cohortId)!.id)))!;
  const policy = { ...cohort.policy, offer: { ...cohort.policy.offer, ...change } };
  const about = { kind: "Cohort", id: cohort.id } as const;
  const changed = { type: "CohortChanged", about, facts: { windowMoved: false } };
  const event = { ...changed, id: program.runtime.ids.make("evt"), at: IN_WINDOW, actor: { kind: "PROGRAM" } as const };
  await direct.commit([writeCohort({ ...cohort, policy })[0]!, writeEvent(event)]);
}

/** People who have applied, of whom so many are accepted and the others wait, in their order; all of them know. */
async function decidedOn(cohortId: string, names: readonly string[], accepted: number): Promise<Applicant[]> {
  const made: Applicant[] = [];
  for (const name of names) {
    const person = someone(`${name} ${cohorts}`);
    made.push({ person, id: await submitted(program, person, cohortId) });
  }
  for (const [index, { id }] of made.entries()) {
    const motion = index < accepted ? { outcome: "ACCEPT" } : { outcome: "WAITLIST", rank: index - accepted + 1 };
    expect((await prepare(program, id, motion)).userErrors).toEqual([]);
  }
  await release(program, cohortId, "CANDIDATE", `release-${made[0]!.id.slice(-60)}`);
  await program.settle();
  return made;
}

interface Offer {
  version: number;
  state: string;
  answerBy: string;
  dueAt: string;
  isPromoted: boolean;
  conditions: string | null;
  reason: string | null;
}

const OFFER = "offer { version state answerBy dueAt isPromoted conditions reason }";
type Answered = Outcome<{ offer: Offer | null }>;

const offerStep = (caller: Person | typeof STAFF, mutation: string, input: object) =>
  step<{ offer: Offer | null }>(program, caller, mutation, input, OFFER);
const accept = ({ id, person }: Applicant, more: object = {}) =>
  offerStep(person, "offerAccept", { applicationId: id, commitsToAllDates: true, ...more });
const decline = ({ id, person }: Applicant, more: object = {}) =>
  offerStep(person, "offerDecline", { applicationId: id, ...more });
const codes = ({ userErrors }: Outcome<object>) => userErrors.map(({ code }) => code);

/** An application as somebody sees it: its state, and that of its offer. */
async function seen(caller: Person | typeof STAFF, id: string): Promise<unknown> {
  const query = "query($id: ID!) { node(id: $id) { ... on Application { state offer { state } } } }";
  const { node } = await program.ask<{ node: { state: string; offer: { state: string } | null } | null }>(
    caller,
    query,
    { id },
  );
  return node && [node.state, node.offer?.state ?? null];
}

async function seatsTaken(cohortId: string): Promise<number> {
  return seatsFrom(await direct.get(seatsKey(parseGlobalId(cohortId)!.id)));
}

/** What somebody was told after the receipt of the application. */
const told = async ({ person }: Applicant) => (await subjectsTo(program, person)).slice(1);

test("an acceptance offers a place until a date; taken up, it commits to all dates", async () => {
  const cohortId = await newCohort();
  const [one] = await decidedOn(cohortId, ["Taker"], 1);
  const { person, id } = one!;
  const query = `query($id: ID!) { node(id: $id) { ... on Application { offer {
    state answerBy dueAt conditions answeredAt application { id }
    viewerCan { accept { allowed } decline { allowed } askDeferral { allowed } defer { allowed } extend { allowed } } } } } }`;
  const may = (owner: boolean) => ({
    accept: { allowed: true },
    decline: { allowed: true },
    askDeferral: { allowed: true },
    defer: { allowed: !owner },
    extend: { allowed: !owner },
  });
  const asked = {
    state: "OFFERED",
    answerBy: "2026-09-15",
    dueAt: "2026-09-16T00:00:00.000Z",
    conditions: null,
    answeredAt: null,
    application: { id },
  };
  expect(await program.ask(person, query, { id })).toEqual({ node: { offer: { ...asked, viewerCan: may(true) } } });
  expect(await program.ask(STAFF, query, { id })).toEqual({ node: { offer: { ...asked, viewerCan: may(false) } } });

  const mail = (await program.ses.mails()).find(
    ({ to, subject }) => to.includes(person.email) && subject.startsWith("You are"),
  );
  expect(mail?.text).toContain("accept or decline the place before Tuesday, September 15, 2026 at 5:00 PM PDT");
  expect(mail?.text).toMatch(/Answer the offer:\nhttp\S+\/applications\/APP-2027-\d{4}\/offer\n/);

  expect(codes(await accept(one!, { commitsToAllDates: false }))).toEqual(["NOT_COMMITTED"]);
  const taken = await accept(one!);
  expect(taken).toEqual({
    offer: {
      version: 2,
      state: "ACCEPTED",
      answerBy: "2026-09-15",
      dueAt: "2026-09-16T00:00:00.000Z",
      isPromoted: false,
      conditions: null,
      reason: null,
    },
    userErrors: [],
  });
  expect(codes(await accept(one!))).toEqual(["WRONG_STATE"]);
  expect(codes(await decline(one!))).toEqual(["WRONG_STATE"]);
  expect(await told(one!)).toEqual([`You are accepted: Cohort ${cohorts}`]);
  expect(await checkInvariants(program)).toEqual([]);
});

test("mentors are offered nothing; somebody else's place answers like none, and office holders are told so", async () => {
  const cohortId = await newCohort();
  const [one] = await decidedOn(cohortId, ["Owner"], 1);
  const mentor = someone("Offer Mentor");
  const mentorId = await submitted(program, mentor, cohortId, "MENTOR");
  await prepare(program, mentorId);
  await release(program, cohortId, "MENTOR");
  expect(await seen(mentor, mentorId)).toEqual(["ACCEPTED", null]);
  const ask = async (caller: Person | typeof STAFF | null, mutation: string, type: string, input: object) => {
    const query = `mutation($input: ${type}!) { ${mutation}(input: $input) { userErrors { code } } }`;
    const { errors, data } = await program.send(caller, query, { input });
    return errors?.[0]?.extensions?.["code"] ?? data;
  };
  const input = { applicationId: one!.id, commitsToAllDates: true };
  expect(await ask(null, "offerAccept", "OfferAcceptInput", input)).toBe("UNAUTHENTICATED");
  expect(await ask(someone("Offer Stranger"), "offerAccept", "OfferAcceptInput", input)).toBe("NOT_FOUND");
  expect(await ask(committee, "offerAccept", "OfferAcceptInput", input)).toBe("FORBIDDEN");
  expect(await ask(mentor, "offerAccept", "OfferAcceptInput", { ...input, applicationId: mentorId })).toBe("NOT_FOUND");
  const extend = { applicationId: one!.id, answerBy: "2026-09-20", why: "x" };
  expect(await ask(one!.person, "offerExtend", "OfferExtendInput", extend)).toBe("FORBIDDEN");
  expect(await ask(committee, "offerExtend", "OfferExtendInput", extend)).toBe("FORBIDDEN");
  expect(await ask(committee, "offerPromote", "OfferPromoteInput", { cohortId, idempotencyKey: "by-committee" })).toBe(
    "FORBIDDEN",
  );
  expect(
    await ask(STAFF, "offerAccept", "OfferAcceptInput", { ...input, applicationId: globalId("Application", "app_0") }),
  ).toBe("NOT_FOUND");
  expect(await seen(one!.person, one!.id)).toEqual(["ACCEPTED", "OFFERED"]);
});

test("declined, the seat goes to the first on the waitlist, who has an end of their own; ranks go in order", async () => {
  const cohortId = await newCohort({ seats: 2 });
  const [a, b, first, second] = await decidedOn(cohortId, ["A", "B", "First", "Second"], 2);
  expect(await seatsTaken(cohortId)).toBe(2);
  expect(codes(await decline(a!, { reason: "x".repeat(2_001) }))).toEqual(["TOO_LONG"]);
  expect((await decline(a!, { reason: "Another job" })).offer).toMatchObject({
    state: "DECLINED",
    reason: "Another job",
  });
  expect(await seatsTaken(cohortId)).toBe(1);
  await program.runDue();
  expect(await seatsTaken(cohortId)).toBe(2);
  expect(await seen(a!.person, a!.id)).toEqual(["NOT_TAKEN_UP", "DECLINED"]);
  expect(await seen(first!.person, first!.id)).toEqual(["ACCEPTED", "OFFERED"]);
  expect(await seen(second!.person, second!.id)).toEqual(["WAITLISTED", null]);
  // Accepted and withdrawn, a place goes on in the same way.
  expect(codes(await accept(b!))).toEqual([]);
  await step(program, b!.person, "applicationWithdraw", { applicationId: b!.id });
  await program.runDue();
  expect(await seen(b!.person, b!.id)).toEqual(["WITHDRAWN", "WITHDRAWN"]);
  expect(await seen(second!.person, second!.id)).toEqual(["ACCEPTED", "OFFERED"]);
  expect(await seatsTaken(cohortId)).toBe(2);
  // With nobody left to wait the seat stays free.
  await decline(second!);
  await program.runDue();
  expect(await seatsTaken(cohortId)).toBe(1);
  const name = `Cohort ${cohorts}`;
  expect(await told(a!)).toEqual([`You are accepted: ${name}`, `You have declined your place: ${name}`]);
  expect(await told(b!)).toEqual([`You are accepted: ${name}`]);
  const waitlisted = expect.stringMatching(/ is on the waitlist$/) as string;
  expect(await told(first!)).toEqual([waitlisted, `A place is free for you: ${name}`]);
  expect(await told(second!)).toEqual([
    waitlisted,
    `A place is free for you: ${name}`,
    `You have declined your place: ${name}`,
  ]);
  expect(await checkInvariants(program)).toEqual([]);
});

test("several who decline at once free several seats, and due twice at once gives each on once", async () => {
  const cohortId = await newCohort({ seats: 3 });
  const names = ["A", "B", "C", "W1", "W2", "W3", "W4"];
  const people = await decidedOn(cohortId, names, 3);
  const answers: Answered[] = await Promise.all([...people.slice(0, 3), people[0]!].map((one) => decline(one)));
  expect(answers.map(codes).filter((found) => found.length > 0)).toEqual([["WRONG_STATE"]]);
  await Promise.all([program.handlers.due({}), program.handlers.due({})]);
  // Whoever lost every race of this call is taken up by the next.
  await program.runDue();
  const states = await Promise.all(people.slice(3).map(({ person, id }) => seen(person, id)));
  expect(states).toEqual([
    ["ACCEPTED", "OFFERED"],
    ["ACCEPTED", "OFFERED"],
    ["ACCEPTED", "OFFERED"],
    ["WAITLISTED", null],
  ]);
  expect(await seatsTaken(cohortId)).toBe(3);
  expect(await checkInvariants(program)).toEqual([]);
});

test("staff give free seats on where the policy says so, after a look at exactly whom", async () => {
  const cohortId = await newCohort({ seats: 2 });
  await changePolicy(cohortId, { promotion: "BY_STAFF" });
  const [a, b, first, second, third] = await decidedOn(cohortId, ["A", "B", "First", "Second", "Third"], 2);
  await decline(a!);
  await program.runDue();
  expect(await seatsTaken(cohortId)).toBe(1);
  const input = { cohortId, idempotencyKey: `promote-${cohorts}` };
  const selection = "rows { applicationId promoted } confirmToken";
  type Promoted = Outcome<{ rows: { applicationId: string; promoted: boolean }[] | null; confirmToken: string | null }>;
  const promote = (more: object): Promise<Promoted> =>
    step(program, STAFF, "offerPromote", { ...input, ...more }, selection);
  const looked = await promote({ dryRun: true });
  expect(looked.rows).toEqual([{ applicationId: first!.id, promoted: false }]);
  expect(codes(await promote({}))).toEqual(["CONFIRM_TOKEN_REQUIRED"]);
  await decline(b!);
  expect(codes(await promote({ confirmToken: looked.confirmToken }))).toEqual(["STALE"]);
  const again = await promote({ dryRun: true });
  expect(again.rows?.map(({ applicationId }) => applicationId)).toEqual([first!.id, second!.id]);
  const confirmed = { confirmToken: again.confirmToken };
  const [one, other] = await Promise.all([promote(confirmed), promote(confirmed)]);
  const rows = [first!, second!].map(({ id }) => ({ applicationId: id, promoted: true }));
  expect([one.userErrors, other.userErrors]).toEqual([[], []]);
  expect(await promote(confirmed)).toEqual({ rows, confirmToken: null, userErrors: [] });
  expect(await seen(third!.person, third!.id)).toEqual(["WAITLISTED", null]);
  expect(codes(await promote({ dryRun: true, idempotencyKey: "another-key" }))).toEqual(["NOTHING_TO_PROMOTE"]);
  // Whoever is recused from one of them gives none on.
  const colleague = someone(`Promoting Staff ${cohorts}`);
  const personId = await idOf(program, colleague);
  await step(program, STAFF, "roleGrant", { personId, role: "STAFF", why: "Test", until: "2040-01-01T00:00:00.000Z" });
  await step(program, colleague, "recusalDeclare", { applicationId: third!.id, why: "A friend" });
  const refused = await step(program, colleague, "offerPromote", { ...input, dryRun: true }, selection);
  expect(codes(refused)).toEqual(["RECUSED"]);
  expect(await checkInvariants(program)).toEqual([]);
});

test("staff answer in a candidate's stead with a reason, give more time and set conditions that have to be acknowledged", async () => {
  const cohortId = await newCohort();
  const [one] = await decidedOn(cohortId, ["Stead"], 1);
  const applicationId = one!.id;
  const set = { applicationId, conditions: "A degree by June", why: "The committee's wish" };
  expect((await offerStep(STAFF, "offerConditionsSet", set)).offer).toMatchObject({ conditions: "A degree by June" });
  await program.settle();
  const more = { applicationId, answerBy: "2026-10-30", why: "On leave" };
  expect(codes(await offerStep(STAFF, "offerExtend", { ...more, answerBy: "2026-02-30" }))).toEqual(["BAD_DATE"]);
  // The clocks go back on 1 November, so that 30 October still has summer time.
  expect((await offerStep(STAFF, "offerExtend", more)).offer).toMatchObject({
    answerBy: "2026-10-30",
    dueAt: "2026-10-31T00:00:00.000Z",
  });
  // An offer that is taken up by then needs no word of more time.
  await program.settle();
  expect(codes(await accept(one!))).toEqual(["CONDITIONS_NOT_ACKNOWLEDGED"]);
  const input = { applicationId, commitsToAllDates: true, acknowledgedConditions: "A degree by June" };
  expect(codes(await offerStep(STAFF, "offerAccept", input))).toEqual(["REQUIRED"]);
  expect((await offerStep(STAFF, "offerAccept", { ...input, why: "By phone" })).offer).toMatchObject({
    state: "ACCEPTED",
  });
  const query =
    "query($id: ID!) { node(id: $id) { ... on Application { offer { history(first: 1) { nodes { type why actingFor { id } } } } } } }";
  expect(await program.ask(STAFF, query, { id: applicationId })).toEqual({
    node: {
      offer: {
        history: {
          nodes: [{ type: "OfferAccepted", why: "By phone", actingFor: { id: await idOf(program, one!.person) } }],
        },
      },
    },
  });
  const name = `Cohort ${cohorts}`;
  expect(await told(one!)).toEqual([
    `You are accepted: ${name}`,
    `The conditions of your place have changed: ${name}`,
    `You have more time to answer: ${name}`,
  ]);
  expect(await checkInvariants(program)).toEqual([]);
});

test("a deferral frees the seat, and leads to a place in a later cohort that takes one there", async () => {
  const cohortId = await newCohort({ seats: 1 });
  const [one, next] = await decidedOn(cohortId, ["Deferring", "Next"], 1);
  const applicationId = one!.id;
  const colleague = someone(`Recused Member ${cohorts}`);
  await chairPerson(program, colleague);
  await step(program, colleague, "recusalDeclare", { applicationId, why: "A friend" });
  const defer = { applicationId, why: "Granted" };
  expect(codes(await offerStep(STAFF, "offerDefer", defer))).toEqual(["NOT_ASKED"]);
  expect(codes(await offerStep(one!.person, "offerDeferRequest", { applicationId, reason: "A year abroad" }))).toEqual(
    [],
  );
  expect(codes(await offerStep(STAFF, "offerDeferRefuse", { applicationId, why: "Not now" }))).toEqual([]);
  await program.settle();
  await offerStep(one!.person, "offerDeferRequest", { applicationId, reason: "Please" });
  expect((await offerStep(STAFF, "offerDefer", defer)).offer).toMatchObject({ state: "DEFERRED" });
  expect(await seen(one!.person, applicationId)).toEqual(["DEFERRED", "DEFERRED"]);
  await program.runDue();
  expect(await seen(next!.person, next!.id)).toEqual(["ACCEPTED", "OFFERED"]);

  const full = await newCohort({ seats: 0 });
  const later = await newCohort({ seats: 1 });
  const take = (to: string, more: object = {}) =>
    step<{ offer: { application: { id: string; state: string; number: string } } | null }>(
      program,
      STAFF,
      "offerFromDeferral",
      { applicationId, cohortId: to, why: "A seat was kept", idempotencyKey: `later-${to}`, ...more },
      "offer { application { id state number } }",
    );
  expect(codes(await take(cohortId))).toEqual(["NOT_LATER"]);
  expect(codes(await take(full))).toEqual(["COHORT_FULL"]);
  const taken = await take(later);
  expect(taken.userErrors).toEqual([]);
  expect(await take(later)).toEqual(taken);
  expect(codes(await take(later, { idempotencyKey: "another-key" }))).toEqual(["ALREADY_STARTED"]);
  expect(await seatsTaken(later)).toBe(1);
  const { id } = taken.offer!.application;
  expect(await seen(one!.person, id)).toEqual(["ACCEPTED", "OFFERED"]);
  expect(await seen(committee, id)).toEqual(["ACCEPTED", "OFFERED"]);
  expect(await seen(colleague, id)).toBeNull();
  expect(codes(await accept({ id, person: one!.person }))).toEqual([]);
  const [early, late] = [cohorts - 2, cohorts];
  expect(await told(one!)).toEqual([
    `You are accepted: Cohort ${early}`,
    `Your place cannot be deferred: Cohort ${early}`,
    "You take part in a later cohort",
    `Your place in a later cohort: Cohort ${late}`,
  ]);
  expect(await checkInvariants(program)).toEqual([]);
});

test("a cohort's offers are listed by their end; whoever is recused sees and counts nothing of it", async () => {
  const cohortId = await newCohort();
  const [one, two] = await decidedOn(cohortId, ["Listed", "Hidden"], 2);
  const colleague = await chairPerson(program, someone(`Listing Member ${cohorts}`));
  await step(program, colleague, "recusalDeclare", { applicationId: two!.id, why: "A friend" });
  const query = `query($id: ID!, $first: Int!) { cohort(id: $id) { offers(first: $first) {
    nodes { application { id } } pageInfo { hasNextPage } } } }`;
  const list = async (caller: Person | typeof STAFF, first = 25) => {
    type List = {
      cohort: { offers: { nodes: { application: { id: string } }[]; pageInfo: { hasNextPage: boolean } } | null };
    };
    const { data, errors } = await program.send(caller, query, { id: cohortId, first });
    if (errors) return errors.map(({ extensions }) => extensions?.["code"]);
    const { nodes, pageInfo } = (data as List).cohort.offers!;
    return [nodes.map(({ application }) => application.id).sort(), pageInfo.hasNextPage];
  };
  expect(await list(STAFF)).toEqual([[one!.id, two!.id].sort(), false]);
  expect(await list(committee)).toEqual([[one!.id, two!.id].sort(), false]);
  expect(await list(colleague)).toEqual([[one!.id], false]);
  expect(await list(colleague, 1)).toEqual([[one!.id], false]);
  expect(await list(one!.person)).toEqual(["FORBIDDEN"]);
});

// From here on the clock moves.
test("reminders go out while nobody has answered; at the instant the place lapses, and is promoted once", async () => {
  const cohortId = await newCohort({ seats: 2, zone: "America/New_York" });
  const [silent, quick, first, second] = await decidedOn(cohortId, ["Silent", "Quick", "First", "Second"], 2);
  await accept(quick!);
  await program.moveClock({ to: "2026-09-08T20:59:59.000Z" });
  await program.moveClock({ to: "2026-09-08T21:00:00.000Z" });
  await program.moveClock({ to: "2026-09-13T21:00:00.000Z" });
  const end = "2026-09-15T21:00:00.000Z";
  // Nobody else may be due then: other cohorts of this file end three hours later.
  const answers = await time.holdAt(program.clock, end, () =>
    Promise.all([decline(silent!), program.handlers.due({}), accept(silent!), program.handlers.due({})]),
  );
  expect(codes(answers[0])).toEqual([expect.stringMatching(/^(TOO_LATE|WRONG_STATE)$/)]);
  expect(codes(answers[2])).toEqual([expect.stringMatching(/^(TOO_LATE|WRONG_STATE)$/)]);
  await program.runDue();
  expect(await seen(silent!.person, silent!.id)).toEqual(["NOT_TAKEN_UP", "LAPSED"]);
  expect(await seen(first!.person, first!.id)).toEqual(["ACCEPTED", "OFFERED"]);
  expect(await seen(second!.person, second!.id)).toEqual(["WAITLISTED", null]);
  expect(await seatsTaken(cohortId)).toBe(2);
  const name = `Cohort ${cohorts}`;
  expect(await told(silent!)).toEqual([
    `You are accepted: ${name}`,
    `Please answer within 7 days: your place in the ${name}`,
    `Please answer within 2 days: your place in the ${name}`,
    `Your place has lapsed: ${name}`,
  ]);
  expect(await told(quick!)).toEqual([`You are accepted: ${name}`]);
  expect(await checkInvariants(program)).toEqual([]);
});

test("declining and lapsing in the last moment leave one end, one mail and one free seat", async () => {
  const cohortId = await newCohort({ seats: 1, zone: "America/New_York" });
  const [one, first, second] = await decidedOn(cohortId, ["Edge", "First", "Second"], 1);
  const { dueAt } = (await offerStep(one!.person, "offerAccept", { applicationId: one!.id, commitsToAllDates: false }))
    .offer!;
  await program.moveClock({ to: new Date(Date.parse(dueAt) - 60_000).toISOString() });
  const before = new Date(Date.parse(dueAt) - 1).toISOString();
  await time.holdAt(program.clock, before, async () => {
    const declining = [decline(one!), decline(one!), program.handlers.due({})] as const;
    const [a, b] = await Promise.all(declining);
    expect([codes(a), codes(b)].sort((x, y) => x.length - y.length)).toEqual([[], ["WRONG_STATE"]]);
  });
  await program.runDue();
  expect(await seen(one!.person, one!.id)).toEqual(["NOT_TAKEN_UP", "DECLINED"]);
  expect(await seen(first!.person, first!.id)).toEqual(["ACCEPTED", "OFFERED"]);
  expect(await seen(second!.person, second!.id)).toEqual(["WAITLISTED", null]);
  const name = `Cohort ${cohorts}`;
  expect(await told(one!)).toEqual([
    `You are accepted: ${name}`,
    `Please answer today: your place in the ${name}`,
    `You have declined your place: ${name}`,
  ]);
  expect(await checkInvariants(program)).toEqual([]);
});

test("an offer that spans the change to winter time ends at the hour of the cohort's clock", async () => {
  await program.moveClock({ to: "2026-10-25T16:00:00.000Z" });
  const cohortId = await newCohort({ seats: 1 });
  const [one] = await decidedOn(cohortId, ["Winter"], 1);
  await program.moveClock({ to: "2026-11-09T00:59:59.000Z" });
  expect(await seen(one!.person, one!.id)).toEqual(["ACCEPTED", "OFFERED"]);
  await program.moveClock({ to: "2026-11-09T01:00:00.000Z" });
  expect(await seen(one!.person, one!.id)).toEqual(["NOT_TAKEN_UP", "LAPSED"]);
  expect(await checkInvariants(program)).toEqual([]);
});
