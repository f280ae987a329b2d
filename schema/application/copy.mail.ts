import { facts, paragraph, quote, type Block } from "../shared/mail.ts";
import { ORGANIZATION_LABELS, SIZE_LABELS, type Organization, type Submission } from "./application.ts";

/** Longest answer that a mail repeats whole, in characters. */
const MOST_OF_ONE = 4_000;
/** Most characters of answers in one mail: well below what mail systems take, or show without being asked. */
const MOST_OF_ALL = 40_000;

/**
 * A copy of what was submitted: organization, job title, the résumé's file name, every question with its answer. What others wrote
 * about the applicant is no part of a submission, and so of no copy. An answer that would make the mail too long ends where there
 * is room for no more, and the mail says so at that place.
 */
export function copyOf({ organization, jobTitle, resume, answers }: Submission): Block[] {
  let room = MOST_OF_ALL;
  const quotes = answers.map(({ prompt, text }) => {
    const shown = cut(text, Math.min(MOST_OF_ONE, room));
    room -= shown.length;
    const rest = `[The mail ends this answer here: it has ${text.length} characters. All of it is in your application.]`;
    return quote(prompt, shown.length === text.length ? text : `${shown}\n${rest}`.trim());
  });
  return [
    paragraph("This is a copy of what you submitted:"),
    facts(
      ["Organization", `${organization.name} (${described(organization)})`],
      ["Job title", jobTitle],
      ["Résumé", resume?.name ?? "none"],
    ),
    ...quotes,
  ];
}

/** What was said of an organization besides its name. */
function described({ kind, region, size }: Organization): string {
  return [ORGANIZATION_LABELS[kind], ...(region ? [region] : []), ...(size ? [SIZE_LABELS[size]] : [])].join(", ");
}

/** The beginning of a text, never half a character. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  return text.slice(0, most).replace(/[\uD800-\uDBFF]$/, "");
}
