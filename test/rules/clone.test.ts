import { assert, integer, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { cloneCohort, type CloneTerms } from "../../schema/cohort/clone.ts";
import { DEFAULT_POLICY } from "../../schema/cohort/policy.ts";
import { windowFrom } from "../../schema/cohort/window.ts";
import { weekdayOf } from "../../schema/shared/time.ts";
import { both, cohort, decided, faults, WINDOW } from "./records.ts";

const clone = (terms: Partial<CloneTerms> = {}, source = cohort()) =>
  cloneCohort(source, { number: 8, name: " Cohort 2028 ", ...terms }, "coh_2");

describe("next year's cohort", () => {
  test("is a draft with everything that is not personal, and dates 52 weeks on", () => {
    const window = {
      opens: "2027-07-31T08:00",
      closes: "2027-09-17T17:00",
      enforced: "2027-09-17T17:00",
      opensAt: "2027-07-31T15:00:00.000Z",
      closesAt: "2027-09-18T00:00:00.000Z",
      enforcedAt: "2027-09-18T00:00:00.000Z",
    };
    const { outcome, events } = decided(clone());
    expect(outcome.cohort).toEqual({
      ...cohort(),
      id: "coh_2",
      version: 0,
      state: "DRAFT",
      year: 2028,
      number: 8,
      name: "Cohort 2028",
      region: "Southern California",
      windows: both(window),
    });
    expect(events).toEqual([
      {
        type: "CohortCreated",
        about: { kind: "Cohort", id: "coh_2" },
        facts: { clonedFrom: "coh_1" },
        after: {
          year: 2028,
          number: 8,
          name: "Cohort 2028",
          region: "Southern California",
          windowOpens: window.opens,
          windowCloses: window.closes,
        },
      },
    ]);
    expect(outcome.dates).toHaveLength(6);
  });

  test("takes the region whose turn it is", () => {
    const after = (region: string, regions: readonly string[]) =>
      decided(clone({}, cohort({ region, policy: { ...DEFAULT_POLICY, regions } }))).outcome.cohort.region;
    const three = ["North", "Middle", "South"];
    expect(three.map((region) => after(region, three))).toEqual(["Middle", "South", "North"]);
    expect([after("Elsewhere", three), after("North", ["North"])]).toEqual(["North", "North"]);
    expect(decided(clone({ region: "Bay Area" })).outcome.cohort.region).toBe("Bay Area");
  });

  test("years on, the dates stay in their season: a leap of weeks, not 52 for each year", () => {
    const closes = (year: number) => decided(clone({ year })).outcome.cohort.windows.CANDIDATE.closes;
    expect([2028, 2029, 2030, 2033, 2047].map(closes)).toEqual([
      "2027-09-17T17:00",
      "2028-09-15T17:00",
      "2029-09-21T17:00",
      "2032-09-17T17:00",
      "2046-09-21T17:00",
    ]);
    expect(decided(clone({ weeks: 53 })).outcome.cohort.windows.CANDIDATE.closes).toBe("2027-09-24T17:00");
  });

  test("every date keeps its weekday and time of day, and all keep their distances", () => {
    const day = integer({ min: 0, max: 3_000 });
    assert(
      property(day, integer({ min: 1, max: 20 }), (start, years) => {
        const date = (days: number) => new Date(Date.UTC(2026, 0, 1 + start + days)).toISOString().slice(0, 10);
        const window = windowFrom(
          { opens: `${date(0)}T02:30`, closes: `${date(45)}T17:00`, enforced: `${date(46)}T01:30` },
          "America/Los_Angeles",
        );
        const { dates } = decided(clone({ year: 2027 + years }, cohort({ windows: both(window) }))).outcome;
        const distances = dates.map(({ was, becomes }) => Date.parse(`${becomes}Z`) - Date.parse(`${was}Z`));
        expect(new Set(distances).size).toBe(1);
        for (const { was, becomes } of dates) {
          expect(weekdayOf(becomes.slice(0, 10))).toBe(weekdayOf(was.slice(0, 10)));
          expect(becomes.slice(11)).toBe(was.slice(11));
        }
      }),
      { numRuns: 200 },
    );
  });

  test("is of a later year, by whole weeks, with a name and a number", () => {
    expect(faults(clone({ year: 2027 }))).toEqual(["OUT_OF_RANGE year"]);
    expect(faults(clone({ year: 2048 }))).toEqual(["OUT_OF_RANGE year"]);
    for (const weeks of [0, -52, 1.5, 1_061]) expect(faults(clone({ weeks }))).toEqual(["OUT_OF_RANGE weeks"]);
    expect(faults(clone({ name: "", number: 0, region: " " }))).toEqual([
      "REQUIRED name",
      "REQUIRED region",
      "OUT_OF_RANGE number",
    ]);
    // The clock change of that year puts the enforced deadline before the shown one.
    const window = windowFrom(
      { opens: "2026-01-01T08:00", closes: "2026-03-15T02:45", enforced: "2026-03-15T03:15" },
      "America/Los_Angeles",
    );
    expect(faults(clone({ weeks: 52 }, cohort({ windows: both(window) })))).toEqual([
      "ENFORCED_BEFORE_SHOWN windowCloses",
    ]);
    expect(faults(clone({}, cohort({ windows: both(WINDOW) })))).toEqual([]);
  });
});
