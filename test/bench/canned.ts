import { fork } from "node:child_process";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

/** Answers of a DynamoDB endpoint by request. */
type Answers = Record<string, string>;

/** An endpoint and how to end it. */
export interface Endpoint {
  endpoint: string;
  stop(): Promise<void>;
}

/**
 * An endpoint, in a process of its own, that repeats what the real one answered while the work was done once. It takes
 * no time to speak of, so that what is measured is the caller.
 */
export async function cannedEndpoint(target: string, work: (endpoint: string) => Promise<unknown>): Promise<Endpoint> {
  const answers: Answers = {};
  const recorder = await listening(async (request, question) => {
    const headers = Object.entries(request.headers).filter(([name]) =>
      /^(x-amz|content-type|authorization)/.test(name),
    );
    const init = {
      method: "POST",
      body: question.body,
      headers: Object.fromEntries(headers) as Record<string, string>,
    };
    answers[question.key] = inOrder(await (await fetch(target, init)).text());
    return answers[question.key]!;
  });
  await work(endpointOf(recorder));
  await closed(recorder);

  const child = fork(fileURLToPath(import.meta.url), ["answer"], { execArgv: ["--import", "tsx"] });
  const endpoint = new Promise<string>((resolve, reject) => {
    child.once("message", (message) => resolve(message as string));
    child.once("exit", (code) => reject(new Error(`The canned endpoint ended with ${code}`)));
  });
  child.send(answers);
  return {
    endpoint: await endpoint,
    stop: async () => {
      child.kill();
      await new Promise((resolve) => child.once("close", resolve));
    },
  };
}

if (process.argv[2] === "answer") {
  process.once("message", async (answers: Answers) => {
    const server = await listening(async (_, { key }) => {
      const answer = answers[key];
      if (answer === undefined) throw new Error(`Not recorded: ${key}`);
      return answer;
    });
    process.send?.(endpointOf(server));
  });
}

interface Question {
  key: string;
  body: Buffer;
}

async function listening(answerTo: (request: IncomingMessage, question: Question) => Promise<string>): Promise<Server> {
  const answer = async (request: IncomingMessage) => {
    const body = await buffer(request);
    return answerTo(request, { body, key: `${String(request.headers["x-amz-target"])} ${body.toString()}` });
  };
  // While the others have their turn the connections must stay.
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    answer(request).then(
      (text) => response.writeHead(200, { "content-type": "application/x-amz-json-1.0" }).end(text),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

const endpointOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

/** The engine shuffles the attributes of an item anew for each answer, which slows down readers as the service does not. */
function inOrder(answer: string): string {
  return JSON.stringify(sorted(JSON.parse(answer)));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(fields.map(([name, part]) => [name, sorted(part)]));
}
