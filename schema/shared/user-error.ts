import { Field, InterfaceType, ObjectType } from "type-graphql";
import { enumType } from "./scalars.ts";

/** What a person can mend, as every mutation answers it. */
@InterfaceType({ description: "An obstacle that the person can do something about. Nothing was changed." })
export abstract class UserError {
  @Field(() => [String], {
    nullable: true,
    description: "Path of the input field that stands in the way; null when no single field does.",
  })
  field!: readonly string[] | null;

  @Field(() => String, { description: "What is wrong and what to do about it, in a sentence for people." })
  message!: string;
}

/** What each code means, whichever mutation answers it. */
const MEANINGS = {
  REQUIRED: "A part is missing.",
  TOO_LONG: "A text is longer than its limit.",
  BAD_CHARACTERS: "A text contains characters that cannot be stored or mailed.",
  OUT_OF_RANGE: "A number is outside its limits.",
  BAD_ZONE: "Not the name of a time zone.",
  BAD_TIME: "Not a date and time.",
  BAD_DATE: "Not a calendar date.",
  BAD_CURRENCY: "Not a currency code.",
  BAD_KEY: "Not usable as an idempotency key.",
  KEY_REUSED: "The idempotency key was used for another request.",
  CONFLICT: "Somebody changed the record in the meantime; the payload holds its current version.",
  WRONG_STATE: "The record's state does not allow it.",
  CLOSES_BEFORE_OPENING: "The window would close before it opens.",
  NUMBER_TAKEN: "Another cohort has this number.",
  SEATS_TAKEN: "More seats are taken than would be left.",
  ALREADY_PUBLISHED: "The cohort is public already.",
  NOT_OPEN_YET: "The window has not opened yet.",
  TOO_LATE: "The window has closed.",
  ALREADY_STARTED: "There is such an application already; the payload holds it.",
  ALREADY_SUBMITTED: "The application was submitted before.",
  UNKNOWN_QUESTION: "The cohort does not ask this question.",
  ANSWER_TWICE: "A question is answered twice in one request.",
  OWN_APPLICATION: "Nobody decides about their own application.",
  RECUSED: "Somebody who is recused cannot do this.",
  ALREADY_RECUSED: "The person is recused already.",
  OWN_RECUSAL: "Nobody lifts their own recusal.",
  NOT_RECUSED: "The person is not recused.",
  COHORT_FULL: "No seat is left.",
  RANK_REQUIRED: "The waitlist is ranked.",
  RANK_NOT_WANTED: "Only the waitlist is ranked.",
  RANK_TAKEN: "Somebody else has this place on the waitlist.",
  NOTHING_PREPARED: "No decision waits to be released.",
  TOO_MANY: "More than can be done at once.",
  STALE: "What was confirmed has changed since.",
  CONFIRM_TOKEN_REQUIRED: "The effect has to be looked at first.",
  NOT_ACCEPTED: "The application is not accepted.",
  NOT_A_CANDIDATE: "Only candidates are certified.",
  ALREADY_ISSUED: "There is a certificate already.",
  IN_THE_FUTURE: "The day is still to come.",
  ROLE_HELD: "The person holds the role already.",
  ROLE_NOT_HELD: "The person does not hold the role.",
  UNCHANGED: "It is so already.",
  SAME_PERSON: "Both ids are of the same record.",
  OWN_RECORD: "Nobody does this to their own record.",
  NOT_ACTIVE: "The record was merged or erased.",
  TWO_APPLICATIONS: "Both have an application to the same cohort.",
  OWN_ROLE: "Nobody grants themselves a role.",
  BAD_SCOPE: "The role is not granted for this.",
  NAMES_THE_PERSON: "The text names somebody whose name is to go.",
  LAST_STAFF: "Nobody would be left to administer the program.",
  UNKNOWN_OPERATION: "No query has this name.",
  ALREADY_REVOKED: "The token was revoked already.",
  BAD_NAME: "Not usable as the name of such a file.",
  BAD_TYPE: "Files of this type are not taken for this purpose.",
  BAD_SIZE: "The file is empty, or larger than its purpose allows.",
  APPLICATION_NOT_WANTED: "The file does not belong to an application.",
  NOT_UPLOADED: "Nothing has been uploaded yet.",
  CONTENT_MISMATCH: "What was uploaded is not what was announced.",
  BAD_EMAIL: "Not an e-mail address that mails can be sent to.",
  EMAIL_OWN: "The person has the address already.",
  EMAIL_TAKEN: "Somebody else has the address.",
  EMAIL_UNKNOWN: "Not one of the person's addresses.",
  EMAIL_PREFERRED: "Mails go to this address.",
  TOO_MANY_ADDRESSES: "The person has as many addresses as there can be.",
  LINK_UNKNOWN: "Not a link of ours, or not for this.",
  LINK_EXPIRED: "The link is too old.",
  LINK_USED: "The link was used as often as it can be.",
  LINK_REVOKED: "A newer link took its place.",
  ALREADY_CORRECTED: "The mail was corrected already.",
} as const;

type AnyCode = keyof typeof MEANINGS;

/** The codes a mutation can answer; spelled as an object so that the compiler finds one that is missing. */
type Codes<Code extends string> = { [Each in Code]: true };

/** Makes the payload of a mutation: what it changed, as it is now, and what stood in the way. */
export function payloadType<Code extends AnyCode>(
  mutation: string,
  fields: Record<string, { type: () => object; description: string }>,
  codes: Codes<Code>,
) {
  const meanings = {} as Record<Code, string>;
  for (const name of Object.keys(codes) as Code[]) meanings[name] = MEANINGS[name];
  const code = enumType(`${mutation}ErrorCode`, "What can stand in the way of this step.", meanings);

  @ObjectType(`${mutation}UserError`, {
    implements: UserError,
    simpleResolvers: true,
    description: "An obstacle that the person can do something about. Nothing was changed.",
  })
  class PayloadError extends UserError {
    @Field(() => code, { description: "The obstacle, for programs." })
    code!: Code;
  }

  @ObjectType(`${mutation}Payload`, { simpleResolvers: true, description: "The outcome, or what stood in the way." })
  class Payload {
    @Field(() => [PayloadError], { description: "What stood in the way; empty when it was done. All faults at once." })
    userErrors!: PayloadError[];
  }
  for (const [name, { type, description }] of Object.entries(fields)) {
    Field(type as () => Function, { nullable: true, description })(Payload.prototype, name);
  }
  return Payload;
}
