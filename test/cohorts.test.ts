import { expect, test } from "vitest";
import { checkInvariants } from "./support/invariants.ts";
import { someone, startProgram, STAFF } from "./support/program.ts";
import { chairPerson, idOf, IN_WINDOW, prepare, step, submitted, TERMS, type Outcome } from "./support/steps.ts";
import { ticking } from "./support/ticking.ts";

const program = await startProgram({ at: IN_WINDOW, realTime: ticking(IN_WINDOW).realTime });
const committee = await chairPerson(program, someone("Committee Member"));
const visitor = someone("Visiting Person");
await idOf(program, visitor);

interface Cohort {
  id: string;
  version: number;
  state: string;
  name: string;
  region: string;
  zone: string;
  seats: number;
  seatsTaken: number;
  tuition: { cents: number; currency: string };
  window: { opens: string; closes: string; opensAt: string; closesAt: string };
}

const COHORT = `cohort { id version state name region zone seats seatsTaken tuition { cents currency }
  window { opens closes opensAt closesAt } }`;

const act = (mutation: string, input: object): Promise<Outcome<{ cohort: Cohort | null }>> =>
  step(program, STAFF, mutation, input, COHORT);

const faults = ({ userErrors }: Outcome<object>) => userErrors.map(({ code, field }) => [code, field?.join(".")]);

/** Sorts what several at once were answered: whoever was taken first. */
const byLength = (a: readonly unknown[], b: readonly unknown[]) => a.length - b.length;

/** The terms of TERMS without what has a default. */
const { seats: _seats, ...REQUIRED } = TERMS;

let numbers = 100;

async function created(terms: object = {}): Promise<Cohort> {
  const { cohort, userErrors } = await act("cohortCreate", { ...TERMS, number: ++numbers, ...terms });
  expect(userErrors).toEqual([]);
  return cohort!;
}

/** How somebody sees a cohort: by its id, and in the list of published ones. */
async function seen(caller: typeof STAFF, id: string): Promise<[boolean, boolean]> {
  const { cohort, cohorts } = await program.ask<{ cohort: object | null; cohorts: { nodes: { id: string }[] } }>(
    caller,
    "query($id: ID!) { cohort(id: $id) { id } cohorts(first: 100) { nodes { id } } }",
    { id },
  );
  return [cohort !== null, cohorts.nodes.some((node) => node.id === id)];
}

test("a cohort starts as a draft with the program's defaults, seen by staff alone until it is published", async () => {
  const { cohort, userErrors } = await act("cohortCreate", { ...REQUIRED, name: "  Cohort 2027 ", number: 1 });
  expect(userErrors).toEqual([]);
  expect(cohort).toEqual({
    id: expect.any(String),
    version: 1,
    state: "DRAFT",
    name: "Cohort 2027",
    region: "Northern California",
    zone: "America/Los_Angeles",
    seats: 20,
    seatsTaken: 0,
    tuition: { cents: 250_000, currency: "USD" },
    window: {
      opens: "2026-08-01T08:00",
      closes: "2026-09-18T17:00",
      opensAt: "2026-08-01T15:00:00.000Z",
      closesAt: "2026-09-19T00:00:00.000Z",
    },
  });
  const { id } = cohort!;
  expect(await seen(STAFF, id)).toEqual([true, false]);
  for (const caller of [committee, visitor, null]) expect(await seen(caller, id)).toEqual([false, false]);
  const drafts = await program.ask(STAFF, "{ cohorts(state: DRAFT) { nodes { id } } }");
  expect(drafts).toEqual({ cohorts: { nodes: [{ id }] } });
  const { errors } = await program.send(visitor, "{ cohorts(state: DRAFT) { nodes { id } } }");
  expect(errors?.map(({ extensions }) => extensions?.["code"])).toEqual(["FORBIDDEN"]);
  // Nobody applies to a cohort that is not public.
  const query = "mutation($input: ApplicationStartInput!) { applicationStart(input: $input) { userErrors { code } } }";
  const start = await program.send(visitor, query, { input: { cohortId: id, kind: "CANDIDATE" } });
  expect(start.errors?.map(({ extensions }) => extensions?.["code"])).toEqual(["NOT_FOUND"]);

  const stale = await act("cohortPublish", { cohortId: id, expectedVersion: 0 });
  expect(stale).toMatchObject({ cohort: { version: 1, state: "DRAFT" }, userErrors: [{ code: "CONFLICT" }] });
  const published = await act("cohortPublish", { cohortId: id, expectedVersion: 1 });
  expect(published).toMatchObject({ cohort: { version: 2, state: "PUBLISHED" }, userErrors: [] });
  const again = await act("cohortPublish", { cohortId: id, expectedVersion: 2 });
  expect(again).toMatchObject({
    cohort: { version: 2 },
    userErrors: [{ code: "ALREADY_PUBLISHED", field: null, message: "This cohort is already published." }],
  });
  for (const caller of [STAFF, committee, visitor, null]) expect(await seen(caller, id)).toEqual([true, true]);
  expect(await program.ask(STAFF, "{ cohorts(state: DRAFT) { nodes { id } } }")).toEqual({ cohorts: { nodes: [] } });
});

