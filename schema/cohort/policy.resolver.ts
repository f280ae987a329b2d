import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from "type-graphql";
import type { RequestContext } from "../shared/context.ts";
import { Allow, staff } from "../shared/rule.ts";
import { changeOneCohort, given } from "./cohort.resolver.ts";
import type { Cohort } from "./cohort.ts";
import { CohortObject } from "./cohort.type.ts";
import { changeCriteria } from "./criterion.ts";
import { changePolicy, type PolicyEdit } from "./policy-change.ts";
import type { ApplicantKind } from "./policy.ts";
import {
  CohortCriteriaChangeInput,
  CohortCriteriaChangePayload,
  CohortPolicyChangeInput,
  CohortPolicyChangePayload,
  CohortPolicyObject,
  CohortQuestionsChangeInput,
  CohortQuestionsChangePayload,
  CohortWindowChangeInput,
  CohortWindowChangePayload,
  CriterionObject,
} from "./policy.type.ts";
import { changeQuestions } from "./question.ts";
import { changeWindow } from "./window-change.ts";

/** A cohort's policy, and the steps by which staff change it. */
@Resolver(() => CohortObject)
export class PolicyResolver {
  @FieldResolver(() => CohortPolicyObject, { description: "How it goes from its call to its teams." })
  policy(@Root() { id: cohortId, policy }: Cohort): CohortPolicyObject & { cohortId: string } {
    const { letters, offer, regions, review, vote, team } = policy;
    const { CANDIDATE: candidates, MENTOR: mentors } = letters.required;
    return {
      cohortId,
      letters: { ...letters, candidates, mentors },
      offer,
      regions,
      committee: { review, vote, team },
    };
  }

  @FieldResolver(() => [CriterionObject], { description: "What candidates are measured by." })
  candidateCriteria(@Root() cohort: Cohort) {
    return criteriaOf(cohort, "CANDIDATE");
  }

  @FieldResolver(() => [CriterionObject], { description: "What mentors are measured by." })
  mentorCriteria(@Root() cohort: Cohort) {
    return criteriaOf(cohort, "MENTOR");
  }

  @Allow(staff)
  @Mutation(() => CohortWindowChangePayload, {
    description:
      "Changes when one kind of applicant can apply: the deadline people are told, and the one enforced. Staff may.",
  })
  async cohortWindowChange(
    @Arg("input", () => CohortWindowChangeInput, { description: "What to change." }) input: CohortWindowChangeInput,
    @Ctx() context: RequestContext,
  ) {
    const { cohortId, expectedVersion, kind, ...times } = input;
    return changeOneCohort(context, cohortId, (cohort) =>
      changeWindow(cohort, { kind, ...given(times) }, expectedVersion),
    );
  }

  @Allow(staff)
  @Mutation(() => CohortQuestionsChangePayload, {
    description: "Changes what one kind of applicant is asked. What was submitted stays as it was asked. Staff may.",
  })
  async cohortQuestionsChange(
    @Arg("input", () => CohortQuestionsChangeInput, { description: "The list." }) input: CohortQuestionsChangeInput,
    @Ctx() context: RequestContext,
  ) {
    const { cohortId, expectedVersion, kind } = input;
    const questions = input.questions.map((question) => ({ ...question }));
    return changeOneCohort(context, cohortId, (cohort) =>
      changeQuestions(cohort, { kind, questions }, expectedVersion),
    );
  }

  @Allow(staff)
  @Mutation(() => CohortCriteriaChangePayload, {
    description: "Changes what one kind of applicant is measured by. Staff may.",
  })
  async cohortCriteriaChange(
    @Arg("input", () => CohortCriteriaChangeInput, { description: "The list." }) input: CohortCriteriaChangeInput,
    @Ctx() context: RequestContext,
  ) {
    const { cohortId, expectedVersion, kind } = input;
    const criteria = input.criteria.map((criterion) => ({
      ...criterion,
      weight: criterion.weight ?? (criterion.kind === "SCORED" ? 1 : 0),
    }));
    return changeOneCohort(context, cohortId, (cohort) => changeCriteria(cohort, { kind, criteria }, expectedVersion));
  }

  @Allow(staff)
  @Mutation(() => CohortPolicyChangePayload, {
    description: "Changes the numbers and choices of a cohort's letters, reviews, votes, offers and teams. Staff may.",
  })
  async cohortPolicyChange(
    @Arg("input", () => CohortPolicyChangeInput, { description: "What to change." }) input: CohortPolicyChangeInput,
    @Ctx() context: RequestContext,
  ) {
    const { cohortId, expectedVersion } = input;
    return changeOneCohort(context, cohortId, (cohort) => changePolicy(cohort, editOf(input), expectedVersion));
  }
}

function criteriaOf({ id: cohortId, policy }: Cohort, kind: ApplicantKind) {
  return policy.criteria[kind].map((criterion) => ({ ...criterion, cohortId }));
}

function editOf({ letters, review, vote, offer, team, regions }: CohortPolicyChangeInput): PolicyEdit {
  const { candidates, mentors, ...others } = given(letters ?? {});
  const required = given({ CANDIDATE: candidates, MENTOR: mentors });
  return {
    letters: { ...others, required },
    review: given(review ?? {}),
    vote: given(vote ?? {}),
    offer: given(offer ?? {}),
    team: given(team ?? {}),
    ...(regions && { regions }),
  };
}
