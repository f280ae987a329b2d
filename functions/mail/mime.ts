import MailComposer from "nodemailer/lib/mail-composer";
import { encodeWord } from "nodemailer/lib/mime-funcs";
import type { Composed } from "../../schema/shared/mail.ts";
import type { Instant } from "../../schema/shared/time.ts";
import type { Settings } from "../runtime.ts";

/** Largest mail that SES takes by this call, in bytes. */
export const MOST_MAIL_BYTES = 10 * 1024 * 1024;

/** The bytes of a mail as they are handed to SES. */
export async function mimeOf(mail: Composed, { to, settings, now }: { to: string; settings: Settings; now: Instant }) {
  return new MailComposer({
    from: settings.mailFrom,
    to,
    replyTo: settings.mailReplyTo,
    date: new Date(now),
    text: mail.text,
    html: mail.html,
    headers: { Subject: subjectHeader(mail.subject), "Auto-Submitted": "auto-generated" },
  })
    .compile()
    .build();
}

/** Names stand in subjects; one that looks like an encoded word would be decoded by whoever reads it, so it is encoded. */
function subjectHeader(subject: string): string | { prepared: boolean; foldLines: boolean; value: string } {
  if (!subject.includes("=?")) return subject;
  return { prepared: true, foldLines: true, value: encodeWord(subject, "Q", 52) };
}
