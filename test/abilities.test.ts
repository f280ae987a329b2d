import { expect, test } from "vitest";
import type { Caller } from "../infra/local/caller.ts";
import { someone, STAFF, startProgram } from "./support/program.ts";
import { committeeMember, IN_WINDOW, motionOf, publishedCohort, slateOf, step, submitted } from "./support/steps.ts";
import { codes, teamSteps } from "./support/teams.ts";

const program = await startProgram({ at: IN_WINDOW });
const { pair, saved, publish, teamsOf, accept, asked, year } = teamSteps(program);

const STEPS = {
  Team: ["accept", "decline", "end", "replaceMentor"],
  TeamProposal: ["move", "archive", "publish", "unpublish"],
  Slate: ["save", "copy", "archive", "openMotion"],
  Motion: ["vote", "close", "withdraw"],
} as const;

/** What somebody can do with a record, and why not. */
async function abilities(caller: Caller, kind: keyof typeof STEPS, id: string) {
  const fields = STEPS[kind].map((name) => `${name} { allowed reasons }`).join(" ");
  const query = `query($id: ID!) { node(id: $id) { ... on ${kind} { viewerCan { ${fields} } } } }`;
  type Found = { node: { viewerCan: Record<string, { allowed: boolean; reasons: string[] }> } };
  const { viewerCan } = (await program.ask<Found>(caller, query, { id })).node;
  return Object.fromEntries(
    Object.entries(viewerCan).map(([name, { allowed, reasons }]) => {
      expect(allowed).toBe(reasons.length === 0);
      return [name, allowed ? true : reasons.join(" ")];
    }),
  );
}

/** The sentence by which a step is refused. */
async function sentence(caller: Caller, mutation: string, input: object): Promise<string> {
  const { userErrors } = await step(program, caller, mutation, input);
  return userErrors.map(({ message }) => message).join(" ");
}

const OF_MENTOR = "Only the mentor can do this.";
const OF_STAFF = "Only staff can do this, and not for themselves.";

test("a team says what its mentor, its candidate and staff can do, in the words of the steps", async () => {
  const { team, mentor, candidate } = await asked();
  const ofMentor = { end: OF_STAFF, replaceMentor: OF_STAFF };
  expect(await abilities(mentor, "Team", team.id)).toEqual({ accept: true, decline: true, ...ofMentor });
  const end = await sentence(STAFF, "teamEnd", { teamId: team.id, why: "Test" });
  const ofStaff = { accept: OF_MENTOR, decline: OF_MENTOR, replaceMentor: true };
  expect(await abilities(STAFF, "Team", team.id)).toEqual({ ...ofStaff, end });
  expect(codes(await accept(mentor, team.id))).toEqual([]);
  const again = await sentence(mentor, "teamAccept", { teamId: team.id });
  expect(await abilities(mentor, "Team", team.id)).toEqual({ accept: again, decline: again, ...ofMentor });
  expect(await abilities(STAFF, "Team", team.id)).toEqual({ ...ofStaff, end: true });
  const nothing = { accept: OF_MENTOR, decline: OF_MENTOR, ...ofMentor };
  expect(await abilities(candidate, "Team", team.id)).toEqual(nothing);
});

test("a proposal says whether it can be changed, published or taken back, and what is in the way", async () => {
  const { cohortId, candidates, mentors } = await year(2, 1);
  const full = await saved(cohortId, [pair(candidates[0]!, mentors[0]!), pair(candidates[1]!, mentors[0]!)]);
  const violated = await sentence(STAFF, "teamsPublish", { proposalId: full.id, idempotencyKey: "violated-1" });
  const unpublish = await sentence(STAFF, "teamsUnpublish", { proposalId: full.id, why: "Test" });
  const changing = { move: true, archive: true };
  expect(await abilities(STAFF, "TeamProposal", full.id)).toEqual({ ...changing, publish: violated, unpublish });
  const member = await committeeMember(program, someone("Able Member"));
  const byMember = { ...changing, publish: "Only staff can do this.", unpublish: "Only staff can do this." };
  expect(await abilities(member, "TeamProposal", full.id)).toEqual(byMember);

  const proposal = await saved(cohortId, [pair(candidates[0]!, mentors[0]!)]);
  expect(await abilities(STAFF, "TeamProposal", proposal.id)).toEqual({ ...changing, publish: true, unpublish });
  expect(codes(await publish(proposal.id))).toEqual([]);
  expect(await teamsOf(mentors[0]!)).toHaveLength(1);
  const over = await sentence(STAFF, "teamProposalArchive", { proposalId: proposal.id, expectedVersion: 1 });
  const published = { move: over, archive: over, publish: over, unpublish: true };
  expect(await abilities(STAFF, "TeamProposal", proposal.id)).toEqual(published);
});

test("slates and motions say who can propose, vote and count, and nobody with a conflict can", async () => {
  const cohortId = await publishedCohort(program, { number: 90 });
  const applicationId = await submitted(program, someone("Able Applicant"), cohortId);
  const member = await committeeMember(program, someone("Voting Member"));
  const otherId = await submitted(program, someone("Able Other"), cohortId);
  const rows = [applicationId, otherId].map((id) => {
    return { applicationId: id, outcome: "ACCEPT" as const, rationale: "Test" };
  });
  const slateId = await slateOf(program, cohortId, rows);
  const all = { save: true, copy: true, archive: true, openMotion: true };
  expect(await abilities(STAFF, "Slate", slateId)).toEqual(all);
  const ofChair = "Only staff and the chair can do this.";
  const none = { save: ofChair, copy: ofChair, archive: ofChair, openMotion: ofChair };
  expect(await abilities(member, "Slate", slateId)).toEqual(none);

  const motionId = await motionOf(program, cohortId, rows);
  const ofMember = "Only members of the committee can do this.";
  expect(await abilities(member, "Motion", motionId)).toEqual({ vote: true, close: ofChair, withdraw: ofChair });
  expect(await abilities(STAFF, "Motion", motionId)).toEqual({ vote: ofMember, close: true, withdraw: true });
  await step(program, STAFF, "motionWithdraw", { motionId, why: "Test" });
  const over = await sentence(STAFF, "motionWithdraw", { motionId, why: "Test" });
  expect(await abilities(STAFF, "Motion", motionId)).toEqual({ vote: ofMember, close: over, withdraw: over });
  expect(await abilities(member, "Motion", motionId)).toEqual({ vote: over, close: ofChair, withdraw: ofChair });

  await step(program, STAFF, "recusalDeclare", { applicationId, why: "A friend" });
  const recused = await sentence(STAFF, "slateArchive", { slateId, expectedVersion: 1 });
  const conflicted = { save: recused, copy: recused, archive: recused, openMotion: recused };
  expect(await abilities(STAFF, "Slate", slateId)).toEqual(conflicted);
  expect(recused).not.toBe("");
});
