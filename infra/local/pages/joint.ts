import type { PageAnswer } from "../http.ts";
import type { PageSources } from "./index.ts";
import { page } from "./layout.ts";
import { html } from "./markup.ts";
import type { SignedIn } from "./signed-in.ts";

/** As for the confirmation of an address the page waits for a person to press a button. */
const SCRIPT = `
const form = document.getElementById("answer");
const outcome = document.getElementById("outcome");
const token = location.hash.slice(1);
if (token === "") outcome.textContent = "This page is opened by the link in a mail.";
else form.hidden = false;
form.addEventListener("click", async (event) => {
  const name = event.target.dataset.answer;
  if (name === undefined) return;
  const query = "mutation($input: JointAnswerInput!) { " + name + "(input: $input) { userErrors { message } } }";
  const { authorization } = form.dataset;
  const answer = await fetch("/graphql", {
    method: "POST",
    headers: { "content-type": "application/json", ...(authorization ? { authorization } : {}) },
    body: JSON.stringify({ query, variables: { input: { token } } }),
  });
  const { data, errors } = await answer.json();
  const { userErrors = [] } = (data && data[name]) || {};
  const problems = [...(errors || []), ...userErrors].map(({ message }) => message);
  outcome.textContent = problems.length > 0 ? problems.join(" ") : "Thank you for your answer.";
});
`;

export const JOINT_ASSETS: Record<string, { type: string; body: string }> = {
  "/assets/joint.js": { type: "text/javascript; charset=utf-8", body: SCRIPT },
};

/** Where the link of an invitation to apply together leads. Accepting it needs somebody who is signed in. */
export async function jointPage(sources: PageSources, person: SignedIn | undefined): Promise<PageAnswer> {
  const authorization = person ? `Bearer ${await sources.issuer.sign(person)}` : "";
  const answer = page(
    { title: "Apply together", person, now: sources.clock.now() },
    html`<p>Somebody would like you to apply together. To accept, sign in first and open the link again.</p>
      <p id="answer" data-authorization="${authorization}" hidden>
        <button data-answer="jointAccept">Accept</button> <button data-answer="jointDecline">Decline</button>
      </p>
      <p id="outcome" role="status"></p>
      <script src="/assets/joint.js" defer></script>`,
  );
  const policy = `${answer.headers?.["content-security-policy"] ?? ""}; connect-src 'self'`;
  return { ...answer, headers: { ...answer.headers, "content-security-policy": policy } };
}
