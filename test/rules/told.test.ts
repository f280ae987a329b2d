import { describe, expect, test } from "vitest";
import {
  decideRefusals,
  prepareDecision,
  ranksOf,
  releaseDecision,
  retractDecision,
  visibleDecision,
  withdraw,
  type Decision,
  type DecisionTerms,
} from "../../schema/decision/decision.ts";
import { ownReviewOpen } from "../../schema/decision/terms.ts";
import type { Reviewer } from "../../schema/review/reviewer.ts";
import {
  application,
  cohort,
  decided,
  decision,
  ENDING,
  faults,
  NOW,
  reviewer,
  termOf,
  viewer,
  VIEWERS,
} from "./records.ts";

/** What an applicant on the waitlist was told. */
const TOLD = {
  version: 3,
  outcome: "WAITLIST",
  rank: 2,
  rationale: "Good, but not yet.",
  vote: { inFavor: 3, against: 2, abstained: 1 },
  preparedBy: "per_chair",
  preparedAt: "2026-08-30T16:00:00.000Z",
  at: "2026-08-31T16:00:00.000Z",
} as const;

const { version, at, ...told } = TOLD;

/** The decision as it stands after that release. */
const onWaitlist = (overrides: Partial<Decision> = {}) =>
  decision({ ...told, version, state: "RELEASED", releasedAt: at, holdsSeat: false, told: TOLD, ...overrides });

/** The same while something else is prepared in private. */
const preparedAnew = (motion: DecisionTerms = { outcome: "ACCEPT", rationale: "A seat is free." }) => {
  const by = viewer(VIEWERS.committee.person, "2026-09-05T16:00:00.000Z");
  return decided(prepareDecision(onWaitlist(), application("WAITLISTED"), motion, { viewer: by })).outcome;
};

describe("who may see a decision", () => {
  const seen = (by: typeof VIEWERS.owner | null, of: Decision) =>
    visibleDecision(by, of, application("WAITLISTED"))?.outcome ?? null;
  const never = decision();
  const cancelled = decided(withdraw(application("WAITLISTED"), preparedAnew(), ENDING)).outcome.decision!;

  for (const [who, by, beforeRelease, onRelease, whilePrepared, afterWithdrawal] of [
    ["nobody signed in", null, null, null, null, null],
    ["the applicant", VIEWERS.owner, null, "WAITLIST", "WAITLIST", null],
    ["the applicant who is staff", VIEWERS.ownerOnStaff, null, "WAITLIST", "WAITLIST", null],
    ["the applicant who sits on the committee", VIEWERS.ownerOnCommittee, null, "WAITLIST", "WAITLIST", null],
    ["somebody else", VIEWERS.stranger, null, null, null, null],
    ["staff", VIEWERS.staff, "ACCEPT", "WAITLIST", "ACCEPT", "ACCEPT"],
    ["the committee", VIEWERS.committee, "ACCEPT", "WAITLIST", "ACCEPT", "ACCEPT"],
    ["staff whose term has ended", VIEWERS.formerStaff, null, null, null, null],
    ["a committee member whose term has ended", VIEWERS.formerCommittee, null, null, null, null],
  ] as const) {
    test(who, () => {
      expect([never, onWaitlist(), preparedAnew(), cancelled].map((of) => seen(by, of))).toEqual([
        beforeRelease,
        onRelease,
        whilePrepared,
        afterWithdrawal,
      ]);
    });
  }

  test("staff of the last millisecond", () => {
    const roles = [termOf("STAFF", "2026-01-01T08:00:00.000Z", NOW)];
    const lastMoment = viewer({ id: "per_staff", roles }, "2026-09-01T15:59:59.999Z");
    expect(visibleDecision(lastMoment, never, application("COMPLETE"))).toBe(never);
  });

  test("of who still reviews it, in whatever office, nobody: until their review is in, or the application is decided", () => {
    const mine = (state: Reviewer["state"]) => ({ reviewers: [reviewer({ personId: "per_member", state })] });
    const member = viewer({ id: "per_member", roles: [termOf("CHAIR", "2026-01-01T08:00:00.000Z", null)] });
    const token = { ...viewer({ id: "tok_1", roles: VIEWERS.staff.person.roles }), onBehalfOf: ["per_member"] };
    const asked = (state: Reviewer["state"], of: "COMPLETE" | "UNDER_REVIEW" | "WAITLISTED" = "UNDER_REVIEW") =>
      [member, token].map((by) => visibleDecision(by, never, application(of, mine(state)))?.outcome ?? null);
    expect([asked("ASSIGNED"), asked("CLEARED"), asked("ASSIGNED", "COMPLETE")]).toEqual([
      [null, null],
      [null, null],
      [null, null],
    ]);
    expect([asked("SUBMITTED"), asked("ASSIGNED", "WAITLISTED")]).toEqual([
      ["ACCEPT", "ACCEPT"],
      ["ACCEPT", "ACCEPT"],
    ]);
    const open = application("UNDER_REVIEW", mine("CLEARED"));
    // Of a decision that is being prepared anew they keep what was told.
    expect(visibleDecision(member, preparedAnew(), open)?.outcome).toBe("WAITLIST");
    expect(decideRefusals(open, member)).toEqual([ownReviewOpen]);
    expect(prepareDecision(never, open, { outcome: "DECLINE", rationale: "No." }, { viewer: member })).toEqual({
      refusals: [ownReviewOpen],
    });
    expect(retractDecision(never, { viewer: member, application: open })).toEqual({ refusals: [ownReviewOpen] });
    const isRecused = viewer({ ...member.person, recusedFrom: ["coh_1~CANDIDATE~per_owner"] });
    expect(decideRefusals({ ...open, recusals: [{ personId: "per_member", why: "Kin", at: NOW }] }, isRecused)).toEqual(
      [expect.objectContaining({ code: "RECUSED" })],
    );
  });

  test("what the applicant can read does not show that another decision is prepared, nor that it was taken back", () => {
    const readable = (of: Decision) => {
      const {
        version: seenVersion,
        state,
        outcome,
        rank,
        releasedAt,
      } = visibleDecision(VIEWERS.owner, of, application("WAITLISTED"))!;
      return { version: seenVersion, state, outcome, rank, releasedAt };
    };
    const before = { version: 3, state: "RELEASED", outcome: "WAITLIST", rank: 2, releasedAt: at };
    expect(readable(onWaitlist())).toEqual(before);
    // Stored, the preparation has made the version one higher, and taking it back another.
    const prepared = { ...preparedAnew(), version: 4 };
    expect(readable(prepared)).toEqual(before);
    const retracted = decided(
      retractDecision(prepared, { viewer: VIEWERS.committee, application: application("WAITLISTED") }),
    ).outcome;
    expect(readable({ ...retracted, version: 5 })).toEqual(before);
  });
});

