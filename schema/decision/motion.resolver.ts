import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from "type-graphql";
import type { ApplicationKind } from "../application/application.ts";
import { ApplicationKindEnum } from "../application/application.type.ts";
import type { Cohort } from "../cohort/cohort.ts";
import { CohortObject } from "../cohort/cohort.type.ts";
import { idsOf } from "../person/person.ts";
import { isCommittee } from "../person/role.ts";
import { change } from "../shared/change.ts";
import { carryOut, hashOf, written } from "../shared/command.ts";
import { actorOf, viewerOf, type RequestContext } from "../shared/context.ts";
import { failure } from "../shared/failure.ts";
import { globalId } from "../shared/id.ts";
import { ID_MEANING, localId } from "../shared/node.ts";
import { PageArgs, pageOf } from "../shared/page.ts";
import { Allow, ofCohort, staffOrCommittee, type Rule } from "../shared/rule.ts";
import { checkVersion } from "../shared/write.ts";
import { foreseen } from "./carrying.ts";
import { conflictsIn, hasOwnApplication, onlookerIn, visibleProposal } from "./conflict.resolver.ts";
import { carryOutMotion } from "./motion.due.ts";
import {
  castBallot,
  closeMotion,
  closeRefusals,
  countMotion,
  openMotion,
  withdrawMotion,
  type Motion,
  type MotionRow,
} from "./motion.ts";
import { listMotions, motionFrom, motionKey, writeBallot, writeMotion } from "./motion.table.ts";
import {
  BallotObject,
  MotionCloseInput,
  MotionClosePayload,
  MotionConnection,
  MotionObject,
  MotionOpenInput,
  MotionOpenPayload,
  MotionRowObject,
  MotionVoteInput,
  MotionVotePayload,
  MotionWithdrawInput,
  MotionWithdrawPayload,
} from "./motion.type.ts";
import { countedRows } from "./row.resolver.ts";
import { isProposalVisible, mayPropose } from "./row.ts";
import { proposerOfSlate } from "./slate.resolver.ts";
import { slateFrom, slateKey } from "./slate.table.ts";
import { loadCounting, loadWithDecisions } from "./tally.table.ts";

/** Whoever may see the motion and holds the office that the step takes. */
const ofMotion =
  (may: (viewer: Parameters<typeof mayPropose>[0], cohortId: string) => boolean): Rule =>
  async ({ viewer, args, context }) => {
    if (!viewer) return "UNAUTHENTICATED";
    const { motionId } = args["input"] as { motionId: string };
    const motion = await visibleProposal(context, await context.load.motion(localId("Motion", motionId)));
    if (!motion) return "NOT_FOUND";
    return may(viewer, motion.cohortId) || "FORBIDDEN";
  };

@Resolver(() => MotionObject)
export class MotionResolver {
  @FieldResolver(() => ID, { description: ID_MEANING })
  id(@Root() motion: Motion): string {
    return globalId("Motion", motion.id);
  }

  @FieldResolver(() => ID, { description: "The cohort." })
  cohortId(@Root() motion: Motion): string {
    return globalId("Cohort", motion.cohortId);
  }

