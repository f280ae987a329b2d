import { expect, test } from "vitest";
import { outboxDrill } from "./support/outbox-drill.ts";

const seed = Date.now() % 1_000_000;

// The whole drill, with 2,000 mails, is in test/prove/outbox-faults.prove.ts.
test("of 30 mails through a bad table, stream and mail endpoint none is lost, doubled or out of order", async () => {
  console.info(`Outbox faults: seed ${seed}.`);
  const report = await outboxDrill({ mails: 30, seed });
  expect(report.fates).toHaveLength(30);
  expect(report.lost).toEqual([]);
  expect(report.doubledOtherwise).toEqual([]);
  expect(report.outOfOrder).toEqual([]);
  expect(report.held.every(({ message }) => message.template === "certificate-issued" || message.isResent)).toBe(true);
  expect(report.throttled).toBeGreaterThan(0);
}, 180_000);
