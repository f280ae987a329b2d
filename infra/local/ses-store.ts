import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync } from "node:fs";
import { open, readFile } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { writeDurably } from "./durable.ts";

/** One call of the mail endpoint: what was asked, and what the caller was answered. */
export interface LedgerLine {
  /** Number of the call, from 0. */
  number: number;
  /** By the program's clock. */
  time: string;
  outcome: "accepted" | "refused";
  /** What the caller saw: the message id, an error code, or no answer at all. */
  answer: "sent" | "dropped" | "hung" | `error ${string}`;
  /** Absent when refused. */
  messageId?: string;
  /** Value of the tag "outbox-id". The same one twice is two mails, as with the real service. */
  outboxId?: string;
  /** Empty once the mail was removed. */
  recipients: string[];
  /** Whether the mail itself was removed, because its recipient was erased. */
  isRemoved?: boolean;
  /** Address the mail comes from. */
  source: string;
  tags: Record<string, string>;
  configurationSet?: string;
}

/** The evidence of a mail endpoint: its ledger, the mails, and how far their fate was reported. */
export interface SesStore {
  lines: readonly LedgerLine[];
  /** Keeps the line, and the mail when it was accepted. Both are on the disk once this resolves. */
  add(line: Omit<LedgerLine, "number">, raw?: Buffer): Promise<LedgerLine>;
  raw(messageId: string): Promise<Buffer | undefined>;
  /** Removes the mails of an outbox id and their addresses. That they were accepted stays. Both are gone once this resolves. */
  remove(outboxId: string): Promise<void>;
  /** The number of the first line whose fate was not reported yet, and earlier ones given up for now. */
  reported: { position: number; failed: number[] };
  saveReported(): Promise<void>;
  close(): Promise<void>;
}

/** Keeps everything in the folder, or in memory without one. */
export async function openSesStore(directory?: string): Promise<SesStore> {
  return directory === undefined ? memoryStore() : await fileStore(directory);
}

function memoryStore(): SesStore {
  const lines: LedgerLine[] = [];
  const mails = new Map<string, Buffer>();
  return {
    lines,
    add: async (content, raw) => {
      const line = { number: lines.length, ...content };
      if (line.messageId !== undefined && raw !== undefined) mails.set(line.messageId, raw);
      lines.push(line);
      return line;
    },
    raw: async (messageId) => mails.get(messageId),
    remove: async (outboxId) => {
      for (const line of removeFrom(lines, outboxId)) mails.delete(line.messageId ?? "");
    },
    reported: { position: 0, failed: [] },
    saveReported: async () => {},
    close: async () => {},
  };
}

async function fileStore(directory: string): Promise<SesStore> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const ledgerFile = join(directory, "ledger.jsonl");
  const reportedFile = join(directory, "reported.json");
  const lines = readLedger(ledgerFile);
  removeUnacknowledged(directory, lines);
  let ledger = await open(ledgerFile, "a", 0o600);
  let append = batchedAppend(ledger, (await ledger.stat()).size);
  /** Lines that come while the ledger is written anew wait for it. */
  let rewriting: Promise<void> = Promise.resolve();
  const reported = readReported(reportedFile);
  let accepted = lines.length;
  return {
    lines,
    add: async (content, raw) => {
      if (content.messageId !== undefined && raw !== undefined) {
        await writeDurably(join(directory, `${content.messageId}.eml`), raw);
      }
      await rewriting;
      const line = { number: accepted++, ...content };
      // Nothing is awaited between numbering and queueing, so that the file's order is the numbers' order.
      await append(`${JSON.stringify(line)}\n`);
      lines.push(line);
      return line;
    },
    remove: (outboxId) => {
      const work = async () => {
        await append("");
        const kept = readLedger(ledgerFile);
        const removed = removeFrom(kept, outboxId);
        removeFrom(lines, outboxId);
        if (removed.length === 0) return;
        for (const line of removed) rmSync(join(directory, `${line.messageId}.eml`), { force: true });
        await writeDurably(ledgerFile, kept.map((line) => `${JSON.stringify(line)}\n`).join(""));
        await ledger.close();
        ledger = await open(ledgerFile, "a", 0o600);
        append = batchedAppend(ledger, (await ledger.stat()).size);
      };
      const done = rewriting.then(work);
      rewriting = done.catch(() => {});
      return done;
    },
    raw: async (messageId) => {
      const isKnown = lines.some((line) => line.messageId === messageId && line.isRemoved !== true);
      return isKnown ? await readFile(join(directory, `${messageId}.eml`)) : undefined;
    },
    reported,
    saveReported: () => writeDurably(reportedFile, JSON.stringify(reported)),
    close: async () => {
      await rewriting;
      await append("").catch(() => {});
      await ledger.close();
    },
  };
}

/** Takes the addresses out of the lines of an outbox id. Answers the lines that had any. */
function removeFrom(lines: LedgerLine[], outboxId: string): LedgerLine[] {
  const removed = lines.filter((line) => line.outboxId === outboxId && line.isRemoved !== true);
  for (const line of removed) Object.assign(line, { recipients: [], isRemoved: true });
  return removed;
}

/** One write and one sync for all lines that came while the last sync ran: the disk would be the limit otherwise. */
function batchedAppend(file: FileHandle, startLength: number): (text: string) => Promise<void> {
  let length = startLength;
  let waiting = "";
  let next: Promise<void> | undefined;
  let last: Promise<void> = Promise.resolve();

  async function writeWaiting(): Promise<void> {
    const batch = waiting;
    waiting = "";
    last = next ?? last;
    next = undefined;
    try {
      await file.appendFile(batch);
      await file.datasync();
      length += Buffer.byteLength(batch);
    } catch (error) {
      // A full disk leaves half a line; the next one must not be glued to it.
      await file.truncate(length).catch(() => {});
      throw error;
    }
  }

  return (text) => {
    waiting += text;
    next ??= last.then(writeWaiting, writeWaiting);
    return next;
  };
}

function readLedger(file: string): LedgerLine[] {
  if (!existsSync(file)) return [];
  const text = readFileSync(file, "utf8");
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  // A process killed while writing leaves half a line. Its caller never got an answer, so the mail was not accepted.
  if (whole.length < text.length) truncateSync(file, Buffer.byteLength(whole));
  return whole
    .split("\n")
    .filter((line) => line !== "")
    .map((line, index) => {
      try {
        const parsed: LedgerLine = JSON.parse(line);
        return parsed;
      } catch {
        throw new Error(`Line ${index + 1} of the mail ledger ${file} is broken.`);
      }
    });
}

/** The ledger decides what was accepted; a mail without its line never got an answer. */
function removeUnacknowledged(directory: string, lines: readonly LedgerLine[]): void {
  const accepted = new Set(lines.map((line) => `${line.messageId}.eml`));
  for (const name of readdirSync(directory)) {
    if (name.endsWith(".tmp") || (name.endsWith(".eml") && !accepted.has(name))) rmSync(join(directory, name));
  }
}

function readReported(file: string): SesStore["reported"] {
  if (!existsSync(file)) return { position: 0, failed: [] };
  try {
    const { position, failed }: SesStore["reported"] = JSON.parse(readFileSync(file, "utf8"));
    if (Number.isInteger(position) && Array.isArray(failed)) return { position, failed };
  } catch {
    // The sentence below says all that helps.
  }
  throw new Error(`The file ${file} is broken. Remove it, and what became of the mails is reported once more.`);
}
