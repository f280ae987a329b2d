import { css, editorWorkerService, graphqlWorker, js, jsonWorker } from "@graphql-yoga/render-graphiql/graphiql";
import type { PageAnswer } from "../http.ts";
import { EXAMPLES } from "./examples.ts";
import type { PageSources } from "./index.ts";
import { ICON } from "./layout.ts";
import { html, Markup } from "./markup.ts";
import type { SignedIn } from "./signed-in.ts";

/**
 * The editor writes its styles at run time. Its parts come from here as files rather than inside the page, as the package
 * would have it: nine megabytes are then read once and not with every visit.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

const BAR_STYLE = `
html, body { height: 100%; margin: 0; }
body { display: flex; flex-direction: column; }
#bar { font: 14px/1.4 system-ui, sans-serif; padding: 6px 14px; display: flex; flex-wrap: wrap; gap: 2px 16px; color: #1c2430; background: #eef2f6; }
#bar a { color: #1f5f8b; }
#root { flex: 1; min-height: 0; }
#root .graphiql-container { height: 100%; }
@media (prefers-color-scheme: dark) { #bar { color: #e4e9ef; background: #1c232b; } #bar a { color: #7db8de; } }
`;

const BEFORE = `
self.MonacoEnvironment = {
  globalAPI: false,
  getWorkerUrl: (_module, label) => ({
    editorWorkerService: "/assets/explorer/editor.worker.js",
    json: "/assets/explorer/json.worker.js",
    graphql: "/assets/explorer/graphql.worker.js",
  })[label],
};
`;

const AFTER = `
;YogaGraphiQL.renderYogaGraphiQL(
  document.getElementById("root"),
  JSON.parse(document.getElementById("options").textContent),
);
`;

/** The explorer's scripts and style. They refer to nothing outside, so it works without a network. */
export const EXPLORER_ASSETS: Record<string, { type: string; body: string }> = {
  "/assets/explorer/explorer.css": { type: "text/css; charset=utf-8", body: css + BAR_STYLE },
  "/assets/explorer/explorer.js": { type: "text/javascript; charset=utf-8", body: BEFORE + js + AFTER },
  "/assets/explorer/editor.worker.js": { type: "text/javascript; charset=utf-8", body: editorWorkerService },
  "/assets/explorer/json.worker.js": { type: "text/javascript; charset=utf-8", body: jsonWorker },
  "/assets/explorer/graphql.worker.js": { type: "text/javascript; charset=utf-8", body: graphqlWorker },
};

/** The explorer of the API. It sends the token of whoever is signed in, made anew with each visit. */
export async function explorerPage(sources: PageSources, person: SignedIn | undefined): Promise<PageAnswer> {
  const authorization = person && { Authorization: `Bearer ${await sources.issuer.sign(person)}` };
  const options = {
    title: "CTO Mentor Program",
    logo: " ",
    endpoint: "/graphql",
    defaultTabs: EXAMPLES.map((query) => ({ query })),
    ...(authorization && { additionalHeaders: authorization }),
  };
  const who =
    person === undefined
      ? html`<span>Nobody is signed in.</span><a href="/sign-in">Sign in</a>`
      : html`<span>You ask as <strong>${person.name}</strong> (${person.email}).</span><a href="/sign-in">Change</a>`;
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Explorer – CTO Mentor Program</title>
        <link rel="icon" href="${ICON}" />
        <link rel="stylesheet" href="/assets/explorer/explorer.css" />
      </head>
      <body>
        <div id="bar"><a href="/">Start</a>${who}<a href="/mail">Mail</a></div>
        <noscript>The explorer needs JavaScript.</noscript>
        <div id="root"></div>
        <script type="application/json" id="options">
          ${new Markup(JSON.stringify(options).replaceAll("<", "\\u003c"))}
        </script>
        <script src="/assets/explorer/explorer.js" defer></script>
      </body>
    </html> `;
  return {
    headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": CONTENT_SECURITY_POLICY },
    body: document.text,
  };
}
