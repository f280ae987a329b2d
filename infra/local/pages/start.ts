import type { PageAnswer } from "../http.ts";
import type { PageSources } from "./index.ts";
import { page } from "./layout.ts";
import { html } from "./markup.ts";
import type { SignedIn } from "./signed-in.ts";
import { personList } from "./sign-in.ts";

/** What is here and how to begin. */
export function startPage(sources: PageSources, person: SignedIn | undefined): PageAnswer {
  const places = [
    ["/sign-in", "Sign in", "choose who you are; no password"],
    ["/graphql", "Explorer", "ask the API and read its documentation, with the token of who you are"],
    ["/mail", "Mail", "every mail the program sent, none of which left this computer"],
    ["/clock", "Clock", "move the program’s time on and see what becomes due"],
  ] as const;
  return page(
    { title: "The program, on your computer", at: "/", person, now: sources.clock.now() },
    html`<p>
        This is the API of a mentor-and-certification program for future Chief Technology Officers. It runs the same
        code as in the cloud, keeps everything in one folder, and sends nothing anywhere. Everyone in it is made up.
      </p>
      <ul class="list">
        ${places.map(
          ([path, name, what]) =>
            html`<li>
              <span class="grow"><a href="${path}">${name}</a><span class="soft">${what}</span></span>
            </li>`,
        )}
      </ul>
      <h2>People</h2>
      ${personList(sources.people, person)}
      <h2>For programs</h2>
      <dl>
        <dt>GraphQL</dt>
        <dd><code>${sources.url}/graphql</code></dd>
        <dt>Mails</dt>
        <dd>
          <a href="/mail.json"><code>${sources.url}/mail.json</code></a>
        </dd>
        <dt>Clock</dt>
        <dd><code>${sources.url}/clock</code> – GET, or POST <code>{"advance": "P30D"}</code></dd>
        <dt>Issuer</dt>
        <dd>
          <a href="/.well-known/openid-configuration"><code>${sources.url}/.well-known/openid-configuration</code></a>
        </dd>
        <dt>Token</dt>
        <dd><code>npm run token -- staff</code></dd>
      </dl>`,
  );
}
