import { readFileSync } from "node:fs";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { DynamoDBStreamEvent } from "aws-lambda";
import { describe, expect, test } from "vitest";
import { parseGlobalId } from "../schema/shared/id.ts";
import type { Caller } from "../infra/local/caller.ts";
import type { LocalSesEvent } from "../infra/local/ses.ts";
import type { Item } from "../schema/shared/keys.ts";
import { abreast } from "./support/abreast.ts";
import { crowd } from "./support/crowd.ts";
import { startFaultProxy } from "./support/fault-proxy.ts";
import type { FaultProxy } from "./support/fault-proxy.ts";
import { someone, startProgram, STAFF } from "./support/program.ts";
import {
  complete,
  draft,
  idOf,
  IN_WINDOW,
  lateCode,
  prepare,
  publishedCohort,
  release as releaseAll,
  step,
  submitted,
} from "./support/steps.ts";
import { attached, contentOf, sendForm, startUpload } from "./support/uploads.ts";
import { readTable } from "./support/stored.ts";

let proxy!: FaultProxy;
const program = await startProgram({
  at: IN_WINDOW,
  beforeTable: async (endpoint) => {
    proxy = await startFaultProxy(endpoint, 41);
    return proxy.endpoint;
  },
});
// The stream's handlers are called by hand below, so that nothing else asks the table while requests are counted.
await program.stream.stop();
program.ses.faults.set("loseEvent", { share: 1 });

type Counts = Record<string, number>;

