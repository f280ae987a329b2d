import { randomBytes, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import PostalMime, { addressParser } from "postal-mime";
import type { Clock } from "../../schema/shared/time.ts";
import { messageOf } from "./error-message.ts";
import { startReporter } from "./ses-events.ts";
import type { LocalSesEvent } from "./ses-events.ts";
import { sesFaults } from "./ses-faults.ts";
import type { SesFaults } from "./ses-faults.ts";
import { parseMail } from "./ses-mail.ts";
import type { LocalMail } from "./ses-mail.ts";
import { openSesStore } from "./ses-store.ts";
import type { LedgerLine } from "./ses-store.ts";

export type { LocalMail } from "./ses-mail.ts";
export type { LedgerLine } from "./ses-store.ts";
export type { LocalSesEvent } from "./ses-events.ts";

const NAMESPACE = "http://ses.amazonaws.com/doc/2010-12-01/";
const MAX_MESSAGE_BYTES = 10 * 1024 * 1024;
const MAX_REQUEST_BYTES = 24 * 1024 * 1024;
const MAX_RECIPIENTS = 50;
const SENDS_A_DAY = 50_000;
const SENDS_A_SECOND = 14;

/** A mail endpoint that speaks the query protocol of Amazon SES (v1) and keeps every mail. */
export interface LocalSes {
  endpoint: string;
  /** Every accepted mail that is kept, in the order of acceptance, read. */
  mails(): Promise<LocalMail[]>;
  /** The bytes of a mail as they came. */
  raw(messageId: string): Promise<Buffer | undefined>;
  /** Removes the mails of an outbox id, because their recipient was erased. */
  remove(outboxId: string): Promise<void>;
  /** Every call, accepted or refused. */
  ledger: readonly LedgerLine[];
  faults: SesFaults;
  /** Reports again what the feedback function did not take in. */
  replay(): Promise<void>;
  /** Resolves when every mail accepted so far was reported. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

/** How to start the endpoint. */
export interface SesOptions {
  /** Where mails and ledger are kept; in memory when absent. */
  directory?: string;
  /** Port on the loopback address, a free one when absent. */
  port?: number;
  /** Takes in what became of each mail, like the feedback function; may get the same event twice. */
  report?: (event: LocalSesEvent) => Promise<void>;
  /** The time mails and events carry; the real one when absent. */
  clock?: Clock;
  /** Makes the faults' shares repeat. */
  seed?: number;
}

/** Starts the endpoint, and reports what was accepted but not reported before a restart. */
export async function startSes(options: SesOptions = {}): Promise<LocalSes> {
  const clock = options.clock ?? { now: () => new Date().toISOString() };
  const faults = sesFaults(options.seed ?? 1);
  const store = await openSesStore(options.directory);
  const reporter = startReporter({ store, faults, report: options.report ?? (async () => {}) });
  const parsed = new Map<string, Promise<LocalMail>>();

  async function refuse(request: SendRequest, code: string, message: string, status = 400): Promise<never> {
    await store.add({ ...lineOf(request), time: clock.now(), outcome: "refused", answer: `error ${code}` });
    throw new SesError(code, message, status);
  }

  async function send(fields: URLSearchParams, socket: Socket): Promise<string | undefined> {
    const request = await readSendRequest(fields);
    if (faults.fires("throttle")) await refuse(request, "Throttling", "Maximum sending rate exceeded.");
    if (faults.fires("reject")) await refuse(request, "MessageRejected", "Email address is not verified.");
    if (faults.fires("serverError")) await refuse(request, "InternalFailure", "The service is out of order.", 500);
    if (faults.fires("hang")) {
      await store.add({ ...lineOf(request), time: clock.now(), outcome: "refused", answer: "hung" });
      return undefined;
    }
    if (request.recipients.length > MAX_RECIPIENTS) {
      await refuse(request, "MessageRejected", `Recipient count exceeds ${MAX_RECIPIENTS}.`);
    }
    const answer = faults.fires("acceptThenDrop") ? "dropped" : faults.fires("acceptThenHang") ? "hung" : "sent";
    const messageId = newMessageId();
    await store.add({ ...lineOf(request), messageId, time: clock.now(), outcome: "accepted", answer }, request.raw);
    reporter.wake();
    if (answer === "dropped") socket.destroy();
    return answer === "sent" ? `<MessageId>${messageId}</MessageId>` : undefined;
  }

  async function act(fields: URLSearchParams, socket: Socket): Promise<string | undefined> {
    const action = fields.get("Action") ?? "";
    if (action === "SendRawEmail") return wrap(action, await send(fields, socket));
    if (action === "GetSendQuota") return wrap(action, quota(store.lines, clock));
    throw new SesError("InvalidAction", `Could not find operation ${action} for version ${fields.get("Version")}`);
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const body = await readBody(request);
      if (request.method !== "POST") throw new SesError("InvalidAction", "Actions are sent with POST.");
      const answer = await act(new URLSearchParams(body), request.socket);
      if (answer !== undefined) write(response, 200, answer);
    } catch (error) {
      const known =
        error instanceof SesError ? error : new SesError("InternalFailure", "The mail could not be kept.", 500);
      if (known !== error) process.stderr.write(`Mail endpoint: ${messageOf(error)}\n`);
      write(response, known.status, errorXml(known));
    }
  }

  const server = createServer((request, response) => void respond(request, response));
  server.on("clientError", (_error, socket) => socket.destroy());
  const port = await listen(server, options.port ?? 0);

  return {
    endpoint: `http://127.0.0.1:${port}`,
    ledger: store.lines,
    faults,
    raw: (messageId) => store.raw(messageId),
    remove: async (outboxId) => {
      await store.remove(outboxId);
      for (const { messageId = "", isRemoved } of store.lines) if (isRemoved === true) parsed.delete(messageId);
    },
    mails: async () => {
      const accepted = store.lines.filter((line) => line.outcome === "accepted" && line.isRemoved !== true);
      return Promise.all(
        accepted.map((line) => {
          const id = line.messageId ?? "";
          const mail = parsed.get(id) ?? store.raw(id).then((raw) => parseMail(line, raw ?? Buffer.alloc(0)));
          parsed.set(id, mail);
          return mail;
        }),
      );
    },
    replay: () => reporter.replay(),
    settle: () => reporter.settle(),
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await reporter.stop();
      await store.close();
    },
  };
}

