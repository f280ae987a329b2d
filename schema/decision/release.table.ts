import { dueAt, key, recordOf, toItem, type Item, type Key } from "../shared/keys.ts";
import { put, type Write } from "../shared/write.ts";
import type { Release } from "./release.ts";

/** Where a release is kept. */
export const releaseKey = (id: string): Key => ({ pk: key("RELEASE", id), sk: "RELEASE" });

/** The release of an item. */
export const releaseFrom = (item: Item | undefined) => recordOf<Release>(item);

/** Writes a release. */
export const writeRelease = (release: Release): Write[] => [
  put(toItem("RELEASE", releaseKey(release.id), release, dueAt(release.resumesAt, release.id))),
];
