import type { Cohort } from "../cohort/cohort.ts";
import type { ApplicantKind } from "../cohort/policy.ts";
import { lettersDue } from "../cohort/window.ts";
import { addDays, instantAt, later, type Instant } from "../shared/time.ts";
import type { Application, LetterSummary } from "./application.ts";

/** A part of an application that somebody else has still to supply. */
export interface MissingPart {
  part: "NOMINATION";
  /** Which one, in a sentence for people. */
  message: string;
}

/** When the time of the letters of a cohort is over: days after the window's closing, at its wall-clock time. Exclusive. */
export const lettersUntil = (cohort: Cohort, kind: ApplicantKind): Instant => daysBeforeEnd(cohort, kind, 0);

/**
 * Until when an application that comes in late waits for what others have still to supply: as long as any after the closing, so that
 * staff can do without it.
 */
export function lettersUntilAfter(cohort: Cohort, kind: ApplicantKind, now: Instant): Instant {
  const until = lettersUntil(cohort, kind);
  const atLeast = later(now, { hours: 24 * Math.max(1, cohort.policy.letters.toleranceDays) });
  return until > atLeast ? until : atLeast;
}

/** When the last letter of a cohort can come, whatever kind of application it is for. */
export function lettersUntilAtLast(cohort: Cohort): Instant {
  const [candidates, mentors] = [lettersUntil(cohort, "CANDIDATE"), lettersUntil(cohort, "MENTOR")];
  return candidates > mentors ? candidates : mentors;
}

/** The instant that many days before the time of the letters is over, at the same wall-clock time. */
export function daysBeforeEnd(cohort: Cohort, kind: ApplicantKind, days: number): Instant {
  const [date = "", time = ""] = lettersDue(cohort, kind).local.split("T");
  return instantAt(addDays(date, -days), time, cohort.zone);
}

/** The parts that others have still to supply, each by name; none once staff do without them. */
export function partsMissing(
  { kind, letters, partsWaivedAt }: Pick<Application, "kind" | "letters" | "partsWaivedAt">,
  { policy }: Pick<Cohort, "policy">,
): MissingPart[] {
  if (partsWaivedAt !== undefined) return [];
  const count = policy.letters.required[kind] - letters.filter(({ state }) => state === "PROVIDED").length;
  const awaited = letters.filter(({ state }) => state in WORDS);
  return Array.from({ length: Math.max(0, count) }, (_, index) => ({
    part: "NOMINATION",
    message: messageOf(awaited[index]),
  }));
}

const WORDS: Partial<Record<LetterSummary["state"], (name: string) => string>> = {
  REQUESTED: (name) => `The nomination by ${name} has not come yet.`,
  OPENED: (name) => `The nomination by ${name} has not come yet.`,
  BOUNCED: (name) => `The nomination by ${name} was not asked for: mails to the address come back.`,
  EXPIRED: (name) => `The nomination by ${name} did not come in time.`,
};

function messageOf(letter: LetterSummary | undefined): string {
  const words = letter && WORDS[letter.state];
  return words?.(letter?.nominator?.name ?? "somebody") ?? "Nobody is asked for a nomination.";
}
