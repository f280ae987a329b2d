import type { FrontRequest } from "../http-event.ts";

/**
 * The fields of a posted form or JSON object; undefined where the body is neither. curl calls everything a form that it
 * is not told the type of, so JSON is known by its first letter.
 */
export function fieldsOf(request: FrontRequest): Record<string, unknown> | undefined {
  const text = request.body.toString("utf8").trim();
  if (isForm(request) && !text.startsWith("{")) return Object.fromEntries(new URLSearchParams(text));
  try {
    const content: unknown = JSON.parse(text);
    return typeof content === "object" && content !== null && !Array.isArray(content) ? { ...content } : undefined;
  } catch {
    return undefined;
  }
}

function isForm({ headers }: FrontRequest): boolean {
  return (headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded");
}

/** Whether the request wants a page rather than JSON. */
export function wantsHtml({ headers }: FrontRequest): boolean {
  return (headers["accept"] ?? "").includes("text/html");
}
