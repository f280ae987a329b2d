import type { Money } from "../shared/money.ts";

/**
 * The program's numbers, lists and texts as data. A cohort copies them when it is created and a certificate when it
 * is issued, so that a later change never alters what earlier people were told.
 */

/** What an applicant is asked. The id stays the same for ever; answers refer to it. */
export interface Question {
  id: string;
  prompt: string;
  /** Whether an application can be submitted without an answer. */
  required: boolean;
  /** Longest answer, in characters. */
  maxLength: number;
}

/** What a certificate promises and when its holder is reminded. */
export interface CredentialPolicy {
  /** Years from issue to expiry. */
  years: number;
  /** Days before expiry on which the recertification-due mail goes out, largest first. */
  reminderDays: readonly number[];
  /** Days after expiry within which a renewal can still be filed. */
  graceDays: number;
  /** Wall-clock time of the mails in the cohort's zone. */
  reminderTime: string;
}

/** The kinds of personal content that are kept for a while only. */
export type RetentionClass = "UNSUCCESSFUL_APPLICATION" | "LETTER";

/** For how many days each kind is kept; then the program's clock removes it, and what is counted stays. */
export type Retention = Readonly<Record<RetentionClass, number>>;

/** Whether somebody applies to be prepared or to prepare. */
export type ApplicantKind = "CANDIDATE" | "MENTOR";

/** Questions by kind of applicant. */
export type Questions = Readonly<Record<ApplicantKind, readonly Question[]>>;

const question = (id: string, prompt: string, required = true, maxLength = 4_000): Question => ({
  id,
  prompt,
  required,
  maxLength,
});

/** Asked of candidates and mentors unless a cohort says otherwise; from the published qualifications. */
export const DEFAULT_QUESTIONS: Questions = {
  CANDIDATE: [
    question("objective", "What is your career objective, and how does becoming a fully qualified CTO serve it?"),
    question("leadership", "Describe a team or initiative you led. What did you change, and what did you learn?"),
    question("technology", "Describe your experience with networks, servers, desktops and the support of their users."),
    question("projects", "Describe a large project you analyzed, planned and saw through."),
    question("finance", "What experience do you have with technology budgets, school finance and purchasing?"),
    question("experience", "How many years of professional experience do you have, and where?"),
    question("community", "How are you involved in the K-12 community beyond your own organization?", false),
  ],
  MENTOR: [
    question("position", "Which K-12 technology organization do you lead, and since when?"),
    question("experience", "Describe your hands-on experience as a technology leader."),
    question("background", "Which degree, CTO certification or demonstrated work experience prepares you to mentor?"),
    question("availability", "How will you make time to consult with a candidate and review assignments?"),
    question("workStudy", "How could you supervise work-study in your organization?", false),
  ],
};

/** A subject of the curriculum. Each is taught as a class; the id stays the same for ever. */
export interface CurriculumArea {
  id: string;
  name: string;
}

/** Taught unless a cohort says otherwise; from the published curriculum. */
export const DEFAULT_CURRICULUM: readonly CurriculumArea[] = [
  { id: "student-systems", name: "Student systems and accountability" },
  { id: "district-technology", name: "District technology" },
  { id: "user-support", name: "User support" },
  { id: "finance", name: "Budgeting and finance" },
  { id: "procurement", name: "Contracts and procurement" },
  { id: "risk", name: "Risk management" },
  { id: "leadership", name: "Leadership" },
];

/** Seats of a cohort unless it says otherwise. */
export const DEFAULT_SEATS = 20;

/** Tuition of a cohort unless it says otherwise. */
export const DEFAULT_TUITION: Money = { cents: 250_000, currency: "USD" };

/** Terms of certificates unless a cohort says otherwise. */
export const DEFAULT_CREDENTIAL: CredentialPolicy = {
  years: 3,
  reminderDays: [180, 90, 60, 30, 7, 0],
  graceDays: 60,
  reminderTime: "08:00",
};

/** How long personal content is kept unless a cohort says otherwise, in days from its end. */
export const DEFAULT_RETENTION: Retention = {
  // Two years: whoever applies to the next cohort can be met with what they wrote for this one.
  UNSUCCESSFUL_APPLICATION: 730,
  // As long as a letter that is kept as a file.
  LETTER: 730,
};

