import { dueAt, key, recordOf, toItem, type Item, type Key } from "../shared/keys.ts";
import type { Page, Position, Table } from "../shared/table.ts";
import { put, type Write } from "../shared/write.ts";
import type { Offer, OfferState } from "./offer.ts";

/** Where the offer of an application is kept. */
export const offerKey = (applicationId: string): Key => ({ pk: key("APPLICATION", applicationId), sk: "OFFER" });

/** The offer of an item. */
export const offerFrom = (item: Item | undefined) => recordOf<Offer>(item);

const listOf = (cohortId: string, state: OfferState) => key("COHORT", cohortId, "OFFERS", state);

/** Writes an offer. One that is not answered is due at its next reminder, and at its end. */
export function writeOffer(offer: Offer): Write[] {
  const { id, cohortId, state, answerBy, nextReminder } = offer;
  const due = state === "OFFERED" ? (nextReminder?.at ?? offer.dueAt) : null;
  const item = toItem("OFFER", offerKey(id), offer, {
    byListPk: listOf(cohortId, state),
    byListSk: key(answerBy, id),
    ...dueAt(due, id),
  });
  return [put(item)];
}

/** A cohort's offers of one state, the first to end first. One request. */
export async function listOffers(
  table: Table,
  of: { cohortId: string; state: OfferState },
  page: { limit: number; after?: Position },
): Promise<Page> {
  return table.query({ index: "byList", partition: listOf(of.cohortId, of.state), ...page });
}
