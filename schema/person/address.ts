import { isOpen, issueLink, linkUnknown, openLink, revokeLink } from "../link/link.ts";
import type { Issued, Link, LinkCode, LinkEvent } from "../link/link.ts";
import { isRefused, reasonRefusals, refusal } from "../shared/decision.ts";
import type { Decision, Happening, Refusal, TextCode } from "../shared/decision.ts";
import type { Instant } from "../shared/time.ts";
import type { Address, AddressKind, Person } from "./person.ts";
import { reachable } from "./reach.ts";

/** What a link that confirms an address needs to know besides the address, which is where it was sent. */
export interface AddressFacts {
  kind: AddressKind;
  /** Whether staff asked in the person's name. */
  byStaff: boolean;
}

/** An address that somebody asks to add. */
export interface AddressWish {
  email: string;
  kind: AddressKind;
  /** Whether staff ask in the person's name, and why; null when the person does. */
  why: string | null;
}

/**
 * What happens to people's addresses. No address stands in an event: events outlive the wish to be forgotten, and an address
 * that was never confirmed may be a stranger's.
 */
export type AddressEvent =
  | Happening<"EmailAdded", { personId: string; linkId: string; byStaff: boolean }>
  | Happening<"EmailConfirmed", { personId: string; byStaff: boolean }>
  | Happening<"EmailPreferred", { personId: string }>
  | Happening<"EmailRemoved", { kind: AddressKind }>
  | Happening<"EmailLabelled", { kind: AddressKind }>;

/** Why an address cannot be added. Whether somebody else has it is told to nobody but its owner. */
export type AddCode = TextCode | "BAD_EMAIL" | "EMAIL_OWN" | "TOO_MANY_ADDRESSES" | "TOO_MANY" | "WRONG_STATE";

/** Why an address cannot be confirmed. */
export type ConfirmCode = LinkCode | "EMAIL_TAKEN" | "EMAIL_OWN" | "TOO_MANY_ADDRESSES";

/** Addresses of one person. */
const MOST_ADDRESSES = 5;

/** Asks to add an address: a link goes to it, and an earlier one to the same address is taken back. */
export function addEmail(
  person: Person,
  wish: AddressWish,
  {
    issued,
    links,
    linkId,
    now,
  }: { issued: Issued; links: readonly Link<AddressFacts>[]; linkId: string; now: Instant },
): Decision<AddressRequest, AddCode, AddressEvent | LinkEvent> {
  const email = wish.email.trim().toLowerCase();
  const refusals: Refusal<AddCode>[] = wish.why === null ? [] : reasonRefusals(wish.why);
  const own = addressOf(person, email);
  // One that mails do not reach any more is confirmed anew by the same way.
  const isAnew = own?.unreachable !== undefined;
  if (!isMailable(email)) refusals.push(badEmail);
  else if (own && !isAnew) refusals.push(emailOwn("email"));
  if (person.addresses.length >= MOST_ADDRESSES && !isAnew) refusals.push(tooManyAddresses);
  if (person.state !== "ACTIVE") refusals.push(closed);
  if (refusals.length > 0) return { refusals };
  const byStaff = wish.why !== null;
  const made = issueLink<AddressFacts>(issued, { id: linkId, to: email, facts: { kind: wish.kind, byStaff } }, now);
  if (isRefused(made)) return made;
  const replaced = links.filter((link) => link.to === email && isOpen(link, now));
  const revoked = replaced.map((link) => revokeLink(link, now));
  const added: AddressEvent = {
    type: "EmailAdded",
    about: { kind: "Person", id: person.id },
    facts: { personId: person.id, linkId, byStaff },
    after: { kind: wish.kind },
    why: wish.why ?? undefined,
  };
  return {
    outcome: { ...made.outcome, revoked: revoked.map(({ outcome }) => outcome) },
    events: [...revoked.flatMap(({ events }) => events), ...made.events, added],
  };
}

/** What a request to add an address writes. */
export interface AddressRequest {
  link: Link<AddressFacts>;
  issued: Issued;
  revoked: readonly Link<AddressFacts>[];
}

/** Adds the address that a link proves. Whether somebody else has it is the transaction's to say. */
export function confirmEmail(
  person: Person | undefined,
  { link, isHeld }: { link: Link<AddressFacts> | undefined; isHeld: boolean },
  now: Instant,
): Decision<{ person: Person; link: Link<AddressFacts>; address: Address }, ConfirmCode, AddressEvent | LinkEvent> {
  const opened = openLink(link, { purpose: "EMAIL_CONFIRM", isHeld }, now);
  if (isRefused(opened)) return opened;
  if (person?.state !== "ACTIVE") return { refusals: [linkUnknown] };
  const { to, facts } = opened.outcome;
  const own = addressOf(person, to ?? "");
  if (own && own.unreachable === undefined) return { refusals: [emailOwn("token")] };
  if (person.addresses.length >= MOST_ADDRESSES && !own) return { refusals: [tooManyAddresses] };
  const address: Address = own
    ? { ...reachable(own), verifiedAt: now }
    : { email: to ?? "", kind: facts.kind, verifiedAt: now };
  const givenUp = person.givenUp.filter((email) => email !== address.email);
  const addresses = own ? person.addresses.map((one) => (one === own ? address : one)) : [...person.addresses, address];
  const next = { ...person, addresses, givenUp };
  const confirmed: AddressEvent = {
    type: "EmailConfirmed",
    about: { kind: "Person", id: person.id },
    facts: { personId: person.id, byStaff: facts.byStaff },
    after: { kind: address.kind },
  };
  return { outcome: { person: next, link: opened.outcome, address }, events: [...opened.events, confirmed] };
}

