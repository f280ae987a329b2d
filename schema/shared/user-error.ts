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
  ENFORCED_BEFORE_SHOWN: "People would be refused before the deadline they are told.",
  BAD_ID: "Not usable as an id.",
  ID_TWICE: "Two entries of the list have the same id.",
  ID_USED: "The id stands for something else already, and keeps its meaning for ever.",
  NUMBER_TAKEN: "Another cohort has this number.",
  SEATS_TAKEN: "More seats are taken than would be left.",
  ALREADY_PUBLISHED: "The cohort is public already.",
  NOT_OPEN_YET: "The window has not opened yet.",
  TOO_LATE: "The time for it is over.",
  CONTENT_REMOVED: "What was written in it was removed.",
  NOT_REOPENED: "The section was not asked for, so it stays as it was submitted.",
  OVERDUE: "The time to answer is over.",
  ALREADY_STARTED: "There is such an application already; the payload holds it.",
  ALREADY_SUBMITTED: "The application was submitted before.",
  UNKNOWN_QUESTION: "The cohort does not ask this question.",
  ANSWER_TWICE: "A question is answered twice in one request.",
  OWN_APPLICATION: "Nobody decides about their own application.",
  RECUSED: "Somebody who is recused cannot do this.",
  OWN_REVIEW_OPEN: "Whoever is still to review an application has nothing to do with its decision yet.",
  ALREADY_RECUSED: "The person is recused already.",
  OWN_RECUSAL: "Nobody lifts their own recusal.",
  NOT_RECUSED: "The person is not recused.",
  COHORT_FULL: "No seat is left.",
  RANK_REQUIRED: "The waitlist is ranked.",
  RANK_NOT_WANTED: "Only the waitlist is ranked.",
  RANK_TAKEN: "Somebody else has this place on the waitlist.",
  RULED_OUT: "The two cannot be a team.",
  NOTHING_PREPARED: "No decision waits to be released.",
  NOTHING_PROPOSED: "There is nothing to vote on.",
  APPLICATION_UNKNOWN: "No such application is there to decide on.",
  APPLICATION_TWICE: "An application is named twice.",
  NOT_DECIDABLE: "An application has changed so that it cannot be decided as proposed.",
  CERTIFICATE_EXISTS: "The application led to a certificate.",
  TOO_MANY: "More than can be done at once.",
  STALE: "What was confirmed has changed since.",
  CONFIRM_TOKEN_REQUIRED: "The effect has to be looked at first.",
  NOT_COMMITTED: "The candidate does not commit to all dates.",
  CONDITIONS_NOT_ACKNOWLEDGED: "The place has conditions that were not acknowledged as they are now.",
  ALREADY_ASKED: "It was asked for already.",
  NOT_ASKED: "Nothing of the kind was asked for.",
  NOTHING_TO_PROMOTE: "No seat is free, or nobody waits for one.",
  ALREADY_LINKED: "The application is in a joint one already.",
  NOT_LATER: "The cohort is not a later one.",
  NOT_PUBLISHED: "The cohort is not published yet.",
  NOT_A_MENTOR: "Only mentors are looked after so.",
  ANOTHER_COHORT: "The two belong to different cohorts.",
  ALREADY_EXCLUDED: "The two are kept apart already.",
  NOT_EXCLUDED: "The two are not kept apart.",
  HAS_TEAM: "There is a team already.",
  MENTOR_FULL: "The mentor has no place left.",
  CANDIDATE_TWICE: "A candidate is in two pairs.",
  VIOLATED: "Something stands in the way of one of the pairs.",
  NO_MENTOR: "There is no mentor, and nobody has done without one.",
  NOT_ACCEPTED: "The application is not accepted.",
  NOT_A_CANDIDATE: "It is not the application of a candidate.",
  ALREADY_ISSUED: "There is a certificate already.",
  IN_THE_PAST: "The time is over already.",
  LATE_CODE_NOT_NEEDED: "Applications are taken then without a code.",
  LATE_CODE_UNKNOWN: "There is no such code for this cohort and kind of application.",
  LATE_CODE_OWN: "Nobody lets themselves in.",
  LATE_CODE_EXPIRED: "The code is too old.",
  LATE_CODE_USED: "The code was used as often as it can be.",
  LATE_CODE_REVOKED: "Staff took the code back.",
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
  ALREADY_REVOKED: "It was revoked already.",
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
  NOMINATOR_IS_APPLICANT: "Nobody nominates themselves.",
  NOT_NEEDED: "Nothing waits for it any more.",
  OTHER_COHORT: "It belongs to another cohort.",
  NOT_A_MEMBER: "The person does not sit on the committee.",
  CONFLICT_BY_RULE: "A conflict keeps the person away, whatever they say.",
  NOT_ASSIGNED: "The person does not review the application.",
  REVIEW_SUBMITTED: "The review is in already.",
  NOT_SUBMITTED: "The review is not in yet.",
  ALREADY_DECLARED: "It was declared before.",
  NOT_DECLARED: "It has to be declared first that there is no conflict.",
  UNKNOWN_CRITERION: "The review has no such criterion.",
  CRITERION_TWICE: "A criterion is marked twice in one request.",
  NOT_SCORED: "The criterion takes another kind of answer.",
  NO_SCORE: "One criterion at least has to be scored.",
  BAD_CSV: "A line of the file cannot be read.",
  UNKNOWN_APPLICATION: "The cohort has no such application.",
  ROW_TWICE: "The same stands in the file twice.",
  NOTHING_TO_ASSIGN: "There is nothing left to assign.",
  LINK_UNKNOWN: "Not a link of ours, or not for this.",
  LINK_EXPIRED: "The link is too old.",
  LINK_USED: "The link was used as often as it can be.",
  LINK_REVOKED: "A newer link took its place.",
  ALREADY_CORRECTED: "The mail was corrected already.",
} as const;

type AnyCode = keyof typeof MEANINGS;

/** The codes a mutation can answer; spelled as an object so that the compiler finds one that is missing. */
type Codes<Code extends string> = { [Each in Code]: true };

/**
 * Makes the payload of a mutation: what it changed, as it is now, and what stood in the way. `Fault` is the type of an obstacle,
 * for who shows the same ones beforehand.
 */
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
  return Object.assign(Payload, { Fault: PayloadError });
}
