import { applicationFrom, applicationKey } from "../application/application.table.ts";
import type { Application } from "../application/application.ts";
import { idsOf, type Person } from "../person/person.ts";
import { listByWho } from "../shared/by-who.ts";
import { everyItem } from "../shared/every-item.ts";
import { dueAt, key, recordOf, toItem, type Item, type Key } from "../shared/keys.ts";
import type { Page, Position, Table } from "../shared/table.ts";
import { put, type Write } from "../shared/write.ts";
import { nextStepOf, type Review } from "./review.ts";

/** Where a person's review of an application is kept: in the application's partition. */
export const reviewKey = (applicationId: string, personId: string): Key => ({
  pk: key("APPLICATION", applicationId),
  sk: key("REVIEW", personId),
});

/** The review of an item. */
export const reviewFrom = (item: Item | undefined) => recordOf<Review>(item);

/** Writes a review. */
export function writeReview(review: Review): Write[] {
  const { id, applicationId, personId, assignedAt } = review;
  const index = {
    byWhoPk: key("PERSON", personId),
    byWhoSk: key("REVIEW", assignedAt, applicationId),
    ...dueAt(nextStepOf(review), id),
  };
  return [put(toItem("REVIEW", reviewKey(applicationId, personId), review, index))];
}

/** A person's reviews, the latest assigned first. One request, and one more for each record merged into theirs. */
export async function listReviewsOf(
  table: Table,
  personIds: readonly string[],
  page: { limit: number; after?: Position },
): Promise<Page> {
  return listByWho(table, personIds, key("REVIEW", ""), page);
}

/** Applications whose review was assigned to a person and is not in, as the index knows it. One request. */
export async function listOpenReviews(table: Table, personId: string): Promise<string[]> {
  const items = await everyItem((page) => listReviewsOf(table, [personId], page));
  const open = items
    .map((item) => recordOf<Review>(item))
    .filter(({ state }) => state !== "SUBMITTED" && state !== "ENDED");
  return open.map(({ applicationId }) => applicationId);
}

/** Every review that was ever written of an application. One request. */
export async function loadReviews(table: Table, applicationId: string): Promise<Review[]> {
  const partition = key("APPLICATION", applicationId);
  const items = await everyItem((page) => table.query({ partition, sort: { beginsWith: key("REVIEW", "") }, ...page }));
  return items.map((item) => recordOf<Review>(item));
}

/** A person's review together with what it is of. */
export interface Work {
  review: Review;
  application: Application;
}

/** A person's reviews with their applications, all as they are now. One request, and two per 100 reviews. */
export async function loadWork(table: Table, person: Person): Promise<Work[]> {
  const listed = await everyItem((page) => listReviewsOf(table, idsOf(person), page));
  const ids = listed.map((item) => recordOf<Review>(item).applicationId);
  const [reviews, applications] = await Promise.all([
    table.getMany(listed.map(({ pk, sk }) => ({ pk, sk }))),
    table.getMany(ids.map(applicationKey)),
  ]);
  return reviews.flatMap((item, index) => {
    const [review, application] = [reviewFrom(item), applicationFrom(applications[index])];
    return review && application ? [{ review, application }] : [];
  });
}
