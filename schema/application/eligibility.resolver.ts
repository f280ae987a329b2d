import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from "type-graphql";
import { endTogether } from "../decision/decision.ts";
import { changeTogether } from "../decision/decision.resolver.ts";
import { viewerOf, type RequestContext } from "../shared/context.ts";
import { Allow } from "../shared/rule.ts";
import { changeOne, staffOrChair } from "./application.resolver.ts";
import type { Application } from "./application.ts";
import { ApplicationObject } from "./application.type.ts";
import { ruleIn, ruleOut, type IneligibleReason } from "./eligibility.ts";
import {
  ApplicationRuleInInput,
  ApplicationRuleInPayload,
  ApplicationRuleOutInput,
  ApplicationRuleOutPayload,
  IneligibleReasonEnum,
} from "./eligibility.type.ts";

/** Applications that are ruled out before the committee decides. */
@Resolver(() => ApplicationObject)
export class EligibilityResolver {
  @FieldResolver(() => IneligibleReasonEnum, {
    nullable: true,
    description: "Why it was ruled out; null unless it is.",
  })
  ineligibleFor(@Root() application: Application): IneligibleReason | null {
    return application.ineligibleFor ?? null;
  }

  @Allow(staffOrChair)
  @Mutation(() => ApplicationRuleOutPayload, {
    description:
      "Rules an application out for a stated reason. The applicant is told; a decision that was prepared is cancelled, and " +
      "what it held is free at once. Staff and the chair may, but nobody for their own application.",
  })
  async applicationRuleOut(
    @Arg("input", () => ApplicationRuleOutInput, { description: "Which application, and why." })
    { applicationId, reason, why }: ApplicationRuleOutInput,
    @Ctx() context: RequestContext,
  ) {
    return changeTogether(context, applicationId, ({ application, decision, cohort }) => {
      const facts = { cohort, now: context.now, viewer: viewerOf(context), reason, why };
      return endTogether(ruleOut(application, facts), decision);
    });
  }

  @Allow(staffOrChair)
  @Mutation(() => ApplicationRuleInPayload, {
    description:
      "Takes back that an application was ruled out: it is complete, or waits for the letters that are still missing. The applicant " +
      "is told. Staff and the chair may.",
  })
  async applicationRuleIn(
    @Arg("input", () => ApplicationRuleInInput, { description: "Which application, and why." })
    { applicationId, why }: ApplicationRuleInInput,
    @Ctx() context: RequestContext,
  ) {
    return changeOne(context, applicationId, (application, cohort) =>
      ruleIn(application, { cohort, viewer: viewerOf(context), why }),
    );
  }
}
