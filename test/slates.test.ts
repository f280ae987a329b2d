import { expect, test } from "vitest";
import type { Caller } from "../infra/local/caller.ts";
import { checkInvariants } from "./support/invariants.ts";
import { someone, STAFF, startProgram } from "./support/program.ts";
import {
  chairOf,
  committeeMember,
  complete,
  draft,
  IN_WINDOW,
  prepare,
  publishedCohort,
  slateOf,
  step,
  submitted,
  type Outcome,
  type ProposedRow,
} from "./support/steps.ts";

const program = await startProgram({ at: IN_WINDOW });

let cohorts = 0;
const newCohort = (terms: object = {}) =>
  publishedCohort(program, { number: ++cohorts, name: `Cohort ${cohorts}`, ...terms });

async function applicants(cohortId: string, names: string[], kind: "CANDIDATE" | "MENTOR" = "CANDIDATE") {
  const ids: string[] = [];
  for (const name of names) ids.push(await submitted(program, someone(`${name} ${cohorts}`), cohortId, kind));
  return ids;
}

const accept = (applicationId: string): ProposedRow => ({ applicationId, outcome: "ACCEPT" });
const waitlist = (applicationId: string, rank: number): ProposedRow => ({ applicationId, outcome: "WAITLIST", rank });
const decline = (applicationId: string): ProposedRow => ({ applicationId, outcome: "DECLINE" });
const codes = ({ userErrors }: Outcome<object>) => userErrors.map(({ code, field }) => [code, field?.join(".")]);

interface Slate {
  id: string;
  version: number;
  state: string;
  name: string;
  copiedFromId: string | null;
  rows: { applicationId: string; applicantName: string; outcome: string; rank: number | null; rationale: string }[];
}

const SLATE = "id version state name copiedFromId rows { applicationId applicantName outcome rank rationale }";

const save = (input: object, caller: Caller = STAFF) =>
  step<{ slate: Slate | null }>(program, caller, "slateSave", input, `slate { ${SLATE} }`);

/** A slate as somebody sees it. */
async function seen(caller: Caller, id: string): Promise<Slate | null> {
  const query = `query($id: ID!) { node(id: $id) { ... on Slate { ${SLATE} } } }`;
  return (await program.ask<{ node: Slate | null }>(caller, query, { id })).node;
}

async function analysisOf(caller: Caller, id: string) {
  const query = `query($id: ID!) { node(id: $id) { ... on Slate { analysis {
    outcomes { accept waitlist decline } seats { total elsewhere proposed left }
    organizationKinds { kind accept waitlist decline } regions { region accept waitlist decline } jobTitles { jobTitle accepted }
    mentorCoverage { candidates mentors places lacking }
    conflicts { applicationId code } waitlist { applicationId from to } } } } }`;
  type Found = { node: { analysis: Record<string, unknown> } };
  return (await program.ask<Found>(caller, query, { id })).node.analysis;
}

async function slatesOf(caller: Caller, cohortId: string, state = "ACTIVE"): Promise<string[]> {
  const query = `query($id: ID!, $state: SlateState!) { cohort(id: $id) { slates(state: $state) { nodes { name } } } }`;
  type Found = { cohort: { slates: { nodes: { name: string }[] } } };
  const { cohort } = await program.ask<Found>(caller, query, { id: cohortId, state });
  return cohort.slates.nodes.map(({ name }) => name);
}

async function diff(caller: Caller, a: string, b: string) {
  const row = "applicationId outcome rank";
  const query = `query($a: ID!, $b: ID!) { slateDiff(a: $a, b: $b) { applicationId a { ${row} } b { ${row} } } }`;
  return (await program.ask<{ slateDiff: object[] | null }>(caller, query, { a, b })).slateDiff;
}

