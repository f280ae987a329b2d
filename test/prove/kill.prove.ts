import { expect, test } from "vitest";
import { killDrill } from "../support/kill-drill.ts";

test("killed in the middle of 200 submits, four times over, nothing acknowledged is lost or doubled", async () => {
  const { rounds, wrong } = await killDrill({ people: 200, rounds: 4, seed: Date.now() % 1_000_000 });
  console.table(rounds, ["killedAfter", "acknowledged", "carriedOut"]);
  expect(rounds.flatMap((round) => round.wrong)).toEqual([]);
  expect(wrong).toEqual([]);
});
