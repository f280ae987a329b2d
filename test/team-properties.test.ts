import { array, assert, asyncProperty, constantFrom, nat, record } from "fast-check";
import { expect, test } from "vitest";
import { mentorFrom, mentorKey } from "../schema/mentor/mentor.table.ts";
import { parseGlobalId } from "../schema/shared/id.ts";
import { isCurrent, type Team } from "../schema/team/team.ts";
import { crowd, decideAll, type Applied } from "./support/crowd.ts";
import { checkInvariants } from "./support/invariants.ts";
import { STAFF, startProgram } from "./support/program.ts";
import { IN_WINDOW, publishedCohort, step } from "./support/steps.ts";
import { readTable } from "./support/stored.ts";
import { ticking } from "./support/ticking.ts";

const program = await startProgram({ at: IN_WINDOW, realTime: ticking(IN_WINDOW).realTime });
const PEOPLE = 3;
const STEPS = [
  "publish",
  "publish",
  "unpublish",
  "accept",
  "decline",
  "replace",
  "end",
  "capacity",
  "withdraw",
] as const;
type Move = { what: (typeof STEPS)[number]; who: number; other: number };

let cohorts = 0;
let calls = 0;
const local = (opaque: string) => parseGlobalId(opaque)!.id;

/** A cohort with accepted candidates and mentors, and what was proposed so far. */
interface Play {
  cohortId: string;
  candidates: Applied[];
  mentors: Applied[];
  proposalIds: string[];
}

async function begin(): Promise<Play> {
  const cohortId = await publishedCohort(program, { number: ++cohorts, windowCloses: "2027-12-01T17:00" });
  const candidates = await crowd(program, cohortId, { size: PEOPLE, name: `Candidate of ${cohorts} number` });
  const mentors = await crowd(program, cohortId, { size: PEOPLE, name: `Mentor of ${cohorts} number`, kind: "MENTOR" });
  await decideAll(program, cohortId, candidates, "ACCEPT");
  await decideAll(program, cohortId, mentors, "ACCEPT", "MENTOR");
  // From here on it is the count of the places alone that keeps two who come at once from the same one.
  for (const { applicationId } of mentors) {
    expect((await step(program, STAFF, "mentorCapacitySet", { applicationId, capacity: 1 })).userErrors).toEqual([]);
  }
  await program.settle();
  return { cohortId, candidates, mentors, proposalIds: [] };
}

/** The first team that stands and in which somebody is. */
async function teamOf({ caller }: Applied): Promise<string | undefined> {
  const { viewer } = await program.ask<{ viewer: { teams: { id: string; state: string }[] } }>(
    caller,
    "{ viewer { teams { id state } } }",
  );
  return viewer.teams.find(({ state }) => state === "PROPOSED" || state === "ANNOUNCED")?.id;
}

/** Makes a move. Whether it is refused does not matter here; that nothing breaks does. */
async function play(cohort: Play, { what, who, other }: Move): Promise<void> {
  const { cohortId, candidates, mentors, proposalIds } = cohort;
  const [mentor, another] = [mentors[who]!, mentors[other]!];
  // Two mentors for three candidates, so that several want the same place at once.
  const wanted = mentors[other % 2]!;
  const idempotencyKey = `team-play-${++calls}`;
  switch (what) {
    case "publish": {
      const pair = {
        candidateApplicationId: candidates[who]!.applicationId,
        mentorApplicationId: wanted.applicationId,
      };
      const input = { cohortId, name: "Play", pairs: [pair] };
      const { proposal } = await step<{ proposal: { id: string } | null }>(
        program,
        STAFF,
        "teamProposalSave",
        input,
        "proposal { id }",
      );
      if (!proposal) return;
      proposalIds.push(proposal.id);
      const publish = { proposalId: proposal.id, idempotencyKey };
      const { confirmToken } = await step<{ confirmToken: string | null }>(
        program,
        STAFF,
        "teamsPublish",
        { ...publish, dryRun: true },
        "confirmToken",
      );
      await step(program, STAFF, "teamsPublish", { ...publish, confirmToken });
      return;
    }
    case "unpublish": {
      const proposalId = proposalIds[who];
      if (proposalId) await step(program, STAFF, "teamsUnpublish", { proposalId, why: "Play" });
      return;
    }
    case "capacity": {
      const input = { applicationId: mentor.applicationId, capacity: 1 + (calls % 2) };
      await step(program, STAFF, "mentorCapacitySet", input);
      return;
    }
    case "withdraw":
      await step(program, mentor.caller, "applicationWithdraw", { applicationId: mentor.applicationId });
      return;
    default: {
      const teamId = await teamOf(mentor);
      if (!teamId) return;
      if (what === "accept") await step(program, mentor.caller, "teamAccept", { teamId });
      if (what === "decline") await step(program, mentor.caller, "teamDecline", { teamId, why: "Play" });
      if (what === "end") await step(program, STAFF, "teamEnd", { teamId, why: "Play" });
      if (what === "replace") {
        const input = { teamId, mentorApplicationId: another.applicationId, why: "Play", idempotencyKey };
        await step(program, STAFF, "teamReplaceMentor", input);
      }
    }
  }
}

/** A mentor's mandate may have ended meanwhile, and what is much in demand may ask for another try; anything else is a fault. */
function refused(error: Error): void {
  if (!/^(NOT_FOUND|CONFLICT_RETRY):/.test(error.message)) throw error;
}

/** How many teams stand now; no mentor has more than they may, no candidate more than one. */
async function checkTeams({ cohortId, candidates, mentors }: Play): Promise<number> {
  const stored = await readTable(program);
  const teams = stored.records<Team>("TEAM").filter((team) => team.cohortId === local(cohortId) && isCurrent(team));
  for (const { applicationId } of mentors) {
    const id = local(applicationId);
    const { pk, sk } = mentorKey(local(cohortId), id);
    const capacity = mentorFrom(stored.find(pk, sk))?.capacity ?? 1;
    expect(teams.filter(({ mentorApplicationId }) => mentorApplicationId === id).length).toBeLessThanOrEqual(capacity);
  }
  for (const { applicationId } of candidates) {
    const own = teams.filter(({ candidateApplicationId }) => candidateApplicationId === local(applicationId));
    expect(own.length).toBeLessThanOrEqual(1);
  }
  return teams.length;
}

test("whatever is published, answered, replaced and taken back at once: no mentor is over capacity, no candidate has two", async () => {
  let most = 0;
  const move = record({ what: constantFrom(...STEPS), who: nat(PEOPLE - 1), other: nat(PEOPLE - 1) });
  const rounds = array(array(move, { minLength: 3, maxLength: 5 }), { minLength: 4, maxLength: 6 });
  await assert(
    asyncProperty(rounds, async (moves) => {
      const cohort = await begin();
      const rush = [0, 1, 2].map((who): Move => ({ what: "publish", who, other: 0 }));
      for (const round of [rush, ...moves]) {
        await Promise.all(round.map((one) => play(cohort, one).catch(refused)));
        most = Math.max(most, await checkTeams(cohort));
      }
      await program.runDue();
      expect(await checkInvariants(program)).toEqual([]);
    }),
    { numRuns: 3, seed: 11, endOnFailure: true },
  );
  expect(most).toBeGreaterThan(1);
}, 180_000);
