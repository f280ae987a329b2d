import { describe, expect, test } from "vitest";
import type { Person } from "../../schema/person/person.ts";
import {
  endRole,
  grantRole,
  hasRole,
  isChair,
  isCommittee,
  isLastingStaff,
  isStaff,
  type Role,
  type RoleTerm,
} from "../../schema/person/role.ts";
import { decided, faults, NOW, person, termOf, viewer } from "./records.ts";

describe("terms of roles", () => {
  const FROM = "2026-08-01T00:00:00.000Z";
  const UNTIL = "2026-10-01T00:00:00.000Z";
  const term = termOf("STAFF", FROM, UNTIL);

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
      expect(isCommittee({ person: holder, now }, "coh_1"), now).toBe(false);
    }
  });

  test("one without an end holds on", () => {
    const holder = person({ roles: [termOf("COMMITTEE", FROM, null)] });
    expect(hasRole(holder, "COMMITTEE", "2126-01-01T00:00:00.000Z")).toBe(true);
    expect(isCommittee(viewer({ roles: holder.roles }), "coh_1")).toBe(true);
    expect(isStaff(viewer({ roles: holder.roles }))).toBe(false);
  });

  test("a later term holds after an ended one, and nothing between them", () => {
    const holder = person({ roles: [term, termOf("STAFF", "2027-01-01T00:00:00.000Z", null)] });
    expect(hasRole(holder, "STAFF", "2026-12-31T23:59:59.999Z")).toBe(false);
    expect(hasRole(holder, "STAFF", "2027-01-01T00:00:00.000Z")).toBe(true);
  });

  test("nobody who is not signed in holds one", () => {
    expect([isStaff(null), isCommittee(null, "coh_1"), isChair(null, "coh_1")]).toEqual([false, false, false]);
  });

  test("one for a cohort holds for that cohort alone, one for a class for no committee", () => {
    const member = viewer({ roles: [termOf("COMMITTEE", FROM, null, { cohortId: "coh_1" })] });
    expect([isCommittee(member, "coh_1"), isCommittee(member, "coh_2"), isChair(member, "coh_1")]).toEqual([
      true,
      false,
      false,
    ]);
    const odd = viewer({ roles: [termOf("COMMITTEE", FROM, null, { cohortId: "coh_1", classId: "finance" })] });
    expect(isCommittee(odd, "coh_1")).toBe(false);
  });

  test("the chair sits on the committee", () => {
    const chair = viewer({ roles: [termOf("CHAIR", FROM, null, { cohortId: "coh_1" })] });
    expect([isCommittee(chair, "coh_1"), isChair(chair, "coh_1"), isChair(chair, "coh_2")]).toEqual([
      true,
      true,
      false,
    ]);
  });

  test("neither the board nor an instructor sits on the committee", () => {
    const other = viewer({ roles: [termOf("BOARD", FROM, null), termOf("INSTRUCTOR", FROM, null)] });
    expect([isStaff(other), isCommittee(other, "coh_1")]).toEqual([false, false]);
  });

  test("staff without an end count as lasting, whenever they begin", () => {
    expect(isLastingStaff({ roles: [term] })).toBe(false);
    expect(isLastingStaff({ roles: [term, termOf("STAFF", UNTIL, null)] })).toBe(true);
    expect(isLastingStaff({ roles: [termOf("COMMITTEE", FROM, null)] })).toBe(false);
  });
});

const GRANTER = viewer({ id: "per_staff" });
const CLASSES = ["finance", "leadership"];
const EARLIER = termOf("COMMITTEE", "2025-01-01T00:00:00.000Z", "2026-01-01T00:00:00.000Z");
const HELD = termOf("COMMITTEE", "2026-01-01T00:00:00.000Z", null);

