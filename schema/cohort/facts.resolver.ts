import { Ctx, Query, Resolver } from "type-graphql";
import type { RequestContext } from "../shared/context.ts";
import { Allow, anyone } from "../shared/rule.ts";
import { cohortFrom, listCohorts } from "./cohort.table.ts";
import { datesOf, factsOf, faqOf, programOf } from "./facts.ts";
import { ProgramObject } from "./facts.type.ts";

/** The latest cohorts are enough: whatever is open or coming is among them. */
const LOOKED_AT = 10;

@Resolver(() => ProgramObject)
export class ProgramResolver {
  @Allow(anyone)
  @Query(() => ProgramObject, {
    description: "What anybody may know of the program now: facts, what people ask, dates, price and questions.",
  })
  async program(@Ctx() { table, now }: RequestContext): Promise<ProgramObject> {
    const { items } = await listCohorts(table, "PUBLISHED", { limit: LOOKED_AT });
    const { cohort, ...program } = programOf(
      items.map((item) => cohortFrom(item)!),
      now,
    );
    return {
      ...program,
      cohort,
      tuition: cohort?.tuition ?? null,
      facts: cohort ? factsOf(cohort) : [],
      faq: cohort ? faqOf(cohort, now) : [],
      dates: cohort ? datesOf(cohort) : [],
      candidateQuestions: cohort?.questions.CANDIDATE ?? [],
      mentorQuestions: cohort?.questions.MENTOR ?? [],
    };
  }
}
