import { createServer, request as httpRequest } from "node:http";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { seededRandom } from "../../infra/local/random.ts";
import { IndexLag } from "./index-lag.ts";
import { faultAnswer, isRecord, leaveUnprocessed } from "./fault-answers.ts";
import type { AnswerFault } from "./fault-answers.ts";

/**
 * What goes wrong. `hang` gives no answer until `release`; `commitThenDrop` does the work and loses the answer; `late`
 * does it and answers some time later; `unprocessed` leaves the second half of the keys of a BatchGetItem to be asked
 * for again.
 */
export type FaultKind = AnswerFault | "hang" | "commitThenDrop" | "late" | "unprocessed";

/** A fault and when it strikes. */
export interface Fault {
  kind: FaultKind;
  /** How many requests it strikes; all when absent. */
  times?: number;
  /** Share of the requests it strikes, 0 to 1; all when absent. */
  probability?: number;
  /**
   * Error name instead of the kind's own, such as ThrottlingException for `throttle` or ExpiredIteratorException for
   * `error`.
   */
  errorName?: string;
  /** How late a `late` answer is. */
  milliseconds?: number;
}

/** A request that reached the proxy. */
export interface ProxiedRequest {
  /** DynamoDB's name of it, such as TransactWriteItems. */
  operation: string;
  /** The index that a Query asked. */
  indexName?: string;
  /** How many keys a BatchGetItem asked for. */
  keys?: number;
  /** Whether it demanded what was written last. */
  consistent?: true;
  /** The fault that struck it. */
  fault?: FaultKind;
}

/** A proxy in front of a DynamoDB endpoint that makes trouble on request. */
export interface FaultProxy {
  endpoint: string;
  seed: number;
  /** Adds a fault for an operation, or for every operation with "*". The first added that strikes wins. */
  inject(operation: string, fault: Fault): void;
  /** Index queries leave out items written through this proxy less than this long ago; 0 ends it. */
  lagIndexes(milliseconds: number): void;
  /** Every request since the start or the last reset, in order of arrival. */
  requests(): readonly ProxiedRequest[];
  /** How many requests of each operation. */
  counts(): Record<string, number>;
  /** Ends all hanging requests by closing their connections. */
  release(): void;
  /** Forgets faults, lag and requests, and releases what hangs. */
  reset(): void;
  stop(): Promise<void>;
}

/** Starts a proxy on a free loopback port. The seed, printed, makes its chances repeatable. */
export async function startFaultProxy(target: string, seed = Date.now() % 1_000_000): Promise<FaultProxy> {
  console.info(`Fault proxy: seed ${seed}.`);
  const random = seededRandom(seed);
  const lag = new IndexLag();
  let faults: (Fault & { operation: string; left: number })[] = [];
  let requests: ProxiedRequest[] = [];
  const hanging = new Set<ServerResponse>();

  const draw = (operation: string): Fault | undefined => {
    const fault = faults.find(
      (candidate) =>
        (candidate.operation === operation || candidate.operation === "*") &&
        candidate.left > 0 &&
        random() < (candidate.probability ?? 1),
    );
    if (fault) fault.left -= 1;
    return fault;
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await buffer(request);
    const operation =
      String(request.headers["x-amz-target"] ?? "")
        .split(".")
        .at(-1) ?? "";
    const input = parse(body);
    const fault = draw(operation);
    const indexName = typeof input["IndexName"] === "string" ? input["IndexName"] : undefined;
    requests.push({ operation, ...detailsOf(operation, input), ...(fault && { fault: fault.kind }) });
    if (fault?.kind === "hang") {
      hanging.add(response);
      response.once("close", () => hanging.delete(response));
      return;
    }
    if (fault && isAnswer(fault.kind)) {
      const answer = faultAnswer(fault.kind, operation, input, { random, errorName: fault.errorName });
      send(response, answer.status, { "content-type": "application/x-amz-json-1.0" }, JSON.stringify(answer.body));
      return;
    }
    const answer = await forward(target, request, body);
    if (answer.status === 200) lag.note(operation, input);
    if (fault?.kind === "commitThenDrop") {
      response.destroy();
      return;
    }
    if (fault?.kind === "late") await delay(fault.milliseconds);
    const changed = fault?.kind === "unprocessed" ? leaveUnprocessed(input, parse(answer.body)) : undefined;
    const filtered = changed ?? (indexName && answer.status === 200 ? lag.hide(input, parse(answer.body)) : undefined);
    if (filtered === undefined) send(response, answer.status, answer.headers, answer.body);
    else send(response, answer.status, withoutChecksum(answer.headers), JSON.stringify(filtered));
  };

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The proxy has no port.");

  const release = (): void => {
    for (const response of hanging) response.destroy();
  };
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    seed,
    inject(operation, fault) {
      faults.push({ ...fault, operation, left: fault.times ?? Number.POSITIVE_INFINITY });
    },
    lagIndexes(milliseconds) {
      lag.milliseconds = milliseconds;
    },
    requests: () => requests,
    counts() {
      const counts: Record<string, number> = {};
      for (const { operation } of requests) counts[operation] = (counts[operation] ?? 0) + 1;
      return counts;
    },
    release,
    reset() {
      faults = [];
      requests = [];
      lag.milliseconds = 0;
      release();
    },
    async stop() {
      release();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function isAnswer(kind: FaultKind): kind is AnswerFault {
  return kind === "throttle" || kind === "conflict" || kind === "serverError" || kind === "error";
}

function detailsOf(operation: string, input: Record<string, unknown>): Omit<ProxiedRequest, "operation" | "fault"> {
  const { IndexName: indexName, RequestItems: tables } = input;
  const asked = operation === "BatchGetItem" && isRecord(tables) ? Object.values(tables).filter(isRecord) : [];
  const keys = asked.reduce((sum, { Keys: some }) => sum + (Array.isArray(some) ? some.length : 0), 0);
  const consistent = [input, ...asked].some((part) => part["ConsistentRead"] === true);
  return {
    ...(typeof indexName === "string" && { indexName }),
    ...(keys > 0 && { keys }),
    ...(consistent && { consistent }),
  };
}

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

function forward(target: string, request: IncomingMessage, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onward = httpRequest(new URL(request.url ?? "/", target), {
      method: request.method,
      headers: request.headers,
    });
    onward.once("error", reject);
    onward.once("response", (answer) => {
      buffer(answer).then(
        (answered) => resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: answered }),
        reject,
      );
    });
    onward.end(body);
  });
}

function send(response: ServerResponse, status: number, headers: IncomingHttpHeaders, body: Buffer | string): void {
  const { "transfer-encoding": _chunked, "content-length": _length, connection: _connection, ...kept } = headers;
  response.writeHead(status, { ...kept, "content-length": Buffer.byteLength(body) });
  response.end(body);
}

/** The SDK compares the body with this header where it is present. */
function withoutChecksum({ "x-amz-crc32": _checksum, ...headers }: IncomingHttpHeaders): IncomingHttpHeaders {
  return headers;
}

function parse(body: Buffer): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(body.toString("utf8"));
    return isRecord(parsed) ? parsed : {};
  } catch {
    return {};
  }
}
