import { moneyInWords } from "../shared/money.ts";
import { instantInWords, type Instant, type LocalDateTime } from "../shared/time.ts";
import type { Cohort } from "./cohort.ts";
import type { ApplicantKind, CriterionKind } from "./policy.ts";
import { lettersDue, phaseOf, windowOf } from "./window.ts";

/** Where the program stands with its applications, as the public sees it: by the deadlines that people are told. */
export type ProgramPhase = "NONE" | "BEFORE" | "OPEN" | "AFTER";

/** What the public is shown of the program at one moment. */
export interface Program {
  phase: ProgramPhase;
  /** The one whose facts are told: the open one, else the next, else the last. */
  cohort: Cohort | null;
  openCohort: Cohort | null;
  nextCohort: Cohort | null;
}

const KINDS = ["CANDIDATE", "MENTOR"] as const;
const WHO = { CANDIDATE: "candidates", MENTOR: "mentors" } as const;

/** What the public is shown of these cohorts; those that are not published do not count. */
export function programOf(cohorts: readonly Cohort[], now: Instant): Program {
  const shown = cohorts.filter(({ state }) => state === "PUBLISHED");
  const open = shown.filter((cohort) => KINDS.some((kind) => phaseOf(windowOf(cohort, kind), now) === "OPEN"));
  const coming = shown.filter((cohort) => KINDS.every((kind) => phaseOf(windowOf(cohort, kind), now) === "BEFORE"));
  const openCohort = first(open, ({ windows }) => windows.CANDIDATE.closesAt);
  const nextCohort = first(coming, ({ windows }) => windows.CANDIDATE.opensAt);
  const last = first(shown, ({ windows }) => windows.CANDIDATE.closesAt, true);
  const phase = openCohort ? "OPEN" : nextCohort ? "BEFORE" : last ? "AFTER" : "NONE";
  return { phase, cohort: openCohort ?? nextCohort ?? last, openCohort, nextCohort };
}

function first(cohorts: readonly Cohort[], by: (cohort: Cohort) => Instant, isLast = false): Cohort | null {
  const sorted = cohorts.toSorted((a, b) => (by(a) < by(b) ? -1 : 1));
  return (isLast ? sorted.at(-1) : sorted[0]) ?? null;
}

/** A date of a cohort: the instant, and what a clock in its zone shows then. */
export interface ProgramDate {
  label: string;
  at: Instant;
  local: LocalDateTime;
  zone: string;
}

