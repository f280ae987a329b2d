import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { DynamoDBRecord } from "aws-lambda";
import PostalMime from "postal-mime";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { eventsOf, type LocalSesEvent } from "../infra/local/ses-events.ts";
import type { LedgerLine } from "../infra/local/ses.ts";
import { messageFrom, messageKey, writeMessage } from "../schema/message/message.table.ts";
import { parseGlobalId } from "../schema/shared/id.ts";
import { putNew } from "../schema/shared/write.ts";
import { readTable } from "./support/stored.ts";
import { checkInvariants } from "./support/invariants.ts";
import { someone, startProgram, STAFF } from "./support/program.ts";
import {
  accepted,
  draft,
  IN_WINDOW,
  outbox,
  prepare,
  publishedCohort,
  release,
  step,
  submitted,
  subjectsTo,
  type OutboxMessage,
} from "./support/steps.ts";
import { ticking } from "./support/ticking.ts";

const folder = mkdtempSync(join(tmpdir(), "outbox-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const program = await startProgram({
  at: IN_WINDOW,
  realTime: ticking(IN_WINDOW).realTime,
  dataDirectory: folder,
  streamRetryMilliseconds: 1,
});
// So that a mail service that does not answer is given up soon.
const mailClient = program.runtime.ses.config.requestHandler as {
  updateHttpClientConfig(name: string, to: number): void;
};
mailClient.updateHttpClientConfig("requestTimeout", 200);
afterEach(() => program.ses.faults.clear());

type Person = ReturnType<typeof someone>;

let cohorts = 0;
const newCohort = () => publishedCohort(program, { number: ++cohorts, name: `Cohort ${cohorts}` });
const cohortId = await newCohort();

function calls({ email }: Person): LedgerLine[] {
  return program.ses.ledger.filter(({ recipients }) => recipients.includes(email));
}

function acceptedCalls(person: Person): LedgerLine[] {
  return calls(person).filter(({ outcome }) => outcome === "accepted");
}

/** Has somebody submit an application while the mail service has a fault; answers once that had its consequences. */
async function receiptUnder(name: string, fault?: Parameters<typeof program.ses.faults.set>[0]): Promise<Person> {
  const person = someone(name);
  if (fault) program.ses.faults.set(fault, { times: 1 });
  await submitted(program, person, cohortId);
  await program.settle();
  return person;
}

/** Has somebody be accepted, with a fault while the decision's mail goes out. */
async function acceptanceUnder(name: string, fault: Parameters<typeof program.ses.faults.set>[0]): Promise<Person> {
  const person = someone(name);
  const cohort = await newCohort();
  await prepare(program, await submitted(program, person, cohort));
  await program.settle();
  program.ses.faults.set(fault, { times: 1 });
  await release(program, cohort);
  await program.settle();
  return person;
}

function resend(message: OutboxMessage, idempotencyKey: string) {
  const input = { messageId: message.id, idempotencyKey };
  return step<{ message: { state: string; reason: string | null } }>(
    program,
    STAFF,
    "messageResend",
    input,
    "message { state reason }",
  );
}

/** A message as it is kept. */
async function stored(message: OutboxMessage) {
  return messageFrom(await program.runtime.table.get(messageKey(parseGlobalId(message.id)!.id)))!;
}

const report = (event: LocalSesEvent) => program.handlers.feedback(event);

