import { escapeHtml } from "../../../schema/shared/html.ts";

/** HTML that is safe to send: everything in it was written here or escaped. */
export class Markup {
  constructor(readonly text: string) {}
}

/** What may stand in a template. Nothing is shown for undefined, null and false. */
export type Content = Markup | string | number | undefined | null | false | readonly Content[];

/** A template whose texts are escaped, in content and in quoted attributes. */
export function html(strings: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return new Markup(strings.map((text, index) => text + show(contents[index])).join(""));
}

function show(content: Content): string {
  if (content === undefined || content === null || content === false) return "";
  if (content instanceof Markup) return content.text;
  if (typeof content === "string" || typeof content === "number") return escapeHtml(String(content));
  return content.map(show).join("");
}
