import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync, appendFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetSendQuotaCommand, ListIdentitiesCommand, SendRawEmailCommand, SESClient } from "@aws-sdk/client-ses";
import { afterEach, describe, expect, test } from "vitest";
import { startSes } from "../infra/local/ses.ts";
import type { LocalSes, LocalSesEvent } from "../infra/local/ses.ts";

const running: LocalSes[] = [];
const folders: string[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((ses) => ses.stop()));
  for (const path of folders.splice(0)) rmSync(path, { recursive: true });
});

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "local-ses-"));
  folders.push(path);
  return path;
}

async function start(options: Parameters<typeof startSes>[0] = {}): Promise<LocalSes> {
  const ses = await startSes(options);
  running.push(ses);
  return ses;
}

async function stop(ses: LocalSes): Promise<void> {
  running.splice(running.indexOf(ses), 1);
  await ses.stop();
}

function clientOf(ses: LocalSes, requestTimeout = 5000): SESClient {
  return new SESClient({
    endpoint: ses.endpoint,
    region: "us-west-2",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
    requestHandler: { requestTimeout, throwOnRequestTimeout: true },
  });
}

function mail({ to = "Candidate Demo <candidate@example.org>", subject = "Welcome" } = {}): Buffer {
  return Buffer.from(
    [
      'From: "CTO Mentor Program" <program@example.org>',
      `To: ${to}`,
      "Reply-To: office@example.org",
      `Subject: ${subject}`,
      "Date: Sat, 30 Jan 2027 08:00:00 +0000",
      "Auto-Submitted: auto-generated",
      "MIME-Version: 1.0",
      'Content-Type: multipart/mixed; boundary="m"',
      "",
      "--m",
      'Content-Type: multipart/alternative; boundary="a"',
      "",
      "--a",
      "Content-Type: text/plain; charset=utf-8",
      "",
      "You are in.",
      "--a",
      "Content-Type: text/html; charset=utf-8",
      "",
      "<p>You are in.</p>",
      "--a--",
      "--m",
      'Content-Type: text/calendar; name="kickoff.ics"',
      "Content-Disposition: attachment; filename=kickoff.ics",
      "",
      "BEGIN:VCALENDAR",
      "--m--",
      "",
    ].join("\r\n"),
  );
}

function send(
  ses: LocalSes,
  outboxId: string,
  raw = mail(),
  extra: { Destinations?: string[]; timeout?: number } = {},
) {
  return clientOf(ses, extra.timeout).send(
    new SendRawEmailCommand({
      RawMessage: { Data: raw },
      ConfigurationSetName: "laptop",
      Tags: [{ Name: "outbox-id", Value: outboxId }],
      Destinations: extra.Destinations,
    }),
  );
}

async function errorOf(promise: Promise<unknown>): Promise<{ name: string; message: string; status?: number }> {
  try {
    await promise;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const metadata = "$metadata" in error ? (error.$metadata as { httpStatusCode?: number }) : {};
    return { name: error.name, message: error.message, status: metadata.httpStatusCode };
  }
  throw new Error("did not fail");
}

function collector(): {
  events: LocalSesEvent[];
  report: (event: LocalSesEvent) => Promise<void>;
  seen: () => string[];
} {
  const events: LocalSesEvent[] = [];
  return {
    events,
    report: async (event) => void events.push(event),
    seen: () => events.map((event) => `${event["detail-type"]} ${event.detail.mail.tags["outbox-id"]?.[0]}`),
  };
}

