import { Arg, Args, Ctx, FieldResolver, ID, Int, Mutation, Resolver, Root } from "type-graphql";
import { isRecusedFromOneOf, type Application } from "../application/application.ts";
import { ApplicationObject } from "../application/application.type.ts";
import { PersonObject } from "../person/person.type.ts";
import { change } from "../shared/change.ts";
import { carryOut, written } from "../shared/command.ts";
import { actorOf, viewerOf, type RequestContext } from "../shared/context.ts";
import { failure } from "../shared/failure.ts";
import { globalId } from "../shared/id.ts";
import { ID_MEANING, localId } from "../shared/node.ts";
import { PageArgs, pageOf } from "../shared/page.ts";
import { Allow, staff } from "../shared/rule.ts";
import type { Cohort } from "./cohort.ts";
import { CohortObject } from "./cohort.type.ts";
import { lateCodeFrom, lateCodeId, lateCodeKey, listLateCodes, writeLateCode } from "./late-code.table.ts";
import { createLateCode, LATE_CODE_LENGTH, lateCodeInWords, revokeLateCode, type LateCode } from "./late-code.ts";
import {
  LateCodeConnection,
  LateCodeCreateInput,
  LateCodeCreatePayload,
  LateCodeObject,
  LateCodeRevokeInput,
  LateCodeRevokePayload,
} from "./late-code.type.ts";

@Resolver(() => LateCodeObject)
export class LateCodeResolver {
  @FieldResolver(() => ID, { description: ID_MEANING })
  id(@Root() code: LateCode): string {
    return globalId("LateCode", code.id);
  }

  @FieldResolver(() => CohortObject, { description: "The cohort it is for." })
  async cohort(@Root() code: LateCode, @Ctx() { load }: RequestContext) {
    return load.cohort(code.cohortId);
  }

  @FieldResolver(() => PersonObject, { nullable: true, description: "Who created it." })
  async createdBy(@Root() code: LateCode, @Ctx() { load }: RequestContext) {
    return load.person(code.createdBy);
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description:
      "How many applications have used it; null for whoever is recused from an application of that kind to that cohort.",
  })
  async uses(@Root() { id, cohortId, kind }: LateCode, @Ctx() { viewer, load }: RequestContext) {
    return isRecusedFromOneOf(viewer, cohortId, kind) ? null : load.lateUses(id);
  }

  @Allow(staff)
  @Mutation(() => LateCodeCreatePayload, {
    description:
      "Creates a code that lets in after the deadline: so many applications of one kind, until a time. Each call creates another. " +
      "Staff may.",
  })
  async lateCodeCreate(
    @Arg("input", () => LateCodeCreateInput, { description: "What it lets in, and why." }) input: LateCodeCreateInput,
    @Ctx() context: RequestContext,
  ) {
    const { cohortId, ...terms } = input;
    const cohort = await context.load.cohort(localId("Cohort", cohortId));
    if (!cohort) throw failure("NOT_FOUND");
    const code = context.ids.code(LATE_CODE_LENGTH);
    const id = lateCodeId(cohort.id, terms.kind, code);
    const facts = { id, cohort, createdBy: viewerOf(context).person.id, now: context.now };
    const carried = await carryOut(context, {
      actor: actorOf(context),
      load: async () => null,
      decide: () => createLateCode(terms, facts),
      write: writeLateCode,
    });
    if (carried.status !== "done") {
      return { lateCode: null, code: null, userErrors: carried.status === "refused" ? carried.refusals : [] };
    }
    return { lateCode: written(carried.outcome), code: lateCodeInWords(code), userErrors: [] };
  }

  @Allow(staff)
  @Mutation(() => LateCodeRevokePayload, {
    description: "Ends a late code at once: whoever has not submitted with it by then does not. Staff may.",
  })
  async lateCodeRevoke(
    @Arg("input", () => LateCodeRevokeInput, { description: "Which, and why." }) input: LateCodeRevokeInput,
    @Ctx() context: RequestContext,
  ) {
    const at = lateCodeKey(localId("LateCode", input.lateCodeId));
    const { record, userErrors } = await change(context, {
      load: async () => lateCodeFrom(await context.table.get(at)),
      decide: (code) => revokeLateCode(code, { why: input.why, now: context.now }),
      write: writeLateCode,
    });
    return { lateCode: record, userErrors };
  }
}

/** A cohort's late codes, where staff look for them. */
@Resolver(() => CohortObject)
export class CohortLateCodesResolver {
  @Allow(staff)
  @FieldResolver(() => LateCodeConnection, {
    nullable: true,
    description: "Codes that let in after the deadline, the latest first. Staff may read it.",
  })
  async lateCodes(@Root() { id }: Cohort, @Args(() => PageArgs) page: PageArgs, @Ctx() { table }: RequestContext) {
    const ask = (from: Parameters<typeof listLateCodes>[2]) => listLateCodes(table, id, from);
    const list = { name: "lateCodes", of: { cohortId: id }, index: "byList" } as const;
    return pageOf(page, list, ask, (item) => lateCodeFrom(item)!);
  }
}

/** The late code that an application has used. */
@Resolver(() => ApplicationObject)
export class ApplicationLateCodeResolver {
  @Allow(staff)
  @FieldResolver(() => LateCodeObject, {
    nullable: true,
    description: "The code that let it in after the deadline; null when it needed none. Staff may read it.",
  })
  async lateCode(@Root() { lateCodeId: id }: Application, @Ctx() { load }: RequestContext) {
    return id === undefined ? null : load.lateCode(id);
  }
}
