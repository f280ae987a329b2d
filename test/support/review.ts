import type { Caller } from "../../infra/local/caller.ts";
import { DEFAULT_POLICY } from "../../schema/cohort/policy.ts";
import { STAFF } from "./program.ts";
import { step, type Asks } from "./steps.ts";

/** What a reviewer says in a test. */
interface Said {
  score: number;
  /** Criteria that are abstained from. */
  abstains?: readonly string[];
  kind?: "CANDIDATE" | "MENTOR";
  recommendation?: string;
  comment?: { audience: string; text: string };
}

/** Has a member declare that they have no conflict with an application. */
export async function cleared(program: Asks, caller: Caller, applicationId: string): Promise<void> {
  const { userErrors } = await step(program, caller, "reviewConflictDeclare", { applicationId, hasConflict: false });
  if (userErrors.length > 0) throw new Error(userErrors.map(({ message }) => message).join(" "));
}

/** Has staff assign members to an application, and these declare that they have no conflict. */
export async function assigned(
  program: Asks,
  applicationId: string,
  members: readonly { caller: Caller; personId: string }[],
  by: Caller = STAFF,
): Promise<void> {
  const personIds = members.map(({ personId }) => personId);
  const { userErrors } = await step(program, by, "reviewAssign", { applicationId, personIds });
  if (userErrors.length > 0) throw new Error(userErrors.map(({ message }) => message).join(" "));
  for (const { caller } of members) await cleared(program, caller, applicationId);
}

/** Fills in a review with the same score for every criterion. */
export async function saveMarks(program: Asks, caller: Caller, applicationId: string, said: Said): Promise<void> {
  const { score, abstains = [], kind = "CANDIDATE", recommendation = "ACCEPT", comment } = said;
  const marks = DEFAULT_POLICY.criteria[kind].map(({ id: criterionId, kind: of }) => {
    if (of !== "SCORED") return { criterionId, isMet: true };
    return abstains.includes(criterionId) ? { criterionId, abstains: true } : { criterionId, score };
  });
  const input = { applicationId, marks, recommendation, ...(comment && { comments: [comment] }) };
  const { userErrors } = await step(program, caller, "reviewSave", input);
  if (userErrors.length > 0) throw new Error(userErrors.map(({ message }) => message).join(" "));
}

/** Fills in a review with the same score for every criterion and submits it. */
export async function reviewed(program: Asks, caller: Caller, applicationId: string, said: Said): Promise<void> {
  await saveMarks(program, caller, applicationId, said);
  const { userErrors } = await step(program, caller, "reviewSubmit", { applicationId });
  if (userErrors.length > 0) throw new Error(userErrors.map(({ message }) => message).join(" "));
}
