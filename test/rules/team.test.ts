import { describe, expect, test } from "vitest";
import { compareProposals } from "../../schema/team/proposal.ts";
import { OFFER_STATES } from "../../schema/offer/offer.ts";
import { blockersOf } from "../../schema/team/confirmation.ts";
import {
  acceptTeam,
  declineTeam,
  endTeam,
  formTeam,
  isSeated,
  leaveTeam,
  lookAfterSilence,
  mayLookAfter,
  mayReadTeam,
  takeBackTeam,
  TEAM_STATES,
  type Team,
  type TeamState,
} from "../../schema/team/team.ts";
import { correctedEvents } from "../../schema/team/told.ts";
import { APPLICATION_STATES } from "../../schema/application/application.ts";
import { application, cohort, decided, faults, NOW, refused, termOf, VIEWERS, viewer } from "./records.ts";

const SINCE = "2026-01-01T08:00:00.000Z";

const CANDIDATE = application("ACCEPTED", { id: "app_1-c-ada", personId: "per_ada" });
const MENTOR = application("ACCEPTED", { id: "app_1-m-bo", personId: "per_bo", kind: "MENTOR" });

function formed(earlier: readonly Team[] = []): Team {
  const forming = { candidate: CANDIDATE, mentor: MENTOR, earlier, cohort: cohort() };
  return decided(formTeam(forming, { by: "per_staff", now: NOW, proposalId: "prp_1" })).outcome;
}

const team = (state: TeamState, overrides: Partial<Team> = {}): Team => {
  const announcedAt = state === "ANNOUNCED" || state === "ENDED" ? NOW : null;
  return { ...formed(), version: 1, state, announcedAt, ...overrides };
};

test("a new team asks its mentor until five o'clock a week later, with a reminder two days before", () => {
  expect(formed()).toEqual({
    id: "app_1-c-ada.1",
    version: 0,
    number: 1,
    cohortId: "coh_1",
    candidateApplicationId: "app_1-c-ada",
    candidatePersonId: "per_ada",
    mentorApplicationId: "app_1-m-bo",
    mentorPersonId: "per_bo",
    state: "PROPOSED",
    proposalId: "prp_1",
    askedBy: "per_staff",
    askedAt: NOW,
    answerBy: "2026-09-09T00:00:00.000Z",
    reminders: ["2026-09-07T00:00:00.000Z"],
    escalatedAt: null,
    announcedAt: null,
    endedAt: null,
    askedMessageId: null,
    announcedEventId: null,
  });
});

test("across the end of daylight-saving time it is still five o'clock", () => {
  const forming = { candidate: CANDIDATE, mentor: MENTOR, earlier: [], cohort: cohort() };
  const late = formTeam(forming, { by: "per_staff", now: "2026-10-29T16:00:00.000Z", proposalId: null });
  expect(decided(late).outcome.answerBy).toBe("2026-11-06T01:00:00.000Z");
});

describe("a candidate has one team at a time", () => {
  for (const [state, expected] of [
    ["PROPOSED", ["HAS_TEAM candidateApplicationId"]],
    ["ANNOUNCED", ["HAS_TEAM candidateApplicationId"]],
    ["DECLINED", []],
    ["TAKEN_BACK", []],
    ["ENDED", []],
  ] as const) {
    test(`after one that is ${state}`, () => {
      const forming = { candidate: CANDIDATE, mentor: MENTOR, earlier: [team(state)], cohort: cohort() };
      const next = formTeam(forming, { by: "per_staff", now: NOW, proposalId: null });
      expect(faults(next)).toEqual(expected);
      if (expected.length === 0) expect(decided(next).outcome.id).toBe("app_1-c-ada.2");
    });
  }

  test("and only people who are accepted, each as what they applied for", () => {
    const form = (candidate = CANDIDATE, mentor = MENTOR) =>
      faults(
        formTeam({ candidate, mentor, earlier: [], cohort: cohort() }, { by: "per_staff", now: NOW, proposalId: null }),
      );
    expect(form(MENTOR)).toEqual(["NOT_A_CANDIDATE candidateApplicationId"]);
    expect(form(CANDIDATE, CANDIDATE)).toEqual(["NOT_A_MENTOR mentorApplicationId"]);
    expect(form(application("WITHDRAWN"))).toEqual(["NOT_ACCEPTED candidateApplicationId"]);
    const elsewhere = application("ACCEPTED", { kind: "MENTOR", cohortId: "coh_2" });
    expect(form(CANDIDATE, elsewhere)).toEqual(["NOT_ACCEPTED mentorApplicationId"]);
  });
});

