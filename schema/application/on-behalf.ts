import { isSelf, type Viewer } from "../person/person.ts";
import { isRefused, reasonRefusals, type TextCode } from "../shared/decision.ts";
import { conflictRefusals, ownApplication, type Answer, type Application } from "./application.ts";

/** Why staff cannot take a step for an applicant, beside what stands in the way of the step itself. */
export type OnBehalfCode = TextCode | "OWN_APPLICATION" | "RECUSED";

/**
 * Has staff take an applicant's step for them, for a stated reason: the same rules decide, and who did it for whom stays in the
 * application and its history. The applicant can go on with it at any time.
 */
export function onBehalf<Code extends string>(
  existing: Application | undefined,
  facts: { viewer: Viewer; personId: string; why: string },
  step: () => Answer<Code>,
): Answer<Code | OnBehalfCode> {
  const { viewer, personId, why } = facts;
  if (isSelf(viewer, personId)) return { refusals: [ownApplication] };
  const conflicts = existing ? conflictRefusals(existing, viewer) : [];
  if (conflicts.length > 0) return { refusals: conflicts };
  const reasons = reasonRefusals(why);
  const answer = step();
  if (isRefused(answer)) return { refusals: [...reasons, ...answer.refusals] };
  if (reasons.length > 0) return { refusals: reasons };
  const acting = { actingFor: personId, why: why.trim() };
  return {
    outcome: { ...answer.outcome, enteredBy: viewer.person.id },
    events: answer.events.map((event) => Object.assign({}, event, acting)),
  };
}
