import { conflict, isOpen, type Cohort } from "../cohort/cohort.ts";
import type { Question } from "../cohort/policy.ts";
import { refusal, textRefusals, type Refusal } from "../shared/decision.ts";
import { instantInWords, type Instant } from "../shared/time.ts";
import { baseOf } from "./ending.ts";
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
  type Resume,
  type SaveCode,
  type StartCode,
  type StateCode,
  type Submission,
  type SubmitCode,
} from "./application.ts";

/** Starts a draft, or takes up again one that was withdrawn or expired, while the window is open. */
export function startApplication(
  existing: Application | undefined,
  wish: { cohort: Cohort; kind: ApplicationKind; personId: string; number: string },
  now: Instant,
): Answer<StartCode> {
  const { cohort, kind, personId, number } = wish;
  if (existing && TRANSITIONS[existing.state].reopen === undefined) {
    const message = "You have already started this application: please continue with it.";
    return { refusals: [refusal("ALREADY_STARTED", message)] };
  }
  const closed = windowRefusals(cohort, now);
  if (closed.length > 0) return { refusals: closed };
  const isBlank = existing === undefined || existing.contentRemovedAt !== undefined;
  const draft: Draft = isBlank ? { organization: null, jobTitle: null, answers: {} } : existing.draft;
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
  // What is taken up again is reviewed anew, by whoever is assigned then.
  const {
    contentRemovedAt: _contentRemovedAt,
    reviewers,
    reviewedAt: _reviewedAt,
    ...base
  } = existing ? baseOf(existing) : fresh;
  const next: Application = {
    ...base,
    ...(reviewers && { reviewers: [] }),
    draft,
    state: "DRAFT",
    closesAt: cohort.window.closesAt,
  };
  const event: ApplicationEvent = {
    type: "ApplicationStarted",
    about: { kind: "Application", id: next.id },
    facts: {},
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

  const answers: Record<string, string> = { ...application.draft.answers };
  for (const { questionId, text } of pieces.answers ?? []) {
    if (text === null || text.trim() === "") delete answers[questionId];
    else answers[questionId] = text;
  }
  const draft: Draft = {
    ...application.draft,
    organization: pieces.organization === undefined ? application.draft.organization : pieces.organization,
    jobTitle: pieces.jobTitle === undefined ? application.draft.jobTitle : pieces.jobTitle?.trim() || null,
    answers,
  };
  const fields = [
    ...(pieces.organization === undefined ? [] : ["organization"]),
    ...(pieces.jobTitle === undefined ? [] : ["jobTitle"]),
    ...(pieces.answers ?? []).map(({ questionId }) => questionId),
  ];
  const event: ApplicationEvent = {
    type: "ApplicationSaved",
    about: { kind: "Application", id: application.id },
    facts: { fields },
  };
  return { outcome: { ...application, draft }, events: [event] };
}

/** Puts a résumé into a draft, in place of an earlier one; null takes it out. */
export function placeResume(application: Application, resume: Resume | null): Answer<StateCode> {
  const wrong = stateRefusals(application, "save");
  if (wrong.length > 0) return { refusals: wrong };
  const { resume: _earlier, ...draft } = application.draft;
  const event: ApplicationEvent = {
    type: "ApplicationSaved",
    about: { kind: "Application", id: application.id },
    facts: { fields: ["resume"] },
  };
  return { outcome: { ...application, draft: resume ? { ...draft, resume } : draft }, events: [event] };
}

/** Submits a finished draft inside the window and freezes it. Names every part that is missing, all at once. */
export function submitApplication(
  application: Application,
  facts: { cohort: Cohort; now: Instant; expectedVersion?: number | null },
): Answer<SubmitCode> {
  const { cohort, now } = facts;
  if (application.state !== "DRAFT") return { refusals: stateRefusals(application, "submit") };
  const closed = windowRefusals(cohort, now);
  if (closed.length > 0) return { refusals: closed };
  if (facts.expectedVersion != null && facts.expectedVersion !== application.version) return { refusals: [conflict] };
  const { organization, jobTitle, answers, resume } = application.draft;
  const questions = cohort.questions[application.kind];
  const missing = missingParts(application.draft, questions);
  if (organization === null || jobTitle === null || missing.length > 0) return { refusals: missing };

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
  const { closesAt: _closesAt, ...rest } = application;
  return {
    outcome: { ...rest, state: "COMPLETE", submission },
    events: [changed("ApplicationSubmitted", application, "COMPLETE")],
  };
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

function pieceRefusals(pieces: DraftPieces, questions: readonly Question[]): Refusal<SaveCode>[] {
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
    ...answers.flatMap(({ questionId, text }): Refusal<SaveCode>[] => {
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
