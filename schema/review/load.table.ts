import { applicationFrom, applicationKey, writeApplication } from "../application/application.table.ts";
import type { Application } from "../application/application.ts";
import { cohortFrom, cohortKey } from "../cohort/cohort.table.ts";
import type { Cohort } from "../cohort/cohort.ts";
import { jointPartnersOf } from "../joint/joint.table.ts";
import { loadPerson, personFrom, personKey } from "../person/person.table.ts";
import type { Person } from "../person/person.ts";
import type { Table } from "../shared/table.ts";
import type { Write } from "../shared/write.ts";
import { reviewFrom, reviewKey, writeReview } from "./review.table.ts";
import type { Assigned, Review } from "./review.ts";

/** An application with what a step of its review has to know, all as it is now. */
export interface Reviewing {
  application: Application;
  cohort: Cohort;
  applicant: Person;
  /** The id of the person whom the applicant applies together with; null where there is none. */
  partnerId: string | null;
  /** In the order they were asked for; undefined where there is none. */
  reviews: readonly (Review | undefined)[];
  /** The same. */
  people: readonly (Person | undefined)[];
}

/** Which application, and whose reviews and records besides. */
export interface Wanted {
  applicationId: string;
  cohortId: string;
  applicantId: string;
  reviewerIds?: readonly string[];
}

/** Loads an application with its cohort, its applicant, and people with their reviews of it; undefined when it is gone. One request, and two for a joint one. */
export async function loadReviewing(
  table: Table,
  { applicationId, cohortId, applicantId, reviewerIds = [] }: Wanted,
): Promise<Reviewing | undefined> {
  const [partners, items] = await Promise.all([
    jointPartnersOf(table, [applicationId]),
    table.getMany([
      applicationKey(applicationId),
      cohortKey(cohortId),
      personKey(applicantId),
      ...reviewerIds.map((id) => reviewKey(applicationId, id)),
      ...reviewerIds.map(personKey),
    ]),
  ]);
  const [application, cohort, named] = [applicationFrom(items[0]), cohortFrom(items[1]), personFrom(items[2])];
  // The addresses by which colleagues are known went along where the record was merged into another.
  const applicant = named?.mergedInto ? await loadPerson(table, named.mergedInto) : named;
  if (!application || !cohort || !applicant) return undefined;
  const found = items.slice(3);
  return {
    application,
    cohort,
    applicant,
    partnerId: partners.get(applicationId)?.personId ?? null,
    reviews: found.slice(0, reviewerIds.length).map(reviewFrom),
    people: found.slice(reviewerIds.length).map(personFrom),
  };
}

/** Writes an application together with those of its reviews that a step has changed; nothing when it changed nothing. */
export function writeAssigned(next: Assigned, before: { application: Application }): Write[] {
  return [
    ...(next.application === before.application ? [] : writeApplication(next.application)),
    ...next.reviews.flatMap(writeReview),
  ];
}
