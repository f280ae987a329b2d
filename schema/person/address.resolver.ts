import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import type { ProgramEvent } from "../events.ts";
import { tokenParts } from "../link/link.ts";
import { loadByToken, loadIssued, writeIssued, writeLink } from "../link/link.table.ts";
import { messagesOf } from "../mails.ts";
import { writeMessage } from "../message/message.table.ts";
import { change } from "../shared/change.ts";
import { carryOut } from "../shared/command.ts";
import { actorOf, viewerOf, type RequestContext } from "../shared/context.ts";
import type { Decision, Refusal } from "../shared/decision.ts";
import type { Recorded } from "../shared/event.ts";
import { failure } from "../shared/failure.ts";
import { localId } from "../shared/node.ts";
import { Allow, anyone, signedIn, staff } from "../shared/rule.ts";
import type { Write } from "../shared/write.ts";
import { addEmail, confirmEmail, labelEmail, preferEmail, removeEmail } from "./address.ts";
import type { AddCode, AddressFacts, AddressWish } from "./address.ts";
import {
  EmailConfirmInput,
  EmailConfirmPayload,
  PersonEmailAddInput,
  PersonEmailAddPayload,
  ViewerEmailAddInput,
  ViewerEmailAddPayload,
  ViewerEmailInput,
  ViewerEmailLabelInput,
  ViewerEmailLabelPayload,
  ViewerEmailPreferPayload,
  ViewerEmailRemovePayload,
} from "./address.type.ts";
import type { Person } from "./person.ts";
import { claimEmail, dropEmail, loadLivePerson, personFrom, personKey, writePerson } from "./person.table.ts";

@Resolver()
export class AddressResolver {
  @Allow(signedIn)
  @Mutation(() => ViewerEmailAddPayload, {
    description:
      "Asks to add an address to the viewer's: a link goes to it, and an earlier link to it counts no more. Answers the " +
      "same whether or not somebody else has the address. Five times a day, for at most five addresses.",
  })
  async viewerEmailAdd(
    @Arg("input", () => ViewerEmailAddInput, { description: "The address." }) input: ViewerEmailAddInput,
    @Ctx() context: RequestContext,
  ) {
    return requestAddress(context, viewerOf(context).person.id, { ...input, why: null });
  }

  @Allow(staff)
  @Mutation(() => PersonEmailAddPayload, {
    description:
      "Asks to add an address in the name of somebody who cannot sign in any more: the link goes to the new address, and " +
      "nothing is added before it is used. Staff may.",
  })
  async personEmailAdd(
    @Arg("input", () => PersonEmailAddInput, { description: "Whose address, which, and why." })
    { personId, ...wish }: PersonEmailAddInput,
    @Ctx() context: RequestContext,
  ) {
    return requestAddress(context, localId("Person", personId), wish);
  }

  @Allow(anyone)
  @Mutation(() => EmailConfirmPayload, {
    description:
      "Adds the address that the link of a mail was sent to. Whoever holds the link may, signed in or not, once and " +
      "within 24 hours. An address that somebody else has is refused.",
  })
  async emailConfirm(
    @Arg("input", () => EmailConfirmInput, { description: "The proof." }) { token }: EmailConfirmInput,
    @Ctx() context: RequestContext,
  ) {
    const { table, now } = context;
    const carried = await carryOut(context, {
      actor: { kind: "LINK", id: tokenParts(token)?.id ?? "" },
      load: async () => {
        const first = await loadByToken<AddressFacts>(table, token);
        const person = first.link && personFrom(await table.get(personKey(first.link.about.id)));
        // Once more, after the person: whoever sees what an earlier use has done sees the use too.
        return { ...(person ? await loadByToken<AddressFacts>(table, token) : first), person };
      },
      decide: ({ person, ...found }) => confirmEmail(person, found, now),
      write: ({ person, link, address }, { person: before }) => [
        ...writeLink(link),
        ...writePerson(person, before ?? person),
        // One that was confirmed anew has its claim.
        ...(before?.addresses.some(({ email }) => email === address.email)
          ? []
          : [claimEmail(person.id, address.email)]),
      ],
    });
    context.load.forget();
    if (carried.status === "refused") return { email: null, userErrors: carried.refusals };
    return { email: carried.status === "done" ? carried.outcome.address.email : null, userErrors: [] };
  }

