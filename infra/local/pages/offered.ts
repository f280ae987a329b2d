import type { PageAnswer } from "../http.ts";
import type { PageSources } from "./index.ts";
import { page } from "./layout.ts";
import { html } from "./markup.ts";
import type { SignedIn } from "./signed-in.ts";

/** Both pages ask the API as anybody does: nobody signs in for them. */
const SCRIPT = `
const by = (id) => document.getElementById(id);
const FIELDS = ["nomineeName", "nomineeEmail", "nominatorName", "nominatorEmail", "nominatorPosition", "text"];
async function ask(query, variables) {
  const answer = await fetch("/graphql", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await answer.json();
  return { data: data || {}, problems: (errors || []).map(({ message }) => message) };
}
async function step(name, input, selection) {
  const type = name[0].toUpperCase() + name.slice(1) + "Input";
  const query = "mutation($input: " + type + "!) { " + name + "(input: $input) { " + selection + " userErrors { message } } }";
  const { data, problems } = await ask(query, { input });
  const payload = data[name] || { userErrors: [] };
  const all = [...problems, ...payload.userErrors.map(({ message }) => message)];
  by("outcome").textContent = all.join(" ");
  return all.length === 0 ? payload : null;
}
const offer = by("offer");
if (offer) {
  const key = crypto.randomUUID();
  ask("{ cohorts { nodes { id name } } }").then(({ data }) => {
    for (const { id, name } of data.cohorts ? data.cohorts.nodes : []) by("cohortId").append(new Option(name, id));
  });
  offer.addEventListener("submit", async (event) => {
    event.preventDefault();
    const fields = Object.fromEntries(["cohortId", ...FIELDS].map((id) => [id, by(id).value]));
    if (!(await step("nominationOffer", { ...fields, idempotencyKey: key }, "confirmUntil"))) return;
    offer.hidden = true;
    by("outcome").textContent = "Thank you. Please open the link in the mail that we have sent you: only then does it count.";
  });
}
const confirm = by("confirm");
if (confirm) {
  const token = location.hash.slice(1);
  if (token === "") by("outcome").textContent = "This page is opened by the link in a mail.";
  else confirm.hidden = false;
  confirm.addEventListener("click", async () => {
    const confirmed = await step("nominationConfirm", { token }, "candidateName");
    if (!confirmed) return;
    confirm.hidden = true;
    by("outcome").textContent = "Thank you: your nomination of " + confirmed.candidateName + " is confirmed.";
  });
}
`;

export const OFFERED_ASSETS: Record<string, { type: string; body: string }> = {
  "/assets/offered.js": { type: "text/javascript; charset=utf-8", body: SCRIPT },
};

/** Where somebody nominates without being asked, and without an account. */
export function offerPage(sources: PageSources, person: SignedIn | undefined): PageAnswer {
  const field = (id: string, label: string, type = "text") =>
    html`<p><label for="${id}">${label}</label><input id="${id}" type="${type}" maxlength="254" required /></p>`;
  return asking(
    sources,
    person,
    html`<form id="offer">
      <p>
        <label for="cohortId">Cohort</label
        ><select id="cohortId" required></select>
      </p>
      ${field("nomineeName", "Whom you nominate")} ${field("nomineeEmail", "Their address", "email")}
      <p>
        <label for="text">Your letter, which the candidate does not read</label>
        <textarea id="text" rows="14" cols="70" maxlength="10000" required></textarea>
      </p>
      ${field("nominatorName", "Your name")} ${field("nominatorPosition", "Your position")}
      ${field("nominatorEmail", "Your address, to which we send a link to confirm it", "email")}
      <p><button>Nominate</button></p>
    </form>`,
  );
}

/** Where the link of a mail leads that asks whether somebody wrote a nomination. It counts once a person presses the button. */
export function offerConfirmPage(sources: PageSources, person: SignedIn | undefined): PageAnswer {
  return asking(
    sources,
    person,
    html`<p>Somebody, most likely you, has written a nomination and given your address as theirs.</p>
      <p><button id="confirm" hidden>I have written it</button></p>`,
  );
}

function asking(sources: PageSources, person: SignedIn | undefined, content: ReturnType<typeof html>): PageAnswer {
  const answer = page(
    { title: "Nominate a candidate", person, now: sources.clock.now() },
    html`${content}
      <p id="outcome" role="status"></p>
      <script src="/assets/offered.js" defer></script>`,
  );
  const policy = `${answer.headers?.["content-security-policy"] ?? ""}; connect-src 'self'`;
  return { ...answer, headers: { ...answer.headers, "content-security-policy": policy } };
}
