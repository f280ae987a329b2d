import type {
  Application,
  ApplicationState,
  Draft,
  LetterSummary,
  Submission,
} from "../../schema/application/application.ts";
import type { InformationRequest } from "../../schema/application/information.ts";
import type { Certificate } from "../../schema/certificate/certificate.ts";
import type { Cohort } from "../../schema/cohort/cohort.ts";
import type { Window, Windows } from "../../schema/cohort/window.ts";
import {
  DEFAULT_CREDENTIAL,
  DEFAULT_CURRICULUM,
  DEFAULT_POLICY,
  DEFAULT_QUESTIONS,
  DEFAULT_RETENTION,
  NOTHING_RETIRED,
  type CohortPolicy,
} from "../../schema/cohort/policy.ts";
import type { Decision } from "../../schema/decision/decision.ts";
import type { SlateRow } from "../../schema/decision/row.ts";
import type { Slate } from "../../schema/decision/slate.ts";
import type { FileState, StoredFile } from "../../schema/file/file.ts";
import type { Message } from "../../schema/message/message.ts";
import type { Offer } from "../../schema/offer/offer.ts";
import type { Nomination, NominationState } from "../../schema/nomination/nomination.ts";
import type { Person, Viewer } from "../../schema/person/person.ts";
import type { Review } from "../../schema/review/review.ts";
import type { Reviewed, Reviewer } from "../../schema/review/reviewer.ts";
import type { Role, RoleTerm, Scope } from "../../schema/person/role.ts";
import type { Team } from "../../schema/team/team.ts";
import type { Decision as Ruling, Happening, Refusal } from "../../schema/shared/decision.ts";

/** A moment at which the window of `cohort()` is open. */
export const NOW = "2026-09-01T16:00:00.000Z";

/** Los Angeles keeps Pacific Daylight Time then, seven hours behind UTC. */
export const WINDOW: Window = {
  opens: "2026-08-01T08:00",
  closes: "2026-09-18T17:00",
  enforced: "2026-09-18T17:00",
  opensAt: "2026-08-01T15:00:00.000Z",
  closesAt: "2026-09-19T00:00:00.000Z",
  enforcedAt: "2026-09-19T00:00:00.000Z",
};

/** The same window for both kinds of applicant. */
export const both = (window: Window): Windows => ({ CANDIDATE: window, MENTOR: window });

/** When the time of the letters of `cohort()` is over: a week after its window. */
export const LETTERS_UNTIL = "2026-09-26T00:00:00.000Z";

/** The program's policy for a cohort whose candidates need no letter. */
const WITHOUT_LETTERS: CohortPolicy = {
  ...DEFAULT_POLICY,
  letters: { ...DEFAULT_POLICY.letters, required: { CANDIDATE: 0, MENTOR: 0 } },
};

export function cohort(overrides: Partial<Cohort> = {}): Cohort {
  return frozen({
    id: "coh_1",
    version: 3,
    state: "PUBLISHED",
    year: 2027,
    number: 7,
    name: "Cohort 2027",
    region: "Northern California",
    zone: "America/Los_Angeles",
    seats: 20,
    tuition: { cents: 250_000, currency: "USD" },
    windows: both(WINDOW),
    questions: DEFAULT_QUESTIONS,
    curriculum: DEFAULT_CURRICULUM,
    credential: DEFAULT_CREDENTIAL,
    retention: DEFAULT_RETENTION,
    policy: WITHOUT_LETTERS,
    retired: NOTHING_RETIRED,
    ...overrides,
  });
}

/** An end at NOW. */
export const ENDING = { cohort: cohort(), now: NOW };

export function person(overrides: Partial<Person> = {}): Person {
  return frozen({
    id: "per_owner",
    version: 1,
    name: "Avery Example",
    state: "ACTIVE",
    email: "avery@example.org",
    addresses: [{ email: "avery@example.org", kind: "WORK", verifiedAt: "2026-08-15T16:00:00.000Z" }],
    roles: [],
    recusedFrom: [],
    wasRecusedFrom: [],
    isListed: false,
    joinedAt: "2026-08-15T16:00:00.000Z",
    givenUp: [],
    formerIds: [],
    mergedInto: null,
    ...overrides,
  });
}

const SINCE = "2026-01-01T08:00:00.000Z";

/** A role for the whole program, or for what is said. */
export function termOf(role: Role, from: string, until: string | null, scope: Partial<Scope> = {}): RoleTerm {
  return { role, cohortId: null, classId: null, from, until, ...scope };
}

