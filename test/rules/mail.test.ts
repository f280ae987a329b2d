import { describe, expect, test } from "vitest";
import { applicationTemplates, type ApplicationFacts } from "../../schema/application/application.mail.ts";
import { APPLICATION_STATES, type Application } from "../../schema/application/application.ts";
import { certificateTemplates, type CertificateFacts } from "../../schema/certificate/certificate.mail.ts";
import { decisionTemplates } from "../../schema/decision/decision.mail.ts";
import type { ProgramEvent } from "../../schema/events.ts";
import { messagesOf, TEMPLATE_NAMES, whenUnknown } from "../../schema/mails.ts";
import { personTemplates, type PersonFacts } from "../../schema/person/person.mail.ts";
import { compose, type Composed, type Frame, type Letter } from "../../schema/shared/mail.ts";
import { correctionTemplates, type CorrectionMailFacts } from "../../schema/message/message.mail.ts";
import { application, certificate, cohort, message, NOW, person } from "./records.ts";

const FRAME: Frame = { recipientName: "Avery Example", publicUrl: "https://program.example.org", now: NOW };
const forApplication = { ...applicationTemplates, ...decisionTemplates };

type Facts = ApplicationFacts | CertificateFacts | PersonFacts | CorrectionMailFacts;
type Sample = { facts: Facts; frame?: Partial<Frame> };

function mailOf(name: string, facts: Facts, overrides: Partial<Frame> = {}): Composed {
  const frame = { ...FRAME, ...overrides };
  return compose(letterOf(name, facts, frame), frame);
}

function letterOf(name: string, facts: Facts, frame: Frame): Letter {
  if ("certificate" in facts) return certificateTemplates[name]!.write(facts, frame);
  if ("original" in facts) return correctionTemplates[name]!.write(facts, frame);
  return "person" in facts ? personTemplates[name]!.write(facts, frame) : forApplication[name]!.write(facts, frame);
}

const about = (of: Application): ApplicationFacts => ({ application: of, cohort: cohort() });
const aboutCertificate = (overrides: Partial<CertificateFacts> = {}): CertificateFacts => ({
  certificate: certificate(),
  cohort: cohort(),
  facts: { expiresOn: "2030-11-19", daysBefore: 30 },
  ...overrides,
});

const aboutPerson = (facts: object = {}): PersonFacts => ({ person: person(), facts: { ...facts } });
const LINK = {
  url: "https://program.example.org/confirm-address#lnk_1.secret",
  expiresAt: "2026-09-02T16:00:00.000Z",
};

/** One sample of each mail. */
const SAMPLES: Record<string, Sample> = {
  "application-received": { facts: about(application("COMPLETE")) },
  "application-expired": { facts: about(application("EXPIRED")) },
  "decision-accepted": { facts: about(application("ACCEPTED")) },
  "decision-waitlisted": { facts: about(application("WAITLISTED")) },
  "decision-declined": { facts: about(application("DECLINED")) },
  "certificate-issued": { facts: aboutCertificate() },
  "recertification-due": { facts: aboutCertificate(), frame: { now: "2030-10-20T15:00:00.000Z" } },
  "address-confirm": { facts: aboutPerson({ linkId: "lnk_1", byStaff: false }), frame: { link: LINK } },
  "address-added": { facts: aboutPerson({ byStaff: false }) },
  "address-changed": { facts: aboutPerson() },
  "records-merged": { facts: aboutPerson() },
  "mail-correction": {
    facts: { original: message({ subject: "Your session", sentAt: NOW }), text: "It is on Friday." },
  },
};

test("every mail of the program is here", () => {
  expect([...TEMPLATE_NAMES].sort()).toEqual(Object.keys(SAMPLES).sort());
});

/** The text of a mail whose blocks are these. */
const dear = (...blocks: string[]) =>
  ["Dear Avery Example,", ...blocks, "The CTO Mentor Program\nYou can answer this mail; a person reads it.\n"].join(
    "\n\n",
  );

/** The text of a mail that somebody else may be reading. */
const toWhomever = (...blocks: string[]) => dear(...blocks).replace("Dear Avery Example,", "Hello,");

