import { describe, expect, test } from "vitest";
import { mayRead, mayReadContent } from "../../schema/application/application.ts";
import { planReviews } from "../../schema/review/balance.ts";
import { overviewOf } from "../../schema/review/overview.ts";
import { feedbackIn, mayReadFigures, visibleReview, visibleReviewers } from "../../schema/review/reading.ts";
import { isOutstanding, tellReviewer } from "../../schema/review/reminder.ts";
import {
  assignReviewers,
  nextStepOf,
  reassignReview,
  unassignReviewer,
  withReviewers,
} from "../../schema/review/review.ts";
import { figuresOf, type Reviewer } from "../../schema/review/reviewer.ts";
import { checkLines, readLines } from "../../schema/review/run.ts";
import {
  declareConflict,
  meanOf,
  missingMarks,
  removeComments,
  reopenReview,
  saveReview,
  submitReview,
  type MarkPiece,
} from "../../schema/review/scoring.ts";
import { conflictsByRule, suspicionsOf } from "../../schema/review/suspicion.ts";
import { APPLICATION_STATES } from "../../schema/application/application.ts";
import { DEFAULT_POLICY } from "../../schema/cohort/policy.ts";
import type { Person } from "../../schema/person/person.ts";
import {
  application,
  cohort,
  decided,
  faults,
  NOW,
  person,
  review,
  reviewer,
  termOf,
  viewer,
  VIEWERS,
} from "./records.ts";

const SINCE = "2026-01-01T08:00:00.000Z";
const COHORT = cohort();
const applicant = person();
const { staff, committee } = VIEWERS;
const chair = viewer({ id: "per_chair", roles: [termOf("CHAIR", SINCE, null)] });
const facts = { viewer: staff, cohort: COHORT, applicant };

/** A member of the committee with an address. */
function member(id: string, email = `${id}@example.org`, overrides: Partial<Person> = {}): Person {
  const addresses = [{ email, kind: "WORK" as const, verifiedAt: SINCE }];
  return person({
    id,
    name: `Member ${id}`,
    email,
    addresses,
    roles: [termOf("COMMITTEE", SINCE, null)],
    ...overrides,
  });
}

const scoredAt = (means: readonly (number | null)[]): Reviewer[] =>
  means.map((mean, index) =>
    reviewer({ personId: `per_${index}`, state: "SUBMITTED", ...(mean !== null && { mean }) }),
  );

