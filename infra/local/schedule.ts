import { messageOf } from "./error-message.ts";

/** What to do how often. */
export interface ScheduleOptions {
  everyMinutes: number;
  run: () => Promise<unknown>;
}

/** A running schedule. Runs never overlap. */
export interface Schedule {
  /**
   * Runs now, or once more after the run in progress, which may have looked too early for what the caller wants done.
   * Calls that wait share one run. Rejects when that run fails.
   */
  runNow(): Promise<void>;
  /** Ends the schedule and waits for the run in progress. Calls that still wait for their run resolve without it. */
  stop(): Promise<void>;
}

/**
 * Runs something every few minutes, the first time after one interval, leaving out a turn that comes during a run. A
 * failed run is told in one line and does not stop the schedule.
 */
export function startSchedule({ everyMinutes, run }: ScheduleOptions): Schedule {
  let tail: Promise<void> = Promise.resolve();
  let waiting: Promise<void> | undefined;
  let isRunning = false;
  let isStopped = false;

  const take = async (): Promise<void> => {
    waiting = undefined;
    if (isStopped) return;
    isRunning = true;
    try {
      await run();
    } finally {
      isRunning = false;
    }
  };

  const runNow = (): Promise<void> => {
    waiting ??= tail.then(take);
    tail = waiting.catch(() => undefined);
    return waiting;
  };

  const timer = setInterval(() => {
    if (isRunning || waiting !== undefined) return;
    runNow().catch((error: unknown) => console.warn(`A scheduled run failed: ${messageOf(error)}`));
  }, everyMinutes * 60_000);

  return {
    runNow,
    async stop() {
      isStopped = true;
      clearInterval(timer);
      await tail;
    },
  };
}
