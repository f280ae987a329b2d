import type { Cohort } from "../cohort/cohort.ts";
import type { Viewer } from "../person/person.ts";
import {
  reasonRefusals,
  refusal,
  textRefusals,
  type Decision,
  type Happening,
  type Refusal,
  type TextCode,
} from "../shared/decision.ts";
import { addDays, daysBetween, dateOf, instantAt, isLocalDate, type Instant, type LocalDate } from "../shared/time.ts";
import {
  conflictRefusals,
  wrongState,
  type Answer,
  type Application,
  type ApplicationState,
  type Submission,
} from "./application.ts";
import { firstReminder, reachedReminder, type Ladder, type NextReminder } from "./reminder.ts";

/** The parts of an application that are no answers to questions. */
export const APPLICATION_PARTS = ["ORGANIZATION", "JOB_TITLE", "RESUME"] as const;

/** One of APPLICATION_PARTS. */
export type ApplicationPart = (typeof APPLICATION_PARTS)[number];

/** Sections of an application: parts, and answers by the ids of their questions. */
export interface Sections {
  parts: readonly ApplicationPart[];
  questionIds: readonly string[];
}

/** What staff have asked an applicant for, after the application was submitted. There is one at a time. */
export interface InformationRequest extends Sections {
  message: string;
  askedBy: string;
  askedAt: Instant;
  /** The last day on which it can be answered, in the cohort's zone. */
  dueOn: LocalDate;
  /** The first instant at which it is too late. */
  dueAt: Instant;
  /** Null once no reminder is to come. */
  nextReminder: NextReminder | null;
  /** When its time was over without an answer; null before. */
  missedAt: Instant | null;
}

/** One change of a submission that staff had asked for. The list of them only grows. */
export interface Amendment extends Sections {
  askedAt: Instant;
  providedAt: Instant;
  /** What stood there before, of what was asked for; all answers where any was. Null: no résumé had been handed in. */
  replaced: Partial<Pick<Submission, "organization" | "jobTitle" | "answers">> & {
    resume?: Submission["resume"] | null;
  };
}

interface AboutRequest {
  personId: string;
  cohortId: string;
}

/** What happens to what is asked of applicants. */
export type InformationEvent =
  | Happening<"InformationAsked", AboutRequest & Sections & { dueOn: LocalDate }>
  | Happening<"InformationExtended", AboutRequest & { dueOn: LocalDate }>
  | Happening<"InformationCancelled", AboutRequest>
  | Happening<"InformationReminded", AboutRequest & { daysBefore: number }>
  | Happening<"InformationMissed", AboutRequest & { askedBy: string }>
  | Happening<"ApplicationAmended", { fields: readonly string[] }>
  | Happening<"InformationProvided", AboutRequest & { askedBy: string; fields: readonly string[] }>;

/** Why somebody in office does not ask for information, or changes nothing about it. */
type OfficeCode = "WRONG_STATE" | "OWN_APPLICATION" | "RECUSED";

/** Why nothing can be asked. */
export type AskCode =
  | OfficeCode
  | TextCode
  | "ALREADY_ASKED"
  | "UNKNOWN_QUESTION"
  | "BAD_DATE"
  | "OUT_OF_RANGE"
  | "TOO_MANY";

/** Why an applicant is not given more time. */
export type ExtendCode = OfficeCode | TextCode | "NOT_ASKED" | "BAD_DATE" | "OUT_OF_RANGE";

/** Why a request is not taken back. */
export type CancelCode = OfficeCode | TextCode | "NOT_ASKED";

/** Where an application is while information can be asked for: submitted, and not decided on. */
const ASKABLE = ["SUBMITTED", "COMPLETE", "UNDER_REVIEW"] as const satisfies readonly ApplicationState[];

/** Whether information can be asked for, and answered. */
export function isAskable(application: Application): application is Application & { state: (typeof ASKABLE)[number] } {
  return (ASKABLE as readonly ApplicationState[]).includes(application.state);
}

/** So many times a submission can be amended: it is kept with all that it said before. */
const MOST_AMENDMENTS = 5;

