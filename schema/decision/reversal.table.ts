import type { ApplicationKind } from "../application/application.ts";
import { writeApplication } from "../application/application.table.ts";
import { cohortKey } from "../cohort/cohort.table.ts";
import type { Cohort } from "../cohort/cohort.ts";
import { writeOffer } from "../offer/offer.table.ts";
import { writeOpening } from "../offer/opening.table.ts";
import type { ReversedPlace } from "../offer/reversed.ts";
import { everyItem } from "../shared/every-item.ts";
import { key, recordOf, toItem, type Item, type Key } from "../shared/keys.ts";
import type { Table } from "../shared/table.ts";
import { checkVersion, put, type Write } from "../shared/write.ts";
import { writeTies } from "../team/leaving.table.ts";
import type { Ties } from "../team/leaving.ts";
import type { Decision } from "./decision.ts";
import { writeDecision } from "./decision.table.ts";
import type { Reversal } from "./reversal.ts";

const reversalKey = ({ applicationId, id }: Reversal): Key => ({
  pk: key("APPLICATION", applicationId),
  sk: key("REVERSAL", id),
});

/** The reversal of an item. */
export const reversalFrom = (item: Item) => recordOf<Reversal>(item);

const listOf = (cohortId: string, kind: ApplicationKind) => key("COHORT", cohortId, "REVERSALS", kind);

/** Writes a reversal. */
export const writeReversal = (reversal: Reversal): Write[] => [
  put(
    toItem("REVERSAL", reversalKey(reversal), reversal, {
      byListPk: listOf(reversal.cohortId, reversal.kind),
      byListSk: reversal.id,
    }),
  ),
];

/**
 * Writes a reversal with all that it changes: seat, place on the waitlist and offer move along in the transaction, and a seat that
 * becomes free is given on.
 */
export function writeReversed(
  next: ReversedPlace,
  { decision, cohort, ties }: { decision: Decision; cohort: Cohort; ties: Ties | undefined },
): Write[] {
  return [
    ...writeApplication(next.application),
    ...writeDecision(next.decision, decision, cohort),
    ...writeReversal(next.reversal),
    ...(next.decision.holdsSeat ? [checkVersion(cohortKey(cohort.id), cohort.version)] : []),
    ...(next.offer ? writeOffer(next.offer) : []),
    ...(next.opening ? writeOpening(next.opening) : []),
    ...(next.ties ? writeTies(next.ties, ties) : []),
  ];
}

/** The reversals of a cohort and kind, the earliest first. One request for 100 of them. */
export async function loadReversals(table: Table, cohortId: string, kind: ApplicationKind): Promise<Reversal[]> {
  const partition = listOf(cohortId, kind);
  return (await everyItem((page) => table.query({ index: "byList", partition, ...page }))).map(reversalFrom);
}

/** The reversals of the decision on one application. One request. */
export async function reversalsOf(table: Table, applicationId: string): Promise<Reversal[]> {
  const partition = key("APPLICATION", applicationId);
  const sort = { beginsWith: key("REVERSAL", "") };
  return (await everyItem((page) => table.query({ partition, sort, ...page }))).map(reversalFrom);
}