  @FieldResolver(() => ID, { description: "The slate that was put to the vote." })
  slateId(@Root() motion: Motion): string {
    return globalId("Slate", motion.slateId);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      "The common reason; empty where each row has its own. Null for whoever has a conflict among these applications, or is " +
      "still to review one: it may speak of one that is not for them.",
  })
  async rationale(@Root() motion: Motion, @Ctx() context: RequestContext) {
    return (await isConflicted(context, motion)) ? null : motion.rationale;
  }

  @FieldResolver(() => [MotionRowObject], { description: "What is moved, in the order of the slate." })
  async rows(@Root() motion: Motion, @Ctx() context: RequestContext) {
    return countedRows(context, motion, motion.rows);
  }

  @FieldResolver(() => [BallotObject], {
    nullable: true,
    description: "Who voted how, once that is counted; null before, so that everybody votes for themselves.",
  })
  async ballots(@Root() motion: Motion, @Ctx() context: RequestContext) {
    if (motion.state === "OPEN" || motion.state === "WITHDRAWN") return null;
    const isHidden = await isConflicted(context, motion);
    return Promise.all(
      motion.ballots.map(async ({ personId, choice, comment }) => ({
        personId: globalId("Person", personId),
        name: (await context.load.person(personId))?.name ?? null,
        choice,
        comment: isHidden ? "" : comment,
      })),
    );
  }

  @FieldResolver(() => BallotObject, {
    nullable: true,
    description: "The viewer's own vote; null when they have none.",
  })
  async ownBallot(@Root() motion: Motion, @Ctx() context: RequestContext) {
    const { person } = viewerOf(context);
    const ballot = await ballotOf(context, motion.id);
    return ballot ? { ...ballot, personId: globalId("Person", ballot.personId), name: person.name } : null;
  }

  @Allow(proposerOfSlate)
  @Mutation(() => MotionOpenPayload, {
    description:
      "Puts a slate, or some of its applications, to the vote as it is in that version. Staff and the chair may, but nobody with " +
      "a conflict among these applications.",
  })
  async motionOpen(
    @Arg("input", () => MotionOpenInput, { description: "What is put to the vote." }) input: MotionOpenInput,
    @Ctx() context: RequestContext,
  ) {
    const { slateId, idempotencyKey, ...wish } = input;
    const at = slateKey(localId("Slate", slateId));
    const applicationIds = wish.applicationIds?.map((id) => localId("Application", id)) ?? null;
    const { cohortId, kind } = (await context.load.slate(localId("Slate", slateId)))!;
    const viewer = viewerOf(context);
    const [conflicts, { reviewing }] = await Promise.all([conflictsIn(context, cohortId, kind), onlookerIn(context)]);
    const id = context.ids.make("mot");
    const carried = await carryOut(context, {
      actor: actorOf(context),
      load: async () => {
        const slate = slateFrom(await context.table.get(at));
        if (!slate) throw failure("NOT_FOUND");
        const ids = slate.rows.map(({ applicationId }) => applicationId);
        return { slate, ...(await loadWithDecisions(context.table, ids)) };
      },
      decide: ({ slate, ...around }) =>
        openMotion(slate, { ...wish, id, applicationIds }, { viewer, reviewing, conflicts, ...around }),
      write: (motion, { slate }) => [...writeMotion(motion), checkVersion(at, slate.version)],
      once: {
        personId: viewer.person.id,
        operation: "motionOpen",
        key: idempotencyKey,
        input: { slateId, ...wish },
        keep: (motion) => ({ motionId: motion.id }),
      },
    });
    context.load.forget();
    if (carried.status === "refused") return { motion: null, userErrors: carried.refusals };
    if (carried.status === "done") return { motion: written(carried.outcome), userErrors: [] };
    return { motion: await context.load.motion(carried.kept["motionId"] as string), userErrors: [] };
  }

  @Allow(ofMotion(isCommittee))
  @Mutation(() => MotionVotePayload, {
    description:
      "Votes on an open motion, or votes anew. Members of the committee may, each once; whoever has applied themselves may not, " +
      "and for an application that a member is recused from the vote does not count.",
  })
  async motionVote(
    @Arg("input", () => MotionVoteInput, { description: "On what, and how." }) input: MotionVoteInput,
    @Ctx() context: RequestContext,
  ) {
    const { choice, comment } = input;
    const id = localId("Motion", input.motionId);
    const viewer = viewerOf(context);
    const { cohortId, kind } = (await context.load.motion(id))!;
    const [hasApplied, { reviewing }] = await Promise.all([
      hasOwnApplication(context, cohortId, kind),
      onlookerIn(context),
    ]);
    const carried = await carryOut(context, {
      actor: actorOf(context),
      load: async () => {
        context.load.forget();
        const [motion, existing] = await Promise.all([context.load.motion(id), ballotOf(context, id)]);
        return { motion: motion!, existing };
      },
      decide: ({ motion, existing }) =>
        castBallot(motion, { choice, comment }, { viewer, reviewing, hasApplied, existing }),
      write: writeBallot,
    });
    context.load.forget();
    const motion = await context.load.motion(id);
    return { motion, userErrors: carried.status === "refused" ? carried.refusals : [] };
  }

  @Allow(ofMotion(mayPropose))
  @Mutation(() => MotionClosePayload, {
    description:
      "Counts the votes, ends the voting, and prepares decisions for what was carried; what has changed since the motion was " +
      "opened is named and not decided. First call it with `dryRun`, look, then confirm with the token. Staff and the chair may, " +
      "but nobody with a conflict among these applications.",
  })
  async motionClose(
    @Arg("input", () => MotionCloseInput, { description: "Which motion." }) input: MotionCloseInput,
    @Ctx() context: RequestContext,
  ) {
    const id = localId("Motion", input.motionId);
    const at = motionKey(id);
    const { dryRun, confirmToken, idempotencyKey } = input;
    const viewer = viewerOf(context);
    const { cohortId, kind } = (await context.load.motion(id))!;
    const conflicts = await conflictsIn(context, cohortId, kind);
    const load = async () => {
      const found = await loadCounting(context.table, id, context.now);
      if (!found) throw failure("NOT_FOUND");
      const counting = { ...found, quorumAbove: found.cohort.policy.vote.quorumAbove };
      const rows = foreseen(closing(found.motion), countMotion(found.motion, counting), found);
      return { ...counting, rows, currentToken: tokenOf(found.motion, rows) };
    };
    const closing = (motion: Motion) => ({ ...motion, closedBy: viewer.person.id, closedAt: context.now });
    if (dryRun) {
      const { motion, rows, currentToken } = await load();
      const userErrors = closeRefusals(motion, conflicts);
      if (userErrors.length > 0) return { motion, rows: null, confirmToken: null, userErrors };
      return { motion, rows: await countedRows(context, motion, rows), confirmToken: currentToken, userErrors };
    }
    const carried = await carryOut(context, {
      actor: actorOf(context),
      load,
      decide: ({ motion, ...counting }) => closeMotion(motion, { ...counting, viewer, conflicts, confirmToken }),
      write: writeMotion,
      once: {
        personId: viewer.person.id,
        operation: "motionClose",
        key: idempotencyKey,
        input: { motionId: id, confirmToken },
        keep: () => ({}),
      },
    });
    if (carried.status === "refused") {
      return { motion: carried.loaded.motion, rows: null, confirmToken: null, userErrors: carried.refusals };
    }
    // Loaded before the earlier call was known, it may be older than what that has done.
    const closed = carried.status === "done" ? written(carried.outcome) : motionFrom(await context.table.get(at))!;
    const motion = await carryOutMotion(context, closed);
    context.load.forget();
    return { motion, rows: await countedRows(context, motion, motion.rows), confirmToken: null, userErrors: [] };
  }

  @Allow(ofMotion(mayPropose))
  @Mutation(() => MotionWithdrawPayload, {
    description:
      "Takes back an open motion with its votes. Staff and the chair may, but nobody with a conflict among these applications.",
  })
  async motionWithdraw(
    @Arg("input", () => MotionWithdrawInput, { description: "Which motion." }) input: MotionWithdrawInput,
    @Ctx() context: RequestContext,
  ) {
    const id = localId("Motion", input.motionId);
    const { why, expectedVersion } = input;
    const { cohortId, kind } = (await context.load.motion(id))!;
    const conflicts = await conflictsIn(context, cohortId, kind);
    const { record, userErrors } = await change(context, {
      load: async () => motionFrom(await context.table.get(motionKey(id))),
      decide: (motion) => withdrawMotion(motion, { conflicts, why, expectedVersion }),
      write: writeMotion,
    });
    return { motion: record, userErrors };
  }
}

