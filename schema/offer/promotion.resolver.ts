import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import { readableApplication } from "../application/application.resolver.ts";
import {
  applicationFrom,
  applicationKey,
  nextApplicationNumber,
  writeNewApplication,
} from "../application/application.table.ts";
import { applicationIds, theOneThatCounts } from "../application/application.ts";
import { cohortFrom, cohortKey, seatsFrom, seatsKey } from "../cohort/cohort.table.ts";
import { conflictsIn } from "../decision/conflict.resolver.ts";
import { writeDecision } from "../decision/decision.table.ts";
import type { Person } from "../person/person.ts";
import { loadLivePerson, writePerson } from "../person/person.table.ts";
import { carryOut, hashOf, written } from "../shared/command.ts";
import { actorOf, viewerOf, type RequestContext } from "../shared/context.ts";
import { failure } from "../shared/failure.ts";
import { globalId } from "../shared/id.ts";
import { localId } from "../shared/node.ts";
import { Allow, both, staff } from "../shared/rule.ts";
import { checkVersion } from "../shared/write.ts";
import { mayTakeUp, takeUpDeferral } from "./deferral.ts";
import { carryOutOpening } from "./offer.due.ts";
import { offerFrom, offerKey, writeOffer } from "./offer.table.ts";
import {
  OfferFromDeferralInput,
  OfferFromDeferralPayload,
  OfferPromoteInput,
  OfferPromotePayload,
} from "./offer.type.ts";
import { MOST_PROMOTED, type Opening } from "./opening.ts";
import { openingFrom, openingKey, writeOpening } from "./opening.table.ts";
import { loadOffered, loadWaitlist } from "./place.table.ts";
import { nothingToPromote, promotionRows, startPromotion, type PromotionRow } from "./promotion.ts";

@Resolver()
export class PromotionResolver {
  @Allow(staff)
  @Mutation(() => OfferPromotePayload, {
    description:
      "Gives a cohort's free seats to the waitlist, the best rank first: each is accepted and offered the place. First call it " +
      "with `dryRun`, look, then confirm with the token. Where the policy is AUTOMATIC a freed seat needs no such call. Staff may, " +
      "but nobody whose own application is to be decided.",
  })
  async offerPromote(
    @Arg("input", () => OfferPromoteInput, { description: "Whose seats." }) input: OfferPromoteInput,
    @Ctx() context: RequestContext,
  ) {
    const cohortId = localId("Cohort", input.cohortId);
    const { dryRun, confirmToken, idempotencyKey } = input;
    const { person } = viewerOf(context);
    if (!(await context.load.cohort(cohortId))) throw failure("NOT_FOUND");
    const refused = await conflictsIn(context, cohortId, "CANDIDATE");
    if (refused.length > 0) return { rows: null, confirmToken: null, userErrors: refused };
    const load = () => loadRows(context, cohortId);
    const tokenOf = (rows: readonly PromotionRow[]) => hashOf({ cohortId, rows });
    if (dryRun) {
      const rows = await load();
      if (rows.length === 0) return { rows: null, confirmToken: null, userErrors: [nothingToPromote] };
      return { rows: rows.map((row) => rowOf(row.applicationId, false)), confirmToken: tokenOf(rows), userErrors: [] };
    }
    const ids = Array.from({ length: MOST_PROMOTED }, () => context.ids.make("opn"));
    const carried = await carryOut(context, {
      actor: actorOf(context),
      load,
      decide: (rows) =>
        startPromotion(rows, {
          idOf: (index) => ids[index]!,
          cohortId,
          byPersonId: person.id,
          now: context.now,
          currentToken: tokenOf(rows),
          confirmToken,
        }),
      write: (openings) => openings.flatMap(writeOpening),
      once: {
        personId: person.id,
        operation: "offerPromote",
        key: idempotencyKey,
        input: { cohortId, confirmToken },
        keep: (openings) => ({ openingIds: openings.map(({ id }) => id) }),
      },
    });
    if (carried.status === "refused") return { rows: null, confirmToken: null, userErrors: carried.refusals };
    const openings =
      carried.status === "done" ? carried.outcome.map(written) : await keptOpenings(context, carried.kept);
    const promoted = new Set<string | null>();
    for (const opening of openings) promoted.add((await carryOutOpening(context, opening)).promoted);
    context.load.forget();
    const confirmed = openings[0]?.confirmed ?? [];
    return { rows: confirmed.map((id) => rowOf(id, promoted.has(id))), confirmToken: null, userErrors: [] };
  }