const MESSAGE = { max: 2_000, label: "The message", multiline: true };

/** What the applicant is asked for and can still be answered for; null where nothing is, or a decision has overtaken it. */
export function openInformation(application: Application): InformationRequest | null {
  return isAskable(application) ? (application.information ?? null) : null;
}

/** Whether the applicant can change this section of what they submitted: it was asked for, and its time is not over. */
export function isReopened(application: Application, section: ApplicationPart | { questionId: string }, now: Instant) {
  const open = openInformation(application);
  if (open === null || now >= open.dueAt) return false;
  return typeof section === "string" ? open.parts.includes(section) : open.questionIds.includes(section.questionId);
}

/** What staff, or the chair, ask for. */
export interface InformationWish extends Sections {
  dueOn: LocalDate;
  message: string;
}

/** Asks the applicant for some sections of what was submitted, which they can change until the end of a day. */
export function askInformation(
  application: Application,
  { parts, questionIds, dueOn, message }: InformationWish,
  { cohort, viewer }: { cohort: Cohort; viewer: Viewer },
): Answer<AskCode> {
  const wrong = officeRefusals(application, viewer);
  if (wrong.length > 0 || !isAskable(application)) return { refusals: wrong };
  if (application.information) {
    const asked = "Something is asked of this applicant already: please extend it, or cancel it first.";
    return { refusals: [refusal("ALREADY_ASKED", asked)] };
  }
  const sections = { parts: [...new Set(parts)], questionIds: [...new Set(questionIds)] };
  const refusals: Refusal<AskCode>[] = [
    ...sectionRefusals(
      sections,
      cohort.questions[application.kind].map(({ id }) => id),
    ),
    ...dueRefusals(dueOn, { cohort, viewer }),
    ...textRefusals(message, MESSAGE, "message"),
  ];
  if ((application.submission.amendments ?? []).length >= MOST_AMENDMENTS) {
    const many = `This application was amended ${MOST_AMENDMENTS} times already: please write to the applicant instead.`;
    refusals.push(refusal("TOO_MANY", many));
  }
  if (refusals.length > 0) return { refusals };
  const information: InformationRequest = {
    ...sections,
    message: message.trim(),
    askedBy: viewer.person.id,
    askedAt: viewer.now,
    ...timesOf(dueOn, { cohort, now: viewer.now }),
  };
  const event = {
    ...told("InformationAsked", application, { ...sections, dueOn }),
    why: information.message,
  };
  return { outcome: { ...application, information }, events: [event] };
}

/** Gives the applicant more time, also after it was over. */
export function extendInformation(
  application: Application,
  { dueOn, why }: { dueOn: LocalDate; why: string },
  facts: { cohort: Cohort; viewer: Viewer },
): Answer<ExtendCode> {
  const wrong = officeRefusals(application, facts.viewer);
  if (wrong.length > 0) return { refusals: wrong };
  const { information } = application;
  if (!information) return { refusals: [notAsked] };
  const refusals: Refusal<ExtendCode>[] = [...dueRefusals(dueOn, facts), ...reasonRefusals(why)];
  if (refusals.length === 0 && dueOn <= information.dueOn) {
    const message = "The applicant has until then already: please choose a later day.";
    refusals.push(refusal("OUT_OF_RANGE", message, "dueOn"));
  }
  if (refusals.length > 0) return { refusals };
  const times = timesOf(dueOn, { cohort: facts.cohort, now: facts.viewer.now });
  const event = {
    ...told("InformationExtended", application, { dueOn }),
    before: { dueOn: information.dueOn },
    after: { dueOn },
    why: why.trim(),
  };
  return { outcome: { ...application, information: { ...information, ...times } }, events: [event] };
}

/** Takes back what was asked: what was submitted stands as it is. */
export function cancelInformation(
  application: Application,
  { viewer, why }: { viewer: Viewer; why: string },
): Answer<CancelCode> {
  const wrong = officeRefusals(application, viewer);
  if (wrong.length > 0) return { refusals: wrong };
  const { information, ...rest } = application;
  if (!information) return { refusals: [notAsked] };
  const refusals = reasonRefusals(why);
  if (refusals.length > 0) return { refusals };
  return { outcome: rest, events: [{ ...told("InformationCancelled", application, {}), why: why.trim() }] };
}

