import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from "type-graphql";
import { readableApplication } from "../application/application.resolver.ts";
import { applicationFrom, applicationKey, holdApplication } from "../application/application.table.ts";
import type { Application } from "../application/application.ts";
import { ApplicationObject } from "../application/application.type.ts";
import { carryOut } from "../shared/command.ts";
import { actorOf, viewerOf, type RequestContext } from "../shared/context.ts";
import type { Decision } from "../shared/decision.ts";
import { failure } from "../shared/failure.ts";
import { localId } from "../shared/node.ts";
import { Allow, both, staff } from "../shared/rule.ts";
import { checkVersion } from "../shared/write.ts";
import {
  blockersOf,
  confirmCandidate,
  waiveMentor,
  type Confirmation,
  type ConfirmationFacts,
} from "./confirmation.ts";
import {
  CandidateConfirmInput,
  CandidateConfirmPayload,
  ConfirmationObject,
  MentorWaiveInput,
  MentorWaivePayload,
} from "./confirmation.type.ts";
import { offerFrom, offerKey } from "../offer/offer.table.ts";
import { confirmationFrom, confirmationKey, teamKey, teamsOfCandidate, writeConfirmation } from "./team.table.ts";
import { currentTeam } from "./team.ts";

@Resolver(() => ApplicationObject)
export class ConfirmationResolver {
  @FieldResolver(() => ConfirmationObject, {
    nullable: true,
    description: "Whether the candidate is confirmed for the year, and what stands in the way; null for a mentor.",
  })
  async confirmation(@Root() application: Application, @Ctx() { load }: RequestContext) {
    if (application.kind !== "CANDIDATE") return null;
    const { id, cohortId } = application;
    const [confirmation, offer, { teams }] = await Promise.all([
      load.confirmation(id),
      load.offer(id),
      load.plan(cohortId),
    ]);
    const own = teams.filter(({ candidateApplicationId }) => candidateApplicationId === id);
    return shown({ application, confirmation, offer, teams: own });
  }

  @Allow(both(readableApplication, staff))
  @Mutation(() => CandidateConfirmPayload, {
    description:
      "Confirms a candidate for the year: only with a mentor who has accepted, or once staff do without one. Staff may, but " +
      "nobody their own application.",
  })
  async candidateConfirm(
    @Arg("input", () => CandidateConfirmInput, { description: "Whom." }) input: CandidateConfirmInput,
    @Ctx() context: RequestContext,
  ) {
    return changeConfirmation(context, input.applicationId, (facts) => confirmCandidate(facts, viewerOf(context)));
  }

  @Allow(both(readableApplication, staff))
  @Mutation(() => MentorWaivePayload, {
    description:
      "Does without a mentor for a candidate, who can then be confirmed. Staff may, but nobody for their own application.",
  })
  async mentorWaive(
    @Arg("input", () => MentorWaiveInput, { description: "For whom, and why." }) input: MentorWaiveInput,
    @Ctx() context: RequestContext,
  ) {
    const { why } = input;
    return changeConfirmation(context, input.applicationId, (facts) =>
      waiveMentor(facts, { viewer: viewerOf(context), why }),
    );
  }
}

async function changeConfirmation<Code extends string>(
  context: RequestContext,
  opaqueId: string,
  decide: (facts: ConfirmationFacts) => Decision<Confirmation, Code>,
) {
  const id = localId("Application", opaqueId);
  const carried = await carryOut(context, {
    actor: actorOf(context),
    load: async () => {
      const [[application, confirmation, offer], teams] = await Promise.all([
        context.table.getMany([applicationKey(id), confirmationKey(id), offerKey(id)]),
        teamsOfCandidate(context.table, id),
      ]);
      if (!application) throw failure("NOT_FOUND");
      return {
        application: applicationFrom(application)!,
        confirmation: confirmationFrom(confirmation),
        offer: offerFrom(offer),
        teams,
      };
    },
    decide,
    write: (next, { application, teams }) => {
      const team = currentTeam(teams);
      return [
        ...writeConfirmation(next),
        holdApplication(application),
        ...(team ? [checkVersion(teamKey(team.id), team.version)] : []),
      ];
    },
  });
  context.load.forget();
  const { loaded } = carried;
  const confirmation = carried.status === "done" ? carried.outcome : loaded.confirmation;
  return {
    confirmation: shown({ ...loaded, confirmation }),
    userErrors: carried.status === "refused" ? carried.refusals : [],
  };
}

function shown(facts: ConfirmationFacts) {
  const { confirmedAt = null, waivedAt = null } = facts.confirmation ?? {};
  const blockers = blockersOf(facts);
  return { application: facts.application, isConfirmed: confirmedAt !== null, confirmedAt, waivedAt, blockers };
}
