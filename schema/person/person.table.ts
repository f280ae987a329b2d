import { key, recordOf, toItem, type Item, type Key } from "../shared/keys.ts";
import type { Table } from "../shared/table.ts";
import { bumpDownTo, countUp, dropIf, put, putInstead, putNew, type Write } from "../shared/write.ts";
import type { Identity, Person } from "./person.ts";
import { isLastingStaff, lastStaff } from "./role.ts";

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

/** Who held the claims of an identity before they were erased. A claim that outlived its person is taken over. */
export interface Void {
  account?: string;
  email?: string;
}

/** Writes a new person with the claims to account and address; a claim that exists means somebody was faster. */
export function writeNewPerson(person: Person, identity: Identity, before: Void = {}): Write[] {
  const account = claim(accountKey(identity), person.id, before.account);
  const address = claim(emailKey(identity.email), person.id, before.email);
  return [...writePerson(person, { roles: [] }), account, address];
}

/** Writes the claim of a further account of a person. */
export function writeAccount(person: Person, identity: Identity, before: Void = {}): Write[] {
  return [claim(accountKey(identity), person.id, before.account)];
}

/** Where the claims of addresses are kept. */
export const emailKeys = (emails: readonly string[]): Key[] => emails.map(emailKey);

/** Gives up a claim that a person holds. */
export const dropClaim = (at: Key, personId: string): Write => dropIf(at, "personId", personId);

/** How many people hold the staff role without an end. */
export const staffCountKey: Key = { pk: key("COUNTER", "LASTING_STAFF"), sk: "COUNTER" };

/** Writes a person who was as `before`; the last who administers the program for good cannot be the last no more. */
export function writePerson(person: Person, before: Pick<Person, "roles">): Write[] {
  return [
    put(toItem("PERSON", personKey(person.id), person)),
    ...staffCount(isLastingStaff(before), isLastingStaff(person)),
  ];
}

function staffCount(before: boolean, after: boolean): Write[] {
  if (before === after) return [];
  if (after) return [countUp(staffCountKey, "COUNTER", "counted")];
  return [bumpDownTo(staffCountKey, "COUNTER", "counted", 1, lastStaff)];
}

/** Claims are listed by whose they are, so that all of somebody's can be found and given up. */
function claim(at: Key, personId: string, before?: string): Write {
  const item = claimItem(at, personId);
  return before === undefined ? putNew(item) : putInstead(item, "personId", before);
}

/** The claim of a person to an account or an address. */
export function claimItem({ pk, sk }: Key, personId: string): Item {
  return toItem("CLAIM", { pk, sk }, { personId }, { byWhoPk: key("PERSON", personId), byWhoSk: pk });
}
