import { carryOut, type CommandContext } from "../shared/command.ts";
import type { Decision } from "../shared/decision.ts";
import type { Actor } from "../shared/event.ts";
import type { FileStore } from "../shared/files.ts";
import { fileFrom, fileKey, writeFile } from "./file.table.ts";
import { eraseFile, lapseFile, removeFile, type StoredFile } from "./file.ts";

/** What is needed to remove a file with its content. */
export interface FileContext extends CommandContext {
  files: FileStore;
}

/** Removes a file whose time is over, and completes what was removed. */
export async function expireFile(context: FileContext, id: string): Promise<void> {
  const file = fileFrom(await context.table.get(fileKey(id)));
  if (file) await removeWith(context, file, { kind: "PROGRAM" }, (current) => lapseFile(current, context.now));
}

/** Removes a file, whatever it belongs to, with its content and its name. Broken off, the schedule completes it. */
export async function removeStored(
  context: FileContext,
  file: StoredFile,
  { actor, why }: { actor: Actor; why: string },
): Promise<void> {
  await removeWith(context, file, actor, (current) => removeFile(current, { now: context.now, why }));
}

/** The record first: while the content goes, nobody is given a link to it any more. */
async function removeWith(
  context: FileContext,
  file: StoredFile,
  actor: Actor,
  remove: (file: StoredFile) => Decision<StoredFile>,
): Promise<void> {
  const load = async () => fileFrom(await context.table.get(fileKey(file.id))) ?? file;
  if (file.state !== "REMOVED") {
    const carried = await carryOut(context, { actor, load, decide: remove, write: writeFile });
    const now = carried.status === "done" ? carried.outcome : carried.loaded;
    if (now.state !== "REMOVED") return;
  }
  await context.files.remove(file.id);
  await carryOut(context, { actor, load, decide: eraseFile, write: writeFile });
}
