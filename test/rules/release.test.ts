import { describe, expect, test } from "vitest";
import type { ApplicationState } from "../../schema/application/application.ts";
import type { Decision } from "../../schema/decision/decision.ts";
import {
  finishRelease,
  releaserRefusals,
  releaseRows,
  rowsRefusals,
  startRelease,
  type ReleaseRow,
} from "../../schema/decision/release.ts";
import { hashOf } from "../../schema/shared/command.ts";
import { application, decided, decision, faults, NOW, viewer, VIEWERS } from "./records.ts";

const FACTS = {
  id: "rel_1",
  cohortId: "coh_1",
  kind: "CANDIDATE",
  byPersonId: "per_staff",
  now: NOW,
  currentToken: "token",
  confirmToken: "token",
} as const;

/** Prepared decisions app_1 to app_n. */
const prepared = (count: number) =>
  Array.from({ length: count }, (_, index) => decision({ id: `app_${String(index + 1).padStart(3, "0")}` }));
const rows = (count: number) => releaseRows(prepared(count));

describe("the rows", () => {
  test("are the prepared decisions alone, each with the version that was looked at", () => {
    const decisions: Decision[] = [
      decision({ id: "app_2", outcome: "WAITLIST", rank: 1, version: 7 }),
      decision({ id: "app_3", state: "RELEASED" }),
      decision({ id: "app_4", state: "CANCELLED" }),
      decision({ id: "app_1", outcome: "DECLINE", version: 1 }),
    ];
    expect(releaseRows(decisions)).toEqual([
      { applicationId: "app_1", version: 1, outcome: "DECLINE" },
      { applicationId: "app_2", version: 7, outcome: "WAITLIST" },
    ]);
  });

  test("come in the same order however they were read", () => {
    const decisions = prepared(12);
    expect(releaseRows(decisions.toReversed())).toEqual(releaseRows(decisions));
    expect(rows(12).map(({ applicationId }) => applicationId.slice(-2))).toEqual([
      "01",
      "02",
      "03",
      "04",
      "05",
      "06",
      "07",
      "08",
      "09",
      "10",
      "11",
      "12",
    ]);
  });

  test("another outcome, version, row, cohort or kind is another token", () => {
    const tokenOf = (of: readonly ReleaseRow[], cohortId = "coh_1", kind = "CANDIDATE") =>
      hashOf({ cohortId, kind, rows: of });
    const [first, second] = rows(2) as [ReleaseRow, ReleaseRow];
    const tokens = [
      tokenOf([first, second]),
      tokenOf([first]),
      tokenOf([{ ...first, outcome: "DECLINE" }, second]),
      tokenOf([{ ...first, version: 3 }, second]),
      tokenOf([first, second], "coh_2"),
      tokenOf([first, second], "coh_1", "MENTOR"),
    ];
    expect(new Set(tokens).size).toBe(6);
    expect(tokenOf([{ outcome: "ACCEPT", version: 2, applicationId: "app_001" }, second])).toBe(tokens[0]);
  });
});

