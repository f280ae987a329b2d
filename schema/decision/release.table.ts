import type { ApplicationKind } from "../application/application.ts";
import { everyItem } from "../shared/every-item.ts";
import { dueAt, key, recordOf, toItem, type Item, type Key } from "../shared/keys.ts";
import type { Table } from "../shared/table.ts";
import { put, type Write } from "../shared/write.ts";
import type { Release } from "./release.ts";

/** Where a release is kept. */
export const releaseKey = (id: string): Key => ({ pk: key("RELEASE", id), sk: "RELEASE" });

/** The release of an item. */
export const releaseFrom = (item: Item | undefined) => recordOf<Release>(item);

/** Writes a release. */
export const writeRelease = (release: Release): Write[] => [
  put(
    toItem("RELEASE", releaseKey(release.id), release, {
      byListPk: listOf(release.cohortId, release.kind),
      byListSk: release.id,
      ...dueAt(release.resumesAt, release.id),
    }),
  ),
];

const listOf = (cohortId: string, kind: ApplicationKind) => key("COHORT", cohortId, "RELEASES", kind);

/** The releases of a cohort and kind, the earliest first. One request for 100 of them. */
export async function loadReleases(table: Table, cohortId: string, kind: ApplicationKind): Promise<Release[]> {
  const partition = listOf(cohortId, kind);
  const items = await everyItem((page) => table.query({ index: "byList", partition, ...page }));
  return items.map((item) => recordOf<Release>(item));
}