test("a mail that SES refuses is failed with the reason, the others of its batch go out, and due never tries again", async () => {
  const cohort = await newCohort();
  const people = ["Refused One", "Refused Two", "Refused Three"].map(someone);
  for (const person of people) await prepare(program, await submitted(program, person, cohort));
  await program.settle();
  program.ses.faults.set("reject", { times: 1 });
  await release(program, cohort);
  await program.settle();

  const failed = (await Promise.all(people.map((person) => outbox(program, "FAILED", person)))).flat();
  expect(failed).toEqual([
    {
      id: expect.any(String),
      state: "FAILED",
      template: "decision-accepted",
      subject: `You are accepted: Cohort ${cohorts}`,
      sentTo: expect.stringMatching(/^refused\.(one|two|three)@example\.org$/),
      attempts: 1,
      reason: "SES refused: MessageRejected: Email address is not verified.",
    },
  ]);
  const refused = people.find(({ email }) => email === failed[0]!.sentTo)!;
  const others = people.filter((person) => person !== refused);
  for (const person of others) expect(await subjectsTo(program, person)).toHaveLength(2);
  for (let day = 0; day < 3; day++) await program.moveClock({ advance: "P1D" });
  expect(calls(refused).map(({ answer }) => answer)).toEqual(["sent", "error MessageRejected"]);

  // Staff send it again, once, however often they click.
  const key = "resend-refused-1";
  const clicks = await Promise.all([1, 2, 3].map(() => resend(failed[0]!, key)));
  expect(clicks.map(({ userErrors }) => userErrors)).toEqual([[], [], []]);
  await program.settle();
  expect((await resend(failed[0]!, key)).message).toEqual({ state: "DELIVERED", reason: null });
  expect(await subjectsTo(program, refused)).toEqual([
    expect.stringMatching(/^We have received your application APP-2027-\d{4}$/),
    `You are accepted: Cohort ${cohorts}`,
  ]);
  expect(await outbox(program, "FAILED", refused)).toEqual([]);
  expect((await resend(failed[0]!, "resend-refused-2")).userErrors).toEqual([
    {
      code: "WRONG_STATE",
      field: ["messageId"],
      message: "Only a mail that failed, bounced or is held can be sent again.",
    },
  ]);
  const [other] = await outbox(program, "DELIVERED", others[0]!);
  expect((await resend(other!, key)).userErrors.map(({ code }) => code)).toEqual(["KEY_REUSED"]);
  expect((await resend(other!, "short")).userErrors.map(({ code }) => code)).toEqual(["BAD_KEY"]);
});

test("a mail that SES throttles waits its time and goes out once", async () => {
  const person = await receiptUnder("Throttled Person", "throttle");
  const [waiting] = await outbox(program, "QUEUED", person);
  expect(waiting).toMatchObject({ attempts: 1, reason: "SES asks for patience: Maximum sending rate exceeded." });
  await program.moveClock({ advance: "PT25S" });
  expect(acceptedCalls(person)).toHaveLength(0);
  await program.moveClock({ advance: "PT10S" });
  expect(await outbox(program, "DELIVERED", person)).toEqual([
    { ...waiting, state: "DELIVERED", attempts: 2, reason: null },
  ]);
  await program.moveClock({ advance: "P1D" });
  expect(calls(person).map(({ answer }) => answer)).toEqual(["error Throttling", "sent"]);
});

test("a mail that SES throttles again and again fails after its three days, and staff see why and what to do", async () => {
  const person = someone("Patient Person");
  program.ses.faults.set("throttle", { share: 1 });
  await submitted(program, person, cohortId);
  await program.settle();
  await program.moveClock({ advance: "PT24H" });
  await program.moveClock({ advance: "PT24H" });
  await program.moveClock({ advance: "PT23H" });
  expect(await outbox(program, "QUEUED", person)).toMatchObject([{ attempts: 4 }]);
  await program.moveClock({ advance: "PT1H1M" });
  expect(await outbox(program, "FAILED", person)).toMatchObject([
    { attempts: 5, reason: "SES asks for patience: Maximum sending rate exceeded. It was tried for 72 hours." },
  ]);
  expect(calls(person)).toHaveLength(5);
  const { messages } = await program.ask<{ messages: { nodes: { fix: string; mailClass: string }[] } }>(
    STAFF,
    "{ messages(state: FAILED) { nodes { fix mailClass } } }",
  );
  const fix = "Mend what the reason names, then send the mail again, or call it off.";
  expect(messages.nodes[0]).toEqual({ fix, mailClass: "REQUIRED" });
});

