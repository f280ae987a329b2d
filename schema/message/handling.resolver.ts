import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from "type-graphql";
import { linkFrom, linkKey } from "../link/link.table.ts";
import { classNameOf, readyFor, Unwritable, writeMail } from "../mails.ts";
import { isSelf } from "../person/person.ts";
import { isStaff } from "../person/role.ts";
import { abilityOf } from "../shared/ability.ts";
import { change } from "../shared/change.ts";
import { carryOut, hashOf, written } from "../shared/command.ts";
import { actorOf, viewerOf, type RequestContext } from "../shared/context.ts";
import type { Decision } from "../shared/decision.ts";
import { failure } from "../shared/failure.ts";
import { DateTime } from "../shared/scalars.ts";
import type { Key } from "../shared/keys.ts";
import { localId } from "../shared/node.ts";
import { Allow, staff } from "../shared/rule.ts";
import { cancel, correct, edit, fixOf, hold, releaseMessages, releaseRefusals, requeue } from "./handling.ts";
import {
  MessageCancelPayload,
  MessageCorrectInput,
  MessageCorrectPayload,
  MessageEditInput,
  MessageEditPayload,
  MessageHoldPayload,
  MessageReasonInput,
  MessagesReleaseInput,
  MessagesReleasePayload,
} from "./handling.type.ts";
import { MailClassEnum } from "./kind.type.ts";
import { mayReadMessage, type Message } from "./message.ts";
import { messageFrom, messageKey, writeMessage } from "./message.table.ts";
import { MessageAbilitiesObject, MessageObject, MessagePreviewObject } from "./message.type.ts";

/** What staff do about single mails. */
@Resolver(() => MessageObject)
export class HandlingResolver {
  @FieldResolver(() => MailClassEnum, { description: "Whether the recipient can do without it." })
  mailClass(@Root() { template }: Message): string {
    return classNameOf(template);
  }

  @FieldResolver(() => Boolean, { description: "Whether staff gave it another wording." })
  isEdited(@Root() { edited }: Message): boolean {
    return edited !== undefined;
  }

  @FieldResolver(() => DateTime, {
    nullable: true,
    description: "When a mail that corrects it was sent off; null when it was right, as far as is known.",
  })
  correctedAt(@Root() { correction }: Message): string | null {
    return correction?.at ?? null;
  }

  @Allow(staff)
  @FieldResolver(() => String, {
    nullable: true,
    description:
      "What staff can do about a mail that did not do its work; null when there is nothing to do. Staff may read it.",
  })
  fix(@Root() message: Message): string | null {
    return fixOf(message);
  }

  @Allow(staff)
  @FieldResolver(() => MessagePreviewObject, {
    nullable: true,
    description:
      "What the mail would say if it went out now, with a stand-in for its one-time link; null when it is not to go out any " +
      "more, when what it is about is gone, when its template fails, and for one's own mails. Staff may read it.",
  })
  async preview(@Root() message: Message, @Ctx() context: RequestContext) {
    return previewOf(message, context);
  }

  @FieldResolver(() => MessageAbilitiesObject, { description: "What the viewer could do now." })
  viewerCan(@Root() message: Message, @Ctx() { viewer, now }: RequestContext) {
    const can = abilityOf(viewer, isStaff(viewer), "Only staff can do this.");
    const handled = { why: "…", viewer: viewer! };
    const wording = { subject: "…", body: "…" };
    const edited = { ...handled, wording, current: wording, expectedVersion: message.version };
    return {
      resend: can(() => requeue(message, now)),
      hold: can(() => hold(message, handled)),
      edit: can(() => edit(message, edited)),
      release: can(() => releaseMessages([message], { viewer: viewer!, given: "", wanted: "", now })),
      cancel: can(() => cancel(message, handled)),
      correct: can(() => correct(message, { text: "…", viewer: viewer!, now })),
    };
  }

  @Allow(staff)
  @Mutation(() => MessageHoldPayload, {
    description:
      "Holds a mail that waits for its turn, so that it can be looked at. Staff may, but not one to themselves.",
  })
  async messageHold(
    @Arg("input", () => MessageReasonInput, { description: "Which mail, and why." }) input: MessageReasonInput,
    @Ctx() context: RequestContext,
  ) {
    return handle(context, input.messageId, (message) => hold(message, { ...input, viewer: viewerOf(context) }));
  }

  @Allow(staff)
  @Mutation(() => MessageCancelPayload, {
    description: "Calls off a mail that waits, is held or failed. Staff may, but not one to themselves.",
  })
  async messageCancel(
    @Arg("input", () => MessageReasonInput, { description: "Which mail, and why." }) input: MessageReasonInput,
    @Ctx() context: RequestContext,
  ) {
    return handle(context, input.messageId, (message) => cancel(message, { ...input, viewer: viewerOf(context) }));
  }

  @Allow(staff)
  @Mutation(() => MessageEditPayload, {
    description:
      "Gives a held mail another subject and text; what it said before, who changed it and why stand in its history. It is " +
      "released afterwards. Staff may, but not one to themselves.",
  })
  async messageEdit(
    @Arg("input", () => MessageEditInput, { description: "Which mail, and what it is to say." })
    input: MessageEditInput,
    @Ctx() context: RequestContext,
  ) {
    const { expectedVersion, why } = input;
    const wording = { subject: input.subject, body: input.text };
    const message = await readable(context, localId("Message", input.messageId));
    const { subject, body } = (await previewOf(message, context)) ?? { subject: message.subject ?? "", body: "" };
    const edited = { wording, current: { subject, body }, expectedVersion, why, viewer: viewerOf(context) };
    return handle(context, input.messageId, (current) => edit(current, edited));
  }

