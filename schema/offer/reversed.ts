import type { DecisionEvent } from "../decision/decision.ts";
import type { Reversed } from "../decision/reversal.ts";
import { isRefused, type Decision as Ruling } from "../shared/decision.ts";
import { makeOffer, type Offer } from "./offer.ts";
import { openingFor, type Opening } from "./opening.ts";
import { withTiesEnded, type Ties } from "../team/leaving.ts";
import { withdrawOffer, type Leaving, type PlaceEvent } from "./place.ts";

/** A reversal with what hangs on an acceptance: the offer that is made or taken back, and the seat that becomes free by it. */
export interface ReversedPlace extends Reversed {
  offer?: Offer;
  opening: Opening | null;
  /** The teams that end because an acceptance does; absent where none hang on it. */
  ties?: Ties;
}

/** Adds to a reversal what follows for the offer and the seat: all of it changes together. */
export function withReversedOffer<Outcome extends Reversed, Code extends string>(
  reversed: Ruling<Outcome, Code, DecisionEvent>,
  before: { offer: Offer | undefined; heldSeat: boolean; ties: Ties | undefined },
  facts: Leaving,
): Ruling<Outcome & ReversedPlace, Code, PlaceEvent> {
  if (isRefused(reversed)) return reversed;
  const { outcome, events } = reversed;
  const { cohort, now, openingId: id } = facts;
  if (outcome.decision.holdsSeat) {
    const made = makeOffer(before.offer, outcome.application, { cohort, now, isPromoted: false });
    return { outcome: { ...outcome, offer: made.outcome, opening: null }, events: [...events, ...made.events] };
  }
  const taken = withdrawOffer(before.offer, now);
  const opening = before.heldSeat ? openingFor(cohort, { id, now, takenFrom: outcome.application.id }) : null;
  const left = { outcome: { ...outcome, ...taken.outcome, opening }, events: [...events, ...taken.events] };
  return withTiesEnded(left, before.ties, now);
}
