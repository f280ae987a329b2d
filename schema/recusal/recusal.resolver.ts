import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from "type-graphql";
import { readableApplication } from "../application/application.resolver.ts";
import { applicationFrom, applicationKey, writeApplication } from "../application/application.table.ts";
import { mayRead, type Application, type Recusal } from "../application/application.ts";
import { ApplicationObject } from "../application/application.type.ts";
import { isSelf } from "../person/person.ts";
import { loadLivePerson, writePerson } from "../person/person.table.ts";
import { PersonObject } from "../person/person.type.ts";
import { carryOut, written } from "../shared/command.ts";
import { actorOf, viewerOf, type RequestContext } from "../shared/context.ts";
import type { Decision } from "../shared/decision.ts";
import { failure } from "../shared/failure.ts";
import { localId } from "../shared/node.ts";
import { Allow, both, officeNotOwn, type Rule } from "../shared/rule.ts";
import { liftRecusal, mayRecuseOthers, recuse, type Pair } from "./recusal.ts";
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
    return keepApart(context, { applicationId, personId: id }, (pair) => recuse(pair, { viewer, why }));
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
  @Allow(officeNotOwn)
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
  decide: (pair: Pair) => Decision<Pair, Code>,
) {
  const at = applicationKey(localId("Application", ids.applicationId));
  const carried = await carryOut(context, {
    actor: actorOf(context),
    load: async () => {
      const [application, person] = await Promise.all([
        context.table.get(at).then(applicationFrom),
        loadLivePerson(context.table, ids.personId),
      ]);
      if (!application || !person) throw failure("NOT_FOUND");
      return { application, person };
    },
    decide,
    write: (next, before) => [...writeApplication(next.application), ...writePerson(next.person, before.person)],
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
