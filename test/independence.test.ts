import { expect, test } from "vitest";
import type { Caller } from "../infra/local/caller.ts";
import { ownReviewOpen } from "../schema/decision/terms.ts";
import { checkInvariants } from "./support/invariants.ts";
import { someone, STAFF, startProgram } from "./support/program.ts";
import { assigned, reviewed } from "./support/review.ts";
import {
  chairOf,
  committeeMember,
  idOf,
  IN_WINDOW,
  prepare,
  publishedCohort,
  serviceToken,
  slateOf,
  step,
  submitted,
  type ProposedRow,
} from "./support/steps.ts";

const program = await startProgram({ at: IN_WINDOW });
const cohortId = await publishedCohort(program);

const [reviewing, other] = [
  await submitted(program, someone("Reviewed Applicant"), cohortId),
  await submitted(program, someone("Other Applicant"), cohortId),
];
const member = await committeeMember(program, someone("Reviewing Member"));
const chair = await chairOf(program, cohortId, someone("Reviewing Chair"));
const colleague = await committeeMember(program, someone("Other Member"));

/** A sentence for each place where the committee says something of the application, so that it is found wherever it comes out. */
const SECRETS = {
  decision: "Secret of the decision.",
  row: "Secret of the slate's row.",
  motion: "Secret of the motion.",
  alone: "Secret of the motion about it alone.",
};

/** Puts a slate to the vote, with a common reason; answers the motion's id. */
async function opened(id: string, rationale: string): Promise<string> {
  const input = { slateId: id, expectedVersion: 1, rationale, idempotencyKey: `open-${id}` };
  return (await step<{ motion: { id: string } }>(program, STAFF, "motionOpen", input, "motion { id }")).motion.id;
}

const rows: ProposedRow[] = [
  { applicationId: reviewing, outcome: "WAITLIST", rank: 1, rationale: SECRETS.row },
  { applicationId: other, outcome: "WAITLIST", rank: 2, rationale: "Of the other." },
];
const slateId = await slateOf(program, cohortId, rows, { name: "Both" });
const aloneSlateId = await slateOf(program, cohortId, [rows[0]!], { name: "One alone" });
const motionId = await opened(slateId, SECRETS.motion);
const aloneId = await opened(aloneSlateId, SECRETS.alone);
await prepare(program, reviewing, { outcome: "ACCEPT", rationale: SECRETS.decision });
await prepare(program, other, { outcome: "ACCEPT", rationale: "Of the other." });

const decisionNode = (
  await program.ask<{ node: { decision: { id: string } } }>(
    STAFF,
    "query($id: ID!) { node(id: $id) { ... on Application { decision { id } } } }",
    { id: reviewing },
  )
).node.decision.id;

const ROWS = "rows { applicationId applicantName outcome rank rationale }";

/** Everything that a member of the committee can ask and that could speak of what is meant to be decided. */
const ALL = `query($cohort: ID!, $reviewing: ID!, $decision: ID!, $slate: ID!, $alone: ID!, $motion: ID!, $aloneMotion: ID!) {
  cohort(id: $cohort) { seatsTaken
    applications { nodes { id decision { outcome rationale } } }
    slates { nodes { name ${ROWS} } }
    motions { nodes { name rationale ${ROWS} history { nodes { type after why } } } }
    minutes { text motions { name ${ROWS} } } }
  application: node(id: $reviewing) { ... on Application { decision { state outcome rationale history { nodes { type why after } } }
    review { count mean } } }
  decision: node(id: $decision) { id }
  slate: node(id: $slate) { ... on Slate { ${ROWS} analysis { outcomes { waitlist } seats { left } waitlist { applicationId } } } }
  alone: node(id: $alone) { id }
  motion: node(id: $motion) { ... on Motion { rationale ${ROWS} } }
  aloneMotion: node(id: $aloneMotion) { id }
  slateDiff(a: $slate, b: $alone) { applicationId }
}`;

interface Seen {
  cohort: {
    seatsTaken: number | null;
    applications: { nodes: { id: string; decision: object | null }[] };
    slates: { nodes: { name: string; rows: { applicationId: string }[] }[] };
    motions: { nodes: { name: string; rationale: string | null }[] };
    minutes: { motions: { name: string; rows: object[] }[] };
  };
  application: { decision: object | null; review: { count: number | null } };
  decision: object | null;
  slate: { rows: { applicationId: string; rank: number | null }[]; analysis: object };
  alone: object | null;
  motion: { rationale: string | null; rows: object[] };
  aloneMotion: object | null;
  slateDiff: object[] | null;
}

const VARIABLES = {
  cohort: cohortId,
  reviewing,
  decision: decisionNode,
  slate: slateId,
  alone: aloneSlateId,
  motion: motionId,
  aloneMotion: aloneId,
};

/** What somebody sees, and which of the secrets stand in it anywhere. */
async function seenBy(caller: Caller) {
  const seen = await program.ask<Seen>(caller, ALL, VARIABLES);
  const text = JSON.stringify(seen);
  const secrets = Object.entries(SECRETS).filter(([, words]) => text.includes(words));
  return { seen, secrets: secrets.map(([name]) => name) };
}

const refusedWith = async (caller: Caller, name: string, input: object) =>
  (await step(program, caller, name, input)).userErrors.map(({ code }) => code);

const prepareAs = (caller: Caller, applicationId: string) =>
  refusedWith(caller, "decisionPrepare", { applicationId, outcome: "DECLINE", rationale: "Mine." });
const lookAtRelease = (caller: Caller) =>
  refusedWith(caller, "decisionRelease", { cohortId, kind: "CANDIDATE", idempotencyKey: "independent", dryRun: true });

