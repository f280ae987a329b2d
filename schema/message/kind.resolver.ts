import { Arg, Ctx, Mutation, Query, Resolver } from "type-graphql";
import { classNameOf, TEMPLATE_NAMES } from "../mails.ts";
import { change } from "../shared/change.ts";
import { viewerOf, type RequestContext } from "../shared/context.ts";
import type { Decision } from "../shared/decision.ts";
import { failure } from "../shared/failure.ts";
import { Allow, staff } from "../shared/rule.ts";
import { freeHeldKind, freeKind, holdKind, type MailKind, type MailKindCode } from "./kind.ts";
import { listMailKinds, mailKindFrom, mailKindKey, writeMailKind } from "./kind.table.ts";
import { MailKindFreePayload, MailKindHoldPayload, MailKindInput, MailKindObject } from "./kind.type.ts";

@Resolver(() => MailKindObject)
export class MailKindResolver {
  @Allow(staff)
  @Query(() => [MailKindObject], {
    description: "All mails of the program by name, and which are held. Staff may read it.",
  })
  async mailKinds(@Ctx() context: RequestContext) {
    const known = new Map((await listMailKinds(context.table)).map((kind) => [kind.id, kind]));
    return TEMPLATE_NAMES.toSorted().map((id) => shown(known.get(id) ?? freeKind(id), context));
  }

  @Allow(staff)
  @Mutation(() => MailKindHoldPayload, {
    description: "Holds all mails of one kind from now on, each when its turn comes, until they are freed. Staff may.",
  })
  async mailKindHold(
    @Arg("input", () => MailKindInput, { description: "Which kind, and why." }) { template, why }: MailKindInput,
    @Ctx() context: RequestContext,
  ) {
    const byPersonId = viewerOf(context).person.id;
    return changeKind(context, template, (kind) => holdKind(kind, { why, byPersonId, now: context.now }));
  }

  @Allow(staff)
  @Mutation(() => MailKindFreePayload, {
    description: "Lets mails of one kind go out again. Those that are held stay so until `messagesRelease`. Staff may.",
  })
  async mailKindFree(
    @Arg("input", () => MailKindInput, { description: "Which kind, and why." }) { template, why }: MailKindInput,
    @Ctx() context: RequestContext,
  ) {
    return changeKind(context, template, (kind) => freeHeldKind(kind, why));
  }
}

async function changeKind(
  context: RequestContext,
  template: string,
  decide: (kind: MailKind) => Decision<MailKind, MailKindCode>,
) {
  if (!TEMPLATE_NAMES.includes(template)) throw failure("NOT_FOUND");
  const { record, userErrors } = await change(context, {
    load: async () => mailKindFrom(await context.table.get(mailKindKey(template))) ?? freeKind(template),
    decide,
    write: writeMailKind,
  });
  return { mailKind: shown(record, context), userErrors };
}

function shown({ id, hold }: MailKind, { load }: RequestContext) {
  return { id, mailClass: classNameOf(id), hold: hold && { ...hold, by: () => load.person(hold.byPersonId) } };
}
