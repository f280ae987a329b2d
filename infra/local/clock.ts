import { existsSync, readFileSync } from "node:fs";
import { Temporal } from "temporal-polyfill";
import type { Clock } from "../../schema/shared/time.ts";
import { writeDurablySync } from "./durable.ts";

const LAST_INSTANT = "9999-12-31T23:59:59.999Z";

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
  function move(current: string, target: string): string {
    if (target < current) throw new ClockError(`The clock only moves forwards. It is ${current} now.`);
    if (target > LAST_INSTANT) throw new ClockError("The clock cannot move beyond the year 9999.");
    const next = offset + Date.parse(target) - Date.parse(current);
    if (options.file !== undefined) writeDurablySync(options.file, JSON.stringify({ offsetMilliseconds: next }));
    offset = next;
    return now();
  }

  return {
    now,
    movedBy: () => Temporal.Duration.from({ milliseconds: offset }).round({ largestUnit: "days" }).toString(),
    advance: (duration) => {
      const parsed = parse(() => Temporal.Duration.from(duration), `"${duration}" is not a duration such as "P30D".`);
      const current = now();
      if (parsed.sign < 0) throw new ClockError(`The clock only moves forwards. It is ${current} now.`);
      const start = Temporal.Instant.from(current).toZonedDateTimeISO("UTC");
      return move(current, fixedWidth(parse(() => start.add(parsed).toInstant(), "The clock cannot move beyond the year 9999.")));
    },
    moveTo: (instant) => {
      const sentence = `"${instant}" is not an instant such as "2027-01-30T08:00:00Z".`;
      return move(now(), fixedWidth(parse(() => Temporal.Instant.from(instant), sentence)));
    },
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

/** Years past 9999 would be written with a sign and more digits, and no longer sort as text. */
function fixedWidth(instant: Temporal.Instant): string {
  if (instant.epochMilliseconds > Date.parse(LAST_INSTANT)) {
    throw new ClockError("The clock cannot move beyond the year 9999.");
  }
  return new Date(instant.epochMilliseconds).toISOString();
}

function parse<T>(read: () => T, sentence: string): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) throw new ClockError(sentence);
    throw error;
  }
}