  @Allow(both(readableApplication, staff))
  @Mutation(() => OfferFromDeferralPayload, {
    description:
      "Offers a deferred place in a later cohort: an application there with what was submitted then, accepted, with a seat and an " +
      "offer of its own. Staff may, but not for themselves.",
  })
  async offerFromDeferral(
    @Arg("input", () => OfferFromDeferralInput, { description: "Whose place, where, and why." })
    { applicationId, cohortId, why, idempotencyKey }: OfferFromDeferralInput,
    @Ctx() context: RequestContext,
  ) {
    const { table } = context;
    const viewer = viewerOf(context);
    const id = localId("Application", applicationId);
    const later = localId("Cohort", cohortId);
    const carried = await carryOut(context, {
      actor: actorOf(context),
      load: () => loadDeferred(context, id, later),
      decide: (deferred) => takeUpDeferral(deferred, { viewer, number: deferred.number, why }),
      write: (next, { cohort, recused }) => [
        ...writeNewApplication(next.application),
        ...writeDecision(next.decision, undefined, cohort),
        checkVersion(cohortKey(cohort.id), cohort.version),
        ...writeOffer(next.offer),
        ...writeOffer(next.deferred),
        ...next.recused.flatMap((person, index) => writePerson(person, recused[index]!)),
      ],
      once: {
        personId: viewer.person.id,
        operation: "offerFromDeferral",
        key: idempotencyKey,
        input: { id, later, why },
        keep: (next) => ({ applicationId: next.application.id }),
      },
    });
    context.load.forget();
    if (carried.status === "refused") return { offer: null, userErrors: carried.refusals };
    if (carried.status === "done") return { offer: written(carried.outcome.offer), userErrors: [] };
    return { offer: offerFrom(await table.get(offerKey(carried.kept["applicationId"] as string))), userErrors: [] };
  }
}

async function loadRows({ table }: RequestContext, cohortId: string): Promise<PromotionRow[]> {
  const [cohort, seats] = await table.getMany([cohortKey(cohortId), seatsKey(cohortId)]);
  const waitlist = await loadWaitlist(table, { cohortId, kind: "CANDIDATE", limit: MOST_PROMOTED });
  return promotionRows({ cohort: cohortFrom(cohort)!, seatsTaken: seatsFrom(seats), waitlist });
}

async function keptOpenings({ table }: RequestContext, kept: Record<string, unknown>): Promise<Opening[]> {
  const items = await table.getMany((kept["openingIds"] as string[]).map(openingKey));
  return items.flatMap((item) => openingFrom(item) ?? []);
}

async function loadDeferred(context: RequestContext, id: string, cohortId: string) {
  const { table } = context;
  const [place, cohort] = await Promise.all([loadOffered(table, id), table.get(cohortKey(cohortId)).then(cohortFrom)]);
  if (!place || !cohort) throw failure("NOT_FOUND");
  const { application, offer, cohort: earlier } = place;
  const person = await loadLivePerson(table, application.personId);
  if (!person) throw failure("NOT_FOUND");
  const keys = applicationIds(cohortId, application.kind, person).map(applicationKey);
  const [existing, recused] = await Promise.all([
    table.getMany(keys).then((items) => theOneThatCounts(items.map(applicationFrom))),
    Promise.all(application.recusals.map(({ personId }) => loadLivePerson(table, personId))).then(distinct),
  ]);
  const number = mayTakeUp({ offer, earlier, cohort, existing }) ? await nextApplicationNumber(table, cohort) : "";
  return { application, offer, earlier, cohort, existing, number, recused };
}

/** Two records of one person may both be recused. */
function distinct(people: readonly (Person | undefined)[]): Person[] {
  return [...new Map(people.flatMap((person) => (person ? [[person.id, person] as const] : []))).values()];
}

function rowOf(applicationId: string, promoted: boolean) {
  return { applicationId: globalId("Application", applicationId), promoted };
}
