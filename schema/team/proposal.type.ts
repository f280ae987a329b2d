import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { ApplicationObject } from "../application/application.type.ts";
import type { TextCode } from "../shared/decision.ts";
import { Node } from "../shared/node.ts";
import { connectionType } from "../shared/page.ts";
import { DateTime, enumType } from "../shared/scalars.ts";
import { payloadType } from "../shared/user-error.ts";
import type { ChangeProposalCode, ProposalState, PublishTeamsCode, SaveProposalCode, Violation } from "./proposal.ts";

export const TeamProposalStateEnum = enumType<ProposalState>("TeamProposalState", "What became of a proposal.", {
  SAVED: "It is worked on.",
  PUBLISHING: "Its teams are being made.",
  PUBLISHED: "Its teams were made and their mentors asked.",
  UNPUBLISHING: "Its teams are being taken back.",
  UNPUBLISHED: "Its teams were taken back.",
  ARCHIVED: "It was put aside.",
});

export const TeamViolationEnum = enumType<Violation["code"]>("TeamViolationCode", "What is wrong with a pair.", {
  SAME_PERSON: "They are the same person.",
  NO_PLACE: "The mentor has as many candidates as they can have.",
  NOT_NEEDED: "The mentor was told that there is no candidate for them.",
  SAME_EMPLOYER: "They have one employer, which the cohort's policy does not allow.",
  REPORTING_LINE: "One reports to the other.",
  CONFLICT: "There is a conflict.",
  DECLINED_BEFORE: "The mentor has declined this candidate before.",
  NOT_ACCEPTED: "One of the two is not accepted any more.",
  HAS_TEAM: "The candidate has a mentor, or one was asked.",
  MENTOR_FULL: "More candidates are put down for the mentor than there are places.",
});

@ObjectType("TeamPair", { simpleResolvers: true, description: "A candidate and the mentor that is proposed." })
export class TeamPairObject {
  @Field(() => ApplicationObject, { nullable: true, description: "The candidate's application." })
  candidate!: object | null;

  @Field(() => ApplicationObject, { nullable: true, description: "The mentor's application." })
  mentor!: object | null;
}

@ObjectType("TeamViolation", { simpleResolvers: true, description: "What is wrong with a pair as things are now." })
export class TeamViolationObject {
  @Field(() => ID, { description: "The candidate's application." })
  candidateApplicationId!: string;

  @Field(() => ID, { description: "The mentor's application." })
  mentorApplicationId!: string;

  @Field(() => TeamViolationEnum, { description: "The fault, for programs." })
  code!: Violation["code"];

  @Field(() => String, { description: "The fault, for people." })
  text!: string;
}

@ObjectType("TeamDifference", {
  simpleResolvers: true,
  description: "A candidate who has different mentors in two proposals.",
})
export class TeamDifferenceObject {
  @Field(() => ApplicationObject, { nullable: true, description: "The candidate's application." })
  candidate!: object | null;

  @Field(() => ApplicationObject, { nullable: true, description: "The mentor here; null when there is none." })
  here!: object | null;

  @Field(() => ApplicationObject, { nullable: true, description: "The mentor there; null when there is none." })
  there!: object | null;
}

@ObjectType("TeamProposal", {
  implements: Node,
  simpleResolvers: true,
  description: "Who could become a team with whom. Staff and committee see it, without pairs that are not for them.",
})
export class TeamProposalObject extends Node {
  @Field(() => Int, { description: "Grows with every change." })
  version!: number;

  @Field(() => String, { description: "What it is called; at most 120 characters." })
  name!: string;

  @Field(() => TeamProposalStateEnum, { description: "What became of it." })
  state!: ProposalState;

  @Field(() => DateTime, { description: "When it was put down." })
  createdAt!: string;
}

export const TeamProposalConnection = connectionType("TeamProposal", () => TeamProposalObject);

@InputType({ description: "A candidate and a mentor." })
export class TeamPairInput {
  @Field(() => ID, { description: "The candidate's application." })
  candidateApplicationId!: string;

  @Field(() => ID, { description: "The mentor's application." })
  mentorApplicationId!: string;
}

@InputType({ description: "Pairs to be put down." })
export class TeamProposalSaveInput {
  @Field(() => ID, { description: "The cohort." })
  cohortId!: string;

