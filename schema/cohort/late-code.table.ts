import { hashOf } from "../shared/command.ts";
import { key, recordOf, toItem, type Item, type Key } from "../shared/keys.ts";
import type { Page, Position, Table } from "../shared/table.ts";
import { bumpUp, checkAtMost, put, type Write } from "../shared/write.ts";
import { lateCodeRevoked, lateCodeTyped, lateCodeUsed, type LateCode } from "./late-code.ts";
import type { ApplicantKind } from "./policy.ts";

/** Id of the code of a text, for a cohort and a kind of applicant: the same text is another code anywhere else. */
export function lateCodeId(cohortId: string, kind: ApplicantKind, text: string): string {
  return `lat_${hashOf([cohortId, kind, lateCodeTyped(text)]).slice(0, 26)}`;
}

/** Where a late code is kept. */
export const lateCodeKey = (id: string): Key => ({ pk: key("LATE_CODE", id), sk: "LATE_CODE" });

/** Where its uses are counted: beside it, so that many can use it at once. */
export const lateUsesKey = (id: string): Key => ({ pk: key("LATE_CODE", id), sk: "USES" });

/** The late code of an item. */
export const lateCodeFrom = (item: Item | undefined) => recordOf<LateCode>(item);

/** How often a code was used. */
export const lateUsesFrom = (item: Item | undefined): number => (item?.["counted"] as number | undefined) ?? 0;

const listOf = (cohortId: string) => key("COHORT", cohortId, "LATE_CODES");

/** Writes a late code. */
export const writeLateCode = (code: LateCode): Write[] => [
  put(
    toItem("LATE_CODE", lateCodeKey(code.id), code, {
      byListPk: listOf(code.cohortId),
      byListSk: key(code.createdAt, code.id),
    }),
  ),
];

/**
 * Demands that a code is not revoked in this very moment, and counts a use of it unless the application has used it before. Only a
 * revocation changes a code, so that its version tells.
 */
export function writeLateness(code: LateCode, usedBefore: boolean): Write[] {
  return [
    checkAtMost(lateCodeKey(code.id), "version", code.version, lateCodeRevoked),
    ...(usedBefore ? [] : [bumpUp(lateUsesKey(code.id), "COUNTER", "counted", code.mostUses, lateCodeUsed)]),
  ];
}

/** A cohort's late codes, the latest first. One request. */
export async function listLateCodes(
  table: Table,
  cohortId: string,
  page: { limit: number; after?: Position },
): Promise<Page> {
  return table.query({ index: "byList", partition: listOf(cohortId), descending: true, ...page });
}
