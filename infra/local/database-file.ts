import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { messageOf } from "./error-message.ts";

const PROBE_BYTES = 256 * 1024;

/**
 * Makes the folder and shows that it can be written to, so that a read-only or full disk is told before the engine
 * starts. Throws one clear sentence.
 */
export function requireWritableFolder(folder: string): void {
  const probe = join(folder, ".write-probe");
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(probe, Buffer.alloc(PROBE_BYTES));
  } catch (error) {
    throw new Error(`The data folder ${folder} cannot be written to: ${folderProblem(error)}.`, { cause: error });
  } finally {
    removeQuietly(probe);
  }
}

/**
 * Takes the folder for this process until `release` is called or the process ends, however it ends: two engines on
 * one file would send every mail twice. The lock is SQLite's own on an empty file, which the operating system drops
 * by itself.
 */
export function lockFolder(folder: string): { release(): void } {
  const lock = new DatabaseSync(join(folder, "engine.lock"));
  try {
    lock.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch (error) {
    lock.close();
    const problem = /locked/.test(messageOf(error))
      ? "is in use by another running stack: stop that one first"
      : `cannot be locked: ${messageOf(error)}`;
    throw new Error(`The data folder ${folder} ${problem}.`, { cause: error });
  }
  return {
    release() {
      if (lock.isOpen) lock.close();
    },
  };
}

/**
 * Checks the engine's database file and gives its stream table the index it lacks. Only while no engine has the file
 * open. Answers whether the index is there afterwards; throws one clear sentence for a damaged or unwritable file.
 */
export function prepareDatabaseFile(file: string): { indexed: boolean } {
  if (!existsSync(file)) return { indexed: false };
  try {
    const database = new DatabaseSync(file);
    try {
      const [finding] = database.prepare("PRAGMA quick_check(1)").all();
      const verdict = String(finding?.["quick_check"]);
      if (verdict !== "ok") throw new Error(`malformed, ${verdict.split("\n").at(-1)}`);
      return { indexed: indexStream(database) };
    } finally {
      database.close();
    }
  } catch (error) {
    throw new Error(`The database file ${file} cannot be used: ${fileProblem(messageOf(error))}.`, { cause: error });
  }
}

/**
 * The engine numbers each stream record by asking for the highest number so far, and reads by number, both without an
 * index: every write walks through all records ever written. This index answers both. A file of another shape is left
 * alone.
 */
function indexStream(database: DatabaseSync): boolean {
  const columns = new Set(
    database
      .prepare("PRAGMA table_info(_stream_records)")
      .all()
      .map((column) => column["name"]),
  );
  if (!columns.has("table_name") || !columns.has("sequence_number")) return false;
  database.exec(
    "CREATE INDEX IF NOT EXISTS stream_by_number ON _stream_records (table_name, CAST(sequence_number AS INTEGER))",
  );
  return true;
}

/** Says in plain words what SQLite or the engine reported about the file. */
export function fileProblem(message: string): string {
  if (/not a database|not a valid SQLite|malformed|corrupt/i.test(message)) {
    return `it is damaged or no database (${message}); move it away or put back a copy`;
  }
  if (/readonly|read-only/i.test(message)) return "it is read-only";
  if (/is full|disk I\/O/i.test(message)) return `the disk is full or failing (${message})`;
  return message;
}

function folderProblem(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EROFS" || code === "EACCES" || code === "EPERM") return "it is read-only for this user";
  if (code === "ENOSPC" || code === "EDQUOT") return "the disk is full";
  if (code === "ENOENT") return "it cannot be made there";
  if (code === "ENOTDIR" || code === "EEXIST") return "a file is in its place";
  return messageOf(error);
}

function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // A read-only folder refuses this too; that was told already.
  }
}
