import { cohortFrom, cohortKey } from "../cohort/cohort.table.ts";
import { carryOut, type CommandContext } from "../shared/command.ts";
import { applicationFrom, applicationKey, writeApplication } from "./application.table.ts";
import { partsMissing } from "./parts.ts";
import { completeApplication } from "./step.ts";
import { expireApplication } from "./ending.ts";

/** Lets an application expire that was not complete in time: a draft, or one that waits for others. */
export async function expireIncomplete(context: CommandContext, id: string): Promise<void> {
  const application = applicationFrom(await context.table.get(applicationKey(id)));
  const cohort = application && cohortFrom(await context.table.get(cohortKey(application.cohortId)));
  if (!application || !cohort || !isIncomplete(application)) return;
  await carryOut(context, {
    actor: { kind: "PROGRAM" },
    load: async () => applicationFrom(await context.table.get(applicationKey(id))) ?? application,
    decide: (current) =>
      // What was required when it was submitted may not be any more.
      current.state === "SUBMITTED" && partsMissing(current, cohort).length === 0
        ? completeApplication(current)
        : expireApplication(current, { cohort, now: context.now }),
    write: writeApplication,
  });
}

/** Whether the application can still come to be complete, so that it expires when its time is over. */
export const isIncomplete = ({ state }: { state?: unknown }): boolean => state === "DRAFT" || state === "SUBMITTED";
