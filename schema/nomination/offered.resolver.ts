import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import { maySee } from "../cohort/cohort.resolver.ts";
import { tokenParts } from "../link/link.ts";
import { writeLink } from "../link/link.table.ts";
import { carryOut, hashOf } from "../shared/command.ts";
import type { RequestContext } from "../shared/context.ts";
import { failure } from "../shared/failure.ts";
import { localId } from "../shared/node.ts";
import { Allow, anyone } from "../shared/rule.ts";
import { writeNomination } from "./nomination.table.ts";
import { confirmNomination, offerNomination } from "./offered.ts";
import { loadCounted, loadOffer, writeCounted } from "./offered.table.ts";
import {
  NominationConfirmInput,
  NominationConfirmPayload,
  NominationOfferInput,
  NominationOfferPayload,
} from "./offered.type.ts";
import { emailOf } from "./request.ts";

/** What somebody does who nominates without being asked, and without an account. */
@Resolver()
export class NominationOfferResolver {
  @Allow(anyone)
  @Mutation(() => NominationOfferPayload, {
    description:
      "Offers a letter that nobody has asked for. Anyone may, signed in or not. It counts once whoever it says wrote it has " +
      "confirmed that by the link of a mail, within three days; until then nobody reads it. Nothing tells whether there is an " +
      "application. At most five a day in the name of one address.",
  })
  async nominationOffer(
    @Arg("input", () => NominationOfferInput, { description: "The letter." }) input: NominationOfferInput,
    @Ctx() context: RequestContext,
  ) {
    const { idempotencyKey, cohortId, ...wish } = input;
    const cohort = await context.load.cohort(localId("Cohort", cohortId));
    if (!cohort || !maySee(null, cohort)) throw failure("NOT_FOUND");
    const { table, now, ids } = context;
    const [id, linkId, from] = [ids.make("nom"), ids.make("lnk"), emailOf(wish.nominatorEmail)];
    const carried = await carryOut(context, {
      actor: { kind: "LINK", id: linkId },
      load: async () => ({ offeredToday: await loadCounted(table, { what: "OFFERED", email: from, now }) }),
      decide: (loaded) => offerNomination(wish, { id, linkId, cohort, now, ...loaded }),
      write: ({ nomination, link, offeredToday }) => [
        ...writeNomination(nomination),
        ...writeLink(link),
        ...writeCounted(offeredToday, { what: "OFFERED", email: from, now }),
      ],
      once: {
        personId: hashOf(from),
        operation: "nominationOffer",
        key: idempotencyKey,
        input: { cohortId, ...wish },
        keep: ({ link }) => ({ confirmUntil: link.expiresAt }),
      },
    });
    if (carried.status === "refused") return { confirmUntil: null, userErrors: carried.refusals };
    if (carried.status === "done") return { confirmUntil: carried.outcome.link.expiresAt, userErrors: [] };
    return { confirmUntil: carried.kept["confirmUntil"], userErrors: [] };
  }

  @Allow(anyone)
  @Mutation(() => NominationConfirmPayload, {
    description:
      "Says that one has written the letter that was offered in one's name. Whoever holds the link may; done again, nothing " +
      "changes. From then on it waits for an application by whom it is about.",
  })
  async nominationConfirm(
    @Arg("input", () => NominationConfirmInput, { description: "The link." }) { token }: NominationConfirmInput,
    @Ctx() context: RequestContext,
  ) {
    const { table, now } = context;
    const carried = await carryOut(context, {
      actor: { kind: "LINK", id: tokenParts(token)?.id ?? "" },
      load: () => loadOffer(table, token, now),
      decide: (found) => confirmNomination(found, now),
      write: (next, { link, offered, toldToday }) => [
        ...(next.link === link ? [] : writeLink(next.link)),
        ...(next.nomination === offered?.nomination ? [] : writeNomination(next.nomination)),
        ...(next.toldToday === toldToday
          ? []
          : writeCounted(next.toldToday, { what: "TOLD", email: offered?.nomination.nominee?.email ?? "", now })),
      ],
    });
    if (carried.status === "refused") return { candidateName: null, userErrors: carried.refusals };
    return { candidateName: carried.loaded.offered?.nomination.nominee?.name ?? "", userErrors: [] };
  }
}
