import type { Caller } from "../../infra/local/caller.ts";
import { STAFF, type Program } from "./program.ts";

/** A program that can be asked, in this process or another. */
export type Asks = Pick<Program, "ask">;

/** An obstacle as a mutation answers it. */
export interface UserError {
  code: string;
  field: string[] | null;
  message: string;
}

/** What a step answered: the thing it is about, and what stood in the way. */
export type Outcome<Thing> = Thing & { userErrors: UserError[] };

/** Runs one mutation with its input and answers its payload, with user errors in full. */
export async function step<Thing>(
  program: Asks,
  caller: Caller,
  mutation: string,
  input: object,
  selection = "",
): Promise<Outcome<Thing>> {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
  const inputType = INPUT_TYPES[mutation] ?? type;
  const query = `mutation($input: ${inputType}!) { ${mutation}(input: $input) { ${selection} userErrors { code field message } } }`;
  const data = await program.ask<Record<string, Outcome<Thing>>>(caller, query, { input });
  return data[mutation]!;
}

const INPUT_TYPES: Record<string, string> = {
  viewerEmailPrefer: "ViewerEmailInput",
  viewerEmailRemove: "ViewerEmailInput",
  roleGrant: "RoleInput",
  roleEnd: "RoleInput",
  applicationWithdraw: "ApplicationInput",
  applicationReviewStart: "ApplicationInput",
  applicationAmend: "ApplicationSaveInput",
  nominationCancel: "NominationInput",
  messageHold: "MessageReasonInput",
  messageCancel: "MessageReasonInput",
  mailKindHold: "MailKindInput",
  mailKindFree: "MailKindInput",
  fileAttach: "FileInput",
  fileRemove: "FileInput",
  fileDownload: "FileInput",
  offerDeferRefuse: "OfferDeferInput",
  jointAccept: "JointAnswerInput",
  jointDecline: "JointAnswerInput",
  teamAccept: "TeamInput",
};

/** Makes somebody a committee member and answers them. */
export async function committeeMember(program: Asks, caller: NonNullable<Caller>): Promise<NonNullable<Caller>> {
  const personId = await idOf(program, caller);
  await step(program, STAFF, "roleGrant", { personId, role: "COMMITTEE", why: "Test" });
  return caller;
}

/** Makes somebody the chair of every cohort's committee and answers them: they see every application. */
export async function chairPerson(program: Asks, caller: NonNullable<Caller>): Promise<NonNullable<Caller>> {
  const personId = await idOf(program, caller);
  await step(program, STAFF, "roleGrant", { personId, role: "CHAIR", why: "Test" });
  return caller;
}

/** Creates a service token; answers its id, and whoever calls with it. */
export async function serviceToken(
  program: Asks,
  terms: { name: string; role: "STAFF" | "COMMITTEE"; operations: readonly string[]; days?: number },
  by: Caller = STAFF,
): Promise<{ id: string; caller: NonNullable<Caller> & { token: string } }> {
  const created = await step<{ serviceToken: { id: string } | null; secret: string | null }>(
    program,
    by,
    "serviceTokenCreate",
    { days: 30, ...terms },
    "serviceToken { id } secret",
  );
  if (!created.serviceToken) throw new Error(created.userErrors.map(({ message }) => message).join(" "));
  return { id: created.serviceToken.id, caller: { name: terms.name, email: "", token: created.secret! } };
}

/** Creates a late code; answers its id and what applicants type. */
export async function lateCode(
  program: Asks,
  cohortId: string,
  terms: Partial<{ kind: "CANDIDATE" | "MENTOR"; expires: string; mostUses: number; why: string }> = {},
  by: Caller = STAFF,
): Promise<{ id: string; code: string }> {
  const input = { cohortId, kind: "CANDIDATE", expires: "2026-12-01T08:00", mostUses: 1, why: "Test", ...terms };
  const created = await step<{ lateCode: { id: string } | null; code: string | null }>(
    program,
    by,
    "lateCodeCreate",
    input,
    "lateCode { id } code",
  );
  if (!created.lateCode) throw new Error(created.userErrors.map(({ message }) => message).join(" "));
  return { id: created.lateCode.id, code: created.code! };
}

