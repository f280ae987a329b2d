import { applicationId, applicationIds, theOneThatCounts, type ApplicationKind } from "../application/application.ts";
import { idsOf } from "../person/person.ts";
import { wasOnCommittee } from "../person/role.ts";
import { stillReviews } from "../review/reading.ts";
import { viewerOf, type RequestContext } from "../shared/context.ts";
import type { Refusal } from "../shared/decision.ts";
import { releaserRefusals } from "./release.ts";
import { isProposalVisible, type Onlooker } from "./row.ts";
import { hasApplied } from "./tally.ts";
import { ownReviewsOpen, type ConflictCode } from "./terms.ts";

/**
 * Why the viewer has nothing to do with all decisions of a cohort and kind together: their own application is among those to be
 * decided, or one they are recused from, or one they are still to review. For a service token that also holds of whoever created it.
 */
export async function conflictsIn(
  context: RequestContext,
  cohortId: string,
  kind: ApplicationKind,
): Promise<readonly Refusal<ConflictCode>[]> {
  const own = theOneThatCounts(await ownApplications(context, cohortId, kind));
  const conflicts = releaserRefusals(viewerOf(context), { own, cohortId, kind });
  if (conflicts.length > 0) return conflicts;
  const reviewing = await stillReviewed(context);
  return reviewing.some((one) => one.cohortId === cohortId && one.kind === kind) ? [ownReviewsOpen] : [];
}

/** The viewer, with the applications that they are still to review. */
export async function onlookerIn(context: RequestContext): Promise<Onlooker & { reviewing: ReadonlySet<string> }> {
  return { viewer: context.viewer, reviewing: new Set((await stillReviewed(context)).map(({ id }) => id)) };
}

/**
 * A slate or a motion, if there is something in it for the viewer. Asks as much where there is none, so that nobody tells these
 * apart.
 */
export async function visibleProposal<Proposal extends Parameters<typeof isProposalVisible>[1]>(
  context: RequestContext,
  proposal: Proposal | undefined,
): Promise<Proposal | null> {
  const by = await onlookerIn(context);
  return proposal && isProposalVisible(by, proposal) ? proposal : null;
}

/** Whether the viewer has an application of their own to this cohort as this kind that was not taken back. */
export async function hasOwnApplication(context: RequestContext, cohortId: string, kind: ApplicationKind) {
  return hasApplied(await ownApplications(context, cohortId, kind));
}

/** Applications that the viewer, or who created the token that asks, is still to review: found by the index, then read as they are. */
async function stillReviewed({ viewer, load }: RequestContext) {
  if (viewer === null) return [];
  const { person, onBehalfOf = [] } = viewer;
  // Nobody reviews who never sat on a committee; a role that ended stays on the record.
  const ids = [...(wasOnCommittee(person) ? idsOf(person) : []), ...onBehalfOf];
  const assigned = (await Promise.all(ids.map((id) => load.reviewing(id)))).flat();
  const applications = await Promise.all(assigned.map((id) => load.application(id)));
  return applications.filter((one) => one !== undefined).filter((one) => stillReviews(viewer, one));
}

async function ownApplications(context: RequestContext, cohortId: string, kind: ApplicationKind) {
  const viewer = viewerOf(context);
  const creator = (viewer.onBehalfOf ?? []).map((id) => applicationId(cohortId, kind, id));
  const ids = [...applicationIds(cohortId, kind, viewer.person), ...creator];
  return Promise.all(ids.map((id) => context.load.application(id)));
}
