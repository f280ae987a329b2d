import { buildSchema, execute, parse } from "graphql";
import { graphqlHandler } from "../../functions/graphql/handler.ts";
import type { GraphqlAnswer } from "../../infra/local/caller.ts";
import { gatewayEvent, lambdaContext } from "../../infra/local/http-event.ts";
import { startStack } from "../../infra/local/stack.ts";
import { openTable, type Table } from "../../schema/shared/table.ts";
import { contract } from "../../schema/contract.ts";
import { asksOf, BOARD, boardOf, requireBoard, STAFF } from "./board.ts";
import { cannedEndpoint } from "./canned.ts";
import { paired, processorClock, type Ratio } from "./paired.ts";

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

  const tableAt = (endpoint: string) => openTable({ tableName: stack.tableName, endpoint, now: () => Date.now() });
  const canned = await cannedEndpoint(stack.tableEndpoint, (endpoint) => handlerOver(tableAt(endpoint))());
  cleanup.defer(() => canned.stop());
  const inMemory = handlerOver(rememberingTable(stack.runtime.table));
  const overHttp = handlerOver(tableAt(canned.endpoint));
  const answer = await inMemory();
  const schema = buildSchema(contract());
  const document = parse(BOARD);
  const bare = async () => {
    const result = await execute({ schema, document, rootValue: withAliases(answer), variableValues: { cohortId } });
    return requireBoard(result as GraphqlAnswer);
  };
  const subjects = {
    "bare graphql-js, execute": bare,
    "whole request, table in memory": inMemory,
    "whole request, table over HTTP": overHttp,
  };
  await paired(subjects, { rounds: 5, calls: 20, clock: processorClock }); const { Session } = await import("node:inspector/promises"); for (const [n, f] of [["memory", inMemory], ["http", overHttp]] as const) { const se = new Session(); se.connect(); await se.post("Profiler.enable"); await se.post("Profiler.start"); for (let i = 0; i < 150; i++) await f(); const { profile } = await se.post("Profiler.stop"); (await import("node:fs")).writeFileSync(`/tmp/pb/${n}.cpuprofile`, JSON.stringify(profile)); se.disconnect(); } return {} as never;
  return await paired(subjects, { rounds: 15, calls: 20, clock: processorClock });
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
