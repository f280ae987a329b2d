import { keptUntil, baseOf, type Ending } from "./ending.ts";
import {
  stateRefusals,
  wasSubmitted,
  type Answer,
  type Application,
  type ApplicationEvent,
  type StateCode,
} from "./application.ts";

/** Every part that others supply is there, or staff do without it. */
export function completeApplication(application: Application): Answer<StateCode> {
  const wrong = stateRefusals(application, "complete");
  if (wrong.length > 0 || application.state !== "SUBMITTED") return { refusals: wrong };
  const event: ApplicationEvent = {
    type: "ApplicationCompleted",
    about: { kind: "Application", id: application.id },
    facts: { personId: application.personId, cohortId: application.cohortId },
    before: { state: application.state },
    after: { state: "COMPLETE" },
  };
  return { outcome: { ...application, state: "COMPLETE" }, events: [event] };
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