describe("what the mails say", () => {
  for (const [name, subject, ...blocks] of [
    [
      "application-received",
      "We have received your application APP-2027-0042",
      "Thank you for applying as a candidate to the Cohort 2027. Your application is complete.",
      "Application: APP-2027-0042\nReceived: Thursday, August 20, 2026 at 9:00 AM PDT",
      "The Steering Committee reads every application. We write to you as soon as it has decided.",
      "See your application:\nhttps://program.example.org/applications/APP-2027-0042",
    ],
    [
      "application-expired",
      "Your application APP-2027-0042 was not submitted",
      "Applications for the Cohort 2027 closed on Friday, September 18, 2026 at 5:00 PM PDT, " +
        "and your application as a candidate was still a draft.",
      "What you wrote is kept. If something kept you from submitting, please answer this mail.",
      "Application: APP-2027-0042",
    ],
    [
      "decision-accepted",
      "You are accepted: Cohort 2027",
      "Congratulations! The Steering Committee has accepted you as a candidate of the Cohort 2027.",
      "Application: APP-2027-0042\nCohort: Cohort 2027, Northern California\nTuition: $2,500.00",
      "All sessions are mandatory. We write to you with the dates and about your mentor.",
      "See your application:\nhttps://program.example.org/applications/APP-2027-0042",
    ],
    [
      "decision-waitlisted",
      "Your application APP-2027-0042 is on the waitlist",
      "The Steering Committee has placed your application to the Cohort 2027 on the waitlist.",
      "When a place becomes free we write to you at once. There is nothing you need to do.",
      "Application: APP-2027-0042",
      "See your application:\nhttps://program.example.org/applications/APP-2027-0042",
    ],
    [
      "decision-declined",
      "The decision on your application APP-2027-0042",
      "Thank you for applying to the Cohort 2027. The Steering Committee has decided not to offer you a place this year.",
      "You are welcome to apply again to a later cohort. If you have a question, please answer this mail.",
      "Application: APP-2027-0042",
      "See your application:\nhttps://program.example.org/applications/APP-2027-0042",
    ],
    [
      "certificate-issued",
      "Your certificate CTOM-2027-7F3K9Q",
      "Congratulations! You have completed the program with the Cohort 2027 and are certified.",
      "Certificate: CTOM-2027-7F3K9Q\nIssued: Friday, November 19, 2027\nValid through: Tuesday, November 19, 2030",
      "Anyone you give the number to can check it on our site. Before it expires we remind you to renew it.",
      "Check the certificate:\nhttps://program.example.org/certificates/CTOM-2027-7F3K9Q",
    ],
    [
      "recertification-due",
      "Recertification due in 30 days",
      "Your certificate CTOM-2027-7F3K9Q is valid through Tuesday, November 19, 2030. " +
        "Please file your renewal by then, with the hours of continuing education you have earned.",
      "Certificate: CTOM-2027-7F3K9Q\nValid through: Tuesday, November 19, 2030\n" +
        "Renewal can be filed until: Saturday, January 18, 2031",
      "See your certificate:\nhttps://program.example.org/certificates/CTOM-2027-7F3K9Q",
    ],
    [
      "address-confirm",
      "Please confirm this e-mail address",
      "Avery Example has asked to add this e-mail address to an account of the CTO Mentor Program.",
      "Account: Avery Example\nThe link is valid until: Wednesday, September 2, 2026 at 4:00 PM UTC",
      "Confirm this address:\nhttps://program.example.org/confirm-address#lnk_1.secret",
      "Whoever confirms can sign in to this account with this address. If this is not your account, do nothing: the " +
        "address is not added, and nothing more is sent unless somebody asks again. If it keeps happening, please " +
        "answer this mail.",
    ],
    [
      "address-added",
      "An e-mail address was added to your account",
      "A further e-mail address was confirmed for your account, as you had asked. Whoever reads its mails can sign in " +
        "with it.",
      "Account: Avery Example",
      "If this is as you wished, there is nothing to do. If it is not, please answer this mail at once.",
    ],
    [
      "address-changed",
      "Our mails to you go to another address from now on",
      "Another of your confirmed e-mail addresses was chosen for our mails to you.",
      "Account: Avery Example",
      "If you did this, there is nothing to do. If it was not you, please answer this mail at once.",
    ],
    [
      "records-merged",
      "Two accounts of yours are one from now on",
      "The program's staff found two accounts of yours and made them one. Whoever could sign in to either can sign in to it, " +
        "and what belonged to either is in it.",
      "Account: Avery Example",
      "If this is right, there is nothing to do. If these were not both yours, please answer this mail at once.",
    ],
  ] as const) {
    test(name, () => {
      const { facts, frame } = SAMPLES[name]!;
      const mail = mailOf(name, facts, frame);
      expect(mail.subject).toBe(subject);
      expect(mail.text).toBe(name === "address-confirm" ? toWhomever(...blocks) : dear(...blocks));
    });
  }

  test("a mentor's receipt and draft say so", () => {
    const received = mailOf("application-received", about(application("COMPLETE", { kind: "MENTOR" })));
    expect(received.text).toContain("Thank you for applying as a mentor to the Cohort 2027.");
    const expired = mailOf("application-expired", about(application("EXPIRED", { kind: "MENTOR" })));
    expect(expired.text).toContain("and your application as a mentor was still a draft.");
  });

  test("an address that staff ask to add says so", () => {
    const mail = mailOf("address-confirm", aboutPerson({ linkId: "lnk_1", byStaff: true }), { link: LINK });
    expect(mail.text).toContain("The program's staff have asked to add this e-mail address");
    expect(personTemplates["address-confirm"]!.carries?.(aboutPerson({ linkId: "lnk_1" }))).toBe("lnk_1");
    expect(() => mailOf("address-confirm", aboutPerson())).toThrow("written without one");
    const added = mailOf("address-added", aboutPerson({ byStaff: true }));
    expect(added.text).toContain("was confirmed for your account, as the program's staff had asked.");
  });

  test("a mentor who is accepted reads nothing of tuition and classes of their own", () => {
    const mail = mailOf("decision-accepted", about(application("ACCEPTED", { kind: "MENTOR" })));
    expect(mail.subject).toBe("You are accepted: Cohort 2027");
    expect(mail.text).toBe(
      dear(
        "Thank you: the Steering Committee has selected you as a mentor of the Cohort 2027.",
        "Application: APP-2027-0042\nCohort: Cohort 2027, Northern California",
        "We write to you about your candidate. Mentors attend the kickoff, not the classes.",
        "See your application:\nhttps://program.example.org/applications/APP-2027-0042",
      ),
    );
  });
});

