import type { Cohort } from "../cohort/cohort.ts";
import { issueLink, linkUnknown, openLink, type LinkCode, type LinkEvent } from "../link/link.ts";
import { isRefused, refusal, type Decision } from "../shared/decision.ts";
import type { Instant } from "../shared/time.ts";
import {
  areLettersClosed,
  closed,
  lettersClosed,
  opened,
  stateRefusals,
  told,
  type Nomination,
  type NominationEvent,
  type NominationLink,
  type NominationLinkFacts,
} from "./nomination.ts";
import { nextSearch, recordNomination, type RecordCode, type UnsolicitedWish } from "./unsolicited.ts";

/** Most letters that are offered in the name of one address in a day, so that nobody is flooded with mails. */
const MOST_OFFERED = 5;

/** Most mails a day that tell one address that somebody has nominated it. */
const MOST_TOLD = 1;

/** How often something was done with an address on one day. */
export interface Counted {
  version: number;
  count: number;
}

/** Why a letter that somebody offers is not taken. */
export type OfferCode = RecordCode | "TOO_MANY";

/** Why a letter is not confirmed. */
export type ConfirmCode = LinkCode | "WRONG_STATE" | "TOO_LATE";

/** What a link that confirms a letter leads to, as far as it is there. */
export interface FoundOffer {
  link: NominationLink | undefined;
  /** Whether the token proves to be from the mail. */
  isHeld: boolean;
  offered: { nomination: Nomination; cohort: Cohort } | undefined;
  /** How often whom it is about was told of a letter today. */
  toldToday: Counted;
}

/**
 * Takes a letter that somebody offers without being asked and without an account. It counts for nothing before whoever it says
 * wrote it has confirmed that by a link to their address. Nothing tells whether there is an application by whom it is about.
 */
export function offerNomination(
  wish: UnsolicitedWish,
  facts: { id: string; linkId: string; cohort: Cohort; now: Instant; offeredToday: Counted },
): Decision<
  { nomination: Nomination; link: NominationLink; offeredToday: Counted },
  OfferCode,
  NominationEvent | LinkEvent
> {
  const { id, linkId, cohort, now, offeredToday } = facts;
  const letter = recordNomination(wish, { id, cohort, now, tellsNominee: false });
  if (isRefused(letter)) return letter;
  if (offeredToday.count >= MOST_OFFERED) return { refusals: [tooManyOffered] };
  const about = { kind: "Nomination", id } as const;
  const made = issueLink<NominationLinkFacts>(
    { about, purpose: "NOMINATION_OFFER", version: 0, links: [] },
    { id: linkId, to: letter.outcome.nominator.email, facts: { nominationId: id } },
    now,
  );
  if (isRefused(made)) return made;
  const { link } = made.outcome;
  const nomination = { ...opened(letter.outcome, "OFFERED", link.expiresAt), linkId };
  const event: NominationEvent = {
    type: "NominationOffered",
    about,
    facts: { ...told(nomination).facts, linkId },
    after: { state: "OFFERED" },
  };
  return {
    outcome: { nomination, link, offeredToday: { ...offeredToday, count: offeredToday.count + 1 } },
    events: [event, ...made.events],
  };
}

/** Whoever holds the link says that they wrote it: from now on it waits for its application. Said again, nothing changes. */
export function confirmNomination(
  { link, isHeld, offered, toldToday }: FoundOffer,
  now: Instant,
): Decision<
  { nomination: Nomination; link: NominationLink; toldToday: Counted },
  ConfirmCode,
  NominationEvent | LinkEvent
> {
  const used = openLink(link, { purpose: "NOMINATION_OFFER", isHeld }, now);
  const isTheirs = isHeld && link?.purpose === "NOMINATION_OFFER" && offered !== undefined;
  if (isTheirs && (offered.nomination.state === "UNMATCHED" || offered.nomination.state === "PROVIDED")) {
    return { outcome: { nomination: offered.nomination, link, toldToday }, events: [] };
  }
  if (isRefused(used)) return used;
  if (!offered) return { refusals: [linkUnknown] };
  const { nomination, cohort } = offered;
  const wrong = stateRefusals(nomination, "confirm");
  if (wrong.length > 0) return { refusals: wrong };
  if (areLettersClosed(cohort, null, now)) return { refusals: [lettersClosed] };
  const next = opened(nomination, "UNMATCHED", nextSearch(cohort, now));
  const tellsNominee = toldToday.count < MOST_TOLD;
  const { about, facts } = told(next);
  const event: NominationEvent = {
    type: "NominationConfirmed",
    about,
    facts: { ...facts, tellsNominee },
    before: { state: "OFFERED" },
    after: { state: "UNMATCHED" },
  };
  return {
    outcome: {
      nomination: next,
      link: used.outcome,
      toldToday: tellsNominee ? { ...toldToday, count: toldToday.count + 1 } : toldToday,
    },
    events: [event, ...used.events],
  };
}

/** Lets a letter end that nobody confirmed in time. What stands in it is not kept. */
export function endOffer(
  nomination: Nomination,
  { cohort, now }: { cohort: Cohort; now: Instant },
): Decision<Nomination, never, NominationEvent> {
  const isDue = nomination.state === "OFFERED" && nomination.dueAt <= now;
  if (!isDue) return { outcome: nomination, events: [] };
  const event: NominationEvent = {
    type: "NominationExpired",
    ...told(nomination),
    before: { state: "OFFERED" },
    after: { state: "EXPIRED" },
  };
  const ended = { ...closed(nomination, "EXPIRED", { cohort, now }), keptUntil: now };
  return { outcome: ended, events: [event] };
}

const tooManyOffered = refusal(
  "TOO_MANY",
  "Too many nominations were written in the name of this address today: please try again tomorrow.",
  "nominatorEmail",
);
