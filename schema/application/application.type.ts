import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { Ability } from "../shared/ability.ts";
import { Node } from "../shared/node.ts";
import { connectionType } from "../shared/page.ts";
import { DateTime, enumType } from "../shared/scalars.ts";
import { payloadType } from "../shared/user-error.ts";
import type {
  ApplicationKind,
  ApplicationState,
  Organization,
  Resume,
  ReviewCode,
  SaveCode,
  StartCode,
  StateCode,
  Submission,
  SubmitCode,
} from "./application.ts";

export const ApplicationKindEnum = enumType<ApplicationKind>("ApplicationKind", "As what somebody applies.", {
  CANDIDATE: "To be prepared as a Chief Technology Officer.",
  MENTOR: "To be teamed with a candidate.",
});

export const ApplicationStateEnum = enumType<ApplicationState>("ApplicationState", "Where an application stands.", {
  DRAFT: "Being written; seen by its owner and staff alone.",
  SUBMITTED: "Submitted, and a part that others supply is still missing.",
  COMPLETE: "Submitted with everything that is required.",
  UNDER_REVIEW: "The committee has begun to read it.",
  ACCEPTED: "Accepted, and the applicant knows.",
  WAITLISTED: "On the waitlist, and the applicant knows.",
  DECLINED: "Not selected, and the applicant knows.",
  INELIGIBLE: "Ruled out by staff, for a stated reason, before the committee decided.",
  NOT_TAKEN_UP: "Accepted, but the place was declined or not confirmed in time.",
  DEFERRED: "Accepted, and to take part in a later cohort.",
  WITHDRAWN: "Taken back by the applicant; can be started again while the window is open.",
  EXPIRED: "Still a draft when the window closed, or a part that others supply never came.",
});

export const OrganizationKindEnum = enumType<Organization["kind"]>("OrganizationKind", "Kinds of K-12 organization.", {
  DISTRICT: "A school district.",
  COUNTY_OFFICE: "A county office of education.",
  SCHOOL: "A single school or charter school.",
  STATE: "A state organization.",
  OTHER: "Something else that serves K-12.",
});

export const OrganizationSizeEnum = enumType<NonNullable<Organization["size"]>>(
  "OrganizationSize",
  "Sizes of K-12 organizations by their students.",
  { SMALL: "Below 1,000 students.", MEDIUM: "1,000 to 9,999 students.", LARGE: "10,000 students or more." },
);

@ObjectType("Organization", { simpleResolvers: true, description: "Where an applicant works, as they state it." })
export class OrganizationObject {
  @Field(() => String, { description: "Its name; at most 200 characters." })
  name!: string;

  @Field(() => OrganizationKindEnum, { description: "Its kind." })
  kind!: Organization["kind"];

  @Field(() => String, {
    nullable: true,
    description: "Part of the state it is in; null where nothing was said of it.",
  })
  region?: string | null;

  @Field(() => OrganizationSizeEnum, { nullable: true, description: "Its size; null where nothing was said of it." })
  size?: Organization["size"];
}

@ObjectType("Answer", { simpleResolvers: true, description: "An answer, with the question as it was asked." })
export class AnswerObject {
  @Field(() => ID, { description: "Id of the question in the cohort's list." })
  questionId!: string;

  @Field(() => String, { description: "The question; for a submission, as it was asked then." })
  prompt!: string;

  @Field(() => String, { description: "The answer." })
  text!: string;
}

@ObjectType("ApplicationDraft", { simpleResolvers: true, description: "What the applicant has written so far." })
export class DraftObject {
  @Field(() => OrganizationObject, { nullable: true, description: "Null until it is filled in." })
  organization!: Organization | null;

  @Field(() => String, { nullable: true, description: "Null until it is filled in." })
  jobTitle!: string | null;

  @Field(() => [AnswerObject], { description: "Answers so far, in the order of the questions." })
  answers!: AnswerObject[];

  @Field(() => [AnswerObject], {
    description:
      "Answers to questions that the cohort no longer asks. They are kept here and not submitted; saving an empty answer takes " +
      "one out.",
  })
  formerAnswers!: AnswerObject[];
}

@ObjectType("SubmittedFile", { simpleResolvers: true, description: "A file as it was when it was submitted." })
export class SubmittedFileObject {
  @Field(() => String, { description: "Its name." })
  name!: string;

