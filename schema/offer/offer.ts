import type { Application } from "../application/application.ts";
import type { Cohort } from "../cohort/cohort.ts";
import type { OfferPolicy } from "../cohort/policy.ts";
import { isSelf, type Viewer } from "../person/person.ts";
import {
  reasonRefusals,
  refusal,
  REMOVED,
  textRefusals,
  type Decision,
  type Happening,
  type Refusal,
  type TextCode,
  type TextLimit,
} from "../shared/decision.ts";
import {
  addDays,
  dateInWords,
  dateOf,
  instantAt,
  isLocalDate,
  type Instant,
  type LocalDate,
  type Zone,
} from "../shared/time.ts";
import { isSame } from "../shared/same.ts";

/** Where the offer of a place stands. */
export const OFFER_STATES = ["OFFERED", "ACCEPTED", "DECLINED", "LAPSED", "DEFERRED", "WITHDRAWN"] as const;

/** One of OFFER_STATES. */
export type OfferState = (typeof OFFER_STATES)[number];

/** What can be done with an offer. */
export const OFFER_ACTIONS = [
  "offer",
  "accept",
  "decline",
  "lapse",
  "extend",
  "setConditions",
  "askDeferral",
  "refuseDeferral",
  "defer",
  "takeUp",
  "withdraw",
] as const;

/** One of OFFER_ACTIONS. */
export type OfferAction = (typeof OFFER_ACTIONS)[number];

/** From which state which action leads where. What is not here is refused. */
export const OFFER_TRANSITIONS: Record<OfferState, Partial<Record<OfferAction, OfferState>>> = {
  OFFERED: {
    accept: "ACCEPTED",
    decline: "DECLINED",
    lapse: "LAPSED",
    extend: "OFFERED",
    setConditions: "OFFERED",
    askDeferral: "OFFERED",
    refuseDeferral: "OFFERED",
    defer: "DEFERRED",
    withdraw: "WITHDRAWN",
  },
  ACCEPTED: { askDeferral: "ACCEPTED", refuseDeferral: "ACCEPTED", defer: "DEFERRED", withdraw: "WITHDRAWN" },
  // A place is not offered twice to somebody who has let it go.
  DECLINED: {},
  LAPSED: {},
  DEFERRED: { takeUp: "DEFERRED", withdraw: "WITHDRAWN" },
  // Whoever withdrew may apply again while the window is open; then the committee decides anew.
  WITHDRAWN: { offer: "OFFERED" },
};

/** What each state is called: for staff and committee, and for the applicant. */
export const OFFER_LABELS: Record<OfferState, { staff: string; applicant: string }> = {
  OFFERED: { staff: "Offered, not answered yet", applicant: "Waiting for your answer" },
  ACCEPTED: { staff: "Confirmed", applicant: "Confirmed" },
  DECLINED: { staff: "Declined by the candidate", applicant: "Declined" },
  LAPSED: { staff: "Lapsed, not answered in time", applicant: "Lapsed, not answered in time" },
  DEFERRED: { staff: "Deferred to a later cohort", applicant: "Deferred to a later cohort" },
  WITHDRAWN: { staff: "Withdrawn", applicant: "Withdrawn" },
};

/** A place that an accepted candidate can take up. Its id is the application's: there is one, made anew if need be. */
export interface Offer {
  /** The application's id. */
  id: string;
  version: number;
  cohortId: string;
  personId: string;
  state: OfferState;
  offeredAt: Instant;
  /** The last day for an answer, in the cohort's zone. */
  answerBy: LocalDate;
  /** The first instant at which it is too late for an answer. */
  dueAt: Instant;
  /** Days before the last day on which a reminder goes out, and when; null when none is left. */
  nextReminder: OfferReminder | null;
  /** Whether the place was somebody else's before, and came from the waitlist. */
  isPromoted: boolean;
  /** What the place is subject to, as staff have written it; null when to nothing. */
  conditions: string | null;
  /** What was acknowledged with the acceptance; null before, and where there were no conditions. */
  acknowledged: string | null;
  /** When it was accepted, declined, deferred or lapsed; null before. */
  answeredAt: Instant | null;
  /** Why it was declined, when a reason was given. */
  reason: string | null;
  /** A wish to take part a year later that staff have not answered yet. */
  deferral: { reason: string; askedAt: Instant } | null;
  /** The application to a later cohort that a deferred place has led to. */
  takenUpBy: string | null;
}