test("who is seated: an accepted candidate", () => {
  const seated = APPLICATION_STATES.filter((state) => isSeated({ kind: "CANDIDATE", state }));
  expect(seated).toEqual(["ACCEPTED"]);
  expect(isSeated({ kind: "MENTOR", state: "ACCEPTED" })).toBe(false);
});

describe("the whole square of states and steps", () => {
  const facts = { now: NOW, why: "Test" };
  const steps = {
    accept: (one: Team) => acceptTeam(one, facts),
    decline: (one: Team) => declineTeam(one, facts),
    takeBack: (one: Team) => takeBackTeam(one, facts),
    end: (one: Team) => endTeam(one, { ...facts, earlierMessageIds: [] }),
    leave: (one: Team) => leaveTeam(one, { now: NOW, left: "MENTOR", earlierMessageIds: [] }),
  };
  const EXPECTED: Record<TeamState, Record<keyof typeof steps, TeamState | null>> = {
    PROPOSED: { accept: "ANNOUNCED", decline: "DECLINED", takeBack: "TAKEN_BACK", end: null, leave: "ENDED" },
    ANNOUNCED: { accept: null, decline: null, takeBack: "TAKEN_BACK", end: "ENDED", leave: "ENDED" },
    DECLINED: { accept: null, decline: null, takeBack: null, end: null, leave: null },
    TAKEN_BACK: { accept: null, decline: null, takeBack: null, end: null, leave: null },
    ENDED: { accept: null, decline: null, takeBack: null, end: null, leave: null },
  };
  for (const state of TEAM_STATES) {
    for (const [name, take] of Object.entries(steps)) {
      const expected = EXPECTED[state][name as keyof typeof steps];
      test(`${state} ${name}: ${expected ?? "refused"}`, () => {
        const ruling = take(team(state));
        if (expected === null) {
          expect(faults(ruling)).toEqual(["WRONG_STATE"]);
          expect(refused(ruling)[0]!.message).toMatch(/^This is not possible now: the state of the team is “.+”\.$/);
        } else {
          const { outcome, events } = decided(ruling);
          expect(outcome.state).toBe(expected);
          expect(events.map(({ before, after }) => [before?.["state"], after?.["state"]])).toEqual([[state, expected]]);
        }
      });
    }
  }

  test("reasons are asked for and kept out of the record", () => {
    expect(faults(endTeam(team("ANNOUNCED"), { now: NOW, why: " ", earlierMessageIds: [] }))).toEqual(["REQUIRED why"]);
    expect(faults(declineTeam(team("PROPOSED"), { now: NOW, why: "x".repeat(1_001) }))).toEqual(["TOO_LONG why"]);
    const { outcome, events } = decided(declineTeam(team("PROPOSED"), { now: NOW, why: " planted " }));
    expect(events[0]!.why).toBe("planted");
    expect(JSON.stringify(outcome)).not.toContain("planted");
    expect(decided(declineTeam(team("PROPOSED"), { now: NOW, why: "" })).events[0]).not.toHaveProperty("why");
  });
});

describe("silence", () => {
  const after = (now: string, of = team("PROPOSED")) => {
    const { outcome, events } = decided(lookAfterSilence(of, now));
    return [events.map(({ type }) => type), outcome.reminders.length, outcome.escalatedAt];
  };
  for (const [what, now, types, reminders, escalatedAt] of [
    ["before the reminder", "2026-09-06T23:59:59.999Z", [], 1, null],
    ["at the reminder", "2026-09-07T00:00:00.000Z", ["TeamReminded"], 0, null],
    ["the last instant in time", "2026-09-08T23:59:59.999Z", ["TeamReminded"], 0, null],
    [
      "at the end, with the reminder missed",
      "2026-09-09T00:00:00.000Z",
      ["TeamUnanswered"],
      0,
      "2026-09-09T00:00:00.000Z",
    ],
  ] as const) {
    test(what, () => expect(after(now)).toEqual([types, reminders, escalatedAt]));
  }

  test("is looked after once, and not at all once there is an answer", () => {
    const now = "2026-09-10T00:00:00.000Z";
    const escalated = decided(lookAfterSilence(team("PROPOSED"), now)).outcome;
    expect(after("2026-09-20T00:00:00.000Z", escalated)).toEqual([[], 0, now]);
    for (const state of TEAM_STATES.filter((one) => one !== "PROPOSED")) expect(after(now, team(state))[0]).toEqual([]);
  });
});

