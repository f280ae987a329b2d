import { addDays, dateOf, type LocalDate } from "../../schema/shared/time.ts";
import { call, type Caller } from "./caller.ts";
import type { Stack } from "./stack.ts";

/** Someone whose token the laptop stack hands out. */
export interface DemoPerson {
  /** What `npm run token -- <key>` calls the person. */
  key: string;
  name: string;
  email: string;
  roles: ("STAFF" | "COMMITTEE")[];
  /** What the person is there to try. */
  note: string;
}

const person = (key: string, name: string, note: string, ...roles: DemoPerson["roles"]): DemoPerson => ({
  key,
  name: `${name} (demo)`,
  email: `${key}@example.org`,
  roles,
  note,
});

/** The fictitious people of the laptop stack. */
export const DEMO_PEOPLE: readonly DemoPerson[] = [
  person("staff", "Sample Staff", "administers everything", "STAFF"),
  person("committee", "Sample Committee", "decides on applications", "COMMITTEE"),
  person("committee2", "Second Committee", "decides on applications, and applies as a mentor", "COMMITTEE"),
  person("candidate", "Candidate One", "has submitted an application"),
  person("candidate2", "Candidate Two", "has submitted an application"),
  person("candidate3", "Candidate Three", "is writing a draft"),
  person("candidate4", "Candidate Four", "has not started"),
  person("mentor", "Mentor One", "has submitted an application as a mentor"),
  person("mentor2", "Mentor Two", "has not started"),
  person("graduate", "Graduate One", "was certified in the 2020 cohort and is reminded to renew"),
];

const ZONE = "America/Los_Angeles";

/** The program as it was published for 2020; everything else about a cohort is the default. */
const COHORT_2020 = { year: 2020, number: 1, name: "CTO Mentor Program 2020", region: "Northern California" };

/**
 * Fills the table with the demo program, through the API like anyone else: the 2020 cohort as published, with a graduate,
 * and a cohort that takes applications now. It may be called again after it broke off: what is there is left alone.
 */
export async function createDemo(stack: Stack): Promise<void> {
  const today = dateOf(stack.clock.now(), ZONE);
  const staff = callerOf("staff");
  for (const { key } of DEMO_PEOPLE) await ask(stack, callerOf(key), "{ viewer { person { id } } }");
  await grantRoles(stack, staff);

  const openTerms = {
    year: Number(today.slice(0, 4)) + 1,
    number: 2,
    name: "CTO Mentor Program, open cohort (demo)",
    region: "Southern California",
    windowOpens: `${addDays(today, -30)}T08:00`,
    windowCloses: `${nextFriday(addDays(today, 28))}T17:00`,
  };
  const pastWindow = { windowOpens: `${addDays(today, -60)}T08:00`, windowCloses: `${addDays(today, 1)}T17:00` };
  const open = await openCohort(stack, staff, openTerms);
  const past = await openCohort(stack, staff, { ...COHORT_2020, ...pastWindow });

  await apply(stack, "candidate", open, "CANDIDATE", "submit");
  await apply(stack, "candidate2", open, "CANDIDATE", "submit");
  await apply(stack, "candidate3", open, "CANDIDATE", "draft");
  await apply(stack, "mentor", open, "MENTOR", "submit");
  await graduate(stack, staff, past, today);
}

async function grantRoles(stack: Stack, staff: Caller): Promise<void> {
  for (const { key, roles } of DEMO_PEOPLE) {
    const { viewer } = (await ask(stack, callerOf(key), "{ viewer { roles person { id } } }")) as {
      viewer: { roles: string[]; person: { id: string } };
    };
    for (const role of roles.filter((wanted) => !viewer.roles.includes(wanted))) {
      await ask(stack, staff, "mutation($input: RoleInput!) { roleGrant(input: $input) { userErrors { message } } }", {
        input: { personId: viewer.person.id, role, why: "Demo data" },
      });
    }
  }
}

async function openCohort(stack: Stack, staff: Caller, terms: { number: number } & object): Promise<string> {
  type Cohorts = { cohorts: { nodes: { id: string; number: number }[] } };
  const { cohorts } = (await ask(stack, staff, "{ cohorts { nodes { id number } } }")) as Cohorts;
  const existing = cohorts.nodes.find(({ number }) => number === terms.number);
  if (existing) return existing.id;
  const created = (await ask(
    stack,
    staff,
    "mutation($input: CohortCreateInput!) { cohortCreate(input: $input) { cohort { id version } userErrors { message } } }",
    { input: { candidateLetters: 0, mentorLetters: 0, ...terms, zone: ZONE } },
  )) as { cohortCreate: { cohort: { id: string; version: number } } };
  const { id, version } = created.cohortCreate.cohort;
  await ask(
    stack,
    staff,
    "mutation($input: CohortPublishInput!) { cohortPublish(input: $input) { userErrors { message } } }",
    { input: { cohortId: id, expectedVersion: version } },
  );
  return id;
}

