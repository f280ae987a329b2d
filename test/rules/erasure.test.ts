import { describe, expect, test } from "vitest";
import { APPLICATION_STATES } from "../../schema/application/application.ts";
import { startApplication } from "../../schema/application/draft.ts";
import { isContentDue, removeContent } from "../../schema/application/ending.ts";
import { removeHolder } from "../../schema/certificate/certificate.ts";
import { removeRationale } from "../../schema/decision/rationale.ts";
import { requeue } from "../../schema/message/handling.ts";
import { eraseMessage, MESSAGE_STATES } from "../../schema/message/message.ts";
import { settle } from "../../schema/message/report.ts";
import {
  effectOf,
  erase,
  eraseRefusals,
  finishErasure,
  requestErasure,
  startErasure,
  type Erasure,
  type Traces,
} from "../../schema/privacy/erasure.ts";
import { isPersonal, redacted } from "../../schema/privacy/redact.ts";
import type { Happening } from "../../schema/shared/decision.ts";
import {
  application,
  certificate,
  cohort,
  decided,
  decision,
  faults,
  KEPT_UNTIL,
  message,
  NOW,
  person,
  refused,
  termOf,
  viewer,
  VIEWERS,
} from "./records.ts";

const LATER = "2026-09-01T16:02:00.000Z";

const NOTHING: Traces = {
  people: [],
  accounts: 0,
  applications: [],
  decisions: [],
  certificates: [],
  messages: [],
  files: [],
  links: 0,
  nominations: [],
  events: [],
};

const renamed: Happening = {
  type: "PersonRenamed",
  about: { kind: "Person", id: "per_owner" },
  facts: {},
  before: { name: "Avery Former" },
  after: { name: "Avery Example" },
};

const known: Traces = { ...NOTHING, people: [person()], events: [renamed] };

describe("a person who is erased", () => {
  test("keeps the id and what refers to others, and nothing that tells who it was", () => {
    const before = person({
      id: "per_01J00000000000000000ABCDEF",
      roles: [
        termOf("BOARD", "2026-01-01T08:00:00.000Z", null),
        termOf("STAFF", "2026-10-01T08:00:00.000Z", null),
        termOf("COMMITTEE", "2026-01-01T08:00:00.000Z", "2026-02-01T08:00:00.000Z"),
      ],
      isListed: true,
      formerIds: ["per_former"],
      recusedFrom: ["app_1"],
    });
    expect(erase(before, NOW)).toEqual({
      ...before,
      state: "ERASED",
      name: "Former participant ABCDEF",
      email: "",
      addresses: [],
      roles: [
        termOf("BOARD", "2026-01-01T08:00:00.000Z", NOW),
        termOf("STAFF", "2026-10-01T08:00:00.000Z", "2026-10-01T08:00:00.000Z"),
        termOf("COMMITTEE", "2026-01-01T08:00:00.000Z", "2026-02-01T08:00:00.000Z"),
      ],
      isListed: false,
    });
  });

  test("is erased by others, as the record that took in the others, for a reason that does not name them", () => {
    const refusals = (why: string, of = person(), by = VIEWERS.staff) =>
      faults(eraseRefusals(of, { viewer: by, why, traces: known }));
    expect(refusals("Asked for it")).toEqual([]);
    expect(refusals(" ")).toEqual(["REQUIRED why"]);
    expect(refusals("Asked for it", person(), VIEWERS.ownerOnStaff)).toEqual(["OWN_RECORD personId"]);
    expect(refusals("Asked for it", person({ state: "MERGED" }))).toEqual(["WRONG_STATE personId"]);
    for (const why of ["for avery EXAMPLE.", "once Former, now gone", "wrote from avery@example.org"]) {
      expect(refusals(why), why).toEqual(["NAMES_THE_PERSON why"]);
    }
    expect(refusals("for an informer, for examples")).toEqual([]);
  });

  test("is not named by what stands where a name was", () => {
    const traces = { ...known, events: [redacted(renamed)], certificates: [removeHolder(certificate()).outcome] };
    expect(eraseRefusals(person(), { viewer: VIEWERS.staff, why: "Removed at her request", traces })).toEqual([]);
  });
});