test("slates stand side by side, are copied, changed in their version, compared and put aside", async () => {
  const cohortId = await newCohort();
  const [one, two, three] = (await applicants(cohortId, ["One", "Two", "Three"])) as [string, string, string];
  const chair = await chairOf(program, cohortId, someone("Slate Chair"));
  const first = await slateOf(program, cohortId, [accept(one), waitlist(two, 1)], { name: "Cautious" });
  const copied = await step<{ slate: Slate }>(
    program,
    chair,
    "slateCopy",
    { slateId: first, name: "Bold" },
    `slate { ${SLATE} }`,
  );
  const second = copied.slate.id;
  expect(copied.slate).toMatchObject({ version: 1, state: "ACTIVE", name: "Bold", copiedFromId: first });
  const rows = [accept(one), { ...accept(two), rationale: " Strong " }, decline(three)];
  const saved = await save({ slateId: second, expectedVersion: 1, rows }, chair);
  expect(saved).toEqual({
    slate: {
      id: second,
      version: 2,
      state: "ACTIVE",
      name: "Bold",
      copiedFromId: first,
      rows: [
        { applicationId: one, applicantName: `One ${cohorts}`, outcome: "ACCEPT", rank: null, rationale: "" },
        { applicationId: two, applicantName: `Two ${cohorts}`, outcome: "ACCEPT", rank: null, rationale: "Strong" },
        { applicationId: three, applicantName: `Three ${cohorts}`, outcome: "DECLINE", rank: null, rationale: "" },
      ],
    },
    userErrors: [],
  });
  expect(codes(await save({ slateId: second, expectedVersion: 1, name: "Late" }, chair))).toEqual([
    ["CONFLICT", "expectedVersion"],
  ]);
  const race = await Promise.all(["A", "B"].map((name) => save({ slateId: second, expectedVersion: 2, name })));
  expect(race.flatMap(codes)).toEqual([["CONFLICT", "expectedVersion"]]);
  expect(await diff(chair, first, second)).toEqual([
    {
      applicationId: two,
      a: { applicationId: two, outcome: "WAITLIST", rank: 1 },
      b: { applicationId: two, outcome: "ACCEPT", rank: null },
    },
    { applicationId: three, a: null, b: { applicationId: three, outcome: "DECLINE", rank: null } },
  ]);
  expect(await slatesOf(chair, cohortId)).toEqual([expect.stringMatching(/^[AB]$/), "Cautious"]);
  const archive = { slateId: first, expectedVersion: 1 };
  expect(codes(await step(program, chair, "slateArchive", archive))).toEqual([]);
  expect(await slatesOf(chair, cohortId, "ARCHIVED")).toEqual(["Cautious"]);
  expect(codes(await save({ slateId: first, expectedVersion: 2, name: "Again" }))).toEqual([
    ["WRONG_STATE", undefined],
  ]);
});

test("every fault of a slate is named with its row, and what is not to be decided here is unknown", async () => {
  const cohortId = await newCohort();
  const [one] = (await applicants(cohortId, ["Fault"])) as [string];
  const [mentor] = (await applicants(cohortId, ["Fault Mentor"], "MENTOR")) as [string];
  const rows = [
    { ...accept(one), rank: 3 },
    { ...waitlist(one, 501), rationale: "x".repeat(501) },
    { applicationId: mentor, outcome: "WAITLIST" },
  ];
  const answer = await step(program, STAFF, "slateCreate", { cohortId, kind: "CANDIDATE", name: " ", rows });
  expect(codes(answer)).toEqual([
    ["REQUIRED", "name"],
    ["RANK_NOT_WANTED", "rows.0.rank"],
    ["APPLICATION_TWICE", "rows.1.applicationId"],
    ["OUT_OF_RANGE", "rows.1.rank"],
    ["TOO_LONG", "rows.1.rationale"],
    ["APPLICATION_UNKNOWN", "rows.2.applicationId"],
    ["RANK_REQUIRED", "rows.2.rank"],
  ]);
  const many = Array.from({ length: 101 }, () => accept(one));
  const tooMany = await step(program, STAFF, "slateCreate", { cohortId, kind: "CANDIDATE", name: "Many", rows: many });
  expect(codes(tooMany)).toEqual([["TOO_MANY", "rows"]]);
});

test("the mix by region counts one region however it is written, and nobody who says nothing of it", async () => {
  const cohortId = await newCohort();
  const from = async (name: string, organization: object): Promise<string> => {
    const caller = someone(`${name} ${cohorts}`);
    const applicationId = await draft(program, caller, cohortId);
    const filled = complete(applicationId) as { organization: object };
    const told = { ...filled, organization: { ...filled.organization, ...organization } };
    await step(program, caller, "applicationSave", told);
    await step(program, caller, "applicationSubmit", { applicationId });
    return applicationId;
  };
  const rows = [
    waitlist(await from("East", { region: "Sierra", size: "SMALL" }), 1),
    accept(await from("West", { region: "Bay Area", size: "LARGE" })),
    waitlist(await from("Bay", { region: " bay  area " }), 2),
    accept(await from("Nowhere", {})),
  ];
  const { regions } = await analysisOf(STAFF, await slateOf(program, cohortId, rows));
  expect(regions).toEqual([
    { region: "Bay Area", accept: 1, waitlist: 1, decline: 0 },
    { region: "Sierra", accept: 0, waitlist: 1, decline: 0 },
  ]);
  const caller = someone(`Long ${cohorts}`);
  const applicationId = await draft(program, caller, cohortId);
  const organization = { name: "Long District", kind: "DISTRICT", region: "x".repeat(81) };
  const refused = await step(program, caller, "applicationSave", { applicationId, organization });
  expect(codes(refused)).toEqual([["TOO_LONG", "organization.region"]]);
});

