import "reflect-metadata";
import type { GraphQLSchema } from "graphql";
import { buildSchemaSync, type NonEmptyArray } from "type-graphql";
import { ApplicationResolver, CohortApplicationsResolver } from "./application/application.resolver.ts";
import { EligibilityResolver } from "./application/eligibility.resolver.ts";
import { InformationResolver } from "./application/information.resolver.ts";
import { OnBehalfResolver } from "./application/on-behalf.resolver.ts";
import {
  ApplicationCertificateResolver,
  CertificateResolver,
  CohortCertificatesResolver,
} from "./certificate/certificate.resolver.ts";
import { CloneResolver } from "./cohort/clone.resolver.ts";
import { CohortResolver } from "./cohort/cohort.resolver.ts";
import { ProgramResolver } from "./cohort/facts.resolver.ts";
import { ApplicationLateCodeResolver, CohortLateCodesResolver, LateCodeResolver } from "./cohort/late-code.resolver.ts";
import { PolicyResolver } from "./cohort/policy.resolver.ts";
import { ApplicationDecisionResolver, DecisionResolver } from "./decision/decision.resolver.ts";
import { CohortMinutesResolver } from "./decision/minutes.resolver.ts";
import { MotionAbilitiesResolver, SlateAbilitiesResolver } from "./decision/abilities.resolver.ts";
import { CohortMotionsResolver, MotionResolver } from "./decision/motion.resolver.ts";
import { ReleaseResolver } from "./decision/release.resolver.ts";
import { ReversalResolver } from "./decision/reversal.resolver.ts";
import { CohortSlatesResolver, SlateResolver } from "./decision/slate.resolver.ts";
import { ApplicationResumeResolver, FileResolver, ViewerFilesResolver } from "./file/file.resolver.ts";
import { historyResolvers } from "./history/history.resolver.ts";
import { HandlingResolver } from "./message/handling.resolver.ts";
import { MailKindResolver } from "./message/kind.resolver.ts";
import { MessageResolver } from "./message/message.resolver.ts";
import { ApplicationOfferResolver, CohortOffersResolver, OfferResolver } from "./offer/offer.resolver.ts";
import { PromotionResolver } from "./offer/promotion.resolver.ts";
import { ApplicationJointResolver, JointResolver } from "./joint/joint.resolver.ts";
import { DirectoryResolver } from "./person/directory.resolver.ts";
import { NominationAnswerResolver } from "./nomination/answer.resolver.ts";
import {
  ApplicationNominationsResolver,
  CohortNominationsResolver,
  NominationResolver,
} from "./nomination/nomination.resolver.ts";
import { NominationOfferResolver } from "./nomination/offered.resolver.ts";
import { NominationRequestResolver } from "./nomination/request.resolver.ts";
import { MergeResolver } from "./person/merge.resolver.ts";
import { AddressResolver } from "./person/address.resolver.ts";
import { EnteredAddressResolver, PersonEntryResolver } from "./person/entry.resolver.ts";
import { PersonResolver, RoleTermResolver } from "./person/person.resolver.ts";
import { ReachResolver } from "./person/reach.resolver.ts";
import { ApplicationRecusalsResolver, RecusalResolver } from "./recusal/recusal.resolver.ts";
import { AssignmentResolver } from "./review/assignment.resolver.ts";
import {
  ApplicationReviewResolver,
  CohortReviewResolver,
  LateReviewerResolver,
  ReviewerResolver,
  ViewerReviewsResolver,
} from "./review/figures.resolver.ts";
import { ReviewResolver } from "./review/review.resolver.ts";
import { ServiceTokenResolver } from "./service-token/service-token.resolver.ts";
import { ErasureResolver } from "./privacy/erasure.resolver.ts";
import { ViewerExportResolver } from "./privacy/export.resolver.ts";
import { MentorResolver } from "./mentor/mentor.resolver.ts";
import { MatchResolver } from "./team/board.resolver.ts";
import { ConfirmationResolver } from "./team/confirmation.resolver.ts";
import { TeamAbilitiesResolver, TeamProposalAbilitiesResolver } from "./team/abilities.resolver.ts";
import { CohortProposalsResolver, TeamProposalResolver } from "./team/proposal.resolver.ts";
import { ApplicationTeamsResolver, TeamResolver, ViewerTeamsResolver } from "./team/team.resolver.ts";
import { guard } from "./shared/rule.ts";
import { NodeResolver, ViewerResolver } from "./viewer/viewer.resolver.ts";

/** Every resolver of the graph. */
export const RESOLVERS: NonEmptyArray<Function> = [
  ViewerResolver,
  NodeResolver,
  PersonResolver,
  PersonEntryResolver,
  EnteredAddressResolver,
  RoleTermResolver,
  MergeResolver,
  DirectoryResolver,
  AddressResolver,
  CohortResolver,
  PolicyResolver,
  CloneResolver,
  LateCodeResolver,
  CohortLateCodesResolver,
  ApplicationLateCodeResolver,
  ProgramResolver,
  ApplicationResolver,
  CohortApplicationsResolver,
  InformationResolver,
  OnBehalfResolver,
  EligibilityResolver,
  DecisionResolver,
  ApplicationDecisionResolver,
  OfferResolver,
  ApplicationOfferResolver,
  CohortOffersResolver,
  PromotionResolver,
  JointResolver,
  ApplicationJointResolver,
  ReleaseResolver,
  SlateResolver,
  SlateAbilitiesResolver,
  CohortSlatesResolver,
  MotionResolver,
  MotionAbilitiesResolver,
  CohortMotionsResolver,
  ReversalResolver,
  CohortMinutesResolver,
  ReviewResolver,
  ReviewerResolver,
  AssignmentResolver,
  ApplicationReviewResolver,
  CohortReviewResolver,
  LateReviewerResolver,
  ViewerReviewsResolver,
  CertificateResolver,
  ApplicationCertificateResolver,
  CohortCertificatesResolver,
  MessageResolver,
  NominationResolver,
  NominationRequestResolver,
  NominationAnswerResolver,
  NominationOfferResolver,
  ApplicationNominationsResolver,
  CohortNominationsResolver,
  HandlingResolver,
  MailKindResolver,
  ReachResolver,
  RecusalResolver,
  ApplicationRecusalsResolver,
  ServiceTokenResolver,
  FileResolver,
  ApplicationResumeResolver,
  ViewerFilesResolver,
  ErasureResolver,
  ViewerExportResolver,
  MentorResolver,
  TeamResolver,
  TeamAbilitiesResolver,
  ApplicationTeamsResolver,
  ViewerTeamsResolver,
  MatchResolver,
  TeamProposalResolver,
  TeamProposalAbilitiesResolver,
  CohortProposalsResolver,
  ConfirmationResolver,
  ...historyResolvers,
];

/**
 * The program's graph with its rules in front. Input is validated by the rules themselves, so that every fault is answered
 * with its field; the schema's own validity is checked by the tests instead of at every cold start.
 */
export function programSchema({ skipCheck = true }: { skipCheck?: boolean } = {}): GraphQLSchema {
  const schema = guard(buildSchemaSync({ resolvers: RESOLVERS, validate: false, skipCheck }));
  schema.getQueryType()!.description = "What can be asked. Nothing is changed by it.";
  schema.getMutationType()!.description =
    "The steps that can be taken. Each answers its outcome, or what stood in the way.";
  return schema;
}
