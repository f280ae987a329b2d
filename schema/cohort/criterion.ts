import { refusal, textRefusals, type Decision, type Refusal, type TextCode } from "../shared/decision.ts";
import { conflict, rangeRefusals, type Cohort, type CohortEvent } from "./cohort.ts";
import { idRefusals, retire, type IdCode } from "./lasting-id.ts";
import type { ApplicantKind, Criterion } from "./policy.ts";

/** Most criteria of one kind of applicant. */
export const MOST_CRITERIA = 40;

/** Why a list of criteria is not accepted. */
export type CriteriaCode = TextCode | IdCode | "OUT_OF_RANGE" | "CONFLICT";

/**
 * Puts another list of criteria in place of a kind's, in the order given. An id that was taken out comes back for the same
 * criterion only, and once a cohort is published a criterion stays of its kind: reviews may refer to it.
 */
export function changeCriteria(
  cohort: Cohort,
  { kind, criteria }: { kind: ApplicantKind; criteria: readonly Criterion[] },
  expectedVersion: number,
): Decision<Cohort, CriteriaCode, CohortEvent> {
  if (expectedVersion !== cohort.version) return { refusals: [conflict] };
  const fresh = criteria.map((criterion) => ({ ...criterion, name: criterion.name.trim() }));
  const refusals = criterionRefusals(fresh, cohort, kind);
  if (refusals.length > 0) return { refusals };
  const before = cohort.policy.criteria[kind];
  const retired = retire(cohort.retired.criteria[kind], before, fresh);
  const next: Cohort = {
    ...cohort,
    policy: { ...cohort.policy, criteria: { ...cohort.policy.criteria, [kind]: fresh } },
    retired: { ...cohort.retired, criteria: { ...cohort.retired.criteria, [kind]: retired } },
  };
  const event: CohortEvent = {
    type: "CohortCriteriaChanged",
    about: { kind: "Cohort", id: cohort.id },
    facts: { kind },
    before: { criteria: before },
    after: { criteria: fresh },
  };
  return { outcome: next, events: [event] };
}

function criterionRefusals(
  criteria: readonly Criterion[],
  { state, policy, retired }: Cohort,
  of: ApplicantKind,
): Refusal<CriteriaCode>[] {
  if (criteria.length > MOST_CRITERIA) {
    const message = `There are ${criteria.length} criteria: please keep it to ${MOST_CRITERIA}.`;
    return [refusal("OUT_OF_RANGE", message, "criteria")];
  }
  const isOtherThanBefore = ({ id, name, kind }: Criterion) =>
    retired.criteria[of].some((old) => old.id === id && (old.name !== name || old.kind !== kind)) ||
    (state === "PUBLISHED" && policy.criteria[of].some((old) => old.id === id && old.kind !== kind));
  return [
    ...idRefusals(criteria, isOtherThanBefore, "criteria"),
    ...criteria.flatMap(({ name, kind, weight }, index): Refusal<CriteriaCode>[] => {
      const field = (part: string) => ["criteria", String(index), part] as const;
      const isScored = kind === "SCORED";
      return [
        ...textRefusals(name, { max: 200, label: "The criterion" }, ...field("name")),
        ...(isScored ? rangeRefusals("The weight", weight, 1, 100, ...field("weight")) : []),
        ...(!isScored && weight !== 0
          ? [refusal("OUT_OF_RANGE", "Only a scored criterion has a weight: please leave it out.", ...field("weight"))]
          : []),
      ];
    }),
  ];
}
