import { describe, expect, test } from "vitest";
import { isEmailAddress, join, link, rename, type Identity } from "../../schema/person/person.ts";
import { enterPerson } from "../../schema/person/entry.ts";
import { decided, faults, NOW, person } from "./records.ts";

const IDENTITY: Identity = {
  account: "https://issuer.example.org|1",
  email: "Avery@Example.org",
  emailVerified: true,
  name: "Avery Example",
};

const NOT_VERIFIED = {
  refusals: [
    {
      code: "EMAIL_NOT_VERIFIED",
      field: null,
      message: "Your e-mail address is not verified yet: please confirm it, then sign in again.",
    },
  ],
};

describe("joining", () => {
  const join1 = (identity: Partial<Identity> = {}, firstStaffEmail?: string) =>
    join({ ...IDENTITY, ...identity }, { id: "per_1", now: NOW, firstStaffEmail });

  test("makes a person without a role, the address in lower case", () => {
    expect(join1()).toEqual({
      outcome: {
        id: "per_1",
        version: 0,
        state: "ACTIVE",
        name: "Avery Example",
        email: "avery@example.org",
        addresses: [{ email: "avery@example.org", kind: "WORK", verifiedAt: NOW }],
        roles: [],
        recusedFrom: [],
        wasRecusedFrom: [],
        isListed: false,
        joinedAt: NOW,
        givenUp: [],
        formerIds: [],
        mergedInto: null,
      },
      events: [{ type: "PersonJoined", about: { kind: "Person", id: "per_1" }, facts: { firstStaff: false } }],
    });
  });

  test("the configured first address starts as staff, in whatever case either is written", () => {
    const { outcome, events } = decided(join1({}, "aVERY@example.ORG"));
    expect(outcome.roles).toEqual([{ role: "STAFF", cohortId: null, classId: null, from: NOW, until: null }]);
    expect(events[0]?.facts).toEqual({ firstStaff: true });
  });

  test("an address that is only like the first one starts without a role", () => {
    for (const first of ["avery@example.org ", "avery@example.or", "xavery@example.org", ""]) {
      expect(decided(join1({}, first)).outcome.roles, first).toEqual([]);
    }
  });

  test("an address that is not verified makes nobody, not even the first staff", () => {
    expect(join1({ emailVerified: false })).toEqual(NOT_VERIFIED);
    expect(join1({ emailVerified: false }, IDENTITY.email)).toEqual(NOT_VERIFIED);
  });

  test("a name that cannot be used gives way to the first part of the address", () => {
    for (const name of ["", "  ", "x".repeat(121), "Avery\r\nBcc: all@example.org", "Avery\u0000", "\ud800"]) {
      expect(decided(join1({ name })).outcome.name, JSON.stringify(name)).toBe("Avery");
    }
    expect(decided(join1({ name: " Avery Example " })).outcome.name).toBe("Avery Example");
    expect(decided(join1({ name: "x".repeat(120) })).outcome.name).toBe("x".repeat(120));
    const email = `${"y".repeat(130)}@example.org`;
    expect(decided(join1({ name: "", email })).outcome.name).toBe("y".repeat(120));
  });
});

test("a further account is linked to a person on a verified address alone", () => {
  expect(link(person(), IDENTITY, NOW)).toEqual({
    outcome: person(),
    events: [{ type: "PersonLinked", about: { kind: "Person", id: "per_owner" }, facts: {} }],
  });
  expect(link(person(), { ...IDENTITY, emailVerified: false }, NOW)).toEqual(NOT_VERIFIED);
});

