import { describe, expect, test } from "vitest";
import type { Application } from "../../schema/application/application.ts";
import { daysBeforeEnd, lettersUntil, partsMissing } from "../../schema/application/parts.ts";
import { waiveParts } from "../../schema/application/step.ts";
import { DEFAULT_POLICY } from "../../schema/cohort/policy.ts";
import type { Issued, Link } from "../../schema/link/link.ts";
import {
  openNomination,
  provideNomination,
  refuseNomination,
  saveNomination,
  type Found,
} from "../../schema/nomination/answer.ts";
import { bounceNomination, lookAfter, removeLetter } from "../../schema/nomination/course.ts";
import {
  NOMINATION_ACTIONS,
  NOMINATION_STATES,
  NOMINATION_TRANSITIONS,
  mayReadLetter,
  mayReadNomination,
  type Nomination,
  type NominationAction,
  type NominationLinkFacts,
  type NominationState,
} from "../../schema/nomination/nomination.ts";
import {
  cancelNomination,
  nextLook,
  reopenNomination,
  requestNomination,
  resendNomination,
} from "../../schema/nomination/request.ts";
import { confirmNomination, endOffer, offerNomination } from "../../schema/nomination/offered.ts";
import { matchNomination, nextSearch, searchOn } from "../../schema/nomination/unsolicited.ts";
import type { Decision as Ruling } from "../../schema/shared/decision.ts";
import { tasksOf } from "../../schema/viewer/task.ts";
import {
  application,
  both,
  cohort as plainCohort,
  decided,
  faults,
  LETTERS_UNTIL,
  nomination,
  NOW,
  person,
  summaryOf,
  VIEWERS,
  WINDOW,
} from "./records.ts";

const cohort = plainCohort({ policy: DEFAULT_POLICY });
const issued: Issued = {
  about: { kind: "Application", id: "app_1-c-owner" },
  purpose: "NOMINATION",
  version: 0,
  links: [],
};
const LINKS = { issued, links: [], linkId: "lnk_2" };
const link: Link<NominationLinkFacts> = {
  id: "lnk_1",
  version: 1,
  purpose: "NOMINATION",
  about: issued.about,
  to: "pat.super@example.org",
  facts: { nominationId: "nom_1" },
  hashes: ["hash"],
  issuedAt: "2026-08-25T16:00:00.000Z",
  expiresAt: "2027-08-26T16:00:00.000Z",
  uses: 0,
  mostUses: 500,
  revokedAt: null,
};
const LETTER = { text: "We support her.", name: "Pat Super", position: "Superintendent" };

const waiting = (letter: Nomination) => application("SUBMITTED", { letters: [summaryOf(letter)] });
const asked = (state: NominationState) => ({ nomination: nomination(state), application: waiting(nomination(state)) });
const found = (state: NominationState, overrides: Partial<Found> = {}): Found => ({
  link,
  isHeld: true,
  asked: { ...asked(state), cohort },
  ...overrides,
});

const NEVER = { version: 0, count: 0 };

/** A ruling about a nomination alone, like those that are about more. */
const inNomination = (ruling: ReturnType<typeof endOffer>) => {
  const { outcome, events } = decided(ruling);
  return { outcome: { nomination: outcome }, events };
};

