import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { ApplicationKindEnum, OrganizationKindEnum } from "../application/application.type.ts";
import type { ApplicationKind, Organization } from "../application/application.ts";
import { Node } from "../shared/node.ts";
import { connectionType } from "../shared/page.ts";
import { DateTime, enumType } from "../shared/scalars.ts";
import { payloadType } from "../shared/user-error.ts";
import { OutcomeEnum } from "./decision.type.ts";
import type { Outcome } from "./decision.ts";
import type { ProposedRow } from "./row.ts";
import type { SlateCode, SlateState } from "./slate.ts";
import type { RowConflict, Tally, WhatIf } from "./what-if.ts";

export const SlateStateEnum = enumType<SlateState>("SlateState", "Whether a slate is worked on.", {
  ACTIVE: "It can be changed and put to the vote.",
  ARCHIVED: "It stays for the record and is changed no more.",
});

@ObjectType("SlateRow", { simpleResolvers: true, description: "What a slate proposes for one application." })
export class SlateRowObject {
  @Field(() => ID, { description: "The application." })
  applicationId!: string;

  @Field(() => String, { nullable: true, description: "Its number; null when it is not there any more." })
  number!: string | null;

  @Field(() => String, { nullable: true, description: "Who applies; null when they are not known any more." })
  applicantName!: string | null;

  @Field(() => OutcomeEnum, { description: "What is proposed." })
  outcome!: Outcome;

  @Field(() => Int, {
    nullable: true,
    description:
      "Place on the waitlist, from 1; null for other outcomes. For somebody with a conflict among these applications the " +
      "places are counted anew over the rows they see.",
  })
  rank!: number | null;

  @Field(() => String, { description: "Why, for this one; empty where a common reason is enough." })
  rationale!: string;
}

@ObjectType("OutcomeCounts", { simpleResolvers: true, description: "How many of each outcome." })
export class OutcomeCountsObject implements Tally {
  @Field(() => Int, { description: "Accepted." })
  accept!: number;

  @Field(() => Int, { description: "On the waitlist." })
  waitlist!: number;

  @Field(() => Int, { description: "Declined." })
  decline!: number;
}

@ObjectType("OrganizationKindCounts", {
  simpleResolvers: true,
  description: "How many of each outcome come from one kind of organization.",
})
export class OrganizationKindCountsObject extends OutcomeCountsObject {
  @Field(() => OrganizationKindEnum, { description: "The kind of organization." })
  kind!: Organization["kind"];
}

@ObjectType("RegionCounts", {
  simpleResolvers: true,
  description: "How many of each outcome come from organizations of one region.",
})
export class RegionCountsObject extends OutcomeCountsObject {
  @Field(() => String, { description: "The region, as the first of them wrote it." })
  region!: string;
}

@ObjectType("JobTitleCount", { simpleResolvers: true, description: "How many with one job title are accepted." })
export class JobTitleCountObject {
  @Field(() => String, { description: "The job title, as they wrote it." })
  jobTitle!: string;

  @Field(() => Int, { description: "How many are accepted." })
  accepted!: number;
}

@ObjectType("SlateSeats", { simpleResolvers: true, description: "What becomes of the cohort's seats." })
export class SlateSeatsObject {
  @Field(() => Int, { description: "Seats of the cohort." })
  total!: number;

  @Field(() => Int, { description: "Held by prepared or released acceptances that are not on the slate." })
  elsewhere!: number;

  @Field(() => Int, { description: "Needed by the acceptances on the slate." })
  proposed!: number;

  @Field(() => Int, { description: "Left then; below zero when there are too few." })
  left!: number;
}

@ObjectType("MentorCoverage", { simpleResolvers: true, description: "Whether there are mentors for the candidates." })
export class MentorCoverageObject {
  @Field(() => Int, { description: "Candidates who hold a seat then." })
  candidates!: number;

