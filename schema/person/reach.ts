import type { Decision, Happening } from "../shared/decision.ts";
import type { Instant } from "../shared/time.ts";
import type { Address, AddressKind, Person } from "./person.ts";

/** What mails tell of people's addresses. No address stands in an event. */
export type ReachEvent =
  | Happening<"AddressBounced", { kind: AddressKind; times: number }>
  | Happening<"AddressUnreachable", { kind: AddressKind }>
  | Happening<"AddressReachable", { kind: AddressKind }>
  | Happening<"AddressComplained", { kind: AddressKind }>;

/** After so many mails in a row that were refused for the moment an address counts as unreachable. */
const MOST_SOFT_BOUNCES = 3;

/** What became of a mail to an address. */
export type Arrival =
  | { kind: "BOUNCED"; isPermanent: boolean; reason: string; at: Instant }
  | { kind: "COMPLAINED"; at: Instant }
  | { kind: "DELIVERED"; at: Instant };

/** Notes with an address what became of a mail to it. What is no address of theirs, or says nothing new, changes nothing. */
export function noteArrival(person: Person, email: string, arrival: Arrival): Decision<Person, never, ReachEvent> {
  const address = person.addresses.find((each) => each.email === email);
  const noted = address && addressAfter(address, arrival);
  if (!address || !noted) return { outcome: person, events: [] };
  const addresses = person.addresses.map((each) => (each === address ? noted.address : each));
  return {
    outcome: { ...person, addresses },
    events: [{ ...noted.event, about: { kind: "Person", id: person.id } }],
  };
}

function addressAfter(address: Address, arrival: Arrival): { address: Address; event: Told } | null {
  const { kind, softBounces = 0 } = address;
  switch (arrival.kind) {
    case "DELIVERED": {
      if (address.unreachable === undefined && softBounces === 0) return null;
      return { address: reachable(address), event: { type: "AddressReachable", facts: { kind } } };
    }
    case "COMPLAINED":
      if (address.complainedAt !== undefined) return null;
      return {
        address: { ...address, complainedAt: arrival.at },
        event: { type: "AddressComplained", facts: { kind } },
      };
    case "BOUNCED": {
      if (address.unreachable !== undefined) return null;
      const { at, reason, isPermanent } = arrival;
      const times = softBounces + 1;
      if (!isPermanent && times < MOST_SOFT_BOUNCES) {
        return {
          address: { ...address, softBounces: times },
          event: { type: "AddressBounced", facts: { kind, times } },
        };
      }
      return {
        address: { ...reachable(address), unreachable: { at, reason } },
        event: { type: "AddressUnreachable", facts: { kind } },
      };
    }
  }
}

type Told = ReachEvent extends infer Event ? (Event extends ReachEvent ? Omit<Event, "about"> : never) : never;

/** An address of which nothing bad is known, such as after a mail arrived there, or it was confirmed anew. */
export function reachable({ unreachable: _unreachable, softBounces: _softBounces, ...address }: Address): Address {
  return address;
}

/** Where a mail to a person goes, or why it goes nowhere. */
export type Destination =
  | { email: string; isTrial: boolean }
  | { email: null; because: "UNREACHABLE" | "UNWANTED"; reason: string };

/**
 * Where a mail to a person goes: to the preferred address; when that is unreachable to another one that is not; and when there
 * is none to nobody, unless a member of staff insists. Mails that are optional do not go where they were called unwanted.
 */
export function destinationOf(
  person: Person,
  { wanted = person.email, isOptional, isInsisted }: { wanted?: string; isOptional: boolean; isInsisted: boolean },
): Destination {
  const preferred = person.addresses.find(({ email }) => email === wanted);
  // Nothing is known of an address that is none of theirs yet: that is where a link to confirm it goes.
  if (!preferred) return { email: wanted, isTrial: false };
  const other = person.addresses.find(({ unreachable }) => unreachable === undefined);
  const chosen = preferred.unreachable === undefined ? preferred : (other ?? (isInsisted ? preferred : undefined));
  if (!chosen) {
    const reason =
      `No address of this person can be reached (${preferred.unreachable!.reason}). Ask them for another one and add it to ` +
      "their account, or send this mail again once theirs works.";
    return { email: null, because: "UNREACHABLE", reason };
  }
  if (isOptional && chosen.complainedAt !== undefined) {
    const reason = "The recipient has reported our mails as unwanted: only those that they need go there.";
    return { email: null, because: "UNWANTED", reason };
  }
  return { email: chosen.email, isTrial: chosen.unreachable !== undefined || (chosen.softBounces ?? 0) > 0 };
}

/** Where a mail to somebody without a record here goes: where they were said to be, as long as it does not come back from there. */
export function outsiderDestination(
  { email, isUnreachable = false }: { email: string; isUnreachable?: boolean },
  { wanted = email, isInsisted }: { wanted?: string; isInsisted: boolean },
): Destination {
  if (!isUnreachable || isInsisted || wanted !== email) return { email: wanted, isTrial: false };
  const reason = "Mails to this address come back: whoever named it was asked to correct it.";
  return { email: null, because: "UNREACHABLE", reason };
}

/** When the first of a person's addresses that do not work any more stopped to; null while all do. */
export function unreachableSince({ addresses }: Pick<Person, "addresses">): Instant | null {
  return addresses.flatMap(({ unreachable }) => (unreachable ? [unreachable.at] : [])).sort()[0] ?? null;
}
