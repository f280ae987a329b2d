import type { Application } from "../application/application.ts";
import type { Cohort } from "../cohort/cohort.ts";
import type { JointPartners } from "../joint/joint.ts";
import type { Person, Viewer } from "../person/person.ts";
import { isRefused } from "../shared/decision.ts";
import { assignReviewers, isUnderReview } from "./review.ts";
import { suspicionsOf } from "./suspicion.ts";

/** Most assignments of one call. */
export const MOST_ROWS = 100;

/** One reviewer for one application. */
export interface Assignment {
  applicationId: string;
  personId: string;
}

/** What a plan is made from. */
export interface Roster {
  viewer: Viewer;
  cohort: Cohort;
  /** Those of one kind that the viewer may read. */
  applications: readonly Application[];
  applicants: ReadonlyMap<string, Person>;
  /** Whom applicants apply together with, by their application. */
  partners: JointPartners;
  members: readonly Person[];
  perApplication: number;
}

/** Who is to review what. */
export interface Plan {
  rows: readonly Assignment[];
  /** Assignments that are left for a further call. */
  left: number;
  /** Reviews that none of the members can do. */
  unfilled: number;
}

/**
 * Gives every application as many reviewers as it needs, each member about as many as the others, and none with a conflict; who
 * only looks like having one is taken last. The same roster always gives the same plan.
 */
export function planReviews({
  viewer,
  cohort,
  applications,
  applicants,
  partners,
  members,
  perApplication,
}: Roster): Plan {
  const open = applications.filter(isUnderReview).sort((a, b) => (a.number < b.number ? -1 : 1));
  const load = new Map(members.map(({ id }) => [id, 0]));
  for (const { reviewers = [] } of open) {
    for (const { personId } of reviewers) load.set(personId, (load.get(personId) ?? 0) + 1);
  }
  const rows: Assignment[] = [];
  let unfilled = 0;
  for (const application of open) {
    const applicant = applicants.get(application.personId);
    if (!applicant) continue;
    const partnerId = partners.get(application.id)?.personId;
    const wanted = Math.max(0, perApplication - (application.reviewers ?? []).length);
    const chosen = members
      .filter((person) => {
        const ruling = assignReviewers(application, [{ person }], { viewer, cohort, applicant, partnerId });
        return !isRefused(ruling) && ruling.events.length > 0;
      })
      .map((person) => ({
        person,
        isSuspect:
          suspicionsOf({ application, applicant, partnerId, member: person, policy: cohort.policy.review }).length > 0
            ? 1
            : 0,
      }))
      .sort(
        (a, b) =>
          a.isSuspect - b.isSuspect ||
          load.get(a.person.id)! - load.get(b.person.id)! ||
          (a.person.id < b.person.id ? -1 : 1),
      )
      .slice(0, wanted);
    unfilled += wanted - chosen.length;
    for (const { person } of chosen) {
      load.set(person.id, load.get(person.id)! + 1);
      rows.push({ applicationId: application.id, personId: person.id });
    }
  }
  return { rows: rows.slice(0, MOST_ROWS), left: Math.max(0, rows.length - MOST_ROWS), unfilled };
}
