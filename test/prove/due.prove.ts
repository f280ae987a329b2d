import { expect, test } from "vitest";
import type { Certificate } from "../../schema/certificate/certificate.ts";
import { abreast } from "../support/abreast.ts";
import { crowd, decideAll } from "../support/crowd.ts";
import { checkInvariants } from "../support/invariants.ts";
import { startProgram } from "../support/program.ts";
import { IN_WINDOW, issue, publishedCohort } from "../support/steps.ts";
import { readTable } from "../support/stored.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const HOLDERS = 200;

const program = await startProgram({ at: IN_WINDOW, dataDirectory: temporaryFolder() });
const cohortId = await publishedCohort(program, { seats: HOLDERS });
const applied = await crowd(program, cohortId, { size: HOLDERS, name: "Holder" });
await decideAll(program, cohortId, applied, "ACCEPT");
// Reminders fall on 180, 90, 60, 30, 7 and 0 days before 1 September 2029, at eight in the morning in California.
await abreast(applied, 10, ({ applicationId }) => issue(program, applicationId, "2026-09-01"));
await program.stream.settle(300_000);
await program.settle();

/** How many recertification-due mails each holder got so far, by subject; the same for all, or the test fails. */
async function remindersOfEach(): Promise<Record<string, number>> {
  await program.stream.settle(300_000);
  await program.settle();
  const mails = (await program.ses.mails()).filter(({ subject }) => subject.startsWith("Recertification due"));
  const counted = applied.map(({ caller }) => {
    const counts: Record<string, number> = {};
    for (const { to, subject } of mails) if (to.includes(caller.email)) counts[subject] = (counts[subject] ?? 0) + 1;
    return counts;
  });
  for (const counts of counted) expect(counts).toEqual(counted[0]);
  return counted[0] ?? {};
}

/** One call of the schedule, until nothing more is due in it. */
async function fire(): Promise<void> {
  for (let call = 0; call < 20; call++) if (!(await program.handlers.due({})).more) return;
  throw new Error("What is due does not come to an end");
}

test("the schedule fired twice at once reminds each of 200 holders once", async () => {
  program.clock.moveTo("2029-03-05T17:00:00Z");
  await Promise.all([fire(), fire()]);
  expect(await remindersOfEach()).toEqual({ "Recertification due in 180 days": 1 });
});

test("fired again an hour later it reminds nobody again", async () => {
  program.clock.advance("PT1H");
  await fire();
  expect(await remindersOfEach()).toEqual({ "Recertification due in 180 days": 1 });
});

test("not fired for three days it catches up once, with the days that are left", async () => {
  program.clock.moveTo("2029-06-06T17:00:00Z");
  await fire();
  await Promise.all([fire(), fire()]);
  expect(await remindersOfEach()).toEqual({
    "Recertification due in 180 days": 1,
    "Recertification due in 87 days": 1,
  });
});

test("what an outage of two steps has missed is one mail", async () => {
  program.clock.moveTo("2029-08-05T17:00:00Z");
  await Promise.all([fire(), fire(), fire()]);
  expect(await remindersOfEach()).toEqual({
    "Recertification due in 180 days": 1,
    "Recertification due in 87 days": 1,
    "Recertification due in 27 days": 1,
  });
  const certificates = (await readTable(program)).records<Certificate>("CERTIFICATE");
  expect(certificates).toHaveLength(HOLDERS);
  expect(certificates.filter(({ nextReminder }) => nextReminder?.daysBefore !== 7)).toEqual([]);
  expect(await checkInvariants(program)).toEqual([]);
});
