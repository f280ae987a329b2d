import { isDeepStrictEqual } from "node:util";
import { buildSchema, execute, parse } from "graphql";
import { graphqlHandler } from "../../functions/graphql/handler.ts";
import type { GraphqlAnswer } from "../../infra/local/caller.ts";
import { gatewayEvent, lambdaContext } from "../../infra/local/http-event.ts";
import { startStack } from "../../infra/local/stack.ts";
import type { Key } from "../../schema/shared/keys.ts";
import { openTable, type Question, type Table } from "../../schema/shared/table.ts";
import { contract } from "../../schema/contract.ts";
import { asksOf, BOARD, boardOf, requireBoard, STAFF } from "./board.ts";
import { cannedEndpoint } from "./canned.ts";
import { paired, processorClock, type Ratio } from "./paired.ts";

/**
 * What a whole request costs beside graphql-js alone: the board in process, once with a table that answers from memory
 * and once with one that answers over HTTP with what was recorded. The base executes the same document over the finished
 * answer, with the schema's own text and no resolvers. All in processor time.
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
    return async () => {
      const { body: answered = "" } = await handler(event, context);
      if (answered.includes('"errors"')) throw new Error(answered);
      return answered;
    };
  };

  const tableAt = (endpoint: string) => openTable({ tableName: stack.tableName, endpoint, now: () => Date.now() });
  const canned = await cannedEndpoint(stack.tableEndpoint, (endpoint) => handlerOver(tableAt(endpoint))());
  cleanup.defer(() => canned.stop());
  const inMemory = handlerOver(rememberingTable(stack.runtime.table));
  const overHttp = handlerOver(tableAt(canned.endpoint));
  const answer = requireBoard(JSON.parse(await overHttp()) as GraphqlAnswer);
  const schema = buildSchema(contract());
  const document = parse(BOARD);
  const rootValue = withAliases(answer);
  const bare = async () => execute({ schema, document, rootValue, variableValues: { cohortId } });
  if (!isDeepStrictEqual(JSON.parse(JSON.stringify((await bare()).data)), answer)) {
    throw new Error("The base does not answer what the program does");
  }
  const subjects = {
    "bare graphql-js, execute": bare,
    "whole request, table in memory": inMemory,
    "whole request, table over HTTP": overHttp,
  };
  await paired(subjects, { rounds: 5, calls: 20, clock: processorClock });
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
    get: remember("get", (key: Key) => table.get(key)),
    getMany: remember("getMany", (keys: readonly Key[]) => table.getMany(keys)),
    query: remember("query", (question: Question) => table.query(question)),
  };
}
