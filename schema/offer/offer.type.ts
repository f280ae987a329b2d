import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { Ability } from "../shared/ability.ts";
import { connectionType } from "../shared/page.ts";
import { DateTime, enumType, LocalDate } from "../shared/scalars.ts";
import { payloadType } from "../shared/user-error.ts";
import type { TakeUpCode } from "./deferral.ts";
import type { AcceptCode, AskDeferralCode, ConditionsCode, ExtendCode, OfferState } from "./offer.ts";
import type { DeclineCode, DeferCode } from "./place.ts";
import type { PromoteCode } from "./promotion.ts";

export const OfferStateEnum = enumType<OfferState>("OfferState", "Where the offer of a place stands.", {
  OFFERED: "Waiting for the candidate's answer.",
  ACCEPTED: "The candidate takes the place and commits to all dates.",
  DECLINED: "The candidate does not take the place; the seat is free.",
  LAPSED: "Not answered in time; the seat is free.",
  DEFERRED: "The candidate takes part in a later cohort; the seat is free.",
  WITHDRAWN: "The application was withdrawn, or the decision reversed.",
});

@ObjectType("Deferral", { simpleResolvers: true, description: "A wish to take part in a later cohort." })
export class DeferralObject {
  @Field(() => String, { description: "Why, in the candidate's words." })
  reason!: string;

  @Field(() => DateTime, { description: "When it was asked for." })
  askedAt!: string;
}

@ObjectType("OfferAbilities", { simpleResolvers: true, description: "What the viewer could do with an offer now." })
export class OfferAbilitiesObject {
  @Field(() => Ability, { description: "Accept it, committing to all dates and acknowledging the conditions." })
  accept!: Ability;

  @Field(() => Ability, { description: "Decline it." })
  decline!: Ability;

  @Field(() => Ability, { description: "Ask to take part in a later cohort." })
  askDeferral!: Ability;

  @Field(() => Ability, { description: "Let the candidate take part in a later cohort." })
  defer!: Ability;

  @Field(() => Ability, { description: "Give more time for the answer." })
  extend!: Ability;
}

@ObjectType("Offer", {
  simpleResolvers: true,
  description:
    "A place in a cohort, offered to an accepted candidate. The candidate, staff and the committee see it. What frees or takes " +
    "a seat is in the history of the application.",
})
export class OfferObject {
  @Field(() => Int, { description: "Grows with every change." })
  version!: number;

  @Field(() => OfferStateEnum, { description: "Where it stands." })
  state!: OfferState;

  @Field(() => DateTime, { description: "When it was made." })
  offeredAt!: string;

  @Field(() => LocalDate, { description: "The last day for an answer, in the cohort's zone." })
  answerBy!: string;

  @Field(() => DateTime, { description: "When it lapses: the first instant at which it is too late for an answer." })
  dueAt!: string;

  @Field(() => Boolean, {
    description: "Whether it was made to somebody on the waitlist, for a seat that became free.",
  })
  isPromoted!: boolean;

  @Field(() => String, { nullable: true, description: "What the place is subject to; null when to nothing." })
  conditions!: string | null;

  @Field(() => String, {
    nullable: true,
    description: "The conditions that were acknowledged with the acceptance; null before, and where there were none.",
  })
  acknowledged!: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: "When it was accepted, declined or deferred, or lapsed; null while it waits.",
  })
  answeredAt!: string | null;

  @Field(() => String, { nullable: true, description: "Why it was declined; null when no reason was given." })
  reason!: string | null;

  @Field(() => DeferralObject, {
    nullable: true,
    description: "The wish to take part later; null when there is none that waits for an answer or was granted.",
  })
  deferral!: DeferralObject | null;
}

export const OfferConnection = connectionType("Offer", () => OfferObject);

/** Why staff act instead of the candidate. */
const WHY_INSTEAD = {
  nullable: true,
  description:
    "Why staff do it in the candidate's stead, for the history; at most 1,000 characters. Required of staff, not of the candidate.",
};

@InputType({ description: "A place to take up." })
export class OfferAcceptInput {
  @Field(() => ID, { description: "The application whose place it is." })
  applicationId!: string;

  @Field(() => Boolean, { description: "Whether the candidate commits to all dates of the cohort: it must be true." })
  commitsToAllDates!: boolean;

  @Field(() => String, {
    nullable: true,
    description: "The conditions as they were read, word for word; null where there are none.",
  })
  acknowledgedConditions?: string | null;

  @Field(() => String, WHY_INSTEAD)
  why?: string | null;
}

@InputType({ description: "A place to decline." })
export class OfferDeclineInput {
  @Field(() => ID, { description: "The application whose place it is." })
  applicationId!: string;

  @Field(() => String, { nullable: true, description: "Why it is declined; at most 2,000 characters." })
  reason?: string | null;

  @Field(() => String, WHY_INSTEAD)
  why?: string | null;
}

@InputType({ description: "A place to take up in a later cohort instead." })
export class OfferDeferRequestInput {
  @Field(() => ID, { description: "The application whose place it is." })
  applicationId!: string;

  @Field(() => String, { description: "Why the candidate would rather take part later; at most 2,000 characters." })
  reason!: string;

  @Field(() => String, WHY_INSTEAD)
  why?: string | null;
}

@InputType({ description: "A deferral that was asked for." })
export class OfferDeferInput {
  @Field(() => ID, { description: "The application whose place it is." })
  applicationId!: string;

  @Field(() => String, { description: "Why it is granted or refused, for the history; at most 1,000 characters." })
  why!: string;
}

