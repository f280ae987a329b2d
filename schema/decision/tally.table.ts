import { applicationFrom, applicationKey } from "../application/application.table.ts";
import { applicationIds, type Application } from "../application/application.ts";
import { cohortFrom, cohortKey, seatsFrom, seatsKey } from "../cohort/cohort.table.ts";
import { loadCommittee, loadPerson } from "../person/person.table.ts";
import { idsOf, type Person } from "../person/person.ts";
import { isCommittee } from "../person/role.ts";
import type { Table } from "../shared/table.ts";
import type { Instant } from "../shared/time.ts";
import { decisionFrom, decisionKey } from "./decision.table.ts";
import type { Decision } from "./decision.ts";
import type { Motion } from "./motion.ts";
import { loadMotion } from "./motion.table.ts";
import { hasApplied, type Ballot } from "./tally.ts";

/** Applications by id, with the decisions on them. One request for 50 of them. */
export async function loadWithDecisions(
  table: Table,
  ids: readonly string[],
): Promise<{ applications: Map<string, Application>; decisions: Map<string, Decision> }> {
  const items = await table.getMany([...ids.map(applicationKey), ...ids.map(decisionKey)]);
  const applications = items.slice(0, ids.length).flatMap((item) => applicationFrom(item) ?? []);
  const decisions = items.slice(ids.length).flatMap((item) => decisionFrom(item) ?? []);
  return {
    applications: new Map(applications.map((one) => [one.id, one])),
    decisions: new Map(decisions.map((one) => [one.id, one])),
  };
}

/** Everything that a motion is counted and carried out by, as it is now; null when there is no such motion. */
export async function loadCounting(table: Table, motionId: string, now: Instant) {
  const [{ motion, ballots }, committee] = await Promise.all([loadMotion(table, motionId), loadCommittee(table)]);
  if (!motion) return null;
  const { cohortId, rows } = motion;
  const ids = rows.map(({ applicationId }) => applicationId);
  const [people, around, [cohort, seats]] = await Promise.all([
    votersOf(table, { motion, ballots, committee, now }),
    loadWithDecisions(table, ids),
    table.getMany([cohortKey(cohortId), seatsKey(cohortId)]),
  ]);
  return { motion, ballots, voters: people, ...around, cohort: cohortFrom(cohort)!, seatsTaken: seatsFrom(seats) };
}

/** Members of the cohort's committee, and whoever has voted while they were one. */
async function votersOf(
  table: Table,
  facts: { motion: Motion; ballots: readonly Ballot[]; committee: readonly Person[]; now: Instant },
) {
  const { motion, ballots, committee, now } = facts;
  const { cohortId, kind } = motion;
  const members = committee.filter((person) => person.state === "ACTIVE" && isCommittee({ person, now }, cohortId));
  const others = ballots.filter(({ personId }) => !members.some((person) => idsOf(person).includes(personId)));
  const former = await Promise.all(others.map(({ personId }) => loadPerson(table, personId)));
  const people = new Map([...members, ...former.flatMap((person) => person ?? [])].map((one) => [one.id, one]));
  const keys = [...people.values()].map((person) => applicationIds(cohortId, kind, person).map(applicationKey));
  const own = (await table.getMany(keys.flat())).map(applicationFrom);
  let from = 0;
  return [...people.values()].map((person, index) => {
    const applications = own.slice(from, (from += keys[index]!.length));
    return { ids: idsOf(person), hasApplied: hasApplied(applications) };
  });
}
