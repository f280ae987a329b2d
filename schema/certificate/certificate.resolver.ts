import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from "type-graphql";
import { applicationFrom, applicationKey, writeApplication } from "../application/application.table.ts";
import { mayRead, type Application } from "../application/application.ts";
import { ApplicationObject } from "../application/application.type.ts";
import { cohortFrom, cohortKey } from "../cohort/cohort.table.ts";
import type { Cohort } from "../cohort/cohort.ts";
import { CohortObject } from "../cohort/cohort.type.ts";
import { personFrom, personKey } from "../person/person.table.ts";
import { PersonObject } from "../person/person.type.ts";
import { carryOut, written } from "../shared/command.ts";
import { actorOf, viewerOf, type RequestContext } from "../shared/context.ts";
import { failure } from "../shared/failure.ts";
import { globalId } from "../shared/id.ts";
import { ID_MEANING, localId } from "../shared/node.ts";
import { PageArgs, pageOf } from "../shared/page.ts";
import { Allow, anyone, ofCohort, staff, staffOrCommittee } from "../shared/rule.ts";
import { issueCertificate, mayReadCertificate, statusOf, type Certificate } from "./certificate.ts";
import { certificateFrom, certificateKey, listOfCohort, writeCertificate } from "./certificate.table.ts";
import {
  CertificateConnection,
  CertificateIssueInput,
  CertificateIssuePayload,
  CertificateObject,
  CertificateStatusEnum,
  CertificateVerificationObject,
} from "./certificate.type.ts";

@Resolver(() => CertificateObject)
export class CertificateResolver {
  @Allow(anyone)
  @Query(() => CertificateVerificationObject, {
    nullable: true,
    description: "Checks a certificate by its number, without a sign-in; null when there is none.",
  })
  async certificateVerification(
    @Arg("number", () => String, { description: "Such as `CTOM-2027-7F3K9Q`." }) number: string,
    @Ctx() context: RequestContext,
  ) {
    if (!/^[A-Z0-9-]{4,40}$/.test(number)) return null;
    const certificate = await context.load.certificate(number);
    if (!certificate) return null;
    const { holderName, issuedOn, expiresOn } = certificate;
    return { number, holderName, issuedOn, expiresOn, status: statusOf(certificate, context.now) };
  }

  @FieldResolver(() => ID, { description: ID_MEANING })
  id(@Root() certificate: Certificate): string {
    return globalId("Certificate", certificate.id);
  }

  @FieldResolver(() => String, { description: "The number people use, such as `CTOM-2027-7F3K9Q`." })
  number(@Root() certificate: Certificate): string {
    return certificate.id;
  }

  @FieldResolver(() => CertificateStatusEnum, { description: "Whether it is valid today." })
  status(@Root() certificate: Certificate, @Ctx() { now }: RequestContext) {
    return statusOf(certificate, now);
  }

  @FieldResolver(() => PersonObject, { description: "Who holds it." })
  async holder(@Root() certificate: Certificate, @Ctx() context: RequestContext) {
    return context.load.person(certificate.personId);
  }

  @FieldResolver(() => CohortObject, { description: "The cohort it was earned in." })
  async cohort(@Root() certificate: Certificate, @Ctx() context: RequestContext) {
    return context.load.cohort(certificate.cohortId);
  }

  @Allow(staff)
  @Mutation(() => CertificateIssuePayload, {
    description: "Issues the certificate of an accepted candidate, once. Staff may.",
  })
  async certificateIssue(
    @Arg("input", () => CertificateIssueInput, { description: "For which application." }) input: CertificateIssueInput,
    @Ctx() context: RequestContext,
  ) {
    const { issuedOn, idempotencyKey } = input;
    const id = localId("Application", input.applicationId);
    const known = await context.load.application(id);
    if (!known || !mayRead(context.viewer, known)) throw failure("NOT_FOUND");
    const holderId = (await context.load.person(known.personId))?.id ?? known.personId;
    const carried = await carryOut(context, {
      actor: actorOf(context),
      load: async () => {
        const keys = [applicationKey(id), cohortKey(known.cohortId), personKey(holderId)];
        const [application, cohort, holder] = await context.table.getMany(keys);
        if (!application || !cohort || !holder) throw failure("NOT_FOUND");
        return { application: applicationFrom(application)!, cohort: cohortFrom(cohort)!, holder: personFrom(holder)! };
      },
      decide: ({ application, cohort, holder }) => {
        const number = `CTOM-${cohort.year}-${context.ids.code(6)}`;
        const viewer = viewerOf(context);
        return issueCertificate(application, { cohort, viewer, holderName: holder.name, number, issuedOn });
      },
      write: ({ certificate, application }) => [...writeCertificate(certificate), ...writeApplication(application)],
      once: {
        personId: viewerOf(context).person.id,
        operation: "certificateIssue",
        key: idempotencyKey,
        input: { id, issuedOn: issuedOn ?? null },
        keep: ({ certificate }) => ({ number: certificate.id }),
      },
    });
    context.load.forget();
    if (carried.status === "refused") return { certificate: null, userErrors: carried.refusals };
    if (carried.status === "done") return { certificate: written(carried.outcome.certificate), userErrors: [] };
    const earlier = await context.table.get(certificateKey(carried.kept["number"] as string));
    return { certificate: certificateFrom(earlier) ?? null, userErrors: [] };
  }
}

/** The certificate, where its application is looked at. */
@Resolver(() => ApplicationObject)
export class ApplicationCertificateResolver {
  @FieldResolver(() => CertificateObject, {
    nullable: true,
    description: "The certificate the application led to; null when there is none.",
  })
  async certificate(@Root() application: Application, @Ctx() context: RequestContext) {
    const number = "certificateNumber" in application ? application.certificateNumber : undefined;
    const certificate = number === undefined ? undefined : await context.load.certificate(number);
    return certificate && mayReadCertificate(context.viewer, certificate) ? certificate : null;
  }
}

/** The certificates, where their cohort is looked at. */
@Resolver(() => CohortObject)
export class CohortCertificatesResolver {
  @Allow(staffOrCommittee(ofCohort))
  @FieldResolver(() => CertificateConnection, {
    nullable: true,
    description: "Certificates by day of issue. Staff and committee may read it.",
  })
  async certificates(@Root() cohort: Cohort, @Args(() => PageArgs) page: PageArgs, @Ctx() context: RequestContext) {
    return pageOf(
      page,
      { name: "certificates", of: { cohortId: cohort.id }, index: "byList" },
      (from) => listOfCohort(context.table, cohort.id, from),
      (item) => certificateFrom(item)!,
      (item) => mayReadCertificate(context.viewer, certificateFrom(item)!),
    );
  }
}
