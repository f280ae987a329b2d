import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, open, readdir, readFile, rm, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import type { Instant } from "../../schema/shared/time.ts";
import { writeDurably } from "./durable.ts";

/** What is known of an object beside its content. */
export interface ObjectHead {
  key: string;
  contentType: string;
  bytes: number;
  etag: string;
  /** When it was put there. */
  putAt: Instant;
}

/** An object that is open to be read. */
export interface OpenObject extends ObjectHead {
  handle: FileHandle;
  /** Where in the file the content begins. */
  start: number;
}

/** Objects in a folder, each whole in one file. */
export interface ObjectStore {
  put(object: { key: string; contentType: string; content: Buffer; now: Instant }): Promise<ObjectHead>;
  /** The object, to be closed by whoever asked; undefined when there is none. */
  open(key: string): Promise<OpenObject | undefined>;
  read(key: string): Promise<(ObjectHead & { content: Buffer }) | undefined>;
  remove(key: string): Promise<void>;
  /** Everything there is, sorted by key. */
  list(): Promise<ObjectHead[]>;
}

const LENGTH_BYTES = 4;

/**
 * Opens the folder. Names of files are hashes of keys, so no key leads out of it; a file holds the head as JSON behind its
 * length, then the content, and is put in place by renaming: there is the old object or the new one, never half of one.
 */
export async function openObjects(folder: string): Promise<ObjectStore> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const name of await readdir(folder)) {
    if (name.endsWith(".tmp")) await rm(join(folder, name), { force: true });
  }
  const pathOf = (key: string) => join(folder, createHash("sha256").update(key).digest("hex"));

  async function openFile(path: string): Promise<OpenObject | undefined> {
    if (!existsSync(path)) return undefined;
    const handle = await open(path, "r");
    const { buffer: length } = await handle.read(Buffer.alloc(LENGTH_BYTES), 0, LENGTH_BYTES, 0);
    const { buffer: head } = await handle.read(Buffer.alloc(length.readUInt32BE()), 0, undefined, LENGTH_BYTES);
    return { ...(JSON.parse(head.toString("utf8")) as ObjectHead), handle, start: LENGTH_BYTES + head.length };
  }

  async function headOf(path: string): Promise<ObjectHead[]> {
    const opened = await openFile(path);
    if (!opened) return [];
    const { handle, start: _start, ...head } = opened;
    await handle.close();
    return [head];
  }

  return {
    open: (key) => openFile(pathOf(key)),
    async put({ key, contentType, content, now }) {
      const etag = `"${createHash("md5").update(content).digest("hex")}"`;
      const head: ObjectHead = { key, contentType, bytes: content.length, etag, putAt: now };
      const json = Buffer.from(JSON.stringify(head));
      const length = Buffer.alloc(LENGTH_BYTES);
      length.writeUInt32BE(json.length);
      await writeDurably(pathOf(key), Buffer.concat([length, json, content]), randomUUID());
      return head;
    },
    async read(key) {
      const opened = await openFile(pathOf(key));
      if (!opened) return undefined;
      const { handle, start, ...head } = opened;
      await handle.close();
      return { ...head, content: (await readFile(pathOf(key))).subarray(start) };
    },
    remove: (key) => rm(pathOf(key), { force: true }),
    async list() {
      const names = (await readdir(folder)).filter((name) => !name.endsWith(".tmp"));
      const heads = await Promise.all(names.map((name) => headOf(join(folder, name))));
      return heads.flat().sort((a, b) => (a.key < b.key ? -1 : 1));
    },
  };
}