describe("the days until recertification", () => {
  const dueAt = (now: string) => mailOf("recertification-due", aboutCertificate(), { now });
  const VALID = "Your certificate CTOM-2027-7F3K9Q is valid through Tuesday, November 19, 2030.";
  const BEFORE = `${VALID} Please file your renewal by then, with the hours of continuing education you have earned.`;
  const EXPIRED =
    "Your certificate CTOM-2027-7F3K9Q was valid through Tuesday, November 19, 2030. " +
    "You can still file your renewal, for hours earned through that day.";

  for (const [what, now, subject, sentence] of [
    ["180 days before", "2030-05-23T15:00:00.000Z", "Recertification due in 180 days", BEFORE],
    [
      "sent late, it counts the days as they are",
      "2030-05-26T15:00:00.000Z",
      "Recertification due in 177 days",
      BEFORE,
    ],
    ["two days before", "2030-11-17T16:00:00.000Z", "Recertification due in 2 days", BEFORE],
    ["the last moment of two days before", "2030-11-18T07:59:59.999Z", "Recertification due in 2 days", BEFORE],
    ["one day before", "2030-11-18T08:00:00.000Z", "Recertification due in 1 day", BEFORE],
    [
      "the last day",
      "2030-11-20T07:59:59.999Z",
      "Recertification due: your certificate expires today",
      `${VALID} Today is its last day: please file your renewal.`,
    ],
    ["the day after", "2030-11-20T08:00:00.000Z", "Recertification due: your certificate has expired", EXPIRED],
    ["the last day of grace", "2031-01-18T20:00:00.000Z", "Recertification due: your certificate has expired", EXPIRED],
  ] as const) {
    test(what, () => {
      const mail = dueAt(now);
      expect(mail.subject).toBe(subject);
      expect(mail.text.split("\n\n")[1]).toBe(sentence);
      expect(mail.text).toContain("Renewal can be filed until: Saturday, January 18, 2031");
    });
  }

  test("the days are those of the certificate's zone and terms", () => {
    const policy = { ...certificate().policy, graceDays: 0 };
    const facts = aboutCertificate({ certificate: certificate({ zone: "Asia/Kolkata", policy }) });
    const mail = mailOf("recertification-due", facts, { now: "2030-11-18T18:30:00.000Z" });
    expect(mail.subject).toBe("Recertification due: your certificate expires today");
    expect(mail.text).toContain("Renewal can be filed until: Tuesday, November 19, 2030");
  });
});

