import { expect, test } from "vitest";
import type { DynamoDBBatchResponse } from "aws-lambda";
import { seededRandom } from "../../infra/local/random.ts";
import { startStream, type StreamConsumer } from "../../infra/local/stream.ts";
import { WIRING } from "../../infra/wiring.ts";
import type { Message } from "../../schema/message/message.ts";
import { globalId } from "../../schema/shared/id.ts";
import { bundle } from "../support/bundle.ts";
import { bundledFunction } from "../support/bundled-function.ts";
import { crowd, decideAll } from "../support/crowd.ts";
import { checkInvariants } from "../support/invariants.ts";
import { STAFF, startProgram } from "../support/program.ts";
import { publishedCohort, step } from "../support/steps.ts";
import { readTable } from "../support/stored.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const PEOPLE = 250;
const KILLS = 30;
const seed = Date.now() % 1_000_000;

/** The mail function's own clock is the real one, so the program's must be, too. */
const program = await startProgram({ at: new Date().toISOString(), dataDirectory: temporaryFolder() });
// From here on the stream goes to the bundled mail function in a process of its own.
await program.stream.stop();
const { file } = await bundle("functions/mail/index.ts", temporaryFolder());
const mail = bundledFunction(file, {
  TABLE_NAME: program.tableName,
  TABLE_ENDPOINT: program.tableEndpoint,
  SES_ENDPOINT: program.ses.endpoint,
  SES_CONFIGURATION_SET: "laptop",
  MAIL_FROM: program.runtime.settings.mailFrom,
  MAIL_REPLY_TO: program.runtime.settings.mailReplyTo,
  TOKEN_ISSUER: program.issuer.url,
  TOKEN_AUDIENCE: program.issuer.audience,
  PUBLIC_URL: program.url,
  AWS_REGION: process.env.AWS_REGION ?? "",
  AWS_ACCESS_KEY_ID: process.env.AWS_ACCESS_KEY_ID ?? "",
  AWS_SECRET_ACCESS_KEY: process.env.AWS_SECRET_ACCESS_KEY ?? "",
  POWERTOOLS_LOG_LEVEL: "SILENT",
});

test("killed in the middle of its batches, the mail function loses and doubles none of 500 mails", async () => {
  console.info(`Mail kills: seed ${seed}.`);
  const random = seededRandom(seed);
  let kills = 0;
  let sendMail: StreamConsumer["handler"] = async (event) => {
    const call = mail.call(event) as Promise<DynamoDBBatchResponse>;
    // Some kills fall into the start of the process, most between the steps of a mail.
    const timer = kills < KILLS ? setTimeout(() => (kills += Number(mail.kill())), random() * 900) : undefined;
    return call.finally(() => clearTimeout(timer));
  };
  const consumer = (name: "events" | "mail", handler: StreamConsumer["handler"]): StreamConsumer => {
    const { stream: pattern, batchSize, maxRetries } = WIRING[name];
    return { name, pattern, batchSize, maxRetries, handler };
  };
  await using cleanup = new AsyncDisposableStack();
  const stream = await startStream({
    endpoint: program.tableEndpoint,
    tableName: program.tableName,
    retryMilliseconds: 1,
    consumers: [consumer("events", program.handlers.events), consumer("mail", (event) => sendMail(event))],
  });
  cleanup.defer(() => stream.stop());
  program.settle = async () => {
    for (let round = 0; round < 2; round++) {
      await stream.settle(600_000);
      await program.ses.settle();
    }
  };

  const today = program.clock.now().slice(0, 10);
  const cohortId = await publishedCohort(program, {
    zone: "UTC",
    windowOpens: `${Number(today.slice(0, 4)) - 1}-06-01T08:00`,
    windowCloses: `${Number(today.slice(0, 4)) + 1}-06-01T08:00`,
  });
  const applied = await crowd(program, cohortId, { size: PEOPLE, name: "Crowd" });
  await decideAll(program, cohortId, applied, "DECLINE");
  await program.settle();
  await mail.stop();
  expect(kills).toBe(KILLS);

  // Leases run out; from here on the function runs in this process, where the clock can be moved.
  sendMail = program.handlers.mail;
  const interrupted = (await messages()).filter(({ state }) => state === "SENDING" || state === "QUEUED");
  for (let round = 0; round < 3; round++) {
    program.clock.advance("PT15M");
    while ((await program.handlers.due({})).more);
    await program.settle();
  }
  const held = (await messages()).filter(({ state }) => state === "HELD");
  console.info(`${kills} kills left ${interrupted.length} mails in between; ${held.length} were held for staff.`);
  expect(held.filter(({ template }) => template === "application-received")).toEqual([]);

  // What is held was never taken by SES: every mail that was has its evidence.
  const taken = (id: string) =>
    program.ses.ledger.filter(({ outboxId, outcome }) => outboxId === id && outcome === "accepted").length;
  for (const { id } of held) {
    expect(taken(id)).toBe(0);
    const messageId = globalId("Message", id);
    const input = { messageId, idempotencyKey: `resend-${id.slice(-60)}` };
    expect((await step(program, STAFF, "messageResend", input)).userErrors).toEqual([]);
  }
  await program.settle();
  const all = await messages();
  expect(all).toHaveLength(2 * PEOPLE);
  expect(all.filter(({ state }) => state !== "DELIVERED")).toEqual([]);
  expect(all.filter(({ id }) => taken(id) !== 1)).toEqual([]);
  expect(await checkInvariants(program)).toEqual([]);
});

async function messages(): Promise<Message[]> {
  return (await readTable(program)).records<Message>("MESSAGE");
}