describe("who of the committee reads what", () => {
  const cleared = [{ personId: "per_committee", at: NOW }];
  const square = [
    ["nobody reviews it", {}, "nothing", "stub", "content"],
    ["the member is assigned", { reviewers: [reviewer()] }, "stub", "stub", "content"],
    ["the member has no conflict", { reviewers: [reviewer({ state: "CLEARED" })] }, "content", "stub", "content"],
    ["the member has submitted", { reviewers: [reviewer({ state: "SUBMITTED" })] }, "content", "stub", "content"],
    ["somebody else reviews it", { reviewers: [reviewer({ personId: "per_other" })] }, "nothing", "stub", "content"],
    ["it is reviewed", { reviewedAt: NOW }, "stub", "stub", "content"],
    ["it is reviewed, and the member has no conflict", { reviewedAt: NOW, cleared }, "content", "stub", "content"],
    ["the chair has no conflict", { cleared: [{ personId: "per_chair", at: NOW }] }, "nothing", "content", "content"],
  ] as const;

  test.each(square)("%s", (_when, reviewed, ...expected) => {
    const one = application("UNDER_REVIEW", reviewed);
    const reads = [committee, chair, staff].map((who) =>
      mayReadContent(who, one) ? "content" : mayRead(who, one) ? "stub" : "nothing",
    );
    expect(reads).toEqual(expected);
  });

  test("whoever is recused reads nothing, whatever they have declared or submitted", () => {
    const one = application("UNDER_REVIEW", { reviewers: [reviewer({ state: "SUBMITTED" })], reviewedAt: NOW });
    const recused = { ...committee, person: { ...committee.person, recusedFrom: [one.id] } };
    expect([mayRead(recused, one), mayReadContent(recused, one), mayReadFigures(recused, one)]).toEqual([
      false,
      false,
      false,
    ]);
    expect(visibleReviewers(recused, one)).toEqual([]);
  });

  test("nobody reads figures before their own review is in, chairs and staff who review included; nobody their own", () => {
    for (const who of [committee, chair, staff]) {
      const { id } = who.person;
      const open = application("UNDER_REVIEW", {
        reviewers: [reviewer({ personId: id, state: "CLEARED" }), ...scoredAt([2])],
      });
      const done = application("UNDER_REVIEW", {
        reviewers: [reviewer({ personId: id, state: "SUBMITTED" }), ...scoredAt([2])],
      });
      expect([mayReadFigures(who, open), mayReadFigures(who, done)]).toEqual([false, true]);
      expect([visibleReviewers(who, open).length, visibleReviewers(who, done).length]).toEqual([1, 2]);
    }
    expect(mayReadFigures(VIEWERS.ownerOnCommittee, application("UNDER_REVIEW", { reviewedAt: NOW }))).toBe(false);
    const token = { ...staff, onBehalfOf: ["per_committee"] };
    expect(mayReadFigures(token, application("UNDER_REVIEW", { reviewers: [reviewer()] }))).toBe(false);
  });

  test("what is not submitted is its author's alone, and a comment for staff is for staff", () => {
    const criteria = DEFAULT_POLICY.criteria.CANDIDATE.slice(2, 3);
    const marks = { written: { score: 3, comment: { audience: "STAFF", text: "For staff" } } } as const;
    const comments = [
      { audience: "COMMITTEE", text: "For all" },
      { audience: "STAFF", text: "For staff" },
    ] as const;
    const said = { criteria, marks, comments, recommendation: "ACCEPT" } as const;
    const looked = application("UNDER_REVIEW", {
      reviewers: [reviewer({ state: "CLEARED" })],
      cleared: [{ personId: "per_chair", at: NOW }],
    });
    const open = review({ ...said, state: "CLEARED" });
    expect(visibleReview(committee, looked, open)).toEqual(open);
    for (const who of [staff, chair]) {
      expect(visibleReview(who, looked, open)).toMatchObject({
        criteria: [],
        marks: {},
        recommendation: null,
        comments: [],
      });
    }
    const done = { ...looked, reviewers: [reviewer({ state: "SUBMITTED" })] };
    const submitted = review({ ...said, state: "SUBMITTED" });
    expect(visibleReview(staff, done, submitted)).toEqual(submitted);
    expect(visibleReview(chair, done, submitted)).toMatchObject({
      marks: { written: { score: 3 } },
      comments: [comments[0]],
    });
    expect(visibleReview(chair, { ...done, cleared: [] }, submitted)).toMatchObject({ marks: {}, comments: [] });
    expect(visibleReview(VIEWERS.owner, done, submitted)).toBeNull();
  });
});

