import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import { ownApplication } from "../application/application.resolver.ts";
import { applicationFrom, applicationKey, writeApplication } from "../application/application.table.ts";
import { mayRead } from "../application/application.ts";
import { waiveParts } from "../application/step.ts";
import { cohortFrom, cohortKey } from "../cohort/cohort.table.ts";
import type { Cohort } from "../cohort/cohort.ts";
import { writeLink } from "../link/link.table.ts";
import { isSelf } from "../person/person.ts";
import { loadPerson } from "../person/person.table.ts";
import { isStaff } from "../person/role.ts";
import { change } from "../shared/change.ts";
import { carryOut, written, type Carried, type Once } from "../shared/command.ts";
import { actorOf, viewerOf, type RequestContext } from "../shared/context.ts";
import type { Refusal } from "../shared/decision.ts";
import { failure } from "../shared/failure.ts";
import { localId } from "../shared/node.ts";
import { Allow, both, staff, type Rule } from "../shared/rule.ts";
import { visibleNomination } from "./nomination.resolver.ts";
import type { Answer, Asked, Nomination } from "./nomination.ts";
import { loadAsked, loadNominationLinks, writeAsked, writeLinkChange, writeNomination } from "./nomination.table.ts";
import {
  ApplicationPartsWaiveInput,
  ApplicationPartsWaivePayload,
  NominationCancelPayload,
  NominationInput,
  NominationMatchInput,
  NominationMatchPayload,
  NominationRecordInput,
  NominationRecordPayload,
  NominationReopenInput,
  NominationReopenPayload,
  NominationReplaceInput,
  NominationReplacePayload,
  NominationRequestInput,
  NominationRequestPayload,
  NominationResendInput,
  NominationResendPayload,
} from "./nomination.type.ts";
import {
  cancelNomination,
  reopenNomination,
  requestNomination,
  resendNomination,
  type LinkChange,
  type LinkFacts,
  type NominatorWish,
} from "./request.ts";
import { matchNomination, recordNomination } from "./unsolicited.ts";

const nominationOf = (args: Record<string, unknown>) =>
  localId("Nomination", (args["input"] as { nominationId: string }).nominationId);

/** The applicant alone. Whoever else may know of the nomination is told so; for all others it does not exist. */
const ownNomination: Rule = async ({ viewer, args, context }) => {
  if (!viewer) return "UNAUTHENTICATED";
  const nomination = await visibleNomination(context, nominationOf(args));
  if (!nomination) return "NOT_FOUND";
  return nomination.personId !== null && isSelf(viewer, nomination.personId) ? true : "FORBIDDEN";
};

/** Staff, for a nomination they may know of. */
const staffOfNomination: Rule = async ({ viewer, args, context }) => {
  if (!viewer) return "UNAUTHENTICATED";
  const nomination = await visibleNomination(context, nominationOf(args));
  if (!nomination) return "NOT_FOUND";
  return isStaff(viewer) ? true : "FORBIDDEN";
};

/** Staff, for an application they may see. */
const staffOfApplication: Rule = async ({ viewer, args, context }) => {
  if (!viewer) return "UNAUTHENTICATED";
  const { applicationId } = args["input"] as { applicationId: string };
  const application = await context.load.application(localId("Application", applicationId));
  if (!application || !mayRead(viewer, application)) return "NOT_FOUND";
  return isStaff(viewer) ? true : "FORBIDDEN";
};

@Resolver()
export class NominationRequestResolver {
  @Allow(ownApplication)
  @Mutation(() => NominationRequestPayload, {
    description:
      "Asks somebody for a nomination: they get one mail with a link and need no account. The applicant may, before and " +
      "after submitting, until the time of the letters is over.",
  })
  async nominationRequest(
    @Arg("input", () => NominationRequestInput, { description: "Whom to ask." }) input: NominationRequestInput,
    @Ctx() context: RequestContext,
  ) {
    const id = localId("Application", input.applicationId);
    return ask(context, { applicationId: id }, input, "nominationRequest");
  }

  @Allow(ownNomination)
  @Mutation(() => NominationReplacePayload, {
    description: "Asks somebody else instead: the earlier link counts no more. The applicant may.",
  })
  async nominationReplace(
    @Arg("input", () => NominationReplaceInput, { description: "Instead of which, and whom to ask." })
    input: NominationReplaceInput,
    @Ctx() context: RequestContext,
  ) {
    const replacedId = localId("Nomination", input.nominationId);
    const { applicationId } = (await context.load.nomination(replacedId)) ?? {};
    if (applicationId == null) throw failure("NOT_FOUND");
    return ask(context, { applicationId, replacedId }, input, "nominationReplace");
  }

