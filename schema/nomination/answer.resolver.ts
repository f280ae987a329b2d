import { Arg, Ctx, Mutation, Query, Resolver } from "type-graphql";
import { lettersUntil } from "../application/parts.ts";
import { tokenParts } from "../link/link.ts";
import { writeLink } from "../link/link.table.ts";
import { carryOut } from "../shared/command.ts";
import type { RequestContext } from "../shared/context.ts";
import { Allow, anyone } from "../shared/rule.ts";
import {
  ASKED,
  mayAsk,
  mayLook,
  openNomination,
  provideNomination,
  refuseNomination,
  saveNomination,
  type Found,
  type Reply,
} from "./answer.ts";
import {
  NominationOpenInput,
  NominationOpenPayload,
  NominationProvideInput,
  NominationProvidePayload,
  NominationRefuseInput,
  NominationRefusePayload,
  NominationSaveInput,
  NominationSavePayload,
  NominationTaskObject,
} from "./answer.type.ts";
import { loadFound, writeAsked } from "./nomination.table.ts";
import { isChosen, isDecided } from "./nomination.ts";

/** What whoever was asked for a nomination does by the link of a mail, without an account. */
@Resolver()
export class NominationAnswerResolver {
  @Allow(anyone)
  @Query(() => NominationTaskObject, {
    nullable: true,
    description:
      "What the link of a nomination leads to, also after the decision where the letter was handed in; null when it is none, or " +
      "leads to nothing any more. Whoever holds it may ask, signed in or not.",
  })
  async nomination(
    @Arg("token", () => String, { description: "What stands behind the `#` of the link in the mail." }) token: string,
    @Ctx() context: RequestContext,
  ) {
    return taskOf(context, await loadFound(context.table, token));
  }

  @Allow(anyone)
  @Mutation(() => NominationOpenPayload, {
    description: "Notes that whoever was asked looks at it. Whoever holds the link may; done again, nothing changes.",
  })
  async nominationOpen(
    @Arg("input", () => NominationOpenInput, { description: "The link." }) { token }: NominationOpenInput,
    @Ctx() context: RequestContext,
  ) {
    return answer(context, token, (found) => openNomination(found, context.now));
  }

  @Allow(anyone)
  @Mutation(() => NominationSavePayload, {
    description: "Keeps what is written so far. Whoever holds the link may; nothing needs to be finished.",
  })
  async nominationSave(
    @Arg("input", () => NominationSaveInput, { description: "The link, and the text." })
    { token, text }: NominationSaveInput,
    @Ctx() context: RequestContext,
  ) {
    return answer(context, token, (found) => saveNomination(found, text, context.now));
  }

  @Allow(anyone)
  @Mutation(() => NominationProvidePayload, {
    description:
      "Hands the letter in. Whoever holds the link may, until the time of the letters is over. It is final; where it was the " +
      "last part that was missing, the application is complete with it.",
  })
  async nominationProvide(
    @Arg("input", () => NominationProvideInput, { description: "The link, and the signed letter." })
    { token, ...letter }: NominationProvideInput,
    @Ctx() context: RequestContext,
  ) {
    return answer(context, token, (found) => provideNomination(found, letter, context.now));
  }

  @Allow(anyone)
  @Mutation(() => NominationRefusePayload, {
    description: "Declines to nominate. Whoever holds the link may; the candidate is told that, but not why.",
  })
  async nominationRefuse(
    @Arg("input", () => NominationRefuseInput, { description: "The link, and why." })
    { token, why }: NominationRefuseInput,
    @Ctx() context: RequestContext,
  ) {
    return answer(context, token, (found) => refuseNomination(found, why ?? "", context.now));
  }
}

/** Carries out a step of whoever holds a link. */
async function answer<Code extends string>(
  context: RequestContext,
  token: string,
  decide: (found: Found) => Reply<Code>,
) {
  const carried = await carryOut(context, {
    actor: { kind: "LINK", id: tokenParts(token)?.id ?? "" },
    load: () => loadFound(context.table, token),
    decide,
    write: (next, { link, asked }) => [
      ...(next.link === link ? [] : writeLink(next.link)),
      ...writeAsked(next, { nomination: asked?.nomination, application: asked?.application }),
    ],
  });
  context.load.forget();
  const { loaded } = carried;
  if (carried.status !== "done") {
    const userErrors = carried.status === "refused" ? carried.refusals : [];
    return { nomination: await taskOf(context, loaded), userErrors };
  }
  const asked = loaded.asked && { ...loaded.asked, ...carried.outcome };
  return { nomination: await taskOf(context, { ...loaded, link: carried.outcome.link, asked }), userErrors: [] };
}

async function taskOf(context: RequestContext, found: Found): Promise<NominationTaskObject | null> {
  const { asked } = found;
  const isTheirs = mayLook(found, context.now);
  if (!asked || !(isTheirs || mayAsk(found, context.now))) return null;
  const { nomination, application, cohort } = asked;
  const candidate = await context.load.person(application.personId);
  return {
    candidateName: candidate?.name ?? "",
    cohortName: cohort.name,
    closesAt: lettersUntil(cohort, application.kind),
    zone: cohort.zone,
    asked: ASKED,
    state: nomination.state,
    text: isTheirs ? nomination.text : "",
    isReceived: nomination.state === "PROVIDED",
    isDecided: isDecided(application),
    isChosen: isChosen(application),
  };
}