describe("the square of states and actions", () => {
  type Step = (from: NominationState) => Ruling<{ nomination: Nomination }>;
  const STEPS: Record<NominationAction, Step> = {
    confirm: (from) => {
      const offer = { ...link, purpose: "NOMINATION_OFFER" as const };
      const leadsTo = { nomination: nomination(from), cohort };
      return confirmNomination({ link: offer, isHeld: true, offered: leadsTo, toldToday: NEVER }, NOW);
    },
    match: (from) => {
      const facts = { cohort, person: person(), now: NOW, by: { viewer: VIEWERS.staff, why: "Test" } };
      return matchNomination({ nomination: nomination(from), application: application("SUBMITTED") }, facts);
    },
    resend: (from) => resendNomination(asked(from), { cohort, person: person(), now: NOW, ...LINKS }),
    remind: (from) => lookAfter(asked(from), cohort, WINDOW.closesAt),
    open: (from) => openNomination(found(from), NOW),
    save: (from) => saveNomination(found(from), "So far", NOW),
    provide: (from) => provideNomination(found(from), LETTER, NOW),
    refuse: (from) => refuseNomination(found(from), "", NOW),
    bounce: (from) => bounceNomination(asked(from)),
    cancel: (from) => cancelNomination(asked(from), { cohort, links: [], now: NOW }),
    expire: (from) =>
      from === "OFFERED"
        ? inNomination(endOffer(nomination(from), { cohort, now: WINDOW.closesAt }))
        : from === "UNMATCHED"
          ? searchOn(
              { nomination: nomination(from), application: undefined },
              { cohort, person: undefined, now: LETTERS_UNTIL },
            )
          : lookAfter(asked(from), cohort, LETTERS_UNTIL),
    reopen: (from) => reopenNomination(asked(from), { cohort, viewer: VIEWERS.staff, why: "Test", now: NOW, ...LINKS }),
  };
  const [no, gone, late, same] = ["WRONG_STATE", "NOT_NEEDED", "TOO_LATE", ""];
  // What a program does by itself leaves alone what it does not concern; everybody else is told why.
  // oxfmt-ignore
  const EXPECTED: Record<NominationState, string[]> = {
    //          confirm      match       resend       remind       open      save      provide     refuse     bounce     cancel       expire     reopen
    OFFERED:   ["UNMATCHED", no        , no         , same       , late    , late    , late      , late     , same     , no         , "EXPIRED", no      ],
    UNMATCHED: [same       , "PROVIDED", no         , same       , late    , late    , late      , late     , same     , no         , "EXPIRED", no      ],
    REQUESTED: [no         , no        , "REQUESTED", "REQUESTED", "OPENED", "OPENED", "PROVIDED", "REFUSED", "BOUNCED", "CANCELLED", "EXPIRED", no      ],
    OPENED:    [no         , no        , "OPENED"   , "OPENED"   , "OPENED", "OPENED", "PROVIDED", "REFUSED", "BOUNCED", "CANCELLED", "EXPIRED", no      ],
    PROVIDED:  [same       , no        , no         , same       , no      , no      , no        , no       , same     , no         , same     , "OPENED"],
    REFUSED:   [no         , no        , no         , same       , no      , no      , no        , no       , same     , no         , same     , "OPENED"],
    BOUNCED:   [no         , no        , "REQUESTED", same       , "OPENED", "OPENED", "PROVIDED", "REFUSED", same     , "CANCELLED", "EXPIRED", no      ],
    CANCELLED: [no         , no        , no         , same       , gone    , gone    , gone      , gone     , same     , no         , same     , no      ],
    EXPIRED:   [no         , no        , no         , same       , late    , late    , late      , late     , same     , no         , same     , no      ],
  };

  for (const state of NOMINATION_STATES) {
    test(state, () => {
      const answers = NOMINATION_ACTIONS.map((action) => {
        const ruling = STEPS[action](state);
        if ("refusals" in ruling) return faults(ruling).join();
        const isPassed = ruling.events.length === 0 && NOMINATION_TRANSITIONS[state][action] === undefined;
        return isPassed ? "" : ruling.outcome.nomination.state;
      });
      expect(answers).toEqual(EXPECTED[state]);
    });
  }

  test("the table of transitions says the same", () => {
    const stated = NOMINATION_STATES.map((state) => [
      state,
      Object.fromEntries(
        EXPECTED[state].flatMap((to, column) => (to in EXPECTED ? [[NOMINATION_ACTIONS[column]!, to]] : [])),
      ),
    ]);
    expect(NOMINATION_TRANSITIONS).toEqual(Object.fromEntries(stated));
  });
});

