import { Field, ID, InputType, ObjectType } from "type-graphql";
import { Ability } from "../shared/ability.ts";
import type { StateCode } from "../application/application.ts";
import { ApplicationObject } from "../application/application.type.ts";
import type { TextCode } from "../shared/decision.ts";
import { Node } from "../shared/node.ts";
import { connectionType } from "../shared/page.ts";
import { DateTime, enumType } from "../shared/scalars.ts";
import { payloadType } from "../shared/user-error.ts";
import type { Nomination, NominationState } from "./nomination.ts";
import type { ReopenCode, RequestCode } from "./request.ts";
import type { MatchCode, RecordCode } from "./unsolicited.ts";

export const NominationStateEnum = enumType<NominationState>("NominationState", "Where a nomination stands.", {
  OFFERED: "It came by the public form, and whoever it says wrote it has not confirmed that; shown to nobody.",
  UNMATCHED: "It came without being asked for, and no application was found for it yet.",
  REQUESTED: "Somebody was asked by mail, and has not looked at it yet.",
  OPENED: "Whoever was asked has looked at it and can write.",
  PROVIDED: "The letter has come. It is final, unless staff give it back.",
  REFUSED: "Whoever was asked does not nominate the candidate.",
  BOUNCED: "Mails to the address come back: the applicant has to correct it.",
  CANCELLED: "Taken back by the applicant, or not needed any more.",
  EXPIRED: "It did not come in time.",
});

export const NominationOriginEnum = enumType<Nomination["origin"]>("NominationOrigin", "How a nomination came.", {
  REQUESTED: "The applicant named who nominates them.",
  UNSOLICITED: "It came by itself.",
});

@ObjectType("NominationLetter", {
  simpleResolvers: true,
  description: "What somebody wrote for a candidate. It is confidential: the candidate never reads it.",
})
export class NominationLetterObject {
  @Field(() => String, { description: "The letter; empty once it was removed for good." })
  text!: string;

  @Field(() => String, { description: "The name it is signed with." })
  signedName!: string;

  @Field(() => String, { description: "The position it is signed with." })
  signedPosition!: string;
}

@ObjectType("NominationAbilities", {
  simpleResolvers: true,
  description: "What the viewer could do with a nomination now.",
})
export class NominationAbilitiesObject {
  @Field(() => Ability, { description: "Send a new link to whoever was asked." })
  resend!: Ability;

  @Field(() => Ability, { description: "Take the request back." })
  cancel!: Ability;

  @Field(() => Ability, {
    description: "Give the letter back to whoever wrote or declined it; the reason is asked then.",
  })
  reopen!: Ability;
}

@ObjectType("Nomination", {
  implements: Node,
  simpleResolvers: true,
  description:
    "A letter that supports somebody's application, from the request on. Whoever may see the application sees that there is " +
    "one and how it stands; what is written in it is for staff and committee.",
})
export class NominationObject extends Node {
  @Field(() => NominationStateEnum, { description: "Where it stands." })
  state!: NominationState;

  @Field(() => NominationOriginEnum, { description: "How it came." })
  origin!: Nomination["origin"];

  @Field(() => DateTime, { description: "When it was asked for, or came by itself." })
  createdAt!: string;

  @Field(() => DateTime, { nullable: true, description: "When whoever was asked first looked at it; null before." })
  openedAt!: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: "When it came, was declined, taken back or ended; null while it may still come.",
  })
  closedAt?: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: "When the letter and who gave it were removed for good; null while they are there.",
  })
  contentRemovedAt?: string | null;
}

export const NominationConnection = connectionType("Nomination", () => NominationObject);

@ObjectType("MissingPart", {
  simpleResolvers: true,
  description: "A part of an application that somebody else has still to supply.",
})
export class MissingPartObject {
  @Field(() => String, { description: "The kind of part: `NOMINATION`." })
  part!: string;

  @Field(() => String, { description: "Which one, in a sentence for people." })
  message!: string;
}

@InputType({ description: "Somebody to ask for a nomination." })
export class NominationRequestInput {
  @Field(() => ID, { description: "The application; a draft, or submitted with a part missing." })
  applicationId!: string;

  @Field(() => String, { description: "Who nominates; at most 120 characters." })
  name!: string;

  @Field(() => String, {
    description: "Their address; none of the applicant's own, and nobody's who is asked already.",
  })
  email!: string;

  @Field(() => String, {
    description: "What they are to the applicant, such as superintendent; at most 120 characters.",
  })
  position!: string;

  @Field(() => String, { description: "8 to 100 characters of the client's choice; one for each request." })
  idempotencyKey!: string;
}

@InputType({ description: "A nomination whose mail is to go out once more." })
export class NominationResendInput {
  @Field(() => ID, { description: "The nomination." })
  nominationId!: string;

  @Field(() => String, { description: "8 to 100 characters of the client's choice; one for each request." })
  idempotencyKey!: string;
}

@InputType({ description: "Somebody to ask instead of somebody else." })
export class NominationReplaceInput {
  @Field(() => ID, { description: "The nomination that is taken back." })
  nominationId!: string;