/** What a criterion is for: it is scored, it bars whoever does not meet it, or its absence is pointed out. */
export const CRITERION_KINDS = ["SCORED", "GATE", "SOFT"] as const;

/** One of CRITERION_KINDS. */
export type CriterionKind = (typeof CRITERION_KINDS)[number];

/** What applicants are measured by. The id stays the same for ever; reviews refer to it. */
export interface Criterion {
  id: string;
  name: string;
  kind: CriterionKind;
  /** How much a scored one counts beside the others, from 1 to 100; 0 for those that are not scored. */
  weight: number;
}

/** How applications are drafted. */
export interface DraftPolicy {
  /** Days before the closing on which who has not submitted is reminded, largest first. */
  reminderDays: readonly number[];
  /** Wall-clock time of the mails in the cohort's zone. */
  reminderTime: string;
}

/** How applicants are asked for what is missing or unclear in what they submitted. */
export interface InformationPolicy {
  /** Most days that an applicant can be given. */
  mostDays: number;
  /** Days before the due date on which who has not answered is reminded, largest first. */
  reminderDays: readonly number[];
  /** Wall-clock time of the mails in the cohort's zone. */
  reminderTime: string;
}

/** Letters that others write for an applicant. */
export interface LetterPolicy {
  /** How many must have come before an application of the kind is complete. */
  required: Readonly<Record<ApplicantKind, number>>;
  /** Days after the window's closing within which they may still come. */
  toleranceDays: number;
  /** Days before that end on which who has not answered is reminded, largest first. */
  reminderDays: readonly number[];
}

/** How applications are reviewed. */
export interface ReviewPolicy {
  /** Reviews that an application needs before it is decided on. */
  perApplication: number;
  /** A spread of the reviewers' means above this many points is pointed out for discussion. */
  discussAbove: number;
  /** Days that reviewers have from their assignment on. */
  days: number;
  /** Wall-clock time in the cohort's zone at which the last of those days ends for a review. */
  endsAt: string;
  /** Days before that end on which who has not finished is reminded, largest first. */
  reminderDays: readonly number[];
  /** Wall-clock time of the reminders in the cohort's zone. */
  remindsAt: string;
  /** Mail domains that say nothing of where somebody works. */
  publicDomains: readonly string[];
}

/** How the committee decides. */
export interface VotePolicy {
  /** The share of members without a conflict who must have voted, from 0 to 1; more than it must have. */
  quorumAbove: number;
}

/** How a place is offered. */
export interface OfferPolicy {
  /** Days within which an offer must be taken up; it lapses on the last of them. */
  days: number;
  /** Wall-clock time in the cohort's zone at which it lapses. */
  lapsesAt: string;
  /** Days before that end on which who has not answered is reminded, largest first. */
  reminderDays: readonly number[];
  /** Whether a freed seat goes to the waitlist by itself, or when staff say so. */
  promotion: "AUTOMATIC" | "BY_STAFF";
  /** Days after the window's closing until which seats go to the waitlist by themselves; null as long as there is one. */
  promotionDays: number | null;
}

/** How candidates and mentors apply together. */
export interface JointPolicy {
  /** Days before the window closes on which who has agreed to apply together, and has not applied, is reminded. */
  reminderDays: number;
}

/** How candidates and mentors become teams. */
export interface TeamPolicy {
  /** Most candidates of one mentor, unless the mentor's own number says otherwise. */
  mentorCapacity: number;
  /** What to make of a pair with one employer. */
  sameEmployer: "REFUSED" | "AVOIDED" | "WELCOME";
  /** Days within which a mentor accepts a team; silence is put before staff. */
  days: number;
  /** Wall-clock time in the cohort's zone at which that time is over. */
  answersAt: string;
  /** Days before that end on which a mentor who has not answered is reminded, largest first. */
  reminderDays: readonly number[];
}

