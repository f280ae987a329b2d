import { describe, expect, test } from "vitest";
import type { Application } from "../../schema/application/application.ts";
import type { Cohort } from "../../schema/cohort/cohort.ts";
import { DEFAULT_POLICY } from "../../schema/cohort/policy.ts";
import { mayTakeUp, takeUpDeferral } from "../../schema/offer/deferral.ts";
import {
  acceptOffer,
  answerRefusals,
  askDeferral,
  extendOffer,
  makeOffer,
  OFFER_ACTIONS,
  OFFER_LABELS,
  OFFER_STATES,
  offerRefusals,
  offerTerms,
  refuseDeferral,
  remindOfOffer,
  removeOfferTexts,
  setConditions,
  type Offer,
  type OfferAction,
  type OfferState,
} from "../../schema/offer/offer.ts";
import { closeOpening, isWaiting, opening, openingFor } from "../../schema/offer/opening.ts";
import { declineOffer, deferOffer, inOffice, lapseOffer, promote, withdrawPlace } from "../../schema/offer/place.ts";
import { promotionRows, startPromotion } from "../../schema/offer/promotion.ts";
import {
  application,
  cohort,
  decided,
  decision,
  ENDING,
  faults,
  nomination,
  NOW,
  offer,
  person,
  REQUEST,
  reviewer,
  SUBMISSION,
  summaryOf,
  viewer,
  VIEWERS,
} from "./records.ts";

const FACTS = { ...ENDING, openingId: "opn_1" };
const OWNER = { viewer: VIEWERS.owner };
const STAFF = { viewer: VIEWERS.staff, why: "Called us" };
const COMMITTED = { commitsToAllDates: true };
const ACCEPTED = decision({ state: "RELEASED", releasedAt: NOW });
const place = (overrides: Partial<Offer> = {}, state: "ACCEPTED" | "DEFERRED" = "ACCEPTED") => ({
  application: application(state),
  decision: state === "ACCEPTED" ? ACCEPTED : { ...ACCEPTED, holdsSeat: false },
  offer: offer(overrides),
});

function withPolicy(change: Partial<Cohort["policy"]["offer"]>, overrides: Partial<Cohort> = {}): Cohort {
  return cohort({ policy: { ...DEFAULT_POLICY, offer: { ...DEFAULT_POLICY.offer, ...change } }, ...overrides });
}

test("the square of offer states and actions", () => {
  // oxfmt-ignore
  const EXPECTED: Record<OfferState, Partial<Record<OfferAction, OfferState>>> = {
    OFFERED:   { accept: "ACCEPTED", decline: "DECLINED", lapse: "LAPSED", extend: "OFFERED", setConditions: "OFFERED",
                 askDeferral: "OFFERED", refuseDeferral: "OFFERED", defer: "DEFERRED", withdraw: "WITHDRAWN" },
    ACCEPTED:  { askDeferral: "ACCEPTED", refuseDeferral: "ACCEPTED", defer: "DEFERRED", withdraw: "WITHDRAWN" },
    DECLINED:  {},
    LAPSED:    {},
    DEFERRED:  { takeUp: "DEFERRED", withdraw: "WITHDRAWN" },
    WITHDRAWN: { offer: "OFFERED" },
  };
  const asked = { reason: "A year abroad", askedAt: NOW };
  for (const state of OFFER_STATES) {
    const offered = place({ state, deferral: asked }, state === "DEFERRED" ? "DEFERRED" : "ACCEPTED");
    const { offer: one } = offered;
    const late = { ...FACTS, now: one.dueAt };
    const next = (ruling: object): OfferState | undefined => {
      if ("refusals" in ruling) return undefined;
      const { outcome } = ruling as { outcome: Offer | { offer: Offer } };
      return "offer" in outcome ? outcome.offer.state : outcome.state;
    };
    const withdrawn = decided(withdrawPlace(offered, FACTS)).outcome.offer!;
    const later = { earlier: cohort(), cohort: cohort({ id: "coh_2", number: 8 }), existing: undefined, recused: [] };
    const answers: Record<OfferAction, OfferState | undefined> = {
      offer:
        offerRefusals(one, "offer").length > 0
          ? undefined
          : makeOffer(one, offered.application, { ...ENDING, isPromoted: false }).outcome.state,
      accept: next(acceptOffer(one, COMMITTED, OWNER)),
      decline: next(declineOffer(offered, null, OWNER, FACTS)),
      lapse: next(lapseOffer(offered, late)),
      extend: next(
        extendOffer(one, { answerBy: "2026-09-20", why: "Asked" }, { cohort: cohort(), viewer: VIEWERS.staff }),
      ),
      setConditions: next(setConditions(one, { conditions: "A degree", why: "Asked" }, NOW)),
      askDeferral: next(askDeferral({ ...one, deferral: null }, "A year abroad", OWNER)),
      refuseDeferral: next(refuseDeferral(one, "No")),
      defer: next(deferOffer(offered, "Yes", FACTS)),
      takeUp: (() => {
        const taken = takeUpDeferral(
          { ...offered, ...later },
          { viewer: VIEWERS.staff, number: "APP-2028-0001", why: "Now" },
        );
        return "refusals" in taken ? undefined : taken.outcome.deferred.state;
      })(),
      withdraw: withdrawn.state === state ? undefined : withdrawn.state,
    };
    const expected = Object.fromEntries(OFFER_ACTIONS.map((action) => [action, EXPECTED[state][action]]));
    expect({ state, ...answers }).toEqual({ state, ...expected });
    expect(OFFER_LABELS[state].applicant).not.toBe("");
  }
});

