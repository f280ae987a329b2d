import * as crypto from "node:crypto";
import { expect, test, vi } from "vitest";
import type { Caller } from "../infra/local/caller.ts";
import { globalId, parseGlobalId } from "../schema/shared/id.ts";
import { isSecretOf, newSecret } from "../schema/shared/secret.ts";
import { checkInvariants } from "./support/invariants.ts";
import { startFaultProxy, type FaultProxy } from "./support/fault-proxy.ts";
import { someone, startProgram, STAFF } from "./support/program.ts";
import { sendRaw } from "./support/raw.ts";
import { idOf, IN_WINDOW, publishedCohort, serviceToken, step, submitted } from "./support/steps.ts";
import { readTable } from "./support/stored.ts";

vi.mock("node:crypto", async (original) => {
  const real = await original<typeof crypto>();
  return { ...real, timingSafeEqual: vi.fn<typeof real.timingSafeEqual>(real.timingSafeEqual) };
});

let proxy!: FaultProxy;
const program = await startProgram({
  at: IN_WINDOW,
  beforeTable: async (endpoint) => {
    proxy = await startFaultProxy(endpoint, 17);
    return proxy.endpoint;
  },
});
const cohortId = await publishedCohort(program);
const applicationId = await submitted(program, someone("Token Applicant"), cohortId);

const COHORTS = "{ cohorts { nodes { name } } }";
const SHOWN = { data: { cohorts: { nodes: [{ name: "Cohort 2027" }] } } };
const OPERATIONS = ["cohorts", "cohort"];
const make = (terms: Partial<Parameters<typeof serviceToken>[1]> = {}) =>
  serviceToken(program, { name: "Board", role: "COMMITTEE", operations: OPERATIONS, ...terms });
const bearer = (token: string): Caller => ({ name: "", email: "", token });

interface Listed {
  id: string;
  name: string;
  role: string;
  operations: string[];
  createdAt: string;
  expiresAt: string;
  revokedAt: string | null;
  lastUsedOn: string | null;
  history: { nodes: { type: string; why: string | null; actor: { name: string } | null }[] };
}

async function listed(id: string): Promise<Listed> {
  const { serviceTokens } = await program.ask<{ serviceTokens: { nodes: Listed[] } }>(
    STAFF,
    `{ serviceTokens(first: 100) { nodes { id name role operations createdAt expiresAt revokedAt lastUsedOn
      history { nodes { type why actor { name } } } } } }`,
  );
  return serviceTokens.nodes.find((token) => token.id === id)!;
}

async function codesOf(caller: Caller, query: string, variables?: Record<string, unknown>) {
  const { errors = [] } = await program.send(caller, query, variables);
  return errors.map(({ extensions, path }) => [extensions?.["code"], path]);
}

test("a token is shown once, and what is kept of it is its hash alone", async () => {
  const { id, caller } = await make({ name: "Shown once" });
  expect(caller.token).toMatch(/^svc_[0-9A-Z]{26}\.[\w-]{43}$/);
  expect(caller.token.startsWith(`${parseGlobalId(id)!.id}.`)).toBe(true);
  expect(await program.send(caller, COHORTS)).toEqual(SHOWN);
  const secret = caller.token.split(".")[1]!;
  const { items } = await readTable(program);
  expect(items.filter((item) => JSON.stringify(item).includes(secret))).toEqual([]);
  expect(await listed(id)).toEqual({
    id,
    name: "Shown once",
    role: "COMMITTEE",
    operations: OPERATIONS,
    createdAt: expect.stringContaining("2026-09-01T16:0") as string,
    expiresAt: expect.stringContaining("2026-10-01T16:0") as string,
    revokedAt: null,
    lastUsedOn: "2026-09-01",
    history: { nodes: [{ type: "ServiceTokenCreated", why: null, actor: { name: "Staff Test" } }] },
  });
});

