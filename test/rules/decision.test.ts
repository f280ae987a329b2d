import { describe, expect, test } from "vitest";
import type { Application, ApplicationState } from "../../schema/application/application.ts";
import { DEFAULT_POLICY } from "../../schema/cohort/policy.ts";
import {
  decideRefusals,
  prepareDecision,
  releaseDecision,
  retractDecision,
  toldOf,
  withdraw,
  type Decision,
  type DecisionState,
  type DecisionTerms,
  type Outcome,
} from "../../schema/decision/decision.ts";
import { weighReversal } from "../../schema/decision/knock-on.ts";
import { cohortFull } from "../../schema/decision/terms.ts";
import {
  application,
  cohort,
  decided,
  decision,
  faults,
  nomination,
  NOW,
  refused,
  summaryOf,
  VIEWERS,
  ENDING,
} from "./records.ts";

const MOTION: DecisionTerms = { outcome: "ACCEPT", rationale: "Strong on all criteria." };

const prepare = (
  motion: Partial<DecisionTerms> = {},
  {
    existing,
    of = application("COMPLETE"),
    by = VIEWERS.committee,
    expectedVersion,
  }: { existing?: Decision; of?: Application; by?: typeof VIEWERS.committee; expectedVersion?: number | null } = {},
) => prepareDecision(existing, of, { ...MOTION, ...motion }, { viewer: by, expectedVersion });

describe("the square of decision states and steps", () => {
  // oxfmt-ignore
  const EXPECTED: Record<DecisionState, Record<string, string>> = {
    PREPARED:  { prepare: "PREPARED", retract: "CANCELLED",   release: "RELEASED",    withdraw: "CANCELLED" },
    RELEASED:  { prepare: "PREPARED", retract: "WRONG_STATE", release: "WRONG_STATE", withdraw: "CANCELLED" },
    CANCELLED: { prepare: "PREPARED", retract: "WRONG_STATE", release: "WRONG_STATE", withdraw: "untouched" },
  };

  for (const [state, row] of Object.entries(EXPECTED) as [DecisionState, Record<string, string>][]) {
    test(state, () => {
      const existing = decision({ state });
      const of = application("COMPLETE");
      const released = releaseDecision(existing, of, ENDING);
      const retracted = retractDecision(existing, { viewer: VIEWERS.committee, application: of });
      const answers = {
        prepare: decided(prepare({}, { existing })).outcome.state,
        retract: "refusals" in retracted ? faults(retracted).join() : retracted.outcome.state,
        release: "refusals" in released ? faults(released).join() : released.outcome.decision.state,
        withdraw: decided(withdraw(of, existing, ENDING)).outcome.decision?.state ?? "untouched",
      };
      expect(answers).toEqual(row);
    });
  }
});

describe("the square of application states and outcomes", () => {
  const OUTCOMES: Outcome[] = ["ACCEPT", "WAITLIST", "DECLINE"];
  const [yes, no] = ["", "WRONG_STATE"];
  // oxfmt-ignore
  const EXPECTED: Record<ApplicationState, string[]> = {
    DRAFT:        [no,  no,  no],
    SUBMITTED:    [no,  no,  no],
    COMPLETE:     [yes, yes, yes],
    UNDER_REVIEW: [yes, yes, yes],
    ACCEPTED:     [no,  no,  no],
    WAITLISTED:   [yes, no,  yes],
    DECLINED:     [no,  no,  no],
    INELIGIBLE:   [no,  no,  no],
    NOT_TAKEN_UP: [no,  no,  no],
    DEFERRED:     [no,  no,  no],
    WITHDRAWN:    [no,  no,  no],
    EXPIRED:      [no,  no,  no],
  };

  for (const [state, row] of Object.entries(EXPECTED) as [ApplicationState, string[]][]) {
    test(`${state}: what can be prepared can be released, and the button says so`, () => {
      const of = application(state);
      const rankOf = (outcome: Outcome) => (outcome === "WAITLIST" ? 1 : null);
      expect(OUTCOMES.map((outcome) => faults(prepare({ outcome, rank: rankOf(outcome) }, { of })).join())).toEqual(
        row,
      );
      expect(OUTCOMES.map((outcome) => faults(releaseDecision(decision({ outcome }), of, ENDING)).join())).toEqual(row);
      const button = decideRefusals(of, VIEWERS.committee);
      expect(faults(button)).toEqual(row.includes(yes) ? [] : [no]);
    });
  }
});

