import { describe, expect, test } from "vitest";
import { applicationTemplates, type ApplicationFacts } from "../../schema/application/application.mail.ts";
import { eligibilityTemplates } from "../../schema/application/eligibility.mail.ts";
import { informationTemplates, type InformationFacts } from "../../schema/application/information.mail.ts";
import {
  APPLICATION_STATES,
  type Application,
  type ApplicationState,
  type Submission,
} from "../../schema/application/application.ts";
import { certificateTemplates, type CertificateFacts } from "../../schema/certificate/certificate.mail.ts";
import { decisionTemplates } from "../../schema/decision/decision.mail.ts";
import { DEFAULT_POLICY } from "../../schema/cohort/policy.ts";
import type { ProgramEvent } from "../../schema/events.ts";
import { jointTemplates, type JointMailFacts } from "../../schema/joint/joint.mail.ts";
import type { Joint } from "../../schema/joint/joint.ts";
import { offerTemplates, type OfferFacts } from "../../schema/offer/offer.mail.ts";
import { OFFER_STATES, type Offer } from "../../schema/offer/offer.ts";
import { classNameOf, messagesOf, TEMPLATE_NAMES, whenUnknown } from "../../schema/mails.ts";
import { nominationTemplates, type NominationMailFacts } from "../../schema/nomination/nomination.mail.ts";
import { NOMINATION_STATES, type NominationState } from "../../schema/nomination/nomination.ts";
import {
  conflictTemplates,
  reviewTemplates,
  type ConflictFacts,
  type ReviewerFacts,
} from "../../schema/review/review.mail.ts";
import { personTemplates, type PersonFacts } from "../../schema/person/person.mail.ts";
import { compose, paragraph, type Composed, type Frame, type Letter, type Template } from "../../schema/shared/mail.ts";
import { correctionTemplates, type CorrectionMailFacts } from "../../schema/message/message.mail.ts";
import { freshMentor } from "../../schema/mentor/mentor.ts";
import { teamTemplates, type TeamMailFacts } from "../../schema/team/team.mail.ts";
import { TEAM_STATES, type Team } from "../../schema/team/team.ts";
import {
  application,
  certificate,
  cohort,
  message,
  nomination,
  NOW,
  offer,
  person,
  review,
  reviewer,
  REQUEST,
  SUBMISSION,
  summaryOf,
  team,
  termOf,
  VIEWERS,
  WINDOW,
} from "./records.ts";

const FRAME: Frame = { recipientName: "Avery Example", publicUrl: "https://program.example.org", now: NOW };
const forApplication = { ...applicationTemplates, ...eligibilityTemplates, ...decisionTemplates };

type Facts =
  | ApplicationFacts
  | InformationFacts
  | OfferFacts
  | CertificateFacts
  | PersonFacts
  | CorrectionMailFacts
  | JointMailFacts
  | TeamMailFacts
  | NominationMailFacts
  | ReviewerFacts
  | ConflictFacts;
type Sample = { facts: Facts; frame?: Partial<Frame> };

function mailOf(name: string, facts: Facts, overrides: Partial<Frame> = {}): Composed {
  const frame = { ...FRAME, ...overrides };
  return compose(letterOf(name, facts, frame), frame);
}

/** Which facts a template wants is known by its name, not by the compiler. */
const TEMPLATES: Record<string, Pick<Template<never>, "write">> = {
  ...forApplication,
  ...informationTemplates,
  ...offerTemplates,
  ...jointTemplates,
  ...teamTemplates,
  ...nominationTemplates,
  ...reviewTemplates,
  ...conflictTemplates,
  ...certificateTemplates,
  ...personTemplates,
  ...correctionTemplates,
};

function letterOf(name: string, facts: Facts, frame: Frame): Letter {
  return TEMPLATES[name]!.write(facts as never, frame);
}

const about = (of: Application, overrides: Partial<ApplicationFacts> = {}): ApplicationFacts => ({
  application: of,
  cohort: cohort(),
  now: NOW,
  enteredByName: null,
  ...overrides,
});
const aboutRequest = (of: Application, overrides: Partial<InformationFacts> = {}): InformationFacts => ({
  ...about(of),
  recipient: VIEWERS.staff.person,
  ...overrides,
});
const asked = application("UNDER_REVIEW", {
  information: { ...REQUEST, parts: ["JOB_TITLE", "RESUME"], questionIds: ["finance"] },
});
const missed = application("COMPLETE", { information: { ...REQUEST, missedAt: REQUEST.dueAt } });
const aboutCertificate = (overrides: Partial<CertificateFacts> = {}): CertificateFacts => ({
  certificate: certificate(),
  cohort: cohort(),
  facts: { expiresOn: "2030-11-19", daysBefore: 30 },
  ...overrides,
});

const aboutOffer = (overrides: Partial<Offer> = {}, of = application("ACCEPTED")): OfferFacts => ({
  ...about(of),
  offer: offer(overrides),
});

const JOINT: Joint = {
  id: "jnt_1",
  version: 1,
  cohortId: "coh_1",
  state: "LINKED",
  kind: "CANDIDATE",
  inviter: { personId: "per_owner", applicationId: "app_1-c-owner" },
  invitee: { personId: "per_mentor", applicationId: "app_1-m-mentor" },
  invited: null,
  linkId: "lnk_1",
  invitedAt: NOW,
  dueAt: null,
};
const INVITED: Joint = {
  ...JOINT,
  state: "INVITED",
  invitee: null,
  invited: { name: "Morgan Sample", email: "morgan@example.org" },
};
const aboutJoint = (joint: Joint = JOINT): JointMailFacts => ({
  joint,
  cohort: cohort(),
  inviter: person(),
  invitee: joint.invitee ? person({ id: "per_mentor", name: "Morgan Sample" }) : undefined,
  partner: undefined,
  inviting: application("DRAFT"),
  facts: { jointId: "jnt_1", linkId: "lnk_1" },
});
const parted: JointMailFacts = {
  ...aboutJoint(),
  inviting: application("WITHDRAWN"),
  facts: { jointId: "jnt_1", toPersonId: "per_mentor" },
};
const JOINT_LINK = {
  url: "https://program.example.org/joint-application#lnk_1.secret",
  expiresAt: "2026-10-01T16:00:00.000Z",
};

const entered = person({
  addresses: [{ email: "avery@example.org", kind: "WORK", verifiedAt: NOW, isEntered: true }],
});
const aboutPerson = (facts: object = {}): PersonFacts => ({ person: person(), facts: { ...facts } });
const LINK = {
  url: "https://program.example.org/confirm-address#lnk_1.secret",
  expiresAt: "2026-09-02T16:00:00.000Z",
};

const CANDIDATE = person();
const MENTOR = person({ id: "per_bo", name: "Bo Example", email: "bo@example.org" });
const noted = freshMentor(application("ACCEPTED", { id: "app_1-m-bo", kind: "MENTOR", personId: "per_bo" }));
const aboutTeam = (overrides: Partial<Team> = {}, more: Partial<TeamMailFacts> = {}): TeamMailFacts => ({
  cohort: cohort(),
  recipient: MENTOR,
  mentor: noted,
  teams: [{ team: team(overrides), candidate: CANDIDATE, mentor: MENTOR }],
  wasTold: true,
  ...more,
});
const aboutLetter = (
  state: NominationState = "REQUESTED",
  overrides: Partial<NominationMailFacts> = {},
): NominationMailFacts => ({
  nomination: nomination(state),
  application: application("SUBMITTED"),
  cohort: cohort(),
  candidateName: "Avery Example",
  isOver: false,
  facts: { linkId: "lnk_1" },
  ...overrides,
});
const decidedLetter = (state: ApplicationState, outcome: string) =>
  aboutLetter("PROVIDED", { application: application(state), facts: { outcome } });
const unsolicited: NominationMailFacts = aboutLetter("UNMATCHED", { application: null, candidateName: "Nina Nominee" });
const toWrite = {
  frame: { recipientName: "Pat Super", link: { ...LINK, url: "https://program.example.org/nomination#lnk_1.secret" } },
};
const missing = application("SUBMITTED", { letters: [summaryOf(nomination("REQUESTED"))] });
const withLetter = { ...about(missing), cohort: cohort({ policy: DEFAULT_POLICY }) };
const aboutReviews = (): ReviewerFacts => ({
  person: person({ id: "per_committee", roles: [termOf("COMMITTEE", "2026-01-01T08:00:00.000Z", null)] }),
  work: [{ review: review(), application: application("UNDER_REVIEW", { reviewers: [reviewer()] }) }],
  now: NOW,
});

