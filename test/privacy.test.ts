import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { NAME_REMOVED } from "../schema/certificate/certificate.ts";
import { parseGlobalId } from "../schema/shared/id.ts";
import type { Message } from "../schema/message/message.ts";
import { writeMessage } from "../schema/message/message.table.ts";
import { later } from "../schema/shared/time.ts";
import { checkInvariants } from "./support/invariants.ts";
import { someone, STAFF, startProgram, type Program } from "./support/program.ts";
import {
  chairPerson,
  complete,
  draft,
  idOf,
  IN_WINDOW,
  issue,
  outbox,
  prepare,
  publishedCohort,
  release,
  step,
  submitted,
  type Certificate,
  type Outcome,
} from "./support/steps.ts";
import { readTable } from "./support/stored.ts";
import { attached } from "./support/uploads.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";
import { tracesOf } from "./support/traces.ts";

const ZOE = { name: "Zoe Firstling", email: "zoe.firstling@example.org" };
const BEA = someone("Bea Bystander");
/** Every name and address Zoe is known by, or was, and what was written by her and about her. */
const PERSONAL = [
  "Firstling",
  "Secondling",
  "Thirdling",
  "Planted Unified",
  "planted title",
  "planted answer",
  "planted reason",
  "planted file",
  "zoe.elsewhere",
];

interface World {
  program: Program;
  mailFolder: string;
  personId: string;
  certificate: Certificate;
  /** Accepted and certified, on the waitlist, accepted, draft. */
  applications: Record<"certified" | "waitlisted" | "accepted" | "draft", string>;
}

function filled(applicationId: string): object {
  return {
    ...complete(applicationId),
    organization: { name: "Planted Unified", kind: "COUNTY_OFFICE" },
    jobTitle: "planted title",
    answers: (complete(applicationId) as { answers: { questionId: string }[] }).answers.map(({ questionId }) => ({
      questionId,
      text: `planted answer about ${questionId}`,
    })),
  };
}

async function apply(program: Program, cohortId: string): Promise<string> {
  const applicationId = await draft(program, ZOE, cohortId);
  await step(program, ZOE, "applicationSave", filled(applicationId));
  await attached(program, ZOE, { purpose: "RESUME", applicationId, name: "planted file.pdf" });
  const { userErrors } = await step(program, ZOE, "applicationSubmit", { applicationId });
  expect(userErrors).toEqual([]);
  return applicationId;
}

