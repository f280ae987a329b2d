import { join } from "node:path";
import { defaultProvider } from "@aws-sdk/credential-provider-node";
import { dueHandler } from "../../functions/due/handler.ts";
import { eventsHandler } from "../../functions/events/handler.ts";
import { feedbackHandler } from "../../functions/feedback/handler.ts";
import { graphqlHandler } from "../../functions/graphql/handler.ts";
import { mailHandler } from "../../functions/mail/handler.ts";
import { runtimeFrom } from "../../functions/runtime.ts";
import type { Environment, Runtime } from "../../functions/runtime.ts";
import { inOrder } from "../../functions/stream.ts";
import { WIRING } from "../wiring.ts";
import { movableClock } from "./clock.ts";
import type { MovableClock } from "./clock.ts";
import { lockFolder, requireWritableFolder } from "./database-file.ts";
import { createDemo, DEMO_PEOPLE } from "./demo.ts";
import { messageOf } from "./error-message.ts";
import { startFiles } from "./files.ts";
import type { LocalFiles } from "./files.ts";
import { startHttp } from "./http.ts";
import { openIssuer } from "./issuer.ts";
import type { Issuer } from "./issuer.ts";
import { pagesOf } from "./pages/index.ts";
import type { ClockAnswer, ClockMove } from "./pages/index.ts";
import { startSchedule } from "./schedule.ts";
import { startSes } from "./ses.ts";
import type { LocalSes } from "./ses.ts";
import { readStackFile, writeStackFile } from "./stack-file.ts";
import type { StackFile } from "./stack-file.ts";
import { startStream } from "./stream.ts";
import type { StreamAdapter, StreamConsumer, StreamFaults } from "./stream.ts";
import { openTable } from "./table-endpoint.ts";

const DEFAULT_TABLE_NAME = "cto-mentor-program";
const CONFIGURATION_SET = "laptop";
const BUCKET = "files";
const CATCH_UP_MILLISECONDS = 120_000;
const DUE_CALLS = 1000;
/** What is done when due may make other things due at once; this many rounds are more than any such chain. */
const DUE_ROUNDS = 20;

/** How to start the laptop stack. */
export interface StackOptions {
  /** A free one when 0. */
  port: number;
  /** Where to listen, the loopback address when absent. */
  host?: string;
  /** Keeps table, mails, files, keys and clock; in memory when absent. */
  dataDirectory?: string;
  /** Whether a first start makes the demo program. */
  demo: boolean;
  /** Another endpoint that speaks DynamoDB, instead of the embedded engine; credentials come from the environment. */
  tableEndpoint?: string;
  tableName?: string;
  /** Puts something between the functions and the table: takes the table's endpoint and gives the one to use. */
  beforeTable?: (endpoint: string) => Promise<string>;
  /** Web origins, besides the stack's own, whose pages may call the API. */
  allowedOrigins?: readonly string[];
  /** Variables of the functions over the usual ones, such as limits, which a laptop is without. */
  environment?: Partial<Environment>;
  streamFaults?: StreamFaults;
  /** Pause before the first retry of a batch that a function failed on; the stream's own when absent. */
  streamRetryMilliseconds?: number;
  /** Another time to count from than the computer's, in milliseconds since 1970; tokens keep the computer's. */
  realTime?: () => number;
  /** Makes the mail endpoint's faults repeat. */
  seed?: number;
  /** Keeps the functions' logs to themselves. */
  quiet?: boolean;
}

/** The functions as they are deployed. */
export interface Handlers {
  graphql: ReturnType<typeof graphqlHandler>;
  events: ReturnType<typeof eventsHandler>;
  mail: ReturnType<typeof mailHandler>;
  due: ReturnType<typeof dueHandler>;
  feedback: ReturnType<typeof feedbackHandler>;
}

/** A running laptop stack. */
export interface Stack {
  url: string;
  /** Where the table is, without anything in between. */
  tableEndpoint: string;
  tableName: string;
  handlers: Handlers;
  runtime: Runtime;
  clock: MovableClock;
  ses: LocalSes;
  files: LocalFiles;
  issuer: Issuer;
  stream: StreamAdapter;
  /** Whether the demo program is in the table. */
  hasDemo: boolean;
  /** Does what is due by the program's clock, and whatever follows from it. Answers how many due things were done. */
  runDue(): Promise<number>;
  /** Waits until everything written so far has had its consequences: events, mails, and what became of the mails. */
  settle(): Promise<void>;
  /** Moves the clock and does what became due. */
  moveClock(move: ClockMove): Promise<ClockAnswer>;
  /** Resolves when what a crash left undone is done, or was tried; the stack serves meanwhile. */
  caughtUp: Promise<void>;
  /** Rejects with one clear sentence when the engine ends unasked; stays pending otherwise. */
  failed: Promise<never>;
  stop(): Promise<void>;
}

