import { conflict, type Cohort } from "../cohort/cohort.ts";
import { latenessRefusals, type LateCode, type LatenessCode } from "../cohort/late-code.ts";
import type { Question } from "../cohort/policy.ts";
import { isOpen, isOver, windowOf } from "../cohort/window.ts";
import { refusal, textRefusals, type Refusal } from "../shared/decision.ts";
import { instantInWords, type Instant } from "../shared/time.ts";
import { baseOf } from "./ending.ts";
import { copiedDraft } from "./reapply.ts";
import { draftLadder, firstReminder } from "./reminder.ts";
import { isReopened } from "./information.ts";
import { lettersUntil, lettersUntilAfter, partsMissing } from "./parts.ts";
import {
  applicationId,
  changed,
  stateRefusals,
  TRANSITIONS,
  type Answer,
  type Application,
  type ApplicationEvent,
  type ApplicationKind,
  type Base,
  type Draft,
  type Organization,
  type PieceCode,
  type Resume,
  type SaveCode,
  type StartCode,
  type StateCode,
  type Submission,
  type SubmitCode,
} from "./application.ts";

/** The late code that somebody gave, or whose use the application remembers; without a code it is none of ours. */
export interface Lateness {
  code: LateCode | undefined;
  /** Ids of all records of the applicant, none of whom made the code; absent: the application's alone. */
  applicantIds?: readonly string[];
}

/** An application that somebody wishes to start. */
export interface StartWish {
  cohort: Cohort;
  kind: ApplicationKind;
  personId: string;
  number: string;
  late?: Lateness | null;
  /** An earlier one to fill from what is empty. */
  copyFrom?: Application;
}

/**
 * Starts a draft, or takes up again one that was withdrawn or expired, while the window is open or with a late code. What is
 * empty in it is filled from an earlier application, where one is named.
 */
export function startApplication(existing: Application | undefined, wish: StartWish, now: Instant): Answer<StartCode> {
  const { cohort, kind, personId, late, copyFrom } = wish;
  if (existing && TRANSITIONS[existing.state].reopen === undefined) {
    const message = "You have already started this application: please continue with it.";
    return { refusals: [refusal("ALREADY_STARTED", message)] };
  }
  const closed = windowRefusals(cohort, { kind, personId }, now, late);
  if (closed.length > 0) return { refusals: closed };
  if (copyFrom?.contentRemovedAt !== undefined) {
    const message = "What was written in that application was removed: please start without it.";
    return { refusals: [refusal("CONTENT_REMOVED", message, "copyFromApplicationId")] };
  }
  const isBlank = existing === undefined || existing.contentRemovedAt !== undefined;
  const blank: Draft = isBlank ? { organization: null, jobTitle: null, answers: {} } : existing.draft;
  const copied = copyFrom && copiedDraft(blank, copyFrom, { kind, questions: cohort.questions[kind] });
  const reminder = firstReminder(draftLadder(cohort, kind), now);
  // What is taken up again is reviewed anew, by whoever is assigned then.
  const {
    contentRemovedAt: _contentRemovedAt,
    enteredBy: _enteredBy,
    partsWaivedAt: _partsWaivedAt,
    reviewers,
    reviewedAt: _reviewedAt,
    ...base
  } = existing ? baseOf(existing) : { ...freshBase(wish, now), draft: blank };
  const used = usedCode(cohort, kind, now, late);
  const next: Application = {
    ...base,
    ...(used && { lateCodeId: used.id }),
    ...(reviewers && { reviewers: [] }),
    draft: copied?.draft ?? blank,
    // Letters whose content is gone count no more.
    letters: isBlank ? [] : base.letters,
    state: "DRAFT",
    closesAt: used?.expiresAt ?? windowOf(cohort, kind).enforcedAt,
    ...(reminder && { nextReminder: reminder }),
  };
  const event: ApplicationEvent = {
    type: "ApplicationStarted",
    about: { kind: "Application", id: next.id },
    facts: copyFrom && copied ? { copiedFrom: copyFrom.id, fields: copied.fields } : {},
    before: existing && { state: existing.state },
    after: { state: "DRAFT", ...(used && { lateCodeId: used.id }) },
  };
  return { outcome: next, events: [event] };
}

/** What every application begins with, whatever it begins as. */
export function freshBase(
  { cohort, kind, personId, number }: Pick<StartWish, "cohort" | "kind" | "personId" | "number">,
  now: Instant,
): Omit<Base, "draft"> {
  const id = applicationId(cohort.id, kind, personId);
  return { id, version: 0, number, cohortId: cohort.id, kind, personId, startedAt: now, recusals: [], letters: [] };
}

