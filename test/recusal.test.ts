import { getNamedType } from "graphql";
import { expect, test, vi } from "vitest";
import { APPLICATION_STATES } from "../schema/application/application.ts";
import { programSchema } from "../schema/index.ts";
import { MESSAGE_STATES } from "../schema/message/message.ts";
import { globalId, parseGlobalId } from "../schema/shared/id.ts";
import { selectionsOf } from "./access/selections.ts";
import type { Caller } from "../infra/local/caller.ts";
import { startFaultProxy, type FaultProxy } from "./support/fault-proxy.ts";
import { checkInvariants } from "./support/invariants.ts";
import { someone, STAFF, startProgram } from "./support/program.ts";
import { assigned, reviewed } from "./support/review.ts";
import { attached } from "./support/uploads.ts";
import {
  accepted,
  committeeMember,
  complete,
  draft,
  idOf,
  IN_WINDOW,
  issue,
  prepare,
  publishedCohort,
  serviceToken,
  slateOf,
  step,
} from "./support/steps.ts";

let proxy!: FaultProxy;
const program = await startProgram({
  at: IN_WINDOW,
  beforeTable: async (endpoint) => {
    proxy = await startFaultProxy(endpoint, 23);
    return proxy.endpoint;
  },
});
const schema = programSchema();
const cohortId = await publishedCohort(program);
const member = await committeeMember(program, someone("Recused Member"));
const colleague = await committeeMember(program, someone("Other Member"));
const clerk = someone("Recused Clerk");
const hired = { personId: await idOf(program, clerk), role: "STAFF", why: "Test" };
await step(program, STAFF, "roleGrant", hired);
const chair = someone("Chair Person");
const elected = { personId: await idOf(program, chair), role: "CHAIR", cohortId, why: "Test" };
await step(program, STAFF, "roleGrant", elected);

const planted = (what: string) => `planted-${what}`;
const applicant = { name: planted("name"), email: `${planted("address")}@example.org` };
const applicationId = await planApplication(applicant);
const others = await Promise.all(
  ["First", "Second", "Third"].map((name) => planApplication(someone(`${name} Applicant`), "plain")),
);
await prepare(program, applicationId, { outcome: "DECLINE", rationale: planted("rationale") }, colleague);
const slateId = await slateOf(program, cohortId, [
  { applicationId, outcome: "DECLINE", rationale: planted("proposal") },
]);
const emptySlateId = await slateOf(program, cohortId, []);
await program.settle();

/** Submits an application with a text of its own in every field. */
async function planApplication(caller: Caller, mark = "planted"): Promise<string> {
  const id = await draft(program, caller, cohortId);
  const filled = complete(id) as { answers: { questionId: string }[] };
  await step(program, caller, "applicationSave", {
    ...filled,
    organization: { name: `${mark}-organization`, kind: "DISTRICT" },
    jobTitle: `${mark}-title`,
    answers: filled.answers.map(({ questionId }) => ({ questionId, text: `${mark}-answer` })),
  });
  await attached(program, caller, { purpose: "RESUME", applicationId: id, name: `${mark}-resume.pdf` });
  await step(program, caller, "applicationSubmit", { applicationId: id });
  await assigned(program, id, await members());
  for (const { caller: reviewer } of await members()) await reviewed(program, reviewer, id, { score: 3 });
  return id;
}

/** Those who review every application, and have no conflict with any before they learn of one. */
async function members() {
  const found = [member, colleague].map(async (caller) => ({ caller, personId: await idOf(program, caller) }));
  return Promise.all(found);
}

interface Shown {
  number: string;
  state: string;
  applicant: { id: string };
}

const { node } = await program.ask<{ node: Shown }>(
  STAFF,
  "query($id: ID!) { node(id: $id) { ... on Application { number state applicant { id } } } }",
  { id: applicationId },
);
const decisionId = globalId("Decision", parseGlobalId(applicationId)!.id);
const sent = await program.ask<{ viewer: { messages: { nodes: { id: string }[] } } }>(
  applicant,
  "{ viewer { messages { nodes { id } } } }",
);
const messageId = sent.viewer.messages.nodes[0]!.id;
const letter = await attached(program, STAFF, { purpose: "LETTER", applicationId, name: "planted-letter.pdf" });
const resume = await program.ask<{ node: { resume: { id: string } } }>(
  STAFF,
  "query($id: ID!) { node(id: $id) { ... on Application { resume { id } } } }",
  { id: applicationId },
);
const fileIds = [letter, resume.node.resume.id];

