import { Arg, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from "type-graphql";
import { change } from "../shared/change.ts";
import { viewerOf, type RequestContext } from "../shared/context.ts";
import type { Decision } from "../shared/decision.ts";
import { globalId } from "../shared/id.ts";
import { localId } from "../shared/node.ts";
import { Allow, signedIn, staff } from "../shared/rule.ts";
import { endRole, grantRole, rename, type Person, type PersonEvent } from "./person.ts";
import { personFrom, personKey, writePerson } from "./person.table.ts";
import {
  PersonObject,
  RoleEndPayload,
  RoleGrantPayload,
  RoleInput,
  ViewerRenameInput,
  ViewerRenamePayload,
} from "./person.type.ts";

@Resolver(() => PersonObject)
export class PersonResolver {
  @FieldResolver(() => ID)
  id(@Root() person: Person): string {
    return globalId("Person", person.id);
  }

  @Allow(signedIn)
  @Mutation(() => ViewerRenamePayload, { description: "Changes the viewer's own name from now on." })
  async viewerRename(@Arg("input", () => ViewerRenameInput) input: ViewerRenameInput, @Ctx() context: RequestContext) {
    return changePerson(context, viewerOf(context).person.id, (person) => rename(person, input.name));
  }

  @Allow(staff)
  @Mutation(() => RoleGrantPayload, { description: "Grants a role from now on. Staff may." })
  async roleGrant(@Arg("input", () => RoleInput) input: RoleInput, @Ctx() context: RequestContext) {
    const { role, why } = input;
    return changePerson(context, localId("Person", input.personId), (person) =>
      grantRole(person, { role, why, now: context.now }),
    );
  }

  @Allow(staff)
  @Mutation(() => RoleEndPayload, { description: "Ends a role at this instant; what was done in it stays. Staff may." })
  async roleEnd(@Arg("input", () => RoleInput) input: RoleInput, @Ctx() context: RequestContext) {
    const { role, why } = input;
    const byPersonId = viewerOf(context).person.id;
    return changePerson(context, localId("Person", input.personId), (person) =>
      endRole(person, { role, why, now: context.now, byPersonId }),
    );
  }
}

async function changePerson<Code extends string>(
  context: RequestContext,
  id: string,
  decide: (person: Person) => Decision<Person, Code, PersonEvent>,
) {
  const { record, userErrors } = await change(context, {
    load: async () => personFrom(await context.table.get(personKey(id))),
    decide,
    write: writePerson,
  });
  return { person: record, userErrors };
}
