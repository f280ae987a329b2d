import type { LatenessCode } from "../cohort/late-code.ts";
import { idsOf, isSelf, type Person, type Viewer } from "../person/person.ts";
import { isChair, isCommittee, isStaff } from "../person/role.ts";
import { concernsMember, hasDeclared, type Reviewed } from "../review/reviewer.ts";
import { refusal, type Decision, type Happening, type Refusal, type TextCode } from "../shared/decision.ts";
import type { Nomination, NominationState } from "../nomination/nomination.ts";
import type { Instant } from "../shared/time.ts";
import type { IneligibleReason } from "./eligibility.ts";
import type { Amendment, InformationEvent, InformationRequest } from "./information.ts";
import type { NextReminder } from "./reminder.ts";

/** Whether somebody applies to be prepared or to prepare. */
export const APPLICATION_KINDS = ["CANDIDATE", "MENTOR"] as const;

/** One of APPLICATION_KINDS. */
export type ApplicationKind = (typeof APPLICATION_KINDS)[number];

/** Where an application stands. */
export const APPLICATION_STATES = [
  "DRAFT",
  "SUBMITTED",
  "COMPLETE",
  "UNDER_REVIEW",
  "ACCEPTED",
  "WAITLISTED",
  "DECLINED",
  "INELIGIBLE",
  "NOT_TAKEN_UP",
  "DEFERRED",
  "WITHDRAWN",
  "EXPIRED",
] as const;

/** One of APPLICATION_STATES. */
export type ApplicationState = (typeof APPLICATION_STATES)[number];

/** What can be done with an application. */
export const APPLICATION_ACTIONS = [
  "save",
  "submit",
  "complete",
  "withdraw",
  "reopen",
  "expire",
  "startReview",
  "ruleOut",
  "ruleIn",
  "accept",
  "waitlist",
  "decline",
  "giveUp",
  "defer",
  "reverseToAccepted",
  "reverseToWaitlisted",
  "reverseToDeclined",
] as const;

/** One of APPLICATION_ACTIONS. */
export type ApplicationAction = (typeof APPLICATION_ACTIONS)[number];

/** From which state which action leads where. What is not here is refused. */
export const TRANSITIONS: Record<ApplicationState, Partial<Record<ApplicationAction, ApplicationState>>> = {
  // Submitting leads to SUBMITTED while a part that others supply is missing.
  DRAFT: { save: "DRAFT", submit: "COMPLETE", withdraw: "WITHDRAWN", expire: "EXPIRED" },
  SUBMITTED: { complete: "COMPLETE", withdraw: "WITHDRAWN", expire: "EXPIRED", ruleOut: "INELIGIBLE" },
  COMPLETE: {
    withdraw: "WITHDRAWN",
    startReview: "UNDER_REVIEW",
    ruleOut: "INELIGIBLE",
    accept: "ACCEPTED",
    waitlist: "WAITLISTED",
    decline: "DECLINED",
  },
  UNDER_REVIEW: {
    withdraw: "WITHDRAWN",
    ruleOut: "INELIGIBLE",
    accept: "ACCEPTED",
    waitlist: "WAITLISTED",
    decline: "DECLINED",
  },
  ACCEPTED: {
    withdraw: "WITHDRAWN",
    giveUp: "NOT_TAKEN_UP",
    defer: "DEFERRED",
    reverseToWaitlisted: "WAITLISTED",
    reverseToDeclined: "DECLINED",
  },
  WAITLISTED: {
    withdraw: "WITHDRAWN",
    accept: "ACCEPTED",
    decline: "DECLINED",
    reverseToAccepted: "ACCEPTED",
    reverseToDeclined: "DECLINED",
  },
  DECLINED: { reverseToAccepted: "ACCEPTED", reverseToWaitlisted: "WAITLISTED" },
  // Ruling in leads to SUBMITTED while a part that others supply is missing.
  INELIGIBLE: { ruleIn: "COMPLETE" },
  NOT_TAKEN_UP: {},
  DEFERRED: { withdraw: "WITHDRAWN" },
  WITHDRAWN: { reopen: "DRAFT" },
  EXPIRED: { reopen: "DRAFT" },
};