/** The person's id; the first call signs them in. */
export async function idOf(program: Asks, caller: Caller): Promise<string> {
  const { viewer } = await program.ask<{ viewer: { person: { id: string } } }>(caller, "{ viewer { person { id } } }");
  return viewer.person.id;
}

/** Terms of a cohort whose window is open on 1 September 2026. */
export const TERMS = {
  year: 2027,
  number: 1,
  name: "Cohort 2027",
  region: "Northern California",
  zone: "America/Los_Angeles",
  seats: 20,
  windowOpens: "2026-08-01T08:00",
  windowCloses: "2026-09-18T17:00",
  candidateLetters: 0,
  mentorLetters: 0,
};

/** A moment at which the window of TERMS is open. */
export const IN_WINDOW = "2026-09-01T16:00:00.000Z";

/** Creates and publishes a cohort; answers its id. */
export async function publishedCohort(program: Asks, terms: Partial<typeof TERMS> = {}): Promise<string> {
  const created = await step<{ cohort: { id: string; version: number } }>(
    program,
    STAFF,
    "cohortCreate",
    { ...TERMS, ...terms },
    "cohort { id version }",
  );
  const { id, version } = created.cohort;
  await step(program, STAFF, "cohortPublish", { cohortId: id, expectedVersion: version });
  return id;
}

const ANSWERS = {
  CANDIDATE: ["objective", "leadership", "technology", "projects", "finance", "experience"],
  MENTOR: ["position", "experience", "background", "availability"],
};

/** Starts an application; answers its id. */
export async function draft(
  program: Asks,
  caller: Caller,
  cohortId: string,
  kind: "CANDIDATE" | "MENTOR" = "CANDIDATE",
): Promise<string> {
  const started = await step<{ application: { id: string } }>(
    program,
    caller,
    "applicationStart",
    { cohortId, kind },
    "application { id }",
  );
  return started.application.id;
}

/** Everything that is required of an application. */
export function complete(applicationId: string, kind: "CANDIDATE" | "MENTOR" = "CANDIDATE"): object {
  return {
    applicationId,
    organization: { name: "Test Unified School District", kind: "DISTRICT" },
    jobTitle: "Technology coordinator",
    answers: ANSWERS[kind].map((questionId) => ({ questionId, text: `An answer about ${questionId}.` })),
  };
}

/** Starts, fills in and submits an application; answers its id. */
export async function submitted(
  program: Asks,
  caller: Caller,
  cohortId: string,
  kind: "CANDIDATE" | "MENTOR" = "CANDIDATE",
): Promise<string> {
  const applicationId = await draft(program, caller, cohortId, kind);
  await step(program, caller, "applicationSave", complete(applicationId, kind));
  const { userErrors } = await step(program, caller, "applicationSubmit", { applicationId });
  if (userErrors.length > 0) throw new Error(userErrors.map(({ message }) => message).join(" "));
  return applicationId;
}

/** Prepares a decision as somebody, staff unless told otherwise. */
export async function prepare(
  program: Asks,
  applicationId: string,
  motion: object = { outcome: "ACCEPT" },
  caller: Caller = STAFF,
): Promise<
  Outcome<{ decision: { id: string; version: number; state: string; outcome: string; rank: number | null } | null }>
> {
  const input = { applicationId, rationale: "Test", ...motion };
  return step(program, caller, "decisionPrepare", input, "decision { id version state outcome rank }");
}

/** Releases what is prepared: looks first, then confirms. */
export async function release(
  program: Asks,
  cohortId: string,
  kind: "CANDIDATE" | "MENTOR" = "CANDIDATE",
  idempotencyKey = `release-${cohortId}-${kind}`,
): Promise<Outcome<{ rows: { applicationId: string; outcome: string; released: boolean }[] | null }>> {
  const selection = "rows { applicationId outcome released } confirmToken";
  const input = { cohortId, kind, idempotencyKey };
  const looked = await step<{ confirmToken: string }>(
    program,
    STAFF,
    "decisionRelease",
    { ...input, dryRun: true },
    selection,
  );
  return step(program, STAFF, "decisionRelease", { ...input, confirmToken: looked.confirmToken }, selection);
}