  @Allow(signedIn)
  @Mutation(() => ViewerEmailPreferPayload, {
    description: "Makes one of the viewer's addresses the one that mails go to. The one before is told so by mail.",
  })
  async viewerEmailPrefer(
    @Arg("input", () => ViewerEmailInput, { description: "Which address." }) { email }: ViewerEmailInput,
    @Ctx() context: RequestContext,
  ) {
    return changeAddresses(
      context,
      (person) => preferEmail(person, email),
      // In the outbox at once: the old address may be gone from the record before the event is read.
      (before, events) =>
        messagesOf(events[0]!, context.now).flatMap((mail) => writeMessage({ ...mail, to: before.email })),
    );
  }

  @Allow(signedIn)
  @Mutation(() => ViewerEmailRemovePayload, {
    description:
      "Gives up one of the viewer's addresses, but not the one that mails go to. Accounts of that address are the viewer's " +
      "no more: whoever reads its mails from now on is somebody else.",
  })
  async viewerEmailRemove(
    @Arg("input", () => ViewerEmailInput, { description: "Which address." }) { email }: ViewerEmailInput,
    @Ctx() context: RequestContext,
  ) {
    return changeAddresses(
      context,
      (person) => removeEmail(person, email),
      () => [dropEmail(email.trim())],
    );
  }

  @Allow(signedIn)
  @Mutation(() => ViewerEmailLabelPayload, { description: "Says whose one of the viewer's addresses is." })
  async viewerEmailLabel(
    @Arg("input", () => ViewerEmailLabelInput, { description: "Which address, and whose." })
    { email, kind }: ViewerEmailLabelInput,
    @Ctx() context: RequestContext,
  ) {
    return changeAddresses(context, (person) => labelEmail(person, email, kind));
  }
}

/** Starts the confirmation of an address. */
async function requestAddress(
  context: RequestContext,
  personId: string,
  wish: AddressWish,
): Promise<{ validUntil: string | null; userErrors: readonly Refusal<AddCode>[] }> {
  const { table, now } = context;
  const linkId = context.ids.make("lnk");
  const carried = await carryOut(context, {
    actor: actorOf(context),
    load: async () => {
      const person = await loadLivePerson(table, personId);
      if (!person) throw failure("NOT_FOUND");
      return { person, ...(await loadIssued<AddressFacts>(table, { kind: "Person", id: person.id }, "EMAIL_CONFIRM")) };
    },
    decide: ({ person, issued, links }) => addEmail(person, wish, { issued, links, linkId, now }),
    write: ({ link, issued, revoked }) => [...writeIssued(issued), ...[link, ...revoked].flatMap(writeLink)],
  });
  if (carried.status === "refused") return { validUntil: null, userErrors: carried.refusals };
  return { validUntil: carried.status === "done" ? carried.outcome.link.expiresAt : null, userErrors: [] };
}

/** Changes the viewer's addresses; what stays as it was is not written. */
async function changeAddresses<Code extends string>(
  context: RequestContext,
  decide: (person: Person) => Decision<Person, Code>,
  more: (before: Person, events: readonly Recorded<ProgramEvent>[]) => readonly Write[] = () => [],
) {
  const { id } = viewerOf(context).person;
  const { record, userErrors } = await change(context, {
    load: async () => personFrom(await context.table.get(personKey(id))),
    decide,
    write: (person, before, events) =>
      person === before ? [] : [...writePerson(person, before), ...more(before, events as Recorded<ProgramEvent>[])],
  });
  return { person: record, userErrors };
}
