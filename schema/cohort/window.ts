import { refusal, type Refusal } from "../shared/decision.ts";
import { addDays, instantOf, isLocalDateTime, type Instant, type LocalDateTime, type Zone } from "../shared/time.ts";
import type { ApplicantKind, CohortPolicy } from "./policy.ts";

/** When applications of a kind are taken, in wall-clock times of the cohort's zone. */
export interface WindowTimes {
  opens: LocalDateTime;
  /** The deadline that people are told. */
  closes: LocalDateTime;
  /** The deadline that is enforced, at the earliest the one that people are told; told to staff alone. */
  enforced: LocalDateTime;
}

/** The times of a window, turned into instants once. */
export interface Window extends WindowTimes {
  opensAt: Instant;
  /** Exclusive: at this instant the deadline that people are told has passed. */
  closesAt: Instant;
  /** Exclusive: at this instant it is too late. */
  enforcedAt: Instant;
}

/** The windows of a cohort, by kind of applicant. */
export type Windows = Readonly<Record<ApplicantKind, Window>>;

/** What tells when a cohort takes applications. */
interface Windowed {
  state: "DRAFT" | "PUBLISHED";
  windows: Windows;
}

/** Why the times of a window are not accepted. */
export type WindowTimeCode = "BAD_TIME" | "CLOSES_BEFORE_OPENING" | "ENFORCED_BEFORE_SHOWN";

/** When a cohort takes applications of a kind. */
export function windowOf({ windows }: Pick<Windowed, "windows">, kind: ApplicantKind): Window {
  return windows[kind];
}

/** A window of wall-clock times in a zone. */
export function windowFrom({ opens, closes, enforced }: WindowTimes, zone: Zone): Window {
  return {
    opens,
    closes,
    enforced,
    opensAt: instantOf(opens, zone),
    closesAt: instantOf(closes, zone),
    enforcedAt: instantOf(enforced, zone),
  };
}

/** Both windows with other times, or in another zone. */
export function windowsFrom(windowTimesOf: (kind: ApplicantKind) => WindowTimes, zone: Zone): Windows {
  return { CANDIDATE: windowFrom(windowTimesOf("CANDIDATE"), zone), MENTOR: windowFrom(windowTimesOf("MENTOR"), zone) };
}

/** Whether the cohort takes applications of a kind at that instant. The enforced deadline itself is too late. */
export function isOpen(cohort: Windowed, kind: ApplicantKind, now: Instant): boolean {
  const { opensAt, enforcedAt } = windowOf(cohort, kind);
  return cohort.state === "PUBLISHED" && opensAt <= now && now < enforcedAt;
}

/** Whether the window has been open and is over; then only a late code lets anybody in. */
export function isOver(cohort: Windowed, kind: ApplicantKind, now: Instant): boolean {
  return cohort.state === "PUBLISHED" && windowOf(cohort, kind).enforcedAt <= now;
}

/** Where a window stands for the public, who know the shown deadline alone. */
export function phaseOf({ opensAt, closesAt }: Window, now: Instant): "BEFORE" | "OPEN" | "AFTER" {
  if (now < opensAt) return "BEFORE";
  return now < closesAt ? "OPEN" : "AFTER";
}

/**
 * From when a letter is too late: the time of day of the deadline that people are told, as many days later as the policy lets
 * letters come.
 */
export function lettersDue(
  { windows, zone, policy }: { windows: Windows; zone: Zone; policy: Pick<CohortPolicy, "letters"> },
  kind: ApplicantKind,
): { local: LocalDateTime; at: Instant } {
  const [date = "", time = ""] = windows[kind].closes.split("T");
  const local = `${addDays(date, policy.letters.toleranceDays)}T${time}`;
  return { local, at: instantOf(local, zone) };
}

/** What is wrong with a wall-clock time. */
export function timeRefusals(time: LocalDateTime, ...field: string[]): Refusal<"BAD_TIME">[] {
  if (isLocalDateTime(time)) return [];
  const message = "This is not a date and time: please write it as 2026-09-18T17:00, in the cohort's zone.";
  return [refusal("BAD_TIME", message, ...field)];
}

/** What is wrong with the order of a window's times, compared as instants; each fault names the later one. */
export function orderRefusals(
  { opensAt, closesAt, enforcedAt }: Window,
  fields: { closes: string; enforced: string },
): Refusal<"CLOSES_BEFORE_OPENING" | "ENFORCED_BEFORE_SHOWN">[] {
  if (closesAt <= opensAt) {
    const message = "The window closes before it opens: please choose a later closing time.";
    return [refusal("CLOSES_BEFORE_OPENING", message, fields.closes)];
  }
  if (enforcedAt >= closesAt) return [];
  const message = "Nobody can be refused before the deadline they are told: please choose that one or a later time.";
  return [refusal("ENFORCED_BEFORE_SHOWN", message, fields.enforced)];
}

/** The times of both windows by the names that the history keeps. */
export function timesOf({ CANDIDATE, MENTOR }: Windows): Record<string, LocalDateTime> {
  return {
    windowOpens: CANDIDATE.opens,
    windowCloses: CANDIDATE.closes,
    windowEnforced: CANDIDATE.enforced,
    mentorWindowOpens: MENTOR.opens,
    mentorWindowCloses: MENTOR.closes,
    mentorWindowEnforced: MENTOR.enforced,
  };
}

/** Whether drafts that wait for a deadline have another one to wait for. */
export function isMoved(before: Windows, after: Windows): boolean {
  return (["CANDIDATE", "MENTOR"] as const).some((kind) => before[kind].enforcedAt !== after[kind].enforcedAt);
}
