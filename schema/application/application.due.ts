import { cohortFrom, cohortKey } from "../cohort/cohort.table.ts";
import { carryOut, type CommandContext } from "../shared/command.ts";
import { applicationFrom, applicationKey, writeApplication } from "./application.table.ts";
import { expireApplication } from "./ending.ts";

/** Lets a draft expire whose window has closed. */
export async function expireDraft(context: CommandContext, id: string): Promise<void> {
  const application = applicationFrom(await context.table.get(applicationKey(id)));
  const cohort = application && cohortFrom(await context.table.get(cohortKey(application.cohortId)));
  if (application?.state !== "DRAFT" || !cohort || context.now < application.closesAt) return;
  await carryOut(context, {
    actor: { kind: "PROGRAM" },
    load: async () => applicationFrom(await context.table.get(applicationKey(id))) ?? application,
    decide: (current) => expireApplication(current, { cohort, now: context.now }),
    write: writeApplication,
  });
}
