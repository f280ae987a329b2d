import { applicationId, applicationIds, theOneThatCounts, type ApplicationKind } from "../application/application.ts";
import { viewerOf, type RequestContext } from "../shared/context.ts";
import type { Refusal } from "../shared/decision.ts";
import { releaserRefusals } from "./release.ts";
import { hasApplied } from "./tally.ts";

/**
 * Why the viewer has nothing to do with all decisions of a cohort and kind together: their own application is among those to be
 * decided, or one they are recused from. For a service token that also holds of whoever created it.
 */
export async function conflictsIn(
  context: RequestContext,
  cohortId: string,
  kind: ApplicationKind,
): Promise<readonly Refusal<"OWN_APPLICATION" | "RECUSED">[]> {
  const own = theOneThatCounts(await ownApplications(context, cohortId, kind));
  return releaserRefusals(viewerOf(context), { own, cohortId, kind });
}

/** Whether the viewer has an application of their own to this cohort as this kind that was not taken back. */
export async function hasOwnApplication(context: RequestContext, cohortId: string, kind: ApplicationKind) {
  return hasApplied(await ownApplications(context, cohortId, kind));
}

async function ownApplications(context: RequestContext, cohortId: string, kind: ApplicationKind) {
  const viewer = viewerOf(context);
  const creator = (viewer.onBehalfOf ?? []).map((id) => applicationId(cohortId, kind, id));
  const ids = [...applicationIds(cohortId, kind, viewer.person), ...creator];
  return Promise.all(ids.map((id) => context.load.application(id)));
}
