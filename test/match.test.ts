import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Application } from "../schema/application/application.ts";
import { DEFAULT_CURRICULUM, DEFAULT_POLICY, type TeamPolicy } from "../schema/cohort/policy.ts";
import { freshMentor } from "../schema/mentor/mentor.ts";
import { bestAssignment } from "../schema/shared/optimal.ts";
import { haveOneEmployer } from "../schema/team/employer.ts";
import { judge, judgeAll, optionsOf, scoresOf, type CandidateSide, type MentorSide } from "../schema/team/match.ts";
import type { Team } from "../schema/team/team.ts";
import { application, person, SUBMISSION } from "./rules/records.ts";

type Scores = (number | null)[][];

/** The most rows that can be assigned, and the highest total of so many: every way is tried. */
function bruteForce(scores: Scores, places: readonly number[]): { rows: number; total: number } {
  const left = [...places];
  let best = { rows: 0, total: 0 };
  const go = (row: number, rows: number, total: number): void => {
    if (row === scores.length) {
      if (rows > best.rows || (rows === best.rows && (rows === 0 || total > best.total))) best = { rows, total };
      return;
    }
    go(row + 1, rows, total);
    scores[row]!.forEach((score, column) => {
      if (score === null || left[column]! <= 0) return;
      left[column]!--;
      go(row + 1, rows + 1, total + score);
      left[column]!++;
    });
  };
  best = { rows: 0, total: Number.NEGATIVE_INFINITY };
  go(0, 0, 0);
  return best;
}

function resultOf(scores: Scores, assigned: readonly (number | null)[]) {
  const given = assigned.flatMap((column, row) => (column === null ? [] : [scores[row]![column]]));
  expect(given).not.toContain(null);
  return { rows: given.length, total: given.reduce<number>((sum, score) => sum + score!, 0) };
}

describe("the best assignment", () => {
  test("is that of trying every way, with forbidden pairs, places and points below zero", () => {
    const score = fc.option(fc.integer({ min: -20, max: 150 }), { nil: null, freq: 3 });
    const cases = fc
      .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
      .chain(([rows, columns]) =>
        fc.tuple(
          fc.array(fc.array(score, { minLength: columns, maxLength: columns }), { minLength: rows, maxLength: rows }),
          fc.array(fc.integer({ min: 0, max: 2 }), { minLength: columns, maxLength: columns }),
        ),
      );
    fc.assert(
      fc.property(cases, ([scores, places]) => {
        const assigned = bestAssignment(scores, places);
        expect(assigned).toHaveLength(scores.length);
        places.forEach((many, column) => {
          expect(assigned.filter((one) => one === column).length).toBeLessThanOrEqual(many);
        });
        expect(resultOf(scores, assigned)).toEqual(bruteForce(scores, places));
      }),
      { seed: 8, numRuns: 600 },
    );
  });

  test("prefers more candidates with a mentor to a higher total", () => {
    // The first would like the only mentor whom the second can have.
    expect(
      bestAssignment(
        [
          [100, 1],
          [50, null],
        ],
        [1, 1],
      ),
    ).toEqual([1, 0]);
  });

  test("of 20 candidates and 30 mentors, whose best is known, is found at once", () => {
    // Each candidate's best mentor is another's: the best total is reached by exactly one assignment.
    const scores = Array.from({ length: 20 }, (_, row) =>
      Array.from({ length: 30 }, (__, column) => (column === (row * 7 + 3) % 30 ? 90 : (row * 31 + column * 17) % 60)),
    );
    const started = performance.now();
    const assigned = bestAssignment(
      scores,
      Array.from({ length: 30 }, () => 1),
    );
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(assigned).toEqual(scores.map((_, row) => (row * 7 + 3) % 30));
    // With two places each, ten mentors are enough.
    const few = scores.map((row) => row.slice(0, 10));
    const twice = bestAssignment(
      few,
      Array.from({ length: 10 }, () => 2),
    );
    expect(twice).not.toContain(null);
    expect(Object.values(Object.groupBy(twice, String)).map((own) => own!.length)).toEqual(Array(10).fill(2));
  });

  test("of nobody, of mentors without places, and of candidates whom nobody can have", () => {
    expect(bestAssignment([], [1])).toEqual([]);
    expect(bestAssignment([[5]], [0])).toEqual([null]);
    expect(
      bestAssignment(
        [
          [null, null],
          [3, null],
        ],
        [1, 1],
      ),
    ).toEqual([null, 0]);
    expect(bestAssignment([[]], [])).toEqual([null]);
  });
});

