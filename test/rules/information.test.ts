import { describe, expect, test } from "vitest";
import { amendApplication, earlierSubmissions, provideInformation } from "../../schema/application/amendment.ts";
import {
  APPLICATION_STATES,
  STATE_LABELS,
  type Application,
  type ApplicationState,
  type Draft,
} from "../../schema/application/application.ts";
import { resumeRefusals, type DraftPieces } from "../../schema/application/draft.ts";
import { ruleOut } from "../../schema/application/eligibility.ts";
import { baseOf, expireApplication, removeContent, withdrawApplication } from "../../schema/application/ending.ts";
import {
  askInformation,
  cancelInformation,
  extendInformation,
  informationDue,
  isReopened,
  lookAfterInformation,
  openInformation,
  type InformationRequest,
  type InformationWish,
} from "../../schema/application/information.ts";
import type { Viewer } from "../../schema/person/person.ts";
import {
  application,
  cohort,
  decided,
  DRAFT,
  ENDING,
  faults,
  LETTERS_UNTIL,
  NOW,
  refused,
  REQUEST,
  SUBMISSION,
  VIEWERS,
} from "./records.ts";

const OPEN: ReadonlySet<ApplicationState> = new Set(["SUBMITTED", "COMPLETE", "UNDER_REVIEW"]);
const WISH: InformationWish = {
  parts: ["JOB_TITLE"],
  questionIds: ["finance"],
  dueOn: "2026-09-10",
  message: "Which budget?\nPlease name the sum.",
};
const facts = { cohort: cohort(), viewer: VIEWERS.staff };
const asked = (state: ApplicationState = "COMPLETE", information: Partial<InformationRequest> = {}, draft = DRAFT) =>
  application(state, { information: { ...REQUEST, ...information }, draft });
const recused = { recusals: [{ personId: "per_staff", why: "Colleagues", at: NOW }] };
const about = { kind: "Application", id: "app_1-c-owner" };