describe("figures", () => {
  test.each([
    [[], { count: 0, mean: null, median: null, spread: null, isToDiscuss: false }],
    [[3], { count: 1, mean: 3, median: 3, spread: null, isToDiscuss: false }],
    [[1, 2], { count: 2, mean: 1.5, median: 1.5, spread: 1, isToDiscuss: false }],
    [[1, 2.000001], { count: 2, mean: 1.5, median: 1.5, spread: 1, isToDiscuss: true }],
    [[4, 1, 2], { count: 3, mean: 2.33, median: 2, spread: 3, isToDiscuss: true }],
    [[3, null, 2], { count: 3, mean: 2.5, median: 2.5, spread: 1, isToDiscuss: false }],
    // Sums of binary fractions are not exact: 1.3 - 0.3 is a little more than 1.
    [[0.3, 1.3], { count: 2, mean: 0.8, median: 0.8, spread: 1, isToDiscuss: false }],
  ])("of the means %j", (means, expected) => {
    expect(figuresOf({ reviewers: scoredAt(means) }, { discussAbove: 1 })).toEqual(expected);
  });

  test("a mean goes by weight, and an abstention is not zero", () => {
    const criteria = [
      { id: "a", name: "A", kind: "SCORED", weight: 3 },
      { id: "b", name: "B", kind: "SCORED", weight: 1 },
      { id: "g", name: "G", kind: "GATE", weight: 0 },
    ] as const;
    expect(meanOf({ criteria, marks: { a: { score: 4 }, b: { score: 0 } } })).toBe(3);
    expect(meanOf({ criteria, marks: { a: { score: 4 }, b: { score: null } } })).toBe(4);
    expect(meanOf({ criteria, marks: { a: { score: null }, b: { score: null } } })).toBeNull();
  });

  test("an application is reviewed from the review on that makes it enough, and no more when one is taken back", () => {
    const two = withReviewers(application("UNDER_REVIEW"), scoredAt([1, 2]), facts);
    const three = withReviewers(two, scoredAt([1, 2, 3]), facts);
    expect([two.reviewedAt, three.reviewedAt]).toEqual([undefined, NOW]);
    const later = { cohort: COHORT, viewer: { now: "2026-09-02T16:00:00.000Z" } };
    expect(withReviewers(three, scoredAt([1, 2, 3, 4]), later).reviewedAt).toBe(NOW);
    expect(withReviewers(three, scoredAt([1, 2]), later).reviewedAt).toBeUndefined();
  });

  test("the overview names what asks for attention", () => {
    const late = reviewer({ personId: "per_late", dueAt: "2026-08-30T00:00:00.000Z" });
    const all = [
      application("COMPLETE", { id: "app_1", number: "APP-2027-0003" }),
      application("UNDER_REVIEW", { id: "app_2", number: "APP-2027-0002", reviewers: [late, ...scoredAt([1, 4])] }),
      application("UNDER_REVIEW", { id: "app_3", number: "APP-2027-0001", reviewers: scoredAt([2, 2, 2]) }),
      application("DECLINED", { id: "app_4", number: "APP-2027-0004" }),
    ];
    const overview = overviewOf(all, { policy: DEFAULT_POLICY.review, now: NOW });
    expect(overview.applications).toBe(3);
    const ids = (list: keyof typeof overview.rows) => overview.rows[list].map(({ id }) => id);
    expect([ids("unassigned"), ids("tooFew"), ids("toDiscuss")]).toEqual([["app_1"], ["app_2", "app_1"], ["app_2"]]);
    expect(overview.late).toEqual([{ personId: "per_late", numbers: ["APP-2027-0002"], since: late.dueAt }]);
  });
});

describe("conflicts", () => {
  const policy = DEFAULT_POLICY.review;
  const at = (email: string, kind: "WORK" | "PERSONAL" = "WORK") => [{ email, kind, verifiedAt: SINCE }];
  const one = application("COMPLETE");

  test.each([
    [
      "the same employer's domain",
      at("a@tusd.example"),
      at("b@tusd.example"),
      ["SAME_EMPLOYER"],
      ["SAME_EMPLOYER", "SAME_MAIL_DOMAIN"],
    ],
    ["a public domain", at("a@gmail.com"), at("b@gmail.com"), [], []],
    [
      "a personal address at a shared domain",
      at("a@coe.example"),
      at("b@coe.example", "PERSONAL"),
      [],
      ["SAME_MAIL_DOMAIN"],
    ],
    ["a domain that looks like the organization", at("a@gmail.com"), at("b@tusd.k12.example"), [], ["SAME_EMPLOYER"]],
    ["a domain below another", at("a@tusd.example"), at("b@mail.tusd.example"), [], ["SAME_EMPLOYER"]],
    ["nothing in common", at("a@one.example"), at("b@two.example"), [], []],
  ] as const)("%s", (_what, theirs, members, certain, suspected) => {
    const compared = {
      application: one,
      applicant: person({ addresses: theirs }),
      member: member("per_m", "x@example.org", { addresses: members }),
      policy,
    };
    expect([conflictsByRule(compared), suspicionsOf(compared)]).toEqual([certain, suspected]);
  });

  test("who nominates, and who is to be teamed with the applicant, once these are known", () => {
    const reviewed = member("per_m");
    const compared = { applicant, member: reviewed, policy };
    const letter = (name: string, email: string) => ({
      ...one,
      letters: [{ requestId: "nom_1", state: "REQUESTED", origin: "REQUESTED", nominator: { name, email } } as const],
    });
    const found = [
      { ...compared, application: letter(" member PER_M ", "other@example.org") },
      { ...compared, application: letter("Somebody", "per_m@example.org") },
      { ...compared, application: one, partnerId: "per_m" },
    ].map((each) => [conflictsByRule(each), suspicionsOf(each)]);
    expect(found).toEqual([
      [[], ["NOMINATOR"]],
      [["NOMINATOR"], ["NOMINATOR"]],
      [["PROPOSED_PARTNER"], ["PROPOSED_PARTNER"]],
    ]);
  });
});

