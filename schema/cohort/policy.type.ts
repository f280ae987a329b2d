import { Field, Float, ID, InputType, Int, ObjectType } from "type-graphql";
import { ApplicationKindEnum } from "../application/application.type.ts";
import { Allow, ofRecord, staffOrCommittee } from "../shared/rule.ts";
import { enumType, LocalDateTime } from "../shared/scalars.ts";
import { payloadType } from "../shared/user-error.ts";
import { CohortObject } from "./cohort.type.ts";
import type { CriteriaCode } from "./criterion.ts";
import type { PolicyCode } from "./policy-change.ts";
import type { ApplicantKind, CriterionKind, OfferPolicy, TeamPolicy } from "./policy.ts";
import type { QuestionsCode } from "./question.ts";
import type { ChangeWindowCode } from "./window-change.ts";

export const CriterionKindEnum = enumType<CriterionKind>("CriterionKind", "What a criterion is for.", {
  SCORED: "It is scored, and counts with its weight.",
  GATE: "Whoever does not meet it is ruled out.",
  SOFT: "That it is not met is pointed out, and bars nobody.",
});

const OfferPromotionEnum = enumType<OfferPolicy["promotion"]>("OfferPromotion", "Who gives a freed seat on.", {
  AUTOMATIC: "It goes to the waitlist by itself.",
  BY_STAFF: "Staff say so.",
});

const SameEmployerEnum = enumType<TeamPolicy["sameEmployer"]>(
  "SameEmployer",
  "What to make of a candidate and a mentor with one employer.",
  {
    REFUSED: "They are never teamed.",
    AVOIDED: "They are teamed when nothing better is left.",
    WELCOME: "It makes no difference.",
  },
);

@ObjectType("Criterion", { simpleResolvers: true, description: "Something that applicants are measured by." })
export class CriterionObject {
  @Field(() => ID, { description: "Lasting name of the criterion within its list; reviews refer to it." })
  id!: string;

  @Field(() => String, { description: "The criterion as people read it." })
  name!: string;

  @Field(() => CriterionKindEnum, { description: "What it is for." })
  kind!: CriterionKind;

  @Allow(staffOrCommittee(ofRecord))
  @Field(() => Int, {
    nullable: true,
    description:
      "How much it counts beside the others, from 1 to 100; 0 for those that are not scored. Staff and committee may.",
  })
  weight!: number;
}

@ObjectType("LetterPolicy", { simpleResolvers: true, description: "Letters that others write for an applicant." })
class LetterPolicyObject {
  @Field(() => Int, { description: "How many a candidate's application needs to be complete." })
  candidates!: number;

  @Field(() => Int, { description: "How many a mentor's application needs to be complete." })
  mentors!: number;

  @Field(() => Int, { description: "Days after the deadline people are told within which letters may still come." })
  toleranceDays!: number;

  @Field(() => [Int], { description: "Days before the end on which who has not answered is reminded, largest first." })
  reminderDays!: readonly number[];
}

@ObjectType("OfferPolicy", { simpleResolvers: true, description: "How a place is offered." })
class OfferPolicyObject {
  @Field(() => Int, { description: "Days within which an offer must be taken up." })
  days!: number;

  @Field(() => String, { description: "Time of day in the cohort's zone at which it lapses, such as `17:00`." })
  lapsesAt!: string;

  @Field(() => [Int], { description: "Days before the end on which who has not answered is reminded, largest first." })
  reminderDays!: readonly number[];

  @Field(() => OfferPromotionEnum, { description: "How a freed seat goes to the waitlist." })
  promotion!: OfferPolicy["promotion"];
}

@ObjectType("ReviewPolicy", { simpleResolvers: true, description: "How applications are reviewed." })
class ReviewPolicyObject {
  @Field(() => Int, { description: "Reviews that an application needs before it is decided on." })
  perApplication!: number;

  @Field(() => Float, { description: "A spread of the reviewers' means above this is pointed out for discussion." })
  discussAbove!: number;

  @Field(() => Int, { description: "Days that a reviewer has." })
  days!: number;

  @Field(() => [Int], { description: "Days before the end on which who has not finished is reminded, largest first." })
  reminderDays!: readonly number[];
}

@ObjectType("VotePolicy", { simpleResolvers: true, description: "How the committee decides." })
class VotePolicyObject {
  @Field(() => Float, {
    description: "The share of members without a conflict, from 0 to 1; more than that must have voted.",
  })
  quorumAbove!: number;
}

@ObjectType("TeamPolicy", { simpleResolvers: true, description: "How candidates and mentors become teams." })
class TeamPolicyObject {
  @Field(() => Int, {
    description:
      "Most candidates of one mentor, unless the mentor's own number says otherwise. Teams that stand stay when it is lowered; " +
      "their mentor gets no more.",
  })
  mentorCapacity!: number;

