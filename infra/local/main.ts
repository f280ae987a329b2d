import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { messageOf } from "./error-message.ts";
import { DEMO_PEOPLE } from "./demo.ts";
import { startStack } from "./stack.ts";
import type { Stack } from "./stack.ts";

const HELP = `Starts the program on this computer.

  npm start                      with the demo program, on port 4000
  npm start -- --empty           without it
  npm start -- --data <folder>   keeps everything in another folder than .data

  PORT=4001 npm start            on another port
  HOST=0.0.0.0 npm start         also for other computers; anyone who reaches it may sign in as anyone
  ALLOWED_ORIGINS=http://localhost:3000 npm start
                                 lets pages of these origins (commas between them) call the API
  TABLE_ENDPOINT=… npm start     on another DynamoDB endpoint, with the credentials of the environment
`;

const DEFAULT_PORT = 4000;
const PROJECT = join(import.meta.dirname, "../..");

function optionsOf(commandLine: string[]): { data: string; empty: boolean; help: boolean } {
  const { values } = parseArgs({
    args: commandLine,
    options: {
      data: { type: "string", default: join(PROJECT, ".data") },
      empty: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  return values;
}

function portOf(text: string | undefined): number {
  if (text === undefined || text === "") return DEFAULT_PORT;
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new Error(`PORT must be a number from 0 to 65535, and is "${text}".`);
  return port;
}

function greeting(stack: Stack, data: string): string {
  const { url, clock } = stack;
  const moved = clock.movedBy() === "PT0S" ? "the real time" : `${clock.movedBy()} ahead of the real time`;
  return `
The CTO Mentor Program runs on this computer.

  Start      ${url}/
  Explorer   ${url}/graphql
  Mail       ${url}/mail
  Sign in    ${url}/sign-in
  Clock      ${url}/clock   (${clock.now()}, ${moved})

  People     ${DEMO_PEOPLE.map(({ key }) => key).join(", ")}
  Token      npm run token -- staff

${stack.hasDemo ? "" : "There is no demo program here: whoever signs in as staff administers an empty one.\n"}Everything is kept in ${nearby(data)}. Ctrl-C stops.
`;
}

/** The shorter way to say where the folder is. */
function nearby(folder: string): string {
  const path = relative(process.cwd(), folder);
  return path.startsWith("..") ? resolve(folder) : path || ".";
}

async function main(): Promise<void> {
  const { data, empty, help } = optionsOf(process.argv.slice(2));
  if (help) return void process.stdout.write(HELP);
  process.env.POWERTOOLS_LOG_LEVEL ??= "WARN";
  const asked = new Promise<void>((stop) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      // Whoever asks twice does not want to wait. What was acknowledged is kept either way.
      process.once(signal, () => stop(void process.once(signal, () => process.exit(1))));
    }
  });
  const stack = await startStack({
    port: portOf(process.env.PORT),
    host: process.env.HOST || undefined,
    dataDirectory: data,
    demo: !empty,
    tableEndpoint: process.env.TABLE_ENDPOINT || undefined,
    allowedOrigins: process.env.ALLOWED_ORIGINS?.split(",").map((origin) => origin.trim()),
  });
  process.stdout.write(greeting(stack, data));
  try {
    await Promise.race([asked, stack.failed]);
  } finally {
    await stack.stop();
  }
}

try {
  await main();
  process.exit(0);
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  if (process.env.DEBUG) console.error(error);
  process.exit(1);
}