/** A reminder to come. */
export interface OfferReminder {
  daysBefore: number;
  at: Instant;
}

/** What events of an offer tell besides. */
export interface OfferTold {
  personId: string;
  cohortId: string;
  applicationId: string;
}

/** What happens to offers. What changes the application too is in its history, the rest in the offer's own. */
export type OfferEvent =
  | Happening<"OfferMade", OfferTold>
  | Happening<"OfferPromoted", OfferTold>
  | Happening<"OfferAccepted", OfferTold>
  | Happening<"OfferDeclined", OfferTold>
  | Happening<"OfferLapsed", OfferTold>
  | Happening<"OfferExtended", OfferTold>
  | Happening<"OfferConditionsSet", OfferTold>
  | Happening<"OfferReminderDue", OfferTold & { daysBefore: number }>
  | Happening<"OfferDeferralAsked", OfferTold>
  | Happening<"OfferDeferralRefused", OfferTold>
  | Happening<"OfferDeferred", OfferTold>
  | Happening<"OfferTakenUp", OfferTold>
  | Happening<"OfferWithdrawn", OfferTold>
  | Happening<"DeferralTakenUp", OfferTold>
  | Happening<"PromotionStarted", { count: number }>
  | Happening<"OfferTextsRemoved", object>;

/** Why the state or the time does not allow a step with an offer. */
export type OfferCode = "WRONG_STATE" | "TOO_LATE";

/** Who acts on an offer: the applicant, or staff in their stead with a reason. */
export interface Acting {
  viewer: Viewer;
  /** Why somebody else acts; not asked of the applicant. */
  why?: string | null;
}

/** What a step with an offer answers. */
export type OfferRuling<Code extends string> = Decision<Offer, Code, OfferEvent>;

/** Last day, end and first reminder of an offer that is answered within so many days. */
export function termsFrom(answerBy: LocalDate, { zone, policy }: OfferTerms, now: Instant) {
  const dueAt = instantAt(answerBy, policy.lapsesAt, zone);
  return { answerBy, dueAt, nextReminder: reminderFrom({ answerBy }, { zone, policy }, policy.reminderDays, now) };
}

/** What the days and times of an offer follow from. */
export interface OfferTerms {
  zone: Zone;
  policy: OfferPolicy;
}

/** The terms of a cohort's offers. */
export const offerTerms = ({ zone, policy }: Cohort): OfferTerms => ({ zone, policy: policy.offer });

/** Offers a place. The caller has taken the seat for it. */
export function makeOffer(
  existing: Offer | undefined,
  application: Application,
  facts: { cohort: Cohort; now: Instant; isPromoted: boolean },
): { outcome: Offer; events: OfferEvent[] } {
  const { cohort, now, isPromoted } = facts;
  const terms = offerTerms(cohort);
  const offer: Offer = {
    id: application.id,
    version: existing?.version ?? 0,
    cohortId: application.cohortId,
    personId: application.personId,
    state: "OFFERED",
    offeredAt: now,
    ...termsFrom(addDays(dateOf(now, cohort.zone), terms.policy.days), terms, now),
    isPromoted,
    conditions: null,
    acknowledged: null,
    answeredAt: null,
    reason: null,
    deferral: null,
    takenUpBy: null,
  };
  return { outcome: offer, events: [offerEvent("OfferMade", offer, { before: existing })] };
}

