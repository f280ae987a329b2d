import type { GraphQLResolveInfo } from "graphql";
import { Arg, Args, Ctx, FieldResolver, ID, Info, Mutation, Query, Resolver, Root } from "type-graphql";
import { change } from "../shared/change.ts";
import { carryOut, written } from "../shared/command.ts";
import { actorOf, viewerOf, type RequestContext } from "../shared/context.ts";
import { globalId } from "../shared/id.ts";
import { ID_MEANING, localId } from "../shared/node.ts";
import { PageArgs, pageOf } from "../shared/page.ts";
import { Allow, staff } from "../shared/rule.ts";
import { newSecret, secretText } from "../shared/secret.ts";
import { createServiceToken, revokeServiceToken, type ServiceToken } from "./service-token.ts";
import { listServiceTokens, serviceTokenFrom, serviceTokenKey, writeServiceToken } from "./service-token.table.ts";
import {
  ServiceTokenConnection,
  ServiceTokenCreateInput,
  ServiceTokenCreatePayload,
  ServiceTokenObject,
  ServiceTokenRevokeInput,
  ServiceTokenRevokePayload,
} from "./service-token.type.ts";

@Resolver(() => ServiceTokenObject)
export class ServiceTokenResolver {
  @Allow(staff)
  @Query(() => ServiceTokenConnection, { description: "All service tokens, the latest first. Staff may." })
  async serviceTokens(@Args(() => PageArgs) page: PageArgs, @Ctx() context: RequestContext) {
    const ask = (from: Parameters<typeof listServiceTokens>[1]) => listServiceTokens(context.table, from);
    return pageOf(page, { name: "serviceTokens", of: {}, index: "byList" }, ask, (item) => serviceTokenFrom(item)!);
  }

  @FieldResolver(() => ID, { description: ID_MEANING })
  id(@Root() token: ServiceToken): string {
    return globalId("ServiceToken", token.id);
  }

  @Allow(staff)
  @Mutation(() => ServiceTokenCreatePayload, {
    description:
      "Creates a token for a program such as a dashboard: some queries with the rights of a role, for a time. It keeps " +
      "working when whoever created it is no longer staff. Each call creates another. Staff may.",
  })
  async serviceTokenCreate(
    @Arg("input", () => ServiceTokenCreateInput, { description: "What the token is for." })
    input: ServiceTokenCreateInput,
    @Ctx() context: RequestContext,
    @Info() { schema }: GraphQLResolveInfo,
  ) {
    const id = context.ids.make("svc");
    const secret = newSecret();
    const facts = {
      id,
      secretHash: secret.hash,
      createdBy: viewerOf(context).person.id,
      now: context.now,
      queries: Object.keys(schema.getQueryType()?.getFields() ?? {}),
    };
    const carried = await carryOut(context, {
      actor: actorOf(context),
      load: async () => null,
      decide: () => createServiceToken(input, facts),
      write: writeServiceToken,
    });
    if (carried.status !== "done") {
      const userErrors = carried.status === "refused" ? carried.refusals : [];
      return { serviceToken: null, secret: null, userErrors };
    }
    return { serviceToken: written(carried.outcome), secret: secretText(id, secret.text), userErrors: [] };
  }

  @Allow(staff)
  @Mutation(() => ServiceTokenRevokePayload, { description: "Ends a token at once and for ever. Staff may." })
  async serviceTokenRevoke(
    @Arg("input", () => ServiceTokenRevokeInput, { description: "Which, and why." }) input: ServiceTokenRevokeInput,
    @Ctx() context: RequestContext,
  ) {
    const at = serviceTokenKey(localId("ServiceToken", input.serviceTokenId));
    const { record, userErrors } = await change(context, {
      load: async () => serviceTokenFrom(await context.table.get(at)),
      decide: (token) => revokeServiceToken(token, { why: input.why, now: context.now }),
      write: writeServiceToken,
    });
    return { serviceToken: record, userErrors };
  }
}