  @Allow(staff)
  @Mutation(() => MessagesReleasePayload, {
    description:
      "Releases held mails, in the wording they have now: all of them or none. First call it with `dryRun`, look at each " +
      "`preview`, then confirm with the token. Staff may, but not with one to themselves among them.",
  })
  async messagesRelease(
    @Arg("input", () => MessagesReleaseInput, { description: "Which mails." }) input: MessagesReleaseInput,
    @Ctx() context: RequestContext,
  ) {
    const viewer = viewerOf(context);
    const ids = [...new Set(input.messageIds.slice(0, 100).map((id) => localId("Message", id)))];
    const load = async () => Promise.all(ids.map((id) => readable(context, id)));
    const first = await load();
    const wanted = await tokenOf(first, context);
    if (input.dryRun) {
      const userErrors = releaseRefusals(first, viewer);
      return userErrors.length > 0 ? { ...NONE, userErrors } : { messages: first, confirmToken: wanted, userErrors };
    }
    const carried = await carryOut(context, {
      actor: actorOf(context),
      load: async () => {
        context.load.forget();
        return load();
      },
      decide: (messages) => releaseMessages(messages, { viewer, given: input.confirmToken, wanted, now: context.now }),
      write: (next, before) => next.flatMap((message, position) => writeMessage(message, before[position])),
      once: {
        personId: viewer.person.id,
        operation: "messagesRelease",
        key: input.idempotencyKey,
        input: { ids, confirmToken: input.confirmToken ?? null },
        keep: () => ({}),
      },
    });
    context.load.forget();
    if (carried.status === "refused") return { ...NONE, userErrors: carried.refusals };
    const messages = carried.status === "done" ? carried.outcome.map(written) : carried.loaded;
    return { messages, confirmToken: null, userErrors: [] };
  }

  @Allow(staff)
  @Mutation(() => MessageCorrectPayload, {
    description:
      "Puts right what a mail that went out said wrong: one further mail goes to the same recipient and names the subject of " +
      "the wrong one, once for each mail. Staff may, but not of one to themselves.",
  })
  async messageCorrect(
    @Arg("input", () => MessageCorrectInput, { description: "Which mail, and what it should have said." })
    input: MessageCorrectInput,
    @Ctx() context: RequestContext,
  ) {
    const viewer = viewerOf(context);
    const id = localId("Message", input.messageId);
    const carried = await carryOut(context, {
      actor: actorOf(context),
      load: () => readable(context, id),
      decide: (message) => correct(message, { text: input.text, viewer, now: context.now }),
      write: (message, before) => writeMessage(message, before),
      once: {
        personId: viewer.person.id,
        operation: "messageCorrect",
        key: input.idempotencyKey,
        input: { id, text: input.text },
        keep: () => ({}),
      },
    });
    context.load.forget();
    const message = carried.status === "done" ? written(carried.outcome) : carried.loaded;
    return { message, userErrors: carried.status === "refused" ? carried.refusals : [] };
  }
}

const NONE = { messages: null, confirmToken: null };

/** One message as it is now, if the viewer may see it; anything else is answered like one that does not exist. */
async function readable(context: RequestContext, id: string): Promise<Message> {
  const message = messageFrom(await context.table.get(messageKey(id)));
  if (!message || !mayReadMessage(context.viewer, message)) throw failure("NOT_FOUND");
  return message;
}

async function handle<Code extends string>(
  context: RequestContext,
  messageId: string,
  decide: (message: Message) => Decision<Message, Code>,
) {
  const id = localId("Message", messageId);
  const { record, userErrors } = await change(context, {
    load: () => readable(context, id),
    decide,
    write: (message, before) => writeMessage(message, before),
  });
  return { message: record, userErrors };
}

/** Names the mails in the version that was looked at, and what they would say. */
async function tokenOf(messages: readonly Message[], context: RequestContext): Promise<string> {
  const previews = await Promise.all(messages.map((message) => previewOf(message, context)));
  return hashOf(messages.map(({ id, version }, position) => [id, version, previews[position]?.text ?? null]));
}

/** The states of mails that may still go out. */
const MAY_GO_OUT: ReadonlySet<Message["state"]> = new Set(["QUEUED", "HELD", "FAILED", "BOUNCED"]);

/** What a mail would say now. Many are read together, because the records come from the request's loaders. */
async function previewOf(message: Message, { viewer, table, load, now, publicUrl }: RequestContext) {
  const { personId } = message;
  if (!MAY_GO_OUT.has(message.state) || (personId !== null && isSelf(viewer, personId))) return null;
  const batched = { ...table, get: (at: Key) => load.item(at) };
  try {
    const [ready, person] = await Promise.all([
      readyFor(batched, message, now),
      personId === null ? undefined : load.person(personId),
    ]);
    const recipient = person ?? ready?.outsider;
    if (!ready || !recipient) return null;
    const carried = ready.carries === null ? undefined : linkFrom(await load.item(linkKey(ready.carries)));
    const link = carried && { url: `${publicUrl}/…`, expiresAt: carried.expiresAt };
    return writeMail(ready, message, { recipientName: recipient.name, publicUrl, now, link });
  } catch (error) {
    if (error instanceof Unwritable) return null;
    throw error;
  }
}
