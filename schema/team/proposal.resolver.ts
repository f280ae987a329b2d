import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from "type-graphql";
import { applicationFrom, applicationKey } from "../application/application.table.ts";
import { mayRead, type Application } from "../application/application.ts";
import { maySee } from "../cohort/cohort.resolver.ts";
import { cohortFrom, cohortKey } from "../cohort/cohort.table.ts";
import type { Cohort } from "../cohort/cohort.ts";
import { CohortObject } from "../cohort/cohort.type.ts";
import { isCommittee, isStaff } from "../person/role.ts";
import { change } from "../shared/change.ts";
import { carryOut, hashOf, written } from "../shared/command.ts";
import { actorOf, viewerOf, type RequestContext } from "../shared/context.ts";
import { failure } from "../shared/failure.ts";
import { globalId } from "../shared/id.ts";
import { ID_MEANING, localId } from "../shared/node.ts";
import { PageArgs, pageOf } from "../shared/page.ts";
import { Allow, both, ofCohort, ofCohortInput, staff, staffOrCommittee, type Rule } from "../shared/rule.ts";
import { jointPartnersOf } from "../joint/joint.table.ts";
import { judge, type MentorSide } from "./match.ts";
import {
  archiveProposal,
  compareProposals,
  moveCandidate,
  saveProposal,
  startPublishing,
  startUnpublishing,
  publishRefusals,
  violationsOf,
  visiblePairs,
  type Pair,
  type Proposal,
} from "./proposal.ts";
import {
  TeamDifferenceObject,
  TeamPairObject,
  TeamProposalArchiveInput,
  TeamProposalArchivePayload,
  TeamProposalConnection,
  TeamProposalMoveInput,
  TeamProposalMovePayload,
  TeamProposalObject,
  TeamProposalSaveInput,
  TeamProposalSavePayload,
  TeamsPublishInput,
  TeamsPublishPayload,
  TeamsUnpublishInput,
  TeamsUnpublishPayload,
  TeamViolationObject,
} from "./proposal.type.ts";
import { carryOutProposal } from "./publish.due.ts";
import { listProposals, proposalFrom, proposalKey, writeProposal } from "./team.table.ts";
import { isSeated, teamConflicts } from "./team.ts";

/** Staff and the committee of the proposal's cohort; for all others it does not exist. */
const ofProposal: Rule = async ({ viewer, args, context }) => {
  if (!viewer) return "UNAUTHENTICATED";
  const { proposalId } = args["input"] as { proposalId: string };
  const proposal = await context.load.teamProposal(localId("TeamProposal", proposalId));
  if (!proposal) return "NOT_FOUND";
  return isStaff(viewer) || isCommittee(viewer, proposal.cohortId) ? true : "NOT_FOUND";
};

@Resolver(() => TeamProposalObject)
export class TeamProposalResolver {
  @FieldResolver(() => ID, { description: ID_MEANING })
  id(@Root() { id }: Proposal): string {
    return globalId("TeamProposal", id);
  }

  @FieldResolver(() => [TeamPairObject], { description: "The pairs, without those that are not for the viewer." })
  async pairs(@Root() proposal: Proposal, @Ctx() context: RequestContext) {
    const applications = await applicationsOf(context, proposal.pairs);
    return pairsFor(context, proposal.pairs, applications).map((pair) => ({
      candidate: applications.get(pair.candidateApplicationId),
      mentor: applications.get(pair.mentorApplicationId),
    }));
  }

  @FieldResolver(() => [TeamViolationObject], {
    description: "What stands in the way of publishing it as things are now; empty when nothing does.",
  })
  async violations(@Root() proposal: Proposal, @Ctx() context: RequestContext) {
    if (proposal.state !== "SAVED") return [];
    const { cohort, applications, violations } = await examine(context, proposal);
    if (!cohort) return [];
    return pairsFor(context, violations, applications).map(({ code, text, ...pair }) => ({
      candidateApplicationId: globalId("Application", pair.candidateApplicationId),
      mentorApplicationId: globalId("Application", pair.mentorApplicationId),
      code,
      text,
    }));
  }