/** A program in which one person has left every kind of trace, and another one theirs. */
async function makeWorld(): Promise<World> {
  const folder = temporaryFolder();
  const program = await startProgram({ at: IN_WINDOW, dataDirectory: folder });
  const personId = await idOf(program, ZOE);
  const again = { ...ZOE, subject: "another-account" };
  expect(await idOf(program, again)).toBe(personId);
  await step(program, ZOE, "viewerRename", { name: "Zoe Secondling" });
  await step(program, ZOE, "viewerRename", { name: "Zoe Thirdling" });
  await step(program, STAFF, "roleGrant", { personId, role: "BOARD", why: "planted reason for Zoe Secondling" });
  await chairPerson(program, someone("Cleo Committee"));
  const [one, two, three, four] = [
    await publishedCohort(program),
    await publishedCohort(program, { number: 2 }),
    await publishedCohort(program, { number: 3, seats: 1 }),
    await publishedCohort(program, { number: 4 }),
  ];
  const applications = {
    certified: await apply(program, one),
    waitlisted: await apply(program, two),
    accepted: await apply(program, three),
    draft: await draft(program, ZOE, four),
  };
  await step(program, ZOE, "applicationSave", filled(applications.draft));
  const foreign = await submitted(program, BEA, one);
  await step(program, STAFF, "roleGrant", { personId, role: "CHAIR", why: "planted reason" });
  await step(program, ZOE, "recusalDeclare", { applicationId: foreign, why: "planted reason of Zoe Thirdling" });
  const lifted = await submitted(program, someone("Bo Bystander"), one);
  await step(program, ZOE, "recusalDeclare", { applicationId: lifted, why: "planted reason of Zoe Thirdling" });
  await step(program, STAFF, "recusalLift", { applicationId: lifted, personId, why: "planted reason: Zoe said so" });
  const colleague = await idOf(program, someone("Cleo Colleague"));
  await step(program, STAFF, "roleGrant", { personId: colleague, role: "COMMITTEE", why: "Test" });
  const kept = {
    applicationId: applications.certified,
    personId: colleague,
    why: "planted reason: knows Zoe Firstling",
  };
  await step(program, STAFF, "recusalDeclare", kept);
  await attached(program, ZOE, { purpose: "EVIDENCE", name: "planted file of evidence.pdf" });
  await step(program, ZOE, "viewerEmailAdd", { email: "zoe.elsewhere@example.net", kind: "PERSONAL" });
  const rationale = "planted reason: Zoe Thirdling convinced us";
  const vote = { inFavor: 5, against: 1, abstained: 0 };
  await prepare(program, applications.certified, { outcome: "ACCEPT", rationale, vote }, someone("Cleo Committee"));
  await prepare(program, applications.waitlisted, { outcome: "WAITLIST", rank: 1, rationale });
  await prepare(program, applications.accepted, { outcome: "ACCEPT", rationale });
  await program.settle();
  program.ses.faults.set("reject", { times: 1 });
  await release(program, one);
  await program.settle();
  program.ses.faults.clear();
  for (const cohortId of [two, three]) await release(program, cohortId);
  const [failed] = await outbox(program, "FAILED", ZOE);
  await step(program, STAFF, "messageResend", { messageId: failed!.id, idempotencyKey: "resend-failed" });
  const certificate = await issue(program, applications.certified);
  await program.settle();
  return { program, mailFolder: join(folder, "mail"), personId, certificate, applications };
}

interface Erased {
  erasure: { state: string; verifiedAt: string | null } | null;
  rows: { kind: string; fate: string; count: number; details: string[] }[] | null;
  confirmToken: string | null;
}

const SELECTION = "erasure { state verifiedAt } rows { kind fate count details } confirmToken";
const WHY = "Asked for by telephone";

function eraseWith(program: Program, input: object, caller: Parameters<Program["ask"]>[0] = STAFF) {
  return step<Erased>(program, caller, "personErase", { why: WHY, idempotencyKey: "erase-zoe", ...input }, SELECTION);
}

/** Looks and confirms. */
async function eraseAll(program: Program, personId: string, idempotencyKey = "erase-zoe"): Promise<Outcome<Erased>> {
  const { confirmToken } = await eraseWith(program, { personId, dryRun: true, idempotencyKey });
  return eraseWith(program, { personId, confirmToken, idempotencyKey });
}

async function erasures(program: Program, state: string): Promise<{ requestWhy: string | null; why: string | null }[]> {
  const query = `query($state: ErasureState!) { erasures(state: $state) { nodes {
    requestWhy why requestedAt startedAt verifiedAt person { name } } } }`;
  const found = await program.ask<{ erasures: { nodes: { requestWhy: string | null; why: string | null }[] } }>(
    STAFF,
    query,
    { state },
  );
  return found.erasures.nodes;
}

async function exportFor(program: Program, caller: NonNullable<Parameters<Program["ask"]>[0]>) {
  const { viewer } = await program.ask<{ viewer: { export: string } }>(caller, "{ viewer { export } }");
  return { text: viewer.export, content: JSON.parse(viewer.export) as Record<string, object[]> };
}

/** Lets the functions write so often, and then fail, as if the container had been taken away. */
function breakAfter(program: Program, commits: number): () => void {
  const { table } = program.runtime;
  let left = commits;
  program.runtime.table = {
    ...table,
    commit: async (writes) => {
      if (left-- <= 0) throw new Error("The container is gone");
      return table.commit(writes);
    },
  };
  return () => void (program.runtime.table = table);
}

