import type { Happening, Subject } from "./decision.ts";
import { escapeHtml } from "./html.ts";
import type { Instant } from "./time.ts";

/** The content of a mail, from which text and HTML are both made, so that they say the same. */
export interface Letter {
  subject: string;
  /** Instead of the recipient's name, where somebody else may be reading. */
  greeting?: string;
  blocks: readonly Block[];
}

/** A part of a letter: a paragraph, a list of facts, what somebody wrote with its own line breaks, or the one link to follow. */
export type Block =
  | { kind: "quote"; label: string; text: string }
  | { kind: "paragraph"; text: string }
  | { kind: "facts"; rows: readonly (readonly [label: string, value: string])[] }
  | { kind: "link"; label: string; url: string };

/** What is the same in every mail. */
export interface Frame {
  recipientName: string;
  /** Where people reach the program on the web. */
  publicUrl: string;
  now: Instant;
  /** The one-time link of a mail that carries one. */
  link?: CarriedLink;
}

/** A one-time link as it is sent, with the secret in its address. */
export interface CarriedLink {
  url: string;
  expiresAt: Instant;
}

/**
 * How a mail is treated: whether people can do without it, and for how many hours it is tried when it cannot be sent. A reminder
 * is needed, but of no use when it comes late.
 */
export const MAIL_CLASSES = {
  REQUIRED: { isOptional: false, hours: 72, isPerishable: false },
  REMINDER: { isOptional: false, hours: 24, isPerishable: true },
  ANNOUNCEMENT: { isOptional: true, hours: 48, isPerishable: true },
  OPTIONAL: { isOptional: true, hours: 24, isPerishable: true },
} as const;

/** One of MAIL_CLASSES. */
export type MailClass = keyof typeof MAIL_CLASSES;

/** One mail of the program: when it still makes sense and what it says. */
export interface Template<Facts> {
  /** How it is treated; REQUIRED when absent. */
  mailClass?: MailClass;
  /** What happens when nobody can tell whether it went out: repeated, or held for staff. */
  whenUnknown: "resend" | "hold";
  /** Why it should not go out any more; null while its reason stands. Asked on the current state just before sending. */
  obsolete(facts: Facts): string | null;
  /**
   * Id of the one-time link that the mail carries, if it is of that kind. Its secret is made in the moment of sending, the mail
   * goes to where the link says, and is of no use any more once the link is not.
   */
  carries?(facts: Facts): string;
  /** Whom it is for when that is nobody with a record here, such as who nominates; asked where the message names no person. */
  outsider?(facts: Facts): Outsider;
  /** Which of a person's addresses it goes to, if it is one of theirs; the preferred one when absent. */
  toAddress?(facts: Facts): string | null;
  write(facts: Facts, frame: Frame): Letter;
}

/** Somebody without a record here. */
export interface Outsider {
  name: string;
  email: string;
  /** That mails to the address come back for good, and whoever named it was told. */
  isUnreachable?: boolean;
}

/**
 * A mail that an event brings, to a person, or to somebody without a record here: then `outsider` tells them apart from all other
 * recipients, so that theirs go out in order, and the template says who they are when it is sent. It is about what the event is
 * about, unless it names something else.
 */
export type Wish = { template: string; about?: Subject } & (
  | { personId: string }
  | { personId: null; outsider: string }
);

/** Which mails an event brings, and to whom; none for events that it does not know. */
export type MailsOf<Event extends Happening> = (event: Event) => readonly Wish[];

/** A mail ready to be sent: the same facts in both forms. */
export interface Composed {
  subject: string;
  text: string;
  html: string;
}

export const paragraph = (text: string): Block => ({ kind: "paragraph", text });
export const facts = (...rows: (readonly [string, string])[]): Block => ({ kind: "facts", rows });
export const quote = (label: string, text: string): Block => ({ kind: "quote", label, text });
export const link = (label: string, url: string): Block => ({ kind: "link", label, url });

