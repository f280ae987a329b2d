import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import { carryOut, written } from "../shared/command.ts";
import { actorOf, type RequestContext } from "../shared/context.ts";
import { isRefused } from "../shared/decision.ts";
import { failure } from "../shared/failure.ts";
import { localId } from "../shared/node.ts";
import { Allow, staff } from "../shared/rule.ts";
import { weekdayOf } from "../shared/time.ts";
import { cloneCohort, type MovedDate } from "./clone.ts";
import { CohortCloneInput, CohortClonePayload } from "./clone.type.ts";
import { given } from "./cohort.resolver.ts";
import { cohortFrom, cohortKey, cohortNumberKey, writeNewCohort } from "./cohort.table.ts";
import { numberTaken } from "./cohort.ts";

@Resolver()
export class CloneResolver {
  @Allow(staff)
  @Mutation(() => CohortClonePayload, {
    description:
      "Makes a cohort after another, as a draft: questions, criteria, policy, curriculum, seats and tuition, with every date moved " +
      "by whole weeks and the region whose turn it is. Nothing personal goes along. Staff may.",
  })
  async cohortClone(
    @Arg("input", () => CohortCloneInput, { description: "After which, and what is new." }) input: CohortCloneInput,
    @Ctx() context: RequestContext,
  ) {
    const { cohortId, dryRun, number, name, ...others } = input;
    const at = cohortKey(localId("Cohort", cohortId));
    const [source, claim] = (await context.table.getMany([at, cohortNumberKey(number)])) as [
      Parameters<typeof cohortFrom>[0],
      Parameters<typeof cohortFrom>[0],
    ];
    const found = cohortFrom(source);
    if (!found) throw failure("NOT_FOUND");
    const decision = cloneCohort(found, { number, name, ...given(others) }, context.ids.make("coh"));
    const nothing = { cohort: null, region: null, dates: null };
    if (isRefused(decision)) return { ...nothing, userErrors: decision.refusals };
    const { cohort, dates } = decision.outcome;
    const shown = { region: cohort.region, dates: dates.map(withWeekdays) };
    if (dryRun) return claim ? { ...nothing, userErrors: [numberTaken] } : { ...nothing, ...shown, userErrors: [] };
    const carried = await carryOut(context, {
      actor: actorOf(context),
      load: async () => null,
      decide: () => decision,
      write: (made) => writeNewCohort(made.cohort),
    });
    if (carried.status === "refused") return { ...nothing, userErrors: carried.refusals };
    return { cohort: written(cohort), ...shown, userErrors: [] };
  }
}

function withWeekdays({ label, was, becomes }: MovedDate) {
  const weekday = (time: string) => weekdayOf(time.slice(0, 10));
  return { label, was, wasWeekday: weekday(was), becomes, weekday: weekday(becomes) };
}
