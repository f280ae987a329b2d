import { expect, test } from "vitest";
import { outboxDrill } from "../support/outbox-drill.ts";

const ROUNDS = 5;
const MAILS = 400;
const seed = Date.now() % 1_000_000;

/** In rounds, each with a table of its own: the laptop's engine slows down as its stream piles up. */
for (let round = 1; round <= ROUNDS; round++) {
  test(`round ${round} of ${ROUNDS}: of ${MAILS} mails none is lost, none doubled but in the window, which is shown`, async () => {
    const report = await outboxDrill({ mails: MAILS, seed: seed + round });
    const { throttled, unanswered, doubledInWindow, held } = report;
    console.info(`Outbox faults, seed ${seed + round}: ${throttled} throttled, ${unanswered} without an answer.`);
    console.info(
      `${doubledInWindow.length} sent twice, because SES gave neither answer nor report; ${held.length} held.`,
    );
    for (const { message } of [...doubledInWindow, ...held]) {
      console.info(`  to review: ${message.id} ${message.state} ${message.reason ?? ""}`);
    }
    expect(report.fates).toHaveLength(MAILS);
    expect(report.lost).toEqual([]);
    expect(report.doubledOtherwise).toEqual([]);
    expect(report.outOfOrder).toEqual([]);
    // What nobody knows of is held: a certificate at once, anything else after it was sent again once.
    const others = held.filter(({ message }) => message.template !== "certificate-issued" && !message.isResent);
    expect(others).toEqual([]);
  });
}