describe("preparing another decision", () => {
  test("keeps what was told beside it, until the next release tells something new", () => {
    const next = preparedAnew();
    expect(next).toMatchObject({ state: "PREPARED", outcome: "ACCEPT", rank: null, holdsSeat: true, told: TOLD });
    const now = "2026-09-06T16:00:00.000Z";
    const released = decided(
      releaseDecision({ ...next, version: 4 }, application("WAITLISTED"), { cohort: cohort(), now }),
    ).outcome.decision;
    expect(released).toMatchObject({
      state: "RELEASED",
      told: { version: 5, outcome: "ACCEPT", rank: null, rationale: "A seat is free.", vote: null, at: now },
    });
    expect(visibleDecision(VIEWERS.owner, { ...released, version: 5 }, application("ACCEPTED"))).toEqual({
      ...released,
      version: 5,
      releasedAt: now,
    });
  });

  test("the place on the waitlist is kept until then, and free after it", () => {
    expect([...ranksOf(decision())]).toEqual([]);
    expect([...ranksOf(decision({ outcome: "WAITLIST", rank: 4 }))]).toEqual([4]);
    expect([...ranksOf(onWaitlist())]).toEqual([2]);
    expect([...ranksOf(preparedAnew())]).toEqual([2]);
    expect([...ranksOf(onWaitlist({ state: "PREPARED", rank: 5 }))]).toEqual([5, 2]);
    const released = decided(releaseDecision(preparedAnew(), application("WAITLISTED"), ENDING)).outcome.decision;
    expect([...ranksOf(released)]).toEqual([]);
    const { decision: cancelled } = decided(withdraw(application("WAITLISTED"), preparedAnew(), ENDING)).outcome;
    expect([...ranksOf(cancelled!)]).toEqual([]);
    expect([...ranksOf(onWaitlist({ state: "CANCELLED" }))]).toEqual([]);
  });
});

describe("taking back what is prepared", () => {
  const retract = (of: Decision, by = VIEWERS.committee, expectedVersion?: number | null) =>
    retractDecision(of, { viewer: by, application: application("COMPLETE"), expectedVersion });

  test("before anything was told cancels it, and frees its seat or its place", () => {
    expect(retract(decision())).toEqual({
      outcome: decision({ state: "CANCELLED", holdsSeat: false }),
      events: [
        {
          type: "DecisionRetracted",
          about: { kind: "Decision", id: "app_1-c-owner" },
          facts: {},
          before: { state: "PREPARED", outcome: "ACCEPT", rank: null },
          after: { state: "CANCELLED", outcome: "ACCEPT", rank: null },
        },
      ],
    });
    const ranked = decision({ outcome: "WAITLIST", rank: 3, holdsSeat: false });
    expect(decided(retract(ranked)).outcome).toEqual({ ...ranked, state: "CANCELLED", rank: null });
  });

  test("lets what was told stand again, over the version that is stored", () => {
    const prepared = { ...preparedAnew(), version: 4 };
    const { outcome, events } = decided(retract(prepared));
    expect(outcome).toMatchObject({
      ...told,
      version: 4,
      state: "RELEASED",
      releasedAt: at,
      holdsSeat: false,
      told: TOLD,
    });
    expect([...ranksOf(outcome)]).toEqual([2]);
    expect(events).toEqual([
      {
        type: "DecisionRetracted",
        about: { kind: "Decision", id: "app_1-c-owner" },
        facts: {},
        before: { state: "PREPARED", outcome: "ACCEPT", rank: null },
        after: { state: "RELEASED", outcome: "WAITLIST", rank: 2 },
      },
    ]);
  });

  test("is refused for what is not prepared", () => {
    for (const state of ["RELEASED", "CANCELLED"] as const) {
      expect(retract(decision({ state }))).toEqual({
        refusals: [{ code: "WRONG_STATE", field: null, message: "This decision is not waiting to be released." }],
      });
    }
  });

  test("is refused for one's own before anything else, then for another version", () => {
    for (const by of [VIEWERS.ownerOnCommittee, VIEWERS.ownerOnStaff]) {
      expect(faults(retract(decision({ state: "RELEASED" }), by, 9))).toEqual(["OWN_APPLICATION"]);
    }
    for (const expected of [undefined, null, 2])
      expect(faults(retract(decision(), VIEWERS.staff, expected))).toEqual([]);
    for (const expected of [0, 1, 3]) {
      expect(faults(retract(decision({ state: "RELEASED" }), VIEWERS.staff, expected))).toEqual([
        "CONFLICT expectedVersion",
      ]);
    }
  });
});
