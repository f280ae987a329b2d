import * as fc from "fast-check";
import { getIntrospectionQuery } from "graphql";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { COSTLY, many } from "./bad-input/documents.ts";
import { FLOODS } from "./bad-input/floods.ts";
import { MUTATION, PREFLIGHT, QUERY, REQUESTS } from "./bad-input/requests.ts";
import { startFaultProxy, type FaultProxy } from "./support/fault-proxy.ts";
import { startProgram, STAFF } from "./support/program.ts";
import { faultOf, INSIDES, sendRaw } from "./support/raw.ts";
import { IN_WINDOW, publishedCohort } from "./support/steps.ts";

let proxy: FaultProxy | undefined;
const program = await startProgram({
  at: IN_WINDOW,
  beforeTable: async (endpoint) => {
    proxy = await startFaultProxy(endpoint, 1);
    return proxy.endpoint;
  },
});
const table = proxy!;
afterAll(() => table.stop());
const cohortId = await publishedCohort(program);
beforeEach(() => table.reset());

const json = (value: unknown) => JSON.stringify(value);

describe("what is no request of this API", () => {
  test.each(REQUESTS)("$what is refused before the table is asked", async ({ raw, status, code }) => {
    const answer = await sendRaw(program, raw);
    expect({ status: answer.status, code: faultOf(answer).code }).toEqual({ status, code });
    expect(answer.text).not.toMatch(INSIDES);
    expect(table.requests()).toEqual([]);
  });
});

describe("what is made to keep the function busy", () => {
  test.each(FLOODS)("$what is refused before the table is asked", async ({ body, status, code }) => {
    const answer = await sendRaw(program, { body, caller: STAFF });
    expect({ status: answer.status, code: faultOf(answer).code }).toEqual({ status, code });
    expect(answer.text).not.toMatch(INSIDES);
    expect(answer.text.length).toBeLessThan(16_384);
    // Whoever asks is known by then, and nothing else is.
    expect(table.requests().map(({ operation }) => operation)).toEqual(status === 413 ? [] : ["GetItem", "GetItem"]);
  });
});

describe("what would cost too much", () => {
  test.each(COSTLY)("$what is refused before the table is asked", async ({ query, code, message, variables = {} }) => {
    const answer = await sendRaw(program, { body: json({ query, variables }) });
    expect({ status: answer.status, ...faultOf(answer) }).toEqual({ status: 400, code, message });
    expect(answer.text.length).toBeLessThan(50_000);
    expect(table.requests()).toEqual([]);
  });

  test.each([
    { what: "100,000 directives", body: json({ query: `{ viewer ${many(100_000, () => "@include")} { roles } }` }) },
    { what: "variables", body: json({ query: QUERY, variables: { text: "x".repeat(262_144) } }) },
    {
      what: "variables with fewer letters than bytes",
      body: json({ query: QUERY, variables: { text: "€".repeat(90_000) } }),
    },
    {
      what: "a packed body",
      body: Buffer.alloc(262_145, 255),
      headers: { "content-type": "application/octet-stream" },
    },
    { what: "a query string", method: "GET", query: `query=${"x".repeat(262_144)}`, headers: PREFLIGHT },
  ])("$what of more than 256 KB: refused unread, signed in or not", async ({ what: _what, ...raw }) => {
    for (const caller of [null, STAFF]) {
      const answer = await sendRaw(program, { ...raw, caller });
      const message = "A request takes at most 256 KB: please send less at once.";
      expect({ status: answer.status, ...faultOf(answer) }).toEqual({
        status: 413,
        code: "PAYLOAD_TOO_LARGE",
        message,
      });
    }
    expect(table.requests()).toEqual([]);
  });

  test("variables nested 100,000 deep are refused as what they are", async () => {
    const list = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    const body = `{"query":"query($id: ID!) { cohort(id: $id) { id } }","variables":{"id":${list}}}`;
    const answer = await sendRaw(program, { body });
    expect({ status: answer.status, code: faultOf(answer).code }).toEqual({ status: 400, code: "BAD_USER_INPUT" });
    expect(answer.text.length).toBeLessThan(1_000);
    expect(table.requests()).toEqual([]);
  });

  test("what common tools and full pages ask is not refused", async () => {
    const queries = [
      getIntrospectionQuery(),
      getIntrospectionQuery({ specifiedByUrl: true, inputValueDeprecation: true, directiveIsRepeatable: true }),
      "{ cohorts(first: 100) { nodes { id name applications(first: 100) { nodes { id } } } } }",
      "query($n: Int! = 5) { cohorts(first: $n) { nodes { applications(first: $n) { nodes { history { nodes { at } } } } } } }",
      `{ ${many(30, (index) => `a${index}: viewer { roles }`)} }`,
    ];
    for (const query of queries) {
      const { status, text } = await sendRaw(program, { body: json({ query }), caller: STAFF });
      expect({ status, errors: (JSON.parse(text) as { errors?: unknown }).errors }).toEqual({ status: 200 });
    }
  });
});