/** Everybody who may look at something, at NOW. */
export const VIEWERS = {
  owner: viewer({}),
  stranger: viewer({ id: "per_stranger" }),
  staff: viewer({ id: "per_staff", roles: [termOf("STAFF", SINCE, null)] }),
  committee: viewer({ id: "per_committee", roles: [termOf("COMMITTEE", SINCE, null)] }),
  formerStaff: viewer({ id: "per_former", roles: [termOf("STAFF", SINCE, NOW)] }),
  formerCommittee: viewer({ id: "per_former", roles: [termOf("COMMITTEE", SINCE, NOW)] }),
  ownerOnStaff: viewer({ roles: [termOf("STAFF", SINCE, null)] }),
  ownerOnCommittee: viewer({ roles: [termOf("COMMITTEE", SINCE, null)] }),
};

export function viewer(overrides: Partial<Person>, now = NOW): Viewer {
  return frozen({ person: person(overrides), now });
}

export const DRAFT: Draft = {
  organization: { name: "Test Unified School District", kind: "DISTRICT" },
  jobTitle: "Technology coordinator",
  answers: Object.fromEntries(
    ["objective", "leadership", "technology", "projects", "finance", "experience"].map((id) => [id, `About ${id}.`]),
  ),
};

export const SUBMISSION: Submission = {
  submittedAt: "2026-08-20T16:00:00.000Z",
  organization: { name: "Test Unified School District", kind: "DISTRICT" },
  jobTitle: "Technology coordinator",
  answers: [{ questionId: "objective", prompt: "What is your career objective?", text: "About objective." }],
};

/** What staff asked for the day before NOW, and can be answered until the end of 10 September. */
export const REQUEST: InformationRequest = {
  parts: ["JOB_TITLE"],
  questionIds: ["finance"],
  message: "Which budget?\nPlease name the sum.",
  askedBy: "per_staff",
  askedAt: "2026-08-31T16:00:00.000Z",
  dueOn: "2026-09-10",
  dueAt: "2026-09-11T07:00:00.000Z",
  nextReminder: { daysBefore: 2, at: "2026-09-08T15:00:00.000Z", before: "2026-09-11T07:00:00.000Z" },
  missedAt: null,
};

type Fields = Reviewed &
  Partial<
    Pick<
      Application,
      | "id"
      | "version"
      | "number"
      | "cohortId"
      | "kind"
      | "personId"
      | "draft"
      | "recusals"
      | "letters"
      | "information"
      | "enteredBy"
      | "ineligibleFor"
    >
  >;

/** Until when what is in an application is kept that ended at NOW. */
export const KEPT_UNTIL = "2028-08-31T16:00:00.000Z";

/** An application in a state, with what that state has. Withdrawn means: after it was submitted. */
export function application(state: ApplicationState, overrides: Fields = {}): Application {
  const base = {
    id: "app_1-c-owner",
    version: 4,
    number: "APP-2027-0042",
    cohortId: "coh_1",
    kind: "CANDIDATE" as const,
    personId: "per_owner",
    draft: DRAFT,
    startedAt: "2026-08-16T16:00:00.000Z",
    recusals: [],
    letters: [],
    ...overrides,
  };
  switch (state) {
    case "DRAFT":
      return frozen({ ...base, state, closesAt: WINDOW.closesAt });
    case "EXPIRED":
      return frozen({ ...base, state, submission: null, keptUntil: KEPT_UNTIL });
    case "SUBMITTED":
      return frozen({ ...base, state, submission: SUBMISSION, lettersUntil: LETTERS_UNTIL });
    case "WITHDRAWN":
    case "DECLINED":
    case "INELIGIBLE":
    case "NOT_TAKEN_UP":
      return frozen({ ...base, state, submission: SUBMISSION, keptUntil: KEPT_UNTIL });
    default:
      return frozen({ ...base, state, submission: SUBMISSION });
  }
}

/** A reviewer of the application above, assigned at NOW. */
export function reviewer(overrides: Partial<Reviewer> = {}): Reviewer {
  const { assignedAt, dueAt, personId } = review();
  return frozen({ personId, state: "ASSIGNED", assignedAt, dueAt, ...overrides });
}

/** Their review, of which they know. */
export function review(overrides: Partial<Review> = {}): Review {
  return frozen({
    id: "app_1-c-owner.per_committee",
    version: 1,
    applicationId: "app_1-c-owner",
    number: "APP-2027-0042",
    cohortId: "coh_1",
    kind: "CANDIDATE",
    personId: "per_committee",
    state: "ASSIGNED",
    assignedAt: NOW,
    assignedBy: "per_staff",
    dueAt: "2026-09-23T00:00:00.000Z",
    zone: "America/Los_Angeles",
    toldAt: NOW,
    reminders: ["2026-09-15T15:00:00.000Z", "2026-09-20T15:00:00.000Z"],
    criteria: [],
    marks: {},
    recommendation: null,
    comments: [],
    submittedAt: null,
    ...overrides,
  });
}

