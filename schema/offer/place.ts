import { conflictRefusals, type Application, type ApplicationEvent } from "../application/application.ts";
import type { Ending } from "../application/ending.ts";
import { deferApplication, giveUpPlace } from "../application/step.ts";
import { leaveSeat, promoteDecision, withdraw, type Decision, type DecisionEvent } from "../decision/decision.ts";
import type { Cohort } from "../cohort/cohort.ts";
import { noteWithdrawal, type Joint, type JointEvent } from "../joint/joint.ts";
import type { Viewer } from "../person/person.ts";
import {
  isRefused,
  reasonRefusals,
  refusal,
  textRefusals,
  type Decision as Ruling,
  type Refusal,
  type TextCode,
} from "../shared/decision.ts";
import type { Instant } from "../shared/time.ts";
import type { ConfirmationEvent } from "../team/confirmation.ts";
import { withTiesEnded, type Ties } from "../team/leaving.ts";
import type { TeamEvent } from "../team/team.ts";
import {
  answered,
  answerRefusals,
  insteadRefusals,
  makeOffer,
  offerEvent,
  offerRefusals,
  STATED,
  type Acting,
  type Offer,
  type OfferCode,
  type OfferEvent,
  type OfferRuling,
} from "./offer.ts";
import { closeOpening, isWaiting, openingFor, type Opening, type Waiting } from "./opening.ts";

/** Everything that tells who has a seat: it changes together, in one transaction. */
export interface Place {
  application: Application;
  decision?: Decision;
  offer?: Offer;
  /** The seat that has become free by the step, for the waitlist. */
  opening?: Opening | null;
  /** The joint application that it is in while nothing is decided; absent otherwise. */
  joint?: Joint;
  /** The teams of somebody who is accepted, and what rests on them; absent otherwise. */
  ties?: Ties;
}

/** A place with its offer. */
export type Offered = Place & { decision: Decision; offer: Offer };

/** What happens to a place. */
export type PlaceEvent = ApplicationEvent | DecisionEvent | OfferEvent | TeamEvent | ConfirmationEvent | JointEvent;

/** What a step that may free a seat knows. */
export interface Leaving extends Ending {
  /** Id for the opening, should there be one. */
  openingId: string;
}

/** What a step with a place answers. */
export type PlaceRuling<Code extends string> = Ruling<Place, Code, PlaceEvent>;

/** Why an offer cannot be declined. */
export type DeclineCode = OfferCode | TextCode;

/** Declines the place: it is free at once, for the first on the waitlist. */
export function declineOffer(
  place: Offered,
  reason: string | null | undefined,
  acting: Acting,
  facts: Leaving,
): PlaceRuling<DeclineCode> {
  const { offer } = place;
  const wrong = answerRefusals(offer, "decline", facts.now);
  if (wrong.length > 0) return { refusals: wrong };
  const refusals: Refusal<DeclineCode>[] = [
    ...textRefusals(reason ?? "", STATED, "reason"),
    ...insteadRefusals(offer, acting),
  ];
  if (refusals.length > 0) return { refusals };
  const next = answered(offer, "DECLINED", facts.now, { reason: reason?.trim() || null, deferral: null });
  return freed(place, next, giveUpPlace(place.application, facts), { ...facts, type: "OfferDeclined", acting });
}

/** Lets an offer lapse that was not answered by its end, as if it had been declined then. */
export function lapseOffer(place: Offered, facts: Leaving): PlaceRuling<"WRONG_STATE"> {
  const { offer, application } = place;
  const wrong = offerRefusals(offer, "lapse");
  if (wrong.length > 0) return { refusals: wrong };
  if (facts.now < offer.dueAt) return { outcome: place, events: [] };
  if (isCertified(application)) {
    // Whoever went through the program has taken the place up.
    const next = answered(offer, "ACCEPTED", facts.now);
    return { outcome: { ...place, offer: next }, events: [offerEvent("OfferAccepted", next, { before: offer })] };
  }
  const next = answered(offer, "LAPSED", facts.now, { deferral: null });
  return freed(place, next, giveUpPlace(application, facts), { ...facts, type: "OfferLapsed" });
}

/** Why a place cannot be deferred. */
export type DeferCode = "WRONG_STATE" | "NOT_ASKED" | TextCode;

/** Lets a candidate who asked for it take part in a later cohort; the seat in this one is free. */
export function deferOffer(place: Offered, why: string, facts: Leaving): PlaceRuling<DeferCode> {
  const { offer, application } = place;
  const wrong = offerRefusals(offer, "defer");
  if (wrong.length > 0) return { refusals: wrong };
  if (isCertified(application)) return { refusals: [refusal("WRONG_STATE", "The place has led to a certificate.")] };
  if (offer.deferral === null) return { refusals: [refusal("NOT_ASKED", "Nobody has asked for a deferral.")] };
  const refusals = reasonRefusals(why);
  if (refusals.length > 0) return { refusals };
  const next = answered(offer, "DEFERRED", facts.now);
  return freed(place, next, deferApplication(application), { ...facts, type: "OfferDeferred", why: why.trim() });
}

/** The next place when its seat is given up. */
function freed(
  place: Offered,
  offer: Offer,
  application: Ruling<Application>,
  facts: Leaving & { type: "OfferDeclined" | "OfferLapsed" | "OfferDeferred"; acting?: Acting; why?: string },
): PlaceRuling<"WRONG_STATE"> {
  if (isRefused(application)) {
    return { refusals: [refusal("WRONG_STATE", "The application is not accepted any more.")] };
  }
  const { type, acting, why, cohort, openingId: id, now } = facts;
  const event = offerEvent(type, offer, {
    before: place.offer,
    acting,
    why,
    application: { from: place.application.state, to: application.outcome.state },
  });
  const left = {
    application: application.outcome,
    decision: leaveSeat(place.decision),
    offer,
    opening: openingFor(cohort, { id, now }),
  };
  return withTiesEnded({ outcome: left, events: [event] }, place.ties, now);
}