  @FieldResolver(() => [TeamDifferenceObject], {
    description: "For which candidates another proposal of the cohort has another mentor.",
  })
  async differences(
    @Root() proposal: Proposal,
    @Arg("with", () => ID, { description: "The other proposal." }) otherId: string,
    @Ctx() context: RequestContext,
  ) {
    const other = await context.load.teamProposal(localId("TeamProposal", otherId));
    if (other?.cohortId !== proposal.cohortId) throw failure("NOT_FOUND");
    const applications = await applicationsOf(context, [...proposal.pairs, ...other.pairs]);
    const hereAndThere = [proposal, other].map(({ pairs }) => ({ pairs: pairsFor(context, pairs, applications) }));
    return compareProposals(hereAndThere[0]!, hereAndThere[1]!).map(({ candidateApplicationId, here, there }) => ({
      candidate: applications.get(candidateApplicationId),
      here: here === null ? null : applications.get(here),
      there: there === null ? null : applications.get(there),
    }));
  }

  @Allow(staffOrCommittee(ofCohortInput))
  @Mutation(() => TeamProposalSavePayload, {
    description: "Puts pairs of a cohort down, to be compared, changed and published. Staff and committee may.",
  })
  async teamProposalSave(
    @Arg("input", () => TeamProposalSaveInput, { description: "The pairs." }) input: TeamProposalSaveInput,
    @Ctx() context: RequestContext,
  ) {
    const cohortId = localId("Cohort", input.cohortId);
    if (!maySee(context.viewer, await context.load.cohort(cohortId))) throw failure("NOT_FOUND");
    const pairs = input.pairs.map((pair) => ({
      candidateApplicationId: localId("Application", pair.candidateApplicationId),
      mentorApplicationId: localId("Application", pair.mentorApplicationId),
    }));
    const id = context.ids.make("prp");
    const carried = await carryOut(context, {
      actor: actorOf(context),
      load: () => known(context, cohortId, pairs),
      decide: (applications) =>
        saveProposal({ id, cohortId, name: input.name, pairs }, applications, viewerOf(context)),
      write: writeProposal,
    });
    if (carried.status === "refused") return { proposal: null, userErrors: carried.refusals };
    return { proposal: carried.status === "done" ? written(carried.outcome) : null, userErrors: [] };
  }

  @Allow(ofProposal)
  @Mutation(() => TeamProposalMovePayload, {
    description:
      "Gives a candidate of a proposal another mentor, or takes the candidate out. What that stands in the way of is named by " +
      "`violations`. Staff and committee may.",
  })
  async teamProposalMove(
    @Arg("input", () => TeamProposalMoveInput, { description: "Who gets whom." }) input: TeamProposalMoveInput,
    @Ctx() context: RequestContext,
  ) {
    const { expectedVersion } = input;
    const proposalId = localId("TeamProposal", input.proposalId);
    const candidateApplicationId = localId("Application", input.candidateApplicationId);
    const mentorApplicationId =
      input.mentorApplicationId == null ? null : localId("Application", input.mentorApplicationId);
    const { cohortId = "", pairs = [] } = (await context.load.teamProposal(proposalId)) ?? {};
    const named = { candidateApplicationId, mentorApplicationId: mentorApplicationId ?? candidateApplicationId };
    const applications = await known(context, cohortId, [...pairs, named]);
    return changeProposal(context, proposalId, (proposal) =>
      moveCandidate(
        proposal,
        { candidateApplicationId, mentorApplicationId },
        { known: applications, expectedVersion },
      ),
    );
  }

  @Allow(ofProposal)
  @Mutation(() => TeamProposalArchivePayload, { description: "Puts a proposal aside. Staff and committee may." })
  async teamProposalArchive(
    @Arg("input", () => TeamProposalArchiveInput, { description: "Which proposal." }) input: TeamProposalArchiveInput,
    @Ctx() context: RequestContext,
  ) {
    const { expectedVersion } = input;
    return changeProposal(context, localId("TeamProposal", input.proposalId), (proposal) =>
      archiveProposal(proposal, { expectedVersion }),
    );
  }

