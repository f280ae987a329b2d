import { afterEach, describe, expect, test } from "vitest";
import type { Caller } from "../infra/local/caller.ts";
import { checkInvariants } from "./support/invariants.ts";
import { someone, STAFF, startProgram } from "./support/program.ts";
import { chairPerson, IN_WINDOW, outbox, step, subjectsTo, type Outcome } from "./support/steps.ts";
import {
  codes,
  PROPOSAL,
  TEAM,
  teamSteps,
  type Person,
  type Proposal,
  type Published,
  type Team,
} from "./support/teams.ts";

const program = await startProgram({ at: IN_WINDOW });
afterEach(async () => expect(await checkInvariants(program)).toEqual([]));

const { year, pair, saved, look, publish, teamsOf, accept, asked } = teamSteps(program);

const ASKED = (cohort = "Cohort 2027") => `You are selected as a mentor: please accept your team, ${cohort}`;
const INTRODUCED = "Your team in the Cohort 2027";
const CORRECTED = "A correction about your team in the Cohort 2027";
const ENDED = "Your team in the Cohort 2027 has ended";
const ACCEPTED = ["We have received your application", "You are accepted: Cohort 2027"];

/** Subjects of mails about teams alone. */
async function mailsTo(person: Caller & object): Promise<string[]> {
  const subjects = await subjectsTo(program, person);
  return subjects.filter((subject) => !ACCEPTED.some((begin) => subject.startsWith(begin)));
}

/** Subjects of mails to staff about a mentor's silence towards this candidate. */
async function toldOf(candidate: Person): Promise<string[]> {
  await program.settle();
  const mails = (await program.ses.mails()).filter(({ to, text }) => {
    return to.includes(STAFF!.email) && (text ?? "").includes(`Candidate: ${candidate.name}\n`);
  });
  return mails.map(({ subject }) => subject ?? "").filter((subject) => subject.startsWith("No answer from"));
}

