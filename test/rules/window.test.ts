import { describe, expect, test } from "vitest";
import { lettersDue, isOpen, isOver, phaseOf, windowFrom, type WindowTimes } from "../../schema/cohort/window.ts";
import { changeWindow } from "../../schema/cohort/window-change.ts";
import { DEFAULT_POLICY } from "../../schema/cohort/policy.ts";
import { both, cohort, decided, faults, WINDOW } from "./records.ts";

const LOS_ANGELES = "America/Los_Angeles";
const LATE = { ...WINDOW, enforced: "2026-09-18T17:30", enforcedAt: "2026-09-19T00:30:00.000Z" };

test("where a window stands: for the public by the shown deadline, for an application by the enforced one", () => {
  const windowed = cohort({ windows: both(LATE) });
  const hidden = cohort({ windows: both(LATE), state: "DRAFT" });
  for (const [now, phase, open, over] of [
    ["2026-08-01T14:59:59.999Z", "BEFORE", false, false],
    ["2026-08-01T15:00:00.000Z", "OPEN", true, false],
    ["2026-09-18T23:59:59.999Z", "OPEN", true, false],
    ["2026-09-19T00:00:00.000Z", "AFTER", true, false],
    ["2026-09-19T00:29:59.999Z", "AFTER", true, false],
    ["2026-09-19T00:30:00.000Z", "AFTER", false, true],
  ] as const) {
    expect([phaseOf(LATE, now), isOpen(windowed, "MENTOR", now), isOver(windowed, "MENTOR", now)], now).toEqual([
      phase,
      open,
      over,
    ]);
    expect([isOpen(hidden, "MENTOR", now), isOver(hidden, "MENTOR", now)], now).toEqual([false, false]);
  }
});

test("each kind of applicant has its own window", () => {
  const later = windowFrom(
    { opens: "2026-09-20T08:00", closes: "2026-10-01T17:00", enforced: "2026-10-01T17:00" },
    "UTC",
  );
  const windowed = cohort({ windows: { CANDIDATE: WINDOW, MENTOR: later } });
  const open = (now: string) => [isOpen(windowed, "CANDIDATE", now), isOpen(windowed, "MENTOR", now)];
  expect(open("2026-09-01T16:00:00.000Z")).toEqual([true, false]);
  expect(open("2026-09-25T16:00:00.000Z")).toEqual([false, true]);
});

test("a time that a clock change skips moves on by an hour, and of one that comes twice the first counts", () => {
  const instants = (opens: string, closes: string, enforced: string) => {
    const { opensAt, closesAt, enforcedAt } = windowFrom({ opens, closes, enforced }, LOS_ANGELES);
    return [opensAt, closesAt, enforcedAt];
  };
  expect(instants("2027-03-14T01:59", "2027-03-14T02:30", "2027-03-14T03:30")).toEqual([
    "2027-03-14T09:59:00.000Z",
    "2027-03-14T10:30:00.000Z",
    "2027-03-14T10:30:00.000Z",
  ]);
  expect(instants("2026-11-01T00:59", "2026-11-01T01:30", "2026-11-01T02:00")).toEqual([
    "2026-11-01T07:59:00.000Z",
    "2026-11-01T08:30:00.000Z",
    "2026-11-01T10:00:00.000Z",
  ]);
});

test("letters are due at the time of day of the shown deadline, also across a clock change", () => {
  const due = (closes: string, toleranceDays: number) => {
    const windows = both(windowFrom({ opens: "2026-08-01T08:00", closes, enforced: closes }, LOS_ANGELES));
    const policy = { letters: { ...DEFAULT_POLICY.letters, toleranceDays } };
    return lettersDue({ windows, zone: LOS_ANGELES, policy }, "CANDIDATE");
  };
  expect(due("2026-10-30T17:00", 0)).toEqual({ local: "2026-10-30T17:00", at: "2026-10-31T00:00:00.000Z" });
  expect(due("2026-10-30T17:00", 7)).toEqual({ local: "2026-11-06T17:00", at: "2026-11-07T01:00:00.000Z" });
  expect(due("2026-12-30T17:00", 3)).toEqual({ local: "2027-01-02T17:00", at: "2027-01-03T01:00:00.000Z" });
});

describe("changing a window", () => {
  const change = (times: Partial<WindowTimes>, from = cohort()) => changeWindow(from, { kind: "MENTOR", ...times }, 3);
  const times = (given: Partial<WindowTimes>, from = cohort()) => {
    const { opens, closes, enforced } = decided(change(given, from)).outcome.windows.MENTOR;
    return [opens, closes, enforced];
  };

  test("keeps what is absent; a shown deadline alone is enforced", () => {
    const from = cohort({ windows: both(LATE) });
    expect(times({}, from)).toEqual(["2026-08-01T08:00", "2026-09-18T17:00", "2026-09-18T17:30"]);
    expect(times({ opens: "2026-08-02T08:00" }, from)).toEqual([
      "2026-08-02T08:00",
      "2026-09-18T17:00",
      "2026-09-18T17:30",
    ]);
    expect(times({ closes: "2026-09-20T17:00" }, from)).toEqual([
      "2026-08-01T08:00",
      "2026-09-20T17:00",
      "2026-09-20T17:00",
    ]);
    expect(times({ closes: "2026-09-20T17:00", enforced: "2026-09-20T18:00" }, from)[2]).toBe("2026-09-20T18:00");
  });

  test("is told with the times of that kind, and whether drafts have another deadline to wait for", () => {
    expect(change({ enforced: "2026-09-18T17:30" })).toEqual({
      outcome: { ...cohort(), windows: { CANDIDATE: WINDOW, MENTOR: LATE } },
      events: [
        {
          type: "CohortChanged",
          about: { kind: "Cohort", id: "coh_1" },
          facts: { windowMoved: true },
          before: { mentorWindowEnforced: "2026-09-18T17:00" },
          after: { mentorWindowEnforced: "2026-09-18T17:30" },
        },
      ],
    });
    expect(decided(change({ opens: "2026-08-02T08:00" })).events[0]?.facts).toEqual({ windowMoved: false });
  });

  test("is refused for times that are none, for an order that cannot be, and on another version", () => {
    expect(faults(change({ opens: "now", closes: "soon", enforced: "later" }))).toEqual([
      "BAD_TIME opens",
      "BAD_TIME closes",
      "BAD_TIME enforced",
    ]);
    expect(faults(change({ closes: "soon" }))).toEqual(["BAD_TIME closes"]);
    expect(faults(change({ closes: "2026-08-01T08:00" }))).toEqual(["CLOSES_BEFORE_OPENING closes"]);
    expect(faults(change({ enforced: "2026-09-18T16:59" }))).toEqual(["ENFORCED_BEFORE_SHOWN enforced"]);
    expect(faults(change({ enforced: "2026-09-18T17:00" }))).toEqual([]);
    // In the hour that is skipped 02:45 comes after 03:15.
    expect(faults(change({ closes: "2027-03-14T02:45", enforced: "2027-03-14T03:15" }))).toEqual([
      "ENFORCED_BEFORE_SHOWN enforced",
    ]);
    expect(faults(changeWindow(cohort(), { kind: "MENTOR", closes: "soon" }, 2))).toEqual(["CONFLICT expectedVersion"]);
  });
});
