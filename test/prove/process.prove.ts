import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { publishedCohort } from "../support/steps.ts";
import { clientOf } from "../support/stack-client.ts";
import { killStacks, leftBehind, processesOf, runStackProcess, startStackProcess } from "../support/stack-process.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

afterAll(killStacks);

const TERMS = { zone: "UTC", windowOpens: "2026-08-01T08:00", windowCloses: "2099-08-01T08:00" };
const COHORTS = "{ cohorts { nodes { name } } }";

/** The number of the process whose words end like this. */
function processWith(data: string, words: RegExp): number {
  const line = processesOf(data).find((candidate) => words.test(candidate));
  if (line === undefined) throw new Error(`No process of ${data} is like ${String(words)}`);
  return Number(/^ *(\d+)/.exec(line)?.[1]);
}

test("Ctrl-C ends npm start, leaves no process behind, and a second start keeps the data", async () => {
  const words = ["npm", "start", "--"];
  const data = temporaryFolder();
  const first = await startStackProcess({ data, words });
  await publishedCohort(await clientOf(first, data), TERMS);
  const { stderr } = await first.signal("SIGINT");
  // What npm says of itself.
  expect(stderr.replaceAll(/^npm (warn|error) .*\n/gm, "")).toBe("");
  expect(await leftBehind(data)).toEqual([]);
  const second = await startStackProcess({ data, words, port: first.port });
  const cohorts = await (await clientOf(second, data)).ask(null, COHORTS);
  expect(cohorts).toEqual({ cohorts: { nodes: [{ name: "Cohort 2027" }] } });
  await second.signal("SIGINT");
  expect(await leftBehind(data)).toEqual([]);
});

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "%s ends the stack with code 0 and leaves no process behind",
  async (name) => {
    const data = temporaryFolder();
    const stack = await startStackProcess({ data });
    const { code, stderr } = await stack.signal(name);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(await leftBehind(data)).toEqual([]);
  },
);

test("kill -9 of the stack takes the engine with it", async () => {
  const data = temporaryFolder();
  const stack = await startStackProcess({ data });
  expect(processesOf(data).filter((line) => line.includes("dynoxide serve"))).not.toEqual([]);
  await stack.kill();
  expect(await leftBehind(data)).toEqual([]);
  const again = await startStackProcess({ data, port: stack.port });
  expect((await again.signal("SIGINT")).code).toBe(0);
});

test("kill -9 of the engine ends the stack with one sentence and code 1", async () => {
  const data = temporaryFolder();
  const stack = await startStackProcess({ data });
  process.kill(processWith(data, /^ *\d+ \S*dynoxide serve/), "SIGKILL");
  const { code, stderr } = await stack.ended;
  expect(stderr).toMatch(
    /^The database engine stopped unexpectedly \(.+\): start again, what was acknowledged is kept\.\n$/,
  );
  expect(code).toBe(1);
  expect(await leftBehind(data)).toEqual([]);
});

test("a busy port is told in one sentence", async () => {
  await using cleanup = new AsyncDisposableStack();
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
  });
  cleanup.defer(() => void server.close());
  const data = temporaryFolder();
  const { code, stdout, stderr } = await runStackProcess({ data, port });
  expect(stderr).toBe(`Port ${port} is busy. Choose another: PORT=${port + 1} npm start\n`);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(await leftBehind(data)).toEqual([]);
});

test("a second stack on the same folder is told in one sentence, and the first goes on", async () => {
  const data = temporaryFolder();
  const first = await startStackProcess({ data });
  const { code, stderr } = await runStackProcess({ data });
  expect(stderr).toBe(`The data folder ${data} is in use by another running stack: stop that one first.\n`);
  expect(code).toBe(1);
  expect(await (await clientOf(first, data)).ask(null, COHORTS)).toEqual({ cohorts: { nodes: [] } });
  expect((await first.signal("SIGINT")).code).toBe(0);
});

test("a file in the folder's place is told in one sentence", async () => {
  const data = join(temporaryFolder(), "file");
  writeFileSync(data, "");
  const { code, stderr } = await runStackProcess({ data });
  expect(stderr).toBe(`The data folder ${data} cannot be written to: a file is in its place.\n`);
  expect(code).toBe(1);
});

test("a broken checkpoint only means that the stream is handled again", async () => {
  const data = temporaryFolder();
  writeFileSync(join(data, "stream.json"), "{ this is not JSON");
  const stack = await startStackProcess({ data });
  const { code, stderr } = await stack.signal("SIGINT");
  expect(stderr).toMatch(
    /^The checkpoint file .+stream\.json is unreadable: the stream is handled from its beginning .+\n$/,
  );
  expect(code).toBe(0);
});

test.each([
  "table/table.db",
  "stack.json",
  "clock.json",
  "issuer-keys.json",
  "mail/ledger.jsonl",
  "mail/reported.json",
])("a broken %s is told in one sentence, and nothing in the folder is touched", async (name) => {
  const data = temporaryFolder();
  const file = join(data, name);
  mkdirSync(join(file, ".."), { recursive: true });
  const broken = "{ this is neither a database nor JSON\n".repeat(200);
  writeFileSync(file, broken);
  const { code, stdout, stderr } = await runStackProcess({ data });
  expect(stderr).toMatch(/^[A-Z].+\.\n$/);
  expect(stderr).toContain(file);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(readFileSync(file, "utf8")).toBe(broken);
  expect(await leftBehind(data)).toEqual([]);
});
