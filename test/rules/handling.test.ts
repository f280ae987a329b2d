import { describe, expect, test } from "vitest";
import {
  cancel,
  CORRECTION,
  correct,
  edit,
  fixOf,
  hold,
  releaseMessages,
  requeue,
} from "../../schema/message/handling.ts";
import { freeHeldKind, freeKind, holdKind } from "../../schema/message/kind.ts";
import { correctionTemplates } from "../../schema/message/message.mail.ts";
import { laneOf, mayReadMessage, MESSAGE_STATES, ring, type Message } from "../../schema/message/message.ts";
import { settle } from "../../schema/message/report.ts";
import { bodyOf, facts, link, paragraph, reworded } from "../../schema/shared/mail.ts";
import { decided, faults, message, NOW, VIEWERS } from "./records.ts";

const { staff, ownerOnStaff, stranger } = VIEWERS;
const handled = { why: " Wrong year ", viewer: staff };
const wording = { subject: " New subject ", body: "One.\n\nTwo.\n" };
const current = { subject: "Subject", body: "Body" };
const confirmed = { viewer: staff, given: "token", wanted: "token", now: NOW };
const about = { kind: "Message", id: message().id } as const;

describe("what staff do with a mail, by its state", () => {
  const STEPS: Record<string, (of: Message) => unknown> = {
    hold: (of) => hold(of, handled),
    edit: (of) => edit(of, { ...handled, wording, current, expectedVersion: 1 }),
    release: (of) => releaseMessages([of], confirmed),
    cancel: (of) => cancel(of, handled),
    correct: (of) => correct(of, { text: "Right.", viewer: staff, now: NOW }),
    requeue: (of) => requeue(of, NOW),
  };
  const allowed = (step: string) =>
    MESSAGE_STATES.filter((state) => !("refusals" in (STEPS[step]!(message({ state })) as object)));

  test("the square", () => {
    expect(Object.fromEntries(Object.keys(STEPS).map((step) => [step, allowed(step)]))).toEqual({
      hold: ["QUEUED"],
      edit: ["HELD"],
      release: ["HELD"],
      cancel: ["QUEUED", "FAILED", "HELD"],
      correct: ["SENT", "DELIVERED"],
      requeue: ["BOUNCED", "FAILED", "HELD"],
    });
  });

  test("nothing once its recipient was erased", () => {
    for (const [name, step] of Object.entries(STEPS)) {
      const erased = MESSAGE_STATES.map((state) => step(message({ state, erasedAt: NOW })) as { refusals?: object[] });
      expect(
        erased.every(({ refusals }) => refusals !== undefined),
        name,
      ).toBe(true);
    }
  });

  test("nobody does it with a mail to themselves", () => {
    const own = { ...handled, viewer: ownerOnStaff };
    expect(faults(hold(message(), own))).toEqual(["OWN_RECORD"]);
    expect(faults(cancel(message(), own))).toEqual(["OWN_RECORD"]);
    const held = message({ state: "HELD" });
    expect(faults(edit(held, { ...own, wording, current, expectedVersion: 1 }))).toEqual(["OWN_RECORD"]);
    expect(faults(releaseMessages([held], { ...confirmed, viewer: ownerOnStaff }))).toEqual(["OWN_RECORD"]);
    const sent = message({ state: "SENT" });
    expect(faults(correct(sent, { text: "Right.", viewer: ownerOnStaff, now: NOW }))).toEqual(["OWN_RECORD"]);
  });

  test("holding and calling off say why, in the message and in the history", () => {
    expect(hold(message(), handled)).toEqual({
      outcome: message({ state: "HELD", dueAt: null, reason: "Held by staff: Wrong year" }),
      events: [
        {
          type: "MessageHeld",
          about,
          facts: {},
          before: { state: "QUEUED", reason: null },
          after: { state: "HELD" },
          why: "Wrong year",
        },
      ],
    });
    expect(decided(cancel(message(), handled)).outcome.reason).toBe("Called off by staff: Wrong year");
    expect(faults(hold(message(), { ...handled, why: " " }))).toEqual(["REQUIRED why"]);
  });

  test("an edit keeps both wordings with who and why, and all faults are told at once", () => {
    const held = message({ state: "HELD" });
    const next = { subject: "New subject", body: "One.\n\nTwo." };
    expect(edit(held, { ...handled, wording, current, expectedVersion: 1 })).toEqual({
      outcome: { ...held, edited: next },
      events: [{ type: "MessageEdited", about, facts: {}, before: current, after: next, why: "Wrong year" }],
    });
    const bad = { subject: "a\nb", body: "x".repeat(8_001) };
    expect(faults(edit(held, { viewer: staff, why: "", wording: bad, current, expectedVersion: 2 }))).toEqual([
      "BAD_CHARACTERS subject",
      "TOO_LONG text",
      "REQUIRED why",
      "CONFLICT expectedVersion",
    ]);
  });

  test("a release takes all or none, as they were looked at, and keeps place and wording", () => {
    const edited = { subject: "S", body: "B" };
    const held = message({ state: "HELD", edited, sesMessageId: "ses-1", reason: "held" });
    const { outcome, events } = decided(releaseMessages([held], confirmed));
    const released = { sendAfter: NOW, dueAt: "2026-09-01T16:05:00.000Z", tryingSince: NOW, isInsisted: true };
    expect(outcome).toEqual([message({ ...released, edited, earlierSesMessageIds: ["ses-1"] })]);
    expect(events.map(({ type }) => type)).toEqual(["MessageReleased"]);
    expect(faults(releaseMessages([held, message()], confirmed))).toEqual(["WRONG_STATE messageIds"]);
    expect(faults(releaseMessages([held], { ...confirmed, given: "other" }))).toEqual(["STALE confirmToken"]);
    expect(faults(releaseMessages([held], { ...confirmed, given: null }))).toEqual([
      "CONFIRM_TOKEN_REQUIRED confirmToken",
    ]);
    expect(faults(releaseMessages([], confirmed))).toEqual(["REQUIRED messageIds"]);
    expect(
      faults(
        releaseMessages(
          Array.from({ length: 31 }, () => held),
          confirmed,
        ),
      ),
    ).toEqual(["TOO_MANY messageIds"]);
  });

  test("a mail is corrected once, a correction never", () => {
    const sent = message({ state: "DELIVERED", facts: { personId: "per_owner" } });
    const { outcome, events } = decided(correct(sent, { text: " Right. ", viewer: staff, now: NOW }));
    expect(outcome).toEqual({ ...sent, correction: { text: "Right.", at: NOW } });
    expect(events).toEqual([
      {
        type: "MessageCorrected",
        about,
        facts: { personId: "per_owner", outsider: null, applicationId: "app_1-c-owner", applicationIds: [] },
        after: { text: "Right." },
      },
    ]);
    const again = { text: "Right.", viewer: staff, now: NOW };
    expect(faults(correct(outcome, again))).toEqual(["ALREADY_CORRECTED messageId"]);
    expect(faults(correct({ ...sent, template: CORRECTION }, again))).toEqual(["WRONG_STATE messageId"]);
    const original = { ...outcome, subject: "Your decision", sentAt: NOW, sentTo: "avery@example.org" };
    const known = { original, text: "First.\n\nSecond." };
    const letter = correctionTemplates[CORRECTION]!.write(known, { recipientName: "", publicUrl: "", now: NOW });
    expect(letter.subject).toBe("Correction: Your decision");
    expect(letter.blocks).toEqual([
      paragraph(
        "On Tuesday, September 1, 2026 at 4:00 PM UTC we wrote to you with the subject “Your decision”. That mail was not " +
          "right: please go by this one instead.",
      ),
      paragraph("First."),
      paragraph("Second."),
    ]);
  });

  test("what failed, bounced or is held says what to do", () => {
    const states = MESSAGE_STATES.filter((state) => fixOf(message({ state })) !== null);
    expect(states).toEqual(["BOUNCED", "FAILED", "HELD"]);
  });
});

