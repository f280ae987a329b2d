import { addDays, dateOf } from "../../schema/shared/time.ts";
import { seededRandom } from "../../infra/local/random.ts";
import type { Caller } from "../../infra/local/caller.ts";
import { abreast } from "./abreast.ts";
import { afterwards } from "./afterwards.ts";
import { checkInvariants } from "./invariants.ts";
import { someone, STAFF, startProgram } from "./program.ts";
import { clientOf, isSilence, type StackClient } from "./stack-client.ts";
import { killStacks, leftBehind, startStackProcess, type StackProcess } from "./stack-process.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import { complete, draft, publishedCohort, step } from "./steps.ts";

/** How many people submit at once in each round, and where in the work the kills of the rounds fall. */
export interface DrillPlan {
  people: number;
  rounds: number;
  seed: number;
}

/** One round: everybody submits at once, the stack is killed meanwhile and started again. */
export interface Round {
  /** After how many acknowledgements it was killed. */
  killedAfter: number;
  acknowledged: number;
  /** Submits that were carried out, acknowledged or not. */
  carriedOut: number;
  /** What should not be: one sentence each. */
  wrong: string[];
}

/** What a drill found. */
export interface DrillReport {
  rounds: Round[];
  /** What does not hold in the table at the end, and processes that were left behind. */
  wrong: string[];
}

interface Applicant {
  caller: Caller;
  applicationId: string;
}

/** Kills the laptop stack in the middle of many submits, starts it again, and looks whether each promise was kept. */
export async function killDrill({ people, rounds, seed }: DrillPlan): Promise<DrillReport> {
  afterwards(killStacks);
  console.info(`Kill drill: ${people} people, ${rounds} rounds, seed ${seed}.`);
  const random = seededRandom(seed);
  const data = temporaryFolder();
  const callers = Array.from({ length: people }, (_, index) => someone(`Person ${seed} ${index}`));
  const report: DrillReport = { rounds: [], wrong: [] };
  let stack = await startStackProcess({ data });
  for (let number = 1; number <= rounds; number++) {
    const client = await clientOf(stack, data);
    const applicants = await drafts(client, callers, number);
    const killedAfter = Math.floor((random() * people * number) / rounds);
    const acknowledged = await submitUntilKilled(stack, client, { applicants, killedAfter });
    const left = await leftBehind(data);
    report.wrong.push(...left.map((line) => `Left behind: ${line}`));
    stack = await startStackProcess({ data, port: stack.port });
    report.rounds.push({ killedAfter, ...(await look(client, { applicants, acknowledged })) });
  }
  const { code } = await stack.signal("SIGINT");
  if (code !== 0) report.wrong.push(`The stack ended with ${code}`);
  report.wrong.push(...(await leftBehind(data)).map((line) => `Left behind: ${line}`));
  const program = await startProgram({ at: new Date().toISOString(), dataDirectory: data });
  report.wrong.push(...(await checkInvariants(program)));
  return report;
}

async function drafts(client: StackClient, callers: readonly Caller[], number: number): Promise<Applicant[]> {
  const today = dateOf(await client.now(), "UTC");
  const cohortId = await publishedCohort(client, {
    number,
    zone: "UTC",
    windowOpens: `${addDays(today, -2)}T08:00`,
    windowCloses: `${addDays(today, 30)}T17:00`,
  });
  return abreast(callers, 20, async (caller) => {
    const applicationId = await draft(client, caller, cohortId);
    await step(client, caller, "applicationSave", complete(applicationId));
    return { caller, applicationId };
  });
}

/** Everybody at once. Answers whose submit was acknowledged. */
async function submitUntilKilled(
  stack: StackProcess,
  client: StackClient,
  { applicants, killedAfter }: { applicants: readonly Applicant[]; killedAfter: number },
): Promise<Set<string>> {
  const acknowledged = new Set<string>();
  const enough = Promise.withResolvers<void>();
  if (killedAfter === 0) enough.resolve();
  const submits = applicants.map(async ({ caller, applicationId }) => {
    const { userErrors } = await step(client, caller, "applicationSubmit", { applicationId });
    if (userErrors.length > 0) throw new Error(`Refused: ${userErrors.map(({ code }) => code).join(", ")}`);
    acknowledged.add(applicationId);
    if (acknowledged.size === killedAfter) enough.resolve();
  });
  const settled = Promise.allSettled(submits);
  await Promise.race([enough.promise, settled]);
  await stack.kill();
  for (const submit of await settled)
    if (submit.status === "rejected" && !isSilence(submit.reason)) throw submit.reason;
  return acknowledged;
}

interface Found {
  number: string;
  state: string;
  submits: number;
}

/** Looks at every application after the restart, lets all leases run out, and submits everything once more. */
async function look(
  client: StackClient,
  { applicants, acknowledged }: { applicants: readonly Applicant[]; acknowledged: ReadonlySet<string> },
): Promise<Omit<Round, "killedAfter">> {
  const wrong: string[] = [];
  await client.advance("PT15M");
  const mails = await client.mails();
  const found = await abreast(applicants, 20, async ({ applicationId }) => ({
    applicationId,
    ...(await findApplication(client, applicationId)),
  }));
  for (const { applicationId, number, state, submits } of found) {
    const isCarriedOut = state === "COMPLETE";
    const say = (what: string) => wrong.push(`${number} is ${state}: ${what}`);
    if (acknowledged.has(applicationId) && !isCarriedOut) say("its submit was acknowledged and is lost");
    if (submits !== (isCarriedOut ? 1 : 0)) say(`submitted ${submits} times`);
    if (receiptsOf(number, mails) !== submits) say(`${receiptsOf(number, mails)} receipts`);
  }
  const carriedOut = new Set(found.filter(({ submits }) => submits > 0).map(({ applicationId }) => applicationId));

  await abreast(applicants, 20, async ({ caller, applicationId }) => {
    const { userErrors } = await step(client, caller, "applicationSubmit", { applicationId });
    const codes = userErrors.map(({ code }) => code).join(", ");
    const expected = carriedOut.has(applicationId) ? "ALREADY_SUBMITTED" : "";
    if (codes !== expected) wrong.push(`${applicationId} answered ${codes || "done"} to a repeated submit`);
  });
  await client.advance("PT15M");
  const mailsAtTheEnd = await client.mails();
  for (const { number } of found) {
    const receipts = receiptsOf(number, mailsAtTheEnd);
    if (receipts !== 1) wrong.push(`${number} has ${receipts} receipts at the end`);
  }
  return { acknowledged: acknowledged.size, carriedOut: carriedOut.size, wrong };
}

async function findApplication(client: StackClient, id: string): Promise<Found> {
  const { node } = await client.ask<{
    node: { number: string; state: string; history: { nodes: { type: string }[] } };
  }>(
    STAFF,
    "query($id: ID!) { node(id: $id) { ... on Application { number state history(first: 100) { nodes { type } } } } }",
    { id },
  );
  const submits = node.history.nodes.filter(({ type }) => type === "ApplicationSubmitted").length;
  return { number: node.number, state: node.state, submits };
}

function receiptsOf(number: string, mails: readonly { subject: string }[]): number {
  return mails.filter(({ subject }) => subject === `We have received your application ${number}`).length;
}
