import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  claim,
  markCancelled,
  markDelayed,
  markFailed,
  markSent,
  mayReadMessage,
  MESSAGE_STATES,
  queueMessage,
  sweep,
  type Message,
  type MessageState,
} from "../../schema/message/message.ts";
import { settle, type Report } from "../../schema/message/report.ts";
import { requeue } from "../../schema/message/handling.ts";
import { decided, faults, message, NOW, VIEWERS } from "./records.ts";

const LATER = "2026-09-01T16:10:00.000Z";
const HELD_BECAUSE = "It is not known whether this mail went out: please ask the recipient before sending it again.";

const report = (kind: Report["kind"], overrides: Partial<Report> = {}): Report => ({
  kind,
  sesMessageId: "ses-1",
  reason: null,
  at: NOW,
  ...overrides,
});

/** A message taken into hands at NOW. */
const taken = (overrides: Partial<Message> = {}) =>
  message({
    state: "SENDING",
    attempts: 1,
    sentTo: "avery@example.org",
    subject: "Subject",
    dueAt: LATER,
    ...overrides,
  });

describe("the square of states and steps", () => {
  const at = (state: MessageState) => message({ state, dueAt: NOW, attempts: 1 });
  const STEPS: Record<string, (from: Message) => Message | null> = {
    claim: (from) => claim(from, { sentTo: "avery@example.org", subject: "Subject", now: NOW }),
    sweepResend: (from) => sweep(from, "resend", NOW),
    sweepHold: (from) => sweep(from, "hold", NOW),
    sent: (from) => settle(from, report("SENT")),
    delivered: (from) => settle(from, report("DELIVERED")),
    bounced: (from) => settle(from, report("BOUNCED")),
    complained: (from) => settle(from, report("COMPLAINED")),
    failed: (from) => settle(from, report("FAILED")),
    requeue: (from) => {
      const ruling = requeue(from, NOW);
      return "refusals" in ruling ? null : ruling.outcome;
    },
  };

  const no = null;
  // oxfmt-ignore
  const EXPECTED: Record<MessageState, (MessageState | null)[]> = {
    //           claim      sweepResend sweepHold sent    delivered    bounced    complained    failed    requeue
    QUEUED:     ["SENDING", "QUEUED",   "QUEUED", "SENT", "DELIVERED", "BOUNCED", "COMPLAINED", "FAILED", no],
    SENDING:    [no,        "QUEUED",   "HELD",   "SENT", "DELIVERED", "BOUNCED", "COMPLAINED", "FAILED", no],
    SENT:       [no,        no,         no,       no,     "DELIVERED", "BOUNCED", "COMPLAINED", "FAILED", no],
    DELIVERED:  [no,        no,         no,       no,     no,          "BOUNCED", "COMPLAINED", "FAILED", no],
    BOUNCED:    [no,        no,         no,       no,     no,          no,        "COMPLAINED", no,       "QUEUED"],
    COMPLAINED: [no,        no,         no,       no,     no,          no,        no,           no,       no],
    FAILED:     [no,        no,         no,       no,     no,          no,        "COMPLAINED", no,       "QUEUED"],
    HELD:       [no,        no,         no,       "SENT", "DELIVERED", "BOUNCED", "COMPLAINED", "FAILED", "QUEUED"],
    CANCELLED:  [no,        no,         no,       "SENT", "DELIVERED", "BOUNCED", "COMPLAINED", "FAILED", no],
    SUPPRESSED: [no,        no,         no,       "SENT", "DELIVERED", "BOUNCED", "COMPLAINED", "FAILED", no],
  };

  test("holds every state", () => {
    expect(Object.keys(EXPECTED)).toEqual([...MESSAGE_STATES]);
  });

  for (const [state, row] of Object.entries(EXPECTED) as [MessageState, (MessageState | null)[]][]) {
    test(state, () => {
      expect(Object.values(STEPS).map((step) => step(at(state))?.state ?? null)).toEqual(row);
    });
  }

  // Whoever marks has claimed the message or is about to, and writes over the version it has seen.
  test("whoever holds a message says what became of it, whatever the state", () => {
    for (const state of MESSAGE_STATES) {
      const marked = [
        markSent(at(state), { sesMessageId: "ses-1", now: NOW }),
        markDelayed(at(state), { reason: "patience", hours: 24, now: NOW }),
        markFailed(at(state), "refused"),
        markCancelled(at(state), "gone"),
      ];
      expect(
        marked.map(({ state: next }) => next),
        state,
      ).toEqual(["SENT", "QUEUED", "FAILED", "CANCELLED"]);
    }
  });
});