describe("who may see a team, and who looks after it", () => {
  const staff = [termOf("STAFF", SINCE, null)];
  const committee = [termOf("COMMITTEE", SINCE, null)];
  for (const [who, by, proposed, announced, office] of [
    ["nobody signed in", null, false, false, false],
    ["the candidate", viewer({ id: "per_ada" }), false, true, false],
    ["the candidate by a merged record", viewer({ id: "per_new", formerIds: ["per_ada"] }), false, true, false],
    ["the mentor", viewer({ id: "per_bo" }), true, true, false],
    ["somebody else", VIEWERS.stranger, false, false, false],
    ["staff", VIEWERS.staff, true, true, true],
    ["the committee", VIEWERS.committee, true, true, true],
    ["staff whose term has ended", VIEWERS.formerStaff, false, false, false],
    ["the candidate on staff", viewer({ id: "per_ada", roles: staff }), false, true, false],
    ["the mentor on the committee", viewer({ id: "per_bo", roles: committee }), true, true, false],
    [
      "staff recused from the candidate",
      viewer({ id: "per_x", roles: staff, recusedFrom: ["app_1-c-ada"] }),
      false,
      false,
      false,
    ],
    [
      "a member recused from the mentor",
      viewer({ id: "per_x", roles: committee, recusedFrom: ["app_1-m-bo"] }),
      false,
      false,
      false,
    ],
  ] as const) {
    test(who, () => {
      expect([mayReadTeam(by, team("PROPOSED")), mayReadTeam(by, team("ANNOUNCED"))]).toEqual([proposed, announced]);
      expect(mayLookAfter(by, team("ANNOUNCED"))).toBe(office);
    });
  }
});

test("a correction goes once to each mentor, and to candidates who were told, naming the earlier mails", () => {
  const second = { id: "app_1-c-cy.1", candidateApplicationId: "app_1-c-cy", candidatePersonId: "per_cy" };
  const teams = [
    team("TAKEN_BACK", { announcedAt: NOW, announcedEventId: "evt_7" }),
    team("TAKEN_BACK", { ...second, announcedAt: null }),
  ];
  const events = correctedEvents(teams, () => "msg_asked");
  expect(
    events.map(({ type, about, facts }) => [type, about.id, "earlierMessageIds" in facts && facts.earlierMessageIds]),
  ).toEqual([
    ["MentorCorrected", "app_1-m-bo", ["msg_asked", "msg_7-team-introduced-bo", "msg_asked"]],
    ["CandidateCorrected", "app_1-c-ada", ["msg_7-team-introduced-ada"]],
  ]);
});

test("two proposals differ where a candidate has another mentor, or none", () => {
  const of = (...pairs: [string, string][]) => ({
    pairs: pairs.map(([candidateApplicationId, mentorApplicationId]) => ({
      candidateApplicationId,
      mentorApplicationId,
    })),
  });
  expect(compareProposals(of(["a", "x"], ["b", "y"], ["c", "z"]), of(["c", "z"], ["b", "x"], ["d", "y"]))).toEqual([
    { candidateApplicationId: "a", here: "x", there: null },
    { candidateApplicationId: "b", here: "y", there: "x" },
    { candidateApplicationId: "d", here: null, there: "y" },
  ]);
});

describe("what stands in the way of a confirmation", () => {
  const of = (state: TeamState | null, waivedAt: string | null = null, candidate = CANDIDATE) =>
    faults(
      blockersOf({
        application: candidate,
        confirmation: {
          id: candidate.id,
          version: 1,
          cohortId: "coh_1",
          personId: "per_ada",
          waivedAt,
          confirmedAt: null,
        },
        teams: state === null ? [] : [team(state)],
      }),
    );
  test("an offer that is not taken up, or not any more", () => {
    const facts = { application: CANDIDATE, confirmation: undefined, teams: [team("ANNOUNCED")] };
    const answers = OFFER_STATES.map((state) => faults(blockersOf({ ...facts, offer: { state } })).join());
    expect(answers).toEqual(OFFER_STATES.map((state) => (state === "ACCEPTED" ? "" : "NOT_ACCEPTED applicationId")));
  });

  test("every state of the team, and a waiver", () => {
    expect(TEAM_STATES.map((state) => of(state))).toEqual([
      ["NO_MENTOR"],
      [],
      ["NO_MENTOR"],
      ["NO_MENTOR"],
      ["NO_MENTOR"],
    ]);
    expect(of(null)).toEqual(["NO_MENTOR"]);
    expect(of(null, NOW)).toEqual([]);
    expect(of("ANNOUNCED", NOW, application("WITHDRAWN"))).toEqual(["NOT_ACCEPTED applicationId"]);
    expect(of("ANNOUNCED", NOW, MENTOR)).toEqual(["NOT_A_CANDIDATE applicationId"]);
  });
});
