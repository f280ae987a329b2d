import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import type { Application } from "../application/application.ts";
import { readableApplication } from "../application/application.resolver.ts";
import { seatsFrom, seatsKey } from "../cohort/cohort.table.ts";
import { carryOut, hashOf, written } from "../shared/command.ts";
import { actorOf, viewerOf, type RequestContext } from "../shared/context.ts";
import { offerFrom, offerKey } from "../offer/offer.table.ts";
import { withReversedOffer } from "../offer/reversed.ts";
import { confirmRefusals, isRefused, type Decision as Ruling } from "../shared/decision.ts";
import { globalId } from "../shared/id.ts";
import { localId } from "../shared/node.ts";
import { Allow, both, type Rule } from "../shared/rule.ts";
import { loadTies } from "../team/leaving.table.ts";
import { conflictsIn } from "./conflict.resolver.ts";
import { loadTogether } from "./decision.resolver.ts";
import { decisionFrom, decisionKey } from "./decision.table.ts";
import { visibleDecision, type Decision, type DecisionEvent } from "./decision.ts";
import { weighReversal, type KnockOn } from "./knock-on.ts";
import { DecisionReverseInput, DecisionReversePayload } from "./reversal.type.ts";
import { writeReversed } from "./reversal.table.ts";
import { mayPropose } from "./row.ts";
import { loadWaitlist } from "./slate.table.ts";

/** Staff and the chair of the application's cohort. */
const reverser: Rule = async ({ viewer, args, context }) => {
  const { applicationId } = args["input"] as { applicationId: string };
  const application = await context.load.application(localId("Application", applicationId));
  return (application && mayPropose(viewer, application.cohortId)) || "FORBIDDEN";
};

@Resolver()
export class ReversalResolver {
  @Allow(both(readableApplication, reverser))
  @Mutation(() => DecisionReversePayload, {
    description:
      "Replaces a decision that the applicant knows by another, which they are told at once by one mail of correction. First call " +
      "it with `dryRun`, look at everything that follows, then confirm with the token. Staff and the chair may, but nobody for " +
      "their own application; what led to a certificate stands.",
  })
  async decisionReverse(
    @Arg("input", () => DecisionReverseInput, { description: "Which decision, and what instead." })
    input: DecisionReverseInput,
    @Ctx() context: RequestContext,
  ) {
    const { applicationId, expectedVersion, dryRun, confirmToken, idempotencyKey, ...terms } = input;
    const id = localId("Application", applicationId);
    const viewer = viewerOf(context);
    const facts = { id: context.ids.make("rev"), viewer, expectedVersion };
    const openingId = context.ids.make("opn");
    const load = async () => {
      const [found, offer] = await Promise.all([
        loadTogether(context, id),
        context.table.get(offerKey(id)).then(offerFrom),
      ]);
      const [around, ties] = await Promise.all([
        surroundingsOf(context, found.application),
        loadTies(context.table, found.application),
      ]);
      const ruling = weighReversal(found, terms, { ...facts, ...around, ties, cohort: found.cohort });
      const knockOns = isRefused(ruling) ? [] : ruling.outcome.knockOns;
      return {
        ...found,
        offer,
        ties,
        ruling,
        knockOns,
        token: hashOf({ id, terms, version: found.decision?.version, knockOns }),
      };
    };
    const answer = (
      { decision, application }: { decision: Decision | undefined; application: Application },
      knockOns: readonly KnockOn[] | null,
      userErrors: readonly object[] = [],
    ) => ({
      decision: decision ? visibleDecision(context.viewer, decision, application) : null,
      knockOns: knockOns?.map(named) ?? null,
      confirmToken: null,
      userErrors,
    });
    if (dryRun) {
      const { ruling, knockOns, token, ...found } = await load();
      if (isRefused(ruling)) return answer(found, null, ruling.refusals);
      return { ...answer(found, knockOns), confirmToken: token };
    }
    const carried = await carryOut(context, {
      actor: actorOf(context),
      load,
      decide: ({ ruling, token, offer, ties, decision, cohort }) =>
        withReversedOffer(
          confirmed(ruling, { given: confirmToken, wanted: token }),
          { offer, ties, heldSeat: decision?.holdsSeat === true },
          { cohort, now: context.now, openingId },
        ),
      write: (next, { decision, cohort, ties }) => writeReversed(next, { decision: decision!, cohort, ties }),
      once: {
        personId: viewer.person.id,
        operation: "decisionReverse",
        key: idempotencyKey,
        input: { id, terms, confirmToken },
        keep: () => ({}),
      },
    });
    context.load.forget();
    if (carried.status === "refused") return answer(carried.loaded, null, carried.refusals);
    if (carried.status === "done") {
      const { decision, application } = carried.outcome;
      return answer({ decision: written(decision), application }, carried.loaded.knockOns);
    }
    return answer(await loadTogether(context, id), []);
  }
}

/** Seats and waitlist as they are now; who is next is for nobody who has a conflict among these applications. */
async function surroundingsOf(context: RequestContext, { cohortId, kind }: Application) {
  const { table } = context;
  const [seats, waitlist, conflicts] = await Promise.all([
    table.get(seatsKey(cohortId)),
    loadWaitlist(table, cohortId, kind),
    conflictsIn(context, cohortId, kind),
  ]);
  const ids = conflicts.length > 0 ? [] : waitlist.map(({ applicationId }) => applicationId);
  const found = (await table.getMany(ids.map(decisionKey))).flatMap((item) => decisionFrom(item) ?? []);
  return { seatsTaken: seatsFrom(seats), waitlist, decisions: new Map(found.map((one) => [one.id, one])) };
}

function named(knockOn: KnockOn): KnockOn {
  const { applicationId } = knockOn;
  return { ...knockOn, applicationId: applicationId === null ? null : globalId("Application", applicationId) };
}

function confirmed<Outcome, Code extends string>(
  ruling: Ruling<Outcome, Code, DecisionEvent>,
  tokens: Parameters<typeof confirmRefusals>[0],
): Ruling<Outcome, Code | "STALE" | "CONFIRM_TOKEN_REQUIRED", DecisionEvent> {
  if (isRefused(ruling)) return ruling;
  const refusals = confirmRefusals(
    tokens,
    "What follows has changed since you looked: please look again and confirm anew.",
  );
  return refusals.length > 0 ? { refusals } : ruling;
}
