import { expect, test, vi } from "vitest";
import { askForLetters, begin, codes, linksTo, submit, tasksOf, writeLetters } from "./call-to-cohort/apply.ts";
import {
  accepted,
  bounced,
  candidates,
  chair,
  declined,
  declinersAtOnce,
  jointCandidates,
  jointMentors,
  lastMinute,
  late,
  members,
  mentorDeclines,
  mentors,
  MISTYPED,
  neverComplete,
  neverSubmitted,
  promoted,
  promotedDecliner,
  recused,
  seated,
  silent,
  slow,
  takersAtOnce,
  waiting,
  type Applicant,
} from "./call-to-cohort/cast.ts";
import {
  answerOffer,
  assignBalanced,
  compareSlates,
  countsOf,
  reviewAll,
  rowsOf,
  seatsTaken,
  slateRows,
  statesOf,
  toReview,
} from "./call-to-cohort/decide.ts";
import { each } from "./call-to-cohort/each.ts";
import { expectedMails, type TurnedOut } from "./call-to-cohort/mails.ts";
import { answerTeam, confirmationsOf, mentorOf, proposed, publishTeams, teamsOf } from "./call-to-cohort/team-up.ts";
import { checkInvariants } from "./support/invariants.ts";
import { inOrder, sentMails } from "./support/mail-list.ts";
import { STAFF, startProgram } from "./support/program.ts";
import { closed, idOf, IN_WINDOW, prepare, publishedCohort, release, slateOf, step } from "./support/steps.ts";
import { ticking } from "./support/ticking.ts";

// One year, told from the open window to the seated cohort. Each test is a chapter and goes on from the one before.
vi.setConfig({ testTimeout: 180_000 });

const time = ticking(IN_WINDOW);
const program = await startProgram({ at: IN_WINDOW, realTime: time.realTime });
const cohortId = await publishedCohort(program, { candidateLetters: 1 });
const turnedOut: { -readonly [Role in keyof TurnedOut]: TurnedOut[Role] } = {
  stoodIn: [],
  askedMentors: [],
  teamMentors: [],
  spareMentors: [],
};

test("forty-two candidates and thirty mentors begin, three pairs of them together; the mentors submit", async () => {
  await each(program, [...candidates, neverSubmitted, neverComplete], (one) => begin(program, cohortId, one));
  for (const [index, { caller, id: applicationId }] of jointCandidates.entries()) {
    const { name, email } = jointMentors[index]!.caller;
    expect(codes(await step(program, caller, "jointInvite", { applicationId, name, email }))).toEqual([]);
  }
  const links = await linksTo(program, "joint-application");
  for (const { caller } of jointMentors) {
    expect(codes(await step(program, caller, "jointAccept", { token: links.get(caller.email) }))).toEqual([]);
  }
  await each(program, mentors, (one) => begin(program, cohortId, one, "MENTOR"));
  expect(countsOf(await each(program, mentors, (one) => submit(program, one)))).toEqual({ COMPLETE: 30 });
});

test("letters are asked for; the mail to one nominator comes back, and somebody else writes", async () => {
  expect(
    await askForLetters(program, [
      ...candidates.filter((one) => one !== bounced),
      neverComplete,
      { ...bounced, nominator: MISTYPED },
    ]),
  ).toEqual([]);
  await program.settle();
  const { tasks, nominations } = await tasksOf(program, bounced.caller);
  expect([tasks, nominations.map(({ state }) => state)]).toEqual([["NOMINATOR_ADDRESS_BOUNCED"], ["BOUNCED"]]);
  const replaced = await step(program, bounced.caller, "nominationReplace", {
    nominationId: nominations[0]!.id,
    ...bounced.nominator,
    position: "Superintendent",
    idempotencyKey: "replace-the-mistyped",
  });
  expect(codes(replaced)).toEqual([]);
  const writing = candidates.filter((one) => !late.includes(one));
  expect(countsOf(await writeLetters(program, writing))).toEqual({ PROVIDED: 38 });
  const then = await tasksOf(program, bounced.caller);
  expect([then.tasks, then.nominations.map(({ state }) => state)]).toEqual([[], ["CANCELLED", "PROVIDED"]]);
});

