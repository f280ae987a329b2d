import { expect, test } from "vitest";
import type { Message } from "../../schema/message/message.ts";
import { crowd, decideAll } from "../support/crowd.ts";
import { checkInvariants } from "../support/invariants.ts";
import { startProgram } from "../support/program.ts";
import { IN_WINDOW, publishedCohort } from "../support/steps.ts";
import { readTable } from "../support/stored.ts";

const seed = Date.now() % 1_000_000;
console.info(`Mail faults: seed ${seed}.`);
const program = await startProgram({ at: IN_WINDOW, seed });

/** One message, and how many mails of it the mail endpoint took and refused. */
interface Fate {
  id: string;
  template: string;
  state: string;
  attempts: number;
  taken: number;
  refused: number;
}

/** The fates of the messages to a crowd, by the crowd's name. */
async function fates(name: string): Promise<Fate[]> {
  const messages = (await readTable(program)).records<Message>("MESSAGE");
  const lines = (id: string, outcome: string) =>
    program.ses.ledger.filter((line) => line.outboxId === id && line.outcome === outcome).length;
  return messages
    .filter(({ sentTo }) => sentTo?.startsWith(name.toLowerCase()))
    .map(({ id, template, state, attempts }) => {
      return { id, template, state, attempts, taken: lines(id, "accepted"), refused: lines(id, "refused") };
    });
}

/** A tenth of the calls each: refused with a fault of the service, taken without an answer, taken and hung. */
function makeTrouble(): void {
  for (const fault of ["serverError", "acceptThenDrop", "acceptThenHang"] as const) {
    program.ses.faults.set(fault, { share: 0.1 });
  }
}

/** A receipt and a decision for each of a crowd, while the mail endpoint makes trouble; then all leases run out. */
async function troubled(name: string, size: number): Promise<Fate[]> {
  const cohortId = await publishedCohort(program, { number: size });
  makeTrouble();
  const applied = await crowd(program, cohortId, { size, name });
  await decideAll(program, cohortId, applied, "DECLINE");
  // Each that hangs holds the others up for ten seconds.
  await program.stream.settle(600_000);
  program.ses.faults.set("serverError", {});
  program.ses.faults.set("acceptThenDrop", {});
  program.ses.faults.set("acceptThenHang", {});
  await program.moveClock({ advance: "PT15M" });
  return fates(name);
}

test("with reports of SES no mail is doubled, and what it never took is resent or held", async () => {
  const all = await troubled("Heard", 75);
  expect(all).toHaveLength(150);
  console.info(`${all.filter(({ refused }) => refused > 0).length} of 150 were refused once.`);
  expect(all.filter(({ taken }) => taken > 1)).toEqual([]);
  // Only a fault of the service itself leaves a mail without evidence.
  for (const { template, state, attempts, taken, refused } of all) {
    const isReceipt = template === "application-received";
    if (refused === 0) expect({ state, attempts, taken }).toEqual({ state: "DELIVERED", attempts: 1, taken: 1 });
    else if (isReceipt) expect({ state, attempts, taken }).toEqual({ state: "DELIVERED", attempts: 2, taken: 1 });
    else expect({ state, attempts, taken }).toEqual({ state: "HELD", attempts: 1, taken: 0 });
  }
  expect(await checkInvariants(program)).toEqual([]);
});

test("without reports decisions are held and never doubled, and receipts are resent exactly once", async () => {
  program.ses.faults.set("loseEvent", { share: 1 });
  const all = await troubled("Unheard", 40);
  expect(all).toHaveLength(80);
  const silent = new Set(program.ses.ledger.filter(({ answer }) => answer !== "sent").map(({ outboxId }) => outboxId));
  for (const { id, template, state, attempts, taken, refused } of all) {
    const isReceipt = template === "application-received";
    if (!silent.has(id)) expect({ state, attempts, taken }).toEqual({ state: "SENT", attempts: 1, taken: 1 });
    else if (isReceipt) expect({ state, attempts, taken }).toEqual({ state: "SENT", attempts: 2, taken: 2 - refused });
    else expect({ state, attempts, taken }).toEqual({ state: "HELD", attempts: 1, taken: 1 - refused });
  }
});
