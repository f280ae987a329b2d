import { describe, expect, test } from "vitest";
import {
  castBallot,
  closeMotion,
  closeRefusals,
  countMotion,
  MOTION_STATES,
  openMotion,
  withdrawMotion,
  type Motion,
  type MotionRow,
  type MotionState,
} from "../../schema/decision/motion.ts";
import type { Ballot, Choice } from "../../schema/decision/tally.ts";
import { ownReviewsOpen } from "../../schema/decision/terms.ts";
import { application, decided, decision, faults, NOW, slate, slateRow, termOf, viewer } from "./records.ts";

const SINCE = "2026-01-01T08:00:00.000Z";
const chair = viewer({ id: "per_chair", roles: [termOf("CHAIR", SINCE, null)] });
const complete = application("COMPLETE");
const ID = complete.id;
const NOBODYS: ReadonlySet<string> = new Set();
const proposed = slateRow();
const moved: MotionRow = { ...proposed, decisionVersion: 0, counted: null, isPrepared: null, obstacle: null };
const motion = (overrides: Partial<Motion> = {}): Motion => ({
  id: "mot_1",
  version: 2,
  cohortId: "coh_1",
  kind: "CANDIDATE",
  state: "OPEN",
  name: "Cautious",
  slateId: "sla_1",
  slateVersion: 3,
  rationale: "As discussed",
  rows: [moved],
  ballots: [],
  openedBy: "per_chair",
  openedAt: NOW,
  closedBy: null,
  closedAt: null,
  resumesAt: null,
  ...overrides,
});
const ballot = (personId: string, choice: Choice, notFor: string[] = []): Ballot => ({
  motionId: "mot_1",
  version: 1,
  cohortId: "coh_1",
  personId,
  choice,
  comment: "",
  notFor,
  castAt: NOW,
});
const voter = (id: string, hasApplied = false) => ({ ids: [id], hasApplied });
const counting = {
  voters: [voter("per_a"), voter("per_b"), voter("per_c")],
  ballots: [ballot("per_a", "FOR"), ballot("per_b", "FOR"), ballot("per_c", "AGAINST")],
  applications: new Map([[ID, complete]]),
  quorumAbove: 0.5,
};
const by = { viewer: chair, reviewing: NOBODYS, conflicts: [] };
const token = { currentToken: "t", confirmToken: "t" };
const open = (wish: object = {}, more: object = {}, of = slate()) =>
  openMotion(
    of,
    { id: "mot_1", rationale: "As discussed", expectedVersion: 3, ...wish },
    { ...by, applications: new Map([[ID, complete]]), decisions: new Map(), ...more },
  );
const cast = (of: Motion, wish: object = {}, more: object = {}) =>
  castBallot(of, { choice: "FOR", ...wish }, { ...by, hasApplied: false, existing: undefined, ...more });

describe("the square of states and steps of a motion", () => {
  const no = "WRONG_STATE";
  // oxfmt-ignore
  const EXPECTED: Record<MotionState, Record<string, string>> = {
    OPEN:         { vote: "FOR", close: "CARRYING_OUT", withdraw: "WITHDRAWN" },
    CARRYING_OUT: { vote: no,    close: no,             withdraw: no },
    DONE:         { vote: no,    close: no,             withdraw: no },
    WITHDRAWN:    { vote: no,    close: no,             withdraw: no },
  };
  test.each(MOTION_STATES)("%s", (state) => {
    const from = motion({ state });
    const voted = cast(from);
    const rulings = {
      close: closeMotion(from, { ...by, ...counting, ...token }),
      withdraw: withdrawMotion(from, { conflicts: [], why: "Too early" }),
    };
    const answers = Object.entries(rulings).map(([step, ruling]) => [
      step,
      "refusals" in ruling ? faults(ruling).join() : ruling.outcome.state,
    ]);
    const vote = "refusals" in voted ? faults(voted).join() : voted.outcome.choice;
    expect({ vote, ...Object.fromEntries(answers) }).toEqual(EXPECTED[state]);
    expect(faults(closeRefusals(from, []))).toEqual(state === "OPEN" ? [] : [no]);
  });
});

describe("opening a motion", () => {
  test("takes the slate as it is, with the decisions there are", () => {
    const known = { decisions: new Map([[ID, decision({ version: 4 })]]) };
    const { outcome, events } = decided(open({ rationale: " As discussed " }, known));
    expect(outcome).toEqual(motion({ version: 0, rows: [{ ...moved, decisionVersion: 4 }] }));
    expect(events).toEqual([
      {
        type: "MotionOpened",
        about: { kind: "Motion", id: "mot_1" },
        facts: { cohortId: "coh_1", kind: "CANDIDATE", slateId: "sla_1", slateVersion: 3 },
        after: { state: "OPEN", name: "Cautious" },
      },
    ]);
  });

  test("is refused for a conflict, another version, an archived slate, nothing, somebody unknown, and a place given twice", () => {
    expect(faults(open({}, { conflicts: [ownReviewsOpen] }))).toEqual(["OWN_REVIEW_OPEN"]);
    expect(faults(open({ expectedVersion: 2 }))).toEqual(["CONFLICT expectedVersion"]);
    expect(faults(open({}, {}, slate({ state: "ARCHIVED" })))).toEqual(["WRONG_STATE"]);
    expect(faults(open({ applicationIds: [] }))).toEqual(["NOTHING_PROPOSED slateId"]);
    expect(faults(open({ applicationIds: ["app_none"] }))).toEqual(["APPLICATION_UNKNOWN applicationIds"]);
    expect(faults(open({ applicationIds: [ID] }, { reviewing: new Set([ID]) }))).toEqual([
      "APPLICATION_UNKNOWN applicationIds",
    ]);
    const waits = { ...proposed, outcome: "WAITLIST" as const, rank: 1 };
    const twice = slate({ rows: [waits, { ...waits, applicationId: "app_2" }] });
    const both = new Map([ID, "app_2"].map((id) => [id, complete]));
    expect(faults(open({}, { applications: both }, twice))).toEqual(["RANK_TAKEN slateId"]);
  });

  test("needs every application as it was looked at, and a common reason unless each has its own", () => {
    for (const state of ["WITHDRAWN", "DECLINED", "INELIGIBLE"] as const) {
      expect(faults(open({}, { applications: new Map([[ID, application(state)]]) }))).toEqual([
        "NOT_DECIDABLE slateId",
      ]);
    }
    expect(faults(open({ rationale: " " }))).toEqual(["REQUIRED rationale"]);
    expect(faults(open({ rationale: "x".repeat(3_001) }))).toEqual(["TOO_LONG rationale"]);
    expect(faults(open({ rationale: "" }, {}, slate({ rows: [{ ...proposed, rationale: "Own" }] })))).toEqual([]);
  });
});