test("it gets what its role gets through the queries it names, under any name, and nothing else", async () => {
  const { caller } = await make();
  const staff = await make({ role: "STAFF" });
  const names = "query($id: ID!) { cohort(id: $id) { applications { nodes { applicant { name } } } } }";
  const answered = { cohort: { applications: { nodes: [{ applicant: { name: "Token Applicant" } }] } } };
  expect(await program.send(staff.caller, names, { id: cohortId })).toEqual({ data: answered });
  // Nobody assigns applications to a token: it reads none as the committee.
  expect(await program.send(caller, names, { id: cohortId })).toEqual({
    data: { cohort: { applications: { nodes: [] } } },
  });
  const draft = "query($id: ID!) { cohort(id: $id) { unsubmittedApplications { nodes { id } } } }";
  expect(await codesOf(caller, draft, { id: cohortId })).toEqual([
    ["FORBIDDEN", ["cohort", "unsubmittedApplications"]],
  ]);
  expect(await codesOf(caller, "{ viewer { roles } }")).toEqual([["FORBIDDEN", ["viewer"]]]);
  expect(await codesOf(caller, "{ cohorts: viewer { roles } }")).toEqual([["FORBIDDEN", ["cohorts"]]]);
  const hidden = "query($id: ID!) { ...F } fragment F on Query { ... { cohort: node(id: $id) { id } } }";
  expect(await codesOf(caller, hidden, { id: applicationId })).toEqual([["FORBIDDEN", ["cohort"]]]);
  const many = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
  expect(await codesOf(caller, many, { ids: [applicationId] })).toEqual([["FORBIDDEN", ["nodes"]]]);
  expect(
    await program.send(
      caller,
      `{ __typename other: cohorts { nodes { name } } ...F } fragment F on Query { __typename }`,
    ),
  ).toEqual({
    data: { __typename: "Query", other: SHOWN.data.cohorts },
  });
  expect(await program.send(caller, "{ __schema { queryType { name } } }")).toEqual({
    data: { __schema: { queryType: { name: "Query" } } },
  });
});

test("what is not named is refused before the table is asked for more than the token and who created it", async () => {
  const { caller } = await make();
  await program.ask(caller, COHORTS);
  proxy.reset();
  await program.send(caller, "query($id: ID!) { node(id: $id) { id } }", { id: applicationId });
  expect(proxy.requests().map(({ operation }) => operation)).toEqual(["GetItem", "GetItem"]);
});

test("a named node is seen as the role sees it", async () => {
  const operations = ["node", "viewer"];
  const [committee, staff] = [await make({ operations }), await make({ operations, role: "STAFF" })];
  const query = "query($id: ID!) { node(id: $id) { id } }";
  const personId = await idOf(program, someone("Token Applicant"));
  for (const id of [applicationId, personId]) {
    expect(await program.send(staff.caller, query, { id })).toEqual({ data: { node: { id } } });
    expect(await program.send(committee.caller, query, { id })).toEqual({ data: { node: null } });
  }
});

test("it owns nothing, and stands for nobody", async () => {
  const { id, caller } = await make({ name: "Nobody", operations: ["viewer", "node"] });
  const query = `{ viewer { roles applications { id } certificates { number } messages { nodes { id } }
    person { id name email } } }`;
  const standIn = globalId("Person", parseGlobalId(id)!.id);
  expect(await program.ask(caller, query)).toEqual({
    viewer: {
      roles: ["COMMITTEE"],
      applications: [],
      certificates: [],
      messages: { nodes: [] },
      person: { id: standIn, name: "Nobody", email: "" },
    },
  });
  const node = "query($id: ID!) { node(id: $id) { id } }";
  expect(await program.ask(caller, node, { id: standIn })).toEqual({ node: null });
  expect(await program.ask(STAFF, node, { id: standIn })).toEqual({ node: null });
});

