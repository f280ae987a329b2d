import { conflict, isOpen, type Cohort } from "../cohort/cohort.ts";
import type { Question } from "../cohort/policy.ts";
import { idsOf, isSelf, type Person, type Viewer } from "../person/person.ts";
import { isCommittee, isStaff } from "../person/role.ts";
import {
  refusal,
  REMOVED,
  textRefusals,
  type Decision,
  type Happening,
  type Refusal,
  type TextCode,
} from "../shared/decision.ts";
import { instantInWords, later, type Instant } from "../shared/time.ts";

/** Whether somebody applies to be prepared or to prepare. */
export const APPLICATION_KINDS = ["CANDIDATE", "MENTOR"] as const;

/** One of APPLICATION_KINDS. */
export type ApplicationKind = (typeof APPLICATION_KINDS)[number];

/** Where an application stands. */
export const APPLICATION_STATES = [
  "DRAFT",
  "COMPLETE",
  "UNDER_REVIEW",
  "ACCEPTED",
  "WAITLISTED",
  "DECLINED",
  "WITHDRAWN",
  "EXPIRED",
] as const;

/** One of APPLICATION_STATES. */
export type ApplicationState = (typeof APPLICATION_STATES)[number];

/** What can be done with an application. */
export const APPLICATION_ACTIONS = [
  "save",
  "submit",
  "withdraw",
  "reopen",
  "expire",
  "startReview",
  "accept",
  "waitlist",
  "decline",
] as const;

/** One of APPLICATION_ACTIONS. */
export type ApplicationAction = (typeof APPLICATION_ACTIONS)[number];

/** From which state which action leads where. What is not here is refused. */
export const TRANSITIONS: Record<ApplicationState, Partial<Record<ApplicationAction, ApplicationState>>> = {
  DRAFT: { save: "DRAFT", submit: "COMPLETE", withdraw: "WITHDRAWN", expire: "EXPIRED" },
  COMPLETE: {
    withdraw: "WITHDRAWN",
    startReview: "UNDER_REVIEW",
    accept: "ACCEPTED",
    waitlist: "WAITLISTED",
    decline: "DECLINED",
  },
  UNDER_REVIEW: { withdraw: "WITHDRAWN", accept: "ACCEPTED", waitlist: "WAITLISTED", decline: "DECLINED" },
  ACCEPTED: { withdraw: "WITHDRAWN" },
  WAITLISTED: { withdraw: "WITHDRAWN", accept: "ACCEPTED", decline: "DECLINED" },
  DECLINED: {},
  WITHDRAWN: { reopen: "DRAFT" },
  EXPIRED: { reopen: "DRAFT" },
};

/** What each state is called: for staff and committee, and for the applicant. */
export const STATE_LABELS: Record<ApplicationState, { staff: string; applicant: string }> = {
  DRAFT: { staff: "Draft", applicant: "Not submitted yet" },
  COMPLETE: { staff: "Complete, to be reviewed", applicant: "Received" },
  UNDER_REVIEW: { staff: "Under review", applicant: "Under review" },
  ACCEPTED: { staff: "Accepted", applicant: "Accepted" },
  WAITLISTED: { staff: "On the waitlist", applicant: "On the waitlist" },
  DECLINED: { staff: "Declined", applicant: "Not selected" },
  WITHDRAWN: { staff: "Withdrawn by the applicant", applicant: "Withdrawn" },
  EXPIRED: { staff: "Expired as a draft", applicant: "Not submitted in time" },
};

/** Kinds of organization the program serves. */
export const ORGANIZATION_KINDS = ["DISTRICT", "COUNTY_OFFICE", "SCHOOL", "STATE", "OTHER"] as const;

/** Where the applicant works, as they state it. */
export interface Organization {
  name: string;
  kind: (typeof ORGANIZATION_KINDS)[number];
}

/** What a person writes into an application; pieces are filled in one by one. */
export interface Draft {
  organization: Organization | null;
  jobTitle: string | null;
  /** Answers by question id; a question without one is absent. */
  answers: Readonly<Record<string, string>>;
  /** Absent while there is none. */
  resume?: Resume;
}

/** A résumé as it was handed in: the file, and what it was then. */
export interface Resume {
  fileId: string;
  name: string;
  contentType: string;
  bytes: number;
}