/** One sample of each mail. */
const SAMPLES: Record<string, Sample> = {
  "application-entered": { facts: about(application("DRAFT"), { enteredByName: "Sam Staff" }) },
  "application-draft-reminder": { facts: about(application("DRAFT"), { now: "2026-09-16T15:00:00.000Z" }) },
  "application-received": { facts: about(application("COMPLETE")) },
  "application-ruled-out": { facts: about(application("INELIGIBLE", { ineligibleFor: "NO_CTO_OBJECTIVE" })) },
  "application-ruled-in": { facts: about(application("COMPLETE")) },
  "information-asked": { facts: aboutRequest(asked) },
  "information-reminder": { facts: aboutRequest(asked) },
  "information-cancelled": { facts: aboutRequest(application("COMPLETE")) },
  "information-provided": { facts: aboutRequest(application("COMPLETE")) },
  "information-missed": { facts: aboutRequest(missed) },
  "application-expired": { facts: about(application("EXPIRED")) },
  "application-incomplete": { facts: withLetter },
  "application-complete": { facts: about(application("COMPLETE")) },
  "nomination-requested": { facts: aboutLetter(), ...toWrite },
  "nomination-reminder": { facts: aboutLetter(), ...toWrite },
  "nomination-reopened": { facts: aboutLetter("OPENED"), ...toWrite },
  "nomination-thanks": { facts: aboutLetter("PROVIDED"), frame: { recipientName: "Pat Super" } },
  "nominator-informed": { facts: decidedLetter("ACCEPTED", "ACCEPT"), frame: { recipientName: "Pat Super" } },
  "nomination-received": { facts: aboutLetter("PROVIDED") },
  "nomination-refused": { facts: aboutLetter("REFUSED") },
  "nomination-bounced": { facts: aboutLetter("BOUNCED") },
  "nomination-confirm": {
    facts: aboutLetter("OFFERED", { application: null, candidateName: "Nina Nominee" }),
    frame: { recipientName: "", link: { ...LINK, url: "https://program.example.org/nomination-confirm#lnk_1.secret" } },
  },
  "nomination-confirmed": { facts: unsolicited, frame: { recipientName: "" } },
  "nominee-invited": { facts: unsolicited, frame: { recipientName: "Nina Nominee" } },
  "decision-accepted": { facts: about(application("ACCEPTED")) },
  "decision-waitlisted": { facts: about(application("WAITLISTED")) },
  "decision-declined": { facts: about(application("DECLINED")) },
  "decision-corrected-accepted": { facts: about(application("ACCEPTED")) },
  "decision-corrected-waitlisted": { facts: about(application("WAITLISTED")) },
  "decision-corrected-declined": { facts: about(application("DECLINED")) },
  "offer-promoted": { facts: aboutOffer({ isPromoted: true }) },
  "offer-from-deferral": { facts: aboutOffer() },
  "offer-reminder": { facts: aboutOffer(), frame: { now: "2026-09-14T00:00:00.000Z" } },
  "offer-extended": { facts: aboutOffer() },
  "offer-conditions": { facts: aboutOffer({ conditions: "A degree by June" }) },
  "offer-declined": { facts: aboutOffer({ state: "DECLINED" }, application("NOT_TAKEN_UP")) },
  "offer-lapsed": { facts: aboutOffer({ state: "LAPSED" }, application("NOT_TAKEN_UP")) },
  "offer-deferred": { facts: aboutOffer({ state: "DEFERRED" }, application("DEFERRED")) },
  "offer-deferral-refused": { facts: aboutOffer() },
  "joint-invited": { facts: aboutJoint(INVITED), frame: { link: JOINT_LINK } },
  "joint-accepted": { facts: aboutJoint() },
  "joint-declined": { facts: aboutJoint({ ...JOINT, state: "DECLINED", invitee: null }) },
  "joint-unlinked": { facts: aboutJoint({ ...JOINT, state: "UNLINKED" }) },
  "joint-withdrawn": { facts: parted },
  "joint-not-applied": { facts: aboutJoint() },
  "reviews-assigned": { facts: aboutReviews() },
  "reviews-due": { facts: aboutReviews() },
  "reviewer-conflict": { facts: { ...about(application("UNDER_REVIEW")), recipient: person(), now: NOW } },
  "certificate-issued": { facts: aboutCertificate() },
  "recertification-due": { facts: aboutCertificate(), frame: { now: "2030-10-20T15:00:00.000Z" } },
  "person-entered": { facts: { person: entered, facts: {} } },
  "address-confirm": { facts: aboutPerson({ linkId: "lnk_1", byStaff: false }), frame: { link: LINK } },
  "address-added": { facts: aboutPerson({ byStaff: false }) },
  "address-changed": { facts: aboutPerson() },
  "records-merged": { facts: aboutPerson() },
  "team-asked": { facts: aboutTeam() },
  "team-reminder": { facts: aboutTeam() },
  "team-unanswered": { facts: aboutTeam() },
  "team-declined": { facts: aboutTeam({ state: "DECLINED" }) },
  "team-introduced": { facts: aboutTeam({ state: "ANNOUNCED" }, { recipient: CANDIDATE }) },
  "team-taken-back": { facts: aboutTeam({ state: "TAKEN_BACK" }) },
  "team-ended": { facts: aboutTeam({ state: "ENDED" }) },
  "team-left": { facts: aboutTeam({ state: "ENDED" }) },
  "team-mentor-left": { facts: aboutTeam({ state: "ENDED" }) },
  "mentor-not-needed": { facts: aboutTeam({}, { teams: [], mentor: { ...noted, notNeededAt: NOW } }) },
  "candidate-confirmed": { facts: aboutTeam({ state: "ANNOUNCED" }, { recipient: CANDIDATE }) },
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

/** Mails that name nobody, because it is not known who reads them. */
const TO_WHOMEVER: ReadonlySet<string> = new Set([
  "address-confirm",
  "joint-invited",
  "nomination-confirm",
  "nomination-confirmed",
]);

/** Where these say a name after all, as `*`: of the account, the candidate or the cohort. */
const SAID_OF: Readonly<Record<string, string>> = {
  "joint-invited": "to the * of",
  "nomination-confirm": "nomination for the * and given",
  "nomination-confirmed": "Cohort: *, ",
};

/** What every mail says that asks for a nomination. */
const TO_WRITE = [
  "Candidate: Avery Example\nCohort: Cohort 2027, Northern California\n" +
    "Please answer until: Friday, September 25, 2026 at 5:00 PM PDT",
  "A nomination says why the organization supports the candidate. The Steering Committee reads it; the candidate does not. " +
    "You need no account: the link is for you alone.",
  "Write or decline the nomination:\nhttps://program.example.org/nomination#lnk_1.secret",
  "If you do not know the candidate, please answer this mail.",
];

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
      "This is a copy of what you submitted:",
      "Organization: Test Unified School District (school district)\nJob title: Technology coordinator\nRésumé: none",
      "What is your career objective?\n    About objective.",
    ],
    [
      "application-entered",
      "An application was begun for you: APP-2027-0042",
      "Sam Staff of the program's staff has begun your application as a candidate to the Cohort 2027 for you.",
      "Application: APP-2027-0042\nApplications close: Friday, September 18, 2026 at 5:00 PM PDT",
      "You can go on with it yourself, or withdraw it, at any time. If you know nothing of it, please answer this mail.",
      "See your application:\nhttps://program.example.org/applications/APP-2027-0042",
    ],
    [
      "application-draft-reminder",
      "Your application APP-2027-0042 is not submitted yet: 2 days left",
      "Your application as a candidate to the Cohort 2027 is still a draft. Applications close on Friday, September 18, " +
        "2026 at 5:00 PM PDT; at that instant it is too late.",
      "Application: APP-2027-0042\nStill missing: nothing: it can be submitted",
      "See your application:\nhttps://program.example.org/applications/APP-2027-0042",
    ],
    [
      "application-ruled-out",
      "Your application APP-2027-0042 cannot be considered",
      "Thank you for applying to the Cohort 2027. We are sorry that your application cannot be considered.",
      "The program prepares for the work of a Chief Technology Officer, and we could not see from your application that " +
        "this is your objective.",
      "Application: APP-2027-0042",
      "If this is a mistake, please answer this mail.",
    ],
    [
      "application-ruled-in",
      "Your application APP-2027-0042 is considered again",
      "We had written that your application to the Cohort 2027 cannot be considered. That was not right: it is with the " +
        "Steering Committee like every other.",
      "See your application:\nhttps://program.example.org/applications/APP-2027-0042",
    ],
    [
      "information-asked",
      "We need something more for your application APP-2027-0042",
      "There is a question about your application to the Cohort 2027. You can change the sections below until the end of " +
        "Thursday, September 10, 2026; everything else stays as you submitted it.",
      "Application: APP-2027-0042\nSection: Job title\nSection: Résumé\nQuestion: What experience do you have with " +
        "technology budgets, school finance and purchasing?\nUntil the end of: Thursday, September 10, 2026",
      "What is asked\n    Which budget?\n    Please name the sum.",
      "See your application:\nhttps://program.example.org/applications/APP-2027-0042",
    ],
    [
      "information-reminder",
      "Please answer by Thursday, September 10, 2026: your application APP-2027-0042",
      "We have asked for something more about your application to the Cohort 2027, and it has not been handed in yet. You " +
        "can do so until the end of Thursday, September 10, 2026.",
      "Application: APP-2027-0042\nSection: Job title\nSection: Résumé\nQuestion: What experience do you have with " +
        "technology budgets, school finance and purchasing?\nUntil the end of: Thursday, September 10, 2026",
      "See your application:\nhttps://program.example.org/applications/APP-2027-0042",
    ],
    [
      "information-cancelled",
      "Nothing more is needed for your application APP-2027-0042",
      "What we had asked for about your application to the Cohort 2027 is not needed any more. It stands as you submitted " +
        "it.",
      "See your application:\nhttps://program.example.org/applications/APP-2027-0042",
    ],
    [
      "information-provided",
      "What you asked for has come: application APP-2027-0042",
      "The applicant has handed in what you asked for about an application to the Cohort 2027.",
      "See the application:\nhttps://program.example.org/applications/APP-2027-0042",
    ],
    [
      "information-missed",
      "What you asked for has not come: application APP-2027-0042",
      "The applicant has not handed in what you asked for about an application to the Cohort 2027, and the time for it is " +
        "over. You can give them more time, or take it back; until then what they submitted stands.",
      "See the application:\nhttps://program.example.org/applications/APP-2027-0042",
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
      "application-incomplete",
      "We have received your application APP-2027-0042; a part is missing",
      "Thank you for applying as a candidate to the Cohort 2027. Your application is not complete yet, because something is " +
        "missing that somebody else supplies:",
      "The nomination by Pat Super has not come yet.",
      "Application: APP-2027-0042\nIt can come until: Friday, September 25, 2026 at 5:00 PM PDT",
      "We write to you as soon as it has come. If it does not come in time, your application cannot be considered.",
      "See your application:\nhttps://program.example.org/applications/APP-2027-0042",
      "This is a copy of what you submitted:",
      "Organization: Test Unified School District (school district)\nJob title: Technology coordinator\nRésumé: none",
      "What is your career objective?\n    About objective.",
    ],
    [
      "application-complete",
      "Your application APP-2027-0042 is complete",
      "Everything that your application to the Cohort 2027 needs is there.",
      "Application: APP-2027-0042",
      "The Steering Committee reads every application. We write to you as soon as it has decided.",
      "See your application:\nhttps://program.example.org/applications/APP-2027-0042",
    ],
    [
      "nomination-requested",
      "Avery Example asks you for a nomination",
      "Avery Example is applying to the CTO Mentor Program and has named you as Superintendent to nominate them.",
      ...TO_WRITE,
    ],
    [
      "nomination-reminder",
      "Reminder: Avery Example asks you for a nomination",
      "We have not received your nomination of Avery Example yet. Without it the application may not be considered.",
      ...TO_WRITE,
    ],
    [
      "nomination-reopened",
      "You can change your nomination of Avery Example",
      "The program's staff have given your nomination back to you, so that you can change it and hand it in again.",
      ...TO_WRITE,
    ],
    [
      "nomination-thanks",
      "We have received your nomination of Avery Example",
      "Thank you for taking the time. There is nothing left for you to do.",
      "Candidate: Avery Example\nCohort: Cohort 2027, Northern California",
      "The Steering Committee reads it together with the application. The candidate does not see it.",
    ],
    [
      "nominator-informed",
      "The decision on your nomination of Avery Example",
      "The Steering Committee has chosen Avery Example for the Cohort 2027. Thank you for your nomination.",
      "There is nothing you need to do.",
    ],
    [
      "nomination-received",
      "A nomination for you has come",
      "The nomination by Pat Super for your application to the Cohort 2027 has come.",
      "Application: APP-2027-0042",
      "What stands in it is for the Steering Committee alone.",
      "See your application:\nhttps://program.example.org/applications/APP-2027-0042",
    ],
    [
      "nomination-refused",
      "Please name somebody else to nominate you",
      "Pat Super does not nominate you. You can name somebody else.",
      "Application: APP-2027-0042\nNominations are taken until: Friday, September 25, 2026 at 5:00 PM PDT",
      "See your application:\nhttps://program.example.org/applications/APP-2027-0042",
    ],
    [
      "nomination-bounced",
      "The address of your nominator does not work",
      "Our mail to the person who is to nominate you came back. Please correct the address, or name somebody else.",
      "Name: Pat Super\nAddress: pat.super@example.org\nApplication: APP-2027-0042\n" +
        "Nominations are taken until: Friday, September 25, 2026 at 5:00 PM PDT",
      "See your application:\nhttps://program.example.org/applications/APP-2027-0042",
    ],
    [
      "nominee-invited",
      "Somebody has nominated you for the CTO Mentor Program",
      "Somebody has nominated you for the Cohort 2027. If you would like to take part, please apply.",
      "Applications close: Friday, September 18, 2026 at 5:00 PM PDT",
      "Please sign in with this e-mail address, so that the nomination finds your application. If you do not want to apply, " +
        "there is nothing you have to do.",
      "See the program:\nhttps://program.example.org",
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
      "decision-corrected-declined",
      "Correction of our decision on your application APP-2027-0042",
      "This mail corrects what we wrote to you about your application to the Cohort 2027. " +
        "Our earlier decision is no longer valid, and we apologize for the confusion.",
      "The Steering Committee has decided not to offer you a place this year.",
      "You are welcome to apply again to a later cohort. If you have a question, please answer this mail.",
      "Application: APP-2027-0042",
      "See your application:\nhttps://program.example.org/applications/APP-2027-0042",
    ],
    [
      "offer-promoted",
      "A place is free for you: Cohort 2027",
      "Congratulations! A place in the Cohort 2027 has become free, and you were the first on the waitlist: it is offered to you.",
      "Application: APP-2027-0042\nCohort: Cohort 2027, Northern California\nTuition: $2,500.00",
      "Please accept or decline the place before Tuesday, September 15, 2026 at 5:00 PM PDT. Without an answer it lapses " +
        "then, and goes to the next on the waitlist. All dates of the program are mandatory.",
      "Answer the offer:\nhttps://program.example.org/applications/APP-2027-0042/offer",
    ],
    [
      "offer-from-deferral",
      "Your place in a later cohort: Cohort 2027",
      "You had asked to take part later: a place in the Cohort 2027 is offered to you.",
      "Application: APP-2027-0042\nCohort: Cohort 2027, Northern California\nTuition: $2,500.00",
      "Please accept or decline the place before Tuesday, September 15, 2026 at 5:00 PM PDT. Without an answer it lapses " +
        "then, and goes to the next on the waitlist. All dates of the program are mandatory.",
      "Answer the offer:\nhttps://program.example.org/applications/APP-2027-0042/offer",
    ],
    [
      "offer-reminder",
      "Please answer within 2 days: your place in the Cohort 2027",
      "A place in the Cohort 2027 is waiting for your answer.",
      "Please accept or decline the place before Tuesday, September 15, 2026 at 5:00 PM PDT. Without an answer it lapses " +
        "then, and goes to the next on the waitlist. All dates of the program are mandatory.",
      "Answer the offer:\nhttps://program.example.org/applications/APP-2027-0042/offer",
      "Application: APP-2027-0042",
    ],
    [
      "offer-extended",
      "You have more time to answer: Cohort 2027",
      "You have more time to answer the offer of a place in the Cohort 2027.",
      "Please accept or decline the place before Tuesday, September 15, 2026 at 5:00 PM PDT. Without an answer it lapses " +
        "then, and goes to the next on the waitlist. All dates of the program are mandatory.",
      "Answer the offer:\nhttps://program.example.org/applications/APP-2027-0042/offer",
      "Application: APP-2027-0042",
    ],
    [
      "offer-conditions",
      "The conditions of your place have changed: Cohort 2027",
      "The conditions of the place in the Cohort 2027 that is offered to you have changed.",
      "Please accept or decline the place before Tuesday, September 15, 2026 at 5:00 PM PDT. Without an answer it lapses " +
        "then, and goes to the next on the waitlist. All dates of the program are mandatory.",
      "The place has conditions: you read them where you answer.",
      "Answer the offer:\nhttps://program.example.org/applications/APP-2027-0042/offer",
      "Application: APP-2027-0042",
    ],
    [
      "offer-declined",
      "You have declined your place: Cohort 2027",
      "Thank you for telling us. Your place in the Cohort 2027 goes to somebody on the waitlist.",
      "If you did not decline it, please answer this mail at once.",
      "Application: APP-2027-0042",
    ],
    [
      "offer-lapsed",
      "Your place has lapsed: Cohort 2027",
      "We had no answer to the offer of a place in the Cohort 2027 by Tuesday, September 15, 2026 at 5:00 PM PDT. Your place " +
        "has lapsed and goes to somebody on the waitlist.",
      "If something kept you from answering, please answer this mail.",
      "Application: APP-2027-0042",
    ],
    [
      "offer-deferred",
      "You take part in a later cohort",
      "As you asked, you do not take part in the Cohort 2027. We write to you when there is a place for you in a later cohort; " +
        "until then there is nothing you need to do.",
      "Application: APP-2027-0042",
    ],
    [
      "offer-deferral-refused",
      "Your place cannot be deferred: Cohort 2027",
      "You asked to take part in a later cohort. That is not possible; your place in the Cohort 2027 stands as before.",
      "Please accept or decline the place before Tuesday, September 15, 2026 at 5:00 PM PDT. Without an answer it lapses " +
        "then, and goes to the next on the waitlist. All dates of the program are mandatory.",
      "Answer the offer:\nhttps://program.example.org/applications/APP-2027-0042/offer",
      "Application: APP-2027-0042",
    ],
    [
      "joint-accepted",
      "Morgan Sample applies together with you: Cohort 2027",
      "Morgan Sample has accepted: you apply together to the Cohort 2027.",
      "Each application is decided alone. You need to do nothing more than submit your own in time.",
    ],
    [
      "joint-declined",
      "Your invitation was declined: Cohort 2027",
      "The person you invited to apply together to the Cohort 2027 has declined.",
      "Your own application is not affected, and you can invite somebody else.",
    ],
    [
      "joint-unlinked",
      "You do not apply together any more: Cohort 2027",
      "Your partner has ended the joint application to the Cohort 2027.",
      "Your own application is not affected.",
    ],
    [
      "joint-withdrawn",
      "You do not apply together any more: Cohort 2027",
      "Your partner has withdrawn their application to the Cohort 2027, so that your request to be a team does not stand any " +
        "more.",
      "Your own application is not affected.",
    ],
    [
      "joint-not-applied",
      "Your application is still to come: Cohort 2027",
      "You have agreed to apply together with Avery Example, and have not submitted your application as a mentor yet.",
      "Applications are taken until: Friday, September 18, 2026 at 5:00 PM PDT",
    ],
    [
      "joint-invited",
      "Avery Example would like to apply together with you: Cohort 2027",
      "Avery Example applies as a candidate to the Cohort 2027 of the CTO Mentor Program, and would like you to apply together as a mentor.",
      "Each of you writes an application of your own, which the other does not see, and the Steering Committee decides on each " +
        "alone. It knows your wish when it forms the teams.",
      "Applications are taken until: Friday, September 18, 2026 at 5:00 PM PDT\n" +
        "The link is valid until: Thursday, October 1, 2026 at 9:00 AM PDT",
      "Accept or decline:\nhttps://program.example.org/joint-application#lnk_1.secret",
      "If you do not know this person, decline or do nothing.",
    ],
    [
      "reviews-assigned",
      "1 application for you to review",
      "You have 1 application to review for the Steering Committee. Please say first of each whether you have a conflict: what " +
        "is in it opens to you when you have none.",
      "APP-2027-0042: until Tuesday, September 22, 2026 at 5:00 PM PDT",
      "See your reviews:\nhttps://program.example.org/reviews",
    ],
    [
      "reviews-due",
      "Reminder: 1 application for you to review",
      "The Steering Committee still waits for your review of 1 application.",
      "APP-2027-0042: until Tuesday, September 22, 2026 at 5:00 PM PDT",
      "See your reviews:\nhttps://program.example.org/reviews",
    ],
    [
      "reviewer-conflict",
      "A reviewer of APP-2027-0042 has a conflict",
      "A reviewer whom you assigned has a conflict with an application to the Cohort 2027 and is kept away from it. Please assign " +
        "somebody else.",
      "Application: APP-2027-0042",
      "See the application:\nhttps://program.example.org/applications/APP-2027-0042",
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
      "person-entered",
      "You have a record in the CTO Mentor Program",
      "The program's staff have made a record for you, with your name and this e-mail address, so that they can enter an " +
        "application for you.",
      "Name: Avery Example",
      "When you sign in with this e-mail address, it is yours: you can see what stands in it, and change it.",
      "Sign in:\nhttps://program.example.org",
      "If you do not know why, or do not want it, please answer this mail.",
    ],
    [
      "records-merged",
      "Two accounts of yours are one from now on",
      "The program's staff found two accounts of yours and made them one. Whoever could sign in to either can sign in to it, " +
        "and what belonged to either is in it.",
      "Account: Avery Example",
      "If this is right, there is nothing to do. If these were not both yours, please answer this mail at once.",
    ],
    [
      "team-asked",
      "You are selected as a mentor: please accept your team, Cohort 2027",
      "The Steering Committee has selected you as a mentor of the Cohort 2027.",
      "Cohort: Cohort 2027, Northern California\nCandidate: Avery Example\n" +
        "Please answer by: Tuesday, September 8, 2026 at 5:00 PM PDT",
      "The team is announced once you have accepted; until then the candidate is not told.",
      "Accept or decline:\nhttps://program.example.org/teams/coh_1",
    ],
    [
      "team-reminder",
      "Your answer is missing: your team in the Cohort 2027",
      "We have asked you to accept a team as a mentor, and have no answer yet.",
      "Cohort: Cohort 2027, Northern California\nCandidate: Avery Example\n" +
        "Please answer by: Tuesday, September 8, 2026 at 5:00 PM PDT",
      "The team is announced once you have accepted; until then the candidate is not told.",
      "Accept or decline:\nhttps://program.example.org/teams/coh_1",
    ],
    [
      "team-unanswered",
      "No answer from a mentor: Cohort 2027",
      "A mentor has not answered in time. The team stays open until the mentor answers or you replace them.",
      "Candidate: Avery Example\nMentor: Bo Example",
      "See the match board:\nhttps://program.example.org/teams/coh_1",
    ],
    [
      "team-declined",
      "A mentor has declined a team: Cohort 2027",
      "A mentor has declined a team. The candidate was not told of it and needs another mentor.",
      "Candidate: Avery Example\nMentor: Bo Example",
      "See the match board:\nhttps://program.example.org/teams/coh_1",
    ],
    [
      "team-introduced",
      "Your team in the Cohort 2027",
      "The Steering Committee has made you a team for the Cohort 2027.",
      "Your mentor: Bo Example\nE-mail: bo@example.org",
      "Please get in touch with each other. You meet at the kickoff.",
      "See your team:\nhttps://program.example.org/teams/coh_1",
    ],
    [
      "team-taken-back",
      "A correction about your team in the Cohort 2027",
      "What we wrote to you about your team in the Cohort 2027 does not hold any more: it was sent before it should have " +
        "been. We are sorry.",
      "It was about the candidate: Avery Example",
      "There is nothing you need to do. We write to you again as soon as the teams are made.",
    ],
    [
      "team-ended",
      "Your team in the Cohort 2027 has ended",
      "Your team in the Cohort 2027 has ended. Thank you for your work as a mentor: it stays credited.",
      "Candidate: Avery Example",
    ],
    [
      "team-left",
      "Your team in the Cohort 2027 has ended",
      "Your candidate does not take part in the Cohort 2027 any more, and your team has ended. Thank you: what you did as a " +
        "mentor stays credited, and you can be asked for another candidate.",
      "Candidate: Avery Example",
    ],
    [
      "team-mentor-left",
      "A mentor has left a team: Cohort 2027",
      "A mentor does not take part any more. The team has ended, and the candidate needs another mentor.",
      "Candidate: Avery Example\nMentor: Bo Example",
      "See the match board:\nhttps://program.example.org/teams/coh_1",
    ],
    [
      "mentor-not-needed",
      "No candidate for you this year: Cohort 2027",
      "Thank you for offering to mentor in the Cohort 2027. This year there are more mentors than candidates, and we have no " +
        "candidate for you.",
      "We would be glad if you offered it again. If you have a question, please answer this mail.",
    ],
    [
      "candidate-confirmed",
      "Your place in the Cohort 2027 is confirmed",
      "Your place in the Cohort 2027 is confirmed.",
      "Your mentor: Bo Example",
      "See your team:\nhttps://program.example.org/teams/coh_1",
    ],
  ] as const) {
    test(name, () => {
      const { facts, frame } = SAMPLES[name]!;
      const mail = mailOf(name, facts, frame);
      expect(mail.subject).toBe(subject);
      const text = TO_WHOMEVER.has(name) ? toWhomever(...blocks) : dear(...blocks);
      expect(mail.text).toBe(text.replace("Dear Avery Example,", `Dear ${frame?.recipientName ?? "Avery Example"},`));
    });
  }

  test("one that was submitted and lacks a letter at its end says which", () => {
    const letters = [summaryOf(nomination("EXPIRED"))];
    const submitted = { ...application("WITHDRAWN", { letters }), state: "EXPIRED" } as Application;
    const mail = mailOf("application-expired", about(submitted, { cohort: withLetter.cohort }));
    expect(mail.subject).toBe("Your application APP-2027-0042 was not complete in time");
    expect(mail.text).toBe(
      dear(
        "Your application as a candidate to the Cohort 2027 was submitted, but what somebody else was to supply has not come " +
          "until Friday, September 25, 2026 at 5:00 PM PDT:",
        "The nomination by Pat Super did not come in time.",
        "So it cannot be considered for this cohort. If something went wrong, please answer this mail.",
        "Application: APP-2027-0042",
      ),
    );
  });

  test("who nominated without being asked is not named", () => {
    const came = aboutLetter("PROVIDED", { nomination: nomination("PROVIDED", { origin: "UNSOLICITED" }) });
    expect(mailOf("nomination-received", came).text).toContain(
      "A nomination for your application to the Cohort 2027 has come.",
    );
    expect(mailOf("nomination-received", came).text).not.toContain("Pat Super");
  });

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

