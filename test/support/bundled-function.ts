import { fork, type ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterwards } from "./afterwards.ts";

/** A bundled function in a process of its own, as Lambda runs it: plain Node, the bundle and an environment. */
export interface BundledFunction {
  /** Calls the handler. Rejects when the process ends meanwhile; the next call starts another one. */
  call(event: unknown, context?: unknown): Promise<unknown>;
  /** Kills the process with `kill -9`; false when none is running. */
  kill(): boolean;
  /** Waits until no process is running. */
  stop(): Promise<void>;
}

const DRIVER = `import { handler } from "./index.mjs";
process.on("message", async ({ number, event, context }) => {
  const answer = await handler(event, context).then((value) => ({ value }), (error) => ({ error: String(error) }));
  process.send({ number, ...answer });
});
`;

interface Answer {
  number: number;
  value?: unknown;
  error?: string;
}

/** Runs the bundle in the file with this environment and nothing of this process's own but the path. */
export function bundledFunction(file: string, environment: Record<string, string>): BundledFunction {
  const driver = join(dirname(file), "driver.mjs");
  writeFileSync(driver, DRIVER);
  let child: ChildProcess | undefined;
  let ended: Promise<void> = Promise.resolve();
  let calls = 0;

  function running(): ChildProcess {
    if (child !== undefined) return child;
    const env = { PATH: process.env.PATH, ...environment };
    const started = fork(driver, [], { execArgv: [], env, stdio: ["ignore", "ignore", "inherit", "ipc"] });
    started.setMaxListeners(0);
    ended = new Promise((resolve) => started.once("close", () => resolve()));
    started.once("exit", () => (child = undefined));
    child = started;
    return started;
  }

  async function stop(): Promise<void> {
    child?.kill("SIGKILL");
    await ended;
  }

  afterwards(stop);
  return {
    call(event, context = {}) {
      const number = ++calls;
      const process = running();
      return new Promise((resolve, reject) => {
        process.once("exit", (_, signal) => reject(new Error(`The function's process ended: ${signal}`)));
        process.on("message", (answer: Answer) => {
          if (answer.number !== number) return;
          if (answer.error === undefined) resolve(answer.value);
          else reject(new Error(answer.error));
        });
        // Without an answer the end of the process tells.
        process.send({ number, event, context }, () => undefined);
      });
    },
    kill: () => child?.kill("SIGKILL") ?? false,
    stop,
  };
}
