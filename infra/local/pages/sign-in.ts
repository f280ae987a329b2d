import type { FrontRequest } from "../http-event.ts";
import type { PageAnswer } from "../http.ts";
import { fieldsOf, wantsHtml } from "./form.ts";
import type { PageSources } from "./index.ts";
import { json, page, seeOther } from "./layout.ts";
import { html } from "./markup.ts";
import type { Markup } from "./markup.ts";
import { personOf, signedInCookie } from "./signed-in.ts";
import type { SignedIn } from "./signed-in.ts";

/** The page to choose a person on, with the token of the chosen one. */
export async function signInPage(
  sources: PageSources,
  person: SignedIn | undefined,
  problem?: string,
): Promise<PageAnswer> {
  const token = person === undefined ? undefined : await sources.issuer.sign(person);
  return page(
    { title: "Sign in", at: "/sign-in", person, now: sources.clock.now(), status: problem === undefined ? 200 : 400 },
    html`${problem !== undefined && html`<p class="bad" role="alert">${problem}</p>`}
      ${
        person !== undefined &&
        token !== undefined &&
        html`<p>
            You are <strong>${person.name}</strong> (${person.email}). The <a href="/graphql">explorer</a> uses your
            token by itself. Anything else sends it as <code>Authorization: Bearer …</code>; it is good for twelve
            hours.
          </p>
          <textarea id="token" readonly spellcheck="false" aria-label="Token">${token}</textarea>
          <div class="row">
            <button class="main" type="button" data-copy="token">Copy the token</button>
            <form method="post" action="/sign-in"><button name="person" value="">Sign out</button></form>
          </div>`
      }
      <h2>Choose a person</h2>
      ${personList(sources.people, person)}
      <h2>Or be somebody new</h2>
      <form method="post" action="/sign-in" class="row">
        <label>Name<input name="name" required maxlength="200" autocomplete="off" placeholder="Pat Example" /></label>
        <label
          >E-mail address<input
            name="email"
            type="email"
            required
            maxlength="254"
            autocomplete="off"
            placeholder="pat@example.org"
        /></label>
        <button>Sign in</button>
      </form>
      <p class="soft">
        Addresses beginning with “bounce” lose their mail, and those beginning with “complaint” complain of it.
      </p>`,
  );
}

/** The demo people, each with a button. */
export function personList(people: PageSources["people"], person: SignedIn | undefined): Markup {
  return html`<ul class="list">
    ${people.map(
      ({ key, name, email, roles, note }) =>
        html`<li${person?.email === email && html` class="here"`}>
<span class="grow"><strong>${name}</strong> <code>${key}</code><span class="soft">${[...roles.map((role) => role.toLowerCase()), note].join(" · ")} · ${email}</span></span>
<form method="post" action="/sign-in"><button name="person" value="${key}" aria-label="Sign in as ${name}">Sign in</button></form>
</li>`,
    )}
  </ul>`;
}

/** Takes in a choice: `person` is a demo person's key, or `name` and `email` say who it is. An empty `person` signs out. */
export async function takeSignIn(sources: PageSources, request: FrontRequest): Promise<PageAnswer> {
  const fields = fieldsOf(request) ?? {};
  const isPage = wantsHtml(request);
  if (fields["person"] === "") {
    const headers = { "set-cookie": signedInCookie(undefined) };
    return isPage ? seeOther("/sign-in", headers) : { ...json({ message: "Signed out." }), headers };
  }
  const demo = sources.people.find(({ key }) => key === fields["person"]);
  const person = demo ?? personOf(fields);
  if (person === undefined) {
    const names = sources.people.map(({ key }) => key).join(", ");
    const problem = `Choose one of ${names}, or give a name and an e-mail address.`;
    return isPage ? await signInPage(sources, undefined, problem) : json({ message: problem }, 400);
  }
  const headers = { "set-cookie": signedInCookie(person) };
  if (isPage) return seeOther("/sign-in", headers);
  const answer = json({ name: person.name, email: person.email, token: await sources.issuer.sign(person) });
  return { ...answer, headers: { ...answer.headers, ...headers } };
}
