import { describe, expect, test } from "vitest";
import { APPLICATION_STATES } from "../../schema/application/application.ts";
import {
  changedRows,
  countedAnew,
  isApart,
  isProposalVisible,
  mayPropose,
  maySeeProposals,
  obstacleOf,
  rowOf,
  rowRefusals,
  visibleRows,
  withoutReason,
} from "../../schema/decision/row.ts";
import {
  archiveSlate,
  copySlate,
  createSlate,
  eraseRowReason,
  saveSlate,
  SLATE_STATES,
  type SlateState,
} from "../../schema/decision/slate.ts";
import { ownReviewsOpen } from "../../schema/decision/terms.ts";
import { differences } from "../../schema/decision/what-if.ts";
import { application, decided, faults, NOW, slate, slateRow, termOf, viewer, VIEWERS } from "./records.ts";

const SINCE = "2026-01-01T08:00:00.000Z";
const chair = viewer({ id: "per_chair", roles: [termOf("CHAIR", SINCE, null)] });
const complete = application("COMPLETE");
const ID = complete.id;
const NOBODYS: ReadonlySet<string> = new Set();
const applications = new Map([[ID, complete]]);
const by = { viewer: chair, reviewing: NOBODYS, conflicts: [] };
const OF = { id: "sla_2", cohortId: "coh_1", kind: "CANDIDATE" as const, applications };

describe("the square of states and steps of a slate", () => {
  // oxfmt-ignore
  const EXPECTED: Record<SlateState, Record<string, string>> = {
    ACTIVE:   { save: "ACTIVE",      archive: "ARCHIVED",    copy: "ACTIVE", erase: "ACTIVE" },
    ARCHIVED: { save: "WRONG_STATE", archive: "WRONG_STATE", copy: "ACTIVE", erase: "ARCHIVED" },
  };
  test.each(SLATE_STATES)("%s", (state) => {
    const from = slate({ state, rows: [slateRow({ rationale: "Why" })] });
    const rulings = {
      save: saveSlate(from, { name: "Bold" }, { ...by, expectedVersion: 3, applications }),
      archive: archiveSlate(from, { ...by, expectedVersion: 3 }),
      copy: copySlate(from, { id: "sla_2", name: "Copy" }, by),
      erase: eraseRowReason(from, ID),
    };
    const answers = Object.entries(rulings).map(([step, ruling]) => [
      step,
      "refusals" in ruling ? faults(ruling).join() : ruling.outcome.state,
    ]);
    expect(Object.fromEntries(answers)).toEqual(EXPECTED[state]);
  });
});

describe("a slate", () => {
  test("begins with its rows as they were looked at, and says in its event what changed", () => {
    const wish = {
      name: " Bold ",
      rows: [{ applicationId: ID, outcome: "WAITLIST" as const, rank: 1, rationale: " Why " }],
    };
    const { outcome, events } = decided(createSlate(wish, { ...by, ...OF }));
    expect(outcome).toEqual({
      ...slate({ id: "sla_2", version: 0, name: "Bold", savedBy: "per_chair", savedAt: NOW }),
      rows: [slateRow({ outcome: "WAITLIST", rank: 1, rationale: "Why" })],
    });
    const changed = [{ applicationId: ID, outcome: "WAITLIST", rank: 1 }];
    expect(events).toEqual([
      {
        type: "SlateCreated",
        about: { kind: "Slate", id: "sla_2" },
        facts: { cohortId: "coh_1", kind: "CANDIDATE", copiedFrom: null, changed },
        after: { state: "ACTIVE", name: "Bold" },
      },
    ]);
  });

  test("is not for whoever has a conflict, nor changed in another version, nor without a name", () => {
    const conflicted = { ...by, conflicts: [ownReviewsOpen] };
    const wish = { name: "Bold", rows: [] };
    expect([
      faults(createSlate(wish, { ...conflicted, ...OF })),
      faults(saveSlate(slate(), wish, { ...conflicted, expectedVersion: 3, applications })),
      faults(copySlate(slate(), { id: "sla_2", name: "Copy" }, conflicted)),
      faults(archiveSlate(slate(), { ...conflicted, expectedVersion: 3 })),
    ]).toEqual(Array.from({ length: 4 }, () => ["OWN_REVIEW_OPEN"]));
    expect([
      faults(saveSlate(slate(), wish, { ...by, expectedVersion: 2, applications })),
      faults(archiveSlate(slate(), { ...by, expectedVersion: 4 })),
    ]).toEqual([["CONFLICT expectedVersion"], ["CONFLICT expectedVersion"]]);
    expect(faults(createSlate({ name: " ", rows: [] }, { ...by, ...OF }))).toEqual(["REQUIRED name"]);
    expect(faults(copySlate(slate(), { id: "sla_2", name: "x".repeat(121) }, by))).toEqual(["TOO_LONG name"]);
  });

  test("saved without rows keeps them, and with rows keeps those that are kept from whoever saves", () => {
    const hidden = slateRow({ applicationId: "app_1-c-hidden" });
    const from = slate({ rows: [slateRow(), hidden] });
    const facts = { ...by, reviewing: new Set([hidden.applicationId]), expectedVersion: 3, applications };
    expect(decided(saveSlate(from, { name: "Bold" }, facts)).outcome.rows).toEqual([slateRow(), hidden]);
    const saved = decided(saveSlate(from, { rows: [{ applicationId: ID, outcome: "DECLINE" }] }, facts));
    expect(saved.outcome.rows).toEqual([slateRow({ outcome: "DECLINE" }), hidden]);
    expect(saved.events[0]?.facts).toEqual({ changed: [{ applicationId: ID, outcome: "DECLINE", rank: null }] });
  });

  test("loses one application's reason for good, once", () => {
    const from = slate({
      rows: [slateRow({ rationale: "Why" }), slateRow({ applicationId: "app_2", rationale: "Other" })],
    });
    const { outcome, events } = eraseRowReason(from, ID);
    expect(outcome.rows.map(({ rationale }) => rationale)).toEqual(["[removed]", "Other"]);
    expect(events.map(({ type }) => type)).toEqual(["SlateReasonErased"]);
    expect(eraseRowReason(outcome, ID)).toEqual({ outcome, events: [] });
    expect(withoutReason([slateRow()], ID)).toEqual([slateRow()]);
  });
});