  @Field(() => String, { description: "Its media type, such as `application/pdf`." })
  contentType!: string;

  @Field(() => Int, { description: "Its size in bytes." })
  bytes!: number;
}

@ObjectType("Submission", {
  simpleResolvers: true,
  description:
    "What was submitted. It changes only where staff ask the applicant for more; then `earlierSubmissions` has what stood before.",
})
export class SubmissionObject implements Omit<Submission, "amendments"> {
  @Field(() => DateTime, { description: "When it was submitted, by the server's clock." })
  submittedAt!: string;

  @Field(() => OrganizationObject, { description: "Where the applicant worked then." })
  organization!: Organization;

  @Field(() => String, { description: "The applicant's position then." })
  jobTitle!: string;

  @Field(() => [AnswerObject], { description: "The answers, in the order of the questions." })
  answers!: Submission["answers"];

  @Field(() => SubmittedFileObject, {
    nullable: true,
    description: "The résumé that was handed in; null when none was. `Application.resume` is the file itself.",
  })
  resume?: Resume;
}

@ObjectType("ApplicationAbilities", {
  simpleResolvers: true,
  description: "What the viewer could do with an application now.",
})
export class ApplicationAbilitiesObject {
  @Field(() => Ability, { description: "Save a piece of the draft." })
  save!: Ability;

  @Field(() => Ability, { description: "Submit it; the reasons name every part that is missing." })
  submit!: Ability;

  @Field(() => Ability, { description: "Withdraw it." })
  withdraw!: Ability;

  @Field(() => Ability, { description: "Change what staff have asked for." })
  amend!: Ability;

  @Field(() => Ability, {
    description: "Hand in what staff have asked for; the reasons name every part that is missing.",
  })
  provideInformation!: Ability;

  @Field(() => Ability, { description: "Ask the applicant for information." })
  askInformation!: Ability;

  @Field(() => Ability, { description: "Rule it out as not eligible." })
  ruleOut!: Ability;

  @Field(() => Ability, { description: "Take back that it was ruled out." })
  ruleIn!: Ability;

  @Field(() => Ability, { description: "Begin its review." })
  startReview!: Ability;

  @Field(() => Ability, { description: "Prepare a decision on it, of whatever outcome." })
  decide!: Ability;

  @Field(() => Ability, { description: "Issue the certificate it led to." })
  issueCertificate!: Ability;
}

@ObjectType("Application", {
  implements: Node,
  simpleResolvers: true,
  description:
    "One person's application to one cohort, as a candidate or a mentor. Its owner and staff see it always, the chair of the " +
    "committee from its submission on, other members as its reviewers, or once it is reviewed.",
})
export class ApplicationObject extends Node {
  @Field(() => Int, { description: "Grows with every change; pass it as `expectedVersion`." })
  version!: number;

  @Field(() => String, { description: "The number people use, such as `APP-2027-0042`." })
  number!: string;

  @Field(() => ApplicationKindEnum, { description: "As what the person applies." })
  kind!: ApplicationKind;

  @Field(() => ApplicationStateEnum, { description: "Where it stands. A decision shows here once it is released." })
  state!: ApplicationState;

  @Field(() => DateTime, { description: "When it was started." })
  startedAt!: string;

  @Field(() => DateTime, {
    nullable: true,
    description:
      "When what was written in it was removed for good, because it was kept long enough or the applicant was erased; null " +
      "while it is there.",
  })
  contentRemovedAt?: string | null;
}

export const ApplicationConnection = connectionType("Application", () => ApplicationObject);

/** What a late code is, wherever one is taken. */
export const LATE_CODE =
  "A code from staff that lets in after the deadline, however it is typed. Not looked at while the window is open; it counts once " +
  "for an application, which then needs it no more.";

@InputType({ description: "An application to start." })
export class ApplicationStartInput {
  @Field(() => ID, { description: "The cohort to apply to; its window must be open." })
  cohortId!: string;

  @Field(() => ApplicationKindEnum, { description: "As what." })
  kind!: ApplicationKind;

  @Field(() => String, { nullable: true, description: LATE_CODE })
  lateCode?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      "An earlier application of the same person, submitted or not, to copy from: organization, job title, and the answers to " +
      "questions that are asked again. What the draft has already stays. A résumé, letters and scores are never copied.",
  })
  copyFromApplicationId?: string | null;
}

