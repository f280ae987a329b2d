import type { Cohort } from "../cohort/cohort.ts";
import { windowOf } from "../cohort/window.ts";
import { refusal, REMOVED } from "../shared/decision.ts";
import { later, type Instant } from "../shared/time.ts";
import { lettersUntil } from "./parts.ts";
import {
  changed,
  stateRefusals,
  type Answer,
  type Application,
  type ApplicationEvent,
  type Base,
  type Organization,
  type StateCode,
} from "./application.ts";
import { draftLadder, firstReminder } from "./reminder.ts";

/** Withdraws an application; its seat or rank, if it had one, is freed by the caller in the same transaction. */
export function withdrawApplication(application: Application, facts: Ending): Answer<StateCode> {
  const wrong = stateRefusals(application, "withdraw");
  if (wrong.length > 0) return { refusals: wrong };
  if ("certificateNumber" in application && application.certificateNumber !== undefined) {
    const message = `It led to the certificate ${application.certificateNumber} and cannot be withdrawn any more.`;
    return { refusals: [refusal("WRONG_STATE", message)] };
  }
  const submission = "submission" in application ? application.submission : null;
  return {
    outcome: { ...baseOf(application), state: "WITHDRAWN", submission, keptUntil: keptUntil(facts) },
    events: [changed("ApplicationWithdrawn", application, "WITHDRAWN")],
  };
}

/**
 * Lets an application expire that was not complete in time: a draft when the window has closed, one that waits for others when
 * their time is over. Where that was extended it moves on to the new end.
 */
export function expireApplication(application: Application, facts: Ending): Answer<StateCode> {
  const wrong = stateRefusals(application, "expire");
  if (wrong.length > 0) return { refusals: wrong };
  const { cohort, now } = facts;
  const { enforcedAt: closesAt } = windowOf(cohort, application.kind);
  if (application.state === "DRAFT" && now < closesAt) {
    const { nextReminder: _nextReminder, ...draft } = application;
    const reminder = firstReminder(draftLadder(cohort, application.kind), now);
    return { outcome: { ...draft, closesAt, ...(reminder && { nextReminder: reminder }) }, events: [] };
  }
  if (application.state === "SUBMITTED") {
    const end = lettersUntil(cohort, application.kind);
    if (now < end) return { outcome: { ...application, lettersUntil: end }, events: [] };
  }
  const submission = application.state === "SUBMITTED" ? application.submission : null;
  return {
    outcome: { ...baseOf(application), state: "EXPIRED", submission, keptUntil: keptUntil(facts) },
    events: [changed("ApplicationExpired", application, "EXPIRED")],
  };
}

/** What tells how long the content of an application that ends is kept. */
export interface Ending {
  cohort: Cohort;
  now: Instant;
}

/** Until when the content of an application that ends now is kept, should nobody take it up again. */
export function keptUntil({ cohort, now }: Ending): Instant {
  return later(now, { hours: 24 * cohort.retention.UNSUCCESSFUL_APPLICATION });
}

/** Whether the application came to nothing and its content was kept as long as it may be. */
export function isContentDue(application: Application, now: Instant): boolean {
  return "keptUntil" in application && application.keptUntil !== null && application.keptUntil <= now;
}

/** What is counted of an organization, without what was written of it. */
const withoutWords = ({ kind, size }: Organization): Organization => ({ name: REMOVED, kind, ...(size && { size }) });

/**
 * Removes what the person wrote, for good. State, number, times, kind and size of the organization stay, because they are
 * counted. Nothing happens when it is gone already.
 */
export function removeContent(
  application: Application,
  facts: { because: "ApplicationContentErased" | "ApplicationContentExpired"; now: Instant },
): { outcome: Application; events: ApplicationEvent[] } {
  const { contentRemovedAt = facts.now } = application;
  const isTold = application.recusals.some(({ why }) => why !== REMOVED);
  if (application.contentRemovedAt !== undefined && !isTold) return { outcome: application, events: [] };
  const { organization } = application.draft;
  const { information: _information, ...rest } = application;
  const next: Application = {
    ...rest,
    draft: { organization: organization && withoutWords(organization), jobTitle: null, answers: {} },
    // Why somebody had to step back may tell of the applicant.
    recusals: application.recusals.map((recusal) => ({ ...recusal, why: REMOVED })),
    letters: application.letters.map((letter) => ({ ...letter, nominator: null })),
    contentRemovedAt,
  };
  if ("submission" in next && next.submission !== null) {
    const { submittedAt, organization: employer } = next.submission;
    const left = { submittedAt, organization: withoutWords(employer), jobTitle: REMOVED, answers: [] };
    next.submission = left;
  }
  if ("keptUntil" in next) next.keptUntil = null;
  return {
    outcome: next,
    events: [{ type: facts.because, about: { kind: "Application", id: application.id }, facts: {} }],
  };
}

/** What an application has whatever its state. What staff have asked for ends with whatever ends the application. */
export function baseOf(application: Application): Base {
  const {
    submission: _submission,
    keptUntil: _keptUntil,
    closesAt: _closesAt,
    nextReminder: _nextReminder,
    lettersUntil: _lettersUntil,
    ...rest
  } = { ...OF_STATES, ...application };
  const {
    state: _state,
    certificateNumber: _certificateNumber,
    information: _information,
    ineligibleFor: _ineligibleFor,
    ...base
  } = rest;
  return base;
}

/** Every field that only some states have. */
const OF_STATES = {
  submission: null,
  keptUntil: null,
  closesAt: "",
  nextReminder: undefined,
  lettersUntil: "",
  certificateNumber: undefined,
};