for (const fault of ["acceptThenDrop", "acceptThenHang"] as const) {
  test(`${fault}: the mail is settled by what SES reports, and nothing goes out twice`, async () => {
    const receipt = await receiptUnder(`Evidence Receipt ${fault}`, fault);
    const decision = await acceptanceUnder(`Evidence Decision ${fault}`, fault);
    expect(await outbox(program, "DELIVERED", receipt)).toMatchObject([{ attempts: 1, reason: null }]);
    expect(await outbox(program, "DELIVERED", decision)).toMatchObject([
      { template: "decision-accepted", attempts: 1, reason: null },
      { template: "application-received", attempts: 1, reason: null },
    ]);
    await program.moveClock({ advance: "PT11M" });
    await program.moveClock({ advance: "P1D" });
    expect(acceptedCalls(receipt)).toHaveLength(1);
    expect(acceptedCalls(decision)).toHaveLength(2);
  });

  test(`${fault} and no report: after the lease the receipt is sent once more, the decision is held for staff`, async () => {
    program.ses.faults.set("loseEvent", { share: 1 });
    const receipt = await receiptUnder(`Silent Receipt ${fault}`, fault);
    const decision = await acceptanceUnder(`Silent Decision ${fault}`, fault);
    expect(await outbox(program, "SENDING", receipt)).toMatchObject([{ attempts: 1, reason: null }]);
    expect(await outbox(program, "SENDING", decision)).toMatchObject([{ attempts: 1, reason: null }]);
    await program.moveClock({ advance: "PT9M" });
    expect(acceptedCalls(receipt)).toHaveLength(1);

    await program.moveClock({ advance: "PT2M" });
    expect(await outbox(program, "SENT", receipt)).toMatchObject([{ attempts: 2, reason: null }]);
    const [held] = await outbox(program, "HELD", decision);
    expect(held).toMatchObject({
      template: "decision-accepted",
      sentTo: decision.email,
      reason: "It is not known whether this mail went out: please ask the recipient before sending it again.",
    });
    for (let day = 0; day < 2; day++) await program.moveClock({ advance: "P1D" });
    expect(acceptedCalls(receipt)).toHaveLength(2);
    expect(acceptedCalls(decision)).toHaveLength(2);

    program.ses.faults.clear();
    expect((await resend(held!, `resend-held-${fault}`)).message).toEqual({ state: "QUEUED", reason: null });
    await program.settle();
    expect(await outbox(program, "DELIVERED", decision)).toMatchObject([{ template: "decision-accepted" }]);
    expect(acceptedCalls(decision)).toHaveLength(3);
  });
}

test("an error of SES's own is not taken for a refusal: the receipt goes out after the lease, the decision is held", async () => {
  const receipt = await receiptUnder("Error Receipt", "serverError");
  const decision = await acceptanceUnder("Error Decision", "serverError");
  expect(await outbox(program, "SENDING", receipt)).toHaveLength(1);
  await program.moveClock({ advance: "PT11M" });
  expect(await outbox(program, "DELIVERED", receipt)).toMatchObject([{ attempts: 2 }]);
  expect(await outbox(program, "HELD", decision)).toMatchObject([{ template: "decision-accepted", attempts: 1 }]);
  expect(acceptedCalls(receipt)).toHaveLength(1);
  expect(acceptedCalls(decision)).toHaveLength(1);
});

test("a report that comes after the mail was held settles it without a second mail", async () => {
  program.ses.faults.set("loseEvent", { share: 1 });
  const person = await acceptanceUnder("Late Report", "acceptThenDrop");
  await program.moveClock({ advance: "PT11M" });
  expect(await outbox(program, "HELD", person)).toHaveLength(1);
  for (const event of eventsOf(acceptedCalls(person)[1]!)) await report(event);
  expect(await outbox(program, "HELD", person)).toEqual([]);
  expect(await outbox(program, "DELIVERED", person)).toMatchObject([{ template: "decision-accepted", reason: null }]);
  await program.moveClock({ advance: "P1D" });
  expect(acceptedCalls(person)).toHaveLength(2);
});

test("a message whose doorbell was lost is rung for by due", async () => {
  const person = await receiptUnder("Unheard Person", "reject");
  const [failed] = await outbox(program, "FAILED", person);
  const now = Date.parse(program.clock.now());
  const after = (minutes: number) => new Date(now + minutes * 60_000).toISOString();
  // Back in the queue as if new, and not ready when its doorbell rings: that ring is lost.
  const lost = {
    ...(await stored(failed!)),
    state: "QUEUED",
    sendAfter: after(1),
    dueAt: after(5),
    reason: null,
  } as const;
  await program.runtime.table.commit(writeMessage(lost));
  await program.settle();
  await program.moveClock({ advance: "PT4M" });
  expect(acceptedCalls(person)).toHaveLength(0);
  await program.moveClock({ advance: "PT2M" });
  expect(await outbox(program, "DELIVERED", person)).toHaveLength(1);
  await program.moveClock({ advance: "P1D" });
  expect(acceptedCalls(person)).toHaveLength(1);
});

