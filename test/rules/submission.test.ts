import { describe, expect, test } from "vitest";
import { startReview, type Application } from "../../schema/application/application.ts";
import { submitApplication } from "../../schema/application/draft.ts";
import { expireApplication, withdrawApplication } from "../../schema/application/ending.ts";
import { createCohort, publishCohort, type Cohort } from "../../schema/cohort/cohort.ts";
import { releaseDecision } from "../../schema/decision/decision.ts";
import type { Decision as Ruling } from "../../schema/shared/decision.ts";
import {
  application,
  both,
  cohort,
  decided,
  decision,
  DRAFT,
  faults,
  NOW,
  refused,
  SUBMISSION,
  VIEWERS,
  WINDOW,
  ENDING,
} from "./records.ts";

describe("submitting", () => {
  const submit = (from: Application, facts: { cohort?: Cohort; now?: string; expectedVersion?: number } = {}) =>
    submitApplication(from, { cohort: cohort(), now: NOW, ...facts });

  test("freezes what was written, with the questions as they were asked", () => {
    const prompts = new Map(cohort().questions.CANDIDATE.map(({ id, prompt }) => [id, prompt]));
    const { closesAt: _, ...rest } = application("DRAFT") as Extract<Application, { state: "DRAFT" }>;
    expect(submit(application("DRAFT"))).toEqual({
      outcome: {
        ...rest,
        state: "COMPLETE",
        submission: {
          submittedAt: NOW,
          organization: { name: "Test Unified School District", kind: "DISTRICT" },
          jobTitle: "Technology coordinator",
          answers: ["objective", "leadership", "technology", "projects", "finance", "experience"].map((id) => ({
            questionId: id,
            prompt: prompts.get(id),
            text: `About ${id}.`,
          })),
        },
      },
      events: [
        {
          type: "ApplicationSubmitted",
          about: { kind: "Application", id: "app_1-c-owner" },
          facts: { personId: "per_owner", cohortId: "coh_1" },
          before: { state: "DRAFT" },
          after: { state: "COMPLETE" },
        },
      ],
    });
  });

  test("later edits of the questions do not change a submission", () => {
    const asked = structuredClone(cohort());
    const { outcome } = decided(submit(application("DRAFT"), { cohort: asked }));
    const before = structuredClone(outcome);
    for (const question of asked.questions.CANDIDATE) Object.assign(question, { prompt: "Changed?", id: "changed" });
    expect(outcome).toEqual(before);
  });

  test("steps after the submission leave it as it is", () => {
    const steps: Ruling<Application>[] = [
      startReview(application("COMPLETE"), VIEWERS.committee),
      withdrawApplication(application("ACCEPTED"), ENDING),
    ];
    for (const ruling of steps) expect(decided(ruling).outcome).toMatchObject({ submission: SUBMISSION });
    const released = decided(releaseDecision(decision(), application("UNDER_REVIEW"), ENDING)).outcome.application;
    expect(released).toEqual({ ...application("ACCEPTED") });
  });

  test("an empty draft is told every part that is missing, the optional question not among them", () => {
    const draft = { organization: null, jobTitle: null, answers: {} };
    const ruling = submit(application("DRAFT", { draft }));
    expect(faults(ruling)).toEqual([
      "REQUIRED organization",
      "REQUIRED jobTitle",
      "REQUIRED answers.objective",
      "REQUIRED answers.leadership",
      "REQUIRED answers.technology",
      "REQUIRED answers.projects",
      "REQUIRED answers.finance",
      "REQUIRED answers.experience",
    ]);
    expect(
      refused(ruling)
        .slice(0, 3)
        .map(({ message }) => message),
    ).toEqual([
      "Your organization is missing: please fill it in.",
      "Your job title is missing: please fill it in.",
      "An answer is missing: What is your career objective, and how does becoming a fully qualified CTO serve it?",
    ]);
  });

  test("one missing part is enough", () => {
    const without = (draft: Partial<typeof DRAFT>) => submit(application("DRAFT", { draft: { ...DRAFT, ...draft } }));
    const { finance: _, ...others } = DRAFT.answers;
    expect(faults(without({ organization: null }))).toEqual(["REQUIRED organization"]);
    expect(faults(without({ jobTitle: null }))).toEqual(["REQUIRED jobTitle"]);
    expect(faults(without({ answers: others }))).toEqual(["REQUIRED answers.finance"]);
  });

  test("an answer to a question that is not asked any more stays out of the submission", () => {
    const answers = { ...DRAFT.answers, retired: "About retired." };
    const { outcome } = decided(submit(application("DRAFT", { draft: { ...DRAFT, answers } })));
    expect("submission" in outcome && outcome.submission?.answers.map(({ questionId }) => questionId)).toEqual([
      "objective",
      "leadership",
      "technology",
      "projects",
      "finance",
      "experience",
    ]);
  });

  test("the version comes first, then everything else that stands in the way, the window among it", () => {
    const empty = application("DRAFT", { draft: { organization: null, jobTitle: null, answers: {} } });
    const lacks = ["organization", "jobTitle", ...Object.keys(DRAFT.answers).map((id) => `answers.${id}`)];
    const missing = lacks.map((field) => `REQUIRED ${field}`);
    expect(faults(submit(empty, { now: WINDOW.closesAt, expectedVersion: 9 }))).toEqual(["CONFLICT expectedVersion"]);
    expect(faults(submit(empty, { now: WINDOW.closesAt }))).toEqual(["TOO_LATE", ...missing]);
    expect(faults(submit(empty, { now: "2026-07-01T00:00:00.000Z" }))).toEqual(["NOT_OPEN_YET", ...missing]);
    expect(faults(submit(application("DRAFT"), { now: WINDOW.closesAt }))).toEqual(["TOO_LATE"]);
    expect(faults(submit(empty, { expectedVersion: 4 }))).toEqual(missing);
    expect(faults(submit(application("DRAFT"), { expectedVersion: 4 }))).toEqual([]);
  });

  test("a second time is told that it was submitted already", () => {
    expect(submit(application("UNDER_REVIEW"))).toEqual({
      refusals: [
        {
          code: "ALREADY_SUBMITTED",
          field: null,
          message: "This application was submitted already; there is nothing left to do.",
        },
      ],
    });
  });
});

