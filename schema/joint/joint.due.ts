import { applicationFrom, applicationKey } from "../application/application.table.ts";
import { carryOut, type CommandContext } from "../shared/command.ts";
import { lookAfter } from "./joint.ts";
import { jointFrom, jointKey, writeJoint } from "./joint.table.ts";

/** Lets an invitation lapse that nobody answered, and reminds who has agreed to apply together and not applied. */
export async function lookAfterJoint(context: CommandContext, id: string): Promise<void> {
  const { table, now } = context;
  const joint = jointFrom(await table.get(jointKey(id)));
  if (!joint?.dueAt || now < joint.dueAt) return;
  await carryOut(context, {
    actor: { kind: "PROGRAM" },
    load: async () => {
      const current = jointFrom(await table.get(jointKey(id))) ?? joint;
      const partner =
        current.invitee && applicationFrom(await table.get(applicationKey(current.invitee.applicationId)));
      return { joint: current, partner: partner ?? undefined };
    },
    decide: (found) => lookAfter(found.joint, { partner: found.partner, now }),
    write: (next, { joint: before }) => (next === before ? [] : writeJoint(next, before)),
  });
}
