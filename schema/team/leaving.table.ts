import type { Application } from "../application/application.ts";
import { freePlaces } from "../mentor/mentor.table.ts";
import type { Table } from "../shared/table.ts";
import type { Write } from "../shared/write.ts";
import type { Ties } from "./leaving.ts";
import {
  confirmationFrom,
  confirmationKey,
  proposalFrom,
  proposalKey,
  teamsOfCandidate,
  teamsOfCohort,
  writeTeam,
  writeUnconfirmed,
} from "./team.table.ts";
import { isCurrent } from "./team.ts";

/** What hangs on the place of somebody who is accepted; nothing for others. Two requests, more where a cohort has over 100 teams. */
export async function loadTies(table: Table, { id, kind, state, cohortId }: Application): Promise<Ties | undefined> {
  if (state !== "ACCEPTED") return undefined;
  const isMentor = kind === "MENTOR";
  // A mentor's are looked for in the cohort's plan: an index may lag behind a team that was made a moment ago.
  const all = isMentor ? await teamsOfCohort(table, cohortId) : await teamsOfCandidate(table, id);
  const teams = all.filter((team) => isCurrent(team) && (!isMentor || team.mentorApplicationId === id));
  const candidates = isMentor ? teams.map(({ candidateApplicationId }) => candidateApplicationId) : [id];
  const proposalIds = [...new Set(teams.flatMap(({ proposalId }) => proposalId ?? []))];
  const items = await table.getMany([...candidates.map(confirmationKey), ...proposalIds.map(proposalKey)]);
  return {
    teams,
    candidateApplicationIds: candidates,
    confirmations: items.slice(0, candidates.length).flatMap((item) => confirmationFrom(item) ?? []),
    proposals: items.slice(candidates.length).flatMap((item) => proposalFrom(item) ?? []),
  };
}

/** Writes what has ended, and gives the mentors their places back. Nobody is confirmed in the same moment. */
export function writeTies(next: Ties | undefined, before: Ties | undefined): Write[] {
  if (!next || next === before) return [];
  const ended = next.teams.filter((team) => !before?.teams.includes(team));
  const byMentor = Object.values(Object.groupBy(ended, ({ mentorApplicationId }) => mentorApplicationId));
  return [
    ...ended.flatMap(writeTeam),
    ...byMentor.map((teams) => freePlaces(teams![0]!, teams!.length)),
    ...next.candidateApplicationIds.flatMap((id) => {
      const [is, was] = [next, before].map((ties) => ties?.confirmations.find((one) => one.id === id));
      return writeUnconfirmed(id, is, was);
    }),
  ];
}