describe("sending", () => {
  test("a mail is on the disk with its ledger line before the answer", async () => {
    const directory = folder();
    const ses = await start({ directory });
    const raw = mail();

    const { MessageId } = await send(ses, "msg_1", raw);

    expect(readFileSync(join(directory, `${MessageId}.eml`))).toEqual(raw);
    expect(statSync(join(directory, `${MessageId}.eml`)).mode & 0o777).toBe(0o600);
    const line: unknown = JSON.parse(readFileSync(join(directory, "ledger.jsonl"), "utf8"));
    expect(line).toEqual({
      number: 0,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      outcome: "accepted",
      answer: "sent",
      messageId: MessageId,
      outboxId: "msg_1",
      recipients: ["candidate@example.org"],
      source: "program@example.org",
      tags: { "outbox-id": "msg_1" },
      configurationSet: "laptop",
    });
  });

  test("mails are read with text, html, headers and attachments", async () => {
    const ses = await start({ clock: { now: () => "2027-01-30T08:00:05.000Z" } });

    const { MessageId } = await send(ses, "msg_1");

    const [received, ...others] = await ses.mails();
    expect(others).toEqual([]);
    expect(received).toMatchObject({
      id: MessageId,
      time: "2027-01-30T08:00:05.000Z",
      to: ["candidate@example.org"],
      from: "CTO Mentor Program <program@example.org>",
      replyTo: "office@example.org",
      subject: "Welcome",
      date: "2027-01-30T08:00:00.000Z",
      outboxId: "msg_1",
      configurationSet: "laptop",
    });
    expect(received?.text?.trim()).toBe("You are in.");
    expect(received?.html?.trim()).toBe("<p>You are in.</p>");
    expect(received?.headers).toContainEqual({ name: "auto-submitted", value: "auto-generated" });
    expect(received?.attachments.map(({ filename, contentType }) => [filename, contentType])).toEqual([
      ["kickoff.ics", "text/calendar"],
    ]);
    expect(received?.attachments[0]?.content.toString().trim()).toBe("BEGIN:VCALENDAR");
  });

  test("the named destinations win over the headers", async () => {
    const ses = await start();

    await send(ses, "msg_1", mail(), { Destinations: ["one@example.org", "Two <two@example.org>"] });

    expect((await ses.mails()).map((received) => received.to)).toEqual([["one@example.org", "two@example.org"]]);
  });

  test("the same outbox id twice is two mails, as with the real service", async () => {
    const ses = await start();

    const first = await send(ses, "msg_1");
    const second = await send(ses, "msg_1");

    expect(first.MessageId).not.toBe(second.MessageId);
    expect((await ses.mails()).map((received) => received.outboxId)).toEqual(["msg_1", "msg_1"]);
  });

  test("many at once keep one ledger line each, in numbered order", async () => {
    const directory = folder();
    const ses = await start({ directory });

    const answers = await Promise.all(Array.from({ length: 60 }, (_, index) => send(ses, `msg_${index}`)));

    const lines = readFileSync(join(directory, "ledger.jsonl"), "utf8").trimEnd().split("\n");
    const numbers = lines.map((line) => (JSON.parse(line) as { number: number }).number);
    expect(numbers).toEqual(Array.from({ length: 60 }, (_, index) => index));
    expect(new Set(answers.map((answer) => answer.MessageId)).size).toBe(60);
    expect(ses.ledger.map((line) => line.number)).toEqual(numbers);
  });

  test.each([
    ["a tag the service would refuse", () => ({ outboxId: "msg:1" }), "InvalidParameterValue"],
    [
      "nobody to send to",
      () => ({ raw: Buffer.from("From: a@example.org\r\nSubject: x\r\n\r\nhello") }),
      "InvalidParameterValue",
    ],
    ["an address without a domain", () => ({ raw: mail({ to: "nobody" }) }), "InvalidParameterValue"],
    [
      "more than 10 MB",
      () => ({ raw: Buffer.concat([mail(), Buffer.alloc(10 * 1024 * 1024, "a")]) }),
      "InvalidParameterValue",
    ],
    [
      "more than 50 recipients",
      () => ({ raw: mail({ to: Array.from({ length: 51 }, (_, index) => `p${index}@example.org`).join(", ") }) }),
      "MessageRejected",
    ],
  ])("refuses %s", async (_name, make: () => { outboxId?: string; raw?: Buffer }, code) => {
    const ses = await start();
    const { outboxId = "msg_1", raw } = make();

    const error = await errorOf(send(ses, outboxId, raw));

    expect([error.name, error.status]).toEqual([code, 400]);
    expect(await ses.mails()).toEqual([]);
  });

  test("the quota counts what was sent", async () => {
    const ses = await start();
    await send(ses, "msg_1");

    const quota = await clientOf(ses).send(new GetSendQuotaCommand({}));

    expect([quota.Max24HourSend, quota.MaxSendRate, quota.SentLast24Hours]).toEqual([50_000, 14, 1]);
  });

  test("another action is named in a proper error", async () => {
    const ses = await start();

    const error = await errorOf(clientOf(ses).send(new ListIdentitiesCommand({})));

    expect(error).toEqual({
      name: "InvalidAction",
      message: "Could not find operation ListIdentities for version 2010-12-01",
      status: 400,
    });
  });

  test("nonsense is answered and does not end it", async () => {
    const ses = await start();

    const answers = [
      await fetch(ses.endpoint),
      await fetch(ses.endpoint, { method: "POST", body: "\u0000%%%&&&===" }),
      await fetch(ses.endpoint, { method: "POST", body: "Action=SendRawEmail&RawMessage.Data=%%%" }),
      await fetch(ses.endpoint, { method: "POST", body: "Action=<script>" }),
    ];

    expect(answers.map((answer) => answer.status)).toEqual([400, 400, 400, 400]);
    expect(await answers[3]?.text()).toContain("operation &#60;script&#62; for");
    expect((await send(ses, "msg_1")).$metadata.httpStatusCode).toBe(200);
  });
});

