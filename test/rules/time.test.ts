import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addDays,
  addYears,
  afterDuration,
  dateInWords,
  dateOf,
  daysBetween,
  durationOf,
  instantAt,
  instantFrom,
  instantFromMilliseconds,
  instantInWords,
  instantOf,
  isLocalDate,
  isLocalDateTime,
  isZone,
  later,
  millisecondsOf,
  secondsOf,
} from "../../schema/shared/time.ts";

const LOS_ANGELES = "America/Los_Angeles";

describe("instants", () => {
  test("are text of fixed width", () => {
    expect(instantFromMilliseconds(0)).toBe("1970-01-01T00:00:00.000Z");
    expect(instantFromMilliseconds(1_801_272_600_120)).toBe("2027-01-30T01:30:00.120Z");
    expect(instantOf("2027-01-29T17:30", LOS_ANGELES)).toBe("2027-01-30T01:30:00.000Z");
    expect(later("2027-01-30T01:30:00.000Z", { seconds: 1 })).toBe("2027-01-30T01:30:01.000Z");
  });

  test("text order is time order, and milliseconds come back", () => {
    // The years 1 to 9999.
    const moments = fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 });
    fc.assert(
      fc.property(moments, moments, (a, b) => {
        const [first, second] = [instantFromMilliseconds(a), instantFromMilliseconds(b)];
        expect(first).toHaveLength(24);
        expect(first < second).toBe(a < b);
        expect(millisecondsOf(first)).toBe(a);
        expect(first).toBe(new Date(a).toISOString());
      }),
      { numRuns: 500 },
    );
  });

  test("expiry in DynamoDB is whole seconds, rounded down", () => {
    expect(secondsOf("1970-01-01T00:00:01.999Z")).toBe(1);
    expect(secondsOf("2027-01-30T01:30:00.000Z")).toBe(1_801_272_600);
  });

  test("minutes and hours are exact, also across a clock change", () => {
    expect(later("2026-11-01T08:30:00.000Z", { hours: 24 })).toBe("2026-11-02T08:30:00.000Z");
    expect(later("2026-12-31T23:59:59.999Z", { minutes: 2 })).toBe("2027-01-01T00:01:59.999Z");
    expect(later("2028-02-28T23:00:00.000Z", { hours: 1, minutes: 1, seconds: 1 })).toBe("2028-02-29T00:01:01.000Z");
  });
});

describe("the ISO forms of others", () => {
  test("an instant with its offset", () => {
    for (const text of ["2027-01-30T01:30Z", "2027-01-29T17:30:00-08:00", "2027-01-30T01:30:00.0000009Z"]) {
      expect(instantFrom(text), text).toBe("2027-01-30T01:30:00.000Z");
    }
    for (const text of ["", "2027-01-30", "2027-01-30T01:30", "2027-02-29T00:00Z", "now"]) {
      expect(() => instantFrom(text), text).toThrow(RangeError);
    }
  });

  test("a duration, in days and longer on the UTC calendar", () => {
    const after = (duration: string) => afterDuration("2028-02-29T01:30:00.000Z", duration);
    expect(after("PT2H0.5S")).toBe("2028-02-29T03:30:00.500Z");
    expect(after("P1D")).toBe("2028-03-01T01:30:00.000Z");
    expect(after("P3Y")).toBe("2031-02-28T01:30:00.000Z");
    expect(after("-P1M")).toBe("2028-01-29T01:30:00.000Z");
    for (const text of ["", "P", "1 day", "P1X", "PT"]) expect(() => after(text), text).toThrow(RangeError);
    expect(durationOf(90_061_001)).toBe("P1DT1H1M1.001S");
    expect(durationOf(0)).toBe("PT0S");
  });
});

describe("the clock on the wall", () => {
  for (const [what, local, zone, instant] of [
    ["winter", "2027-01-29T17:30", LOS_ANGELES, "2027-01-30T01:30:00.000Z"],
    ["summer", "2026-09-18T17:00", LOS_ANGELES, "2026-09-19T00:00:00.000Z"],
    ["just before spring", "2027-03-14T01:59", LOS_ANGELES, "2027-03-14T09:59:00.000Z"],
    ["the first skipped time moves on by an hour", "2027-03-14T02:00", LOS_ANGELES, "2027-03-14T10:00:00.000Z"],
    ["the last skipped time moves on by an hour", "2027-03-14T02:59", LOS_ANGELES, "2027-03-14T10:59:00.000Z"],
    ["just after spring", "2027-03-14T03:00", LOS_ANGELES, "2027-03-14T10:00:00.000Z"],
    ["of a time that comes twice the first", "2026-11-01T01:00", LOS_ANGELES, "2026-11-01T08:00:00.000Z"],
    ["its last minute too", "2026-11-01T01:59", LOS_ANGELES, "2026-11-01T08:59:00.000Z"],
    ["just after fall", "2026-11-01T02:00", LOS_ANGELES, "2026-11-01T10:00:00.000Z"],
    ["a change by half an hour", "2026-10-04T02:15", "Australia/Lord_Howe", "2026-10-03T15:45:00.000Z"],
    ["a day that was skipped whole", "2011-12-30T12:00", "Pacific/Apia", "2011-12-30T22:00:00.000Z"],
    ["no change at all", "2027-03-14T02:30", "America/Phoenix", "2027-03-14T09:30:00.000Z"],
    ["UTC", "2027-03-14T02:30", "UTC", "2027-03-14T02:30:00.000Z"],
  ] as const) {
    test(what, () => {
      expect(instantOf(local, zone)).toBe(instant);
      expect(instantAt(local.slice(0, 10), local.slice(11), zone)).toBe(instant);
    });
  }
});

