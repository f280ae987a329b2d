import { expect, test } from "vitest";
import type { DynamoDBBatchResponse } from "aws-lambda";
import { seededRandom } from "../../infra/local/random.ts";
import { startStream, type StreamAdapter, type StreamConsumer } from "../../infra/local/stream.ts";
import { WIRING } from "../../infra/wiring.ts";
import type { Message } from "../../schema/message/message.ts";
import { globalId } from "../../schema/shared/id.ts";
import { afterwards } from "../support/afterwards.ts";
import { bundle } from "../support/bundle.ts";
import { bundledFunction, type BundledFunction } from "../support/bundled-function.ts";
import { crowd, decideAll } from "../support/crowd.ts";
import { startFaultProxy, type FaultProxy } from "../support/fault-proxy.ts";
import { checkInvariants } from "../support/invariants.ts";
import { STAFF, startProgram } from "../support/program.ts";
import { publishedCohort, step } from "../support/steps.ts";
import { readTable } from "../support/stored.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const PEOPLE = 250;
const KILLS = 30;
const seed = Date.now() % 1_000_000;

/** The mail function's own clock is the real one, so the program's must be, too. */
const proxies: FaultProxy[] = [];
const program = await startProgram({
  at: new Date().toISOString(),
  dataDirectory: temporaryFolder(),
  beforeTable: async (endpoint) => {
    const proxy = await startFaultProxy(endpoint, seed);
    proxies.push(proxy);
    afterwards(() => proxy.stop());
    return proxy.endpoint;
  },
});
// From here on this file says who reads the stream, and when.
await program.stream.stop();
const { file } = await bundle("functions/mail/index.ts", temporaryFolder());
const mail = bundledFunction(file, {
  TABLE_NAME: program.tableName,
  TABLE_ENDPOINT: program.tableEndpoint,
  FILES_BUCKET: "files",
  FILES_ENDPOINT: program.files.endpoint,
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
  await using cleanup = new AsyncDisposableStack();
  const events = await reading("events", program.handlers.events);
  cleanup.defer(() => events.stop());
  await receiptsAndDecisions();
  await events.settle(600_000);

  // What SES reports comes late: until then nobody knows of a mail that went out just before a kill.
  proxies[0]!.inject("GetItem", { kind: "throttle" });
  const killer = killerOf(mail);
  const sending = await reading("mail", async (event) =>
    killer.during(mail.call(event) as Promise<DynamoDBBatchResponse>),
  );
  await sending.settle(600_000);
  await sending.stop();
  await mail.stop();
  expect(killer.kills()).toBe(KILLS);
  expect((await messages()).filter(({ id }) => taken(id) > 1)).toEqual([]);
  const unknown = (await messages()).filter(({ state }) => state === "SENDING");
  const gone = unknown.filter(({ id }) => taken(id) > 0);
  console.info(`${KILLS} kills left ${unknown.length} mails in between; ${gone.length} of them had gone out.`);
  expect(gone.length).toBeGreaterThan(0);

  // Now the reports come, then leases run out; the function runs in this process, where the clock can be moved.
  proxies[0]!.reset();
  await program.ses.settle();
  await program.ses.replay();
  const resending = await reading("mail", program.handlers.mail);
  cleanup.defer(() => resending.stop());
  program.settle = async () => {
    for (let round = 0; round < 2; round++) {
      await events.settle(600_000);
      await resending.settle(600_000);
      await program.ses.settle();
    }
  };
  for (let round = 0; round < 3; round++) {
    program.clock.advance("PT15M");
    while ((await program.handlers.due({})).more);
    await program.settle();
  }
  const held = (await messages()).filter(({ state }) => state === "HELD");
  console.info(`${held.length} decisions were held for staff.`);
  expect(held.filter(({ template }) => template === "application-received")).toEqual([]);

  // What is held was never taken by SES: every mail that was has its evidence.
  for (const { id } of held) {
    expect(taken(id)).toBe(0);
    const input = { messageId: globalId("Message", id), idempotencyKey: `resend-${id.slice(-60)}` };
    expect((await step(program, STAFF, "messageResend", input)).userErrors).toEqual([]);
  }
  await program.settle();
  const all = await messages();
  expect(all).toHaveLength(2 * PEOPLE);
  expect(all.filter(({ state }) => state !== "DELIVERED")).toEqual([]);
  expect(all.filter(({ id }) => taken(id) !== 1)).toEqual([]);
  expect(await checkInvariants(program)).toEqual([]);
});

/** Reads the whole stream for one function, as it is wired. */
function reading(name: "events" | "mail", handler: StreamConsumer["handler"]): Promise<StreamAdapter> {
  const { stream: pattern, batchSize, maxRetries } = WIRING[name];
  return startStream({
    endpoint: program.tableEndpoint,
    tableName: program.tableName,
    retryMilliseconds: 1,
    consumers: [{ name, pattern, batchSize, maxRetries, handler }],
  });
}

/** Kills the function during its calls: right after the mail endpoint has taken a mail, or some milliseconds later. */
function killerOf(victim: BundledFunction) {
  const random = seededRandom(seed);
  let kills = 0;
  return {
    kills: () => kills,
    async during<Answer>(call: Promise<Answer>): Promise<Answer> {
      if (kills === KILLS) return call;
      const whenTaken = program.ses.ledger.length + 1 + Math.floor(random() * 8);
      const looksLater = kills % 2 === 0 ? 0 : Math.floor(random() * 20);
      let looks = 0;
      const timer = setInterval(() => {
        if (program.ses.ledger.length < whenTaken || looks++ < looksLater) return;
        clearInterval(timer);
        kills += Number(victim.kill());
      }, 1);
      return call.finally(() => clearInterval(timer));
    },
  };
}

async function receiptsAndDecisions(): Promise<void> {
  const year = Number(program.clock.now().slice(0, 4));
  const window = { windowOpens: `${year - 1}-06-01T08:00`, windowCloses: `${year + 1}-06-01T08:00` };
  const cohortId = await publishedCohort(program, { zone: "UTC", ...window });
  const applied = await crowd(program, cohortId, { size: PEOPLE, name: "Crowd" });
  await decideAll(program, cohortId, applied, "DECLINE");
}

async function messages(): Promise<Message[]> {
  return (await readTable(program)).records<Message>("MESSAGE");
}

/** How many mails of a message the mail endpoint has taken. */
function taken(id: string): number {
  return program.ses.ledger.filter(({ outboxId, outcome }) => outboxId === id && outcome === "accepted").length;
}