/** The refusal of an address that somebody else has claimed; only who reads its mail is told. */
export const emailTaken = refusal(
  "EMAIL_TAKEN",
  "This address belongs to another account of the program: please sign in with it, or write to us to join the two.",
  "token",
);

/** Makes an address the one that mails go to. Already preferred, nothing changes. */
export function preferEmail(person: Person, email: string): Decision<Person, "EMAIL_UNKNOWN", AddressEvent> {
  const address = addressOf(person, email);
  if (!address) return { refusals: [emailUnknown] };
  if (address.email === person.email) return { outcome: person, events: [] };
  const event: AddressEvent = {
    type: "EmailPreferred",
    about: { kind: "Person", id: person.id },
    facts: { personId: person.id },
    before: { kind: addressOf(person, person.email)?.kind },
    after: { kind: address.kind },
  };
  return { outcome: { ...person, email: address.email }, events: [event] };
}

/**
 * Gives an address up, so that others may claim it; an account that signs in with it is the person's no more. The preferred one
 * stays: mails must go somewhere.
 */
export function removeEmail(
  person: Person,
  email: string,
): Decision<Person, "EMAIL_UNKNOWN" | "EMAIL_PREFERRED", AddressEvent> {
  const address = addressOf(person, email);
  if (!address) return { refusals: [emailUnknown] };
  if (address.email === person.email) {
    const message = "Mails go to this address: please prefer another one first.";
    return { refusals: [refusal("EMAIL_PREFERRED", message, "email")] };
  }
  const event: AddressEvent = {
    type: "EmailRemoved",
    about: { kind: "Person", id: person.id },
    facts: { kind: address.kind },
    before: { kind: address.kind },
  };
  const addresses = person.addresses.filter((one) => one !== address);
  return { outcome: { ...person, addresses, givenUp: [...person.givenUp, address.email] }, events: [event] };
}

/** Says whose an address is. Said already, nothing changes. */
export function labelEmail(
  person: Person,
  email: string,
  kind: AddressKind,
): Decision<Person, "EMAIL_UNKNOWN", AddressEvent> {
  const address = addressOf(person, email);
  if (!address) return { refusals: [emailUnknown] };
  if (address.kind === kind) return { outcome: person, events: [] };
  const event: AddressEvent = {
    type: "EmailLabelled",
    about: { kind: "Person", id: person.id },
    facts: { kind },
    before: { kind: address.kind },
    after: { kind },
  };
  const addresses = person.addresses.map((one) => (one === address ? { ...one, kind } : one));
  return { outcome: { ...person, addresses }, events: [event] };
}

/** Whether an address is or was one of the person's, also with another ending to its first part, such as `+letters`. */
export function isAddressOf({ email, addresses, givenUp }: Person, other: string): boolean {
  const all = [email, ...addresses.map((address) => address.email), ...givenUp];
  return all.some((one) => mailboxOf(one) === mailboxOf(other));
}

const mailboxOf = (email: string) =>
  email
    .trim()
    .toLowerCase()
    .replace(/\+[^@]*@/, "@");

function addressOf({ addresses }: Person, email: string): Address | undefined {
  return addresses.find((address) => address.email === email.trim().toLowerCase());
}

/**
 * Whether mails can be sent to what a person typed: letters and signs that SES takes and that mean nothing in a mail's header,
 * and a domain of at least two parts.
 */
export function isMailable(email: string): boolean {
  return /^[a-z0-9!$%&'*+/=?^_`{|}~.-]{1,64}@(?=.{4,180}$)[a-z0-9-]+(?:\.[a-z0-9-]+)+$/.test(email);
}

/** The refusal of what is no address that mails can be sent to. */
export const badEmail = refusal(
  "BAD_EMAIL",
  "This is not an e-mail address: please write it as name@example.org.",
  "email",
);

const emailOwn = (field: string) => refusal("EMAIL_OWN", "This address is among yours already.", field);

const emailUnknown = refusal("EMAIL_UNKNOWN", "This address is not among yours: please add and confirm it.", "email");

const closed = refusal("WRONG_STATE", "This account is closed: no address can be added to it.");

const tooManyAddresses = refusal(
  "TOO_MANY_ADDRESSES",
  `There are ${MOST_ADDRESSES} addresses already: please remove one first.`,
);
