import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from "type-graphql";
import { contentOf, readableApplication } from "../application/application.resolver.ts";
import { mayRead, type Application, type Recusal } from "../application/application.ts";
import { ApplicationObject } from "../application/application.type.ts";
import { isSelf } from "../person/person.ts";
import { loadReviewing, writeAssigned } from "../review/load.table.ts";
import type { Review } from "../review/review.ts";
import { reviewerOf } from "../review/reviewer.ts";
import { withdrawFrom } from "../review/scoring.ts";
import type { Cohort } from "../cohort/cohort.ts";
import { loadLivePerson, writePerson } from "../person/person.table.ts";
import { PersonObject } from "../person/person.type.ts";
import { carryOut, written } from "../shared/command.ts";
import { actorOf, viewerOf, type RequestContext } from "../shared/context.ts";
import type { Decision } from "../shared/decision.ts";
import { failure } from "../shared/failure.ts";
import { localId } from "../shared/node.ts";
import { Allow, both, officeNotOwn, type Rule } from "../shared/rule.ts";
import { liftRecusal, mayRecuseOthers, type Pair } from "./recusal.ts";
import {
  RecusalDeclareInput,
  RecusalDeclarePayload,
  RecusalLiftInput,
  RecusalLiftPayload,
  RecusalObject,
} from "./recusal.type.ts";

/** Staff and the chair, for others; everybody in office for themselves. */
const recuser: Rule = async ({ viewer, args, context }) => {
  const { applicationId, personId } = args["input"] as RecusalDeclareInput;
  if (personId == null || isSelf(viewer, localId("Person", personId))) return true;
  const application = await context.load.application(localId("Application", applicationId));
  return application && mayRecuseOthers(viewer, application) ? true : "FORBIDDEN";
};

@Resolver(() => RecusalObject)
export class RecusalResolver {
  @FieldResolver(() => PersonObject, { nullable: true, description: "Who is kept away." })
  async person(@Root() { personId }: Recusal, @Ctx() { load }: RequestContext) {
    return load.person(personId);
  }

  @Allow(both(readableApplication, recuser))
  @Mutation(() => RecusalDeclarePayload, {
    description:
      "Keeps a member away from an application because of a conflict: from now on nothing leads them to it. Committee and " +
      "staff may for themselves, staff and the chair for others.",
  })
  async recusalDeclare(
    @Arg("input", () => RecusalDeclareInput, { description: "Who, from what, and why." }) input: RecusalDeclareInput,
    @Ctx() context: RequestContext,
  ) {
    const { applicationId, personId, why } = input;
    const viewer = viewerOf(context);
    const id = personId == null ? viewer.person.id : localId("Person", personId);
    return keepApart(context, { applicationId, personId: id }, ({ cohort, ...pair }) =>
      withdrawFrom(pair, { viewer, cohort, why }),
    );
  }

  @Allow(both(readableApplication, recuser))
  @Mutation(() => RecusalLiftPayload, {
    description: "Lifts a recusal, because there is no conflict. Staff and the chair may, but nobody their own.",
  })
  async recusalLift(
    @Arg("input", () => RecusalLiftInput, { description: "Whose, from what, and why." }) input: RecusalLiftInput,
    @Ctx() context: RequestContext,
  ) {
    const { applicationId, personId, why } = input;
    const pair = { applicationId, personId: localId("Person", personId) };
    return keepApart(context, pair, (found) => liftRecusal(found, { viewer: viewerOf(context), why }));
  }
}

/** The recusals, where their application is looked at. */
@Resolver(() => ApplicationObject)
export class ApplicationRecusalsResolver {
  @Allow(both(officeNotOwn, contentOf))
  @FieldResolver(() => [RecusalObject], {
    nullable: true,
    description: "Who is kept away from it. Staff and committee may read it, but nobody about their own application.",
  })
  recusals(@Root() { recusals }: Application) {
    return recusals;
  }
}

async function keepApart<Code extends string>(
  context: RequestContext,
  ids: { applicationId: string; personId: string },
  decide: (pair: Pair & { cohort: Cohort; review?: Review }) => Decision<Pair & { reviews?: readonly Review[] }, Code>,
) {
  const known = await context.load.application(localId("Application", ids.applicationId));
  const member = await context.load.person(ids.personId);
  if (!known || !member) throw failure("NOT_FOUND");
  const reviewer = reviewerOf(known, { person: member, now: context.now });
  const { id: applicationId, cohortId, personId: applicantId } = known;
  const wanted = { applicationId, cohortId, applicantId, reviewerIds: [reviewer?.personId ?? member.id] };
  const carried = await carryOut(context, {
    actor: actorOf(context),
    load: async () => {
      const [found, person] = await Promise.all([
        loadReviewing(context.table, wanted),
        loadLivePerson(context.table, ids.personId),
      ]);
      if (!found || !person) throw failure("NOT_FOUND");
      const { application, cohort, reviews } = found;
      return { application, person, cohort, review: reviews[0] };
    },
    decide,
    write: ({ application, person, reviews = [] }, before) => [
      ...writeAssigned({ application, reviews }, before),
      ...writePerson(person, before.person),
    ],
  });
  context.load.forget();
  if (carried.status !== "done") {
    return {
      application: carried.loaded.application,
      userErrors: carried.status === "refused" ? carried.refusals : [],
    };
  }
  const { application, person } = carried.outcome;
  const viewer = viewerOf(context);
  const seenBy = person.id === viewer.person.id ? { ...viewer, person } : viewer;
  return { application: mayRead(seenBy, application) ? written(application) : null, userErrors: [] };
}