describe("publishing", () => {
  test("asks each mentor by one mail, tells no candidate, and introduces both once the mentor accepts", async () => {
    const { cohortId, candidates, mentors } = await year(3, 2);
    const [first, second, third] = candidates as [Person, Person, Person];
    const [one, other] = mentors as [Person, Person];
    await step(program, STAFF, "mentorCapacitySet", { applicationId: one.id, capacity: 2 });
    const proposal = await saved(cohortId, [pair(first, one), pair(second, one), pair(third, other)]);
    expect(proposal.violations).toEqual([]);

    const seen = await look(proposal.id);
    expect(seen.rows!.map(({ isMade }) => isMade)).toEqual([false, false, false]);
    const published = await publish(proposal.id);
    expect(published.rows!.map(({ isMade }) => isMade)).toEqual([true, true, true]);
    // The same call again answers the same, and nothing is made or mailed a second time.
    const again = await step<object>(program, STAFF, "teamsPublish", {
      proposalId: proposal.id,
      confirmToken: seen.confirmToken,
      idempotencyKey: `publish-${proposal.id}`,
    });
    expect(codes(again as Outcome<unknown>)).toEqual([]);

    expect(await mailsTo(one)).toEqual([ASKED()]);
    expect(await mailsTo(other)).toEqual([ASKED()]);
    expect(await mailsTo(first)).toEqual([]);
    expect(await teamsOf(first)).toEqual([]);
    const team = (await teamsOf(one)).find(({ candidate }) => candidate?.name === first.name);
    expect(team).toMatchObject({
      state: "PROPOSED",
      stateLabel: "Waits for the mentor's answer",
      candidate: { name: first.name, email: null },
      answerBy: "2026-09-09T00:00:00.000Z",
    });

    const accepted = await accept(one, team!.id);
    expect(accepted.team).toMatchObject({ state: "ANNOUNCED", candidate: { email: first.email } });
    expect(await mailsTo(first)).toEqual([INTRODUCED]);
    expect(await mailsTo(one)).toEqual([ASKED(), INTRODUCED]);
    expect(await mailsTo(second)).toEqual([]);
    expect((await teamsOf(first)).map(({ mentor }) => mentor)).toEqual([{ name: one.name, email: one.email }]);
    expect(codes(await accept(one, team!.id))).toEqual(["WRONG_STATE"]);
  });

  test("is refused without a look, when the proposal has changed since, and when something stands in the way", async () => {
    const { cohortId, candidates, mentors } = await year(2, 2);
    const [first, second] = candidates as [Person, Person];
    const [one, other] = mentors as [Person, Person];
    const proposal = await saved(cohortId, [pair(first, one)]);
    const input = { proposalId: proposal.id, idempotencyKey: "without-a-look" };
    expect(codes(await step(program, STAFF, "teamsPublish", input))).toEqual(["CONFIRM_TOKEN_REQUIRED"]);
    const { confirmToken } = await look(proposal.id);

    const move = (changes: object) =>
      step<{ proposal: Proposal }>(
        program,
        STAFF,
        "teamProposalMove",
        { proposalId: proposal.id, ...changes },
        PROPOSAL,
      );
    const toOne = { candidateApplicationId: second.id, mentorApplicationId: one.id };
    expect(codes(await move({ expectedVersion: 7, ...toOne }))).toEqual(["CONFLICT"]);
    const moved = await move({ expectedVersion: 1, ...toOne });
    expect(moved.proposal.violations).toEqual([{ code: "MENTOR_FULL", candidateApplicationId: second.id }]);
    expect(codes(await step(program, STAFF, "teamsPublish", { ...input, confirmToken }))).toEqual(["VIOLATED"]);
    expect(codes(await look(proposal.id))).toEqual(["VIOLATED"]);
    await move({ expectedVersion: 2, candidateApplicationId: second.id, mentorApplicationId: other.id });
    expect(codes(await step(program, STAFF, "teamsPublish", { ...input, confirmToken }))).toEqual(["STALE"]);
    expect((await publish(proposal.id)).rows!.map(({ isMade }) => isMade)).toEqual([true, true]);
    const archived = { proposalId: proposal.id, expectedVersion: 3 };
    expect(codes(await step(program, STAFF, "teamProposalArchive", archived))).toEqual(["WRONG_STATE"]);
  });

  test("of one of two proposals, which were compared before", async () => {
    const { cohortId, candidates, mentors } = await year(2, 2);
    const [first, second] = candidates as [Person, Person];
    const [one, other] = mentors as [Person, Person];
    const here = await saved(cohortId, [pair(first, one), pair(second, other)], "Here");
    const there = await saved(cohortId, [pair(first, one), pair(second, one)], "There");
    const query = `query($here: ID!, $there: ID!) { node(id: $here) { ... on TeamProposal {
      differences(with: $there) { candidate { id } here { id } there { id } } } } }`;
    const { node } = await program.ask<{ node: object }>(STAFF, query, { here: here.id, there: there.id });
    const difference = { candidate: { id: second.id }, here: { id: other.id }, there: { id: one.id } };
    expect(node).toEqual({ differences: [difference] });
    const foreign = await year(0, 0);
    const input = { cohortId: foreign.cohortId, name: "Foreign", pairs: [pair(first, one)] };
    const refused = await step(program, STAFF, "teamProposalSave", input);
    expect(codes(refused)).toEqual(["NOT_A_CANDIDATE", "NOT_A_MENTOR"]);
    const archive = { proposalId: there.id, expectedVersion: 1 };
    expect(codes(await step(program, STAFF, "teamProposalArchive", archive))).toEqual([]);
    expect(codes(await look(there.id))).toEqual(["WRONG_STATE"]);
    expect((await publish(here.id)).rows!.map(({ isMade }) => isMade)).toEqual([true, true]);
  });

  test("by two at once gives a mentor no candidate too many, and a candidate one mentor", async () => {
    const { cohortId, candidates, mentors } = await year(3, 2);
    const [first, second, third] = candidates as [Person, Person, Person];
    const [one, other] = mentors as [Person, Person];
    const mine = await saved(cohortId, [pair(first, one), pair(third, other)], "Mine");
    const yours = await saved(cohortId, [pair(second, one), pair(third, one)].slice(0, 1), "Yours");
    const [token, theirs] = [(await look(mine.id)).confirmToken, (await look(yours.id)).confirmToken];
    const go = (proposalId: string, confirmToken: string | null) =>
      step<Published>(
        program,
        STAFF,
        "teamsPublish",
        { proposalId, confirmToken, idempotencyKey: `race-${proposalId}` },
        "rows { candidateApplicationId isMade }",
      );
    const outcomes = await Promise.all([go(mine.id, token), go(yours.id, theirs)]);
    const made = outcomes.flatMap(({ rows }) => rows ?? []).filter(({ isMade }) => isMade);
    expect(made).toHaveLength(2);
    expect(await teamsOf(one)).toHaveLength(1);
    expect(await mailsTo(one)).toEqual([ASKED()]);
  });
});

