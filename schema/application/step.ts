import type { Viewer } from "../person/person.ts";
import { reasonRefusals, type TextCode } from "../shared/decision.ts";
import { keptUntil, baseOf, type Ending } from "./ending.ts";
import {
  conflictRefusals,
  stateRefusals,
  wasSubmitted,
  type Answer,
  type Application,
  type ApplicationEvent,
  type StateCode,
} from "./application.ts";

/** Every part that others supply is there, or staff do without it and say why. */
export function completeApplication(
  application: Application,
  by: { nominationId?: string; why?: string } = {},
): Answer<StateCode> {
  const wrong = stateRefusals(application, "complete");
  if (wrong.length > 0 || application.state !== "SUBMITTED") return { refusals: wrong };
  const { lettersUntil: _lettersUntil, ...rest } = application;
  const event: ApplicationEvent = {
    type: "ApplicationCompleted",
    about: { kind: "Application", id: application.id },
    facts: {
      personId: application.personId,
      cohortId: application.cohortId,
      nominationId: by.nominationId ?? null,
    },
    before: { state: application.state },
    after: { state: "COMPLETE" },
    ...(by.why !== undefined && { why: by.why }),
  };
  return { outcome: { ...rest, state: "COMPLETE" }, events: [event] };
}

/** Staff do without what others have still to supply, for a reason; nobody does so with their own application. */
export function waiveParts(
  application: Application,
  { viewer, why }: { viewer: Viewer; why: string },
): Answer<StateCode | TextCode | "OWN_APPLICATION" | "RECUSED"> {
  const wrong = [...conflictRefusals(application, viewer), ...stateRefusals(application, "complete")].slice(0, 1);
  if (wrong.length > 0) return { refusals: wrong };
  const refusals = reasonRefusals(why);
  if (refusals.length > 0) return { refusals };
  return completeApplication({ ...application, partsWaivedAt: viewer.now }, { why: why.trim() });
}

/** The offered place is not taken up: declined, or not answered in time. The caller says which, by its own event. */
export function giveUpPlace(application: Application, facts: Ending): Answer<StateCode> {
  const wrong = stateRefusals(application, "giveUp");
  if (wrong.length > 0 || !wasSubmitted(application)) return { refusals: wrong };
  const { submission } = application;
  return {
    outcome: { ...baseOf(application), state: "NOT_TAKEN_UP", submission, keptUntil: keptUntil(facts) },
    events: [],
  };
}

/** The accepted applicant takes part in a later cohort instead. The caller says which, by its own event. */
export function deferApplication(application: Application): Answer<StateCode> {
  const wrong = stateRefusals(application, "defer");
  if (wrong.length > 0 || application.state !== "ACCEPTED") return { refusals: wrong };
  return { outcome: { ...application, state: "DEFERRED" }, events: [] };
}
