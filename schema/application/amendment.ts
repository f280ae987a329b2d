import { conflict, type Cohort } from "../cohort/cohort.ts";
import type { Question } from "../cohort/policy.ts";
import { refusal, type Refusal } from "../shared/decision.ts";
import { dateInWords, type Instant } from "../shared/time.ts";
import { isSame } from "../shared/same.ts";
import {
  wrongState,
  type Answer,
  type Application,
  type Draft,
  type PieceCode,
  type Submission,
} from "./application.ts";
import { fieldsOf, missingParts, pieceRefusals, withPieces, type DraftPieces } from "./draft.ts";
import {
  isAskable,
  isReopened,
  notAsked,
  openInformation,
  told,
  type Amendment,
  type ApplicationPart,
  type InformationEvent,
  type InformationRequest,
  type Sections,
} from "./information.ts";

/** Why a submission cannot be amended at all. */
type AnswerCode = "WRONG_STATE" | "NOT_ASKED" | "OVERDUE" | "CONFLICT";

/** Why pieces of a submission cannot be amended. */
export type AmendCode = PieceCode | AnswerCode | "NOT_REOPENED";

/** Why what was asked for cannot be provided. */
export type ProvideCode = AnswerCode | "REQUIRED" | "UNCHANGED";

interface Facts {
  cohort: Cohort;
  now: Instant;
  expectedVersion?: number | null;
}

/**
 * Saves pieces of the sections that staff have asked for, and of no others. Nobody reads them before they are provided but the
 * applicant and staff.
 */
export function amendApplication(application: Application, pieces: DraftPieces, facts: Facts): Answer<AmendCode> {
  const { cohort, now } = facts;
  const wrong = answerRefusals(application, facts);
  if (wrong.length > 0) return { refusals: wrong };
  const questions = cohort.questions[application.kind];
  const closed = (part: ApplicationPart, field: string) =>
    isReopened(application, part, now) ? [] : [notReopened(field)];
  const closedAnswers = (pieces.answers ?? []).filter(({ questionId }) => {
    return questions.some(({ id }) => id === questionId) && !isReopened(application, { questionId }, now);
  });
  const refusals: Refusal<AmendCode>[] = [
    ...(pieces.organization === undefined ? [] : closed("ORGANIZATION", "organization")),
    ...(pieces.jobTitle === undefined ? [] : closed("JOB_TITLE", "jobTitle")),
    ...closedAnswers.map(({ questionId }) => notReopened("answers", questionId)),
    ...pieceRefusals(pieces, questions, application.draft.answers),
  ];
  if (refusals.length > 0) return { refusals };
  const event: InformationEvent = {
    type: "ApplicationAmended",
    about: { kind: "Application", id: application.id },
    facts: { fields: fieldsOf(pieces) },
  };
  return { outcome: { ...application, draft: withPieces(application.draft, pieces) }, events: [event] };
}

/**
 * Hands in what staff have asked for: the sections take the place of what was submitted there, which stays beside it, and
 * everything is frozen again.
 */
export function provideInformation(application: Application, facts: Facts): Answer<ProvideCode> {
  const wrong = answerRefusals(application, facts);
  const request = openInformation(application);
  if (wrong.length > 0 || !request || !isAskable(application)) return { refusals: wrong };
  const { draft, submission } = application;
  const questions = facts.cohort.questions[application.kind];
  const missing = missingSections(draft, request, questions);
  if (missing.length > 0) return { refusals: missing };
  const after = amended(submission, draft, { request, questions });
  const fields = changedFields(submission, after, request);
  if (fields.length === 0) {
    const message =
      "Nothing of what is asked for has changed: please change it, or answer our mail if it is right as it is.";
    return { refusals: [refusal("UNCHANGED", message)] };
  }
  const { parts, questionIds, askedAt, askedBy } = request;
  const replaced = replacedOf(submission, request);
  const amendment: Amendment = { parts, questionIds, askedAt, providedAt: facts.now, replaced };
  const amendments = [...(submission.amendments ?? []), amendment];
  const next: Application = { ...application, submission: { ...after, amendments } };
  delete next.information;
  const event = told("InformationProvided", application, { askedBy, fields });
  return { outcome: next, events: [event] };
}

/** A submission as it was until an amendment took its place. */
export interface EarlierSubmission {
  submission: Submission;
  until: Instant;
}

