import { describe, expect, test } from "vitest";
import {
  APPLICATION_KINDS,
  APPLICATION_STATES,
  type Application,
  type Draft,
} from "../../schema/application/application.ts";
import {
  saveApplication,
  startApplication,
  submitApplication,
  submitBlockers,
} from "../../schema/application/draft.ts";
import { INELIGIBLE_REASONS, ruleIn, ruleOut } from "../../schema/application/eligibility.ts";
import { removeContent } from "../../schema/application/ending.ts";
import { onBehalf } from "../../schema/application/on-behalf.ts";
import { copiedDraft } from "../../schema/application/reapply.ts";
import type { Cohort } from "../../schema/cohort/cohort.ts";
import { DEFAULT_POLICY } from "../../schema/cohort/policy.ts";
import { endTogether, withdraw } from "../../schema/decision/decision.ts";
import {
  application,
  cohort,
  decided,
  decision,
  DRAFT,
  ENDING,
  faults,
  KEPT_UNTIL,
  LETTERS_UNTIL,
  nomination,
  NOW,
  refused,
  REQUEST,
  SUBMISSION,
  summaryOf,
  viewer,
  VIEWERS,
  WINDOW,
} from "./records.ts";

const EMPTY: Draft = { organization: null, jobTitle: null, answers: {} };
const about = { kind: "Application", id: "app_1-c-owner" };

describe("blockers", () => {
  const { finance: _, ...others } = DRAFT.answers;
  const drafts: Record<string, Draft> = {
    empty: EMPTY,
    whole: DRAFT,
    "without organization": { ...DRAFT, organization: null },
    "without job title": { ...DRAFT, jobTitle: null },
    "without an answer": { ...DRAFT, answers: others },
    "with an answer that is not asked": { ...EMPTY, answers: { retired: "x" } },
  };
  const moments = {
    early: "2026-07-31T00:00:00.000Z",
    open: NOW,
    closing: WINDOW.closesAt,
    late: "2027-01-01T00:00:00.000Z",
  };
  const cohorts: Record<string, Cohort> = {
    published: cohort(),
    hidden: cohort({ state: "DRAFT" }),
    "asking nothing": cohort({ questions: { CANDIDATE: [], MENTOR: [] } }),
  };

  test("are what submitting answers, in every state, kind, draft, cohort and moment", () => {
    let compared = 0;
    let free = 0;
    for (const state of APPLICATION_STATES) {
      for (const kind of APPLICATION_KINDS) {
        for (const draft of Object.values(drafts)) {
          for (const of of Object.values(cohorts)) {
            for (const now of Object.values(moments)) {
              const from = application(state, { kind, draft });
              const blockers = submitBlockers(from, { cohort: of, now });
              expect(blockers).toEqual(refused(submitApplication(from, { cohort: of, now })));
              compared++;
              free += blockers.length === 0 ? 1 : 0;
            }
          }
        }
      }
    }
    expect(compared).toBe(12 * 2 * 6 * 3 * 4);
    // A draft in the open window: the whole one of a candidate, and where nothing is asked the two of either kind that say who.
    expect(free).toBe(1 + 2 * 2);
  });

  test("name each fault by itself, with its field", () => {
    const of = (draft: Draft, now = NOW) =>
      faults(submitBlockers(application("DRAFT", { draft }), { cohort: cohort(), now }));
    expect(of(drafts["whole"]!)).toEqual([]);
    expect(of(drafts["without an answer"]!)).toEqual(["REQUIRED answers.finance"]);
    expect(of(drafts["without an answer"]!, moments.closing)).toEqual(["TOO_LATE", "REQUIRED answers.finance"]);
    expect(of(drafts["whole"]!, moments.early)).toEqual(["NOT_OPEN_YET"]);
    expect(of(EMPTY)).toHaveLength(8);
  });
});