  @Allow(ownNomination)
  @Mutation(() => NominationResendPayload, {
    description:
      "Sends whoever was asked a new link; the one before counts no more. The applicant may, ten times a day with all requests.",
  })
  async nominationResend(
    @Arg("input", () => NominationResendInput, { description: "Which one." }) input: NominationResendInput,
    @Ctx() context: RequestContext,
  ) {
    const { person } = viewerOf(context);
    return renew(context, input, "nominationResend", (asked, facts) => resendNomination(asked, { ...facts, person }));
  }

  @Allow(ownNomination)
  @Mutation(() => NominationCancelPayload, {
    description: "Takes a request back: the link counts no more. The applicant may, before the letter has come.",
  })
  async nominationCancel(
    @Arg("input", () => NominationInput, { description: "Which one." }) input: NominationInput,
    @Ctx() context: RequestContext,
  ) {
    const { now } = context;
    const carried = await carryOut(context, {
      actor: actorOf(context),
      load: () => loadWithLinks(context, localId("Nomination", input.nominationId)),
      decide: ({ links, cohort, ...asked }) => cancelNomination(asked, { cohort, links, now }),
      write: (next, before) => [...writeAsked(next, before), ...next.revoked.flatMap(writeLink)],
    });
    return answered(context, carried);
  }

  @Allow(staffOfNomination)
  @Mutation(() => NominationReopenPayload, {
    description:
      "Gives a letter back to whoever wrote or declined it, with a new link. Staff may, for a reason, before its review begins.",
  })
  async nominationReopen(
    @Arg("input", () => NominationReopenInput, { description: "Which one, and why." }) input: NominationReopenInput,
    @Ctx() context: RequestContext,
  ) {
    const viewer = viewerOf(context);
    const { why } = input;
    return renew(context, input, "nominationReopen", (asked, facts) =>
      reopenNomination(asked, { ...facts, viewer, why }),
    );
  }

  @Allow(staff)
  @Mutation(() => NominationRecordPayload, {
    description:
      "Records a letter that nobody had asked for. Whom it is about is told by mail that there is one, never what or by whom; " +
      "once they prove the address and apply, it counts like one that was asked for. Staff may.",
  })
  async nominationRecord(
    @Arg("input", () => NominationRecordInput, { description: "The letter." }) input: NominationRecordInput,
    @Ctx() context: RequestContext,
  ) {
    const { idempotencyKey: _idempotencyKey, cohortId, ...wish } = input;
    const cohort = await context.load.cohort(localId("Cohort", cohortId));
    if (!cohort) throw failure("NOT_FOUND");
    const { now } = context;
    const carried = await carryOut(context, {
      actor: actorOf(context),
      load: async () => ({}),
      decide: () => {
        const ruling = recordNomination(wish, { id: context.ids.make("nom"), cohort, now, tellsNominee: true });
        return "refusals" in ruling ? ruling : { ...ruling, outcome: { nomination: ruling.outcome } };
      },
      write: ({ nomination }) => writeNomination(nomination),
      once: once<{ nomination: Nomination }>(context, "nominationRecord", input),
    });
    return answered(context, carried);
  }

  @Allow(both(staffOfNomination, staffOfApplication))
  @Mutation(() => NominationMatchPayload, {
    description:
      "Puts a letter that came by itself to an application, where it counts like one that was asked for. Staff may, for a reason.",
  })
  async nominationMatch(
    @Arg("input", () => NominationMatchInput, { description: "Which letter, to which application, and why." })
    input: NominationMatchInput,
    @Ctx() context: RequestContext,
  ) {
    const { table, now } = context;
    const viewer = viewerOf(context);
    const carried = await carryOut(context, {
      actor: actorOf(context),
      load: async () => {
        const application = applicationFrom(
          await table.get(applicationKey(localId("Application", input.applicationId))),
        );
        const person = application && (await loadPerson(table, application.personId));
        // Last: whoever sees what another match has written sees that the letter has its place.
        const found = await loadAsked(table, localId("Nomination", input.nominationId));
        if (!found || !application || !person) throw failure("NOT_FOUND");
        return { ...found, application, person };
      },
      decide: ({ nomination, application, cohort, person }) =>
        matchNomination({ nomination, application }, { cohort, person, now, by: { viewer, why: input.why } }),
      write: (next, before) => writeAsked(next, before),
    });
    return answered(context, carried);
  }

