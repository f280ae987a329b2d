import { existsSync, readFileSync } from "node:fs";
import { afterDuration, durationOf, instantFrom, millisecondsOf } from "../../schema/shared/time.ts";
import type { Clock } from "../../schema/shared/time.ts";
import { writeDurablySync } from "./durable.ts";

const LAST_INSTANT = "9999-12-31T23:59:59.999Z";
const TOO_FAR = "The clock cannot move beyond the year 9999.";

/** A clock that runs like the real one and can be moved on. It never goes back: the records already made must stay in the past. */
export interface MovableClock extends Clock {
  /** How far the clock is ahead of the real one, as an ISO 8601 duration in days and less. */
  movedBy(): string;
  /** Moves on by an ISO 8601 duration such as "P30D" or "P3Y"; months and years are counted in UTC. Answers the new moment. */
  advance(duration: string): string;
  /** Moves on to an instant such as "2027-01-30T08:00:00Z". Answers the new moment. */
  moveTo(instant: string): string;
}

/** A move that cannot be made. The message is for the person who asked for it. */
export class ClockError extends Error {}

/**
 * The laptop's clock. With a file the move outlives a restart, because a person who moved to next January and starts
 * again tomorrow expects to still be there.
 */
export function movableClock(options: { file?: string; realTime?: () => number } = {}): MovableClock {
  const realTime = options.realTime ?? Date.now;
  let offset = options.file === undefined ? 0 : readOffset(options.file);
  const now = () => new Date(realTime() + offset).toISOString();

  /** Both moments must come from one look at the real time, or the move is some milliseconds short. */
  /** Later instants of the calendar have more digits and would no longer sort as text. */
  function move(find: (current: string) => string, sentence: string): string {
    const current = now();
    const target = orClockError(() => find(current), sentence);
    const by = millisecondsOf(target) - millisecondsOf(current);
    if (by < 0) throw new ClockError(`The clock only moves forwards. It is ${current} now.`);
    if (millisecondsOf(target) > millisecondsOf(LAST_INSTANT)) throw new ClockError(TOO_FAR);
    const next = offset + by;
    if (options.file !== undefined) writeDurablySync(options.file, JSON.stringify({ offsetMilliseconds: next }));
    offset = next;
    return target;
  }

  return {
    now,
    movedBy: () => durationOf(offset),
    advance: (duration) =>
      move((current) => afterDuration(current, duration), `"${duration}" is not a duration such as "P30D".`),
    moveTo: (instant) =>
      move(() => instantFrom(instant), `"${instant}" is not an instant such as "2027-01-30T08:00:00Z".`),
  };
}

function readOffset(file: string): number {
  if (!existsSync(file)) return 0;
  const problem = new Error(`The clock's file ${file} is not readable. Remove it to go back to the real time.`);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    throw problem;
  }
  if (typeof content !== "object" || content === null || !("offsetMilliseconds" in content)) throw problem;
  if (typeof content.offsetMilliseconds !== "number" || !Number.isFinite(content.offsetMilliseconds)) throw problem;
  return content.offsetMilliseconds;
}

function orClockError<T>(read: () => T, sentence: string): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) throw new ClockError(sentence, { cause: error });
    throw error;
  }
}