/** Why an offer cannot be accepted. */
export type AcceptCode = OfferCode | TextCode | "NOT_COMMITTED" | "CONDITIONS_NOT_ACKNOWLEDGED";

/** What accepting a place says. */
export interface Acceptance {
  /** Whether the candidate commits to all dates of the cohort. */
  commitsToAllDates: boolean;
  /** The conditions as they were read, word for word. */
  acknowledgedConditions?: string | null;
}

/** Takes up the place. The seat is held already. */
export function acceptOffer(offer: Offer, acceptance: Acceptance, acting: Acting): OfferRuling<AcceptCode> {
  const wrong = answerRefusals(offer, "accept", acting.viewer.now);
  if (wrong.length > 0) return { refusals: wrong };
  const refusals: Refusal<AcceptCode>[] = insteadRefusals(offer, acting);
  if (!acceptance.commitsToAllDates) {
    const message = "All dates are mandatory: please accept only if you can come to all of them.";
    refusals.push(refusal("NOT_COMMITTED", message, "commitsToAllDates"));
  }
  if (offer.conditions !== null && acceptance.acknowledgedConditions !== offer.conditions) {
    const message = "The place has conditions: please read and acknowledge them as they are now.";
    refusals.push(refusal("CONDITIONS_NOT_ACKNOWLEDGED", message, "acknowledgedConditions"));
  }
  if (refusals.length > 0) return { refusals };
  const next = answered(offer, "ACCEPTED", acting.viewer.now, { acknowledged: offer.conditions });
  return { outcome: next, events: [offerEvent("OfferAccepted", next, { before: offer, acting })] };
}

/** Why an offer's end cannot be moved. */
export type ExtendCode = OfferCode | TextCode | "BAD_DATE" | "OUT_OF_RANGE";

/** Days by which the end of an offer can be moved at once. */
const MOST_DAYS_MORE = 90;

/** Gives more time for the answer. */
export function extendOffer(
  offer: Offer,
  wish: { answerBy: LocalDate; why: string },
  facts: { cohort: Cohort; viewer: Viewer },
): OfferRuling<ExtendCode> {
  const { now } = facts.viewer;
  const wrong = answerRefusals(offer, "extend", now);
  if (wrong.length > 0) return { refusals: wrong };
  const refusals: Refusal<ExtendCode>[] = reasonRefusals(wish.why);
  if (!isLocalDate(wish.answerBy)) {
    refusals.push(refusal("BAD_DATE", "This is not a date: please write it as 2027-01-15.", "answerBy"));
  } else if (wish.answerBy <= offer.answerBy || wish.answerBy > addDays(offer.answerBy, MOST_DAYS_MORE)) {
    const message = `The new last day must be after ${offer.answerBy}, and by ${MOST_DAYS_MORE} days at most.`;
    refusals.push(refusal("OUT_OF_RANGE", message, "answerBy"));
  }
  if (refusals.length > 0) return { refusals };
  const next: Offer = { ...offer, ...termsFrom(wish.answerBy, offerTerms(facts.cohort), now) };
  return { outcome: next, events: [offerEvent("OfferExtended", next, { before: offer, why: wish.why.trim() })] };
}

/** Why conditions cannot be set. */
export type ConditionsCode = OfferCode | TextCode;

/** Says what the place is subject to, before it is answered; null takes the conditions away. */
export function setConditions(
  offer: Offer,
  wish: { conditions: string | null; why: string },
  now: Instant,
): OfferRuling<ConditionsCode> {
  const wrong = answerRefusals(offer, "setConditions", now);
  if (wrong.length > 0) return { refusals: wrong };
  const limit = { max: 2_000, label: "The conditions", multiline: true, optional: true };
  const refusals: Refusal<ConditionsCode>[] = [
    ...textRefusals(wish.conditions ?? "", limit, "conditions"),
    ...reasonRefusals(wish.why),
  ];
  if (refusals.length > 0) return { refusals };
  const conditions = wish.conditions?.trim() || null;
  if (conditions === offer.conditions) return { outcome: offer, events: [] };
  const next: Offer = { ...offer, conditions };
  return { outcome: next, events: [offerEvent("OfferConditionsSet", next, { before: offer, why: wish.why.trim() })] };
}

