import type { ApplicationKind } from "../application/application.ts";
import type { RequestContext } from "../shared/context.ts";
import { globalId } from "../shared/id.ts";
import { conflictsIn, onlookerIn } from "./conflict.resolver.ts";
import type { Motion, MotionRow } from "./motion.ts";
import { countedAnew, visibleRows, type SlateRow } from "./row.ts";

/**
 * The rows that the viewer may see, with whom they are about. Whoever has a conflict among these applications sees places counted
 * anew, so that no gap tells of a row that is not for them.
 */
export async function shownRows<Row extends SlateRow>(
  context: RequestContext,
  { cohortId, kind }: { cohortId: string; kind: ApplicationKind },
  rows: readonly Row[],
) {
  const [conflicts, by] = await Promise.all([conflictsIn(context, cohortId, kind), onlookerIn(context)]);
  const visible = visibleRows(by, rows);
  const counted = conflicts.length > 0 ? countedAnew(visible) : visible;
  const named = async (row: Row) => ({ ...row, ...(await shownApplication(context, row.applicationId)) });
  return Promise.all(counted.map(named));
}

/** An application by its number and name, for whoever may know of it. */
export async function shownApplication({ load }: RequestContext, id: string) {
  const application = await load.application(id);
  const applicant = application && (await load.person(application.personId));
  return {
    applicationId: globalId("Application", id),
    number: application?.number ?? null,
    applicantName: applicant?.name ?? null,
  };
}

/** The rows of a motion that the viewer may see, with what the vote came to. */
export async function countedRows(context: RequestContext, motion: Motion, rows: readonly MotionRow[]) {
  const shown = await shownRows(context, motion, rows);
  return shown.map(countedRow);
}

function countedRow<Row extends Pick<MotionRow, "counted">>({ counted, ...row }: Row) {
  return {
    ...row,
    result: counted?.result ?? null,
    vote: counted?.vote ?? null,
    apartIds: counted?.apart.map((id) => globalId("Person", id)) ?? null,
  };
}