/** The same facts with a text that looks like markup wherever a name stands. */
function hostileFacts(facts: Facts, text: string): Facts {
  if ("person" in facts) return { ...facts, person: { ...facts.person, name: text } };
  if ("original" in facts) return { original: { ...facts.original, subject: text }, text };
  const named = { ...facts, cohort: { ...facts.cohort, name: text, region: text } };
  if (!("nomination" in named)) return named;
  const nominator = { ...named.nomination.nominator, name: text, position: text };
  return { ...named, candidateName: text, nomination: { ...named.nomination, nominator } };
}

test("whoever is accepted reads until when and where to answer, until they have", () => {
  const mail = mailOf("decision-accepted", aboutOffer());
  expect(mail.text).toContain("before Tuesday, September 15, 2026 at 5:00 PM PDT");
  expect(mail.text).toContain("/applications/APP-2027-0042/offer");
  const later = mailOf("decision-accepted", aboutOffer({ state: "ACCEPTED" }));
  expect(later.text).not.toContain("/offer");
});

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
        const hostile = hostileFacts(facts, text);
        const mail = mailOf(name, hostile, { ...frame, recipientName: text });
        expect(mail.text, text).toContain(
          TO_WHOMEVER.has(name) ? (SAID_OF[name] ?? "Account: *\n").replace("*", () => text) : `Dear ${text},\n`,
        );
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