/** What was submitted, with the questions as they were asked. It never changes afterwards. */
export interface Submission {
  submittedAt: Instant;
  organization: Organization;
  jobTitle: string;
  answers: readonly { questionId: string; prompt: string; text: string }[];
  /** Absent when none was handed in. */
  resume?: Resume;
}

interface Base {
  id: string;
  version: number;
  /** For people: `APP-2027-0042`. */
  number: string;
  cohortId: string;
  kind: ApplicationKind;
  personId: string;
  draft: Draft;
  startedAt: Instant;
  /** Who has nothing to do with it in whatever office, because of a conflict. */
  recusals: readonly Recusal[];
  /** When what the person wrote was removed for good; absent while it is there. */
  contentRemovedAt?: Instant;
}

/** One person kept away from one application. */
export interface Recusal {
  personId: string;
  why: string;
  at: Instant;
}

/** What an application that came to nothing has: how long its content is kept. Null once it is removed. */
interface Ended {
  keptUntil: Instant | null;
}

/** One person's application to one cohort as one kind. The submission exists exactly from COMPLETE on. */
export type Application = Base &
  (
    | { state: "DRAFT"; /** When the draft expires: the window's closing instant as last known. */ closesAt: Instant }
    | ({ state: "EXPIRED" } & Ended)
    | ({ state: "WITHDRAWN"; submission: Submission | null } & Ended)
    | ({ state: "DECLINED"; submission: Submission } & Ended)
    | {
        state: "COMPLETE" | "UNDER_REVIEW" | "ACCEPTED" | "WAITLISTED";
        submission: Submission;
        /** Number of the certificate it led to; absent before one is issued. */
        certificateNumber?: string;
      }
  );

/** What happens to applications. */
export type ApplicationEvent =
  | Happening<"ApplicationStarted", object>
  | Happening<"ApplicationSaved", { fields: readonly string[] }>
  | Happening<"ApplicationSubmitted", { personId: string; cohortId: string }>
  | Happening<"ApplicationWithdrawn", { personId: string; cohortId: string }>
  | Happening<"ApplicationExpired", { personId: string; cohortId: string }>
  | Happening<"ApplicationReviewStarted", object>
  | Happening<"ApplicationContentErased", object>
  | Happening<"ApplicationContentExpired", object>;

/** Why an application cannot be started. */
export type StartCode = "ALREADY_STARTED" | "NOT_OPEN_YET" | "TOO_LATE";

/** Why the state does not allow a step. */
export type StateCode = "WRONG_STATE" | "ALREADY_SUBMITTED";

/** Why a draft cannot be saved. */
export type SaveCode = TextCode | StateCode | "UNKNOWN_QUESTION" | "ANSWER_TWICE" | "CONFLICT";

/** Why an application cannot be submitted. */
export type SubmitCode = StateCode | "NOT_OPEN_YET" | "TOO_LATE" | "REQUIRED" | "CONFLICT";

/** Why a review cannot begin. */
export type ReviewCode = StateCode | "OWN_APPLICATION" | "RECUSED";

type Answer<Code extends string> = Decision<Application, Code, ApplicationEvent>;

/** The id says whose application it is: there is one per person, cohort and kind. */
export function applicationId(cohortId: string, kind: ApplicationKind, personId: string): string {
  return `app_${cohortId.replace("coh_", "")}-${kind === "CANDIDATE" ? "c" : "m"}-${personId.replace("per_", "")}`;
}

/** Whether the viewer has stepped back from an application, or had to: then no office leads to it. */
export function isRecusedFrom(viewer: Viewer | null, id: string): boolean {
  return viewer !== null && viewer.person.recusedFrom.includes(id);
}

/** Whether the viewer may see the application: its owner; staff; and the committee once it was submitted; nobody recused. */
export function mayRead(viewer: Viewer | null, application: Application): boolean {
  if (isSelf(viewer, application.personId)) return true;
  if (isRecusedFrom(viewer, application.id)) return false;
  return isStaff(viewer) || (isCommittee(viewer, application.cohortId) && wasSubmitted(application));
}