describe("the time of the letters", () => {
  test("ends days after the window at its wall-clock time, also over a change of the clocks", () => {
    expect(lettersUntil(cohort, "CANDIDATE")).toBe(LETTERS_UNTIL);
    expect(daysBeforeEnd(cohort, "CANDIDATE", 7)).toBe(WINDOW.closesAt);
    const autumn = plainCohort({
      windows: both({ ...WINDOW, closes: "2026-10-30T17:00", closesAt: "2026-10-31T00:00:00.000Z" }),
    });
    expect(lettersUntil(autumn, "CANDIDATE")).toBe("2026-11-07T01:00:00.000Z");
    expect([nextLook(cohort, "CANDIDATE", NOW), nextLook(cohort, "CANDIDATE", WINDOW.closesAt)]).toEqual([
      WINDOW.closesAt,
      "2026-09-24T00:00:00.000Z",
    ]);
    expect(nextLook(cohort, "CANDIDATE", "2026-09-24T00:00:00.000Z")).toBe(LETTERS_UNTIL);
    expect([nextSearch(cohort, NOW), nextSearch(cohort, "2026-09-25T23:30:00.000Z")]).toEqual([
      "2026-09-01T17:00:00.000Z",
      LETTERS_UNTIL,
    ]);
  });

  test("a reminder goes out once, and of those that were missed the latest", () => {
    const at = (now: string, from = asked("REQUESTED")) => decided(lookAfter(from, cohort, now));
    const days = ({ events }: ReturnType<typeof at>) =>
      events.map(({ facts }) => (facts as { daysBefore: number }).daysBefore);
    expect(days(at("2026-09-18T23:59:59.999Z"))).toEqual([]);
    const first = at(WINDOW.closesAt);
    expect(days(first)).toEqual([7]);
    expect(days(at("2026-09-20T00:00:00.000Z", first.outcome))).toEqual([]);
    expect(days(at("2026-09-24T00:00:00.000Z", first.outcome))).toEqual([2]);
    expect(days(at("2026-09-25T00:00:00.000Z"))).toEqual([2]);
    // Whoever was asked after a reminder's day is not sent it.
    const late = nomination("REQUESTED", { createdAt: "2026-09-19T08:00:00.000Z" });
    expect(days(at("2026-09-20T00:00:00.000Z", { nomination: late, application: waiting(late) }))).toEqual([]);
  });
});

describe("which parts are missing", () => {
  const missing = (...letters: Nomination[]) =>
    partsMissing({ kind: "CANDIDATE", letters: letters.map(summaryOf) }, cohort).map(({ message }) => message);

  test("names who has not answered, and nothing once a letter has come or staff do without", () => {
    expect(missing()).toEqual(["Nobody is asked for a nomination."]);
    expect(missing(nomination("REFUSED"), nomination("CANCELLED"))).toEqual(["Nobody is asked for a nomination."]);
    expect(missing(nomination("OPENED"))).toEqual(["The nomination by Pat Super has not come yet."]);
    expect(missing(nomination("BOUNCED"))).toEqual([
      "The nomination by Pat Super was not asked for: mails to the address come back.",
    ]);
    expect(missing(nomination("OPENED"), nomination("PROVIDED"))).toEqual([]);
    expect(partsMissing({ kind: "MENTOR", letters: [] }, cohort)).toEqual([]);
    expect(partsMissing({ kind: "CANDIDATE", letters: [], partsWaivedAt: NOW }, cohort)).toEqual([]);
  });

  test("staff do without for a reason, nobody with their own", () => {
    const waive = (viewer = VIEWERS.staff, why = "Test", from = application("SUBMITTED")) =>
      waiveParts(from, { viewer, why });
    const { outcome, events } = decided(waive());
    expect([outcome.state, outcome.partsWaivedAt, events[0]!.why]).toEqual(["COMPLETE", NOW, "Test"]);
    expect(faults(waive(VIEWERS.ownerOnStaff))).toEqual(["OWN_APPLICATION"]);
    expect(faults(waive(VIEWERS.staff, " "))).toEqual(["REQUIRED why"]);
    expect(faults(waive(VIEWERS.staff, "Test", application("DRAFT")))).toEqual(["WRONG_STATE"]);
  });
});

describe("who is asked", () => {
  const ask = (more: object = {}, from = application("DRAFT"), facts: object = {}) =>
    requestNomination(
      from,
      { name: "Pat", email: "pat@example.org", position: "Principal", ...more },
      { cohort, person: person({ givenUp: ["old@example.org"] }), now: NOW, id: "nom_2", ...LINKS, ...facts },
    );

  test("nobody by an address of the applicant, and nobody twice", () => {
    for (const email of ["avery@example.org", "AVERY@example.org ", "avery+x@example.org", "Old@example.org"]) {
      expect(faults(ask({ email }))).toEqual(["NOMINATOR_IS_APPLICANT email"]);
    }
    const counts = NOMINATION_STATES.map((state) => [
      state,
      faults(
        ask({ email: "Pat.Super@example.org" }, application("DRAFT", { letters: [summaryOf(nomination(state))] })),
      ),
    ]);
    const twice = ["ALREADY_ASKED email"];
    expect(Object.fromEntries(counts)).toEqual({
      OFFERED: [],
      UNMATCHED: [],
      REQUESTED: twice,
      OPENED: twice,
      PROVIDED: twice,
      BOUNCED: twice,
      REFUSED: [],
      CANCELLED: [],
      EXPIRED: [],
    });
  });

  test("up to fifteen people, in a draft or while a part is missing, until the time is over", () => {
    const letters = Array.from({ length: 15 }, (_, index) => summaryOf(nomination("REFUSED", { id: `nom_${index}` })));
    expect(faults(ask({}, application("DRAFT", { letters: letters.slice(1) })))).toEqual([]);
    expect(faults(ask({}, application("DRAFT", { letters })))).toEqual(["TOO_MANY"]);
    expect(faults(ask({}, application("SUBMITTED")))).toEqual([]);
    for (const state of ["COMPLETE", "UNDER_REVIEW", "ACCEPTED", "WITHDRAWN", "EXPIRED"] as const) {
      expect(faults(ask({}, application(state)))).toEqual(["WRONG_STATE"]);
    }
    expect(faults(ask({}, application("SUBMITTED"), { now: LETTERS_UNTIL }))).toEqual(["TOO_LATE"]);
  });
});

