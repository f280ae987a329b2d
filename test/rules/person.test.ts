import { describe, expect, test } from "vitest";
import {
  endRole,
  grantRole,
  hasRole,
  isCommittee,
  isEmailAddress,
  isStaff,
  join,
  link,
  rename,
  type Identity,
  type Person,
  type RoleTerm,
} from "../../schema/person/person.ts";
import { decided, faults, NOW, person, viewer } from "./records.ts";

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
        name: "Avery Example",
        email: "avery@example.org",
        roles: [],
        joinedAt: NOW,
      },
      events: [{ type: "PersonJoined", about: { kind: "Person", id: "per_1" }, facts: { firstStaff: false } }],
    });
  });

  test("the configured first address starts as staff, in whatever case either is written", () => {
    const { outcome, events } = decided(join1({}, "aVERY@example.ORG"));
    expect(outcome.roles).toEqual([{ role: "STAFF", from: NOW, until: null }]);
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
  expect(link(person(), IDENTITY)).toEqual({
    outcome: person(),
    events: [{ type: "PersonLinked", about: { kind: "Person", id: "per_owner" }, facts: {} }],
  });
  expect(link(person(), { ...IDENTITY, emailVerified: false })).toEqual(NOT_VERIFIED);
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

describe("terms of roles", () => {
  const FROM = "2026-08-01T00:00:00.000Z";
  const UNTIL = "2026-10-01T00:00:00.000Z";
  const term: RoleTerm = { role: "STAFF", from: FROM, until: UNTIL };

  test("hold from the first instant up to, not including, the last", () => {
    for (const [now, holds] of [
      ["2026-07-31T23:59:59.999Z", false],
      [FROM, true],
      ["2026-09-30T23:59:59.999Z", true],
      [UNTIL, false],
    ] as const) {
      const holder = person({ roles: [term] });
      expect(hasRole(holder, "STAFF", now), now).toBe(holds);
      expect(hasRole(holder, "COMMITTEE", now), now).toBe(false);
      expect(isStaff({ person: holder, now }), now).toBe(holds);
      expect(isCommittee({ person: holder, now }), now).toBe(false);
    }
  });

  test("one without an end holds on", () => {
    const holder = person({ roles: [{ role: "COMMITTEE", from: FROM, until: null }] });
    expect(hasRole(holder, "COMMITTEE", "2126-01-01T00:00:00.000Z")).toBe(true);
    expect(isCommittee(viewer({ roles: holder.roles }))).toBe(true);
    expect(isStaff(viewer({ roles: holder.roles }))).toBe(false);
  });

  test("a later term holds after an ended one, and nothing between them", () => {
    const holder = person({ roles: [term, { role: "STAFF", from: "2027-01-01T00:00:00.000Z", until: null }] });
    expect(hasRole(holder, "STAFF", "2026-12-31T23:59:59.999Z")).toBe(false);
    expect(hasRole(holder, "STAFF", "2027-01-01T00:00:00.000Z")).toBe(true);
  });

  test("nobody who is not signed in holds one", () => {
    expect([isStaff(null), isCommittee(null)]).toEqual([false, false]);
  });
});

describe("granting and ending a role", () => {
  const grant = (to: Person, why = "Elected in May", role: "STAFF" | "COMMITTEE" = "COMMITTEE") =>
    grantRole(to, { role, why, now: NOW });
  const end = (of: Person, { why = "Term is over", role = "COMMITTEE" as const, by = "per_staff" } = {}) =>
    endRole(of, { role, why, now: NOW, byPersonId: by });
  const EARLIER: RoleTerm = {
    role: "COMMITTEE",
    from: "2025-01-01T00:00:00.000Z",
    until: "2026-01-01T00:00:00.000Z",
  };
  const HELD: RoleTerm = { role: "COMMITTEE", from: "2026-01-01T00:00:00.000Z", until: null };

  test("a granted role holds at once, earlier terms stay on record", () => {
    const roles = [EARLIER, { role: "COMMITTEE", from: NOW, until: null }] as const;
    const { outcome, events } = decided(grant(person({ roles: [EARLIER] })));
    expect(outcome).toEqual(person({ roles }));
    expect(hasRole(outcome, "COMMITTEE", NOW)).toBe(true);
    expect(events).toEqual([
      {
        type: "RoleGranted",
        about: { kind: "Person", id: "per_owner" },
        facts: { role: "COMMITTEE" },
        before: { roles: [EARLIER] },
        after: { roles },
        why: "Elected in May",
      },
    ]);
  });

  test("the other role does not stand in the way", () => {
    expect(faults(grant(person({ roles: [HELD] }), "Hired", "STAFF"))).toEqual([]);
  });

  test("a role that is held is not granted again; the reason is asked for at the same time", () => {
    expect(grant(person({ roles: [HELD] }))).toEqual({
      refusals: [{ code: "ROLE_HELD", field: ["role"], message: "Avery Example already holds this role." }],
    });
    expect(faults(grant(person({ roles: [HELD] }), " "))).toEqual(["REQUIRED why", "ROLE_HELD role"]);
  });

  test("a reason has 1 to 1,000 characters, on any number of lines", () => {
    for (const why of ["x".repeat(1_000), "One.\nTwo."]) expect(faults(grant(person(), why))).toEqual([]);
    expect(faults(grant(person(), "x".repeat(1_001)))).toEqual(["TOO_LONG why"]);
    expect(faults(grant(person(), "a\u0000b"))).toEqual(["BAD_CHARACTERS why"]);
    expect(faults(end(person({ roles: [HELD] }), { why: "x".repeat(1_001) }))).toEqual(["TOO_LONG why"]);
  });

  test("an ended role holds until this instant and not at it", () => {
    const { outcome, events } = decided(end(person({ roles: [EARLIER, HELD] })));
    expect(outcome).toEqual(person({ roles: [EARLIER, { ...HELD, until: NOW }] }));
    expect(hasRole(outcome, "COMMITTEE", "2026-09-01T15:59:59.999Z")).toBe(true);
    expect(hasRole(outcome, "COMMITTEE", NOW)).toBe(false);
    expect(events).toEqual([
      {
        type: "RoleEnded",
        about: { kind: "Person", id: "per_owner" },
        facts: { role: "COMMITTEE" },
        before: { roles: [EARLIER, HELD] },
        after: { roles: [EARLIER, { ...HELD, until: NOW }] },
        why: "Term is over",
      },
    ]);
  });

  test("ending one role leaves the other", () => {
    const staff: RoleTerm = { role: "STAFF", from: HELD.from, until: null };
    expect(decided(end(person({ roles: [staff, HELD] }))).outcome.roles).toEqual([staff, { ...HELD, until: NOW }]);
  });

  test("a role that is not held, or not any more, is not ended", () => {
    const notHeld = {
      refusals: [{ code: "ROLE_NOT_HELD", field: ["role"], message: "Avery Example does not hold this role." }],
    };
    expect(end(person())).toEqual(notHeld);
    expect(end(person({ roles: [EARLIER] }))).toEqual(notHeld);
    expect(end(person({ roles: [{ ...HELD, until: NOW }] }))).toEqual(notHeld);
  });

  test("staff cannot end their own staff role, but their own committee role", () => {
    const both = person({ roles: [{ role: "STAFF", from: HELD.from, until: null }, HELD] });
    const ending = (role: "STAFF" | "COMMITTEE", byPersonId: string) =>
      endRole(both, { role, why: "Leaving", now: NOW, byPersonId });
    expect(ending("STAFF", "per_owner")).toEqual({
      refusals: [
        {
          code: "LAST_STAFF",
          field: ["role"],
          message: "You cannot end your own staff role: please ask another member of staff.",
        },
      ],
    });
    expect(faults(ending("STAFF", "per_staff"))).toEqual([]);
    expect(faults(ending("COMMITTEE", "per_owner"))).toEqual([]);
  });

  test("all faults are named at once", () => {
    const ruling = endRole(person(), { role: "STAFF", why: "", now: NOW, byPersonId: "per_owner" });
    expect(faults(ruling)).toEqual(["REQUIRED why", "ROLE_NOT_HELD role", "LAST_STAFF role"]);
  });
});
