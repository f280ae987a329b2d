import { applicationFrom, applicationKey, writeApplication } from "../application/application.table.ts";
import type { ApplicationKind } from "../application/application.ts";
import { cohortFrom, cohortKey } from "../cohort/cohort.table.ts";
import type { Cohort } from "../cohort/cohort.ts";
import { decisionFrom, decisionKey, holdDecision, waitlistOf, writeDecision } from "../decision/decision.table.ts";
import { loadJointOf, writeNoted } from "../joint/joint.table.ts";
import { isUndecided } from "../joint/joint.ts";
import type { Table } from "../shared/table.ts";
import type { Write } from "../shared/write.ts";
import { loadTies, writeTies } from "../team/leaving.table.ts";
import { offerFrom, offerKey, writeOffer } from "./offer.table.ts";
import { writeOpening } from "./opening.table.ts";
import type { Offered, Place, Seating } from "./place.ts";

/**
 * Everything that tells who has a seat, as it is now; undefined where the application is not there. Two requests, and for who is
 * accepted those of `loadTies`, before a decision those of `loadJointOf`.
 */
export async function loadPlace(table: Table, id: string): Promise<(Place & { cohort: Cohort }) | undefined> {
  const cohortId = applicationFrom(await table.get(applicationKey(id)))?.cohortId;
  if (cohortId === undefined) return undefined;
  const keys = [applicationKey(id), decisionKey(id), offerKey(id), cohortKey(cohortId)];
  const [item, decision, offer, cohort] = await table.getMany(keys);
  const application = applicationFrom(item)!;
  // Read after the application: whoever makes a team in between holds the version that was read here, and one of the two loses.
  const ties = await loadTies(table, application);
  const joint = isUndecided(application) ? await loadJointOf(table, id) : undefined;
  return {
    application,
    decision: decisionFrom(decision),
    offer: offerFrom(offer),
    cohort: cohortFrom(cohort)!,
    ...(ties && { ties }),
    ...(joint && { joint }),
  };
}

/** The same, where there is an offer. */
export async function loadOffered(table: Table, id: string): Promise<(Offered & { cohort: Cohort }) | undefined> {
  const place = await loadPlace(table, id);
  if (!place?.decision || !place.offer) return undefined;
  return { ...place, decision: place.decision, offer: place.offer };
}

/**
 * Writes what a step has changed of a place, its seat along in the transaction. A decision that is prepared in the same moment is
 * not left behind on an application that goes another way.
 */
export function writePlace(next: Place, before: Partial<Place>, cohort: Cohort): Write[] {
  const isMoved = next.application !== before.application;
  const isLeft = isMoved && before.application !== undefined && isUndecided(before.application);
  const isDecided = next.decision !== undefined && next.decision !== before.decision;
  return [
    ...(isMoved ? writeApplication(next.application) : []),
    ...(isDecided ? writeDecision(next.decision!, before.decision, cohort) : []),
    ...(isMoved && !isDecided ? [holdDecision(next.application.id, before.decision)] : []),
    ...(next.offer && next.offer !== before.offer ? writeOffer(next.offer) : []),
    ...(next.opening ? writeOpening(next.opening) : []),
    ...writeTies(next.ties, before.ties),
    ...(isLeft ? writeNoted(next.application.id, next.joint, before.joint) : []),
  ];
}

/** The first of a waitlist by rank, as they are now. Two requests. */
export async function loadWaitlist(
  table: Table,
  of: { cohortId: string; kind: ApplicationKind; limit: number },
): Promise<Seating["waitlist"]> {
  const ids = await waitlistOf(table, of);
  const keys = ids.flatMap((id) => [applicationKey(id), decisionKey(id), offerKey(id)]);
  const items = await table.getMany(keys);
  return ids.map((_, index) => ({
    application: applicationFrom(items[3 * index]),
    decision: decisionFrom(items[3 * index + 1]),
    offer: offerFrom(items[3 * index + 2]),
  }));
}