/** The mails of a person so far, oldest first, by subject. */
export async function subjectsTo(program: Program, { email }: NonNullable<Caller>): Promise<string[]> {
  await program.settle();
  const mails = await program.ses.mails();
  return mails
    .filter(({ to }) => to.includes(email))
    .sort((a, b) => (a.time < b.time ? -1 : 1))
    .map(({ subject }) => subject ?? "");
}

/** The tokens of the one-time links to a page in the mails to this address, oldest first. */
export async function tokensTo(program: Program, email: string, path = "/confirm-address"): Promise<string[]> {
  await program.settle();
  const mails = (await program.ses.mails()).filter(({ to }) => to.includes(email));
  const inOrder = mails.sort((a, b) => (a.time < b.time ? -1 : 1));
  return inOrder.flatMap(({ text }) => text?.split(`${path}#`)[1]?.split(/\s/, 1) ?? []);
}

/** A nomination as the applicant sees it. */
export interface NominationSeen {
  id: string;
  state: string;
  nominatorName: string | null;
}

/** Has an applicant ask somebody for a nomination. */
export async function nominated(
  program: Asks,
  applicant: Caller,
  applicationId: string,
  nominator: NonNullable<Caller>,
  more: object = {},
): Promise<Outcome<{ nomination: NominationSeen | null }>> {
  const idempotencyKey = `nominate-${nominator.email.replaceAll(/[^a-z0-9]/gi, "-")}`;
  const input = { applicationId, ...nominator, position: "Superintendent", idempotencyKey, ...more };
  return step(program, applicant, "nominationRequest", input, "nomination { id state nominatorName }");
}

/** Has somebody add an address and confirm it. */
export async function addEmail(program: Program, caller: Caller, email: string, kind = "PERSONAL"): Promise<void> {
  await step(program, caller, "viewerEmailAdd", { email, kind });
  const token = (await tokensTo(program, email)).at(-1);
  const { userErrors } = await step(program, null, "emailConfirm", { token });
  if (userErrors.length > 0) throw new Error(userErrors.map(({ message }) => message).join(" "));
  await program.settle();
}

/** Takes a candidate through application, decision and offer; answers the accepted application's id. */
export async function accepted(program: Asks, caller: Caller, cohortId: string): Promise<string> {
  const applicationId = await submitted(program, caller, cohortId);
  const { userErrors } = await prepare(program, applicationId);
  if (userErrors.length > 0) throw new Error(userErrors.map(({ message }) => message).join(" "));
  await release(program, cohortId, "CANDIDATE", `release-${applicationId.slice(-60)}`);
  await step(program, caller, "offerAccept", { applicationId, commitsToAllDates: true });
  return applicationId;
}

/** A certificate as it is asked for here. */
export interface Certificate {
  number: string;
  issuedOn: string;
  expiresOn: string;
  zone: string;
}

/** Issues a certificate, today unless told otherwise. */
export async function issue(program: Asks, applicationId: string, issuedOn?: string): Promise<Certificate> {
  const { certificate, userErrors } = await step<{ certificate: Certificate | null }>(
    program,
    STAFF,
    "certificateIssue",
    { applicationId, issuedOn, idempotencyKey: `issue-${applicationId.slice(-60)}` },
    "certificate { number issuedOn expiresOn zone }",
  );
  if (!certificate) throw new Error(userErrors.map(({ message }) => message).join(" "));
  return certificate;
}

/** A message of the outbox as staff see it. */
export interface OutboxMessage {
  id: string;
  state: string;
  template: string;
  subject: string | null;
  sentTo: string | null;
  attempts: number;
  reason: string | null;
}

/** The messages of one state whose recipient is the person, the newest first, as staff see them. */
export async function outbox(
  program: Program,
  state: string,
  { email }: NonNullable<Caller>,
): Promise<OutboxMessage[]> {
  type Found = OutboxMessage & { recipient: { email: string } | null };
  const { messages } = await program.ask<{ messages: { nodes: Found[] } }>(
    STAFF,
    `query($state: MessageState!) { messages(state: $state, first: 100) { nodes {
      id state template subject sentTo attempts reason recipient { email } } } }`,
    { state },
  );
  const found = messages.nodes.filter(({ recipient }) => recipient?.email === email);
  return found.map(({ id, state: now, template, subject, sentTo, attempts, reason }) => {
    return { id, state: now, template, subject, sentTo, attempts, reason };
  });
}