/** What a reader of the HTML sees, laid out as the text form is. */
function textOf(html: string): string {
  const body = /<body[^>]*>([\s\S]*)<\/body>/.exec(html)![1]!;
  const seen = body
    .replaceAll("</td><td", ":</td><td")
    .replaceAll("</a></p>", ":</a></p>")
    .replaceAll(/<[^>]*>/g, " ");
  return plain(seen);
}

/** Takes back what HTML escapes, the ampersand last. */
function plain(html: string): string {
  return spaced(
    html
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&quot;", '"')
      .replaceAll("&#39;", "'")
      .replaceAll("&amp;", "&"),
  );
}

const spaced = (text: string) => text.trim().replaceAll(/\s+/g, " ");
const tagsOf = (html: string) => html.match(/<\/?[a-z!][^\s>]*/gi);

const HOSTILE = [
  "<script>alert(1)</script>",
  `"><img src=x onerror=alert(1)>`,
  "' onmouseover='alert(1)",
  `O'Neill & "Sons" <b>`,
  "&lt;already&gt; &amp; so",
  "</td></table></body></html>",
  "👩🏽‍💻 Zoë 山田",
  "אבג \u202Eevil\u202C",
  "{{name}} ${name} %s",
  "javascript:alert(1)",
];

function hostileCohort<Of extends object>(facts: Of, text: string): Of & Pick<ApplicationFacts, "cohort"> {
  return { ...facts, cohort: cohort({ name: text, region: text }) };
}

describe("text and HTML", () => {
  for (const [name, { facts, frame }] of Object.entries(SAMPLES)) {
    test(`${name}: say the same`, () => {
      const mail = mailOf(name, facts, frame);
      expect(textOf(mail.html)).toBe(spaced(mail.text));
      expect(/<title>(.*)<\/title>/.exec(mail.html)![1]).toBe(mail.subject);
      const links = [...mail.html.matchAll(/href="([^"]*)"/g)].map(([, url]) => url);
      expect(links).toEqual(mail.text.match(/https:\S+/g) ?? []);
    });

    test(`${name}: take names that look like markup as names`, () => {
      const tags = tagsOf(mailOf(name, facts, frame).html);
      for (const text of HOSTILE) {
        const hostile = "person" in facts ? { ...facts, person: person({ name: text }) } : hostileCohort(facts, text);
        const mail = mailOf(name, hostile, { ...frame, recipientName: text });
        expect(mail.text, text).toContain(name === "address-confirm" ? `Account: ${text}\n` : `Dear ${text},\n`);
        expect(tagsOf(mail.html), text).toEqual(tags);
        expect(textOf(mail.html), text).toBe(spaced(mail.text));
        expect(plain(/<title>(.*)<\/title>/.exec(mail.html)![1]!), text).toBe(mail.subject);
        expect(mail.html.match(/<[^>]* on\w+=/g), text).toBeNull();
      }
    });
  }

  test("a link is escaped where it is shown and where it leads", () => {
    const mail = mailOf("decision-accepted", about(application("ACCEPTED")), {
      publicUrl: `https://program.example.org/?a=1&b="`,
    });
    const url = "https://program.example.org/?a=1&amp;b=&quot;/applications/APP-2027-0042";
    expect(mail.html.split(url)).toHaveLength(3);
    expect(mail.html).toContain(`<a href="${url}" style="`);
  });
});