describe("one employer", () => {
  const at = (name: string, email = "a@example.org", kind: "WORK" | "PERSONAL" = "WORK") => ({
    organization: { name, kind: "DISTRICT" as const },
    person: person({ addresses: [{ email, kind, verifiedAt: "2026-08-15T16:00:00.000Z" }] }),
  });
  for (const [one, other, isOne] of [
    [
      at("Test Unified School District", "a@one.example.org"),
      at("  the TEST unified school district. ", "b@two.example.org"),
      true,
    ],
    [at("Test USD", "a@one.example.org"), at("Test Unified School District", "b@two.example.org"), true],
    [at("Test County Office of Education", "a@one.example.org"), at("Test COE", "b@two.example.org"), true],
    [at("Test Unified", "a@one.example.org"), at("Other Unified", "b@two.example.org"), false],
    [at("Test", "a@same.example.org"), at("Other", "b@same.example.org"), true],
    [at("Test", "a@same.example.org", "PERSONAL"), at("Other", "b@same.example.org"), false],
    [at("Test", "a@gmail.com"), at("Other", "b@gmail.com"), false],
    [at("", "a@one.example.org"), at("", "b@two.example.org"), false],
  ] as const) {
    test(`${one.organization.name}, ${one.person.addresses[0]!.email} and ${other.organization.name}: ${isOne}`, () => {
      expect(haveOneEmployer(one, other)).toBe(isOne);
      expect(haveOneEmployer(other, one)).toBe(isOne);
    });
  }
});

type Extra = Partial<Pick<Application, "recusals">> & {
  partnerApplicationId?: string;
  organization?: object;
  says?: string;
};

function side(
  kind: "CANDIDATE" | "MENTOR",
  name: string,
  { partnerApplicationId, organization, says = "", ...extra }: Extra = {},
): CandidateSide {
  const id = `app_1-${kind === "CANDIDATE" ? "c" : "m"}-${name}`;
  const personId = `per_${name}`;
  const submission = {
    ...SUBMISSION,
    organization: { name: `${name} district`, kind: "OTHER" as const, ...organization },
    answers: [{ questionId: "finance", prompt: "?", text: says }],
  };
  const email = `${name}@${name}.example.org`;
  return {
    application: Object.assign({ ...application("ACCEPTED", { id, kind, personId }) }, extra, { submission }),
    partnerApplicationId,
    person: person({ id: personId, addresses: [{ email, kind: "WORK", verifiedAt: "2026-08-15T16:00:00.000Z" }] }),
  };
}

function mentorSide(
  name: string,
  extra: Extra = {},
  facts: Partial<MentorSide["mentor"]> & { taken?: number } = {},
): MentorSide {
  const { taken = 0, ...noted } = facts;
  const found = side("MENTOR", name, extra);
  return { ...found, mentor: { ...freshMentor(found.application), ...noted }, taken };
}

function judged(candidate: CandidateSide, mentor: MentorSide, policy: Partial<TeamPolicy> = {}, teams: Team[] = []) {
  const terms = { policy: { ...DEFAULT_POLICY.team, ...policy }, curriculum: DEFAULT_CURRICULUM, teams };
  const { score, reasons, excludedBecause } = judge(candidate, mentor, terms);
  return {
    score,
    reasons: reasons.map(({ code, points }) => `${code} ${points}`),
    excluded: excludedBecause.map(({ code }) => code),
  };
}