describe("preparing", () => {
  test("an acceptance of a candidate holds a seat and tells nobody", () => {
    expect(prepare({ vote: { inFavor: 5, against: 1, abstained: 0 } })).toEqual({
      outcome: {
        id: "app_1-c-owner",
        version: 0,
        cohortId: "coh_1",
        kind: "CANDIDATE",
        personId: "per_owner",
        state: "PREPARED",
        outcome: "ACCEPT",
        rank: null,
        rationale: "Strong on all criteria.",
        vote: { inFavor: 5, against: 1, abstained: 0 },
        preparedBy: "per_committee",
        preparedAt: NOW,
        releasedAt: null,
        holdsSeat: true,
        told: null,
      },
      events: [
        {
          type: "DecisionPrepared",
          about: { kind: "Decision", id: "app_1-c-owner" },
          facts: { outcome: "ACCEPT" },
          before: undefined,
          after: { state: "PREPARED", outcome: "ACCEPT", rank: null },
          why: "Strong on all criteria.",
        },
      ],
    });
  });

  test("only accepted candidates hold seats", () => {
    const seatOf = (motion: Partial<DecisionTerms>, kind: "CANDIDATE" | "MENTOR") =>
      decided(prepare(motion, { of: application("COMPLETE", { kind }) })).outcome.holdsSeat;
    expect(seatOf({}, "CANDIDATE")).toBe(true);
    expect(seatOf({}, "MENTOR")).toBe(false);
    expect(seatOf({ outcome: "WAITLIST", rank: 1 }, "CANDIDATE")).toBe(false);
    expect(seatOf({ outcome: "DECLINE" }, "CANDIDATE")).toBe(false);
  });

  test("anew it replaces the motion whole, keeps the version to write over, and tells what was before", () => {
    const existing = decision({ outcome: "WAITLIST", rank: 3, holdsSeat: false, vote: null });
    const { outcome, events } = decided(prepare({ outcome: "DECLINE", rationale: " Not this year. " }, { existing }));
    expect(outcome).toEqual({
      ...existing,
      outcome: "DECLINE",
      rank: null,
      rationale: "Not this year.",
      preparedAt: NOW,
    });
    expect(events).toEqual([
      {
        type: "DecisionPrepared",
        about: { kind: "Decision", id: "app_1-c-owner" },
        facts: { outcome: "DECLINE" },
        before: { state: "PREPARED", outcome: "WAITLIST", rank: 3 },
        after: { state: "PREPARED", outcome: "DECLINE", rank: null },
        why: "Not this year.",
      },
    ]);
  });

  test("after a withdrawal and a new submission it begins again over the cancelled one", () => {
    const existing = decision({ state: "CANCELLED", version: 5, holdsSeat: false });
    expect(decided(prepare({}, { existing })).outcome).toMatchObject({
      version: 5,
      state: "PREPARED",
      holdsSeat: true,
      releasedAt: null,
    });
  });

  test("nobody decides on their own application, whatever office they hold", () => {
    const own = {
      code: "OWN_APPLICATION",
      field: null,
      message: "This is your own application: somebody else has to take care of it.",
    };
    for (const by of [VIEWERS.ownerOnCommittee, VIEWERS.ownerOnStaff]) {
      expect(prepare({ rationale: "" }, { by })).toEqual({ refusals: [own] });
      expect(prepare({}, { by, of: application("DRAFT") })).toEqual({ refusals: [own] });
      expect(decideRefusals(application("COMPLETE"), by)).toEqual([own]);
    }
  });

  test("the state comes before the version, the version before the motion", () => {
    const bad: Partial<DecisionTerms> = { rationale: "" };
    expect(faults(prepare(bad, { of: application("DRAFT"), expectedVersion: 9 }))).toEqual(["WRONG_STATE"]);
    expect(faults(prepare(bad, { expectedVersion: 9 }))).toEqual(["CONFLICT expectedVersion"]);
    expect(faults(prepare(bad, { expectedVersion: 0 }))).toEqual(["REQUIRED rationale"]);
  });

  test("the version is that of the decision, 0 before there is one", () => {
    const existing = decision();
    for (const version of [undefined, null, 0]) expect(faults(prepare({}, { expectedVersion: version }))).toEqual([]);
    expect(faults(prepare({}, { expectedVersion: 1 }))).toEqual(["CONFLICT expectedVersion"]);
    for (const version of [undefined, null, 2]) {
      expect(faults(prepare({}, { existing, expectedVersion: version }))).toEqual([]);
    }
    for (const version of [0, 1, 3]) {
      expect(faults(prepare({}, { existing, expectedVersion: version }))).toEqual(["CONFLICT expectedVersion"]);
    }
  });
});