describe("rows", () => {
  const refusals = (rows: Parameters<typeof rowRefusals>[0], more: object = {}) =>
    faults(rowRefusals(rows, { ...by, ...OF, ...more }));
  const wish = { applicationId: ID, outcome: "ACCEPT" as const };

  test("name each fault with its place", () => {
    expect(refusals([wish])).toEqual([]);
    expect(refusals([wish, wish, { ...wish, applicationId: "app_none" }])).toEqual([
      "APPLICATION_TWICE rows.1.applicationId",
      "APPLICATION_UNKNOWN rows.2.applicationId",
    ]);
    expect(refusals([{ ...wish, outcome: "WAITLIST" }])).toEqual(["RANK_REQUIRED rows.0.rank"]);
    expect(refusals([{ ...wish, rank: 1 }])).toEqual(["RANK_NOT_WANTED rows.0.rank"]);
    expect(refusals([{ ...wish, rationale: "x".repeat(501) }])).toEqual(["TOO_LONG rows.0.rationale"]);
    expect(refusals(Array.from({ length: 101 }, () => wish))).toEqual(["TOO_MANY rows"]);
    const unknown = ["APPLICATION_UNKNOWN rows.0.applicationId"];
    for (const more of [
      { cohortId: "coh_2" },
      { kind: "MENTOR" },
      { reviewing: new Set([ID]) },
      { viewer: VIEWERS.owner },
    ]) {
      expect(refusals([wish], more)).toEqual(unknown);
    }
    expect(refusals([wish], { applications: new Map([[ID, application("DRAFT")]]) })).toEqual(unknown);
  });

  test("are seen by staff and committee, drawn up by staff and the chair", () => {
    const people = [null, VIEWERS.stranger, VIEWERS.committee, chair, VIEWERS.staff, VIEWERS.formerCommittee];
    expect(people.map((who) => maySeeProposals(who, "coh_1"))).toEqual([false, false, true, true, true, false]);
    expect(people.map((who) => mayPropose(who, "coh_1"))).toEqual([false, false, false, true, true, false]);
  });

  test("are kept from the applicant, the recused, and who still reviews; with nothing left there is no slate", () => {
    const recused = viewer({ ...chair.person, recusedFrom: [ID] });
    const lookers = [
      { viewer: chair, reviewing: NOBODYS },
      { viewer: chair, reviewing: new Set([ID]) },
      { viewer: recused, reviewing: NOBODYS },
      { viewer: viewer({ roles: chair.person.roles }), reviewing: NOBODYS },
    ];
    expect(lookers.map((one) => isApart(one, ID))).toEqual([false, true, true, true]);
    expect(lookers.map((one) => visibleRows(one, [slateRow()]).length)).toEqual([1, 0, 0, 0]);
    expect(lookers.map((one) => isProposalVisible(one, slate()))).toEqual([true, false, false, false]);
    expect(lookers.map((one) => isProposalVisible(one, slate({ rows: [] })))).toEqual([true, true, true, true]);
  });

  test("are counted anew without a gap, and differ by outcome, place or reason", () => {
    const ranks = (...list: (number | null)[]) => list.map((rank) => ({ rank }));
    expect(countedAnew(ranks(5, null, 2, 5))).toEqual(ranks(2, null, 1, 2));
    const other = slateRow({ applicationId: "app_2" });
    expect(changedRows([slateRow(), other], [slateRow({ rationale: "Now" })])).toEqual([
      { applicationId: ID, outcome: "ACCEPT", rank: null },
      { applicationId: "app_2", outcome: null, rank: null },
    ]);
    expect(changedRows([slateRow()], [slateRow()])).toEqual([]);
    const waits = slateRow({ outcome: "WAITLIST", rank: 1 });
    expect(differences([slateRow(), other], [waits, other])).toEqual([{ applicationId: ID, a: slateRow(), b: waits }]);
    expect(differences([slateRow()], [])).toEqual([{ applicationId: ID, a: slateRow(), b: null }]);
  });

  test("stand as long as the application is the one that was looked at", () => {
    expect(rowOf({ applicationId: ID, outcome: "DECLINE" }, applications)).toEqual(slateRow({ outcome: "DECLINE" }));
    const decidable = APPLICATION_STATES.filter((state) => obstacleOf(slateRow(), application(state)) === null);
    expect(decidable).toEqual(["COMPLETE", "UNDER_REVIEW", "WAITLISTED"]);
    expect(obstacleOf(slateRow({ submittedAt: SINCE }), complete)).toBe(
      "It was submitted anew since it was looked at.",
    );
    expect(obstacleOf(slateRow(), undefined)).toBe("It was submitted anew since it was looked at.");
  });
});