test("all but two submit early, one in the last millisecond; at the instant of the deadline it is too late", async () => {
  const early = [...candidates.filter((one) => one !== lastMinute), neverComplete];
  expect(countsOf(await each(program, early, (one) => submit(program, one)))).toEqual({ COMPLETE: 37, SUBMITTED: 3 });
  for (const day of ["2026-09-04", "2026-09-11", "2026-09-16", "2026-09-17"]) {
    await program.moveClock({ to: `${day}T15:00:00.000Z` });
  }
  await time.holdAt(program.clock, "2026-09-18T23:59:59.999Z", async () => {
    expect(await submit(program, lastMinute)).toBe("COMPLETE");
    program.clock.moveTo("2026-09-19T00:00:00.000Z");
    expect(await submit(program, neverSubmitted)).toBe("TOO_LATE");
  });
  await program.runDue();
  expect(await statesOf(program, candidates)).toEqual({ COMPLETE: 38, SUBMITTED: 2 });
  expect(await statesOf(program, [neverSubmitted, neverComplete])).toEqual({ EXPIRED: 1, SUBMITTED: 1 });
});

test("two letters come late and count; one that comes after the tolerance does not", async () => {
  await program.moveClock({ to: "2026-09-21T16:00:00.000Z" });
  expect(await writeLetters(program, late)).toEqual(["PROVIDED", "PROVIDED"]);
  expect(await statesOf(program, candidates)).toEqual({ COMPLETE: 40 });
  await program.moveClock({ to: "2026-09-24T00:00:00.000Z" });
  await program.moveClock({ to: "2026-09-26T00:00:00.000Z" });
  expect(await statesOf(program, [neverComplete])).toEqual({ EXPIRED: 1 });
  expect(await writeLetters(program, [neverComplete])).toEqual(["NOT_NEEDED"]);
});

/** Two applications from which one member is recused. */
const apart: string[] = [];

test("three reviews each: assigned in balance, two given to others after a recusal, one member reminded", async () => {
  await program.moveClock({ to: "2026-09-28T16:00:00.000Z" });
  for (const member of members) {
    member.personId = await idOf(program, member.caller);
    const role = member === chair ? "CHAIR" : "COMMITTEE";
    await step(program, STAFF, "roleGrant", { personId: member.personId, role, cohortId, why: "Test" });
  }
  const first = await assignBalanced(program, cohortId, "assign-first-100");
  expect(first).toMatchObject({ left: 20, unfilled: 0, refused: [] });
  const rest = await assignBalanced(program, cohortId, "assign-the-rest");
  expect(rest).toMatchObject({ left: 0, unfilled: 0, refused: [] });
  const loads = countsOf([...first.assigned, ...rest.assigned]);
  expect(loads).toEqual(Object.fromEntries(members.map(({ personId }) => [personId, 20])));
  await program.moveClock({ advance: "PT10M" });

  apart.push(...(await toReview(program, recused)).slice(0, 2));
  for (const applicationId of apart) {
    const declared = { applicationId, hasConflict: true, why: "A former colleague" };
    expect(codes(await step(program, recused.caller, "reviewConflictDeclare", declared))).toEqual([]);
  }
  const instead = await assignBalanced(program, cohortId, "assign-instead");
  expect(instead).toMatchObject({ left: 0, unfilled: 0, refused: [] });
  expect([instead.assigned.length, instead.assigned.includes(recused.personId)]).toEqual([2, false]);
  turnedOut.stoodIn = members.filter(({ personId }) => instead.assigned.includes(personId));
  await program.moveClock({ advance: "PT10M" });

  for (const member of members) if (member !== slow) await reviewAll(program, member);
  await program.moveClock({ to: "2026-10-12T15:00:00.000Z" });
  await reviewAll(program, slow);
  const query = `query($id: ID!) { cohort(id: $id) { reviewOverview { applications unassigned { number }
    tooFew { number } late { numbers } toDiscuss { number } } } }`;
  expect(await program.ask(chair.caller, query, { id: cohortId })).toEqual({
    cohort: { reviewOverview: { applications: 40, unassigned: [], tooFew: [], late: [], toDiscuss: [] } },
  });
});

