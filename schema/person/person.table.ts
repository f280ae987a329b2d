import { everyItem } from "../shared/every-item.ts";
import { key, recordOf, toItem, type Item, type Key } from "../shared/keys.ts";
import { listPointed } from "../shared/pointers.ts";
import type { Page, Position, Table } from "../shared/table.ts";
import {
  bumpDownTo,
  countFirst,
  countUp,
  drop,
  dropAnyhow,
  dropIf,
  put,
  putAnyhow,
  putInstead,
  putNew,
  type Write,
} from "../shared/write.ts";
import { emailTaken } from "./address.ts";
import { lastingStaffChange, type Records } from "./merge.ts";
import type { Identity, Person } from "./person.ts";
import { unreachableSince } from "./reach.ts";
import { isLastingStaff, lastStaff } from "./role.ts";

/** Where a person is kept. */
export const personKey = (id: string): Key => ({ pk: key("PERSON", id), sk: "PERSON" });

/** The person of an item. */
export const personFrom = (item: Item | undefined) => recordOf<Person>(item);

const accountKey = ({ account }: Identity): Key => ({ pk: key("CLAIM", "ACCOUNT", account), sk: "CLAIM" });
const emailKey = (email: string): Key => ({ pk: key("CLAIM", "EMAIL", email.toLowerCase()), sk: "CLAIM" });

/** Who holds a claim, and the id it was made for: another one where that record was merged into theirs. */
export interface Claimed {
  person: Person;
  claimedBy: string;
}

/** Whose account this is. Two requests, the second only when there is such a person. */
export async function loadByAccount(table: Table, identity: Identity): Promise<Claimed | undefined> {
  return loadClaimed(table, accountKey(identity));
}

/** Who has claimed this address. Two requests, the second only when somebody has. */
export async function loadByEmail(table: Table, email: string): Promise<Claimed | undefined> {
  return loadClaimed(table, emailKey(email));
}

async function loadClaimed(table: Table, at: Key): Promise<Claimed | undefined> {
  const claimedBy = (await table.get(at))?.["personId"] as string | undefined;
  const person = claimedBy === undefined ? undefined : await loadPerson(table, claimedBy);
  return person && claimedBy !== undefined ? { person, claimedBy } : undefined;
}

/** Merged records are few, and one that took in another may be taken in itself. */
const LONGEST_CHAIN = 10;

/** The person of an id, also of a record that was merged into another. One request, and one more for each merge. */
export async function loadPerson(table: Table, id: string): Promise<Person | undefined> {
  let person = personFrom(await table.get(personKey(id)));
  for (let step = 0; person?.mergedInto && step < LONGEST_CHAIN; step++) {
    person = personFrom(await table.get(personKey(person.mergedInto)));
  }
  return person;
}

/** The same, but nobody when the person was erased: they are not to get a name, a role or anything else again. */
export async function loadLivePerson(table: Table, id: string): Promise<Person | undefined> {
  const person = await loadPerson(table, id);
  return person?.state === "ERASED" ? undefined : person;
}

/** Who held the claims of an identity before they were erased. A claim that outlived its person is taken over. */
export interface Void {
  account?: string;
  email?: string;
}

/**
 * Writes a new person with the claims to account and address; a claim that exists means somebody was faster, and so does a
 * member of staff where this is to be the first.
 */
export function writeNewPerson(person: Person, identity: Identity, before: Void = {}): Write[] {
  const account = claim(accountKey(identity), person.id, before.account);
  const address = claim(emailKey(identity.email), person.id, before.email);
  const first = isLastingStaff(person) ? [countFirst(staffCountKey, "COUNTER", "counted")] : [];
  return [put(personItem(person)), ...first, account, address];
}

/** Writes somebody whom staff have entered, with the claim to the address; a claim that exists means somebody was faster. */
export function writeEntered(person: Person, before?: string): Write[] {
  return [put(personItem(person)), claim(emailKey(person.email), person.id, before)];
}

/** Writes the claim of a further account of a person. */
export function writeAccount(person: Person, identity: Identity, before: Void = {}): Write[] {
  return [claim(accountKey(identity), person.id, before.account)];
}