/** How each query is called so that the application could come out of it. */
const ARGUMENTS: Record<string, readonly string[]> = {
  viewer: [""],
  node: [applicationId, decisionId, node.applicant.id, messageId, cohortId, slateId, ...fileIds].map(
    (id) => `(id: "${id}")`,
  ),
  nodes: [`(ids: ["${applicationId}", "${decisionId}", "${messageId}", "${letter}"])`],
  cohort: [`(id: "${cohortId}")`],
  cohorts: ["(first: 2)"],
  messages: [
    ...MESSAGE_STATES.map((state) => `(state: ${state}, first: 6)`),
    `(applicationId: "${applicationId}", first: 6)`,
    `(personId: "${node.applicant.id}", first: 6)`,
  ],
  mailKinds: [""],
  unreachableAddresses: ["(first: 5)"],
  personByEmail: [`(email: "${applicant.email}")`],
  applicationByNumber: [`(number: "${node.number}")`],
  certificateVerification: ['(number: "CTOM-2027-AAAAAA")'],
  directory: ["(first: 5)"],
  serviceTokens: ["(first: 5)"],
  erasures: ["(state: DONE, first: 5)"],
  nomination: ['(token: "none")'],
  program: [""],
  slateDiff: [`(a: "${slateId}", b: "${emptySlateId}")`],
  teamPropose: [`(cohortId: "${cohortId}")`],
};

/** Every query with everything there is to ask, and the application's own and its lists' fields through `node`. */
function questions(): string[] {
  const fields = Object.values(schema.getQueryType()!.getFields());
  const filtered = APPLICATION_STATES.map(
    (state) => `{ cohort(id: "${cohortId}") { applications(state: ${state}) { nodes { id number stateLabel } } } }`,
  );
  const all = fields.flatMap(({ name, type }) => {
    const of = getNamedType(type).name;
    return (ARGUMENTS[name] ?? []).flatMap((args) => {
      const found = of === "Node" ? kindsIn(args) : [of];
      const parts = found.flatMap((kind) =>
        selectionsOf(schema.getType(kind)!).map((part) => (kind === of ? part : `... on ${kind} { ${part} }`)),
      );
      return parts.map((part) => `{ ${name}${args} { ${part} } }`);
    });
  });
  return [...filtered, ...all];
}

/** Of what kinds the ids are that a query is called with: an id leads to nothing of another kind. */
function kindsIn(args: string): string[] {
  const ids = args.match(/[A-Za-z0-9_-]{24,}/g) ?? [];
  return [...new Set(ids.map((id) => parseGlobalId(id)!.kind))];
}

/** Every text that was answered, also what is inside of ids and cursors. */
async function everythingFor(caller: Caller): Promise<string> {
  const texts: string[] = [];
  for (const query of questions()) {
    const answer = JSON.stringify(await program.send(caller, query));
    expect(answer).not.toMatch(/GRAPHQL_|INTERNAL|TOO_COSTLY/);
    texts.push(answer, ...(answer.match(/"[A-Za-z0-9_-]{24,}"/g) ?? []).map(decoded));
  }
  return texts.join("\n");
}

const decoded = (text: string) => Buffer.from(text.slice(1, -1), "base64url").toString();

const declare = (caller: Caller, input: object) =>
  step<{ application: { id: string } | null }>(program, caller, "recusalDeclare", input, "application { id }");
const lift = (caller: Caller, personId: string, why = "No conflict after all") =>
  step(program, caller, "recusalLift", { applicationId, personId, why });