test("another wording takes the place of everything but the link", () => {
  const letter = {
    subject: "Old",
    blocks: [paragraph("Old text."), facts(["Number", "1"]), link("Open", "https://example.org")],
  };
  expect(bodyOf(letter)).toBe("Old text.\n\nNumber: 1");
  expect(reworded(letter, { subject: "New", body: "One.\n \nTwo." })).toEqual({
    subject: "New",
    blocks: [paragraph("One."), paragraph("Two."), link("Open", "https://example.org")],
  });
});

test("staff who applied themselves see their own mails, and none to others about their application", () => {
  const toReviewer = message({ personId: "per_reviewer" });
  expect(mayReadMessage(staff, toReviewer)).toBe(true);
  expect(mayReadMessage(ownerOnStaff, toReviewer)).toBe(false);
  expect(mayReadMessage(ownerOnStaff, message())).toBe(true);
  expect(mayReadMessage(stranger, toReviewer)).toBe(false);
  expect(mayReadMessage(null, toReviewer)).toBe(false);
});

test("mails to one person wait in one lane, mails to others in another", () => {
  expect(laneOf(message())).toBe("per_owner");
  expect(laneOf({ id: "msg_1", personId: null, outsider: "ltr_1" })).toBe("ltr_1");
  expect(laneOf({ id: "msg_1", personId: null })).toBe("msg_1");
});