describe("the end of an offer", () => {
  const offered = (now: string, of: Cohort) => {
    const { answerBy, dueAt, nextReminder } = makeOffer(undefined, application("ACCEPTED"), {
      cohort: of,
      now,
      isPromoted: false,
    }).outcome;
    return { answerBy, dueAt, nextReminder };
  };

  test.each([
    {
      what: "counts days of the cohort's zone",
      now: NOW,
      zone: "America/Los_Angeles",
      expected: ["2026-09-15", "2026-09-16T00:00:00.000Z", 7, "2026-09-09T00:00:00.000Z"],
    },
    {
      what: "begins on the evening of the day before in the cohort's zone",
      now: "2026-09-02T06:59:59.999Z",
      zone: "America/Los_Angeles",
      expected: ["2026-09-15", "2026-09-16T00:00:00.000Z", 7, "2026-09-09T00:00:00.000Z"],
    },
    {
      what: "and on the next day from midnight on",
      now: "2026-09-02T07:00:00.000Z",
      zone: "America/Los_Angeles",
      expected: ["2026-09-16", "2026-09-17T00:00:00.000Z", 7, "2026-09-10T00:00:00.000Z"],
    },
    {
      what: "is an hour later in UTC behind the change to winter, before which a reminder lies",
      now: "2026-10-20T16:00:00.000Z",
      zone: "America/Los_Angeles",
      expected: ["2026-11-03", "2026-11-04T01:00:00.000Z", 7, "2026-10-28T00:00:00.000Z"],
    },
    {
      what: "is an hour earlier behind the change to summer",
      now: "2027-03-05T16:00:00.000Z",
      zone: "America/Los_Angeles",
      expected: ["2027-03-19", "2027-03-20T00:00:00.000Z", 7, "2027-03-13T01:00:00.000Z"],
    },
  ])("$what", ({ now, zone, expected: [answerBy, dueAt, daysBefore, at] }) => {
    expect(offered(now, cohort({ zone }))).toEqual({ answerBy, dueAt, nextReminder: { daysBefore, at } });
  });

  test("a wall-clock time that the change to summer skips moves on by the hour", () => {
    const of = withPolicy({ lapsesAt: "02:30" });
    expect(offered("2027-02-28T18:00:00.000Z", of)).toEqual({
      answerBy: "2027-03-14",
      dueAt: "2027-03-14T10:30:00.000Z",
      nextReminder: { daysBefore: 7, at: "2027-03-07T10:30:00.000Z" },
    });
  });

  test("a reminder that would have been before the offer is not made up for", () => {
    const { nextReminder } = offered(NOW, withPolicy({ days: 5, reminderDays: [7, 2, 0] }));
    expect(nextReminder).toEqual({ daysBefore: 2, at: "2026-09-05T00:00:00.000Z" });
    expect(offered(NOW, withPolicy({ days: 1 })).nextReminder).toBeNull();
  });

  test("the last moment is in time, the instant itself is not: not for the candidate, and not for staff", () => {
    const { dueAt } = offer();
    const before = "2026-09-15T23:59:59.999Z";
    const at = (now: string) => ({ viewer: viewer({}, now) });
    for (const action of ["accept", "decline", "extend", "setConditions", "askDeferral"] as const) {
      expect(answerRefusals(offer(), action, before)).toEqual([]);
      expect(faults(answerRefusals(offer(), action, dueAt))).toEqual(["TOO_LATE"]);
    }
    // The day of the cohort's clock, not of a clock in another zone.
    expect(answerRefusals(offer(), "accept", dueAt)[0]?.message).toBe(
      "The last day for an answer was Tuesday, September 15, 2026: the offer has lapsed since.",
    );
    expect(decided(acceptOffer(offer(), COMMITTED, at(before))).outcome.state).toBe("ACCEPTED");
    expect(faults(acceptOffer(offer(), COMMITTED, at(dueAt)))).toEqual(["TOO_LATE"]);
    expect(faults(declineOffer(place(), null, at(dueAt), { ...FACTS, now: dueAt }))).toEqual(["TOO_LATE"]);
    expect(decided(lapseOffer(place(), { ...FACTS, now: before })).events).toEqual([]);
    expect(decided(lapseOffer(place(), { ...FACTS, now: dueAt })).outcome.application.state).toBe("NOT_TAKEN_UP");
    // Whoever has accepted may ask for a deferral later.
    expect(answerRefusals(offer({ state: "ACCEPTED" }), "askDeferral", "2027-01-01T00:00:00.000Z")).toEqual([]);
  });
});