describe("motions", () => {
  test("the rationale has 1 to 4,000 characters, on any number of lines", () => {
    for (const rationale of ["x", "x".repeat(4_000), "One.\n\tTwo. 🎓"]) {
      expect(faults(prepare({ rationale }))).toEqual([]);
    }
    expect(prepare({ rationale: " \n " })).toEqual({
      refusals: [{ code: "REQUIRED", field: ["rationale"], message: "The rationale is missing: please fill it in." }],
    });
    expect(faults(prepare({ rationale: "x".repeat(4_001) }))).toEqual(["TOO_LONG rationale"]);
    for (const rationale of ["a\u0000", "a\ud800"]) {
      expect(faults(prepare({ rationale }))).toEqual(["BAD_CHARACTERS rationale"]);
    }
  });

  test("the waitlist is ranked from 1 to 500, and nothing else is", () => {
    for (const rank of [1, 500]) expect(faults(prepare({ outcome: "WAITLIST", rank }))).toEqual([]);
    for (const rank of [0, 501, -1, 1.5, Number.NaN]) {
      expect(prepare({ outcome: "WAITLIST", rank }), `${rank}`).toEqual({
        refusals: [
          { code: "OUT_OF_RANGE", field: ["rank"], message: "The place must be a whole number from 1 to 500." },
        ],
      });
    }
    for (const rank of [undefined, null]) {
      expect(prepare({ outcome: "WAITLIST", rank })).toEqual({
        refusals: [
          {
            code: "RANK_REQUIRED",
            field: ["rank"],
            message: "The waitlist is ranked: please give the place, counted from 1.",
          },
        ],
      });
    }
    for (const outcome of ["ACCEPT", "DECLINE"] as const) {
      for (const rank of [undefined, null]) expect(faults(prepare({ outcome, rank }))).toEqual([]);
      expect(prepare({ outcome, rank: 1 })).toEqual({
        refusals: [
          {
            code: "RANK_NOT_WANTED",
            field: ["rank"],
            message: "Only the waitlist is ranked: please leave the place empty.",
          },
        ],
      });
    }
  });

  test("votes are whole numbers from 0 to 99", () => {
    const voting = (vote: DecisionTerms["vote"]) => faults(prepare({ vote }));
    for (const vote of [undefined, null, { inFavor: 0, against: 99, abstained: 0 }]) expect(voting(vote)).toEqual([]);
    expect(voting({ inFavor: -1, against: 100, abstained: 0.5 })).toEqual([
      "OUT_OF_RANGE vote.inFavor",
      "OUT_OF_RANGE vote.against",
      "OUT_OF_RANGE vote.abstained",
    ]);
    expect(refused(prepare({ vote: { inFavor: 1, against: 0, abstained: 100 } }))).toEqual([
      { code: "OUT_OF_RANGE", field: ["vote", "abstained"], message: "Votes are whole numbers from 0 to 99." },
    ]);
  });

  test("all faults are named at once", () => {
    const vote = { inFavor: -1, against: 0, abstained: 0 };
    expect(faults(prepare({ outcome: "WAITLIST", rank: 0, rationale: "", vote }))).toEqual([
      "REQUIRED rationale",
      "OUT_OF_RANGE rank",
      "OUT_OF_RANGE vote.inFavor",
    ]);
  });
});