describe("the mentor's answer", () => {
  test("declined: staff are told, the candidate is not, and the mentor is not proposed for that candidate again", async () => {
    const { cohortId, candidate, mentor, team } = await asked();
    const declined = await step<{ team: Team }>(
      program,
      mentor,
      "teamDecline",
      { teamId: team.id, why: "No time" },
      `team { ${TEAM} }`,
    );
    expect(declined.team.state).toBe("DECLINED");
    expect(await mailsTo(candidate)).toEqual([]);
    expect((await subjectsTo(program, STAFF!)).at(-1)).toBe("A mentor has declined a team: Cohort 2027");
    const query = `query($id: ID!) { teamPropose(cohortId: $id) { pairs { score } mentorsNeeded placesSpare
      unmatched { isShort pairs { excludedBecause { code } } } } }`;
    const { teamPropose } = await program.ask<{ teamPropose: object }>(STAFF, query, { id: cohortId });
    expect(teamPropose).toEqual({
      pairs: [],
      mentorsNeeded: 1,
      placesSpare: 1,
      unmatched: [{ isShort: false, pairs: [{ excludedBecause: [{ code: "DECLINED_BEFORE" }] }] }],
    });
  });

  test("silence: one reminder, then one word to staff; a late yes still counts", async () => {
    const { candidate, mentor, team } = await asked();
    const told = async () => toldOf(candidate);
    program.clock.moveTo("2026-09-07T00:00:00.000Z");
    await program.handlers.due({});
    await program.handlers.due({});
    expect(await mailsTo(mentor)).toEqual([ASKED(), "Your answer is missing: your team in the Cohort 2027"]);
    expect(await told()).toEqual([]);
    program.clock.moveTo("2026-09-10T00:00:00.000Z");
    await Promise.all([program.handlers.due({}), program.handlers.due({})]);
    await program.handlers.due({});
    expect(await told()).toEqual(["No answer from a mentor: Cohort 2027"]);
    expect((await accept(mentor, team.id)).team!.state).toBe("ANNOUNCED");
    expect(await mailsTo(candidate)).toEqual([INTRODUCED]);
  });

  test("at the instant the time is over: the answer stands, and staff hear of the silence once at most", async () => {
    const { candidate, mentor, team } = await asked();
    program.clock.moveTo(team.answerBy);
    const [, answer] = await Promise.all([program.handlers.due({}), accept(mentor, team.id)]);
    expect(answer.team!.state).toBe("ANNOUNCED");
    await program.handlers.due({});
    expect([0, 1]).toContain((await toldOf(candidate)).length);
    expect(await mailsTo(candidate)).toEqual([INTRODUCED]);
  });
});