/** Pieces of a draft: an absent one stays, null clears it. */
export interface DraftPieces {
  organization?: Organization | null;
  jobTitle?: string | null;
  answers?: readonly { questionId: string; text: string | null }[];
}

/** Saves pieces of a draft. Nothing needs to be finished, but nothing over a limit is taken. */
export function saveApplication(
  application: Application,
  pieces: DraftPieces,
  facts: { cohort: Cohort; expectedVersion?: number | null },
): Answer<SaveCode> {
  const wrong = stateRefusals(application, "save");
  if (wrong.length > 0) return { refusals: wrong };
  if (facts.expectedVersion != null && facts.expectedVersion !== application.version) return { refusals: [conflict] };
  const questions = facts.cohort.questions[application.kind];
  const refusals = pieceRefusals(pieces, questions, application.draft.answers);
  if (refusals.length > 0) return { refusals };
  const event: ApplicationEvent = {
    type: "ApplicationSaved",
    about: { kind: "Application", id: application.id },
    facts: { fields: fieldsOf(pieces) },
  };
  return { outcome: { ...application, draft: withPieces(application.draft, pieces) }, events: [event] };
}

/** A draft with pieces put into it. */
export function withPieces(draft: Draft, pieces: DraftPieces): Draft {
  const answers: Record<string, string> = { ...draft.answers };
  for (const { questionId, text } of pieces.answers ?? []) {
    if (text === null || text.trim() === "") delete answers[questionId];
    else answers[questionId] = text;
  }
  return {
    ...draft,
    organization: pieces.organization === undefined ? draft.organization : pieces.organization,
    jobTitle: pieces.jobTitle === undefined ? draft.jobTitle : pieces.jobTitle?.trim() || null,
    answers,
  };
}

/** Names of what the pieces are of; questions by their ids. */
export function fieldsOf({ organization, jobTitle, answers }: DraftPieces): string[] {
  return [
    ...(organization === undefined ? [] : ["organization"]),
    ...(jobTitle === undefined ? [] : ["jobTitle"]),
    ...(answers ?? []).map(({ questionId }) => questionId),
  ];
}

/** Puts a résumé into a draft, in place of an earlier one; null takes it out. Also where staff have asked for another. */
export function placeResume(application: Application, resume: Resume | null, now: Instant): Answer<StateCode> {
  const wrong = resumeRefusals(application, now);
  if (wrong.length > 0) return { refusals: wrong };
  const { resume: _earlier, ...draft } = application.draft;
  const event: ApplicationEvent = {
    type: "ApplicationSaved",
    about: { kind: "Application", id: application.id },
    facts: { fields: ["resume"] },
  };
  return { outcome: { ...application, draft: resume ? { ...draft, resume } : draft }, events: [event] };
}

/** Why no résumé can be put into the application, or taken out of it: it is no draft, and none was asked for anew. */
export function resumeRefusals(application: Application, now: Instant): Refusal<StateCode>[] {
  return isReopened(application, "RESUME", now) ? [] : stateRefusals(application, "save");
}

/**
 * Submits a finished draft inside the window, or with a late code, and freezes it. Names every part that is missing, all at once;
 * what others have still to supply does not keep it from being submitted, only from being complete.
 */
export function submitApplication(
  application: Application,
  facts: { cohort: Cohort; now: Instant; expectedVersion?: number | null; late?: Lateness | null },
): Answer<SubmitCode> {
  const { cohort, now, late } = facts;
  // What stands in the way of another version than the one that was looked at would tell nothing.
  const isOther = facts.expectedVersion != null && facts.expectedVersion !== application.version;
  if (application.state === "DRAFT" && isOther) return { refusals: [conflict] };
  const blockers = submitBlockers(application, facts);
  const { organization, jobTitle, answers, resume } = application.draft;
  if (application.state !== "DRAFT" || organization === null || jobTitle === null || blockers.length > 0) {
    return { refusals: blockers };
  }
  const questions = cohort.questions[application.kind];

  const submission: Submission = {
    submittedAt: now,
    organization,
    jobTitle,
    answers: questions.flatMap(({ id, prompt }) => {
      const text = answers[id];
      return text === undefined ? [] : [{ questionId: id, prompt, text }];
    }),
    ...(resume && { resume }),
  };
  const { closesAt: _closesAt, nextReminder: _nextReminder, ...rest } = application;
  const { kind } = application;
  const used = usedCode(cohort, kind, now, late);
  const base = { ...rest, ...(used && { lateCodeId: used.id }), submission };
  const isMissing = partsMissing(application, cohort).length > 0;
  const next: Application = isMissing
    ? {
        ...base,
        state: "SUBMITTED",
        lettersUntil: used ? lettersUntilAfter(cohort, kind, now) : lettersUntil(cohort, kind),
      }
    : { ...base, state: "COMPLETE" };
  const event = changed("ApplicationSubmitted", application, next.state);
  return {
    outcome: next,
    events: [used ? { ...event, after: { ...event.after, lateCodeId: used.id } } : event],
  };
}