describe("granting a role", () => {
  const grant = (to: Person, wish: Partial<Parameters<typeof grantRole>[1]> = {}, by = GRANTER) =>
    grantRole(to, { role: "COMMITTEE", why: "Elected in May", ...wish }, { viewer: by, classIds: CLASSES });

  test("a granted role holds at once and for the whole program, earlier terms stay on record", () => {
    const roles = [EARLIER, termOf("COMMITTEE", NOW, null)];
    const { outcome, events } = decided(grant(person({ roles: [EARLIER] })));
    expect(outcome).toEqual(person({ roles }));
    expect(hasRole(outcome, "COMMITTEE", NOW)).toBe(true);
    expect(events).toEqual([
      {
        type: "RoleGranted",
        about: { kind: "Person", id: "per_owner" },
        facts: { role: "COMMITTEE", cohortId: null, classId: null },
        before: { roles: [EARLIER] },
        after: { roles },
        why: "Elected in May",
      },
    ]);
  });

  test("a term and a scope are kept as they are given", () => {
    const from = "2027-01-01T08:00:00.000Z";
    const until = "2028-01-01T08:00:00.000Z";
    const wish = { role: "INSTRUCTOR", cohortId: "coh_1", classId: "finance", from, until } as const;
    expect(decided(grant(person(), wish)).outcome.roles).toEqual([
      termOf("INSTRUCTOR", from, until, { cohortId: "coh_1", classId: "finance" }),
    ]);
  });

  const reaches: Record<Role, [program: boolean, cohort: boolean, ofClass: boolean]> = {
    STAFF: [true, false, false],
    COMMITTEE: [true, true, false],
    CHAIR: [true, true, false],
    BOARD: [true, false, false],
    INSTRUCTOR: [true, true, true],
  };
  test.each(Object.entries(reaches))("%s reaches as far as it may", (role, [program, cohort, ofClass]) => {
    const wished = (scope: object) => faults(grant(person(), { role: role as Role, ...scope }));
    expect(wished({})).toEqual(program ? [] : ["BAD_SCOPE cohortId"]);
    expect(wished({ cohortId: "coh_1" })).toEqual(cohort ? [] : ["BAD_SCOPE cohortId"]);
    expect(wished({ cohortId: "coh_1", classId: "finance" })).toEqual(ofClass ? [] : ["BAD_SCOPE classId"]);
  });

  test("a class is one of the cohort's", () => {
    const wished = (scope: object) => faults(grant(person(), { role: "INSTRUCTOR", ...scope }));
    expect(wished({ classId: "finance" })).toEqual(["BAD_SCOPE cohortId"]);
    expect(wished({ cohortId: "coh_1", classId: "cooking" })).toEqual(["BAD_SCOPE classId"]);
  });

  test("a term begins at this instant or later, and ends after it begins", () => {
    const wished = (term: object) => faults(grant(person(), term));
    expect(wished({ from: NOW, until: "2026-09-01T16:00:00.001Z" })).toEqual([]);
    expect(wished({ from: "2026-09-01T15:59:59.999Z" })).toEqual(["BAD_TIME from"]);
    expect(wished({ until: NOW })).toEqual(["BAD_TIME until"]);
    expect(wished({ from: "tomorrow", until: "2027-02-30T00:00:00.000Z" })).toEqual([
      "BAD_TIME from",
      "BAD_TIME until",
    ]);
    expect(wished({ from: "2027-01-01T08:00:00Z" })).toEqual(["BAD_TIME from"]);
  });

  test("a staff role without an end begins now, so that whoever is left can act", () => {
    const from = "2027-01-01T00:00:00.000Z";
    const wished = (term: object) => faults(grant(person(), { role: "STAFF", ...term }));
    expect(wished({})).toEqual([]);
    expect(wished({ from })).toEqual(["BAD_TIME from"]);
    expect(wished({ from, until: "2028-01-01T00:00:00.000Z" })).toEqual([]);
  });

  test("another role, another scope and another time do not stand in the way", () => {
    expect(faults(grant(person({ roles: [HELD] }), { role: "STAFF" }))).toEqual([]);
    expect(faults(grant(person({ roles: [HELD] }), { cohortId: "coh_1" }))).toEqual([]);
    const bounded = { ...HELD, until: "2027-01-01T00:00:00.000Z" };
    expect(faults(grant(person({ roles: [bounded] }), { from: bounded.until }))).toEqual([]);
    expect(faults(grant(person({ roles: [bounded] }), { from: "2026-12-31T23:59:59.999Z" }))).toEqual([
      "ROLE_HELD role",
    ]);
  });

  test("a role that is held is not granted again", () => {
    expect(grant(person({ roles: [HELD] }))).toEqual({
      refusals: [
        { code: "ROLE_HELD", field: ["role"], message: "Avery Example already holds this role in that time." },
      ],
    });
  });

  test("nobody grants themselves a role, nor by a record that was merged into theirs", () => {
    const wished = (by: Partial<Person>) => faults(grant(person(), {}, viewer(by)));
    expect(wished({})).toEqual(["OWN_ROLE personId"]);
    expect(wished({ id: "per_other", formerIds: ["per_owner"] })).toEqual(["OWN_ROLE personId"]);
  });

  test("a reason has 1 to 1,000 characters, on any number of lines", () => {
    for (const why of ["x".repeat(1_000), "One.\nTwo."]) expect(faults(grant(person(), { why }))).toEqual([]);
    expect(faults(grant(person(), { why: "x".repeat(1_001) }))).toEqual(["TOO_LONG why"]);
    expect(faults(grant(person(), { why: "a\u0000b" }))).toEqual(["BAD_CHARACTERS why"]);
    expect(faults(grant(person(), { why: " ", role: "STAFF", cohortId: "coh_1", from: "x" }))).toEqual([
      "REQUIRED why",
      "BAD_SCOPE cohortId",
      "BAD_TIME from",
    ]);
  });
});

