import { graphqlHandler } from "../../functions/graphql/handler.ts";
import { gatewayEvent, lambdaContext } from "../../infra/local/http-event.ts";
import { startStack } from "../../infra/local/stack.ts";
import type { Table } from "../../schema/shared/table.ts";
import { FLOODS } from "../bad-input/floods.ts";
import { processorClock, quantile } from "./paired.ts";

/** Most processor time that a document may take until it is refused. */
export const MOST_MILLISECONDS = 50;
const RUNS = 7;

/** What a document made to keep the function busy took. */
export interface Taken {
  what: string;
  /** Median processor time of the handler. */
  milliseconds: number;
  /** Requests of the table. */
  requests: number;
}

/** Sends each document as nobody, each time a little different, so that none is known from the time before. */
export async function floods(): Promise<Taken[]> {
  await using cleanup = new AsyncDisposableStack();
  const stack = await startStack({ port: 0, demo: false, quiet: true });
  cleanup.defer(() => stack.stop());
  let requests = 0;
  const handler = graphqlHandler({ ...stack.runtime, table: countingTable(stack.runtime.table, () => requests++) });
  const send = async ({ body, status, what }: (typeof FLOODS)[number], turn: number) => {
    const headers = { host: "localhost", "content-type": "application/json" };
    const varied = Buffer.from(body.replace('{"query":"', `{"query":"#${turn}\\n`));
    const request = { method: "POST", path: "/graphql", query: "", headers, cookies: [], sourceIp: "127.0.0.1" };
    const event = gatewayEvent({ ...request, body: varied }, stack.clock.now());
    const from = processorClock();
    const { statusCode } = await handler(event, lambdaContext());
    const took = processorClock() - from;
    if (statusCode !== status) throw new Error(`${what} was answered with ${statusCode}`);
    return took;
  };
  for (const flood of FLOODS) await send(flood, RUNS);
  const taken: Taken[] = [];
  for (const flood of FLOODS) {
    const before = requests;
    const times: number[] = [];
    for (let turn = 0; turn < RUNS; turn++) times.push(await send(flood, turn));
    taken.push({ what: flood.what, milliseconds: quantile(times, 0.5), requests: requests - before });
  }
  return taken;
}

/** The table, with each question counted. */
function countingTable(table: Table, count: () => void): Table {
  return new Proxy(table, {
    get: (target, name: keyof Table) => {
      const ask = target[name] as (...given: unknown[]) => unknown;
      return (...given: unknown[]) => {
        count();
        return ask(...given);
      };
    },
  });
}
