import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, open, readdir, readFile, rm, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { writeDurably } from "./durable.ts";

/** What is known of an object beside its content. */
export interface ObjectHead {
  key: string;
  contentType: string;
  bytes: number;
  etag: string;
}

/** An object that is open to be read. */
export interface OpenObject extends ObjectHead {
  handle: FileHandle;
  /** Where in the file the content begins. */
  start: number;
}

/** Objects in a folder, each whole in one file. */
export interface ObjectStore {
  put(key: string, contentType: string, content: Buffer): Promise<ObjectHead>;
  /** The object, to be closed by whoever asked; undefined when there is none. */
  open(key: string): Promise<OpenObject | undefined>;
  read(key: string): Promise<(ObjectHead & { content: Buffer }) | undefined>;
  remove(key: string): Promise<void>;
  /** Keys of all objects, sorted. */
  keys(): Promise<string[]>;
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

  async function openKey(key: string): Promise<OpenObject | undefined> {
    if (!existsSync(pathOf(key))) return undefined;
    const handle = await open(pathOf(key), "r");
    const { buffer: length } = await handle.read(Buffer.alloc(LENGTH_BYTES), 0, LENGTH_BYTES, 0);
    const { buffer: head } = await handle.read(Buffer.alloc(length.readUInt32BE()), 0, undefined, LENGTH_BYTES);
    return { ...(JSON.parse(head.toString("utf8")) as ObjectHead), handle, start: LENGTH_BYTES + head.length };
  }

  return {
    open: openKey,
    async put(key, contentType, content) {
      const etag = `"${createHash("md5").update(content).digest("hex")}"`;
      const head: ObjectHead = { key, contentType, bytes: content.length, etag };
      const json = Buffer.from(JSON.stringify(head));
      const length = Buffer.alloc(LENGTH_BYTES);
      length.writeUInt32BE(json.length);
      await writeDurably(pathOf(key), Buffer.concat([length, json, content]), randomUUID());
      return head;
    },
    async read(key) {
      const opened = await openKey(key);
      if (!opened) return undefined;
      const { handle, start, ...head } = opened;
      await handle.close();
      return { ...head, content: (await readFile(pathOf(key))).subarray(start) };
    },
    remove: (key) => rm(pathOf(key), { force: true }),
    async keys() {
      const names = (await readdir(folder)).filter((name) => !name.endsWith(".tmp"));
      const heads = names.map(async (name) => {
        const content = await readFile(join(folder, name));
        const head = content.subarray(LENGTH_BYTES, LENGTH_BYTES + content.readUInt32BE());
        return (JSON.parse(head.toString("utf8")) as ObjectHead).key;
      });
      return (await Promise.all(heads)).sort();
    },
  };
}
