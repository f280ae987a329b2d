import { Arg, Args, Ctx, FieldResolver, Mutation, Resolver, Root } from "type-graphql";
import { readableApplication } from "../application/application.resolver.ts";
import { isRecusedFrom, mayRead, type Application } from "../application/application.ts";
import { ApplicationObject } from "../application/application.type.ts";
import type { Cohort } from "../cohort/cohort.ts";
import { CohortObject } from "../cohort/cohort.type.ts";
import { isSelf } from "../person/person.ts";
import { isStaff } from "../person/role.ts";
import { abilityOf } from "../shared/ability.ts";
import { carryOut, written } from "../shared/command.ts";
import { actorOf, viewerOf, type RequestContext } from "../shared/context.ts";
import { failure } from "../shared/failure.ts";
import { localId } from "../shared/node.ts";
import { PageArgs, pageOf } from "../shared/page.ts";
import { Allow, both, ofCohort, staff, staffOrCommittee, type Rule } from "../shared/rule.ts";
import {
  acceptOffer,
  answerRefusals,
  askDeferral,
  extendOffer,
  offerRefusals,
  refuseDeferral,
  setConditions,
  type Offer,
  type OfferState,
} from "./offer.ts";
import { listOffers, offerFrom } from "./offer.table.ts";
import {
  OfferAbilitiesObject,
  OfferAcceptInput,
  OfferAcceptPayload,
  OfferConditionsSetInput,
  OfferConditionsSetPayload,
  OfferConnection,
  OfferDeclineInput,
  OfferDeclinePayload,
  OfferDeferInput,
  OfferDeferPayload,
  OfferDeferRefusePayload,
  OfferDeferRequestInput,
  OfferDeferRequestPayload,
  OfferExtendInput,
  OfferExtendPayload,
  OfferObject,
  OfferStateEnum,
} from "./offer.type.ts";
import {
  declineOffer,
  deferOffer,
  inOffice,
  placeWith,
  type Leaving,
  type Offered,
  type PlaceRuling,
} from "./place.ts";
import { loadOffered, writePlace } from "./place.table.ts";

/** The candidate, and staff in their stead. Whoever else may see the application is told so. */
const candidateOrStaff: Rule = async ({ viewer, args, context }) => {
  if (!viewer) return "UNAUTHENTICATED";
  const { applicationId: id } = args["input"] as { applicationId: string };
  const application = await context.load.application(localId("Application", id));
  if (!application || !mayRead(viewer, application)) return "NOT_FOUND";
  return isSelf(viewer, application.personId) || isStaff(viewer) ? true : "FORBIDDEN";
};

/** Staff, for an application they may see. */
const staffOfApplication = both(readableApplication, staff);

@Resolver(() => OfferObject)
export class OfferResolver {
  @FieldResolver(() => ApplicationObject, {
    nullable: true,
    description: "The application that was accepted; null when the viewer may not see it.",
  })
  async application(@Root() { id }: Offer, @Ctx() { viewer, load }: RequestContext) {
    const application = await load.application(id);
    return application && mayRead(viewer, application) ? application : null;
  }

  @FieldResolver(() => OfferAbilitiesObject, { nullable: true, description: "What the viewer could do now." })
  async viewerCan(@Root() offer: Offer, @Ctx() context: RequestContext) {
    const viewer = viewerOf(context);
    const { now } = context;
    const isOwner = isSelf(viewer, offer.personId);
    const ofCandidate = abilityOf(viewer, isOwner || isStaff(viewer), "Only the candidate and staff can do this.");
    const ofStaff = abilityOf(viewer, isStaff(viewer) && !isOwner, "Only staff can do this, and not for themselves.");
    return {
      accept: ofCandidate(() => ({ refusals: answerRefusals(offer, "accept", now) })),
      decline: ofCandidate(() => ({ refusals: answerRefusals(offer, "decline", now) })),
      askDeferral: ofCandidate(() => ({ refusals: answerRefusals(offer, "askDeferral", now) })),
      defer: ofStaff(() => ({ refusals: offerRefusals(offer, "defer") })),
      extend: ofStaff(() => ({ refusals: answerRefusals(offer, "extend", now) })),
    };
  }

  @Allow(candidateOrStaff)
  @Mutation(() => OfferAcceptPayload, {
    description:
      "Accepts the offered place, before it lapses. The candidate may, and staff in their stead with a reason.",
  })
  async offerAccept(
    @Arg("input", () => OfferAcceptInput, { description: "Which place." }) input: OfferAcceptInput,
    @Ctx() context: RequestContext,
  ) {
    const acting = { viewer: viewerOf(context), why: input.why };
    return changePlace(context, input.applicationId, (place) =>
      placeWith(place, acceptOffer(place.offer, input, acting)),
    );
  }

  @Allow(candidateOrStaff)
  @Mutation(() => OfferDeclinePayload, {
    description:
      "Declines the offered place, before it lapses: the seat is free at once, for the first on the waitlist. The candidate may, " +
      "and staff in their stead with a reason.",
  })
  async offerDecline(
    @Arg("input", () => OfferDeclineInput, { description: "Which place." }) input: OfferDeclineInput,
    @Ctx() context: RequestContext,
  ) {
    const acting = { viewer: viewerOf(context), why: input.why };
    return changePlace(context, input.applicationId, (place, facts) =>
      declineOffer(place, input.reason, acting, facts),
    );
  }

