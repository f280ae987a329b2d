import { getIntrospectionQuery } from "graphql";
import { expect, test } from "vitest";
import { graphqlHandler } from "../functions/graphql/handler.ts";
import type { GraphqlAnswer } from "../infra/local/caller.ts";
import { gatewayEvent, lambdaContext } from "../infra/local/http-event.ts";
import { startProgram, STAFF } from "./support/program.ts";
import { sendRaw, type Raw } from "./support/raw.ts";
import { IN_WINDOW } from "./support/steps.ts";

const SITE = "https://www.example.org";
const program = await startProgram({ at: IN_WINDOW, allowedOrigins: [SITE, "https://other.example.org"] });
const json = (query: string) => JSON.stringify({ query });

const SECURITY = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "strict-transport-security": "max-age=63072000; includeSubDomains",
  "x-content-type-options": "nosniff",
};

const ANSWERS: readonly { what: string; raw: Raw; status: number }[] = [
  { what: "an answer", raw: { body: json("{ viewer { roles } }") }, status: 200 },
  { what: "an answer to a person", raw: { body: json("{ viewer { roles } }"), caller: STAFF }, status: 200 },
  { what: "a malformed document", raw: { body: json("{") }, status: 400 },
  { what: "a body that is no JSON", raw: { body: "{" }, status: 400 },
  { what: "a request of another site", raw: { headers: { "content-type": "text/plain" }, body: "{}" }, status: 400 },
  { what: "a method that is none", raw: { method: "PUT", body: json("{ __typename }") }, status: 405 },
  {
    what: "a token that is none",
    raw: { headers: { authorization: "Basic x", "content-type": "application/json" }, body: json("{ __typename }") },
    status: 401,
  },
  { what: "too much", raw: { body: " ".repeat(256 * 1024 + 1) }, status: 413 },
];

test.each(ANSWERS)("$what tells browsers to do nothing with it", async ({ raw, status }) => {
  const answer = await sendRaw(program, raw);
  expect(answer.status).toBe(status);
  expect(answer.headers).toMatchObject(SECURITY);
});

/** Data and errors alone. */
function answerIn(body = ""): GraphqlAnswer {
  const { extensions: _, ...answer } = JSON.parse(body) as GraphqlAnswer & { extensions?: object };
  return answer;
}

/** The function with other settings than the laptop's. */
function functionWith(settings: object) {
  const handler = graphqlHandler({ ...program.runtime, settings: { ...program.runtime.settings, ...settings } });
  return async (query: string) => {
    const headers = { host: "localhost", "content-type": "application/json" };
    const body = Buffer.from(json(query));
    const request = { method: "POST", path: "/graphql", query: "", headers, cookies: [], body, sourceIp: "192.0.2.1" };
    const result = await handler(gatewayEvent(request, program.clock.now()), lambdaContext());
    return { ...result, body: answerIn(result.body) };
  };
}

test("a person too many and a fault of ours tell browsers the same", async () => {
  const limited = functionWith({ rates: { address: 1 } });
  expect((await limited("{ __typename }")).statusCode).toBe(200);
  const { statusCode, headers } = await limited("{ __typename }");
  expect(statusCode).toBe(429);
  expect(headers).toMatchObject({ ...SECURITY, "retry-after": expect.stringMatching(/^[1-9]\d?$/) as string });
  const handler = graphqlHandler(program.runtime);
  const broken = await handler({} as Parameters<typeof handler>[0], lambdaContext());
  expect(broken.statusCode).toBe(500);
  expect(broken.headers).toMatchObject(SECURITY);
});

const OFF = "The contract is not answered here: please read schema.graphql instead of asking for it.";

test.each([
  { what: "by the query of common tools", query: getIntrospectionQuery() },
  { what: "in part", query: "{ __schema { queryType { name } } }" },
  { what: "by type", query: '{ __type(name: "Person") { name } }' },
  {
    what: "in a fragment under another name",
    query: "{ ...F } fragment F on Query { a: __schema { types { name } } }",
  },
  { what: "where it is left out", query: '{ ... @include(if: false) { __type(name: "Person") { name } } }' },
])("where introspection is off the contract is not answered $what", async ({ query }) => {
  const { statusCode, body } = await functionWith({ isIntrospectionOn: false })(query);
  expect(statusCode).toBe(400);
  expect(new Set(body.errors?.map(({ message }) => message))).toEqual(new Set([OFF]));
});

test("where introspection is off types still say their names, and errors tell none", async () => {
  const closed = functionWith({ isIntrospectionOn: false });
  expect((await closed("{ __typename viewer { __typename } }")).body).toEqual({
    data: { __typename: "Query", viewer: null },
  });
  const misspelled = "{ viewr { roles } }";
  expect((await closed(misspelled)).body.errors?.[0]?.message).toBe('Cannot query field "viewr" on type "Query".');
  const open = functionWith({ isIntrospectionOn: true });
  expect((await open(misspelled)).body.errors?.[0]?.message).toBe(
    'Cannot query field "viewr" on type "Query". Did you mean "viewer"?',
  );
  expect((await open("{ __schema { queryType { name } } }")).body).toEqual({
    data: { __schema: { queryType: { name: "Query" } } },
  });
});

/** Asks the laptop's front as a page of an origin would have a browser ask. */
async function fromOrigin(origin: string, init: RequestInit) {
  const answer = await fetch(`${program.url}/graphql`, { ...init, headers: { ...init.headers, origin } });
  const cors = [...answer.headers].filter(([name]) => name.startsWith("access-control-") || name === "vary");
  return { status: answer.status, cors: Object.fromEntries(cors) as Record<string, string>, text: await answer.text() };
}

test("a browser that asks beforehand is answered by the front, as API Gateway does", async () => {
  const headers = { "access-control-request-method": "POST", "access-control-request-headers": "authorization" };
  expect(await fromOrigin(SITE, { method: "OPTIONS", headers })).toEqual({
    status: 204,
    cors: {
      "access-control-allow-origin": SITE,
      "access-control-allow-methods": "GET,POST,OPTIONS",
      "access-control-allow-headers": "authorization,content-type,apollo-require-preflight,x-apollo-operation-name",
      "access-control-expose-headers": "x-request-id,retry-after",
      "access-control-max-age": "3600",
      vary: "Origin",
    },
    text: "",
  });
  for (const foreign of ["https://elsewhere.example.org", "null", `${SITE}.evil.org`, "http://www.example.org"]) {
    expect(await fromOrigin(foreign, { method: "OPTIONS", headers })).toEqual({ status: 204, cors: {}, text: "" });
  }
});

test("an answer may be read by pages of the origins that are configured, and by no others", async () => {
  const init = { method: "POST", headers: { "content-type": "application/json" }, body: json("{ __typename }") };
  const text = '{"data":{"__typename":"Query"},"extensions":{"cost":{"fields":1,"most":50000}}}\n';
  expect(await fromOrigin(SITE, init)).toEqual({
    status: 200,
    cors: {
      "access-control-allow-origin": SITE,
      "access-control-expose-headers": "x-request-id,retry-after",
      vary: "Origin",
    },
    text,
  });
  expect(await fromOrigin("https://elsewhere.example.org", init)).toEqual({ status: 200, cors: {}, text });
});