describe("an erasure", () => {
  const facts = {
    viewer: VIEWERS.staff,
    why: "Asked for it",
    traces: known,
    rows: effectOf(known, NOW),
    currentToken: "now",
  };
  const started = decided(startErasure(person(), undefined, { ...facts, confirmToken: "now" })).outcome.erasure;

  test("is looked at first, and is of exactly what was looked at", () => {
    expect(faults(startErasure(person(), undefined, facts))).toEqual(["CONFIRM_TOKEN_REQUIRED confirmToken"]);
    expect(faults(startErasure(person(), undefined, { ...facts, confirmToken: "then" }))).toEqual([
      "STALE confirmToken",
    ]);
  });

  test("is not set back by a wish that comes while it is carried out, nor after", () => {
    const { outcome } = decided(startErasure(person(), undefined, { ...facts, confirmToken: "now" }));
    for (const state of ["RUNNING", "DONE"] as const) {
      expect(faults(requestErasure(person(), { ...outcome.erasure, state }, { why: "x", now: NOW }))).toEqual([
        "WRONG_STATE",
      ]);
    }
  });

  test("is not for whoever is recused from one of the person's applications, and tells them nothing else", () => {
    const traces = { ...known, applications: [application("COMPLETE")] };
    const recused = viewer({ id: "per_staff", recusedFrom: [application("COMPLETE").id] });
    expect(eraseRefusals(person(), { viewer: recused, why: "", traces }).map(({ code }) => code)).toEqual(["RECUSED"]);
  });

  test("tells how much of what goes, and forgets why it was asked for", () => {
    const { outcome: wish } = decided(requestErasure(person(), undefined, { why: " It is me, Avery ", now: NOW }));
    expect(wish).toMatchObject({ state: "REQUESTED", requestedAt: NOW, requestWhy: "It is me, Avery" });
    const { outcome, events } = decided(startErasure(person(), wish, { ...facts, confirmToken: "now" }));
    expect(outcome.erasure).toEqual({
      id: "per_owner",
      version: 0,
      state: "RUNNING",
      requestedAt: NOW,
      requestWhy: null,
      startedBy: "per_staff",
      startedAt: NOW,
      why: "Asked for it",
      rows: [
        { kind: "NAME", count: 1, details: [] },
        { kind: "ADDRESS", count: 1, details: [] },
        { kind: "HISTORY_TEXT", count: 1, details: [] },
      ],
      resumesAt: LATER,
      verifiedAt: null,
    } satisfies Erasure);
    expect(events).toEqual([
      {
        type: "PersonErased",
        about: { kind: "Person", id: "per_owner" },
        facts: { removed: { NAME: 1, ADDRESS: 1, HISTORY_TEXT: 1 } },
        why: "Asked for it",
      },
    ]);
  });

  test("can be asked for without a reason, and keeps the day of the first wish", () => {
    const { outcome } = decided(requestErasure(person(), undefined, { now: NOW }));
    expect(outcome.requestWhy).toBeNull();
    expect(decided(requestErasure(person(), outcome, { why: "Still", now: LATER })).outcome).toEqual({
      ...outcome,
      requestWhy: "Still",
    });
    expect(faults(requestErasure(person(), undefined, { why: "x".repeat(1_001), now: NOW }))).toEqual(["TOO_LONG why"]);
  });

  test("is done when a look some time after its start found nothing left", () => {
    const finish = (left: number, now: string) => decided(finishErasure(started, { left, now })).outcome;
    expect(finish(1, NOW)).toEqual({ ...started, resumesAt: LATER });
    expect(finish(0, NOW)).toEqual({ ...started, resumesAt: LATER });
    expect(finish(1, LATER)).toEqual({ ...started, resumesAt: "2026-09-01T16:04:00.000Z" });
    expect(finish(0, LATER)).toEqual({ ...started, state: "DONE", resumesAt: null, verifiedAt: LATER });
    const done = finish(0, LATER);
    expect(decided(finishErasure(done, { left: 3, now: LATER })).outcome).toBe(done);
  });

  test("withdraws what goes on, but not what led to a certificate", () => {
    const rows = (...applications: Traces["applications"]) =>
      effectOf({ ...NOTHING, applications }, NOW).find(({ kind }) => kind === "OPEN_APPLICATION")?.details ?? [];
    const open = APPLICATION_STATES.filter((state) => rows(application(state)).length > 0);
    expect(open).toEqual(["DRAFT", "SUBMITTED", "COMPLETE", "UNDER_REVIEW", "ACCEPTED", "WAITLISTED", "DEFERRED"]);
    const certified = {
      ...application("ACCEPTED"),
      certificateNumber: "CTOM-2027-7F3K9Q",
    } as Traces["applications"][0];
    expect(rows(certified)).toEqual([]);
  });
});

