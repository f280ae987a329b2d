import { describe, expect, test } from "vitest";
import { APPLICATION_STATES, TRANSITIONS, type Application } from "../../schema/application/application.ts";
import { startApplication, submitApplication } from "../../schema/application/draft.ts";
import {
  createLateCode,
  lateCodeInWords,
  lateCodeTyped,
  latenessRefusals,
  revokeLateCode,
  type LateCode,
} from "../../schema/cohort/late-code.ts";
import { DEFAULT_POLICY } from "../../schema/cohort/policy.ts";
import { application, cohort, decided, faults, NOW, WINDOW } from "./records.ts";

const CODE: LateCode = {
  id: "lat_1",
  version: 1,
  cohortId: "coh_1",
  kind: "CANDIDATE",
  createdBy: "per_staff",
  createdAt: NOW,
  expiresAt: "2026-09-26T00:00:00.000Z",
  mostUses: 2,
  why: "A storm.",
  revokedAt: null,
};
const AFTER = "2026-09-20T00:00:00.000Z";

describe("a late code", () => {
  const create = (terms: Partial<Parameters<typeof createLateCode>[0]> = {}, now = NOW) =>
    createLateCode(
      { kind: "CANDIDATE", expires: "2026-09-25T17:00", mostUses: 2, why: " A storm. ", ...terms },
      { id: "lat_1", cohort: cohort(), createdBy: "per_staff", now },
    );

  test("is made for a kind, a time and a number, with a reason", () => {
    expect(create()).toEqual({
      outcome: { ...CODE, version: 0 },
      events: [
        {
          type: "LateCodeCreated",
          about: { kind: "LateCode", id: "lat_1" },
          facts: { cohortId: "coh_1", kind: "CANDIDATE" },
          after: { kind: "CANDIDATE", expiresAt: CODE.expiresAt, mostUses: 2 },
          why: "A storm.",
        },
      ],
    });
  });

  test("ends after the enforced deadline and after now", () => {
    expect(faults(create({ expires: "2026-09-18T17:00" }))).toEqual(["LATE_CODE_NOT_NEEDED expires"]);
    expect(faults(create({ expires: "2026-09-18T17:01" }))).toEqual([]);
    expect(faults(create({}, CODE.expiresAt))).toEqual(["IN_THE_PAST expires"]);
    expect(faults(create({}, "2026-09-25T23:59:59.999Z"))).toEqual([]);
    expect(faults(create({ expires: "2026-02-30T17:00", mostUses: 0, why: "" }))).toEqual([
      "BAD_TIME expires",
      "OUT_OF_RANGE mostUses",
      "REQUIRED why",
    ]);
    for (const mostUses of [1, 50]) expect(faults(create({ mostUses }))).toEqual([]);
    for (const mostUses of [0, 51, 1.5]) expect(faults(create({ mostUses }))).toEqual(["OUT_OF_RANGE mostUses"]);
  });

  test("is revoked once, with a reason", () => {
    expect(revokeLateCode(CODE, { why: " Passed on. ", now: AFTER })).toEqual({
      outcome: { ...CODE, revokedAt: AFTER },
      events: [
        {
          type: "LateCodeRevoked",
          about: { kind: "LateCode", id: "lat_1" },
          facts: { cohortId: "coh_1" },
          before: { revokedAt: null },
          after: { revokedAt: AFTER },
          why: "Passed on.",
        },
      ],
    });
    expect(faults(revokeLateCode({ ...CODE, revokedAt: NOW }, { why: "", now: AFTER }))).toEqual([
      "REQUIRED why",
      "ALREADY_REVOKED",
    ]);
  });

  test("is read however it is typed", () => {
    expect(lateCodeInWords("K7F29QXB04TD")).toBe("K7F2-9QXB-04TD");
    for (const text of ["K7F2-9QXB-04TD", " k7f2 9qxb\t04td\n", "k7f29qxb04td"]) {
      expect(lateCodeTyped(text)).toBe("K7F29QXB04TD");
    }
    expect(lateCodeTyped("x".repeat(1_000_000))).toHaveLength(24);
  });

  test("lets in until its end, unless it is revoked, unknown or one's own", () => {
    const facts = (now: string, ...applicantIds: string[]) => ({ applicantIds, zone: "America/Los_Angeles", now });
    expect(latenessRefusals(CODE, facts("2026-09-25T23:59:59.999Z", "per_owner"))).toEqual([]);
    expect(faults(latenessRefusals(CODE, facts(CODE.expiresAt)))).toEqual(["LATE_CODE_EXPIRED lateCode"]);
    expect(faults(latenessRefusals({ ...CODE, revokedAt: NOW }, facts(AFTER)))).toEqual(["LATE_CODE_REVOKED lateCode"]);
    expect(faults(latenessRefusals(undefined, facts(AFTER)))).toEqual(["LATE_CODE_UNKNOWN lateCode"]);
    expect(faults(latenessRefusals(CODE, facts(AFTER, "per_staff")))).toEqual(["LATE_CODE_OWN lateCode"]);
    // A code that they made under a record that was merged into theirs is their own as well.
    expect(faults(latenessRefusals(CODE, facts(AFTER, "per_owner", "per_staff")))).toEqual(["LATE_CODE_OWN lateCode"]);
  });
});

