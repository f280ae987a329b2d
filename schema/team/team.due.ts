import { applicationFrom, applicationKey, holdApplication } from "../application/application.table.ts";
import type { Application } from "../application/application.ts";
import { cohortFrom, cohortKey } from "../cohort/cohort.table.ts";
import { mentorFrom, mentorKey, takePlace } from "../mentor/mentor.table.ts";
import { capacityOf, freshMentor } from "../mentor/mentor.ts";
import { carryOut, type CommandContext } from "../shared/command.ts";
import { refusal, type Decision } from "../shared/decision.ts";
import type { Table } from "../shared/table.ts";
import type { Write } from "../shared/write.ts";
import { teamFrom, teamKey, teamsOfCandidate, writeTeam } from "./team.table.ts";
import {
  formTeam,
  lookAfterSilence,
  mentorFull,
  type FormCode,
  type Forming,
  type Team,
  type TeamEvent,
} from "./team.ts";

/** Reminds a mentor who has not answered, or puts the silence before staff. */
export async function lookAfterTeam(context: CommandContext, id: string): Promise<void> {
  const team = teamFrom(await context.table.get(teamKey(id)));
  if (!team) return;
  await carryOut(context, {
    actor: { kind: "PROGRAM" },
    load: async () => teamFrom(await context.table.get(teamKey(id))) ?? team,
    decide: (current) => lookAfterSilence(current, context.now),
    write: (next, before) => (next === before ? [] : writeTeam(next)),
  });
}

/** Everything that a new team depends on, as it is now. */
export type Formation = Forming & { place: ReturnType<typeof freshMentor> };

/** Reads what a new team depends on; undefined when one of the two, or the cohort, is not there. Two requests. */
export async function loadFormation(
  table: Table,
  {
    cohortId,
    candidateApplicationId,
    mentorApplicationId,
  }: Pick<Team, "cohortId" | "candidateApplicationId" | "mentorApplicationId">,
): Promise<Formation | undefined> {
  const keys = [
    applicationKey(candidateApplicationId),
    applicationKey(mentorApplicationId),
    cohortKey(cohortId),
    mentorKey(cohortId, mentorApplicationId),
  ];
  const [[candidateItem, mentorItem, cohortItem, placeItem], earlier] = await Promise.all([
    table.getMany(keys),
    teamsOfCandidate(table, candidateApplicationId),
  ]);
  const [candidate, mentor, cohort] = [
    applicationFrom(candidateItem),
    applicationFrom(mentorItem),
    cohortFrom(cohortItem),
  ];
  if (!candidate || !mentor || !cohort) return undefined;
  return { candidate, mentor, earlier, cohort, place: mentorFrom(placeItem) ?? freshMentor(mentor) };
}

/** Makes a team of a formation, if it still can be. */
export function decideTeam(
  formation: Formation | undefined,
  facts: { by: string; now: string; proposalId: string | null },
): Decision<Team, FormCode, TeamEvent> {
  return formation ? formTeam(formation, facts) : { refusals: [gone] };
}

const gone = refusal("NOT_ACCEPTED", "One of the two is not there any more.");

/** Writes a new team, which takes one of its mentor's places; both must be accepted still. */
export function writeNewTeam(team: Team, { candidate, mentor, cohort, place }: Formation): Write[] {
  return [
    ...writeTeam(team),
    ...takePlace(place, capacityOf(place, cohort.policy.team), mentorFull),
    ...[candidate, mentor].map((application: Application) => holdApplication(application)),
  ];
}