describe("a vote", () => {
  test("is kept with what was kept from whoever voted, and a later one takes its place", () => {
    expect(decided(cast(motion(), { comment: " Yes " })).outcome).toEqual({
      ...ballot("per_chair", "FOR"),
      version: 0,
      comment: "Yes",
    });
    const recused = viewer({ ...chair.person, recusedFrom: [ID] });
    expect(decided(cast(motion(), {}, { viewer: recused })).outcome.notFor).toEqual([ID]);
    expect(decided(cast(motion(), {}, { reviewing: new Set([ID]) })).outcome.notFor).toEqual([ID]);
    const existing = ballot("per_before_merge", "AGAINST");
    expect(decided(cast(motion(), {}, { existing })).outcome).toMatchObject({
      personId: "per_before_merge",
      version: 1,
    });
  });

  test("is not for whoever has applied; its comment has an end", () => {
    expect(faults(cast(motion(), {}, { hasApplied: true }))).toEqual(["OWN_APPLICATION"]);
    expect(faults(cast(motion(), { comment: "x".repeat(501) }))).toEqual(["TOO_LONG comment"]);
  });
});

describe("the count", () => {
  const result = (more: object) => countMotion(motion(), { ...counting, ...more })[0]!.counted!;

  test("carries with more for than against, of more than the policy says", () => {
    expect(result({})).toEqual({ result: "CARRIED", vote: { inFavor: 2, against: 1, abstained: 0 }, apart: [] });
    const tie = [ballot("per_a", "FOR"), ballot("per_b", "AGAINST")];
    expect(result({ ballots: tie }).result).toBe("LOST");
    expect(result({ ballots: [ballot("per_a", "FOR")] }).result).toBe("NO_QUORUM");
    const abstains = [ballot("per_a", "FOR"), ballot("per_b", "ABSTAIN")];
    expect(result({ ballots: abstains }).result).toBe("CARRIED");
  });

  test("leaves out the recused, whoever has applied, and whoever voted without seeing it", () => {
    const recusal = { personId: "per_a", why: "Kin", at: NOW };
    const recused = new Map([[ID, application("COMPLETE", { recusals: [recusal] })]]);
    expect(result({ applications: recused })).toMatchObject({ result: "LOST", apart: ["per_a"] });
    const voters = [voter("per_a", true), voter("per_b"), voter("per_c")];
    expect(result({ voters })).toMatchObject({ result: "LOST", apart: ["per_a"] });
    const ballots = [ballot("per_a", "FOR", [ID]), ballot("per_b", "FOR"), ballot("per_c", "AGAINST")];
    expect(result({ ballots })).toMatchObject({ result: "LOST", apart: ["per_a"] });
  });

  test("is closed by its token, and taken up again two minutes later if it breaks off", () => {
    const { outcome, events } = decided(closeMotion(motion(), { ...by, ...counting, ...token }));
    expect(outcome).toMatchObject({
      state: "CARRYING_OUT",
      closedBy: "per_chair",
      closedAt: NOW,
      resumesAt: "2026-09-01T16:02:00.000Z",
      ballots: counting.ballots.map(({ personId, choice, comment }) => ({ personId, choice, comment })),
    });
    expect(events.map(({ type, facts }) => [type, facts])).toEqual([
      ["MotionClosed", { carried: 1, lost: 0, withoutQuorum: 0 }],
    ]);
    const refused = (more: object) => faults(closeMotion(motion(), { ...by, ...counting, ...token, ...more }));
    expect(refused({ confirmToken: null })).toEqual(["CONFIRM_TOKEN_REQUIRED confirmToken"]);
    expect(refused({ confirmToken: "older" })).toEqual(["STALE confirmToken"]);
    expect(refused({ conflicts: [ownReviewsOpen] })).toEqual(["OWN_REVIEW_OPEN"]);
  });
});

test("taking a motion back needs a reason, its version, and no conflict", () => {
  const { outcome, events } = decided(
    withdrawMotion(motion(), { conflicts: [], why: " Too early ", expectedVersion: 2 }),
  );
  expect([outcome, events.map(({ type, why }) => [type, why])]).toEqual([
    motion({ state: "WITHDRAWN" }),
    [["MotionWithdrawn", "Too early"]],
  ]);
  expect(faults(withdrawMotion(motion(), { conflicts: [], why: " " }))).toEqual(["REQUIRED why"]);
  expect(faults(withdrawMotion(motion(), { conflicts: [], why: "Yes", expectedVersion: 1 }))).toEqual([
    "CONFLICT expectedVersion",
  ]);
  expect(faults(withdrawMotion(motion(), { conflicts: [ownReviewsOpen], why: "Yes" }))).toEqual(["OWN_REVIEW_OPEN"]);
});