test("what-if: seats, mix, mentors, conflicts and who moves on the waitlist", async () => {
  const cohortId = await newCohort({ seats: 2 });
  const names = ["Seated", "Proposed", "Second", "Waiting", "Gone", "Rival"];
  const [seated, proposed, second, waiting, gone, rival] = (await applicants(cohortId, names)) as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const [mentor] = (await applicants(cohortId, ["Coverage Mentor"], "MENTOR")) as [string];
  await prepare(program, mentor);
  await prepare(program, seated);
  await prepare(program, waiting, { outcome: "WAITLIST", rank: 2 });
  await prepare(program, rival, { outcome: "WAITLIST", rank: 3 });
  const rows = [accept(proposed), accept(second), waitlist(waiting, 1), waitlist(gone, 3)];
  const slateId = await slateOf(program, cohortId, rows);
  await step(program, someone(`Gone ${cohorts}`), "applicationWithdraw", { applicationId: gone });
  expect(await analysisOf(STAFF, slateId)).toEqual({
    outcomes: { accept: 2, waitlist: 2, decline: 0 },
    seats: { total: 2, elsewhere: 1, proposed: 2, left: -1 },
    organizationKinds: [{ kind: "DISTRICT", accept: 2, waitlist: 2, decline: 0 }],
    regions: [],
    jobTitles: [{ jobTitle: "Technology coordinator", accepted: 2 }],
    mentorCoverage: { candidates: 3, mentors: 1, places: 1, lacking: 2 },
    conflicts: [
      { applicationId: gone, code: "NOT_DECIDABLE" },
      { applicationId: gone, code: "RANK_HELD" },
    ],
    waitlist: [
      { applicationId: waiting, from: 2, to: 1 },
      { applicationId: gone, from: null, to: 3 },
    ],
  });
  const own = await slateOf(program, cohortId, [accept(seated), waitlist(waiting, 2), waitlist(rival, 2)]);
  expect(await analysisOf(STAFF, own)).toMatchObject({
    seats: { total: 2, elsewhere: 0, proposed: 1, left: 1 },
    conflicts: [
      { applicationId: waiting, code: "RANK_TWICE" },
      { applicationId: rival, code: "RANK_TWICE" },
    ],
    waitlist: [{ applicationId: rival, from: 3, to: 2 }],
  });
});

test("members read and do not write; whoever has a conflict sees neither the row nor a gap, sum or slate of it", async () => {
  const cohortId = await newCohort();
  const [one, two, three] = (await applicants(cohortId, ["First", "Hidden", "Third"])) as [string, string, string];
  const chair = await chairOf(program, cohortId, someone("Conflicted Chair"));
  const recused = await chairOf(program, cohortId, someone("Recused Chair"));
  const member = await committeeMember(program, someone("Reading Member"));
  const both = await slateOf(program, cohortId, [waitlist(one, 1), waitlist(two, 2), waitlist(three, 3)], {
    name: "Both",
  });
  const other = await slateOf(program, cohortId, [decline(two)], { name: "Only the hidden one" });
  await step(program, recused, "recusalDeclare", { applicationId: two, why: "Colleagues" });

  expect(await slatesOf(member, cohortId)).toEqual(["Only the hidden one", "Both"]);
  expect(await slatesOf(recused, cohortId)).toEqual(["Both"]);
  expect(await seen(recused, other)).toBeNull();
  expect((await seen(chair, both))!.rows.map(({ applicationId, rank }) => [applicationId, rank])).toEqual([
    [one, 1],
    [two, 2],
    [three, 3],
  ]);
  expect((await seen(recused, both))!.rows.map(({ applicationId, rank }) => [applicationId, rank])).toEqual([
    [one, 1],
    [three, 2],
  ]);
  expect(await analysisOf(recused, both)).toEqual({
    outcomes: { accept: 0, waitlist: 2, decline: 0 },
    seats: null,
    organizationKinds: [{ kind: "DISTRICT", accept: 0, waitlist: 2, decline: 0 }],
    regions: [],
    jobTitles: [],
    mentorCoverage: null,
    conflicts: [],
    waitlist: null,
  });
  expect(await diff(recused, both, other)).toBeNull();
  for (const [mutation, input] of [
    ["slateSave", { slateId: both, expectedVersion: 1, name: "Mine" }],
    ["slateCopy", { slateId: both, name: "Mine" }],
    ["slateArchive", { slateId: both, expectedVersion: 1 }],
    ["slateCreate", { cohortId, kind: "CANDIDATE", name: "Mine", rows: [] }],
    ["motionOpen", { slateId: both, expectedVersion: 1, rationale: "Mine", idempotencyKey: "open-conflict" }],
  ] as const) {
    expect(codes(await step(program, recused, mutation, input)), mutation).toEqual([["RECUSED", undefined]]);
    await expect(step(program, member, mutation, input), mutation).rejects.toThrow("FORBIDDEN");
    await expect(step(program, someone("Slate Stranger"), mutation, input), mutation).rejects.toThrow(
      mutation === "slateCreate" ? "FORBIDDEN" : "NOT_FOUND",
    );
  }
  expect((await seen(chair, both))!.version).toBe(1);
});

test("everything in the table fits together", async () => {
  expect(await checkInvariants(program)).toEqual([]);
});