  @Field(() => Int, { description: "Mentors who are accepted then, told or prepared." })
  mentors!: number;

  @Field(() => Int, { description: "Candidates those mentors take, by the cohort's policy." })
  places!: number;

  @Field(() => Int, { description: "Candidates without a mentor." })
  lacking!: number;
}

export const RowConflictCodeEnum = enumType<RowConflict["code"]>(
  "SlateConflictCode",
  "Why a row cannot be decided as it stands.",
  {
    NOT_DECIDABLE: "The application was withdrawn, submitted anew, ruled out or decided since.",
    RANK_TWICE: "Its place on the waitlist is given twice on the slate.",
    RANK_HELD: "Somebody who is not on the slate has its place on the waitlist.",
  },
);

@ObjectType("SlateConflict", { simpleResolvers: true, description: "A row that cannot be decided as it stands." })
export class SlateConflictObject {
  @Field(() => ID, { description: "The application." })
  applicationId!: string;

  @Field(() => RowConflictCodeEnum, { description: "Why, for programs." })
  code!: RowConflict["code"];

  @Field(() => String, { description: "Why, in a sentence for people." })
  message!: string;
}

@ObjectType("WaitlistMove", { simpleResolvers: true, description: "Somebody whose place on the waitlist changes." })
export class WaitlistMoveObject {
  @Field(() => ID, { description: "The application." })
  applicationId!: string;

  @Field(() => Int, { nullable: true, description: "The place now; null when it is on no waitlist." })
  from!: number | null;

  @Field(() => Int, { nullable: true, description: "The place then; null when it leaves the waitlist." })
  to!: number | null;
}

@ObjectType("SlateAnalysis", {
  simpleResolvers: true,
  description:
    "What would come of a slate if all of it were decided now; of the rows the viewer sees, and of nothing else.",
})
export class SlateAnalysisObject implements WhatIf {
  @Field(() => OutcomeCountsObject, { description: "How many of each outcome." })
  outcomes!: Tally;

  @Field(() => SlateSeatsObject, {
    nullable: true,
    description:
      "What becomes of the seats; null for mentors, and for whoever could count back to what is not for them.",
  })
  seats!: WhatIf["seats"];

  @Field(() => [OrganizationKindCountsObject], { description: "The mix by kind of organization." })
  organizationKinds!: WhatIf["organizationKinds"];

  @Field(() => [RegionCountsObject], {
    description: "The mix by region, most accepted first; whoever named none is in none.",
  })
  regions!: WhatIf["regions"];

  @Field(() => [JobTitleCountObject], { description: "Job titles of those accepted, the most frequent first." })
  jobTitles!: WhatIf["jobTitles"];

  @Field(() => MentorCoverageObject, {
    nullable: true,
    description: "Mentors for the candidates; null for whoever could count back to what is not for them.",
  })
  mentorCoverage!: WhatIf["mentorCoverage"];

  @Field(() => [SlateConflictObject], { description: "Rows that cannot be decided as they stand." })
  conflicts!: WhatIf["conflicts"];

  @Field(() => [WaitlistMoveObject], {
    nullable: true,
    description: "Who moves on the waitlist; null for whoever could count back to what is not for them.",
  })
  waitlist!: WhatIf["waitlist"];
}

@ObjectType("Slate", {
  implements: Node,
  simpleResolvers: true,
  description:
    "A named proposal of outcomes for one cohort and kind, saved beside others; it decides nothing. Staff and committee see it, " +
    "without the rows about their own application and those they are recused from.",
})
export class SlateObject extends Node {
  @Field(() => Int, { description: "Grows with every change; pass it as `expectedVersion`." })
  version!: number;

  @Field(() => ApplicationKindEnum, { description: "Whose: candidates or mentors." })
  kind!: ApplicationKind;

  @Field(() => SlateStateEnum, { description: "Whether it is worked on." })
  state!: SlateState;

  @Field(() => String, { description: "What it is called." })
  name!: string;

