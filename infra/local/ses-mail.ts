import PostalMime from "postal-mime";
import type { Address } from "postal-mime";
import type { LedgerLine } from "./ses-store.ts";

/** A file that came with a mail. */
export interface LocalMailAttachment {
  filename: string;
  contentType: string;
  /** In bytes. */
  size: number;
  content: Buffer;
}

/** A kept mail, read. */
export interface LocalMail {
  /** The message id that the caller got. */
  id: string;
  /** When it was accepted, by the program's clock. */
  time: string;
  /** Whom it went to, whatever its headers say. */
  to: string[];
  from: string;
  replyTo: string | null;
  subject: string;
  /** The Date header as an instant; null when there is none. */
  date: string | null;
  text: string | null;
  html: string | null;
  /** Names in lower case, in the order of the mail. */
  headers: { name: string; value: string }[];
  attachments: LocalMailAttachment[];
  outboxId: string | null;
  configurationSet: string | null;
}

/** Reads a kept mail. */
export async function parseMail(line: LedgerLine, raw: Buffer): Promise<LocalMail> {
  const mail = await PostalMime.parse(raw, { attachmentEncoding: "arraybuffer" });
  return {
    id: line.messageId ?? "",
    time: line.time,
    to: line.recipients,
    from: addresses(mail.from === undefined ? [] : [mail.from]),
    replyTo: mail.replyTo === undefined || mail.replyTo.length === 0 ? null : addresses(mail.replyTo),
    subject: mail.subject ?? "",
    date: mail.date ?? null,
    text: mail.text ?? null,
    html: mail.html ?? null,
    headers: mail.headers.map(({ key, value }) => ({ name: key, value })),
    attachments: mail.attachments.map((attachment, index) => {
      const { content } = attachment;
      const bytes = typeof content === "string" ? Buffer.from(content) : Buffer.from(new Uint8Array(content));
      return {
        filename: attachment.filename ?? `attachment-${index + 1}`,
        contentType: attachment.mimeType,
        size: bytes.length,
        content: bytes,
      };
    }),
    outboxId: line.outboxId ?? null,
    configurationSet: line.configurationSet ?? null,
  };
}

function addresses(list: readonly Address[]): string {
  return list.map(({ name, address }) => (name ? `${name} <${address ?? ""}>` : (address ?? ""))).join(", ");
}