test("a message is queued to go out at once, and rung for again after five minutes", () => {
  const { id, template, personId, about, facts } = message();
  expect(queueMessage({ id, template, personId, about, facts }, NOW)).toEqual(
    message({ version: 0, queuedAt: NOW, sendAfter: NOW, dueAt: "2026-09-01T16:05:00.000Z" }),
  );
});

describe("claiming", () => {
  const mail = { sentTo: "avery@example.org", subject: "Subject" };

  test("takes it for ten minutes, counts the try, and notes whom it goes to", () => {
    expect(claim(message({ attempts: 2 }), { ...mail, now: NOW })).toEqual(
      message({ ...mail, attempts: 3, state: "SENDING", dueAt: LATER }),
    );
  });

  test("waits for its turn", () => {
    const waiting = message({ sendAfter: NOW });
    expect(claim(waiting, { ...mail, now: "2026-09-01T15:59:59.999Z" })).toBeNull();
    expect(claim(waiting, { ...mail, now: NOW })?.state).toBe("SENDING");
  });
});

describe("what SES answers", () => {
  test("sent: nothing is left to do, and an earlier wait is forgotten", () => {
    expect(markSent(taken({ reason: "patience" }), { sesMessageId: "ses-1", now: NOW })).toEqual(
      taken({ state: "SENT", sesMessageId: "ses-1", sentAt: NOW, dueAt: null }),
    );
  });

  test("patience: the wait doubles from half a minute to an hour, and ends with the time of its kind; then it fails", () => {
    const delay = { reason: "patience", hours: 24, now: NOW };
    const waits = Array.from({ length: 11 }, (_, index) => {
      const delayed = markDelayed(taken({ attempts: index + 1 }), delay);
      expect(delayed).toEqual(
        taken({
          attempts: index + 1,
          state: "QUEUED",
          sendAfter: delayed.sendAfter,
          dueAt: delayed.sendAfter,
          reason: "patience",
        }),
      );
      return (Date.parse(delayed.sendAfter) - Date.parse(NOW)) / 1_000;
    });
    expect(waits).toEqual([30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600, 3_600, 3_600]);
    // Queued at 15:00 the day before.
    const [late, over] = ["2026-09-02T14:30:00.000Z", "2026-09-02T15:00:00.000Z"];
    expect(markDelayed(taken({ attempts: 40 }), { ...delay, now: late })).toMatchObject({
      state: "QUEUED",
      sendAfter: over,
    });
    expect(markDelayed(taken({ attempts: 40 }), { ...delay, now: over })).toEqual(
      taken({ attempts: 40, state: "FAILED", dueAt: null, reason: "patience It was tried for 24 hours." }),
    );
    // Sent again by hand, its time begins anew.
    const anew = taken({ attempts: 1, tryingSince: late });
    expect(markDelayed(anew, { ...delay, now: over }).state).toBe("QUEUED");
  });

  test("a reason of any length is cut", () => {
    expect(markFailed(taken(), "x".repeat(900)).reason).toHaveLength(500);
  });

  test("refused or no longer needed: nothing is left to do, and the reason stands there", () => {
    expect(markFailed(taken(), "refused")).toEqual(taken({ state: "FAILED", dueAt: null, reason: "refused" }));
    expect(markCancelled(message(), "gone")).toEqual(message({ state: "CANCELLED", dueAt: null, reason: "gone" }));
  });
});