/** Ids that the person's application to a cohort can have: one of their own, or of a record that was merged into theirs. */
export function applicationIds(cohortId: string, kind: ApplicationKind, person: Person): string[] {
  return idsOf(person).map((id) => applicationId(cohortId, kind, id));
}

/** The one of a person's applications to a cohort that counts: one that goes on, or whichever there is. */
export function theOneThatCounts(applications: readonly (Application | undefined)[]): Application | undefined {
  const found = applications.filter((each) => each !== undefined);
  return found.find((each) => !isOver(each)) ?? found[0];
}

/** Whether nothing more comes of the application, unless it is taken up again. */
export function isOver({ state }: Application): boolean {
  return state === "WITHDRAWN" || state === "EXPIRED" || state === "DECLINED";
}

/** Whether the application was ever submitted, also when it was withdrawn later. */
export function wasSubmitted(application: Application): application is Application & { submission: Submission } {
  return "submission" in application && application.submission !== null;
}

/** Starts a draft, or takes up again one that was withdrawn or expired, while the window is open. */
export function startApplication(
  existing: Application | undefined,
  fresh: { cohort: Cohort; kind: ApplicationKind; personId: string; number: string },
  now: Instant,
): Answer<StartCode> {
  const { cohort, kind, personId, number } = fresh;
  if (existing && TRANSITIONS[existing.state].reopen === undefined) {
    const message = "You have already started this application: please continue with it.";
    return { refusals: [refusal("ALREADY_STARTED", message)] };
  }
  const closed = windowRefusals(cohort, now);
  if (closed.length > 0) return { refusals: closed };
  const isBlank = existing === undefined || existing.contentRemovedAt !== undefined;
  const draft: Draft = isBlank ? { organization: null, jobTitle: null, answers: {} } : existing.draft;
  const base = existing ?? { id: applicationId(cohort.id, kind, personId), version: 0, number, startedAt: now };
  const next: Application = {
    id: base.id,
    version: base.version,
    number: base.number,
    cohortId: cohort.id,
    kind,
    personId: existing?.personId ?? personId,
    draft,
    startedAt: base.startedAt,
    recusals: existing?.recusals ?? [],
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

/** The résumé as it was submitted, or as it stands in the draft before that. */
export function resumeOf(application: Application): Resume | undefined {
  const submission = "submission" in application ? application.submission : null;
  return (submission ?? application.draft).resume;
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

/** Withdraws an application; its seat or rank, if it had one, is freed by the caller in the same transaction. */
export function withdrawApplication(application: Application, facts: Ending): Answer<StateCode> {
  const wrong = stateRefusals(application, "withdraw");
  if (wrong.length > 0) return { refusals: wrong };
  if ("certificateNumber" in application && application.certificateNumber !== undefined) {
    const message = `It led to the certificate ${application.certificateNumber} and cannot be withdrawn any more.`;
    return { refusals: [refusal("WRONG_STATE", message)] };
  }
  const submission = "submission" in application ? application.submission : null;
  return {
    outcome: { ...baseOf(application), state: "WITHDRAWN", submission, keptUntil: keptUntil(facts) },
    events: [changed("ApplicationWithdrawn", application, "WITHDRAWN")],
  };
}

/** Marks that the committee has begun to read; nobody reviews their own application. */
export function startReview(application: Application, viewer: Viewer): Answer<ReviewCode> {
  const wrong = [...conflictRefusals(application, viewer), ...stateRefusals(application, "startReview")].slice(0, 1);
  if (wrong.length > 0 || application.state !== "COMPLETE") return { refusals: wrong };
  const event: ApplicationEvent = {
    type: "ApplicationReviewStarted",
    about: { kind: "Application", id: application.id },
    facts: {},
    before: { state: application.state },
    after: { state: "UNDER_REVIEW" },
  };
  return { outcome: { ...application, state: "UNDER_REVIEW" }, events: [event] };
}

/** Lets a draft expire whose window has closed; when the window was extended, it moves on to the new closing. */
export function expireApplication(application: Application, facts: Ending): Answer<StateCode> {
  if (application.state !== "DRAFT") return { refusals: stateRefusals(application, "expire") };
  if (facts.now < facts.cohort.window.closesAt) {
    return { outcome: { ...application, closesAt: facts.cohort.window.closesAt }, events: [] };
  }
  return {
    outcome: { ...baseOf(application), state: "EXPIRED", keptUntil: keptUntil(facts) },
    events: [changed("ApplicationExpired", application, "EXPIRED")],
  };
}

/** What tells how long the content of an application that ends is kept. */
export interface Ending {
  cohort: Cohort;
  now: Instant;
}

/** Until when the content of an application that ends now is kept, should nobody take it up again. */
export function keptUntil({ cohort, now }: Ending): Instant {
  return later(now, { hours: 24 * cohort.retention.UNSUCCESSFUL_APPLICATION });
}

/** Whether the application came to nothing and its content was kept as long as it may be. */
export function isContentDue(application: Application, now: Instant): boolean {
  return "keptUntil" in application && application.keptUntil !== null && application.keptUntil <= now;
}

/**
 * Removes what the person wrote, for good. State, number, times and the kind of organization stay, because they are
 * counted. Nothing happens when it is gone already.
 */
export function removeContent(
  application: Application,
  facts: { because: "ApplicationContentErased" | "ApplicationContentExpired"; now: Instant },
): { outcome: Application; events: ApplicationEvent[] } {
  if (application.contentRemovedAt !== undefined) return { outcome: application, events: [] };
  const { organization } = application.draft;
  const next: Application = {
    ...application,
    draft: { organization: organization && { ...organization, name: REMOVED }, jobTitle: null, answers: {} },
    // Why somebody had to step back may tell of the applicant.
    recusals: application.recusals.map((recusal) => ({ ...recusal, why: REMOVED })),
    contentRemovedAt: facts.now,
  };
  if ("submission" in next && next.submission !== null) {
    const { submittedAt, organization: employer } = next.submission;
    const left = { submittedAt, organization: { ...employer, name: REMOVED }, jobTitle: REMOVED, answers: [] };
    next.submission = left;
  }
  if ("keptUntil" in next) next.keptUntil = null;
  return {
    outcome: next,
    events: [{ type: facts.because, about: { kind: "Application", id: application.id }, facts: {} }],
  };
}

/** The refusal of acting on one's own application in an office. */
export const ownApplication = refusal(
  "OWN_APPLICATION",
  "This is your own application: somebody else has to take care of it.",
);

/** Why somebody in office has nothing to do with an application: it is their own, or they are recused from it. */
export function conflictRefusals(
  { personId, recusals }: Application,
  viewer: Viewer,
): Refusal<"OWN_APPLICATION" | "RECUSED">[] {
  if (isSelf(viewer, personId)) return [ownApplication];
  if (!recusals.some((recusal) => isSelf(viewer, recusal.personId))) return [];
  return [refusal("RECUSED", "You are recused from this application: somebody else has to take care of it.")];
}

/** Steps that staff and committee take: they read their own words for a state. */
const OFFICE_ACTIONS: ReadonlySet<ApplicationAction> = new Set(["startReview", "accept", "waitlist", "decline"]);

/** Why the state does not allow the action; empty when it does. */
export function stateRefusals(application: Application, action: ApplicationAction): Refusal<StateCode>[] {
  if (TRANSITIONS[application.state][action] !== undefined) return [];
  if (action === "submit" && application.state !== "WITHDRAWN" && application.state !== "EXPIRED") {
    return [refusal("ALREADY_SUBMITTED", "This application was submitted already; there is nothing left to do.")];
  }
  const labels = STATE_LABELS[application.state];
  const label = OFFICE_ACTIONS.has(action) ? labels.staff : labels.applicant;
  return [refusal("WRONG_STATE", `This is not possible now: the state of the application is “${label}”.`)];
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

function baseOf({ id, version, number, cohortId, kind, personId, draft, startedAt, recusals }: Application): Base {
  return { id, version, number, cohortId, kind, personId, draft, startedAt, recusals };
}

function changed(
  type: "ApplicationSubmitted" | "ApplicationWithdrawn" | "ApplicationExpired",
  application: Application,
  state: ApplicationState,
): ApplicationEvent {
  return {
    type,
    about: { kind: "Application", id: application.id },
    facts: { personId: application.personId, cohortId: application.cohortId },
    before: { state: application.state },
    after: { state },
  };
}
