import { cohortFrom, cohortKey } from "../cohort/cohort.table.ts";
import type { Cohort } from "../cohort/cohort.ts";
import { carryOut, type CommandContext } from "../shared/command.ts";
import type { Decision } from "../shared/decision.ts";
import { applicationFrom, applicationKey, writeApplication } from "./application.table.ts";
import type { Application } from "./application.ts";
import { partsMissing } from "./parts.ts";
import { completeApplication } from "./step.ts";
import { expireApplication } from "./ending.ts";
import { lookAfterInformation } from "./information.ts";
import { remindDraft } from "./reminder.ts";

/** Lets a draft expire whose window has closed; before that its writer is reminded of the closing. */
export async function lookAfterDraft(context: CommandContext, id: string): Promise<void> {
  await lookAfter(context, id, (application, cohort) => {
    if (application.state !== "DRAFT") return nothing(application);
    const facts = { cohort, now: context.now };
    return context.now < application.closesAt ? remindDraft(application, facts) : expireApplication(application, facts);
  });
}

/** Lets an application expire that has waited for others until their time was over. */
export async function expireIncomplete(context: CommandContext, id: string): Promise<void> {
  await lookAfter(context, id, (application, cohort) => {
    if (application.state !== "SUBMITTED" || context.now < application.lettersUntil) return nothing(application);
    // What was required when it was submitted may not be any more.
    return partsMissing(application, cohort).length === 0
      ? completeApplication(application)
      : expireApplication(application, { cohort, now: context.now });
  });
}

/** Reminds the applicant of what staff have asked for, and notes when its time is over. */
export async function lookAfterRequest(context: CommandContext, id: string): Promise<void> {
  await lookAfter(context, id, (application, cohort) =>
    lookAfterInformation(application, { cohort, now: context.now }),
  );
}

async function lookAfter(
  context: CommandContext,
  id: string,
  decide: (application: Application, cohort: Cohort) => Decision<Application>,
): Promise<void> {
  const load = async () => applicationFrom(await context.table.get(applicationKey(id)));
  const found = await load();
  const cohort = found && cohortFrom(await context.table.get(cohortKey(found.cohortId)));
  if (!found || !cohort) return;
  await carryOut(context, {
    actor: { kind: "PROGRAM" },
    load: async () => (await load()) ?? found,
    decide: (current) => decide(current, cohort),
    write: (next, before) => (next === before ? [] : writeApplication(next)),
  });
}

const nothing = (application: Application) => ({ outcome: application, events: [] });
