import type { FrontRequest } from "../http-event.ts";
import type { PageAnswer } from "../http.ts";
import type { LocalMail } from "../ses-mail.ts";
import type { PageSources } from "./index.ts";
import { json, page, time } from "./layout.ts";
import { html } from "./markup.ts";
import type { Markup } from "./markup.ts";
import type { SignedIn } from "./signed-in.ts";

const SHOWN_AT_ONCE = 200;

/** A mail may style itself and nothing else: no scripts, no forms, nothing from elsewhere. Links open in a new tab. */
const MAIL_POLICY =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'";

const VIEWS = ["html", "text", "headers", "raw"] as const;
type View = (typeof VIEWS)[number];

/** The mailbox, newest first. `?to=` shows the mails to one address. */
export async function mailList(
  sources: PageSources,
  request: FrontRequest,
  person: SignedIn | undefined,
): Promise<PageAnswer> {
  const to = new URLSearchParams(request.query).get("to") ?? "";
  const mails = filtered(await sources.ses.mails(), to).toReversed();
  const isFiltered = to !== "";
  return page(
    { title: "Mail", at: "/mail", person, now: sources.clock.now() },
    html`<p class="soft">None of these left this computer.</p>
      <form action="/mail" class="row">
        <label>To<input name="to" type="search" value="${to}" placeholder="part of an address" /></label
        ><button>Show</button>
      </form>
      ${
        mails.length === 0
          ? html`<p>
              ${isFiltered ? "No mail to such an address." : "No mail yet. Submit an application, and come back."}
            </p>`
          : html`<p>
                ${mails.length}
                ${mails.length === 1 ? "mail" : "mails"}${mails.length > SHOWN_AT_ONCE && `, the newest ${SHOWN_AT_ONCE} shown`}
              </p>
              <ul class="list">
                ${mails.slice(0, SHOWN_AT_ONCE).map(
                  (mail) =>
                    html`<li>
                      <span class="grow"
                        ><a href="/mail/${mail.id}">${mail.subject || "(no subject)"}</a
                        ><span class="soft">to ${mail.to.join(", ")}</span></span
                      >
                      <span class="soft">${time(mail.time)}</span>
                    </li>`,
                )}
              </ul>`
      }`,
  );
}

/** Every mail in the order of acceptance, for tests. `?to=` as in the mailbox. */
export async function mailJson(sources: PageSources, request: FrontRequest): Promise<PageAnswer> {
  const to = new URLSearchParams(request.query).get("to") ?? "";
  return json(filtered(await sources.ses.mails(), to).map(forPrograms));
}

/** The attachments' bytes stay out; their paths lead to them. */
function forPrograms({ attachments, ...mail }: LocalMail) {
  return {
    ...mail,
    attachments: attachments.map(({ filename, contentType, size }, index) => ({
      filename,
      contentType,
      size,
      path: `/mail/${mail.id}/attachments/${index}`,
    })),
  };
}

function filtered(mails: readonly LocalMail[], to: string): LocalMail[] {
  return mails.filter((mail) => mail.to.some((address) => address.toLowerCase().includes(to.toLowerCase())));
}

/** Whatever is below `/mail/<id>`; undefined where there is no such mail or part. */
export async function mailPart(
  sources: PageSources,
  request: FrontRequest,
  person: SignedIn | undefined,
): Promise<PageAnswer | undefined> {
  const [id = "", part, number] = request.path.slice("/mail/".length).split("/");
  const mail = (await sources.ses.mails()).find((candidate) => candidate.id === id);
  if (mail === undefined) return undefined;
  const raw = (await sources.ses.raw(id)) ?? Buffer.alloc(0);
  if (part === undefined) {
    const asked = new URLSearchParams(request.query).get("view");
    const view = VIEWS.find((candidate) => candidate === asked) ?? (mail.html === null ? "text" : "html");
    return mailPage(sources, mail, raw, view, person);
  }
  if (part === "html" && mail.html !== null) {
    const headers = { "content-type": "text/html; charset=utf-8", "content-security-policy": MAIL_POLICY };
    return { headers, body: withNewTabs(mail.html) };
  }
  if (part === "raw") return download(`${id}.eml`, "message/rfc822", raw);
  const attachment =
    part === "attachments" && /^\d+$/.test(number ?? "") ? mail.attachments[Number(number)] : undefined;
  return attachment && download(attachment.filename, attachment.contentType, attachment.content);
}

function mailPage(
  sources: PageSources,
  mail: LocalMail,
  raw: Buffer,
  view: View,
  person: SignedIn | undefined,
): PageAnswer {
  const details: [string, string | Markup | null][] = [
    ["To", mail.to.join(", ")],
    ["From", mail.from],
    ["Reply to", mail.replyTo],
    ["Sent", time(mail.time)],
    ["Outbox id", mail.outboxId && html`<code>${mail.outboxId}</code>`],
  ];
  const views = VIEWS.filter((name) => name !== "html" || mail.html !== null).map((name) => {
    const label = name === "html" ? "HTML" : `${name[0]?.toUpperCase()}${name.slice(1)}`;
    return html`<a href="/mail/${mail.id}?view=${name}" ${name === view && html` aria-current="true"`}>${label}</a>`;
  });
  return page(
    { title: mail.subject || "(no subject)", at: "/mail", person, now: sources.clock.now() },
    html`<dl>
        ${details.map(
          ([name, value]) =>
            value !== null &&
            html`<dt>${name}</dt>
              <dd>${value}</dd>`,
        )}
      </dl>
      ${
        mail.attachments.length > 0 &&
        html`<ul class="list">
          ${mail.attachments.map(
            ({ filename, contentType, size }, index) =>
              html`<li>
                <span class="grow"><a href="/mail/${mail.id}/attachments/${index}">${filename}</a></span>
                <span class="soft">${contentType}, ${size.toLocaleString("en-US")} bytes</span>
              </li>`,
          )}
        </ul>`
      }
      <nav class="views" aria-label="Views">${views}</nav>
      ${content(mail, raw, view)}
      <p><a href="/mail/${mail.id}/raw">Download as .eml</a> · <a href="/mail">All mail</a></p>`,
  );
}

function content(mail: LocalMail, raw: Buffer, view: View): Markup {
  if (view === "html") {
    return html`<iframe
      src="/mail/${mail.id}/html"
      title="The mail"
      sandbox="allow-popups allow-popups-to-escape-sandbox"
    ></iframe>`;
  }
  if (view === "text") {
    return mail.text === null ? html`<p>This mail has no text part.</p>` : html`<pre>${mail.text}</pre>`;
  }
  if (view === "raw") return html`<pre>${raw.toString("utf8")}</pre>`;
  return html`<dl>
    ${mail.headers.map(
      ({ name, value }) =>
        html`<dt><code>${name}</code></dt>
          <dd>${value}</dd>`,
    )}
  </dl>`;
}

/** A link in a mail would open inside the frame, where nothing works. */
function withNewTabs(mailHtml: string): string {
  const base = '<base target="_blank">';
  return /<head[^>]*>/i.test(mailHtml) ? mailHtml.replace(/<head[^>]*>/i, (head) => head + base) : base + mailHtml;
}

function download(filename: string, contentType: string, body: Buffer): PageAnswer {
  const type = /^[\w.+-]+\/[\w.+-]+$/.test(contentType) ? contentType : "application/octet-stream";
  const disposition = `attachment; filename*=UTF-8''${encodeURIComponent(filename.toWellFormed()).replace(/['()*]/g, "_")}`;
  return {
    headers: { "content-type": type, "content-disposition": disposition, "content-security-policy": "sandbox" },
    body,
  };
}