describe("accepting", () => {
  test("commits to all dates and acknowledges the conditions as they are, all faults at once", () => {
    const conditional = offer({ conditions: "A degree by June" });
    expect(faults(acceptOffer(conditional, { commitsToAllDates: false }, { viewer: VIEWERS.staff }))).toEqual([
      "REQUIRED why",
      "NOT_COMMITTED commitsToAllDates",
      "CONDITIONS_NOT_ACKNOWLEDGED acknowledgedConditions",
    ]);
    const other = { ...COMMITTED, acknowledgedConditions: "A degree by May" };
    expect(faults(acceptOffer(conditional, other, OWNER))).toEqual([
      "CONDITIONS_NOT_ACKNOWLEDGED acknowledgedConditions",
    ]);
    const read = { ...COMMITTED, acknowledgedConditions: "A degree by June" };
    const { outcome, events } = decided(acceptOffer(conditional, read, OWNER));
    expect(outcome).toEqual({
      ...conditional,
      state: "ACCEPTED",
      answeredAt: NOW,
      nextReminder: null,
      acknowledged: "A degree by June",
    });
    expect(events).toEqual([
      {
        type: "OfferAccepted",
        about: { kind: "Offer", id: "app_1-c-owner" },
        facts: { personId: "per_owner", cohortId: "coh_1", applicationId: "app_1-c-owner" },
        before: { offer: "OFFERED", answerBy: "2026-09-15" },
        after: { offer: "ACCEPTED", answerBy: "2026-09-15" },
      },
    ]);
  });

  test("in the candidate's stead it says so, and why", () => {
    const { events } = decided(acceptOffer(offer(), COMMITTED, STAFF));
    expect(events).toMatchObject([{ type: "OfferAccepted", why: "Called us", actingFor: "per_owner" }]);
  });
});

