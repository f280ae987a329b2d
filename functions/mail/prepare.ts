import { addSecret, linkObsolete, linkUrl } from "../../schema/link/link.ts";
import { linkFrom, linkKey, writeLink } from "../../schema/link/link.table.ts";
import { classOf, readyFor, writeMail, type Ready } from "../../schema/mails.ts";
import { mailKindFrom, mailKindKey } from "../../schema/message/kind.table.ts";
import {
  deadlineOf,
  markCancelled,
  markFailed,
  markHeld,
  markSuppressed,
  type Message,
} from "../../schema/message/message.ts";
import { loadPerson } from "../../schema/person/person.table.ts";
import type { Person } from "../../schema/person/person.ts";
import { destinationOf, outsiderDestination } from "../../schema/person/reach.ts";
import type { Composed, Frame } from "../../schema/shared/mail.ts";
import { newSecret, secretText } from "../../schema/shared/secret.ts";
import type { Write } from "../../schema/shared/write.ts";
import type { Runtime } from "../runtime.ts";

/** A mail ready to be handed to SES, with what is written when it is taken. */
export interface Prepared {
  sentTo: string;
  isTrial: boolean;
  mail: Composed;
  writes: readonly Write[];
}

/** What is to be sent, or what becomes of the message instead. */
export async function prepare(runtime: Runtime, message: Message): Promise<Prepared | Message> {
  const { table, clock, settings } = runtime;
  const mailClass = classOf(message.template);
  const [ready, person, kind] = await Promise.all([
    readyFor(table, message, clock.now()),
    message.personId === null ? undefined : loadPerson(table, message.personId),
    table.get(mailKindKey(message.template)).then(mailKindFrom),
  ]);
  const recipient = person ?? (message.personId === null ? ready?.outsider : null);
  if (!ready || !recipient) {
    return markFailed(message, "What the mail is about, or whom it is for, is not there any more.");
  }
  if (person?.state === "ERASED") return markCancelled(message, "The recipient was erased.");

  const now = clock.now();
  if (mailClass.isPerishable && now >= deadlineOf(message, mailClass.hours)) {
    return markFailed(message, `It could not be sent within ${mailClass.hours} hours, and is of no use any more.`);
  }
  if (ready.obsolete !== null) return markCancelled(message, ready.obsolete);
  if (kind?.hold && message.isInsisted !== true)
    return markHeld(message, `Staff hold mails of this kind: ${kind.hold.why}`);
  const minted = ready.carries === null ? null : await mint(runtime, ready.carries, now);
  if (minted?.obsolete) return markCancelled(message, minted.obsolete);

  const wanted = message.to ?? (person ? ofTheirs(person, ready) : undefined);
  const isInsisted = message.isInsisted === true;
  const to = !person
    ? outsiderDestination(recipient, { wanted: minted?.to ?? wanted, isInsisted })
    : minted?.to
      ? // A link proves the address it goes to, and no other; also one that had bounced.
        { email: minted.to, isTrial: person.addresses.some(({ email }) => email === minted.to) }
      : destinationOf(person, { wanted, ...mailClass, isInsisted });
  if (to.email === null) {
    // Staff find another address of a person; whose address somebody else gave is theirs to correct, and they have the task.
    const isForStaff = to.because === "UNREACHABLE" && person !== undefined;
    return isForStaff ? markFailed(message, to.reason) : markSuppressed(message, to.reason);
  }
  const frame: Frame = { recipientName: recipient.name, publicUrl: settings.publicUrl, now, link: minted?.link };
  return {
    sentTo: to.email,
    isTrial: to.isTrial,
    mail: writeMail(ready, message, frame),
    writes: minted?.writes ?? [],
  };
}

/** The address a template asks for, as long as it is still one of the person's. */
function ofTheirs({ addresses }: Person, { toAddress }: Ready): string | undefined {
  return addresses.find(({ email }) => email === toAddress)?.email;
}

/** A one-time link ready to be sent. */
interface Minted {
  obsolete: string | null;
  to?: string | null;
  link?: Frame["link"];
  writes?: readonly Write[];
}

/**
 * Makes the secret of the link that a mail carries. It is nowhere but in the mail: neither table nor outbox nor log can give it
 * away, and a mail that is sent again gets another one. Its hash is written together with the claim of the message.
 */
async function mint({ table, settings }: Runtime, linkId: string, now: string): Promise<Minted> {
  const link = linkFrom(await table.get(linkKey(linkId)));
  const obsolete = linkObsolete(link, now);
  if (!link || obsolete !== null) return { obsolete };
  const { text, hash } = newSecret();
  const url = linkUrl(settings.publicUrl, link.purpose, secretText(link.id, text));
  return {
    obsolete,
    to: link.to,
    link: { url, expiresAt: link.expiresAt },
    writes: writeLink(addSecret(link, hash)),
  };
}