describe("the copy in the receipt", () => {
  const receipt = (changes: Partial<Submission>, overrides: Partial<ApplicationFacts> = {}) => {
    const submission = { ...SUBMISSION, ...changes };
    return mailOf("application-received", about({ ...application("COMPLETE"), submission } as Application, overrides));
  };
  const answersOf = (...texts: string[]) => ({
    answers: texts.map((text, place) => ({ questionId: `q${place}`, prompt: `Question ${place}?`, text })),
  });

  test("names the résumé by its file name, and who entered the application", () => {
    const resume = { fileId: "fil_1", name: "avery's résumé.pdf", contentType: "application/pdf", bytes: 400 };
    const { text } = receipt({ resume }, { enteredByName: "Sam Staff" });
    expect(text).toContain("Résumé: avery's résumé.pdf\n");
    expect(text).toContain("9:00 AM PDT\nEntered for you by: Sam Staff, program staff\n");
    expect(text).not.toContain("fil_1");
    expect(receipt({ resume }).text).not.toContain("Entered for you");
  });

  test("shows every answer as text, with its line breaks, whatever it looks like", () => {
    const tags = tagsOf(receipt(answersOf("plain")).html);
    for (const text of [
      ...HOSTILE,
      "See your application:\nhttps://elsewhere.example.org/",
      "One.\r\n\n\tTwo.\rThree.",
    ]) {
      const mail = receipt({ ...answersOf(text), jobTitle: text, organization: { name: text, kind: "OTHER" } });
      expect(tagsOf(mail.html), text).toEqual(tags);
      expect(textOf(mail.html), text).toBe(spaced(mail.text));
      expect(mail.html.match(/href=/g), text).toHaveLength(1);
    }
    expect(receipt(answersOf("One.\r\nTwo.\rThree.")).text).toContain("Question 0?\n    One.\n    Two.\n    Three.\n");
  });

  test("has answers of 4,000 characters whole, and says where a longer one ends", () => {
    const whole = receipt(answersOf("x".repeat(4_000), "after")).text;
    expect(whole).toContain(`Question 0?\n    ${"x".repeat(4_000)}\n\nQuestion 1?\n    after\n`);
    const cut = receipt(answersOf("x".repeat(4_001), "after")).text;
    expect(cut).toContain(
      `Question 0?\n    ${"x".repeat(4_000)}\n    [The mail ends this answer here: it has 4001 characters. All of it is in ` +
        "your application.]\n\nQuestion 1?\n    after\n",
    );
    // Never half a character.
    expect(receipt(answersOf(`x${"🎓".repeat(2_000)}`)).text).toContain(`    x${"🎓".repeat(1_999)}\n    [The mail`);
  });

  test("stays small however much was written: what there is no room for is named", () => {
    const long = "<&>'".repeat(1_000);
    const mail = receipt(answersOf(...Array.from({ length: 60 }, () => long)));
    expect(mail.text.split("[The mail ends this answer here: it has 4000 characters.")).toHaveLength(51);
    expect(mail.text.length).toBeLessThan(50_000);
    expect(mail.html.length).toBeLessThan(260_000);
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
    ["application-entered", "DRAFT", "The draft has been finished or ended since."],
    ["application-draft-reminder", "DRAFT", "The application is no draft any more."],
    ["application-ruled-out", "INELIGIBLE", "The application was ruled in again."],
    ["application-expired", "EXPIRED", "The application was taken up again."],
    ["decision-accepted", "ACCEPTED", "The application's state has changed since."],
    ["decision-waitlisted", "WAITLISTED", "The application's state has changed since."],
    ["decision-declined", "DECLINED", "The application's state has changed since."],
    ["decision-corrected-accepted", "ACCEPTED", "The application's state has changed since."],
    ["decision-corrected-waitlisted", "WAITLISTED", "The application's state has changed since."],
    ["decision-corrected-declined", "DECLINED", "The application's state has changed since."],
  ] as const) {
    test(`${name}: unless the application is ${state}`, () => {
      for (const current of APPLICATION_STATES) {
        const answer = forApplication[name]!.obsolete(about(application(current)));
        expect(answer, current).toBe(current === state ? null : reason);
      }
    });
  }

  test("the draft's reminder: from the closing instant on", () => {
    const reminder = applicationTemplates["application-draft-reminder"]!;
    const at = (now: string) => reminder.obsolete(about(application("DRAFT"), { now }));
    expect([at("2026-09-18T23:59:59.999Z"), at(WINDOW.closesAt)]).toEqual([null, "Applications have closed."]);
  });

  test("that it is considered again: once it was ruled out again", () => {
    const ruledIn = eligibilityTemplates["application-ruled-in"]!;
    for (const state of APPLICATION_STATES) {
      expect(ruledIn.obsolete(about(application(state))), state).toBe(
        state === "INELIGIBLE" ? "The application was ruled out again." : null,
      );
    }
  });

  test("what is asked: once it is answered, overtaken or too late", () => {
    const overtaken = "What was asked has been answered, taken back or overtaken since.";
    for (const name of ["information-asked", "information-reminder"]) {
      const obsolete = (facts: InformationFacts) => informationTemplates[name]!.obsolete(facts);
      for (const state of APPLICATION_STATES) {
        const isOpen = ["SUBMITTED", "COMPLETE", "UNDER_REVIEW"].includes(state);
        const facts = aboutRequest(application(state, { information: REQUEST }));
        expect(obsolete(facts), `${name} ${state}`).toBe(isOpen ? null : overtaken);
      }
      expect(obsolete(aboutRequest(application("COMPLETE")))).toBe(overtaken);
      expect(obsolete(aboutRequest(asked, { now: "2026-09-11T06:59:59.999Z" }))).toBeNull();
      expect(obsolete(aboutRequest(asked, { now: REQUEST.dueAt }))).toBe(overtaken);
    }
    const cancelled = informationTemplates["information-cancelled"]!;
    expect([
      cancelled.obsolete(aboutRequest(application("COMPLETE"))),
      cancelled.obsolete(aboutRequest(asked)),
    ]).toEqual([null, "Something is asked again."]);
  });

  test("what became of it: for whoever asked and may still read of it", () => {
    const gone = "Whoever asked does not see the application any more.";
    for (const [name, of] of [
      ["information-provided", application("COMPLETE")],
      ["information-missed", missed],
    ] as const) {
      const to = (recipient: InformationFacts["recipient"]) =>
        informationTemplates[name]!.obsolete(aboutRequest(of, { recipient }));
      expect(to(VIEWERS.staff.person)).toBeNull();
      expect(to(VIEWERS.formerStaff.person)).toBe(gone);
      expect(to(VIEWERS.committee.person)).toBe(gone);
      expect(to({ ...VIEWERS.staff.person, recusedFrom: [of.id] })).toBe(gone);
      expect(to(null)).toBe(gone);
    }
    const late = informationTemplates["information-missed"]!;
    expect(late.obsolete(aboutRequest(asked))).toBe("What was asked has been answered, taken back or overtaken since.");
  });

  test("about an offer: once its state is another", () => {
    const wanted: Record<string, readonly string[]> = {
      "offer-promoted": ["OFFERED"],
      "offer-from-deferral": ["OFFERED"],
      "offer-reminder": ["OFFERED"],
      "offer-extended": ["OFFERED"],
      "offer-conditions": ["OFFERED"],
      "offer-declined": ["DECLINED"],
      "offer-lapsed": ["LAPSED"],
      "offer-deferred": ["DEFERRED"],
      "offer-deferral-refused": ["OFFERED", "ACCEPTED"],
    };
    for (const [name, template] of Object.entries(offerTemplates)) {
      const standing = OFFER_STATES.filter((state) => template.obsolete(aboutOffer({ state })) === null);
      expect([name, standing]).toEqual([name, wanted[name]]);
    }
  });

  test("about a joint application: the invitation once it was answered, the reminder once they have applied", () => {
    const [invited, reminder] = [jointTemplates["joint-invited"]!, jointTemplates["joint-not-applied"]!];
    expect(invited.obsolete(aboutJoint(INVITED))).toBeNull();
    expect(invited.obsolete(aboutJoint())).toBe("The invitation was answered or taken back.");
    expect(invited.carries?.(aboutJoint(INVITED))).toBe("lnk_1");
    expect(invited.outsider?.(aboutJoint(INVITED))).toEqual({ name: "Morgan Sample", email: "morgan@example.org" });
    expect(reminder.obsolete(aboutJoint())).toBeNull();
    expect(reminder.obsolete({ ...aboutJoint(), partner: application("DRAFT") })).toBeNull();
    const why = "The application was submitted, or is not wanted any more.";
    expect(reminder.obsolete({ ...aboutJoint(), partner: application("COMPLETE") })).toBe(why);
    const parting = jointTemplates["joint-withdrawn"]!;
    expect(parting.obsolete(parted)).toBeNull();
    expect(parting.obsolete({ ...parted, partner: application("COMPLETE") })).toBeNull();
    const again = { ...parted, inviting: application("DRAFT") };
    expect(parting.obsolete(again)).toBe("The other application was taken up again.");
    const over = { ...parted, partner: application("DECLINED") };
    expect(parting.obsolete(over)).toBe("The recipient's own application is over.");
    const toInviter = { jointId: "jnt_1", toPersonId: "per_owner" };
    const byInvitee = { ...aboutJoint(), partner: application("WITHDRAWN"), facts: toInviter };
    expect(parting.obsolete(byInvitee)).toBeNull();
    expect(jointTemplates["joint-accepted"]!.obsolete(aboutJoint({ ...JOINT, state: "UNLINKED" }))).toBe(
      "The joint application is over.",
    );
  });

  test("the address to confirm: once the account is closed; the notice that mails go elsewhere: never", () => {
    const closed: PersonFacts = { person: person({ state: "MERGED" }), facts: {} };
    const [toConfirm, notice] = [personTemplates["address-confirm"]!, personTemplates["address-changed"]!];
    expect([toConfirm.obsolete(aboutPerson()), toConfirm.obsolete(closed)]).toEqual([null, "The account is closed."]);
    expect([notice.obsolete(aboutPerson()), notice.obsolete(closed)]).toEqual([null, null]);
    expect(personTemplates["address-added"]!.obsolete(aboutPerson())).toBeNull();
    expect(personTemplates["records-merged"]!.obsolete(closed)).toBeNull();
    const record = personTemplates["person-entered"]!;
    expect(record.obsolete({ person: entered, facts: {} })).toBeNull();
    expect([record.obsolete(aboutPerson()), record.obsolete(closed)]).toEqual([
      "The recipient has signed in.",
      "The account is closed.",
    ]);
  });

  test("about a team: as soon as it is in another state, and a correction to whoever was never told", () => {
    const reasonIn = (name: string, state: Team["state"], more: Partial<TeamMailFacts> = {}) =>
      teamTemplates[name]!.obsolete(aboutTeam({ state }, more));
    for (const [name, wanted] of [
      ["team-asked", "PROPOSED"],
      ["team-reminder", "PROPOSED"],
      ["team-unanswered", "PROPOSED"],
      ["team-declined", "DECLINED"],
      ["team-introduced", "ANNOUNCED"],
      ["team-ended", "ENDED"],
      ["team-left", "ENDED"],
      ["team-mentor-left", "ENDED"],
    ] as const) {
      for (const state of TEAM_STATES) {
        const reason = state === wanted ? null : "The team's state has changed since.";
        expect(reasonIn(name, state), `${name} ${state}`).toBe(reason);
      }
    }
    const untold = "The recipient was never told of the team.";
    expect(reasonIn("team-ended", "ENDED", { wasTold: false })).toBe(untold);
    expect(reasonIn("team-left", "ENDED", { wasTold: false })).toBe(untold);
    expect([true, false].map((wasTold) => reasonIn("team-taken-back", "TAKEN_BACK", { wasTold }))).toEqual([
      null,
      untold,
    ]);
    const recused = { recipient: person({ recusedFrom: ["app_1-m-bo"] }) };
    const away = "The recipient is recused from one of the two applications.";
    expect(reasonIn("team-declined", "DECLINED", recused)).toBe(away);
    expect(reasonIn("team-mentor-left", "ENDED", recused)).toBe(away);
    expect(reasonIn("team-unanswered", "PROPOSED", recused)).toBe(away);
    expect(reasonIn("mentor-not-needed", "PROPOSED")).toBe("The mentor is needed after all.");
    expect(reasonIn("candidate-confirmed", "ENDED")).toBeNull();
  });

  test("what asks whether somebody wrote a letter: once they said so, or it is over; none of its words reach another", () => {
    const asking = nominationTemplates["nomination-confirm"]!;
    const gone = "It was confirmed, or is not kept any more.";
    expect(NOMINATION_STATES.map((state) => asking.obsolete(aboutLetter(state)))).toEqual([
      null,
      ...NOMINATION_STATES.slice(1).map(() => gone),
    ]);
    expect(asking.obsolete(aboutLetter("OFFERED", { isOver: true }))).toBe("The time for nominations is over.");
    expect(asking.carries?.(aboutLetter("OFFERED"))).toBe("lnk_1");
    expect(asking.outsider?.(aboutLetter("OFFERED"))).toEqual({ name: "", email: "pat.super@example.org" });
    const invited = nominationTemplates["nominee-invited"]!;
    expect(invited.outsider?.(unsolicited)).toEqual({ name: "Nina Nominee", email: "nina@example.org" });
    const fromForm = nomination("UNMATCHED", { linkId: "lnk_1" });
    expect(invited.outsider?.({ ...unsolicited, nomination: fromForm })).toEqual({
      name: "",
      email: "nina@example.org",
    });
    const kept = nominationTemplates["nomination-confirmed"]!;
    expect([unsolicited, aboutLetter("PROVIDED")].map((known) => kept.obsolete(known))).toEqual([null, null]);
    const removed = nomination("EXPIRED", { contentRemovedAt: NOW });
    expect(kept.obsolete({ ...unsolicited, nomination: removed })).toBe("The nomination was removed.");
  });

  test("what asks for a letter: once it was answered, is not needed, or its time is over", () => {
    for (const name of ["nomination-requested", "nomination-reminder", "nomination-reopened"]) {
      const template = nominationTemplates[name]!;
      const answers = NOMINATION_STATES.map((state) => [state, template.obsolete(aboutLetter(state))]);
      const gone = "The nomination was answered, or is not needed any more.";
      expect(Object.fromEntries(answers)).toEqual({
        OFFERED: null,
        UNMATCHED: null,
        REQUESTED: null,
        OPENED: null,
        BOUNCED: null,
        PROVIDED: gone,
        REFUSED: gone,
        CANCELLED: gone,
        EXPIRED: gone,
      });
      const pulled = aboutLetter("REQUESTED", { application: application("WITHDRAWN") });
      expect(template.obsolete(pulled)).toBe("The application takes no letters any more.");
      expect(template.obsolete(aboutLetter("OPENED", { isOver: true }))).toBe("The time for nominations is over.");
      expect(template.carries?.(aboutLetter())).toBe("lnk_1");
      const whom = { name: "Pat Super", email: "pat.super@example.org" };
      expect(template.outsider?.(aboutLetter())).toEqual({ ...whom, isUnreachable: false });
      expect(template.outsider?.(aboutLetter("BOUNCED"))).toEqual({ ...whom, isUnreachable: true });
    }
  });

  test("what tells of a letter: once it stands otherwise, or was removed", () => {
    for (const [name, state] of [
      ["nomination-received", "PROVIDED"],
      ["nomination-refused", "REFUSED"],
      ["nomination-bounced", "BOUNCED"],
    ] as const) {
      const template = nominationTemplates[name]!;
      for (const current of NOMINATION_STATES) {
        const wanted = current === state ? null : "It stands otherwise by now.";
        expect(template.obsolete(aboutLetter(current)), `${name} ${current}`).toBe(wanted);
      }
      const removed = aboutLetter(state, { nomination: nomination(state, { contentRemovedAt: NOW }) });
      expect(template.obsolete(removed)).toBe("The nomination was removed.");
      const over = aboutLetter(state, { application: application("DECLINED") });
      expect(template.obsolete(over)).toBe("The application takes no letters any more.");
    }
    const thanks = nominationTemplates["nomination-thanks"]!;
    expect(thanks.obsolete(aboutLetter("PROVIDED"))).toBeNull();
    expect(thanks.obsolete(aboutLetter("OPENED"))).toBe("The nomination was given back, or removed.");
    const informed = nominationTemplates["nominator-informed"]!;
    const reasons = APPLICATION_STATES.map((state) => [
      state,
      ...(["ACCEPT", "DECLINE"] as const).map((outcome) => informed.obsolete(decidedLetter(state, outcome)) === null),
    ]);
    const stands = reasons.filter(([, accepted, other]) => accepted || other);
    expect(stands).toEqual([
      ["ACCEPTED", true, false],
      ["WAITLISTED", false, true],
      ["DECLINED", false, true],
      ["NOT_TAKEN_UP", true, false],
      ["DEFERRED", true, false],
    ]);
    const reopened = { ...decidedLetter("ACCEPTED", "ACCEPT"), nomination: aboutLetter("OPENED").nomination };
    expect(informed.obsolete(reopened)).toBe("The nomination was given back, or removed.");
    const invited = nominationTemplates["nominee-invited"]!;
    expect(invited.obsolete(unsolicited)).toBeNull();
    expect(invited.outsider?.(unsolicited)).toEqual({ name: "Nina Nominee", email: "nina@example.org" });
    expect(invited.obsolete({ ...unsolicited, isOver: true })).toBe("The time for nominations is over.");
    expect(invited.obsolete(aboutLetter("PROVIDED"))).toContain("There is an application by now");
  });

  test("that a part is missing: once it is complete or over; that it is complete: once it was withdrawn", () => {
    const [incomplete, complete] = [
      applicationTemplates["application-incomplete"]!,
      applicationTemplates["application-complete"]!,
    ];
    for (const state of APPLICATION_STATES) {
      expect(incomplete.obsolete(about(application(state))) === null, state).toBe(state === "SUBMITTED");
      const isGone = ["WITHDRAWN", "DRAFT", "EXPIRED"].includes(state);
      expect(complete.obsolete(about(application(state))), state).toBe(
        isGone ? "The application was withdrawn." : null,
      );
    }
  });

  test("the certificate: never; the reminder: once it was renewed", () => {
    const reminder = certificateTemplates["recertification-due"]!;
    expect(certificateTemplates["certificate-issued"]!.obsolete(aboutCertificate())).toBeNull();
    expect(reminder.obsolete(aboutCertificate())).toBeNull();
    const renewed = aboutCertificate({ certificate: certificate({ expiresOn: "2033-11-19" }) });
    expect(reminder.obsolete(renewed)).toBe("The certificate has been renewed.");
  });
});