describe("giving a place up", () => {
  test("declined, it frees the seat and opens it for the waitlist", () => {
    const { outcome, events } = decided(declineOffer(place(), " Another job ", OWNER, FACTS));
    expect(outcome.offer).toMatchObject({
      state: "DECLINED",
      reason: "Another job",
      answeredAt: NOW,
      nextReminder: null,
    });
    expect(outcome.application).toMatchObject({ state: "NOT_TAKEN_UP" });
    expect(outcome.decision).toEqual({ ...ACCEPTED, holdsSeat: false });
    expect(outcome.opening).toEqual({
      id: "opn_1",
      version: 0,
      cohortId: "coh_1",
      state: "OPEN",
      openedAt: NOW,
      confirmed: null,
      byPersonId: null,
      resumesAt: NOW,
      promoted: null,
    });
    expect(events).toMatchObject([
      {
        type: "OfferDeclined",
        before: { state: "ACCEPTED", offer: "OFFERED" },
        after: { state: "NOT_TAKEN_UP", offer: "DECLINED" },
      },
    ]);
    expect(events[0]).not.toHaveProperty("why");
    expect(faults(declineOffer(place(), "x".repeat(2_001), { viewer: VIEWERS.staff }, FACTS))).toEqual([
      "TOO_LONG reason",
      "REQUIRED why",
    ]);
  });

  test("a deferral has to be asked for, once, and granted or refused with a reason", () => {
    expect(faults(deferOffer(place(), "Yes", FACTS))).toEqual(["NOT_ASKED"]);
    expect(faults(refuseDeferral(offer(), "No"))).toEqual(["NOT_ASKED"]);
    expect(faults(askDeferral(offer(), " ", { viewer: VIEWERS.staff }))).toEqual(["REQUIRED reason", "REQUIRED why"]);
    const { outcome: asked } = decided(askDeferral(offer(), "A year abroad", OWNER));
    expect(asked).toEqual(offer({ deferral: { reason: "A year abroad", askedAt: NOW } }));
    expect(faults(askDeferral(asked, "Again", OWNER))).toEqual(["ALREADY_ASKED"]);
    expect(faults(deferOffer({ ...place(), offer: asked }, "", FACTS))).toEqual(["REQUIRED why"]);
    expect(decided(refuseDeferral(asked, "No place next year")).outcome).toEqual(offer());
    const deferred = decided(deferOffer({ ...place(), offer: asked }, "Yes", FACTS));
    expect(deferred.outcome).toMatchObject({
      application: { state: "DEFERRED" },
      decision: { holdsSeat: false },
      offer: { state: "DEFERRED", deferral: { reason: "A year abroad" } },
      opening: { state: "OPEN" },
    });
  });

  test("nobody decides in office about themselves", () => {
    const decide = () => deferOffer(place({ deferral: { reason: "x", askedAt: NOW } }), "Yes", FACTS);
    expect(faults(inOffice(place(), VIEWERS.ownerOnStaff, decide))).toEqual(["OWN_APPLICATION"]);
    expect(faults(inOffice(place(), VIEWERS.staff, decide))).toEqual([]);
  });

  test("whoever went through the program has taken the place up", () => {
    const certified = { ...place(), application: { ...application("ACCEPTED"), certificateNumber: "CTOM-2027-1" } };
    const { outcome, events } = decided(
      lapseOffer(certified as ReturnType<typeof place>, { ...FACTS, now: offer().dueAt }),
    );
    expect([outcome.application.state, outcome.offer?.state]).toEqual(["ACCEPTED", "ACCEPTED"]);
    expect(events.map(({ type }) => type)).toEqual(["OfferAccepted"]);
  });

  test("withdrawn after the release the seat is open, before it is the committee's", () => {
    const after = decided(withdrawPlace(place(), FACTS)).outcome;
    expect(after).toMatchObject({
      offer: { state: "WITHDRAWN" },
      decision: { state: "CANCELLED" },
      opening: { id: "opn_1" },
    });
    const before = decided(
      withdrawPlace({ application: application("COMPLETE"), decision: decision() }, FACTS),
    ).outcome;
    expect(before).toMatchObject({ decision: { state: "CANCELLED" }, opening: null });
    // What was declined before stays so; there is nothing to withdraw.
    expect(
      faults(withdrawPlace({ ...place({ state: "DECLINED" }), application: application("NOT_TAKEN_UP") }, FACTS)),
    ).toEqual(["WRONG_STATE"]);
  });

  test("where staff promote, or after the last day for it, a freed seat is not given on by itself", () => {
    const at = { id: "opn_1", now: "2026-09-29T06:59:59.999Z" };
    expect(openingFor(withPolicy({ promotion: "BY_STAFF" }), at)).toBeNull();
    // The window closes on 18 September, and 28 September goes on until midnight in the cohort's zone.
    expect(openingFor(withPolicy({ promotionDays: 10 }), at)).toMatchObject({ id: "opn_1" });
    expect(openingFor(withPolicy({ promotionDays: 10 }), { ...at, now: "2026-09-29T07:00:00.000Z" })).toBeNull();
    expect(openingFor(cohort(), { ...at, now: "2027-09-29T07:00:00.000Z" })).toMatchObject({ id: "opn_1" });
  });
});

