import type { Application } from "../application/application.ts";
import { daysBeforeEnd } from "../application/parts.ts";
import type { Cohort } from "../cohort/cohort.ts";
import type { ApplicantKind } from "../cohort/policy.ts";
import { REMOVED, type Decision } from "../shared/decision.ts";
import type { Instant } from "../shared/time.ts";
import {
  areLettersClosed,
  closed,
  isOpen,
  NOMINATION_TRANSITIONS,
  noted,
  opened,
  takesLetters,
  told,
  type Asked,
  type Nomination,
  type NominationEvent,
} from "./nomination.ts";
import { cancelled, nextLook } from "./request.ts";

type Step = Decision<Asked, never, NominationEvent>;

/**
 * What the program does with a nomination that is due: reminds whoever was asked, lets it end with the time of the letters, or
 * takes it back because its application takes none any more. Of several reminders that were missed the latest is sent.
 */
export function lookAfter({ nomination, application }: Asked, cohort: Cohort, now: Instant): Step {
  if (!isOpen(nomination)) return { outcome: { nomination, application }, events: [] };
  const over = areLettersClosed(cohort, application, now)
    ? expired(nomination)
    : takesLetters(application)
      ? null
      : cancelled(nomination);
  if (over !== null) {
    const next = closed(nomination, over.type === "NominationCancelled" ? "CANCELLED" : "EXPIRED", { cohort, now });
    return { outcome: { nomination: next, application: noted(application, next) }, events: [over] };
  }
  const days = reminderDue(nomination, cohort, { kind: application.kind, now });
  const dueAt = nextLook(cohort, application.kind, now);
  const next = opened(nomination, nomination.state, dueAt, days ?? nomination.remindedDays);
  if (days === null || nomination.linkId === null) return { outcome: { nomination: next, application }, events: [] };
  const { about, facts } = told(nomination);
  const event: NominationEvent = {
    type: "NominationReminded",
    about,
    facts: { ...facts, linkId: nomination.linkId, daysBefore: days },
  };
  return { outcome: { nomination: next, application }, events: [event] };
}

/** The reminder that is due, in days before the end; null when none is. */
function reminderDue(
  nomination: Nomination,
  cohort: Cohort,
  { kind, now }: { kind: ApplicantKind; now: Instant },
): number | null {
  if (!isOpen(nomination) || NOMINATION_TRANSITIONS[nomination.state].remind === undefined) return null;
  const { remindedDays, createdAt } = nomination;
  const reached = cohort.policy.letters.reminderDays.filter((days) => {
    const at = daysBeforeEnd(cohort, kind, days);
    return at <= now && createdAt < at && (remindedDays === null || days < remindedDays);
  });
  return reached.length > 0 ? Math.min(...reached) : null;
}

/** Mails to whoever was asked come back for good. Of one that has answered that means nothing any more. */
export function bounceNomination({ nomination, application }: Asked): Step {
  if (!isOpen(nomination) || NOMINATION_TRANSITIONS[nomination.state].bounce === undefined) {
    return { outcome: { nomination, application }, events: [] };
  }
  const next = opened(nomination, "BOUNCED", nomination.dueAt, nomination.remindedDays);
  const event: NominationEvent = {
    type: "NominationBounced",
    ...told(nomination),
    before: { state: nomination.state },
    after: { state: "BOUNCED" },
  };
  return { outcome: { nomination: next, application: noted(application, next) }, events: [event] };
}

/** Whether the content of a nomination was kept as long as it may be. */
export function isLetterDue(nomination: Nomination, now: Instant): boolean {
  return "keptUntil" in nomination && nomination.keptUntil !== null && nomination.keptUntil <= now;
}

/**
 * Removes for good who nominated and what they wrote; that there was a letter, when, and what became of it stays. Nothing
 * happens when it is gone already.
 */
export function removeLetter(
  { nomination, application }: { nomination: Nomination; application: Application | undefined },
  { cohort, now }: { cohort: Cohort; now: Instant },
): Decision<{ nomination: Nomination; application: Application | undefined }, never, NominationEvent> {
  if (nomination.contentRemovedAt !== undefined) return { outcome: { nomination, application }, events: [] };
  const over = isOpen(nomination) ? closed(nomination, "CANCELLED", { cohort, now }) : nomination;
  const next = withoutContent(over, now);
  const isKnown = application?.letters.some(({ requestId }) => requestId === nomination.id);
  const states = over === nomination ? {} : { before: { state: nomination.state }, after: { state: over.state } };
  return {
    outcome: { nomination: next, application: application && isKnown ? noted(application, next) : application },
    events: [{ type: "NominationContentRemoved", ...told(nomination), ...states }],
  };
}

function withoutContent(nomination: Nomination, now: Instant): Nomination {
  return {
    ...nomination,
    nominator: { name: REMOVED, email: null, position: REMOVED },
    nominee: null,
    linkId: null,
    text: "",
    signature: nomination.signature && { name: REMOVED, position: REMOVED },
    contentRemovedAt: now,
    ...("keptUntil" in nomination && { keptUntil: null }),
  };
}

function expired(nomination: Nomination): NominationEvent {
  return {
    type: "NominationExpired",
    ...told(nomination),
    before: { state: nomination.state },
    after: { state: "EXPIRED" },
  };
}
