import { Field, ID, InputType, ObjectType } from "type-graphql";
import { ApplicationObject } from "../application/application.type.ts";
import { DateTime } from "../shared/scalars.ts";
import { payloadType } from "../shared/user-error.ts";
import type { LiftCode, RecuseCode } from "./recusal.ts";

@ObjectType("Recusal", { simpleResolvers: true, description: "One person kept away from one application." })
export class RecusalObject {
  @Field(() => String, { description: "The conflict, as it was stated." })
  why!: string;

  @Field(() => DateTime, { description: "Since when." })
  at!: string;
}

@InputType({ description: "Who is to be kept away from which application." })
export class RecusalDeclareInput {
  @Field(() => ID, { description: "The application." })
  applicationId!: string;

  @Field(() => ID, {
    nullable: true,
    description: "Who; the viewer when absent. Others are recused by staff and the chair alone.",
  })
  personId?: string | null;

  @Field(() => String, { description: "The conflict, for the history; at most 1,000 characters." })
  why!: string;
}

@InputType({ description: "A recusal to lift." })
export class RecusalLiftInput {
  @Field(() => ID, { description: "The application." })
  applicationId!: string;

  @Field(() => ID, { description: "Who is recused from it." })
  personId!: string;

  @Field(() => String, { description: "Why there is no conflict any more, for the history; at most 1,000 characters." })
  why!: string;
}

const application = {
  application: {
    type: () => ApplicationObject,
    description: "The application as it is now; null when the viewer may not see it any more.",
  },
};

export const RecusalDeclarePayload = payloadType<RecuseCode>("RecusalDeclare", application, {
  REQUIRED: true,
  TOO_LONG: true,
  BAD_CHARACTERS: true,
  OWN_APPLICATION: true,
  ALREADY_RECUSED: true,
});

export const RecusalLiftPayload = payloadType<LiftCode>("RecusalLift", application, {
  REQUIRED: true,
  TOO_LONG: true,
  BAD_CHARACTERS: true,
  OWN_RECUSAL: true,
  NOT_RECUSED: true,
});
