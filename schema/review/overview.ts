import type { Application } from "../application/application.ts";
import type { ReviewPolicy } from "../cohort/policy.ts";
import type { Instant } from "../shared/time.ts";
import { isUnderReview } from "./review.ts";
import { countSubmitted, figuresOf, isLate } from "./reviewer.ts";

/** An application that asks for attention. */
export interface OverviewRow {
  id: string;
  number: string;
  assigned: number;
  submitted: number;
  spread: number | null;
}

/** What asks for attention in the review of these applications. */
export interface Overview {
  applications: number;
  rows: Record<"unassigned" | "tooFew" | "toDiscuss", OverviewRow[]>;
  late: { personId: string; numbers: string[]; since: Instant }[];
}

/** Looks through applications for what nobody reviews, what has too few reviews, where they differ, and who is late. */
export function overviewOf(
  applications: readonly Application[],
  { policy, now }: { policy: ReviewPolicy; now: Instant },
): Overview {
  const open = applications.filter(isUnderReview).sort((a, b) => (a.number < b.number ? -1 : 1));
  const all = open.map((application) => {
    const { id, number, reviewers = [] } = application;
    const { spread, isToDiscuss } = figuresOf(application, policy);
    const submitted = countSubmitted(application);
    return { row: { id, number, assigned: reviewers.length, submitted, spread }, isToDiscuss };
  });
  const late = new Map<string, { personId: string; numbers: string[]; since: Instant }>();
  for (const { number, reviewers = [] } of open) {
    for (const reviewer of reviewers.filter((one) => isLate(one, now))) {
      const { personId, dueAt } = reviewer;
      const known = late.get(personId) ?? { personId, numbers: [], since: dueAt };
      const since = dueAt < known.since ? dueAt : known.since;
      late.set(personId, { personId, numbers: [...known.numbers, number], since });
    }
  }
  return {
    applications: open.length,
    rows: {
      unassigned: all.filter(({ row }) => row.assigned === 0).map(({ row }) => row),
      tooFew: all.filter(({ row }) => row.submitted < policy.perApplication).map(({ row }) => row),
      toDiscuss: all.filter(({ isToDiscuss }) => isToDiscuss).map(({ row }) => row),
    },
    late: [...late.values()].sort((a, b) => (`${a.since} ${a.personId}` < `${b.since} ${b.personId}` ? -1 : 1)),
  };
}