  @Field(() => SameEmployerEnum, { description: "What to make of a pair with one employer." })
  sameEmployer!: TeamPolicy["sameEmployer"];

  @Field(() => Int, { description: "Days within which a mentor accepts a team." })
  days!: number;
}

@ObjectType("CommitteePolicy", { simpleResolvers: true, description: "What of a policy guides the committee's work." })
class CommitteePolicyObject {
  @Field(() => ReviewPolicyObject, { description: "How applications are reviewed." })
  review!: ReviewPolicyObject;

  @Field(() => VotePolicyObject, { description: "How the committee decides." })
  vote!: VotePolicyObject;

  @Field(() => TeamPolicyObject, { description: "How candidates and mentors become teams." })
  team!: TeamPolicyObject;
}

@ObjectType("CohortPolicy", {
  simpleResolvers: true,
  description: "How a cohort goes from its call to its teams. What concerns applicants is public.",
})
export class CohortPolicyObject {
  @Field(() => LetterPolicyObject, { description: "Letters that others write for an applicant." })
  letters!: LetterPolicyObject;

  @Field(() => OfferPolicyObject, { description: "How a place is offered." })
  offer!: OfferPolicyObject;

  @Field(() => [String], { description: "The regions that take turns." })
  regions!: readonly string[];

  @Allow(staffOrCommittee(ofRecord))
  @Field(() => CommitteePolicyObject, {
    nullable: true,
    description: "What guides the committee's work. Staff and committee may read it.",
  })
  committee!: CommitteePolicyObject;
}

@InputType({ description: "The window of one kind of applicant. What is absent stays; null is taken as absent." })
export class CohortWindowChangeInput {
  @Field(() => ID, { description: "The cohort to change." })
  cohortId!: string;

  @Field(() => Int, { description: "The version the change was made on." })
  expectedVersion!: number;

  @Field(() => ApplicationKindEnum, { description: "Of which kind of applicant." })
  kind!: ApplicantKind;

  @Field(() => LocalDateTime, { nullable: true, description: "When applications open, in the cohort's zone." })
  opens?: string | null;

  @Field(() => LocalDateTime, { nullable: true, description: "The deadline that people are told." })
  closes?: string | null;

  @Field(() => LocalDateTime, {
    nullable: true,
    description:
      "The deadline that is enforced, not before the one people are told; the same when only that one is given.",
  })
  enforced?: string | null;
}

@InputType({ description: "A question of a list." })
export class QuestionInput {
  @Field(() => ID, {
    description:
      "Its lasting name: 1 to 40 letters and digits, beginning with a letter. It never stands for something else.",
  })
  id!: string;

  @Field(() => String, { description: "The question as people read it; at most 1,000 characters." })
  prompt!: string;

  @Field(() => Boolean, { description: "Whether an application needs an answer." })
  required!: boolean;

  @Field(() => Int, { description: "Longest answer, from 1 to 10,000 characters; all together at most 60,000." })
  maxLength!: number;
}

@InputType({ description: "The questions that one kind of applicant is asked from now on." })
export class CohortQuestionsChangeInput {
  @Field(() => ID, { description: "The cohort to change." })
  cohortId!: string;

  @Field(() => Int, { description: "The version the change was made on." })
  expectedVersion!: number;

  @Field(() => ApplicationKindEnum, { description: "Of which kind of applicant." })
  kind!: ApplicantKind;

  @Field(() => [QuestionInput], {
    description:
      "The whole list in its order, at most 40. What is not in it is no longer asked: submitted answers keep their questions, and " +
      "drafts keep theirs for their writers.",
  })
  questions!: QuestionInput[];
}

@InputType({ description: "A criterion of a list." })
export class CriterionInput {
  @Field(() => ID, {
    description:
      "Its lasting name: 1 to 40 letters and digits, beginning with a letter. It never stands for something else.",
  })
  id!: string;

  @Field(() => String, { description: "The criterion as people read it; at most 200 characters." })
  name!: string;

  @Field(() => CriterionKindEnum, { description: "What it is for; stays so once the cohort is published." })
  kind!: CriterionKind;

  @Field(() => Int, { nullable: true, description: "From 1 to 100 for a scored one, 1 when absent; others have none." })
  weight?: number | null;
}

@InputType({ description: "The criteria that one kind of applicant is measured by from now on." })
export class CohortCriteriaChangeInput {
  @Field(() => ID, { description: "The cohort to change." })
  cohortId!: string;

  @Field(() => Int, { description: "The version the change was made on." })
  expectedVersion!: number;

  @Field(() => ApplicationKindEnum, { description: "Of which kind of applicant." })
  kind!: ApplicantKind;

  @Field(() => [CriterionInput], { description: "The whole list in its order, at most 40." })
  criteria!: CriterionInput[];
}

@InputType({ description: "What to change about letters. What is absent stays." })
class LetterPolicyInput {
  @Field(() => Int, { nullable: true, description: "Letters of a candidate, from 0 to 5." })
  candidates?: number | null;

