import { paragraph, type MailsOf, type Template } from "../shared/mail.ts";
import { instantInWords } from "../shared/time.ts";
import { CORRECTION, type MessageEvent } from "./handling.ts";
import type { Message } from "./message.ts";

/** What the mail that corrects another knows: that one, and what staff wrote. */
export interface CorrectionMailFacts {
  original: Message;
  text: string;
}

/** Whoever got a mail that was wrong is told, once. */
export const messageMails: MailsOf<MessageEvent> = (event) => {
  if (event.type !== "MessageCorrected") return [];
  const { personId, outsider } = event.facts;
  if (personId !== null) return [{ template: CORRECTION, personId }];
  return outsider === null ? [] : [{ template: CORRECTION, personId: null, outsider }];
};

/** The mails about mails. */
export const correctionTemplates: Record<string, Template<CorrectionMailFacts>> = {
  [CORRECTION]: {
    whenUnknown: "hold",
    obsolete: ({ original }) => (original.erasedAt === undefined ? null : "The recipient was erased."),
    outsider: ({ original }) => ({ name: "", email: original.sentTo ?? "" }),
    // To the mailbox that holds the wrong one, as long as it is the person's.
    toAddress: ({ original }) => original.sentTo,
    write: ({ original, text }, { recipientName }) => ({
      subject: `Correction: ${original.subject ?? ""}`,
      // Of somebody without a record here only the address is known.
      ...(recipientName === "" && { greeting: "Hello," }),
      blocks: [
        paragraph(
          `On ${instantInWords(original.sentAt ?? original.queuedAt, "UTC")} we wrote to you with the subject ` +
            `“${original.subject ?? ""}”. That mail was not right: please go by this one instead.`,
        ),
        ...text.split(/\n\s*\n/).map((part) => paragraph(part.trim())),
      ],
    }),
  },
};
