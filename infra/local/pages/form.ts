import type { FrontRequest } from "../http-event.ts";

/** The fields of a posted form or JSON object; undefined where the body is neither. */
export function fieldsOf({ headers, body }: FrontRequest): Record<string, unknown> | undefined {
  const text = body.toString("utf8");
  if (isForm(headers)) return Object.fromEntries(new URLSearchParams(text));
  try {
    const content: unknown = JSON.parse(text);
    return typeof content === "object" && content !== null && !Array.isArray(content) ? { ...content } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a browser's form sent the request; it then wants a page for an answer. */
export function isForm(headers: Record<string, string>): boolean {
  return (headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded");
}

/** Whether the request wants a page rather than JSON. */
export function wantsHtml({ headers }: FrontRequest): boolean {
  return (headers["accept"] ?? "").includes("text/html");
}
