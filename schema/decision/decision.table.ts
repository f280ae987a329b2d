import { writeApplication } from "../application/application.table.ts";
import type { ApplicationKind } from "../application/application.ts";
import { freeSeat, takeSeat } from "../cohort/cohort.table.ts";
import type { Cohort } from "../cohort/cohort.ts";
import { key, recordOf, toItem, type Item, type Key } from "../shared/keys.ts";
import type { Position, Table } from "../shared/table.ts";
import { checkNone, checkVersion, drop, put, putNew, type Write } from "../shared/write.ts";
import { ranksOf, type Decision, type Together } from "./decision.ts";
import { MOST_RELEASED } from "./release.ts";
import { cohortFull, rankTaken } from "./terms.ts";

/** Where the decision on an application is kept. */
export const decisionKey = (applicationId: string): Key => ({ pk: key("APPLICATION", applicationId), sk: "DECISION" });

/** The decision of an item. */
export const decisionFrom = (item: Item | undefined) => recordOf<Decision>(item);

const preparedList = (cohortId: string, kind: ApplicationKind) => key("COHORT", cohortId, "PREPARED", kind);

function decisionItem(decision: Decision) {
  const waiting = decision.state === "PREPARED";
  return toItem("DECISION", decisionKey(decision.id), decision, {
    ...(waiting && { byListPk: preparedList(decision.cohortId, decision.kind), byListSk: decision.preparedAt }),
  });
}

const rankKey = ({ cohortId, kind }: Decision, rank: number): Key => ({
  pk: key("COHORT", cohortId),
  sk: key("WAITLIST", kind, String(rank).padStart(3, "0")),
});

/** Writes a decision over the one before, moving its seat and its places on the waitlist along in the transaction. */
export function writeDecision(next: Decision, before: Decision | undefined, cohort: Cohort): Write[] {
  return [put(decisionItem(next)), ...seatWrites(next, before, cohort), ...rankWrites(next, before)];
}

/**
 * Writes an application that ends and the decision that is cancelled with it. Where none is, there must be none still: one that
 * is prepared in the same moment would hold its seat for nobody.
 */
export function writeTogether(
  { application, decision }: Together,
  before: { decision: Decision | undefined; cohort: Cohort },
): Write[] {
  return [
    ...writeApplication(application),
    ...(decision
      ? writeDecision(decision, before.decision, before.cohort)
      : [holdDecision(application.id, before.decision)]),
  ];
}

/** Writes a decision that has become known: its seat stays, and the place it was told with before is free. */
export function writeReleased(next: Decision, before: Decision | undefined): Write[] {
  return [put(decisionItem(next)), ...rankWrites(next, before)];
}

/**
 * Demands that the decision on an application stays as it was loaded, or that there is none still, while something is written that
 * depends on it.
 */
export function holdDecision(applicationId: string, decision: Decision | undefined): Write {
  const at = decisionKey(applicationId);
  return decision ? checkVersion(at, decision.version) : checkNone(at);
}

function seatWrites(next: Decision, before: Decision | undefined, cohort: Cohort): Write[] {
  const held = before?.holdsSeat ?? false;
  if (held === next.holdsSeat) return [];
  return [held ? freeSeat(cohort.id) : takeSeat(cohort, cohortFull(cohort))];
}

function rankWrites(next: Decision, before: Decision | undefined): Write[] {
  const kept = before ? ranksOf(before) : new Set<number>();
  const wanted = ranksOf(next);
  const claim = (rank: number) => putNew(toItem("CLAIM", rankKey(next, rank), { applicationId: next.id }), rankTaken);
  return [
    ...[...kept].filter((rank) => !wanted.has(rank)).map((rank) => drop(rankKey(next, rank))),
    ...[...wanted].filter((rank) => !kept.has(rank)).map(claim),
  ];
}

/** Applications that have a place on the waitlist, the best rank first; one that is ranked anew may be there twice. One request. */
export async function waitlistOf(
  table: Table,
  { cohortId, kind, limit }: { cohortId: string; kind: ApplicationKind; limit: number },
): Promise<string[]> {
  const sort = { beginsWith: key("WAITLIST", kind, "") };
  const { items } = await table.query({ partition: key("COHORT", cohortId), sort, limit });
  return items.map((item) => item["applicationId"] as string);
}

/**
 * The prepared decisions of a cohort and kind as they are now: found through the index, then read again by key. One more
 * than can be released, so that too many are noticed. Three requests, or four.
 */
export async function loadPrepared(table: Table, cohortId: string, kind: ApplicationKind): Promise<Decision[]> {
  const partition = preparedList(cohortId, kind);
  const keys: Key[] = [];
  let after: Position | undefined;
  do {
    // Long rationales may fill a page before its limit.
    const limit = MOST_RELEASED + 1 - keys.length;
    const page = await table.query({ index: "byList", partition, limit, after });
    keys.push(...page.items.map(({ pk, sk }) => ({ pk, sk })));
    after = page.next;
  } while (after && keys.length <= MOST_RELEASED);
  const fresh = await table.getMany(keys);
  return fresh.flatMap((item) => (item ? [recordOf<Decision>(item)] : []));
}