describe("terms that staff change", () => {
  const by = { cohort: cohort(), viewer: VIEWERS.staff };

  test("more time is a later day, with reminders anew", () => {
    for (const answerBy of ["2026-09-15", "2026-09-14", "2026-12-15"]) {
      expect(faults(extendOffer(offer(), { answerBy, why: "" }, by))).toEqual([
        "REQUIRED why",
        "OUT_OF_RANGE answerBy",
      ]);
    }
    expect(faults(extendOffer(offer(), { answerBy: "2026-02-30", why: "Ill" }, by))).toEqual(["BAD_DATE answerBy"]);
    const { outcome } = decided(extendOffer(offer({ nextReminder: null }), { answerBy: "2026-12-14", why: "Ill" }, by));
    expect(outcome).toEqual(
      offer({
        answerBy: "2026-12-14",
        dueAt: "2026-12-15T01:00:00.000Z",
        nextReminder: { daysBefore: 7, at: "2026-12-08T01:00:00.000Z" },
      }),
    );
  });

  test("conditions are set before the answer; the same ones again change nothing", () => {
    const set = (conditions: string | null, existing = offer()) =>
      setConditions(existing, { conditions, why: "Committee" }, NOW);
    const { outcome } = decided(set(" A degree "));
    expect(outcome).toEqual(offer({ conditions: "A degree" }));
    expect(decided(set("A degree", outcome)).events).toEqual([]);
    expect(decided(set(null, outcome)).outcome).toEqual(offer());
    expect(faults(setConditions(offer(), { conditions: "x".repeat(2_001), why: "" }, NOW))).toEqual([
      "TOO_LONG conditions",
      "REQUIRED why",
    ]);
  });
});

describe("reminders", () => {
  const remind = (existing: Offer, now: string) => decided(remindOfOffer(existing, offerTerms(cohort()), now));

  test("each step once, and after an outage the latest alone", () => {
    expect(remind(offer(), "2026-09-08T23:59:59.999Z").events).toEqual([]);
    const first = remind(offer(), "2026-09-09T00:00:00.000Z");
    expect(first.events).toMatchObject([{ type: "OfferReminderDue", facts: { daysBefore: 7 } }]);
    expect(first.outcome.nextReminder).toEqual({ daysBefore: 2, at: "2026-09-14T00:00:00.000Z" });
    const late = remind(offer(), "2026-09-14T10:00:00.000Z");
    expect(late.events).toMatchObject([{ facts: { daysBefore: 2 } }]);
    expect(late.outcome.nextReminder).toBeNull();
    expect(late.outcome.dueAt).toBe(offer().dueAt);
  });

  test("none when it was answered, or is over", () => {
    expect(remind(offer({ state: "ACCEPTED" }), "2026-09-14T10:00:00.000Z").events).toEqual([]);
    expect(remind(offer(), offer().dueAt).events).toEqual([]);
  });
});