  @Field(() => String, { description: "Who nominates instead; at most 120 characters." })
  name!: string;

  @Field(() => String, { description: "Their address." })
  email!: string;

  @Field(() => String, { description: "What they are to the applicant; at most 120 characters." })
  position!: string;

  @Field(() => String, { description: "8 to 100 characters of the client's choice; one for each request." })
  idempotencyKey!: string;
}

@InputType({ description: "A nomination." })
export class NominationInput {
  @Field(() => ID, { description: "The nomination." })
  nominationId!: string;
}

@InputType({ description: "A letter to give back, and why." })
export class NominationReopenInput {
  @Field(() => ID, { description: "The nomination." })
  nominationId!: string;

  @Field(() => String, { description: "The reason, for the history; at most 1,000 characters." })
  why!: string;

  @Field(() => String, { description: "8 to 100 characters of the client's choice; one for each request." })
  idempotencyKey!: string;
}

@InputType({ description: "A letter that came without being asked for." })
export class NominationRecordInput {
  @Field(() => ID, { description: "The cohort it is for." })
  cohortId!: string;

  @Field(() => String, { description: "Whom it is about; at most 120 characters." })
  nomineeName!: string;

  @Field(() => String, { description: "Their address: whoever proves it and applies gets the letter." })
  nomineeEmail!: string;

  @Field(() => String, { description: "Who wrote it; at most 120 characters." })
  nominatorName!: string;

  @Field(() => String, { description: "Their address; another than the candidate's." })
  nominatorEmail!: string;

  @Field(() => String, { description: "What they are to the candidate; at most 120 characters." })
  nominatorPosition!: string;

  @Field(() => String, { description: "What they wrote; at most 10,000 characters." })
  text!: string;

  @Field(() => String, { description: "8 to 100 characters of the client's choice; one for each letter." })
  idempotencyKey!: string;
}

@InputType({ description: "A letter and the application it belongs to." })
export class NominationMatchInput {
  @Field(() => ID, { description: "The letter that came by itself." })
  nominationId!: string;

  @Field(() => ID, { description: "The application, of the same cohort." })
  applicationId!: string;

  @Field(() => String, { description: "Why it belongs there, for the history; at most 1,000 characters." })
  why!: string;
}

@InputType({ description: "An application to do without its missing parts." })
export class ApplicationPartsWaiveInput {
  @Field(() => ID, { description: "The application." })
  applicationId!: string;

  @Field(() => String, { description: "The reason, for the history; at most 1,000 characters." })
  why!: string;
}

const nomination = {
  nomination: { type: () => NominationObject, description: "The nomination as it is now; null when there is none." },
};

const texts = { REQUIRED: true, TOO_LONG: true, BAD_CHARACTERS: true } as const;
const once = { KEY_REUSED: true, BAD_KEY: true } as const;

const requestCodes = {
  ...texts,
  ...once,
  WRONG_STATE: true,
  ALREADY_SUBMITTED: true,
  BAD_EMAIL: true,
  NOMINATOR_IS_APPLICANT: true,
  ALREADY_ASKED: true,
  TOO_LATE: true,
  TOO_MANY: true,
} as const;

export const NominationRequestPayload = payloadType<RequestCode>("NominationRequest", nomination, requestCodes);
export const NominationResendPayload = payloadType<RequestCode>("NominationResend", nomination, requestCodes);
export const NominationReplacePayload = payloadType<RequestCode>("NominationReplace", nomination, requestCodes);

export const NominationCancelPayload = payloadType<"WRONG_STATE">("NominationCancel", nomination, {
  WRONG_STATE: true,
});

export const NominationReopenPayload = payloadType<ReopenCode>("NominationReopen", nomination, {
  ...texts,
  ...once,
  WRONG_STATE: true,
  TOO_LATE: true,
  TOO_MANY: true,
  OWN_APPLICATION: true,
  RECUSED: true,
});

export const NominationRecordPayload = payloadType<RecordCode>("NominationRecord", nomination, {
  ...texts,
  ...once,
  BAD_EMAIL: true,
  NOMINATOR_IS_APPLICANT: true,
  TOO_LATE: true,
});

export const NominationMatchPayload = payloadType<MatchCode>("NominationMatch", nomination, {
  ...texts,
  WRONG_STATE: true,
  OTHER_COHORT: true,
  NOT_NEEDED: true,
  ALREADY_ASKED: true,
  NOMINATOR_IS_APPLICANT: true,
  OWN_APPLICATION: true,
  RECUSED: true,
  TOO_LATE: true,
});

export const ApplicationPartsWaivePayload = payloadType<StateCode | TextCode | "OWN_APPLICATION" | "RECUSED">(
  "ApplicationPartsWaive",
  {
    application: {
      type: () => ApplicationObject,
      description: "The application as it is now; null when there is none.",
    },
  },
  { ...texts, WRONG_STATE: true, ALREADY_SUBMITTED: true, OWN_APPLICATION: true, RECUSED: true },
);
