import { describe, expect, test } from "vitest";
import { issueLink, type Issued, type Link } from "../../schema/link/link.ts";
import { addEmail, confirmEmail, labelEmail, preferEmail, removeEmail } from "../../schema/person/address.ts";
import type { AddressFacts, AddressWish } from "../../schema/person/address.ts";
import { PERSON_STATES, type Address } from "../../schema/person/person.ts";
import { decided, faults, NOW, person } from "./records.ts";

const HOME: Address = { email: "home@example.net", kind: "PERSONAL", verifiedAt: "2026-08-20T16:00:00.000Z" };
const about = { kind: "Person", id: "per_owner" } as const;
const owner = person({ addresses: [...person().addresses, HOME] });
const five = [1, 2, 3, 4, 5].map((number): Address => {
  return { email: `${number}@example.net`, kind: HOME.kind, verifiedAt: HOME.verifiedAt };
});
const issued: Issued = { about, purpose: "EMAIL_CONFIRM", version: 0, links: [] };
const linkTo = (to: string, id = "lnk_1"): Link<AddressFacts> =>
  decided(issueLink<AddressFacts>(issued, { id, to, facts: { kind: "WORK", byStaff: false } }, NOW)).outcome.link;

describe("asking to add an address", () => {
  const add = (wish: Partial<AddressWish>, of = owner, links: readonly Link<AddressFacts>[] = []) =>
    addEmail(
      of,
      { email: "new@example.net", kind: "WORK", why: null, ...wish },
      { issued, links, linkId: "lnk_2", now: NOW },
    );

  test("makes a link to it, and says so without the address", () => {
    const { outcome, events } = decided(add({ email: " NEW@Example.net" }));
    expect(outcome.link).toEqual({ ...linkTo("new@example.net", "lnk_2"), facts: { kind: "WORK", byStaff: false } });
    expect(outcome.issued.links).toEqual([{ id: "lnk_2", at: NOW }]);
    expect(outcome.revoked).toEqual([]);
    expect(events).toEqual([
      { type: "LinkIssued", about: { kind: "Link", id: "lnk_2" }, facts: { purpose: "EMAIL_CONFIRM" } },
      {
        type: "EmailAdded",
        about,
        facts: { personId: "per_owner", linkId: "lnk_2", byStaff: false },
        after: { kind: "WORK" },
        why: undefined,
      },
    ]);
  });

  test("takes back what is open to the same address, and nothing else", () => {
    const same = linkTo("new@example.net");
    const others = [
      linkTo("other@example.net"),
      { ...same, uses: 1 },
      { ...same, revokedAt: NOW },
      { ...same, expiresAt: NOW },
    ];
    const { outcome, events } = decided(add({}, owner, [...others, same]));
    expect(outcome.revoked).toEqual([{ ...same, revokedAt: NOW }]);
    expect(events.map(({ type }) => type)).toEqual(["LinkRevoked", "LinkIssued", "EmailAdded"]);
  });

  test("is refused for one's own, a sixth, what is none, and a closed account; all faults at once", () => {
    expect(faults(add({ email: "HOME@example.net" }))).toEqual(["EMAIL_OWN email"]);
    expect(faults(add({}, person({ addresses: five.slice(1) })))).toEqual([]);
    expect(faults(add({ email: "none", why: "" }, person({ addresses: five, state: "MERGED" })))).toEqual([
      "REQUIRED why",
      "BAD_EMAIL email",
      "TOO_MANY_ADDRESSES",
      "WRONG_STATE",
    ]);
  });
});

describe("confirming an address", () => {
  const confirm = (of: typeof owner | undefined, link = linkTo("new@example.net"), isHeld = true) =>
    confirmEmail(of, { link, isHeld }, NOW);

  test("adds it and uses the link, and says so without the address", () => {
    const { outcome, events } = decided(confirm(owner));
    const address = { email: "new@example.net", kind: "WORK", verifiedAt: NOW };
    expect(outcome).toEqual({
      person: { ...owner, addresses: [...owner.addresses, address] },
      link: { ...linkTo("new@example.net"), uses: 1 },
      address,
    });
    expect(events.map(({ type }) => type)).toEqual(["LinkUsed", "EmailConfirmed"]);
    expect(JSON.stringify(events)).not.toContain("@");
  });

  test("is refused without the secret, to a closed account, and of what one has", () => {
    expect(faults(confirm(owner, undefined, false))).toEqual(["LINK_UNKNOWN token"]);
    expect(faults(confirm(undefined))).toEqual(["LINK_UNKNOWN token"]);
    for (const state of PERSON_STATES) {
      const expected = state === "ACTIVE" ? [] : ["LINK_UNKNOWN token"];
      expect(faults(confirm(person({ state }))), state).toEqual(expected);
    }
    expect(faults(confirm(owner, linkTo(HOME.email)))).toEqual(["EMAIL_OWN token"]);
    expect(faults(confirm(person({ addresses: five })))).toEqual(["TOO_MANY_ADDRESSES"]);
  });
});

describe("the addresses one has", () => {
  test("another is preferred; the same again changes nothing", () => {
    const { outcome, events } = decided(preferEmail(owner, "Home@example.net "));
    expect(outcome).toEqual({ ...owner, email: HOME.email });
    expect(events).toEqual([
      {
        type: "EmailPreferred",
        about,
        facts: { personId: "per_owner" },
        before: { kind: "WORK" },
        after: { kind: "PERSONAL" },
      },
    ]);
    expect(preferEmail(owner, owner.email)).toEqual({ outcome: owner, events: [] });
  });

  test("one is given up, but not the one that mails go to", () => {
    const { outcome, events } = decided(removeEmail(owner, HOME.email));
    expect(outcome).toEqual(person({ givenUp: [HOME.email] }));
    expect(events).toEqual([
      { type: "EmailRemoved", about, facts: { kind: "PERSONAL" }, before: { kind: "PERSONAL" } },
    ]);
    expect(faults(removeEmail(owner, owner.email))).toEqual(["EMAIL_PREFERRED email"]);
  });

  test("one is labelled; the same again changes nothing", () => {
    const { outcome, events } = decided(labelEmail(owner, HOME.email, "WORK"));
    expect(outcome.addresses[1]).toEqual({ ...HOME, kind: "WORK" });
    expect(events.map(({ type, before, after }) => [type, before, after])).toEqual([
      ["EmailLabelled", { kind: "PERSONAL" }, { kind: "WORK" }],
    ]);
    expect(labelEmail(owner, HOME.email, "PERSONAL")).toEqual({ outcome: owner, events: [] });
  });

  test("somebody else's is unknown", () => {
    const email = "else@example.net";
    for (const ruling of [preferEmail(owner, email), removeEmail(owner, email), labelEmail(owner, email, "WORK")]) {
      expect(faults(ruling)).toEqual(["EMAIL_UNKNOWN email"]);
    }
  });
});