/** Why a deferral cannot be asked for. */
export type AskDeferralCode = OfferCode | TextCode | "ALREADY_ASKED";

/** What candidates may write about their answer. */
export const STATED: TextLimit = { max: 2_000, label: "The reason", multiline: true, optional: true };

/** Asks to take part a year later. Until staff have answered nothing changes, and the offer goes on. */
export function askDeferral(offer: Offer, reason: string, acting: Acting): OfferRuling<AskDeferralCode> {
  const { now } = acting.viewer;
  const wrong = answerRefusals(offer, "askDeferral", now);
  if (wrong.length > 0) return { refusals: wrong };
  const refusals: Refusal<AskDeferralCode>[] = [
    ...textRefusals(reason, { ...STATED, optional: false }, "reason"),
    ...insteadRefusals(offer, acting),
  ];
  if (offer.deferral !== null) {
    refusals.push(refusal("ALREADY_ASKED", "This was asked for already: staff write to you about it."));
  }
  if (refusals.length > 0) return { refusals };
  const next: Offer = { ...offer, deferral: { reason: reason.trim(), askedAt: now } };
  return { outcome: next, events: [offerEvent("OfferDeferralAsked", next, { before: offer, acting })] };
}

/** Refuses a deferral that was asked for; the offer stands as it did. */
export function refuseDeferral(offer: Offer, why: string): OfferRuling<"WRONG_STATE" | "NOT_ASKED" | TextCode> {
  const wrong = offerRefusals(offer, "refuseDeferral");
  if (wrong.length > 0) return { refusals: wrong };
  if (offer.deferral === null) return { refusals: [refusal("NOT_ASKED", "Nobody has asked for a deferral.")] };
  const refusals = reasonRefusals(why);
  if (refusals.length > 0) return { refusals };
  const next: Offer = { ...offer, deferral: null };
  return { outcome: next, events: [offerEvent("OfferDeferralRefused", next, { before: offer, why: why.trim() })] };
}

/**
 * Does what is due of an offer's reminders: at most one mail, for the latest step that has been reached, however late that is
 * noticed. The end never moves by it.
 */
export function remindOfOffer(offer: Offer, terms: OfferTerms, now: Instant): OfferRuling<never> {
  const { nextReminder } = offer;
  if (offer.state !== "OFFERED" || nextReminder === null || now < nextReminder.at || offer.dueAt <= now) {
    return { outcome: offer, events: [] };
  }
  const reached = terms.policy.reminderDays.filter(
    (days) => days <= nextReminder.daysBefore && reminderAt(offer, days, terms) <= now,
  );
  const daysBefore = Math.min(nextReminder.daysBefore, ...reached);
  const left = terms.policy.reminderDays.filter((days) => days < daysBefore);
  const next: Offer = { ...offer, nextReminder: reminderFrom(offer, terms, left, now) };
  return { outcome: next, events: [offerEvent("OfferReminderDue", next, { daysBefore })] };
}

/** Takes what people wrote out of an offer for good. Nothing happens when it is gone already. */
export function removeOfferTexts(offer: Offer): { outcome: Offer; events: OfferEvent[] } {
  const cleared = <Text extends string | null>(text: Text) => (text === null ? null : REMOVED);
  const next: Offer = {
    ...offer,
    conditions: cleared(offer.conditions),
    acknowledged: cleared(offer.acknowledged),
    reason: cleared(offer.reason),
    deferral: offer.deferral && { ...offer.deferral, reason: REMOVED },
  };
  if (isSame(next, offer)) return { outcome: offer, events: [] };
  const about = { kind: "Offer", id: offer.id } as const;
  return { outcome: next, events: [{ type: "OfferTextsRemoved", about, facts: {} }] };
}