describe("releasing", () => {
  for (const [outcome, state, rank] of [
    ["ACCEPT", "ACCEPTED", null],
    ["WAITLIST", "WAITLISTED", 2],
    ["DECLINE", "DECLINED", null],
  ] as const) {
    test(`${outcome} makes the application ${state} and is the reason for one mail`, () => {
      const vote = { inFavor: 5, against: 1, abstained: 0 };
      const prepared = decision({ outcome, rank, vote, holdsSeat: outcome === "ACCEPT" });
      expect(releaseDecision(prepared, application("UNDER_REVIEW"), ENDING)).toEqual({
        outcome: {
          decision: {
            ...prepared,
            state: "RELEASED",
            releasedAt: NOW,
            // In the version it has once it is written.
            told: {
              version: 3,
              outcome,
              rank,
              rationale: "Strong on all criteria.",
              vote,
              preparedBy: "per_committee",
              preparedAt: "2026-10-01T16:00:00.000Z",
              at: NOW,
            },
          },
          application: application(state),
        },
        events: [
          {
            type: "DecisionReleased",
            about: { kind: "Application", id: "app_1-c-owner" },
            facts: { outcome, personId: "per_owner", cohortId: "coh_1", applicationId: "app_1-c-owner" },
            before: { state: "UNDER_REVIEW" },
            after: { state },
          },
        ],
      });
    });
  }

  test("tells whoever wrote a letter that came, at the first release and when the person is chosen after all", () => {
    const letters = (["PROVIDED", "REQUESTED", "BOUNCED", "REFUSED", "CANCELLED", "EXPIRED"] as const).map(
      (state, index) => summaryOf(nomination(state, { id: `nom_${index}` })),
    );
    const onPaper = { ...letters[0]!, requestId: "nom_paper", nominator: { name: "Pat Super", email: "" } };
    const removed = { ...letters[0]!, requestId: "nom_removed", nominator: null };
    const toldIn = (prepared: Decision, state: "UNDER_REVIEW" | "WAITLISTED") => {
      const of = application(state, { letters: [...letters, onPaper, removed] });
      return decided(releaseDecision(prepared, of, ENDING)).events.map(({ facts }) => facts);
    };
    const facts = { personId: "per_owner", cohortId: "coh_1", applicationId: "app_1-c-owner" };
    const first = toldIn(decision({ outcome: "DECLINE" }), "UNDER_REVIEW");
    expect(first).toEqual([{ ...facts, outcome: "DECLINE", nominationIds: ["nom_0"] }]);
    const told = { ...toldOf(decision({ outcome: "WAITLIST", rank: 1 }), NOW) };
    expect(toldIn(decision({ outcome: "DECLINE", told }), "WAITLISTED")).toEqual([{ ...facts, outcome: "DECLINE" }]);
    expect(toldIn(decision({ outcome: "ACCEPT", told }), "WAITLISTED")).toEqual([
      { ...facts, outcome: "ACCEPT", nominationIds: ["nom_0"] },
    ]);
  });

  test("a decision is released once", () => {
    for (const state of ["RELEASED", "CANCELLED"] as const) {
      expect(releaseDecision(decision({ state }), application("COMPLETE"), ENDING)).toEqual({
        refusals: [{ code: "WRONG_STATE", field: null, message: "This decision is not waiting to be released." }],
      });
    }
  });
});

describe("withdrawing", () => {
  for (const state of ["PREPARED", "RELEASED"] as const) {
    test(`cancels a decision that is ${state}, and frees its seat`, () => {
      const held = decision({ state });
      expect(withdraw(application("ACCEPTED"), held, ENDING)).toEqual({
        outcome: {
          application: application("WITHDRAWN"),
          decision: { ...held, state: "CANCELLED", holdsSeat: false },
        },
        events: [
          {
            type: "ApplicationWithdrawn",
            about: { kind: "Application", id: "app_1-c-owner" },
            facts: { personId: "per_owner", cohortId: "coh_1" },
            before: { state: "ACCEPTED" },
            after: { state: "WITHDRAWN" },
          },
          {
            type: "DecisionCancelled",
            about: { kind: "Decision", id: "app_1-c-owner" },
            facts: {},
            before: { state },
            after: { state: "CANCELLED" },
          },
        ],
      });
    });
  }

  test("frees a place on the waitlist", () => {
    const ranked = decision({ state: "RELEASED", outcome: "WAITLIST", rank: 3, holdsSeat: false });
    const { outcome } = decided(withdraw(application("WAITLISTED"), ranked, ENDING));
    expect(outcome.decision).toEqual({ ...ranked, state: "CANCELLED", rank: null });
  });

  test("without a decision, or with one that was cancelled before, writes the application alone", () => {
    for (const existing of [undefined, decision({ state: "CANCELLED", holdsSeat: false })]) {
      const { outcome, events } = decided(withdraw(application("COMPLETE"), existing, ENDING));
      expect(outcome).toEqual({ application: application("WITHDRAWN") });
      expect(events.map(({ type }) => type)).toEqual(["ApplicationWithdrawn"]);
    }
  });

  test("what cannot be withdrawn leaves its decision", () => {
    for (const state of ["DECLINED", "WITHDRAWN", "EXPIRED"] as const) {
      expect(faults(withdraw(application(state), decision({ state: "RELEASED" }), ENDING)), state).toEqual([
        "WRONG_STATE",
      ]);
    }
  });
});

