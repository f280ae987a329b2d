import { describe, expect, test } from "vitest";
import {
  applicationId,
  mayRead,
  startReview,
  TRANSITIONS,
  type Application,
  type ApplicationAction,
  type ApplicationState,
} from "../../schema/application/application.ts";
import { saveApplication, startApplication, submitApplication } from "../../schema/application/draft.ts";
import { ruleIn, ruleOut } from "../../schema/application/eligibility.ts";
import { expireApplication, withdrawApplication } from "../../schema/application/ending.ts";
import { completeApplication, deferApplication, giveUpPlace } from "../../schema/application/step.ts";
import { releaseDecision } from "../../schema/decision/decision.ts";
import { reverseDecision } from "../../schema/decision/reversal.ts";
import type { Decision as Ruling } from "../../schema/shared/decision.ts";
import {
  application,
  both,
  cohort,
  decided,
  decision,
  faults,
  LETTERS_UNTIL,
  NOW,
  refused,
  VIEWERS,
  WINDOW,
  ENDING,
  termOf,
  viewer,
} from "./records.ts";

const FRESH = { cohort: cohort(), kind: "CANDIDATE", personId: "per_owner", number: "APP-2027-0099" } as const;

/** Fourteen days before the closing, at eight in the morning. */
const FIRST_REMINDER = { daysBefore: 14, at: "2026-09-04T15:00:00.000Z", before: WINDOW.closesAt };

