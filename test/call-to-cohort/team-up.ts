import type { Caller } from "../../infra/local/caller.ts";
import { STAFF, type Program } from "../support/program.ts";
import { step, type Outcome } from "../support/steps.ts";
import { codes } from "./apply.ts";
import { mentors, type Applicant } from "./cast.ts";

/** A pair by the applications of the two. */
export interface Pair {
  candidateApplicationId: string;
  mentorApplicationId: string;
}

/** The teams that the program proposes for whoever has none. */
export async function proposed(program: Program, cohortId: string): Promise<Pair[]> {
  type Found = { teamPropose: { pairs: { candidate: { id: string }; mentor: { id: string } }[]; unmatched: object[] } };
  const query = `query($id: ID!) { teamPropose(cohortId: $id) {
    pairs { candidate { id } mentor { id } } unmatched { candidate { id } } } }`;
  const { teamPropose } = await program.ask<Found>(STAFF, query, { id: cohortId });
  if (teamPropose.unmatched.length > 0) throw new Error("Somebody is left without a mentor");
  return teamPropose.pairs.map(({ candidate, mentor }) => {
    return { candidateApplicationId: candidate.id, mentorApplicationId: mentor.id };
  });
}

/** Puts down pairs and publishes them, twice by the same call; answers how many teams were made. */
export async function publishTeams(program: Program, cohortId: string, pairs: readonly Pair[]): Promise<number> {
  const saved = await step<{ proposal: { id: string } | null }>(
    program,
    STAFF,
    "teamProposalSave",
    { cohortId, name: `Of ${pairs.length}`, pairs },
    "proposal { id }",
  );
  const input = { proposalId: saved.proposal!.id, idempotencyKey: `publish-${pairs.length}-teams` };
  type Published = Outcome<{ rows: { isMade: boolean }[] | null; confirmToken: string | null }>;
  const publish = (more: object): Promise<Published> =>
    step(program, STAFF, "teamsPublish", { ...input, ...more }, "rows { isMade } confirmToken");
  const { confirmToken } = await publish({ dryRun: true });
  const done = await publish({ confirmToken });
  const again = await publish({ confirmToken });
  if (JSON.stringify(again) !== JSON.stringify(done)) throw new Error("The same call has answered otherwise");
  await program.settle();
  return done.rows!.filter(({ isMade }) => isMade).length;
}

/** A team as one of the two sees it. */
interface TeamSeen {
  id: string;
  state: string;
  mentor: { name: string; email: string | null } | null;
}

/** The teams that somebody sees as their own. */
export async function teamsOf(program: Program, caller: Caller): Promise<TeamSeen[]> {
  const query = "{ viewer { teams { id state mentor { name email } } } }";
  return (await program.ask<{ viewer: { teams: TeamSeen[] } }>(caller, query)).viewer.teams;
}

/** Has a mentor answer the only team they were asked for; answers its state then. */
export async function answerTeam(
  program: Program,
  { caller }: Applicant,
  answer: "teamAccept" | "teamDecline",
): Promise<string> {
  const [team] = await teamsOf(program, caller);
  const input = { teamId: team!.id, ...(answer === "teamDecline" && { why: "A new job" }) };
  const done = await step<{ team: { state: string } | null }>(program, caller, answer, input, "team { state }");
  return codes(done).join(" ") || done.team!.state;
}

/** Whether candidates are confirmed, and what stands in the way. */
export async function confirmationsOf(program: Program, candidates: readonly Applicant[]): Promise<object[]> {
  const query = `query($ids: [ID!]!) { nodes(ids: $ids) { ... on Application {
    confirmation { isConfirmed blockers { code } } } } }`;
  const ids = candidates.map(({ id }) => id);
  const { nodes } = await program.ask<{ nodes: { confirmation: object }[] }>(STAFF, query, { ids });
  return nodes.map(({ confirmation }) => confirmation);
}

/** The mentor of a pair. */
export const mentorOf = ({ mentorApplicationId }: Pair): Applicant =>
  mentors.find(({ id }) => id === mentorApplicationId)!;