test("a bounce is told with its reason and can be sent again; a complaint cannot", async () => {
  const bounced = await receiptUnder("Bounce Person");
  const complained = await receiptUnder("Complaint Person");
  const [message] = await outbox(program, "BOUNCED", bounced);
  expect(message).toMatchObject({ attempts: 1, reason: "Permanent bounce: smtp; 550 5.1.1 user unknown" });
  const [complaint] = await outbox(program, "COMPLAINED", complained);
  expect(complaint).toMatchObject({ attempts: 1, reason: "abuse" });
  expect((await resend(complaint!, "resend-complaint")).userErrors.map(({ code }) => code)).toEqual(["WRONG_STATE"]);

  await program.moveClock({ advance: "P1D" });
  expect(acceptedCalls(bounced)).toHaveLength(1);
  await resend(message!, "resend-bounce-1");
  await program.settle();
  expect(acceptedCalls(bounced)).toHaveLength(2);
  const again = await outbox(program, "BOUNCED", bounced);
  expect(again).toMatchObject([{ attempts: 1, reason: "Permanent bounce: smtp; 550 5.1.1 user unknown" }]);

  // A late report on the first mail says nothing about the second.
  const { version } = await stored(message!);
  for (const event of eventsOf(acceptedCalls(bounced)[0]!)) await report(event);
  expect((await stored(message!)).version).toBe(version);
});

test("reports that come twice, out of order or for another outbox id change nothing", async () => {
  const person = await receiptUnder("Reported Person");
  const [delivered] = await outbox(program, "DELIVERED", person);
  const before = await stored(delivered!);
  const [line] = acceptedCalls(person);
  const events = eventsOf(line!);
  expect(events.map(({ detail }) => detail.eventType)).toEqual(["Send", "Delivery"]);
  for (const event of [...events, ...events.toReversed(), ...events]) await report(event);
  expect(await stored(delivered!)).toEqual(before);

  const { items } = await readTable(program);
  for (const id of ["msg_unknown", "__proto__", "", "MESSAGE#x", `${before.id}x`, "app_1#DECISION"]) {
    for (const event of eventsOf({ ...line!, tags: { "outbox-id": id } })) await report(event);
  }
  for (const event of eventsOf({ ...line!, tags: {} })) await report(event);
  expect((await readTable(program)).items).toEqual(items);

  // A bounce after the delivery wins, and a delivery after the bounce does not take it back.
  const [, bounce] = eventsOf({ ...line!, recipients: ["bounce@example.org"] });
  await report(bounce!);
  await report(events[1]!);
  expect(await outbox(program, "BOUNCED", person)).toMatchObject([
    { reason: "Permanent bounce: smtp; 550 5.1.1 user unknown" },
  ]);
});

test("a mail whose reason is gone before its turn is cancelled, and staff see why", async () => {
  const early = someone("Withdrawn Early");
  program.ses.faults.set("throttle", { times: 1 });
  const applicationId = await submitted(program, early, cohortId);
  await program.settle();
  await step(program, early, "applicationWithdraw", { applicationId });
  await program.moveClock({ advance: "PT1M" });
  expect(await outbox(program, "CANCELLED", early)).toMatchObject([
    { template: "application-received", reason: "The application was withdrawn before its receipt went out." },
  ]);
  expect(acceptedCalls(early)).toHaveLength(0);

  const late = await acceptanceUnder("Withdrawn Late", "throttle");
  const { viewer } = await program.ask<{ viewer: { applications: { id: string }[] } }>(
    late,
    "{ viewer { applications { id } } }",
  );
  await step(program, late, "applicationWithdraw", { applicationId: viewer.applications[0]!.id });
  await program.moveClock({ advance: "PT1M" });
  expect(await outbox(program, "CANCELLED", late)).toMatchObject([
    { template: "decision-accepted", reason: "The application's state has changed since." },
  ]);
  await program.moveClock({ advance: "P1D" });
  expect(await subjectsTo(program, late)).toEqual([expect.stringMatching(/^We have received/)]);
});