describe("a letter that somebody offers", () => {
  const wish = {
    nomineeName: "Nina Nominee",
    nomineeEmail: "Nina@Example.org",
    nominatorName: " Pat Super ",
    nominatorEmail: "Pat.Super@Example.org",
    nominatorPosition: "Superintendent",
    text: "We support her.",
  };
  const offer = (more: object = {}, count = 0, now = NOW) =>
    offerNomination(
      { ...wish, ...more },
      { id: "nom_1", linkId: "lnk_1", cohort, now, offeredToday: { version: count, count } },
    );
  const offerLink = { ...link, purpose: "NOMINATION_OFFER" as const };
  const confirm = (state: NominationState, more: object = {}, now = NOW) =>
    confirmNomination(
      { link: offerLink, isHeld: true, offered: { nomination: nomination(state), cohort }, toldToday: NEVER, ...more },
      now,
    );

  test("waits three days for whoever it says wrote it, and counts for nothing", () => {
    const { outcome, events } = decided(offer({}, 2));
    expect(outcome.nomination).toEqual({
      ...nomination("OFFERED"),
      version: 0,
      createdAt: NOW,
      text: "We support her.",
      dueAt: "2026-09-04T16:00:00.000Z",
    });
    expect(outcome.link).toEqual({
      id: "lnk_1",
      to: "pat.super@example.org",
      facts: { nominationId: "nom_1" },
      version: 0,
      purpose: "NOMINATION_OFFER",
      about: { kind: "Nomination", id: "nom_1" },
      hashes: [],
      issuedAt: NOW,
      expiresAt: "2026-09-04T16:00:00.000Z",
      uses: 0,
      mostUses: 1,
      revokedAt: null,
    });
    expect(outcome.offeredToday).toEqual({ version: 2, count: 3 });
    expect(events.map(({ type, facts }) => [type, facts])).toEqual([
      ["NominationOffered", { applicationId: null, personId: null, cohortId: "coh_1", linkId: "lnk_1" }],
      ["LinkIssued", { purpose: "NOMINATION_OFFER" }],
    ]);
    expect(mayReadNomination(VIEWERS.staff, outcome.nomination)).toBe(false);
    expect(mayReadNomination(VIEWERS.staff, nomination("UNMATCHED"))).toBe(true);
  });

  test("is refused like one that staff record, after the time of the letters, and the sixth of an address in a day", () => {
    expect(faults(offer({ nominatorEmail: "nina@example.org" }))).toEqual(["NOMINATOR_IS_APPLICANT nominatorEmail"]);
    expect(faults(offer({ text: " ", nomineeEmail: "x" }))).toEqual(["BAD_EMAIL nomineeEmail", "REQUIRED text"]);
    expect(faults(offer({}, 0, LETTERS_UNTIL))).toEqual(["TOO_LATE"]);
    expect([4, 5].map((count) => faults(offer({}, count)))).toEqual([[], ["TOO_MANY nominatorEmail"]]);
  });

  test("is confirmed once, by the link from its mail alone", () => {
    const { outcome, events } = decided(confirm("OFFERED"));
    expect(outcome.nomination).toEqual({
      ...nomination("OFFERED"),
      state: "UNMATCHED",
      dueAt: nextSearch(cohort, NOW),
    });
    expect([outcome.link.uses, outcome.toldToday]).toEqual([offerLink.uses + 1, { version: 0, count: 1 }]);
    expect(events.map(({ type, facts }) => [type, facts])).toEqual([
      ["NominationConfirmed", { applicationId: null, personId: null, cohortId: "coh_1", tellsNominee: true }],
      ["LinkUsed", { purpose: "NOMINATION_OFFER" }],
    ]);
    expect(faults(confirm("OFFERED", { isHeld: false }))).toEqual(["LINK_UNKNOWN token"]);
    expect(faults(confirm("OFFERED", { link }))).toEqual(["LINK_UNKNOWN token"]);
    expect(faults(confirm("OFFERED", { offered: undefined }))).toEqual(["LINK_UNKNOWN token"]);
    expect(faults(confirm("OFFERED", {}, offerLink.expiresAt))).toEqual(["LINK_EXPIRED token"]);
    const lasting = { link: { ...offerLink, expiresAt: "2027-01-01T00:00:00.000Z" } };
    expect(faults(confirm("OFFERED", lasting, LETTERS_UNTIL))).toEqual(["TOO_LATE"]);
  });

  test("tells whom it is about once a day, however many are confirmed", () => {
    const again = decided(confirm("OFFERED", { toldToday: { version: 1, count: 1 } }));
    expect(again.outcome.toldToday).toEqual({ version: 1, count: 1 });
    expect(again.events[0]).toMatchObject({ type: "NominationConfirmed", facts: { tellsNominee: false } });
  });

  test("ends unread when nobody confirms it, not a moment before", () => {
    const [last, due] = ["2026-09-18T23:59:59.999Z", WINDOW.closesAt];
    expect(decided(endOffer(nomination("OFFERED"), { cohort, now: last })).events).toEqual([]);
    const { outcome, events } = decided(endOffer(nomination("OFFERED"), { cohort, now: due }));
    expect(outcome).toMatchObject({ state: "EXPIRED", closedAt: due, keptUntil: due });
    expect(events.map(({ type }) => type)).toEqual(["NominationExpired"]);
    expect(decided(endOffer(nomination("UNMATCHED"), { cohort, now: due })).events).toEqual([]);
  });
});

