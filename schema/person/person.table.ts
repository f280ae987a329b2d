import { key, recordOf, toItem, type Item, type Key } from "../shared/keys.ts";
import type { Table } from "../shared/table.ts";
import { put, putNew, type Write } from "../shared/write.ts";
import type { Identity, Person } from "./person.ts";

/** Where a person is kept. */
export const personKey = (id: string): Key => ({ pk: key("PERSON", id), sk: "PERSON" });

/** The person of an item. */
export const personFrom = (item: Item | undefined) => recordOf<Person>(item);

const accountKey = ({ account }: Identity): Key => ({ pk: key("CLAIM", "ACCOUNT", account), sk: "CLAIM" });
const emailKey = (email: string): Key => ({ pk: key("CLAIM", "EMAIL", email.toLowerCase()), sk: "CLAIM" });

/** Whose account this is. Two requests, the second only when there is such a person. */
export async function loadByAccount(table: Table, identity: Identity): Promise<Person | undefined> {
  return loadClaimed(table, accountKey(identity));
}

/** Who has claimed this address. Two requests, the second only when somebody has. */
export async function loadByEmail(table: Table, email: string): Promise<Person | undefined> {
  return loadClaimed(table, emailKey(email));
}

async function loadClaimed(table: Table, at: Key): Promise<Person | undefined> {
  const item = await table.get(at);
  return item && personFrom(await table.get(personKey(item["personId"] as string)));
}

/** Writes a new person with the claims to account and address; a claim that exists means somebody was faster. */
export function writeNewPerson(person: Person, identity: Identity): Write[] {
  return [...writePerson(person), claim(accountKey(identity), person.id), claim(emailKey(identity.email), person.id)];
}

/** Writes the claim of a further account of a person. */
export function writeAccount(person: Person, identity: Identity): Write[] {
  return [claim(accountKey(identity), person.id)];
}

/** Writes a person. */
export function writePerson(person: Person): Write[] {
  return [put(toItem("PERSON", personKey(person.id), person))];
}

function claim(at: Key, personId: string): Write {
  return putNew(toItem("CLAIM", at, { personId }));
}