describe("the waitlist", () => {
  const onList = (id: string, rank: number) => ({
    application: application("WAITLISTED", { id, personId: `per_${id}` }),
    decision: decision({ id, state: "RELEASED", outcome: "WAITLIST", rank, holdsSeat: false, personId: `per_${id}` }),
  });
  const OPENING = opening({ id: "opn_1", cohortId: "coh_1", now: NOW, confirmed: null, byPersonId: null });
  const seating = {
    opening: OPENING,
    cohort: cohort({ seats: 2 }),
    seatsTaken: 1,
    waitlist: [onList("app_a", 1), onList("app_b", 2)],
  };

  test("a free seat goes to the best rank, with an offer of its own", () => {
    const { outcome, events } = decided(promote(seating, NOW));
    expect(outcome.opening).toEqual(closeOpening(OPENING, "app_a"));
    expect(outcome.place).toMatchObject({
      application: { id: "app_a", state: "ACCEPTED" },
      decision: {
        outcome: "ACCEPT",
        rank: null,
        holdsSeat: true,
        state: "RELEASED",
        told: { outcome: "ACCEPT", rank: null },
      },
      offer: { state: "OFFERED", isPromoted: true, answerBy: "2026-09-15" },
    });
    expect(events).toMatchObject([
      {
        type: "OfferPromoted",
        before: { state: "WAITLISTED", outcome: "WAITLIST", rank: 1 },
        after: { state: "ACCEPTED", outcome: "ACCEPT", rank: null, offer: "OFFERED" },
      },
      { type: "OfferMade" },
    ]);
  });

  test("nobody gets it when none is free, when nobody waits, or when it was done", () => {
    const closed = { outcome: { opening: closeOpening(OPENING, null), place: null }, events: [] };
    expect(promote({ ...seating, seatsTaken: 2 }, NOW)).toEqual(closed);
    expect(promote({ ...seating, waitlist: [] }, NOW)).toEqual(closed);
    const done = closeOpening(OPENING, "app_x");
    expect(promote({ ...seating, opening: done }, NOW)).toEqual({
      outcome: { opening: done, place: null },
      events: [],
    });
  });

  test("whom the committee decides on anew is passed over; nobody else is", () => {
    const { application: first, decision: told } = onList("app_a", 1);
    for (const state of ["PREPARED", "CANCELLED"] as const) expect(isWaiting(first, { ...told, state })).toBe(false);
    expect(isWaiting(first, undefined)).toBe(false);
    expect(isWaiting(application("WITHDRAWN"), told)).toBe(false);
    const anew = { application: first, decision: decision({ ...told, state: "PREPARED" }) };
    const { outcome } = decided(promote({ ...seating, waitlist: [anew, onList("app_b", 2)] }, NOW));
    expect(outcome.place?.application.id).toBe("app_b");
  });

  test("a seat that a reversal took from somebody who now waits goes to the next, and never back", () => {
    const freed = openingFor(seating.cohort, { id: "opn_1", now: NOW, takenFrom: "app_a" })!;
    const given = (waitlist: (typeof seating)["waitlist"]) =>
      decided(promote({ ...seating, opening: freed, waitlist }, NOW)).outcome.place?.application.id;
    expect(given(seating.waitlist)).toBe("app_b");
    expect(given([onList("app_a", 1)])).toBeUndefined();
  });

  test("confirmed by staff, a seat goes to one of those who were confirmed, or to nobody", () => {
    const confirmed = (ids: string[]) => ({ ...seating, opening: { ...OPENING, confirmed: ids } });
    expect(decided(promote(confirmed(["app_b", "app_a"]), NOW)).outcome.place?.application.id).toBe("app_a");
    expect(decided(promote(confirmed(["app_b"]), NOW)).outcome).toEqual({
      opening: { ...closeOpening(OPENING, null), confirmed: ["app_b"] },
      place: null,
    });
  });

  test("staff confirm exactly the free seats' rows", () => {
    const rows = promotionRows(seating);
    expect(rows).toEqual([{ applicationId: "app_a", rank: 1, version: 2 }]);
    expect(promotionRows({ ...seating, seatsTaken: 3 })).toEqual([]);
    const facts = {
      idOf: (n: number) => `opn_${n}`,
      cohortId: "coh_1",
      byPersonId: "per_staff",
      now: NOW,
      currentToken: "t",
    };
    expect(faults(startPromotion([], facts))).toEqual(["NOTHING_TO_PROMOTE"]);
    expect(faults(startPromotion(rows, facts))).toEqual(["CONFIRM_TOKEN_REQUIRED confirmToken"]);
    expect(faults(startPromotion(rows, { ...facts, confirmToken: "other" }))).toEqual(["STALE confirmToken"]);
    const { outcome, events } = decided(startPromotion(rows, { ...facts, confirmToken: "t" }));
    expect(outcome).toMatchObject([{ id: "opn_0", confirmed: ["app_a"], byPersonId: "per_staff", state: "OPEN" }]);
    expect(events).toEqual([{ type: "PromotionStarted", about: { kind: "Cohort", id: "coh_1" }, facts: { count: 1 } }]);
  });
});

