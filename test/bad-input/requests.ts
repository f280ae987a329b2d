import type { Raw } from "../support/raw.ts";

/** The headers of a GET that no web page can send for its visitor. */
export const PREFLIGHT = { "apollo-require-preflight": "true" };

/** A query that asks nothing of the table. */
export const QUERY = "{ viewer { roles } }";

const json = (value: unknown) => JSON.stringify(value);

/** A request, and how it is refused. */
export interface Case {
  what: string;
  raw: Raw;
  status: number;
  code: string;
}

const asText = (contentType: string, body = json({ query: QUERY })): Raw => ({
  headers: { "content-type": contentType },
  body,
});
const asGet = (query: string, headers = PREFLIGHT): Raw => ({
  method: "GET",
  query: `query=${encodeURIComponent(query)}`,
  headers,
});
/** Something that changes the table when it comes the right way. */
export const MUTATION = 'mutation { viewerRename(input: { name: "Changed" }) { userErrors { code } } }';

/** What is no request of this API. */
export const REQUESTS: readonly Case[] = [
  { what: "no body", raw: { body: "" }, status: 400, code: "BAD_REQUEST" },
  { what: "half a JSON", raw: { body: '{"query":"{ viewer' }, status: 400, code: "BAD_REQUEST" },
  {
    what: "JSON with a trailing comma",
    raw: { body: '{"query":"{ viewer { roles } }",}' },
    status: 400,
    code: "BAD_REQUEST",
  },
  {
    what: "JSON behind a byte order mark",
    raw: { body: `\uFEFF${json({ query: QUERY })}` },
    status: 400,
    code: "BAD_REQUEST",
  },
  { what: "null", raw: { body: "null" }, status: 400, code: "BAD_REQUEST" },
  { what: "a number", raw: { body: "7" }, status: 400, code: "BAD_REQUEST" },
  { what: "an empty list", raw: { body: "[]" }, status: 400, code: "BAD_REQUEST" },
  {
    what: "a list of requests",
    raw: { body: json([{ query: QUERY }, { query: QUERY }]) },
    status: 400,
    code: "BAD_REQUEST",
  },
  { what: "no query", raw: { body: json({ variables: {} }) }, status: 400, code: "BAD_REQUEST" },
  { what: "an empty query", raw: { body: json({ query: "" }) }, status: 400, code: "BAD_REQUEST" },
  { what: "a number for a query", raw: { body: json({ query: 7 }) }, status: 400, code: "BAD_REQUEST" },
  { what: "a list for a query", raw: { body: json({ query: [QUERY] }) }, status: 400, code: "BAD_REQUEST" },
  {
    what: "text for variables",
    raw: { body: json({ query: QUERY, variables: "{}" }) },
    status: 400,
    code: "BAD_REQUEST",
  },
  {
    what: "a list for variables",
    raw: { body: json({ query: QUERY, variables: [] }) },
    status: 400,
    code: "BAD_REQUEST",
  },
  {
    what: "a number for the operation's name",
    raw: { body: json({ query: QUERY, operationName: 7 }) },
    status: 400,
    code: "BAD_REQUEST",
  },
  {
    what: "malformed GraphQL",
    raw: { body: json({ query: "{ viewer { roles " }) },
    status: 400,
    code: "GRAPHQL_PARSE_FAILED",
  },
  { what: "a comment alone", raw: { body: json({ query: "# nothing" }) }, status: 400, code: "GRAPHQL_PARSE_FAILED" },
  {
    what: "an unknown field",
    raw: { body: json({ query: "{ secrets }" }) },
    status: 400,
    code: "GRAPHQL_VALIDATION_FAILED",
  },
  {
    what: "a missing argument",
    raw: { body: json({ query: "{ cohort { id } }" }) },
    status: 400,
    code: "GRAPHQL_VALIDATION_FAILED",
  },
  {
    what: "a wrong type",
    raw: { body: json({ query: "{ cohort(id: true) { id } }" }) },
    status: 400,
    code: "GRAPHQL_VALIDATION_FAILED",
  },
  {
    what: "a number beyond 32 bits",
    raw: { body: json({ query: "{ cohorts(first: 2147483648) { nodes { id } } }" }) },
    status: 400,
    code: "GRAPHQL_VALIDATION_FAILED",
  },
  {
    what: "a schema definition",
    raw: { body: json({ query: "type Query { all: Int }" }) },
    status: 400,
    code: "GRAPHQL_VALIDATION_FAILED",
  },
  {
    what: "a subscription",
    raw: { body: json({ query: "subscription { viewer { roles } }" }) },
    status: 400,
    code: "OPERATION_RESOLUTION_FAILURE",
  },
  {
    what: "an unknown operation",
    raw: { body: json({ query: QUERY, operationName: "Other" }) },
    status: 400,
    code: "OPERATION_RESOLUTION_FAILURE",
  },
  {
    what: "two operations and no name",
    raw: { body: json({ query: "query A { viewer { roles } } query B { viewer { roles } }" }) },
    status: 400,
    code: "OPERATION_RESOLUTION_FAILURE",
  },
  {
    what: "a missing variable",
    raw: { body: json({ query: "query($id: ID!) { cohort(id: $id) { id } }" }) },
    status: 400,
    code: "BAD_USER_INPUT",
  },
  {
    what: "null for a variable that needs a value",
    raw: { body: json({ query: "query($id: ID!) { cohort(id: $id) { id } }", variables: { id: null } }) },
    status: 400,
    code: "BAD_USER_INPUT",
  },
  {
    what: "a list for an id",
    raw: { body: json({ query: "query($id: ID!) { cohort(id: $id) { id } }", variables: { id: ["a"] } }) },
    status: 400,
    code: "BAD_USER_INPUT",
  },
  {
    what: "an unknown persisted query",
    raw: { body: json({ extensions: { persistedQuery: { version: 1, sha256Hash: "0".repeat(64) } } }) },
    status: 200,
    code: "PERSISTED_QUERY_NOT_SUPPORTED",
  },
  {
    what: "plain text, as another site's page could send it",
    raw: asText("text/plain"),
    status: 400,
    code: "BAD_REQUEST",
  },
  {
    what: "a form, as another site's page could send it",
    raw: asText("application/x-www-form-urlencoded", `query=${QUERY}`),
    status: 400,
    code: "BAD_REQUEST",
  },
  {
    what: "a form with files",
    raw: asText("multipart/form-data; boundary=x", "--x--"),
    status: 400,
    code: "BAD_REQUEST",
  },
  { what: "no content type", raw: { headers: {}, body: json({ query: QUERY }) }, status: 400, code: "BAD_REQUEST" },
  { what: "a content type that is none", raw: asText(",;json"), status: 400, code: "BAD_REQUEST" },
  {
    what: "plain text with the preflight header",
    raw: { headers: { "content-type": "text/plain", ...PREFLIGHT }, body: json({ query: QUERY }) },
    status: 400,
    code: "BAD_REQUEST",
  },
  {
    what: "a GET without the preflight header",
    raw: asGet(QUERY, {} as typeof PREFLIGHT),
    status: 400,
    code: "BAD_REQUEST",
  },
  {
    what: "a change as plain text",
    raw: asText("text/plain", json({ query: MUTATION })),
    status: 400,
    code: "BAD_REQUEST",
  },
  {
    what: "a change as a form",
    raw: asText("application/x-www-form-urlencoded", `query=${encodeURIComponent(MUTATION)}`),
    status: 400,
    code: "BAD_REQUEST",
  },
  {
    what: "a change as a GET without the preflight header",
    raw: asGet(MUTATION, {} as typeof PREFLIGHT),
    status: 400,
    code: "BAD_REQUEST",
  },
  { what: "a GET that would change something", raw: asGet(MUTATION), status: 405, code: "BAD_REQUEST" },
  {
    what: "a GET with broken variables",
    raw: { ...asGet(QUERY), query: "query=%7Bviewer%7Broles%7D%7D&variables=%7B" },
    status: 400,
    code: "BAD_REQUEST",
  },
  {
    what: "a GET with the query twice",
    raw: { ...asGet(QUERY), query: "query=%7Bviewer%7Broles%7D%7D&query=%7B__typename%7D" },
    status: 400,
    code: "BAD_REQUEST",
  },
  { what: "a PUT", raw: { method: "PUT", body: json({ query: QUERY }) }, status: 405, code: "BAD_REQUEST" },
  { what: "a DELETE", raw: { method: "DELETE", body: "" }, status: 405, code: "BAD_REQUEST" },
];
