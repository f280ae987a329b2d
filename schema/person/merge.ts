import { isRecusedFrom } from "../application/application.ts";
import {
  confirmRefusals,
  refusal,
  reasonRefusals,
  type Decision,
  type Happening,
  type Refusal,
  type TextCode,
} from "../shared/decision.ts";
import { isSelf, type Person, type Viewer } from "./person.ts";
import { endAll, isLastingStaff, type RoleTerm } from "./role.ts";

/** What happens when two records turn out to be one person. */
export type MergeEvent =
  | Happening<"PersonMerged", { takenIn: string }>
  | Happening<"PersonMergedAway", { mergedInto: string }>;

/** Why two records cannot be merged. */
export type MergeCode =
  | TextCode
  | "SAME_PERSON"
  | "OWN_RECORD"
  | "NOT_ACTIVE"
  | "TWO_APPLICATIONS"
  | "RECUSED"
  | "CONFIRM_TOKEN_REQUIRED"
  | "STALE";

/** Two records of one person: the one that stays, and the one it takes in. */
export interface Records {
  kept: Person;
  merged: Person;
}

/** What a merge would bring together, as it is looked at before it is confirmed. */
export interface MergeEffect {
  name: string;
  emails: readonly string[];
  roles: readonly RoleTerm[];
  applicationNumbers: readonly string[];
  certificateNumbers: readonly string[];
}

/** Why these records cannot become one; empty when they can. `twice` names what both have applied for and still hold. */
export function mergeRefusals(
  { kept, merged }: Records,
  facts: { viewer: Viewer; why: string; applicationIds: readonly string[]; twice: readonly string[] },
): Refusal<MergeCode>[] {
  const { viewer, why, applicationIds, twice } = facts;
  if (applicationIds.some((id) => isRecusedFrom(viewer, id))) {
    return [refusal("RECUSED", "You are recused from an application of theirs: please ask another member of staff.")];
  }
  if (kept.id === merged.id) {
    return [refusal("SAME_PERSON", "These are the same record: please name two.", "mergedId")];
  }
  if (isSelf(viewer, kept.id) || isSelf(viewer, merged.id)) {
    return [refusal("OWN_RECORD", "Nobody merges their own record: please ask another member of staff.")];
  }
  const refusals: Refusal<MergeCode>[] = reasonRefusals(why);
  for (const [field, person] of [["keptId", kept] as const, ["mergedId", merged] as const]) {
    if (person.state !== "ACTIVE") {
      refusals.push(refusal("NOT_ACTIVE", "This record was merged or erased already: please name another.", field));
    }
  }
  for (const number of twice) {
    const message = `Both have applied to the same cohort as the same: please have one, such as ${number}, withdrawn first.`;
    refusals.push(refusal("TWO_APPLICATIONS", message));
  }
  return refusals;
}

/**
 * Makes one person of two records. Nothing that belongs to the merged record is rewritten: it keeps its id, which the kept one
 * answers to from now on. Addresses, accounts, roles and recusals go along.
 */
export function mergePeople(
  records: Records,
  facts: Parameters<typeof mergeRefusals>[1] & { given: string | null | undefined; wanted: string },
): Decision<Records, MergeCode, MergeEvent> {
  const refused = mergeRefusals(records, facts);
  if (refused.length > 0) return { refusals: refused };
  const stale = "One of the records has changed since you looked: please look again and confirm anew.";
  const unconfirmed = confirmRefusals(facts, stale);
  if (unconfirmed.length > 0) return { refusals: unconfirmed };
  const { kept, merged } = records;
  const why = facts.why.trim();
  const addresses = [...kept.addresses, ...merged.addresses];
  const next: Person = {
    ...kept,
    addresses,
    roles: [...kept.roles, ...merged.roles],
    recusedFrom: [...new Set([...kept.recusedFrom, ...merged.recusedFrom])],
    wasRecusedFrom: [...new Set([...kept.wasRecusedFrom, ...merged.wasRecusedFrom])],
    givenUp: [...new Set([...kept.givenUp, ...merged.givenUp])].filter(
      (email) => !addresses.some((a) => a.email === email),
    ),
    formerIds: [...kept.formerIds, merged.id, ...merged.formerIds],
  };
  const gone: Person = {
    ...merged,
    state: "MERGED",
    email: "",
    addresses: [],
    roles: endAll(merged.roles, facts.viewer.now),
    recusedFrom: [],
    wasRecusedFrom: [],
    givenUp: [],
    isListed: false,
    mergedInto: kept.id,
    formerIds: [],
  };
  return {
    outcome: { kept: next, merged: gone },
    events: [
      {
        type: "PersonMerged",
        about: { kind: "Person", id: kept.id },
        facts: { takenIn: merged.id },
        before: { roles: kept.roles },
        after: { roles: next.roles },
        why,
      },
      { type: "PersonMergedAway", about: { kind: "Person", id: merged.id }, facts: { mergedInto: kept.id }, why },
    ],
  };
}

/** How the number of people who administer the program for good changes. */
export function lastingStaffChange(before: Records, after: Records): number {
  const count = ({ kept, merged }: Records) => Number(isLastingStaff(kept)) + Number(isLastingStaff(merged));
  return count(after) - count(before);
}
