import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from "type-graphql";
import { listOfCohort } from "../application/application.table.ts";
import type { ApplicationKind } from "../application/application.ts";
import { ApplicationKindEnum } from "../application/application.type.ts";
import { maySee } from "../cohort/cohort.resolver.ts";
import type { Cohort } from "../cohort/cohort.ts";
import { CohortObject } from "../cohort/cohort.type.ts";
import { change } from "../shared/change.ts";
import { carryOut, written } from "../shared/command.ts";
import { actorOf, viewerOf, type RequestContext } from "../shared/context.ts";
import { failure } from "../shared/failure.ts";
import { globalId } from "../shared/id.ts";
import { ID_MEANING, localId } from "../shared/node.ts";
import { PageArgs, pageOf } from "../shared/page.ts";
import { Allow, ofCohort, ofCohortInput, signedIn, staffOrCommittee, type Rule } from "../shared/rule.ts";
import { everyItem } from "../shared/every-item.ts";
import { conflictsIn, onlookerIn, visibleProposal } from "./conflict.resolver.ts";
import { loadPrepared } from "./decision.table.ts";
import { shownRows } from "./row.resolver.ts";
import { isProposalVisible, mayPropose, visibleRows, type ProposedRow } from "./row.ts";
import { archiveSlate, copySlate, createSlate, saveSlate, type Slate, type SlateState } from "./slate.ts";
import { listSlates, loadWaitlist, slateFrom, slateKey, writeSlate } from "./slate.table.ts";
import {
  SlateAnalysisObject,
  SlateArchiveInput,
  SlateArchivePayload,
  SlateConnection,
  SlateCopyInput,
  SlateCopyPayload,
  SlateCreateInput,
  SlateCreatePayload,
  SlateDifferenceObject,
  SlateObject,
  type SlateRowInput,
  SlateRowObject,
  SlateSaveInput,
  SlateSavePayload,
  SlateStateEnum,
} from "./slate.type.ts";
import { loadWithDecisions } from "./tally.table.ts";
import { differences, whatIf } from "./what-if.ts";

/** Staff and the chair of the cohort whose id the input names. */
const proposerOfCohort: Rule = (question) =>
  mayPropose(question.viewer, ofCohortInput(question)) || (question.viewer ? "FORBIDDEN" : "UNAUTHENTICATED");

/** Staff and the chair, for a slate they may see. */
export const proposerOfSlate: Rule = async ({ viewer, args, context }) => {
  if (!viewer) return "UNAUTHENTICATED";
  const { slateId } = args["input"] as { slateId: string };
  const slate = await visibleProposal(context, await context.load.slate(localId("Slate", slateId)));
  if (!slate) return "NOT_FOUND";
  return mayPropose(viewer, slate.cohortId) || "FORBIDDEN";
};

@Resolver(() => SlateObject)
export class SlateResolver {
  @FieldResolver(() => ID, { description: ID_MEANING })
  id(@Root() slate: Slate): string {
    return globalId("Slate", slate.id);
  }

  @FieldResolver(() => ID, { description: "The cohort." })
  cohortId(@Root() slate: Slate): string {
    return globalId("Cohort", slate.cohortId);
  }

  @FieldResolver(() => ID, { nullable: true, description: "The slate it began as a copy of; null otherwise." })
  copiedFromId(@Root() { copiedFrom }: Slate): string | null {
    return copiedFrom === null ? null : globalId("Slate", copiedFrom);
  }

  @FieldResolver(() => [SlateRowObject], { description: "What is proposed, in the order of the slate." })
  async rows(@Root() slate: Slate, @Ctx() context: RequestContext) {
    return shownRows(context, slate, slate.rows);
  }