describe("a pair is judged", () => {
  const nothing = { score: 0, reasons: [], excluded: [] };
  const both = (organization: object) =>
    judged(side("CANDIDATE", "ada", { organization }), mentorSide("bo", { organization }));

  test("by nothing when nothing is known", () => {
    expect(judged(side("CANDIDATE", "ada"), mentorSide("bo"))).toEqual(nothing);
  });

  test("by a joint request that both have confirmed, with this mentor and no other", () => {
    const ada = side("CANDIDATE", "ada", { partnerApplicationId: "app_1-m-bo" });
    const pair = judged(ada, mentorSide("bo"));
    expect(pair).toEqual({ score: 100, reasons: ["JOINT_REQUEST 100"], excluded: [] });
    expect(judged(ada, mentorSide("cy"))).toEqual(nothing);
  });

  test("by region, kind and size, where both say so", () => {
    expect(both({ region: "North" }).reasons).toEqual(["SAME_REGION 15"]);
    const spelt = (region: string | null) => side("CANDIDATE", "ada", { organization: { region } });
    const inNorth = mentorSide("bo", { organization: { region: "North  Coast" } });
    expect(judged(spelt(" north coast"), inNorth).reasons).toEqual(["SAME_REGION 15"]);
    expect([null, "North"].map((region) => judged(spelt(region), inNorth).reasons)).toEqual([[], []]);
    expect(both({ kind: "COUNTY_OFFICE" }).reasons).toEqual(["SAME_KIND 10"]);
    expect(both({ size: "LARGE" }).reasons).toEqual(["SAME_SIZE 5"]);
    expect(both({ kind: "OTHER" }).reasons).toEqual([]);
  });

  test("by areas that the mentor speaks of and the candidate does not, three at most", () => {
    const mentor = mentorSide("bo", { says: "Budgeting, contracts, technology, leadership and accountability." });
    expect(judged(side("CANDIDATE", "ada"), mentor).reasons).toEqual(["EXPERTISE 9"]);
    const same = side("CANDIDATE", "ada", { says: "Budgeting! CONTRACTS, technology, leadership." });
    expect(judged(same, mentor).reasons).toEqual(["EXPERTISE 3"]);
  });

  test("by one employer as the policy says", () => {
    const organization = { name: "Test USD" };
    const pair = [side("CANDIDATE", "ada", { organization }), mentorSide("bo", { organization })] as const;
    expect(judged(...pair, { sameEmployer: "AVOIDED" })).toEqual({
      score: -20,
      reasons: ["SAME_EMPLOYER -20"],
      excluded: [],
    });
    expect(judged(...pair, { sameEmployer: "WELCOME" })).toEqual({
      score: 20,
      reasons: ["SAME_EMPLOYER 20"],
      excluded: [],
    });
    expect(judged(...pair, { sameEmployer: "REFUSED" })).toEqual({
      score: 0,
      reasons: [],
      excluded: ["SAME_EMPLOYER"],
    });
  });

  test("and ruled out for each hard reason, all of them at once", () => {
    const candidate = side("CANDIDATE", "ada");
    const noted = (kind: "REPORTS_TO" | "CONFLICT") => ({
      exclusions: [{ candidateApplicationId: "app_1-c-ada", kind, at: "2026-09-01T16:00:00.000Z" }],
    });
    expect(judged(candidate, mentorSide("bo", {}, { taken: 1 })).excluded).toEqual(["NO_PLACE"]);
    expect(judged(candidate, mentorSide("bo", {}, { capacity: 0 })).excluded).toEqual(["NO_PLACE"]);
    expect(judged(candidate, mentorSide("bo", {}, { taken: 1, capacity: 2 })).excluded).toEqual([]);
    expect(judged(candidate, mentorSide("bo", {}, { notNeededAt: "2026-09-01T16:00:00.000Z" })).excluded).toEqual([
      "NOT_NEEDED",
    ]);
    expect(judged(candidate, mentorSide("bo", {}, noted("REPORTS_TO"))).excluded).toEqual(["REPORTING_LINE"]);
    expect(judged(candidate, mentorSide("bo", {}, noted("CONFLICT"))).excluded).toEqual(["CONFLICT"]);
    const recusals = [{ personId: "per_bo", why: "Test", at: "2026-09-01T16:00:00.000Z" }];
    expect(judged(side("CANDIDATE", "ada", { recusals }), mentorSide("bo")).excluded).toEqual(["CONFLICT"]);
    expect(judged(candidate, mentorSide("ada")).excluded).toEqual(["SAME_PERSON"]);
    expect(judged(candidate, mentorSide("bo", {}, { ...noted("REPORTS_TO"), taken: 1 })).excluded).toEqual([
      "NO_PLACE",
      "REPORTING_LINE",
    ]);
    const declined = {
      state: "DECLINED",
      candidateApplicationId: "app_1-c-ada",
      mentorApplicationId: "app_1-m-bo",
    } as Team;
    expect(judged(candidate, mentorSide("bo"), {}, [declined]).excluded).toEqual(["DECLINED_BEFORE"]);
  });

  test("the best options come first, and those who are ruled out do not", () => {
    const organization = { kind: "DISTRICT" };
    const mentors = [
      mentorSide("bo"),
      mentorSide("cy", { organization }),
      mentorSide("di", { organization }, { taken: 1 }),
    ];
    const terms = { policy: DEFAULT_POLICY.team, curriculum: DEFAULT_CURRICULUM, teams: [] };
    const matching = judgeAll([side("CANDIDATE", "ada", { organization })], mentors, terms);
    expect(optionsOf(matching.pairs[0]!, 5).map(({ mentorApplicationId }) => mentorApplicationId)).toEqual([
      "app_1-m-cy",
      "app_1-m-bo",
    ]);
    expect(optionsOf(matching.pairs[0]!, 1)).toHaveLength(1);
    expect(scoresOf(matching)).toEqual([[0, 10, null]]);
  });
});
