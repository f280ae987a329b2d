import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { enumType } from "../shared/scalars.ts";
import { payloadType } from "../shared/user-error.ts";
import { DecisionObject, OutcomeEnum } from "./decision.type.ts";
import type { Outcome } from "./decision.ts";
import type { KnockOn } from "./knock-on.ts";
import type { ReverseCode } from "./reversal.ts";

export const KnockOnCodeEnum = enumType<KnockOn["code"]>(
  "KnockOnCode",
  "What follows from the reversal of a decision.",
  {
    STATE_CHANGES: "The application changes its state.",
    SEAT_FREED: "A seat becomes free.",
    SEAT_NEEDED: "A seat is taken.",
    OFFER_WITHDRAWN: "The offer of the place is withdrawn.",
    OFFER_MADE: "The place is offered.",
    TEAM_ENDS: "A team ends that hangs on the acceptance.",
    RANK_FREED: "A place on the waitlist becomes free.",
    RANK_TAKEN: "A place on the waitlist is taken.",
    PROMOTION_FOLLOWS:
      "The best on the waitlist whom the committee is not deciding on anew gets the seat, as the cohort's policy says.",
    PROMOTION_PREPARED: "The acceptance of the first on the waitlist is prepared already.",
    MAIL_GOES_OUT: "The applicant is told.",
  },
);

@ObjectType("KnockOn", {
  simpleResolvers: true,
  description: "Something that follows from the reversal of a decision.",
})
export class KnockOnObject {
  @Field(() => KnockOnCodeEnum, { description: "What, for programs." })
  code!: KnockOn["code"];

  @Field(() => String, { description: "What, in a sentence for people." })
  message!: string;

  @Field(() => ID, {
    nullable: true,
    description: "Another application that is concerned; null when it is the same one, or nobody's in particular.",
  })
  applicationId!: string | null;
}

@InputType({ description: "A decision that is known, and what takes its place." })
export class DecisionReverseInput {
  @Field(() => ID, { description: "The application decided on." })
  applicationId!: string;

  @Field(() => OutcomeEnum, { description: "What is decided instead." })
  outcome!: Outcome;

  @Field(() => Int, { nullable: true, description: "Place on the waitlist, from 1 to 500; for WAITLIST alone." })
  rank?: number | null;

  @Field(() => String, { description: "Why, for the committee's records; at most 1,000 characters." })
  why!: string;

  @Field(() => Int, {
    nullable: true,
    description: "The version of the decision that was looked at; CONFLICT when it has changed since.",
  })
  expectedVersion?: number | null;

  @Field(() => Boolean, { defaultValue: false, description: "Only tells what follows and the token that confirms it." })
  dryRun!: boolean;

  @Field(() => String, { nullable: true, description: "The token of the dry run that was looked at." })
  confirmToken?: string | null;

  @Field(() => String, {
    description:
      "8 to 100 letters, digits, or . : _ - characters. The same key gives the same answer, for two days. A dry run uses none up.",
  })
  idempotencyKey!: string;
}

export const DecisionReversePayload = payloadType<ReverseCode>(
  "DecisionReverse",
  {
    decision: { type: () => DecisionObject, description: "The decision as it is now; null when there is none." },
    knockOns: { type: () => [KnockOnObject], description: "Everything that follows from it; null when it is refused." },
    confirmToken: { type: () => String, description: "Confirms exactly these effects; null once it is done." },
  },
  {
    WRONG_STATE: true,
    ALREADY_SUBMITTED: true,
    REQUIRED: true,
    TOO_LONG: true,
    BAD_CHARACTERS: true,
    OWN_APPLICATION: true,
    RECUSED: true,
    CONFLICT: true,
    UNCHANGED: true,
    CERTIFICATE_EXISTS: true,
    COHORT_FULL: true,
    RANK_REQUIRED: true,
    RANK_NOT_WANTED: true,
    RANK_TAKEN: true,
    OUT_OF_RANGE: true,
    STALE: true,
    CONFIRM_TOKEN_REQUIRED: true,
    KEY_REUSED: true,
    BAD_KEY: true,
  },
);
