import { Field, Int, ObjectType } from "type-graphql";
import { ApplicationObject } from "../application/application.type.ts";
import { DateTime, enumType } from "../shared/scalars.ts";
import type { MatchReason, ObstacleCode } from "./match.ts";
import { TeamObject } from "./team.type.ts";

export const MatchReasonEnum = enumType<MatchReason>("MatchReasonCode", "What a pair gets or loses points for.", {
  JOINT_REQUEST: "Each has named the other.",
  SAME_REGION: "Their organizations are in one region, where both have said so.",
  SAME_KIND: "Their organizations are of one kind.",
  SAME_SIZE: "Their organizations are of one size, where both have said so.",
  EXPERTISE: "The mentor's answers speak of areas of the curriculum that the candidate's do not.",
  SAME_EMPLOYER: "They have one employer; welcome or not as the cohort's policy says.",
});

export const MatchObstacleEnum = enumType<ObstacleCode>("MatchObstacleCode", "Why two people cannot be a team.", {
  SAME_PERSON: "They are the same person.",
  NO_PLACE: "The mentor has as many candidates as they can have.",
  NOT_NEEDED: "The mentor was told that there is no candidate for them.",
  SAME_EMPLOYER: "They have one employer, which the cohort's policy does not allow.",
  REPORTING_LINE: "One reports to the other.",
  CONFLICT: "There is a conflict: staff noted one, or one is recused from the other's application.",
  DECLINED_BEFORE: "The mentor has declined this candidate before.",
});

@ObjectType("MatchReason", { simpleResolvers: true, description: "Why a pair is a good one, or less so." })
export class MatchReasonObject {
  @Field(() => MatchReasonEnum, { description: "The reason, for programs." })
  code!: MatchReason;

  @Field(() => Int, { description: "Its points; negative when it speaks against the pair." })
  points!: number;

  @Field(() => String, { description: "The reason, for people." })
  text!: string;
}

@ObjectType("MatchObstacle", { simpleResolvers: true, description: "What keeps two people from being a team." })
export class MatchObstacleObject {
  @Field(() => MatchObstacleEnum, { description: "The obstacle, for programs." })
  code!: ObstacleCode;

  @Field(() => String, { description: "The obstacle, for people." })
  text!: string;
}

@ObjectType("MatchedPair", { simpleResolvers: true, description: "A candidate and a mentor, judged as a team." })
export class MatchedPairObject {
  @Field(() => ApplicationObject, { description: "The candidate's application." })
  candidate!: object;

  @Field(() => ApplicationObject, { description: "The mentor's application." })
  mentor!: object;

  @Field(() => Int, { description: "The sum of the reasons' points." })
  score!: number;

  @Field(() => [MatchReasonObject], { description: "What speaks for the pair, or against it." })
  reasons!: object[];

  @Field(() => [MatchObstacleObject], { description: "What rules the pair out; empty when the two can be a team." })
  excludedBecause!: object[];
}

@ObjectType("UnmatchedCandidate", {
  simpleResolvers: true,
  description: "A candidate for whom no mentor is left, with every mentor and why it cannot be that one.",
})
export class UnmatchedCandidateObject {
  @Field(() => ApplicationObject, { description: "The candidate's application." })
  candidate!: object;

  @Field(() => Boolean, {
    description: "Whether some mentor could have the candidate, were they not proposed for others. False: nobody can.",
  })
  isShort!: boolean;

  @Field(() => [MatchedPairObject], { description: "Every mentor; those that are ruled out say why." })
  pairs!: object[];
}

@ObjectType("TeamMatch", {
  simpleResolvers: true,
  description: "The best teams as things are now: as many as can be, and of those the ones with the highest total.",
})
export class TeamMatchObject {
  @Field(() => [MatchedPairObject], { description: "The proposed pairs, by candidate." })
  pairs!: object[];

  @Field(() => [UnmatchedCandidateObject], { description: "Candidates for whom no mentor is left." })
  unmatched!: object[];

  @Field(() => Int, { description: "The sum of the pairs' scores." })
  total!: number;

  @Field(() => Int, { description: "How many candidates wait for a mentor." })
  mentorsNeeded!: number;

  @Field(() => Int, { description: "How many more candidates the mentors can have." })
  placesSpare!: number;
}

@ObjectType("MentorPlace", { simpleResolvers: true, description: "A mentor of a cohort, and whom they can take." })
export class MentorPlaceObject {
  @Field(() => ApplicationObject, { description: "The mentor's application." })
  application!: object;

  @Field(() => Int, { description: "Most candidates at a time: the mentor's own number, or the cohort's." })
  capacity!: number;

  @Field(() => Int, { description: "How many candidates the mentor has, or was asked to take." })
  taken!: number;

  @Field(() => Int, { description: "How many more the mentor can have." })
  spare!: number;

  @Field(() => DateTime, {
    nullable: true,
    description: "When the mentor was told that there is no candidate for them; null otherwise.",
  })
  notNeededAt!: string | null;
}

@ObjectType("CandidatePlace", {
  simpleResolvers: true,
  description: "A candidate of a cohort, and who could mentor them.",
})
export class CandidatePlaceObject {
  @Field(() => ApplicationObject, { description: "The candidate's application." })
  application!: object;

  @Field(() => TeamObject, { nullable: true, description: "The team that stands; null when there is none." })
  team!: object | null;

  @Field(() => ApplicationObject, {
    nullable: true,
    description: "The mentor with whom the candidate has applied, where both have said so; null otherwise.",
  })
  joint!: object | null;

  @Field(() => [MatchedPairObject], {
    description: "The five mentors that fit best, the best first; empty while the candidate has a team.",
  })
  options!: object[];
}

@ObjectType("MatchBoard", {
  simpleResolvers: true,
  description: "A cohort's candidates and mentors at a glance, without those that are not for the viewer.",
})
export class MatchBoardObject {
  @Field(() => [CandidatePlaceObject], { description: "The accepted candidates, by number." })
  candidates!: object[];

  @Field(() => [MentorPlaceObject], { description: "The accepted mentors, by number." })
  mentors!: object[];

  @Field(() => [TeamObject], {
    description: "Teams that stand and call for somebody: unanswered in time, or one of the two has left.",
  })
  needingAttention!: object[];
}