/** Why the state of an offer does not allow the action; empty when it does. */
export function offerRefusals({ state }: Offer, action: OfferAction): Refusal<"WRONG_STATE">[] {
  if (OFFER_TRANSITIONS[state][action] !== undefined) return [];
  const message = `This is not possible now: the state of the offer is “${OFFER_LABELS[state].applicant}”.`;
  return [refusal("WRONG_STATE", message)];
}

/** The same for what has to be done in time: an offer that was not answered counts as lapsed from its end on. */
export function answerRefusals(offer: Offer, action: OfferAction, now: Instant): Refusal<OfferCode>[] {
  const wrong = offerRefusals(offer, action);
  if (wrong.length > 0 || offer.state !== "OFFERED" || now < offer.dueAt) return wrong;
  const message = `The last day for an answer was ${dateInWords(offer.answerBy)}: the offer has lapsed since.`;
  return [refusal("TOO_LATE", message)];
}

/** What is missing when staff act in the candidate's stead: the reason. Of the candidate none is asked. */
export function insteadRefusals({ personId }: Offer, { viewer, why }: Acting): Refusal<TextCode>[] {
  return isSelf(viewer, personId) ? [] : reasonRefusals(why ?? "");
}

/** The offer with its answer, which ends its reminders. */
export function answered(
  offer: Offer,
  state: "ACCEPTED" | "DECLINED" | "LAPSED" | "DEFERRED" | "WITHDRAWN",
  answeredAt: Instant,
  more: Partial<Pick<Offer, "acknowledged" | "reason" | "deferral">> = {},
): Offer {
  return { ...offer, state, answeredAt, nextReminder: null, ...more };
}

/** The event of a step with an offer. Who acted in the candidate's stead stands there with the reason. */
export function offerEvent(
  type: Exclude<OfferEvent["type"], "DeferralTakenUp" | "PromotionStarted" | "OfferTextsRemoved">,
  next: Offer,
  facts: {
    before?: Offer;
    acting?: Acting;
    why?: string;
    /** The states of the application, where they change with the offer. */
    application?: { from: string; to: string };
    daysBefore?: number;
  },
): OfferEvent {
  const { before, acting, application, daysBefore } = facts;
  const isInstead = acting !== undefined && !isSelf(acting.viewer, next.personId);
  const { id, personId, cohortId } = next;
  const told: OfferTold = { personId, cohortId, applicationId: id };
  const why = facts.why ?? (isInstead ? acting.why?.trim() : undefined);
  return {
    type,
    about: { kind: application ? "Application" : "Offer", id: next.id },
    facts: { ...told, ...(daysBefore !== undefined && { daysBefore }) },
    before: {
      ...(application && { state: application.from }),
      ...(before && { offer: before.state, answerBy: before.answerBy }),
    },
    after: { ...(application && { state: application.to }), offer: next.state, answerBy: next.answerBy },
    ...(why !== undefined && { why }),
    ...(isInstead && { actingFor: next.personId }),
  } as OfferEvent;
}

function reminderAt({ answerBy }: Pick<Offer, "answerBy">, daysBefore: number, { zone, policy }: OfferTerms): Instant {
  return instantAt(addDays(answerBy, -daysBefore), policy.lapsesAt, zone);
}

/** The next reminder whose time is still to come: one that was due before the offer was made says nothing new. */
function reminderFrom(
  offer: Pick<Offer, "answerBy">,
  terms: OfferTerms,
  days: readonly number[],
  now: Instant,
): OfferReminder | null {
  const daysBefore = days.find((each) => each > 0 && reminderAt(offer, each, terms) > now);
  return daysBefore === undefined ? null : { daysBefore, at: reminderAt(offer, daysBefore, terms) };
}
