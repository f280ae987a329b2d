import type { PageAnswer } from "../http.ts";
import { html } from "./markup.ts";
import type { Content, Markup } from "./markup.ts";
import type { SignedIn } from "./signed-in.ts";

/** Nothing from elsewhere, no scripts but our own. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self' data:",
  "frame-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Headers of everything the pages answer. */
export const COMMON_HEADERS = { "x-content-type-options": "nosniff", "referrer-policy": "no-referrer" } as const;

/** The icon as a data address: a page must not need another request for it. */
export const ICON =
  "data:image/svg+xml," +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#1f5f8b"/>' +
      '<path d="M9 20.5 16 10l7 10.5" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/></svg>',
  );

const LINKS = [
  ["/", "Start"],
  ["/graphql", "Explorer"],
  ["/mail", "Mail"],
  ["/sign-in", "Sign in"],
  ["/clock", "Clock"],
] as const;

/** What a page needs besides its own content. */
export interface PageFrame {
  title: string;
  /** Path of the link that stands for this page. */
  at?: string;
  person: SignedIn | undefined;
  /** The program's time. */
  now: string;
  status?: number;
}

/** A whole page in the common frame. */
export function page({ title, at, person, now, status }: PageFrame, content: Content): PageAnswer {
  const links = LINKS.map(([path, name]) =>
    path === at ? html`<a href="${path}" aria-current="page">${name}</a>` : html`<a href="${path}">${name}</a>`,
  );
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} – CTO Mentor Program</title>
        <link rel="icon" href="${ICON}" />
        <link rel="stylesheet" href="/assets/style.css" />
        <script src="/assets/page.js" defer></script>
      </head>
      <body>
        <header>
          <p class="brand">CTO Mentor Program <span class="tag">laptop</span></p>
          <nav aria-label="Pages">${links}</nav>
        </header>
        <main>
          <h1>${title}</h1>
          ${content}
        </main>
        <footer>
          <p>
            ${person === undefined ? "Nobody is signed in." : `Signed in as ${person.name}.`} The program’s time is
            ${time(now)}.
          </p>
        </footer>
      </body>
    </html> `;
  return {
    status,
    headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": CONTENT_SECURITY_POLICY },
    body: document.text,
  };
}

/** An instant for people, in UTC. */
export function time(instant: string): Markup {
  const text = new Date(instant).toLocaleString("en-US", { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" });
  return html`<time datetime="${instant}">${text} UTC</time>`;
}

/** Sends a browser on after a form was taken in, so that reloading does not send it again. */
export function seeOther(location: string, headers: Record<string, string> = {}): PageAnswer {
  return { status: 303, headers: { location, ...headers }, body: "" };
}

/** An answer for programs. */
export function json(content: unknown, status = 200): PageAnswer {
  return {
    status,
    headers: { "content-type": "application/json" },
    body: `${JSON.stringify(content, undefined, 2)}\n`,
  };
}
