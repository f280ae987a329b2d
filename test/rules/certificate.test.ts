import { describe, expect, test } from "vitest";
import type { Application } from "../../schema/application/application.ts";
import {
  issueCertificate,
  mayReadCertificate,
  remind,
  statusOf,
  type Certificate,
} from "../../schema/certificate/certificate.ts";
import { DEFAULT_CREDENTIAL, type CredentialPolicy } from "../../schema/cohort/policy.ts";
import { application, certificate, cohort, decided, faults, person, VIEWERS } from "./records.ts";

const ISSUED_AT = "2027-11-19T20:00:00.000Z";
const FACTS = { cohort: cohort(), holderName: "Avery Example", number: "CTOM-2027-7F3K9Q" };

const staffAt = (now: string) => ({ ...VIEWERS.staff, now });

const issue = (
  { now = ISSUED_AT, ...facts }: Partial<Parameters<typeof issueCertificate>[1] & { now: string }> = {},
  of: Application = application("ACCEPTED"),
) => issueCertificate(of, { ...FACTS, viewer: staffAt(now), ...facts });

/** A certificate issued on a day under a policy, in a zone. */
function issued(
  issuedOn: string,
  { policy = {}, zone = "America/Los_Angeles" }: { policy?: Partial<CredentialPolicy>; zone?: string } = {},
): Certificate {
  const credential = { ...DEFAULT_CREDENTIAL, ...policy };
  const now = "2040-01-01T00:00:00.000Z";
  return decided(issue({ issuedOn, now, cohort: cohort({ credential, zone }) })).outcome.certificate;
}

/** Runs the reminders at moments; answers for each the days of the mail, or null. */
function run(of: Certificate, moments: readonly string[]): { sent: (number | null)[]; last: Certificate } {
  let last = of;
  const sent = moments.map((now) => {
    const { outcome, events } = decided(remind(last, now));
    last = outcome;
    expect(events.length).toBeLessThan(2);
    const [event] = events;
    return event?.type === "RecertificationDue" ? event.facts.daysBefore : null;
  });
  return { sent, last };
}

/** The six moments of a certificate through 19 November 2030: 8:00 in California, before and after the clock changes. */
const STEPS = [
  [180, "2030-05-23T15:00:00.000Z"],
  [90, "2030-08-21T15:00:00.000Z"],
  [60, "2030-09-20T15:00:00.000Z"],
  [30, "2030-10-20T15:00:00.000Z"],
  [7, "2030-11-12T16:00:00.000Z"],
  [0, "2030-11-19T16:00:00.000Z"],
] as const;