/**
 * Starts everything on one port and catches up on what a crash left undone: first what became of the mails, then, while
 * it serves already, the stream and what is due. So no mail is sent again of which there is evidence that it went out.
 * Throws one clear sentence when it cannot start, and leaves nothing running then.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const started = new AsyncDisposableStack();
  try {
    return await start(options, started);
  } catch (error) {
    await started.disposeAsync();
    throw error;
  }
}

async function start(options: StackOptions, started: AsyncDisposableStack): Promise<Stack> {
  const { dataDirectory, tableName = DEFAULT_TABLE_NAME } = options;
  const inside = (name: string) => (dataDirectory === undefined ? undefined : join(dataDirectory, name));
  if (dataDirectory !== undefined) {
    requireWritableFolder(dataDirectory);
    const lock = lockFolder(dataDirectory);
    started.defer(() => lock.release());
  }
  if (options.quiet === true) process.env.POWERTOOLS_LOG_LEVEL ??= "SILENT";

  const front = await startHttp({ port: options.port, host: options.host });
  started.defer(() => front.stop());
  const clock = movableClock({ file: inside("clock.json"), realTime: options.realTime });
  const issuer = await openIssuer({ url: front.url, directory: dataDirectory });
  const table = await openTable({ tableName, endpoint: options.tableEndpoint, directory: inside("table"), started });
  const functionsTable = (await options.beforeTable?.(table.endpoint)) ?? table.endpoint;

  const files = await startFiles({
    bucket: BUCKET,
    directory: inside("files"),
    clock,
    credentials: defaultProvider(),
  });
  started.defer(() => files.stop());

  // The mail endpoint may have something to report before the function that takes it in exists.
  const feedback = Promise.withResolvers<Handlers["feedback"]>();
  const ses = await startSes({
    directory: inside("mail"),
    clock,
    seed: options.seed,
    report: async (event) => (await feedback.promise)(event),
  });
  started.defer(() => ses.stop());

  const environment: Environment = {
    TABLE_NAME: tableName,
    TABLE_ENDPOINT: functionsTable,
    FILES_BUCKET: BUCKET,
    FILES_ENDPOINT: files.endpoint,
    AWS_REGION: process.env.AWS_REGION,
    SES_ENDPOINT: ses.endpoint,
    SES_CONFIGURATION_SET: CONFIGURATION_SET,
    MAIL_FROM: "CTO Mentor Program <program@example.org>",
    MAIL_REPLY_TO: "program-office@example.org",
    TOKEN_ISSUER: issuer.url,
    TOKEN_AUDIENCE: issuer.audience,
    TOKEN_JWKS_URI: `${issuer.url}/.well-known/jwks.json`,
    PUBLIC_URL: front.url,
    FIRST_STAFF_EMAIL: DEMO_PEOPLE.find(({ key }) => key === "staff")?.email,
    INTROSPECTION: "on",
    ...options.environment,
  };
  const runtime = runtimeFrom(environment, { clock });
  const handlers: Handlers = {
    graphql: graphqlHandler(runtime),
    events: eventsHandler(runtime),
    mail: mailHandler(runtime),
    due: dueHandler(runtime),
    feedback: feedbackHandler(runtime),
  };
  feedback.resolve(handlers.feedback);
  await ses.settle();

  const stream = await startStream({
    endpoint: table.endpoint,
    tableName,
    checkpointFile: inside("stream.json"),
    deadLetterFile: inside("dead-letters.jsonl"),
    faults: options.streamFaults,
    retryMilliseconds: options.streamRetryMilliseconds,
    consumers: [
      ...(["events", "mail"] as const).map((name) => {
        const { stream: pattern, batchSize, maxRetries } = WIRING[name];
        return { name, pattern, batchSize, maxRetries, handler: handlers[name] };
      }),
      forgetter(runtime, ses),
    ],
  });
  started.defer(() => stream.stop());

  let doneInAll = 0;
  const schedule = startSchedule({
    everyMinutes: WIRING.due.everyMinutes,
    run: async () => {
      for (let call = 0; call < DUE_CALLS; call++) {
        const { done, more } = await handlers.due({});
        doneInAll += done;
        stream.nudge();
        if (!more) return;
      }
    },
  });
  started.defer(() => schedule.stop());

  async function settle(): Promise<void> {
    // What became of a mail may be written down and have consequences of its own: once more.
    for (let round = 0; round < 2; round++) {
      await stream.settle();
      await ses.settle();
    }
  }

  async function runDue(): Promise<number> {
    const before = doneInAll;
    for (let round = 0; round < DUE_ROUNDS; round++) {
      const doneBefore = doneInAll;
      await schedule.runNow();
      await settle();
      if (doneInAll === doneBefore) break;
    }
    return doneInAll - before;
  }

  async function moveClock(move: ClockMove): Promise<ClockAnswer> {
    await settle();
    const mailsBefore = ses.ledger.length;
    if (move.advance !== undefined) clock.advance(move.advance);
    if (move.to !== undefined) clock.moveTo(move.to);
    const done = await runDue();
    const sent = new Set(ses.ledger.slice(mailsBefore).map((line) => line.messageId));
    const mails = (await ses.mails()).filter(({ id }) => sent.has(id));
    return {
      now: clock.now(),
      movedBy: clock.movedBy(),
      ran: { done, mails: mails.map(({ id, to, subject }) => ({ id, to, subject })) },
    };
  }

  const stack: Stack = {
    url: front.url,
    tableEndpoint: table.endpoint,
    tableName,
    handlers,
    runtime,
    clock,
    ses,
    files,
    issuer,
    stream,
    hasDemo: false,
    runDue,
    settle,
    moveClock,
    caughtUp: Promise.resolve(),
    failed: table.failed,
    stop: () => started.disposeAsync(),
  };
  // Served last, so it is the first to stop: nobody meets a half-stopped stack.
  front.serve({
    clock,
    allowedOrigins: options.allowedOrigins,
    pages: pagesOf({ url: front.url, people: DEMO_PEOPLE, clock, ses, issuer, moveClock: inTurn(moveClock) }),
    graphql: async (event, context) => {
      const result = await handlers.graphql(event, context);
      stream.nudge();
      return result;
    },
  });
  started.defer(() => front.stop());
  stack.caughtUp = catchUp(stack, () => started.disposed);
  const hasPast = dataDirectory !== undefined && readStackFile(dataDirectory) !== undefined;
  if (!hasPast) await stack.caughtUp;
  stack.hasDemo = await ensureDemo(stack, options.demo, dataDirectory);
  return stack;
}

/** The cloud keeps no mail that went out; the laptop does, and removes it with the message of somebody who was erased. */
function forgetter(runtime: Runtime, ses: LocalSes): StreamConsumer {
  return {
    name: "forgetter",
    pattern: { dynamodb: { NewImage: { entity: { S: ["MESSAGE"] }, erasedAt: {} } } },
    batchSize: 10,
    maxRetries: 8,
    handler: (batch) => inOrder(runtime, batch, (item) => ses.remove(item["id"] as string)),
  };
}

