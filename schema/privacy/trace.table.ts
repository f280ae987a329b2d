import { applicationFrom } from "../application/application.table.ts";
import { certificateFrom } from "../certificate/certificate.table.ts";
import { decisionFrom, decisionKey } from "../decision/decision.table.ts";
import { fileFrom } from "../file/file.table.ts";
import { listEvents } from "../history/history.table.ts";
import { messageFrom } from "../message/message.table.ts";
import { nominationFrom } from "../nomination/nomination.table.ts";
import { personFrom, personKey } from "../person/person.table.ts";
import { idsOf, type Person } from "../person/person.ts";
import type { Subject } from "../shared/decision.ts";
import { eventFrom, type Recorded } from "../shared/event.ts";
import { everyItem } from "../shared/every-item.ts";
import { key, type Entity, type Item } from "../shared/keys.ts";
import type { Table } from "../shared/table.ts";
import type { Traces } from "./erasure.ts";

/**
 * Everything that is listed as a person's, as it is now: found through the index, then read again by key. One request per
 * 100 items and record of the person, and one more per 100.
 */
export async function readOwned(table: Table, person: Person): Promise<Item[]> {
  const partitions = idsOf(person).map((id) => key("PERSON", id));
  const found = await Promise.all(
    partitions.map((partition) => everyItem((page) => table.query({ index: "byWho", partition, ...page }))),
  );
  const items = await table.getMany(found.flat().map(({ pk, sk }) => ({ pk, sk })));
  // An index that lags may still list a claim that somebody else has taken over.
  return items.filter((item): item is Item => partitions.includes(item?.byWhoPk ?? ""));
}

/** What the histories of a person and of what is theirs are about. */
export function subjectsOf(person: Person, owned: readonly Item[]): Subject[] {
  return [
    ...idsOf(person).map((id) => ({ kind: "Person", id }) as const),
    ...owned.flatMap((item) => (SUBJECTS[item.entity] ?? []).map((kind) => ({ kind, id: item["id"] as string }))),
  ];
}

const SUBJECTS: Partial<Record<Entity, readonly Subject["kind"][]>> = {
  APPLICATION: ["Application", "Decision", "Offer", "Mentor", "Team", "Confirmation"],
  REVIEW: ["Review"],
  CERTIFICATE: ["Certificate"],
  MESSAGE: ["Message"],
  FILE: ["File"],
  LINK: ["Link"],
  NOMINATION: ["Nomination"],
};

/** The whole history of something, the newest first. One request per 100 events. */
export async function readHistory(table: Table, about: Subject): Promise<Recorded[]> {
  return (await everyItem((page) => listEvents(table, about, page))).map(eventFrom);
}

const ABREAST = 10;

/** The histories of several things. */
export async function readHistories(table: Table, subjects: readonly Subject[]): Promise<Recorded[]> {
  const events: Recorded[] = [];
  for (let start = 0; start < subjects.length; start += ABREAST) {
    const some = subjects.slice(start, start + ABREAST);
    events.push(...(await Promise.all(some.map((about) => readHistory(table, about)))).flat());
  }
  return events;
}

/** Everything that is known of a person. */
export async function readTraces(table: Table, person: Person): Promise<Traces> {
  const owned = await readOwned(table, person);
  const of = (entity: Entity) => owned.filter((item) => item.entity === entity);
  const applications = of("APPLICATION").map((item) => applicationFrom(item)!);
  const [former, decisions, events] = await Promise.all([
    table.getMany(person.formerIds.map(personKey)),
    table.getMany(applications.map(({ id }) => decisionKey(id))),
    readHistories(table, subjectsOf(person, owned)),
  ]);
  return {
    people: [person, ...former.flatMap((item) => personFrom(item) ?? [])],
    accounts: of("CLAIM").filter(({ pk }) => pk.startsWith(key("CLAIM", "ACCOUNT", ""))).length,
    applications,
    decisions: decisions.flatMap((item) => decisionFrom(item) ?? []),
    certificates: of("CERTIFICATE").map((item) => certificateFrom(item)!),
    messages: of("MESSAGE").map((item) => messageFrom(item)!),
    files: of("FILE").map((item) => fileFrom(item)!),
    links: of("LINK").length,
    nominations: of("NOMINATION").map((item) => nominationFrom(item)!),
    events,
  };
}
