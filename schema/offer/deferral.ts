import {
  conflictRefusals,
  wasSubmitted,
  type Application,
  type Draft,
  type Submission,
} from "../application/application.ts";
import { freshBase } from "../application/draft.ts";
import type { Cohort } from "../cohort/cohort.ts";
import type { Decision } from "../decision/decision.ts";
import type { Person, Viewer } from "../person/person.ts";
import type { RecusalEvent } from "../recusal/recusal.ts";
import { reasonRefusals, refusal, type Decision as Ruling, type Refusal, type TextCode } from "../shared/decision.ts";
import { makeOffer, offerEvent, offerRefusals, type Offer } from "./offer.ts";
import type { PlaceEvent } from "./place.ts";

/** Why a deferred place cannot be taken up in a cohort. */
export type TakeUpCode =
  | TextCode
  | "WRONG_STATE"
  | "OWN_APPLICATION"
  | "RECUSED"
  | "NOT_LATER"
  | "NOT_PUBLISHED"
  | "ALREADY_STARTED"
  | "COHORT_FULL"
  | "KEY_REUSED"
  | "BAD_KEY";

/** A place that was deferred, and what is known where it is to be taken up. */
export interface Deferred {
  application: Application;
  offer: Offer;
  /** The cohort it was deferred from. */
  earlier: Cohort;
  /** The cohort to take part in. */
  cohort: Cohort;
  /** An application of the person to that cohort, if there is one. */
  existing: Application | undefined;
  /** Whoever is recused from the application: they stay so. */
  recused: readonly Person[];
}

/** Whether a place can be taken up there as far as the records tell, so that a number is drawn for nothing else. */
export function mayTakeUp({
  offer,
  earlier,
  cohort,
  existing,
}: Pick<Deferred, "offer" | "earlier" | "cohort" | "existing">): boolean {
  const isWhere = isLater(cohort, earlier) && cohort.state === "PUBLISHED";
  return isWhere && !isThere(offer, existing) && offerRefusals(offer, "takeUp").length === 0;
}

const isLater = (cohort: Cohort, earlier: Cohort) => cohort.number > earlier.number;

const isThere = ({ takenUpBy }: Offer, existing: Application | undefined) =>
  takenUpBy !== null || existing !== undefined;

/** What taking up a deferred place writes. */
export interface TakenUp {
  application: Application;
  decision: Decision;
  offer: Offer;
  /** The deferred offer, which names the new application. */
  deferred: Offer;
  recused: readonly Person[];
}

/**
 * Offers a deferred place in a later cohort: an application there with what was submitted then, accepted by the decision of then.
 * It takes a seat like any other, and whoever was recused stays so.
 */
export function takeUpDeferral(
  deferred: Deferred,
  facts: { viewer: Viewer; number: string; why: string },
): Ruling<TakenUp, TakeUpCode, PlaceEvent | RecusalEvent> {
  const { application, offer, earlier, cohort, existing } = deferred;
  const { viewer, number, why } = facts;
  const wrong = [...conflictRefusals(application, viewer), ...offerRefusals(offer, "takeUp")].slice(0, 1);
  if (wrong.length > 0 || !wasSubmitted(application)) return { refusals: wrong };
  const refusals: Refusal<TakeUpCode>[] = reasonRefusals(why);
  if (!isLater(cohort, earlier)) refusals.push(notLater);
  else if (cohort.state !== "PUBLISHED") refusals.push(notPublished);
  else if (isThere(offer, existing)) refusals.push(alreadyThere);
  if (refusals.length > 0) return { refusals };

  const { kind, personId, recusals, reviewedAt, draft, submission } = application;
  // Begun like any other. Letters, reviews, requests and codes belong to the earlier one, and no part of it is waited for.
  const next: Application = {
    ...freshBase({ cohort, kind, personId, number }, viewer.now),
    recusals,
    ...(reviewedAt !== undefined && { reviewedAt }),
    partsWaivedAt: viewer.now,
    enteredBy: viewer.person.id,
    state: "ACCEPTED",
    draft: withoutResume(draft),
    submission: withoutAmendments(withoutResume(submission)),
  };
  const { id } = next;
  const made = makeOffer(undefined, next, { cohort, now: viewer.now, isPromoted: false });
  const takenUp: Offer = { ...offer, takenUpBy: id };
  const about = { kind: "Application", id } as const;
  const told = { personId, cohortId: cohort.id, applicationId: id };
  return {
    outcome: {
      application: next,
      decision: acceptanceOf(next, { viewer, why: why.trim() }),
      offer: made.outcome,
      deferred: takenUp,
      recused: deferred.recused.map((person) => ({ ...person, recusedFrom: [...person.recusedFrom, id] })),
    },
    events: [
      {
        type: "DeferralTakenUp",
        about,
        facts: told,
        after: { state: "ACCEPTED" },
        why: why.trim(),
        actingFor: personId,
      },
      ...made.events,
      offerEvent("OfferTakenUp", takenUp, { before: offer, why: why.trim() }),
      ...deferred.recused.map((person): RecusalEvent => {
        return { type: "MemberRecused", about, facts: { personId: person.id, carriedFrom: application.id } };
      }),
    ],
  };
}

/** The decision of then, as it holds for the later cohort. */
function acceptanceOf(application: Application, { viewer, why }: { viewer: Viewer; why: string }): Decision {
  const { id, cohortId, kind, personId } = application;
  const { now } = viewer;
  const motion = { outcome: "ACCEPT", rank: null, rationale: why, vote: null } as const;
  const told = { ...motion, version: 1, preparedBy: viewer.person.id, preparedAt: now, at: now };
  return {
    ...motion,
    id,
    version: 0,
    cohortId,
    kind,
    personId,
    state: "RELEASED",
    preparedBy: viewer.person.id,
    preparedAt: now,
    releasedAt: now,
    holdsSeat: true,
    told,
  };
}

/** The file itself belongs to the application it was handed in with. */
function withoutResume<Part extends Draft | Submission>({ resume: _resume, ...part }: Part): Omit<Part, "resume"> {
  return part;
}

/** What was changed because staff had asked for it is in what stands; how it stood before is the earlier application's. */
function withoutAmendments({ amendments: _amendments, ...submission }: Omit<Submission, "resume">): Submission {
  return submission;
}

const alreadyThere = refusal(
  "ALREADY_STARTED",
  "There is an application to that cohort already: please decide on it there.",
  "cohortId",
);

const notLater = refusal("NOT_LATER", "A place is deferred to a later cohort: please choose one.", "cohortId");

const notPublished = refusal(
  "NOT_PUBLISHED",
  "This cohort is not published: nobody can commit to its dates yet. Please publish it first.",
  "cohortId",
);