/** A stream that is behind, or a due thing that cannot be done now, must not keep anyone from starting. */
async function catchUp(stack: Stack, isStopped: () => boolean): Promise<void> {
  try {
    await stack.stream.settle(CATCH_UP_MILLISECONDS);
    await stack.settle();
    await stack.runDue();
  } catch (error) {
    if (!isStopped()) process.stderr.write(`Not everything from before could be done yet: ${messageOf(error)}\n`);
  }
}

/** A demo that a crash broke off is taken up again; one that is there is left as people changed it. */
async function ensureDemo(stack: Stack, isWanted: boolean, dataDirectory: string | undefined): Promise<boolean> {
  const before = dataDirectory === undefined ? undefined : readStackFile(dataDirectory);
  const demo = before?.demo ?? (isWanted ? "begun" : "none");
  const save = async (state: StackFile["demo"]) => {
    if (dataDirectory !== undefined) await writeStackFile(dataDirectory, { url: stack.url, demo: state });
  };
  await save(demo);
  if (demo === "begun") {
    await stack.caughtUp;
    await createDemo(stack);
    await stack.settle();
    await save("done");
  }
  return demo !== "none";
}

/** One call after the other. */
function inTurn<Input, Output>(work: (input: Input) => Promise<Output>): (input: Input) => Promise<Output> {
  let last: Promise<unknown> = Promise.resolve();
  return (input) => {
    const next = last.then(() => work(input));
    last = next.catch(() => {});
    return next;
  };
}
