import { linkFrom, linkKey, writeLink } from "../link/link.table.ts";
import { carryOut, type CommandContext } from "../shared/command.ts";
import { refusal, type Refusal } from "../shared/decision.ts";
import type { Actor } from "../shared/event.ts";
import { unlink, type JointFacts } from "./joint.ts";
import { loadJointOf, writeJoint } from "./joint.table.ts";

const noJoint = refusal("WRONG_STATE", "Nobody applies together with this application.", "applicationId");

/** Ends the joint application that an application is in, by one of its sides; answers what stood in the way. */
export async function endJoint(
  context: CommandContext,
  applicationId: string,
  actor: Actor,
): Promise<readonly Refusal<"WRONG_STATE">[]> {
  const { table, now } = context;
  const carried = await carryOut(context, {
    actor,
    load: async () => {
      const joint = await loadJointOf(table, applicationId);
      const link = joint && linkFrom<JointFacts>(await table.get(linkKey(joint.linkId)));
      return { joint, link };
    },
    decide: ({ joint, link }) => (joint ? unlink(joint, { link, now, applicationId }) : { refusals: [noJoint] }),
    write: (next, before) => [
      ...writeJoint(next.joint, before.joint),
      ...(next.link && next.link !== before.link ? writeLink(next.link) : []),
    ],
  });
  return carried.status === "refused" ? carried.refusals : [];
}
