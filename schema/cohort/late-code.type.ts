import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { ApplicationKindEnum } from "../application/application.type.ts";
import { Node } from "../shared/node.ts";
import { connectionType } from "../shared/page.ts";
import { DateTime, LocalDateTime } from "../shared/scalars.ts";
import { payloadType } from "../shared/user-error.ts";
import type { CreateLateCodeCode, RevokeLateCodeCode } from "./late-code.ts";
import type { ApplicantKind } from "./policy.ts";

@ObjectType("LateCode", {
  implements: Node,
  simpleResolvers: true,
  description:
    "Lets applications of one kind in after the deadline. Staff see it; the code itself is never shown again.",
})
export class LateCodeObject extends Node {
  @Field(() => ApplicationKindEnum, { description: "Which kind of applicant it is for." })
  kind!: ApplicantKind;

  @Field(() => DateTime, { description: "When it was created." })
  createdAt!: string;

  @Field(() => DateTime, { description: "The first instant it no longer works." })
  expiresAt!: string;

  @Field(() => Int, { description: "How many applications it lets in." })
  mostUses!: number;

  @Field(() => String, { description: "Why it was created." })
  why!: string;

  @Field(() => DateTime, { nullable: true, description: "When it was revoked; null while it is not." })
  revokedAt!: string | null;
}

export const LateCodeConnection = connectionType("LateCode", () => LateCodeObject);

@InputType({ description: "A late code to create." })
export class LateCodeCreateInput {
  @Field(() => ID, { description: "For which cohort." })
  cohortId!: string;

  @Field(() => ApplicationKindEnum, { description: "For which kind of applicant." })
  kind!: ApplicantKind;

  @Field(() => LocalDateTime, { description: "When it ends, in the cohort's zone; after the enforced deadline." })
  expires!: string;

  @Field(() => Int, { description: "How many applications it lets in, from 1 to 50." })
  mostUses!: number;

  @Field(() => String, {
    description: "The reason, for the history; at most 1,000 characters. All staff read it, so it should name nobody.",
  })
  why!: string;
}

@InputType({ description: "A late code to revoke." })
export class LateCodeRevokeInput {
  @Field(() => ID, { description: "The code's id." })
  lateCodeId!: string;

  @Field(() => String, { description: "The reason, for the history; at most 1,000 characters." })
  why!: string;
}

const lateCode = { type: () => LateCodeObject, description: "The late code as it is now; null when there is none." };

export const LateCodeCreatePayload = payloadType<CreateLateCodeCode>(
  "LateCodeCreate",
  {
    lateCode,
    code: {
      type: () => String,
      description: "What applicants type, such as `K7F2-9QXB-04TD`. Shown this once; whoever loses it creates another.",
    },
  },
  {
    REQUIRED: true,
    TOO_LONG: true,
    BAD_CHARACTERS: true,
    OUT_OF_RANGE: true,
    BAD_TIME: true,
    IN_THE_PAST: true,
    LATE_CODE_NOT_NEEDED: true,
  },
);

export const LateCodeRevokePayload = payloadType<RevokeLateCodeCode>(
  "LateCodeRevoke",
  { lateCode },
  { REQUIRED: true, TOO_LONG: true, BAD_CHARACTERS: true, ALREADY_REVOKED: true },
);