describe("an application with a late code", () => {
  const wish = { cohort: cohort(), kind: "CANDIDATE" as const, personId: "per_owner", number: "APP-2027-0042" };
  const start = (existing: Application | undefined, late: { code: LateCode | undefined } | null, now = AFTER) =>
    startApplication(existing, { ...wish, late }, now);
  const submit = (late: { code: LateCode | undefined; applicantIds?: string[] } | null, now = AFTER) =>
    submitApplication(application("DRAFT"), { cohort: cohort(), now, late });

  test("is begun, or taken up again, and expires with the code", () => {
    for (const state of [undefined, ...APPLICATION_STATES]) {
      const existing = state && application(state);
      if (existing && TRANSITIONS[existing.state].reopen === undefined) {
        expect(faults(start(existing, { code: CODE })), state).toEqual(["ALREADY_STARTED"]);
        continue;
      }
      const { outcome, events } = decided(start(existing, { code: CODE }));
      expect(outcome, state).toMatchObject({ state: "DRAFT", lateCodeId: "lat_1", closesAt: CODE.expiresAt });
      expect(events[0]?.after, state).toEqual({ state: "DRAFT", lateCodeId: "lat_1" });
    }
  });

  test("is submitted, remembers the code, and is submitted without one only in time", () => {
    const { outcome, events } = decided(submit({ code: CODE }));
    expect(outcome).toMatchObject({ state: "COMPLETE", lateCodeId: "lat_1" });
    expect(events[0]?.after).toEqual({ state: "COMPLETE", lateCodeId: "lat_1" });
    expect(faults(submit(null))).toEqual(["TOO_LATE"]);
    expect(faults(submit({ code: undefined }))).toEqual(["LATE_CODE_UNKNOWN lateCode"]);
    expect(faults(submit({ code: CODE }, CODE.expiresAt))).toEqual(["LATE_CODE_EXPIRED lateCode"]);
    expect(faults(submit({ code: CODE, applicantIds: ["per_owner", "per_staff"] }))).toEqual([
      "LATE_CODE_OWN lateCode",
    ]);
  });

  test("waits for its letter no shorter than one in time, so that it does not expire at once", () => {
    const waiting = cohort({ policy: DEFAULT_POLICY });
    const until = (now: string, code = { ...CODE, expiresAt: "2026-10-26T00:00:00.000Z" }) => {
      const { outcome } = decided(submitApplication(application("DRAFT"), { cohort: waiting, now, late: { code } }));
      return [outcome.state, "lettersUntil" in outcome ? outcome.lettersUntil : null];
    };
    expect(until(NOW)).toEqual(["SUBMITTED", "2026-09-26T00:00:00.000Z"]);
    expect(until("2026-09-25T23:00:00.000Z")).toEqual(["SUBMITTED", "2026-10-02T23:00:00.000Z"]);
    expect(until("2026-10-10T00:00:00.000Z")).toEqual(["SUBMITTED", "2026-10-17T00:00:00.000Z"]);
  });

  test("uses none while the window is open, and cannot begin before it opens", () => {
    for (const code of [CODE, undefined]) {
      const { outcome } = decided(start(undefined, { code }, NOW));
      expect(outcome).toMatchObject({ state: "DRAFT", closesAt: WINDOW.closesAt });
      expect("lateCodeId" in outcome).toBe(false);
      expect("lateCodeId" in decided(submit({ code }, NOW)).outcome).toBe(false);
    }
    expect(faults(start(undefined, { code: CODE }, "2026-08-01T14:59:59.999Z"))).toEqual(["NOT_OPEN_YET"]);
  });
});