describe("the window", () => {
  /** A published cohort with a window on the clock of its zone. */
  function inZone(zone: string, windowOpens: string, windowCloses: string): Cohort {
    const { year, number, name, region, seats, tuition } = cohort();
    const terms = { year, number, name, region, seats, tuition, zone, windowOpens, windowCloses };
    return decided(publishCohort(decided(createCohort("coh_1", terms)).outcome, 0)).outcome;
  }

  const LOS_ANGELES = "America/Los_Angeles";
  for (const [what, zone, opens, closes, firstInstant, closingInstant] of [
    ["an ordinary Friday", LOS_ANGELES, "2026-08-01T08:00", "2026-09-18T17:00", "2026-08-01T15:00", "2026-09-19T00:00"],
    [
      "the other coast",
      "America/New_York",
      "2026-08-01T08:00",
      "2026-09-18T17:00",
      "2026-08-01T12:00",
      "2026-09-18T21:00",
    ],
    [
      "a zone off by half an hour",
      "Asia/Kolkata",
      "2026-08-01T08:00",
      "2026-09-18T17:00",
      "2026-08-01T02:30",
      "2026-09-18T11:30",
    ],
    [
      "closing the day after the fall change",
      LOS_ANGELES,
      "2026-10-31T17:00",
      "2026-11-01T17:00",
      "2026-11-01T00:00",
      "2026-11-02T01:00",
    ],
    [
      "closing at a time that comes twice: the first",
      LOS_ANGELES,
      "2026-10-31T08:00",
      "2026-11-01T01:30",
      "2026-10-31T15:00",
      "2026-11-01T08:30",
    ],
    [
      "opening at a time that comes twice: the first",
      LOS_ANGELES,
      "2026-11-01T01:30",
      "2026-11-02T17:00",
      "2026-11-01T08:30",
      "2026-11-03T01:00",
    ],
    [
      "closing the day after the spring change",
      LOS_ANGELES,
      "2027-03-13T17:00",
      "2027-03-14T17:00",
      "2027-03-14T01:00",
      "2027-03-15T00:00",
    ],
    [
      "closing at a time that is skipped: an hour on",
      LOS_ANGELES,
      "2027-03-13T08:00",
      "2027-03-14T02:30",
      "2027-03-13T16:00",
      "2027-03-14T10:30",
    ],
    [
      "opening at a time that is skipped: an hour on",
      LOS_ANGELES,
      "2027-03-14T02:00",
      "2027-03-14T17:00",
      "2027-03-14T10:00",
      "2027-03-15T00:00",
    ],
    [
      "a clock that changes by half an hour",
      "Australia/Lord_Howe",
      "2026-10-01T08:00",
      "2026-10-04T02:15",
      "2026-09-30T21:30",
      "2026-10-03T15:45",
    ],
  ] as const) {
    test(what, () => {
      const open = inZone(zone, opens, closes);
      expect([open.windows.CANDIDATE.opensAt, open.windows.CANDIDATE.closesAt]).toEqual([
        `${firstInstant}:00.000Z`,
        `${closingInstant}:00.000Z`,
      ]);
      const submit = (now: string) => faults(submitApplication(application("DRAFT"), { cohort: open, now }));
      expect(submit(before(firstInstant))).toEqual(["NOT_OPEN_YET"]);
      expect(submit(`${firstInstant}:00.000Z`)).toEqual([]);
      expect(submit(before(closingInstant))).toEqual([]);
      expect(submit(`${closingInstant}:00.000Z`)).toEqual(["TOO_LATE"]);
    });
  }

  test("a deadline at a time that comes twice is over when that time comes again", () => {
    const open = inZone(LOS_ANGELES, "2026-10-31T08:00", "2026-11-01T01:30");
    const again = "2026-11-01T09:15:00.000Z";
    expect(submitApplication(application("DRAFT"), { cohort: open, now: again })).toEqual({
      refusals: [
        { code: "TOO_LATE", field: null, message: "Applications closed on Sunday, November 1, 2026 at 1:30 AM PDT." },
      ],
    });
  });

  /** One millisecond before a whole minute. */
  function before(minute: string): string {
    return new Date(Date.parse(`${minute}:00.000Z`) - 1).toISOString();
  }
});