/** The link of a mail that carries one. */
export function carried({ link: found }: Frame): CarriedLink {
  if (!found) throw new Error("A mail that carries a link was written without one");
  return found;
}

/** The words of a letter that staff can change: what stands between greeting and signature, but for the link. */
export function bodyOf({ blocks }: Letter): string {
  return blocks
    .filter(({ kind }) => kind !== "link")
    .map(blockText)
    .join("\n\n");
}

/** A letter in somebody's own words. Its link stays: it may be one that nobody can write by hand. */
export function reworded(letter: Letter, { subject, body }: { subject: string; body: string }): Letter {
  const paragraphs = body.split(/\n\s*\n/).filter((text) => text.trim() !== "");
  const links = letter.blocks.filter(({ kind }) => kind === "link");
  return { ...letter, subject, blocks: [...paragraphs.map((text) => paragraph(text.trim())), ...links] };
}

const SIGNATURE = "The CTO Mentor Program";
const FOOTNOTE = "You can answer this mail; a person reads it.";

/** Makes text and HTML of a letter, with greeting and signature. */
export function compose(letter: Letter, { recipientName }: Frame): Composed {
  const greeting = letter.greeting ?? `Dear ${recipientName},`;
  const text = [greeting, ...letter.blocks.map(blockText), `${SIGNATURE}\n${FOOTNOTE}`].join("\n\n");
  return { subject: letter.subject, text: `${text}\n`, html: page(letter, greeting) };
}

function blockText(block: Block): string {
  switch (block.kind) {
    case "paragraph":
      return block.text;
    case "facts":
      return block.rows.map(([label, value]) => `${label}: ${value}`).join("\n");
    case "quote":
      // Set in, so that nobody takes what is quoted for what the program says.
      return [block.label, ...block.text.split(/\r\n|[\r\n]/).map((line) => `    ${line}`)].join("\n");
    case "link":
      return `${block.label}:\n${block.url}`;
  }
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case "paragraph":
      return `<p style="margin:0 0 16px">${escapeHtml(block.text)}</p>`;
    case "facts": {
      const rows = block.rows.map(
        ([label, value]) =>
          `<tr><td style="padding:4px 16px 4px 0;vertical-align:top;opacity:.75">${escapeHtml(label)}</td>` +
          `<td style="padding:4px 0;vertical-align:top"><strong>${escapeHtml(value)}</strong></td></tr>`,
      );
      return `<table role="presentation" style="border-collapse:collapse;margin:0 0 16px">${rows.join("")}</table>`;
    }
    case "quote":
      return (
        `<p style="margin:0 0 4px"><strong>${escapeHtml(block.label)}</strong></p>` +
        `<blockquote style="margin:0 0 16px;padding-left:12px;border-left:3px solid #1f4e79;white-space:pre-wrap">` +
        `${escapeHtml(block.text)}</blockquote>`
      );
    case "link":
      return (
        `<p style="margin:24px 0"><a href="${escapeHtml(block.url)}" style="background:#1f4e79;color:#ffffff;` +
        `padding:12px 20px;border-radius:6px;text-decoration:none;display:inline-block">${escapeHtml(block.label)}</a></p>` +
        `<p style="margin:0 0 16px;font-size:14px;opacity:.75">${escapeHtml(block.url)}</p>`
      );
  }
}

function page(letter: Letter, greeting: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(letter.subject)}</title>
</head>
<body style="margin:0;padding:24px 16px;font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5">
<div style="max-width:560px;margin:0 auto;overflow-wrap:anywhere">
<p style="margin:0 0 16px">${escapeHtml(greeting)}</p>
${letter.blocks.map(blockHtml).join("\n")}
<p style="margin:24px 0 4px">${SIGNATURE}</p>
<p style="margin:0;font-size:14px;opacity:.75">${FOOTNOTE}</p>
</div>
</body>
</html>
`;
}
