import { expect, test } from "vitest";
import { killDrill } from "./support/kill-drill.ts";

test("a kill in the middle of 40 submits loses and doubles nothing that was acknowledged", async () => {
  const { rounds, wrong } = await killDrill({ people: 40, rounds: 1, seed: 2025 });
  expect(wrong).toEqual([]);
  expect(rounds.flatMap((round) => round.wrong)).toEqual([]);
  // The kill fell into the middle: some were acknowledged, and not everybody's submit was carried out.
  expect(rounds[0]?.killedAfter).toBeGreaterThan(0);
  expect(rounds[0]?.acknowledged).toBeLessThan(40);
});
