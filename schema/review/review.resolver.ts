import { Arg, Ctx, FieldResolver, Float, Mutation, Resolver, Root } from "type-graphql";
import { readableApplication } from "../application/application.resolver.ts";
import { mayRead } from "../application/application.ts";
import { ApplicationObject } from "../application/application.type.ts";
import { loadLivePerson, writePerson } from "../person/person.table.ts";
import { isSelf } from "../person/person.ts";
import { PersonObject } from "../person/person.type.ts";
import { Ability, abilityOf } from "../shared/ability.ts";
import { carryOut, written } from "../shared/command.ts";
import { actorOf, viewerOf, type RequestContext } from "../shared/context.ts";
import type { Decision } from "../shared/decision.ts";
import { failure } from "../shared/failure.ts";
import { localId } from "../shared/node.ts";
import { Allow, both, type Rule } from "../shared/rule.ts";
import { loadReviewing, writeAssigned, type Reviewing } from "./load.table.ts";
import { visibleReview } from "./reading.ts";
import { mayAssign, type Assigned, type Review } from "./review.ts";
import {
  ReviewConflictDeclareInput,
  ReviewConflictDeclarePayload,
  ReviewMarkObject,
  ReviewObject,
  ReviewReopenInput,
  ReviewReopenPayload,
  ReviewSaveInput,
  ReviewSavePayload,
  ReviewSubmitInput,
  ReviewSubmitPayload,
} from "./review.type.ts";
import { reviewerOf } from "./reviewer.ts";
import { declareConflict, meanOf, reopenReview, saveReview, submitReview } from "./scoring.ts";

/** Staff and the chair of the committee that the application in the input is for. */
export const assigner: Rule = async ({ viewer, args, context }) => {
  const { applicationId } = args["input"] as { applicationId: string };
  const application = await context.load.application(localId("Application", applicationId));
  return application && mayAssign(viewer, application) ? true : "FORBIDDEN";
};

@Resolver(() => ReviewObject)
export class ReviewResolver {
  @FieldResolver(() => PersonObject, { nullable: true, description: "Whose review it is." })
  async reviewer(@Root() { personId }: Review, @Ctx() { load }: RequestContext) {
    return load.person(personId);
  }

  @FieldResolver(() => ApplicationObject, {
    nullable: true,
    description: "What is reviewed; null when the viewer may not see it any more.",
  })
  async application(@Root() { applicationId }: Review, @Ctx() { load, viewer }: RequestContext) {
    const application = await load.application(applicationId);
    return application && mayRead(viewer, application) ? application : null;
  }

  @FieldResolver(() => [ReviewMarkObject], { description: "By criterion, as they were asked." })
  marks(@Root() { criteria, marks }: Review): ReviewMarkObject[] {
    return criteria.map(({ id, name, kind, weight }) => {
      const { score, isMet = null, comment = null } = marks[id] ?? {};
      return { criterionId: id, name, kind, weight, score: score ?? null, abstains: score === null, isMet, comment };
    });
  }

  @FieldResolver(() => Float, {
    nullable: true,
    description: "What the scores come to so far, by weight; null when there is none to see.",
  })
  mean(@Root() review: Review): number | null {
    return meanOf(review);
  }

  @FieldResolver(() => Ability, {
    description: "Whether the viewer could submit it now; the reasons name what is missing.",
  })
  async viewerCanSubmit(@Root() review: Review, @Ctx() context: RequestContext): Promise<Ability> {
    const viewer = viewerOf(context);
    const [application, cohort] = await Promise.all([
      context.load.application(review.applicationId),
      context.load.cohort(review.cohortId),
    ]);
    const ofReviewer = abilityOf(viewer, isSelf(viewer, review.personId), "Only the reviewer can do this.");
    return ofReviewer(() =>
      application && cohort ? submitReview(review, { application, viewer, cohort }) : { refusals: [] },
    );
  }

  @Allow(readableApplication)
  @Mutation(() => ReviewConflictDeclarePayload, {
    description:
      "Declares that the viewer has no conflict with an application, which opens it to them, or that they have one: then they " +
      "are kept away from it, review it no more, and whoever assigned them is told. Committee and staff may.",
  })
  async reviewConflictDeclare(
    @Arg("input", () => ReviewConflictDeclareInput, { description: "Whether, and why." })
    { applicationId, hasConflict, why }: ReviewConflictDeclareInput,
    @Ctx() context: RequestContext,
  ) {
    const viewer = viewerOf(context);
    const wanted = await wantedOf(context, applicationId);
    const carried = await carryOut(context, {
      actor: actorOf(context),
      load: async () => {
        const [found, person] = await Promise.all([
          loadReviewing(context.table, wanted),
          loadLivePerson(context.table, viewer.person.id),
        ]);
        if (!found || !person) throw failure("NOT_FOUND");
        return { ...found, person, review: found.reviews[0] };
      },
      decide: (loaded) => declareConflict(loaded, { viewer, cohort: loaded.cohort, hasConflict, why }),
      write: (next, before) => [
        ...writeAssigned(next, before),
        ...(next.person === before.person ? [] : writePerson(next.person, before.person)),
      ],
    });
    context.load.forget();
    if (carried.status !== "done") {
      const { application, review = null } = carried.loaded;
      return { application, review, userErrors: carried.status === "refused" ? carried.refusals : [] };
    }
    const { application, person, reviews } = carried.outcome;
    if (!mayRead({ ...viewer, person }, application)) return { application: null, review: null, userErrors: [] };
    return { application: written(application), review: reviews[0] ? written(reviews[0]) : null, userErrors: [] };
  }

