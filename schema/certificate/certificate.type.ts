import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { Node } from "../shared/node.ts";
import { connectionType } from "../shared/page.ts";
import { enumType, LocalDate } from "../shared/scalars.ts";
import { payloadType } from "../shared/user-error.ts";
import type { CERTIFICATE_STATUSES, CertificateCode } from "./certificate.ts";

type Status = (typeof CERTIFICATE_STATUSES)[number];

export const CertificateStatusEnum = enumType<Status>("CertificateStatus", "Whether a certificate is valid today.", {
  VALID: "Valid, through its last day in its own time zone.",
  EXPIRED: "Its last day has passed.",
});

@ObjectType("Certificate", {
  implements: Node,
  simpleResolvers: true,
  description: "The proof of certification. Its holder, staff and committee see it; the public sees its verification.",
})
export class CertificateObject extends Node {
  @Field(() => Int, { description: "Grows with every change." })
  version!: number;

  @Field(() => String, {
    description: "The holder's name on the day of issue, or that it was removed at their request.",
  })
  holderName!: string;

  @Field(() => LocalDate, { description: "The day it was issued." })
  issuedOn!: string;

  @Field(() => LocalDate, { description: "The last day it is valid." })
  expiresOn!: string;

  @Field(() => String, { description: "IANA time zone in which its days are meant." })
  zone!: string;
}

export const CertificateConnection = connectionType("Certificate", () => CertificateObject);

@ObjectType("CertificateVerification", {
  simpleResolvers: true,
  description: "What anybody may know of a certificate whose number they were given, and nothing else.",
})
export class CertificateVerificationObject {
  @Field(() => String, { description: "The number that was asked for." })
  number!: string;

  @Field(() => String, {
    description: "The holder's name on the day of issue, or that it was removed at their request.",
  })
  holderName!: string;

  @Field(() => CertificateStatusEnum, { description: "Whether it is valid today." })
  status!: Status;

  @Field(() => LocalDate, { description: "The day it was issued." })
  issuedOn!: string;

  @Field(() => LocalDate, { description: "The last day it is valid." })
  expiresOn!: string;
}

@InputType({ description: "A certificate to issue." })
export class CertificateIssueInput {
  @Field(() => ID, { description: "The accepted application of the candidate." })
  applicationId!: string;

  @Field(() => LocalDate, { nullable: true, description: "Not after today; today in the cohort's zone when absent." })
  issuedOn?: string | null;

  @Field(() => String, {
    description:
      "8 to 100 letters, digits, or . : _ - characters. The same key gives the same certificate, for two days.",
  })
  idempotencyKey!: string;
}

export const CertificateIssuePayload = payloadType<CertificateCode>(
  "CertificateIssue",
  { certificate: { type: () => CertificateObject, description: "The certificate; null when none was issued." } },
  {
    NOT_ACCEPTED: true,
    NOT_A_CANDIDATE: true,
    ALREADY_ISSUED: true,
    OWN_APPLICATION: true,
    BAD_DATE: true,
    IN_THE_FUTURE: true,
    KEY_REUSED: true,
    BAD_KEY: true,
  },
);
