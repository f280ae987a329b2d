import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { LocalDateTime } from "../shared/scalars.ts";
import { payloadType } from "../shared/user-error.ts";
import type { CloneCode } from "./clone.ts";
import { CohortObject } from "./cohort.type.ts";

@ObjectType("MovedDate", {
  simpleResolvers: true,
  description: "A date of a new cohort beside the one it comes from, both in the cohort's zone.",
})
class MovedDateObject {
  @Field(() => String, { description: "What happens then." })
  label!: string;

  @Field(() => LocalDateTime, { description: "The date in the cohort it was made after." })
  was!: string;

  @Field(() => String, { description: "The weekday of that date." })
  wasWeekday!: string;

  @Field(() => LocalDateTime, { description: "The date in the new cohort." })
  becomes!: string;

  @Field(() => String, { description: "The weekday of the date in the new cohort." })
  weekday!: string;
}

@InputType({ description: "A cohort to make after another." })
export class CohortCloneInput {
  @Field(() => ID, { description: "The cohort to make it after." })
  cohortId!: string;

  @Field(() => Int, { description: "Number of the new cohort, from 1 to 999; each is given once." })
  number!: number;

  @Field(() => String, { description: "At most 120 characters." })
  name!: string;

  @Field(() => Int, { nullable: true, description: "Calendar year of its classes; the year after when absent." })
  year?: number | null;

  @Field(() => String, { nullable: true, description: "Its region; the one whose turn it is when absent." })
  region?: string | null;

  @Field(() => Int, {
    nullable: true,
    description:
      "Weeks by which every date moves, so that it keeps its weekday; to the same season of its year when absent.",
  })
  weeks?: number | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description: "Only answers what it would be. No token is needed to confirm: the new cohort is a draft.",
  })
  dryRun!: boolean;
}

export const CohortClonePayload = payloadType<CloneCode>(
  "CohortClone",
  {
    cohort: { type: () => CohortObject, description: "The new cohort; null when none was made, as in a dry run." },
    region: { type: () => String, description: "Its region." },
    dates: { type: () => [MovedDateObject] as [Function], description: "Every date of it, in the order of the year." },
  },
  {
    REQUIRED: true,
    TOO_LONG: true,
    BAD_CHARACTERS: true,
    OUT_OF_RANGE: true,
    BAD_ZONE: true,
    BAD_TIME: true,
    BAD_CURRENCY: true,
    CLOSES_BEFORE_OPENING: true,
    ENFORCED_BEFORE_SHOWN: true,
    NUMBER_TAKEN: true,
  },
);
