import { afterEach, expect, test, vi } from "vitest";
import { startFaultProxy, type FaultProxy } from "./support/fault-proxy.ts";
import { checkInvariants } from "./support/invariants.ts";
import { someone, STAFF, startProgram } from "./support/program.ts";
import {
  draft,
  idOf,
  IN_WINDOW,
  publishedCohort,
  reverseStep,
  step,
  subjectsTo,
  submitted,
  tokensTo,
} from "./support/steps.ts";
import { codes, teamSteps, type Person } from "./support/teams.ts";

let proxy!: FaultProxy;
const program = await startProgram({
  at: IN_WINDOW,
  beforeTable: async (endpoint) => {
    proxy = await startFaultProxy(endpoint, 31);
    return proxy.endpoint;
  },
});
afterEach(async () => expect(await checkInvariants(program)).toEqual([]));

const { year, pair, saved, look, publish, teamsOf, accept, asked } = teamSteps(program);

const ENDED = "Your team in the Cohort 2027 has ended";
const STAFF_TOLD = "A mentor has left a team: Cohort 2027";

const withdraw = (person: Person) => step(program, person, "applicationWithdraw", { applicationId: person.id });

/** How many mails of this subject somebody got. */
async function told(person: { name: string; email: string }, subject = ENDED): Promise<number> {
  return (await subjectsTo(program, person)).filter((each) => each === subject).length;
}

/** Mails to staff about a mentor who has left this candidate. */
async function toldStaffOf(candidate: Person): Promise<number> {
  await program.settle();
  const mails = await program.ses.mails();
  return mails.filter(
    ({ to, subject, text }) =>
      to.includes(STAFF!.email) && subject === STAFF_TOLD && (text ?? "").includes(`Candidate: ${candidate.name}\n`),
  ).length;
}

async function board(cohortId: string) {
  const query = `query($id: ID!) { cohort(id: $id) { matchBoard {
    candidates { application { id } team { state } options { mentor { id } } } mentors { application { id } taken }
    needingAttention { id } } } }`;
  const { cohort } = await program.ask<{ cohort: { matchBoard: object } }>(STAFF, query, { id: cohortId });
  return cohort.matchBoard;
}

async function isConfirmed(applicationId: string): Promise<boolean> {
  const query = "query($id: ID!) { node(id: $id) { ... on Application { confirmation { isConfirmed } } } }";
  const { node } = await program.ask<{ node: { confirmation: { isConfirmed: boolean } } }>(STAFF, query, {
    id: applicationId,
  });
  return node.confirmation.isConfirmed;
}

/** What the history of a team says of its end, as staff read it. */
async function endOf(teamId: string): Promise<unknown> {
  const query = `query($id: ID!) { node(id: $id) { ... on Team { history(first: 50) { nodes { type why } } } } }`;
  type Found = { node: { history: { nodes: { type: string; why: string | null }[] } } };
  const { node } = await program.ask<Found>(STAFF, query, { id: teamId });
  return node.history.nodes.filter(({ type }) => type === "TeamLeft");
}

/** A candidate who is confirmed with a mentor. */
async function confirmed(mentors = 1) {
  const made = await asked(mentors);
  expect(codes(await accept(made.mentor, made.team.id))).toEqual([]);
  expect(codes(await step(program, STAFF, "candidateConfirm", { applicationId: made.candidate.id }))).toEqual([]);
  await program.settle();
  return made;
}

