import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { Ability } from "../shared/ability.ts";
import { connectionType } from "../shared/page.ts";
import { Node } from "../shared/node.ts";
import { DateTime, enumType, LocalDateTime } from "../shared/scalars.ts";
import { payloadType } from "../shared/user-error.ts";
import type { Money } from "../shared/money.ts";
import { Allow, staff } from "../shared/rule.ts";
import type { ChangeCohortCode, CohortState, CreateCohortCode, PublishCohortCode } from "./cohort.ts";

export const CohortStateEnum = enumType<CohortState>("CohortState", "Who sees a cohort.", {
  DRAFT: "Staff alone.",
  PUBLISHED: "Everyone.",
});

@ObjectType("Money", { simpleResolvers: true, description: "An amount in whole minor units, so that sums are exact." })
export class MoneyObject {
  @Field(() => Int, { description: "Whole cents, hundredths of the currency." })
  cents!: number;

  @Field(() => String, { description: "ISO 4217 code, such as `USD`." })
  currency!: string;
}

@ObjectType("ApplicationWindow", { simpleResolvers: true, description: "When a cohort takes applications." })
export class WindowObject {
  @Field(() => LocalDateTime, { description: "Opening, in the cohort's zone." })
  opens!: string;

  @Field(() => LocalDateTime, { description: "Closing, in the cohort's zone: the deadline that people are told." })
  closes!: string;

  @Allow(staff)
  @Field(() => LocalDateTime, {
    nullable: true,
    description:
      "The deadline that is enforced, in the cohort's zone; never before the one people are told. Staff may read it.",
  })
  enforced!: string;

  @Field(() => DateTime, { description: "The first instant at which applications are taken." })
  opensAt!: string;

  @Field(() => DateTime, { description: "The deadline that people are told: from this instant on they are late." })
  closesAt!: string;

  @Allow(staff)
  @Field(() => DateTime, {
    nullable: true,
    description: "The first instant at which applications are refused. Staff may read it.",
  })
  enforcedAt!: string;
}

@ObjectType("Question", { simpleResolvers: true, description: "Something that applicants are asked." })
export class QuestionObject {
  @Field(() => ID, { description: "Lasting name of the question within its list; answers refer to it." })
  id!: string;

  @Field(() => String, { description: "The question as people read it." })
  prompt!: string;

  @Field(() => Boolean, { description: "Whether an application needs an answer before it can be submitted." })
  required!: boolean;

  @Field(() => Int, { description: "Longest answer, in characters." })
  maxLength!: number;
}

@ObjectType("CurriculumArea", {
  simpleResolvers: true,
  description: "A subject that is taught, as a class of its own.",
})
export class CurriculumAreaObject {
  @Field(() => ID, {
    description: "Lasting name of the class within its cohort; an instructor's role can be for it alone.",
  })
  id!: string;

  @Field(() => String, { description: "The subject as people read it." })
  name!: string;
}

@ObjectType("CohortAbilities", { simpleResolvers: true, description: "What the viewer could do with a cohort now." })
export class CohortAbilitiesObject {
  @Field(() => Ability, { description: "Start an application as a candidate." })
  applyAsCandidate!: Ability;

  @Field(() => Ability, { description: "Start an application as a mentor." })
  applyAsMentor!: Ability;

  @Field(() => Ability, { description: "Show it to everyone." })
  publish!: Ability;
}

@ObjectType("Cohort", {
  implements: Node,
  simpleResolvers: true,
  description: "One year's group of candidates and mentors. A draft is seen by staff alone.",
})
export class CohortObject extends Node {
  @Field(() => Int, { description: "Grows with every change; pass it as `expectedVersion`." })
  version!: number;

  @Field(() => CohortStateEnum, { description: "Who sees the cohort." })
  state!: CohortState;

  @Field(() => Int, { description: "The calendar year its classes are held in." })
  year!: number;

  @Field(() => Int, { description: "Counts the program's cohorts from 1." })
  number!: number;

  @Field(() => String, { description: "What the cohort is called." })
  name!: string;

  @Field(() => String, { description: "The part of the state its sessions are held in." })
  region!: string;

  @Field(() => String, { description: "IANA time zone in which all its dates and times are meant." })
  zone!: string;

  @Field(() => Int, { description: "How many candidates can be accepted." })
  seats!: number;

  @Field(() => MoneyObject, { description: "What a candidate, or a sponsor, pays." })
  tuition!: Money;

  @Field(() => [CurriculumAreaObject], { description: "What is taught, in order." })
  curriculum!: readonly CurriculumAreaObject[];
}

