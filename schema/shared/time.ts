import { Temporal } from "temporal-polyfill";

/** An instant as UTC text of fixed width, so that text order is time order: `2027-01-30T01:30:00.000Z`. */
export type Instant = string;

/** A calendar date people agree on, without a time: `2027-01-30`. Meaningful together with a zone. */
export type LocalDate = string;

/** A wall-clock date and time: `2027-01-30T17:30`. Becomes an instant once, in its zone. */
export type LocalDateTime = string;

/** An IANA time zone name such as `America/Los_Angeles`. */
export type Zone = string;

/** Tells what time it is. Only functions/runtime.ts makes a real one; the laptop's can be moved. */
export interface Clock {
  now(): Instant;
}

function fixedWidth(instant: Temporal.Instant): Instant {
  return instant.toString({ smallestUnit: "millisecond" });
}

/** The instant of a count of milliseconds since 1970. */
export function instantFromMilliseconds(milliseconds: number): Instant {
  return fixedWidth(Temporal.Instant.fromEpochMilliseconds(milliseconds));
}

/** Milliseconds since 1970 of an instant. */
export function millisecondsOf(instant: Instant): number {
  return Temporal.Instant.from(instant).epochMilliseconds;
}

/** Whole seconds since 1970, as DynamoDB's expiry wants them. */
export function secondsOf(instant: Instant): number {
  return Math.floor(millisecondsOf(instant) / 1000);
}

/**
 * The instant of a wall-clock time. A time that a clock change skips moves on by the length of the gap; of a time
 * that comes twice the first is meant.
 */
export function instantOf(local: LocalDateTime, zone: Zone): Instant {
  return fixedWidth(Temporal.PlainDateTime.from(local).toZonedDateTime(zone).toInstant());
}

/** The instant of a time of day (`08:00`) on a date. */
export function instantAt(date: LocalDate, timeOfDay: string, zone: Zone): Instant {
  return instantOf(`${date}T${timeOfDay}`, zone);
}

/** The calendar date an instant falls on in a zone. */
export function dateOf(instant: Instant, zone: Zone): LocalDate {
  return Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toPlainDate().toString();
}

/** The instant that much later. Minutes and hours are exact; there are no calendar units here. */
export function later(instant: Instant, by: { hours?: number; minutes?: number; seconds?: number }): Instant {
  return fixedWidth(Temporal.Instant.from(instant).add(by));
}

/**
 * The instant that an ISO 8601 duration such as `P3Y` or `PT2H` leads to; days and longer are counted on the UTC calendar.
 * Throws RangeError for anything else, and where the calendar ends.
 */
export function afterDuration(instant: Instant, duration: string): Instant {
  return fixedWidth(Temporal.Instant.from(instant).toZonedDateTimeISO("UTC").add(duration).toInstant());
}

/** An instant in whatever ISO 8601 form with its offset, in our own form. Throws RangeError for anything else. */
export function instantFrom(text: string): Instant {
  return fixedWidth(Temporal.Instant.from(text));
}

/** A length of time as an ISO 8601 duration in days and less. */
export function durationOf(milliseconds: number): string {
  return Temporal.Duration.from({ milliseconds }).round({ largestUnit: "days" }).toString();
}

/** The date some days on, or back when negative. */
export function addDays(date: LocalDate, days: number): LocalDate {
  return Temporal.PlainDate.from(date).add({ days }).toString();
}

/** The same date some years on; 29 February becomes 28 February where the year has none. */
export function addYears(date: LocalDate, years: number): LocalDate {
  return Temporal.PlainDate.from(date).add({ years }).toString();
}

/** Calendar days from one date to another; negative when the second comes first. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return Temporal.PlainDate.from(from).until(to, { largestUnit: "days" }).days;
}

/** Whether the text is an instant in our own form. */
export function isInstant(text: string): boolean {
  return (
    /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(text) &&
    succeeds(() => Temporal.Instant.from(text)) &&
    instantFrom(text) === text
  );
}

/** Whether the text is a real calendar date written `YYYY-MM-DD`. */
export function isLocalDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && succeeds(() => Temporal.PlainDate.from(text, { overflow: "reject" }));
}

/** Whether the text is a real wall-clock time written `YYYY-MM-DDTHH:MM`. */
export function isLocalDateTime(text: string): boolean {
  return (
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(text) &&
    succeeds(() => Temporal.PlainDateTime.from(text, { overflow: "reject" }))
  );
}

/** Whether the text names a time zone of the IANA database. Offsets such as `-08:00` are not zones. */
export function isZone(text: string): boolean {
  return (
    /^[A-Z][A-Za-z]+(\/[A-Za-z0-9_+-]+)*$/.test(text) &&
    succeeds(() => Temporal.PlainDate.from("2020-01-01").toZonedDateTime(text))
  );
}

/** A date in words for mails and pages: `Friday, March 5, 2027`. */
export function dateInWords(date: LocalDate): string {
  return Temporal.PlainDate.from(date).toLocaleString("en-US", { dateStyle: "full" });
}

/** The weekday of a date: `Friday`. */
export function weekdayOf(date: LocalDate): string {
  return Temporal.PlainDate.from(date).toLocaleString("en-US", { weekday: "long" });
}

/** An instant in words in a zone, with the zone: `Friday, September 18, 2026 at 5:00 PM PDT`. */
export function instantInWords(instant: Instant, zone: Zone): string {
  return Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toLocaleString("en-US", {
    weekday: "long",
    year: "numeric",
    month: "long",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
    timeZoneName: "short",
  });
}

function succeeds(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}