describe("the square of states and actions", () => {
  const ACTIONS: Record<ApplicationAction, (from: Application) => Ruling<{ state: ApplicationState }>> = {
    save: (from) => saveApplication(from, {}, { cohort: cohort() }),
    submit: (from) => submitApplication(from, { cohort: cohort(), now: NOW }),
    withdraw: (from) => withdrawApplication(from, ENDING),
    reopen: (from) => startApplication(from, FRESH, NOW),
    expire: (from) => expireApplication(from, { cohort: cohort(), now: LETTERS_UNTIL }),
    startReview: (from) => startReview(from, VIEWERS.committee),
    complete: completeApplication,
    ruleOut: (from) => ruleOut(from, { ...ENDING, viewer: VIEWERS.staff, reason: "OTHER", why: "Test" }),
    ruleIn: (from) => ruleIn(from, { cohort: cohort(), viewer: VIEWERS.staff, why: "Test" }),
    giveUp: (from) => giveUpPlace(from, ENDING),
    defer: deferApplication,
    accept: (from) => releasing(from, "ACCEPT"),
    waitlist: (from) => releasing(from, "WAITLIST"),
    decline: (from) => releasing(from, "DECLINE"),
    reverseToAccepted: (from) => reversing(from, "ACCEPT"),
    reverseToWaitlisted: (from) => reversing(from, "WAITLIST"),
    reverseToDeclined: (from) => reversing(from, "DECLINE"),
  };

  function releasing(from: Application, outcome: "ACCEPT" | "WAITLIST" | "DECLINE"): Ruling<Application> {
    const ruling = releaseDecision(decision({ outcome }), from, ENDING);
    return "refusals" in ruling ? ruling : { outcome: ruling.outcome.application, events: ruling.events };
  }

  function reversing(from: Application, outcome: "ACCEPT" | "WAITLIST" | "DECLINE"): Ruling<Application> {
    const known = decision({ state: "RELEASED", outcome: outcome === "DECLINE" ? "ACCEPT" : "DECLINE" });
    const terms = { outcome, rank: outcome === "WAITLIST" ? 1 : null, why: "Test" };
    const facts = { id: "rev_1", viewer: VIEWERS.staff, cohort: cohort() };
    const ruling = reverseDecision({ application: from, decision: known }, terms, facts);
    return "refusals" in ruling ? ruling : { outcome: ruling.outcome.application, events: ruling.events };
  }

  const [wrong, sent, begun] = ["WRONG_STATE", "ALREADY_SUBMITTED", "ALREADY_STARTED"];
  const COLUMNS = [
    "save",
    "submit",
    "withdraw",
    "reopen",
    "expire",
    "startReview",
    "complete",
    "ruleOut",
    "ruleIn",
    "giveUp",
    "defer",
    "accept",
    "waitlist",
    "decline",
    "reverseToAccepted",
    "reverseToWaitlisted",
    "reverseToDeclined",
  ];
  // oxfmt-ignore
  const EXPECTED: Record<ApplicationState, string[]> = {
    DRAFT:        ["DRAFT"       , "COMPLETE"    , "WITHDRAWN"   , begun         , "EXPIRED"     , wrong         , wrong         , wrong         , wrong         , wrong         , wrong         , wrong         , wrong         , wrong, wrong         , wrong         , wrong],
    SUBMITTED:    [wrong         , sent          , "WITHDRAWN"   , begun         , "EXPIRED"     , wrong         , "COMPLETE"    , "INELIGIBLE"  , wrong         , wrong         , wrong         , wrong         , wrong         , wrong, wrong         , wrong         , wrong],
    COMPLETE:     [wrong         , sent          , "WITHDRAWN"   , begun         , wrong         , "UNDER_REVIEW", wrong         , "INELIGIBLE"  , wrong         , wrong         , wrong         , "ACCEPTED"    , "WAITLISTED"  , "DECLINED", wrong         , wrong         , wrong],
    UNDER_REVIEW: [wrong         , sent          , "WITHDRAWN"   , begun         , wrong         , wrong         , wrong         , "INELIGIBLE"  , wrong         , wrong         , wrong         , "ACCEPTED"    , "WAITLISTED"  , "DECLINED", wrong         , wrong         , wrong],
    ACCEPTED:     [wrong         , sent          , "WITHDRAWN"   , begun         , wrong         , wrong         , wrong         , wrong         , wrong         , "NOT_TAKEN_UP", "DEFERRED"    , wrong         , wrong         , wrong, wrong         , "WAITLISTED"  , "DECLINED"],
    WAITLISTED:   [wrong         , sent          , "WITHDRAWN"   , begun         , wrong         , wrong         , wrong         , wrong         , wrong         , wrong         , wrong         , "ACCEPTED"    , wrong         , "DECLINED", "ACCEPTED"    , wrong         , "DECLINED"],
    DECLINED:     [wrong         , sent          , wrong         , begun         , wrong         , wrong         , wrong         , wrong         , wrong         , wrong         , wrong         , wrong         , wrong         , wrong, "ACCEPTED"    , "WAITLISTED"  , wrong],
    INELIGIBLE:   [wrong         , sent          , wrong         , begun         , wrong         , wrong         , wrong         , wrong         , "COMPLETE"    , wrong         , wrong         , wrong         , wrong         , wrong, wrong         , wrong         , wrong],
    NOT_TAKEN_UP: [wrong         , sent          , wrong         , begun         , wrong         , wrong         , wrong         , wrong         , wrong         , wrong         , wrong         , wrong         , wrong         , wrong, wrong         , wrong         , wrong],
    DEFERRED:     [wrong         , sent          , "WITHDRAWN"   , begun         , wrong         , wrong         , wrong         , wrong         , wrong         , wrong         , wrong         , wrong         , wrong         , wrong, wrong         , wrong         , wrong],
    WITHDRAWN:    [wrong         , wrong         , wrong         , "DRAFT"       , wrong         , wrong         , wrong         , wrong         , wrong         , wrong         , wrong         , wrong         , wrong         , wrong, wrong         , wrong         , wrong],
    EXPIRED:      [wrong         , wrong         , wrong         , "DRAFT"       , wrong         , wrong         , wrong         , wrong         , wrong         , wrong         , wrong         , wrong         , wrong         , wrong, wrong         , wrong         , wrong],
  };

  for (const [state, row] of Object.entries(EXPECTED) as [ApplicationState, string[]][]) {
    test(state, () => {
      const answers = Object.values(ACTIONS).map((act) => {
        const ruling = act(application(state));
        return "refusals" in ruling ? faults(ruling).join() : ruling.outcome.state;
      });
      expect(Object.keys(ACTIONS)).toEqual(COLUMNS);
      expect(answers).toEqual(row);
    });
  }

  test("the table of transitions says the same", () => {
    const stated = Object.entries(EXPECTED).map(([state, row]) => [
      state,
      Object.fromEntries(row.flatMap((to, column) => (to in EXPECTED ? [[COLUMNS[column], to]] : []))),
    ]);
    expect(TRANSITIONS).toEqual(Object.fromEntries(stated));
  });
});