test("it changes nothing, whatever its role could", async () => {
  const { caller } = await make({ role: "STAFF", operations: ["cohort", "viewer", "serviceTokens"] });
  await program.ask(caller, "{ viewer { roles } }");
  const before = (await readTable(program)).items.length;
  const create = `mutation { serviceTokenCreate(input: { name: "Own", role: STAFF, operations: ["cohorts"], days: 366 }) {
    secret } }`;
  expect(await codesOf(caller, create)).toEqual([["FORBIDDEN", ["serviceTokenCreate"]]]);
  const rename = `mutation { viewer: viewerRename(input: { name: "Own" }) { userErrors { code } } }`;
  expect(await codesOf(caller, rename)).toEqual([["FORBIDDEN", ["viewer"]]]);
  expect((await readTable(program)).items).toHaveLength(before);
  const can =
    "query($id: ID!) { cohort(id: $id) { viewerCan { publish { allowed reasons } applyAsMentor { allowed } } } }";
  expect(await program.ask(caller, can, { id: cohortId })).toEqual({
    cohort: {
      viewerCan: {
        publish: { allowed: false, reasons: ["A service token only asks."] },
        applyAsMentor: { allowed: false },
      },
    },
  });
});

test("whatever is wrong with a token, the answer and what it costs are the same", async () => {
  const { caller } = await make();
  const revoked = await make();
  const expired = await make({ days: 1 });
  const input = { serviceTokenId: revoked.id, why: "Lost" };
  expect((await step(program, STAFF, "serviceTokenRevoke", input)).userErrors).toEqual([]);
  program.clock.advance("PT24H");
  const [id = "", secret = ""] = caller.token.split(".");
  const wrong = {
    "another secret": `${id}.${newSecret().text}`,
    "another token's secret": `${id}.${revoked.caller.token.split(".")[1]}`,
    "an unknown id": `svc_00000000000000000000000000.${secret}`,
    "an expired one": expired.caller.token,
    "a revoked one": revoked.caller.token,
    "no secret": `${id}.`,
    "no id": `svc_.${secret}`,
    "a person's id": `svc_${"0".repeat(200)}.${secret}`,
    "something behind it": `${caller.token}.x`,
    "the hash for the secret": `${id}.${(await readTable(program)).find(`SERVICE_TOKEN#${id}`, "SERVICE_TOKEN")!["secretHash"] as string}`,
  };
  for (const [what, token] of Object.entries(wrong)) {
    proxy.reset();
    const answer = await sendRaw(program, { body: JSON.stringify({ query: COHORTS }), caller: bearer(token) });
    expect({ what, status: answer.status, text: answer.text }).toEqual({
      what,
      status: 401,
      text: '{"errors":[{"message":"This sign-in is not valid here.","extensions":{"code":"UNAUTHENTICATED"}}]}\n',
    });
    expect({ what, operations: proxy.requests().map(({ operation }) => operation) }).toEqual({
      what,
      operations: ["GetItem"],
    });
  }
  expect(await program.send(caller, COHORTS)).toEqual(SHOWN);
});

test("it works up to, not including, the instant it expires", async () => {
  const { id, caller } = await make({ days: 366 });
  const { expiresAt } = await listed(id);
  program.clock.moveTo(expiresAt.replace(/T.*/, "T00:00:00.000Z"));
  expect(await program.send(caller, COHORTS)).toEqual(SHOWN);
  program.clock.moveTo(expiresAt);
  expect(await codesOf(caller, COHORTS)).toEqual([["UNAUTHENTICATED", undefined]]);
});

test("the last use is noted once a UTC day, also when it is used at the same moment", async () => {
  const { id, caller } = await make();
  expect((await listed(id)).lastUsedOn).toBeNull();
  const writes = async () => {
    proxy.reset();
    const answers = await Promise.all([1, 2, 3].map(() => program.send(caller, COHORTS)));
    expect(answers).toEqual([SHOWN, SHOWN, SHOWN]);
    await program.send(caller, COHORTS);
    const item = (await readTable(program)).find(`SERVICE_TOKEN#${parseGlobalId(id)!.id}`, "SERVICE_TOKEN")!;
    return [item.version, item["lastUsedOn"]];
  };
  const day = program.clock.now().slice(0, 10);
  expect(await writes()).toEqual([2, day]);
  program.clock.advance("PT24H");
  const next = program.clock.now().slice(0, 10);
  expect(await writes()).toEqual([3, next]);
  proxy.reset();
  expect(await program.send(caller, COHORTS)).toEqual(SHOWN);
  expect(proxy.requests().map(({ operation }) => operation)).toEqual(["GetItem", "GetItem", "Query"]);
});

