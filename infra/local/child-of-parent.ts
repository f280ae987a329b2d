import { spawn } from "node:child_process";
import type { ChildProcessByStdio } from "node:child_process";
import type { Readable, Writable } from "node:stream";

const STOP_SECONDS = 3;
/** Characters of the output that are kept to explain an end. */
const KEPT_OUTPUT = 4000;

/**
 * A program has no way of its own to end with its parent. So a shell in a process group of its own starts it and
 * reads from the parent: the end of that pipe means that the parent is gone, however it ended, and the shell kills
 * the group. When the program ends first, the shell ends the rest of the group and answers with the program's status.
 */
const SHELL = `
trap : TERM
exec 3<&0
"$@" </dev/null 3<&- &
program=$!
echo "$program"
( read -r _ <&3; kill -9 -$$ ) </dev/null >/dev/null 2>&1 &
exec 3<&-
wait "$program"
status=$?
while kill -0 "$program" 2>/dev/null; do wait "$program"; status=$?; done
kill -TERM -$$
exit "$status"
`;

/** How programs begin the line that says why they end; the shell's own remarks are left out. */
const COMPLAINT = /^(error:|npm error(?! (code|errno|A complete log))|npm ERR!|sh: \d+: (?=.*not found))/;

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** A running program that ends with this process, even when this process is killed. */
export interface BoundChild {
  /** The program's process id. */
  pid: Promise<number>;
  /** Resolves when the program says on its error output that it listens. */
  listening: Promise<string>;
  /** Resolves with the reason once the program and all it started have ended. */
  ended: Promise<string>;
  /** Asks the program to end, kills it when it has not after three seconds, and waits until it is gone. */
  stop(): Promise<void>;
}

/** Starts a program that ends with this process. Needs a POSIX shell. */
export function startBoundChild(words: readonly string[]): BoundChild {
  const child: Child = spawn("sh", ["-c", SHELL, "sh", ...words], { detached: true, stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.on("error", () => undefined);
  const output = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => {
      output[stream] = (output[stream] + text).slice(-KEPT_OUTPUT);
    });
  }
  const heard = (stream: "stdout" | "stderr", wanted: RegExp): Promise<string> =>
    new Promise((resolve) => {
      child[stream].on("data", () => {
        const found = wanted.exec(output[stream])?.[0];
        if (found !== undefined) resolve(found);
      });
    });
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code, signal) => {
      const complaint = output.stderr.split("\n").find((line) => COMPLAINT.test(line));
      resolve(complaint?.replace(COMPLAINT, "").trim() ?? `code ${code ?? signal}`);
    });
  });
  return {
    pid: heard("stdout", /^\d+(?=\n)/).then(Number),
    listening: heard("stderr", /listening/i),
    ended,
    stop: () => endChild(child, ended),
  };
}

async function endChild(child: Child, ended: Promise<string>): Promise<void> {
  signalGroup(child, "SIGTERM");
  const late = setTimeout(() => signalGroup(child, "SIGKILL"), STOP_SECONDS * 1000);
  await ended;
  clearTimeout(late);
  child.stdin.destroy();
}

function signalGroup(child: Child, signal: NodeJS.Signals): void {
  // After its end the number may belong to somebody else.
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}