export const CohortConnection = connectionType("Cohort", () => CohortObject);

@InputType({ description: "An amount in whole minor units." })
export class MoneyInput implements Money {
  @Field(() => Int, { description: "Whole cents, from 0 to 10,000,000." })
  cents!: number;

  @Field(() => String, { description: "ISO 4217 code, such as `USD`." })
  currency!: string;
}

@InputType({
  description: "A new cohort. It starts as a draft with the program's default questions and certificate terms.",
})
export class CohortCreateInput {
  @Field(() => Int, { description: "Calendar year of its classes, from 2000 to 2200." })
  year!: number;

  @Field(() => Int, { description: "Number of the cohort, from 1 to 999; each is given once." })
  number!: number;

  @Field(() => String, { description: "At most 120 characters." })
  name!: string;

  @Field(() => String, { description: "At most 80 characters." })
  region!: string;

  @Field(() => String, { description: "IANA time zone, such as `America/Los_Angeles`." })
  zone!: string;

  @Field(() => Int, { nullable: true, description: "From 0 to 500; the program's default when absent." })
  seats?: number | null;

  @Field(() => MoneyInput, { nullable: true, description: "The program's default when absent." })
  tuition?: Money | null;

  @Field(() => LocalDateTime, { description: "When applications of both kinds open, in the cohort's zone." })
  windowOpens!: string;

  @Field(() => LocalDateTime, {
    description: "When applications of both kinds close, in the cohort's zone; that instant is too late.",
  })
  windowCloses!: string;

  @Field(() => Int, {
    nullable: true,
    description: "Letters that a candidate's application needs, from 0 to 5; the program's default when absent.",
  })
  candidateLetters?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: "Letters that a mentor's application needs, from 0 to 5; the program's default when absent.",
  })
  mentorLetters?: number | null;
}

@InputType({ description: "Changes of a cohort. What is absent stays; null is taken as absent." })
export class CohortChangeInput {
  @Field(() => ID, { description: "The cohort to change." })
  cohortId!: string;

  @Field(() => Int, { description: "The version the change was made on." })
  expectedVersion!: number;

  @Field(() => String, { nullable: true, description: "At most 120 characters." })
  name?: string | null;

  @Field(() => String, { nullable: true, description: "At most 80 characters." })
  region?: string | null;

  @Field(() => String, { nullable: true, description: "IANA time zone; the window's instants move along." })
  zone?: string | null;

  @Field(() => Int, { nullable: true, description: "From 0 to 500, and never fewer than are taken." })
  seats?: number | null;

  @Field(() => MoneyInput, { nullable: true, description: "What the tuition is from now on." })
  tuition?: Money | null;

  @Field(() => LocalDateTime, {
    nullable: true,
    description: "When applications of both kinds open; `cohortWindowChange` is for one of them.",
  })
  windowOpens?: string | null;

  @Field(() => LocalDateTime, {
    nullable: true,
    description: "The deadline of both kinds, shown and enforced; `cohortWindowChange` is for one of them.",
  })
  windowCloses?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: "Letters that a candidate's application needs, from 0 to 5; applications that are complete stay so.",
  })
  candidateLetters?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: "Letters that a mentor's application needs, from 0 to 5; applications that are complete stay so.",
  })
  mentorLetters?: number | null;
}

@InputType({ description: "The cohort to publish." })
export class CohortPublishInput {
  @Field(() => ID, { description: "The cohort to publish." })
  cohortId!: string;

  @Field(() => Int, { description: "The version that was looked at." })
  expectedVersion!: number;
}

const cohort = {
  cohort: { type: () => CohortObject, description: "The cohort as it is now; null when none was created." },
};

const termCodes = {
  REQUIRED: true,
  TOO_LONG: true,
  BAD_CHARACTERS: true,
  OUT_OF_RANGE: true,
  BAD_ZONE: true,
  BAD_TIME: true,
  BAD_CURRENCY: true,
  CLOSES_BEFORE_OPENING: true,
  ENFORCED_BEFORE_SHOWN: true,
} as const;

export const CohortCreatePayload = payloadType<CreateCohortCode>("CohortCreate", cohort, {
  ...termCodes,
  NUMBER_TAKEN: true,
});

export const CohortChangePayload = payloadType<ChangeCohortCode>("CohortChange", cohort, {
  ...termCodes,
  SEATS_TAKEN: true,
  CONFLICT: true,
});

export const CohortPublishPayload = payloadType<PublishCohortCode>("CohortPublish", cohort, {
  ALREADY_PUBLISHED: true,
  CONFLICT: true,
});