  @Field(() => Int, { nullable: true, description: "Letters of a mentor, from 0 to 5." })
  mentors?: number | null;

  @Field(() => Int, { nullable: true, description: "Days that letters may come later, from 0 to 60." })
  toleranceDays?: number | null;

  @Field(() => [Int], { nullable: true, description: "Days before the end to remind on, from 1 to 60; at most 10." })
  reminderDays?: number[] | null;
}

@InputType({ description: "What to change about reviews. What is absent stays." })
class ReviewPolicyInput {
  @Field(() => Int, { nullable: true, description: "Reviews of an application, from 1 to 10." })
  perApplication?: number | null;

  @Field(() => Float, { nullable: true, description: "The spread to discuss, from 0 to less than 4." })
  discussAbove?: number | null;

  @Field(() => Int, { nullable: true, description: "Days for a review, from 1 to 120." })
  days?: number | null;

  @Field(() => [Int], { nullable: true, description: "Days before the end to remind on, fewer than the review's." })
  reminderDays?: number[] | null;
}

@InputType({ description: "What to change about votes. What is absent stays." })
class VotePolicyInput {
  @Field(() => Float, { nullable: true, description: "The share that must be exceeded, from 0 to less than 1." })
  quorumAbove?: number | null;
}

@InputType({ description: "What to change about offers. What is absent stays." })
class OfferPolicyInput {
  @Field(() => Int, { nullable: true, description: "Days of an offer, from 1 to 90." })
  days?: number | null;

  @Field(() => String, { nullable: true, description: "Time of day at which it lapses, such as `17:00`." })
  lapsesAt?: string | null;

  @Field(() => [Int], { nullable: true, description: "Days before the end to remind on, fewer than the offer's." })
  reminderDays?: number[] | null;

  @Field(() => OfferPromotionEnum, { nullable: true, description: "How a freed seat goes to the waitlist." })
  promotion?: OfferPolicy["promotion"] | null;
}

@InputType({ description: "What to change about teams. What is absent stays." })
class TeamPolicyInput {
  @Field(() => Int, { nullable: true, description: "Most candidates of one mentor, from 1 to 10." })
  mentorCapacity?: number | null;

  @Field(() => SameEmployerEnum, { nullable: true, description: "What to make of a pair with one employer." })
  sameEmployer?: TeamPolicy["sameEmployer"] | null;

  @Field(() => Int, { nullable: true, description: "Days for a mentor's answer, from 1 to 60." })
  days?: number | null;
}

@InputType({ description: "Changes of a cohort's policy. What is absent stays; null is taken as absent." })
export class CohortPolicyChangeInput {
  @Field(() => ID, { description: "The cohort to change." })
  cohortId!: string;

  @Field(() => Int, { description: "The version the change was made on." })
  expectedVersion!: number;

  @Field(() => LetterPolicyInput, { nullable: true, description: "Letters that others write." })
  letters?: LetterPolicyInput | null;

  @Field(() => ReviewPolicyInput, { nullable: true, description: "Reviews." })
  review?: ReviewPolicyInput | null;

  @Field(() => VotePolicyInput, { nullable: true, description: "Votes." })
  vote?: VotePolicyInput | null;

  @Field(() => OfferPolicyInput, { nullable: true, description: "Offers." })
  offer?: OfferPolicyInput | null;

  @Field(() => TeamPolicyInput, { nullable: true, description: "Teams." })
  team?: TeamPolicyInput | null;

  @Field(() => [String], {
    nullable: true,
    description: "The regions that take turns, 1 to 20 of at most 80 characters.",
  })
  regions?: string[] | null;
}

const cohort = {
  cohort: { type: () => CohortObject, description: "The cohort as it is now." },
};

const listCodes = {
  REQUIRED: true,
  TOO_LONG: true,
  BAD_CHARACTERS: true,
  BAD_ID: true,
  ID_TWICE: true,
  ID_USED: true,
  OUT_OF_RANGE: true,
  CONFLICT: true,
} as const;

export const CohortWindowChangePayload = payloadType<ChangeWindowCode>("CohortWindowChange", cohort, {
  BAD_TIME: true,
  CLOSES_BEFORE_OPENING: true,
  ENFORCED_BEFORE_SHOWN: true,
  CONFLICT: true,
});

export const CohortQuestionsChangePayload = payloadType<QuestionsCode>("CohortQuestionsChange", cohort, listCodes);

export const CohortCriteriaChangePayload = payloadType<CriteriaCode>("CohortCriteriaChange", cohort, listCodes);

export const CohortPolicyChangePayload = payloadType<PolicyCode>("CohortPolicyChange", cohort, {
  REQUIRED: true,
  TOO_LONG: true,
  BAD_CHARACTERS: true,
  OUT_OF_RANGE: true,
  BAD_TIME: true,
  CONFLICT: true,
});