test("every fault of a cohort's terms is named at once", async () => {
  const { cohort, userErrors } = await act("cohortCreate", {
    year: 1999,
    number: 0,
    name: " ",
    region: "x".repeat(81),
    zone: "Pacific Time",
    seats: 501,
    tuition: { cents: -1, currency: "usd" },
    windowOpens: "2026-02-30T08:00",
    windowCloses: "2026-09-18",
  });
  expect(cohort).toBeNull();
  expect(userErrors.map(({ code, field, message }) => [code, field?.join("."), message])).toEqual([
    ["REQUIRED", "name", "The name is missing: please fill it in."],
    ["TOO_LONG", "region", "The region has 81 characters: please keep it to 80."],
    ["OUT_OF_RANGE", "year", "The year must be a whole number from 2000 to 2200."],
    ["OUT_OF_RANGE", "number", "The number must be a whole number from 1 to 999."],
    ["OUT_OF_RANGE", "seats", "The number of seats must be a whole number from 0 to 500."],
    ["OUT_OF_RANGE", "tuition.cents", "The tuition in cents must be a whole number from 0 to 10000000."],
    [
      "BAD_CURRENCY",
      "tuition.currency",
      "The currency is not a code of three capital letters: please write one such as USD.",
    ],
    ["BAD_ZONE", "zone", "The time zone is not known: please write one such as America/Los_Angeles."],
    [
      "BAD_TIME",
      "windowOpens",
      "This is not a date and time: please write it as 2026-09-18T17:00, in the cohort's zone.",
    ],
    [
      "BAD_TIME",
      "windowCloses",
      "This is not a date and time: please write it as 2026-09-18T17:00, in the cohort's zone.",
    ],
  ]);
  for (const zone of ["-08:00", "", "America/Nowhere", "america/los_angeles#", "__proto__"]) {
    expect(faults(await act("cohortCreate", { ...TERMS, number: 900, zone }))).toEqual([["BAD_ZONE", "zone"]]);
  }
  for (const windowOpens of ["2026-08-01 08:00", "2026-08-01T08:00Z", "2026-13-01T08:00", "2026-08-01T25:00", ""]) {
    expect(faults(await act("cohortCreate", { ...TERMS, number: 900, windowOpens }))).toEqual([
      ["BAD_TIME", "windowOpens"],
    ]);
  }
  const backwards = { ...TERMS, number: 900, windowCloses: TERMS.windowOpens };
  expect(faults(await act("cohortCreate", backwards))).toEqual([["CLOSES_BEFORE_OPENING", "windowCloses"]]);
});

test("a number is given once, also when several are created at the same moment", async () => {
  const number = ++numbers;
  const attempts = await Promise.all([1, 2, 3].map(() => act("cohortCreate", { ...TERMS, number })));
  expect(attempts.map(faults).sort(byLength)).toEqual([[], [["NUMBER_TAKEN", "number"]], [["NUMBER_TAKEN", "number"]]]);
  const later = await act("cohortCreate", { ...TERMS, year: 2028, number });
  expect(later).toEqual({
    cohort: null,
    userErrors: [{ code: "NUMBER_TAKEN", field: ["number"], message: "There is already a cohort with this number." }],
  });
});

