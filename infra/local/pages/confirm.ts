import type { PageAnswer } from "../http.ts";
import type { PageSources } from "./index.ts";
import { page } from "./layout.ts";
import { html } from "./markup.ts";
import type { SignedIn } from "./signed-in.ts";

/** Programs that look into mails open links and run scripts, so the page waits for a person to press the button. */
const SCRIPT = `
const button = document.getElementById("confirm");
const outcome = document.getElementById("outcome");
const token = location.hash.slice(1);
if (token === "") outcome.textContent = "This page is opened by the link in a mail.";
else button.hidden = false;
button.addEventListener("click", async () => {
  button.disabled = true;
  const query =
    "mutation($input: EmailConfirmInput!) { emailConfirm(input: $input) { email userErrors { message } } }";
  const answer = await fetch("/graphql", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query, variables: { input: { token } } }),
  });
  const { data, errors } = await answer.json();
  const { email, userErrors = [] } = (data && data.emailConfirm) || {};
  const problems = [...(errors || []), ...userErrors].map(({ message }) => message);
  outcome.textContent = email ? "Confirmed: " + email : problems.join(" ");
  button.disabled = false;
});
`;

export const CONFIRM_ASSETS: Record<string, { type: string; body: string }> = {
  "/assets/confirm.js": { type: "text/javascript; charset=utf-8", body: SCRIPT },
};

/** Where the link of a mail that confirms an address leads. The server never sees what stands behind the `#`. */
export function confirmPage(sources: PageSources, person: SignedIn | undefined): PageAnswer {
  const answer = page(
    { title: "Confirm an address", person, now: sources.clock.now() },
    html`<p>Whoever confirms can sign in to the account that the mail names with this address.</p>
      <p><button id="confirm" hidden>Confirm this address</button></p>
      <p id="outcome" role="status"></p>
      <script src="/assets/confirm.js" defer></script>`,
  );
  const policy = `${answer.headers?.["content-security-policy"] ?? ""}; connect-src 'self'`;
  return { ...answer, headers: { ...answer.headers, "content-security-policy": policy } };
}
