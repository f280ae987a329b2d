import type { Caller } from "../../infra/local/caller.ts";
import { STAFF, type Program } from "./program.ts";

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
  program: Program,
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
  roleGrant: "RoleInput",
  roleEnd: "RoleInput",
  applicationWithdraw: "ApplicationInput",
  applicationReviewStart: "ApplicationInput",
};

/** Makes somebody a committee member and answers them. */
export async function committeeMember(program: Program, caller: NonNullable<Caller>): Promise<NonNullable<Caller>> {
  const personId = await idOf(program, caller);
  await step(program, STAFF, "roleGrant", { personId, role: "COMMITTEE", why: "Test" });
  return caller;
}

/** The person's id; the first call signs them in. */
export async function idOf(program: Program, caller: Caller): Promise<string> {
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
};

/** A moment at which the window of TERMS is open. */
export const IN_WINDOW = "2026-09-01T16:00:00.000Z";

/** Creates and publishes a cohort; answers its id. */
export async function publishedCohort(program: Program, terms: Partial<typeof TERMS> = {}): Promise<string> {
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
  program: Program,
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
  program: Program,
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
  program: Program,
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
  program: Program,
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
