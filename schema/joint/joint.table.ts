import { dueAt, key, recordOf, toItem, type Item, type Key } from "../shared/keys.ts";
import type { Table } from "../shared/table.ts";
import { checkNone, checkVersion, dropIf, put, putNew, type Write } from "../shared/write.ts";
import { alreadyLinked, inviteeLinked, partnersIn, type Joint, type JointPartners, type JointSide } from "./joint.ts";

/** Where a joint application is kept. */
export const jointKey = (id: string): Key => ({ pk: key("JOINT", id), sk: "JOINT" });

/** The joint application of an item. */
export const jointFrom = (item: Item | undefined) => recordOf<Joint>(item);

/** Where an application says in which joint one it is. The key lets it be in one only, also before it is begun. */
export const sideKey = (applicationId: string): Key => ({ pk: key("APPLICATION", applicationId), sk: "JOINT" });

/** The joint application that a side names. */
export const jointIdFrom = (item: Item | undefined) => item?.["jointId"] as string | undefined;

function sideItem({ personId, applicationId }: JointSide, jointId: string) {
  return toItem(
    "JOINT_SIDE",
    sideKey(applicationId),
    { id: applicationId, jointId, personId },
    {
      byWhoPk: key("PERSON", personId),
      byWhoSk: key("JOINT", jointId),
    },
  );
}

/** The sides that a joint application holds: none once it is over. */
export function sidesOf({ state, inviter, invitee }: Joint): JointSide[] {
  if (state === "INVITED") return [inviter];
  return state === "LINKED" && invitee ? [inviter, invitee] : [];
}

/** What says of a side that it is in a joint application. */
export function writeSide(side: JointSide, joint: Pick<Joint, "id" | "inviter">): Write {
  return putNew(sideItem(side, joint.id), side === joint.inviter ? alreadyLinked : inviteeLinked);
}

/** Writes a joint application, and what its sides say of it. */
export function writeJoint(next: Joint, before?: Joint): Write[] {
  const kept = new Set((before ? sidesOf(before) : []).map(({ applicationId }) => applicationId));
  const wanted = new Set(sidesOf(next).map(({ applicationId }) => applicationId));
  return [
    put(toItem("JOINT", jointKey(next.id), next, dueAt(next.dueAt, next.id))),
    ...sidesOf(next)
      .filter(({ applicationId }) => !kept.has(applicationId))
      .map((side) => writeSide(side, next)),
    ...[...kept].filter((id) => !wanted.has(id)).map((id) => dropIf(sideKey(id), "jointId", next.id)),
  ];
}

/**
 * Writes what a withdrawal has noted in the joint application that the application is in. Where nothing was, it stays as it was loaded,
 * or is none still, so that nobody accepts an invitation in the same moment and is not told.
 */
export function writeNoted(applicationId: string, next: Joint | undefined, before: Joint | undefined): Write[] {
  if (next && next !== before) return writeJoint(next, before);
  return [before ? checkVersion(jointKey(before.id), before.version) : checkNone(sideKey(applicationId))];
}

/** The joint application that an application is in; undefined where it is in none. Two requests at most. */
export async function loadJointOf(table: Table, applicationId: string): Promise<Joint | undefined> {
  const id = jointIdFrom(await table.get(sideKey(applicationId)));
  return id === undefined ? undefined : jointFrom(await table.get(jointKey(id)));
}

/**
 * With whom applicants apply together, by the id of their application: for conflicts of interest and for the teams. Only what
 * both sides have confirmed. Two requests per 100 applications.
 */
export async function jointPartnersOf(table: Table, applicationIds: readonly string[]): Promise<JointPartners> {
  const sides = await table.getMany(applicationIds.map(sideKey));
  const ids = new Set(sides.flatMap((item) => jointIdFrom(item) ?? []));
  const joints = ids.size > 0 ? await table.getMany([...ids].map(jointKey)) : [];
  return partnersIn(joints.flatMap((item) => jointFrom(item) ?? []));
}
