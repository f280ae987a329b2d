import { describe, expect, test } from "vitest";
import type { Application } from "../../schema/application/application.ts";
import { startApplication } from "../../schema/application/draft.ts";
import { draftLadder, firstReminder, reachedReminder, remindDraft } from "../../schema/application/reminder.ts";
import type { Cohort } from "../../schema/cohort/cohort.ts";
import { DEFAULT_POLICY } from "../../schema/cohort/policy.ts";
import { application, both, cohort, decided, WINDOW } from "./records.ts";

/** The closing is on Friday, 18 September, at 17:00; the mails go out at 8:00, which is 15:00 UTC. */
const AT = {
  14: "2026-09-04T15:00:00.000Z",
  7: "2026-09-11T15:00:00.000Z",
  2: "2026-09-16T15:00:00.000Z",
  1: "2026-09-17T15:00:00.000Z",
};
const step = (daysBefore: keyof typeof AT) => ({ daysBefore, at: AT[daysBefore], before: WINDOW.closesAt });
const justBefore = (instant: string) => new Date(Date.parse(instant) - 1).toISOString();

describe("the ladder of a draft", () => {
  const ladder = draftLadder(cohort(), "CANDIDATE");

  test("the first step is the next that is still to come; none is in the past", () => {
    for (const days of [14, 7, 2, 1] as const) {
      expect(firstReminder(ladder, justBefore(AT[days]))).toEqual(step(days));
      expect(firstReminder(ladder, AT[days])?.daysBefore).toBe({ 14: 7, 7: 2, 2: 1, 1: undefined }[days]);
    }
    expect(firstReminder(ladder, "2026-08-01T15:00:00.000Z")).toEqual(step(14));
    expect(firstReminder(ladder, "2027-01-01T00:00:00.000Z")).toBeNull();
  });

  test("of several steps that were missed the latest is reached, and none once it is too late", () => {
    const reached = (now: string, next: keyof typeof AT = 14) =>
      reachedReminder(ladder, step(next), now)?.daysBefore ?? null;
    expect(reached(justBefore(AT[14]))).toBeNull();
    expect(reached(AT[14])).toBe(14);
    expect(reached(justBefore(AT[7]))).toBe(14);
    expect(reached(AT[7])).toBe(7);
    expect(reached(AT[1])).toBe(1);
    expect(reached(justBefore(WINDOW.closesAt))).toBe(1);
    expect(reached(WINDOW.closesAt)).toBeNull();
    // A step that was sent is not reached again.
    expect(reached(justBefore(AT[2]), 2)).toBeNull();
  });

  test("days are the zone's: on the day after a clock change it is still eight", () => {
    const closesAt = "2026-11-03T01:00:00.000Z";
    const autumn = cohort({
      windows: both({
        ...WINDOW,
        closes: "2026-11-02T17:00",
        closesAt,
        enforced: "2026-11-02T17:00",
        enforcedAt: closesAt,
      }),
    });
    expect(firstReminder(draftLadder(autumn, "CANDIDATE"), "2026-10-31T00:00:00.000Z")?.at).toBe(
      "2026-10-31T15:00:00.000Z",
    );
    expect(firstReminder(draftLadder(autumn, "CANDIDATE"), "2026-10-31T15:00:00.000Z")?.at).toBe(
      "2026-11-01T16:00:00.000Z",
    );
  });

  test("a step at or after the closing is none", () => {
    const draft = { reminderDays: [0, 1], reminderTime: "17:00" };
    const late = draftLadder(cohort({ policy: { ...DEFAULT_POLICY, draft } }), "CANDIDATE");
    expect(firstReminder(late, "2026-09-10T00:00:00.000Z")?.daysBefore).toBe(1);
    expect(firstReminder(late, "2026-09-18T00:00:00.000Z")).toBeNull();
  });
});

