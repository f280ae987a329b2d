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
export type RetentionClass = "UNSUCCESSFUL_APPLICATION";

/** For how many days each kind is kept; then the program's clock removes it, and what is counted stays. */
export type Retention = Readonly<Record<RetentionClass, number>>;

/** Questions by kind of application. */
export type Questions = Record<"CANDIDATE" | "MENTOR", readonly Question[]>;

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
};
