import type { Caller } from "../../infra/local/caller.ts";
import type { Program } from "../support/program.ts";
import { complete, draft, nominated, step, type Outcome } from "../support/steps.ts";
import { each } from "./each.ts";
import type { Applicant, Nominee } from "./cast.ts";

const KINDS = ["DISTRICT", "COUNTY_OFFICE", "SCHOOL", "STATE"] as const;
const LETTER = {
  text: "They have run our network for six years. We support them.",
  name: "Test Signature",
  position: "Superintendent",
};

/** The codes of what stood in the way. */
export const codes = ({ userErrors }: Outcome<object>): string[] => userErrors.map(({ code }) => code);

/** Begins an application from an organization of its own and fills it in. */
export async function begin(
  program: Program,
  cohortId: string,
  one: Applicant,
  kind: "CANDIDATE" | "MENTOR" = "CANDIDATE",
): Promise<void> {
  const { name } = one.caller;
  one.id = await draft(program, one.caller, cohortId, kind);
  const organization = { name: `Organization of ${name}`, kind: KINDS[name.length % KINDS.length] };
  await step(program, one.caller, "applicationSave", { ...complete(one.id, kind), organization });
}

/** Submits an application; answers its state then, or what stood in the way. */
export async function submit(program: Program, { caller, id: applicationId }: Applicant): Promise<string> {
  const input = { applicationId };
  const done = await step<{ application: { state: string } | null }>(
    program,
    caller,
    "applicationSubmit",
    input,
    "application { state }",
  );
  return codes(done).join(" ") || done.application!.state;
}

/** Has each ask their nominator; answers what stood in the way. */
export async function askForLetters(program: Program, nominees: readonly Nominee[]): Promise<string[]> {
  const asked = await each(program, nominees, ({ caller, id, nominator }) => nominated(program, caller, id, nominator));
  return asked.flatMap(codes);
}

/** Has the nominators of each write; answers how their nominations stand then, or what stood in the way. */
export async function writeLetters(program: Program, nominees: readonly Nominee[]): Promise<string[]> {
  const links = await linksTo(program, "nomination");
  return each(program, nominees, async ({ nominator }) => {
    const input = { token: links.get(nominator.email), ...LETTER };
    const done = await step<{ nomination: { state: string } | null }>(
      program,
      null,
      "nominationProvide",
      input,
      "nomination { state }",
    );
    return codes(done).join(" ") || done.nomination!.state;
  });
}

/** The newest link to a page that each address was sent. */
export async function linksTo(
  program: Program,
  page: "nomination" | "joint-application",
): Promise<Map<string, string>> {
  await program.settle();
  const mails = (await program.ses.mails()).sort((a, b) => (a.time < b.time ? -1 : 1));
  return new Map(
    mails.flatMap(({ to, text }) => {
      const token = text?.split(`${page}#`)[1]?.split(/\s/, 1)[0];
      return token === undefined ? [] : to.map((address) => [address, token] as const);
    }),
  );
}

/** What an applicant still has to do, and their nominations. */
export async function tasksOf(
  program: Program,
  caller: Caller,
): Promise<{ tasks: string[]; nominations: { id: string; state: string }[] }> {
  type Found = {
    viewer: { tasks: { code: string }[]; applications: { nominations: { id: string; state: string }[] }[] };
  };
  const query = "{ viewer { tasks { code } applications { nominations { id state } } } }";
  const { viewer } = await program.ask<Found>(caller, query);
  return {
    tasks: viewer.tasks.map(({ code }) => code),
    nominations: viewer.applications.flatMap(({ nominations }) => nominations),
  };
}