describe("what is written in an application", () => {
  const because = "ApplicationContentExpired";

  test.each(APPLICATION_STATES)("goes once, whatever its state: %s", (state) => {
    const before = application(state);
    const { outcome, events } = removeContent(before, { because, now: NOW });
    const gone = { organization: { name: "[removed]", kind: "DISTRICT" } };
    expect(outcome.draft).toEqual({ ...gone, jobTitle: null, answers: {} });
    if ("submission" in outcome && outcome.submission !== null) {
      const { submittedAt } = outcome.submission;
      expect(outcome.submission).toEqual({ ...gone, submittedAt, jobTitle: "[removed]", answers: [] });
    }
    expect({ state: outcome.state, number: outcome.number, at: outcome.contentRemovedAt }).toEqual({
      state,
      number: before.number,
      at: NOW,
    });
    expect(events).toEqual([{ type: because, about: { kind: "Application", id: before.id }, facts: {} }]);
    expect(removeContent(outcome, { because, now: LATER })).toEqual({ outcome, events: [] });
    expect(isContentDue(outcome, "2099-01-01T00:00:00.000Z")).toBe(false);
  });

  test("goes from a recusal that was declared after it", () => {
    const { outcome: gone } = removeContent(application("DECLINED"), { because, now: NOW });
    const recusals = [{ personId: "per_member", why: "Avery is a cousin", at: LATER }];
    const { outcome, events } = removeContent({ ...gone, recusals }, { because, now: "2026-09-02T16:00:00.000Z" });
    expect(outcome).toEqual({ ...gone, recusals: [{ personId: "per_member", why: "[removed]", at: LATER }] });
    expect(events).toHaveLength(1);
  });

  test("is kept until its day when the application came to nothing, and otherwise for good", () => {
    const due = (now: string) => APPLICATION_STATES.filter((state) => isContentDue(application(state), now));
    expect(due("2028-08-31T15:59:59.999Z")).toEqual([]);
    expect(due(KEPT_UNTIL)).toEqual(["DECLINED", "INELIGIBLE", "NOT_TAKEN_UP", "WITHDRAWN", "EXPIRED"]);
  });

  test("does not come back when the application is taken up again", () => {
    const { outcome } = removeContent(application("WITHDRAWN"), { because, now: NOW });
    const fresh = { cohort: cohort(), kind: "CANDIDATE", personId: "per_owner", number: "" } as const;
    const again = decided(startApplication(outcome, fresh, NOW)).outcome;
    expect(again).toMatchObject({ state: "DRAFT", draft: { organization: null, jobTitle: null, answers: {} } });
    expect(again.contentRemovedAt).toBeUndefined();
  });
});

test("a rationale goes once, also the one that stood before", () => {
  const told = {
    version: 2,
    outcome: "WAITLIST",
    rank: 1,
    rationale: "Before",
    vote: null,
    preparedBy: "per_committee",
    preparedAt: NOW,
    at: NOW,
  } as const;
  const { outcome, events } = removeRationale(decision({ told }));
  expect(outcome).toEqual(decision({ rationale: "[removed]", told: { ...told, rationale: "[removed]" } }));
  expect(events.map(({ type }) => type)).toEqual(["DecisionRationaleRemoved"]);
  expect(removeRationale(outcome).events).toEqual([]);
});

test("a certificate keeps number and dates without a name, and nobody is reminded", () => {
  const { outcome, events } = removeHolder(certificate());
  expect(outcome).toEqual(certificate({ holderName: "Name removed at the holder's request", nextReminder: null }));
  expect(events.map(({ type }) => type)).toEqual(["CertificateHolderErased"]);
  expect(removeHolder(outcome).events).toEqual([]);
});