describe("when a mail is of no use any more", () => {
  const neverSubmitted = { ...application("WITHDRAWN"), submission: null } as Application;
  const withdrawn = "The application was withdrawn before its receipt went out.";

  test("the receipt: once the application was withdrawn, also when it was started again", () => {
    const receipt = applicationTemplates["application-received"]!;
    for (const state of ["COMPLETE", "UNDER_REVIEW", "ACCEPTED", "WAITLISTED", "DECLINED"] as const) {
      expect(receipt.obsolete(about(application(state))), state).toBeNull();
    }
    for (const of of [application("WITHDRAWN"), application("DRAFT"), application("EXPIRED"), neverSubmitted]) {
      expect(receipt.obsolete(about(of)), of.state).toBe(withdrawn);
    }
  });

  for (const [name, state, reason] of [
    ["application-expired", "EXPIRED", "The application was taken up again."],
    ["decision-accepted", "ACCEPTED", "The application's state has changed since."],
    ["decision-waitlisted", "WAITLISTED", "The application's state has changed since."],
    ["decision-declined", "DECLINED", "The application's state has changed since."],
  ] as const) {
    test(`${name}: unless the application is ${state}`, () => {
      for (const current of APPLICATION_STATES) {
        const answer = forApplication[name]!.obsolete(about(application(current)));
        expect(answer, current).toBe(current === state ? null : reason);
      }
    });
  }

  test("the address to confirm: once the account is closed; the notice that mails go elsewhere: never", () => {
    const closed: PersonFacts = { person: person({ state: "MERGED" }), facts: {} };
    const [toConfirm, notice] = [personTemplates["address-confirm"]!, personTemplates["address-changed"]!];
    expect([toConfirm.obsolete(aboutPerson()), toConfirm.obsolete(closed)]).toEqual([null, "The account is closed."]);
    expect([notice.obsolete(aboutPerson()), notice.obsolete(closed)]).toEqual([null, null]);
    expect(personTemplates["address-added"]!.obsolete(aboutPerson())).toBeNull();
    expect(personTemplates["records-merged"]!.obsolete(closed)).toBeNull();
  });

  test("the certificate: never; the reminder: once it was renewed", () => {
    const reminder = certificateTemplates["recertification-due"]!;
    expect(certificateTemplates["certificate-issued"]!.obsolete(aboutCertificate())).toBeNull();
    expect(reminder.obsolete(aboutCertificate())).toBeNull();
    const renewed = aboutCertificate({ certificate: certificate({ expiresOn: "2033-11-19" }) });
    expect(reminder.obsolete(renewed)).toBe("The certificate has been renewed.");
  });
});

test("what decides is held when nobody knows whether it went out, the rest is sent again", () => {
  expect(Object.fromEntries(Object.keys(SAMPLES).map((name) => [name, whenUnknown(name)]))).toEqual({
    "application-received": "resend",
    "application-expired": "resend",
    "decision-accepted": "hold",
    "decision-waitlisted": "hold",
    "decision-declined": "hold",
    "certificate-issued": "hold",
    "recertification-due": "resend",
    "address-confirm": "resend",
    "address-added": "resend",
    "address-changed": "resend",
    "records-merged": "resend",
    "mail-correction": "hold",
  });
  expect(whenUnknown("unheard-of")).toBe("hold");
});