/** Does what is due of a request: a reminder before its last day, and a notice once its time is over. */
export function lookAfterInformation(
  application: Application,
  { cohort, now }: { cohort: Cohort; now: Instant },
): Decision<Application, never, InformationEvent> {
  const open = openInformation(application);
  const due = open && informationDue(open);
  if (!open || due === null || now < due) return { outcome: application, events: [] };
  if (now >= open.dueAt) {
    const information = { ...open, nextReminder: null, missedAt: now };
    const event = told("InformationMissed", application, { askedBy: open.askedBy });
    return { outcome: { ...application, information }, events: [event] };
  }
  const ladder = ladderOf(open, cohort);
  const reached = open.nextReminder && reachedReminder(ladder, open.nextReminder, now);
  const information = { ...open, nextReminder: firstReminder(ladder, now) };
  const events = reached ? [told("InformationReminded", application, { daysBefore: reached.daysBefore })] : [];
  return { outcome: { ...application, information }, events };
}

/** When the schedule has to look at a request; null once it has not. */
export function informationDue({ nextReminder, dueAt, missedAt }: InformationRequest): Instant | null {
  if (nextReminder) return nextReminder.at;
  return missedAt === null ? dueAt : null;
}

/** The refusal of answering where nothing is asked. */
export const notAsked = refusal("NOT_ASKED", "Nothing is asked of this applicant.");

/** Why somebody in office has nothing to ask: their own or a conflict, or it is not the time. */
function officeRefusals(application: Application, viewer: Viewer): Refusal<OfficeCode>[] {
  const conflicts = conflictRefusals(application, viewer);
  if (conflicts.length > 0) return conflicts;
  return isAskable(application) ? [] : [wrongState(application, "staff")];
}

/** An event about a request. */
export function told<Type extends InformationEvent["type"], More extends object>(
  type: Type,
  { id, personId, cohortId }: Application,
  more: More,
) {
  return { type, about: { kind: "Application" as const, id }, facts: { personId, cohortId, ...more } };
}

function sectionRefusals({ parts, questionIds }: Sections, asked: readonly string[]): Refusal<AskCode>[] {
  if (parts.length === 0 && questionIds.length === 0) {
    return [refusal("REQUIRED", "Nothing is asked for: please name a part or a question.", "parts")];
  }
  if (questionIds.every((id) => asked.includes(id))) return [];
  const message = "This cohort does not ask such a question: please use ids from its question list.";
  return [refusal("UNKNOWN_QUESTION", message, "questionIds")];
}

function dueRefusals(
  dueOn: LocalDate,
  { cohort, viewer }: { cohort: Cohort; viewer: Viewer },
): Refusal<"BAD_DATE" | "OUT_OF_RANGE">[] {
  if (!isLocalDate(dueOn)) {
    return [refusal("BAD_DATE", "This is not a date: please write it as 2026-10-02.", "dueOn")];
  }
  const { mostDays } = cohort.policy.information;
  const days = daysBetween(dateOf(viewer.now, cohort.zone), dueOn);
  if (days >= 1 && days <= mostDays) return [];
  const message = `The applicant needs at least until tomorrow, and has ${mostDays} days at most.`;
  return [refusal("OUT_OF_RANGE", message, "dueOn")];
}

function timesOf(dueOn: LocalDate, { cohort, now }: { cohort: Cohort; now: Instant }) {
  const dueAt = instantAt(addDays(dueOn, 1), "00:00", cohort.zone);
  return { dueOn, dueAt, nextReminder: firstReminder(ladderOf({ dueOn, dueAt }, cohort), now), missedAt: null };
}

function ladderOf({ dueOn, dueAt }: Pick<InformationRequest, "dueOn" | "dueAt">, { policy, zone }: Cohort): Ladder {
  const { reminderDays: days, reminderTime: time } = policy.information;
  return { lastDay: dueOn, before: dueAt, days, time, zone };
}