test("the mentors are decided on; two slates stand side by side, and the bolder one is carried", async () => {
  await program.moveClock({ to: "2026-10-20T16:00:00.000Z" });
  expect((await each(program, mentors, ({ id }) => prepare(program, id))).flatMap(codes)).toEqual([]);
  expect((await release(program, cohortId, "MENTOR", "release-the-mentors")).rows).toHaveLength(30);

  const cautious = await slateOf(program, cohortId, slateRows(18, 14), { name: "Cautious" });
  const bold = await slateOf(program, cohortId, slateRows(20, 12), { name: "Bold" });
  const { differing, analysis } = await compareSlates(program, chair.caller, cautious, bold);
  expect(differing).toEqual(
    new Map(candidates.slice(18, 32).map(({ id }, index) => [id, `WAITLIST ${index < 2 ? "ACCEPT" : "WAITLIST"}`])),
  );
  expect(analysis).toEqual({
    outcomes: { accept: 20, waitlist: 12, decline: 8 },
    seats: { total: 20, elsewhere: 0, proposed: 20, left: 0 },
    mentorCoverage: { candidates: 20, mentors: 30, places: 30, lacking: 0 },
  });

  const open = { slateId: bold, expectedVersion: 1, rationale: "As discussed", idempotencyKey: "open-the-bold" };
  const { motion } = await step<{ motion: { id: string } }>(program, chair.caller, "motionOpen", open, "motion { id }");
  for (const member of members) {
    const choice = member === recused ? "AGAINST" : "FOR";
    expect(codes(await step(program, member.caller, "motionVote", { motionId: motion.id, choice }))).toEqual([]);
  }
  const theirs = candidates.filter(({ id }) => !apart.includes(id));
  expect(await rowsOf(program, recused.caller, motion.id)).toEqual(theirs.map(({ id }) => id));
  const done = await closed(program, motion.id);
  expect(countsOf(done.rows!.map(({ result, isPrepared }) => `${result} ${isPrepared}`))).toEqual({
    "CARRIED true": 40,
  });
  expect(new Map(done.rows!.map(({ applicationId, vote }) => [applicationId, vote!.against]))).toEqual(
    new Map(candidates.map(({ id }) => [id, apart.includes(id) ? 0 : 1])),
  );
});

test("the decisions are released together: before that nobody knows, afterwards everybody", async () => {
  expect(await statesOf(program, candidates)).toEqual({ UNDER_REVIEW: 40 });
  const released = await release(program, cohortId, "CANDIDATE", "release-the-candidates");
  await program.settle();
  expect(released.rows!.filter(({ released: isKnown }) => isKnown)).toHaveLength(40);
  expect(await statesOf(program, accepted)).toEqual({ ACCEPTED: 20 });
  expect(await statesOf(program, waiting)).toEqual({ WAITLISTED: 12 });
  expect(await statesOf(program, declined)).toEqual({ DECLINED: 8 });
  expect(await seatsTaken(program, cohortId)).toBe(20);
});

test("four decline and two never answer: six are promoted in the order of the waitlist", async () => {
  expect(countsOf(await each(program, takersAtOnce, (one) => answerOffer(program, one, "offerAccept")))).toEqual({
    ACCEPTED: 15,
  });
  const declining = await Promise.all(declinersAtOnce.map((one) => answerOffer(program, one, "offerDecline")));
  expect(countsOf(declining)).toEqual({ DECLINED: 3 });
  await program.runDue();
  expect(await statesOf(program, promoted.slice(0, 3))).toEqual({ ACCEPTED: 3 });
  expect(await statesOf(program, waiting.slice(3))).toEqual({ WAITLISTED: 9 });
  expect(await answerOffer(program, promotedDecliner, "offerDecline")).toBe("DECLINED");
  await program.runDue();
  const promotedAtOnce = promoted.slice(0, 4).filter((one) => one !== promotedDecliner);
  expect(countsOf(await each(program, promotedAtOnce, (one) => answerOffer(program, one, "offerAccept")))).toEqual({
    ACCEPTED: 3,
  });

  // The clocks go back on 1 November: fourteen days after 20 October it is five o'clock there all the same.
  for (const reminded of ["2026-10-28T00:00:00.000Z", "2026-11-02T01:00:00.000Z"]) {
    await program.moveClock({ to: reminded });
  }
  await time.holdAt(program.clock, "2026-11-04T01:00:00.000Z", async () => {
    expect(await answerOffer(program, silent[0]!, "offerAccept")).toBe("TOO_LATE");
  });
  await program.runDue();
  expect(await statesOf(program, silent)).toEqual({ NOT_TAKEN_UP: 2 });
  const lastTwo = await each(program, promoted.slice(4), (one) => answerOffer(program, one, "offerAccept"));
  expect(lastTwo).toEqual(["ACCEPTED", "ACCEPTED"]);
  expect(await statesOf(program, seated)).toEqual({ ACCEPTED: 20 });
  expect(await statesOf(program, waiting.slice(6))).toEqual({ WAITLISTED: 6 });
  expect(await seatsTaken(program, cohortId)).toBe(20);
});