describe("ending a role", () => {
  const end = (of: Person, wish: Partial<Parameters<typeof endRole>[1]> = {}) =>
    endRole(of, { role: "COMMITTEE", why: "Term is over", ...wish }, NOW);

  test("an ended role holds until this instant and not at it", () => {
    const { outcome, events } = decided(end(person({ roles: [EARLIER, HELD] })));
    expect(outcome).toEqual(person({ roles: [EARLIER, { ...HELD, until: NOW }] }));
    expect(hasRole(outcome, "COMMITTEE", "2026-09-01T15:59:59.999Z")).toBe(true);
    expect(hasRole(outcome, "COMMITTEE", NOW)).toBe(false);
    expect(events).toEqual([
      {
        type: "RoleEnded",
        about: { kind: "Person", id: "per_owner" },
        facts: { role: "COMMITTEE", cohortId: null, classId: null },
        before: { roles: [EARLIER, HELD] },
        after: { roles: [EARLIER, { ...HELD, until: NOW }] },
        why: "Term is over",
      },
    ]);
  });

  test("what was granted for later never begins", () => {
    const later = termOf("COMMITTEE", "2027-01-01T00:00:00.000Z", null);
    const { outcome } = decided(end(person({ roles: [later] })));
    expect(outcome.roles).toEqual([{ ...later, until: later.from }]);
    expect(hasRole(outcome, "COMMITTEE", later.from)).toBe(false);
  });

  test("ending one role leaves the others, and the same one for something else", () => {
    const staff = termOf("STAFF", HELD.from, null);
    const ofCohort = { ...HELD, cohortId: "coh_1" };
    const roles: RoleTerm[] = [staff, HELD, ofCohort];
    expect(decided(end(person({ roles }))).outcome.roles).toEqual([staff, { ...HELD, until: NOW }, ofCohort]);
    expect(decided(end(person({ roles }), { cohortId: "coh_1" })).outcome.roles).toEqual([
      staff,
      HELD,
      { ...ofCohort, until: NOW },
    ]);
  });

  test("a role that is not held, or not any more, is not ended", () => {
    const notHeld = {
      refusals: [{ code: "ROLE_NOT_HELD", field: ["role"], message: "Avery Example does not hold this role." }],
    };
    expect(end(person())).toEqual(notHeld);
    expect(end(person({ roles: [EARLIER] }))).toEqual(notHeld);
    expect(end(person({ roles: [{ ...HELD, until: NOW }] }))).toEqual(notHeld);
    expect(faults(end(person(), { why: "" }))).toEqual(["REQUIRED why", "ROLE_NOT_HELD role"]);
  });
});