  @Allow(readableApplication)
  @Mutation(() => ReviewSavePayload, {
    description:
      "Saves pieces of the viewer's review. Nothing needs to be finished; nobody else sees it before it is in.",
  })
  async reviewSave(
    @Arg("input", () => ReviewSaveInput, { description: "The pieces to save." }) input: ReviewSaveInput,
    @Ctx() context: RequestContext,
  ) {
    const { applicationId, expectedVersion, marks, comments, ...pieces } = input;
    const viewer = viewerOf(context);
    return changeReview(context, { applicationId }, ({ application, reviews: [review] }) => {
      const given = { ...pieces, marks: marks ?? undefined, comments: comments ?? undefined };
      const saved = saveReview(review, given, { application, viewer, expectedVersion });
      return "refusals" in saved ? saved : { outcome: { application, reviews: [saved.outcome] }, events: saved.events };
    });
  }

  @Allow(readableApplication)
  @Mutation(() => ReviewSubmitPayload, {
    description: "Submits the viewer's review. From now on it counts, and the others' open to the viewer.",
  })
  async reviewSubmit(
    @Arg("input", () => ReviewSubmitInput, { description: "Which review." }) input: ReviewSubmitInput,
    @Ctx() context: RequestContext,
  ) {
    const { applicationId, expectedVersion } = input;
    const viewer = viewerOf(context);
    return changeReview(context, { applicationId }, ({ application, cohort, reviews: [review] }) =>
      submitReview(review, { application, cohort, viewer, expectedVersion }),
    );
  }

  @Allow(both(readableApplication, assigner))
  @Mutation(() => ReviewReopenPayload, {
    description:
      "Opens a submitted review again before the decision; it counts no more until it is in. Staff and the chair may.",
  })
  async reviewReopen(
    @Arg("input", () => ReviewReopenInput, { description: "Whose, of what, and why." })
    { applicationId, personId, why }: ReviewReopenInput,
    @Ctx() context: RequestContext,
  ) {
    const viewer = viewerOf(context);
    const of = { applicationId, personId: localId("Person", personId) };
    return changeReview(context, of, ({ application, cohort, reviews: [review] }) =>
      reopenReview(review, { application, cohort, viewer, why }),
    );
  }
}

/** What to load of an application in the input, with the review of somebody, or of the viewer. */
export async function wantedOf(context: RequestContext, opaqueId: string, personId?: string) {
  const application = await context.load.application(localId("Application", opaqueId));
  if (!application) throw failure("NOT_FOUND");
  const asked = personId === undefined ? context.viewer : await viewerLike(context, personId);
  const reviewerId = reviewerOf(application, asked)?.personId ?? personId ?? viewerOf(context).person.id;
  const { id, cohortId, personId: applicantId } = application;
  return { applicationId: id, cohortId, applicantId, reviewerIds: [reviewerId] };
}

async function viewerLike({ load, now }: RequestContext, personId: string) {
  const person = await load.person(personId);
  return person ? { person, now } : null;
}

async function changeReview<Code extends string>(
  context: RequestContext,
  of: { applicationId: string; personId?: string },
  decide: (loaded: Reviewing) => Decision<Assigned, Code>,
) {
  const wanted = await wantedOf(context, of.applicationId, of.personId);
  const carried = await carryOut<Reviewing, Assigned, Code>(context, {
    actor: actorOf(context),
    load: async () => {
      const found = await loadReviewing(context.table, wanted);
      if (!found) throw failure("NOT_FOUND");
      return found;
    },
    decide,
    write: writeAssigned,
  });
  context.load.forget();
  const { viewer } = context;
  const shown = (application: Reviewing["application"], review: Review | undefined) => ({
    application,
    review: review ? visibleReview(viewer, application, review) : null,
  });
  if (carried.status !== "done") {
    const { application, reviews } = carried.loaded;
    const userErrors = carried.status === "refused" ? carried.refusals : [];
    return { ...shown(application, reviews[0]), userErrors };
  }
  const { application, reviews } = carried.outcome;
  const isWritten = application !== carried.loaded.application;
  const review = reviews[0] && written(reviews[0]);
  return { ...shown(isWritten ? written(application) : application, review), userErrors: [] };
}