/** The dates that the public is told, the earliest first. */
export function datesOf(cohort: Cohort): ProgramDate[] {
  const { zone } = cohort;
  const dates = KINDS.flatMap((kind): ProgramDate[] => {
    const { opens, opensAt, closes, closesAt } = windowOf(cohort, kind);
    const letters = lettersDue(cohort, kind);
    return [
      { label: `Applications of ${WHO[kind]} open`, at: opensAt, local: opens, zone },
      { label: `Applications of ${WHO[kind]} close`, at: closesAt, local: closes, zone },
      ...(cohort.policy.letters.required[kind] > 0
        ? [{ label: `Letters for ${WHO[kind]} are due`, ...letters, zone }]
        : []),
    ];
  });
  return dates.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

/** Something about the program in a word or two. */
export interface ProgramFact {
  label: string;
  value: string;
}

/** The program in a few words, from the cohort's own terms. */
export function factsOf({ name, year, region, seats, tuition, zone, curriculum, credential }: Cohort): ProgramFact[] {
  return [
    { label: "Cohort", value: name },
    { label: "Year", value: String(year) },
    { label: "Region", value: region },
    { label: "Seats", value: String(seats) },
    { label: "Tuition", value: moneyInWords(tuition) },
    { label: "Time zone", value: zone },
    { label: "Curriculum", value: curriculum.map((area) => area.name).join("; ") },
    { label: "Certificate", value: `Valid for ${counted(credential.years, "year")}` },
  ];
}

/** A question that people ask, with its answer. */
export interface FrequentQuestion {
  question: string;
  answer: string;
}

/** What people ask, answered from the cohort's own terms and policy at that moment, so that it never contradicts them. */
export function faqOf(cohort: Cohort, now: Instant): FrequentQuestion[] {
  const { policy, tuition, seats, curriculum, credential, retention } = cohort;
  const { offer, letters, team } = policy;
  const cost = tuition.cents === 0 ? "There is no tuition." : `The tuition is ${moneyInWords(tuition)}.`;
  const kept = counted(retention.UNSUCCESSFUL_APPLICATION, "day");
  return [
    ...KINDS.flatMap((kind) => [
      { question: `When can ${WHO[kind]} apply?`, answer: whenOf(cohort, kind, now) },
      { question: `What are ${WHO[kind]} asked?`, answer: askedOf(cohort, kind) },
      ...criteriaOf(cohort, kind),
      { question: `Do ${WHO[kind]} need letters from others?`, answer: lettersOf(cohort, kind) },
    ]),
    { question: "What does it cost?", answer: cost },
    { question: "How many candidates are accepted?", answer: `At most ${seats}.` },
    {
      question: "How long is an offered place held?",
      answer:
        `For ${counted(offer.days, "day")}; it lapses at ${offer.lapsesAt} (${cohort.zone}) on the last of them. ` +
        (offer.promotion === "AUTOMATIC"
          ? "A freed place goes to the next on the waitlist."
          : "Staff then decide who on the waitlist is offered it."),
    },
    {
      question: "How many candidates does a mentor have?",
      answer: `At most ${team.mentorCapacity}, unless the mentor offers more. The committee decides on the teams.`,
    },
    { question: "What is taught?", answer: `${curriculum.map(({ name }) => name).join("; ")}.` },
    {
      question: "How long is the certificate valid?",
      answer: `${counted(credential.years, "year")}, and a renewal can be filed up to ${counted(credential.graceDays, "day")} later.`,
    },
    {
      question: "What becomes of an application that is not successful?",
      answer: `What was written in it is removed ${kept} after its end.`,
    },
    ...(letters.toleranceDays > 0 && KINDS.some((kind) => letters.required[kind] > 0)
      ? [{ question: "May a letter come after the deadline?", answer: toleranceOf(letters.toleranceDays) }]
      : []),
  ];
}

function whenOf(cohort: Cohort, kind: ApplicantKind, now: Instant): string {
  const window = windowOf(cohort, kind);
  const opens = instantInWords(window.opensAt, cohort.zone);
  const closes = instantInWords(window.closesAt, cohort.zone);
  const phase = phaseOf(window, now);
  if (phase === "BEFORE") return `From ${opens} until before ${closes}.`;
  return phase === "OPEN" ? `Now, until before ${closes}.` : `Applications closed on ${closes}.`;
}

function askedOf({ questions }: Cohort, kind: ApplicantKind): string {
  const required = questions[kind].filter((question) => question.required).length;
  const optional = questions[kind].length - required;
  const more = optional === 0 ? "" : ` and ${counted(optional, "question")} that can be left out`;
  return `Where they work and as what, ${counted(required, "question")} that must be answered${more}.`;
}

const HEADINGS: Record<CriterionKind, (who: string) => string> = {
  GATE: (who) => `What must ${who} fulfil?`,
  SCORED: (who) => `What are ${who} measured by?`,
  SOFT: (who) => `What is expected of ${who} besides, without being a condition?`,
};

function criteriaOf({ policy }: Cohort, kind: ApplicantKind): FrequentQuestion[] {
  return (["GATE", "SCORED", "SOFT"] as const).flatMap((of) => {
    const names = policy.criteria[kind].filter((criterion) => criterion.kind === of).map(({ name }) => name);
    return names.length === 0 ? [] : [{ question: HEADINGS[of](WHO[kind]), answer: `${names.join("; ")}.` }];
  });
}

function lettersOf(cohort: Cohort, kind: ApplicantKind): string {
  const required = cohort.policy.letters.required[kind];
  if (required === 0) return "No.";
  return `Yes, ${counted(required, "letter")}, before ${instantInWords(lettersDue(cohort, kind).at, cohort.zone)}.`;
}

function toleranceOf(days: number): string {
  return `Yes, up to ${counted(days, "day")} after the applications close. The application itself may not.`;
}

function counted(number: number, unit: string): string {
  return `${number} ${unit}${number === 1 ? "" : "s"}`;
}
