import { describe, expect, test } from "vitest";
import { countRow, type Ballot, type Choice, type Voter } from "../../schema/decision/tally.ts";
import { countedAnew } from "../../schema/decision/row.ts";
import { NOW } from "./records.ts";

const APPLICATION = "app_1-c-owner";
const voter = (id: string, hasApplied = false): Voter => ({ ids: [id], hasApplied });
const ballot = (personId: string, choice: Choice, overrides: Partial<Ballot> = {}): Ballot => ({
  motionId: "mot_1",
  version: 1,
  cohortId: "coh_1",
  personId,
  choice,
  comment: "",
  notFor: [],
  castAt: NOW,
  ...overrides,
});

const count = (voters: Voter[], ballots: Ballot[], recused: string[] = []) =>
  countRow(APPLICATION, { voters, ballots, recused, quorumAbove: 0.5 });

const FOUR = ["per_1", "per_2", "per_3", "per_4"].map((id) => voter(id));

describe("counting the votes on one application", () => {
  test.each([
    ["nobody", [], "NO_QUORUM"],
    ["exactly half", ["FOR", "FOR"], "NO_QUORUM"],
    ["more than half, all for it", ["FOR", "FOR", "FOR"], "CARRIED"],
    ["abstentions, which count for the quorum alone", ["FOR", "ABSTAIN", "ABSTAIN"], "CARRIED"],
    ["nothing but abstentions", ["ABSTAIN", "ABSTAIN", "ABSTAIN"], "LOST"],
    ["a tie", ["FOR", "FOR", "AGAINST", "AGAINST"], "LOST"],
    ["more against", ["FOR", "AGAINST", "AGAINST"], "LOST"],
  ] as const)("%s", (_what, choices, result) => {
    const ballots = choices.map((choice, index) => ballot(`per_${index + 1}`, choice));
    expect(count(FOUR, ballots).result).toBe(result);
  });

  test("whoever is recused, has applied, owns it or voted apart counts neither in the vote nor in the quorum", () => {
    const voters = [voter("per_1"), voter("per_2"), voter("per_3", true), voter("per_owner"), voter("per_5")];
    const ballots = [
      ballot("per_1", "FOR"),
      ballot("per_2", "AGAINST"),
      ballot("per_3", "AGAINST"),
      ballot("per_owner", "FOR"),
      ballot("per_5", "AGAINST", { notFor: [APPLICATION] }),
    ];
    expect(count(voters, ballots, ["per_2"])).toEqual({
      result: "CARRIED",
      vote: { inFavor: 1, against: 0, abstained: 0 },
      apart: ["per_2", "per_3", "per_owner", "per_5"],
    });
  });

  test("somebody whose records were merged has one vote, the later one", () => {
    const merged: Voter = { ids: ["per_1", "per_old"], hasApplied: false };
    const ballots = [ballot("per_old", "AGAINST"), ballot("per_1", "FOR", { castAt: "2026-09-02T16:00:00.000Z" })];
    expect(count([merged], ballots).vote).toEqual({ inFavor: 1, against: 0, abstained: 0 });
    expect(count([merged], ballots, ["per_old"]).vote).toEqual({ inFavor: 0, against: 0, abstained: 0 });
  });
});

test("places counted anew have no gaps, and keep what is twice twice", () => {
  const rows = [7, null, 2, 7].map((rank) => ({ rank }));
  expect(countedAnew(rows).map(({ rank }) => rank)).toEqual([2, null, 1, 2]);
});