describe("somebody's own data", () => {
  test("is exported whole, and tells nothing of others", async () => {
    const { program, certificate } = await makeWorld();
    await step(program, ZOE, "viewerErasureRequest", { why: "planted reason of mine" });
    const { text, content } = await exportFor(program, ZOE);
    expect(Object.keys(content)).toEqual([
      "format",
      "exportedAt",
      "person",
      "addressesToConfirm",
      "applications",
      "jointApplications",
      "reviews",
      "files",
      "votes",
      "certificates",
      "teams",
      "messages",
      "history",
    ]);
    expect(content["person"]).toMatchObject({ name: "Zoe Thirdling", addresses: [{ email: ZOE.email }] });
    expect(content["applications"]?.map((one) => (one as { state: string }).state).sort()).toEqual([
      "ACCEPTED",
      "ACCEPTED",
      "DRAFT",
      "WAITLISTED",
    ]);
    expect(content["applications"]).toContainEqual(
      expect.objectContaining({ decision: expect.objectContaining({ outcome: "WAITLIST", rank: 1 }) as object }),
    );
    expect(content["addressesToConfirm"]).toMatchObject([{ email: "zoe.elsewhere@example.net" }]);
    expect(content["files"]?.map((one) => (one as { name: string }).name).sort()).toEqual([
      "planted file of evidence.pdf",
      "planted file.pdf",
      "planted file.pdf",
      "planted file.pdf",
    ]);
    expect(content["certificates"]).toMatchObject([{ number: certificate.number, status: "VALID" }]);
    expect(content["messages"]).toHaveLength(8);
    for (const own of ["Firstling", "Secondling", "Planted Unified", "planted title", "planted answer about finance"]) {
      expect(text).toContain(own);
    }
    const others = [
      await idOf(program, STAFF),
      await idOf(program, BEA),
      await idOf(program, someone("Cleo Committee")),
    ].map((id) => parseGlobalId(id)!.id);
    expect(text).not.toContain("Recus");
    for (const foreign of [...others, "Bystander", "Cleo", "Staff Test", "staff@", "planted reason", "inFavor"]) {
      expect(text).not.toContain(foreign);
    }
  });

  test("counts like many fields, so that nobody asks for it often in one operation", async () => {
    const program = await startProgram({ at: IN_WINDOW });
    const many = Array.from({ length: 10 }, (_, index) => `e${index}: export`).join(" ");
    const { errors } = await program.send(ZOE, `{ viewer { ${many} } }`);
    expect(errors?.map(({ extensions }) => extensions?.["code"])).toEqual(["TOO_COSTLY"]);
  });
});