type FileFields = Partial<
  Pick<StoredFile, "id" | "purpose" | "personId" | "uploadedBy" | "about" | "contentType" | "bytes">
>;

/** A file in a state; the owner's résumé for the application above, unless told otherwise. */
export function storedFile(state: FileState, overrides: FileFields = {}): StoredFile {
  const base = {
    id: "fil_1",
    version: 2,
    purpose: "RESUME" as const,
    personId: "per_owner",
    uploadedBy: "per_owner",
    about: { kind: "Application" as const, id: "app_1-c-owner" },
    contentType: "application/pdf",
    bytes: 400,
    createdAt: "2026-08-31T20:00:00.000Z",
    ...overrides,
  };
  const removedAt = "2026-09-01T15:00:00.000Z";
  switch (state) {
    case "PENDING":
      return frozen({ ...base, state, name: "resume.pdf", expiresAt: "2026-09-01T20:00:00.000Z" });
    case "ATTACHED":
      return frozen({ ...base, state, name: "resume.pdf", retainUntil: null });
    case "REMOVED":
      return frozen({ ...base, state, name: "resume.pdf", removedAt });
    case "ERASED":
      return frozen({ ...base, state, name: null, removedAt });
  }
}

/** What a slate proposes for the application above: to accept it. */
export function slateRow(overrides: Partial<SlateRow> = {}): SlateRow {
  return frozen({
    applicationId: "app_1-c-owner",
    outcome: "ACCEPT",
    rank: null,
    rationale: "",
    submittedAt: SUBMISSION.submittedAt,
    ...overrides,
  });
}

/** A slate of that row alone. */
export function slate(overrides: Partial<Slate> = {}): Slate {
  return frozen({
    id: "sla_1",
    version: 3,
    cohortId: "coh_1",
    kind: "CANDIDATE",
    state: "ACTIVE",
    name: "Cautious",
    rows: [slateRow()],
    copiedFrom: null,
    savedBy: "per_staff",
    savedAt: "2026-01-01T08:00:00.000Z",
    ...overrides,
  });
}

/** A prepared acceptance of the application above. */
export function decision(overrides: Partial<Decision> = {}): Decision {
  return frozen({
    id: "app_1-c-owner",
    version: 2,
    cohortId: "coh_1",
    kind: "CANDIDATE",
    personId: "per_owner",
    state: "PREPARED",
    outcome: "ACCEPT",
    rank: null,
    rationale: "Strong on all criteria.",
    vote: null,
    preparedBy: "per_committee",
    preparedAt: "2026-10-01T16:00:00.000Z",
    releasedAt: null,
    holdsSeat: true,
    told: null,
    ...overrides,
  });
}

/** A place offered to the owner above at NOW, to be answered by 15 September at 17:00. */
export function offer(overrides: Partial<Offer> = {}): Offer {
  return frozen({
    id: "app_1-c-owner",
    version: 1,
    cohortId: "coh_1",
    personId: "per_owner",
    state: "OFFERED",
    offeredAt: NOW,
    answerBy: "2026-09-15",
    dueAt: "2026-09-16T00:00:00.000Z",
    nextReminder: { daysBefore: 7, at: "2026-09-09T00:00:00.000Z" },
    isPromoted: false,
    conditions: null,
    acknowledged: null,
    answeredAt: null,
    reason: null,
    deferral: null,
    takenUpBy: null,
    ...overrides,
  });
}

/** Valid through 19 November 2030, with its first reminder 180 days before. */
export function certificate(overrides: Partial<Certificate> = {}): Certificate {
  return frozen({
    id: "CTOM-2027-7F3K9Q",
    version: 1,
    personId: "per_owner",
    applicationId: "app_1-c-owner",
    cohortId: "coh_1",
    holderName: "Avery Example",
    issuedOn: "2027-11-19",
    expiresOn: "2030-11-19",
    zone: "America/Los_Angeles",
    policy: DEFAULT_CREDENTIAL,
    nextReminder: { daysBefore: 180, at: "2030-05-23T15:00:00.000Z" },
    ...overrides,
  });
}

