import { Arg, Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import type { ApplicationKind } from "../application/application.ts";
import { ApplicationKindEnum } from "../application/application.type.ts";
import type { Cohort } from "../cohort/cohort.ts";
import { CohortObject } from "../cohort/cohort.type.ts";
import type { RequestContext } from "../shared/context.ts";
import { everyItem } from "../shared/every-item.ts";
import { globalId } from "../shared/id.ts";
import { Allow, ofCohort, staffOrCommittee } from "../shared/rule.ts";
import { conflictsIn, onlookerIn } from "./conflict.resolver.ts";
import { minutesText, type MinutedMotion, type MinutedRelease, type MinutedReversal } from "./minutes.ts";
import { MinutesObject } from "./minutes.type.ts";
import { listMotions, motionFrom } from "./motion.table.ts";
import type { Motion } from "./motion.ts";
import { loadReleases } from "./release.table.ts";
import type { Release, ReleaseRow } from "./release.ts";
import { loadReversals } from "./reversal.table.ts";
import type { Reversal } from "./reversal.ts";
import { shownApplication, shownRows } from "./row.resolver.ts";
import { isApart, isProposalVisible, visibleRows, type Onlooker } from "./row.ts";

/** The minutes, where staff and committee look for them. */
@Resolver(() => CohortObject)
export class CohortMinutesResolver {
  @Allow(staffOrCommittee(ofCohort))
  @FieldResolver(() => MinutesObject, {
    nullable: true,
    description:
      "The committee's minutes about one kind. Staff and committee may read it. Ask for it of one cohort at a time.",
  })
  async minutes(
    @Root() cohort: Cohort,
    @Arg("kind", () => ApplicationKindEnum, { defaultValue: "CANDIDATE", description: "Whose." })
    kind: ApplicationKind,
    @Ctx() context: RequestContext,
  ) {
    const { table } = context;
    const of = { cohortId: cohort.id, kind };
    const [items, allReleases, allReversals, conflicts, by] = await Promise.all([
      everyItem((page) => listMotions(table, of, page)),
      loadReleases(table, cohort.id, kind),
      loadReversals(table, cohort.id, kind),
      conflictsIn(context, cohort.id, kind),
      onlookerIn(context),
    ]);
    const isConflicted = conflicts.length > 0;
    const seen = items.map((item) => motionFrom(item)!).filter((motion) => isProposalVisible(by, motion));
    const [motions, releases, reversals] = await Promise.all([
      Promise.all(seen.toReversed().map((motion) => minutedMotion(context, motion, isConflicted))),
      Promise.all(allReleases.map((release) => minutedRelease(context, release, by))),
      Promise.all(
        allReversals
          .filter(({ applicationId }) => !isApart(by, applicationId))
          .map((one) => minutedReversal(context, one)),
      ),
    ]);
    const minutes = { motions, releases: releases.filter(({ rows }) => rows.length > 0), reversals };
    return { ...minutes, text: minutesText(minutes, cohort, kind) };
  }
}

async function minutedMotion(context: RequestContext, motion: Motion, isConflicted: boolean): Promise<MinutedMotion> {
  const rows = await shownRows(context, motion, motion.rows);
  const minuted = async ({ counted, ...row }: (typeof rows)[number]) => ({
    ...row,
    result: counted?.result ?? null,
    vote: counted?.vote ?? null,
    apart: await Promise.all((counted?.apart ?? []).map((id) => memberOf(context, id))),
  });
  return {
    motionId: globalId("Motion", motion.id),
    name: motion.name,
    openedAt: motion.openedAt,
    openedBy: await nameOf(context, motion.openedBy),
    closedAt: motion.closedAt,
    isWithdrawn: motion.state === "WITHDRAWN",
    rationale: isConflicted ? "" : motion.rationale,
    votes: await Promise.all(
      motion.ballots.map(async ({ personId, choice, comment }) => ({
        ...(await memberOf(context, personId)),
        choice,
        comment: isConflicted ? "" : comment,
      })),
    ),
    rows: await Promise.all(rows.map(minuted)),
  };
}

async function minutedRelease(context: RequestContext, release: Release, by: Onlooker): Promise<MinutedRelease> {
  const known = visibleRows(by, release.rows).filter(({ applicationId }) => release.released.includes(applicationId));
  const minuted = async ({ applicationId, version, outcome }: ReleaseRow) => {
    const told = (await context.load.decision(applicationId))?.told;
    const rationale = told?.version === version + 1 ? told.rationale : "";
    return { ...(await shownApplication(context, applicationId)), outcome, rationale };
  };
  return {
    at: release.startedAt,
    by: await nameOf(context, release.startedBy),
    rows: await Promise.all(known.map(minuted)),
  };
}

async function minutedReversal(context: RequestContext, reversal: Reversal): Promise<MinutedReversal> {
  const { applicationId, at, by, from, to, why } = reversal;
  return { ...(await shownApplication(context, applicationId)), at, by: await nameOf(context, by), from, to, why };
}

async function nameOf({ load }: RequestContext, personId: string): Promise<string> {
  return (await load.person(personId))?.name ?? "Somebody";
}

async function memberOf(context: RequestContext, personId: string) {
  return { personId: globalId("Person", personId), name: await nameOf(context, personId) };
}