describe("issuing", () => {
  test("names the holder, lasts three years, knows its first reminder, and is noted on the application", () => {
    expect(issue()).toEqual({
      outcome: {
        certificate: certificate({ version: 0 }),
        application: { ...application("ACCEPTED"), certificateNumber: "CTOM-2027-7F3K9Q" },
      },
      events: [
        {
          type: "CertificateIssued",
          about: { kind: "Certificate", id: "CTOM-2027-7F3K9Q" },
          facts: { personId: "per_owner", applicationId: "app_1-c-owner", number: "CTOM-2027-7F3K9Q" },
          after: { holderName: "Avery Example", issuedOn: "2027-11-19", expiresOn: "2030-11-19" },
        },
      ],
    });
  });

  test("is dated by the cohort's zone, not by UTC", () => {
    const dayOf = (now: string, zone: string) =>
      decided(issue({ now, cohort: cohort({ zone }) })).outcome.certificate.issuedOn;
    expect(dayOf("2027-11-20T07:59:59.999Z", "America/Los_Angeles")).toBe("2027-11-19");
    expect(dayOf("2027-11-20T08:00:00.000Z", "America/Los_Angeles")).toBe("2027-11-20");
    expect(dayOf("2027-11-19T20:00:00.000Z", "Asia/Kolkata")).toBe("2027-11-20");
  });

  test("nobody certifies themselves, nor by a record that was merged into theirs", () => {
    for (const viewer of [VIEWERS.ownerOnStaff, { ...VIEWERS.staff, person: person({ formerIds: ["per_owner"] }) }]) {
      expect(faults(issue({ viewer }))).toEqual(["OWN_APPLICATION"]);
    }
  });

  test("only accepted candidates are certified", () => {
    for (const state of [
      "DRAFT",
      "COMPLETE",
      "UNDER_REVIEW",
      "WAITLISTED",
      "DECLINED",
      "WITHDRAWN",
      "EXPIRED",
    ] as const) {
      expect(issue({}, application(state)), state).toEqual({
        refusals: [{ code: "NOT_ACCEPTED", field: ["applicationId"], message: "This application is not accepted." }],
      });
    }
    expect(issue({}, application("ACCEPTED", { kind: "MENTOR" }))).toEqual({
      refusals: [
        {
          code: "NOT_A_CANDIDATE",
          field: ["applicationId"],
          message: "Certificates are issued to candidates, not to mentors.",
        },
      ],
    });
  });

  test("there is one certificate for each application", () => {
    const certified = { ...application("ACCEPTED"), certificateNumber: "CTOM-2027-000000" } as Application;
    expect(issue({}, certified)).toEqual({
      refusals: [
        {
          code: "ALREADY_ISSUED",
          field: ["applicationId"],
          message: "The certificate CTOM-2027-000000 was issued already.",
        },
      ],
    });
  });

  test("a day is today when it is absent or null; today is the last one accepted", () => {
    for (const issuedOn of [undefined, null, "2027-11-19"]) {
      expect(decided(issue({ issuedOn })).outcome.certificate.issuedOn).toBe("2027-11-19");
    }
    expect(issue({ issuedOn: "2027-11-20" })).toEqual({
      refusals: [
        { code: "IN_THE_FUTURE", field: ["issuedOn"], message: "A certificate cannot be issued on a day to come." },
      ],
    });
    // In Los Angeles it is still the 19th.
    expect(faults(issue({ issuedOn: "2027-11-20", now: "2027-11-20T07:59:59.999Z" }))).toEqual([
      "IN_THE_FUTURE issuedOn",
    ]);
    for (const issuedOn of ["", "2027-02-29", "2027-11-31", "19 November 2027", "2027-11-19T08:00", "0-0-0"]) {
      expect(issue({ issuedOn }), issuedOn).toEqual({
        refusals: [
          { code: "BAD_DATE", field: ["issuedOn"], message: "This is not a date: please write it as 2027-11-19." },
        ],
      });
    }
  });

  test("29 February comes again as 28 February, unless that year has one", () => {
    expect(issued("2028-02-29")).toMatchObject({ issuedOn: "2028-02-29", expiresOn: "2031-02-28" });
    expect(issued("2028-02-29", { policy: { years: 4 } }).expiresOn).toBe("2032-02-29");
    expect(issued("2027-02-28").expiresOn).toBe("2030-02-28");
  });

  test("the terms of the cohort go along, whatever becomes of the cohort's", () => {
    const policy = { years: 5, reminderDays: [100, 10], graceDays: 0, reminderTime: "17:30" };
    expect(issued("2027-11-19", { policy, zone: "America/New_York" })).toMatchObject({
      expiresOn: "2032-11-19",
      zone: "America/New_York",
      policy,
      nextReminder: { daysBefore: 100, at: "2032-08-11T21:30:00.000Z" },
    });
  });
});