/** Claims an address for a person; refused when somebody else has. */
export function claimEmail(personId: string, email: string): Write {
  return putNew(claimItem(emailKey(email), personId), emailTaken);
}

/** Gives up the claim of an address. */
export const dropEmail = (email: string): Write => drop(emailKey(email));

/** Where the claims of addresses are kept. */
export const emailKeys = (emails: readonly string[]): Key[] => emails.map(emailKey);

/** Gives up a claim that a person holds. */
export const dropClaim = (at: Key, personId: string): Write => dropIf(at, "personId", personId);

/** How many people hold the staff role without an end. */
export const staffCountKey: Key = { pk: key("COUNTER", "LASTING_STAFF"), sk: "COUNTER" };

/** Whether the program has, or ever had, staff: from then on staff are made by staff alone. */
export async function isStaffed(table: Table): Promise<boolean> {
  return (await table.get(staffCountKey)) !== undefined;
}

/** Writes a person who was as `before`; whoever administers the program as the last cannot stop. */
export function writePerson(person: Person, before: Pick<Person, "roles" | "addresses">): Write[] {
  const change = Number(isLastingStaff(person)) - Number(isLastingStaff(before));
  return [put(personItem(person)), ...staffCount(change), ...unreachableWrites(person, before)];
}

const UNREACHABLE = "UNREACHABLE";

/** Whoever has an address that does not work any more is on a list of its own, because the person's item may be on another. */
function unreachableWrites(person: Person, before: Pick<Person, "addresses">): Write[] {
  const [since, was] = [unreachableSince(person), unreachableSince(before)];
  if (since === was) return [];
  const at = (instant: string): Key => ({ pk: UNREACHABLE, sk: key(instant, person.id) });
  return [
    ...(was === null ? [] : [dropAnyhow(at(was))]),
    ...(since === null ? [] : [putAnyhow(toItem("UNREACHABLE", at(since), { personId: person.id }))]),
  ];
}

/** Who has an address that does not work any more, as they are now, the latest first. Two requests. */
export async function listUnreachable(table: Table, page: { limit: number; after?: Position }): Promise<Page> {
  return listPointed(table, {
    partition: UNREACHABLE,
    target: ({ personId }) => personKey(personId as string),
    ...page,
  });
}

/** Writes two records that become one. */
export function writeMerge(after: Records, before: Records): Write[] {
  return [
    put(personItem(after.kept)),
    put(personItem(after.merged)),
    ...staffCount(lastingStaffChange(before, after)),
    ...unreachableWrites(after.kept, before.kept),
    ...unreachableWrites(after.merged, before.merged),
  ];
}

const DIRECTORY = "DIRECTORY";

const COMMITTEE = "COMMITTEE";

/**
 * Everybody who sits, sat or will sit on the committee of a cohort, as they are now: found through the index, then read again by
 * key. One request for 100 of them, and one more.
 */
export async function loadCommittee(table: Table): Promise<Person[]> {
  const found = await everyItem((page) => table.query({ index: "byWho", partition: COMMITTEE, ...page }));
  const items = await table.getMany(found.map(({ pk, sk }) => ({ pk, sk })));
  return items.flatMap((item) => personFrom(item) ?? []);
}

function personItem(person: Person) {
  const { id, name, isListed, roles } = person;
  const isMember = roles.some(({ role }) => role === "COMMITTEE" || role === "CHAIR");
  return toItem("PERSON", personKey(id), person, {
    ...(isMember && { byWhoPk: COMMITTEE, byWhoSk: id }),
    ...(isListed && { byListPk: DIRECTORY, byListSk: key(name.toLowerCase(), id) }),
  });
}

/** Who agreed to be listed, by name. One request. */
export async function listDirectory(table: Table, page: { limit: number; after?: Position }): Promise<Page> {
  return table.query({ index: "byList", partition: DIRECTORY, ...page });
}

function staffCount(change: number): Write[] {
  if (change === 0) return [];
  if (change > 0) return [countUp(staffCountKey, "COUNTER", "counted")];
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