/** A team whose mentor was asked at NOW. */
export function team(overrides: Partial<Team> = {}): Team {
  return frozen({
    id: "app_1-c-owner.1",
    version: 1,
    number: 1,
    cohortId: "coh_1",
    candidateApplicationId: "app_1-c-owner",
    candidatePersonId: "per_owner",
    mentorApplicationId: "app_1-m-bo",
    mentorPersonId: "per_bo",
    state: "PROPOSED",
    proposalId: "prp_1",
    askedBy: "per_staff",
    askedAt: NOW,
    answerBy: "2026-09-09T00:00:00.000Z",
    reminders: ["2026-09-07T00:00:00.000Z"],
    escalatedAt: null,
    announcedAt: null,
    endedAt: null,
    askedMessageId: null,
    announcedEventId: null,
    ...overrides,
  });
}

type NominationFields = Partial<
  Pick<Nomination, "id" | "origin" | "nominator" | "nominee" | "linkId" | "openedAt" | "contentRemovedAt" | "createdAt">
>;

/** A letter for the application above in a state; one without an application when it came by itself. */
export function nomination(state: NominationState, overrides: NominationFields = {}): Nomination {
  const isUnmatched = state === "UNMATCHED" || state === "OFFERED";
  const hasCome = isUnmatched || state === "PROVIDED";
  const base = {
    id: "nom_1",
    version: 2,
    cohortId: "coh_1",
    origin: isUnmatched ? ("UNSOLICITED" as const) : ("REQUESTED" as const),
    applicationId: isUnmatched ? null : "app_1-c-owner",
    personId: isUnmatched ? null : "per_owner",
    nominator: { name: "Pat Super", email: "pat.super@example.org", position: "Superintendent" },
    nominee: isUnmatched ? { name: "Nina Nominee", email: "nina@example.org" } : null,
    linkId: state === "UNMATCHED" ? null : "lnk_1",
    createdAt: "2026-08-25T16:00:00.000Z",
    openedAt: null,
    text: hasCome ? "We support them." : "",
    signature: hasCome ? { name: "Pat Super", position: "Superintendent" } : null,
    ...overrides,
  };
  switch (state) {
    case "OFFERED":
    case "UNMATCHED":
    case "REQUESTED":
    case "OPENED":
    case "BOUNCED":
      return frozen({ ...base, state, dueAt: WINDOW.closesAt, remindedDays: null });
    default:
      return frozen({ ...base, state, closedAt: NOW, keptUntil: KEPT_UNTIL });
  }
}

/** What an application knows of a letter. */
export function summaryOf({ id, state, origin, nominator }: Nomination): LetterSummary {
  return { requestId: id, state, origin, nominator: { name: nominator.name, email: nominator.email ?? "" } };
}

export function message(overrides: Partial<Message> = {}): Message {
  return frozen({
    id: "msg_1-application-received-owner",
    version: 1,
    state: "QUEUED",
    template: "application-received",
    personId: "per_owner",
    to: null,
    about: { kind: "Application", id: "app_1-c-owner" },
    facts: { personId: "per_owner" },
    queuedAt: "2026-09-01T15:00:00.000Z",
    sendAfter: "2026-09-01T15:00:00.000Z",
    dueAt: "2026-09-01T15:05:00.000Z",
    attempts: 0,
    isResent: false,
    sentTo: null,
    subject: null,
    sesMessageId: null,
    earlierSesMessageIds: [],
    sentAt: null,
    reason: null,
    ...overrides,
  });
}

/** What a rule decided; a refusal fails the test with its sentences. */
export function decided<Outcome, Event extends Happening>(
  ruling: Ruling<Outcome, string, Event>,
): { outcome: Outcome; events: readonly Event[] } {
  if ("refusals" in ruling) throw new Error(ruling.refusals.map(({ message: text }) => text).join(" "));
  return ruling;
}

/** The refusals of a rule; none when it decided. */
export function refused<Code extends string>(ruling: Ruling<unknown, Code>): readonly Refusal<Code>[] {
  return "refusals" in ruling ? ruling.refusals : [];
}

/** Code and field of each refusal, as `TOO_LONG organization.name`. */
export function faults(ruling: Ruling<unknown> | readonly Refusal[]): string[] {
  const refusals = "refusals" in ruling ? ruling.refusals : "outcome" in ruling ? [] : ruling;
  return refusals.map(({ code, field }) => (field ? `${code} ${field.join(".")}` : code));
}

/** The same record, frozen to its leaves: a rule that changes what it was given throws. */
function frozen<Record extends object>(record: Record): Record {
  for (const part of Object.values(record)) if (typeof part === "object" && part !== null) frozen(part as object);
  return Object.freeze(record);
}
