import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from "type-graphql";
import { change } from "../shared/change.ts";
import { viewerOf, type RequestContext } from "../shared/context.ts";
import type { Decision } from "../shared/decision.ts";
import { globalId } from "../shared/id.ts";
import { ID_MEANING, localId } from "../shared/node.ts";
import { Allow, signedIn, staff } from "../shared/rule.ts";
import { endRole, grantRole, isEmailAddress, rename, type Person, type PersonEvent } from "./person.ts";
import { loadByEmail, personFrom, personKey, writePerson } from "./person.table.ts";
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
  @Allow(staff)
  @Query(() => PersonObject, {
    nullable: true,
    description: "Who has signed in with this address; null when nobody has. Staff may.",
  })
  async personByEmail(
    @Arg("email", () => String, { description: "The address; capital and small letters are the same." }) email: string,
    @Ctx() context: RequestContext,
  ) {
    if (!isEmailAddress(email)) return null;
    return (await loadByEmail(context.table, email)) ?? null;
  }

  @FieldResolver(() => ID, { description: ID_MEANING })
  id(@Root() person: Person): string {
    return globalId("Person", person.id);
  }

  @Allow(signedIn)
  @Mutation(() => ViewerRenamePayload, { description: "Changes the viewer's own name from now on." })
  async viewerRename(
    @Arg("input", () => ViewerRenameInput, { description: "The new name." }) input: ViewerRenameInput,
    @Ctx() context: RequestContext,
  ) {
    return changePerson(context, viewerOf(context).person.id, (person) => rename(person, input.name));
  }

  @Allow(staff)
  @Mutation(() => RoleGrantPayload, { description: "Grants a role from now on. Staff may." })
  async roleGrant(
    @Arg("input", () => RoleInput, { description: "Who, which role, and why." }) input: RoleInput,
    @Ctx() context: RequestContext,
  ) {
    const { role, why } = input;
    return changePerson(context, localId("Person", input.personId), (person) =>
      grantRole(person, { role, why, now: context.now }),
    );
  }

  @Allow(staff)
  @Mutation(() => RoleEndPayload, { description: "Ends a role at this instant; what was done in it stays. Staff may." })
  async roleEnd(
    @Arg("input", () => RoleInput, { description: "Who, which role, and why." }) input: RoleInput,
    @Ctx() context: RequestContext,
  ) {
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