  @Allow(staffOfApplication)
  @Mutation(() => ApplicationPartsWaivePayload, {
    description:
      "Does without what others have still to supply for a submitted application, which is complete then. Staff may, for a reason.",
  })
  async applicationPartsWaive(
    @Arg("input", () => ApplicationPartsWaiveInput, { description: "Which application, and why." })
    input: ApplicationPartsWaiveInput,
    @Ctx() context: RequestContext,
  ) {
    const at = applicationKey(localId("Application", input.applicationId));
    const viewer = viewerOf(context);
    const { record, userErrors } = await change(context, {
      load: async () => applicationFrom(await context.table.get(at)),
      decide: (application) => waiveParts(application, { viewer, why: input.why }),
      write: writeApplication,
    });
    return { application: record, userErrors };
  }
}

/** Asks somebody, instead of somebody else where that is said. */
async function ask(
  context: RequestContext,
  ids: { applicationId: string; replacedId?: string },
  input: NominatorWish & { idempotencyKey: string },
  operation: string,
) {
  const { table, now } = context;
  const { person } = viewerOf(context);
  const made = { id: context.ids.make("nom"), linkId: context.ids.make("lnk") };
  const carried = await carryOut(context, {
    actor: actorOf(context),
    load: async () => {
      const application = applicationFrom(await table.get(applicationKey(ids.applicationId)));
      const cohort = application && cohortFrom(await table.get(cohortKey(application.cohortId)));
      if (!application || !cohort) throw failure("NOT_FOUND");
      const replaced = ids.replacedId === undefined ? undefined : (await loadAsked(table, ids.replacedId))?.nomination;
      return { application, cohort, replaced, ...(await loadNominationLinks(table, application.id)) };
    },
    decide: ({ application, cohort, replaced, issued, links }) =>
      requestNomination(application, input, { cohort, person, now, ...made, replaced, issued, links }),
    write: (next, before) => [
      ...writeAsked(next, { nomination: undefined, application: before.application }),
      ...(next.replaced ? writeNomination(next.replaced) : []),
      ...writeLinkChange(next),
    ],
    once: once<Asked & LinkChange & { replaced?: Nomination }>(context, operation, input),
  });
  return answered(context, carried);
}

/** Gives a nomination another link. */
async function renew<Code extends string>(
  context: RequestContext,
  input: { nominationId: string; idempotencyKey: string },
  operation: string,
  decide: (asked: Asked, facts: LinkFacts & { cohort: Cohort; now: string }) => Answer<Code, LinkChange>,
) {
  const linkId = context.ids.make("lnk");
  const carried = await carryOut(context, {
    actor: actorOf(context),
    load: () => loadWithLinks(context, localId("Nomination", input.nominationId)),
    decide: ({ nomination, application, ...facts }) =>
      decide({ nomination, application }, { ...facts, linkId, now: context.now }),
    write: (next, before) => [...writeAsked(next, before), ...writeLinkChange(next)],
    once: once<Asked & LinkChange>(context, operation, input),
  });
  return answered(context, carried);
}

async function loadWithLinks({ table }: RequestContext, id: string) {
  const asked = await loadAsked(table, id);
  const { application } = asked ?? {};
  if (!asked || !application) throw failure("NOT_FOUND");
  const { nomination, cohort } = asked;
  return { nomination, application, cohort, ...(await loadNominationLinks(table, application.id)) };
}

function once<Outcome extends { nomination: Nomination }>(
  context: RequestContext,
  operation: string,
  { idempotencyKey, ...input }: { idempotencyKey: string },
): Once<Outcome> {
  const { id: personId } = viewerOf(context).person;
  return { personId, operation, key: idempotencyKey, input, keep: ({ nomination }) => ({ id: nomination.id }) };
}

/** The nomination as it is now, and what stood in the way. */
async function answered<Loaded, Code extends string>(
  context: RequestContext,
  carried: Carried<Loaded, { nomination: Nomination }, Code>,
): Promise<{ nomination: Nomination | null; userErrors: readonly Refusal<Code>[] }> {
  context.load.forget();
  switch (carried.status) {
    case "done":
      return { nomination: written(carried.outcome.nomination), userErrors: [] };
    case "refused": {
      const { nomination = null } = carried.loaded as { nomination?: Nomination | null };
      return { nomination, userErrors: carried.refusals };
    }
    case "repeated":
      return { nomination: (await context.load.nomination(String(carried.kept["id"]))) ?? null, userErrors: [] };
  }
}