describe("taking back", () => {
  test("corrects whoever was told, once each, and nobody else", async () => {
    const { cohortId, candidates, mentors } = await year(3, 2);
    const [first, second, third] = candidates as [Person, Person, Person];
    const [one, other] = mentors as [Person, Person];
    await step(program, STAFF, "mentorCapacitySet", { applicationId: one.id, capacity: 2 });
    const proposal = await saved(cohortId, [pair(first, one), pair(second, one), pair(third, other)]);
    await publish(proposal.id);
    await program.settle();
    const team = (await teamsOf(one)).find(({ candidate }) => candidate?.name === first.name)!;
    await accept(one, team.id);
    await program.settle();

    const input = { proposalId: proposal.id, why: "Wrong proposal" };
    const undone = await step<{ proposal: Proposal }>(program, STAFF, "teamsUnpublish", input, PROPOSAL);
    expect([undone.proposal.state, codes(undone)]).toEqual(["UNPUBLISHED", []]);
    expect(await mailsTo(one)).toEqual([ASKED(), INTRODUCED, CORRECTED]);
    expect(await mailsTo(other)).toEqual([ASKED(), CORRECTED]);
    expect(await mailsTo(first)).toEqual([INTRODUCED, CORRECTED]);
    expect(await mailsTo(second)).toEqual([]);
    expect(codes(await step(program, STAFF, "teamsUnpublish", input))).toEqual(["WRONG_STATE"]);
    // The places are free again.
    const next = await saved(cohortId, [pair(third, one), pair(first, other)], "Next");
    expect((await publish(next.id)).rows!.map(({ isMade }) => isMade)).toEqual([true, true]);
  });

  test("recalls what waits in the outbox, and corrects nothing that was never read", async () => {
    const { cohortId, candidates, mentors } = await year(1, 1);
    const [candidate, mentor] = [candidates[0]!, mentors[0]!];
    const proposal = await saved(cohortId, [pair(candidate, mentor)]);
    await program.settle();
    program.ses.faults.set("throttle", { times: 1 });
    await publish(proposal.id);
    await program.settle();
    program.ses.faults.clear();
    await step(program, STAFF, "teamsUnpublish", { proposalId: proposal.id, why: "Too early" });
    await program.settle();
    program.clock.advance("PT1H");
    await program.handlers.due({});
    expect(await mailsTo(mentor)).toEqual([]);
    const cancelled = await outbox(program, "CANCELLED", mentor);
    expect(cancelled.map(({ template }) => template).sort()).toEqual(["team-asked", "team-taken-back"]);
  });

  test("at the same moment as the mentor accepts: one of the two comes first, and all mails fit", async () => {
    const { candidate, mentor, proposal, team } = await asked();
    await program.settle();
    const [accepted, undone] = await Promise.all([
      accept(mentor, team.id),
      step<{ proposal: Proposal | null }>(
        program,
        STAFF,
        "teamsUnpublish",
        { proposalId: proposal.id, why: "Race" },
        PROPOSAL,
      ),
    ]);
    expect(codes(undone)).toEqual([]);
    const [now] = await teamsOf(mentor);
    expect(now!.state).toBe("TAKEN_BACK");
    const wasAccepted = codes(accepted).length === 0;
    expect(now!.announcedAt !== null).toBe(wasAccepted);
    const told = await mailsTo(candidate);
    // The introduction was read and corrected, or neither went out.
    expect([[], [INTRODUCED, CORRECTED]]).toContainEqual(told);
    expect((await mailsTo(mentor)).filter((subject) => subject === CORRECTED)).toHaveLength(1);
  });
});