describe("expiring", () => {
  const expire = (now: string, facts: { cohort?: Cohort } = {}) =>
    expireApplication(application("DRAFT"), { cohort: cohort(), now, ...facts });

  test("a draft expires at the closing instant, with what was written", () => {
    const { closesAt: _, ...rest } = application("DRAFT") as Extract<Application, { state: "DRAFT" }>;
    expect(expire(WINDOW.closesAt)).toEqual({
      outcome: { ...rest, state: "EXPIRED", submission: null, keptUntil: "2028-09-18T00:00:00.000Z" },
      events: [
        {
          type: "ApplicationExpired",
          about: { kind: "Application", id: "app_1-c-owner" },
          facts: { personId: "per_owner", cohortId: "coh_1" },
          before: { state: "DRAFT" },
          after: { state: "EXPIRED" },
        },
      ],
    });
  });

  test("one millisecond before the closing nothing happens", () => {
    expect(expire("2026-09-18T23:59:59.999Z")).toEqual({ outcome: application("DRAFT"), events: [] });
  });

  test("a draft moves on to the closing of a window that was extended", () => {
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
    // The step of seven days was at eight that morning.
    const nextReminder = { daysBefore: 2, at: "2026-09-23T15:00:00.000Z", before: closesAt };
    expect(expire(WINDOW.closesAt, { cohort: extended })).toEqual({
      outcome: { ...application("DRAFT"), closesAt, nextReminder },
      events: [],
    });
  });
});
