import { closeSync, fsyncSync, openSync, renameSync, writeSync } from "node:fs";
import { open, rename } from "node:fs/promises";
import { dirname } from "node:path";

/** Only the owner reads what is written here: mails and keys. */
const MODE = 0o600;

/**
 * Writes a whole file so that after a crash it holds either the old or the new content, and the new one once this resolves.
 * Where two may write the same file at once, each needs a mark of its own.
 */
export async function writeDurably(path: string, content: string | Uint8Array, mark = ""): Promise<void> {
  const temporary = `${path}${mark}.tmp`;
  const handle = await open(temporary, "w", MODE);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, path);
  const folder = await open(dirname(path), "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** `writeDurably` for callers that cannot wait. */
export function writeDurablySync(path: string, content: string): void {
  const temporary = `${path}.tmp`;
  const file = openSync(temporary, "w", MODE);
  try {
    writeSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
  const folder = openSync(dirname(path), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