/** How many requests of each kind the work makes; a query of an index is a kind of its own. */
async function counted(work: () => Promise<unknown>): Promise<Counts> {
  proxy.reset();
  await work();
  const counts: Counts = {};
  for (const { operation, indexName } of proxy.requests()) {
    const name = indexName === undefined ? operation : `${operation} ${indexName}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** Requests of a call by somebody who has signed in before: account and person come first. */
function signedIn({ GetItem: more = 0, ...others }: Counts = {}): Counts {
  return { GetItem: 2 + more, ...others };
}

async function done(answer: Promise<{ userErrors: readonly { message: string }[] }>): Promise<void> {
  expect((await answer).userErrors).toEqual([]);
}

/** A cohort with 20 candidates and 10 mentors; 12 candidates accepted and 3 of them certified, 2 on the waitlist. */
async function seededCohort() {
  const cohortId = await publishedCohort(program, { number: 1 });
  const candidates: string[] = [];
  for (let number = 1; number <= 20; number++) {
    candidates.push(await submitted(program, someone(`Board Candidate ${number}`), cohortId));
  }
  const mentors: string[] = [];
  for (let number = 1; number <= 10; number++) {
    mentors.push(await submitted(program, someone(`Board Mentor ${number}`), cohortId, "MENTOR"));
  }
  for (const id of candidates.slice(0, 12)) await prepare(program, id);
  for (const [index, id] of candidates.slice(12, 14).entries()) {
    await prepare(program, id, { outcome: "WAITLIST", rank: index + 1 });
  }
  await prepare(program, mentors[0]!, { outcome: "DECLINE" });
  const release = await releasing(cohortId);
  const releaseOf14 = await counted(() => release());
  const certificates: string[] = [];
  for (const id of candidates.slice(0, 3)) {
    const { certificate } = await step<{ certificate: { number: string } }>(
      program,
      STAFF,
      "certificateIssue",
      { applicationId: id, idempotencyKey: `issue-${id.slice(-40)}` },
      "certificate { number }",
    );
    certificates.push(certificate.number);
  }
  return { cohortId, candidates, mentors, certificates, releaseOf14 };
}

/** A cohort of three applications with a résumé each. */
async function cohortWithResumes(): Promise<string> {
  const id = await publishedCohort(program, { number: 4 });
  for (const number of [1, 2, 3]) {
    const person = someone(`Resume Candidate ${number}`);
    const applicationId = await draft(program, person, id);
    await attached(program, person, { applicationId });
    await done(step(program, person, "applicationSave", complete(applicationId)));
    await done(step(program, person, "applicationSubmit", { applicationId }));
  }
  return id;
}

/** Looks at what is prepared; the answer confirms it. */
async function releasing(cohortId: string): Promise<() => Promise<void>> {
  const input = { cohortId, kind: "CANDIDATE", idempotencyKey: `release-${cohortId}` };
  const looked = await step<{ confirmToken: string }>(
    program,
    STAFF,
    "decisionRelease",
    { ...input, dryRun: true },
    "confirmToken",
  );
  return () => done(step(program, STAFF, "decisionRelease", { ...input, confirmToken: looked.confirmToken }));
}

/** A cohort of three candidates and two mentors, all accepted. */
async function cohortToMatch(): Promise<string> {
  const id = await publishedCohort(program, { number: 5 });
  for (const [kind, many] of [
    ["CANDIDATE", 3],
    ["MENTOR", 2],
  ] as const) {
    for (let number = 1; number <= many; number++) {
      await prepare(program, await submitted(program, someone(`Match ${kind} ${number}`), id, kind));
    }
    await releaseAll(program, id, kind);
  }
  return id;
}

const { cohortId, candidates, mentors, certificates, releaseOf14 } = await seededCohort();
const toMatch = await cohortToMatch();
const withResumes = await cohortWithResumes();
await lateCode(program, cohortId);
const OWNER = someone("Board Candidate 1");
const APPLICATION = candidates[0]!;

describe("queries", () => {
  interface Pattern {
    by: Caller;
    query: string;
    variables?: Record<string, unknown>;
    takes: Counts;
  }

  const PATTERNS: Record<string, Pattern> = {
    "nobody's viewer": { by: null, query: "{ viewer { roles } }", takes: {} },
    "the viewer": { by: OWNER, query: "{ viewer { person { id name email } roles } }", takes: signedIn() },
    "the viewer with everything of theirs": {
      by: OWNER,
      query: `{ viewer {
        applications { number cohort { name } decision { outcome } certificate { number } viewerCan { withdraw { allowed } } }
        certificates { number }
        messages { nodes { subject } }
      } }`,
      takes: signedIn({ "Query byWho": 3, BatchGetItem: 1 }),
    },
    "what the public may know": {
      by: null,
      query: `{ program { phase cohort { name } openCohort { name } nextCohort { name } tuition { cents } facts { label value }
        faq { question answer } dates { label at local zone } candidateQuestions { prompt } mentorQuestions { prompt } } }`,
      takes: { "Query byList": 1 },
    },
    "late codes": {
      by: STAFF,
      query: "query($id: ID!) { cohort(id: $id) { lateCodes { nodes { mostUses uses } } } }",
      takes: signedIn({ BatchGetItem: 2, "Query byList": 1 }),
    },
    "a cohort": {
      by: null,
      query: "query($id: ID!) { cohort(id: $id) { name seats window { closes } } }",
      takes: { BatchGetItem: 1 },
    },
    cohorts: { by: null, query: "{ cohorts { nodes { name } } }", takes: { "Query byList": 1 } },
    "draft cohorts": {
      by: STAFF,
      query: "{ cohorts(state: DRAFT) { nodes { name } } }",
      takes: signedIn({ "Query byList": 1 }),
    },
    "what one may do with a cohort": {
      by: OWNER,
      query:
        "query($id: ID!) { cohort(id: $id) { viewerCan { applyAsCandidate { allowed } applyAsMentor { allowed } } } }",
      takes: signedIn({ BatchGetItem: 2 }),
    },
    "a list of applications": {
      by: STAFF,
      query: `query($id: ID!) { cohort(id: $id) { applications(state: ACCEPTED) { nodes {
        number applicant { name } decision { outcome } } } } }`,
      takes: signedIn({ BatchGetItem: 2, "Query byList": 1 }),
    },
    "a list of applications with their résumés": {
      by: STAFF,
      query: "query($id: ID!) { cohort(id: $id) { applications { nodes { number resume { name } } } } }",
      variables: { id: withResumes },
      takes: signedIn({ BatchGetItem: 2, "Query byList": 1 }),
    },
    evidence: {
      by: OWNER,
      query: "{ viewer { evidence { nodes { name viewerCan { remove { allowed } } } } } }",
      takes: signedIn({ "Query byWho": 1 }),
    },
    drafts: {
      by: STAFF,
      query: "query($id: ID!) { cohort(id: $id) { unsubmittedApplications { nodes { number } } } }",
      takes: signedIn({ BatchGetItem: 1, "Query byList": 1 }),
    },
    "an application by its number": {
      by: OWNER,
      query: `{ applicationByNumber(number: "APP-2027-0001") { state draft { jobTitle } submission { jobTitle } } }`,
      takes: signedIn({ GetItem: 1, BatchGetItem: 2 }),
    },
    "a number that is none": { by: OWNER, query: `{ applicationByNumber(number: "1") { state } }`, takes: signedIn() },
    "a certificate's verification": {
      by: null,
      query: "query($number: String!) { certificateVerification(number: $number) { status } }",
      variables: { number: certificates[0] },
      takes: { BatchGetItem: 1 },
    },
    "a person by address": {
      by: STAFF,
      query: `{ personByEmail(email: "board.candidate.1@example.org") { name } }`,
      takes: signedIn({ GetItem: 2 }),
    },
    "a node": {
      by: OWNER,
      query: "query($id: ID!) { node(id: $id) { id ... on Application { state } } }",
      variables: { id: APPLICATION },
      takes: signedIn({ BatchGetItem: 1 }),
    },
    "100 nodes": {
      by: STAFF,
      query: "query($ids: [ID!]!) { nodes(ids: $ids) { id } }",
      variables: { ids: Array.from({ length: 100 }, (_, index) => [...candidates, ...mentors][index % 30]) },
      takes: signedIn({ BatchGetItem: 1 }),
    },
    "a node that is none": { by: OWNER, query: `{ node(id: "nothing") { id } }`, takes: signedIn() },
    "a history with who did it": {
      by: STAFF,
      query: "query($id: ID!) { node(id: $id) { ... on Application { history { nodes { type actor { name } } } } } }",
      variables: { id: APPLICATION },
      takes: signedIn({ BatchGetItem: 2, Query: 1 }),
    },
    "mails of a state": {
      by: STAFF,
      query: "{ messages(state: FAILED) { nodes { subject recipient { name } } } }",
      takes: signedIn({ "Query byList": 1 }),
    },
  };

  test.each(Object.entries(PATTERNS))("%s", async (_, { by, query, variables, takes }) => {
    await idOf(program, by ?? STAFF);
    expect(await counted(() => program.ask(by, query, variables ?? { id: cohortId }))).toEqual(takes);
  });
});

test("the board of a cohort with 30 applications is one operation of nine requests at most", async () => {
  const board = readFileSync(new URL("dashboards/cohort-board.graphql", import.meta.url), "utf8");
  interface Rows {
    nodes: {
      number: string;
      applicant: { name: string };
      decision: { outcome: string } | null;
      certificate: object | null;
    }[];
    pageInfo: { hasNextPage: boolean };
  }
  interface Board {
    cohort: {
      seats: number;
      seatsTaken: number;
      candidates: Rows;
      mentors: Rows;
      certificates: { nodes: { number: string }[] };
    };
  }
  let answer!: Board;
  const counts = await counted(async () => {
    // Lists that come back together share a request for their rows; here each comes at a time of its own.
    for (const milliseconds of [0, 60, 120]) proxy.inject("Query", { kind: "late", times: 1, milliseconds });
    answer = await program.ask<Board>(STAFF, board, { cohortId });
  });
  expect(counts).toEqual(signedIn({ BatchGetItem: 4, "Query byList": 3 }));
  const keys = proxy.requests().flatMap(({ keys: asked }) => asked ?? []);
  expect(keys.sort((a, b) => a - b)).toEqual([1, 2, 20, 43]);

  const { seats, seatsTaken, candidates: asCandidates, mentors: asMentors, certificates: issued } = answer.cohort;
  expect([seats, seatsTaken]).toEqual([20, 12]);
  const outcomes = (rows: Rows) => Object.groupBy(rows.nodes, ({ decision }) => decision?.outcome ?? "OPEN");
  const sizes = (rows: Rows) =>
    Object.fromEntries(Object.entries(outcomes(rows)).map(([name, of]) => [name, of?.length]));
  expect(sizes(asCandidates)).toEqual({ ACCEPT: 12, WAITLIST: 2, OPEN: 6 });
  expect(sizes(asMentors)).toEqual({ DECLINE: 1, OPEN: 9 });
  expect([asCandidates.pageInfo.hasNextPage, asMentors.pageInfo.hasNextPage]).toEqual([false, false]);
  const names = [...asCandidates.nodes, ...asMentors.nodes].map(({ applicant }) => applicant.name);
  expect(new Set(names).size).toBe(30);
  expect(issued.nodes.map(({ number }) => number).sort()).toEqual(certificates.toSorted());
  expect(asCandidates.nodes.filter(({ certificate }) => certificate !== null)).toHaveLength(3);
});

test("the match board takes the plan in two requests, the applications in two, who applies together and the people in one each", async () => {
  const document = readFileSync(new URL("dashboards/match-board.graphql", import.meta.url), "utf8");
  interface Board {
    cohort: {
      matchBoard: {
        candidates: { application: { applicant: { name: string } }; team: null; options: { score: number }[] }[];
        mentors: { capacity: number; taken: number; spare: number }[];
        needingAttention: object[];
      };
    };
  }
  let answer!: Board;
  const counts = await counted(async () => {
    answer = await program.ask<Board>(STAFF, document, { cohortId: toMatch });
  });
  expect(counts).toEqual(signedIn({ BatchGetItem: 3, Query: 2, "Query byList": 2 }));
  const { candidates: unmatched, mentors: free, needingAttention } = answer.cohort.matchBoard;
  // A district each, of one name: the kind speaks for every pair, and the one employer against it.
  expect(unmatched.map(({ options }) => options.map(({ score }) => score))).toEqual([
    [-10, -10],
    [-10, -10],
    [-10, -10],
  ]);
  expect(new Set(unmatched.map(({ application }) => application.applicant.name)).size).toBe(3);
  expect(free).toMatchObject(Array.from({ length: 2 }, () => ({ capacity: 1, taken: 0, spare: 1 })));
  expect(needingAttention).toEqual([]);
});

describe("signing in", () => {
  const viewer = "{ viewer { person { id } } }";

  test("for the first time, and from then on", async () => {
    const newcomer = someone("Counted Newcomer");
    expect(await counted(() => program.ask(newcomer, viewer))).toEqual({ GetItem: 3, TransactWriteItems: 1 });
    expect(await counted(() => program.ask(newcomer, viewer))).toEqual(signedIn());
  });

  test("with another account of the same address", async () => {
    const account = { ...OWNER, subject: "another-account" };
    expect(await counted(() => program.ask(account, viewer))).toEqual({ GetItem: 4, TransactWriteItems: 1 });
    expect(await counted(() => program.ask(account, viewer))).toEqual(signedIn());
  });

  test("with a token that is not valid asks nothing", async () => {
    const headers = { authorization: "Bearer a.b.c", "content-type": "application/json" };
    const ask = () =>
      fetch(`${program.url}/graphql`, { method: "POST", headers, body: JSON.stringify({ query: viewer }) });
    expect(await counted(ask)).toEqual({});
  });
});

describe("mutations", () => {
  test("of a cohort", async () => {
    const window = { windowOpens: "2026-08-01T08:00", windowCloses: "2026-09-18T17:00" };
    const place = { year: 2027, name: "Counted", region: "North", zone: "America/Los_Angeles" };
    let created!: { cohort: { id: string } };
    const create = async () => {
      created = await step(program, STAFF, "cohortCreate", { number: 2, ...place, ...window }, "cohort { id }");
    };
    expect(await counted(create)).toEqual(signedIn({ TransactWriteItems: 1 }));
    const id = created.cohort.id;
    const change = () => done(step(program, STAFF, "cohortChange", { cohortId: id, expectedVersion: 1, seats: 5 }));
    expect(await counted(change)).toEqual(signedIn({ GetItem: 1, TransactWriteItems: 1 }));
    const clone = () => done(step(program, STAFF, "cohortClone", { cohortId: id, number: 9, name: "Next" }));
    expect(await counted(clone)).toEqual(signedIn({ BatchGetItem: 1, TransactWriteItems: 1 }));
    const publish = () => done(step(program, STAFF, "cohortPublish", { cohortId: id, expectedVersion: 2 }));
    expect(await counted(publish)).toEqual(signedIn({ GetItem: 1, TransactWriteItems: 1 }));
    const late = () => step(program, STAFF, "cohortPublish", { cohortId: id, expectedVersion: 2 });
    expect(await counted(late)).toEqual(signedIn({ GetItem: 1 }));
  });

  test("of a person", async () => {
    const person = someone("Counted Person");
    const personId = await idOf(program, person);
    const once = signedIn({ GetItem: 1, TransactWriteItems: 1 });
    expect(await counted(() => done(step(program, person, "viewerRename", { name: "Counted Anew" })))).toEqual(once);
    const role = { personId, role: "COMMITTEE", why: "Test" };
    expect(await counted(() => done(step(program, STAFF, "roleGrant", role)))).toEqual(once);
    expect(await counted(() => done(step(program, STAFF, "roleEnd", role)))).toEqual(once);
    const label = () => done(step(program, person, "viewerEmailLabel", { email: person.email, kind: "PERSONAL" }));
    expect(await counted(label)).toEqual(once);
    expect(await counted(label)).toEqual(signedIn({ GetItem: 1 }));
    const prefer = () => done(step(program, person, "viewerEmailPrefer", { email: person.email }));
    expect(await counted(prefer)).toEqual(signedIn({ GetItem: 1 }));
  });

  test("of an address", async () => {
    const person = someone("Counted Mover");
    await idOf(program, person);
    const add = () =>
      done(step(program, person, "viewerEmailAdd", { email: "counted.mover@example.net", kind: "WORK" }));
    expect(await counted(add)).toEqual(signedIn({ GetItem: 2, TransactWriteItems: 1 }));
    // Once more, with the earlier link to take back.
    expect(await counted(add)).toEqual(signedIn({ GetItem: 2, BatchGetItem: 1, TransactWriteItems: 1 }));
    const confirm = (token: string) => step(program, null, "emailConfirm", { token });
    expect(await counted(() => confirm("no token at all"))).toEqual({});
    expect(await counted(() => confirm(`lnk_${"0".repeat(26)}.${"x".repeat(43)}`))).toEqual({ GetItem: 1 });
  });

  test("of an application", async () => {
    const person = someone("Counted Applicant");
    await idOf(program, person);
    const start = () => draft(program, person, cohortId);
    expect(await counted(start)).toEqual(signedIn({ BatchGetItem: 2, UpdateItem: 1, TransactWriteItems: 1 }));
    expect(await counted(start)).toEqual(signedIn({ BatchGetItem: 2 }));
    const applicationId = await start();
    const change = signedIn({ BatchGetItem: 2, GetItem: 1, TransactWriteItems: 1 });
    const refused = signedIn({ BatchGetItem: 2, GetItem: 1 });
    expect(await counted(() => step(program, person, "applicationSubmit", { applicationId }))).toEqual(refused);
    expect(await counted(() => done(step(program, person, "applicationSave", complete(applicationId))))).toEqual(
      change,
    );
    expect(await counted(() => done(step(program, person, "applicationSubmit", { applicationId })))).toEqual(change);
    expect(await counted(() => step(program, person, "applicationSubmit", { applicationId }))).toEqual(refused);
    expect(await counted(() => done(step(program, STAFF, "applicationReviewStart", { applicationId })))).toEqual(
      change,
    );
    const withdraw = () => done(step(program, person, "applicationWithdraw", { applicationId }));
    // One for the cohort whose seat may become free, before everything is read as it is now; one for whoever applies together.
    expect(await counted(withdraw)).toEqual(signedIn({ BatchGetItem: 2, GetItem: 2, TransactWriteItems: 1 }));
  });

  test("of a file, and what follows when it is removed", async () => {
    const person = someone("Counted Uploader");
    const applicationId = await draft(program, person, cohortId);
    let fileId = "";
    const start = async () => {
      const { file, upload } = await startUpload(program, person, { applicationId });
      await sendForm(upload!, contentOf());
      fileId = file!.id;
    };
    const change = (name: string) => () => done(step(program, person, name, { fileId }));
    const started = signedIn({ BatchGetItem: 1, GetItem: 1, TransactWriteItems: 1 });
    const read = { BatchGetItem: 2, TransactWriteItems: 1 };
    expect(await counted(start)).toEqual(started);
    expect(await counted(change("fileAttach"))).toEqual(signedIn({ ...read, GetItem: 2 }));
    expect(await counted(change("fileDownload"))).toEqual(signedIn({ ...read, GetItem: 1 }));
    await start();
    expect(await counted(change("fileAttach"))).toEqual(signedIn({ ...read, GetItem: 3 }));
    expect(await counted(change("fileRemove"))).toEqual(signedIn({ ...read, GetItem: 2 }));
    const due = () => program.handlers.due({});
    expect(await counted(due)).toEqual({ "Query byDue": 4, GetItem: 2 * 2, TransactWriteItems: 2 });
    await done(step(program, person, "applicationWithdraw", { applicationId }));
  });

  test("of decisions: a release of n takes two requests for each and seven around them", async () => {
    const id = await publishedCohort(program, { number: 3 });
    const applicationId = await submitted(program, someone("Counted Decided"), id);
    const preparing = () => done(prepare(program, applicationId));
    expect(await counted(preparing)).toEqual(signedIn({ BatchGetItem: 2, TransactWriteItems: 1 }));
    let release!: () => Promise<void>;
    const look = async () => {
      release = await releasing(id);
    };
    expect(await counted(look)).toEqual(signedIn({ BatchGetItem: 2, "Query byList": 1 }));
    const ofN = (n: number) =>
      signedIn({ BatchGetItem: 2 + n, GetItem: 2, "Query byList": 1, TransactWriteItems: 2 + n });
    expect(await counted(release)).toEqual(ofN(1));
    expect(releaseOf14).toEqual(ofN(14));
  });

  test("of a certificate, and the same call again", async () => {
    const input = { applicationId: candidates[3], idempotencyKey: "counted-issue" };
    const issue = () => done(step(program, STAFF, "certificateIssue", input, "certificate { number }"));
    expect(await counted(issue)).toEqual(signedIn({ BatchGetItem: 3, GetItem: 1, TransactWriteItems: 1 }));
    expect(await counted(issue)).toEqual(signedIn({ BatchGetItem: 3, GetItem: 2 }));
  });
});

describe("what follows", () => {
  const ofItem = (item: Item): DynamoDBStreamEvent => {
    const NewImage = marshall(item) as NonNullable<DynamoDBStreamEvent["Records"][number]["dynamodb"]>["NewImage"];
    return { Records: [{ eventName: "INSERT", dynamodb: { NewImage, SequenceNumber: "1" } }] };
  };
  const itemsOf = async (entity: string, of: (item: Item) => boolean) =>
    (await readTable(program)).items.filter((item) => item.entity === entity && of(item));
  const succeeded = { batchItemFailures: [] };

  test("an event without a mail asks nothing, one with a mail takes one request, again too", async () => {
    const [saved] = await itemsOf("EVENT", ({ type }) => type === "ApplicationSaved");
    const [submittedEvent] = await itemsOf("EVENT", ({ type }) => type === "ApplicationSubmitted");
    const handle = async (item: Item) => expect(await program.handlers.events(ofItem(item))).toEqual(succeeded);
    expect(await counted(() => handle(saved!))).toEqual({});
    expect(await counted(() => handle(submittedEvent!))).toEqual({ TransactWriteItems: 1 });
    expect(await counted(() => handle(submittedEvent!))).toEqual({ TransactWriteItems: 1 });
  });

  test("a mail takes nine requests, its record again one, and its reports three", async () => {
    const [message] = await itemsOf("MESSAGE", () => true);
    const handle = async () => expect(await program.handlers.mail(ofItem(message!))).toEqual(succeeded);
    // Who is first in the lane, before and afterwards; the message, what it is about, for whom, and whether its kind is held.
    expect(await counted(handle)).toEqual({ Query: 2, GetItem: 4, BatchGetItem: 1, TransactWriteItems: 2 });
    expect(await counted(handle)).toEqual({ Query: 1 });
    expect((await program.ses.mails()).map(({ outboxId }) => outboxId)).toEqual([message!["id"]]);

    const { messageId = "", outboxId = "" } = program.ses.ledger[0]!;
    const report = async (eventType: "Send" | "Delivery") => {
      const detail = { eventType, mail: { messageId, tags: { "outbox-id": [outboxId] } } };
      await program.handlers.feedback({ detail } as unknown as LocalSesEvent);
    };
    expect(await counted(() => report("Send"))).toEqual({ GetItem: 1 });
    expect(await counted(() => report("Delivery"))).toEqual({ GetItem: 1, TransactWriteItems: 1 });
  });

  test("a mail that carries a link takes eight requests besides the lane's, and one more when an answer is lost", async () => {
    const before = (await program.ses.mails()).length;
    const added = await itemsOf("EVENT", ({ type }) => type === "EmailAdded");
    expect(added).toHaveLength(2);
    for (const event of added) await program.handlers.events(ofItem(event));
    const [first, second] = await itemsOf("MESSAGE", ({ template }) => template === "address-confirm");
    const handle = async (item: Item) => expect(await program.handlers.mail(ofItem(item))).toEqual(succeeded);
    const withLostAnswer = () => {
      proxy.inject("TransactWriteItems", { kind: "commitThenDrop", times: 1 });
      return handle(first!);
    };
    // The first, of the link that was taken back, is cancelled, its answer lost; the second goes out behind it in the same lane.
    expect(await counted(withLostAnswer)).toEqual({ Query: 3, GetItem: 5 + 5, TransactWriteItems: 2 + 2 });
    expect(await counted(() => handle(second!))).toEqual({ Query: 1 });

    const mails = (await program.ses.mails()).slice(before);
    expect(mails.map(({ to }) => to)).toEqual([["counted.mover@example.net"]]);
    const [, token] = /#(\S+)/.exec(mails[0]!.text!)!;
    const confirm = () => done(step(program, null, "emailConfirm", { token }));
    expect(await counted(confirm)).toEqual({ GetItem: 3, TransactWriteItems: 1 });
  });

  test("what is due: one request a shard, and for each draft, reminder and message its own", async () => {
    const due = async () => expect((await program.handlers.due({})).more).toBe(false);
    const shards = { "Query byDue": 4 };
    expect(await counted(due)).toEqual(shards);

    // Alone in a cohort that closes later than all others, so that nothing else is due at its moments.
    const lasting = await publishedCohort(program, { number: 90, windowCloses: "2026-10-20T17:00" });
    const expiring = await draft(program, someone("Counted Expired"), lasting);
    const drainedAt = async (instant: string) => {
      program.clock.moveTo(instant);
      for (let round = 0; round < 4; round++) await due();
    };
    await drainedAt("2026-10-20T23:00:00.000Z");
    program.clock.moveTo("2026-10-21T01:00:00.000Z");
    expect(await counted(due)).toEqual({ ...shards, GetItem: 3, TransactWriteItems: 1 });
    expect(await counted(due)).toEqual(shards);

    // Nobody heard the doorbell of this message.
    const local = parseGlobalId(expiring)!.id;
    const [expired] = await itemsOf(
      "EVENT",
      ({ type, about }) => type === "ApplicationExpired" && (about as { id: string }).id === local,
    );
    await program.handlers.events(ofItem(expired!));
    program.clock.advance("PT6M");
    expect(await counted(due)).toEqual({ ...shards, GetItem: 1, TransactWriteItems: 1 });

    // Kept for two years from then on, with its histories and whatever slates, motions and reversals say of it.
    await drainedAt("2028-10-20T00:30:00.000Z");
    program.clock.moveTo("2028-10-20T01:30:00.000Z");
    expect(await counted(due)).toEqual({
      ...shards,
      GetItem: 3,
      Query: 4,
      "Query byList": 3,
      BatchGetItem: 1,
      TransactWriteItems: 2,
    });

    await drainedAt("2029-03-01T00:00:00.000Z");
    program.clock.moveTo("2029-03-20T00:00:00.000Z");
    // Four certificates, and the message once more.
    expect(await counted(due)).toEqual({ ...shards, GetItem: 4 * 2 + 1, TransactWriteItems: 4 + 1 });
    expect(await counted(due)).toEqual(shards);
  });
});

describe("the committee's table", () => {
  const table = readFileSync(new URL("dashboards/committee-table.graphql", import.meta.url), "utf8");
  const chair = someone("Table Chair");
  const SIZE = 100;
  // By now it is 2029.
  const OPEN = { windowOpens: "2029-01-01T08:00", windowCloses: "2029-12-01T17:00" };

  test("of 100 applications with their reviews is one operation of five requests", async () => {
    program.clock.moveTo("2029-03-21T00:00:00.000Z");
    const id = await publishedCohort(program, { number: 6, ...OPEN });
    const reviewers = ["Table One", "Table Two", "Table Three"].map(someone);
    const personIds = await Promise.all(reviewers.map((caller) => idOf(program, caller)));
    for (const personId of personIds) {
      await done(step(program, STAFF, "roleGrant", { personId, role: "COMMITTEE", cohortId: id, why: "Test" }));
    }
    const chairId = await idOf(program, chair);
    await done(step(program, STAFF, "roleGrant", { personId: chairId, role: "CHAIR", cohortId: id, why: "Test" }));
    const applied = await crowd(program, id, { size: SIZE, name: "Table" });
    await abreast(applied, 10, ({ applicationId }) =>
      done(step(program, STAFF, "reviewAssign", { applicationId, personIds })),
    );
    interface Row {
      applicant: { name: string };
      organization: { name: string };
      review: { needed: number; count: number; reviewers: { person: { name: string } }[] };
    }
    let answer!: { cohort: { applications: { nodes: Row[]; pageInfo: { hasNextPage: boolean } } } };
    const ask = async () => {
      answer = await program.ask(chair, table, { cohortId: id, kind: "CANDIDATE" });
    };
    // The cohort, the list, and everybody who applied or reviews: more than a hundred people are two requests.
    expect(await counted(ask)).toEqual(signedIn({ BatchGetItem: 3, "Query byList": 1 }));
    const { nodes, pageInfo } = answer.cohort.applications;
    expect([nodes.length, pageInfo.hasNextPage]).toEqual([SIZE, false]);
    expect(new Set(nodes.map(({ applicant }) => applicant.name)).size).toBe(SIZE);
    expect(
      nodes.every(({ review }) => review.needed === 3 && review.count === 0 && review.reviewers.length === 3),
    ).toBe(true);
    const overview = "query($id: ID!) { cohort(id: $id) { reviewOverview { applications tooFew { number } } } }";
    const asked = () => program.ask(STAFF, overview, { id });
    // One for each hundred applications, and one more when the last hundred is full.
    expect(await counted(asked)).toEqual(signedIn({ BatchGetItem: 1, "Query byList": 2 }));
    // Whoever is to review few of many makes no request for each of the others.
    const some = "query($id: ID!) { cohort(id: $id) { applications(first: 5) { nodes { number } } } }";
    const lone = someone("Table Lone");
    const personId = await idOf(program, lone);
    await done(step(program, STAFF, "roleGrant", { personId, role: "COMMITTEE", cohortId: id, why: "Test" }));
    await done(
      step(program, STAFF, "reviewAssign", { applicationId: applied[0]!.applicationId, personIds: [personId] }),
    );
    expect(await counted(() => program.ask(lone, some, { id }))).toEqual(
      signedIn({ BatchGetItem: 1, "Query byList": 2 }),
    );
  }, 300_000);
});
