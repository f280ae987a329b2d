import type { Application, ApplicationState, Draft, Submission } from "../../schema/application/application.ts";
import type { Certificate } from "../../schema/certificate/certificate.ts";
import type { Cohort, Window } from "../../schema/cohort/cohort.ts";
import {
  DEFAULT_CREDENTIAL,
  DEFAULT_CURRICULUM,
  DEFAULT_POLICY,
  DEFAULT_QUESTIONS,
  DEFAULT_RETENTION,
} from "../../schema/cohort/policy.ts";
import type { Decision } from "../../schema/decision/decision.ts";
import type { FileState, StoredFile } from "../../schema/file/file.ts";
import type { Message } from "../../schema/message/message.ts";
import type { Person, Viewer } from "../../schema/person/person.ts";
import type { Review } from "../../schema/review/review.ts";
import type { Reviewed, Reviewer } from "../../schema/review/reviewer.ts";
import type { Role, RoleTerm, Scope } from "../../schema/person/role.ts";
import type { Decision as Ruling, Happening, Refusal } from "../../schema/shared/decision.ts";

/** A moment at which the window of `cohort()` is open. */
export const NOW = "2026-09-01T16:00:00.000Z";

/** Los Angeles keeps Pacific Daylight Time then, seven hours behind UTC. */
export const WINDOW: Window = {
  opens: "2026-08-01T08:00",
  closes: "2026-09-18T17:00",
  opensAt: "2026-08-01T15:00:00.000Z",
  closesAt: "2026-09-19T00:00:00.000Z",
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
    window: WINDOW,
    questions: DEFAULT_QUESTIONS,
    curriculum: DEFAULT_CURRICULUM,
    credential: DEFAULT_CREDENTIAL,
    retention: DEFAULT_RETENTION,
    policy: DEFAULT_POLICY,
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

type Fields = Reviewed &
  Partial<Pick<Application, "id" | "version" | "number" | "cohortId" | "kind" | "personId" | "draft" | "recusals">>;

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
    ...overrides,
  };
  switch (state) {
    case "DRAFT":
      return frozen({ ...base, state, closesAt: WINDOW.closesAt });
    case "EXPIRED":
      return frozen({ ...base, state, submission: null, keptUntil: KEPT_UNTIL });
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