test("a candidate who withdraws leaves no team: the mentor is told once, has the place free, and nobody is confirmed", async () => {
  const { cohortId, candidate, mentor, team } = await confirmed();
  expect(await isConfirmed(candidate.id)).toBe(true);
  const both = await Promise.all([withdraw(candidate), withdraw(candidate)]);
  expect(both.flatMap(codes)).toEqual(["WRONG_STATE"]);
  expect(codes(await withdraw(candidate))).toEqual(["WRONG_STATE"]);

  const [left] = await teamsOf(mentor);
  expect(left).toMatchObject({ state: "ENDED", endedAt: expect.any(String), announcedAt: expect.any(String) });
  expect(await told(mentor)).toBe(1);
  expect(await told(candidate)).toBe(0);
  expect(await toldStaffOf(candidate)).toBe(0);
  expect(await isConfirmed(candidate.id)).toBe(false);
  const why = "The candidate does not take part any more.";
  expect(await endOf(team.id)).toEqual([{ type: "TeamLeft", why }]);
  expect(await board(cohortId)).toEqual({
    candidates: [],
    mentors: [{ application: { id: mentor.id }, taken: 0 }],
    needingAttention: [],
  });
});

test("a mentor who withdraws leaves all candidates: each who knew of it is told once, and is on the board without a mentor", async () => {
  const { cohortId, candidates, mentors } = await year(2, 2);
  const [first, second] = candidates as [Person, Person];
  const [one, other] = mentors as [Person, Person];
  await step(program, STAFF, "mentorCapacitySet", { applicationId: one.id, capacity: 2 });
  const proposal = await saved(cohortId, [pair(first, one), pair(second, one)]);
  expect(codes(await publish(proposal.id))).toEqual([]);
  const team = (await teamsOf(one)).find(({ candidate }) => candidate?.name === first.name)!;
  expect(codes(await accept(one, team.id))).toEqual([]);
  await step(program, STAFF, "candidateConfirm", { applicationId: first.id });
  await step(program, STAFF, "mentorWaive", { applicationId: second.id, why: "Returns" });
  await step(program, STAFF, "candidateConfirm", { applicationId: second.id });
  await program.settle();

  expect(codes(await withdraw(one))).toEqual([]);
  expect((await teamsOf(one)).map(({ state }) => state)).toEqual(["ENDED", "ENDED"]);
  expect([await told(first), await told(second), await told(one)]).toEqual([1, 0, 0]);
  expect([await toldStaffOf(first), await toldStaffOf(second)]).toEqual([1, 1]);
  // Whoever staff confirmed without a mentor stays so.
  expect([await isConfirmed(first.id), await isConfirmed(second.id)]).toEqual([false, true]);
  const free = { team: null, options: [{ mentor: { id: other.id } }] };
  expect(await board(cohortId)).toEqual({
    candidates: [
      { application: { id: first.id }, ...free },
      { application: { id: second.id }, ...free },
    ],
    mentors: [{ application: { id: other.id }, taken: 0 }],
    needingAttention: [],
  });
});

test("a place that is declined, or deferred after it was taken up, ends the team of a mentor who was asked", async () => {
  const declined = await asked(1, { takeUp: false });
  await program.settle();
  expect(
    codes(await step(program, declined.candidate, "offerDecline", { applicationId: declined.candidate.id })),
  ).toEqual([]);
  expect((await teamsOf(declined.mentor)).map(({ state, announcedAt }) => [state, announcedAt])).toEqual([
    ["ENDED", null],
  ]);
  expect([await told(declined.mentor), await told(declined.candidate)]).toEqual([1, 0]);

  const { candidate, mentor } = await confirmed();
  const { id: applicationId } = candidate;
  await step(program, candidate, "offerDeferRequest", { applicationId, reason: "Next year" });
  expect(await told(mentor)).toBe(0);
  expect(codes(await step(program, STAFF, "offerDefer", { applicationId, why: "Agreed" }))).toEqual([]);
  expect((await teamsOf(mentor)).map(({ state }) => state)).toEqual(["ENDED"]);
  expect([await told(mentor), await isConfirmed(applicationId)]).toEqual([1, false]);
});

