import {
  reasonRefusals,
  refusal,
  textRefusals,
  type Decision,
  type Happening,
  type TextCode,
} from "../shared/decision.ts";
import type { Instant } from "../shared/time.ts";
import type { RoleTerm } from "./role.ts";

/** Whether an address is a person's own or goes with their job; people who change jobs keep the first. */
export const ADDRESS_KINDS = ["PERSONAL", "WORK"] as const;

/** One of ADDRESS_KINDS. */
export type AddressKind = (typeof ADDRESS_KINDS)[number];

/** An address that a person has proved to be theirs. Nobody else can claim it. */
export interface Address {
  /** In lower case. */
  email: string;
  kind: AddressKind;
  verifiedAt: Instant;
  /** Staff entered it, and nobody has signed in with it yet; absent once somebody has. */
  isEntered?: true;
  /** That mails do not arrive there, since when and why; absent while they do, as far as is known. */
  unreachable?: { at: Instant; reason: string };
  /** How many mails in a row were refused there for the moment; absent when the last one was not. */
  softBounces?: number;
  /** When mails to it were reported as unwanted: optional ones do not go there any more. */
  complainedAt?: Instant;
}

/** ACTIVE signs in. MERGED turned out to be somebody who has another record, ERASED asked to be forgotten. */
export const PERSON_STATES = ["ACTIVE", "MERGED", "ERASED"] as const;

/** One of PERSON_STATES. */
export type PersonState = (typeof PERSON_STATES)[number];

/** Whoever signs in: applicants, mentors, committee members, staff. */
export interface Person {
  id: string;
  version: number;
  state: PersonState;
  name: string;
  /** The one of the addresses that mails go to. Empty once the person is merged or erased. */
  email: string;
  addresses: readonly Address[];
  roles: readonly RoleTerm[];
  /** Ids of applications that the person has nothing to do with any more in whatever office, because of a conflict. */
  recusedFrom: readonly string[];
  /** Ids of applications the person was recused from once: why, and why not any more, stands in their histories. */
  wasRecusedFrom: readonly string[];
  /** Whether the person agreed to be listed in the directory. */
  isListed: boolean;
  joinedAt: Instant;
  /** Addresses the person gave up. Whoever signs in with one has its mailbox now, and is somebody else. */
  givenUp: readonly string[];
  /** Ids of records of the same person that were merged into this one; what belongs to them belongs to this person. */
  formerIds: readonly string[];
  /** The record this one was merged into; null otherwise. */
  mergedInto: string | null;
}

/** What a verified token says about whoever holds it. */
export interface Identity {
  /** Issuer and subject: the same for the same account for ever. */
  account: string;
  email: string;
  emailVerified: boolean;
  name: string;
}

/** Whoever makes a request, at the moment of it. */
export interface Viewer {
  person: Person;
  now: Instant;
  /** For a service token the only root fields it may ask for; absent for people. */
  operations?: readonly string[];
  /** For a service token the ids of whoever created it; absent for people. */
  onBehalfOf?: readonly string[];
}

/** What happens to people. */
export type PersonEvent =
  | Happening<"PersonJoined", { firstStaff: boolean }>
  | Happening<"PersonEntered", { personId: string }>
  | Happening<"PersonLinked", object>
  | Happening<"PersonRenamed", object>
  | Happening<"PersonListed", object>
  | Happening<"PersonUnlisted", object>
  | Happening<"PersonErased", { removed: Readonly<Record<string, number>> }>
  | Happening<"ErasureRequested", object>;