describe("an erasure", () => {
  test("leaves no name and no address anywhere, and keeps what was a fact", async () => {
    const { program, mailFolder, personId, certificate, applications } = await makeWorld();
    await step(program, ZOE, "viewerErasureRequest", { why: "planted reason of Zoe Thirdling" });
    expect(await erasures(program, "REQUESTED")).toMatchObject([{ requestWhy: "planted reason of Zoe Thirdling" }]);
    expect(await tracesOf(program, PERSONAL, mailFolder)).not.toEqual([]);

    const looked = await eraseWith(program, { personId, dryRun: true });
    expect(looked.userErrors).toEqual([]);
    expect(looked.rows?.map(({ kind, fate, count }) => `${kind} ${fate} ${count}`)).toEqual([
      "NAME REMOVED 1",
      "ADDRESS REMOVED 1",
      "ACCOUNT REMOVED 2",
      "ROLE ENDED 2",
      "OPEN_APPLICATION ENDED 3",
      "DRAFT REMOVED 1",
      "SUBMISSION REMOVED 3",
      "RATIONALE REMOVED 3",
      "MESSAGE REMOVED 8",
      "FILE REMOVED 4",
      "LINK REMOVED 1",
      "HISTORY_TEXT REMOVED 10",
      "HOLDER_NAME REMOVED 1",
      "CERTIFICATE KEPT 1",
      "DECISION KEPT 3",
    ]);
    expect(looked.rows?.find(({ kind }) => kind === "CERTIFICATE")?.details).toEqual([
      `${certificate.number} VALID, issued ${certificate.issuedOn}, expires ${certificate.expiresOn}`,
    ]);

    await step(program, ZOE, "viewerRename", { name: "Zoe Fourthling" });
    const stale = await eraseWith(program, { personId, confirmToken: looked.confirmToken });
    expect(stale.userErrors.map(({ code }) => code)).toEqual(["STALE"]);

    const mended = breakAfter(program, 4);
    const { confirmToken } = await eraseWith(program, { personId, dryRun: true });
    await expect(eraseWith(program, { personId, confirmToken })).rejects.toThrow("INTERNAL_SERVER_ERROR");
    mended();
    for (let breaks = 0; breaks < 4; breaks++) {
      const again = breakAfter(program, 5);
      await program.moveClock({ advance: "PT3M" });
      again();
    }
    await program.moveClock({ advance: "PT3M" });
    await program.moveClock({ advance: "PT3M" });
    expect(await erasures(program, "DONE")).toMatchObject([
      { requestWhy: null, why: WHY, verifiedAt: expect.any(String) as string, person: { name: pseudonym(personId) } },
    ]);
    expect(await tracesOf(program, [...PERSONAL, "Fourthling", ZOE.email], mailFolder)).toEqual([]);
    expect(await checkInvariants(program)).toEqual([]);

    const verified = await program.ask(
      null,
      `{ certificateVerification(number: "${certificate.number}") { number holderName status issuedOn expiresOn } }`,
    );
    expect(verified).toEqual({
      certificateVerification: {
        number: certificate.number,
        holderName: NAME_REMOVED,
        status: "VALID",
        issuedOn: certificate.issuedOn,
        expiresOn: certificate.expiresOn,
      },
    });
    await historySurvives(program, personId, applications);

    const fresh = await idOf(program, ZOE);
    expect(fresh).not.toBe(personId);
    const { content } = await exportFor(program, ZOE);
    expect(content).toMatchObject({ applications: [], certificates: [], messages: [] });
    expect(content["history"]).toHaveLength(1);
    expect(await checkInvariants(program)).toEqual([]);

    const repeated = await eraseAll(program, personId, "erase-once-more");
    expect(repeated.rows?.map(({ kind, fate, count }) => `${kind} ${fate} ${count}`)).toEqual([
      "CERTIFICATE KEPT 1",
      "DECISION KEPT 3",
    ]);
    await program.moveClock({ advance: "PT3M" });
    expect(await erasures(program, "DONE")).toHaveLength(1);
    expect(await idOf(program, ZOE)).toBe(fresh);
  });

  test("is for staff, not for themselves, and not for the last of them", async () => {
    const program = await startProgram({ at: IN_WINDOW });
    const personId = await idOf(program, ZOE);
    await expect(eraseWith(program, { personId, dryRun: true }, BEA)).rejects.toThrow("FORBIDDEN");
    const staffId = await idOf(program, STAFF);
    const own = await eraseWith(program, { personId: staffId, dryRun: true });
    expect(own.userErrors.map(({ code }) => code)).toEqual(["OWN_RECORD"]);
    const named = await eraseWith(program, { personId, why: "zoe FIRSTLING asked", dryRun: true });
    expect(named.userErrors.map(({ code }) => code)).toEqual(["NAMES_THE_PERSON"]);
    const unseen = await eraseWith(program, { personId });
    expect(unseen.userErrors.map(({ code }) => code)).toEqual(["CONFIRM_TOKEN_REQUIRED"]);

    const until = "2026-12-01T00:00:00.000Z";
    const input = { personId: await idOf(program, BEA), role: "STAFF", until, why: "Helps out" };
    expect((await step(program, STAFF, "roleGrant", input)).userErrors).toEqual([]);
    const { confirmToken } = await eraseWith(program, { personId: staffId, dryRun: true }, BEA);
    const last = await eraseWith(program, { personId: staffId, confirmToken }, BEA);
    expect(last.userErrors.map(({ code }) => code)).toEqual(["LAST_STAFF"]);
    expect(await checkInvariants(program)).toEqual([]);
  });

  test("takes along what was asked for with a record that was merged, and closes it", async () => {
    const program = await startProgram({ at: IN_WINDOW });
    const double = { name: "Zoe Double", email: "zoe.double@example.org" };
    const ids = { keptId: await idOf(program, ZOE), mergedId: await idOf(program, double), why: "Same person" };
    await step(program, double, "viewerErasureRequest", { why: "planted reason of Zoe Double" });
    type Looked = { confirmToken: string };
    const looked = await step<Looked>(program, STAFF, "personMerge", { ...ids, dryRun: true }, "confirmToken");
    await step(program, STAFF, "personMerge", { ...ids, confirmToken: looked.confirmToken });
    expect(await erasures(program, "REQUESTED")).toMatchObject([{ person: { name: ZOE.name } }]);
    await eraseAll(program, ids.keptId);
    await program.moveClock({ advance: "PT3M" });
    await program.moveClock({ advance: "PT3M" });
    expect(await erasures(program, "REQUESTED")).toEqual([]);
    expect(await erasures(program, "DONE")).toHaveLength(1);
    expect(await tracesOf(program, ["Firstling", "Double", "planted reason"])).toEqual([]);
    expect(await checkInvariants(program)).toEqual([]);
  });

  test("waits for a mail that is on its way, and stops what was not sent yet", async () => {
    const program = await startProgram({ at: IN_WINDOW });
    const cohortId = await publishedCohort(program);
    await program.settle();
    program.ses.faults.set("throttle", { times: 1 });
    await submitted(program, ZOE, cohortId);
    await program.settle();
    const [waiting] = (await readTable(program)).records<Message>("MESSAGE");
    const dueAt = later(program.clock.now(), { minutes: 10 });
    await program.runtime.table.commit(
      writeMessage({ ...waiting!, state: "SENDING", sentTo: ZOE.email, subject: "For Zoe Firstling", dueAt }),
    );

    const personId = await idOf(program, ZOE);
    await eraseAll(program, personId);
    await program.moveClock({ advance: "PT5M" });
    expect(await erasures(program, "RUNNING")).toHaveLength(1);
    await program.moveClock({ advance: "PT6M" });
    await program.moveClock({ advance: "PT3M" });
    await program.moveClock({ advance: "PT3M" });
    expect(await erasures(program, "DONE")).toHaveLength(1);
    expect(program.ses.ledger.map(({ outcome }) => outcome)).toEqual(["refused"]);
    const [erased] = (await readTable(program)).records<Message>("MESSAGE");
    expect(erased).toMatchObject({ state: "CANCELLED", sentTo: null, subject: null, reason: null, facts: {} });
    expect(await tracesOf(program, ["Firstling"])).toEqual([]);
    expect(await checkInvariants(program)).toEqual([]);
  });
});