test("revoking tells why, and cannot be done twice", async () => {
  const { id, caller } = await make();
  const revoke = (why: string) => step<object>(program, STAFF, "serviceTokenRevoke", { serviceTokenId: id, why });
  expect((await revoke(" ")).userErrors.map(({ code, field }) => [code, field])).toEqual([["REQUIRED", ["why"]]]);
  expect(await program.send(caller, COHORTS)).toEqual(SHOWN);
  const before = program.clock.now();
  expect((await revoke("The board moved")).userErrors).toEqual([]);
  expect((await revoke("Again")).userErrors.map(({ code }) => code)).toEqual(["ALREADY_REVOKED"]);
  const { revokedAt, history } = await listed(id);
  expect(revokedAt! >= before && revokedAt! <= program.clock.now()).toBe(true);
  expect(history.nodes.map(({ type, why }) => [type, why])).toEqual([
    ["ServiceTokenRevoked", "The board moved"],
    ["ServiceTokenCreated", null],
  ]);
});

test("a token keeps working when whoever created it is no longer staff", async () => {
  const colleague = someone("Token Colleague");
  const personId = await idOf(program, colleague);
  await step(program, STAFF, "roleGrant", { personId, role: "STAFF", why: "Test" });
  const input = { name: "Board", role: "COMMITTEE", operations: ["cohorts"], days: 30 };
  const { secret } = await step<{ secret: string }>(program, colleague, "serviceTokenCreate", input, "secret");
  await step(program, STAFF, "roleEnd", { personId, role: "STAFF", why: "Test" });
  expect(await program.send(bearer(secret), COHORTS)).toEqual(SHOWN);
});

test("all that is wrong with a token's terms is told at once, and no secret is", async () => {
  const input = { name: "", role: "STAFF", operations: ["cohorts", "serviceTokenCreate", "all"], days: 367 };
  const before = (await readTable(program)).items.length;
  const { userErrors, ...rest } = await step<object>(
    program,
    STAFF,
    "serviceTokenCreate",
    input,
    "secret serviceToken { id }",
  );
  expect(rest).toEqual({ secret: null, serviceToken: null });
  expect(userErrors).toEqual([
    { code: "REQUIRED", field: ["name"], message: "The name is missing: please fill it in." },
    {
      code: "UNKNOWN_OPERATION",
      field: ["operations"],
      message: "There is no query called serviceTokenCreate: please use names from the contract.",
    },
    { code: "OUT_OF_RANGE", field: ["days"], message: "A token lives a whole number of days from 1 to 366." },
  ]);
  const nothing = { ...input, name: "None", operations: [], days: 0 };
  const refused = await step<object>(program, STAFF, "serviceTokenCreate", nothing);
  expect(refused.userErrors.map(({ code }) => code)).toEqual(["REQUIRED", "OUT_OF_RANGE"]);
  expect((await readTable(program)).items).toHaveLength(before);
});

test("a secret is compared by its hash, in a time that tells nothing", () => {
  const { text, hash } = newSecret();
  const other = newSecret();
  vi.mocked(crypto.timingSafeEqual).mockClear();
  expect([text.length, hash.length]).toEqual([43, 43]);
  expect(isSecretOf(text, hash)).toBe(true);
  expect(isSecretOf(other.text, hash)).toBe(false);
  expect(isSecretOf(hash, hash)).toBe(false);
  expect(isSecretOf("", undefined)).toBe(false);
  expect(isSecretOf(text, hash.slice(1))).toBe(false);
  expect(vi.mocked(crypto.timingSafeEqual)).toHaveBeenCalledTimes(4);
});

test("whatever happened to the tokens, everything in the table fits together", async () => {
  expect(await checkInvariants(program)).toEqual([]);
});