  @FieldResolver(() => SlateAnalysisObject, {
    nullable: true,
    description: "What would come of it if all of it were decided now. Ask for it of one slate at a time.",
  })
  async analysis(@Root() slate: Slate, @Ctx() context: RequestContext) {
    const { cohortId, kind } = slate;
    const rows = visibleRows(await onlookerIn(context), slate.rows);
    const ids = rows.map(({ applicationId }) => applicationId);
    const [cohort, seatsTaken, around, waitlist, mentors, conflicts, otherConflicts] = await Promise.all([
      context.load.cohort(cohortId),
      context.load.seatsTaken(cohortId),
      loadWithDecisions(context.table, ids),
      loadWaitlist(context.table, cohortId, kind),
      mentorsOf(context, cohortId),
      conflictsIn(context, cohortId, kind),
      conflictsIn(context, cohortId, kind === "CANDIDATE" ? "MENTOR" : "CANDIDATE"),
    ]);
    if (!cohort) return null;
    const mayCount = { mayCount: conflicts.length === 0, mayCountOther: otherConflicts.length === 0 };
    const found = whatIf(kind, rows, { cohort, ...around, waitlist, seatsTaken, mentors }, mayCount);
    const named = <Entry extends { applicationId: string }>(entry: Entry) => {
      return { ...entry, applicationId: globalId("Application", entry.applicationId) };
    };
    return { ...found, conflicts: found.conflicts.map(named), waitlist: found.waitlist?.map(named) ?? null };
  }

  @Allow(signedIn)
  @Query(() => [SlateDifferenceObject], {
    nullable: true,
    description:
      "Applications for which two slates of one cohort and kind propose different outcomes or places; null when there are no " +
      "such slates to see.",
  })
  async slateDiff(
    @Arg("a", () => ID, { description: "The first slate." }) a: string,
    @Arg("b", () => ID, { description: "The second slate." }) b: string,
    @Ctx() context: RequestContext,
  ) {
    const seen = async (id: string) => visibleProposal(context, await context.load.slate(localId("Slate", id)));
    const [first, second] = await Promise.all([seen(a), seen(b)]);
    if (!first || !second) return null;
    if (first.cohortId !== second.cohortId || first.kind !== second.kind) return null;
    const [shownA, shownB] = await Promise.all([first, second].map((one) => shownRows(context, one, one.rows)));
    return differences(shownA!, shownB!);
  }

  @Allow(proposerOfCohort)
  @Mutation(() => SlateCreatePayload, {
    description:
      "Begins a slate: a proposal that decides nothing. Staff and the chair may, but nobody with a conflict among these " +
      "applications.",
  })
  async slateCreate(
    @Arg("input", () => SlateCreateInput, { description: "For whom, and what." }) input: SlateCreateInput,
    @Ctx() context: RequestContext,
  ) {
    const cohortId = localId("Cohort", input.cohortId);
    const { kind, name } = input;
    if (!maySee(context.viewer, await context.load.cohort(cohortId))) throw failure("NOT_FOUND");
    const conflicts = await conflictsIn(context, cohortId, kind);
    const rows = proposed(input.rows);
    return begin(context, async () => {
      const applications = await applicationsOf(context, rows);
      const facts = {
        ...(await savingIn(context)),
        id: context.ids.make("sla"),
        cohortId,
        kind,
        conflicts,
        applications,
      };
      return createSlate({ name, rows }, facts);
    });
  }

  @Allow(proposerOfSlate)
  @Mutation(() => SlateSavePayload, {
    description:
      "Changes a slate's name or rows. Staff and the chair may, but nobody with a conflict among these applications.",
  })
  async slateSave(
    @Arg("input", () => SlateSaveInput, { description: "What to change." }) input: SlateSaveInput,
    @Ctx() context: RequestContext,
  ) {
    const { expectedVersion, name } = input;
    const rows = input.rows == null ? null : proposed(input.rows);
    const [applications, by] = await Promise.all([applicationsOf(context, rows ?? []), savingIn(context)]);
    return changeOne(context, input.slateId, (slate, conflicts) =>
      saveSlate(slate, { name, rows }, { ...by, conflicts, expectedVersion, applications }),
    );
  }

  @Allow(proposerOfSlate)
  @Mutation(() => SlateCopyPayload, {
    description:
      "Begins a slate as a copy of another. Staff and the chair may, but nobody with a conflict among these applications.",
  })
  async slateCopy(
    @Arg("input", () => SlateCopyInput, { description: "Which slate." }) input: SlateCopyInput,
    @Ctx() context: RequestContext,
  ) {
    const slate = (await context.load.slate(localId("Slate", input.slateId)))!;
    const conflicts = await conflictsIn(context, slate.cohortId, slate.kind);
    const wish = { id: context.ids.make("sla"), name: input.name };
    return begin(context, async () => copySlate(slate, wish, { ...(await savingIn(context)), conflicts }));
  }