test("who is rung for is whoever waits and may go", () => {
  expect(ring(message(), NOW)).toEqual(message({ dueAt: "2026-09-01T16:10:00.000Z" }));
  expect(ring(message({ sendAfter: "2026-09-01T16:00:00.001Z" }), NOW)).toBeNull();
  expect(ring(message({ state: "SENDING" }), NOW)).toBeNull();
});

test("a delay is noted once while the mail is under way, and takes nothing back", () => {
  const delay = { kind: "DELAYED", sesMessageId: "ses-1", at: NOW, reason: "MailboxFull" } as const;
  const noted = {
    state: "SENT",
    sesMessageId: "ses-1",
    dueAt: null,
    delay: { at: NOW, reason: "MailboxFull" },
  } as const;
  const sent = message({ state: "SENT", sentAt: "2026-09-01T15:30:00.000Z", dueAt: null });
  expect(settle(sent, delay)).toEqual({ ...sent, ...noted });
  expect(settle(message({ state: "SENDING" }), delay)).toEqual(message({ ...noted, sentAt: NOW }));
  expect(settle({ ...sent, ...noted }, delay)).toBeNull();
  expect(settle(message({ state: "DELIVERED" }), delay)).toBeNull();
  expect(settle({ ...sent, ...noted }, { ...delay, kind: "DELIVERED", reason: null })?.state).toBe("DELIVERED");
});

test("a kind is held once and freed once, each with a reason", () => {
  const byPersonId = "per_staff";
  const terms = { why: " Check the letter ", byPersonId, now: NOW };
  const { outcome, events } = decided(holdKind(freeKind("decision-accepted"), terms));
  expect(outcome.hold).toEqual({ at: NOW, byPersonId, why: "Check the letter" });
  expect(events).toEqual([
    { type: "MailKindHeld", about: { kind: "MailKind", id: "decision-accepted" }, facts: {}, why: "Check the letter" },
  ]);
  expect(faults(holdKind(outcome, terms))).toEqual(["UNCHANGED template"]);
  expect(faults(holdKind(freeKind("x"), { ...terms, why: "" }))).toEqual(["REQUIRED why"]);
  expect(decided(freeHeldKind(outcome, "Checked")).outcome.hold).toBeNull();
  expect(faults(freeHeldKind(freeKind("x"), "Checked"))).toEqual(["UNCHANGED template"]);
});
