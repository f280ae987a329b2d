import { Field, InputType } from "type-graphql";
import { DateTime } from "../shared/scalars.ts";
import { payloadType } from "../shared/user-error.ts";
import { NominationRecordInput } from "./nomination.type.ts";
import type { ConfirmCode, OfferCode } from "./offered.ts";

@InputType({ description: "A letter that somebody offers without being asked for it." })
export class NominationOfferInput extends NominationRecordInput {}

@InputType({ description: "The link that confirms a letter." })
export class NominationConfirmInput {
  @Field(() => String, { description: "What stands behind the `#` of the link in the mail." })
  token!: string;
}

export const NominationOfferPayload = payloadType<OfferCode>(
  "NominationOffer",
  {
    confirmUntil: {
      type: () => DateTime,
      description: "Until when the link in the mail has to be opened. That instant is too late; null when refused.",
    },
  },
  {
    REQUIRED: true,
    TOO_LONG: true,
    BAD_CHARACTERS: true,
    KEY_REUSED: true,
    BAD_KEY: true,
    BAD_EMAIL: true,
    NOMINATOR_IS_APPLICANT: true,
    TOO_LATE: true,
    TOO_MANY: true,
  },
);

export const NominationConfirmPayload = payloadType<ConfirmCode>(
  "NominationConfirm",
  {
    candidateName: {
      type: () => String,
      description: "Whom the confirmed letter is about, as its writer has called them; null when refused.",
    },
  },
  {
    LINK_UNKNOWN: true,
    LINK_EXPIRED: true,
    LINK_USED: true,
    LINK_REVOKED: true,
    WRONG_STATE: true,
    TOO_LATE: true,
  },
);