describe("faults", () => {
  test.each([
    ["throttle", "Throttling", "Maximum sending rate exceeded.", 400],
    ["reject", "MessageRejected", "Email address is not verified.", 400],
    ["serverError", "InternalFailure", "The service is out of order.", 500],
  ] as const)("%s refuses the next two, keeps nothing, then works again", async (fault, name, message, status) => {
    const ses = await start();
    ses.faults.set(fault, { times: 2 });

    expect(await errorOf(send(ses, "msg_1"))).toEqual({ name, message, status });
    expect(await errorOf(send(ses, "msg_2"))).toEqual({ name, message, status });
    await send(ses, "msg_3");

    expect((await ses.mails()).map((received) => received.outboxId)).toEqual(["msg_3"]);
    expect(ses.ledger.map((line) => `${line.outboxId} ${line.outcome} ${line.answer}`)).toEqual([
      `msg_1 refused error ${name}`,
      `msg_2 refused error ${name}`,
      "msg_3 accepted sent",
    ]);
  });

  test.each([
    ["acceptThenDrop", "dropped"],
    ["acceptThenHang", "hung"],
  ] as const)("%s keeps the mail, gives no answer, and reports it", async (fault, answer) => {
    const { report, seen } = collector();
    const ses = await start({ report });
    ses.faults.set(fault, { times: 1 });

    const error = await errorOf(send(ses, "msg_1", mail(), { timeout: 300 }));
    await ses.settle();

    expect(error.status).toBeUndefined();
    expect(ses.ledger.map((line) => `${line.outcome} ${line.answer}`)).toEqual([`accepted ${answer}`]);
    expect(seen()).toEqual(["Email Sent msg_1", "Email Delivered msg_1"]);
  });

  test("the same seed gives the same refusals, about as often as asked", async () => {
    async function refusals(seed: number): Promise<number[]> {
      const ses = await start({ seed });
      ses.faults.set("throttle", { share: 0.3 });
      for (let index = 0; index < 60; index++) await send(ses, `msg_${index}`).catch(() => {});
      return ses.ledger.filter((line) => line.outcome === "refused").map((line) => line.number);
    }

    const first = await refusals(7);

    expect(await refusals(7)).toEqual(first);
    expect(await refusals(8)).not.toEqual(first);
    expect(first.length).toBeGreaterThan(8);
    expect(first.length).toBeLessThan(30);
  });

  test("cleared faults are gone", async () => {
    const ses = await start();
    ses.faults.set("reject", { share: 1 });
    ses.faults.clear();

    await send(ses, "msg_1");

    expect((await ses.mails()).length).toBe(1);
  });
});