/** Mutations that take an application's id, or a list in which it is, each as somebody would call it. */
const STEPS: readonly [name: string, input: object, inputType?: string][] = [
  ["applicationReviewStart", { applicationId }, "ApplicationInput"],
  ["decisionPrepare", { applicationId, outcome: "ACCEPT", rationale: "Mine" }],
  ["decisionRetract", { applicationId }],
  ["recusalDeclare", { applicationId, why: "Again" }],
  ["reviewAssign", { applicationId, personIds: [hired.personId] }],
  ["reviewUnassign", { applicationId, personId: hired.personId, why: "Mine" }],
  ["reviewReassign", { applicationId, fromPersonId: hired.personId, toPersonId: hired.personId, why: "Mine" }],
  ["reviewReopen", { applicationId, personId: hired.personId, why: "Mine" }],
  ["reviewConflictDeclare", { applicationId, hasConflict: false }],
  ["reviewSave", { applicationId, recommendation: "DECLINE" }],
  ["reviewSubmit", { applicationId }],
  ["recusalLift", { applicationId, personId: hired.personId, why: "Mine" }],
  ["fileDownload", { fileId: fileIds[0] }, "FileInput"],
  ["fileDownload", { fileId: fileIds[1] }, "FileInput"],
];
const RELEASE = { cohortId, kind: "CANDIDATE", idempotencyKey: "recused-release", dryRun: true };

test("every query of the schema is asked", () => {
  expect(Object.keys(ARGUMENTS).sort()).toEqual(Object.keys(schema.getQueryType()!.getFields()).sort());
});

test("before, a member finds all of it that the committee reads", async () => {
  const text = await everythingFor(member);
  for (const what of ["name", "organization", "title", "answer", "resume", "letter", "rationale", "proposal"])
    expect(text).toContain(planted(what));
  expect(text).not.toContain(planted("address"));
});

test("declaring it asks for a reason, and hides the application from this instant on", async () => {
  const nothing = await declare(member, { applicationId, why: " " });
  expect(nothing.userErrors).toEqual([
    { code: "REQUIRED", field: ["why"], message: "The reason is missing: please fill it in." },
  ]);
  expect(await declare(member, { applicationId, why: planted("why") })).toEqual({ application: null, userErrors: [] });
});

test("others are recused by staff and the chair alone", async () => {
  const of = { applicationId, personId: hired.personId, why: planted("why") };
  const asked = await program.send(
    colleague,
    "mutation($input: RecusalDeclareInput!) { recusalDeclare(input: $input) { application { id } } }",
    { input: of },
  );
  expect(asked.errors?.[0]?.extensions?.["code"]).toBe("FORBIDDEN");
  expect(await declare(chair, of)).toEqual({ application: { id: applicationId }, userErrors: [] });
  expect((await declare(chair, of)).userErrors).toEqual([
    {
      code: "ALREADY_RECUSED",
      field: ["personId"],
      message: "Recused Clerk is recused from this application already.",
    },
  ]);
});

test.each([
  ["a recused member", member],
  ["a recused member of staff", clerk],
])("%s finds nothing of it by any query, in no list, count, cursor, history or mail", async (_who, caller) => {
  const text = await everythingFor(caller);
  // The planted address is staff's to know of a person, whatever they have applied for.
  const known = caller === clerk ? /planted-(?!address|name)/ : /planted-/;
  expect(text).not.toMatch(known);
  expect(text).not.toContain(parseGlobalId(applicationId)!.id);
  expect(text).not.toContain(applicationId);
  // The search would prove nothing if it found nothing.
  expect(text).toContain("plain-answer");
  for (const other of others) expect(text).toContain(other);
  const mails = (await program.ses.mails()).filter(({ to }) => to.includes(caller.email));
  expect(mails).toEqual([]);
});

