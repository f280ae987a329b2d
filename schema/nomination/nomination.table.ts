import { applicationFrom, applicationKey, writeApplication } from "../application/application.table.ts";
import type { Application } from "../application/application.ts";
import { cohortFrom, cohortKey } from "../cohort/cohort.table.ts";
import type { Cohort } from "../cohort/cohort.ts";
import { loadByToken, loadIssued, writeIssued, writeLink } from "../link/link.table.ts";
import { dueAt, key, recordOf, toItem, type Item, type Key } from "../shared/keys.ts";
import type { Page, Position, Table } from "../shared/table.ts";
import { put, type Write } from "../shared/write.ts";
import type { Found } from "./answer.ts";
import type { Asked, Nomination, NominationLinkFacts } from "./nomination.ts";
import type { LinkChange } from "./request.ts";

/** Where a nomination is kept. */
export const nominationKey = (id: string): Key => ({ pk: key("NOMINATION", id), sk: "NOMINATION" });

/** The nomination of an item. */
export const nominationFrom = (item: Item | undefined) => recordOf<Nomination>(item);

const unmatchedOf = (cohortId: string) => key("COHORT", cohortId, "NOMINATIONS");

function nominationItem(nomination: Nomination) {
  const { id, cohortId, personId, createdAt, state } = nomination;
  return toItem("NOMINATION", nominationKey(id), nomination, {
    ...(personId !== null && { byWhoPk: key("PERSON", personId), byWhoSk: key("NOMINATION", createdAt, id) }),
    ...(state === "UNMATCHED" && { byListPk: unmatchedOf(cohortId), byListSk: key(createdAt, id) }),
    ...dueAt("dueAt" in nomination ? nomination.dueAt : nomination.keptUntil, id),
  });
}

/** Writes a nomination. */
export const writeNomination = (nomination: Nomination): Write[] => [put(nominationItem(nomination))];

/** Writes what a step has changed of a nomination and of what its application knows of it. */
export function writeAsked(
  next: { nomination: Nomination; application: Application | undefined },
  before: { nomination: Nomination | undefined; application: Application | undefined },
): Write[] {
  const { nomination, application } = next;
  return [
    ...(nomination === before.nomination ? [] : writeNomination(nomination)),
    ...(application && application !== before.application ? writeApplication(application) : []),
  ];
}

/** Writes the links that a step has made and taken back. */
export function writeLinkChange({ issued, link, revoked }: LinkChange): Write[] {
  return [...writeIssued(issued), ...[link, ...revoked].flatMap(writeLink)];
}

/** A nomination with what it belongs to; without an application where it has none. Two requests. */
export async function loadAsked(
  table: Table,
  id: string,
): Promise<{ nomination: Nomination; application: Application | undefined; cohort: Cohort } | undefined> {
  const nomination = nominationFrom(await table.get(nominationKey(id)));
  if (!nomination) return undefined;
  const [cohort, application] = await table.getMany([
    cohortKey(nomination.cohortId),
    applicationKey(nomination.applicationId ?? "none"),
  ]);
  const found = cohortFrom(cohort);
  return found && { nomination, application: applicationFrom(application), cohort: found };
}

/** What a token leads to. At most three requests; one when it is nobody's. */
export async function loadFound(table: Table, token: string): Promise<Found> {
  const { link, isHeld } = await loadByToken<NominationLinkFacts>(table, token);
  const isOurs = isHeld && link?.purpose === "NOMINATION";
  const found = isOurs ? await loadAsked(table, link.facts.nominationId) : undefined;
  const asked = found?.application && { ...found, application: found.application };
  return { link, isHeld, asked };
}

/** The links that were sent for an application's nominations lately. Two requests, the second only when there are any. */
export function loadNominationLinks(table: Table, applicationId: string) {
  return loadIssued<NominationLinkFacts>(table, { kind: "Application", id: applicationId }, "NOMINATION");
}

/** What was loaded, for a step of one who must be asked. */
export type Loaded = Asked & { cohort: Cohort };

/** A cohort's nominations that no application was found for yet, the latest first. One request. */
export async function listUnmatched(
  table: Table,
  cohortId: string,
  page: { limit: number; after?: Position },
): Promise<Page> {
  return table.query({ index: "byList", partition: unmatchedOf(cohortId), descending: true, ...page });
}
