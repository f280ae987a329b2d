import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from "type-graphql";
import { mayRead } from "../application/application.ts";
import { idsOf } from "../person/person.ts";
import { PersonObject } from "../person/person.type.ts";
import { carryOut, written } from "../shared/command.ts";
import { actorOf, viewerOf, type RequestContext } from "../shared/context.ts";
import { failure } from "../shared/failure.ts";
import { globalId } from "../shared/id.ts";
import { ID_MEANING, localId } from "../shared/node.ts";
import type { IndexName, Item } from "../shared/keys.ts";
import { PageArgs, pageOf } from "../shared/page.ts";
import type { Page, Position } from "../shared/table.ts";
import { Allow, staff } from "../shared/rule.ts";
import { requeue } from "./handling.ts";
import { mayReadMessage, type Message } from "./message.ts";
import { listAbout, listByState, listOfPerson, messageFrom, messageKey, writeMessage } from "./message.table.ts";
import {
  MessageConnection,
  MessageFilterArgs,
  MessageObject,
  MessageResendInput,
  MessageResendPayload,
} from "./message.type.ts";

@Resolver(() => MessageObject)
export class MessageResolver {
  @Allow(staff)
  @Query(() => MessageConnection, {
    description:
      "Mails of one state, to one person, or about one application, newest first: what was mailed to whom, and did it " +
      "arrive. Exactly one filter is given. Staff may read it.",
  })
  async messages(
    @Args(() => MessageFilterArgs) filter: MessageFilterArgs,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: RequestContext,
  ) {
    const { name, of, index, ask } = await listOf(filter, context);
    const isVisible = (item: Item) => mayReadMessage(context.viewer, messageFrom(item)!);
    return pageOf(page, { name, of, index }, ask, (item) => messageFrom(item)!, isVisible);
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
      write: (message, before) => writeMessage(message, before),
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

interface List {
  name: string;
  of: object;
  index?: IndexName;
  ask: (page: { limit: number; after?: Position }) => Promise<Page>;
}

/** The list that the one filter names. */
async function listOf({ state, personId, applicationId }: MessageFilterArgs, context: RequestContext): Promise<List> {
  const { table, load } = context;
  if ([state, personId, applicationId].filter((filter) => filter != null).length !== 1) throw failure("BAD_FILTER");
  if (state != null) {
    return { name: "messages", of: { state }, index: "byList", ask: (page) => listByState(table, state, page) };
  }
  if (personId != null) {
    const person = await load.person(localId("Person", personId));
    if (!person) throw failure("NOT_FOUND");
    const ask: List["ask"] = (page) => listOfPerson(table, idsOf(person), page);
    return { name: "messages", of: { personId: person.id }, index: "byWho", ask };
  }
  const application = await load.application(localId("Application", applicationId!));
  if (!application || !mayRead(context.viewer, application)) throw failure("NOT_FOUND");
  const { id } = application;
  return { name: "messages", of: { applicationId: id }, ask: (page) => listAbout(table, id, page) };
}
