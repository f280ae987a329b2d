import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from "type-graphql";
import { viewerOf, type RequestContext } from "../shared/context.ts";
import { Allow } from "../shared/rule.ts";
import { amendApplication, earlierSubmissions, provideInformation, type EarlierSubmission } from "./amendment.ts";
import { changeOne, contentOf, ownApplication, piecesOf, staffOrChair } from "./application.resolver.ts";
import { wasSubmitted, type Application } from "./application.ts";
import { ApplicationObject, ApplicationSaveInput } from "./application.type.ts";
import {
  askInformation,
  cancelInformation,
  extendInformation,
  openInformation,
  type InformationRequest,
} from "./information.ts";
import {
  ApplicationAmendPayload,
  ApplicationInformationAskInput,
  ApplicationInformationAskPayload,
  ApplicationInformationCancelInput,
  ApplicationInformationCancelPayload,
  ApplicationInformationExtendInput,
  ApplicationInformationExtendPayload,
  ApplicationInformationProvideInput,
  ApplicationInformationProvidePayload,
  EarlierSubmissionObject,
  InformationRequestObject,
} from "./information.type.ts";

/** What applicants are asked for after their submission. */
@Resolver(() => ApplicationObject)
export class InformationResolver {
  @FieldResolver(() => InformationRequestObject, {
    nullable: true,
    description: "What the applicant is asked for; null while nothing is.",
  })
  information(@Root() application: Application): InformationRequest | null {
    return openInformation(application);
  }

  @Allow(contentOf)
  @FieldResolver(() => [EarlierSubmissionObject], {
    nullable: true,
    description:
      "What was submitted before the applicant changed what staff had asked for, the first submission first; empty when " +
      "nothing was changed. Whoever reads the submission reads these too; FORBIDDEN to all others.",
  })
  earlierSubmissions(@Root() application: Application): EarlierSubmission[] {
    return wasSubmitted(application) ? earlierSubmissions(application.submission) : [];
  }

  @Allow(staffOrChair)
  @Mutation(() => ApplicationInformationAskPayload, {
    description:
      "Asks the applicant for some sections of what was submitted, until the end of a day. The applicant is told by mail and " +
      "can change those sections alone. One request at a time. Staff and the chair may, but nobody for their own application.",
  })
  async applicationInformationAsk(
    @Arg("input", () => ApplicationInformationAskInput, { description: "What is wanted, and by when." })
    input: ApplicationInformationAskInput,
    @Ctx() context: RequestContext,
  ) {
    const { applicationId, parts, questionIds, ...wish } = input;
    const sections = { parts: parts ?? [], questionIds: questionIds ?? [] };
    return changeOne(context, applicationId, (application, cohort) =>
      askInformation(application, { ...sections, ...wish }, { cohort, viewer: viewerOf(context) }),
    );
  }

  @Allow(staffOrChair)
  @Mutation(() => ApplicationInformationExtendPayload, {
    description: "Gives the applicant more time for what was asked, also after it was over. Staff and the chair may.",
  })
  async applicationInformationExtend(
    @Arg("input", () => ApplicationInformationExtendInput, { description: "Until when." })
    { applicationId, ...wish }: ApplicationInformationExtendInput,
    @Ctx() context: RequestContext,
  ) {
    return changeOne(context, applicationId, (application, cohort) =>
      extendInformation(application, wish, { cohort, viewer: viewerOf(context) }),
    );
  }

  @Allow(staffOrChair)
  @Mutation(() => ApplicationInformationCancelPayload, {
    description: "Takes back what was asked: what was submitted stands as it is. Staff and the chair may.",
  })
  async applicationInformationCancel(
    @Arg("input", () => ApplicationInformationCancelInput, { description: "Of which application, and why." })
    { applicationId, why }: ApplicationInformationCancelInput,
    @Ctx() context: RequestContext,
  ) {
    return changeOne(context, applicationId, (application) =>
      cancelInformation(application, { viewer: viewerOf(context), why }),
    );
  }

  @Allow(ownApplication)
  @Mutation(() => ApplicationAmendPayload, {
    description:
      "Saves pieces of the sections that the viewer was asked for, as often as needed until its time is over. They count once " +
      "they are provided. A résumé that was asked for is handed in as any other.",
  })
  async applicationAmend(
    @Arg("input", () => ApplicationSaveInput, { description: "The pieces to save." }) input: ApplicationSaveInput,
    @Ctx() context: RequestContext,
  ) {
    const { applicationId, expectedVersion } = input;
    return changeOne(context, applicationId, (application, cohort) =>
      amendApplication(application, piecesOf(input), { cohort, now: context.now, expectedVersion }),
    );
  }

  @Allow(ownApplication)
  @Mutation(() => ApplicationInformationProvidePayload, {
    description:
      "Hands in the sections that the viewer was asked for. They take the place of what was submitted there, which is kept, " +
      "and everything is frozen again.",
  })
  async applicationInformationProvide(
    @Arg("input", () => ApplicationInformationProvideInput, { description: "Which application." })
    { applicationId, expectedVersion }: ApplicationInformationProvideInput,
    @Ctx() context: RequestContext,
  ) {
    return changeOne(context, applicationId, (application, cohort) =>
      provideInformation(application, { cohort, now: context.now, expectedVersion }),
    );
  }
}