describe("starting", () => {
  test("gives an empty draft that expires with the window", () => {
    expect(startApplication(undefined, FRESH, NOW)).toEqual({
      outcome: {
        id: "app_1-c-owner",
        version: 0,
        number: "APP-2027-0099",
        cohortId: "coh_1",
        kind: "CANDIDATE",
        personId: "per_owner",
        draft: { organization: null, jobTitle: null, answers: {} },
        startedAt: NOW,
        recusals: [],
        letters: [],
        state: "DRAFT",
        closesAt: WINDOW.closesAt,
        nextReminder: FIRST_REMINDER,
      },
      events: [
        {
          type: "ApplicationStarted",
          about: { kind: "Application", id: "app_1-c-owner" },
          facts: {},
          before: undefined,
          after: { state: "DRAFT" },
        },
      ],
    });
  });

  test("one person has one application for each cohort and kind", () => {
    expect(applicationId("coh_1", "CANDIDATE", "per_owner")).toBe("app_1-c-owner");
    expect(applicationId("coh_1", "MENTOR", "per_owner")).toBe("app_1-m-owner");
    expect(applicationId("coh_2", "CANDIDATE", "per_owner")).toBe("app_2-c-owner");
    expect(applicationId("coh_1", "CANDIDATE", "per_other")).toBe("app_1-c-other");
  });

  for (const state of ["WITHDRAWN", "EXPIRED"] as const) {
    test(`takes up a ${state.toLowerCase()} one again with what was written, its number and its first day`, () => {
      const { outcome, events } = decided(startApplication(application(state), FRESH, NOW));
      expect(outcome).toEqual({ ...application("DRAFT"), nextReminder: FIRST_REMINDER });
      expect(events).toEqual([
        {
          type: "ApplicationStarted",
          about: { kind: "Application", id: "app_1-c-owner" },
          facts: {},
          before: { state },
          after: { state: "DRAFT" },
        },
      ]);
    });

    test(`does not take up a ${state.toLowerCase()} one again after the window`, () => {
      expect(startApplication(application(state), FRESH, WINDOW.closesAt)).toEqual({
        refusals: [
          {
            code: "TOO_LATE",
            field: null,
            message: "Applications closed on Friday, September 18, 2026 at 5:00 PM PDT.",
          },
        ],
      });
    });
  }

  test("a draft of a window that was extended expires with the new closing when it is taken up again", () => {
    const closesAt = "2026-09-26T00:00:00.000Z";
    const extended = cohort({ windows: both({ ...WINDOW, enforced: "2026-09-25T17:00", enforcedAt: closesAt }) });
    const { outcome } = decided(
      startApplication(application("EXPIRED"), { ...FRESH, cohort: extended }, WINDOW.closesAt),
    );
    expect(outcome).toMatchObject({ state: "DRAFT", closesAt });
  });

  test("is refused before the opening and for a cohort that is not published", () => {
    const early = startApplication(undefined, FRESH, "2026-08-01T14:59:59.999Z");
    expect(early).toEqual({
      refusals: [
        {
          code: "NOT_OPEN_YET",
          field: null,
          message: "Applications are taken from Saturday, August 1, 2026 at 8:00 AM PDT.",
        },
      ],
    });
    expect(faults(startApplication(undefined, FRESH, "2026-08-01T15:00:00.000Z"))).toEqual([]);
    expect(faults(startApplication(undefined, { ...FRESH, cohort: cohort({ state: "DRAFT" }) }, NOW))).toEqual([
      "NOT_OPEN_YET",
    ]);
  });

  test("one that exists is not started over, whatever the window", () => {
    expect(startApplication(application("COMPLETE"), FRESH, WINDOW.closesAt)).toEqual({
      refusals: [
        {
          code: "ALREADY_STARTED",
          field: null,
          message: "You have already started this application: please continue with it.",
        },
      ],
    });
  });
});

describe("withdrawing", () => {
  test("keeps what was submitted", () => {
    expect(withdrawApplication(application("WAITLISTED"), ENDING)).toEqual({
      outcome: application("WITHDRAWN"),
      events: [
        {
          type: "ApplicationWithdrawn",
          about: { kind: "Application", id: "app_1-c-owner" },
          facts: { personId: "per_owner", cohortId: "coh_1" },
          before: { state: "WAITLISTED" },
          after: { state: "WITHDRAWN" },
        },
      ],
    });
  });

  test("is over once the application led to a certificate", () => {
    const certified = { ...application("ACCEPTED"), certificateNumber: "CTOM-2027-7F3K9Q" } as Application;
    expect(withdrawApplication(certified, ENDING)).toEqual({
      refusals: [
        {
          code: "WRONG_STATE",
          field: null,
          message: "It led to the certificate CTOM-2027-7F3K9Q and cannot be withdrawn any more.",
        },
      ],
    });
  });

  test("a draft was never submitted, and stays so", () => {
    expect(decided(withdrawApplication(application("DRAFT"), ENDING)).outcome).toEqual({
      ...application("WITHDRAWN"),
      submission: null,
    });
  });
});