/** What was submitted before each amendment, the first submission first. */
export function earlierSubmissions(submission: Submission): EarlierSubmission[] {
  const { amendments = [], ...current } = submission;
  const earlier: EarlierSubmission[] = [];
  let later: Submission = current;
  for (const { replaced, providedAt } of amendments.toReversed()) {
    const { resume, ...others } = replaced;
    const { resume: laterResume, ...rest } = later;
    const kept = resume === undefined ? laterResume : resume;
    later = { ...rest, ...others, ...(kept && { resume: kept }) };
    earlier.unshift({ submission: later, until: providedAt });
  }
  return earlier;
}

/** Why the applicant cannot answer now: it is not asked, its time is over, or somebody else was faster. */
function answerRefusals(application: Application, { now, expectedVersion }: Facts): Refusal<AnswerCode>[] {
  const request = openInformation(application);
  if (!request) return [application.information ? wrongState(application, "applicant") : notAsked];
  if (now >= request.dueAt) {
    const over = `The last day for this was ${dateInWords(request.dueOn)}: please answer our mail.`;
    return [refusal("OVERDUE", over)];
  }
  return expectedVersion != null && expectedVersion !== application.version ? [conflict] : [];
}

function notReopened(...field: string[]): Refusal<"NOT_REOPENED"> {
  return refusal("NOT_REOPENED", "This was not asked for: it stays as you submitted it.", ...field);
}

function missingSections(draft: Draft, { parts, questionIds }: Sections, questions: readonly Question[]) {
  const isAsked = ({ field }: Refusal): boolean => {
    const [section, questionId = ""] = field ?? [];
    if (section === "organization") return parts.includes("ORGANIZATION");
    return section === "jobTitle" ? parts.includes("JOB_TITLE") : questionIds.includes(questionId);
  };
  const noResume =
    parts.includes("RESUME") && draft.resume === undefined
      ? [refusal("REQUIRED", "Your résumé is missing: please hand it in.", "resume")]
      : [];
  return [...missingParts(draft, questions).filter(isAsked), ...noResume];
}

function amended(
  submission: Submission,
  draft: Draft,
  { request, questions }: { request: InformationRequest; questions: readonly Question[] },
): Submission {
  const { parts, questionIds } = request;
  const isAsked = (part: ApplicationPart) => parts.includes(part);
  const given = questions.flatMap(({ id, prompt }) => {
    const text = draft.answers[id];
    return questionIds.includes(id) && text !== undefined ? [{ questionId: id, prompt, text }] : [];
  });
  const kept = submission.answers.filter(({ questionId }) => !questionIds.includes(questionId));
  const placeOf = ({ questionId }: { questionId: string }) => {
    const place = questions.findIndex(({ id }) => id === questionId);
    return place < 0 ? questions.length : place;
  };
  return {
    ...submission,
    ...(isAsked("ORGANIZATION") && draft.organization && { organization: draft.organization }),
    ...(isAsked("JOB_TITLE") && draft.jobTitle !== null && { jobTitle: draft.jobTitle }),
    ...(isAsked("RESUME") && draft.resume && { resume: draft.resume }),
    answers: questionIds.length > 0 ? [...kept, ...given].sort((a, b) => placeOf(a) - placeOf(b)) : submission.answers,
  };
}

function changedFields(before: Submission, after: Submission, { questionIds }: Sections): string[] {
  const textOf = ({ answers }: Submission, id: string) => answers.find(({ questionId }) => questionId === id)?.text;
  return [
    ...(isSame(before.organization, after.organization) ? [] : ["organization"]),
    ...(before.jobTitle === after.jobTitle ? [] : ["jobTitle"]),
    ...(before.resume?.fileId === after.resume?.fileId ? [] : ["resume"]),
    ...questionIds.filter((id) => textOf(before, id) !== textOf(after, id)),
  ];
}

function replacedOf({ organization, jobTitle, answers, resume }: Submission, { parts, questionIds }: Sections) {
  return {
    ...(parts.includes("ORGANIZATION") && { organization }),
    ...(parts.includes("JOB_TITLE") && { jobTitle }),
    ...(parts.includes("RESUME") && { resume: resume ?? null }),
    ...(questionIds.length > 0 && { answers }),
  };
}
