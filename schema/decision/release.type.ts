import { Field, ID, InputType, ObjectType } from "type-graphql";
import { ApplicationKindEnum } from "../application/application.type.ts";
import type { ApplicationKind } from "../application/application.ts";
import { payloadType } from "../shared/user-error.ts";
import { OutcomeEnum } from "./decision.type.ts";
import type { Outcome } from "./decision.ts";
import type { ReleaseCode } from "./release.ts";

@InputType({ description: "The prepared decisions to release." })
export class DecisionReleaseInput {
  @Field(() => ID, { description: "The cohort." })
  cohortId!: string;

  @Field(() => ApplicationKindEnum, { description: "Whose: candidates or mentors." })
  kind!: ApplicationKind;

  @Field(() => [ID], {
    nullable: true,
    description: "Only the decisions on these applications, at most 100; all that are prepared when left out.",
  })
  applicationIds?: string[] | null;

  @Field(() => Boolean, { defaultValue: false, description: "Only tells the effect and the token that confirms it." })
  dryRun!: boolean;

  @Field(() => String, { nullable: true, description: "The token of the dry run that was looked at." })
  confirmToken?: string | null;

  @Field(() => String, {
    description:
      "8 to 100 letters, digits, or . : _ - characters. The same key gives the same release, for two days. A dry run uses none up.",
  })
  idempotencyKey!: string;
}

@ObjectType("ReleaseRow", { simpleResolvers: true, description: "One decision of a release." })
export class ReleaseRowObject {
  @Field(() => ID, { description: "The application." })
  applicationId!: string;

  @Field(() => OutcomeEnum, { description: "What becomes known." })
  outcome!: Outcome;

  @Field(() => Boolean, {
    description:
      "Whether the applicant can know by now. False in a dry run, and for one that was changed or withdrawn meanwhile.",
  })
  released!: boolean;

  @Field(() => String, {
    nullable: true,
    description: "Why the applicant was not told although it was confirmed; null otherwise, and in a dry run.",
  })
  obstacle!: string | null;
}

export const DecisionReleasePayload = payloadType<ReleaseCode>(
  "DecisionRelease",
  {
    rows: { type: () => [ReleaseRowObject], description: "Every decision concerned; null when there was an obstacle." },
    confirmToken: { type: () => String, description: "Confirms exactly this set; null after the release." },
  },
  {
    OWN_APPLICATION: true,
    RECUSED: true,
    OWN_REVIEW_OPEN: true,
    NOTHING_PREPARED: true,
    TOO_MANY: true,
    STALE: true,
    CONFIRM_TOKEN_REQUIRED: true,
    KEY_REUSED: true,
    BAD_KEY: true,
  },
);
