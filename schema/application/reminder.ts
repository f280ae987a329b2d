import type { Cohort } from "../cohort/cohort.ts";
import { windowOf } from "../cohort/window.ts";
import type { Decision } from "../shared/decision.ts";
import { addDays, dateOf, instantAt, type Instant, type LocalDate, type Zone } from "../shared/time.ts";
import type { Application, ApplicationEvent, ApplicationKind } from "./application.ts";

/** The next step of a ladder of reminders, and what it leads to, so that it shows when that was moved. */
export interface NextReminder {
  daysBefore: number;
  at: Instant;
  /** The instant from which on it is too late. */
  before: Instant;
}

/** When somebody is reminded of something that has to be done by then. */
export interface Ladder {
  /** The last day on which it can be done. */
  lastDay: LocalDate;
  /** The instant from which on it is too late. */
  before: Instant;
  days: readonly number[];
  time: string;
  zone: Zone;
}

/** The reminders of a draft: days before the day on which the window closes. */
export function draftLadder(cohort: Pick<Cohort, "windows" | "zone" | "policy">, kind: ApplicationKind): Ladder {
  const { zone, policy } = cohort;
  const { closesAt } = windowOf(cohort, kind);
  const { reminderDays: days, reminderTime: time } = policy.draft;
  return { lastDay: dateOf(closesAt, zone), before: closesAt, days, time, zone };
}

/** The first step that is still to come; null when there is none. */
export function firstReminder(ladder: Ladder, now: Instant): NextReminder | null {
  return stepsOf(ladder).find(({ at }) => at > now) ?? null;
}

/**
 * The latest step that is reached, however many were missed: an earlier one would tell a wrong number of days. Null before
 * the step that is next, and once it is too late for what is reminded of.
 */
export function reachedReminder(ladder: Ladder, next: NextReminder, now: Instant): NextReminder | null {
  if (now >= ladder.before) return null;
  const isReached = ({ daysBefore, at }: NextReminder) => daysBefore <= next.daysBefore && at <= now;
  return stepsOf(ladder).findLast(isReached) ?? null;
}

function stepsOf({ lastDay, before, days, time, zone }: Ladder): NextReminder[] {
  return [...days]
    .sort((a, b) => b - a)
    .map((daysBefore) => ({ daysBefore, at: instantAt(addDays(lastDay, -daysBefore), time, zone), before }))
    .filter(({ at }) => at < before);
}

/**
 * Does what is due of a draft's reminders: at most one mail. Whether and of what is told is decided now: a window that was
 * moved has steps of its own, and a draft whose time is over expires instead.
 */
export function remindDraft(
  application: Application,
  { cohort, now }: { cohort: Cohort; now: Instant },
): Decision<Application, never, ApplicationEvent> {
  if (application.state !== "DRAFT") return { outcome: application, events: [] };
  const { nextReminder: due, ...draft } = application;
  if (!due || now < due.at || now >= application.closesAt) return { outcome: application, events: [] };
  const ladder = draftLadder(cohort, application.kind);
  const next = firstReminder(ladder, now);
  // It expires when it was told to, or later.
  const closesAt = ladder.before > draft.closesAt ? ladder.before : draft.closesAt;
  const outcome: Application = { ...draft, closesAt, ...(next && { nextReminder: next }) };
  const reached = due.before === ladder.before ? reachedReminder(ladder, due, now) : null;
  if (!reached) return { outcome, events: [] };
  const { personId, cohortId } = application;
  const event: ApplicationEvent = {
    type: "DraftReminded",
    about: { kind: "Application", id: application.id },
    facts: { personId, cohortId, daysBefore: reached.daysBefore },
  };
  return { outcome, events: [event] };
}