describe("events", () => {
  test("a mail is sent, then delivered, in the shape of EventBridge", async () => {
    const { report, events } = collector();
    const ses = await start({ report, clock: { now: () => "2027-01-30T08:00:05.000Z" } });

    const { MessageId } = await send(ses, "msg_1");
    await ses.settle();

    const common = {
      version: "0",
      id: expect.any(String),
      source: "aws.ses",
      account: "000000000000",
      time: "2027-01-30T08:00:05Z",
      region: "us-west-2",
      resources: ["arn:aws:ses:us-west-2:000000000000:configuration-set/laptop"],
    };
    const about = {
      timestamp: "2027-01-30T08:00:05.000Z",
      messageId: MessageId,
      source: "program@example.org",
      sendingAccountId: "000000000000",
      destination: ["candidate@example.org"],
      tags: { "outbox-id": ["msg_1"], "ses:configuration-set": ["laptop"] },
    };
    expect(events).toEqual([
      { ...common, "detail-type": "Email Sent", detail: { eventType: "Send", send: {}, mail: about } },
      {
        ...common,
        "detail-type": "Email Delivered",
        detail: {
          eventType: "Delivery",
          mail: about,
          delivery: {
            timestamp: "2027-01-30T08:00:05.000Z",
            processingTimeMillis: 1,
            recipients: ["candidate@example.org"],
            smtpResponse: "250 2.6.0 Message received",
          },
        },
      },
    ]);
  });

  test("addresses that begin with bounce and complaint do so", async () => {
    const { report, seen, events } = collector();
    const ses = await start({ report });

    await send(ses, "msg_1", mail({ to: "bounce-office@example.org" }));
    await send(ses, "msg_2", mail({ to: "complaint@example.org" }));
    await ses.settle();

    expect(seen()).toEqual([
      "Email Sent msg_1",
      "Email Bounced msg_1",
      "Email Sent msg_2",
      "Email Delivered msg_2",
      "Email Complaint Received msg_2",
    ]);
    expect(events[1]?.detail.bounce).toMatchObject({
      bounceType: "Permanent",
      bouncedRecipients: [{ emailAddress: "bounce-office@example.org" }],
    });
  });

  test("a mail without a configuration set is not reported, as with the real service", async () => {
    const { report, events } = collector();
    const ses = await start({ report });

    await clientOf(ses).send(new SendRawEmailCommand({ RawMessage: { Data: mail() } }));
    await ses.settle();

    expect(events).toEqual([]);
  });

  test("a report that fails twice is made a third time", async () => {
    let failures = 2;
    const { report, seen } = collector();
    const ses = await start({
      report: async (event) => {
        if (failures-- > 0) throw new Error("busy");
        await report(event);
      },
    });

    await send(ses, "msg_1");
    await ses.settle();

    expect(seen()).toEqual(["Email Sent msg_1", "Email Delivered msg_1"]);
  });

  test("events can be lost and doubled", async () => {
    const { report, seen } = collector();
    const ses = await start({ report });
    ses.faults.set("loseEvent", { times: 1 });
    ses.faults.set("duplicateEvent", { times: 1 });

    await send(ses, "msg_1");
    await ses.settle();

    expect(seen()).toEqual(["Email Delivered msg_1", "Email Delivered msg_1"]);
  });
});

