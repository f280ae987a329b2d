import { dueAt, key, recordOf, toItem, type Item, type Key } from "../shared/keys.ts";
import type { Page, Position, Table } from "../shared/table.ts";
import { checkVersion, put, putNew, type Write } from "../shared/write.ts";
import { informationDue, openInformation } from "./information.ts";
import { wasSubmitted, type Application, type ApplicationKind, type ApplicationState } from "./application.ts";

/** Where an application is kept; its decision stands in the same partition. */
export const applicationKey = (id: string): Key => ({ pk: key("APPLICATION", id), sk: "APPLICATION" });

/** The application of an item. */
export const applicationFrom = (item: Item | undefined) => recordOf<Application>(item);

const numberKey = (number: string): Key => ({ pk: key("CLAIM", "APPLICATION", number), sk: "CLAIM" });

function applicationItem(application: Application) {
  const { id, cohortId, kind, personId, state, number } = application;
  return toItem("APPLICATION", applicationKey(id), application, {
    byWhoPk: key("PERSON", personId),
    byWhoSk: key("APPLICATION", application.startedAt),
    byListPk: listOf(cohortId, wasSubmitted(application) ? "SUBMITTED" : "UNSUBMITTED", kind),
    byListSk: key(state, number),
    ...dueAt(dueOf(application), id),
  });
}

/**
 * A draft is due when its writer is reminded and when it expires, a submitted one when what was asked for is and when the time of
 * the letters it waits for is over, and one that came to nothing when its content has been kept long enough.
 */
function dueOf(application: Application): string | null {
  if (application.state === "DRAFT") return application.nextReminder?.at ?? application.closesAt;
  const asked = openInformation(application);
  const answers = asked && informationDue(asked);
  if (application.state !== "SUBMITTED") return answers ?? ("keptUntil" in application ? application.keptUntil : null);
  const { lettersUntil } = application;
  return answers !== null && answers < lettersUntil ? answers : lettersUntil;
}

/** Which of a cohort's two lists: the committee reads one of them only. */
export type ApplicationList = "SUBMITTED" | "UNSUBMITTED";

const listOf = (cohortId: string, list: ApplicationList, kind: ApplicationKind) => key("COHORT", cohortId, list, kind);

/**
 * The next number of a year's applications: all its cohorts draw from one counter, because the number names the year alone.
 * Drawn at the start, so that submitting touches nothing shared.
 */
export async function nextApplicationNumber(table: Table, { year }: { year: number }): Promise<string> {
  const count = await table.count({ pk: key("COUNTER", "APPLICATION", year), sk: "COUNTER" });
  return `APP-${year}-${String(count).padStart(4, "0")}`;
}

/** Writes a new application with the claim to its number. */
export function writeNewApplication(application: Application): Write[] {
  const claim = toItem("CLAIM", numberKey(application.number), { applicationId: application.id });
  return [put(applicationItem(application)), putNew(claim)];
}

/** Writes a changed application. */
export function writeApplication(application: Application): Write[] {
  return [put(applicationItem(application))];
}

/** Demands that the application stays as it was loaded while something that depends on it is written. */
export function holdApplication({ id, version }: Application): Write {
  return checkVersion(applicationKey(id), version);
}

/** Id of the application with a number. One request. */
export async function findByNumber(table: Table, number: string): Promise<string | undefined> {
  return (await table.get(numberKey(number)))?.["applicationId"] as string | undefined;
}

/** A person's applications, newest first. One request. */
export async function listOfPerson(table: Table, personId: string): Promise<Application[]> {
  const page = await table.query({
    index: "byWho",
    partition: key("PERSON", personId),
    sort: { beginsWith: key("APPLICATION", "") },
    descending: true,
  });
  return page.items.map((item) => recordOf<Application>(item));
}

/** A list of a cohort's applications of a kind, by state, then number. One request. */
export async function listOfCohort(
  table: Table,
  of: { cohortId: string; kind: ApplicationKind; list: ApplicationList; state: ApplicationState | null },
  page: { limit: number; after?: Position },
): Promise<Page> {
  const sort = of.state ? { beginsWith: key(of.state, "") } : undefined;
  return table.query({ index: "byList", partition: listOf(of.cohortId, of.list, of.kind), sort, ...page });
}