describe("assigning", () => {
  test.each(APPLICATION_STATES)("an application that is %s", (state) => {
    const ruling = assignReviewers(application(state), [{ person: member("per_m") }], facts);
    const isOpen = state === "COMPLETE" || state === "UNDER_REVIEW";
    expect(faults(ruling)).toEqual(isOpen ? [] : ["WRONG_STATE"]);
    if ("outcome" in ruling) {
      expect(ruling.outcome.application.state).toBe("UNDER_REVIEW");
      const started = state === "COMPLETE" ? ["ApplicationReviewStarted"] : [];
      expect(ruling.events.map(({ type }) => type)).toEqual([...started, "ReviewerAssigned"]);
    }
  });

  test("sets when it is due and when its reviewer is reminded, by the cohort's clock", () => {
    const { outcome } = decided(assignReviewers(application("COMPLETE"), [{ person: member("per_committee") }], facts));
    expect(outcome.reviews).toEqual([review({ version: 0, toldAt: null, assignedBy: "per_staff" })]);
    expect(nextStepOf(outcome.reviews[0]!)).toBe("2026-09-01T16:05:00.000Z");
    expect(nextStepOf(review())).toBe("2026-09-15T15:00:00.000Z");
    expect(nextStepOf(review({ state: "SUBMITTED" }))).toBeNull();
  });

  test("names everybody who cannot review, and changes nothing for whoever does already", () => {
    const one = application("UNDER_REVIEW", { reviewers: [reviewer()] });
    const already = assignReviewers(one, [{ person: committee.person }], facts);
    expect(decided(already)).toEqual({ outcome: { application: one, reviews: [] }, events: [] });
    const recused = application("UNDER_REVIEW", { recusals: [{ personId: "per_r", why: "Test", at: NOW }] });
    const people = [member("per_r"), person({ id: "per_x" }), member("per_m"), member("per_owner")];
    expect(
      faults(
        assignReviewers(
          recused,
          people.map((each) => ({ person: each })),
          facts,
        ),
      ),
    ).toEqual(["RECUSED personIds.0", "NOT_A_MEMBER personIds.1", "CONFLICT_BY_RULE personIds.3"]);
    expect(
      faults(assignReviewers(recused, [{ person: member("per_m") }], { ...facts, viewer: VIEWERS.ownerOnStaff })),
    ).toEqual(["OWN_APPLICATION"]);
    const eleven = Array.from({ length: 11 }, (_, index) => ({ person: member(`per_${index}`) }));
    expect(faults(assignReviewers(application("COMPLETE"), eleven, facts))).toEqual(["TOO_MANY personIds"]);
  });

  test("takes off who has not submitted, with what they wrote, and puts another in their place", () => {
    const one = application("UNDER_REVIEW", { reviewers: [reviewer({ state: "CLEARED" })] });
    const drafted = review({
      state: "CLEARED",
      recommendation: "ACCEPT",
      comments: [{ audience: "STAFF", text: "Words" }],
    });
    const off = decided(unassignReviewer(one, drafted, { ...facts, why: "Ill" })).outcome;
    expect(off.application.reviewers).toEqual([]);
    expect(off.reviews[0]).toMatchObject({ state: "ENDED", recommendation: null, comments: [], reminders: [] });
    const to = { person: member("per_m") };
    const on = decided(reassignReview(one, { from: drafted, to }, { ...facts, why: "Ill" })).outcome;
    expect(on.application.reviewers?.map(({ personId }) => personId)).toEqual(["per_m"]);
    const done = application("UNDER_REVIEW", { reviewers: [reviewer({ state: "SUBMITTED" })] });
    expect(faults(unassignReviewer(done, review({ state: "SUBMITTED" }), { ...facts, why: "" }))).toEqual([
      "REQUIRED why",
      "REVIEW_SUBMITTED personId",
    ]);
    expect(faults(unassignReviewer(one, undefined, { ...facts, why: "Ill" }))).toEqual(["NOT_ASSIGNED personId"]);
    const stranger = { person: person({ id: "per_x" }) };
    expect(faults(reassignReview(one, { from: drafted, to: stranger }, { ...facts, why: "Ill" }))).toEqual([
      "NOT_A_MEMBER toPersonId",
    ]);
  });

  test("balances: the loads differ by one at most, and the same roster gives the same plan", () => {
    const applications = Array.from({ length: 30 }, (_, index) =>
      application("COMPLETE", { id: `app_${index}`, number: `APP-2027-${String(index).padStart(4, "0")}` }),
    );
    const members = ["per_a", "per_b", "per_c", "per_d"].map((id) => member(id));
    const roster = {
      partners: new Map(),
      viewer: staff,
      cohort: COHORT,
      applications,
      applicants: new Map([["per_owner", applicant]]),
      members,
      perApplication: 3,
    };
    const plan = planReviews(roster);
    expect(planReviews({ ...roster, applications: applications.toReversed() })).toEqual(plan);
    expect([plan.rows.length, plan.left, plan.unfilled]).toEqual([90, 0, 0]);
    const loads = members.map(({ id }) => plan.rows.filter(({ personId }) => personId === id).length);
    expect(loads.toSorted((a, b) => a - b)).toEqual([22, 22, 23, 23]);
    const few = planReviews({ ...roster, members: members.slice(0, 2) });
    expect([few.rows.length, few.unfilled]).toEqual([60, 30]);
    expect(planReviews({ ...roster, perApplication: 4 })).toMatchObject({ left: 20, unfilled: 0 });
  });

  test("reads a file with and without headings, and names the lines that are none", () => {
    const at = (line: number, ...cells: string[]) => ({ line, cells });
    const two = [at(1, "Application", "Reviewer"), at(2, "APP-2027-0042", "a@example.org")];
    expect(readLines(two)).toEqual({
      lines: [{ line: 2, number: "APP-2027-0042", email: "a@example.org" }],
      refusals: [],
    });
    expect(readLines(two.slice(1)).lines).toHaveLength(1);
    expect(faults(readLines([...two, at(3, "APP-2027-0042"), at(4, "", "b@example.org")]).refusals)).toEqual([
      "BAD_CSV csv.3",
      "BAD_CSV csv.4",
    ]);
    expect(faults(readLines([]).refusals)).toEqual(["BAD_CSV csv.1"]);
    expect(
      faults(
        readLines(Array.from({ length: 101 }, (_, index) => at(index + 1, "APP-2027-0042", "a@example.org"))).refusals,
      ),
    ).toEqual(["TOO_MANY csv"]);
    const line = { line: 1, application: application("COMPLETE"), applicant, member: member("per_m"), partnerId: null };
    const checked = checkLines(
      [
        line,
        { ...line, line: 2 },
        { ...line, line: 3, member: null },
        { ...line, line: 4, application: null },
        { ...line, line: 5, member: member("per_partner"), partnerId: "per_partner" },
      ],
      facts,
    );
    expect(checked.rows).toEqual([{ applicationId: "app_1-c-owner", personId: "per_m" }]);
    expect(faults(checked.refusals)).toEqual([
      "ROW_TWICE csv.2",
      "NOT_A_MEMBER csv.3",
      "UNKNOWN_APPLICATION csv.4",
      "CONFLICT_BY_RULE csv.5",
    ]);
  });
});

