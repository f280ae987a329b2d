import { expect, test } from "vitest";
import type { Message } from "../../schema/message/message.ts";
import { crowd, decideAll } from "../support/crowd.ts";
import { checkInvariants } from "../support/invariants.ts";
import { startProgram } from "../support/program.ts";
import { IN_WINDOW, publishedCohort } from "../support/steps.ts";
import { readTable } from "../support/stored.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const PEOPLE = 250;

// On the disk, where the stream of a large table is read fast.
const program = await startProgram({
  at: IN_WINDOW,
  dataDirectory: temporaryFolder(),
  streamFaults: { duplicate: 0.3, shuffle: true, seed: Date.now() % 1_000_000 },
});

test("a stream that repeats three batches in ten, out of order, loses and doubles none of 500 mails", async () => {
  const cohortId = await publishedCohort(program);
  const applied = await crowd(program, cohortId, { size: PEOPLE, name: "Crowd" });
  await decideAll(program, cohortId, applied, "DECLINE");
  await program.stream.settle(300_000);
  expect(await checkInvariants(program)).toEqual([]);

  const messages = (await readTable(program)).records<Message>("MESSAGE");
  expect(messages).toHaveLength(2 * PEOPLE);
  expect(messages.filter(({ state, attempts }) => state !== "DELIVERED" || attempts !== 1)).toEqual([]);
  const accepted = program.ses.ledger.filter(({ outcome }) => outcome === "accepted");
  expect(accepted).toHaveLength(2 * PEOPLE);
  expect(new Set(accepted.map(({ outboxId }) => outboxId)).size).toBe(2 * PEOPLE);
  for (const { caller } of applied) {
    expect(accepted.filter(({ recipients }) => recipients.includes(caller.email))).toHaveLength(2);
  }
});
