import { conflict, isOpen, type Cohort } from "../cohort/cohort.ts";
import type { Question } from "../cohort/policy.ts";
import { refusal, textRefusals, type Refusal } from "../shared/decision.ts";
import { instantInWords, type Instant } from "../shared/time.ts";
import { baseOf } from "./ending.ts";
import { copiedDraft } from "./reapply.ts";
import { draftLadder, firstReminder } from "./reminder.ts";
import { isReopened } from "./information.ts";
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

/**
 * Starts a draft, or takes up again one that was withdrawn or expired, while the window is open. What is empty in it is filled
 * from an earlier application, where one is named.
 */
export function startApplication(
  existing: Application | undefined,
  wish: { cohort: Cohort; kind: ApplicationKind; personId: string; number: string; copyFrom?: Application },
  now: Instant,
): Answer<StartCode> {
  const { cohort, kind, personId, number, copyFrom } = wish;
  if (existing && TRANSITIONS[existing.state].reopen === undefined) {
    const message = "You have already started this application: please continue with it.";
    return { refusals: [refusal("ALREADY_STARTED", message)] };
  }
  const closed = windowRefusals(cohort, now);
  if (closed.length > 0) return { refusals: closed };
  if (copyFrom?.contentRemovedAt !== undefined) {
    const message = "What was written in that application was removed: please start without it.";
    return { refusals: [refusal("CONTENT_REMOVED", message, "copyFromApplicationId")] };
  }
  const isBlank = existing === undefined || existing.contentRemovedAt !== undefined;
  const blank: Draft = isBlank ? { organization: null, jobTitle: null, answers: {} } : existing.draft;
  const copied = copyFrom && copiedDraft(blank, copyFrom, { kind, questions: cohort.questions[kind] });
  const reminder = firstReminder(draftLadder(cohort), now);
  const fresh: Omit<Base, "draft"> = {
    id: applicationId(cohort.id, kind, personId),
    version: 0,
    number,
    cohortId: cohort.id,
    kind,
    personId,
    startedAt: now,
    recusals: [],
  };
  const {
    contentRemovedAt: _contentRemovedAt,
    enteredBy: _enteredBy,
    ...base
  } = existing ? baseOf(existing) : { ...fresh, draft: blank };
  const next: Application = {
    ...base,
    draft: copied?.draft ?? blank,
    state: "DRAFT",
    closesAt: cohort.window.closesAt,
    ...(reminder && { nextReminder: reminder }),
  };
  const event: ApplicationEvent = {
    type: "ApplicationStarted",
    about: { kind: "Application", id: next.id },
    facts: copyFrom && copied ? { copiedFrom: copyFrom.id, fields: copied.fields } : {},
    before: existing && { state: existing.state },
    after: { state: "DRAFT" },
  };
  return { outcome: next, events: [event] };
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
  const refusals = pieceRefusals(pieces, questions);
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

/** Submits a finished draft inside the window and freezes it. Names every part that is missing, all at once. */
export function submitApplication(
  application: Application,
  facts: { cohort: Cohort; now: Instant; expectedVersion?: number | null },
): Answer<SubmitCode> {
  const { cohort, now } = facts;
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
  return {
    outcome: { ...rest, state: "COMPLETE", submission },
    events: [changed("ApplicationSubmitted", application, "COMPLETE")],
  };
}

/** Everything that stands in the way of submitting the application now, each fault by itself; empty when nothing does. */
export function submitBlockers(
  application: Application,
  { cohort, now }: { cohort: Cohort; now: Instant },
): Refusal<Exclude<SubmitCode, "CONFLICT">>[] {
  if (application.state !== "DRAFT") return stateRefusals(application, "submit");
  return [...windowRefusals(cohort, now), ...missingParts(application.draft, cohort.questions[application.kind])];
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

function windowRefusals(cohort: Cohort, now: Instant): Refusal<"NOT_OPEN_YET" | "TOO_LATE">[] {
  if (isOpen(cohort, now)) return [];
  if (cohort.state !== "PUBLISHED" || now < cohort.window.opensAt) {
    const opens = instantInWords(cohort.window.opensAt, cohort.zone);
    return [refusal("NOT_OPEN_YET", `Applications are taken from ${opens}.`)];
  }
  const closed = instantInWords(cohort.window.closesAt, cohort.zone);
  return [refusal("TOO_LATE", `Applications closed on ${closed}.`)];
}

/** What is wrong with pieces of a draft. */
export function pieceRefusals(pieces: DraftPieces, questions: readonly Question[]): Refusal<PieceCode>[] {
  const { organization, jobTitle, answers = [] } = pieces;
  // So that an endless list is not answered with an endless list of faults.
  if (answers.length > questions.length) {
    const message = "There are more answers than questions: please answer each question once.";
    return [refusal("ANSWER_TWICE", message, "answers")];
  }
  const name = { max: 200, label: "The organization's name" };
  const twice = answers.filter(
    ({ questionId }, index) => answers.findIndex((a) => a.questionId === questionId) < index,
  );
  return [
    ...(organization ? textRefusals(organization.name, name, "organization", "name") : []),
    ...textRefusals(jobTitle ?? "", { max: 120, label: "The job title", optional: true }, "jobTitle"),
    ...twice.map(({ questionId }) =>
      refusal("ANSWER_TWICE", `The question ${questionId} is answered twice: please send one answer.`, "answers"),
    ),
    ...answers.flatMap(({ questionId, text }): Refusal<PieceCode>[] => {
      const question = questions.find(({ id }) => id === questionId);
      if (!question) {
        const message = "This cohort does not ask such a question: please use an id from its question list.";
        return [refusal("UNKNOWN_QUESTION", message, "answers")];
      }
      const limit = { max: question.maxLength, label: "The answer", multiline: true, optional: true };
      return textRefusals(text ?? "", limit, "answers", question.id);
    }),
  ];
}