  @Allow(candidateOrStaff)
  @Mutation(() => OfferDeferRequestPayload, {
    description:
      "Asks to take part in a later cohort instead. Staff decide; until then the offer goes on and has to be answered in time. " +
      "The candidate may, and staff in their stead with a reason.",
  })
  async offerDeferRequest(
    @Arg("input", () => OfferDeferRequestInput, { description: "Which place, and why." }) input: OfferDeferRequestInput,
    @Ctx() context: RequestContext,
  ) {
    const acting = { viewer: viewerOf(context), why: input.why };
    return changePlace(context, input.applicationId, (place) =>
      placeWith(place, askDeferral(place.offer, input.reason, acting)),
    );
  }

  @Allow(staffOfApplication)
  @Mutation(() => OfferDeferPayload, {
    description:
      "Lets a candidate who asked for it take part in a later cohort: the seat in this one is free. Staff may.",
  })
  async offerDefer(
    @Arg("input", () => OfferDeferInput, { description: "Which place, and why." }) input: OfferDeferInput,
    @Ctx() context: RequestContext,
  ) {
    return changePlace(context, input.applicationId, (place, facts) =>
      inOffice(place, viewerOf(context), () => deferOffer(place, input.why, facts)),
    );
  }

  @Allow(staffOfApplication)
  @Mutation(() => OfferDeferRefusePayload, {
    description: "Refuses a deferral that was asked for: the place stands as before. Staff may.",
  })
  async offerDeferRefuse(
    @Arg("input", () => OfferDeferInput, { description: "Which place, and why." }) input: OfferDeferInput,
    @Ctx() context: RequestContext,
  ) {
    return changePlace(context, input.applicationId, (place) =>
      inOffice(place, viewerOf(context), () => placeWith(place, refuseDeferral(place.offer, input.why))),
    );
  }

  @Allow(staffOfApplication)
  @Mutation(() => OfferExtendPayload, { description: "Gives a candidate more time for the answer. Staff may." })
  async offerExtend(
    @Arg("input", () => OfferExtendInput, { description: "Which place, until when, and why." })
    { applicationId, ...wish }: OfferExtendInput,
    @Ctx() context: RequestContext,
  ) {
    const viewer = viewerOf(context);
    return changePlace(context, applicationId, (place, { cohort }) =>
      inOffice(place, viewer, () => placeWith(place, extendOffer(place.offer, wish, { cohort, viewer }))),
    );
  }

  @Allow(staffOfApplication)
  @Mutation(() => OfferConditionsSetPayload, {
    description: "Says what a place is subject to, before it is answered; the candidate is told so by mail. Staff may.",
  })
  async offerConditionsSet(
    @Arg("input", () => OfferConditionsSetInput, { description: "Which place, what to, and why." })
    { applicationId, conditions = null, why }: OfferConditionsSetInput,
    @Ctx() context: RequestContext,
  ) {
    return changePlace(context, applicationId, (place, { now }) =>
      inOffice(place, viewerOf(context), () => placeWith(place, setConditions(place.offer, { conditions, why }, now))),
    );
  }
}

/** The offer, where applications are looked at. */
@Resolver(() => ApplicationObject)
export class ApplicationOfferResolver {
  @FieldResolver(() => OfferObject, {
    nullable: true,
    description:
      "The place that is offered to an accepted candidate; null when there is none. Mentors are told with their team.",
  })
  async offer(@Root() { id }: Application, @Ctx() { load }: RequestContext) {
    return load.offer(id);
  }
}

/** A cohort's offers, where staff and committee look for them. */
@Resolver(() => CohortObject)
export class CohortOffersResolver {
  @Allow(staffOrCommittee(ofCohort))
  @FieldResolver(() => OfferConnection, {
    nullable: true,
    description: "Offers of one state, the first to end first. Staff and committee may read it.",
  })
  async offers(
    @Root() cohort: Cohort,
    @Arg("state", () => OfferStateEnum, { defaultValue: "OFFERED", description: "Only this state." }) state: OfferState,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: RequestContext,
  ) {
    const of = { cohortId: cohort.id, state };
    return pageOf(
      page,
      { name: "offers", of, index: "byList" },
      (from) => listOffers(context.table, of, from),
      (item) => offerFrom(item)!,
      (item) => !isRecusedFrom(context.viewer, offerFrom(item)!.id),
    );
  }
}

/** Changes one place whose rule has let the viewer through; where nothing was offered there is nothing to find. */
async function changePlace<Code extends string>(
  context: RequestContext,
  opaqueId: string,
  decide: (place: Offered, facts: Leaving) => PlaceRuling<Code>,
) {
  const id = localId("Application", opaqueId);
  const openingId = context.ids.make("opn");
  const carried = await carryOut(context, {
    actor: actorOf(context),
    load: async () => {
      const place = await loadOffered(context.table, id);
      if (!place) throw failure("NOT_FOUND");
      return place;
    },
    decide: ({ cohort, ...place }) => decide(place, { cohort, now: context.now, openingId }),
    write: (next, { cohort, ...before }) => writePlace(next, before, cohort),
  });
  context.load.forget();
  if (carried.status === "refused") return { offer: carried.loaded.offer, userErrors: carried.refusals };
  const { loaded } = carried;
  const offer = carried.status === "done" ? carried.outcome.offer! : loaded.offer;
  return { offer: offer === loaded.offer ? offer : written(offer), userErrors: [] };
}