test("teams are proposed and published; one mentor declines, and another takes the place", async () => {
  const pairs = await proposed(program, cohortId);
  expect(pairs.map(({ candidateApplicationId }) => candidateApplicationId).sort()).toEqual(
    seated.map(({ id }) => id).sort(),
  );
  for (const [index, { id }] of jointCandidates.entries()) {
    expect(pairs.find(({ candidateApplicationId }) => candidateApplicationId === id)).toEqual({
      candidateApplicationId: id,
      mentorApplicationId: jointMentors[index]!.id,
    });
  }
  expect(await publishTeams(program, cohortId, pairs)).toBe(20);
  const declining = mentorOf(pairs.find(({ candidateApplicationId: id }) => id === mentorDeclines.id)!);
  const first = pairs.map(mentorOf);
  const accepting = first.filter((one) => one !== declining);
  expect(await answerTeam(program, declining, "teamDecline")).toBe("DECLINED");
  expect(countsOf(await each(program, accepting, (one) => answerTeam(program, one, "teamAccept")))).toEqual({
    ANNOUNCED: 19,
  });
  expect(await teamsOf(program, mentorDeclines.caller)).toEqual([]);
  const confirm = ({ id: applicationId }: Applicant) => step(program, STAFF, "candidateConfirm", { applicationId });
  expect(codes(await confirm(mentorDeclines))).toEqual(["NO_MENTOR"]);

  const again = await proposed(program, cohortId);
  expect(again.map(({ candidateApplicationId }) => candidateApplicationId)).toEqual([mentorDeclines.id]);
  expect(await publishTeams(program, cohortId, again)).toBe(1);
  const successor = mentorOf(again[0]!);
  expect(first).not.toContain(successor);
  expect(await answerTeam(program, successor, "teamAccept")).toBe("ANNOUNCED");
  turnedOut.askedMentors = [...first, successor];
  turnedOut.teamMentors = [...accepting, successor];
  turnedOut.spareMentors = mentors.filter((one) => !turnedOut.askedMentors.includes(one));
  expect(turnedOut.spareMentors).toHaveLength(9);
  const told = await each(program, turnedOut.spareMentors, ({ id: applicationId }) =>
    step(program, STAFF, "mentorNotNeeded", { applicationId }),
  );
  expect(told.flatMap(codes)).toEqual([]);
  expect((await each(program, seated, confirm)).flatMap(codes)).toEqual([]);
});

test("twenty are seated, each with a mentor of their own who has accepted", async () => {
  const teams = await each(program, seated, ({ caller }) => teamsOf(program, caller));
  expect(countsOf(teams.flat().map(({ state }) => state))).toEqual({ ANNOUNCED: 20 });
  expect(teams.map((own) => own.length)).toEqual(seated.map(() => 1));
  const theirMentors = teams.flat().map(({ mentor }) => mentor!.email ?? "");
  expect(theirMentors.sort()).toEqual(turnedOut.teamMentors.map(({ caller }) => caller.email).sort());
  expect(new Set(theirMentors).size).toBe(20);
  expect(await confirmationsOf(program, seated)).toEqual(seated.map(() => ({ isConfirmed: true, blockers: [] })));
  expect(await statesOf(program, candidates)).toEqual({ ACCEPTED: 20, NOT_TAKEN_UP: 6, WAITLISTED: 6, DECLINED: 8 });
});

test("everybody got exactly the mails that are theirs, each once, and none comes in the two months after", async () => {
  const expected = inOrder(expectedMails(turnedOut));
  expect(await sentMails(program)).toEqual(expected);
  await program.moveClock({ advance: "P60D" });
  expect(await sentMails(program)).toEqual(expected);
  expect(await checkInvariants(program)).toEqual([]);
});
