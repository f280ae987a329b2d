import { createServer, STATUS_CODES } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import type { Clock } from "../../schema/shared/time.ts";
import { TIMEOUT_SECONDS } from "../wiring.ts";
import { preflightAnswer, withCors } from "./cors.ts";
import { messageOf } from "./error-message.ts";
import { frontRequest, gatewayEvent, lambdaContext, writeGatewayAnswer } from "./http-event.ts";
import type { FrontRequest } from "./http-event.ts";

/** Lambda takes and gives no more than this at a time. */
const MAX_BYTES = 6 * 1024 * 1024;
const STOP_MILLISECONDS = 3000;

/** The function behind `/graphql`. */
export type GatewayHandler = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

/** A page's answer. */
export interface PageAnswer {
  status?: number;
  headers?: Record<string, string>;
  body: string | Buffer;
}

/** Answers whatever is not for the function; undefined where there is no such page. */
export type Pages = (request: FrontRequest) => Promise<PageAnswer | undefined>;

/** What the front serves once everything behind it runs. */
export interface Served {
  graphql: GatewayHandler;
  pages: Pages;
  clock: Clock;
  /** Web origins, besides the front's own, whose pages may call the function. */
  allowedOrigins?: readonly string[];
}

/** The one port of the laptop stack. */
export interface HttpFront {
  /** Without a slash at the end. */
  url: string;
  /** Begins to serve; before that everyone is told to wait. */
  serve(served: Served): void;
  /** Lets requests in hand end, for a few seconds. */
  stop(): Promise<void>;
}

/** Takes the port, a free one when it is 0. Throws one clear sentence when somebody else has it. */
export async function startHttp(options: { port: number; host?: string }): Promise<HttpFront> {
  const host = options.host ?? "127.0.0.1";
  let served: Served | undefined;
  const server = createServer((request, response) => {
    void answer(request, response, served).catch((error: unknown) => {
      process.stderr.write(`${request.method} request failed: ${messageOf(error)}\n`);
      if (response.headersSent) response.destroy();
      else writeJson(response, 500, { message: "Internal Server Error" });
    });
  });
  server.on("clientError", refuseUnreadable);
  const port = await listen(server, options.port, host);
  const isEverywhere = host === "0.0.0.0" || host === "::";
  const name = isEverywhere ? "localhost" : host.includes(":") ? `[${host}]` : host;
  return {
    url: `http://${name}:${port}`,
    serve: (next) => {
      served = next;
    },
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      await Promise.race([closed, delay(STOP_MILLISECONDS, undefined, { ref: false })]);
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(message: IncomingMessage, response: ServerResponse, served: Served | undefined): Promise<void> {
  const body = await readBody(message);
  if (body === "broken") return;
  if (body === "too large") {
    // Whoever is still sending must be let finish, or they see a broken connection instead of the answer.
    response.setHeader("connection", "close");
    return writeJson(response, 413, { message: "Request Entity Too Large", limitBytes: MAX_BYTES });
  }
  if (served === undefined) {
    response.setHeader("retry-after", "1");
    return writeJson(response, 503, { message: "The stack is still starting." });
  }
  const request = frontRequest(message, body);
  if (request.path === "/graphql" && !wantsPage(request)) {
    const { allowedOrigins = [] } = served;
    const result = preflightAnswer(request, allowedOrigins) ?? (await invoke(served, request));
    return writeGatewayAnswer(response, withCors(result, request, allowedOrigins));
  }
  if (request.method === "OPTIONS") return void response.writeHead(204, { allow: "GET, HEAD, POST, OPTIONS" }).end();
  const page = (await served.pages(request)) ?? notFound(request);
  const content = typeof page.body === "string" ? Buffer.from(page.body) : page.body;
  response.writeHead(page.status ?? 200, { ...page.headers, "content-length": content.length }).end(content);
}

/** A browser that opens the address gets the explorer; programs ask for JSON. */
function wantsPage({ method, headers }: FrontRequest): boolean {
  return (method === "GET" || method === "HEAD") && (headers["accept"] ?? "").includes("text/html");
}

async function invoke(served: Served, request: FrontRequest): Promise<APIGatewayProxyStructuredResultV2> {
  const late = new AbortController();
  try {
    const call = served.graphql(gatewayEvent(request, served.clock.now()), lambdaContext());
    const limit = delay(TIMEOUT_SECONDS.graphql * 1000, undefined, { signal: late.signal, ref: false });
    const result = await Promise.race([call, limit]);
    if (result === undefined) throw new Error(`Task timed out after ${TIMEOUT_SECONDS.graphql} seconds`);
    if (Buffer.byteLength(result.body ?? "") > MAX_BYTES) throw new Error("The answer is larger than Lambda's 6 MB");
    return result;
  } catch (error) {
    process.stderr.write(`The graphql function failed: ${messageOf(error)}\n`);
    return {
      statusCode: 500,
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ message: "Internal Server Error" }),
    };
  } finally {
    late.abort();
  }
}

function notFound(request: FrontRequest): PageAnswer {
  const links = ["/", "/graphql", "/mail", "/mail.json", "/sign-in", "/clock", "/.well-known/openid-configuration"];
  return {
    status: 404,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ message: `There is nothing at ${request.path.slice(0, 200)}.`, links }),
  };
}

async function readBody(message: IncomingMessage): Promise<Buffer | "too large" | "broken"> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of message) {
      length += chunk.length;
      if (length <= MAX_BYTES) chunks.push(chunk);
    }
  } catch {
    return "broken";
  }
  return length > MAX_BYTES ? "too large" : Buffer.concat(chunks);
}

function writeJson(response: ServerResponse, status: number, content: unknown): void {
  const body = JSON.stringify(content);
  response
    .writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(body) })
    .end(body);
}

/** Bytes that are no HTTP request. Node would just hang up; people see more from an answer. */
function refuseUnreadable(error: Error, socket: Duplex): void {
  if (!socket.writable) return;
  const code = "code" in error ? error.code : undefined;
  const status = code === "HPE_HEADER_OVERFLOW" ? 431 : code === "ERR_HTTP_REQUEST_TIMEOUT" ? 408 : 400;
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => {
      const isBusy = "code" in error && error.code === "EADDRINUSE";
      const advice = isBusy ? `Port ${port} is busy. Choose another: PORT=${port + 1} npm start` : undefined;
      reject(new Error(advice ?? `Cannot listen on ${host}, port ${port}: ${error.message}.`));
    });
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}
