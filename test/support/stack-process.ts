import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const PROJECT = join(import.meta.dirname, "../..");
const START = [process.execPath, "--import", "tsx", "infra/local/main.ts"];
const START_SECONDS = 60;
const GONE_SECONDS = 15;

/** How a stack of its own is started. */
export interface StackProcessOptions {
  /** The data folder, by which the processes of the stack are found. */
  data: string;
  /** A free one when 0. */
  port?: number;
  /** Words that start a stack; those of `npm start` unless told, without npm. */
  words?: readonly string[];
}

/** What ended, and how. */
export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** The laptop stack as processes of its own. */
export interface StackProcess {
  url: string;
  port: number;
  /** How it ends, whenever it does. */
  ended: Promise<Ended>;
  /** Kills every process of the stack's own group at once with `kill -9`; the engine is in a group of its own. */
  kill(): Promise<Ended>;
  /** Sends a signal to the whole group, as a terminal does on Ctrl-C, and waits for the end. */
  signal(name: NodeJS.Signals): Promise<Ended>;
}

/** Starts the stack with an empty program and waits until it greets. Throws its words when it ends instead. */
export async function startStackProcess(options: StackProcessOptions): Promise<StackProcess> {
  const { group, ended, output } = launch(options);
  const deadline = Date.now() + START_SECONDS * 1000;
  let url: string | undefined;
  while (url === undefined) {
    const end = await Promise.race([ended, pause(20)]);
    if (end !== undefined) throw new Error(`The stack ended with ${end.code}: ${end.stderr}`);
    if (Date.now() > deadline) throw new Error(`The stack did not greet within ${START_SECONDS} seconds`);
    url = /Start +(http:\S+?)\/\n[^]*Ctrl-C/.exec(output())?.[1];
  }
  const signal = (name: NodeJS.Signals) => {
    process.kill(-group, name);
    return ended;
  };
  return { url, port: Number(new URL(url).port), ended, signal, kill: () => signal("SIGKILL") };
}

/** Starts a stack that is expected to end by itself. Kills it and throws its words when it does not. */
export async function runStackProcess(options: StackProcessOptions): Promise<Ended> {
  const { group, ended, output } = launch(options);
  const isLate = await Promise.race([ended, pause(START_SECONDS * 1000, "late" as const, { ref: false })]);
  if (isLate !== "late") return isLate;
  process.kill(-group, "SIGKILL");
  throw new Error(`The stack did not end: ${output()}`);
}

/** The processes that have the folder's name among their words: the stack, the engine, and the shell that watches it. */
export function processesOf(data: string): string[] {
  const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,args="], { encoding: "utf8" });
  if (stdout === "") throw new Error("The list of processes cannot be read");
  return stdout.split("\n").filter((line) => line.includes(data));
}

/** Waits until no process of the folder is left; answers those that stay. */
export async function leftBehind(data: string): Promise<string[]> {
  const deadline = Date.now() + GONE_SECONDS * 1000;
  for (;;) {
    const left = processesOf(data);
    if (left.length === 0 || Date.now() > deadline) return left;
    await pause(20);
  }
}

const running = new Set<number>();

/** Kills every stack that is still running, as a failed test leaves it. */
export function killStacks(): void {
  for (const group of running) process.kill(-group, "SIGKILL");
}

function launch({ data, port = 0, words = START }: StackProcessOptions) {
  const [program = "", ...rest] = words;
  const child = spawn(program, [...rest, "--empty", "--data", data], {
    cwd: PROJECT,
    // A group of its own, so that one kill strikes all of it.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, PORT: String(port), NODE_OPTIONS: "", POWERTOOLS_LOG_LEVEL: "SILENT" },
  });
  const group = child.pid!;
  running.add(group);
  const written = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => (written[stream] += text));
  }
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      running.delete(group);
      resolve({ code, signal, ...written });
    });
  });
  ended.catch(() => undefined);
  return { group, ended, output: () => written.stdout };
}