test("nobody stays confirmed by a team that staff end, replace or take back, but whom they confirmed without a mentor", async () => {
  const ending = async (end: (made: Awaited<ReturnType<typeof confirmed>>) => Promise<unknown>, waived = false) => {
    const made = await confirmed(2);
    const { id: applicationId } = made.candidate;
    if (waived) await step(program, STAFF, "mentorWaive", { applicationId, why: "Experienced" });
    expect(await isConfirmed(applicationId)).toBe(true);
    await end(made);
    return isConfirmed(applicationId);
  };
  const end = ({ team }: { team: { id: string } }) => step(program, STAFF, "teamEnd", { teamId: team.id, why: "Over" });
  expect(await ending(end)).toBe(false);
  expect(await ending(end, true)).toBe(true);
  const replaced = await ending(({ team, mentors }) =>
    step(program, STAFF, "teamReplaceMentor", {
      teamId: team.id,
      mentorApplicationId: mentors[1]!.id,
      why: "New job",
      idempotencyKey: "replace-confirmed",
    }),
  );
  expect(replaced).toBe(false);
  const takenBack = await ending(({ proposal }) =>
    step(program, STAFF, "teamsUnpublish", { proposalId: proposal.id, why: "Mistake" }),
  );
  expect(takenBack).toBe(false);
});

test("a reversal shows first that a team ends, and ends it", async () => {
  const { candidate, mentor } = await confirmed();
  const input = { applicationId: candidate.id, outcome: "DECLINE", idempotencyKey: "reverse-with-team" };
  const looked = await reverseStep(program, { ...input, dryRun: true });
  expect(looked.knockOns!.filter(({ code }) => code === "TEAM_ENDS")).toEqual([
    { code: "TEAM_ENDS", message: "A team ends, and its mentor is told.", applicationId: mentor.id },
  ]);
  expect((await teamsOf(mentor)).map(({ state }) => state)).toEqual(["ANNOUNCED"]);
  expect(codes(await reverseStep(program, { ...input, confirmToken: looked.confirmToken }))).toEqual([]);
  expect((await teamsOf(mentor)).map(({ state }) => state)).toEqual(["ENDED"]);
  expect([await told(mentor), await told(candidate), await isConfirmed(candidate.id)]).toEqual([1, 0, false]);

  const next = await confirmed();
  const back = {
    applicationId: next.mentor.id,
    outcome: "WAITLIST",
    rank: 1,
    idempotencyKey: "reverse-mentor",
  };
  const seen = await reverseStep(program, { ...back, dryRun: true });
  expect(seen.knockOns!.map(({ code }) => code)).toContain("TEAM_ENDS");
  expect(codes(await reverseStep(program, { ...back, confirmToken: seen.confirmToken }))).toEqual([]);
  expect([await told(next.candidate), await isConfirmed(next.candidate.id)]).toEqual([1, false]);
});

test("whoever is recused from the mentor does not learn of the team from the reversal of its candidate", async () => {
  const { candidate, mentor } = await confirmed();
  const clerk = someone("Leaving Clerk");
  await step(program, STAFF, "roleGrant", { personId: await idOf(program, clerk), role: "STAFF", why: "Test" });
  await step(program, clerk, "recusalDeclare", { applicationId: mentor.id, why: "Same employer" });
  const input = { applicationId: candidate.id, outcome: "DECLINE", dryRun: true, idempotencyKey: "recused-look" };
  const { knockOns } = await reverseStep(program, input, clerk);
  expect(knockOns!.map(({ code }) => code)).not.toContain("TEAM_ENDS");
});

test("a mentor who is erased leaves their candidate, who is told once", async () => {
  const { candidate, mentor } = await confirmed();
  const input = { personId: await idOf(program, mentor), why: "Asked for", idempotencyKey: "erase-mentor" };
  const select = "confirmToken";
  const looked = await step<{ confirmToken: string }>(
    program,
    STAFF,
    "personErase",
    { ...input, dryRun: true },
    select,
  );
  const { confirmToken } = looked;
  expect(codes(await step(program, STAFF, "personErase", { ...input, confirmToken }, select))).toEqual([]);
  await program.handlers.due({});
  expect((await teamsOf(candidate)).map(({ state }) => state)).toEqual(["ENDED"]);
  expect([await told(candidate), await isConfirmed(candidate.id)]).toEqual([1, false]);
  const mail = (await program.ses.mails()).find(({ to, subject }) => to.includes(candidate.email) && subject === ENDED);
  expect(mail!.text).not.toContain("Mentor until now");
});