async function apply(
  stack: Stack,
  key: string,
  cohortId: string,
  kind: "CANDIDATE" | "MENTOR",
  until: "draft" | "submit",
): Promise<string> {
  const started = (await ask(
    stack,
    callerOf(key),
    `mutation($input: ApplicationStartInput!) { applicationStart(input: $input) { application {
      id state cohort { candidateQuestions { id } mentorQuestions { id } } } } }`,
    { input: { cohortId, kind } },
  )) as { applicationStart: { application: Started } };
  const { id, state, cohort } = started.applicationStart.application;
  if (state !== "DRAFT") return id;
  const questions = kind === "CANDIDATE" ? cohort.candidateQuestions : cohort.mentorQuestions;
  const answered = until === "draft" ? questions.slice(0, 2) : questions;
  await ask(
    stack,
    callerOf(key),
    "mutation($input: ApplicationSaveInput!) { applicationSave(input: $input) { userErrors { message } } }",
    {
      input: {
        applicationId: id,
        organization: { name: "Sample Unified School District (demo)", kind: "DISTRICT" },
        jobTitle: "Technology coordinator",
        answers: answered.map((question) => ({
          questionId: question.id,
          text: "A sample answer, made up for the demo.",
        })),
      },
    },
  );
  if (until === "submit") {
    await ask(
      stack,
      callerOf(key),
      "mutation($input: ApplicationSubmitInput!) { applicationSubmit(input: $input) { userErrors { message } } }",
      { input: { applicationId: id } },
    );
  }
  return id;
}

interface Started {
  id: string;
  state: string;
  cohort: { candidateQuestions: { id: string }[]; mentorQuestions: { id: string }[] };
}

/** Takes one person through the 2020 cohort to a certificate that expires in about half a year. */
async function graduate(stack: Stack, staff: Caller, cohortId: string, today: LocalDate): Promise<void> {
  const applicationId = await apply(stack, "graduate", cohortId, "CANDIDATE", "submit");
  await ask(
    stack,
    staff,
    "mutation($input: DecisionPrepareInput!) { decisionPrepare(input: $input) { userErrors { message } } }",
    { input: { applicationId, outcome: "ACCEPT", rationale: "Demo data" } },
  );
  const release = { cohortId, kind: "CANDIDATE", idempotencyKey: `demo-release-${today}` };
  const mutation = "mutation($input: DecisionReleaseInput!) { decisionRelease(input: $input) { confirmToken } }";
  const looked = (await ask(stack, staff, mutation, { input: { ...release, dryRun: true } })) as {
    decisionRelease: { confirmToken: string | null };
  };
  await ask(stack, staff, mutation, { input: { ...release, confirmToken: looked.decisionRelease.confirmToken } });
  await ask(
    stack,
    callerOf("graduate"),
    "mutation($input: OfferAcceptInput!) { offerAccept(input: $input) { userErrors { message } } }",
    { input: { applicationId, commitsToAllDates: true } },
  );
  const issuedOn = addDays(today, 190 - 3 * 365 - 1);
  await ask(
    stack,
    staff,
    "mutation($input: CertificateIssueInput!) { certificateIssue(input: $input) { userErrors { message } } }",
    { input: { applicationId, issuedOn, idempotencyKey: "demo-certificate-1" } },
  );
}

function callerOf(key: string): DemoPerson {
  const found = DEMO_PEOPLE.find((one) => one.key === key);
  if (!found) throw new Error(`There is no demo person called ${key}`);
  return found;
}

/** What a person may not mend while demo data is made, such as a second start, only means that it is there already. */
async function ask(stack: Stack, caller: Caller, query: string, variables?: Record<string, unknown>): Promise<unknown> {
  const { data, errors } = await call(stack, caller, query, variables);
  if (errors) throw new Error(`The demo data could not be made: ${errors.map(({ message }) => message).join(" ")}`);
  return data;
}

function nextFriday(from: LocalDate): LocalDate {
  const date = [0, 1, 2, 3, 4, 5, 6].map((days) => addDays(from, days)).find(isFriday);
  return date ?? from;
}

function isFriday(date: LocalDate): boolean {
  return new Date(`${date}T00:00:00Z`).getUTCDay() === 5;
}
