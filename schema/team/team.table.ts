import { listByWho } from "../shared/by-who.ts";
import { everyItem } from "../shared/every-item.ts";
import { dueAt, key, recordOf, toItem, type Item, type Key } from "../shared/keys.ts";
import type { Position, Page, Table } from "../shared/table.ts";
import { checkNone, checkVersion, put, type Write } from "../shared/write.ts";
import type { Confirmation } from "./confirmation.ts";
import type { Proposal } from "./proposal.ts";
import { silenceDueAt, teamId, type Team } from "./team.ts";

/** The plan of the cohort that an application is to. */
const planOf = (applicationId: string) => key("COHORT", `coh_${applicationId.slice(4).split("-")[0]}`);

/** Where a team is kept: in its cohort's plan, by candidate and number. */
export function teamKey(id: string): Key {
  const [candidate = "", number = ""] = id.split(".");
  return { pk: planOf(candidate), sk: key("TEAM", candidate, number.padStart(3, "0")) };
}

/** The team of an item. */
export const teamFrom = (item: Item | undefined) => recordOf<Team>(item);

function teamItem(team: Team) {
  const { id, mentorPersonId, askedAt } = team;
  return toItem("TEAM", teamKey(id), team, {
    byWhoPk: key("PERSON", mentorPersonId),
    byWhoSk: key("TEAM", askedAt, id),
    ...dueAt(silenceDueAt(team), id),
  });
}

/** Writes a team. A new one whose number exists already loses: the candidate has got another one meanwhile. */
export const writeTeam = (team: Team): Write[] => [put(teamItem(team))];

/** All teams of a cohort, by candidate, then number. One request per 100. */
export async function teamsOfCohort(table: Table, cohortId: string): Promise<Team[]> {
  const partition = key("COHORT", cohortId);
  const sort = { beginsWith: key("TEAM", "") };
  const items = await everyItem((page) => table.query({ partition, sort, ...page }));
  return items.map((item) => recordOf<Team>(item));
}

/** A candidate's teams, the first first. One request. */
export async function teamsOfCandidate(table: Table, candidateApplicationId: string): Promise<Team[]> {
  const { pk: partition } = teamKey(teamId(candidateApplicationId, 1));
  const page = await table.query({ partition, sort: { beginsWith: key("TEAM", candidateApplicationId, "") } });
  return page.items.map((item) => recordOf<Team>(item));
}

/** A mentor's teams in all cohorts, the latest first. One request for each of the person's records. */
export async function teamsOfMentor(table: Table, personIds: readonly string[]): Promise<Team[]> {
  const items = await everyItem((page) => listByWho(table, personIds, key("TEAM", ""), page));
  return items.map((item) => recordOf<Team>(item));
}

/** Where a proposal is kept. */
export const proposalKey = (id: string): Key => ({ pk: key("PROPOSAL", id), sk: "PROPOSAL" });

/** The proposal of an item. */
export const proposalFrom = (item: Item | undefined) => recordOf<Proposal>(item);

/** Writes a proposal. */
export const writeProposal = (proposal: Proposal): Write[] => [
  put(
    toItem("PROPOSAL", proposalKey(proposal.id), proposal, {
      byListPk: key("COHORT", proposal.cohortId, "PROPOSALS"),
      byListSk: key(proposal.createdAt, proposal.id),
      ...dueAt(proposal.resumesAt, proposal.id),
    }),
  ),
];

/** A cohort's proposals, the latest first. One request. */
export async function listProposals(
  table: Table,
  cohortId: string,
  page: { limit: number; after?: Position },
): Promise<Page> {
  const partition = key("COHORT", cohortId, "PROPOSALS");
  return table.query({ index: "byList", partition, descending: true, ...page });
}

/** Where the confirmation of a candidate is kept: in the cohort's plan. */
export const confirmationKey = (applicationId: string): Key => ({
  pk: planOf(applicationId),
  sk: key("CONFIRMATION", applicationId),
});

/** The confirmation of an item. */
export const confirmationFrom = (item: Item | undefined) => recordOf<Confirmation>(item);

/** Demands that a confirmation stays as it was loaded, or that there is none still. */
export function holdConfirmation(applicationId: string, confirmation: Confirmation | undefined): Write {
  const at = confirmationKey(applicationId);
  return confirmation ? checkVersion(at, confirmation.version) : checkNone(at);
}

/** Writes a confirmation. */
export const writeConfirmation = (confirmation: Confirmation): Write[] => [
  put(toItem("CONFIRMATION", confirmationKey(confirmation.id), confirmation)),
];

/** Writes a confirmation that has ended; where none did, it stays as it was loaded, so that nobody is confirmed in the same moment. */
export function writeUnconfirmed(
  applicationId: string,
  next: Confirmation | undefined,
  before: Confirmation | undefined,
): Write[] {
  return next && next !== before ? writeConfirmation(next) : [holdConfirmation(applicationId, before)];
}

/** A team with its candidate's confirmation, as they are now. One request. */
export async function loadStanding(
  table: Table,
  id: string,
): Promise<{ team: Team; confirmation: Confirmation | undefined } | undefined> {
  const [candidateApplicationId = ""] = id.split(".");
  const [item, confirmation] = await table.getMany([teamKey(id), confirmationKey(candidateApplicationId)]);
  const team = teamFrom(item);
  return team && { team, confirmation: confirmationFrom(confirmation) };
}