describe("applying again from an earlier application", () => {
  const questions = cohort().questions.CANDIDATE;
  const copy = (source: Application, onto = EMPTY, kind: "CANDIDATE" | "MENTOR" = "CANDIDATE") =>
    copiedDraft(onto, source, { kind, questions: cohort().questions[kind] });
  const FIELDS = [
    "organization",
    "jobTitle",
    "objective",
    "leadership",
    "technology",
    "projects",
    "finance",
    "experience",
  ];

  test("takes what was drafted, or what was submitted where it was", () => {
    expect(copy(application("EXPIRED"))).toEqual({ draft: DRAFT, fields: FIELDS });
    const { organization, jobTitle } = SUBMISSION;
    expect(copy(application("DECLINED"))).toEqual({
      draft: { organization, jobTitle, answers: { objective: "About objective." } },
      fields: ["organization", "jobTitle", "objective"],
    });
  });

  test("never the résumé", () => {
    const resume = { fileId: "fil_1", name: "resume.pdf", contentType: "application/pdf", bytes: 400 };
    const submitted = { ...application("DECLINED"), submission: { ...SUBMISSION, resume } } as Application;
    for (const source of [application("EXPIRED", { draft: { ...DRAFT, resume } }), submitted]) {
      expect(JSON.stringify(copy(source))).not.toContain("fil_1");
    }
    // One that is there already stays.
    expect(copy(submitted, { ...EMPTY, resume }).draft.resume).toEqual(resume);
  });

  test("only answers to questions that are asked again, and that still fit", () => {
    const asked = questions.flatMap((each) => {
      if (each.id === "finance") return [{ ...each, maxLength: "About finance.".length - 1 }];
      return each.id === "leadership" ? [] : [{ ...each, maxLength: `About ${each.id}.`.length }];
    });
    const { draft, fields } = copiedDraft(EMPTY, application("EXPIRED"), { kind: "CANDIDATE", questions: asked });
    expect(Object.keys(draft.answers)).toEqual(["objective", "technology", "projects", "experience"]);
    expect(fields).toEqual(["organization", "jobTitle", "objective", "technology", "projects", "experience"]);
  });

  test("of the other kind no answer, though a question of it has the same id", () => {
    expect(copy(application("EXPIRED"), EMPTY, "MENTOR").fields).toEqual(["organization", "jobTitle"]);
  });

  test("fills what is empty and leaves what is there", () => {
    const onto: Draft = { organization: { name: "New", kind: "STATE" }, jobTitle: null, answers: { finance: "New." } };
    const { draft, fields } = copy(application("EXPIRED"), onto);
    expect(draft).toEqual({ ...onto, jobTitle: DRAFT.jobTitle, answers: { ...DRAFT.answers, finance: "New." } });
    expect(fields).toEqual(["jobTitle", "objective", "leadership", "technology", "projects", "experience"]);
  });

  test("the event says from which, and what; removed content is refused", () => {
    const wish = { cohort: cohort(), kind: "CANDIDATE", personId: "per_owner", number: "APP-2027-0099" } as const;
    const last = application("EXPIRED", { id: "app_0-c-owner", cohortId: "coh_0" });
    const { outcome, events } = decided(startApplication(undefined, { ...wish, copyFrom: last }, NOW));
    expect(outcome.draft).toEqual(DRAFT);
    expect(events.map(({ facts }) => facts)).toEqual([{ copiedFrom: "app_0-c-owner", fields: FIELDS }]);
    const removed = removeContent(last, { because: "ApplicationContentExpired", now: NOW }).outcome;
    expect(faults(startApplication(undefined, { ...wish, copyFrom: removed }, NOW))).toEqual([
      "CONTENT_REMOVED copyFromApplicationId",
    ]);
  });
});

describe("entering an application for somebody", () => {
  const facts = { viewer: VIEWERS.staff, personId: "per_owner", why: " It came on paper. " };
  const save = (of: Application) => () => saveApplication(of, { jobTitle: "Director" }, { cohort: cohort() });

  test("is the applicant's own step, with who did it for whom and why", () => {
    const of = application("DRAFT");
    expect(onBehalf(of, facts, save(of))).toEqual({
      outcome: { ...of, draft: { ...DRAFT, jobTitle: "Director" }, enteredBy: "per_staff" },
      events: [
        {
          type: "ApplicationSaved",
          about,
          facts: { fields: ["jobTitle"] },
          actingFor: "per_owner",
          why: "It came on paper.",
        },
      ],
    });
  });

  test("never for oneself, nor by whoever is recused; the reason is wanted with everything else", () => {
    const of = application("DRAFT", { recusals: [{ personId: "per_staff", why: "x", at: NOW }] });
    expect(faults(onBehalf(of, facts, save(of)))).toEqual(["RECUSED"]);
    expect(faults(onBehalf(undefined, { ...facts, viewer: VIEWERS.ownerOnStaff }, save(of)))).toEqual([
      "OWN_APPLICATION",
    ]);
    const draft = application("DRAFT");
    expect(faults(onBehalf(draft, { ...facts, why: " " }, save(draft)))).toEqual(["REQUIRED why"]);
    const sent = application("COMPLETE");
    expect(faults(onBehalf(sent, { ...facts, why: "x".repeat(1_001) }, save(sent)))).toEqual([
      "TOO_LONG why",
      "WRONG_STATE",
    ]);
    expect(faults(onBehalf(sent, facts, save(sent)))).toEqual(["WRONG_STATE"]);
  });

  test("what the applicant begins anew is their own", () => {
    const wish = { cohort: cohort(), kind: "CANDIDATE", personId: "per_owner", number: "" } as const;
    const again = decided(startApplication(application("WITHDRAWN", { enteredBy: "per_staff" }), wish, NOW)).outcome;
    expect("enteredBy" in again).toBe(false);
  });
});

