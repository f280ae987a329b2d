import { Arg, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from "type-graphql";
import { ownApplication, readableApplication } from "../application/application.resolver.ts";
import { applicationFrom, applicationKey, holdApplication } from "../application/application.table.ts";
import type { Application } from "../application/application.ts";
import { ApplicationInput, ApplicationObject, ApplicationWithdrawPayload } from "../application/application.type.ts";
import { cohortFrom, cohortKey } from "../cohort/cohort.table.ts";
import { carryOut, written } from "../shared/command.ts";
import { actorOf, viewerOf, type RequestContext } from "../shared/context.ts";
import type { Decision as Ruling } from "../shared/decision.ts";
import { failure } from "../shared/failure.ts";
import { globalId } from "../shared/id.ts";
import { checkVersion } from "../shared/write.ts";
import { ID_MEANING, localId } from "../shared/node.ts";
import { Allow, officeNotOwn } from "../shared/rule.ts";
import { withdrawPlace } from "../offer/place.ts";
import { loadPlace, writePlace } from "../offer/place.table.ts";
import {
  prepareDecision,
  retractDecision,
  retractorRefusals,
  visibleDecision,
  type Decision,
  type Together,
} from "./decision.ts";
import { decisionFrom, decisionKey, writeDecision, writeTogether } from "./decision.table.ts";
import {
  DecisionObject,
  DecisionPrepareInput,
  DecisionPreparePayload,
  DecisionRetractInput,
  DecisionRetractPayload,
} from "./decision.type.ts";

@Resolver(() => DecisionObject)
export class DecisionResolver {
  @FieldResolver(() => ID, { description: ID_MEANING })
  id(@Root() decision: Decision): string {
    return globalId("Decision", decision.id);
  }

  @Allow(officeNotOwn)
  @FieldResolver(() => ID, {
    nullable: true,
    description:
      "The motion that carried it; null when it was prepared by hand. Staff and committee may read it, but nobody about their " +
      "own application.",
  })
  motionId(@Root() { motionId }: Decision): string | null {
    return motionId === undefined ? null : globalId("Motion", motionId);
  }

  @Allow(readableApplication)
  @Mutation(() => DecisionPreparePayload, {
    description:
      "Prepares a decision, or changes one, without telling the applicant. Staff and committee may, but nobody for their own " +
      "application, nor for one whose review by themselves is not in.",
  })
  async decisionPrepare(
    @Arg("input", () => DecisionPrepareInput, { description: "What is decided." }) input: DecisionPrepareInput,
    @Ctx() context: RequestContext,
  ) {
    const { applicationId, expectedVersion, ...terms } = input;
    const id = localId("Application", applicationId);
    const carried = await carryOut(context, {
      actor: actorOf(context),
      load: () => loadTogether(context, id),
      decide: ({ application, decision }) =>
        prepareDecision(decision, application, terms, { viewer: viewerOf(context), expectedVersion }),
      write: (next, { application, cohort, decision }) => [
        ...writeDecision(next, decision, cohort),
        holdApplication(application),
        ...(next.holdsSeat ? [checkVersion(cohortKey(cohort.id), cohort.version)] : []),
      ],
    });
    context.load.forget();
    if (carried.status === "done") return { decision: written(carried.outcome), userErrors: [] };
    const { decision, application } = carried.loaded;
    const visible = decision ? visibleDecision(context.viewer, decision, application) : null;
    return { decision: visible, userErrors: carried.status === "refused" ? carried.refusals : [] };
  }

  @Allow(readableApplication)
  @Mutation(() => DecisionRetractPayload, {
    description:
      "Takes back a decision that is prepared and not released; what the applicant was told before stands again, if " +
      "anything. Staff and committee may, but nobody for their own application, nor for one whose review by themselves is not in.",
  })
  async decisionRetract(
    @Arg("input", () => DecisionRetractInput, { description: "Which decision." }) input: DecisionRetractInput,
    @Ctx() context: RequestContext,
  ) {
    const id = localId("Application", input.applicationId);
    // Before it is known whether there is a decision: nobody is to learn that of their own application, or one they review.
    const wrong = retractorRefusals((await context.load.application(id))!, viewerOf(context));
    if (wrong.length > 0) return { decision: null, userErrors: wrong };
    const carried = await carryOut(context, {
      actor: actorOf(context),
      load: async () => {
        const { decision, ...around } = await loadTogether(context, id);
        if (!decision) throw failure("NOT_FOUND");
        return { decision, ...around };
      },
      decide: ({ decision, application }) =>
        retractDecision(decision, { viewer: viewerOf(context), application, expectedVersion: input.expectedVersion }),
      write: (next, { decision, cohort }) => writeDecision(next, decision, cohort),
    });
    context.load.forget();
    if (carried.status === "done") return { decision: written(carried.outcome), userErrors: [] };
    const userErrors = carried.status === "refused" ? carried.refusals : [];
    const { decision, application } = carried.loaded;
    return { decision: visibleDecision(context.viewer, decision, application), userErrors };
  }

  // Withdrawing lives here, because it frees what the decision holds.
  @Allow(ownApplication)
  @Mutation(() => ApplicationWithdrawPayload, {
    description: "Withdraws the viewer's application, before or after a decision. A seat it held is free at once.",
  })
  async applicationWithdraw(
    @Arg("input", () => ApplicationInput, { description: "Which application." }) input: ApplicationInput,
    @Ctx() context: RequestContext,
  ) {
    const id = localId("Application", input.applicationId);
    const openingId = context.ids.make("opn");
    const carried = await carryOut(context, {
      actor: actorOf(context),
      load: async () => {
        const place = await loadPlace(context.table, id);
        if (!place) throw failure("NOT_FOUND");
        return place;
      },
      decide: ({ cohort, ...place }) => withdrawPlace(place, { cohort, now: context.now, openingId }),
      write: (next, { cohort, ...before }) => writePlace(next, before, cohort),
    });
    context.load.forget();
    if (carried.status === "done") return { application: written(carried.outcome.application), userErrors: [] };
    const userErrors = carried.status === "refused" ? carried.refusals : [];
    return { application: carried.loaded.application, userErrors };
  }
}

/** The decision, where applications are looked at. */
@Resolver(() => ApplicationObject)
export class ApplicationDecisionResolver {
  @FieldResolver(() => DecisionObject, {
    nullable: true,
    description:
      "The decision; null when there is none the viewer may see. Nobody sees their own before its release, and no " +
      "reviewer one that is prepared before their own review is in.",
  })
  async decision(@Root() application: Application, @Ctx() context: RequestContext) {
    const decision = await context.load.decision(application.id);
    return decision ? visibleDecision(context.viewer, decision, application) : null;
  }
}

/** Ends an application whose rule has let the viewer through, and frees what the decision on it holds. */
export async function changeTogether<Code extends string>(
  context: RequestContext,
  opaqueId: string,
  decide: (loaded: Awaited<ReturnType<typeof loadTogether>>) => Ruling<Together, Code>,
) {
  const id = localId("Application", opaqueId);
  const carried = await carryOut(context, {
    actor: actorOf(context),
    load: () => loadTogether(context, id),
    decide,
    write: (next, before) => writeTogether(next, before),
  });
  context.load.forget();
  if (carried.status === "done") return { application: written(carried.outcome.application), userErrors: [] };
  const userErrors = carried.status === "refused" ? carried.refusals : [];
  return { application: carried.loaded.application, userErrors };
}

/** An application with its decision and cohort, all as they are now, in one request. */
export async function loadTogether(context: RequestContext, id: string) {
  const cohortId = (await context.load.application(id))?.cohortId ?? "";
  const keys = [applicationKey(id), decisionKey(id), cohortKey(cohortId)];
  const [application, decision, cohort] = await context.table.getMany(keys);
  if (!application || !cohort) throw failure("NOT_FOUND");
  return { application: applicationFrom(application)!, decision: decisionFrom(decision), cohort: cohortFrom(cohort)! };
}
