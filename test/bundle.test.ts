import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { App, Stack } from "aws-cdk-lib";
import { Runtime } from "aws-cdk-lib/aws-lambda";
import { NodejsFunction } from "aws-cdk-lib/aws-lambda-nodejs";
import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import {
  buildClientSchema,
  buildSchema,
  getIntrospectionQuery,
  lexicographicSortSchema,
  printSchema,
  type IntrospectionQuery,
} from "graphql";
import { expect, test } from "vitest";
import { BUNDLING } from "../infra/function.ts";
import type { GraphqlAnswer } from "../infra/local/caller.ts";
import { bundle, PROJECT } from "./support/bundle.ts";
import { bundledFunction } from "./support/bundled-function.ts";
import { STAFF, startProgram } from "./support/program.ts";
import { IN_WINDOW, publishedCohort } from "./support/steps.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

/** The most that the API's function may grow to without anybody looking why. */
const MOST_BYTES = 2_000_000;

const ENTRY = "functions/graphql/index.ts";
const graphql = await bundle(ENTRY, temporaryFolder());
const program = await startProgram({ at: IN_WINDOW });
const cohortId = await publishedCohort(program);
const deployed = bundledFunction(graphql.file, {
  TABLE_NAME: program.tableName,
  TABLE_ENDPOINT: program.tableEndpoint,
  FILES_BUCKET: "files",
  FILES_ENDPOINT: program.files.endpoint,
  MAIL_FROM: "program@example.org",
  MAIL_REPLY_TO: "program@example.org",
  TOKEN_ISSUER: program.issuer.url,
  TOKEN_AUDIENCE: program.issuer.audience,
  PUBLIC_URL: "https://program.example.org",
  INTROSPECTION: "on",
  REQUESTS_PER_ACCOUNT: "300",
  REQUESTS_PER_ADDRESS: "120",
  AWS_REGION: process.env.AWS_REGION ?? "",
  AWS_ACCESS_KEY_ID: process.env.AWS_ACCESS_KEY_ID ?? "",
  AWS_SECRET_ACCESS_KEY: process.env.AWS_SECRET_ACCESS_KEY ?? "",
});

/** Calls the bundle with an event as API Gateway's HTTP API writes it (payload 2.0). */
async function post(body: object, headers: Record<string, string> = {}) {
  const event = {
    version: "2.0",
    routeKey: "POST /graphql",
    rawPath: "/graphql",
    rawQueryString: "",
    headers: {
      accept: "application/json",
      "content-type": "application/json",
      host: "abcdefghij.execute-api.us-west-2.amazonaws.com",
      "user-agent": "test",
      "x-forwarded-for": "192.0.2.1",
      "x-forwarded-port": "443",
      "x-forwarded-proto": "https",
      ...headers,
    },
    requestContext: {
      accountId: "123456789012",
      apiId: "abcdefghij",
      domainName: "abcdefghij.execute-api.us-west-2.amazonaws.com",
      domainPrefix: "abcdefghij",
      http: { method: "POST", path: "/graphql", protocol: "HTTP/1.1", sourceIp: "192.0.2.1", userAgent: "test" },
      requestId: "JKJaXmPLvHcESHA=",
      routeKey: "POST /graphql",
      stage: "$default",
      time: "01/Sep/2026:16:00:00 +0000",
      timeEpoch: 1788278400000,
    },
    body: JSON.stringify(body),
    isBase64Encoded: false,
  };
  const context = { awsRequestId: "c6af9ac6-7b61-11e6-9a41-93e8deadbeef", functionName: "graphql" };
  const answer = (await deployed.call(event, context)) as APIGatewayProxyStructuredResultV2;
  const { extensions: _, ...content } = JSON.parse(answer.body ?? "{}") as GraphqlAnswer & { extensions?: object };
  return { status: answer.statusCode, ...content };
}

test("CDK makes exactly this bundle", () => {
  const app = new App({ outdir: temporaryFolder() });
  const made = new NodejsFunction(new Stack(app, "Stack"), "Function", {
    entry: join(PROJECT, ENTRY),
    runtime: Runtime.NODEJS_24_X,
    bundling: BUNDLING,
  });
  expect(made.runtime).toBe(Runtime.NODEJS_24_X);
  const asset = readdirSync(app.outdir).find((name) => name.startsWith("asset."));
  expect(readdirSync(join(app.outdir, asset ?? "")).toSorted()).toEqual(["index.mjs", "index.mjs.map"]);
  const code = readFileSync(join(app.outdir, asset ?? "", "index.mjs"));
  expect(code.equals(readFileSync(graphql.file))).toBe(true);
});

test("the bundle answers a query in plain Node", async () => {
  expect(
    await post({ query: "query($id: ID!) { cohort(id: $id) { __typename name } }", variables: { id: cohortId } }),
  ).toEqual({
    status: 200,
    data: { cohort: { __typename: "Cohort", name: "Cohort 2027" } },
  });
});

test("the bundle knows who signs in", async () => {
  const authorization = `Bearer ${await program.issuer.sign(STAFF!)}`;
  expect(await post({ query: "{ viewer { roles person { email } } }" }, { authorization })).toEqual({
    status: 200,
    data: { viewer: { roles: ["STAFF"], person: { email: "staff@example.org" } } },
  });
});

test("the bundle refuses an anonymous mutation", async () => {
  const query = "mutation($input: ApplicationStartInput!) { applicationStart(input: $input) { userErrors { code } } }";
  expect(await post({ query, variables: { input: { cohortId, kind: "CANDIDATE" } } })).toEqual({
    status: 200,
    data: null,
    errors: [
      {
        message: "Please sign in to do this.",
        path: ["applicationStart"],
        locations: [{ line: 1, column: 44 }],
        extensions: { code: "UNAUTHENTICATED" },
      },
    ],
  });
});

test("minifying keeps every name of the graph", async () => {
  const { data } = await post({ query: getIntrospectionQuery({ specifiedByUrl: true }) });
  const contract = buildSchema(readFileSync(join(PROJECT, "schema/schema.graphql"), "utf8"));
  const answered = buildClientSchema(data as object as IntrospectionQuery);
  expect(printSchema(lexicographicSortSchema(answered))).toBe(printSchema(lexicographicSortSchema(contract)));
});

test("the bundle holds one copy of graphql and of Apollo, and stays below its limit", () => {
  const copies = (file: RegExp) => Object.keys(graphql.inputs).filter((name) => file.test(name));
  expect(copies(/\/graphql\/version\.m?js$/)).toEqual(["node_modules/graphql/version.mjs"]);
  expect(copies(/\/ApolloServer\.js$/)).toEqual(["node_modules/@apollo/server/dist/esm/ApolloServer.js"]);
  expect(copies(/class-validator/)).toEqual([]);
  expect(graphql.bytes).toBeLessThan(MOST_BYTES);
});
