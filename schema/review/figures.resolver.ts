import { Arg, Args, Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import { listOfCohort, applicationFrom } from "../application/application.table.ts";
import {
  isRecusedFrom,
  mayReadContent,
  organizationOf,
  type Application,
  type ApplicationKind,
} from "../application/application.ts";
import { ApplicationKindEnum, ApplicationObject, OrganizationObject } from "../application/application.type.ts";
import type { Cohort } from "../cohort/cohort.ts";
import { CohortObject } from "../cohort/cohort.type.ts";
import { idsOf, isSelf, type Viewer } from "../person/person.ts";
import { isCommittee } from "../person/role.ts";
import { PersonObject } from "../person/person.type.ts";
import { viewerOf, type RequestContext } from "../shared/context.ts";
import { everyItem } from "../shared/every-item.ts";
import { globalId } from "../shared/id.ts";
import { PageArgs, pageOf } from "../shared/page.ts";
import { Allow, ofCohort, officeNotOwn, staffOrCommittee } from "../shared/rule.ts";
import { ViewerObject } from "../viewer/viewer.type.ts";
import { overviewOf } from "./overview.ts";
import { feedbackIn, mayReadFigures, visibleReview, visibleReviewers } from "./reading.ts";
import { listReviewsOf, reviewFrom } from "./review.table.ts";
import { mayAssign } from "./review.ts";
import {
  LateReviewerObject,
  ReviewConnection,
  ReviewerObject,
  ReviewObject,
  ReviewOverviewObject,
  ReviewSummaryObject,
  SuspicionEnum,
} from "./review.type.ts";
import { figuresOf, isLate, type Reviewer } from "./reviewer.ts";
import { partnerOf } from "../joint/joint.ts";
import { suspicionsOf, type Suspicion } from "./suspicion.ts";

/** A reviewer where they are looked at. */
type Shown = Reviewer & { application: Application };

@Resolver(() => ReviewerObject)
export class ReviewerResolver {
  @FieldResolver(() => PersonObject, { nullable: true, description: "Who." })
  async person(@Root() { personId }: Shown, @Ctx() { load }: RequestContext) {
    return load.person(personId);
  }

  @FieldResolver(() => [SuspicionEnum], {
    description: "What looks like a conflict. The reviewer, staff and the chair read it; empty to others.",
  })
  async suspicions(@Root() { application, personId }: Shown, @Ctx() context: RequestContext): Promise<Suspicion[]> {
    const { viewer } = context;
    if (!isSelf(viewer, personId) && !mayAssign(viewer, application)) return [];
    return suspicionsAbout(context, application, personId);
  }
}

/** The reviews, where their application is looked at. */
@Resolver(() => ApplicationObject)
export class ApplicationReviewResolver {
  @FieldResolver(() => OrganizationObject, {
    nullable: true,
    description:
      "Where the applicant works, as submitted, or as drafted before. Whoever may see the application reads it, also before " +
      "they have said whether they have a conflict.",
  })
  organization(@Root() application: Application) {
    return organizationOf(application);
  }

  @Allow(officeNotOwn)
  @FieldResolver(() => ReviewSummaryObject, {
    nullable: true,
    description:
      "How its reviews stand. Staff and committee may read it, but nobody about their own application; no figures for whoever " +
      "still reviews it.",
  })
  async review(@Root() application: Application, @Ctx() context: RequestContext) {
    const { viewer, now } = context;
    const cohort = await context.load.cohort(application.cohortId);
    if (!cohort) return null;
    const { review } = cohort.policy;
    const { isToDiscuss, ...figures } = figuresOf(application, review);
    const hidden = { count: null, mean: null, median: null, spread: null };
    const isVisible = mayReadFigures(viewer, application);
    return {
      needed: review.perApplication,
      ...(isVisible ? figures : hidden),
      flags: isVisible && isToDiscuss ? ["DISCUSS"] : [],
      reviewers: visibleReviewers(viewer, application).map((reviewer) => {
        return shownReviewer(reviewer, { application, now });
      }),
      isOpen: mayReadContent(viewer, application),
      suspicions: () => ownSuspicions(context, application),
    };
  }

  @Allow(officeNotOwn)
  @FieldResolver(() => [ReviewObject], {
    nullable: true,
    description:
      "Its reviews, as far as the viewer may know of them. Staff and committee may read it, but nobody about their own " +
      "application.",
  })
  async reviews(@Root() application: Application, @Ctx() { load, viewer }: RequestContext) {
    const reviewers = visibleReviewers(viewer, application);
    const found = await Promise.all(reviewers.map(({ personId }) => load.review(application.id, personId)));
    return found.flatMap((review) => (review && visibleReview(viewer, application, review)) ?? []);
  }

  @FieldResolver(() => [String], {
    description: "What reviewers wrote for the applicant, who reads it once a decision is told; empty to others.",
  })
  async feedback(@Root() application: Application, @Ctx() { load, viewer }: RequestContext): Promise<string[]> {
    const decision = isSelf(viewer, application.personId) ? await load.decision(application.id) : undefined;
    if (!decision?.told) return [];
    const { reviewers = [] } = application;
    const found = await Promise.all(reviewers.map(({ personId }) => load.review(application.id, personId)));
    return feedbackIn(found.flatMap((review) => review ?? []));
  }
}

/** How the review of a cohort goes. */
@Resolver(() => CohortObject)
export class CohortReviewResolver {
  @Allow(staffOrCommittee(ofCohort))
  @FieldResolver(() => ReviewOverviewObject, {
    nullable: true,
    complexity: 500,
    description:
      "What asks for attention in the review: who reviews nothing, too little, too differently, too late. Staff and committee " +
      "may read it. It counts as 500 fields.",
  })
  async reviewOverview(
    @Root() { id: cohortId, policy }: Cohort,
    @Arg("kind", () => ApplicationKindEnum, { defaultValue: "CANDIDATE", description: "Of which applications." })
    kind: ApplicationKind,
    @Ctx() { table, viewer, now }: RequestContext,
  ) {
    const of = { cohortId, kind, list: "SUBMITTED", state: null } as const;
    const items = await everyItem((page) => listOfCohort(table, of, page));
    const readable = items.map((item) => applicationFrom(item)!).filter((one) => mayReadFigures(viewer, one));
    const { rows, ...overview } = overviewOf(readable, { policy: policy.review, now });
    const named = (list: keyof typeof rows) =>
      rows[list].map(({ id, number, assigned, submitted, spread }) => {
        return { applicationId: globalId("Application", id), number, assigned, submitted, spread };
      });
    return { ...overview, unassigned: named("unassigned"), tooFew: named("tooFew"), toDiscuss: named("toDiscuss") };
  }
}

@Resolver(() => LateReviewerObject)
export class LateReviewerResolver {
  @FieldResolver(() => PersonObject, { nullable: true, description: "Who." })
  async person(@Root() { personId }: { personId: string }, @Ctx() { load }: RequestContext) {
    return load.person(personId);
  }
}

/** The viewer's own work as a reviewer. */
@Resolver(() => ViewerObject)
export class ViewerReviewsResolver {
  @FieldResolver(() => ReviewConnection, { description: "Reviews that were assigned to the viewer, the latest first." })
  async reviews(@Root() viewer: Viewer, @Args(() => PageArgs) page: PageArgs, @Ctx() { table }: RequestContext) {
    const { person } = viewer;
    const ask = (from: Parameters<typeof listReviewsOf>[2]) => listReviewsOf(table, idsOf(person), from);
    const list = { name: "reviews", of: { personId: person.id }, index: "byWho" } as const;
    const isTheirs = (review: ReturnType<typeof reviewFrom>) =>
      review !== undefined && review.state !== "ENDED" && !isRecusedFrom(viewer, review.applicationId);
    return pageOf(
      page,
      list,
      ask,
      (item) => reviewFrom(item)!,
      (item) => isTheirs(reviewFrom(item)),
    );
  }
}

function shownReviewer(reviewer: Reviewer, { application, now }: { application: Application; now: string }) {
  return { ...reviewer, mean: reviewer.mean ?? null, isLate: isLate(reviewer, now), application };
}

async function ownSuspicions(context: RequestContext, application: Application): Promise<Suspicion[]> {
  const viewer = viewerOf(context);
  return isCommittee(viewer, application.cohortId) ? suspicionsAbout(context, application, viewer.person.id) : [];
}

async function suspicionsAbout(
  { load }: RequestContext,
  application: Application,
  personId: string,
): Promise<Suspicion[]> {
  const [cohort, applicant, member, joint] = await Promise.all([
    load.cohort(application.cohortId),
    load.person(application.personId),
    load.person(personId),
    load.jointOf(application.id),
  ]);
  if (!cohort || !applicant || !member) return [];
  const partnerId = joint?.state === "LINKED" ? partnerOf(joint, application.id)?.personId : null;
  return suspicionsOf({ application, applicant, member, partnerId, policy: cohort.policy.review });
}