describe("dates", () => {
  test("an instant falls on a date of its zone", () => {
    expect(dateOf("2026-09-19T06:59:59.999Z", LOS_ANGELES)).toBe("2026-09-18");
    expect(dateOf("2026-09-19T07:00:00.000Z", LOS_ANGELES)).toBe("2026-09-19");
    expect(dateOf("2026-09-18T18:30:00.000Z", "Asia/Kolkata")).toBe("2026-09-19");
  });

  test("days go over months, years and leap days", () => {
    expect(addDays("2028-02-28", 1)).toBe("2028-02-29");
    expect(addDays("2027-02-28", 1)).toBe("2027-03-01");
    expect(addDays("2030-11-19", -180)).toBe("2030-05-23");
    expect(addDays("2030-01-01", -1)).toBe("2029-12-31");
    expect(addDays("2030-01-01", 0)).toBe("2030-01-01");
  });

  test("years keep the date; 29 February becomes 28 February where the year has none", () => {
    expect(addYears("2027-11-19", 3)).toBe("2030-11-19");
    expect(addYears("2028-02-29", 3)).toBe("2031-02-28");
    expect(addYears("2028-02-29", 4)).toBe("2032-02-29");
    expect(addYears("2096-02-29", 4)).toBe("2100-02-28");
    expect(addYears("2027-02-28", 1)).toBe("2028-02-28");
  });

  test("days between are calendar days, negative backwards", () => {
    expect(daysBetween("2030-05-23", "2030-11-19")).toBe(180);
    expect(daysBetween("2030-11-19", "2030-11-19")).toBe(0);
    expect(daysBetween("2030-11-20", "2030-11-19")).toBe(-1);
    expect(daysBetween("2026-10-31", "2026-11-02")).toBe(2);
    expect(daysBetween("2027-01-01", "2028-01-01")).toBe(365);
    expect(daysBetween("2028-01-01", "2029-01-01")).toBe(366);
  });

  test("adding days and counting them are each other's inverse", () => {
    fc.assert(
      fc.property(fc.integer({ min: -100_000, max: 100_000 }), (days) => {
        expect(daysBetween("2027-01-30", addDays("2027-01-30", days))).toBe(days);
      }),
      { numRuns: 200 },
    );
  });
});

describe("what counts as written right", () => {
  test("a date", () => {
    for (const text of ["2027-01-30", "2028-02-29", "2000-12-31"]) expect(isLocalDate(text), text).toBe(true);
    for (const text of [
      "",
      "2027-02-29",
      "2100-02-29",
      "2027-13-01",
      "2027-00-01",
      "2027-01-00",
      "2027-04-31",
      "2027-1-1",
      "20270130",
      "2027-01-30T00:00",
      "2027-01-30\n",
      " 2027-01-30",
      "-002027-01-30",
      "２０２７-01-30",
      "tomorrow",
    ]) {
      expect(isLocalDate(text), JSON.stringify(text)).toBe(false);
    }
  });

  test("a date and time", () => {
    for (const text of ["2026-09-18T17:00", "2028-02-29T00:00", "2026-12-31T23:59", "2027-03-14T02:30"]) {
      expect(isLocalDateTime(text), text).toBe(true);
    }
    for (const text of [
      "",
      "2026-09-18",
      "2026-09-18T24:00",
      "2026-09-18T23:60",
      "2026-02-30T10:00",
      "2026-09-18T17:00:00",
      "2026-09-18 17:00",
      "2026-09-18T17:00Z",
      "2026-09-18T17:00-07:00",
      "2026-09-18T17:00\n",
      "2026-09-18t17:00",
      "2026-09-18T5:00 PM",
    ]) {
      expect(isLocalDateTime(text), JSON.stringify(text)).toBe(false);
    }
  });

  test("a zone", () => {
    for (const text of [LOS_ANGELES, "America/Argentina/Buenos_Aires", "Etc/GMT+8", "UTC"]) {
      expect(isZone(text), text).toBe(true);
    }
    for (const text of [
      "",
      "PST",
      "-08:00",
      "+08:00",
      "Mars/Base",
      "America",
      "America/",
      "america/los_angeles",
      "America/Los_Angeles\n",
      "America/Los_Angeles[u-ca=hebrew]",
      "../etc/passwd",
      "__proto__",
    ]) {
      expect(isZone(text), JSON.stringify(text)).toBe(false);
    }
  });
});

describe("in words", () => {
  test("a date", () => {
    expect(dateInWords("2027-03-05")).toBe("Friday, March 5, 2027");
    expect(dateInWords("2028-02-29")).toBe("Tuesday, February 29, 2028");
  });

  test("an instant, with the name its zone has on that day", () => {
    expect(instantInWords("2026-09-19T00:00:00.000Z", LOS_ANGELES)).toBe("Friday, September 18, 2026 at 5:00 PM PDT");
    expect(instantInWords("2027-01-30T01:30:00.000Z", LOS_ANGELES)).toBe("Friday, January 29, 2027 at 5:30 PM PST");
    expect(instantInWords("2026-11-01T08:30:00.000Z", LOS_ANGELES)).toBe("Sunday, November 1, 2026 at 1:30 AM PDT");
    expect(instantInWords("2026-11-01T09:30:00.000Z", LOS_ANGELES)).toBe("Sunday, November 1, 2026 at 1:30 AM PST");
    expect(instantInWords("2026-09-19T07:00:00.000Z", LOS_ANGELES)).toBe(
      "Saturday, September 19, 2026 at 12:00 AM PDT",
    );
    expect(instantInWords("2026-09-18T12:00:00.000Z", "UTC")).toBe("Friday, September 18, 2026 at 12:00 PM UTC");
  });
});
