import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { startFaultProxy, type FaultProxy } from "./support/fault-proxy.ts";
import { someone, startProgram, STAFF } from "./support/program.ts";
import { complete, draft, IN_WINDOW, prepare, publishedCohort, release, step, submitted } from "./support/steps.ts";

// Everything that could be logged is; the stack's own quietness would prove nothing.
process.env["POWERTOOLS_LOG_LEVEL"] = "DEBUG";
let written = "";
const capture = (chunk: unknown) => {
  written += String(chunk);
  return true;
};
vi.spyOn(process.stdout, "write").mockImplementation(capture);
vi.spyOn(process.stderr, "write").mockImplementation(capture);

let table: FaultProxy | undefined;
const program = await startProgram({
  at: IN_WINDOW,
  quiet: false,
  beforeTable: async (endpoint) => {
    table = await startFaultProxy(endpoint, 1);
    return table.endpoint;
  },
});
const proxy = table!;
afterAll(() => proxy.stop());

interface Line {
  level: string;
  message: string;
  requestId?: string;
  operationName?: string;
  error?: { name: string; stack: string };
}

const lines = (): Line[] =>
  written
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Line);

beforeEach(() => proxy.reset());

const MASKED = "Something went wrong on our side. Please try again; if it stays, tell us the request id.";

async function post(query: string, { variables = {}, caller = STAFF }: { variables?: object; caller?: typeof STAFF }) {
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (caller) headers["authorization"] = `Bearer ${await program.issuer.sign(caller)}`;
  const body = JSON.stringify({ query, variables });
  const response = await fetch(`${program.url}/graphql`, { method: "POST", headers, body });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

test("a fault of ours leaves as one neutral sentence with a request id, and is logged under it", async () => {
  proxy.inject("Query", { kind: "error", times: 1 });
  const answer = await post("query Faulty { cohorts { nodes { name } } }", { caller: null });
  const requestId = answer.headers.get("x-request-id");
  expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
  const where = { locations: [{ line: 1, column: 16 }], path: ["cohorts"] };
  const code = "INTERNAL_SERVER_ERROR";
  expect(answer.body).toEqual({ data: null, errors: [{ message: MASKED, ...where, extensions: { code, requestId } }] });
  expect(answer.status).toBe(200);
  expect(answer.headers.get("cache-control")).toBe("no-store");
  const logged = lines().filter((line) => line.requestId === requestId);
  expect(logged).toMatchObject([{ level: "ERROR", message: "An operation failed", operationName: "Faulty" }]);
  expect(logged[0]?.error).toMatchObject({
    name: "ValidationException",
    stack: expect.stringContaining("schema/shared/table.ts"),
  });
});

test("a fault while somebody is signed in is answered as an outage, and is logged", async () => {
  await post("{ viewer { roles } }", {});
  proxy.inject("GetItem", { kind: "error", times: 1 });
  const answer = await post("{ viewer { roles } }", {});
  const message = "The program does not answer at the moment: please try again.";
  expect(answer.body).toEqual({ errors: [{ message, extensions: { code: "UNAVAILABLE" } }] });
  expect(answer.status).toBe(503);
  expect(lines().at(-1)).toMatchObject({ level: "ERROR", message: "The request could not be prepared" });
});

test("a table that asks for patience is told as such, with a request id", async () => {
  proxy.inject("Query", { kind: "serverError" });
  const answer = await post("{ cohorts { nodes { name } } }", { caller: null });
  const requestId = answer.headers.get("x-request-id");
  expect(answer.body).toMatchObject({
    errors: [
      {
        message: "The program is very busy or does not answer: please look whether it was done, then try again.",
        extensions: { code: "UNAVAILABLE", requestId },
      },
    ],
  });
});

test("what people are called, wrote and sent is in no log, whatever goes wrong", async () => {
  const candidate = { name: "Zyxw Candidate", email: "zyxw.private@example.org" };
  const mentor = someone("Zyxw Mentor");
  const secrets = [
    "Zyxw",
    "zyxw",
    "zyxw.private@example.org",
    "qwertz-answer",
    "qwertz-rationale",
    "qwertz-organization",
  ];
  const cohortId = await publishedCohort(program, { number: 7 });
  const applicationId = await draft(program, candidate, cohortId);
  const filled = complete(applicationId) as { answers: object[] };
  const answers = [...filled.answers, { questionId: "community", text: "qwertz-answer" }];
  const organization = { name: "qwertz-organization", kind: "DISTRICT" };
  await step(program, candidate, "applicationSave", { ...filled, organization, answers });
  await step(program, candidate, "applicationSubmit", { applicationId });
  await prepare(program, applicationId, { outcome: "ACCEPT", rationale: "qwertz-rationale" });
  program.ses.faults.set("reject", { times: 1 });
  await release(program, cohortId);
  await program.settle();
  program.ses.faults.set("acceptThenDrop", { times: 1 });
  await submitted(program, mentor, cohortId, "MENTOR");
  await program.settle();
  program.ses.faults.clear();
  const tokens = [
    await program.issuer.sign({ ...candidate, expiresInSeconds: -1 }),
    await program.issuer.sign(candidate),
  ];

  const rename = "mutation($input: ViewerRenameInput!) { viewerRename(input: $input) { person { name } } }";
  const variables = { input: { name: "Zyxw Renamed" } };
  const failures: [string, "error" | "conflict" | "throttle" | "serverError"][] = [
    ["TransactWriteItems", "error"],
    ["TransactWriteItems", "conflict"],
    ["TransactWriteItems", "serverError"],
    ["GetItem", "error"],
    ["BatchGetItem", "error"],
  ];
  for (const [operation, kind] of failures) {
    proxy.reset();
    proxy.inject(operation, { kind, times: 20 });
    await post(rename, { variables, caller: candidate });
    await post(`query($email: String!) { personByEmail(email: $email) { email } }`, {
      variables: { email: candidate.email },
    });
    await post(`{ personByEmail(email: "${candidate.email}") { email } }`, {});
    await post(`query($id: ID!) { node(id: $id) { id } }`, { variables: { id: applicationId }, caller: candidate });
  }
  proxy.reset();
  await post(rename, { variables: { input: { name: { first: "Zyxw" } } }, caller: candidate });
  await post(`mutation { viewerRename(input: { name: "Zyxw", age: 3 }) { person { name } } }`, { caller: candidate });
  await post(`{ "Zyxw" }`, { caller: candidate });
  for (const authorization of tokens.flatMap((token) => [`Bearer ${token}`, `Bearer ${token}x`, token])) {
    const headers = { "content-type": "application/json", authorization };
    await fetch(`${program.url}/graphql`, { method: "POST", headers, body: `{"query":"{ viewer { roles } }", "zyxw"` });
  }
  await program.runDue();

  expect(lines().length).toBeGreaterThan(failures.length);
  expect([...secrets, ...tokens].filter((secret) => written.includes(secret))).toEqual([]);
});