describe("reminding of a draft", () => {
  const draft = (next: keyof typeof AT): Application =>
    ({ ...application("DRAFT"), nextReminder: step(next) }) as Application;
  const remind = (of: Application, now: string, facts: { cohort?: Cohort } = {}) =>
    decided(remindDraft(of, { cohort: cohort(), now, ...facts }));
  const told = (daysBefore: number) => [
    {
      type: "DraftReminded",
      about: { kind: "Application", id: "app_1-c-owner" },
      facts: { personId: "per_owner", cohortId: "coh_1", daysBefore },
    },
  ];

  test("one mail for each step, and none after the last", () => {
    expect(remind(draft(14), AT[14])).toEqual({ outcome: draft(7), events: told(14) });
    expect(remind(draft(7), AT[7])).toEqual({ outcome: draft(2), events: told(7) });
    expect(remind(draft(2), AT[2])).toEqual({ outcome: draft(1), events: told(2) });
    const last = remind(draft(1), AT[1]);
    expect(last).toEqual({ outcome: application("DRAFT"), events: told(1) });
    expect("nextReminder" in last.outcome).toBe(false);
    expect(remind(last.outcome, justBefore(WINDOW.closesAt))).toEqual({ outcome: last.outcome, events: [] });
  });

  test("before its time nothing happens; missed steps are caught up by one mail", () => {
    const waiting = draft(14);
    expect(remind(waiting, justBefore(AT[14])).outcome).toBe(waiting);
    expect(remind(waiting, AT[2])).toEqual({ outcome: draft(1), events: told(2) });
    expect(remind(waiting, justBefore(WINDOW.closesAt)).events).toEqual(told(1));
    expect(remind(waiting, WINDOW.closesAt)).toEqual({ outcome: waiting, events: [] });
  });

  test("nobody is reminded who has submitted, or withdrawn, or run out of time", () => {
    for (const state of ["SUBMITTED", "COMPLETE", "UNDER_REVIEW", "WITHDRAWN", "EXPIRED", "ACCEPTED"] as const) {
      const of = application(state);
      expect(remind(of, AT[2]), state).toEqual({ outcome: of, events: [] });
    }
  });

  test("a window that was extended has steps of its own, and the draft moves on with it", () => {
    const closesAt = "2026-09-26T00:00:00.000Z";
    const extended = cohort({
      windows: both({
        ...WINDOW,
        closes: "2026-09-25T17:00",
        closesAt,
        enforced: "2026-09-25T17:00",
        enforcedAt: closesAt,
      }),
    });
    const moved = remind(draft(7), AT[7], { cohort: extended });
    const nextReminder = { daysBefore: 7, at: "2026-09-18T15:00:00.000Z", before: closesAt };
    expect(moved).toEqual({ outcome: { ...application("DRAFT"), closesAt, nextReminder }, events: [] });
    expect(remind(moved.outcome, nextReminder.at, { cohort: extended }).events).toEqual(told(7));
  });

  test("a window that was shortened reminds by its new closing; the draft expires when it was told to", () => {
    const closesAt = "2026-09-15T00:00:00.000Z";
    const shortened = cohort({
      windows: both({
        ...WINDOW,
        closes: "2026-09-14T17:00",
        closesAt,
        enforced: "2026-09-14T17:00",
        enforcedAt: closesAt,
      }),
    });
    const moved = remind(draft(7), AT[7], { cohort: shortened });
    const nextReminder = { daysBefore: 2, at: "2026-09-12T15:00:00.000Z", before: closesAt };
    expect(moved).toEqual({ outcome: { ...application("DRAFT"), nextReminder }, events: [] });
    expect(remind(moved.outcome, nextReminder.at, { cohort: shortened }).events).toEqual(told(2));
    // Closed already: no word of it.
    expect(remind(draft(2), AT[2], { cohort: shortened })).toEqual({ outcome: application("DRAFT"), events: [] });
  });

  test("a draft that is begun late, or again, has the steps that are left", () => {
    const wish = { cohort: cohort(), kind: "CANDIDATE", personId: "per_owner", number: "APP-2027-0099" } as const;
    const nextAt = (existing: Application | undefined, now: string) => {
      const { outcome } = decided(startApplication(existing, wish, now));
      return outcome.state === "DRAFT" ? (outcome.nextReminder?.daysBefore ?? null) : null;
    };
    expect(nextAt(undefined, "2026-09-12T00:00:00.000Z")).toBe(2);
    expect(nextAt(undefined, AT[1])).toBeNull();
    expect(nextAt(application("WITHDRAWN"), "2026-09-05T00:00:00.000Z")).toBe(7);
  });
});
