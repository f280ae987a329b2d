import { listByWho } from "../shared/by-who.ts";
import { dueAt, key, recordOf, toItem, type Item, type Key } from "../shared/keys.ts";
import type { Page, Position, Table } from "../shared/table.ts";
import { checkVersion, put, type Write } from "../shared/write.ts";
import { dueInstant, type StoredFile } from "./file.ts";
import type { Purpose } from "./policy.ts";

/** Where the record of a file is kept. */
export const fileKey = (id: string): Key => ({ pk: key("FILE", id), sk: "FILE" });

/** The file of an item. */
export const fileFrom = (item: Item | undefined) => recordOf<StoredFile>(item);

function fileItem(file: StoredFile) {
  const { id, personId, purpose, createdAt, state } = file;
  const isThere = state === "PENDING" || state === "ATTACHED";
  return toItem("FILE", fileKey(id), file, {
    ...(isThere && { byWhoPk: key("PERSON", personId), byWhoSk: key("FILE", purpose, createdAt, id) }),
    ...dueAt(dueInstant(file), id),
  });
}

/** Writes a file's record. */
export const writeFile = (file: StoredFile): Write[] => [put(fileItem(file))];

/** Demands that the file stays as it was loaded while something that depends on it is written. */
export const holdFile = ({ id, version }: StoredFile): Write => checkVersion(fileKey(id), version);

/**
 * Files of one purpose that concern a person and were not removed, newest first. One request, and one more for each record
 * that was merged into theirs.
 */
export async function listOfPerson(
  table: Table,
  personIds: readonly string[],
  purpose: Purpose,
  page: { limit: number; after?: Position },
): Promise<Page> {
  return listByWho(table, personIds, key("FILE", purpose, ""), page);
}