/** The program's name for somebody who was erased. */
function pseudonym(personId: string): string {
  return `Former participant ${parseGlobalId(personId)!.id.slice(-6)}`;
}

async function historySurvives(program: Program, personId: string, applications: World["applications"]): Promise<void> {
  interface Line {
    type: string;
    why: string | null;
    before: string | null;
    after: string | null;
    actor: { name: string } | null;
  }
  const lines = "history(first: 100) { nodes { type why before after actor { name } } }";
  const query = `query($person: ID!, $application: ID!) {
    person: node(id: $person) { ... on Person { ${lines} } }
    application: node(id: $application) { ... on Application { state submission { organization { name kind } jobTitle answers { text } } ${lines} } } }`;
  const answer = await program.ask<{
    person: { history: { nodes: Line[] } };
    application: { state: string; submission: object; history: { nodes: Line[] } };
  }>(STAFF, query, { person: personId, application: applications.certified });
  const renamed = answer.person.history.nodes.filter(({ type }) => type === "PersonRenamed");
  expect(renamed).toHaveLength(3);
  expect(renamed[0]).toEqual({
    type: "PersonRenamed",
    why: null,
    before: '{"name":"[removed]"}',
    after: '{"name":"[removed]"}',
    actor: { name: pseudonym(personId) },
  });
  expect(answer.person.history.nodes.find(({ type }) => type === "RoleGranted")?.why).toBe("[removed]");
  expect(answer.person.history.nodes.find(({ type }) => type === "PersonErased")).toMatchObject({
    why: WHY,
    actor: { name: "Staff Test" },
  });
  expect(answer.application.history.nodes.map(({ type, actor }) => `${type} ${actor?.name}`)).toEqual([
    "ApplicationContentErased Staff Test",
    "DecisionReleased Staff Test",
    "MemberRecused Staff Test",
    `ApplicationSubmitted ${pseudonym(personId)}`,
    `ApplicationSaved ${pseudonym(personId)}`,
    `ApplicationSaved ${pseudonym(personId)}`,
    `ApplicationStarted ${pseudonym(personId)}`,
  ]);
  expect(answer.application).toMatchObject({
    state: "ACCEPTED",
    submission: {
      organization: { name: "[removed]", kind: "COUNTY_OFFICE" },
      jobTitle: "[removed]",
      answers: [],
    },
  });
}