/** Everything that stands in the way of submitting the application now, each fault by itself; empty when nothing does. */
export function submitBlockers(
  application: Application,
  { cohort, now, late }: { cohort: Cohort; now: Instant; late?: Lateness | null },
): Refusal<Exclude<SubmitCode, "CONFLICT">>[] {
  if (application.state !== "DRAFT") return stateRefusals(application, "submit");
  return [
    ...windowRefusals(cohort, application, now, late),
    ...missingParts(application.draft, cohort.questions[application.kind]),
  ];
}

/** What a draft still lacks before it can be submitted, each part by name. */
export function missingParts(draft: Draft, questions: readonly Question[]): Refusal<"REQUIRED">[] {
  return [
    ...(draft.organization === null
      ? [refusal("REQUIRED", "Your organization is missing: please fill it in.", "organization")]
      : []),
    ...(draft.jobTitle === null
      ? [refusal("REQUIRED", "Your job title is missing: please fill it in.", "jobTitle")]
      : []),
    ...questions
      .filter(({ id, required }) => required && draft.answers[id] === undefined)
      .map(({ id, prompt }) => refusal("REQUIRED", `An answer is missing: ${prompt}`, "answers", id)),
  ];
}

function windowRefusals(
  cohort: Cohort,
  { kind, personId }: Pick<Base, "kind" | "personId">,
  now: Instant,
  late?: Lateness | null,
): Refusal<LatenessCode | "NOT_OPEN_YET" | "TOO_LATE">[] {
  if (isOpen(cohort, kind, now)) return [];
  const { opensAt, closesAt } = windowOf(cohort, kind);
  if (cohort.state !== "PUBLISHED" || now < opensAt) {
    const opens = instantInWords(opensAt, cohort.zone);
    return [refusal("NOT_OPEN_YET", `Applications are taken from ${opens}.`)];
  }
  if (late)
    return latenessRefusals(late.code, { applicantIds: late.applicantIds ?? [personId], zone: cohort.zone, now });
  const closed = instantInWords(closesAt, cohort.zone);
  return [refusal("TOO_LATE", `Applications closed on ${closed}.`)];
}

/** The code without which it would be too late; while the window is open none is used. */
function usedCode(cohort: Cohort, kind: ApplicationKind, now: Instant, late: Lateness | null | undefined) {
  return isOver(cohort, kind, now) ? late?.code : undefined;
}

/** What is wrong with pieces of a draft; `saved` is what it has answered already. */
export function pieceRefusals(
  pieces: DraftPieces,
  questions: readonly Question[],
  saved: Draft["answers"],
): Refusal<PieceCode>[] {
  const { organization, jobTitle, answers = [] } = pieces;
  // So that an endless list is not answered with an endless list of faults.
  const former = Object.keys(saved).filter((id) => !questions.some((question) => question.id === id));
  if (answers.length > questions.length + former.length) {
    const message = "There are more answers than questions: please answer each question once.";
    return [refusal("ANSWER_TWICE", message, "answers")];
  }
  const name = { max: 200, label: "The organization's name" };
  const region = { max: 80, label: "The organization's region", optional: true };
  const twice = answers.filter(
    ({ questionId }, index) => answers.findIndex((a) => a.questionId === questionId) < index,
  );
  return [
    ...(organization ? textRefusals(organization.name, name, "organization", "name") : []),
    ...textRefusals(organization?.region ?? "", region, "organization", "region"),
    ...textRefusals(jobTitle ?? "", { max: 120, label: "The job title", optional: true }, "jobTitle"),
    ...twice.map(({ questionId }) =>
      refusal("ANSWER_TWICE", `The question ${questionId} is answered twice: please send one answer.`, "answers"),
    ),
    ...answers.flatMap(({ questionId, text }): Refusal<PieceCode>[] => {
      const question = questions.find(({ id }) => id === questionId);
      // What is no longer asked can still be taken out.
      if (former.includes(questionId) && (text ?? "").trim() === "") return [];
      if (!question) {
        const message = "This cohort does not ask such a question: please use an id from its question list.";
        return [refusal("UNKNOWN_QUESTION", message, "answers")];
      }
      const limit = { max: question.maxLength, label: "The answer", multiline: true, optional: true };
      return textRefusals(text ?? "", limit, "answers", question.id);
    }),
  ];
}
