import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from "type-graphql";
import { isStaff } from "../person/role.ts";
import { PersonObject } from "../person/person.type.ts";
import { abilityOf } from "../shared/ability.ts";
import { carryOut, written } from "../shared/command.ts";
import { actorOf, viewerOf, type RequestContext } from "../shared/context.ts";
import { failure } from "../shared/failure.ts";
import { globalId } from "../shared/id.ts";
import { ID_MEANING, localId } from "../shared/node.ts";
import { PageArgs, pageOf } from "../shared/page.ts";
import { Allow, staff } from "../shared/rule.ts";
import { mayReadMessage, requeue, type Message, type MessageState } from "./message.ts";
import { listByState, messageFrom, messageKey, writeMessage } from "./message.table.ts";
import {
  MessageAbilitiesObject,
  MessageConnection,
  MessageObject,
  MessageResendInput,
  MessageResendPayload,
  MessageStateEnum,
} from "./message.type.ts";

@Resolver(() => MessageObject)
export class MessageResolver {
  @Allow(staff)
  @Query(() => MessageConnection, { description: "Mails of one state, newest first. Staff may read it." })
  async messages(
    @Arg("state", () => MessageStateEnum, { description: "For example FAILED, BOUNCED or HELD." }) state: MessageState,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: RequestContext,
  ) {
    const ask = (from: Parameters<typeof listByState>[2]) => listByState(context.table, state, from);
    return pageOf(
      page,
      { name: "messages", of: { state }, index: "byList" },
      ask,
      (item) => messageFrom(item)!,
      (item) => mayReadMessage(context.viewer, messageFrom(item)!),
    );
  }

  @FieldResolver(() => ID, { description: ID_MEANING })
  id(@Root() message: Message): string {
    return globalId("Message", message.id);
  }

  @FieldResolver(() => PersonObject, {
    nullable: true,
    description: "Who the mail is for; null when they have no record here, or are not there any more.",
  })
  async recipient(@Root() message: Message, @Ctx() context: RequestContext) {
    return message.personId === null ? null : context.load.person(message.personId);
  }

  @FieldResolver(() => MessageAbilitiesObject, { description: "What the viewer could do now." })
  viewerCan(@Root() message: Message, @Ctx() { viewer, now }: RequestContext) {
    return { resend: abilityOf(viewer, isStaff(viewer), "Only staff can do this.")(() => requeue(message, now)) };
  }

  @Allow(staff)
  @Mutation(() => MessageResendPayload, {
    description: "Sends a mail again that failed, bounced or is held. Staff may.",
  })
  async messageResend(
    @Arg("input", () => MessageResendInput, { description: "Which mail." }) input: MessageResendInput,
    @Ctx() context: RequestContext,
  ) {
    const id = localId("Message", input.messageId);
    const carried = await carryOut(context, {
      actor: actorOf(context),
      load: async () => {
        const message = messageFrom(await context.table.get(messageKey(id)));
        if (!message || !mayReadMessage(context.viewer, message)) throw failure("NOT_FOUND");
        return message;
      },
      decide: (message) => requeue(message, context.now),
      write: writeMessage,
      once: {
        personId: viewerOf(context).person.id,
        operation: "messageResend",
        key: input.idempotencyKey,
        input: { id },
        keep: () => ({}),
      },
    });
    context.load.forget();
    if (carried.status === "done") return { message: written(carried.outcome), userErrors: [] };
    if (carried.status === "refused") return { message: carried.loaded, userErrors: carried.refusals };
    return { message: await context.load.message(id), userErrors: [] };
  }
}
