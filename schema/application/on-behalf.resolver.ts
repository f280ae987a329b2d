import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import { loadLivePerson } from "../person/person.table.ts";
import { isStaff } from "../person/role.ts";
import { viewerOf, type RequestContext } from "../shared/context.ts";
import { failure } from "../shared/failure.ts";
import { localId } from "../shared/node.ts";
import { Allow, staff, type Rule } from "../shared/rule.ts";
import { changeOne, piecesOf, startOne, submitOne } from "./application.resolver.ts";
import { mayRead } from "./application.ts";
import { saveApplication } from "./draft.ts";
import { onBehalf } from "./on-behalf.ts";
import {
  ApplicationSaveForInput,
  ApplicationSaveForPayload,
  ApplicationStartForInput,
  ApplicationStartForPayload,
  ApplicationSubmitForInput,
  ApplicationSubmitForPayload,
} from "./on-behalf.type.ts";

/** Staff, for an application they may see. */
const byStaff: Rule = async ({ viewer, args, context }) => {
  if (!viewer) return "UNAUTHENTICATED";
  const { applicationId: id } = args["input"] as { applicationId: string };
  const application = await context.load.application(localId("Application", id));
  if (!application || !mayRead(viewer, application)) return "NOT_FOUND";
  return isStaff(viewer) ? true : "FORBIDDEN";
};

/** Applications that staff enter for somebody, such as one that came on paper. */
@Resolver()
export class OnBehalfResolver {
  @Allow(staff)
  @Mutation(() => ApplicationStartForPayload, {
    description:
      "Starts somebody's application for them, for a stated reason. They are told, and can go on with it at any time. Staff may, " +
      "but nobody for themselves.",
  })
  async applicationStartFor(
    @Arg("input", () => ApplicationStartForInput, { description: "For whom, to which cohort, as what, and why." })
    { personId, why, ...wish }: ApplicationStartForInput,
    @Ctx() context: RequestContext,
  ) {
    const person = await loadLivePerson(context.table, localId("Person", personId));
    if (!person) throw failure("NOT_FOUND");
    const facts = { viewer: viewerOf(context), personId: person.id, why };
    return startOne(context, { ...wish, person }, (existing, start) => onBehalf(existing, facts, start));
  }

  @Allow(byStaff)
  @Mutation(() => ApplicationSaveForPayload, {
    description:
      "Saves pieces of somebody's draft for them, as `applicationSave` does. Staff may, but nobody their own.",
  })
  async applicationSaveFor(
    @Arg("input", () => ApplicationSaveForInput, { description: "The pieces to save, and why." })
    input: ApplicationSaveForInput,
    @Ctx() context: RequestContext,
  ) {
    const { applicationId, expectedVersion, why } = input;
    const viewer = viewerOf(context);
    return changeOne(context, applicationId, (application, cohort) =>
      onBehalf(application, { viewer, personId: application.personId, why }, () =>
        saveApplication(application, piecesOf(input), { cohort, expectedVersion }),
      ),
    );
  }

  @Allow(byStaff)
  @Mutation(() => ApplicationSubmitForPayload, {
    description:
      "Submits somebody's draft for them, inside the window and complete like any other. The receipt goes to the applicant and " +
      "says who entered it. Staff may, but nobody their own.",
  })
  async applicationSubmitFor(
    @Arg("input", () => ApplicationSubmitForInput, { description: "Which application, and why." })
    { why, ...input }: ApplicationSubmitForInput,
    @Ctx() context: RequestContext,
  ) {
    const viewer = viewerOf(context);
    return submitOne(context, input, (application, submit) =>
      onBehalf(application, { viewer, personId: application.personId, why }, submit),
    );
  }
}