  @Allow(both(ofProposal, staff))
  @Mutation(() => TeamsPublishPayload, {
    description:
      "Makes the teams of a proposal and asks their mentors, each by one mail. First call it with `dryRun`, look, then confirm " +
      "with the token. Staff may, but nobody who is in one of the pairs or recused from one.",
  })
  async teamsPublish(
    @Arg("input", () => TeamsPublishInput, { description: "Which proposal." }) input: TeamsPublishInput,
    @Ctx() context: RequestContext,
  ) {
    const { dryRun, confirmToken, idempotencyKey } = input;
    const id = localId("TeamProposal", input.proposalId);
    const viewer = viewerOf(context);
    const load = async () => {
      const proposal = await loadProposal(context, id);
      const { applications, violations } = await examine(context, proposal);
      return { proposal, applications, violations };
    };
    const tokenOf = ({ version, pairs }: Proposal) => hashOf({ id, version, pairs });
    const looked = await load();
    const conflicts = teamConflicts([...looked.applications.values()], viewer);
    const nothing = { rows: null, confirmToken: null, proposal: null };
    if (conflicts.length > 0) return { ...nothing, userErrors: conflicts };
    if (dryRun) {
      const userErrors = publishRefusals(looked.proposal, looked.violations);
      if (userErrors.length > 0) return { ...nothing, proposal: looked.proposal, userErrors };
      return {
        proposal: looked.proposal,
        rows: looked.proposal.pairs.map((pair) => rowOf(pair, looked.proposal)),
        confirmToken: tokenOf(looked.proposal),
        userErrors,
      };
    }
    const carried = await carryOut(context, {
      actor: actorOf(context),
      load,
      decide: ({ proposal, violations }) =>
        startPublishing(proposal, violations, {
          by: viewer.person.id,
          now: context.now,
          currentToken: tokenOf(proposal),
          confirmToken,
        }),
      write: writeProposal,
      once: {
        personId: viewer.person.id,
        operation: "teamsPublish",
        key: idempotencyKey,
        input: { id, confirmToken },
        keep: () => ({ proposalId: id }),
      },
    });
    context.load.forget();
    if (carried.status === "refused") {
      return { ...nothing, proposal: carried.loaded.proposal, userErrors: carried.refusals };
    }
    const started = carried.status === "done" ? written(carried.outcome) : carried.loaded.proposal;
    await carryOutProposal(context, started);
    const proposal = await loadProposal(context, id);
    context.load.forget();
    return { proposal, rows: proposal.pairs.map((pair) => rowOf(pair, proposal)), confirmToken: null, userErrors: [] };
  }

  @Allow(both(ofProposal, staff))
  @Mutation(() => TeamsUnpublishPayload, {
    description:
      "Takes back the teams that a proposal has made, as far as they stand. Whoever was told of one is told so, by one mail; " +
      "whoever was not hears nothing. Staff may, but nobody who is in one of the pairs or recused from one.",
  })
  async teamsUnpublish(
    @Arg("input", () => TeamsUnpublishInput, { description: "Which proposal, and why." }) input: TeamsUnpublishInput,
    @Ctx() context: RequestContext,
  ) {
    const id = localId("TeamProposal", input.proposalId);
    const viewer = viewerOf(context);
    const applications = await applicationsOf(context, (await loadProposal(context, id)).pairs);
    const conflicts = teamConflicts([...applications.values()], viewer);
    if (conflicts.length > 0) return { proposal: null, userErrors: conflicts };
    const changed = await changeProposal(context, id, (proposal) =>
      startUnpublishing(proposal, { by: viewer.person.id, why: input.why, now: context.now }),
    );
    if (changed.userErrors.length > 0) return changed;
    await carryOutProposal(context, changed.proposal);
    return { proposal: await loadProposal(context, id), userErrors: [] };
  }
}

/** The proposals, where their cohort is looked at. */
@Resolver(() => CohortObject)
export class CohortProposalsResolver {
  @Allow(staffOrCommittee(ofCohort))
  @FieldResolver(() => TeamProposalConnection, {
    nullable: true,
    description: "Proposals of teams, the latest first. Staff and committee may read it.",
  })
  async teamProposals(@Root() { id }: Cohort, @Args(() => PageArgs) page: PageArgs, @Ctx() context: RequestContext) {
    const ask = (from: Parameters<typeof listProposals>[2]) => listProposals(context.table, id, from);
    const list = { name: "teamProposals", of: { cohortId: id }, index: "byList" } as const;
    return pageOf(page, list, ask, (item) => proposalFrom(item)!);
  }
}