describe("which events bring which mails", () => {
  const of = { kind: "Application", id: "app_1-c-owner" } as const;
  const someone = { kind: "Person", id: "per_owner" } as const;
  const [personId, cohortId, number] = ["per_owner", "coh_1", "CTOM-2027-7F3K9Q"];
  const released = (outcome: "ACCEPT" | "WAITLIST" | "DECLINE"): ProgramEvent => ({
    type: "DecisionReleased",
    about: of,
    facts: { outcome, personId, cohortId, applicationId: of.id },
  });
  const mailsOf = (event: ProgramEvent) =>
    messagesOf({ ...event, id: "evt_1", at: NOW, actor: { kind: "PROGRAM" } }, NOW);

  for (const [event, ...names] of [
    [{ type: "ApplicationSubmitted", about: of, facts: { personId, cohortId } }, "application-received"],
    [{ type: "ApplicationExpired", about: of, facts: { personId, cohortId } }, "application-expired"],
    [released("ACCEPT"), "decision-accepted"],
    [released("WAITLIST"), "decision-waitlisted"],
    [released("DECLINE"), "decision-declined"],
    [{ type: "CertificateIssued", about: of, facts: { personId, number } }, "certificate-issued"],
    [
      { type: "RecertificationDue", about: of, facts: { personId, number, expiresOn: "2030-11-19", daysBefore: 7 } },
      "recertification-due",
    ],
    [{ type: "EmailAdded", about: of, facts: { personId, linkId: "lnk_1", byStaff: false } }, "address-confirm"],
    [{ type: "EmailPreferred", about: of, facts: { personId } }, "address-changed"],
    [{ type: "EmailConfirmed", about: of, facts: { personId, byStaff: false } }, "address-added"],
    [{ type: "PersonMerged", about: someone, facts: { takenIn: "per_2" } }, "records-merged"],
    [{ type: "PersonMergedAway", about: someone, facts: { mergedInto: "per_2" } }, "records-merged"],
    [{ type: "EmailRemoved", about: of, facts: { kind: "WORK" } }],
    [{ type: "EmailLabelled", about: of, facts: { kind: "WORK" } }],
    [{ type: "LinkIssued", about: of, facts: { purpose: "EMAIL_CONFIRM" } }],
    [{ type: "LinkUsed", about: of, facts: { purpose: "EMAIL_CONFIRM" } }],
    [{ type: "LinkRevoked", about: of, facts: { purpose: "EMAIL_CONFIRM" } }],
    [{ type: "PersonJoined", about: of, facts: { firstStaff: true } }],
    [{ type: "PersonLinked", about: of, facts: {} }],
    [{ type: "PersonRenamed", about: of, facts: {} }],
    [{ type: "RoleGranted", about: of, facts: { role: "STAFF" } }],
    [{ type: "RoleEnded", about: of, facts: { role: "STAFF" } }],
    [{ type: "CohortCreated", about: of, facts: {} }],
    [{ type: "CohortChanged", about: of, facts: { windowMoved: true } }],
    [{ type: "CohortPublished", about: of, facts: {} }],
    [{ type: "ApplicationStarted", about: of, facts: {} }],
    [{ type: "ApplicationSaved", about: of, facts: { fields: [] } }],
    [{ type: "ApplicationWithdrawn", about: of, facts: { personId, cohortId } }],
    [{ type: "ApplicationReviewStarted", about: of, facts: {} }],
    [{ type: "DecisionPrepared", about: of, facts: { outcome: "ACCEPT" } }],
    [{ type: "DecisionCancelled", about: of, facts: {} }],
    [{ type: "ReleaseStarted", about: of, facts: { count: 1, kind: "CANDIDATE" } }],
    [{ type: "MessageRequeued", about: of, facts: {} }],
    [{ type: "MessageHeld", about: of, facts: {} }],
    [{ type: "MessageEdited", about: of, facts: {} }],
    [{ type: "MessageReleased", about: of, facts: {} }],
    [{ type: "MessageCancelled", about: of, facts: {} }],
    [
      { type: "MessageCorrected", about: of, facts: { personId, outsider: null, applicationId: "a" } },
      "mail-correction",
    ],
    [{ type: "MailKindHeld", about: of, facts: {} }],
    [{ type: "MailKindFreed", about: of, facts: {} }],
    [{ type: "AddressBounced", about: of, facts: { kind: "WORK", times: 1 } }],
    [{ type: "AddressUnreachable", about: of, facts: { kind: "WORK" } }],
    [{ type: "AddressReachable", about: of, facts: { kind: "WORK" } }],
    [{ type: "AddressComplained", about: of, facts: { kind: "WORK" } }],
  ] as [ProgramEvent, ...string[]][]) {
    test(`${event.type}: ${names[0] ?? "none"}`, () => {
      expect(mailsOf(event).map(({ template, personId: to }) => [template, to])).toEqual(
        names.map((name) => [name, "per_owner"]),
      );
    });
  }

  test("the same event makes the same message, in letters that SES takes as a tag", () => {
    const [first] = mailsOf(released("ACCEPT"));
    expect(mailsOf(released("ACCEPT"))).toEqual([first]);
    expect(first).toEqual({
      id: "msg_1-decision-accepted-owner",
      version: 0,
      state: "QUEUED",
      template: "decision-accepted",
      personId: "per_owner",
      to: null,
      about: of,
      facts: { outcome: "ACCEPT", personId: "per_owner", cohortId: "coh_1", applicationId: "app_1-c-owner" },
      queuedAt: NOW,
      sendAfter: NOW,
      dueAt: "2026-09-01T16:05:00.000Z",
      attempts: 0,
      isResent: false,
      sentTo: null,
      subject: null,
      sesMessageId: null,
      earlierSesMessageIds: [],
      sentAt: null,
      reason: null,
    });
    expect(first!.id).toMatch(/^[A-Za-z0-9_-]{1,256}$/);
  });
});