test("what reminds is of no use a day late, the rest is needed", () => {
  const reminders = TEMPLATE_NAMES.filter((name) => classNameOf(name) !== "REQUIRED");
  expect(reminders.map((name) => [name, classNameOf(name)])).toEqual(
    [
      "application-draft-reminder",
      "information-reminder",
      "reviews-due",
      "offer-reminder",
      "joint-not-applied",
      "recertification-due",
      "nomination-reminder",
      "team-reminder",
    ].map((name) => [name, "REMINDER"]),
  );
});

test("what decides is held when nobody knows whether it went out, the rest is sent again", () => {
  expect(Object.fromEntries(Object.keys(SAMPLES).map((name) => [name, whenUnknown(name)]))).toEqual({
    "application-entered": "resend",
    "application-draft-reminder": "resend",
    "application-received": "resend",
    "application-ruled-out": "hold",
    "application-ruled-in": "resend",
    "information-asked": "resend",
    "information-reminder": "resend",
    "information-cancelled": "resend",
    "information-provided": "resend",
    "information-missed": "resend",
    "application-expired": "resend",
    "application-incomplete": "resend",
    "application-complete": "resend",
    "nomination-requested": "resend",
    "nomination-reminder": "resend",
    "nomination-reopened": "resend",
    "nomination-thanks": "resend",
    "nominator-informed": "hold",
    "nomination-received": "resend",
    "nomination-refused": "resend",
    "nomination-bounced": "resend",
    "nomination-confirm": "resend",
    "nomination-confirmed": "resend",
    "nominee-invited": "resend",
    "decision-accepted": "hold",
    "decision-waitlisted": "hold",
    "decision-declined": "hold",
    "decision-corrected-accepted": "hold",
    "decision-corrected-waitlisted": "hold",
    "decision-corrected-declined": "hold",
    "offer-promoted": "hold",
    "offer-from-deferral": "hold",
    "offer-reminder": "resend",
    "offer-extended": "resend",
    "offer-conditions": "resend",
    "offer-declined": "hold",
    "offer-lapsed": "hold",
    "offer-deferred": "hold",
    "offer-deferral-refused": "hold",
    "joint-invited": "resend",
    "joint-accepted": "resend",
    "joint-declined": "resend",
    "joint-unlinked": "resend",
    "joint-withdrawn": "resend",
    "joint-not-applied": "resend",
    "reviews-assigned": "resend",
    "reviews-due": "resend",
    "reviewer-conflict": "resend",
    "certificate-issued": "hold",
    "recertification-due": "resend",
    "person-entered": "resend",
    "address-confirm": "resend",
    "address-added": "resend",
    "address-changed": "resend",
    "records-merged": "resend",
    "team-asked": "hold",
    "team-reminder": "resend",
    "team-unanswered": "resend",
    "team-declined": "resend",
    "team-introduced": "hold",
    "team-taken-back": "hold",
    "team-ended": "hold",
    "team-left": "hold",
    "team-mentor-left": "resend",
    "mentor-not-needed": "hold",
    "candidate-confirmed": "hold",
    "mail-correction": "hold",
  });
  expect(whenUnknown("unheard-of")).toBe("hold");
});