describe("replacing a mentor", () => {
  test("in the middle of the year ends the first team, credits it, and tells all three", async () => {
    const { candidate, mentor, mentors, team } = await asked(2);
    const next = mentors[1]!;
    await accept(mentor, team.id);
    await program.settle();
    const input = { teamId: team.id, mentorApplicationId: next.id, why: "New job", idempotencyKey: "replace-mentor-1" };
    const selection = `team { ${TEAM} } former { ${TEAM} }`;
    type Replaced = { team: Team | null; former: Team | null };
    const same = { ...input, mentorApplicationId: mentor.id, idempotencyKey: "replace-same-1" };
    expect(codes(await step(program, STAFF, "teamReplaceMentor", same))).toEqual(["UNCHANGED"]);
    const replaced = await step<Replaced>(program, STAFF, "teamReplaceMentor", input, selection);
    expect([replaced.team!.state, replaced.former!.state]).toEqual(["PROPOSED", "ENDED"]);
    const again = await step<Replaced>(program, STAFF, "teamReplaceMentor", input, selection);
    expect([again.team!.id, again.former!.id]).toEqual([replaced.team!.id, team.id]);

    expect(await mailsTo(mentor)).toEqual([ASKED(), INTRODUCED, ENDED]);
    expect(await mailsTo(candidate)).toEqual([INTRODUCED, ENDED]);
    expect(await mailsTo(next)).toEqual([ASKED()]);
    await accept(next, replaced.team!.id);
    expect(await mailsTo(candidate)).toEqual([INTRODUCED, ENDED, INTRODUCED]);
    expect((await teamsOf(candidate)).map(({ state }) => state).sort()).toEqual(["ANNOUNCED", "ENDED"]);
    const credited = (await teamsOf(mentor)).map(({ state, announcedAt }) => [state, announcedAt !== null]);
    expect(credited).toEqual([["ENDED", true]]);
  });

  test("by whoever is ruled out on the match board is refused with every reason", async () => {
    const { candidate, mentors, team } = await asked(3);
    const [, excluded, unneeded] = mentors as [Person, Person, Person];
    const replace = (next: Person, why = "No answer") =>
      step(program, STAFF, "teamReplaceMentor", {
        teamId: team.id,
        mentorApplicationId: next.id,
        why,
        idempotencyKey: `ruled-out-${why.length}-${next.id.slice(-30)}`,
      });
    const kept = { ...pair(candidate, excluded), kind: "REPORTS_TO", why: "Her manager" };
    expect(codes(await step(program, STAFF, "teamExclusionAdd", kept))).toEqual([]);
    expect((await replace(excluded, "")).userErrors).toMatchObject([
      { code: "RULED_OUT", message: "Staff noted that one reports to the other.", field: ["mentorApplicationId"] },
      { code: "REQUIRED", field: ["why"] },
    ]);
    expect(codes(await step(program, STAFF, "mentorNotNeeded", { applicationId: unneeded.id }))).toEqual([]);
    expect(codes(await replace(unneeded))).toEqual(["RULED_OUT"]);
    expect((await teamsOf(mentors[0]!)).map(({ state }) => state)).toEqual(["PROPOSED"]);
  });

  test("while the first has not answered takes that team back; at the same time twice it happens once", async () => {
    const { candidate, mentor, mentors, team } = await asked(3);
    await program.settle();
    const replace = (next: Person) =>
      step<{ team: Team | null }>(program, STAFF, "teamReplaceMentor", {
        teamId: team.id,
        mentorApplicationId: next.id,
        why: "No answer",
        idempotencyKey: `replace-${next.id.slice(-40)}`,
      });
    const outcomes = await Promise.all([replace(mentors[1]!), replace(mentors[2]!)]);
    expect(outcomes.flatMap(codes)).toEqual(["WRONG_STATE"]);
    expect(await mailsTo(mentor)).toEqual([ASKED(), CORRECTED]);
    expect(await mailsTo(candidate)).toEqual([]);
  });
});