test("a full cohort is told by its name and its seats", () => {
  expect(cohortFull(cohort())).toEqual({
    code: "COHORT_FULL",
    field: ["outcome"],
    message: "No seat of Cohort 2027 is left (20 in all): please choose the waitlist, or free one first.",
  });
});

describe("what a reversal says of the seat that it frees", () => {
  const waiting = (id: string, rank: number, overrides: Partial<Decision> = {}): Decision => {
    const told = decision({ id, state: "RELEASED", outcome: "WAITLIST", rank, holdsSeat: false });
    return { ...told, told: toldOf(told, NOW), ...overrides };
  };
  const seat = (decisions: readonly Decision[], offer: Partial<typeof DEFAULT_POLICY.offer> = {}, now = NOW) => {
    const policy = { ...DEFAULT_POLICY, offer: { ...DEFAULT_POLICY.offer, ...offer } };
    const around = {
      cohort: cohort({ policy }),
      seatsTaken: 1,
      waitlist: decisions.map(({ id, told }) => ({ applicationId: id, rank: told!.rank! })),
      decisions: new Map(decisions.map((one) => [one.id, one])),
    };
    const before = { application: application("ACCEPTED"), decision: decision({ state: "RELEASED", releasedAt: NOW }) };
    const facts = { id: "rev_1", viewer: { ...VIEWERS.staff, now }, ...around };
    const { knockOns } = decided(weighReversal(before, { outcome: "DECLINE", why: "Mixed up" }, facts)).outcome;
    return knockOns.filter(({ code }) => code.startsWith("PROMOTION")).map((one) => Object.values(one).slice(0, 3));
  };
  const FIRST = "The seat goes to the first on the waitlist, by itself.";

  test("it goes to the first by itself, or when staff say so: by the policy, or after the last day for it", () => {
    const list = [waiting("app_b", 2), waiting("app_a", 1)];
    const byStaff = "The seat goes to the first on the waitlist, when staff say so.";
    expect(seat(list)).toEqual([["PROMOTION_FOLLOWS", FIRST, "app_a"]]);
    expect(seat(list, { promotion: "BY_STAFF" })).toEqual([["PROMOTION_FOLLOWS", byStaff, "app_a"]]);
    expect(seat(list, { promotionDays: 10 })).toEqual([["PROMOTION_FOLLOWS", FIRST, "app_a"]]);
    const late = seat(list, { promotionDays: 10 }, "2026-10-29T07:00:00.000Z");
    expect(late).toEqual([["PROMOTION_FOLLOWS", byStaff, "app_a"]]);
    expect(seat([])).toEqual([]);
  });

  test("whom the committee is deciding on anew is passed over", () => {
    const next = ["PROMOTION_FOLLOWS", "The seat goes to the next on the waitlist, by itself.", "app_b"];
    const [b, prepared] = [waiting("app_b", 2), { state: "PREPARED", rank: null } as const];
    const declined = waiting("app_a", 1, { ...prepared, outcome: "DECLINE" });
    expect(seat([declined, b])).toEqual([next]);
    const accepted = waiting("app_a", 1, { ...prepared, outcome: "ACCEPT", holdsSeat: true });
    const known = ["PROMOTION_PREPARED", "The acceptance of the first on the waitlist is prepared already.", "app_a"];
    expect(seat([accepted, b])).toEqual([known, next]);
    expect(seat([accepted])).toEqual([known]);
  });
});
