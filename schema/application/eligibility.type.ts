import { Field, ID, InputType } from "type-graphql";
import { enumType } from "../shared/scalars.ts";
import { payloadType } from "../shared/user-error.ts";
import { ApplicationObject } from "./application.type.ts";
import type { EligibilityCode, IneligibleReason } from "./eligibility.ts";

export const IneligibleReasonEnum = enumType<IneligibleReason>(
  "IneligibleReason",
  "Why an application is ruled out before the committee decides.",
  {
    NO_K12_ORGANIZATION: "The applicant does not work for a K-12 organization.",
    NO_CTO_OBJECTIVE: "The applicant's career objective is not to become a Chief Technology Officer.",
    NOT_IN_SERVICE: "The applicant is not in service in the position that is required.",
    DUPLICATE: "It repeats another application of the same person.",
    OTHER: "Something else, which the history tells.",
  },
);

@InputType({ description: "An application to rule out." })
export class ApplicationRuleOutInput {
  @Field(() => ID, { description: "The application." })
  applicationId!: string;

  @Field(() => IneligibleReasonEnum, { description: "Why; the applicant is told this in a sentence." })
  reason!: IneligibleReason;

  @Field(() => String, {
    description: "More about it, for the history alone; at most 1,000 characters. The applicant does not read it.",
  })
  why!: string;
}

@InputType({ description: "An application to rule in again." })
export class ApplicationRuleInInput {
  @Field(() => ID, { description: "The application." })
  applicationId!: string;

  @Field(() => String, { description: "Why, for the history; at most 1,000 characters." })
  why!: string;
}

const application = {
  application: { type: () => ApplicationObject, description: "The application as it is now." },
};

const codes = {
  WRONG_STATE: true,
  ALREADY_SUBMITTED: true,
  REQUIRED: true,
  TOO_LONG: true,
  BAD_CHARACTERS: true,
  OWN_APPLICATION: true,
  RECUSED: true,
} as const;

export const ApplicationRuleOutPayload = payloadType<EligibilityCode>("ApplicationRuleOut", application, codes);

export const ApplicationRuleInPayload = payloadType<EligibilityCode>("ApplicationRuleIn", application, codes);