describe("a step that the state does not allow", () => {
  const told = (ruling: Ruling<unknown>) => refused(ruling).map(({ message }) => message);

  test("is told to applicants in their words", () => {
    expect(told(saveApplication(application("COMPLETE"), {}, { cohort: cohort() }))).toEqual([
      "This is not possible now: the state of the application is “Received”.",
    ]);
    expect(told(withdrawApplication(application("DECLINED"), ENDING))).toEqual([
      "This is not possible now: the state of the application is “Not selected”.",
    ]);
    expect(told(submitApplication(application("EXPIRED"), { cohort: cohort(), now: NOW }))).toEqual([
      "This is not possible now: the state of the application is “Not complete in time”.",
    ]);
  });

  test("is told to staff and committee in theirs", () => {
    expect(told(startReview(application("DRAFT"), VIEWERS.committee))).toEqual([
      "This is not possible now: the state of the application is “Draft”.",
    ]);
    for (const outcome of ["ACCEPT", "WAITLIST", "DECLINE"] as const) {
      expect(told(releaseDecision(decision({ outcome }), application("DECLINED"), ENDING))).toEqual([
        "This is not possible now: the state of the application is “Declined”.",
      ]);
    }
  });
});

describe("beginning a review", () => {
  test("nobody reviews their own application, whatever its state", () => {
    for (const by of [VIEWERS.ownerOnCommittee, VIEWERS.ownerOnStaff]) {
      for (const state of ["COMPLETE", "DRAFT"] as const) {
        expect(startReview(application(state), by)).toEqual({
          refusals: [
            {
              code: "OWN_APPLICATION",
              field: null,
              message: "This is your own application: somebody else has to take care of it.",
            },
          ],
        });
      }
    }
  });

  test("leaves a trace and no mail's worth of facts", () => {
    expect(startReview(application("COMPLETE"), VIEWERS.committee)).toEqual({
      outcome: application("UNDER_REVIEW"),
      events: [
        {
          type: "ApplicationReviewStarted",
          about: { kind: "Application", id: "app_1-c-owner" },
          facts: {},
          before: { state: "COMPLETE" },
          after: { state: "UNDER_REVIEW" },
        },
      ],
    });
  });
});

describe("who may read an application", () => {
  const neverSubmitted: Application = { ...application("WITHDRAWN"), submission: null } as Application;
  const unsubmitted = [application("DRAFT"), application("EXPIRED"), neverSubmitted];
  const submitted = (["COMPLETE", "UNDER_REVIEW", "ACCEPTED", "WAITLISTED", "DECLINED", "WITHDRAWN"] as const).map(
    (state) => application(state),
  );

  const CHAIR = viewer({ id: "per_chair", roles: [termOf("CHAIR", "2026-01-01T08:00:00.000Z", null)] });

  for (const [who, reader, beforeSubmission, afterSubmission] of [
    ["nobody signed in", null, false, false],
    ["the applicant", VIEWERS.owner, true, true],
    ["somebody else", VIEWERS.stranger, false, false],
    ["staff", VIEWERS.staff, true, true],
    ["a committee member who has not to review it", VIEWERS.committee, false, false],
    ["the chair of the committee", CHAIR, false, true],
    ["staff whose term has ended", VIEWERS.formerStaff, false, false],
    ["a committee member whose term has ended", VIEWERS.formerCommittee, false, false],
    ["the applicant who is staff", VIEWERS.ownerOnStaff, true, true],
    ["the applicant who sits on the committee", VIEWERS.ownerOnCommittee, true, true],
  ] as const) {
    test(who, () => {
      expect(unsubmitted.map((each) => mayRead(reader, each))).toEqual(unsubmitted.map(() => beforeSubmission));
      expect(submitted.map((each) => mayRead(reader, each))).toEqual(submitted.map(() => afterSubmission));
    });
  }
});