  @Allow(proposerOfSlate)
  @Mutation(() => SlateArchivePayload, {
    description: "Puts a slate aside. Staff and the chair may, but nobody with a conflict among these applications.",
  })
  async slateArchive(
    @Arg("input", () => SlateArchiveInput, { description: "Which slate." }) input: SlateArchiveInput,
    @Ctx() context: RequestContext,
  ) {
    const { expectedVersion } = input;
    const by = await savingIn(context);
    return changeOne(context, input.slateId, (slate, conflicts) =>
      archiveSlate(slate, { ...by, conflicts, expectedVersion }),
    );
  }
}

/** A cohort's slates, where staff and committee look for them. */
@Resolver(() => CohortObject)
export class CohortSlatesResolver {
  @Allow(staffOrCommittee(ofCohort))
  @FieldResolver(() => SlateConnection, {
    nullable: true,
    description: "Slates of one kind, the latest first. Staff and committee may read it.",
  })
  async slates(
    @Root() cohort: Cohort,
    @Arg("kind", () => ApplicationKindEnum, { defaultValue: "CANDIDATE", description: "Whose." })
    kind: ApplicationKind,
    @Arg("state", () => SlateStateEnum, { defaultValue: "ACTIVE", description: "Which ones." }) state: SlateState,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: RequestContext,
  ) {
    const of = { cohortId: cohort.id, kind, state };
    const ask = (from: Parameters<typeof listSlates>[2]) => listSlates(context.table, of, from);
    const by = await onlookerIn(context);
    const isVisible = (item: Parameters<typeof slateFrom>[0]) => isProposalVisible(by, slateFrom(item)!);
    return pageOf(page, { name: "slates", of, index: "byList" }, ask, (item) => slateFrom(item)!, isVisible);
  }
}

/** Who saves a slate, with what they are still to review. */
async function savingIn(context: RequestContext) {
  return { ...(await onlookerIn(context)), viewer: viewerOf(context) };
}

function proposed(rows: readonly SlateRowInput[]): ProposedRow[] {
  return rows.map((row) => ({ ...row, applicationId: localId("Application", row.applicationId) }));
}

async function applicationsOf({ load }: RequestContext, rows: readonly ProposedRow[]) {
  const found = await Promise.all(rows.map(({ applicationId }) => load.application(applicationId)));
  return new Map(found.flatMap((one) => (one ? [[one.id, one] as const] : [])));
}

/** Ids of mentors' applications that are accepted, or whose acceptance is prepared. */
async function mentorsOf({ table }: RequestContext, cohortId: string): Promise<string[]> {
  const of = { cohortId, kind: "MENTOR", list: "SUBMITTED", state: "ACCEPTED" } as const;
  const [accepted, prepared] = await Promise.all([
    everyItem((page) => listOfCohort(table, of, page)),
    loadPrepared(table, cohortId, "MENTOR"),
  ]);
  const promised = prepared.filter(({ outcome, state }) => outcome === "ACCEPT" && state === "PREPARED");
  return [...new Set([...accepted.map((item) => item["id"] as string), ...promised.map(({ id }) => id)])];
}

async function begin(context: RequestContext, decide: () => Promise<ReturnType<typeof createSlate>>) {
  const ruling = await decide();
  const carried = await carryOut(context, {
    actor: actorOf(context),
    load: async () => null,
    decide: () => ruling,
    write: writeSlate,
  });
  if (carried.status === "done") return { slate: written(carried.outcome), userErrors: [] };
  return { slate: null, userErrors: carried.status === "refused" ? carried.refusals : [] };
}

async function changeOne(
  context: RequestContext,
  opaqueId: string,
  decide: (slate: Slate, conflicts: Awaited<ReturnType<typeof conflictsIn>>) => ReturnType<typeof saveSlate>,
) {
  const id = localId("Slate", opaqueId);
  const { cohortId, kind } = (await context.load.slate(id))!;
  const conflicts = await conflictsIn(context, cohortId, kind);
  const { record, userErrors } = await change(context, {
    load: async () => slateFrom(await context.table.get(slateKey(id))),
    decide: (slate) => decide(slate, conflicts),
    write: writeSlate,
  });
  return { slate: record, userErrors };
}
