import { key, recordOf, toItem, type Item, type Key } from "../shared/keys.ts";
import type { Position, Table } from "../shared/table.ts";
import { bumpDown, bumpUp, checkAtMost, put, putNew, type Write } from "../shared/write.ts";
import type { Refusal } from "../shared/decision.ts";
import { numberTaken, seatsTaken, type Cohort } from "./cohort.ts";

/** Where a cohort is kept. */
export const cohortKey = (id: string): Key => ({ pk: key("COHORT", id), sk: "COHORT" });

/** Where the count of its taken seats is kept: beside it, so that applying never touches it. */
export const seatsKey = (cohortId: string): Key => ({ pk: key("COHORT", cohortId), sk: "SEATS" });

/** The cohort of an item. */
export const cohortFrom = (item: Item | undefined) => recordOf<Cohort>(item);

/** How many seats are taken. */
export const seatsFrom = (item: Item | undefined): number => (item?.["taken"] as number | undefined) ?? 0;

const LIST = { all: "COHORTS", published: "COHORTS#PUBLISHED" };

function cohortItem(cohort: Cohort) {
  const sort = key(String(cohort.year).padStart(4, "0"), String(cohort.number).padStart(3, "0"));
  return toItem("COHORT", cohortKey(cohort.id), cohort, {
    byListPk: cohort.state === "PUBLISHED" ? LIST.published : LIST.all,
    byListSk: sort,
  });
}

/** Where the claim to a cohort's number is kept. */
export const cohortNumberKey = (number: number): Key => ({ pk: key("CLAIM", "COHORT", number), sk: "CLAIM" });

/** Writes a new cohort and the claim to its number. */
export function writeNewCohort(cohort: Cohort): Write[] {
  return [
    put(cohortItem(cohort)),
    putNew(toItem("CLAIM", cohortNumberKey(cohort.number), { cohortId: cohort.id }), numberTaken),
  ];
}

/** Writes a changed cohort; it never has fewer seats than are taken. */
export function writeCohort(cohort: Cohort): Write[] {
  return [put(cohortItem(cohort)), checkAtMost(seatsKey(cohort.id), "taken", cohort.seats, seatsTaken)];
}

/** Takes one of a cohort's seats in the same transaction, or refuses. */
export function takeSeat(cohort: Cohort, full: Refusal): Write {
  return bumpUp(seatsKey(cohort.id), "SEATS", "taken", cohort.seats, full);
}

/** Gives a seat back. */
export function freeSeat(cohortId: string): Write {
  return bumpDown(seatsKey(cohortId), "SEATS", "taken");
}

/** Cohorts of one state, newest first. One request. */
export async function listCohorts(
  table: Table,
  state: Cohort["state"],
  page: { limit: number; after?: Position },
): Promise<{ items: Item[]; next?: Position }> {
  const partition = state === "PUBLISHED" ? LIST.published : LIST.all;
  return table.query({ index: "byList", partition, descending: true, ...page });
}