/** A cohort's motions, where staff and committee look for them. */
@Resolver(() => CohortObject)
export class CohortMotionsResolver {
  @Allow(staffOrCommittee(ofCohort))
  @FieldResolver(() => MotionConnection, {
    nullable: true,
    description: "Motions about one kind, the latest first. Staff and committee may read it.",
  })
  async motions(
    @Root() cohort: Cohort,
    @Arg("kind", () => ApplicationKindEnum, { defaultValue: "CANDIDATE", description: "Whose." })
    kind: ApplicationKind,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: RequestContext,
  ) {
    const of = { cohortId: cohort.id, kind };
    const ask = (from: Parameters<typeof listMotions>[2]) => listMotions(context.table, of, from);
    const by = await onlookerIn(context);
    const isVisible = (item: Parameters<typeof motionFrom>[0]) => isProposalVisible(by, motionFrom(item)!);
    return pageOf(page, { name: "motions", of, index: "byList" }, ask, (item) => motionFrom(item)!, isVisible);
  }
}

async function isConflicted(context: RequestContext, { cohortId, kind }: Motion): Promise<boolean> {
  return (await conflictsIn(context, cohortId, kind)).length > 0;
}

/** Confirms a count with all that would come of it. */
function tokenOf({ id }: Motion, rows: readonly MotionRow[]): string {
  return hashOf({
    id,
    rows: rows.map(({ applicationId, counted, obstacle }) => ({ applicationId, counted, obstacle })),
  });
}

/** The vote that the viewer has given, also under a record that was merged into theirs. */
async function ballotOf(context: RequestContext, motionId: string) {
  const ids = idsOf(viewerOf(context).person);
  return (await Promise.all(ids.map((id) => context.load.ballot(motionId, id)))).find((one) => one !== undefined);
}
