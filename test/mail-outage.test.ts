import { expect, test } from "vitest";
import { someone, startProgram } from "./support/program.ts";
import { IN_WINDOW, outbox, publishedCohort, submitted } from "./support/steps.ts";
import { abreast } from "./support/abreast.ts";
import { paceOf } from "../functions/mail/pace.ts";

test("while SES cannot be reached a mail waits, and nothing is open about it", async () => {
  const program = await startProgram({ at: IN_WINDOW, environment: { SES_ENDPOINT: "http://127.0.0.1:9" } });
  const person = someone("Outage Person");
  await submitted(program, person, await publishedCohort(program));
  await program.settle();
  expect(await outbox(program, "QUEUED", person)).toMatchObject([{ attempts: 1, reason: "SES cannot be reached." }]);
});

test("all functions together hand over no more mails in a second than SES takes", async () => {
  const program = await startProgram({ at: IN_WINDOW, environment: { MAIL_RATE: "quota" } });
  const { runtime } = program;
  const functions = [1, 2, 3].map(() => paceOf(runtime, async () => 8, 10));
  const seconds: string[] = [];
  const turns = functions.flatMap((pace) => Array.from({ length: 10 }, () => pace));
  await abreast(turns, 3, async (pace) => {
    expect(await pace()).toBe(true);
    seconds.push(runtime.clock.now().slice(0, 19));
  });
  const counts = Object.values(Object.groupBy(seconds, (second) => second)).map((each) => each!.length);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(30);
  expect(Math.max(...counts)).toBeLessThanOrEqual(8);
});

test("the rate is what SES says: mails of a crowd keep to it, and all arrive", async () => {
  const program = await startProgram({ at: IN_WINDOW, environment: { MAIL_RATE: "quota" } });
  const cohortId = await publishedCohort(program);
  await abreast(
    Array.from({ length: 20 }, (_, index) => someone(`Paced ${index}`)),
    10,
    (person) => submitted(program, person, cohortId),
  );
  await program.settle();
  const seconds = program.ses.ledger.map(({ time }) => time.slice(0, 19));
  const counts = Object.values(Object.groupBy(seconds, (second) => second)).map((each) => each!.length);
  expect(seconds).toHaveLength(20);
  // The endpoint says 14; one that was admitted at the end of a second may arrive at the beginning of the next.
  expect(Math.max(...counts)).toBeLessThanOrEqual(15);
});
