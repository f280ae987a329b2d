import { describe, expect, test } from "vitest";
import { addEmail, confirmEmail, type AddressFacts } from "../../schema/person/address.ts";
import {
  destinationOf,
  outsiderDestination,
  noteArrival,
  unreachableSince,
  type Arrival,
} from "../../schema/person/reach.ts";
import type { Address, Person } from "../../schema/person/person.ts";
import type { Issued, Link } from "../../schema/link/link.ts";
import { decided, faults, NOW, person } from "./records.ts";

const WORK = "avery@example.org";
const HOME = "avery@example.net";
const DEAD = { at: "2026-08-01T00:00:00.000Z", reason: "Permanent bounce: no such user" };

const work = (more: Partial<Address> = {}): Address => ({
  email: WORK,
  kind: "WORK",
  verifiedAt: "2026-01-01T00:00:00.000Z",
  ...more,
});
const home = (more: Partial<Address> = {}): Address => ({ ...work(more), email: HOME, kind: "PERSONAL" });
const having = (...addresses: Address[]): Person => person({ email: WORK, addresses });

const bounce = (isPermanent: boolean): Arrival => ({ kind: "BOUNCED", isPermanent, reason: DEAD.reason, at: NOW });
const delivered: Arrival = { kind: "DELIVERED", at: NOW };
const complaint: Arrival = { kind: "COMPLAINED", at: NOW };

/** The address after what became of a mail to it, and the events by name. */
function after(address: Address, ...arrivals: Arrival[]) {
  let now = having(address, home());
  const events: string[] = [];
  for (const arrival of arrivals) {
    const { outcome, events: more } = decided(noteArrival(now, WORK, arrival));
    now = outcome;
    events.push(...more.map(({ type, facts }) => `${type} ${JSON.stringify(facts)}`));
  }
  expect(now.addresses[1]).toEqual(home());
  return { address: now.addresses[0], events };
}

describe("what became of mails to an address", () => {
  test("a hard bounce makes it unreachable, once", () => {
    expect(after(work(), bounce(true), bounce(true), bounce(false))).toEqual({
      address: work({ unreachable: { at: NOW, reason: DEAD.reason } }),
      events: ['AddressUnreachable {"kind":"WORK"}'],
    });
  });

  test("so do three soft ones in a row, and not two", () => {
    const soft = bounce(false);
    expect(after(work(), soft, soft)).toEqual({
      address: work({ softBounces: 2 }),
      events: ['AddressBounced {"kind":"WORK","times":1}', 'AddressBounced {"kind":"WORK","times":2}'],
    });
    expect(after(work(), soft, soft, soft).address).toEqual(work({ unreachable: { at: NOW, reason: DEAD.reason } }));
    expect(after(work(), soft, soft, delivered, soft).address).toEqual(work({ softBounces: 1 }));
  });

  test("a mail that arrives clears it, and says nothing of an address that always worked", () => {
    expect(after(work({ unreachable: DEAD }), delivered)).toEqual({
      address: work(),
      events: ['AddressReachable {"kind":"WORK"}'],
    });
    expect(after(work(), delivered)).toEqual({ address: work(), events: [] });
  });

  test("a complaint is noted once", () => {
    expect(after(work(), complaint, complaint)).toEqual({
      address: work({ complainedAt: NOW }),
      events: ['AddressComplained {"kind":"WORK"}'],
    });
  });

  test("an address that is not theirs changes nothing", () => {
    const before = having(work());
    expect(noteArrival(before, "else@example.org", bounce(true))).toEqual({ outcome: before, events: [] });
  });
});

describe("where a mail goes", () => {
  const to = (addresses: Address[], { isOptional = false, isInsisted = false, wanted = WORK } = {}) => {
    const { email, ...rest } = destinationOf(having(...addresses), { isOptional, isInsisted, wanted });
    return "because" in rest ? rest.because : [email, rest.isTrial];
  };
  const deadWork = work({ unreachable: DEAD });
  const deadHome = home({ unreachable: DEAD });

  test("to the preferred address, to another one that works, or to nobody unless staff insist", () => {
    expect(to([work(), home()])).toEqual([WORK, false]);
    expect(to([deadWork, home()])).toEqual([HOME, false]);
    expect(to([deadWork, home()], { isInsisted: true })).toEqual([HOME, false]);
    expect(to([deadWork, deadHome])).toBe("UNREACHABLE");
    expect(to([deadWork, deadHome], { isInsisted: true })).toEqual([WORK, true]);
    expect(to([work({ softBounces: 2 })])).toEqual([WORK, true]);
    expect(to([work(), home()], { wanted: HOME })).toEqual([HOME, false]);
    expect(to([work()], { wanted: "new@example.org" })).toEqual(["new@example.org", false]);
  });

  test("optional mails do not go where they were called unwanted, required ones do", () => {
    const complained = work({ complainedAt: NOW });
    expect(to([complained], { isOptional: true })).toBe("UNWANTED");
    expect(to([complained])).toEqual([WORK, false]);
  });

  test("of somebody without a record to where they were said to be, unless it comes back, and staff do not insist", () => {
    const facts = { isInsisted: false };
    expect(outsiderDestination({ email: WORK }, facts)).toEqual({ email: WORK, isTrial: false });
    const dead = { email: WORK, isUnreachable: true };
    const reason = "Mails to this address come back: whoever named it was asked to correct it.";
    expect(outsiderDestination(dead, facts)).toEqual({ email: null, because: "UNREACHABLE", reason });
    expect(outsiderDestination(dead, { ...facts, wanted: WORK })).toMatchObject({ email: null });
    expect(outsiderDestination(dead, { ...facts, wanted: HOME })).toEqual({ email: HOME, isTrial: false });
    expect(outsiderDestination(dead, { isInsisted: true })).toEqual({ email: WORK, isTrial: false });
  });

  test("whoever has an address that does not work is listed since the first one", () => {
    const later = home({ unreachable: { ...DEAD, at: NOW } });
    expect(unreachableSince(having(later, deadWork))).toBe(DEAD.at);
    expect(unreachableSince(having(work()))).toBeNull();
  });
});

describe("an address that does not work", () => {
  const about = { kind: "Person", id: "per_owner" } as const;
  const issued: Issued = { about, purpose: "EMAIL_CONFIRM", version: 0, links: [] };

  test("can be confirmed anew, and one that works cannot", () => {
    const wish = { email: WORK, kind: "WORK" as const, why: null };
    const facts = { issued, links: [] as readonly Link<AddressFacts>[], linkId: "lnk_1", now: NOW };
    expect(faults(addEmail(having(work()), wish, facts))).toEqual(["EMAIL_OWN email"]);
    const { link } = decided(addEmail(having(work({ unreachable: DEAD })), wish, facts)).outcome;
    const confirmed = confirmEmail(having(work({ unreachable: DEAD }), home()), { link, isHeld: true }, NOW);
    expect(decided(confirmed).outcome.person.addresses).toEqual([work({ verifiedAt: NOW }), home()]);
  });
});