describe("the sweeper", () => {
  test("comes when it is due and not a moment before", () => {
    for (const state of ["QUEUED", "SENDING"] as const) {
      const due = message({ state, dueAt: NOW });
      expect(sweep(due, "resend", "2026-09-01T15:59:59.999Z"), state).toBeNull();
      expect(sweep(due, "resend", NOW), state).not.toBeNull();
      expect(sweep(message({ state, dueAt: null }), "resend", NOW), state).toBeNull();
    }
  });

  test("rings again for one that nobody picked up, every ten minutes, whatever its kind", () => {
    for (const kind of ["resend", "hold"] as const) {
      expect(sweep(message({ dueAt: NOW }), kind, NOW)).toEqual(message({ sendAfter: NOW, dueAt: LATER }));
    }
  });

  test("puts a reminder whose sender was lost into the queue again", () => {
    expect(sweep(taken({ dueAt: NOW }), "resend", NOW)).toEqual(
      taken({ state: "QUEUED", sendAfter: NOW, dueAt: LATER, isResent: true }),
    );
  });

  test("holds anything else for staff", () => {
    expect(sweep(taken({ dueAt: NOW }), "hold", NOW)).toEqual(
      taken({ state: "HELD", dueAt: null, reason: HELD_BECAUSE }),
    );
  });

  test("a reminder of which SES never reports is sent twice at most, then held", () => {
    let current = message();
    let mails = 0;
    let now = Date.parse(NOW);
    for (let minute = 0; minute < 240; minute++, now += 60_000) {
      const at = new Date(now).toISOString();
      current = sweep(current, "resend", at) ?? current;
      const next = claim(current, { sentTo: "avery@example.org", subject: "Subject", now: at });
      if (next) mails++;
      current = next ?? current;
    }
    expect(mails).toBe(2);
    expect(current).toMatchObject({ state: "HELD", attempts: 2, dueAt: null, reason: HELD_BECAUSE });
  });
});

describe("reports", () => {
  test("note what became of the mail, and leave nothing to do", () => {
    const bounce = report("BOUNCED", { reason: "Permanent bounce: no such user", at: LATER });
    expect(settle(taken({ reason: "patience" }), bounce)).toEqual(
      taken({
        state: "BOUNCED",
        sesMessageId: "ses-1",
        sentAt: LATER,
        dueAt: null,
        reason: "Permanent bounce: no such user",
      }),
    );
  });

  test("the moment SES took the mail stays, an earlier reason goes", () => {
    const sent = taken({ state: "SENT", sesMessageId: "ses-1", sentAt: NOW, dueAt: null });
    expect(settle(sent, report("DELIVERED", { at: LATER }))).toEqual({ ...sent, state: "DELIVERED" });
    const held = taken({ state: "HELD", dueAt: null, reason: HELD_BECAUSE });
    expect(settle(held, report("SENT", { at: LATER }))).toEqual(
      taken({ state: "SENT", sesMessageId: "ses-1", sentAt: LATER, dueAt: null }),
    );
  });

  test("a bounce after the delivery wins, a delivery after the bounce does not take it back", () => {
    const delivered = settle(taken(), report("DELIVERED"))!;
    const bounced = settle(delivered, report("BOUNCED", { reason: "full" }))!;
    expect(bounced).toMatchObject({ state: "BOUNCED", reason: "full" });
    expect(settle(bounced, report("DELIVERED"))).toBeNull();
    expect(settle(bounced, report("SENT"))).toBeNull();
  });

  test("twice tells nothing new", () => {
    for (const kind of ["SENT", "DELIVERED", "BOUNCED", "COMPLAINED", "FAILED"] as const) {
      expect(settle(settle(taken(), report(kind))!, report(kind)), kind).toBeNull();
    }
  });

  test("in whatever order, and however often, they come to the same end", () => {
    const kinds = ["SENT", "DELIVERED", "BOUNCED", "COMPLAINED"] as const;
    const furthest = (told: readonly Report["kind"][]) => kinds.findLast((kind) => told.includes(kind));
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...kinds), { minLength: 1, maxLength: 12 }), (told) => {
        const end = told.reduce((current, kind) => settle(current, report(kind)) ?? current, taken());
        expect(end.state).toBe(furthest(told));
      }),
      { numRuns: 500 },
    );
  });

  test("on a mail that staff have replaced change nothing, in any state", () => {
    for (const state of MESSAGE_STATES) {
      const replaced = message({ state, earlierSesMessageIds: ["ses-0", "ses-1"] });
      for (const kind of ["SENT", "DELIVERED", "BOUNCED", "COMPLAINED", "FAILED"] as const) {
        expect(settle(replaced, report(kind)), `${state} ${kind}`).toBeNull();
      }
    }
    const replaced = message({ earlierSesMessageIds: ["ses-1"] });
    expect(settle(replaced, report("SENT", { sesMessageId: "ses-2" }))?.state).toBe("SENT");
  });

  test("on the first of two mails settle the second while it waits, so that it is not sent", () => {
    const again = sweep(taken({ dueAt: NOW }), "resend", NOW)!;
    const settled = settle(again, report("DELIVERED"))!;
    expect(settled.state).toBe("DELIVERED");
    expect(claim(settled, { sentTo: "avery@example.org", subject: "Subject", now: LATER })).toBeNull();
  });
});