/** How a cohort goes from its call to its teams. */
export interface CohortPolicy {
  criteria: Readonly<Record<ApplicantKind, readonly Criterion[]>>;
  draft: DraftPolicy;
  information: InformationPolicy;
  letters: LetterPolicy;
  review: ReviewPolicy;
  vote: VotePolicy;
  offer: OfferPolicy;
  joint: JointPolicy;
  team: TeamPolicy;
  /** The regions that take turns: the next cohort is held in the one after its own. */
  regions: readonly string[];
}

/** Questions and criteria that were taken out of their lists, as they were then. */
export interface Retired {
  questions: Questions;
  criteria: CohortPolicy["criteria"];
}

/** What a cohort has retired at first. */
export const NOTHING_RETIRED: Retired = {
  questions: { CANDIDATE: [], MENTOR: [] },
  criteria: { CANDIDATE: [], MENTOR: [] },
};

const scored = (id: string, name: string, weight = 1): Criterion => ({ id, name, kind: "SCORED", weight });
const gate = (id: string, name: string): Criterion => ({ id, name, kind: "GATE", weight: 0 });
const soft = (id: string, name: string): Criterion => ({ id, name, kind: "SOFT", weight: 0 });

/** Domains at which anybody has an address, and those that are reserved for examples and belong to no organization. */
const PUBLIC_DOMAINS: readonly string[] = [
  "aol.com",
  "att.net",
  "comcast.net",
  "example.com",
  "example.net",
  "example.org",
  "fastmail.com",
  "gmail.com",
  "gmx.com",
  "googlemail.com",
  "hotmail.com",
  "icloud.com",
  "live.com",
  "mac.com",
  "mail.com",
  "me.com",
  "msn.com",
  "outlook.com",
  "pacbell.net",
  "proton.me",
  "protonmail.com",
  "sbcglobal.net",
  "verizon.net",
  "yahoo.com",
  "ymail.com",
  "zoho.com",
];

/** How a cohort goes from its call to its teams, unless it says otherwise; the criteria from the published qualifications. */
export const DEFAULT_POLICY: CohortPolicy = {
  criteria: {
    CANDIDATE: [
      gate("objective", "Career objective to become a fully qualified CTO"),
      gate("organization", "Works for a K-12 organization"),
      scored("written", "Written communications"),
      scored("oral", "Oral communications"),
      scored("leadership", "Leadership"),
      scored("people", "Human-resource management"),
      scored("service", "IT customer service: networking, servers, desktops, user support"),
      scored("analysis", "Analytical and logical thinking: large projects"),
      scored("finance", "Fiscal management: technology budget, school finance, purchasing"),
      scored("facilitation", "Facilitation and people skills"),
      scored("community", "K-12 community involvement"),
      scored("technology", "Technology expertise"),
      soft("experience", "Four years of professional experience"),
      soft("nomination", "Nominated by the organization"),
    ],
    MENTOR: [
      gate("position", "Currently leads K-12 technology"),
      scored("experience", "Hands-on experience"),
      scored("background", "Business-related degree, CTO certification or demonstrated work experience"),
      scored("availability", "Time to consult and to review assignments"),
      scored("workStudy", "Able to supervise work-study"),
      soft("years", "Ten years of experience"),
    ],
  },
  draft: { reminderDays: [14, 7, 2, 1], reminderTime: "08:00" },
  information: { mostDays: 30, reminderDays: [2], reminderTime: "08:00" },
  letters: { required: { CANDIDATE: 1, MENTOR: 0 }, toleranceDays: 7, reminderDays: [7, 2] },
  review: {
    perApplication: 3,
    discussAbove: 1,
    days: 21,
    endsAt: "17:00",
    reminderDays: [7, 2],
    remindsAt: "08:00",
    publicDomains: PUBLIC_DOMAINS,
  },
  vote: { quorumAbove: 0.5 },
  offer: { days: 14, lapsesAt: "17:00", reminderDays: [7, 2], promotion: "AUTOMATIC", promotionDays: null },
  joint: { reminderDays: 7 },
  team: { mentorCapacity: 1, sameEmployer: "AVOIDED", days: 7, answersAt: "17:00", reminderDays: [2] },
  regions: ["Northern California", "Southern California"],
};