describe("asking for information", () => {
  const ask = (wish: Partial<InformationWish> = {}, of = application("COMPLETE"), viewer: Viewer = VIEWERS.staff) =>
    askInformation(of, { ...WISH, ...wish }, { cohort: cohort(), viewer });

  test("keeps what is asked, until the end of a day of the cohort's zone", () => {
    expect(ask({ message: ` ${WISH.message} `, questionIds: ["finance", "finance"] })).toEqual({
      outcome: {
        ...application("COMPLETE"),
        information: { ...REQUEST, askedAt: NOW },
      },
      events: [
        {
          type: "InformationAsked",
          about,
          facts: {
            personId: "per_owner",
            cohortId: "coh_1",
            parts: ["JOB_TITLE"],
            questionIds: ["finance"],
            dueOn: "2026-09-10",
          },
          why: WISH.message,
        },
      ],
    });
  });

  test("only while it is submitted and not decided on", () => {
    for (const state of APPLICATION_STATES) {
      const message = `This is not possible now: the state of the application is “${STATE_LABELS[state].staff}”.`;
      const wrong = OPEN.has(state) ? [] : [{ code: "WRONG_STATE", field: null, message }];
      expect(refused(ask({}, application(state))), state).toEqual(wrong);
      const open = application(state, { information: REQUEST });
      const more = { dueOn: "2026-09-12", why: "Ill" };
      expect(refused(extendInformation(open, more, facts)), state).toEqual(wrong);
      expect(refused(cancelInformation(open, { viewer: VIEWERS.staff, why: "Mail" })), state).toEqual(wrong);
    }
  });

  test("never by the applicant in an office, nor by whoever is recused", () => {
    const more = { dueOn: "2026-09-12", why: "Ill" };
    for (const [viewer, of, code] of [
      [VIEWERS.ownerOnStaff, asked(), "OWN_APPLICATION"],
      [VIEWERS.staff, { ...asked(), ...recused }, "RECUSED"],
    ] as const) {
      expect(faults(ask({}, of, viewer))).toEqual([code]);
      expect(faults(extendInformation(of, more, { cohort: cohort(), viewer }))).toEqual([code]);
      expect(faults(cancelInformation(of, { viewer, why: "Mail" }))).toEqual([code]);
    }
  });

  test("one request at a time", () => {
    expect(faults(ask({}, asked()))).toEqual(["ALREADY_ASKED"]);
  });

  test("all faults at once", () => {
    expect(faults(ask({ parts: [], questionIds: [], dueOn: "soon", message: " " }))).toEqual([
      "REQUIRED parts",
      "BAD_DATE dueOn",
      "REQUIRED message",
    ]);
    expect(faults(ask({ questionIds: ["finance", "position"], message: "x".repeat(2_001) }))).toEqual([
      "UNKNOWN_QUESTION questionIds",
      "TOO_LONG message",
    ]);
    expect(faults(ask({ message: "x".repeat(2_000) }))).toEqual([]);
    expect(faults(ask({ message: "a\u0000" }))).toEqual(["BAD_CHARACTERS message"]);
  });

  test("from tomorrow on, and for thirty days at most, by the calendar of the zone", () => {
    const on = (dueOn: string, now = NOW) => faults(ask({ dueOn }, undefined, { ...VIEWERS.staff, now }));
    for (const dueOn of ["2026-08-31", "2026-09-01", "2026-10-02", "2027-09-10"]) {
      expect(on(dueOn), dueOn).toEqual(["OUT_OF_RANGE dueOn"]);
    }
    for (const dueOn of ["2026-09-02", "2026-10-01"]) expect(on(dueOn), dueOn).toEqual([]);
    // Still the first of September in Los Angeles, and the second in Greenwich.
    expect(on("2026-09-02", "2026-09-02T06:59:59.999Z")).toEqual([]);
    expect(on("2026-09-02", "2026-09-02T07:00:00.000Z")).toEqual(["OUT_OF_RANGE dueOn"]);
    for (const dueOn of ["2026-02-30", "2026-9-10", "", "2026-09-10T17:00"]) {
      expect(on(dueOn), dueOn).toEqual(["BAD_DATE dueOn"]);
    }
  });

  test("a day after the clocks change ends an hour later", () => {
    const { outcome } = decided(
      ask({ dueOn: "2026-11-01" }, undefined, { ...VIEWERS.staff, now: "2026-10-20T16:00:00.000Z" }),
    );
    expect(outcome.information).toMatchObject({
      dueAt: "2026-11-02T08:00:00.000Z",
      nextReminder: { daysBefore: 2, at: "2026-10-30T15:00:00.000Z" },
    });
  });

  test("not a sixth time", () => {
    const amendments = Array.from({ length: 5 }, () => ({
      parts: [],
      questionIds: [],
      askedAt: NOW,
      providedAt: NOW,
      replaced: {},
    }));
    const often = (count: number) =>
      ({
        ...application("COMPLETE"),
        submission: { ...SUBMISSION, amendments: amendments.slice(0, count) },
      }) as Application;
    expect([faults(ask({}, often(4))), faults(ask({}, often(5)))]).toEqual([[], ["TOO_MANY"]]);
  });
});