/** A refusal of the service, with its own code. */
class SesError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}

interface SendRequest {
  raw: Buffer;
  source: string;
  recipients: string[];
  tags: Record<string, string>;
  configurationSet?: string;
}

function lineOf({ source, recipients, tags, configurationSet }: SendRequest) {
  return { source, recipients, tags, configurationSet, outboxId: tags["outbox-id"] };
}

async function readSendRequest(fields: URLSearchParams): Promise<SendRequest> {
  const raw = Buffer.from(fields.get("RawMessage.Data") ?? "", "base64");
  if (raw.length === 0) throw new SesError("InvalidParameterValue", "Missing required field: RawMessage.Data.");
  if (raw.length > MAX_MESSAGE_BYTES) {
    throw new SesError("InvalidParameterValue", `Message length is more than ${MAX_MESSAGE_BYTES} bytes long.`);
  }
  const mail = await PostalMime.parse(raw);
  const addressed = [mail.to, mail.cc, mail.bcc]
    .flatMap((list) => list ?? [])
    .flatMap((entry) => entry.group ?? [entry]);
  const named = members(fields, "Destinations.member").map(([, value]) => value);
  const recipients = (named.length > 0 ? named : addressed.map((entry) => entry.address ?? "")).map(bareAddress);
  if (recipients.length === 0) throw new SesError("InvalidParameterValue", "Missing destination.");
  const source = bareAddress(fields.get("Source") ?? mail.from?.address ?? "");
  for (const address of [source, ...recipients]) {
    if (!/^[^\s@<>]+@[^\s@<>]+$/.test(address)) throw new SesError("InvalidParameterValue", "Missing final '@domain'");
  }
  return {
    raw,
    source,
    recipients,
    tags: readTags(fields),
    configurationSet: fields.get("ConfigurationSetName") ?? undefined,
  };
}

function bareAddress(text: string): string {
  const [entry] = addressParser(text, { flatten: true });
  return entry?.address || text;
}

/** The service refuses other letters, so a careless outbox id shows here and not first in production. */
function readTags(fields: URLSearchParams): Record<string, string> {
  const values = new Map(members(fields, "Tags.member", ".Value"));
  const tags = members(fields, "Tags.member", ".Name").map(
    ([number, name]) => [name, values.get(number) ?? ""] as const,
  );
  for (const text of tags.flat()) {
    if (!/^[A-Za-z0-9_-]{1,256}$/.test(text)) {
      throw new SesError("InvalidParameterValue", "Tag names and values may only hold A-Z, a-z, 0-9, _ and -.");
    }
  }
  return Object.fromEntries(tags);
}

function members(fields: URLSearchParams, prefix: string, suffix = ""): [number, string][] {
  const found: [number, string][] = [];
  for (let number = 1; fields.has(`${prefix}.${number}${suffix}`); number++) {
    found.push([number, fields.get(`${prefix}.${number}${suffix}`) ?? ""]);
  }
  return found;
}

/** In the form of the real ones, so that nobody comes to rely on another. */
function newMessageId(): string {
  return `${randomBytes(8).toString("hex")}-${randomUUID()}-000000`;
}

function quota(lines: readonly LedgerLine[], clock: Clock): string {
  const since = new Date(Date.parse(clock.now()) - 24 * 60 * 60 * 1000).toISOString();
  const sent = lines.filter((line) => line.outcome === "accepted" && line.time > since).length;
  return (
    `<Max24HourSend>${SENDS_A_DAY}</Max24HourSend><MaxSendRate>${SENDS_A_SECOND}</MaxSendRate>` +
    `<SentLast24Hours>${sent}</SentLast24Hours>`
  );
}

function wrap(action: string, result: string | undefined): string | undefined {
  if (result === undefined) return undefined;
  return (
    `<${action}Response xmlns="${NAMESPACE}"><${action}Result>${result}</${action}Result>` +
    `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></${action}Response>`
  );
}

function errorXml({ code, message, status }: SesError): string {
  const text = message.replace(/[&<>]/g, (letter) => `&#${letter.charCodeAt(0)};`);
  return (
    `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>${status < 500 ? "Sender" : "Receiver"}</Type>` +
    `<Code>${code}</Code><Message>${text}</Message></Error><RequestId>${randomUUID()}</RequestId></ErrorResponse>`
  );
}

function write(response: ServerResponse, status: number, body: string): void {
  if (!response.headersSent && !response.destroyed)
    response.writeHead(status, { "content-type": "text/xml" }).end(body);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length <= MAX_REQUEST_BYTES) chunks.push(chunk);
  }
  if (length > MAX_REQUEST_BYTES) throw new SesError("RequestEntityTooLarge", "The request is too large.", 413);
  return Buffer.concat(chunks).toString("utf8");
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) =>
      reject(new Error(`The mail endpoint cannot listen on port ${port}: ${error.message}.`)),
    );
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}