test("who reads a mail about a team: whom it is for, and staff whom neither of its applications concerns", () => {
  const about = { kind: "Team", id: "tea_1" } as const;
  const facts = { candidateApplicationId: "app_1-c-owner", mentorApplicationId: "app_1-m-somebody" };
  const toMentor = message({ about, personId: VIEWERS.stranger.person.id, facts });
  const readers = Object.entries(VIEWERS).flatMap(([name, viewer]) => (mayReadMessage(viewer, toMentor) ? [name] : []));
  expect(readers).toEqual(["stranger", "staff"]);
});

test("who reads a mail about a letter that has found no application: whom it is for, and staff", () => {
  const about = { kind: "Nomination", id: "nom_1" } as const;
  const letter = message({ about, personId: VIEWERS.stranger.person.id, facts: { applicationId: null } });
  const readers = Object.entries(VIEWERS).flatMap(([name, viewer]) => (mayReadMessage(viewer, letter) ? [name] : []));
  expect(readers).toEqual(["stranger", "staff", "ownerOnStaff"]);
});

describe("sending again by hand", () => {
  test("begins anew, keeps its place in the list, and forgets nothing of the mail before", () => {
    const bounced = taken({
      version: 6,
      state: "BOUNCED",
      attempts: 3,
      isResent: true,
      sesMessageId: "ses-2",
      earlierSesMessageIds: ["ses-1"],
      sentAt: "2026-09-01T15:01:00.000Z",
      dueAt: null,
      reason: "full",
    });
    expect(requeue(bounced, NOW)).toEqual({
      outcome: message({
        version: 6,
        tryingSince: NOW,
        isInsisted: true,
        sendAfter: NOW,
        dueAt: "2026-09-01T16:05:00.000Z",
        earlierSesMessageIds: ["ses-1", "ses-2"],
      }),
      events: [
        {
          type: "MessageRequeued",
          about: { kind: "Message", id: "msg_1-application-received-owner" },
          facts: {},
          before: { state: "BOUNCED", reason: "full" },
          after: { state: "QUEUED" },
        },
      ],
    });
  });

  test("without a mail that SES knows of there is none to forget", () => {
    const held = taken({ state: "HELD", dueAt: null, reason: HELD_BECAUSE });
    expect(decided(requeue(held, NOW)).outcome.earlierSesMessageIds).toEqual([]);
  });

  test("is for mails that did not arrive", () => {
    const refusing = MESSAGE_STATES.filter((state) => faults(requeue(message({ state }), NOW)).length > 0);
    expect(refusing).toEqual(["QUEUED", "SENDING", "SENT", "DELIVERED", "COMPLAINED", "CANCELLED", "SUPPRESSED"]);
    expect(requeue(message({ state: "DELIVERED" }), NOW)).toEqual({
      refusals: [
        {
          code: "WRONG_STATE",
          field: ["messageId"],
          message: "Only a mail that failed, bounced or is held can be sent again.",
        },
      ],
    });
  });
});