describe("more time, or none", () => {
  const extend = (dueOn: string, of = asked(), now = NOW, why = "They were ill.") =>
    extendInformation(of, { dueOn, why }, { cohort: cohort(), viewer: { ...VIEWERS.staff, now } });

  test("a later day counts from then on, with a reminder of its own, also after the time was over", () => {
    const late = asked("COMPLETE", { nextReminder: null, missedAt: REQUEST.dueAt });
    expect(extend("2026-09-15", late, "2026-09-12T16:00:00.000Z")).toEqual({
      outcome: asked("COMPLETE", {
        dueOn: "2026-09-15",
        dueAt: "2026-09-16T07:00:00.000Z",
        nextReminder: { daysBefore: 2, at: "2026-09-13T15:00:00.000Z", before: "2026-09-16T07:00:00.000Z" },
      }),
      events: [
        {
          type: "InformationExtended",
          about,
          facts: { personId: "per_owner", cohortId: "coh_1", dueOn: "2026-09-15" },
          before: { dueOn: "2026-09-10" },
          after: { dueOn: "2026-09-15" },
          why: "They were ill.",
        },
      ],
    });
  });

  test("only later, with a reason, and of something that is asked", () => {
    expect(faults(extend("2026-09-10"))).toEqual(["OUT_OF_RANGE dueOn"]);
    expect(faults(extend("2026-09-09"))).toEqual(["OUT_OF_RANGE dueOn"]);
    expect(faults(extend("2026-09-31", undefined, undefined, " "))).toEqual(["BAD_DATE dueOn", "REQUIRED why"]);
    expect(faults(extend("2026-09-11", application("COMPLETE")))).toEqual(["NOT_ASKED"]);
  });

  test("taking it back leaves the application as if nothing had been asked", () => {
    const cancel = (of: Application, why = "It came by mail.") => cancelInformation(of, { viewer: VIEWERS.staff, why });
    expect(cancel(asked())).toEqual({
      outcome: application("COMPLETE"),
      events: [
        {
          type: "InformationCancelled",
          about,
          facts: { personId: "per_owner", cohortId: "coh_1" },
          why: "It came by mail.",
        },
      ],
    });
    expect(faults(cancel(application("COMPLETE")))).toEqual(["NOT_ASKED"]);
    expect(faults(cancel(asked(), ""))).toEqual(["REQUIRED why"]);
  });

  test("whatever ends the application ends what is asked", () => {
    expect(baseOf(asked()).information).toBeUndefined();
    const endings = [
      withdrawApplication(asked(), ENDING),
      expireApplication(asked("SUBMITTED"), { ...ENDING, now: LETTERS_UNTIL }),
      ruleOut(asked(), { ...ENDING, viewer: VIEWERS.staff, reason: "OTHER", why: "Test" }),
    ];
    for (const ending of endings) expect("information" in decided(ending).outcome).toBe(false);
    const erased = removeContent(asked("ACCEPTED"), { because: "ApplicationContentErased", now: NOW });
    expect("information" in erased.outcome).toBe(false);
    for (const state of APPLICATION_STATES) {
      expect(openInformation(asked(state)) !== null, state).toBe(OPEN.has(state));
    }
  });
});

describe("what the clock brings", () => {
  const look = (of: Application, now: string) => decided(lookAfterInformation(of, { cohort: cohort(), now }));
  const of = { personId: "per_owner", cohortId: "coh_1" };

  test("a reminder two days before the last day, once; a notice once the time is over, once", () => {
    const open = asked();
    expect(look(open, "2026-09-08T14:59:59.999Z")).toEqual({ outcome: open, events: [] });
    const reminded = look(open, "2026-09-08T15:00:00.000Z");
    expect(reminded).toEqual({
      outcome: asked("COMPLETE", { nextReminder: null }),
      events: [{ type: "InformationReminded", about, facts: { ...of, daysBefore: 2 } }],
    });
    expect(look(reminded.outcome, "2026-09-11T06:59:59.999Z").events).toEqual([]);
    const missed = look(reminded.outcome, REQUEST.dueAt);
    expect(missed).toEqual({
      outcome: asked("COMPLETE", { nextReminder: null, missedAt: REQUEST.dueAt }),
      events: [{ type: "InformationMissed", about, facts: { ...of, askedBy: "per_staff" } }],
    });
    expect(look(missed.outcome, "2027-01-01T00:00:00.000Z")).toEqual({ outcome: missed.outcome, events: [] });
  });

  test("a reminder that was missed is not sent late: the notice comes instead", () => {
    expect(look(asked(), REQUEST.dueAt).events.map(({ type }) => type)).toEqual(["InformationMissed"]);
  });

  test("nothing where the application is not open any more", () => {
    for (const state of APPLICATION_STATES.filter((each) => !OPEN.has(each))) {
      expect(look(asked(state), REQUEST.dueAt), state).toEqual({ outcome: asked(state), events: [] });
    }
  });

  test("is due at the reminder, then at the end, then never", () => {
    expect(informationDue(REQUEST)).toBe("2026-09-08T15:00:00.000Z");
    expect(informationDue({ ...REQUEST, nextReminder: null })).toBe(REQUEST.dueAt);
    expect(informationDue({ ...REQUEST, nextReminder: null, missedAt: NOW })).toBeNull();
  });
});

