import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from "type-graphql";
import { change } from "../shared/change.ts";
import { viewerOf, type RequestContext } from "../shared/context.ts";
import type { Decision } from "../shared/decision.ts";
import { failure } from "../shared/failure.ts";
import { globalId } from "../shared/id.ts";
import { ID_MEANING, localId } from "../shared/node.ts";
import { Allow, signedIn, staff } from "../shared/rule.ts";
import { isEmailAddress, rename, type Person } from "./person.ts";
import { endRole, grantRole, type RoleTerm } from "./role.ts";
import { loadByEmail, loadLivePerson, writePerson } from "./person.table.ts";
import {
  PersonObject,
  PersonRenameInput,
  PersonRenamePayload,
  RoleEndPayload,
  RoleGrantPayload,
  RoleInput,
  RoleTermObject,
  ViewerRenameInput,
  ViewerRenamePayload,
} from "./person.type.ts";

@Resolver(() => PersonObject)
export class PersonResolver {
  @Allow(staff)
  @Query(() => PersonObject, {
    nullable: true,
    description: "Whose confirmed address this is; null when it is nobody's. Staff may.",
  })
  async personByEmail(
    @Arg("email", () => String, { description: "The address; capital and small letters are the same." }) email: string,
    @Ctx() context: RequestContext,
  ) {
    if (!isEmailAddress(email)) return null;
    return (await loadByEmail(context.table, email))?.person ?? null;
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
  @Mutation(() => PersonRenamePayload, {
    description: "Corrects somebody's name in their stead, with a reason. Staff may; the history says for whom.",
  })
  async personRename(
    @Arg("input", () => PersonRenameInput, { description: "Whose name, the name, and why." }) input: PersonRenameInput,
    @Ctx() context: RequestContext,
  ) {
    const { personId, name, why } = input;
    return changePerson(context, localId("Person", personId), (person) => rename(person, name, { why }));
  }

  @Allow(staff)
  @Mutation(() => RoleGrantPayload, { description: "Grants a role for a term. Staff may, but nobody to themselves." })
  async roleGrant(
    @Arg("input", () => RoleInput, { description: "Who, which role, and why." }) input: RoleInput,
    @Ctx() context: RequestContext,
  ) {
    const { personId, ...wish } = input;
    const cohortId = wish.cohortId == null ? null : localId("Cohort", wish.cohortId);
    const cohort = cohortId === null ? null : await context.load.cohort(cohortId);
    if (cohort === undefined) throw failure("NOT_FOUND");
    const classIds = cohort?.curriculum.map(({ id }) => id) ?? [];
    return changePerson(context, localId("Person", personId), (person) =>
      grantRole(person, { ...wish, cohortId }, { viewer: viewerOf(context), classIds }),
    );
  }

  @Allow(staff)
  @Mutation(() => RoleEndPayload, {
    description:
      "Ends a role at this instant; what was done in it stays. The last member of staff cannot be removed. Staff may.",
  })
  async roleEnd(
    @Arg("input", () => RoleInput, { description: "Who, which role, and why." }) input: RoleInput,
    @Ctx() context: RequestContext,
  ) {
    const { personId, role, classId, why } = input;
    const cohortId = input.cohortId == null ? null : localId("Cohort", input.cohortId);
    return changePerson(context, localId("Person", personId), (person) =>
      endRole(person, { role, cohortId, classId, why }, context.now),
    );
  }
}

@Resolver(() => RoleTermObject)
export class RoleTermResolver {
  @FieldResolver(() => ID, {
    nullable: true,
    description: "Id of the cohort it is for; null when it is for the whole program.",
  })
  cohortId(@Root() { cohortId }: RoleTerm): string | null {
    return cohortId === null ? null : globalId("Cohort", cohortId);
  }
}

/** Changes one person for the viewer: whoever the id leads to, also by a record that was merged into theirs. */
export async function changePerson<Code extends string>(
  context: RequestContext,
  id: string,
  decide: (person: Person) => Decision<Person, Code>,
) {
  const { record, userErrors } = await change(context, {
    load: async () => loadLivePerson(context.table, id),
    decide,
    write: writePerson,
  });
  return { person: record, userErrors };
}