test("before anybody is asked to review it, the committee sees what is meant to be decided", async () => {
  expect((await seenBy(chair)).secrets).toEqual(["decision", "row", "motion", "alone"]);
});

test("whoever is to review it, in the chair too, finds nothing of it anywhere until their own review is in", async () => {
  const people = [
    { caller: member, personId: await idOf(program, member) },
    { caller: chair, personId: await idOf(program, chair) },
  ];
  await assigned(program, reviewing, people);
  for (const { caller } of people) {
    const { seen, secrets } = await seenBy(caller);
    expect(secrets).toEqual([]);
    expect(seen).toMatchObject({
      cohort: {
        seatsTaken: null,
        slates: { nodes: [{ name: "Both", rows: [{ applicationId: other }] }] },
        motions: { nodes: [{ name: "Both", rationale: null, rows: [{ applicationId: other }] }] },
        minutes: { motions: [{ name: "Both", rows: [{ applicationId: other }] }] },
      },
      application: { decision: null, review: { count: null } },
      decision: null,
      slate: {
        rows: [{ applicationId: other, rank: 1 }],
        analysis: { outcomes: { waitlist: 1 }, seats: null, waitlist: null },
      },
      alone: null,
      motion: { rationale: null, rows: [{ applicationId: other }] },
      aloneMotion: null,
      slateDiff: null,
    });
  }
  // The chair still sees the decision on the other one, and that they are to review the first.
  const { seen } = await seenBy(chair);
  const decisions = new Map(seen.cohort.applications.nodes.map(({ id, decision }) => [id, decision]));
  expect(decisions.get(other)).toEqual({ outcome: "ACCEPT", rationale: "Of the other." });
  expect(decisions.get(reviewing)).toBe(null);
});

test("they decide nothing about it either, and are told why; about others they do", async () => {
  expect(await prepareAs(chair, reviewing)).toEqual(["OWN_REVIEW_OPEN"]);
  expect(await refusedWith(chair, "decisionRetract", { applicationId: reviewing })).toEqual(["OWN_REVIEW_OPEN"]);
  expect(await lookAtRelease(chair)).toEqual(["OWN_REVIEW_OPEN"]);
  expect(await refusedWith(chair, "slateCreate", { cohortId, kind: "CANDIDATE", name: "Mine", rows: [] })).toEqual([
    "OWN_REVIEW_OPEN",
  ]);
  expect(await refusedWith(chair, "slateSave", { slateId, expectedVersion: 1, name: "Mine" })).toEqual([
    "OWN_REVIEW_OPEN",
  ]);
  expect(await refusedWith(chair, "motionWithdraw", { motionId, why: "Mine." })).toEqual(["OWN_REVIEW_OPEN"]);
  expect(await prepareAs(chair, other)).toEqual([]);
  const can = "query($id: ID!) { node(id: $id) { ... on Application { viewerCan { decide { allowed reasons } } } } }";
  const { node } = await program.ask<{ node: object }>(chair, can, { id: reviewing });
  expect(node).toEqual({ viewerCan: { decide: { allowed: false, reasons: [ownReviewOpen.message] } } });
});

test("their vote does not count for it; once the review is in they may vote anew", async () => {
  const vote = (caller: Caller) => step(program, caller, "motionVote", { motionId, choice: "FOR" });
  expect(await Promise.all([vote(member), vote(colleague)])).toEqual([{ userErrors: [] }, { userErrors: [] }]);
  const counted = async () => {
    const looked = await step<{ rows: { applicationId: string; vote: { inFavor: number } }[] }>(
      program,
      STAFF,
      "motionClose",
      { motionId, dryRun: true, idempotencyKey: "independent-count" },
      "rows { applicationId vote { inFavor } }",
    );
    return new Map(looked.rows.map((row) => [row.applicationId, row.vote.inFavor]));
  };
  expect(await counted()).toEqual(
    new Map([
      [reviewing, 1],
      [other, 2],
    ]),
  );
  await reviewed(program, member, reviewing, { score: 3 });
  expect((await seenBy(member)).secrets).toEqual(["decision", "row", "motion", "alone"]);
  await vote(member);
  expect((await counted()).get(reviewing)).toBe(2);
});

test("a service token of somebody who is to review it tells no more than they may know", async () => {
  const staff = someone("Staff In The Chair");
  const personId = await idOf(program, staff);
  for (const role of ["STAFF", "COMMITTEE"]) {
    await step(program, STAFF, "roleGrant", { personId, role, why: "Elected." });
  }
  await assigned(program, reviewing, [{ caller: staff, personId }]);
  const terms = { name: "Board", role: "COMMITTEE", operations: ["cohort", "node", "slateDiff"] } as const;
  const { caller: token } = await serviceToken(program, terms, staff);
  const ask = async () => {
    const answer = await program.send(token, ALL, VARIABLES);
    return { data: answer.data as Seen | null, text: JSON.stringify(answer.data) };
  };
  const before = await ask();
  expect(before.text).not.toContain("Secret");
  expect(before.data?.cohort.slates.nodes.map(({ name }) => name)).toEqual(["Both"]);
  await step(program, STAFF, "reviewUnassign", { applicationId: reviewing, personId, why: "Taken off." });
  expect((await ask()).text).toContain(SECRETS.row);
});

test("whoever is taken off sees it again, and decides", async () => {
  const personId = await idOf(program, chair);
  await step(program, STAFF, "reviewUnassign", { applicationId: reviewing, personId, why: "Decides instead." });
  expect((await seenBy(chair)).secrets).toEqual(["decision", "row", "motion", "alone"]);
  expect(await lookAtRelease(chair)).toEqual([]);
  expect(await prepareAs(chair, reviewing)).toEqual([]);
});

test("the records agree with each other afterwards", async () => {
  expect(await checkInvariants(program)).toEqual([]);
});