/** Withdraws an application with all it holds: its seat, its place on the waitlist, its offer. */
export function withdrawPlace(place: Place, facts: Leaving): PlaceRuling<"WRONG_STATE" | "ALREADY_SUBMITTED"> {
  const { application, decision, offer } = place;
  const joint = place.joint && noteWithdrawal(place.joint, application);
  const withdrawn = withdraw(application, decision, facts);
  if (isRefused(withdrawn)) return withdrawn;
  const { outcome, events } = withdrawn;
  const ended = withdrawOffer(offer, facts.now);
  // A seat of a decision that nobody knew of is the committee's to give again.
  const isFreed = decision?.holdsSeat === true && application.state === "ACCEPTED";
  const left = {
    ...place,
    ...outcome,
    ...ended.outcome,
    ...(joint && { joint: joint.outcome }),
    opening: isFreed ? openingFor(facts.cohort, { id: facts.openingId, now: facts.now }) : null,
  };
  const told = [...events, ...ended.events, ...(joint?.events ?? [])];
  return withTiesEnded({ outcome: left, events: told }, place.ties, facts.now);
}

/** Takes an offer back, because its application was withdrawn or its decision reversed. Nothing happens when there is none. */
export function withdrawOffer(
  offer: Offer | undefined,
  now: Instant,
): { outcome: { offer?: Offer }; events: OfferEvent[] } {
  if (offer === undefined || offerRefusals(offer, "withdraw").length > 0) return { outcome: {}, events: [] };
  const next = answered(offer, "WITHDRAWN", now, { deferral: null });
  return { outcome: { offer: next }, events: [offerEvent("OfferWithdrawn", next, { before: offer })] };
}

/** Adds the offer to a decision that became known: accepted candidates are offered a place, mentors are asked with their team. */
export function withOffer<Code extends string>(
  released: Ruling<{ application: Application; decision: Decision }, Code, DecisionEvent>,
  existing: Offer | undefined,
  facts: { cohort: Cohort; now: Instant },
): Ruling<Place & { decision: Decision }, Code, PlaceEvent> {
  if (isRefused(released)) return released;
  const { outcome, events } = released;
  if (!outcome.decision.holdsSeat) return released;
  const made = makeOffer(existing, outcome.application, { ...facts, isPromoted: false });
  return { outcome: { ...outcome, offer: made.outcome }, events: [...events, ...made.events] };
}

/** What is known when a free seat is given on. */
export interface Seating {
  opening: Opening;
  cohort: Cohort;
  seatsTaken: number;
  /** Whoever is on the waitlist, by rank. */
  waitlist: readonly { application?: Application; decision?: Decision; offer?: Offer }[];
}

/** What giving a free seat on writes: the closed opening, and whoever got the seat. */
export interface Seated {
  opening: Opening;
  place: (Place & { decision: Decision }) | null;
}

/**
 * Gives a free seat to the best on the waitlist: accepted, and offered the place with an end of its own. Nobody gets it when no
 * seat is free, when nobody waits but whom it was taken from, or when whoever is best by now is none of those that staff have
 * confirmed.
 */
export function promote(seating: Seating, now: Instant): Ruling<Seated, never, PlaceEvent> {
  const { opening, cohort, seatsTaken, waitlist } = seating;
  if (opening.state === "DONE") return { outcome: { opening, place: null }, events: [] };
  const best =
    seatsTaken < cohort.seats
      ? waitingOf(waitlist).find(({ application }) => application.id !== opening.takenFrom)
      : undefined;
  if (!best || opening.confirmed?.includes(best.application.id) === false) {
    return { outcome: { opening: closeOpening(opening, null), place: null }, events: [] };
  }
  const { application, decision, offer } = best;
  const next = promoteDecision({ application, decision }, now);
  const made = makeOffer(offer, next.application, { cohort, now, isPromoted: true });
  const event = offerEvent("OfferPromoted", made.outcome, {
    application: { from: application.state, to: next.application.state },
  });
  const ranks = { before: { outcome: "WAITLIST", rank: decision.rank }, after: { outcome: "ACCEPT", rank: null } };
  const promoted: OfferEvent = {
    ...event,
    before: { ...event.before, ...ranks.before },
    after: { ...event.after, ...ranks.after },
  };
  return {
    outcome: { opening: closeOpening(opening, application.id), place: { ...next, offer: made.outcome } },
    events: [promoted, ...made.events],
  };
}

/** The place with the offer as a step leaves it; everything else stays. */
export function placeWith<Code extends string>(place: Offered, offer: OfferRuling<Code>): PlaceRuling<Code> {
  return isRefused(offer) ? offer : { outcome: { ...place, offer: offer.outcome }, events: offer.events };
}

/** A step of the office, which nobody takes about themselves or where they are recused. */
export function inOffice<Code extends string>(
  { application }: Place,
  viewer: Viewer,
  decide: () => PlaceRuling<Code>,
): PlaceRuling<Code | "OWN_APPLICATION" | "RECUSED"> {
  const conflicts = conflictRefusals(application, viewer);
  return conflicts.length > 0 ? { refusals: conflicts } : decide();
}

/** Whoever would be promoted next, best rank first. */
export function waitingOf(waitlist: Seating["waitlist"]): (Waiting & { offer?: Offer })[] {
  return waitlist.flatMap(({ application, decision, offer }) =>
    application && decision && isWaiting(application, decision) ? [{ application, decision, offer }] : [],
  );
}

function isCertified(application: Application): boolean {
  return "certificateNumber" in application && application.certificateNumber !== undefined;
}
