import { expect } from "vitest";
import type { Caller } from "../../infra/local/caller.ts";
import { someone, STAFF, type Program } from "./program.ts";
import { prepare, publishedCohort, release, step, submitted, type Outcome } from "./steps.ts";

/** Somebody with the application that was accepted. */
export type Person = NonNullable<Caller> & { id: string };
/** A cohort with people who are accepted. */
export interface Year {
  cohortId: string;
  candidates: Person[];
  mentors: Person[];
}
interface Pair {
  candidateApplicationId: string;
  mentorApplicationId: string;
}
/** A team as people see it. */
export interface Team {
  id: string;
  version: number;
  state: string;
  stateLabel: string;
  answerBy: string;
  announcedAt: string | null;
  endedAt: string | null;
  candidate: { name: string; email: string | null } | null;
  mentor: { name: string; email: string | null } | null;
}
/** A proposal as staff see it. */
export interface Proposal {
  id: string;
  version: number;
  state: string;
  violations: { code: string; candidateApplicationId: string }[];
}
/** What publishing a proposal answers. */
export type Published = Outcome<{
  rows: { candidateApplicationId: string; isMade: boolean }[] | null;
  confirmToken: string | null;
}>;

/** What is asked of a team. */
export const TEAM =
  "id version state stateLabel answerBy announcedAt endedAt candidate { name email } mentor { name email }";
/** What is asked of a proposal. */
export const PROPOSAL = "proposal { id version state violations { code candidateApplicationId } }";

/** The codes of what stood in the way. */
export const codes = ({ userErrors }: Outcome<unknown>) => userErrors.map(({ code }) => code);

const pair = (candidate: Person, mentor: Person): Pair => ({
  candidateApplicationId: candidate.id,
  mentorApplicationId: mentor.id,
});

/** Cohorts with accepted people, and the steps that make teams of them. */
export function teamSteps(program: Program) {
  let number = 1;

  /** A cohort with so many accepted candidates and mentors; candidates have taken their places up unless told otherwise. */
  async function year(candidates: number, mentors: number, { takeUp = true } = {}): Promise<Year> {
    const mark = `Year ${number}`;
    const cohortId = await publishedCohort(program, { number: number++, windowCloses: "2026-12-18T17:00" });
    const accepted = async (kind: "CANDIDATE" | "MENTOR", many: number): Promise<Person[]> => {
      const people = Array.from({ length: many }, (_, index) =>
        someone(`${mark} ${kind === "MENTOR" ? "Mentor" : "Candidate"} ${index + 1}`),
      );
      const applied: Person[] = [];
      for (const person of people) {
        applied.push({ ...person, id: await submitted(program, person, cohortId, kind) });
      }
      for (const { id } of applied) await prepare(program, id);
      if (many > 0) await release(program, cohortId, kind);
      for (const person of kind === "CANDIDATE" && takeUp ? applied : []) {
        await step(program, person, "offerAccept", { applicationId: person.id, commitsToAllDates: true });
      }
      return applied;
    };
    return {
      cohortId,
      candidates: await accepted("CANDIDATE", candidates),
      mentors: await accepted("MENTOR", mentors),
    };
  }

  async function saved(cohortId: string, pairs: Pair[], name = "Proposal", by: Caller = STAFF): Promise<Proposal> {
    const { proposal, userErrors } = await step<{ proposal: Proposal }>(
      program,
      by,
      "teamProposalSave",
      { cohortId, name, pairs },
      PROPOSAL,
    );
    expect(userErrors).toEqual([]);
    return proposal;
  }

  async function look(proposalId: string, by: Caller = STAFF): Promise<Published> {
    const input = { proposalId, dryRun: true, idempotencyKey: "only-a-look" };
    return step(program, by, "teamsPublish", input, "rows { candidateApplicationId isMade } confirmToken");
  }

  async function publish(proposalId: string, by: Caller = STAFF, idempotencyKey = `publish-${proposalId}`) {
    const { confirmToken } = await look(proposalId, by);
    const input = { proposalId, confirmToken, idempotencyKey };
    return step(
      program,
      by,
      "teamsPublish",
      input,
      "rows { candidateApplicationId isMade } confirmToken",
    ) as Promise<Published>;
  }

  /** The teams that somebody sees as their own. */
  async function teamsOf(person: Caller): Promise<Team[]> {
    const { viewer } = await program.ask<{ viewer: { teams: Team[] } }>(person, `{ viewer { teams { ${TEAM} } } }`);
    return viewer.teams;
  }

  const accept = (mentor: Person, teamId: string) =>
    step<{ team: Team | null }>(program, mentor, "teamAccept", { teamId }, `team { ${TEAM} }`);

  /** One candidate with a mentor who was asked. */
  async function asked(mentors = 1, options = {}) {
    const made = await year(1, mentors, options);
    const proposal = await saved(made.cohortId, [pair(made.candidates[0]!, made.mentors[0]!)]);
    expect(codes(await publish(proposal.id))).toEqual([]);
    const [candidate, mentor] = [made.candidates[0]!, made.mentors[0]!];
    const [team] = await teamsOf(mentor);
    return { ...made, proposal, candidate, mentor, team: team! };
  }

  return { year, pair, saved, look, publish, teamsOf, accept, asked };
}