/** Whether the text can be an e-mail address here: one at sign, no spaces, at most 245 characters. */
export function isEmailAddress(text: string): boolean {
  return /^[^\s@#]{1,64}@[^\s@#]{1,180}$/.test(text);
}

/** What a name can be. */
export const NAME = { max: 120, label: "The name" };

/** Whether the viewer is the person of that id, also by a record that was merged into theirs. */
export function isSelf(viewer: Viewer | null, personId: string): boolean {
  return viewer !== null && (viewer.person.id === personId || viewer.person.formerIds.includes(personId));
}

/** The id of the person and those of the records that were merged into theirs. */
export const idsOf = ({ id, formerIds }: Person): readonly string[] => [id, ...formerIds];

/** Whether the viewer may ask for this root field, if its rule agrees. A service token only asks, and only what it names. */
export function mayUse({ operations }: Viewer, kind: "Query" | "Mutation", field: string): boolean {
  return operations === undefined || (kind === "Query" && operations.includes(field));
}

/** Whether the viewer may change anything, if the rule of the step agrees: service tokens only ask. */
export function mayAct({ operations }: Viewer): boolean {
  return operations === undefined;
}

/** Whether somebody comes with the address that is configured for the first member of staff. */
export function isFirstStaff({ email }: Identity, firstStaffEmail: string | undefined): boolean {
  return email.toLowerCase() === firstStaffEmail?.toLowerCase();
}

/** Makes the person of a first sign-in. Whoever holds the configured first staff address starts as staff. */
export function join(
  identity: Identity,
  { id, now, firstStaffEmail }: { id: string; now: Instant; firstStaffEmail?: string },
): Decision<Person, "EMAIL_NOT_VERIFIED", PersonEvent> {
  if (!identity.emailVerified) return { refusals: [emailNotVerified] };
  const email = identity.email.toLowerCase();
  const firstStaff = isFirstStaff(identity, firstStaffEmail);
  const person = freshPerson(id, nameFrom(identity), { email, kind: "WORK", verifiedAt: now });
  const roles: RoleTerm[] = firstStaff
    ? [{ role: "STAFF", cohortId: null, classId: null, from: now, until: null }]
    : [];
  return {
    outcome: { ...person, roles },
    events: [{ type: "PersonJoined", about: { kind: "Person", id }, facts: { firstStaff } }],
  };
}

/** A person of whom nothing but a name and an address is known. */
export function freshPerson(id: string, name: string, address: Address): Person {
  return {
    id,
    version: 0,
    state: "ACTIVE",
    name,
    email: address.email,
    addresses: [address],
    roles: [],
    recusedFrom: [],
    wasRecusedFrom: [],
    isListed: false,
    joinedAt: address.verifiedAt,
    givenUp: [],
    formerIds: [],
    mergedInto: null,
  };
}

/**
 * Links a further account to the person who already holds its address; only a verified address proves that. Whoever signs in with one
 * that staff have entered joins with it.
 */
export function link(
  person: Person,
  identity: Identity,
  now: Instant,
): Decision<Person, "EMAIL_NOT_VERIFIED" | "ACCOUNT_CLOSED", PersonEvent> {
  if (!identity.emailVerified) return { refusals: [emailNotVerified] };
  if (person.state !== "ACTIVE") return { refusals: [refusal("ACCOUNT_CLOSED", "This account is closed.")] };
  const about = { kind: "Person", id: person.id } as const;
  const email = identity.email.toLowerCase();
  const entered = person.addresses.find((address) => address.email === email && address.isEntered === true);
  if (!entered) return { outcome: person, events: [{ type: "PersonLinked", about, facts: {} }] };
  const { isEntered: _isEntered, ...address } = entered;
  const proved = { ...address, verifiedAt: now };
  const addresses = person.addresses.map((one) => (one === entered ? proved : one));
  const isFirst = person.addresses.every(({ isEntered }) => isEntered === true);
  return {
    outcome: { ...person, addresses, joinedAt: isFirst ? now : person.joinedAt },
    events: [{ type: "PersonJoined", about, facts: { firstStaff: false } }],
  };
}

const emailNotVerified = refusal(
  "EMAIL_NOT_VERIFIED",
  "Your e-mail address is not verified yet: please confirm it, then sign in again.",
);

/** A token's name is used when it is one; otherwise the address's first part stands in until the person renames. */
function nameFrom({ name, email }: Identity): string {
  return textRefusals(name, NAME).length === 0 ? name.trim() : email.split("@")[0]!.slice(0, NAME.max);
}

/** Changes the name that mails, lists and certificates show from now on. Whoever does it for somebody else says why. */
export function rename(
  person: Person,
  name: string,
  onBehalf?: { why: string },
): Decision<Person, TextCode, PersonEvent> {
  const refusals = [...textRefusals(name, NAME, "name"), ...(onBehalf ? reasonRefusals(onBehalf.why) : [])];
  if (refusals.length > 0) return { refusals };
  const next = { ...person, name: name.trim() };
  const event: PersonEvent = {
    type: "PersonRenamed",
    about: { kind: "Person", id: person.id },
    facts: {},
    before: { name: person.name },
    after: { name: next.name },
    ...(onBehalf && { actingFor: person.id, why: onBehalf.why.trim() }),
  };
  return { outcome: next, events: [event] };
}

/** Agrees to be listed in the directory with name and address, or takes that back. */
export function setListed(person: Person, isListed: boolean): Decision<Person, "UNCHANGED", PersonEvent> {
  if (person.isListed === isListed) {
    const message = isListed ? "You are listed already." : "You are not listed.";
    return { refusals: [refusal("UNCHANGED", message, "isListed")] };
  }
  const event: PersonEvent = {
    type: isListed ? "PersonListed" : "PersonUnlisted",
    about: { kind: "Person", id: person.id },
    facts: {},
    before: { isListed: person.isListed },
    after: { isListed },
  };
  return { outcome: { ...person, isListed }, events: [event] };
}