test.each([
  ["a recused member", member],
  ["a recused member of staff", clerk],
])("for %s it is not there to be acted on, and nothing is released together with it", async (_who, caller) => {
  for (const [name, input, type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`] of STEPS) {
    const query = `mutation($input: ${type}!) { ${name}(input: $input) { userErrors { code } } }`;
    const { errors } = await program.send(caller, query, { input });
    expect(errors?.[0]?.extensions?.["code"], name).toBe("NOT_FOUND");
  }
  const { userErrors, ...release } = await step(
    program,
    caller,
    "decisionRelease",
    RELEASE,
    "rows { outcome } confirmToken",
  );
  expect(release).toEqual({ rows: null, confirmToken: null });
  expect(userErrors.map(({ code }) => code)).toEqual(["RECUSED"]);
});

test("a service token that recused staff create for themselves sees no more than they do, nor their own decision", async () => {
  const { caller: token } = await serviceToken(
    program,
    { name: "By the clerk", role: "STAFF", operations: Object.keys(ARGUMENTS) },
    clerk,
  );
  const text = await everythingFor(token);
  expect(text).not.toMatch(/planted-(?!address|name)/);
  expect(text).toContain("plain-answer");

  const own = await planApplication(clerk, "own");
  others.push(own);
  await prepare(program, own, { outcome: "DECLINE", rationale: "own-rationale" }, colleague);
  const query = "query($id: ID!) { node(id: $id) { ... on Application { number decision { rationale } } } }";
  expect(await program.ask(token, query, { id: own })).toEqual({ node: null });
  expect(await program.ask(clerk, query, { id: own })).toMatchObject({ node: { decision: null } });
  expect(await program.ask(STAFF, query, { id: own })).toMatchObject({
    node: { decision: { rationale: "own-rationale" } },
  });
});

test("a recused member of staff neither erases nor merges the applicant, and learns nothing of it", async () => {
  const erase = { personId: node.applicant.id, why: "Asked", dryRun: true, idempotencyKey: "recused-erase" };
  const preview = await step(program, clerk, "personErase", erase, "rows { details } confirmToken");
  expect(preview).toMatchObject({ rows: null, confirmToken: null });
  expect(preview.userErrors.map(({ code }) => code)).toEqual(["RECUSED"]);
  const merge = { keptId: await idOf(program, colleague), mergedId: node.applicant.id, why: "Same", dryRun: true };
  const effect = await step(program, clerk, "personMerge", merge, "effect { applicationNumbers } confirmToken");
  expect(effect).toMatchObject({ effect: null, confirmToken: null });
  expect(effect.userErrors.map(({ code }) => code)).toEqual(["RECUSED"]);
});

test("who is recused, or has an undecided application of their own, cannot count back from the seats", async () => {
  const query = "query($id: ID!) { cohort(id: $id) { seatsTaken } }";
  const seats = async (caller: Caller) =>
    (await program.ask<{ cohort: { seatsTaken: number | null } }>(caller, query, { id: cohortId })).cohort.seatsTaken;
  const { caller: token } = await serviceToken(
    program,
    { name: "Seats", role: "STAFF", operations: ["cohort"] },
    clerk,
  );
  expect(await Promise.all([seats(member), seats(clerk), seats(token), seats(colleague), seats(STAFF)])).toEqual([
    null,
    null,
    null,
    0,
    0,
  ]);
});

test("mails about the certificate that the application led to are hidden like the certificate", async () => {
  const graduate = someone("Recused Graduate");
  const early = await publishedCohort(program, { number: 2 });
  const led = await accepted(program, graduate, early);
  await declare(STAFF, { applicationId: led, personId: hired.personId, why: "Test" });
  await issue(program, led);
  await program.settle();
  const query = "{ messages(state: DELIVERED, first: 100) { nodes { id template sentTo } } }";
  type Found = { messages: { nodes: { id: string; template: string; sentTo: string }[] } };
  const of = async (caller: Caller) =>
    (await program.ask<Found>(caller, query)).messages.nodes.filter(({ sentTo }) => sentTo === graduate.email);
  const seen = await of(STAFF);
  expect(seen.map(({ template }) => template).sort()).toEqual([
    "application-received",
    "certificate-issued",
    "decision-accepted",
  ]);
  expect(await of(clerk)).toEqual([]);
  for (const { id } of seen) {
    expect(await program.ask(clerk, "query($id: ID!) { node(id: $id) { id } }", { id })).toEqual({ node: null });
  }
});

test("pages of one entry pass over it and lose nobody else", async () => {
  const seen: string[] = [];
  let after: string | null = null;
  do {
    type Page = { nodes: { id: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };
    const { cohort }: { cohort: { applications: Page } } = await program.ask(
      member,
      `query($id: ID!, $after: String) { cohort(id: $id) {
        applications(first: 1, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } } }`,
      { id: cohortId, after },
    );
    expect(cohort.applications.nodes).toHaveLength(1);
    seen.push(cohort.applications.nodes[0]!.id);
    after = cohort.applications.pageInfo.hasNextPage ? cohort.applications.pageInfo.endCursor : null;
  } while (after !== null);
  expect(seen.sort()).toEqual(others.toSorted());
});

test("the others see who is recused and why, the applicant does not", async () => {
  const query = `query($id: ID!) { node(id: $id) { ... on Application { recusals { why person { name } } } } }`;
  const seen = await program.ask<{ node: { recusals: object[] } }>(colleague, query, { id: applicationId });
  expect(seen.node.recusals).toEqual([
    { why: planted("why"), person: { name: "Recused Member" } },
    { why: planted("why"), person: { name: "Recused Clerk" } },
  ]);
  const refused = await program.send(applicant, query, { id: applicationId });
  expect(refused.errors?.[0]?.extensions?.["code"]).toBe("FORBIDDEN");
});

test("nobody recuses an applicant from their own, nor lifts their own recusal", async () => {
  const own = await declare(STAFF, { applicationId, personId: node.applicant.id, why: "Test" });
  expect(own.userErrors.map(({ code }) => code)).toEqual(["OWN_APPLICATION"]);
  const chairId = elected.personId;
  await declare(STAFF, { applicationId: others[0]!, personId: chairId, why: "Test" });
  const query = "mutation($input: RecusalLiftInput!) { recusalLift(input: $input) { userErrors { code } } }";
  const input = { applicationId: others[0]!, personId: chairId, why: "Mine" };
  const { errors } = await program.send(chair, query, { input });
  expect(errors?.[0]?.extensions?.["code"]).toBe("NOT_FOUND");
});

test("lifted by the chair, it is there again", async () => {
  const memberId = await idOf(program, member);
  expect((await lift(chair, memberId)).userErrors).toEqual([]);
  expect((await lift(chair, memberId)).userErrors.map(({ code }) => code)).toEqual(["NOT_RECUSED"]);
  // Nobody has assigned them again: what they were to review is somebody else's by now. Slates are for the whole committee.
  const unassigned = await everythingFor(member);
  expect(unassigned).not.toMatch(/planted-(?!name|proposal)/);
  expect(unassigned).toContain(planted("proposal"));
  await assigned(program, applicationId, (await members()).slice(0, 1));
  // As a reviewer, not what is meant to be decided: that reaches them once their own review is in.
  const toReview = await everythingFor(member);
  expect(["name", "answer", "rationale"].map((what) => toReview.includes(planted(what)))).toEqual([true, true, false]);
  await reviewed(program, member, applicationId, { score: 3 });
  const text = await everythingFor(member);
  expect(["name", "answer", "rationale"].map((what) => text.includes(planted(what)))).toEqual([true, true, true]);
});

test("a member who is recused while they decide decides nothing", async () => {
  const [first = ""] = others;
  const memberId = await idOf(program, member);
  // The member's step is decided and on its way to the table when staff recuse them.
  await program.settle();
  proxy.reset();
  proxy.inject("TransactWriteItems", { kind: "hang", times: 1 });
  const decided = step(program, member, "decisionPrepare", {
    applicationId: first,
    outcome: "ACCEPT",
    rationale: "Mine",
  });
  await vi.waitFor(() => expect(proxy.counts()["TransactWriteItems"]).toBe(1));
  expect((await declare(STAFF, { applicationId: first, personId: memberId, why: "Just learnt" })).userErrors).toEqual(
    [],
  );
  proxy.release();
  expect((await decided).userErrors.map(({ code }) => code)).toEqual(["RECUSED"]);
  const { node: kept } = await program.ask<{ node: { decision: object | null } }>(
    STAFF,
    "query($id: ID!) { node(id: $id) { ... on Application { decision { state } } } }",
    { id: first },
  );
  expect(kept.decision).toBeNull();
  const later = await program.send(
    member,
    "mutation($input: DecisionPrepareInput!) { decisionPrepare(input: $input) { userErrors { code } } }",
    { input: { applicationId: first, outcome: "DECLINE", rationale: "Mine" } },
  );
  expect(later.errors?.[0]?.extensions?.["code"]).toBe("NOT_FOUND");
  expect(await checkInvariants(program)).toEqual([]);
});
