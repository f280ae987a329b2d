import { createHash } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import { buildSchema, execute, parse } from "graphql";
import { graphqlHandler } from "../../functions/graphql/handler.ts";
import type { GraphqlAnswer } from "../../infra/local/caller.ts";
import { gatewayEvent, lambdaContext } from "../../infra/local/http-event.ts";
import { startStack } from "../../infra/local/stack.ts";
import { openTable, type Table } from "../../schema/shared/table.ts";
import { contract } from "../../schema/contract.ts";
import { asksOf, BOARD, boardOf, requireBoard, STAFF } from "./board.ts";
import { paired, type Ratio } from "./paired.ts";

/**
 * What a whole request costs beside graphql-js alone: the board in process, once with a table that answers from memory
 * and once with one that answers over HTTP with what was recorded. The base executes the same document over the finished
 * answer, with the schema's own text and no resolvers.
 */
export async function wholeRequest(): Promise<Record<string, Ratio>> {
  await using cleanup = new AsyncDisposableStack();
  const stack = await startStack({ port: 0, demo: false, quiet: true });
  cleanup.defer(() => stack.stop());
  const cohortId = await boardOf(asksOf(stack));
  await stack.settle();

  const canned = await cannedEndpoint(stack.tableEndpoint);
  cleanup.defer(() => canned.stop());
  const remembered = rememberingTable(stack.runtime.table);
  const overHttp = openTable({ tableName: stack.tableName, endpoint: canned.endpoint, now: () => Date.now() });

  const headers = {
    host: "localhost",
    "content-type": "application/json",
    authorization: `Bearer ${await stack.issuer.sign(STAFF!)}`,
  };
  const body = Buffer.from(JSON.stringify({ query: BOARD, variables: { cohortId } }));
  const request = { method: "POST", path: "/graphql", query: "", headers, cookies: [], body, sourceIp: "127.0.0.1" };
  const event = gatewayEvent(request, stack.clock.now());
  const context = lambdaContext();
  const handlerOver = (table: Table) => {
    const handler = graphqlHandler({ ...stack.runtime, table });
    return async () => requireBoard(JSON.parse((await handler(event, context)).body ?? "{}") as GraphqlAnswer);
  };

  const whole = { memory: handlerOver(remembered), canned: handlerOver(overHttp) };
  const answer = await whole.memory();
  const schema = buildSchema(contract());
  const document = parse(BOARD);
  const bare = async () => {
    const result = await execute({ schema, document, rootValue: withAliases(answer), variableValues: { cohortId } });
    return requireBoard(result as GraphqlAnswer);
  };
  const subjects = {
    "bare graphql-js, execute": bare,
    "whole request, table in memory": whole.memory,
    "whole request, table over HTTP": whole.canned,
  };
  await paired(subjects, { rounds: 5, calls: 20 });
  return paired(subjects, { rounds: 15, calls: 20 });
}

/** The answer as a root value: aliased fields are asked for by their own name. */
function withAliases(answer: Record<string, unknown>): object {
  const cohort = answer["cohort"] as Record<string, unknown>;
  const { candidates, mentors } = cohort;
  return {
    cohort: { ...cohort, applications: ({ kind }: { kind: string }) => (kind === "MENTOR" ? mentors : candidates) },
  };
}

/** Asks the table once for each question, and answers from memory afterwards. */
function rememberingTable(table: Table): Table {
  const answers = new Map<string, Promise<unknown>>();
  const remember =
    <Input, Output>(name: string, ask: (input: Input) => Promise<Output>) =>
    (input: Input): Promise<Output> => {
      const key = name + JSON.stringify(input);
      const answer = (answers.get(key) as Promise<Output> | undefined) ?? ask(input);
      answers.set(key, answer);
      return answer;
    };
  return {
    ...table,
    get: remember("get", table.get),
    getMany: remember("getMany", table.getMany),
    query: remember("query", table.query),
  };
}

/** An HTTP endpoint that passes each question on once, and repeats the answer afterwards. */
async function cannedEndpoint(target: string): Promise<{ endpoint: string; stop(): Promise<void> }> {
  const answers = new Map<string, { type: string; body: Buffer }>();
  const answerTo = async (request: IncomingMessage) => {
    const body = await buffer(request);
    const operation = String(request.headers["x-amz-target"]);
    const key = createHash("sha256").update(operation).update(body).digest("base64");
    const known = answers.get(key);
    if (known) return known;
    const headers = Object.entries(request.headers).filter(([name]) =>
      /^(x-amz|content-type|authorization)/.test(name),
    );
    const asked = await fetch(target, { method: "POST", body, headers: Object.fromEntries(headers) as Record<string, string> });
    const answer = {
      type: asked.headers.get("content-type") ?? "",
      body: Buffer.from(await asked.arrayBuffer()),
    };
    answers.set(key, answer);
    return answer;
  };
  // No limits: while the others have their turn it would close the connections that are kept for the next one.
  const limits = { keepAliveTimeout: 0, headersTimeout: 0, requestTimeout: 0 };
  const server = createServer(limits, (request, response) => {
    void answerTo(request).then(({ type, body }) => {
      response.writeHead(200, { "content-type": type, "content-length": body.length }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