/** Makes somebody the chair of a cohort's committee and answers them. */
export async function chairOf(
  program: Asks,
  cohortId: string,
  caller: NonNullable<Caller>,
): Promise<NonNullable<Caller>> {
  await step(program, STAFF, "roleGrant", {
    personId: await idOf(program, caller),
    role: "CHAIR",
    cohortId,
    why: "Test",
  });
  return caller;
}

/** A row of a slate as it is proposed. */
export interface ProposedRow {
  applicationId: string;
  outcome: "ACCEPT" | "WAITLIST" | "DECLINE";
  rank?: number;
  rationale?: string;
}

/** Begins a slate as staff; answers its id. Its version is 1. */
export async function slateOf(
  program: Asks,
  cohortId: string,
  rows: readonly ProposedRow[],
  { name = "Slate", kind = "CANDIDATE" }: { name?: string; kind?: "CANDIDATE" | "MENTOR" } = {},
): Promise<string> {
  const { slate, userErrors } = await step<{ slate: { id: string } | null }>(
    program,
    STAFF,
    "slateCreate",
    { cohortId, kind, name, rows },
    "slate { id }",
  );
  if (!slate) throw new Error(userErrors.map(({ message }) => message).join(" "));
  return slate.id;
}

/** Puts a new slate to the vote as staff; answers the motion's id. */
export async function motionOf(
  program: Asks,
  cohortId: string,
  rows: readonly ProposedRow[],
  kind: "CANDIDATE" | "MENTOR" = "CANDIDATE",
): Promise<string> {
  const slateId = await slateOf(program, cohortId, rows, { kind });
  const input = { slateId, expectedVersion: 1, rationale: "As discussed", idempotencyKey: `open-${slateId}` };
  const { motion, userErrors } = await step<{ motion: { id: string } | null }>(
    program,
    STAFF,
    "motionOpen",
    input,
    "motion { id }",
  );
  if (!motion) throw new Error(userErrors.map(({ message }) => message).join(" "));
  return motion.id;
}

/** What became of one application of a motion. */
export interface MotionRow {
  applicationId: string;
  result: "CARRIED" | "LOST" | "NO_QUORUM" | null;
  vote: { inFavor: number; against: number; abstained: number } | null;
  isPrepared: boolean | null;
  obstacle: string | null;
}

/** What closing a motion answers. */
export type Closed = Outcome<{
  motion: { state: string } | null;
  rows: MotionRow[] | null;
  confirmToken: string | null;
}>;

/** Counts a motion, as staff unless told otherwise. */
export async function closeStep(program: Asks, input: object, caller: Caller = STAFF): Promise<Closed> {
  const row = "applicationId result vote { inFavor against abstained } isPrepared obstacle";
  return step(program, caller, "motionClose", input, `motion { state } rows { ${row} } confirmToken`);
}

/** Counts a motion as staff: looks first, then confirms. */
export async function closed(program: Asks, motionId: string): Promise<Closed> {
  const input = { motionId, idempotencyKey: `close-${motionId}` };
  const looked = await closeStep(program, { ...input, dryRun: true });
  if (looked.userErrors.length > 0) return looked;
  return closeStep(program, { ...input, confirmToken: looked.confirmToken });
}

/** What a reversal answers. */
export type ReversedAnswer = Outcome<{
  decision: { state: string; outcome: string; rank: number | null } | null;
  knockOns: { code: string; message: string; applicationId: string | null }[] | null;
  confirmToken: string | null;
}>;

/** Reverses a decision, as staff unless told otherwise. */
export async function reverseStep(program: Asks, input: object, caller: Caller = STAFF): Promise<ReversedAnswer> {
  const selection = "decision { state outcome rank } knockOns { code message applicationId } confirmToken";
  return step(program, caller, "decisionReverse", { why: "Test", ...input }, selection);
}
