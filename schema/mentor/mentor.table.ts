import { everyItem } from "../shared/every-item.ts";
import { key, recordOf, toItem, type Item, type Key } from "../shared/keys.ts";
import type { Table } from "../shared/table.ts";
import { bumpDown, bumpUp, checkAtMost, checkVersion, put, type Write } from "../shared/write.ts";
import type { Refusal } from "../shared/decision.ts";
import { hasCandidate, moreTaken, type Mentor } from "./mentor.ts";

/** What is kept of a cohort's mentors: what is noted on each, and the count of their candidates. One request per 100. */
export async function mentorItems(table: Table, cohortId: string): Promise<Item[]> {
  const sort = { beginsWith: key("MENTOR", "") };
  return everyItem((page) => table.query({ partition: key("COHORT", cohortId), sort, ...page }));
}

/** The mentors of a cohort on whom something is noted. One request per 100. */
export async function mentorsOfCohort(table: Table, cohortId: string): Promise<Mentor[]> {
  const items = await mentorItems(table, cohortId);
  return items.filter(({ entity }) => entity === "MENTOR").map((item) => recordOf<Mentor>(item));
}

/** Where what is noted on a mentor is kept: in the cohort's plan, to be read with its teams. */
export const mentorKey = (cohortId: string, applicationId: string): Key => ({
  pk: key("COHORT", cohortId),
  sk: key("MENTOR", applicationId),
});

/** Where the count of a mentor's candidates is kept. */
export const placesKey = (cohortId: string, applicationId: string): Key => ({
  pk: key("COHORT", cohortId),
  sk: key("MENTOR", applicationId, "PLACES"),
});

/** What is noted on a mentor, of an item. */
export const mentorFrom = (item: Item | undefined) => recordOf<Mentor>(item);

/** How many candidates a mentor has. */
export const placesFrom = (item: Item | undefined): number => (item?.["taken"] as number | undefined) ?? 0;

function mentorItem(mentor: Mentor) {
  return toItem("MENTOR", mentorKey(mentor.cohortId, mentor.id), mentor);
}

/** Writes what is noted on a mentor. */
export const writeMentor = (mentor: Mentor): Write[] => [put(mentorItem(mentor))];

/** Writes another number of a mentor, which is never below what is taken. */
export function writeCapacity(mentor: Mentor, capacity: number): Write[] {
  return [...writeMentor(mentor), checkAtMost(placesKey(mentor.cohortId, mentor.id), "taken", capacity, moreTaken)];
}

/** Writes that a mentor is not needed, who has no candidate. */
export function writeNotNeeded(mentor: Mentor): Write[] {
  return [...writeMentor(mentor), checkAtMost(placesKey(mentor.cohortId, mentor.id), "taken", 0, hasCandidate)];
}

/**
 * Takes one of a mentor's places in the same transaction, or refuses. What is noted on the mentor stays as it was loaded; where
 * nothing was, the record is begun, so that whoever notes something at the same time loses or wins as well.
 */
export function takePlace(mentor: Mentor, capacity: number, full: Refusal): Write[] {
  const { cohortId, id, version } = mentor;
  return [
    ...(version === 0 ? writeMentor(mentor) : [checkVersion(mentorKey(cohortId, id), version)]),
    bumpUp(placesKey(cohortId, id), "PLACES", "taken", capacity, full),
  ];
}

/** Gives a mentor's place back. */
export function freePlace(of: { cohortId: string; mentorApplicationId: string }): Write {
  return freePlaces(of, 1);
}

/** Gives so many of a mentor's places back at once: a transaction changes a counter one time. */
export function freePlaces(
  { cohortId, mentorApplicationId }: { cohortId: string; mentorApplicationId: string },
  many: number,
): Write {
  return bumpDown(placesKey(cohortId, mentorApplicationId), "PLACES", "taken", many);
}
