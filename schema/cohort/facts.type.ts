import { Field, ObjectType } from "type-graphql";
import { DateTime, enumType, LocalDateTime } from "../shared/scalars.ts";
import { CohortObject, MoneyObject, QuestionObject } from "./cohort.type.ts";
import type { ProgramPhase } from "./facts.ts";

const ProgramPhaseEnum = enumType<ProgramPhase>("ProgramPhase", "Where the program stands with its applications.", {
  NONE: "There is no published cohort.",
  BEFORE: "The next window has not opened yet.",
  OPEN: "Applications are taken, of candidates or mentors.",
  AFTER: "The last window has closed, and no other is published.",
});

@ObjectType("ProgramFact", { simpleResolvers: true, description: "Something about the program in a few words." })
class ProgramFactObject {
  @Field(() => String, { description: "What it is about." })
  label!: string;

  @Field(() => String, { description: "What it is." })
  value!: string;
}

@ObjectType("FrequentQuestion", {
  simpleResolvers: true,
  description: "What people ask, answered from the cohort's terms and policy, so that it never contradicts them.",
})
class FrequentQuestionObject {
  @Field(() => String, { description: "The question." })
  question!: string;

  @Field(() => String, { description: "The answer, as of now." })
  answer!: string;
}

@ObjectType("ProgramDate", { simpleResolvers: true, description: "A date of the cohort that people are told." })
class ProgramDateObject {
  @Field(() => String, { description: "What happens then." })
  label!: string;

  @Field(() => DateTime, { description: "The instant." })
  at!: string;

  @Field(() => LocalDateTime, { description: "The same on a clock in the cohort's zone." })
  local!: string;

  @Field(() => String, { description: "The cohort's IANA time zone." })
  zone!: string;
}

@ObjectType("Program", {
  simpleResolvers: true,
  description:
    "What anybody may know of the program now. Facts, dates and questions are those of `cohort`; empty when there is none.",
})
export class ProgramObject {
  @Field(() => ProgramPhaseEnum, { description: "Where it stands with its applications." })
  phase!: ProgramPhase;

  @Field(() => CohortObject, {
    nullable: true,
    description:
      "The cohort that is told of here: the open one, else the next, else the last; null when none is published.",
  })
  cohort!: object | null;

  @Field(() => CohortObject, {
    nullable: true,
    description: "The cohort that takes applications now, of candidates or mentors, by the deadlines people are told.",
  })
  openCohort!: object | null;

  @Field(() => CohortObject, {
    nullable: true,
    description: "The cohort whose window opens next; null when none is set.",
  })
  nextCohort!: object | null;

  @Field(() => MoneyObject, { nullable: true, description: "What a candidate, or a sponsor, pays." })
  tuition!: MoneyObject | null;

  @Field(() => [ProgramFactObject], { description: "The program in a few words." })
  facts!: ProgramFactObject[];

  @Field(() => [FrequentQuestionObject], { description: "What people ask." })
  faq!: FrequentQuestionObject[];

  @Field(() => [ProgramDateObject], { description: "Its dates, the earliest first." })
  dates!: ProgramDateObject[];

  @Field(() => [QuestionObject], { description: "What candidates are asked." })
  candidateQuestions!: readonly QuestionObject[];

  @Field(() => [QuestionObject], { description: "What mentors are asked." })
  mentorQuestions!: readonly QuestionObject[];
}