describe("a deferred place in a later cohort", () => {
  const later = cohort({ id: "coh_2", number: 8 });
  const recused = person({ id: "per_recused", recusedFrom: ["app_1-c-owner"] });
  const deferred = {
    application: application("DEFERRED", { recusals: [{ personId: "per_recused", why: "A friend", at: NOW }] }),
    offer: offer({ state: "DEFERRED" }),
    earlier: cohort(),
    cohort: later,
    existing: undefined,
    recused: [recused],
  };
  const facts = { viewer: VIEWERS.staff, number: "APP-2028-0001", why: "A seat is kept" };

  test("is an accepted application there, with what was submitted, a seat and an offer; who was recused stays so", () => {
    const { outcome, events } = decided(takeUpDeferral(deferred, facts));
    expect(outcome).toMatchObject({
      application: { id: "app_2-c-owner", version: 0, state: "ACCEPTED", number: "APP-2028-0001", cohortId: "coh_2" },
      decision: {
        id: "app_2-c-owner",
        state: "RELEASED",
        outcome: "ACCEPT",
        holdsSeat: true,
        rationale: "A seat is kept",
      },
      offer: { id: "app_2-c-owner", cohortId: "coh_2", state: "OFFERED" },
      deferred: { id: "app_1-c-owner", state: "DEFERRED", takenUpBy: "app_2-c-owner" },
      recused: [{ id: "per_recused", recusedFrom: ["app_1-c-owner", "app_2-c-owner"] }],
    });
    expect(events.map(({ type, about }) => [type, about.id])).toEqual([
      ["DeferralTakenUp", "app_2-c-owner"],
      ["OfferMade", "app_2-c-owner"],
      ["OfferTakenUp", "app_1-c-owner"],
      ["MemberRecused", "app_2-c-owner"],
    ]);
  });

  test("begins like any other: what belongs to the earlier application stays there", () => {
    const full: Application = {
      ...deferred.application,
      lateCodeId: "lat_1",
      letters: [summaryOf(nomination("PROVIDED"))],
      information: REQUEST,
      reviewers: [reviewer({ state: "SUBMITTED" })],
      cleared: [{ personId: "per_chair", at: NOW }],
      reviewedAt: NOW,
    };
    const { application: begun } = decided(takeUpDeferral({ ...deferred, application: full }, facts)).outcome;
    expect(begun).toEqual({
      id: "app_2-c-owner",
      version: 0,
      number: "APP-2028-0001",
      cohortId: "coh_2",
      kind: "CANDIDATE",
      personId: "per_owner",
      startedAt: NOW,
      recusals: deferred.application.recusals,
      letters: [],
      reviewedAt: NOW,
      partsWaivedAt: NOW,
      enteredBy: "per_staff",
      state: "ACCEPTED",
      draft: full.draft,
      submission: SUBMISSION,
    });
  });

  test("is refused for an earlier cohort, or one that is not published, without a reason, a second time, and about oneself", () => {
    expect(faults(takeUpDeferral({ ...deferred, cohort: cohort() }, { ...facts, why: "" }))).toEqual([
      "REQUIRED why",
      "NOT_LATER cohortId",
    ]);
    const draft = cohort({ ...later, state: "DRAFT" });
    expect(faults(takeUpDeferral({ ...deferred, cohort: draft }, facts))).toEqual(["NOT_PUBLISHED cohortId"]);
    expect([later, draft, cohort()].map((to) => mayTakeUp({ ...deferred, cohort: to }))).toEqual([true, false, false]);
    const taken = { ...deferred, offer: offer({ state: "DEFERRED", takenUpBy: "app_2-c-owner" }) };
    expect(faults(takeUpDeferral(taken, facts))).toEqual(["ALREADY_STARTED cohortId"]);
    expect(faults(takeUpDeferral({ ...deferred, existing: application("DRAFT") }, facts))).toEqual([
      "ALREADY_STARTED cohortId",
    ]);
    expect(faults(takeUpDeferral(deferred, { ...facts, viewer: VIEWERS.ownerOnStaff }))).toEqual(["OWN_APPLICATION"]);
    const byRecused = viewer({ ...recused, roles: VIEWERS.staff.person.roles });
    expect(faults(takeUpDeferral(deferred, { ...facts, viewer: byRecused }))).toEqual(["RECUSED"]);
  });
});

test("what people wrote is removed for good, once", () => {
  const written = offer({ conditions: "A", acknowledged: "A", reason: "B", deferral: { reason: "C", askedAt: NOW } });
  const { outcome, events } = removeOfferTexts(written);
  const gone = "[removed]";
  expect(outcome).toEqual({
    ...written,
    conditions: gone,
    acknowledged: gone,
    reason: gone,
    deferral: { reason: gone, askedAt: NOW },
  });
  expect(events.map(({ type }) => type)).toEqual(["OfferTextsRemoved"]);
  expect(removeOfferTexts(outcome).events).toEqual([]);
  expect(removeOfferTexts(offer()).events).toEqual([]);
});