describe("what remains of a letter", () => {
  test("is that there was one", () => {
    const { outcome, events } = decided(removeLetter(asked("PROVIDED"), { cohort, now: NOW }));
    expect(JSON.stringify(outcome)).not.toMatch(/Pat|pat|Superintendent|support/);
    expect(outcome.nomination).toMatchObject({
      state: "PROVIDED",
      closedAt: NOW,
      keptUntil: null,
      contentRemovedAt: NOW,
    });
    expect(outcome.application!.letters).toEqual([
      { requestId: "nom_1", state: "PROVIDED", origin: "REQUESTED", nominator: null },
    ]);
    expect(events.map(({ type }) => type)).toEqual(["NominationContentRemoved"]);
    expect(removeLetter(outcome, { cohort, now: LETTERS_UNTIL })).toEqual({ outcome, events: [] });
  });

  test("who reads one: staff, committee members without a conflict, and nobody about themselves", () => {
    const readersOf = (from?: Application) =>
      Object.entries(VIEWERS).flatMap(([name, viewer]) =>
        mayReadLetter(viewer, nomination("PROVIDED"), from) ? [name] : [],
      );
    const assignment = { personId: VIEWERS.committee.person.id, assignedAt: NOW, dueAt: NOW };
    const reviewedBy = (state: "ASSIGNED" | "CLEARED") =>
      application("COMPLETE", { reviewers: [{ ...assignment, state }] });
    expect(readersOf(application("COMPLETE"))).toEqual(["staff"]);
    expect(readersOf(reviewedBy("ASSIGNED"))).toEqual(["staff"]);
    expect(readersOf(reviewedBy("CLEARED"))).toEqual(["staff", "committee"]);
    expect(readersOf()).toEqual(["staff"]);
  });
});

test("tasks tell of a nominator to correct, and of one to name", () => {
  const codes = (from: Parameters<typeof tasksOf>[0][0]["application"]) =>
    tasksOf([{ application: from, cohort }]).map(({ code }) => code);
  expect(codes(application("DRAFT"))).toEqual([]);
  expect(codes(application("SUBMITTED"))).toEqual(["NOMINATOR_TO_NAME"]);
  expect(codes(waiting(nomination("REQUESTED")))).toEqual([]);
  expect(codes(waiting(nomination("BOUNCED")))).toEqual(["NOMINATOR_ADDRESS_BOUNCED"]);
  expect(codes(application("WITHDRAWN", { letters: [summaryOf(nomination("BOUNCED"))] }))).toEqual([]);
});
