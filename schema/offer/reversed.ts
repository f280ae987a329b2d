import type { DecisionEvent } from "../decision/decision.ts";
import type { Reversed } from "../decision/reversal.ts";
import { isRefused, type Decision as Ruling } from "../shared/decision.ts";
import { makeOffer, type Offer, type OfferEvent } from "./offer.ts";
import { openingFor, type Opening } from "./opening.ts";
import { withdrawOffer, type Leaving } from "./place.ts";

/** A reversal with what hangs on an acceptance: the offer that is made or taken back, and the seat that becomes free by it. */
export interface ReversedPlace extends Reversed {
  offer?: Offer;
  opening: Opening | null;
}

/** Adds to a reversal what follows for the offer and the seat: all of it changes together. */
export function withReversedOffer<Outcome extends Reversed, Code extends string>(
  reversed: Ruling<Outcome, Code, DecisionEvent>,
  before: { offer: Offer | undefined; heldSeat: boolean },
  facts: Leaving,
): Ruling<Outcome & ReversedPlace, Code, DecisionEvent | OfferEvent> {
  if (isRefused(reversed)) return reversed;
  const { outcome, events } = reversed;
  const { cohort, now, openingId: id } = facts;
  if (outcome.decision.holdsSeat) {
    const made = makeOffer(before.offer, outcome.application, { cohort, now, isPromoted: false });
    return { outcome: { ...outcome, offer: made.outcome, opening: null }, events: [...events, ...made.events] };
  }
  const taken = withdrawOffer(before.offer, now);
  const opening = before.heldSeat ? openingFor(cohort, { id, now }) : null;
  return { outcome: { ...outcome, ...taken.outcome, opening }, events: [...events, ...taken.events] };
}