describe("after a restart", () => {
  test("a mail that is removed is gone from the disk while others come in, and its ledger line stays without the address", async () => {
    const directory = folder();
    const first = await start({ directory });
    const toOther = mail({ to: "other@example.org", subject: "Other" });
    await Promise.all([send(first, "gone-1"), send(first, "stays-1", toOther)]);
    await Promise.all([first.remove("gone-1"), send(first, "stays-2", toOther), first.remove("gone-1")]);
    await send(first, "stays-3", toOther);
    await stop(first);
    const files = readdirSync(directory).map((name) => readFileSync(join(directory, name), "utf8"));
    expect(files.filter((content) => content.includes("candidate@example.org"))).toEqual([]);

    const second = await start({ directory });
    expect((await second.mails()).map(({ outboxId }) => outboxId)).toEqual(["stays-1", "stays-2", "stays-3"]);
    expect(second.ledger.map(({ number }) => number)).toEqual([0, 1, 2, 3]);
    expect(second.ledger.find(({ outboxId }) => outboxId === "gone-1")).toMatchObject({
      outcome: "accepted",
      recipients: [],
      isRemoved: true,
    });
    expect(
      await second.raw(second.ledger.find(({ outboxId }) => outboxId === "gone-1")?.messageId ?? ""),
    ).toBeUndefined();
  });

  test("the mails are still there and nothing is reported twice", async () => {
    const directory = folder();
    const first = await start({ directory, report: collector().report });
    await send(first, "msg_1");
    await first.settle();
    await stop(first);
    const { report, events } = collector();

    const second = await start({ directory, report });
    await second.settle();

    expect((await second.mails()).map((received) => received.subject)).toEqual(["Welcome"]);
    expect(events).toEqual([]);
  });

  test("a mail whose fate nobody took in is reported again", async () => {
    const directory = folder();
    const first = await start({ directory, report: () => new Promise(() => {}) });
    await send(first, "msg_1");
    // The killed process's folder: the first endpoint never gets to note that it reported.
    const copy = folder();
    for (const name of readdirSync(directory)) writeFileSync(join(copy, name), readFileSync(join(directory, name)));
    const { report, seen } = collector();

    const second = await start({ directory: copy, report });
    await second.settle();

    expect(seen()).toEqual(["Email Sent msg_1", "Email Delivered msg_1"]);
  });

  test("what was given up does not hold up others and comes again", async () => {
    const directory = folder();
    const calm = collector();
    const first = await start({
      directory,
      report: async (event) => {
        if (event.detail.mail.tags["outbox-id"]?.[0] === "msg_1") throw new Error("poison");
        await calm.report(event);
      },
    });
    await send(first, "msg_1");
    await send(first, "msg_2");
    await first.settle();
    await stop(first);
    const { report, seen } = collector();

    const second = await start({ directory, report });
    await second.settle();

    expect(calm.seen()).toEqual(["Email Sent msg_2", "Email Delivered msg_2"]);
    expect(seen()).toEqual(["Email Sent msg_1", "Email Delivered msg_1"]);
  });

  test("half a ledger line and mails without a line are cleared away", async () => {
    const directory = folder();
    const first = await start({ directory });
    const { MessageId } = await send(first, "msg_1");
    await stop(first);
    appendFileSync(join(directory, "ledger.jsonl"), '{"number":1,"time":"20');
    writeFileSync(join(directory, "unanswered.eml"), mail());
    writeFileSync(join(directory, "half.eml.tmp"), "From:");

    const second = await start({ directory });
    await send(second, "msg_2");
    await stop(second);

    const third = await start({ directory });
    expect((await third.mails()).map((received) => received.outboxId)).toEqual(["msg_1", "msg_2"]);
    expect(readdirSync(directory).filter((name) => name.endsWith(".eml")).length).toBe(2);
    expect(readdirSync(directory)).toContain(`${MessageId}.eml`);
  });

  test("a broken ledger is told in one sentence", async () => {
    const directory = folder();
    writeFileSync(join(directory, "ledger.jsonl"), "nonsense\n");

    await expect(startSes({ directory })).rejects.toThrow(
      `Line 1 of the mail ledger ${join(directory, "ledger.jsonl")} is broken.`,
    );
  });
});
