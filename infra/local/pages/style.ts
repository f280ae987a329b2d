/** The one style of all pages: readable on a phone and in the dark. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --text: #1c2430; --soft: #5a6675; --line: #d8dee6; --back: #f5f7f9; --card: #ffffff; --accent: #1f5f8b; --on-accent: #ffffff;
  --mark: #e6f0f7; --bad: #9b2c2c;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e4e9ef; --soft: #9dabba; --line: #323c48; --back: #14191f; --card: #1c232b; --accent: #7db8de; --on-accent: #10202c;
    --mark: #22313d; --bad: #f0a0a0;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--back); color: var(--text);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif;
  min-height: 100vh; display: flex; flex-direction: column;
}
header, main, footer { width: 100%; max-width: 60rem; margin: 0 auto; padding: 0 1.25rem; }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem 1.5rem; padding-top: 1rem; padding-bottom: .75rem; border-bottom: 1px solid var(--line); }
main { flex: 1; padding-top: .5rem; padding-bottom: 2rem; }
footer { color: var(--soft); font-size: .875rem; border-top: 1px solid var(--line); }
.brand { margin: 0; font-weight: 650; }
.tag { font-weight: 400; font-size: .8rem; color: var(--soft); border: 1px solid var(--line); border-radius: 1rem; padding: .05rem .5rem; margin-left: .25rem; }
nav { display: flex; flex-wrap: wrap; gap: .1rem .25rem; margin-left: -.6rem; }
nav a { padding: .25rem .6rem; border-radius: .4rem; text-decoration: none; }
nav a[aria-current] { background: var(--mark); font-weight: 600; }
a { color: var(--accent); }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 1.25rem 0 .75rem; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
p { max-width: 44rem; }
.soft { color: var(--soft); }
.bad { color: var(--bad); font-weight: 600; }
code, pre, textarea { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; font-size: .875rem; }
code { overflow-wrap: anywhere; }
pre { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .75rem 1rem; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
.list { list-style: none; margin: .5rem 0; padding: 0; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
.list > li { display: flex; flex-wrap: wrap; align-items: center; gap: .15rem 1rem; padding: .65rem 1rem; }
.list > li + li { border-top: 1px solid var(--line); }
.list .grow { flex: 1 1 16rem; min-width: 0; overflow-wrap: anywhere; }
.list .soft { font-size: .875rem; }
.list .grow > .soft { display: block; }
.list > li.here { background: var(--mark); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: .5rem 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
form { margin: 0; }
.row { display: flex; flex-wrap: wrap; gap: .5rem; align-items: end; margin: .75rem 0; }
label { display: block; font-size: .875rem; color: var(--soft); flex: 0 1 16rem; }
input, textarea { width: 100%; font-size: 1rem; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: .4rem; padding: .4rem .6rem; }
input { font-family: inherit; }
textarea { min-height: 10.5rem; resize: vertical; overflow-wrap: anywhere; }
input, button { min-height: 2.5rem; }
button { font: inherit; cursor: pointer; color: var(--accent); background: var(--card); border: 1px solid var(--line); border-radius: .4rem; padding: .4rem .9rem; }
button:hover { border-color: var(--accent); }
button.main { color: var(--on-accent); background: var(--accent); border-color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.views { margin: 1rem 0 .5rem; }
iframe { width: 100%; height: 65vh; min-height: 20rem; background: #ffffff; color-scheme: light; border: 1px solid var(--line); border-radius: .5rem; resize: vertical; }
@media (max-width: 30rem) {
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: .5rem; }
}
`;

/** Copies the text of the element that a button names. */
export const SCRIPT = `
document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Press Ctrl+C";
  }
});
`;