describe("the ladder of reminders", () => {
  test("run at every step sends six mails, each at 8:00 on the clock of the day", () => {
    const { sent, last } = run(
      certificate(),
      STEPS.map(([, at]) => at),
    );
    expect(sent).toEqual([180, 90, 60, 30, 7, 0]);
    expect(last).toEqual(certificate({ nextReminder: null }));
  });

  test("knows the exact moment of each next step", () => {
    let of = certificate();
    const ladder = STEPS.map(() => {
      const next = of.nextReminder!;
      of = decided(remind(of, next.at)).outcome;
      return [next.daysBefore, next.at];
    });
    expect(ladder).toEqual(STEPS.map(([days, at]) => [days, at]));
    expect(of.nextReminder).toBeNull();
  });

  test("one millisecond before a step nothing is written, at the step one mail goes out", () => {
    let of = certificate();
    for (const [days, at] of STEPS) {
      const early = remind(of, new Date(Date.parse(at) - 1).toISOString());
      expect(decided(early).outcome).toBe(of);
      expect(decided(early).events).toEqual([]);
      const { outcome, events } = decided(remind(of, at));
      expect(events).toEqual([
        {
          type: "RecertificationDue",
          about: { kind: "Certificate", id: "CTOM-2027-7F3K9Q" },
          facts: {
            personId: "per_owner",
            applicationId: "app_1-c-owner",
            number: "CTOM-2027-7F3K9Q",
            expiresOn: "2030-11-19",
            daysBefore: days,
          },
        },
      ]);
      of = outcome;
    }
  });

  test("run twice at each step sends each mail once", () => {
    const twice = STEPS.flatMap(([, at]) => [at, at]);
    expect(run(certificate(), twice).sent).toEqual([180, null, 90, null, 60, null, 30, null, 7, null, 0, null]);
  });

  test("run every hour of the last 200 days and the year after sends the same six", () => {
    const start = Date.parse("2030-05-01T00:30:00.000Z");
    const hours = Array.from({ length: 24 * 570 }, (_, hour) => new Date(start + hour * 3_600_000).toISOString());
    const { sent } = run(certificate(), hours);
    const mails = sent.flatMap((days, index) => (days === null ? [] : [[days, hours[index]]]));
    expect(mails).toEqual(STEPS.map(([days, at]) => [days, at.replace(":00:00", ":30:00")]));
  });

  test("an outage over some steps sends the latest of them alone, and the rest in time", () => {
    // Three days around the step of 30 days.
    expect(run(certificate(), [STEPS[2][1], "2030-10-19T16:00:00.000Z", "2030-10-22T16:00:00.000Z"]).sent).toEqual([
      60,
      null,
      30,
    ]);
    // From before 180 days until 59 days before.
    const { sent, last } = run(certificate(), ["2030-09-21T16:00:00.000Z"]);
    expect(sent).toEqual([60]);
    expect(last.nextReminder).toEqual({ daysBefore: 30, at: "2030-10-20T15:00:00.000Z" });
    expect(
      run(
        last,
        STEPS.slice(3).map(([, at]) => at),
      ).sent,
    ).toEqual([30, 7, 0]);
  });

  for (const [what, now, sent] of [
    ["to the day before the first step", "2030-05-22T15:00:00.000Z", null],
    ["to the last moment before the last step", "2030-11-19T15:59:59.999Z", 7],
    ["to the day of expiry", "2030-11-19T16:00:00.000Z", 0],
    ["to the day after", "2030-11-20T16:00:00.000Z", 0],
    ["to the last moment of the grace period", "2031-01-19T07:59:59.999Z", 0],
    ["to the first moment after the grace period", "2031-01-19T08:00:00.000Z", null],
    ["years beyond", "2040-01-01T00:00:00.000Z", null],
  ] as const) {
    test(`one leap ${what} sends ${sent === null ? "nothing" : `the mail of ${sent} days`}`, () => {
      const { sent: mails, last } = run(certificate(), [now, now]);
      expect(mails).toEqual([sent, null]);
      expect(last.nextReminder === null).toBe(sent === 0 || now > "2031");
    });
  }

  test("after the grace period the certificate is not looked at again", () => {
    const { last } = run(certificate(), ["2031-01-19T08:00:00.000Z"]);
    expect(last).toEqual(certificate({ nextReminder: null }));
    expect(decided(remind(last, "2031-01-20T08:00:00.000Z")).outcome).toBe(last);
  });

  test("one that was issued back in time begins with the step it has reached", () => {
    const late = issued("2027-11-19");
    expect(late.nextReminder).toEqual({ daysBefore: 180, at: "2030-05-23T15:00:00.000Z" });
    expect(run(late, ["2030-11-01T20:00:00.000Z", ...STEPS.slice(4).map(([, at]) => at)]).sent).toEqual([30, 7, 0]);
    expect(run(issued("2024-01-01"), ["2027-11-19T20:00:00.000Z"]).sent).toEqual([null]);
  });

  test("29 February has the ladder of 28 February", () => {
    const of = issued("2028-02-29");
    expect(of.nextReminder).toEqual({ daysBefore: 180, at: "2030-09-01T15:00:00.000Z" });
    const moments = [
      "2030-09-01T15",
      "2030-11-30T16",
      "2030-12-30T16",
      "2031-01-29T16",
      "2031-02-21T16",
      "2031-02-28T16",
    ];
    expect(
      run(
        of,
        moments.map((hour) => `${hour}:00:00.000Z`),
      ).sent,
    ).toEqual([180, 90, 60, 30, 7, 0]);
  });

  test("a step on the day the clock changes comes at 8:00 of that day", () => {
    // Expires on 21 March 2027 and 8 November 2026: seven days before, the clocks change.
    const at = (issuedOn: string, policy = {}) =>
      issued(issuedOn, { policy: { reminderDays: [7], ...policy } }).nextReminder;
    expect(at("2024-03-21")?.at).toBe("2027-03-14T15:00:00.000Z");
    expect(at("2023-11-08")?.at).toBe("2026-11-01T16:00:00.000Z");
    // Skipped: an hour on. Doubled: the first.
    expect(at("2024-03-21", { reminderTime: "02:30" })?.at).toBe("2027-03-14T10:30:00.000Z");
    expect(at("2023-11-08", { reminderTime: "01:30" })?.at).toBe("2026-11-01T08:30:00.000Z");
  });
});