describe("retention", () => {
  test("removes the content of what came to nothing after its time, and keeps what is counted", async () => {
    const program = await startProgram({ at: IN_WINDOW });
    const cohortId = await publishedCohort(program);
    const [declined, kept, open] = ["Dora Declined", "Kim Kept", "Oda Open"].map(someone);
    const declinedId = await submitted(program, declined!, cohortId);
    const keptId = await submitted(program, kept!, cohortId);
    const openId = await draft(program, open!, cohortId);
    await step(program, open!, "applicationSave", complete(openId));
    await prepare(program, declinedId, { outcome: "DECLINE", rationale: "Not yet" });
    await prepare(program, keptId);
    await release(program, cohortId);
    await step(program, kept!, "offerAccept", { applicationId: keptId, commitsToAllDates: true });
    await program.settle();

    const look = async (id: string) => {
      const query = `query($id: ID!) { node(id: $id) { ... on Application {
        state draft { organization { name kind } jobTitle answers { text } } submission { organization { name kind } }
        decision { outcome rationale } } } }`;
      return (await program.ask<{ node: object }>(STAFF, query, { id })).node;
    };
    const name = "Test Unified School District";
    await program.moveClock({ advance: "P20D" });
    await program.moveClock({ advance: "P709D" });
    expect(await look(declinedId)).toMatchObject({ submission: { organization: { name } } });
    expect(await look(openId)).toMatchObject({ state: "EXPIRED", draft: { organization: { name } } });
    await program.moveClock({ advance: "P22D" });
    const gone = { organization: { name: "[removed]", kind: "DISTRICT" } };
    expect(await look(declinedId)).toEqual({
      state: "DECLINED",
      draft: { ...gone, jobTitle: null, answers: [] },
      submission: gone,
      decision: { outcome: "DECLINE", rationale: "[removed]" },
    });
    expect(await look(openId)).toMatchObject({ state: "EXPIRED", draft: { ...gone, jobTitle: null, answers: [] } });
    expect(await look(keptId)).toMatchObject({ state: "ACCEPTED", submission: { organization: { name } } });
    expect(await tracesOf(program, ["Not yet"])).toEqual([]);
    expect(await checkInvariants(program)).toEqual([]);
  });

  test("leaves alone what was taken up again", async () => {
    const program = await startProgram({ at: IN_WINDOW });
    const cohortId = await publishedCohort(program, { windowCloses: "2029-09-18T17:00" });
    const id = await submitted(program, ZOE, cohortId);
    await step(program, ZOE, "applicationWithdraw", { applicationId: id });
    await draft(program, ZOE, cohortId);
    await program.moveClock({ advance: "P740D" });
    const { content } = await exportFor(program, ZOE);
    expect(content["applications"]).toMatchObject([{ state: "DRAFT", draft: { jobTitle: "Technology coordinator" } }]);
  });
});
