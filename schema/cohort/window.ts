import { instantOf, type Instant, type LocalDateTime, type Zone } from "../shared/time.ts";
import type { ApplicantKind } from "./policy.ts";

/** When applications of a kind are taken. Wall-clock times in the cohort's zone, turned into instants once. */
export interface Window {
  opens: LocalDateTime;
  closes: LocalDateTime;
  opensAt: Instant;
  /** Exclusive: at this instant it is too late. */
  closesAt: Instant;
}

/** The windows of a cohort, by kind of applicant. */
export type Windows = Readonly<Record<ApplicantKind, Window>>;

/** What tells when a cohort takes applications. */
export interface Windowed {
  state: "DRAFT" | "PUBLISHED";
  windows: Windows;
}

/** When a cohort takes applications of a kind. */
export function windowOf({ windows }: Pick<Windowed, "windows">, kind: ApplicantKind): Window {
  return windows[kind];
}

/** A window of wall-clock times in a zone. */
export function windowFrom({ opens, closes }: Pick<Window, "opens" | "closes">, zone: Zone): Window {
  return { opens, closes, opensAt: instantOf(opens, zone), closesAt: instantOf(closes, zone) };
}

/** Whether the cohort takes applications of a kind at that instant. The closing instant itself is too late. */
export function isOpen(cohort: Windowed, kind: ApplicantKind, now: Instant): boolean {
  const { opensAt, closesAt } = windowOf(cohort, kind);
  return cohort.state === "PUBLISHED" && opensAt <= now && now < closesAt;
}