describe("policies with other numbers", () => {
  test("an empty list reminds nobody", () => {
    const of = issued("2027-11-19", { policy: { reminderDays: [] } });
    expect(of.nextReminder).toBeNull();
    expect(run(of, ["2030-11-19T16:00:00.000Z", "2030-12-01T16:00:00.000Z"]).sent).toEqual([null, null]);
  });

  test("a single step is the first and the last, and stays of use until the grace period is over", () => {
    const of = issued("2027-11-19", { policy: { reminderDays: [45], graceDays: 10 } });
    expect(of.nextReminder).toEqual({ daysBefore: 45, at: "2030-10-05T15:00:00.000Z" });
    const { sent, last } = run(of, ["2030-10-05T15:00:00.000Z", "2030-11-19T16:00:00.000Z"]);
    expect(sent).toEqual([45, null]);
    expect(last.nextReminder).toBeNull();
    expect(run(of, ["2030-11-29T20:00:00.000Z"]).sent).toEqual([45]);
    expect(run(of, ["2030-11-30T20:00:00.000Z"]).sent).toEqual([null]);
  });

  test("the order of the list does not matter, nor does a step that stands there twice", () => {
    const of = issued("2027-11-19", { policy: { reminderDays: [0, 30, 7, 30] } });
    expect(of.nextReminder).toEqual({ daysBefore: 30, at: "2030-10-20T15:00:00.000Z" });
    expect(
      run(
        of,
        STEPS.map(([, at]) => at),
      ).sent,
    ).toEqual([null, null, null, 30, 7, 0]);
  });

  test("without grace nothing is sent from the day after on", () => {
    const of = issued("2027-11-19", { policy: { graceDays: 0 } });
    expect(run(of, ["2030-11-20T07:59:59.999Z"]).sent).toEqual([0]);
    expect(run(of, ["2030-11-20T08:00:00.000Z"]).sent).toEqual([null]);
  });

  test("steps after expiry count within the grace period", () => {
    const of = issued("2027-11-19", { policy: { reminderDays: [7, -30, -59] } });
    const moments = [STEPS[4][1], STEPS[5][1], "2030-12-19T16:00:00.000Z", "2031-01-17T16:00:00.000Z"];
    expect(run(of, moments).sent).toEqual([7, null, -30, -59]);
  });
});

test("a certificate is valid through its last day in its own zone", () => {
  for (const [zone, lastMoment, firstMoment] of [
    ["America/Los_Angeles", "2030-11-20T07:59:59.999Z", "2030-11-20T08:00:00.000Z"],
    ["America/New_York", "2030-11-20T04:59:59.999Z", "2030-11-20T05:00:00.000Z"],
    ["Asia/Kolkata", "2030-11-19T18:29:59.999Z", "2030-11-19T18:30:00.000Z"],
  ] as const) {
    const of = certificate({ zone });
    expect(statusOf(of, "2027-11-19T20:00:00.000Z"), zone).toBe("VALID");
    expect(statusOf(of, lastMoment), zone).toBe("VALID");
    expect(statusOf(of, firstMoment), zone).toBe("EXPIRED");
  }
});

describe("who may read the whole certificate", () => {
  for (const [who, by, may] of [
    ["nobody signed in", null, false],
    ["the holder", VIEWERS.owner, true],
    ["somebody else", VIEWERS.stranger, false],
    ["staff", VIEWERS.staff, true],
    ["the committee", VIEWERS.committee, true],
    ["staff whose term has ended", VIEWERS.formerStaff, false],
    ["a committee member whose term has ended", VIEWERS.formerCommittee, false],
  ] as const) {
    test(who, () => {
      expect(mayReadCertificate(by, certificate())).toBe(may);
    });
  }
});