describe("starting", () => {
  test("keeps exactly the confirmed set, to be taken up again when it breaks off", () => {
    expect(startRelease(rows(2), FACTS)).toEqual({
      outcome: {
        id: "rel_1",
        version: 0,
        cohortId: "coh_1",
        kind: "CANDIDATE",
        state: "RUNNING",
        rows: [
          { applicationId: "app_001", version: 2, outcome: "ACCEPT" },
          { applicationId: "app_002", version: 2, outcome: "ACCEPT" },
        ],
        startedBy: "per_staff",
        startedAt: NOW,
        resumesAt: "2026-09-01T16:02:00.000Z",
        released: [],
      },
      events: [
        {
          type: "ReleaseStarted",
          about: { kind: "Cohort", id: "coh_1" },
          facts: { count: 2, kind: "CANDIDATE" },
        },
      ],
    });
  });

  test("nothing prepared is refused before anything else", () => {
    const nothing = { code: "NOTHING_PREPARED", field: null, message: "No decision is waiting to be released." };
    expect(startRelease([], FACTS)).toEqual({ refusals: [nothing] });
    expect(startRelease([], { ...FACTS, confirmToken: null })).toEqual({ refusals: [nothing] });
    expect(rowsRefusals([])).toEqual([nothing]);
  });

  test("100 are released at once, 101 are not", () => {
    expect(decided(startRelease(rows(100), FACTS)).outcome.rows).toHaveLength(100);
    expect(rowsRefusals(rows(100))).toEqual([]);
    expect(faults(startRelease(rows(101), FACTS))).toEqual(["TOO_MANY"]);
    expect(faults(rowsRefusals(rows(101)))).toEqual(["TOO_MANY"]);
  });

  test("without a token the effect has to be looked at first", () => {
    for (const confirmToken of [undefined, null]) {
      expect(startRelease(rows(1), { ...FACTS, confirmToken })).toEqual({
        refusals: [
          {
            code: "CONFIRM_TOKEN_REQUIRED",
            field: ["confirmToken"],
            message: "Please look at the effect first: call with dryRun, then confirm with the token it answers.",
          },
        ],
      });
    }
  });

  test("the token of another set is stale, an empty one too", () => {
    for (const confirmToken of ["other", "", "TOKEN"]) {
      expect(startRelease(rows(1), { ...FACTS, confirmToken })).toEqual({
        refusals: [
          {
            code: "STALE",
            field: ["confirmToken"],
            message: "The prepared decisions have changed since you looked: please look again and confirm anew.",
          },
        ],
      });
    }
  });
});

test("finishing closes a release once, with those it made known, and brings nothing more", () => {
  const { outcome: running } = decided(startRelease(rows(3), FACTS));
  const { outcome: done, events } = decided(finishRelease(running, new Set(["app_001", "app_003"])));
  expect(done).toEqual({ ...running, state: "DONE", resumesAt: null, released: ["app_001", "app_003"] });
  expect(events).toEqual([]);
  const again = decided(finishRelease(done, new Set(["app_002"])));
  expect(again.outcome).toBe(done);
  expect(again.events).toEqual([]);
});

const OF = { cohortId: "coh_1", kind: "CANDIDATE" } as const;

test("nobody releases a set in which their own decision may be", () => {
  const own = {
    code: "OWN_APPLICATION",
    field: null,
    message: "Your own application is among those to be decided: somebody else has to release the decisions.",
  };
  const EXPECTED: Record<ApplicationState, boolean> = {
    DRAFT: true,
    SUBMITTED: true,
    COMPLETE: false,
    UNDER_REVIEW: false,
    ACCEPTED: true,
    WAITLISTED: false,
    DECLINED: true,
    INELIGIBLE: true,
    NOT_TAKEN_UP: true,
    DEFERRED: true,
    WITHDRAWN: true,
    EXPIRED: true,
  };
  for (const [state, may] of Object.entries(EXPECTED) as [ApplicationState, boolean][]) {
    expect(releaserRefusals(VIEWERS.owner, { ...OF, own: application(state) }), state).toEqual(may ? [] : [own]);
  }
  expect(releaserRefusals(VIEWERS.committee, { ...OF, own: undefined })).toEqual([]);
});

test("nobody releases a set that holds an application they are recused from, wherever that stands", () => {
  const recusedFrom = (id: string) =>
    releaserRefusals(viewer({ id: "per_member", recusedFrom: [id] }), { ...OF, own: undefined });
  expect(recusedFrom("app_1-c-owner")).toEqual([
    {
      code: "RECUSED",
      field: null,
      message: "You are recused from one of these applications: somebody else has to release the decisions.",
    },
  ]);
  for (const elsewhere of ["app_1-m-owner", "app_2-c-owner", "app_11-c-owner"]) {
    expect(recusedFrom(elsewhere), elsewhere).toEqual([]);
  }
});