test("a change takes what is given and leaves the rest; whoever was slower gets the cohort as it is now", async () => {
  const { id } = await created();
  const change = (expectedVersion: number, terms: object) =>
    act("cohortChange", { cohortId: id, expectedVersion, ...terms });
  const renamed = await change(1, { name: "Renamed", region: null });
  expect(renamed).toMatchObject({
    cohort: { version: 2, name: "Renamed", region: "Northern California", seats: 20 },
    userErrors: [],
  });
  const moved = await change(2, { zone: "America/New_York" });
  expect(moved.cohort!.window).toEqual({
    opens: "2026-08-01T08:00",
    closes: "2026-09-18T17:00",
    opensAt: "2026-08-01T12:00:00.000Z",
    closesAt: "2026-09-18T21:00:00.000Z",
  });
  expect(await change(2, { name: "Slow" })).toMatchObject({
    cohort: { version: 3, name: "Renamed" },
    userErrors: [{ code: "CONFLICT", field: ["expectedVersion"] }],
  });
  const both = await Promise.all([change(3, { seats: 5 }), change(3, { seats: 6 })]);
  expect(both.map(faults).sort(byLength)).toEqual([[], [["CONFLICT", "expectedVersion"]]]);
  expect(faults(await change(4, { name: "", zone: "Nowhere", windowCloses: "soon" }))).toEqual([
    ["REQUIRED", "name"],
    ["BAD_ZONE", "zone"],
    ["BAD_TIME", "windowCloses"],
  ]);
  const { node } = await program.ask<{ node: { history: { nodes: Record<string, string | null>[] } } }>(
    committee,
    "query($id: ID!) { node(id: $id) { ... on Cohort { history { nodes { type before after } } } } }",
    { id: (await act("cohortPublish", { cohortId: id, expectedVersion: 4 })).cohort!.id },
  );
  expect(node.history.nodes.map(({ type }) => type)).toEqual([
    "CohortPublished",
    "CohortChanged",
    "CohortChanged",
    "CohortChanged",
    "CohortCreated",
  ]);
  const values = node.history.nodes.map(({ before, after }) => [before, after].map((text) => text && JSON.parse(text)));
  expect(values[0]).toEqual([{ state: "DRAFT" }, { state: "PUBLISHED" }]);
  expect(values[2]).toEqual([{ zone: "America/Los_Angeles" }, { zone: "America/New_York" }]);
  expect(values[3]).toEqual([{ name: "Cohort 2027" }, { name: "Renamed" }]);
  expect(values[4]).toEqual([null, { ...TERMS, number: numbers, tuition: { cents: 250_000, currency: "USD" } }]);
});

test("seats can be lowered to those that are taken, and no further", async () => {
  const { id } = await created({ seats: 3 });
  await act("cohortPublish", { cohortId: id, expectedVersion: 1 });
  for (const name of ["Seated One", "Seated Two"]) {
    const applicationId = await submitted(program, someone(name), id);
    expect((await prepare(program, applicationId)).userErrors).toEqual([]);
  }
  const lower = (expectedVersion: number, seats: number) =>
    act("cohortChange", { cohortId: id, expectedVersion, seats, name: "Lowered" });
  expect(await lower(2, 1)).toMatchObject({
    cohort: { version: 2, seats: 3, seatsTaken: 2, name: "Cohort 2027" },
    userErrors: [
      {
        code: "SEATS_TAKEN",
        field: ["seats"],
        message: "More people are accepted than these seats would hold: please choose a larger number.",
      },
    ],
  });
  expect(await lower(2, 2)).toMatchObject({ cohort: { version: 3, seats: 2, seatsTaken: 2 }, userErrors: [] });
  const third = await submitted(program, someone("Seated Three"), id);
  expect((await prepare(program, third)).userErrors).toMatchObject([
    {
      code: "COHORT_FULL",
      message: "No seat of Lowered is left (2 in all): please choose the waitlist, or free one first.",
    },
  ]);
  expect(await lower(3, 3)).toMatchObject({ userErrors: [] });
  expect((await prepare(program, third)).userErrors).toEqual([]);
});

test("two cohorts of one year take applications side by side, and no number is given twice", async () => {
  const cohorts = [await created(), await created()];
  for (const { id } of cohorts) await act("cohortPublish", { cohortId: id, expectedVersion: 1 });
  const numbersGiven = [];
  for (const [index, { id }] of [...cohorts, ...cohorts].entries()) {
    const person = someone(`Side ${index}`);
    await submitted(program, person, id);
    const { viewer } = await program.ask<{ viewer: { applications: { number: string }[] } }>(
      person,
      "{ viewer { applications { number } } }",
    );
    numbersGiven.push(...viewer.applications.map(({ number }) => number));
  }
  expect(new Set(numbersGiven).size).toBe(4);
});

test("a cohort that does not exist is answered like one that cannot be seen", async () => {
  const query = "mutation($input: CohortChangeInput!) { cohortChange(input: $input) { userErrors { code } } }";
  for (const cohortId of ["nonsense", Buffer.from("Cohort:coh_unknown").toString("base64url")]) {
    const { errors } = await program.send(STAFF, query, { input: { cohortId, expectedVersion: 1 } });
    expect(errors?.map(({ extensions }) => extensions?.["code"])).toEqual(["NOT_FOUND"]);
  }
  const unknown = Buffer.from("Cohort:coh_unknown").toString("base64url");
  expect(await program.ask(null, "query($id: ID!) { cohort(id: $id) { id } }", { id: unknown })).toEqual({
    cohort: null,
  });
});

test("everything in the table fits together", async () => {
  expect(await checkInvariants(program)).toEqual([]);
});
