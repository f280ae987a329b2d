import { messageFrom, messageKey } from "../../schema/message/message.table.ts";
import type { Program } from "./program.ts";
import { readTable } from "./stored.ts";

/** Mails by their kind: to whom each went, once for each time. */
export type MailList = Record<string, readonly string[]>;

/**
 * Everything that the mail service has accepted so far. It is taken from the service's own ledger, so that a mail that went out
 * twice counts twice whatever the outbox says of it.
 */
export async function sentMails(program: Program): Promise<MailList> {
  await program.settle();
  const stored = await readTable(program);
  const mails = program.ses.ledger.filter(({ outcome }) => outcome === "accepted");
  const named = mails.flatMap(({ outboxId = "", recipients }) => {
    const { pk, sk } = messageKey(outboxId);
    const template = messageFrom(stored.find(pk, sk))?.template ?? "unknown";
    return recipients.map((recipient) => ({ template, recipient }));
  });
  return inOrder(
    Object.fromEntries(
      Object.entries(Object.groupBy(named, ({ template }) => template)).map(([template, own = []]) => [
        template,
        own.map(({ recipient }) => recipient),
      ]),
    ),
  );
}

/** The same list with each kind's recipients in alphabetical order, for comparing. */
export function inOrder(list: MailList): MailList {
  return Object.fromEntries(Object.entries(list).map(([template, recipients]) => [template, recipients.toSorted()]));
}
