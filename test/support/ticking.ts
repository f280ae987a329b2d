import type { MovableClock } from "../../infra/local/clock.ts";

/** A time source for tests: it moves on by a millisecond with every look, unless it is held. */
export interface Ticking {
  realTime: () => number;
  /** Moves the clock that counts from here to an instant and holds it there while the work runs. */
  holdAt<Answer>(clock: MovableClock, instant: string, work: () => Promise<Answer>): Promise<Answer>;
}

/** Starts ticking at an instant. No two looks answer the same, so that things done one after the other stay in order. */
export function ticking(at: string): Ticking {
  let now = Date.parse(at);
  let isHeld = false;
  return {
    realTime: () => (isHeld ? now : (now += 1)),
    async holdAt(clock, instant, work) {
      isHeld = true;
      try {
        clock.moveTo(instant);
        return await work();
      } finally {
        isHeld = false;
      }
    },
  };
}
