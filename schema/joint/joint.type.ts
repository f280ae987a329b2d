import { Field, ID, InputType, ObjectType } from "type-graphql";
import { ApplicationObject } from "../application/application.type.ts";
import { DateTime, enumType } from "../shared/scalars.ts";
import { payloadType } from "../shared/user-error.ts";
import type { AnswerCode, InviteCode } from "./joint.ts";

export const PartnerStateEnum = enumType<"INVITED" | "LINKED" | "WITHDREW">(
  "JointPartnerState",
  "What is known of the other side. Nothing ever tells what they wrote, or what was decided.",
  {
    INVITED: "Invited, and not answered yet.",
    LINKED: "Both have confirmed that they apply together.",
    WITHDREW:
      "Confirmed, and the other application was withdrawn since, for the applicant: before a decision; this one is valid as it is.",
  },
);

@ObjectType("JointApplication", {
  simpleResolvers: true,
  description:
    "A candidate and a mentor who apply together. Each application is written and decided alone. Seen by both sides, and by " +
    "staff and committee as far as they may see both applications.",
})
export class JointObject {
  @Field(() => PartnerStateEnum, { description: "What is known of the other side." })
  partnerState!: "INVITED" | "LINKED" | "WITHDREW";

  @Field(() => String, {
    nullable: true,
    description: "The name of the other side, as it was given with the invitation or is now.",
  })
  partnerName!: string | null;

  @Field(() => DateTime, { description: "When the invitation was sent." })
  invitedAt!: string;

  @Field(() => ApplicationObject, {
    nullable: true,
    description: "The other application, for staff and committee alone; null while there is none.",
  })
  partner!: object | null;
}

@InputType({ description: "Somebody to apply together with." })
export class JointInviteInput {
  @Field(() => ID, { description: "The viewer's application." })
  applicationId!: string;

  @Field(() => String, { description: "The name of the other person; at most 200 characters, on one line." })
  name!: string;

  @Field(() => String, { description: "The address that the invitation goes to; none of the viewer's own." })
  email!: string;
}

@InputType({ description: "An invitation to apply together." })
export class JointAnswerInput {
  @Field(() => String, { description: "What stands behind the `#` of the link in the mail." })
  token!: string;
}

@InputType({ description: "A joint application to end." })
export class JointUnlinkInput {
  @Field(() => ID, { description: "The viewer's application." })
  applicationId!: string;
}

const application = {
  application: { type: () => ApplicationObject, description: "The viewer's application as it is now." },
};

const LINK = { LINK_UNKNOWN: true, LINK_EXPIRED: true, LINK_USED: true, LINK_REVOKED: true } as const;

export const JointInvitePayload = payloadType<InviteCode>("JointInvite", application, {
  REQUIRED: true,
  TOO_LONG: true,
  BAD_CHARACTERS: true,
  WRONG_STATE: true,
  BAD_EMAIL: true,
  EMAIL_OWN: true,
  ALREADY_LINKED: true,
  TOO_MANY: true,
});

export const JointAcceptPayload = payloadType<AnswerCode>(
  "JointAccept",
  {
    application: {
      type: () => ApplicationObject,
      description: "The viewer's application that is bound by it; null while it is still to be started.",
    },
  },
  { ...LINK, WRONG_STATE: true, OWN_APPLICATION: true, ALREADY_LINKED: true },
);

export const JointDeclinePayload = payloadType<AnswerCode>(
  "JointDecline",
  {},
  { ...LINK, WRONG_STATE: true, OWN_APPLICATION: true, ALREADY_LINKED: true },
);

export const JointUnlinkPayload = payloadType<"WRONG_STATE">("JointUnlink", application, { WRONG_STATE: true });