test("null in a variable whose argument needs a value is the caller's fault and no fault of ours", async () => {
  const query = "query($n: Int = 3) { cohorts(first: $n) { nodes { id } } }";
  const answer = await sendRaw(program, { body: json({ query, variables: { n: null } }) });
  expect(faultOf(answer)).toEqual({
    code: "BAD_USER_INPUT",
    message: 'Argument "first" of non-null type "Int!" must not be null.',
  });
  expect(table.requests()).toEqual([]);
});

const RUNS = 500;
const STATUSES = [200, 400, 405, 413, 415];
const VALID = [
  json({ query: QUERY }),
  json({ query: "query($id: ID!) { cohort(id: $id) { id name window { opens } } }", variables: { id: cohortId } }),
  json({ query: "{ cohorts(first: 3) { edges { cursor node { id } } pageInfo { hasNextPage endCursor } } }" }),
  json({ query: MUTATION }),
];

/** A request that was valid until some of its bits were turned over, or its end was cut off. */
const damaged = fc
  .tuple(fc.constantFrom(...VALID), fc.array(fc.tuple(fc.nat(), fc.nat(7)), { maxLength: 4 }), fc.nat(300))
  .map(([text, flips, length]) => {
    const bytes = Buffer.from(text);
    for (const [place, bit] of flips) bytes[place % bytes.length]! ^= 1 << bit;
    return flips.length === 0 ? bytes.subarray(0, length) : bytes;
  });
const anyVariables = fc.dictionary(fc.constantFrom("id", "__proto__", "constructor", "x"), fc.jsonValue());
const bodies = fc.oneof(
  { weight: 3, arbitrary: damaged },
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.json({ maxDepth: 4 }).map((text) => Buffer.from(text)),
  fc.string({ unit: "binary", maxLength: 200 }).map((query) => Buffer.from(json({ query }))),
  anyVariables.map((given) =>
    Buffer.from(json({ query: "query($id: ID!) { cohort(id: $id) { id } }", variables: given })),
  ),
);
const contentTypes = fc.oneof(
  { weight: 8, arbitrary: fc.constant("application/json") },
  fc.constantFrom("text/plain", "application/json; charset=utf-16", "application/graphql", "image/png", ""),
  fc.string({ maxLength: 30 }),
);
const requests = fc.record({
  body: bodies,
  contentType: contentTypes,
  method: fc.constantFrom("POST", "POST", "POST", "GET", "PUT"),
  isSignedIn: fc.boolean(),
});

test("whatever comes is answered with a client's status, and nothing of the inside shows", async () => {
  const seed = Date.now() % 2_147_483_647;
  console.info(`Bad input: seed ${seed}, ${RUNS} runs.`);
  const seen: Record<number, number> = {};
  const property = fc.asyncProperty(requests, async ({ body, contentType, method, isSignedIn }) => {
    const query = method === "GET" ? encodeURI(body.toString("latin1")) : "";
    const caller = isSignedIn ? STAFF : null;
    const answer = await sendRaw(program, { method, headers: { "content-type": contentType }, body, query, caller });
    seen[answer.status] = (seen[answer.status] ?? 0) + 1;
    expect(STATUSES).toContain(answer.status);
    expect(answer.text).not.toMatch(INSIDES);
    expect(answer.text).not.toContain("INTERNAL_SERVER_ERROR");
  });
  await fc.assert(property, { seed, numRuns: RUNS, endOnFailure: true });
  console.info(`Bad input: statuses ${json(seen)}.`);
  expect(await program.ask(STAFF, QUERY)).toEqual({ viewer: { roles: ["STAFF"] } });
});

describe("what an operation may cost", () => {
  const PAGE = "{ cohorts(first: 40) { nodes { id name } pageInfo { hasNextPage } } }";
  const FRAGMENTS =
    "query($n: Int!) { a: cohorts(first: $n) { ...F } b: cohorts { ...F } } fragment F on CohortConnection { nodes { id } }";
  test.each([
    { what: "nothing but a name", query: "{ __typename }", fields: 1 },
    { what: "a page times its entries", query: PAGE, fields: 1 + 40 * (1 + 2 + 1 + 1) },
    {
      what: "pages by variable and by default",
      query: FRAGMENTS,
      variables: { n: 10 },
      fields: 1 + 10 * 2 + 1 + 25 * 2,
    },
    {
      what: "a page in a page",
      query: "{ nodes(ids: []) { id } cohorts(first: 2) { nodes { applications(first: 3) { nodes { id } } } } }",
      fields: 1 + 1 + 2 * (1 + 1 + 3 * 2),
    },
  ])("is told with its answer: $what", async ({ query, variables: given, fields }) => {
    const answer = await sendRaw(program, { body: json({ query, variables: given }), caller: STAFF });
    const { data, errors, extensions } = JSON.parse(answer.text) as Record<string, unknown>;
    expect({ hasData: data != null, errors, extensions }).toEqual({
      hasData: true,
      errors: undefined,
      extensions: { cost: { fields, most: 50_000 } },
    });
  });

  test("is not told where nothing was executed", async () => {
    for (const query of ["{ cohorts(first: 101) { nodes { id } } }", "{", "{ viewer }"]) {
      const answer = await sendRaw(program, { body: json({ query }), caller: STAFF });
      expect(JSON.parse(answer.text)).not.toHaveProperty("extensions");
    }
  });
});