describe("amending", () => {
  const amend = (pieces: DraftPieces, of = asked(), now = NOW, expectedVersion?: number) =>
    amendApplication(of, pieces, { cohort: cohort(), now, expectedVersion });

  test("saves what was asked for into the draft, and leaves the submission", () => {
    const answers = [{ questionId: "finance", text: "Two million." }];
    expect(amend({ jobTitle: " Director ", answers })).toEqual({
      outcome: asked(
        "COMPLETE",
        {},
        { ...DRAFT, jobTitle: "Director", answers: { ...DRAFT.answers, finance: "Two million." } },
      ),
      events: [{ type: "ApplicationAmended", about, facts: { fields: ["jobTitle", "finance"] } }],
    });
  });

  test("everything else stays closed, each named, together with what is wrong with the rest", () => {
    const pieces: DraftPieces = {
      organization: { name: "Another", kind: "SCHOOL" },
      jobTitle: "x".repeat(121),
      answers: [
        { questionId: "finance", text: "x" },
        { questionId: "leadership", text: "x" },
        { questionId: "position", text: "x" },
      ],
    };
    expect(faults(amend(pieces))).toEqual([
      "NOT_REOPENED organization",
      "NOT_REOPENED answers.leadership",
      "TOO_LONG jobTitle",
      "UNKNOWN_QUESTION answers",
    ]);
    expect(faults(amend({ organization: null }))).toEqual(["NOT_REOPENED organization"]);
    expect(faults(amend({ organization: null }, asked("COMPLETE", { parts: ["ORGANIZATION"] })))).toEqual([]);
  });

  test("up to the last instant of the last day, on the version that was looked at", () => {
    expect(faults(amend({ jobTitle: "x" }, asked(), "2026-09-11T06:59:59.999Z"))).toEqual([]);
    expect(refused(amend({ jobTitle: "x" }, asked(), REQUEST.dueAt))).toEqual([
      {
        code: "OVERDUE",
        field: null,
        message: "The last day for this was Thursday, September 10, 2026: please answer our mail.",
      },
    ]);
    expect(faults(amend({ jobTitle: "x" }, asked(), NOW, 3))).toEqual(["CONFLICT expectedVersion"]);
    expect(faults(amend({ jobTitle: "x" }, asked(), NOW, 4))).toEqual([]);
  });

  test("only where something is asked and can still be answered", () => {
    for (const state of APPLICATION_STATES) {
      expect(faults(amend({}, application(state))), state).toEqual(["NOT_ASKED"]);
      expect(faults(amend({}, asked(state))), state).toEqual(OPEN.has(state) ? [] : ["WRONG_STATE"]);
    }
  });

  test("a section is reopened while it is asked for; the résumé too", () => {
    const of = asked("COMPLETE", { parts: ["RESUME"] });
    expect([isReopened(of, "RESUME", NOW), isReopened(of, "JOB_TITLE", NOW)]).toEqual([true, false]);
    expect(isReopened(of, { questionId: "finance" }, NOW)).toBe(true);
    expect(isReopened(of, { questionId: "leadership" }, NOW)).toBe(false);
    expect(isReopened(of, "RESUME", REQUEST.dueAt)).toBe(false);
    expect(faults(resumeRefusals(of, NOW))).toEqual([]);
    expect(faults(resumeRefusals(of, REQUEST.dueAt))).toEqual(["WRONG_STATE"]);
    expect(faults(resumeRefusals(asked(), NOW))).toEqual(["WRONG_STATE"]);
    expect(faults(resumeRefusals(application("DRAFT"), NOW))).toEqual([]);
  });
});