describe("declaring, saving and submitting", () => {
  const byMember = { viewer: committee, cohort: COHORT };
  const asked = application("COMPLETE", { reviewers: [reviewer()] });
  const declaring = { application: asked, person: committee.person, review: review() };
  const opened = decided(declareConflict(declaring, { ...byMember, hasConflict: false })).outcome;
  const [begun] = opened.reviews;

  test("without a conflict the criteria are frozen as they are, and the review begins", () => {
    expect(opened.application).toMatchObject({ state: "UNDER_REVIEW", reviewers: [{ state: "CLEARED" }] });
    expect(begun?.criteria).toEqual(DEFAULT_POLICY.criteria.CANDIDATE);
    const again = { ...declaring, application: opened.application, review: begun };
    expect(faults(declareConflict(again, { ...byMember, hasConflict: false }))).toEqual(["ALREADY_DECLARED"]);
  });

  test("with one the member is recused, taken off, and whoever assigned them is named", () => {
    const apart = decided(declareConflict(declaring, { ...byMember, hasConflict: true, why: "Married" }));
    expect(apart.outcome.application.reviewers).toEqual([]);
    expect(apart.outcome.person.recusedFrom).toEqual([asked.id]);
    expect(apart.events.map(({ type }) => type)).toEqual(["MemberRecused", "ReviewConflictFound"]);
    expect(apart.events[1]?.facts).toMatchObject({ assignedBy: "per_staff" });
    expect(faults(declareConflict(declaring, { ...byMember, hasConflict: true }))).toEqual(["REQUIRED why"]);
  });

  test("the chair declares without being a reviewer", () => {
    const byChair = { application: application("COMPLETE"), person: chair.person };
    const { outcome } = decided(declareConflict(byChair, { viewer: chair, cohort: COHORT, hasConflict: false }));
    expect(outcome.application).toMatchObject({ state: "COMPLETE", cleared: [{ personId: "per_chair", at: NOW }] });
    const { reviews } = decided(assignReviewers(outcome.application, [{ person: chair.person }], facts)).outcome;
    expect(reviews[0]).toMatchObject({ state: "CLEARED", criteria: DEFAULT_POLICY.criteria.CANDIDATE });
  });

  const known = { application: opened.application, viewer: committee };
  const marks = DEFAULT_POLICY.criteria.CANDIDATE.flatMap(({ id, kind }): MarkPiece[] =>
    kind === "SCORED" ? [{ criterionId: id, score: 3 }] : kind === "GATE" ? [{ criterionId: id, isMet: true }] : [],
  );

  test("pieces are merged, cleared by null, and an abstention takes a score back", () => {
    const first = decided(
      saveReview(begun, { marks: [{ criterionId: "oral", score: 0 }], recommendation: "ACCEPT" }, known),
    ).outcome;
    expect(first.marks).toEqual({ oral: { score: 0 } });
    const second = decided(
      saveReview(first, { marks: [{ criterionId: "oral", abstains: true }], recommendation: null }, known),
    ).outcome;
    expect([second.marks, second.recommendation]).toEqual([{ oral: { score: null } }, null]);
    const third = decided(saveReview(second, { marks: [{ criterionId: "oral", score: null }] }, known)).outcome;
    expect(third.marks).toEqual({ oral: {} });
    const said = decided(
      saveReview(
        third,
        {
          comments: [
            { audience: "STAFF", text: "One" },
            { audience: "STAFF", text: "Two" },
          ],
        },
        known,
      ),
    ).outcome;
    expect(said.comments).toEqual([{ audience: "STAFF", text: "Two" }]);
    expect(decided(saveReview(said, { comments: [{ audience: "STAFF", text: "" }] }, known)).outcome.comments).toEqual(
      [],
    );
    const wrong = [
      { criterionId: "oral", score: 1.5 },
      { criterionId: "oral", score: -1 },
      { criterionId: "written", score: 1, abstains: true },
    ];
    expect(faults(saveReview(begun, { marks: wrong }, known))).toEqual([
      "OUT_OF_RANGE marks.oral",
      "CRITERION_TWICE marks.oral",
      "OUT_OF_RANGE marks.written",
    ]);
  });

  test("is in once every criterion is answered, one scored, and a recommendation given", () => {
    expect(missingMarks(begun!)).toHaveLength(14);
    const all = decided(saveReview(begun, { marks, recommendation: "DISCUSS" }, known)).outcome;
    const submitted = decided(submitReview(all, { ...known, cohort: COHORT })).outcome;
    expect(submitted.application.reviewers).toEqual([reviewer({ state: "SUBMITTED", mean: 3 })]);
    expect(submitted.reviews[0]).toMatchObject({ state: "SUBMITTED", submittedAt: NOW, reminders: [] });
    const abstained = marks.map((mark) =>
      mark.score === undefined ? mark : { criterionId: mark.criterionId, abstains: true },
    );
    const none = decided(saveReview(begun, { marks: abstained, recommendation: "DISCUSS" }, known)).outcome;
    expect(faults(submitReview(none, { ...known, cohort: COHORT }))).toEqual(["NO_SCORE marks"]);
    const done = { application: submitted.application, viewer: chair, cohort: COHORT };
    const again = decided(reopenReview(submitted.reviews[0], { ...done, why: "Slip" })).outcome;
    expect(again.application.reviewers).toEqual([reviewer({ state: "CLEARED" })]);
    expect(faults(reopenReview(again.reviews[0], { ...done, why: "Slip" }))).toEqual(["NOT_SUBMITTED personId"]);
  });

  test.each(APPLICATION_STATES)("is written only while the application is reviewed, not when it is %s", (state) => {
    const one = application(state, { reviewers: [reviewer({ state: "CLEARED" })] });
    const isOpen = state === "COMPLETE" || state === "UNDER_REVIEW";
    const saved = saveReview(begun, { recommendation: "ACCEPT" }, { application: one, viewer: committee });
    expect(faults(saved)).toEqual(isOpen ? [] : ["WRONG_STATE"]);
  });

  test("only by its reviewer, who still sits on the committee, has declared, and has not submitted", () => {
    const save = (of: typeof begun, who = committee, one = opened.application) =>
      faults(saveReview(of, {}, { application: one, viewer: who }));
    expect(save(undefined)).toEqual(["NOT_ASSIGNED"]);
    expect(save(begun, VIEWERS.formerCommittee)).toEqual(["NOT_ASSIGNED"]);
    expect(save(review(), committee, asked)).toEqual(["NOT_DECLARED"]);
    expect(save(review({ state: "SUBMITTED" }))).toEqual(["REVIEW_SUBMITTED"]);
    expect(save(begun, VIEWERS.ownerOnCommittee)).toEqual(["OWN_APPLICATION"]);
  });

  test("what is written for the applicant is that alone, and words can be taken out for good", () => {
    const comments = [
      { audience: "COMMITTEE", text: "Ours" },
      { audience: "APPLICANT_FEEDBACK", text: "Yours" },
    ] as const;
    const done = review({ state: "SUBMITTED", comments });
    expect(feedbackIn([done, review({ state: "CLEARED", comments })])).toEqual(["Yours"]);
    const removed = removeComments(done);
    expect(removed.outcome.comments.map(({ text }) => text)).toEqual(["[removed]", "[removed]"]);
    expect(removeComments(removed.outcome)).toEqual({ outcome: removed.outcome, events: [] });
  });
});