/** Mails to people without a record here. */
const TO_OUTSIDERS = new Set([
  "nomination-requested",
  "nomination-reminder",
  "nomination-reopened",
  "nomination-thanks",
  "nominator-informed",
  "nominee-invited",
  "nomination-confirm",
  "nomination-confirmed",
]);

describe("which events bring which mails", () => {
  const of = { kind: "Application", id: "app_1-c-owner" } as const;
  const someone = { kind: "Person", id: "per_owner" } as const;
  const [personId, cohortId, number] = ["per_owner", "coh_1", "CTOM-2027-7F3K9Q"];
  const offered = { personId, cohortId, applicationId: of.id };
  const joined = { jointId: "jnt_1", cohortId, toPersonId: personId };
  const letter = { kind: "Nomination", id: "nom_1" } as const;
  const ofLetter = { applicationId: of.id, personId, cohortId };
  const released = (outcome: "ACCEPT" | "WAITLIST" | "DECLINE", nominationIds?: string[]): ProgramEvent => ({
    type: "DecisionReleased",
    about: of,
    facts: { outcome, personId, cohortId, applicationId: of.id, ...(nominationIds && { nominationIds }) },
  });
  const reversed = (outcome: "ACCEPT" | "WAITLIST" | "DECLINE"): ProgramEvent => ({
    type: "DecisionReversed",
    about: of,
    facts: { from: outcome === "DECLINE" ? "ACCEPT" : "DECLINE", outcome, personId, cohortId, applicationId: of.id },
  });
  const mailsOf = (event: ProgramEvent) =>
    messagesOf({ ...event, id: "evt_1", at: NOW, actor: { kind: "PROGRAM" } }, NOW);

  for (const [event, ...names] of [
    [{ type: "ApplicationSubmitted", about: of, facts: { personId, cohortId } }, "application-received"],
    [
      { type: "ApplicationSubmitted", about: of, facts: { personId, cohortId }, after: { state: "SUBMITTED" } },
      "application-incomplete",
    ],
    [
      { type: "ApplicationCompleted", about: of, facts: { personId, cohortId, nominationId: null } },
      "application-complete",
    ],
    [
      { type: "NominationRequested", about: letter, facts: { ...ofLetter, linkId: "lnk_1", replacedId: null } },
      "nomination-requested",
    ],
    [{ type: "NominationResent", about: letter, facts: { ...ofLetter, linkId: "lnk_1" } }, "nomination-requested"],
    [
      { type: "NominationReminded", about: letter, facts: { ...ofLetter, linkId: "lnk_1", daysBefore: 7 } },
      "nomination-reminder",
    ],
    [{ type: "NominationReopened", about: letter, facts: { ...ofLetter, linkId: "lnk_1" } }, "nomination-reopened"],
    [{ type: "NominationProvided", about: letter, facts: ofLetter }, "nomination-thanks", "nomination-received"],
    [{ type: "NominationMatched", about: letter, facts: ofLetter }, "nomination-received"],
    [{ type: "NominationRefused", about: letter, facts: ofLetter }, "nomination-refused"],
    [{ type: "NominationBounced", about: letter, facts: ofLetter }, "nomination-bounced"],
    [{ type: "NominationRecorded", about: letter, facts: { ...ofLetter, tellsNominee: true } }, "nominee-invited"],
    [{ type: "NominationOffered", about: letter, facts: { ...ofLetter, linkId: "lnk_1" } }, "nomination-confirm"],
    [
      { type: "NominationConfirmed", about: letter, facts: { ...ofLetter, tellsNominee: true } },
      "nomination-confirmed",
      "nominee-invited",
    ],
    [
      { type: "NominationConfirmed", about: letter, facts: { ...ofLetter, tellsNominee: false } },
      "nomination-confirmed",
    ],
    [{ type: "NominationOpened", about: letter, facts: ofLetter }],
    [{ type: "NominationSaved", about: letter, facts: ofLetter }],
    [{ type: "NominationCancelled", about: letter, facts: ofLetter }],
    [{ type: "NominationExpired", about: letter, facts: ofLetter }],
    [{ type: "NominationContentRemoved", about: letter, facts: ofLetter }],
    [{ type: "ApplicationExpired", about: of, facts: { personId, cohortId } }, "application-expired"],
    [released("ACCEPT"), "decision-accepted"],
    [released("ACCEPT", ["nom_1", "nom_2"]), "decision-accepted", "nominator-informed", "nominator-informed"],
    [released("WAITLIST"), "decision-waitlisted"],
    [released("DECLINE"), "decision-declined"],
    [reversed("ACCEPT"), "decision-corrected-accepted"],
    [reversed("WAITLIST"), "decision-corrected-waitlisted"],
    [reversed("DECLINE"), "decision-corrected-declined"],
    [{ type: "OfferMade", about: of, facts: offered }],
    [{ type: "OfferPromoted", about: of, facts: offered }, "offer-promoted"],
    [{ type: "DeferralTakenUp", about: of, facts: offered }, "offer-from-deferral"],
    [{ type: "OfferAccepted", about: of, facts: offered }],
    [{ type: "OfferDeclined", about: of, facts: offered }, "offer-declined"],
    [{ type: "OfferLapsed", about: of, facts: offered }, "offer-lapsed"],
    [{ type: "OfferExtended", about: of, facts: offered }, "offer-extended"],
    [{ type: "OfferConditionsSet", about: of, facts: offered }, "offer-conditions"],
    [{ type: "OfferReminderDue", about: of, facts: { ...offered, daysBefore: 7 } }, "offer-reminder"],
    [{ type: "OfferDeferralAsked", about: of, facts: offered }],
    [{ type: "OfferDeferralRefused", about: of, facts: offered }, "offer-deferral-refused"],
    [{ type: "OfferDeferred", about: of, facts: offered }, "offer-deferred"],
    [{ type: "OfferTakenUp", about: of, facts: offered }],
    [{ type: "OfferWithdrawn", about: of, facts: offered }],
    [{ type: "OfferTextsRemoved", about: of, facts: {} }],
    [{ type: "PromotionStarted", about: of, facts: { count: 1 } }],
    [{ type: "JointAccepted", about: of, facts: joined }, "joint-accepted"],
    [{ type: "JointDeclined", about: of, facts: joined }, "joint-declined"],
    [{ type: "JointUnlinked", about: of, facts: joined }, "joint-unlinked"],
    [{ type: "JointPartnerWithdrew", about: of, facts: joined }, "joint-withdrawn"],
    [{ type: "JointUnlinked", about: of, facts: { ...joined, toPersonId: null } }],
    [{ type: "JointReminderDue", about: of, facts: joined }, "joint-not-applied"],
    [{ type: "JointCancelled", about: of, facts: { ...joined, toPersonId: null } }],
    [{ type: "JointLapsed", about: of, facts: { ...joined, toPersonId: null } }],
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
    [{ type: "PersonEntered", about: of, facts: { personId } }, "person-entered"],
    [{ type: "PersonRenamed", about: of, facts: {} }],
    [{ type: "RoleGranted", about: of, facts: { role: "STAFF" } }],
    [{ type: "RoleEnded", about: of, facts: { role: "STAFF" } }],
    [{ type: "CohortCreated", about: of, facts: {} }],
    [{ type: "CohortChanged", about: of, facts: { windowMoved: true } }],
    [{ type: "CohortPublished", about: of, facts: {} }],
    [{ type: "ApplicationStarted", about: of, facts: {} }],
    [{ type: "ApplicationStarted", about: of, facts: {}, actingFor: personId }, "application-entered"],
    [{ type: "DraftReminded", about: of, facts: { personId, cohortId, daysBefore: 2 } }, "application-draft-reminder"],
    [
      { type: "ApplicationRuledOut", about: of, facts: { personId, cohortId, ineligibleFor: "OTHER" } },
      "application-ruled-out",
    ],
    [{ type: "ApplicationRuledIn", about: of, facts: { personId, cohortId } }, "application-ruled-in"],
    [
      {
        type: "InformationAsked",
        about: of,
        facts: { personId, cohortId, parts: [], questionIds: ["finance"], dueOn: "2026-09-10" },
      },
      "information-asked",
    ],
    [
      { type: "InformationExtended", about: of, facts: { personId, cohortId, dueOn: "2026-09-10" } },
      "information-asked",
    ],
    [{ type: "InformationReminded", about: of, facts: { personId, cohortId, daysBefore: 2 } }, "information-reminder"],
    [{ type: "InformationCancelled", about: of, facts: { personId, cohortId } }, "information-cancelled"],
    [
      // Whoever asked is the one to tell.
      { type: "InformationProvided", about: of, facts: { personId: "per_2", cohortId, askedBy: personId, fields: [] } },
      "information-provided",
    ],
    [
      { type: "InformationMissed", about: of, facts: { personId: "per_2", cohortId, askedBy: personId } },
      "information-missed",
    ],
    [{ type: "ApplicationAmended", about: of, facts: { fields: [] } }],
    [{ type: "ApplicationSaved", about: of, facts: { fields: [] } }],
    [{ type: "ApplicationWithdrawn", about: of, facts: { personId, cohortId } }],
    [{ type: "ApplicationReviewStarted", about: of, facts: {} }],
    [{ type: "DecisionPrepared", about: of, facts: { outcome: "ACCEPT" } }],
    [{ type: "DecisionCancelled", about: of, facts: {} }],
    [{ type: "SlateSaved", about: of, facts: {} }],
    [{ type: "MotionCarriedOut", about: of, facts: {} }],
    [{ type: "ReleaseStarted", about: of, facts: { count: 1, kind: "CANDIDATE" } }],
    [{ type: "MessageRequeued", about: of, facts: {} }],
    [{ type: "MessageHeld", about: of, facts: {} }],
    [{ type: "MessageEdited", about: of, facts: {} }],
    [{ type: "MessageReleased", about: of, facts: {} }],
    [{ type: "MessageCancelled", about: of, facts: {} }],
    [
      {
        type: "MessageCorrected",
        about: of,
        facts: { personId, outsider: null, applicationId: "a", applicationIds: [] },
      },
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
        names.map((name) => [name, TO_OUTSIDERS.has(name) ? null : "per_owner"]),
      );
    });
  }

  test("JointInvited: to somebody without a record here", () => {
    const facts = { jointId: "jnt_1", cohortId, toPersonId: null, linkId: "lnk_1" };
    const mails = mailsOf({ type: "JointInvited", about: of, facts });
    expect(mails.map(({ id, template, personId: to }) => [id, template, to])).toEqual([
      ["msg_1-joint-invited-partner-jnt_1", "joint-invited", null],
    ]);
  });

  test("of teams: the mentor is asked, both are introduced, staff hear of what calls for them", () => {
    const facts = { cohortId, applicationId: of.id, mentorApplicationId: "app_1-m-bo", teamIds: ["app_1-c-owner.1"] };
    const both = { ...facts, candidatePersonId: "per_owner", mentorPersonId: "per_bo", askedBy: "per_staff" };
    const told = { cohortId, personId: "per_bo", teamIds: [], applicationIds: [], earlierMessageIds: [] };
    const aTeam = { kind: "Team", id: of.id } as const;
    const wishes = (type: ProgramEvent["type"], more: object) =>
      mailsOf({ type, about: aTeam, facts: more } as ProgramEvent).map(
        ({ template, personId: to }) => `${template} ${to}`,
      );
    expect(wishes("TeamProposed", both)).toEqual([]);
    expect(wishes("MentorAsked", told)).toEqual(["team-asked per_bo"]);
    expect(wishes("TeamReminded", both)).toEqual(["team-reminder per_bo"]);
    expect(wishes("TeamUnanswered", both)).toEqual(["team-unanswered per_staff"]);
    expect(wishes("TeamDeclined", both)).toEqual(["team-declined per_staff"]);
    expect(wishes("TeamAccepted", both)).toEqual(["team-introduced per_owner", "team-introduced per_bo"]);
    expect(wishes("TeamEnded", both)).toEqual(["team-ended per_owner", "team-ended per_bo"]);
    expect(wishes("TeamLeft", { ...both, left: "CANDIDATE" })).toEqual(["team-left per_bo"]);
    const toCandidate = ["team-left per_owner", "team-mentor-left per_staff"];
    expect(wishes("TeamLeft", { ...both, left: "MENTOR" })).toEqual(toCandidate);
    expect(wishes("CandidateUnconfirmed", told)).toEqual([]);
    expect(wishes("TeamTakenBack", both)).toEqual([]);
    expect(wishes("MentorCorrected", told)).toEqual(["team-taken-back per_bo"]);
    expect(wishes("CandidateCorrected", told)).toEqual(["team-taken-back per_bo"]);
    expect(wishes("MentorNotNeeded", told)).toEqual(["mentor-not-needed per_bo"]);
    expect(wishes("CandidateConfirmed", told)).toEqual(["candidate-confirmed per_bo"]);
    for (const type of ["MentorWaived", "MentorCapacitySet", "TeamsPublished", "TeamProposalSaved"] as const) {
      expect(wishes(type, told), type).toEqual([]);
    }
  });

  test("of a release: the applicant first, then each nominator by a mail about their own letter", () => {
    const told = mailsOf(released("DECLINE", ["nom_1", "nom_2"]));
    expect(told.map(({ id, about: subject }) => [id, subject.kind, subject.id])).toEqual([
      ["msg_1-decision-declined-owner", "Application", of.id],
      ["msg_1-nominator-informed-nominator-nom_1", "Nomination", "nom_1"],
      ["msg_1-nominator-informed-nominator-nom_2", "Nomination", "nom_2"],
    ]);
    const informed = nominationTemplates["nominator-informed"]!;
    for (const [state, outcome] of [
      ["WAITLISTED", "WAITLIST"],
      ["DECLINED", "DECLINE"],
    ] as const) {
      const { blocks } = informed.write(decidedLetter(state, outcome), FRAME);
      expect(blocks[0]).toEqual(
        paragraph(
          "The Steering Committee has decided on the application of Avery Example to the Cohort 2027, and we have written to " +
            "them. Thank you for your nomination.",
        ),
      );
    }
  });

  test("an application that is ruled in without its letter is told what is missing", () => {
    const known = { ...withLetter, ...about(missing), cohort: cohort({ policy: DEFAULT_POLICY }) };
    const { text } = mailOf("application-ruled-in", known);
    expect(text).toContain("That was not right: it goes on, and waits for a part that is still missing.");
    expect(text).toContain("The nomination by Pat Super has not come yet.");
  });

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
