import { describe, expect, test } from "vitest";
import {
  changeCohort,
  createCohort,
  publishCohort,
  type Cohort,
  type CohortTerms,
} from "../../schema/cohort/cohort.ts";
import { DEFAULT_POLICY } from "../../schema/cohort/policy.ts";
import { isOpen } from "../../schema/cohort/window.ts";
import { both, cohort, decided, faults, refused, WINDOW } from "./records.ts";

const TERMS: CohortTerms = {
  year: 2027,
  number: 7,
  name: "Cohort 2027",
  region: "Northern California",
  zone: "America/Los_Angeles",
  seats: 20,
  tuition: { cents: 250_000, currency: "USD" },
  windowOpens: "2026-08-01T08:00",
  windowCloses: "2026-09-18T17:00",
};

const create = (terms: Partial<CohortTerms> = {}) => createCohort("coh_1", { ...TERMS, ...terms });

describe("creating", () => {
  test("makes a draft with the program's questions and certificate terms", () => {
    expect(create()).toEqual({
      outcome: cohort({ version: 0, state: "DRAFT", policy: DEFAULT_POLICY }),
      events: [{ type: "CohortCreated", about: { kind: "Cohort", id: "coh_1" }, facts: {}, after: TERMS }],
    });
  });

  test("asks for as many letters as it is told, from none to five", () => {
    const required = (terms: Partial<CohortTerms>) => decided(create(terms)).outcome.policy.letters.required;
    expect(required({ candidateLetters: 0, mentorLetters: 5 })).toEqual({ CANDIDATE: 0, MENTOR: 5 });
    expect(required({ mentorLetters: 2 })).toEqual({ CANDIDATE: 1, MENTOR: 2 });
    expect(faults(create({ candidateLetters: 6, mentorLetters: -1 }))).toEqual([
      "OUT_OF_RANGE candidateLetters",
      "OUT_OF_RANGE mentorLetters",
    ]);
    const changed = decided(changeCohort(cohort(), { candidateLetters: 2 }, 3));
    expect(changed.outcome.policy.letters.required).toEqual({ CANDIDATE: 2, MENTOR: 0 });
    expect(changed.events).toMatchObject([{ before: { candidateLetters: 0 }, after: { candidateLetters: 2 } }]);
  });

  test("space around the name and the region goes", () => {
    const { outcome } = decided(create({ name: " Cohort 2027 ", region: " North " }));
    expect([outcome.name, outcome.region]).toEqual(["Cohort 2027", "North"]);
  });

  for (const [field, least, most, label] of [
    ["year", 2_000, 2_200, "The year"],
    ["number", 1, 999, "The number"],
    ["seats", 0, 500, "The number of seats"],
  ] as const) {
    test(`${field} is a whole number from ${least} to ${most}`, () => {
      for (const value of [least, most]) expect(faults(create({ [field]: value })), `${value}`).toEqual([]);
      for (const value of [least - 1, most + 1, least + 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
        expect(create({ [field]: value }), `${value}`).toEqual({
          refusals: [
            {
              code: "OUT_OF_RANGE",
              field: [field],
              message: `${label} must be a whole number from ${least} to ${most}.`,
            },
          ],
        });
      }
    });
  }

  test("tuition is whole cents up to 100,000 in a currency of three capital letters", () => {
    const costing = (cents: number, currency = "USD") => create({ tuition: { cents, currency } });
    for (const cents of [0, 1, 10_000_000]) expect(faults(costing(cents))).toEqual([]);
    for (const cents of [-1, 10_000_001, 0.5]) expect(faults(costing(cents))).toEqual(["OUT_OF_RANGE tuition.cents"]);
    for (const currency of ["CAD", "EUR"]) expect(faults(costing(1, currency))).toEqual([]);
    for (const currency of ["usd", "US", "USDX", "", "$", "USD\n"]) {
      expect(faults(costing(1, currency)), currency).toEqual(["BAD_CURRENCY tuition.currency"]);
    }
  });

  for (const [field, limit] of [
    ["name", 120],
    ["region", 80],
  ] as const) {
    test(`the ${field} has 1 to ${limit} characters on one line`, () => {
      expect(faults(create({ [field]: "x".repeat(limit) }))).toEqual([]);
      expect(faults(create({ [field]: "x".repeat(limit + 1) }))).toEqual([`TOO_LONG ${field}`]);
      for (const text of ["", "  "]) expect(faults(create({ [field]: text }))).toEqual([`REQUIRED ${field}`]);
      for (const text of ["a\nb", "a\tb", "a\u0000b", "a\ud800b", "a\r\nBcc: x"]) {
        expect(faults(create({ [field]: text }))).toEqual([`BAD_CHARACTERS ${field}`]);
      }
    });
  }

  test("the zone is one of the time zone database", () => {
    for (const zone of ["America/New_York", "UTC", "Asia/Kolkata"]) expect(faults(create({ zone })), zone).toEqual([]);
    for (const zone of ["PST", "-08:00", "Mars/Base", "", "America/Los_Angeles "]) {
      expect(create({ zone }), zone).toEqual({
        refusals: [
          {
            code: "BAD_ZONE",
            field: ["zone"],
            message: "The time zone is not known: please write one such as America/Los_Angeles.",
          },
        ],
      });
    }
  });

  test("the window is written in wall-clock times that exist in the calendar", () => {
    for (const time of ["2026-02-30T08:00", "2026-09-18", "2026-09-18T17:00Z", "2026-09-18T25:00", "", "tomorrow"]) {
      expect(faults(create({ windowCloses: time })), time).toEqual(["BAD_TIME windowCloses"]);
    }
    expect(refused(create({ windowOpens: "now" }))).toEqual([
      {
        code: "BAD_TIME",
        field: ["windowOpens"],
        message: "This is not a date and time: please write it as 2026-09-18T17:00, in the cohort's zone.",
      },
    ]);
  });

  test("the window closes after it opens, by the instant and not by the clock on the wall", () => {
    const open = (windowOpens: string, windowCloses: string) => faults(create({ windowOpens, windowCloses }));
    expect(open("2026-09-18T17:00", "2026-09-18T17:00")).toEqual(["CLOSES_BEFORE_OPENING windowCloses"]);
    expect(open("2026-09-18T17:00", "2026-09-18T16:59")).toEqual(["CLOSES_BEFORE_OPENING windowCloses"]);
    expect(open("2026-09-18T17:00", "2026-09-18T17:01")).toEqual([]);
    // 02:30 is skipped that night and means 03:30.
    expect(open("2027-03-14T02:30", "2027-03-14T03:15")).toEqual(["CLOSES_BEFORE_OPENING windowCloses"]);
    expect(open("2027-03-14T02:30", "2027-03-14T03:31")).toEqual([]);
  });

  test("all faults are named at once", () => {
    const ruling = create({
      year: 1999,
      number: 0,
      name: "",
      region: "x".repeat(81),
      zone: "Nowhere",
      seats: -1,
      tuition: { cents: 0.5, currency: "dollars" },
      windowOpens: "soon",
      windowCloses: "later",
    });
    expect(faults(ruling)).toEqual([
      "REQUIRED name",
      "TOO_LONG region",
      "OUT_OF_RANGE year",
      "OUT_OF_RANGE number",
      "OUT_OF_RANGE seats",
      "OUT_OF_RANGE tuition.cents",
      "BAD_CURRENCY tuition.currency",
      "BAD_ZONE zone",
      "BAD_TIME windowOpens",
      "BAD_TIME windowCloses",
    ]);
  });

  test("other faults do not hide a window that closes before it opens", () => {
    expect(faults(create({ name: "", windowCloses: "2026-07-01T08:00" }))).toEqual([
      "REQUIRED name",
      "CLOSES_BEFORE_OPENING windowCloses",
    ]);
  });
});

describe("changing", () => {
  test("keeps what is absent, and notes before and after of what has changed only", () => {
    expect(changeCohort(cohort(), { seats: 25, name: "Cohort 2027", windowCloses: "2026-09-25T17:00" }, 3)).toEqual({
      outcome: {
        ...cohort(),
        seats: 25,
        windows: both({
          ...WINDOW,
          closes: "2026-09-25T17:00",
          enforced: "2026-09-25T17:00",
          closesAt: "2026-09-26T00:00:00.000Z",
          enforcedAt: "2026-09-26T00:00:00.000Z",
        }),
      },
      events: [
        {
          type: "CohortChanged",
          about: { kind: "Cohort", id: "coh_1" },
          facts: { windowMoved: true },
          before: {
            seats: 20,
            windowCloses: "2026-09-18T17:00",
            windowEnforced: "2026-09-18T17:00",
            mentorWindowCloses: "2026-09-18T17:00",
            mentorWindowEnforced: "2026-09-18T17:00",
          },
          after: {
            seats: 25,
            windowCloses: "2026-09-25T17:00",
            windowEnforced: "2026-09-25T17:00",
            mentorWindowCloses: "2026-09-25T17:00",
            mentorWindowEnforced: "2026-09-25T17:00",
          },
        },
      ],
    });
  });

  test("tuition is compared by its value", () => {
    const { events } = decided(changeCohort(cohort(), { tuition: { cents: 250_000, currency: "USD" } }, 3));
    expect(events).toEqual([
      {
        type: "CohortChanged",
        about: { kind: "Cohort", id: "coh_1" },
        facts: { windowMoved: false },
        before: {},
        after: {},
      },
    ]);
  });

  test("another zone moves the window, though the clock on the wall says the same", () => {
    const { outcome, events } = decided(changeCohort(cohort(), { zone: "America/New_York" }, 3));
    expect(outcome.windows).toEqual(
      both({
        opens: "2026-08-01T08:00",
        closes: "2026-09-18T17:00",
        enforced: "2026-09-18T17:00",
        opensAt: "2026-08-01T12:00:00.000Z",
        closesAt: "2026-09-18T21:00:00.000Z",
        enforcedAt: "2026-09-18T21:00:00.000Z",
      }),
    );
    expect(events[0]?.facts).toEqual({ windowMoved: true });
  });

  test("questions, certificate terms and state stay", () => {
    const asked: Cohort = cohort({ state: "DRAFT", questions: { CANDIDATE: [], MENTOR: [] } });
    expect(decided(changeCohort(asked, { seats: 1 }, 3)).outcome).toEqual({ ...asked, seats: 1 });
  });

  test("is refused for terms that could not be created either", () => {
    expect(faults(changeCohort(cohort(), { seats: 501 }, 3))).toEqual(["OUT_OF_RANGE seats"]);
    expect(faults(changeCohort(cohort(), { seats: 501, name: "", windowOpens: "2026-09-18T17:00" }, 3))).toEqual([
      "REQUIRED name",
      "OUT_OF_RANGE seats",
      "CLOSES_BEFORE_OPENING windowCloses",
    ]);
  });

  test("is refused on another version than the stored one, before anything else", () => {
    for (const version of [0, 2, 4]) {
      expect(faults(changeCohort(cohort(), { seats: 501 }, version))).toEqual(["CONFLICT expectedVersion"]);
    }
  });
});

describe("publishing", () => {
  test("shows a draft to everyone", () => {
    expect(publishCohort(cohort({ state: "DRAFT" }), 3)).toEqual({
      outcome: cohort(),
      events: [
        {
          type: "CohortPublished",
          about: { kind: "Cohort", id: "coh_1" },
          facts: {},
          before: { state: "DRAFT" },
          after: { state: "PUBLISHED" },
        },
      ],
    });
  });

  test("happens once, and on the version that was looked at", () => {
    expect(publishCohort(cohort(), 3)).toEqual({
      refusals: [{ code: "ALREADY_PUBLISHED", field: null, message: "This cohort is already published." }],
    });
    expect(faults(publishCohort(cohort({ state: "DRAFT" }), 2))).toEqual(["CONFLICT expectedVersion"]);
    expect(faults(publishCohort(cohort(), 2))).toEqual(["CONFLICT expectedVersion"]);
  });
});

test("a cohort is open from its first instant up to, not including, its last, once it is published", () => {
  for (const [now, open] of [
    ["2026-08-01T14:59:59.999Z", false],
    ["2026-08-01T15:00:00.000Z", true],
    ["2026-09-18T23:59:59.999Z", true],
    ["2026-09-19T00:00:00.000Z", false],
  ] as const) {
    expect(isOpen(cohort(), "CANDIDATE", now), now).toBe(open);
    expect(isOpen(cohort({ state: "DRAFT" }), "MENTOR", now), now).toBe(false);
  }
});