describe("mentors", () => {
  test("have a number of their own, never below what is taken, and are told once when not needed", async () => {
    const { mentor, mentors, candidate } = await asked(2);
    const spare = mentors[1]!;
    const set = (applicationId: string, capacity: number | null) =>
      step(program, STAFF, "mentorCapacitySet", { applicationId, capacity });
    expect(codes(await set(mentor.id, 0))).toEqual(["MENTOR_FULL"]);
    expect(codes(await set(mentor.id, 6))).toEqual(["OUT_OF_RANGE"]);
    expect(codes(await set(candidate.id, 2))).toEqual(["NOT_A_MENTOR"]);
    expect(codes(await set(mentor.id, 3))).toEqual([]);
    expect(codes(await set(mentor.id, 3))).toEqual(["UNCHANGED"]);
    const tell = (applicationId: string) => step(program, STAFF, "mentorNotNeeded", { applicationId });
    expect(codes(await tell(mentor.id))).toEqual(["HAS_TEAM"]);
    const twice = await Promise.all([tell(spare.id), tell(spare.id)]);
    expect(twice.flatMap(codes)).toEqual(["UNCHANGED"]);
    expect(await mailsTo(spare)).toEqual(["No candidate for you this year: Cohort 2027"]);
  });

  test("keep their teams when the policy's number goes below them, and get no more", async () => {
    const { cohortId, candidates, mentors } = await year(3, 1);
    const [mentor, last] = [mentors[0]!, candidates[2]!];
    let expectedVersion = 2;
    const allow = async (mentorCapacity: number) => {
      const change = { cohortId, expectedVersion: expectedVersion++, team: { mentorCapacity } };
      expect(codes(await step(program, STAFF, "cohortPolicyChange", change))).toEqual([]);
    };
    await allow(2);
    const both = candidates.slice(0, 2).map((candidate) => pair(candidate, mentor));
    expect((await publish((await saved(cohortId, both)).id)).rows!.map(({ isMade }) => isMade)).toEqual([true, true]);
    await allow(1);
    await program.settle();
    expect((await teamsOf(mentor)).map(({ state }) => state)).toEqual(["PROPOSED", "PROPOSED"]);
    const more = await saved(cohortId, [pair(last, mentor)], "One more");
    expect(more.violations.map(({ code }) => code)).toEqual(["NO_PLACE"]);
    expect(codes(await look(more.id))).toEqual(["VIOLATED"]);
    await allow(2);
  });

  test("are kept from a candidate whom staff exclude, until that is lifted", async () => {
    const { cohortId, candidates, mentors } = await year(1, 1);
    const [candidate, mentor] = [candidates[0]!, mentors[0]!];
    const who = { ...pair(candidate, mentor), why: "Her manager" };
    const add = () => step(program, STAFF, "teamExclusionAdd", { ...who, kind: "REPORTS_TO" });
    expect(codes(await add())).toEqual([]);
    expect(codes(await add())).toEqual(["ALREADY_EXCLUDED"]);
    const proposal = await saved(cohortId, [pair(candidate, mentor)]);
    expect(proposal.violations.map(({ code }) => code)).toEqual(["REPORTING_LINE"]);
    expect(codes(await look(proposal.id))).toEqual(["VIOLATED"]);
    expect(codes(await step(program, STAFF, "teamExclusionLift", who))).toEqual([]);
    expect(codes(await step(program, STAFF, "teamExclusionLift", who))).toEqual(["NOT_EXCLUDED"]);
    expect(codes(await look(proposal.id))).toEqual([]);
  });
});

describe("confirming", () => {
  const confirm = (applicationId: string) => step(program, STAFF, "candidateConfirm", { applicationId });

  test("needs a mentor who has accepted", async () => {
    const { candidate, mentor, team } = await asked();
    expect(codes(await confirm(candidate.id))).toEqual(["NO_MENTOR"]);
    expect(codes(await confirm(mentor.id))).toEqual(["NOT_A_CANDIDATE"]);
    await accept(mentor, team.id);
    expect(codes(await confirm(candidate.id))).toEqual([]);
    expect(codes(await confirm(candidate.id))).toEqual(["UNCHANGED"]);
    expect(await mailsTo(candidate)).toEqual([INTRODUCED, "Your place in the Cohort 2027 is confirmed"]);
  });

  test("or a reason to do without one", async () => {
    const { candidates } = await year(1, 0);
    const [candidate] = candidates as [Person];
    const waive = (why: string) => step(program, STAFF, "mentorWaive", { applicationId: candidate.id, why });
    expect(codes(await waive(" "))).toEqual(["REQUIRED"]);
    expect(codes(await waive("Returns with a mentor of last year"))).toEqual([]);
    expect(codes(await confirm(candidate.id))).toEqual([]);
    const query = `query($id: ID!) { node(id: $id) { ... on Application {
      confirmation { isConfirmed blockers { code } } } } }`;
    const { node } = await program.ask<{ node: object }>(candidate, query, { id: candidate.id });
    expect(node).toEqual({ confirmation: { isConfirmed: true, blockers: [] } });
  });
});