describe("somebody whom staff enter", () => {
  const ENTRY = { name: " Noor Sample ", email: " Noor@Example.org ", why: " On paper " };
  const FACTS = { id: "per_noor", now: NOW, holder: undefined };

  test("has a name and an address that nobody has proved", () => {
    const { outcome, events } = decided(enterPerson(ENTRY, FACTS));
    const email = "noor@example.org";
    expect(outcome).toMatchObject({
      id: "per_noor",
      version: 0,
      state: "ACTIVE",
      name: "Noor Sample",
      email,
      roles: [],
    });
    expect(outcome.addresses).toEqual([{ email, kind: "WORK", verifiedAt: NOW, isEntered: true }]);
    const about = { kind: "Person", id: "per_noor" };
    const facts = { personId: "per_noor" };
    expect(events).toEqual([{ type: "PersonEntered", about, facts, why: "On paper", actingFor: "per_noor" }]);
  });

  test("is refused with every fault, and where somebody has the address", () => {
    const faulty = { name: "", email: "nobody", why: " " };
    expect(faults(enterPerson(faulty, FACTS))).toEqual(["REQUIRED name", "BAD_EMAIL email", "REQUIRED why"]);
    expect(faults(enterPerson(ENTRY, { ...FACTS, holder: person() }))).toEqual(["EMAIL_TAKEN email"]);
  });

  test("joins with the first sign-in, and proves that address alone", () => {
    const later = "2026-09-02T16:00:00.000Z";
    const entered = decided(enterPerson({ ...ENTRY, email: IDENTITY.email }, FACTS)).outcome;
    const { outcome, events } = decided(link(entered, IDENTITY, later));
    expect(outcome.addresses).toEqual([{ email: "avery@example.org", kind: "WORK", verifiedAt: later }]);
    expect([outcome.name, outcome.joinedAt]).toEqual(["Noor Sample", later]);
    expect(events.map(({ type, facts }) => [type, facts])).toEqual([["PersonJoined", { firstStaff: false }]]);
    const other = { email: "own@example.org", kind: "PERSONAL", verifiedAt: NOW } as const;
    const merged = { ...entered, addresses: [other, ...entered.addresses] };
    const joined = decided(link(merged, IDENTITY, later)).outcome;
    expect([joined.joinedAt, joined.addresses.map(({ isEntered }) => isEntered)]).toEqual([
      NOW,
      [undefined, undefined],
    ]);
    expect(decided(link(merged, { ...IDENTITY, email: "own@example.org" }, later)).outcome).toEqual(merged);
  });
});

test("an address has one at sign, nothing that parts keys, and at most 64 and 180 characters around it", () => {
  for (const text of ["avery@example.org", "a@b", "avery+x@sub.example.org", `${"x".repeat(64)}@${"y".repeat(180)}`]) {
    expect(isEmailAddress(text), text).toBe(true);
  }
  for (const text of [
    "",
    "@",
    "avery",
    "@example.org",
    "avery@",
    "a@b@c",
    "a b@example.org",
    "avery@example.org\n",
    "a#b@example.org",
    "avery@exa#mple.org",
    `${"x".repeat(65)}@example.org`,
    `avery@${"y".repeat(181)}`,
  ]) {
    expect(isEmailAddress(text), JSON.stringify(text)).toBe(false);
  }
});

describe("renaming", () => {
  test("takes the new name without the space around it", () => {
    expect(rename(person(), " Avery Sample ")).toEqual({
      outcome: person({ name: "Avery Sample" }),
      events: [
        {
          type: "PersonRenamed",
          about: { kind: "Person", id: "per_owner" },
          facts: {},
          before: { name: "Avery Example" },
          after: { name: "Avery Sample" },
        },
      ],
    });
  });

  test("takes any script, and 120 characters", () => {
    for (const name of ["Zoë O’Neill", "山田太郎", "אבג", "👩🏽‍💻", "x".repeat(120)]) {
      expect(decided(rename(person(), name)).outcome.name).toBe(name);
    }
  });

  test("refuses what is no name", () => {
    expect(rename(person(), " ")).toEqual({
      refusals: [{ code: "REQUIRED", field: ["name"], message: "The name is missing: please fill it in." }],
    });
    expect(faults(rename(person(), "x".repeat(121)))).toEqual(["TOO_LONG name"]);
    for (const name of ["a\nb", "a\rb", "a\u0000b", "a\u2029b", "a\udfffb"]) {
      expect(faults(rename(person(), name)), JSON.stringify(name)).toEqual(["BAD_CHARACTERS name"]);
    }
  });
});
