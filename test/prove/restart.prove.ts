import { afterAll, expect, test } from "vitest";
import { seededRandom } from "../../infra/local/random.ts";
import { addDays, dateOf } from "../../schema/shared/time.ts";
import { abreast } from "../support/abreast.ts";
import { checkInvariants } from "../support/invariants.ts";
import { someone, STAFF, startProgram } from "../support/program.ts";
import { clientOf, isSilence, type StackClient } from "../support/stack-client.ts";
import { killStacks, leftBehind, startStackProcess } from "../support/stack-process.ts";
import { complete, draft, publishedCohort, step } from "../support/steps.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

afterAll(killStacks);

const WRITERS = 20;
const RESTARTS = 10;
const seed = Date.now() % 1_000_000;

/** Somebody who saves the same field again and again, each time with the next number. */
interface Writer {
  caller: ReturnType<typeof someone>;
  applicationId: string;
  sent: number;
  acknowledged: number;
}

test("ten kills and restarts under steady writing lose no acknowledged save and double none", async () => {
  console.info(`Restart storm: seed ${seed}.`);
  const random = seededRandom(seed);
  const data = temporaryFolder();
  let stack = await startStackProcess({ data });
  const client = await clientOf(stack, data);
  const writers = await writersOf(client);
  const starts: { killedAfterSaves: number; startedInMilliseconds: number }[] = [];

  for (let restart = 0; restart < RESTARTS; restart++) {
    const killedAfter = Math.floor(random() * 60);
    let saves = 0;
    const enough = Promise.withResolvers<void>();
    const writing = writers.map((writer) =>
      saveUntilSilence(client, writer, () => ++saves >= killedAfter && enough.resolve()),
    );
    await Promise.race([enough.promise, Promise.all(writing)]);
    await stack.kill();
    await Promise.all(writing);
    expect(await leftBehind(data)).toEqual([]);
    const from = performance.now();
    stack = await startStackProcess({ data, port: stack.port });
    starts.push({ killedAfterSaves: saves, startedInMilliseconds: Math.round(performance.now() - from) });
    for (const writer of writers) {
      const { jobTitle, saved } = await look(client, writer);
      // A save that was not acknowledged may have been carried out, and then counts.
      expect([writer.acknowledged, writer.sent].map(titleOf)).toContain(jobTitle);
      writer.acknowledged = writer.sent = Number(jobTitle.slice(6));
      expect(saved).toBe(writer.acknowledged);
    }
  }
  console.table(starts);

  for (const { caller, applicationId } of writers) {
    expect((await step(client, caller, "applicationSave", complete(applicationId))).userErrors).toEqual([]);
    expect((await step(client, caller, "applicationSubmit", { applicationId })).userErrors).toEqual([]);
  }
  await client.advance("PT15M");
  const mails = await client.mails();
  expect(mails).toHaveLength(WRITERS);
  expect(new Set(mails.flatMap(({ to }) => to)).size).toBe(WRITERS);
  expect((await stack.signal("SIGINT")).code).toBe(0);
  expect(await leftBehind(data)).toEqual([]);
  const program = await startProgram({ at: new Date().toISOString(), dataDirectory: data });
  expect(await checkInvariants(program)).toEqual([]);
});

const titleOf = (number: number) => `Title ${number}`;

async function writersOf(client: StackClient): Promise<Writer[]> {
  const today = dateOf(await client.now(), "UTC");
  const window = { windowOpens: `${addDays(today, -2)}T08:00`, windowCloses: `${addDays(today, 30)}T17:00` };
  const cohortId = await publishedCohort(client, { zone: "UTC", ...window });
  const callers = Array.from({ length: WRITERS }, (_, index) => someone(`Writer ${index}`));
  const writers = await abreast(callers, WRITERS, async (caller) => {
    return { caller, applicationId: await draft(client, caller, cohortId), sent: 0, acknowledged: 0 };
  });
  await Promise.all(writers.map((writer) => save(client, writer)));
  return writers;
}

async function save(client: StackClient, writer: Writer): Promise<void> {
  const { caller, applicationId } = writer;
  writer.sent = writer.acknowledged + 1;
  const input = { applicationId, jobTitle: titleOf(writer.sent) };
  const { userErrors } = await step(client, caller, "applicationSave", input);
  if (userErrors.length > 0) throw new Error(userErrors.map(({ message }) => message).join(" "));
  writer.acknowledged = writer.sent;
}

/** Saves until no answer comes; any other failure is one. */
async function saveUntilSilence(client: StackClient, writer: Writer, onSaved: () => void): Promise<void> {
  try {
    for (;;) {
      await save(client, writer);
      onSaved();
    }
  } catch (error) {
    if (!isSilence(error)) throw error;
  }
}

/** What is kept of the writer's saves, and how many are in the history. */
async function look(client: StackClient, { applicationId }: Writer): Promise<{ jobTitle: string; saved: number }> {
  const types: string[] = [];
  let after: string | null = null;
  let jobTitle = "";
  do {
    const { node }: Looked = await client.ask<Looked>(STAFF, LOOK, { id: applicationId, after });
    jobTitle = node.draft.jobTitle;
    types.push(...node.history.nodes.map(({ type }) => type));
    after = node.history.pageInfo.hasNextPage ? node.history.pageInfo.endCursor : null;
  } while (after !== null);
  return { jobTitle, saved: types.filter((type) => type === "ApplicationSaved").length };
}

interface Looked {
  node: {
    draft: { jobTitle: string };
    history: { nodes: { type: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };
  };
}

const LOOK = `query($id: ID!, $after: String) { node(id: $id) { ... on Application {
  draft { jobTitle }
  history(first: 100, after: $after) { nodes { type } pageInfo { hasNextPage endCursor } } } } }`;
