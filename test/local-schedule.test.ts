import { setImmediate as turn } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startSchedule } from "../infra/local/schedule.ts";

const MINUTE = 60_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** A run that lasts until the test ends it. */
function longRun() {
  let running = 0;
  const ends: ((error?: Error) => void)[] = [];
  return {
    most: 0,
    started: 0,
    run(): Promise<void> {
      this.started += 1;
      running += 1;
      this.most = Math.max(this.most, running);
      return new Promise((resolve, reject) => {
        ends.push((error) => {
          running -= 1;
          if (error) reject(error);
          else resolve();
        });
      });
    },
    async end(error?: Error) {
      ends.shift()?.(error);
      await turn();
    },
  };
}

describe("schedule", () => {
  it("runs after each interval and leaves out a turn during a run", async () => {
    const work = longRun();
    const schedule = startSchedule({ everyMinutes: 5, run: () => work.run() });
    await turn();
    expect(work.started).toBe(0);
    vi.advanceTimersByTime(5 * MINUTE);
    await turn();
    vi.advanceTimersByTime(10 * MINUTE);
    await turn();
    expect(work.started).toBe(1);
    await work.end();
    expect(work.started).toBe(1);
    vi.advanceTimersByTime(5 * MINUTE);
    await turn();
    expect(work.started).toBe(2);
    await work.end();
    await schedule.stop();
  });

  it("runs once more for all who ask during a run, never two at once", async () => {
    const work = longRun();
    const schedule = startSchedule({ everyMinutes: 5, run: () => work.run() });
    const first = schedule.runNow();
    await turn();
    const later = [schedule.runNow(), schedule.runNow()];
    const again = first.then(() => schedule.runNow());
    await turn();
    expect(work.started).toBe(1);
    await work.end();
    await first;
    expect(work.started).toBe(2);
    await work.end();
    await Promise.all(later);
    await work.end();
    await again;
    expect(work.most).toBe(1);
    await schedule.stop();
  });

  it("tells a failed run in one line and goes on; runNow rejects", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const work = longRun();
    const schedule = startSchedule({ everyMinutes: 1, run: () => work.run() });
    vi.advanceTimersByTime(MINUTE);
    await turn();
    await work.end(new Error("table away"));
    expect(warn.mock.calls).toEqual([["A scheduled run failed: table away"]]);
    const asked = schedule.runNow();
    await turn();
    await Promise.all([expect(asked).rejects.toThrow(new Error("still away")), work.end(new Error("still away"))]);
    vi.advanceTimersByTime(MINUTE);
    await turn();
    expect(work.started).toBe(3);
    await work.end();
    await schedule.stop();
  });

  it("stops after the run in progress and starts none that waits", async () => {
    const work = longRun();
    const schedule = startSchedule({ everyMinutes: 1, run: () => work.run() });
    const first = schedule.runNow();
    await turn();
    const waiting = schedule.runNow();
    let isStopped = false;
    const stopped = schedule.stop().finally(() => void (isStopped = true));
    await turn();
    expect(isStopped).toBe(false);
    await work.end();
    await Promise.all([first, waiting, stopped]);
    vi.advanceTimersByTime(10 * MINUTE);
    await schedule.runNow();
    expect(work.started).toBe(1);
  });
});
