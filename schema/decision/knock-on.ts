import { STATE_LABELS, type Application } from "../application/application.ts";
import type { Cohort } from "../cohort/cohort.ts";
import type { Viewer } from "../person/person.ts";
import { isRefused, type Decision as Ruling, type Refusal } from "../shared/decision.ts";
import type { Decision, DecisionEvent } from "./decision.ts";
import { reverseDecision, type ReverseCode, type Reversed, type ReversalTerms } from "./reversal.ts";
import { isGivenOn } from "../offer/opening.ts";
import type { Instant } from "../shared/time.ts";
import type { Ties } from "../team/leaving.ts";
import { mayReadTeam, type Team } from "../team/team.ts";
import { cohortFull, rankTaken } from "./terms.ts";

/** What follows from a reversal, in words for whoever confirms it. */
export interface KnockOn {
  code: (typeof KNOCK_ONS)[number];
  message: string;
  /** Another application that is concerned; null when it is the same one, or nobody's in particular. */
  applicationId: string | null;
}

/** What can follow from a reversal. */
export const KNOCK_ONS = [
  "STATE_CHANGES",
  "SEAT_FREED",
  "SEAT_NEEDED",
  "OFFER_WITHDRAWN",
  "OFFER_MADE",
  "TEAM_ENDS",
  "RANK_FREED",
  "RANK_TAKEN",
  "PROMOTION_FOLLOWS",
  "PROMOTION_PREPARED",
  "MAIL_GOES_OUT",
] as const;

/** What is known of the cohort when a reversal is looked at. */
export interface Surroundings {
  cohort: Cohort;
  seatsTaken: number;
  waitlist: readonly { applicationId: string; rank: number }[];
  /** The decisions on whoever is on the waitlist; empty where the viewer must not know who is next. */
  decisions: ReadonlyMap<string, Decision>;
  /** The teams that hang on an acceptance; absent where there is none. */
  ties?: Ties;
}

/**
 * A reversal with everything that follows from it, or why it cannot be made as things are. Seats and places are looked at so that
 * a look says the same as the step; in the step the transaction has the last word.
 */
export function weighReversal(
  before: { application: Application; decision: Decision | undefined },
  terms: ReversalTerms,
  facts: Parameters<typeof reverseDecision>[2] & Surroundings,
): Ruling<Reversed & { knockOns: readonly KnockOn[] }, ReverseCode, DecisionEvent> {
  const { application, decision } = before;
  const ruling = reverseDecision(before, terms, facts);
  if (isRefused(ruling) || !decision) return ruling as { refusals: readonly Refusal<ReverseCode>[] };
  const { outcome, events } = ruling;
  const room = roomRefusals(decision, outcome.decision, facts);
  if (room.length > 0) return { refusals: room };
  return { outcome: { ...outcome, knockOns: knockOnsOf({ application, decision }, outcome, facts) }, events };
}

/** Whoever is on the waitlist and was told of their place, the best one first. */
function told({ waitlist, decisions }: Surroundings, applicationId: string): Decision[] {
  return [...waitlist]
    .sort((a, b) => a.rank - b.rank)
    .flatMap((one) => decisions.get(one.applicationId) ?? [])
    .filter((one) => one.id !== applicationId && one.told?.outcome === "WAITLIST");
}

function knockOnsOf(
  before: { application: Application; decision: Decision },
  next: Reversed,
  around: Surroundings & { viewer: Viewer },
) {
  const { cohort } = around;
  const { decision: was } = before;
  const { decision: is } = next;
  const isCandidate = is.kind === "CANDIDATE";
  const [from, to] = [STATE_LABELS[before.application.state].staff, STATE_LABELS[next.application.state].staff];
  const freesSeat = was.holdsSeat && !is.holdsSeat;
  const needsSeat = is.holdsSeat && !was.holdsSeat;
  const found: (KnockOn | false)[] = [
    effect("STATE_CHANGES", `The application changes from “${from}” to “${to}”.`),
    freesSeat && effect("SEAT_FREED", `A seat of ${cohort.name} becomes free.`),
    needsSeat && effect("SEAT_NEEDED", `A seat of ${cohort.name} is taken.`),
    isCandidate && was.outcome === "ACCEPT" && effect("OFFER_WITHDRAWN", "The offer of the place is withdrawn."),
    isCandidate && is.outcome === "ACCEPT" && effect("OFFER_MADE", "The place is offered."),
    ...(is.outcome === "ACCEPT" ? [] : teamsSeen(around)).map((team) => teamEnd(team, is)),
    was.rank !== null && effect("RANK_FREED", `Place ${was.rank} on the waitlist becomes free.`),
    is.rank !== null && effect("RANK_TAKEN", `Place ${is.rank} on the waitlist is taken.`),
    ...(freesSeat ? promotion(cohort, told(around, before.application.id), around.viewer.now) : []),
    effect("MAIL_GOES_OUT", "The applicant is told at once, by one mail that corrects the earlier one."),
  ];
  return found.filter((one): one is KnockOn => one !== false);
}

function roomRefusals(
  was: Decision,
  is: Decision,
  { cohort, seatsTaken, waitlist }: Surroundings,
): Refusal<"COHORT_FULL" | "RANK_TAKEN">[] {
  const isFull = is.holdsSeat && !was.holdsSeat && seatsTaken >= cohort.seats;
  const isHeld = waitlist.some(({ applicationId, rank }) => rank === is.rank && applicationId !== is.id);
  return [...(isFull ? [cohortFull(cohort) as Refusal<"COHORT_FULL">] : []), ...(isHeld ? [rankTaken] : [])];
}

function effect(code: KnockOn["code"], message: string, applicationId: string | null = null): KnockOn {
  return { code, message, applicationId };
}

/** The teams that end, without those that are not for whoever asks. */
const teamsSeen = ({ ties, viewer }: Surroundings & { viewer: Viewer }) =>
  (ties?.teams ?? []).filter((team) => mayReadTeam(viewer, team));

function teamEnd({ candidateApplicationId, mentorApplicationId, announcedAt }: Team, { kind }: Decision): KnockOn {
  const [other, id] =
    kind === "MENTOR" ? ["candidate", candidateApplicationId] : (["mentor", mentorApplicationId] as const);
  // A candidate is told of a team once it is announced; the mentor has been asked before.
  const isTold = kind === "CANDIDATE" || announcedAt !== null;
  return effect("TEAM_ENDS", `A team ends${isTold ? `, and its ${other} is told` : ""}.`, id);
}

/** What becomes of a seat that is free: whom the committee is deciding on anew is passed over. */
function promotion(cohort: Cohort, waiting: readonly Decision[], now: Instant): KnockOn[] {
  const [first] = waiting;
  const next = waiting.find(({ state }) => state === "RELEASED");
  const isPrepared = first?.state === "PREPARED" && first.outcome === "ACCEPT";
  const how = isGivenOn(cohort, now) ? "by itself" : "when staff say so";
  const who = next === first ? "the first" : "the next";
  const found: (KnockOn | false)[] = [
    isPrepared &&
      effect("PROMOTION_PREPARED", "The acceptance of the first on the waitlist is prepared already.", first.id),
    next !== undefined && effect("PROMOTION_FOLLOWS", `The seat goes to ${who} on the waitlist, ${how}.`, next.id),
  ];
  return found.filter((one): one is KnockOn => one !== false);
}