/** What each state is called: for staff and committee, and for the applicant. */
export const STATE_LABELS: Record<ApplicationState, { staff: string; applicant: string }> = {
  DRAFT: { staff: "Draft", applicant: "Not submitted yet" },
  SUBMITTED: { staff: "Submitted, a part is missing", applicant: "Received, a part is missing" },
  COMPLETE: { staff: "Complete, to be reviewed", applicant: "Received" },
  UNDER_REVIEW: { staff: "Under review", applicant: "Under review" },
  ACCEPTED: { staff: "Accepted", applicant: "Accepted" },
  WAITLISTED: { staff: "On the waitlist", applicant: "On the waitlist" },
  DECLINED: { staff: "Declined", applicant: "Not selected" },
  INELIGIBLE: { staff: "Ruled out as not eligible", applicant: "Not eligible" },
  NOT_TAKEN_UP: { staff: "Place not taken up", applicant: "Place not taken up" },
  DEFERRED: { staff: "Deferred to a later cohort", applicant: "Deferred to a later cohort" },
  WITHDRAWN: { staff: "Withdrawn by the applicant", applicant: "Withdrawn" },
  EXPIRED: { staff: "Expired, not complete in time", applicant: "Not complete in time" },
};

/** Kinds of organization the program serves. */
export const ORGANIZATION_KINDS = ["DISTRICT", "COUNTY_OFFICE", "SCHOOL", "STATE", "OTHER"] as const;

/** What each kind is called. */
export const ORGANIZATION_LABELS: Record<Organization["kind"], string> = {
  DISTRICT: "school district",
  COUNTY_OFFICE: "county office of education",
  SCHOOL: "school",
  STATE: "state organization",
  OTHER: "other K-12 organization",
};

/** Sizes of organizations by their students: below 1,000, below 10,000, and more. */
export const ORGANIZATION_SIZES = ["SMALL", "MEDIUM", "LARGE"] as const;

/** What each size is called. */
export const SIZE_LABELS: Record<(typeof ORGANIZATION_SIZES)[number], string> = {
  SMALL: "below 1,000 students",
  MEDIUM: "1,000 to 9,999 students",
  LARGE: "10,000 students or more",
};

/** Where the applicant works, as they state it. Teams are matched by it. */
export interface Organization {
  name: string;
  kind: (typeof ORGANIZATION_KINDS)[number];
  /** Part of the state it is in, in the applicant's words; absent or null where they say nothing of it. */
  region?: string | null;
  size?: (typeof ORGANIZATION_SIZES)[number] | null;
}

