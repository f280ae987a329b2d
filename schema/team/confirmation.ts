import { conflictRefusals, type Application } from "../application/application.ts";
import type { Offer } from "../offer/offer.ts";
import type { Viewer } from "../person/person.ts";
import {
  isRefused,
  reasonRefusals,
  refusal,
  type Decision,
  type Happening,
  type Refusal,
  type TextCode,
} from "../shared/decision.ts";
import type { Instant } from "../shared/time.ts";
import { currentTeam, isSeated, type Team, type TeamEvent } from "./team.ts";

/** That a candidate is confirmed for the year, with the mentor they have, or without one because staff say so. */
export interface Confirmation {
  /** The id of the candidate's application. */
  id: string;
  version: number;
  cohortId: string;
  personId: string;
  /** When staff did without a mentor; null while they have not. The reason stands in the history. */
  waivedAt: Instant | null;
  /** When the candidate was confirmed; null before. */
  confirmedAt: Instant | null;
}

/** What happens to confirmations. */
export type ConfirmationEvent =
  | Happening<"MentorWaived", Named>
  | Happening<"CandidateConfirmed", Named & { teamIds: readonly string[]; applicationIds: readonly string[] }>
  | Happening<"CandidateUnconfirmed", Named>;

interface Named {
  cohortId: string;
  personId: string;
}

/** Why a candidate is not confirmed. */
export type BlockerCode = "NOT_A_CANDIDATE" | "NOT_ACCEPTED" | "NO_MENTOR";

/** A candidate with what the confirmation depends on. */
export interface ConfirmationFacts {
  application: Application;
  confirmation: Confirmation | undefined;
  /** The offer of the place; undefined where there is none. */
  offer?: Pick<Offer, "state">;
  /** The candidate's teams, whatever their state. */
  teams: readonly Team[];
}

/** What still stands in the way of a candidate's confirmation; empty when nothing does. */
export function blockersOf({ application, confirmation, offer, teams }: ConfirmationFacts): Refusal<BlockerCode>[] {
  const wrong = placeRefusals(application);
  if (wrong.length > 0) return wrong;
  if (offer && offer.state !== "ACCEPTED") {
    return [refusal("NOT_ACCEPTED", "The candidate has not taken the place up yet.", "applicationId")];
  }
  const hasMentor = currentTeam(teams)?.state === "ANNOUNCED";
  if (hasMentor || (confirmation?.waivedAt ?? null) !== null) return [];
  return [refusal("NO_MENTOR", "There is no mentor who has accepted, and staff have not done without one.")];
}

/** Confirms a candidate for the year: only with a mentor who has accepted, or without one because staff said so. */
export function confirmCandidate(
  facts: ConfirmationFacts,
  viewer: Viewer,
): Decision<Confirmation, BlockerCode | "OWN_APPLICATION" | "RECUSED" | "UNCHANGED", ConfirmationEvent> {
  const { application, confirmation = fresh(application), teams } = facts;
  const conflicts = conflictRefusals(application, viewer);
  const refusals = conflicts.length > 0 ? conflicts : blockersOf(facts);
  if (refusals.length > 0) return { refusals };
  if (confirmation.confirmedAt !== null) {
    return { refusals: [refusal("UNCHANGED", "The candidate is confirmed already.", "applicationId")] };
  }
  const team = currentTeam(teams);
  const { cohortId, personId } = application;
  const event: ConfirmationEvent = {
    type: "CandidateConfirmed",
    about: { kind: "Confirmation", id: application.id },
    facts: {
      cohortId,
      personId,
      teamIds: team?.state === "ANNOUNCED" ? [team.id] : [],
      applicationIds: [application.id],
    },
    after: { confirmedAt: viewer.now },
  };
  return { outcome: { ...confirmation, confirmedAt: viewer.now }, events: [event] };
}

/** Does without a mentor for a candidate, for a reason. */
export function waiveMentor(
  { application, confirmation = fresh(application) }: Omit<ConfirmationFacts, "teams">,
  { viewer, why }: { viewer: Viewer; why: string },
): Decision<
  Confirmation,
  TextCode | Exclude<BlockerCode, "NO_MENTOR"> | "OWN_APPLICATION" | "RECUSED" | "UNCHANGED",
  ConfirmationEvent
> {
  const conflicts = conflictRefusals(application, viewer);
  const wrong = conflicts.length > 0 ? conflicts : placeRefusals(application);
  const refusals = wrong.length > 0 ? wrong : reasonRefusals(why);
  if (refusals.length > 0) return { refusals };
  if (confirmation.waivedAt !== null) {
    return {
      refusals: [refusal("UNCHANGED", "Staff do without a mentor for this candidate already.", "applicationId")],
    };
  }
  const { cohortId, personId } = application;
  const event: ConfirmationEvent = {
    type: "MentorWaived",
    about: { kind: "Confirmation", id: application.id },
    facts: { cohortId, personId },
    after: { waivedAt: viewer.now },
    why: why.trim(),
  };
  return { outcome: { ...confirmation, waivedAt: viewer.now }, events: [event] };
}

/** Ends a confirmation whose candidate has left: both that they were confirmed, and that staff did without a mentor. */
export function endConfirmation(
  confirmation: Confirmation,
  why: string,
): Decision<Confirmation, never, ConfirmationEvent> {
  const { id, cohortId, personId, confirmedAt, waivedAt } = confirmation;
  if (confirmedAt === null && waivedAt === null) return { outcome: confirmation, events: [] };
  const event: ConfirmationEvent = {
    type: "CandidateUnconfirmed",
    about: { kind: "Confirmation", id },
    facts: { cohortId, personId },
    before: { confirmedAt, waivedAt },
    after: { confirmedAt: null, waivedAt: null },
    why,
  };
  return { outcome: { ...confirmation, confirmedAt: null, waivedAt: null }, events: [event] };
}

/** The same for a candidate whose mentor has left: whoever staff confirmed without a mentor stays so. */
export function endWithMentor(
  confirmation: Confirmation,
  why: string,
): Decision<Confirmation, never, ConfirmationEvent> {
  return confirmation.waivedAt === null ? endConfirmation(confirmation, why) : { outcome: confirmation, events: [] };
}

/**
 * Adds to the end of a team that its candidate is not confirmed by it any more. Whoever staff confirmed without a mentor stays so.
 */
export function withoutConfirmation<Outcome, Code extends string>(
  step: Decision<Outcome, Code, TeamEvent>,
  confirmation: Confirmation | undefined,
): Decision<{ step: Outcome; confirmation: Confirmation | undefined }, Code, TeamEvent | ConfirmationEvent> {
  if (isRefused(step)) return step;
  const { outcome, events } = step;
  if (!confirmation || events.length === 0) return { outcome: { step: outcome, confirmation }, events };
  const ended = endWithMentor(confirmation, "The team with the mentor has ended.");
  if (isRefused(ended)) return ended;
  return { outcome: { step: outcome, confirmation: ended.outcome }, events: [...events, ...ended.events] };
}

function placeRefusals(application: Application): Refusal<Exclude<BlockerCode, "NO_MENTOR">>[] {
  if (application.kind !== "CANDIDATE") {
    return [refusal("NOT_A_CANDIDATE", "Only candidates are confirmed.", "applicationId")];
  }
  if (isSeated(application)) return [];
  return [refusal("NOT_ACCEPTED", "The candidate has no place in the cohort.", "applicationId")];
}

function fresh({ id, cohortId, personId }: Application): Confirmation {
  return { id, version: 0, cohortId, personId, waivedAt: null, confirmedAt: null };
}
