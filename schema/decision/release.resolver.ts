import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import type { ApplicationKind } from "../application/application.ts";
import { maySee } from "../cohort/cohort.resolver.ts";
import { carryOut, hashOf, written } from "../shared/command.ts";
import { actorOf, viewerOf, type RequestContext } from "../shared/context.ts";
import { failure } from "../shared/failure.ts";
import { globalId } from "../shared/id.ts";
import { localId } from "../shared/node.ts";
import { Allow, ofCohortInput, staffOrCommittee } from "../shared/rule.ts";
import { conflictsIn } from "./conflict.resolver.ts";
import { decisionFrom, decisionKey, loadPrepared } from "./decision.table.ts";
import { MOST_RELEASED, releaseRows, rowsRefusals, startRelease, type ReleaseRow } from "./release.ts";
import { carryOutRelease } from "./release.due.ts";
import { releaseFrom, releaseKey, writeRelease } from "./release.table.ts";
import { DecisionReleaseInput, DecisionReleasePayload } from "./release.type.ts";

@Resolver()
export class ReleaseResolver {
  @Allow(staffOrCommittee(ofCohortInput))
  @Mutation(() => DecisionReleasePayload, {
    description:
      "Makes prepared decisions of a cohort and kind known at once, all or those named; only now applicants see them and mails " +
      "go out. First call it with `dryRun`, look, then confirm with the token. At most 100. Staff and committee may, but nobody " +
      "whose own application is among those to be decided.",
  })
  async decisionRelease(
    @Arg("input", () => DecisionReleaseInput, { description: "Whose decisions." }) input: DecisionReleaseInput,
    @Ctx() context: RequestContext,
  ) {
    const cohortId = localId("Cohort", input.cohortId);
    const { kind, dryRun, confirmToken, idempotencyKey } = input;
    const only = input.applicationIds?.map((id) => localId("Application", id)) ?? null;
    const byPersonId = viewerOf(context).person.id;
    const [cohort, conflicts] = await Promise.all([
      context.load.cohort(cohortId),
      conflictsIn(context, cohortId, kind),
    ]);
    if (!maySee(context.viewer, cohort)) throw failure("NOT_FOUND");
    if (conflicts.length > 0) return { rows: null, confirmToken: null, userErrors: conflicts };
    const load = () => loadRows(context, { cohortId, kind, only });
    const tokenOf = (rows: readonly ReleaseRow[]) => hashOf({ cohortId, kind, rows });
    if (dryRun) {
      const rows = await load();
      const userErrors = rowsRefusals(rows, only);
      if (userErrors.length > 0) return { rows: null, confirmToken: null, userErrors };
      return { rows: rows.map((row) => rowOf(row, false, null)), confirmToken: tokenOf(rows), userErrors };
    }
    const id = context.ids.make("rel");
    const facts = { id, cohortId, kind, byPersonId, now: context.now, only, confirmToken };
    const carried = await carryOut(context, {
      actor: actorOf(context),
      load,
      decide: (rows) => startRelease(rows, { ...facts, currentToken: tokenOf(rows) }),
      write: writeRelease,
      once: {
        personId: byPersonId,
        operation: "decisionRelease",
        key: idempotencyKey,
        input: { cohortId, kind, confirmToken, ...(only && { only }) },
        keep: (release) => ({ releaseId: release.id }),
      },
    });
    if (carried.status === "refused") return { rows: null, confirmToken: null, userErrors: carried.refusals };
    const release =
      carried.status === "done"
        ? written(carried.outcome)
        : releaseFrom(await context.table.get(releaseKey(carried.kept["releaseId"] as string)));
    if (!release) throw new Error("A release that was kept by its key is gone");
    const known = await carryOutRelease(context, release);
    context.load.forget();
    const rows = release.rows.map((row) => {
      const isKnown = known.has(row.applicationId);
      return rowOf(row, isKnown, isKnown ? null : CHANGED);
    });
    return { rows, confirmToken: null, userErrors: [] };
  }
}

const CHANGED = "It was changed or withdrawn after it was confirmed, and is not released: please look at it again.";

/** What is prepared as it is now: everything of the kind, or what is named. */
async function loadRows(
  { table }: RequestContext,
  { cohortId, kind, only }: { cohortId: string; kind: ApplicationKind; only: readonly string[] | null },
): Promise<ReleaseRow[]> {
  if (only === null) return releaseRows(await loadPrepared(table, cohortId, kind));
  // One more than can be released, so that too many are noticed.
  const named = await table.getMany(only.slice(0, MOST_RELEASED + 1).map(decisionKey));
  const decisions = named.flatMap((item) => decisionFrom(item) ?? []);
  return releaseRows(decisions.filter((one) => one.cohortId === cohortId && one.kind === kind));
}

function rowOf({ applicationId, outcome }: ReleaseRow, released: boolean, obstacle: string | null) {
  return { applicationId: globalId("Application", applicationId), outcome, released, obstacle };
}