test("an event that is delivered again makes no second message and no second mail", async () => {
  const person = await receiptUnder("Redelivered Person");
  const { items } = await readTable(program);
  const events = items.filter(({ entity }) => entity === "EVENT");
  const batch = events.map((item) => recordFor(item));
  for (const _ of [1, 2]) expect(await program.handlers.events({ Records: batch })).toEqual({ batchItemFailures: [] });
  await program.settle();
  expect((await readTable(program)).items).toEqual(items);
  // The doorbell too: a message that was sent is not sent again.
  const messages = items.filter(({ entity }) => entity === "MESSAGE");
  await program.handlers.mail({ Records: messages.map((item) => recordFor(item)) });
  await program.settle();
  expect((await readTable(program)).items).toEqual(items);
  expect(acceptedCalls(person)).toHaveLength(1);
});

test("each mail has one recipient, the program as sender, a person to answer to, and says the same in text and HTML", async () => {
  const mails = await program.ses.mails();
  expect(mails.length).toBeGreaterThan(20);
  for (const { id, to } of mails) {
    const raw = (await program.ses.raw(id))!;
    const mail = await PostalMime.parse(raw);
    const count = (name: string) => mail.headers.filter(({ key }) => key === name).length;
    expect(to).toHaveLength(1);
    expect(mail.to).toEqual([{ address: to[0], name: "" }]);
    expect([count("to"), count("cc"), count("bcc"), count("from"), count("reply-to"), count("subject")]).toEqual([
      1, 0, 0, 1, 1, 1,
    ]);
    expect(mail.from).toEqual({ address: "program@example.org", name: "CTO Mentor Program" });
    expect(mail.replyTo).toEqual([{ address: "program-office@example.org", name: "" }]);
    expect(mail.headers.find(({ key }) => key === "auto-submitted")?.value).toBe("auto-generated");
    expect(raw.toString("latin1")).toMatch(/^Date: (Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} Sep 2026 [\d:]{8} \+0000\r$/m);
    expect(mail.attachments).toEqual([]);
    // Every sentence of the text is in the HTML.
    for (const line of mail.text!.split("\n").filter((text) => text.trim() !== "")) {
      for (const part of line.split(": ")) expect(wordsOf(mail.html!)).toContain(part.replace(/:$/, "").trim());
    }
  }
});

const BREAKS = ["\r\n", "\n", "\r", "\r\n ", "\u2028", "\u2029", "\u0085", "\u000B", "\u000C", "\u0000"];
const BCC = "Bcc: victim@example.com";

test("names with line breaks are refused wherever they can come from", async () => {
  const person = someone("Breaking Person");
  const applicationId = await draft(program, person, cohortId);
  const id = await newCohort();
  for (const text of BREAKS.map((lineBreak) => `Name${lineBreak}${BCC}`)) {
    const renamed = await step(program, person, "viewerRename", { name: text });
    expect(renamed.userErrors.map(({ code, field }) => [code, field])).toEqual([["BAD_CHARACTERS", ["name"]]]);
    const saved = await step(program, person, "applicationSave", {
      applicationId,
      jobTitle: text,
      organization: { name: text, kind: "DISTRICT" },
    });
    expect(saved.userErrors.map(({ code, field }) => [code, field])).toEqual([
      ["BAD_CHARACTERS", ["organization", "name"]],
      ["BAD_CHARACTERS", ["jobTitle"]],
    ]);
    const changed = await step(program, STAFF, "cohortChange", { cohortId: id, expectedVersion: 2, name: text });
    expect(changed.userErrors.map(({ code, field }) => [code, field])).toEqual([["BAD_CHARACTERS", ["name"]]]);
    // A token's name that is none is not taken: the address's first part stands in.
    const token = { name: text, email: `from.token.${BREAKS.indexOf(text.slice(4, -BCC.length))}@example.org` };
    const { viewer } = await program.ask<{ viewer: { person: { name: string } } }>(
      token,
      "{ viewer { person { name } } }",
    );
    expect(viewer.person.name).toBe(token.email.split("@")[0]);
  }
});

