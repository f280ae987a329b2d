import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GraphqlAnswer } from "../../infra/local/caller.ts";
import { openIssuer } from "../../infra/local/issuer.ts";
import { clientOf } from "../support/stack-client.ts";
import { startStackProcess } from "../support/stack-process.ts";
import { BOARD, boardOf, requireBoard, STAFF } from "./board.ts";
import { quantile } from "./paired.ts";

const ABREAST = 8;

/** How a query did over HTTP. */
export interface Load {
  perSecond: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
}

/** The board and the smallest possible query against the laptop stack in a process of its own, in turns. */
export async function overHttp(): Promise<{ board: Load; smallest: Load }> {
  await using cleanup = new AsyncDisposableStack();
  const data = mkdtempSync(join(tmpdir(), "bench-"));
  cleanup.defer(() => rmSync(data, { recursive: true, force: true }));
  const stack = await startStackProcess({ data });
  cleanup.defer(async () => void (await stack.signal("SIGINT")));
  const client = await clientOf(stack, data);
  const cohortId = await boardOf(client);
  await client.advance("PT0S");
  const issuer = await openIssuer({ url: stack.url, directory: data, create: false });
  const headers = { "content-type": "application/json", authorization: `Bearer ${await issuer.sign(STAFF!)}` };
  const ask = async (body: string): Promise<GraphqlAnswer> => {
    const response = await fetch(`${stack.url}/graphql`, { method: "POST", headers, body });
    return (await response.json()) as GraphqlAnswer;
  };
  const boardBody = JSON.stringify({ query: BOARD, variables: { cohortId } });
  const askBoard = async () => requireBoard(await ask(boardBody));
  const askSmallest = () => ask('{"query":"{ __typename }"}');
  await load(askBoard, 200);
  await load(askSmallest, 200);
  const rounds = [];
  for (let round = 0; round < 5; round++) {
    rounds.push({ board: await load(askBoard, 160), smallest: await load(askSmallest, 160) });
  }
  return {
    board: summary(rounds.map(({ board }) => board)),
    smallest: summary(rounds.map(({ smallest }) => smallest)),
  };
}

interface Run {
  seconds: number;
  times: number[];
}

/** This many calls, eight at a time. */
async function load(ask: () => Promise<unknown>, calls: number): Promise<Run> {
  const times: number[] = [];
  let left = calls;
  const from = performance.now();
  const worker = async () => {
    while (left-- > 0) {
      const begun = performance.now();
      await ask();
      times.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: ABREAST }, worker));
  return { seconds: (performance.now() - from) / 1000, times };
}

function summary(runs: readonly Run[]): Load {
  const times = runs.flatMap((run) => run.times);
  const seconds = runs.reduce((sum, run) => sum + run.seconds, 0);
  return { perSecond: times.length / seconds, p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
}