describe("ruling out and in", () => {
  const out = (of: Application, reason: (typeof INELIGIBLE_REASONS)[number] = "NO_K12_ORGANIZATION") =>
    ruleOut(of, { ...ENDING, viewer: VIEWERS.staff, reason, why: " Works for a vendor. " });

  test("keeps the reason; more about it stands in the history alone", () => {
    for (const reason of INELIGIBLE_REASONS) {
      expect(out(application("COMPLETE"), reason)).toEqual({
        outcome: { ...application("INELIGIBLE"), keptUntil: KEPT_UNTIL, ineligibleFor: reason },
        events: [
          {
            type: "ApplicationRuledOut",
            about,
            facts: { personId: "per_owner", cohortId: "coh_1", ineligibleFor: reason },
            before: { state: "COMPLETE" },
            after: { state: "INELIGIBLE" },
            why: "Works for a vendor.",
          },
        ],
      });
    }
  });

  test("ruled in again it is as before, and nothing says otherwise", () => {
    const ruled = decided(out(application("COMPLETE"))).outcome;
    expect(
      decided(ruleIn(ruled, { cohort: cohort(), viewer: VIEWERS.staff, why: "A school after all" })).outcome,
    ).toEqual(application("COMPLETE"));
    expect(faults(ruleIn(ruled, { cohort: cohort(), viewer: VIEWERS.staff, why: "" }))).toEqual(["REQUIRED why"]);
    // There would be nothing to decide on.
    const removed = { ...ruled, contentRemovedAt: NOW };
    expect(faults(ruleIn(removed, { cohort: cohort(), viewer: VIEWERS.staff, why: "x" }))).toEqual(["WRONG_STATE"]);
    expect(faults(ruleIn(ruled, { cohort: cohort(), viewer: VIEWERS.ownerOnStaff, why: "x" }))).toEqual([
      "OWN_APPLICATION",
    ]);
  });

  test("ruled in again while a letter is missing it waits for that, and after their time long enough to do without it", () => {
    const ruled = decided(out(application("SUBMITTED"))).outcome;
    const waiting = cohort({ policy: DEFAULT_POLICY });
    const back = (of: Application, now: string) => {
      const { outcome, events } = decided(
        ruleIn(of, { cohort: waiting, viewer: viewer(VIEWERS.staff.person, now), why: "A school after all" }),
      );
      return [outcome.state, "lettersUntil" in outcome ? outcome.lettersUntil : null, events[0]!.after];
    };
    const incomplete = { state: "SUBMITTED" };
    expect(back(ruled, NOW)).toEqual(["SUBMITTED", LETTERS_UNTIL, incomplete]);
    expect(back(ruled, LETTERS_UNTIL)).toEqual(["SUBMITTED", "2026-10-03T00:00:00.000Z", incomplete]);
    const complete = ["COMPLETE", null, { state: "COMPLETE" }];
    expect(back({ ...ruled, letters: [summaryOf(nomination("PROVIDED"))] }, NOW)).toEqual(complete);
    expect(back({ ...ruled, partsWaivedAt: NOW }, NOW)).toEqual(complete);
    const mentor = decided(out(application("COMPLETE", { kind: "MENTOR" }))).outcome;
    expect(back(mentor, NOW)).toEqual(complete);
  });

  test("cancels the decision on it, and nothing where there is none to cancel", () => {
    const ended = decided(endTogether(out(application("COMPLETE")), decision()));
    expect(ended.outcome.decision).toEqual({ ...decision(), state: "CANCELLED", holdsSeat: false });
    expect(ended.events.map(({ type }) => type)).toEqual(["ApplicationRuledOut", "DecisionCancelled"]);
    const waitlisted = decision({ outcome: "WAITLIST", rank: 2, holdsSeat: false });
    expect(decided(endTogether(out(application("COMPLETE")), waitlisted)).outcome.decision?.rank).toBeNull();
    for (const none of [undefined, decision({ state: "CANCELLED", holdsSeat: false })]) {
      const alone = decided(endTogether(out(application("COMPLETE")), none));
      expect(alone.outcome.decision).toBeUndefined();
      expect(alone.events).toHaveLength(1);
    }
    expect(faults(endTogether(out(application("ACCEPTED")), decision()))).toEqual(["WRONG_STATE"]);
  });
});

describe("withdrawing", () => {
  test("while a part is missing frees nothing, because nothing is held; what was asked for ends", () => {
    const asked = application("SUBMITTED", { information: REQUEST });
    const { outcome, events } = decided(withdraw(asked, undefined, ENDING));
    expect(outcome).toEqual({ application: { ...application("WITHDRAWN"), keptUntil: KEPT_UNTIL } });
    expect(events.map(({ type, before, after }) => [type, before, after])).toEqual([
      ["ApplicationWithdrawn", { state: "SUBMITTED" }, { state: "WITHDRAWN" }],
    ]);
  });

  test("a deferred place frees what its decision still holds", () => {
    const released = decision({ state: "RELEASED" });
    const { outcome, events } = decided(withdraw(application("DEFERRED"), released, ENDING));
    expect(outcome.application.state).toBe("WITHDRAWN");
    expect(outcome.decision).toEqual({ ...released, state: "CANCELLED", holdsSeat: false });
    expect(events.map(({ type }) => type)).toEqual(["ApplicationWithdrawn", "DecisionCancelled"]);
  });
});