  @Field(() => String, { description: "What to call them; at most 120 characters." })
  name!: string;

  @Field(() => [TeamPairInput], { description: "From 1 to 50; each candidate once." })
  pairs!: TeamPairInput[];
}

@InputType({ description: "Another mentor for a candidate of a proposal." })
export class TeamProposalMoveInput {
  @Field(() => ID, { description: "The proposal." })
  proposalId!: string;

  @Field(() => Int, { description: "The version that the change is meant for." })
  expectedVersion!: number;

  @Field(() => ID, { description: "The candidate's application." })
  candidateApplicationId!: string;

  @Field(() => ID, { nullable: true, description: "The mentor's application; null takes the candidate out." })
  mentorApplicationId?: string | null;
}

@InputType({ description: "A proposal to put aside." })
export class TeamProposalArchiveInput {
  @Field(() => ID, { description: "The proposal." })
  proposalId!: string;

  @Field(() => Int, { description: "The version that is meant." })
  expectedVersion!: number;
}

@InputType({ description: "A proposal whose teams are to be made." })
export class TeamsPublishInput {
  @Field(() => ID, { description: "The proposal." })
  proposalId!: string;

  @Field(() => Boolean, { defaultValue: false, description: "Only look: what would be done, and the token for it." })
  dryRun!: boolean;

  @Field(() => String, { nullable: true, description: "The token of the look before." })
  confirmToken?: string | null;

  @Field(() => String, {
    description: "8 to 100 letters, digits, or . : _ - characters. The same key publishes once, for two days.",
  })
  idempotencyKey!: string;
}

@InputType({ description: "A published proposal whose teams are to be taken back." })
export class TeamsUnpublishInput {
  @Field(() => ID, { description: "The proposal." })
  proposalId!: string;

  @Field(() => String, { description: "Why, for the history; at most 1,000 characters." })
  why!: string;
}

@ObjectType("TeamsPublishRow", { simpleResolvers: true, description: "One team of a publication." })
export class TeamsPublishRowObject {
  @Field(() => ID, { description: "The candidate's application." })
  candidateApplicationId!: string;

  @Field(() => ID, { description: "The mentor's application." })
  mentorApplicationId!: string;

  @Field(() => Boolean, {
    description: "Whether the team was made. False in a look, and where somebody was faster.",
  })
  isMade!: boolean;
}

const proposal = {
  proposal: { type: () => TeamProposalObject, description: "The proposal as it is now; null when none was put down." },
};
const TEXT_CODES = { REQUIRED: true, TOO_LONG: true, BAD_CHARACTERS: true } as const;

export const TeamProposalSavePayload = payloadType<SaveProposalCode>("TeamProposalSave", proposal, {
  ...TEXT_CODES,
  TOO_MANY: true,
  CANDIDATE_TWICE: true,
  NOT_A_CANDIDATE: true,
  NOT_A_MENTOR: true,
});

export const TeamProposalMovePayload = payloadType<ChangeProposalCode>("TeamProposalMove", proposal, {
  WRONG_STATE: true,
  CONFLICT: true,
  NOT_A_CANDIDATE: true,
  NOT_A_MENTOR: true,
  TOO_MANY: true,
  UNCHANGED: true,
});

export const TeamProposalArchivePayload = payloadType<"WRONG_STATE" | "CONFLICT">("TeamProposalArchive", proposal, {
  WRONG_STATE: true,
  CONFLICT: true,
});

export const TeamsPublishPayload = payloadType<PublishTeamsCode>(
  "TeamsPublish",
  {
    ...proposal,
    rows: { type: () => [TeamsPublishRowObject], description: "Each team; null when nothing can be published." },
    confirmToken: { type: () => String, description: "Confirms exactly these teams; null unless it was only a look." },
  },
  {
    WRONG_STATE: true,
    OWN_APPLICATION: true,
    RECUSED: true,
    VIOLATED: true,
    STALE: true,
    CONFIRM_TOKEN_REQUIRED: true,
    KEY_REUSED: true,
    BAD_KEY: true,
  },
);

export const TeamsUnpublishPayload = payloadType<TextCode | "WRONG_STATE" | "OWN_APPLICATION" | "RECUSED">(
  "TeamsUnpublish",
  proposal,
  { WRONG_STATE: true, OWN_APPLICATION: true, RECUSED: true, ...TEXT_CODES },
);