describe("a mail to somebody who is erased", () => {
  const personal = { sentTo: "avery@example.org", subject: "For Avery", reason: "550 avery@example.org" };

  test("says nothing personal any more, and is not sent", () => {
    const states = MESSAGE_STATES.map((state) => [state, eraseMessage(message({ state, ...personal }), NOW)?.state]);
    expect(Object.fromEntries(states)).toEqual({
      QUEUED: "CANCELLED",
      SENDING: undefined,
      SENT: "SENT",
      DELIVERED: "DELIVERED",
      BOUNCED: "BOUNCED",
      COMPLAINED: "COMPLAINED",
      FAILED: "FAILED",
      HELD: "CANCELLED",
      CANCELLED: "CANCELLED",
      SUPPRESSED: "SUPPRESSED",
    });
    const before = message({ state: "BOUNCED", ...personal });
    const empty = { facts: {}, sentTo: null, subject: null, reason: null, dueAt: null, erasedAt: NOW };
    expect(eraseMessage(before, NOW)).toEqual({ ...before, ...empty });
    expect(refused(requeue({ ...before, ...empty }, NOW)).map(({ code }) => code)).toEqual(["WRONG_STATE"]);
  });

  test("leaves the ids of the applications it concerned, so that a recusal holds on", () => {
    const facts = { name: "Avery", candidateApplicationId: "app_1-c-a", mentorApplicationId: "app_1-m-b" };
    const about = { kind: "Team", id: "tea_1" } as const;
    const erased = eraseMessage(message({ state: "SENT", about, facts }), NOW)!;
    expect(erased.facts).toEqual({ applicationIds: ["app_1-c-a", "app_1-m-b"] });
    const aboutNumber = message({ state: "SENT", about, facts: { applicationId: "app_1-c-a", name: "Avery" } });
    expect(eraseMessage(aboutNumber, NOW)!.facts).toEqual({ applicationId: "app_1-c-a" });
  });

  test("takes in what became of it, but not the diagnosis, which names the address", () => {
    const erased = eraseMessage(message({ state: "SENT", ...personal }), NOW)!;
    const report = { kind: "BOUNCED", sesMessageId: "ses-1", reason: "550 avery@example.org", at: LATER } as const;
    expect(settle(erased, report)).toMatchObject({ state: "BOUNCED", reason: null });
  });
});

describe("a line of the history", () => {
  const about = { kind: "Person", id: "per_owner" } as const;

  test("keeps states, ids, numbers and times, and of texts only that there was one", () => {
    const event: Happening = {
      type: "Anything",
      about,
      facts: { personId: "per_owner", note: "Avery", count: 3, list: ["Avery"], fields: ["jobTitle"] },
      before: { state: "DRAFT", addresses: [{ email: "a@example.org", kind: "WORK", verifiedAt: NOW }], rank: null },
      after: { holderName: "AVERY", issuedOn: "2027-11-19", isListed: true },
      why: "Avery asked",
    };
    expect(redacted(event)).toEqual({
      type: "Anything",
      about,
      facts: { personId: "per_owner", note: "[removed]", count: 3, list: ["[removed]"], fields: ["jobTitle"] },
      before: { state: "DRAFT", addresses: [{ email: "[removed]", kind: "WORK", verifiedAt: NOW }], rank: null },
      after: { holderName: "[removed]", issuedOn: "2027-11-19", isListed: true },
      why: "[removed]",
    });
    expect([isPersonal(event), isPersonal(redacted(event))]).toEqual([true, false]);
  });

  test("keeps which slate and which motion it was", () => {
    const facts = { outcome: "ACCEPT", motionId: "mot_1", slateId: "sla_1", note: "Avery" };
    const event: Happening = { type: "DecisionPrepared", about, facts };
    expect(redacted(event).facts).toEqual({ ...facts, note: "[removed]" });
  });

  test("keeps nothing of what a mail server answered when the mail is sent again", () => {
    const before = { state: "BOUNCED", reason: "550 avery@example.org" };
    const event: Happening = { type: "MessageRequeued", about, facts: {}, before, after: { state: "QUEUED" } };
    expect(redacted(event).before).toEqual({ state: "BOUNCED", reason: "[removed]" });
  });

  test("without a text is left as it is, and so is the reason of an erasure", () => {
    const started: Happening = { type: "ApplicationStarted", about, facts: {}, after: { state: "DRAFT" } };
    const erasedBy: Happening = { type: "PersonErased", about, facts: { removed: { NAME: 1 } }, why: "Asked for it" };
    expect([redacted(started), redacted(erasedBy)]).toEqual([started, erasedBy]);
    expect([isPersonal(started), isPersonal(erasedBy)]).toEqual([false, false]);
  });
});