test("names that look like headers or encoded words are shown as they are, and reach one recipient", async () => {
  const encoded = Buffer.from(`\r\n${BCC}`).toString("base64");
  const names = [
    `=?UTF-8?B?${encoded}?=`,
    `=?utf-8?q?=0D=0A${BCC.replaceAll(" ", "_")}?=`,
    `Name\\r\\n${BCC}`,
    `Name%0D%0A${BCC}`,
    `${BCC}, "<victim@example.com>"`,
    `<script>alert(1)</script> & {{name}} \${name}`,
    "Ünïcödé \u{1F393} \u202Eesrever\u202C",
  ];
  for (const [index, name] of names.entries()) {
    const id = await publishedCohort(program, { number: ++cohorts, name });
    const person = { name, email: `header.${index}@example.org` };
    await accepted(program, person, id);
    await program.settle();
    const mails = (await program.ses.mails()).filter(({ to }) => to.includes(person.email));
    expect(mails.map(({ to }) => to)).toEqual([[person.email], [person.email]]);
    const [receipt, acceptance] = mails;
    expect(acceptance!.subject).toBe(`You are accepted: ${name}`);
    for (const { text, html, headers } of [receipt!, acceptance!]) {
      expect(text).toContain(`Dear ${name},`);
      expect(text).toContain(name);
      expect(wordsOf(html!)).toContain(`Dear ${name},`);
      expect(html).not.toContain("<script>");
      expect(headers.map((header) => header.name).filter((header) => /^(bcc|cc|x-|victim)/.test(header))).toEqual([]);
    }
  }
  expect(program.ses.ledger.filter(({ recipients }) => recipients.length !== 1)).toEqual([]);
  expect(program.ses.ledger.filter(({ recipients }) => recipients.join().includes("victim"))).toEqual([]);
});

test("everything in the table fits together, but for the mails of which SES reported nothing", async () => {
  const wrong = await checkInvariants(program);
  expect(wrong.map((sentence) => sentence.replace(/^msg_\w{26}-/, "").replace(/-\w{26} /, " ")).sort()).toEqual([
    "application-received is SENT and was accepted 2 times",
    "application-received is SENT and was accepted 2 times",
    "decision-accepted is DELIVERED and was accepted 2 times",
    "decision-accepted is DELIVERED and was accepted 2 times",
  ]);
});

test("a record of the stream that cannot be handled ends in the dead-letter file, and those behind it are handled", async () => {
  const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
  const poison = (id: string, event: object) =>
    putNew({ pk: "HISTORY#Application#app_poison", sk: `EVENT#${id}`, entity: "EVENT", id, ...event });
  const about = { kind: "Application", id: "app_poison" };
  const at = program.clock.now();
  const { table } = program.runtime;
  await table.commit([poison("evt_unknown", { type: "SomethingUnheardOf", about, at, facts: {} })]);
  await table.commit([poison("evt_factless", { type: "ApplicationSubmitted", about, at })]);
  await table.commit([
    poison("evt_nobody", { type: "ApplicationSubmitted", about, at, facts: { personId: "per_nobody" } }),
  ]);
  const person = await receiptUnder("Behind Poison");
  expect(await subjectsTo(program, person)).toHaveLength(1);
  const letters = readFileSync(join(folder, "dead-letters.jsonl"), "utf8").trim().split("\n");
  expect(letters.map((line) => JSON.parse(line) as { consumer: string; record: DynamoDBRecord })).toMatchObject([
    { consumer: "events", record: { dynamodb: { Keys: { sk: { S: "EVENT#evt_factless" } } } } },
  ]);
  expect(warned).toHaveBeenCalledTimes(1);
  const { messages } = await program.ask<{ messages: { nodes: object[] } }>(
    STAFF,
    `{ messages(state: FAILED) { nodes { template reason recipient { name } } } }`,
  );
  expect(messages.nodes[0]).toEqual({
    template: "application-received",
    reason: "What the mail is about, or whom it is for, is not there any more.",
    recipient: null,
  });
});

function recordFor(item: object): DynamoDBRecord {
  const NewImage = marshall(item, { removeUndefinedValues: true }) as NonNullable<
    DynamoDBRecord["dynamodb"]
  >["NewImage"];
  return { eventName: "INSERT", dynamodb: { SequenceNumber: "1", NewImage } };
}

/** The words of a page as a reader sees them. */
function wordsOf(html: string): string {
  return html
    .replace(/^[\s\S]*<body/, "<body")
    .replaceAll(/<[^>]*>/g, "\n")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");
}