@InputType({ description: "More time for the answer to an offer." })
export class OfferExtendInput {
  @Field(() => ID, { description: "The application whose place it is." })
  applicationId!: string;

  @Field(() => LocalDate, { description: "The new last day: later than now set, by 90 days at most." })
  answerBy!: string;

  @Field(() => String, { description: "Why, for the history; at most 1,000 characters." })
  why!: string;
}

@InputType({ description: "What a place is subject to." })
export class OfferConditionsSetInput {
  @Field(() => ID, { description: "The application whose place it is." })
  applicationId!: string;

  @Field(() => String, { nullable: true, description: "At most 2,000 characters; null takes conditions away." })
  conditions?: string | null;

  @Field(() => String, { description: "Why, for the history; at most 1,000 characters." })
  why!: string;
}

@InputType({ description: "A deferred place to offer in a later cohort." })
export class OfferFromDeferralInput {
  @Field(() => ID, { description: "The application whose place was deferred." })
  applicationId!: string;

  @Field(() => ID, { description: "The later cohort." })
  cohortId!: string;

  @Field(() => String, { description: "Why, for the history; at most 1,000 characters." })
  why!: string;

  @Field(() => String, {
    description: "8 to 100 letters, digits, or . : _ - characters. The same key gives the same answer, for two days.",
  })
  idempotencyKey!: string;
}

@InputType({ description: "Free seats to give to the waitlist." })
export class OfferPromoteInput {
  @Field(() => ID, { description: "The cohort." })
  cohortId!: string;

  @Field(() => Boolean, { defaultValue: false, description: "Only tells the effect and the token that confirms it." })
  dryRun!: boolean;

  @Field(() => String, { nullable: true, description: "The token of the dry run that was looked at." })
  confirmToken?: string | null;

  @Field(() => String, {
    description:
      "8 to 100 letters, digits, or . : _ - characters. The same key gives the same answer, for two days. A dry run uses none up.",
  })
  idempotencyKey!: string;
}

@ObjectType("PromotionRow", { simpleResolvers: true, description: "Somebody on the waitlist for whom a seat is free." })
export class PromotionRowObject {
  @Field(() => ID, { description: "The application." })
  applicationId!: string;

  @Field(() => Boolean, {
    description: "Whether the place is offered by now. False in a dry run, and where somebody was faster or better.",
  })
  promoted!: boolean;
}

const offer = {
  offer: { type: () => OfferObject, description: "The offer as it is now." },
};

const TEXT = { REQUIRED: true, TOO_LONG: true, BAD_CHARACTERS: true } as const;
const IN_TIME = { WRONG_STATE: true, TOO_LATE: true } as const;
const NO_CONFLICT = { OWN_APPLICATION: true, RECUSED: true } as const;

/** What can stand in the way of the office besides. */
type OfficeCode = "OWN_APPLICATION" | "RECUSED";

export const OfferAcceptPayload = payloadType<AcceptCode>("OfferAccept", offer, {
  ...TEXT,
  ...IN_TIME,
  NOT_COMMITTED: true,
  CONDITIONS_NOT_ACKNOWLEDGED: true,
});

export const OfferDeclinePayload = payloadType<DeclineCode>("OfferDecline", offer, { ...TEXT, ...IN_TIME });

export const OfferDeferRequestPayload = payloadType<AskDeferralCode>("OfferDeferRequest", offer, {
  ...TEXT,
  ...IN_TIME,
  ALREADY_ASKED: true,
});

export const OfferDeferPayload = payloadType<DeferCode | OfficeCode>("OfferDefer", offer, {
  ...TEXT,
  ...NO_CONFLICT,
  WRONG_STATE: true,
  NOT_ASKED: true,
});

export const OfferDeferRefusePayload = payloadType<DeferCode | OfficeCode>("OfferDeferRefuse", offer, {
  ...TEXT,
  ...NO_CONFLICT,
  WRONG_STATE: true,
  NOT_ASKED: true,
});

export const OfferExtendPayload = payloadType<ExtendCode | OfficeCode>("OfferExtend", offer, {
  ...TEXT,
  ...IN_TIME,
  ...NO_CONFLICT,
  BAD_DATE: true,
  OUT_OF_RANGE: true,
});

export const OfferConditionsSetPayload = payloadType<ConditionsCode | OfficeCode>("OfferConditionsSet", offer, {
  ...TEXT,
  ...IN_TIME,
  ...NO_CONFLICT,
});

export const OfferFromDeferralPayload = payloadType<TakeUpCode>(
  "OfferFromDeferral",
  { offer: { type: () => OfferObject, description: "The offer in the later cohort; null when there is none." } },
  {
    ...TEXT,
    ...NO_CONFLICT,
    WRONG_STATE: true,
    NOT_LATER: true,
    NOT_PUBLISHED: true,
    ALREADY_STARTED: true,
    COHORT_FULL: true,
    KEY_REUSED: true,
    BAD_KEY: true,
  },
);

export const OfferPromotePayload = payloadType<PromoteCode>(
  "OfferPromote",
  {
    rows: {
      type: () => [PromotionRowObject],
      description: "Whom the free seats go to, the best rank first; null when there was an obstacle.",
    },
    confirmToken: { type: () => String, description: "Confirms exactly this set; null after it was done." },
  },
  {
    ...NO_CONFLICT,
    NOTHING_TO_PROMOTE: true,
    STALE: true,
    CONFIRM_TOKEN_REQUIRED: true,
    KEY_REUSED: true,
    BAD_KEY: true,
  },
);