/** The region of an organization in one spelling, because people write it as they like; empty where nothing was said of it. */
export function regionOf(organization: Organization | null | undefined): string {
  return (organization?.region ?? "").trim().replaceAll(/\s+/g, " ").toLowerCase();
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

/**
 * What was submitted, with the questions as they were asked. It never changes afterwards, but for what staff ask for anew;
 * then what stood there before is kept beside it.
 */
export interface Submission {
  submittedAt: Instant;
  organization: Organization;
  jobTitle: string;
  answers: readonly { questionId: string; prompt: string; text: string }[];
  /** Absent when none was handed in. */
  resume?: Resume;
  /** What was changed since because staff had asked for it, the first change first; absent when nothing was. */
  amendments?: readonly Amendment[];
}

/** What every application has, whatever its state. */
export interface Base extends Reviewed {
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
  /** The code that lets it in after the deadline; absent while it has used none. */
  lateCodeId?: string;
  /** Letters about it that were asked for, or came by themselves. */
  letters: readonly LetterSummary[];
  /** When staff did without what others had still to supply; absent otherwise. */
  partsWaivedAt?: Instant;
  /** When what the person wrote was removed for good; absent while it is there. */
  contentRemovedAt?: Instant;
  /** Who of the staff entered it, or a part of it, for the applicant; absent when nobody did. */
  enteredBy?: string;
  /** What staff have asked the applicant for; absent while nothing is asked. `openInformation` says whether it can be answered. */
  information?: InformationRequest;
  /** Why it was ruled out; absent unless it is. */
  ineligibleFor?: IneligibleReason;
}

/** What an application knows of a letter about it; what stands in the letter is kept apart. */
export interface LetterSummary {
  requestId: string;
  state: NominationState;
  origin: Nomination["origin"];
  /** Who writes it; null once that was removed. */
  nominator: { name: string; email: string } | null;
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

/** One person's application to one cohort as one kind. The submission exists exactly from its submission on. */
export type Application = Base &
  (
    | {
        state: "DRAFT";
        /** When the draft expires: the window's closing instant as last known. */
        closesAt: Instant;
        /** When its writer is reminded of the closing next; absent once nothing more is sent. */
        nextReminder?: NextReminder;
      }
    | ({ state: "WITHDRAWN" | "EXPIRED"; submission: Submission | null } & Ended)
    | ({ state: "DECLINED" | "INELIGIBLE" | "NOT_TAKEN_UP"; submission: Submission } & Ended)
    | {
        state: "SUBMITTED";
        submission: Submission;
        /** When it expires unless every part has come: the end of the letters' time as last known. */
        lettersUntil: Instant;
      }
    | {
        state: "COMPLETE" | "UNDER_REVIEW" | "ACCEPTED" | "WAITLISTED" | "DEFERRED";
        submission: Submission;
        /** Number of the certificate it led to; absent before one is issued. */
        certificateNumber?: string;
      }
  );

/** What happens to applications. */
export type ApplicationEvent =
  | Happening<"ApplicationStarted", { copiedFrom?: string; fields?: readonly string[] }>
  | Happening<"ApplicationSaved", { fields: readonly string[] }>
  | Happening<"ApplicationSubmitted", { personId: string; cohortId: string }>
  | Happening<"ApplicationWithdrawn", { personId: string; cohortId: string }>
  | Happening<"ApplicationExpired", { personId: string; cohortId: string }>
  | Happening<"ApplicationReviewStarted", object>
  | Happening<
      "ApplicationCompleted",
      {
        personId: string;
        cohortId: string;
        /** The letter that was the last to come; null when it was none. */ nominationId: string | null;
      }
    >
  | Happening<"ApplicationRuledOut", { personId: string; cohortId: string; ineligibleFor: string }>
  | Happening<"ApplicationRuledIn", { personId: string; cohortId: string }>
  | Happening<"DraftReminded", { personId: string; cohortId: string; daysBefore: number }>
  | InformationEvent
  | Happening<"ApplicationContentErased", object>
  | Happening<"ApplicationContentExpired", object>;

/** Why an application cannot be started. */
export type StartCode = LatenessCode | "ALREADY_STARTED" | "NOT_OPEN_YET" | "TOO_LATE" | "CONTENT_REMOVED";

/** Why the state does not allow a step. */
export type StateCode = "WRONG_STATE" | "ALREADY_SUBMITTED";

/** What can be wrong with the pieces of a draft. */
export type PieceCode = TextCode | "UNKNOWN_QUESTION" | "ANSWER_TWICE";

/** Why a draft cannot be saved. */
export type SaveCode = PieceCode | StateCode | "CONFLICT";

/** Why an application cannot be submitted. */
export type SubmitCode = StateCode | LatenessCode | "NOT_OPEN_YET" | "TOO_LATE" | "REQUIRED" | "CONFLICT";

/** Why a review cannot begin. */
export type ReviewCode = StateCode | "OWN_APPLICATION" | "RECUSED";

/** What a step with an application answers. */
export type Answer<Code extends string> = Decision<Application, Code, ApplicationEvent>;

/** The id says whose application it is: there is one per person, cohort and kind. */
export function applicationId(cohortId: string, kind: ApplicationKind, personId: string): string {
  return `app_${cohortId.replace("coh_", "")}-${kind === "CANDIDATE" ? "c" : "m"}-${personId.replace("per_", "")}`;
}

/** Whether an application is one of a person's, by its id. */
export function isApplicationOf(id: string, personId: string): boolean {
  return id.endsWith(`-${personId.replace("per_", "")}`);
}

/**
 * Whether the viewer has stepped back from an application, or had to: then no office leads to it. For a service token that also
 * holds of the applications of whoever created it, who would see by it what is not for them.
 */
export function isRecusedFrom(viewer: Viewer | null, id: string): boolean {
  if (viewer === null) return false;
  const { person, onBehalfOf = [] } = viewer;
  return person.recusedFrom.includes(id) || onBehalfOf.some((personId) => isApplicationOf(id, personId));
}

/** The applications that the facts of an event or a message name besides what it is about. */
interface Concerned {
  /** Null where a letter has found no application yet. */
  applicationId?: string | null;
  candidateApplicationId?: string;
  mentorApplicationId?: string;
  applicationIds?: readonly string[];
}

/** Ids of the applications that the facts of an event or a message name. */
export function applicationsNamed(facts: object): string[] {
  const concerned = facts as Concerned;
  const named = [
    concerned.applicationId,
    concerned.candidateApplicationId,
    concerned.mentorApplicationId,
    ...(concerned.applicationIds ?? []),
  ];
  return named.filter((id) => id != null);
}

/** Whether the viewer is recused from one of the applications that these facts name. */
export function isRecusedFromNamed(viewer: Viewer | null, facts: object): boolean {
  return applicationsNamed(facts).some((id) => isRecusedFrom(viewer, id));
}

/** Whether the viewer is recused from an application of somebody with these ids. */
export function isRecusedFromAny(viewer: Viewer | null, personIds: readonly string[]): boolean {
  const recusedFrom = viewer?.person.recusedFrom ?? [];
  return recusedFrom.some((id) => personIds.some((personId) => isApplicationOf(id, personId)));
}

/** Whether the viewer is recused from one of the applications of a kind to a cohort, so that counting them would tell of it. */
export function isRecusedFromOneOf(viewer: Viewer | null, cohortId: string, kind: ApplicationKind): boolean {
  return viewer?.person.recusedFrom.some((id) => id.startsWith(applicationId(cohortId, kind, ""))) ?? false;
}

/**
 * Whether the viewer may see the application: its owner; staff; and of the committee, once it was submitted, its chair, its
 * reviewers, and everybody when as many reviews as it needs are in; nobody recused. What is in it is for fewer.
 */
export function mayRead(viewer: Viewer | null, application: Application): boolean {
  if (isSelf(viewer, application.personId)) return true;
  if (isRecusedFrom(viewer, application.id)) return false;
  if (isStaff(viewer)) return true;
  const { cohortId } = application;
  if (!isCommittee(viewer, cohortId) || !wasSubmitted(application)) return false;
  return isChair(viewer, cohortId) || concernsMember(application, viewer);
}

/** Whether the viewer may read what is in the application: of the committee, chairs included, who declared no conflict. */
export function mayReadContent(viewer: Viewer | null, application: Application): boolean {
  if (!mayRead(viewer, application)) return false;
  return isSelf(viewer, application.personId) || isStaff(viewer) || hasDeclared(application, viewer);
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
  return ["WITHDRAWN", "EXPIRED", "DECLINED", "INELIGIBLE", "NOT_TAKEN_UP"].includes(state);
}

/** Whether the application was ever submitted, also when it was withdrawn later. */
export function wasSubmitted(application: Application): application is Application & { submission: Submission } {
  return "submission" in application && application.submission !== null;
}

/** Every résumé that was submitted: the one that stands, and those before it was amended. */
function submittedResumes(application: Application): Resume[] {
  const submission = "submission" in application ? application.submission : null;
  const earlier = (submission?.amendments ?? []).map(({ replaced }) => replaced.resume ?? undefined);
  return [submission?.resume, ...earlier].filter((each) => each !== undefined);
}

/** Ids of every file that is a résumé of the application: of the draft, and as submitted. */
export function resumeFiles(application: Application): ReadonlySet<string> {
  const { resume } = application.draft;
  return new Set([...submittedResumes(application), ...(resume ? [resume] : [])].map(({ fileId }) => fileId));
}

/** Whether the file is a résumé that is not submitted yet, while another one may be. */
export function isDraftResume(application: Application, fileId: string): boolean {
  return application.draft.resume?.fileId === fileId && !isSubmittedResume(application, fileId);
}

/** Whether the file is a résumé that was submitted, also where another one has taken its place. */
export function isSubmittedResume(application: Application, fileId: string): boolean {
  return submittedResumes(application).some((resume) => resume.fileId === fileId);
}

/** Where the applicant works: as submitted, or as it stands in the draft before that. */
export function organizationOf(application: Application): Organization | null {
  return wasSubmitted(application) ? application.submission.organization : application.draft.organization;
}

/** The résumé as it was submitted, or as it stands in the draft before that. */
export function resumeOf(application: Application): Resume | undefined {
  const submission = "submission" in application ? application.submission : null;
  return (submission ?? application.draft).resume;
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
const OFFICE_ACTIONS: ReadonlySet<ApplicationAction> = new Set([
  "complete",
  "startReview",
  "ruleOut",
  "ruleIn",
  "accept",
  "waitlist",
  "decline",
  "reverseToAccepted",
  "reverseToWaitlisted",
  "reverseToDeclined",
]);

/** Why the state does not allow the action; empty when it does. */
export function stateRefusals(application: Application, action: ApplicationAction): Refusal<StateCode>[] {
  if (TRANSITIONS[application.state][action] !== undefined) return [];
  if (action === "submit" && TRANSITIONS[application.state].reopen === undefined) {
    return [refusal("ALREADY_SUBMITTED", "This application was submitted already; there is nothing left to do.")];
  }
  return [wrongState(application, OFFICE_ACTIONS.has(action) ? "staff" : "applicant")];
}

/** The refusal of a step that the state does not allow, in the words of whoever takes it. */
export function wrongState({ state }: Application, reader: "staff" | "applicant"): Refusal<"WRONG_STATE"> {
  const label = STATE_LABELS[state][reader];
  return refusal("WRONG_STATE", `This is not possible now: the state of the application is “${label}”.`);
}

/** The event of a step that leads from one state to another. */
export function changed(
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