describe("telling reviewers", () => {
  const one = application("UNDER_REVIEW", { reviewers: [reviewer()] });
  const { person: reader } = committee;
  const tell = (reviews: ReturnType<typeof review>[], now: string, of = one) =>
    decided(
      tellReviewer(
        reader,
        reviews.map((each) => ({ review: each, application: of })),
        now,
      ),
    );

  test("one event for everything new, none when there is nothing new", () => {
    const told = tell([review({ toldAt: null }), review({ toldAt: null })], NOW);
    expect(told.events).toEqual([
      { type: "ReviewsAssigned", about: { kind: "Person", id: "per_committee" }, facts: { count: 2 } },
    ]);
    expect(told.outcome.map(({ toldAt }) => toldAt)).toEqual([NOW, NOW]);
    expect(tell([review()], NOW)).toEqual({ outcome: [], events: [] });
  });

  test("each reminder once, several that were missed as one", () => {
    const first = tell([review(), review()], "2026-09-15T15:00:00.000Z");
    expect(first.events.map(({ type }) => type)).toEqual(["ReviewsDue"]);
    expect(first.outcome.map(({ reminders }) => reminders)).toEqual([
      ["2026-09-20T15:00:00.000Z"],
      ["2026-09-20T15:00:00.000Z"],
    ]);
    expect(tell([...first.outcome], "2026-09-15T16:00:00.000Z").events).toEqual([]);
    expect(tell([review()], "2026-09-21T15:00:00.000Z").events).toHaveLength(1);
  });

  test.each([
    ["is decided on", application("DECLINED", { reviewers: [reviewer()] })],
    ["is withdrawn", application("WITHDRAWN", { reviewers: [reviewer()] })],
    ["is somebody else's to review", application("UNDER_REVIEW", { reviewers: [] })],
  ])("nothing once the application %s", (_what, of) => {
    expect(isOutstanding({ review: review(), application: of }, committee)).toBe(false);
    const silent = tell([review({ toldAt: null })], "2026-09-15T15:00:00.000Z", of);
    expect(silent.events).toEqual([]);
    expect(nextStepOf(silent.outcome[0]!)).toBeNull();
  });
});