async function loadProposal({ table }: RequestContext, id: string): Promise<Proposal> {
  const proposal = proposalFrom(await table.get(proposalKey(id)));
  if (!proposal) throw failure("NOT_FOUND");
  return proposal;
}

async function changeProposal<Code extends string>(
  context: RequestContext,
  id: string,
  decide: Parameters<typeof change<Proposal, Code>>[1]["decide"],
) {
  const { record, userErrors } = await change(context, {
    load: async () => proposalFrom(await context.table.get(proposalKey(id))),
    decide,
    write: writeProposal,
  });
  return { proposal: record, userErrors };
}

/** The applications of pairs, as far as they are there. */
export async function applicationsOf(
  context: RequestContext,
  pairs: readonly Pair[],
): Promise<Map<string, Application>> {
  const ids = [...new Set(pairs.flatMap((pair) => [pair.candidateApplicationId, pair.mentorApplicationId]))];
  const found = await Promise.all(ids.map((id) => context.load.application(id)));
  return new Map(found.flatMap((application) => (application ? [[application.id, application]] : [])));
}

/** The applications that the viewer may put into pairs of a cohort. */
async function known(context: RequestContext, cohortId: string, pairs: readonly Pair[]) {
  const applications = await applicationsOf(context, pairs);
  return (id: string) => {
    const application = applications.get(id);
    return application?.cohortId === cohortId && mayRead(context.viewer, application) ? application : undefined;
  };
}

function pairsFor<Each extends Pair>(
  { viewer }: RequestContext,
  pairs: readonly Each[],
  applications: ReadonlyMap<string, Application>,
): Each[] {
  const isReadable = (id: string) => {
    const application = applications.get(id);
    return application === undefined || mayRead(viewer, application);
  };
  return visiblePairs(viewer, pairs, (id) => applications.get(id)?.personId).filter(
    (pair) => isReadable(pair.candidateApplicationId) && isReadable(pair.mentorApplicationId),
  );
}

/** A proposal with what is wrong with it, everything as it is now. Six requests per 100, and one per 100 people. */
export async function examine(context: RequestContext, proposal: Proposal) {
  const { table } = context;
  const ids = [...new Set(proposal.pairs.flatMap((pair) => [pair.candidateApplicationId, pair.mentorApplicationId]))];
  const [[cohortItem, ...items], plan] = await Promise.all([
    table.getMany([cohortKey(proposal.cohortId), ...ids.map(applicationKey)]),
    context.load.plan(proposal.cohortId),
  ]);
  const found = items.flatMap((item) => applicationFrom(item) ?? []);
  const applications = new Map(found.map((application) => [application.id, application]));
  const cohort = cohortFrom(cohortItem);
  if (!cohort) return { cohort, applications, violations: [] };
  const people = new Map(
    await Promise.all(found.map(async ({ id, personId }) => [id, await context.load.person(personId)] as const)),
  );
  const partners = await jointPartnersOf(table, ids);
  const mentor = (id: string): MentorSide | undefined => {
    const application = applications.get(id);
    return application && { ...plan.mentorOf(application), person: people.get(id) };
  };
  const violations = violationsOf(proposal.pairs, {
    applications: (id) => applications.get(id),
    mentor,
    judged: ({ candidateApplicationId, mentorApplicationId }) => {
      const candidate = applications.get(candidateApplicationId);
      const side = mentor(mentorApplicationId);
      if (!candidate || !side || !isSeated(candidate)) return undefined;
      const terms = { policy: cohort.policy.team, curriculum: cohort.curriculum, teams: plan.teams };
      const partnerApplicationId = partners.get(candidateApplicationId)?.applicationId;
      const person = people.get(candidateApplicationId);
      return judge({ application: candidate, person, partnerApplicationId }, side, terms);
    },
    teams: plan.teams,
    cohort,
  });
  return { cohort, applications, violations };
}

function rowOf({ candidateApplicationId, mentorApplicationId }: Pair, { teamIds }: Proposal) {
  return {
    candidateApplicationId: globalId("Application", candidateApplicationId),
    mentorApplicationId: globalId("Application", mentorApplicationId),
    isMade: teamIds.some((id) => id.startsWith(`${candidateApplicationId}.`)),
  };
}