  @Field(() => DateTime, { description: "When it was saved last." })
  savedAt!: string;
}

export const SlateConnection = connectionType("Slate", () => SlateObject);

@ObjectType("SlateDifference", {
  simpleResolvers: true,
  description: "An application for which two slates propose different things.",
})
export class SlateDifferenceObject {
  @Field(() => ID, { description: "The application." })
  applicationId!: string;

  @Field(() => SlateRowObject, {
    nullable: true,
    description: "What the first proposes; null when it proposes nothing.",
  })
  a!: SlateRowObject | null;

  @Field(() => SlateRowObject, {
    nullable: true,
    description: "What the second proposes; null when it proposes nothing.",
  })
  b!: SlateRowObject | null;
}

@InputType({ description: "What is proposed for one application." })
export class SlateRowInput implements ProposedRow {
  @Field(() => ID, { description: "The application." })
  applicationId!: string;

  @Field(() => OutcomeEnum, { description: "What is proposed." })
  outcome!: Outcome;

  @Field(() => Int, { nullable: true, description: "Place on the waitlist, from 1 to 500; for WAITLIST alone." })
  rank?: number | null;

  @Field(() => String, { nullable: true, description: "Why, for this one; at most 500 characters." })
  rationale?: string | null;
}

@InputType({ description: "A slate to begin." })
export class SlateCreateInput {
  @Field(() => ID, { description: "The cohort." })
  cohortId!: string;

  @Field(() => ApplicationKindEnum, { description: "Whose: candidates or mentors." })
  kind!: ApplicationKind;

  @Field(() => String, { description: "What it is called; at most 120 characters." })
  name!: string;

  @Field(() => [SlateRowInput], { defaultValue: [], description: "At most 100 rows, one for each application." })
  rows!: SlateRowInput[];
}

@InputType({ description: "A slate to change. What is left out stays as it is." })
export class SlateSaveInput {
  @Field(() => ID, { description: "The slate." })
  slateId!: string;

  @Field(() => Int, { description: "The version that was looked at; CONFLICT when it has changed since." })
  expectedVersion!: number;

  @Field(() => String, { nullable: true, description: "What it is called; at most 120 characters." })
  name?: string | null;

  @Field(() => [SlateRowInput], { nullable: true, description: "All of its rows anew, at most 100." })
  rows?: SlateRowInput[] | null;
}

@InputType({ description: "A slate to copy." })
export class SlateCopyInput {
  @Field(() => ID, { description: "The slate." })
  slateId!: string;

  @Field(() => String, { description: "What the copy is called; at most 120 characters." })
  name!: string;
}

@InputType({ description: "A slate to put aside." })
export class SlateArchiveInput {
  @Field(() => ID, { description: "The slate." })
  slateId!: string;

  @Field(() => Int, { description: "The version that was looked at; CONFLICT when it has changed since." })
  expectedVersion!: number;
}

const slate = { slate: { type: () => SlateObject, description: "The slate as it is now; null when there is none." } };

const CODES = {
  REQUIRED: true,
  TOO_LONG: true,
  BAD_CHARACTERS: true,
  WRONG_STATE: true,
  CONFLICT: true,
  OWN_APPLICATION: true,
  RECUSED: true,
  OWN_REVIEW_OPEN: true,
  TOO_MANY: true,
  APPLICATION_UNKNOWN: true,
  APPLICATION_TWICE: true,
  RANK_REQUIRED: true,
  RANK_NOT_WANTED: true,
  OUT_OF_RANGE: true,
} as const;

export const SlateCreatePayload = payloadType<SlateCode>("SlateCreate", slate, CODES);
export const SlateSavePayload = payloadType<SlateCode>("SlateSave", slate, CODES);
export const SlateCopyPayload = payloadType<SlateCode>("SlateCopy", slate, CODES);
export const SlateArchivePayload = payloadType<SlateCode>("SlateArchive", slate, CODES);