test("leaving at the moment in which the mentor accepts, or the team is made, leaves no team", async () => {
  const { candidate, mentor, team } = await asked();
  await program.settle();
  const [accepted, gone] = await Promise.all([accept(mentor, team.id), withdraw(candidate)]);
  expect(codes(gone)).toEqual([]);
  const [now] = await teamsOf(mentor);
  expect(now!.state).toBe("ENDED");
  expect(now!.announcedAt !== null).toBe(codes(accepted).length === 0);
  expect(await told(mentor)).toBe(1);

  const { cohortId, candidates, mentors } = await year(1, 1);
  const proposal = await saved(cohortId, [pair(candidates[0]!, mentors[0]!)]);
  const { confirmToken } = await look(proposal.id);
  const publishing = { proposalId: proposal.id, confirmToken, idempotencyKey: "publish-and-leave" };
  await Promise.all([step(program, STAFF, "teamsPublish", publishing), withdraw(mentors[0]!)]);
  expect((await teamsOf(mentors[0]!)).filter(({ state }) => state !== "ENDED")).toEqual([]);
  expect(await told(candidates[0]!)).toBe(0);
});

test("a candidate who is confirmed between the look and the step of whoever leaves does not stay confirmed", async () => {
  for (const leaver of ["candidate", "mentor"] as const) {
    const made = await asked();
    expect(codes(await accept(made.mentor, made.team.id))).toEqual([]);
    await program.settle();
    proxy.reset();
    proxy.inject("TransactWriteItems", { kind: "hang", times: 1 });
    const leaving = withdraw(made[leaver]);
    await vi.waitFor(() => expect(proxy.counts()["TransactWriteItems"]).toBe(1));
    const confirming = await step(program, STAFF, "candidateConfirm", { applicationId: made.candidate.id });
    expect(codes(confirming)).toEqual([]);
    proxy.release();
    expect(codes(await leaving)).toEqual([]);
    expect([leaver, await isConfirmed(made.candidate.id)]).toEqual([leaver, false]);
  }
});

test("whoever accepts an invitation between the look and the step of the inviter's withdrawal is told of it", async () => {
  const cohortId = await publishedCohort(program, { number: 80, name: "Cohort 80" });
  const [candidate, mentor] = [someone("Parting Candidate"), someone("Accepting Mentor")];
  const applicationId = await draft(program, candidate, cohortId);
  await step(program, candidate, "jointInvite", { applicationId, name: mentor.name, email: mentor.email });
  const [token] = await tokensTo(program, mentor.email, "/joint-application");
  await submitted(program, mentor, cohortId, "MENTOR");
  await program.settle();
  proxy.reset();
  proxy.inject("TransactWriteItems", { kind: "hang", times: 1 });
  const leaving = withdraw({ ...candidate, id: applicationId });
  await vi.waitFor(() => expect(proxy.counts()["TransactWriteItems"]).toBe(1));
  expect(codes(await step(program, mentor, "jointAccept", { token }))).toEqual([]);
  proxy.release();
  expect(codes(await leaving)).toEqual([]);
  expect(await told(mentor, "You do not apply together any more: Cohort 80")).toBe(1);
});

test("a place that lapses ends the team", async () => {
  const { candidate, mentor } = await asked(1, { takeUp: false });
  await program.settle();
  const query = "query($id: ID!) { node(id: $id) { ... on Application { state offer { dueAt } } } }";
  const seen = () =>
    program.ask<{ node: { state: string; offer: { dueAt: string } } }>(candidate, query, { id: candidate.id });
  program.clock.moveTo((await seen()).node.offer.dueAt);
  await Promise.all([program.handlers.due({}), program.handlers.due({})]);
  expect((await seen()).node.state).toBe("NOT_TAKEN_UP");
  expect((await teamsOf(mentor)).map(({ state }) => state)).toEqual(["ENDED"]);
  expect(await told(mentor)).toBe(1);
});