describe("providing", () => {
  const changed: Draft = { ...DRAFT, jobTitle: "Director", answers: { ...DRAFT.answers, finance: "Two million." } };
  const provide = (of: Application, now = NOW, expectedVersion?: number) =>
    provideInformation(of, { cohort: cohort(), now, expectedVersion });
  const prompt = cohort().questions.CANDIDATE.find(({ id }) => id === "finance")!.prompt;

  test("takes the sections that were asked for, keeps what stood there, and freezes again", () => {
    // What was not asked for is not taken, whatever the draft says by now.
    const draft = { ...changed, organization: { name: "Another", kind: "SCHOOL" } as const };
    expect(provide(asked("UNDER_REVIEW", {}, draft))).toEqual({
      outcome: {
        ...application("UNDER_REVIEW", { draft }),
        submission: {
          ...SUBMISSION,
          jobTitle: "Director",
          answers: [...SUBMISSION.answers, { questionId: "finance", prompt, text: "Two million." }],
          amendments: [
            {
              parts: ["JOB_TITLE"],
              questionIds: ["finance"],
              askedAt: REQUEST.askedAt,
              providedAt: NOW,
              replaced: { jobTitle: SUBMISSION.jobTitle, answers: SUBMISSION.answers },
            },
          ],
        },
      },
      events: [
        {
          type: "InformationProvided",
          about,
          facts: { personId: "per_owner", cohortId: "coh_1", askedBy: "per_staff", fields: ["jobTitle", "finance"] },
        },
      ],
    });
  });

  test("answers stay in the order of the questions, and one that may be left out can be", () => {
    const questionIds = ["objective", "community"];
    const answers = { objective: "Anew.", community: "Much." };
    const { outcome } = decided(provide(asked("COMPLETE", { parts: [], questionIds }, { ...DRAFT, answers })));
    const texts = "submission" in outcome ? outcome.submission?.answers.map(({ text }) => text) : [];
    expect(texts).toEqual(["Anew.", "Much."]);
    const { outcome: without } = decided(
      provide(asked("COMPLETE", { parts: [], questionIds }, { ...DRAFT, answers: { objective: "Anew." } })),
    );
    expect("submission" in without && without.submission?.answers).toHaveLength(1);
  });

  test("an answer to a question that is not in the list any more stays, behind the others", () => {
    const retired = { questionId: "retired", prompt: "Retired?", text: "Yes." };
    const of = {
      ...asked("COMPLETE", {}, changed),
      submission: { ...SUBMISSION, answers: [retired, ...SUBMISSION.answers] },
    };
    const { outcome } = decided(provide(of as Application));
    const ids = "submission" in outcome ? outcome.submission?.answers.map(({ questionId }) => questionId) : [];
    expect(ids).toEqual(["objective", "finance", "retired"]);
  });

  test("names what is missing of what was asked for, and of nothing else", () => {
    const empty: Draft = { organization: null, jobTitle: null, answers: {} };
    expect(faults(provide(asked("COMPLETE", {}, empty)))).toEqual(["REQUIRED jobTitle", "REQUIRED answers.finance"]);
    const all = asked("COMPLETE", { parts: ["ORGANIZATION", "RESUME"], questionIds: [] }, empty);
    expect(faults(provide(all))).toEqual(["REQUIRED organization", "REQUIRED resume"]);
  });

  test("what has not changed is not provided", () => {
    const same = { ...DRAFT, answers: { objective: "About objective." } };
    expect(faults(provide(asked("COMPLETE", { questionIds: ["objective"] }, same)))).toEqual(["UNCHANGED"]);
  });

  test("up to the last instant of the last day, on the version that was looked at, once", () => {
    const ready = asked("COMPLETE", {}, changed);
    expect(faults(provide(ready, "2026-09-11T06:59:59.999Z"))).toEqual([]);
    expect(faults(provide(ready, REQUEST.dueAt))).toEqual(["OVERDUE"]);
    expect(faults(provide(ready, NOW, 5))).toEqual(["CONFLICT expectedVersion"]);
    expect(faults(provide(decided(provide(ready)).outcome))).toEqual(["NOT_ASKED"]);
    for (const state of APPLICATION_STATES) {
      const expected = OPEN.has(state) ? [] : ["WRONG_STATE"];
      expect(faults(provide(asked(state, {}, changed))), state).toEqual(expected);
    }
  });

  test("every earlier submission can be read as it was, the résumé among it", () => {
    const [first, second] = ["fil_1", "fil_2"].map((fileId) => {
      return { fileId, name: `${fileId}.pdf`, contentType: "application/pdf", bytes: 400 };
    });
    const of = asked("COMPLETE", { parts: ["RESUME"], questionIds: [] }, { ...DRAFT, resume: first! });
    const once = decided(provide(of)).outcome;
    const again = {
      ...once,
      draft: { ...changed, resume: second! },
      information: { ...REQUEST, parts: ["RESUME", "JOB_TITLE"], questionIds: [] },
    } as Application;
    const twice = decided(provide(again, "2026-09-05T16:00:00.000Z")).outcome;
    const submission = "submission" in twice ? twice.submission! : SUBMISSION;
    expect(submission).toMatchObject({ jobTitle: "Director", resume: second });
    expect(earlierSubmissions(submission)).toEqual([
      { submission: SUBMISSION, until: NOW },
      { submission: { ...SUBMISSION, resume: first }, until: "2026-09-05T16:00:00.000Z" },
    ]);
    expect(earlierSubmissions(SUBMISSION)).toEqual([]);
  });
});
