import "reflect-metadata";
import type { GraphQLSchema } from "graphql";
import { buildSchemaSync, type NonEmptyArray } from "type-graphql";
import { ApplicationResolver, CohortApplicationsResolver } from "./application/application.resolver.ts";
import {
  ApplicationCertificateResolver,
  CertificateResolver,
  CohortCertificatesResolver,
} from "./certificate/certificate.resolver.ts";
import { CohortResolver } from "./cohort/cohort.resolver.ts";
import { ApplicationDecisionResolver, DecisionResolver } from "./decision/decision.resolver.ts";
import { ApplicationResumeResolver, FileResolver, ViewerFilesResolver } from "./file/file.resolver.ts";
import { historyResolvers } from "./history/history.resolver.ts";
import { HandlingResolver } from "./message/handling.resolver.ts";
import { MailKindResolver } from "./message/kind.resolver.ts";
import { MessageResolver } from "./message/message.resolver.ts";
import { DirectoryResolver } from "./person/directory.resolver.ts";
import { MergeResolver } from "./person/merge.resolver.ts";
import { AddressResolver } from "./person/address.resolver.ts";
import { PersonResolver, RoleTermResolver } from "./person/person.resolver.ts";
import { ReachResolver } from "./person/reach.resolver.ts";
import { ApplicationRecusalsResolver, RecusalResolver } from "./recusal/recusal.resolver.ts";
import { ServiceTokenResolver } from "./service-token/service-token.resolver.ts";
import { ErasureResolver } from "./privacy/erasure.resolver.ts";
import { ViewerExportResolver } from "./privacy/export.resolver.ts";
import { guard } from "./shared/rule.ts";
import { NodeResolver, ViewerResolver } from "./viewer/viewer.resolver.ts";

/** Every resolver of the graph. */
export const RESOLVERS: NonEmptyArray<Function> = [
  ViewerResolver,
  NodeResolver,
  PersonResolver,
  RoleTermResolver,
  MergeResolver,
  DirectoryResolver,
  AddressResolver,
  CohortResolver,
  ApplicationResolver,
  CohortApplicationsResolver,
  DecisionResolver,
  ApplicationDecisionResolver,
  CertificateResolver,
  ApplicationCertificateResolver,
  CohortCertificatesResolver,
  MessageResolver,
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