@InputType({ description: "Where the applicant works." })
export class OrganizationInput implements Organization {
  @Field(() => String, { description: "At most 200 characters, on one line." })
  name!: string;

  @Field(() => OrganizationKindEnum, { description: "Its kind." })
  kind!: Organization["kind"];

  @Field(() => String, {
    nullable: true,
    description:
      "Part of the state it is in, such as “Bay Area”; at most 80 characters. Candidates and mentors of one are a better team.",
  })
  region?: string | null;

  @Field(() => OrganizationSizeEnum, { nullable: true, description: "Its size by students." })
  size?: Organization["size"];
}

@InputType({ description: "An answer to a question of the cohort's list." })
export class AnswerInput {
  @Field(() => ID, { description: "Id of the question." })
  questionId!: string;

  @Field(() => String, { nullable: true, description: "The answer, within the question's limit; null removes it." })
  text?: string | null;
}

@InputType({ description: "Pieces of a draft. What is absent stays as it is; null clears it." })
export class ApplicationSaveInput {
  @Field(() => ID, { description: "The application to save." })
  applicationId!: string;

  @Field(() => Int, {
    nullable: true,
    description:
      "The version the pieces were written on. Without it pieces are merged: the last one to save the same piece wins.",
  })
  expectedVersion?: number | null;

  @Field(() => OrganizationInput, { nullable: true, description: "Where the applicant works." })
  organization?: OrganizationInput | null;

  @Field(() => String, { nullable: true, description: "The applicant's position; at most 120 characters." })
  jobTitle?: string | null;

  @Field(() => [AnswerInput], { nullable: true, description: "Answers to save; others stay. Each question once." })
  answers?: AnswerInput[] | null;
}

@InputType({ description: "The application to submit." })
export class ApplicationSubmitInput {
  @Field(() => ID, { description: "The application to submit." })
  applicationId!: string;

  @Field(() => Int, {
    nullable: true,
    description: "The version that was looked at; CONFLICT when it has changed since.",
  })
  expectedVersion?: number | null;

  @Field(() => String, { nullable: true, description: LATE_CODE })
  lateCode?: string | null;
}

@InputType({ description: "An application." })
export class ApplicationInput {
  @Field(() => ID, { description: "The application." })
  applicationId!: string;
}

const application = {
  application: { type: () => ApplicationObject, description: "The application as it is now; null when there is none." },
};

/** The codes of whatever takes a late code. */
export const lateCodes = {
  LATE_CODE_UNKNOWN: true,
  LATE_CODE_OWN: true,
  LATE_CODE_EXPIRED: true,
  LATE_CODE_USED: true,
  LATE_CODE_REVOKED: true,
} as const;

export const ApplicationStartPayload = payloadType<StartCode>("ApplicationStart", application, {
  ALREADY_STARTED: true,
  NOT_OPEN_YET: true,
  TOO_LATE: true,
  ...lateCodes,
  CONTENT_REMOVED: true,
});

export const ApplicationSavePayload = payloadType<SaveCode>("ApplicationSave", application, {
  REQUIRED: true,
  TOO_LONG: true,
  BAD_CHARACTERS: true,
  WRONG_STATE: true,
  ALREADY_SUBMITTED: true,
  UNKNOWN_QUESTION: true,
  ANSWER_TWICE: true,
  CONFLICT: true,
});

export const ApplicationSubmitPayload = payloadType<SubmitCode>("ApplicationSubmit", application, {
  WRONG_STATE: true,
  ALREADY_SUBMITTED: true,
  NOT_OPEN_YET: true,
  TOO_LATE: true,
  ...lateCodes,
  REQUIRED: true,
  CONFLICT: true,
});

export const ApplicationWithdrawPayload = payloadType<StateCode>("ApplicationWithdraw", application, {
  WRONG_STATE: true,
  ALREADY_SUBMITTED: true,
});

export const ApplicationReviewStartPayload = payloadType<ReviewCode>("ApplicationReviewStart", application, {
  WRONG_STATE: true,
  ALREADY_SUBMITTED: true,
  OWN_APPLICATION: true,
  RECUSED: true,
});
