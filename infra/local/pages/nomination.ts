import type { PageAnswer } from "../http.ts";
import type { PageSources } from "./index.ts";
import { page } from "./layout.ts";
import { html } from "./markup.ts";
import type { SignedIn } from "./signed-in.ts";

/** Programs that look into mails open links and run scripts: it counts as opened once a person presses the button. */
const SCRIPT = `
const by = (id) => document.getElementById(id);
const token = location.hash.slice(1);
const FIELDS = "nomination { candidateName cohortName closesAt zone asked state text }";
async function ask(query, variables) {
  const answer = await fetch("/graphql", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  return answer.json();
}
async function step(name, input) {
  const type = name[0].toUpperCase() + name.slice(1) + "Input";
  const query = "mutation($input: " + type + "!) { " + name + "(input: $input) { " + FIELDS + " userErrors { message } } }";
  const { data, errors } = await ask(query, { input: { token, ...input } });
  const { nomination = null, userErrors = [] } = (data && data[name]) || {};
  const problems = [...(errors || []), ...userErrors].map(({ message }) => message);
  by("outcome").textContent = problems.join(" ");
  if (nomination) show(nomination);
  return problems.length === 0;
}
function show({ candidateName, cohortName, closesAt, zone, asked, state, text }) {
  const until = new Date(closesAt).toLocaleString("en-US", { timeZone: zone, dateStyle: "full", timeStyle: "short" });
  by("about").textContent = candidateName + ", " + cohortName + ". Please answer until " + until + " (" + zone + ").";
  by("asked").textContent = asked;
  if (by("text").value === "") by("text").value = text;
  by("begin").hidden = state !== "REQUESTED" && state !== "BOUNCED";
  by("letter").hidden = state !== "OPENED";
  if (state === "PROVIDED") by("outcome").textContent = "We have received your nomination: thank you.";
  if (state === "REFUSED") by("outcome").textContent = "You have declined to nominate.";
}
by("begin").addEventListener("click", () => step("nominationOpen", {}));
by("save").addEventListener("click", async () => {
  if (await step("nominationSave", { text: by("text").value })) by("outcome").textContent = "Saved.";
});
by("refuse").addEventListener("click", () => step("nominationRefuse", {}));
by("letter").addEventListener("submit", (event) => {
  event.preventDefault();
  const [text, name, position] = ["text", "name", "position"].map((id) => by(id).value);
  step("nominationProvide", { text, name, position });
});
ask("query($token: String!) { " + FIELDS.replace("nomination", "nomination(token: $token)") + " }", { token }).then(
  ({ data }) => {
    if (data && data.nomination) show(data.nomination);
    else by("outcome").textContent = "This page is opened by the link in a mail; this link leads to nothing any more.";
  },
);
`;

export const NOMINATION_ASSETS: Record<string, { type: string; body: string }> = {
  "/assets/nomination.js": { type: "text/javascript; charset=utf-8", body: SCRIPT },
};

/** Where the link of a mail that asks for a nomination leads. The server never sees what stands behind the `#`. */
export function nominationPage(sources: PageSources, person: SignedIn | undefined): PageAnswer {
  const answer = page(
    { title: "Nominate a candidate", person, now: sources.clock.now() },
    html`<p id="about"></p>
      <p id="asked"></p>
      <p><button id="begin" hidden>Write the nomination</button></p>
      <form id="letter" hidden>
        <p>
          <label for="text">Your letter, which the candidate does not read</label>
          <textarea id="text" rows="14" cols="70" maxlength="10000"></textarea>
        </p>
        <p><label for="name">Your name</label><input id="name" maxlength="120" autocomplete="name" /></p>
        <p><label for="position">Your position</label><input id="position" maxlength="120" /></p>
        <p>
          <button>Hand it in</button>
          <button id="save" type="button">Save and go on later</button>
          <button id="refuse" type="button">I do not nominate this candidate</button>
        </p>
      </form>
      <p id="outcome" role="status"></p>
      <script src="/assets/nomination.js" defer></script>`,
  );
  const policy = `${answer.headers?.["content-security-policy"] ?? ""}; connect-src 'self'`;
  return { ...answer, headers: { ...answer.headers, "content-security-policy": policy } };
}
