import type { ApplicationKind } from "../application/application.ts";
import { refusal } from "../shared/decision.ts";
import { everyItem } from "../shared/every-item.ts";
import { dueAt, key, recordOf, toItem, type Item, type Key } from "../shared/keys.ts";
import type { Page, Position, Table } from "../shared/table.ts";
import { put, touch, type Write } from "../shared/write.ts";
import type { Motion } from "./motion.ts";
import type { Ballot } from "./tally.ts";

/** Where a motion is kept; the votes on it stand in the same partition. */
export const motionKey = (id: string): Key => ({ pk: key("MOTION", id), sk: "MOTION" });

/** Where a member's vote on a motion is kept. */
export const ballotKey = (motionId: string, personId: string): Key => ({
  pk: key("MOTION", motionId),
  sk: key("VOTE", personId),
});

/** The motion of an item. */
export const motionFrom = (item: Item | undefined) => recordOf<Motion>(item);

/** The vote of an item. */
export const ballotFrom = (item: Item | undefined) => recordOf<Ballot>(item);

const listOf = (cohortId: string, kind: ApplicationKind) => key("COHORT", cohortId, "MOTIONS", kind);

/** Writes a motion. */
export const writeMotion = (motion: Motion): Write[] => [
  put(
    toItem("MOTION", motionKey(motion.id), motion, {
      byListPk: listOf(motion.cohortId, motion.kind),
      byListSk: motion.id,
      ...dueAt(motion.resumesAt, motion.id),
    }),
  ),
];

/** Writes a vote, as long as the motion is open. Members do not come in each other's way; whoever closes sees every vote. */
export const writeBallot = (ballot: Ballot): Write[] => [
  ...writeBallotAlone(ballot),
  touch(motionKey(ballot.motionId), "MOTION", { attribute: "state", value: "OPEN" }, votingOver),
];

/** Writes a vote that was counted, with what its member said taken out. */
export const writeBallotAlone = (ballot: Ballot): Write[] => [
  put(
    toItem("BALLOT", ballotKey(ballot.motionId, ballot.personId), ballot, {
      byWhoPk: key("PERSON", ballot.personId),
      byWhoSk: key("BALLOT", ballot.castAt),
    }),
  ),
];

const votingOver = refusal("WRONG_STATE", "This motion is not open to the vote any more.");

/** A motion with all votes on it, as they are now. One request for 100 of them. */
export async function loadMotion(table: Table, id: string): Promise<{ motion: Motion | undefined; ballots: Ballot[] }> {
  const items = await everyItem((page) => table.query({ partition: key("MOTION", id), ...page }));
  return {
    motion: motionFrom(items.find(({ entity }) => entity === "MOTION")),
    ballots: items.filter(({ entity }) => entity === "BALLOT").map((item) => recordOf<Ballot>(item)),
  };
}

/** Motions of a cohort and kind, the latest first. One request. */
export async function listMotions(
  table: Table,
  { cohortId, kind }: Pick<Motion, "cohortId" | "kind">,
  page: { limit: number; after?: Position },
): Promise<Page> {
  return table.query({ index: "byList", partition: listOf(cohortId, kind), descending: true, ...page });
}