describe("who sees what", () => {
  test("a member who is recused from one of the two sees neither the team nor its pairs", async () => {
    const { cohortId, candidate, mentor, proposal, team } = await asked();
    const member = await chairPerson(program, someone("Recused From Team"));
    const clerk = someone("Other Team Clerk");
    const { viewer } = await program.ask<{ viewer: { person: { id: string } } }>(clerk, "{ viewer { person { id } } }");
    await step(program, STAFF, "roleGrant", { personId: viewer.person.id, role: "STAFF", why: "Test" });
    const board = `query($cohort: ID!, $team: ID!, $proposal: ID!) {
      team: node(id: $team) { id }
      proposal: node(id: $proposal) { ... on TeamProposal { pairs { mentor { id } } violations { code } } }
      cohort(id: $cohort) { matchBoard {
        candidates { application { id } team { id } } mentors { application { id } taken } needingAttention { id } } } }`;
    const ask = (by: Caller) =>
      program.ask<object>(by, board, { cohort: cohortId, team: team.id, proposal: proposal.id });
    const all = {
      team: { id: team.id },
      proposal: { pairs: [{ mentor: { id: mentor.id } }], violations: [] },
      cohort: {
        matchBoard: {
          candidates: [{ application: { id: candidate.id }, team: { id: team.id } }],
          mentors: [{ application: { id: mentor.id }, taken: 1 }],
          needingAttention: [],
        },
      },
    };
    expect(await ask(clerk)).toEqual(all);
    for (const by of [member, clerk]) {
      await step(program, by, "recusalDeclare", { applicationId: mentor.id, why: "Same employer" });
    }
    const hidden = {
      team: null,
      proposal: { pairs: [], violations: [] },
      cohort: {
        matchBoard: {
          candidates: [{ application: { id: candidate.id }, team: null }],
          mentors: [],
          needingAttention: [],
        },
      },
    };
    expect(await ask(member)).toMatchObject({ ...hidden, cohort: { matchBoard: { mentors: [] } } });
    expect(await ask(clerk)).toMatchObject({ team: null, proposal: { pairs: [] } });
    const input = { proposalId: proposal.id, why: "Not mine" };
    expect(codes(await step(program, clerk, "teamsUnpublish", input))).toEqual(["RECUSED"]);
  });

  test("strangers, and the candidate before it is announced, find no team", async () => {
    const { candidate, mentor, team } = await asked();
    const find = async (by: Caller) =>
      (await program.ask<{ node: object | null }>(by, "query($id: ID!) { node(id: $id) { id } }", { id: team.id }))
        .node;
    expect([await find(candidate), await find(someone("Team Stranger"))]).toEqual([null, null]);
    const denied = await program.send(
      candidate,
      "mutation($input: TeamInput!) { teamAccept(input: $input) { team { id } } }",
      {
        input: { teamId: team.id },
      },
    );
    expect(denied.errors?.[0]?.extensions?.["code"]).toBe("NOT_FOUND");
    const byStaff = await program.send(
      STAFF,
      "mutation($input: TeamInput!) { teamAccept(input: $input) { team { id } } }",
      {
        input: { teamId: team.id },
      },
    );
    expect(byStaff.errors?.[0]?.extensions?.["code"]).toBe("FORBIDDEN");
    await accept(mentor, team.id);
    expect(await find(candidate)).toEqual({ id: team.id });
  });
});
