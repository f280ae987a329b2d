import { createServer } from "node:net";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { startBoundChild } from "./child-of-parent.ts";
import { fileProblem, lockFolder, prepareDatabaseFile, requireWritableFolder } from "./database-file.ts";
import { messageOf } from "./error-message.ts";

export { LOCAL_CREDENTIALS, connection } from "./connection.ts";
export { ensureTable } from "./ensure-table.ts";

const HOST = "127.0.0.1";
const DATABASE_FILE = "table.db";
const START_SECONDS = 15;
/** npx may have to download the engine first. */
const START_SECONDS_WITH_DOWNLOAD = 120;
/** How long to wait for the engine's own word that it listens: what answers on the port may be somebody else. */
const LISTENING_WORD_MILLISECONDS = 1000;

/** Where the engine keeps its table and listens. */
export interface EngineOptions {
  /** Folder that keeps the table across restarts; in memory when absent. */
  dataDir?: string;
  /** Port on the loopback address; a free one when absent. */
  port?: number;
}

/** A running DynamoDB-compatible engine. */
export interface Engine {
  endpoint: string;
  /** Process id of the engine, or of npx where that runs it. */
  pid: number;
  /** Rejects with one clear sentence when the engine ends unasked; stays pending otherwise. */
  failed: Promise<never>;
  /** Ends the engine and waits until it is gone. */
  stop(): Promise<void>;
}

/**
 * Starts the engine and waits until it answers. It ends with this process, even when this process is killed.
 * Throws one clear sentence when it cannot start: no engine for this machine, busy port, unusable data folder.
 */
export async function startEngine({ dataDir, port }: EngineOptions = {}): Promise<Engine> {
  if (dataDir === undefined) return launch({ port });
  requireWritableFolder(dataDir);
  const lock = lockFolder(dataDir);
  try {
    const file = join(dataDir, DATABASE_FILE);
    if (!prepareDatabaseFile(file).indexed) await createDatabaseFile(file);
    const engine = await launch({ port, file });
    engine.failed.catch(() => lock.release());
    return {
      ...engine,
      async stop() {
        await engine.stop();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Lets the engine make its tables once and ends it, because its file is only indexed while no engine has it open. */
async function createDatabaseFile(file: string): Promise<void> {
  const engine = await launch({ file });
  await engine.stop();
  prepareDatabaseFile(file);
}

interface Launch {
  port?: number;
  file?: string;
}

/** Somebody may take a free port between its choice and its use; then another one is chosen. */
async function launch({ port, file }: Launch): Promise<Engine> {
  if (port !== undefined) {
    if (!(await isFree(port))) throw busyPort(port);
    return launchAt(port, file);
  }
  for (let tries = 1; ; tries += 1) {
    const chosen = await freePort();
    try {
      return await launchAt(chosen, file);
    } catch (error) {
      if (tries === 3 || messageOf(error) !== busyPort(chosen).message) throw error;
    }
  }
}

async function launchAt(port: number, file: string | undefined): Promise<Engine> {
  const command = engineCommand();
  const storage = file === undefined ? [] : ["--db-path", file];
  const child = startBoundChild([...command.words, "serve", "--host", HOST, "--port", String(port), ...storage]);
  const explain = (line: string): string => explainFailure(line, { port, file, download: command.download });

  const endpoint = `http://${HOST}:${port}`;
  const early = child.ended.then((line) => {
    throw new Error(explain(line));
  });
  early.catch(() => undefined);
  let stopping = false;
  const stop = async (): Promise<void> => {
    stopping = true;
    await child.stop();
  };
  try {
    const seconds = command.download ? START_SECONDS_WITH_DOWNLOAD : START_SECONDS;
    await Promise.race([untilAnswering(endpoint, seconds, () => stopping), early]);
    await Promise.race([child.listening, delay(LISTENING_WORD_MILLISECONDS, undefined, { ref: false }), early]);
  } catch (error) {
    await stop();
    throw error;
  }
  const failed = child.ended.then((line) => {
    if (stopping) return new Promise<never>(() => undefined);
    const kept =
      file === undefined ? "its table was in memory and is gone" : "start again, what was acknowledged is kept";
    throw new Error(`The database engine stopped unexpectedly (${line}): ${kept}.`);
  });
  failed.catch(() => undefined);
  return { endpoint, pid: await child.pid, failed, stop };
}

/** The binary of the package for this platform, else npx, which downloads it. */
function engineCommand(): { words: string[]; download: boolean } {
  try {
    const require = createRequire(import.meta.url);
    const manifest = require.resolve(`@dynoxide/${process.platform}-${process.arch}/package.json`);
    return { words: [join(dirname(manifest), "dynoxide")], download: false };
  } catch {
    return { words: ["npx", "--yes", "dynoxide"], download: true };
  }
}

async function untilAnswering(endpoint: string, seconds: number, stopped: () => boolean): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (Date.now() < deadline && !stopped()) {
    try {
      await fetch(endpoint, { signal: AbortSignal.timeout(1000) });
      return;
    } catch {
      await delay(10);
    }
  }
  throw new Error(`The database engine did not answer at ${endpoint} within ${seconds} seconds.`);
}

function explainFailure(
  line: string,
  { port, file, download }: { port: number; file?: string; download: boolean },
): string {
  if (/address already in use|address in use/i.test(line)) return busyPort(port).message;
  if (download) {
    return (
      `There is no database engine for ${process.platform}-${process.arch} in node_modules and "npx --yes dynoxide" failed ` +
      `(${line}): connect to the network once, or set TABLE_ENDPOINT to a DynamoDB endpoint.`
    );
  }
  if (file !== undefined) return `The database file ${file} cannot be used: ${fileProblem(line)}.`;
  return `The database engine did not start: ${line}.`;
}

function busyPort(port: number): Error {
  return new Error(`Port ${port} on ${HOST} is in use: choose another one.`);
}

async function isFree(port: number): Promise<boolean> {
  try {
    await listenOnce(port);
    return true;
  } catch (error) {
    if (/EADDRINUSE/.test(messageOf(error))) return false;
    throw new Error(`Port ${port} on ${HOST} cannot be used: ${messageOf(error)}.`, { cause: error });
  }
}

async function freePort(): Promise<number> {
  return listenOnce(0);
}

/** Takes the port for a moment and answers its number. */
function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(port, HOST, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : port));
    });
  });
}
