import { ClockError } from "../clock.ts";
import type { FrontRequest } from "../http-event.ts";
import type { PageAnswer } from "../http.ts";
import { fieldsOf, wantsHtml } from "./form.ts";
import type { PageSources } from "./index.ts";
import { json, page, seeOther, time } from "./layout.ts";
import { html } from "./markup.ts";
import type { SignedIn } from "./signed-in.ts";

/** Where to move the clock: on by an ISO 8601 duration, or to an instant. */
export interface ClockMove {
  advance?: string;
  to?: string;
}

/** What a move did. */
export interface ClockAnswer {
  now: string;
  movedBy: string;
  ran: {
    /** How many due things were done. */
    done: number;
    /** The mails that went out meanwhile. */
    mails: { id: string; to: string[]; subject: string }[];
  };
}

const STEPS = [
  ["PT1H", "an hour"],
  ["P1D", "a day"],
  ["P7D", "a week"],
  ["P30D", "30 days"],
  ["P1Y", "a year"],
] as const;

const USAGE = 'Send {"advance": "P30D"} or {"to": "2027-01-30T08:00:00Z"}.';

/** Shows and moves the program's clock, as JSON for programs and as a page for people. */
export function clockPages(sources: PageSources) {
  let last: ClockAnswer | undefined;

  function show(request: FrontRequest, person: SignedIn | undefined, problem?: string): PageAnswer {
    const { clock } = sources;
    const status = problem === undefined ? 200 : 400;
    if (!wantsHtml(request)) {
      return json(
        problem === undefined ? { now: clock.now(), movedBy: clock.movedBy() } : { message: problem },
        status,
      );
    }
    return page(
      { title: "Clock", at: "/clock", person, now: clock.now(), status },
      html`${problem !== undefined && html`<p class="bad" role="alert">${problem}</p>`}
        <p>
          The program’s time is <strong>${time(clock.now())}</strong>,
          ${
            clock.movedBy() === "PT0S" ? "the real time" : html`<code>${clock.movedBy()}</code> ahead of the real time`
          }.
          Moving it on does what becomes due by then: reminders, expiries, mails. It never goes back; for that start
          with a fresh data folder.
        </p>
        <form method="post" action="/clock" class="row">
          ${STEPS.map(([duration, words]) => html`<button name="advance" value="${duration}">On by ${words}</button>`)}
        </form>
        <form method="post" action="/clock" class="row">
          <label
            >Or to a date and time (UTC)<input
              type="datetime-local"
              name="to"
              required
              min="${clock.now().slice(0, 16)}"
              value="${clock.now().slice(0, 16)}"
          /></label>
          <button>Move there</button>
        </form>
        ${last !== undefined && report(last)}`,
    );
  }

  async function move(request: FrontRequest, person: SignedIn | undefined): Promise<PageAnswer> {
    const isPage = wantsHtml(request);
    const wanted = moveOf(fieldsOf(request), isPage);
    if (wanted === undefined) return show(request, person, USAGE);
    try {
      last = await sources.moveClock(wanted);
    } catch (error) {
      if (error instanceof ClockError) return show(request, person, error.message);
      throw error;
    }
    return isPage ? seeOther("/clock") : json(last);
  }

  return { show, move };
}

function moveOf(fields: Record<string, unknown> | undefined, isPage: boolean): ClockMove | undefined {
  const advance = fields?.["advance"];
  const to = fields?.["to"];
  if (typeof advance === "string" && to === undefined) return { advance };
  // A browser's date field has no zone; the page says that it means UTC.
  if (typeof to === "string" && advance === undefined) return { to: isPage ? `${to}Z` : to };
  return undefined;
}

function report({ now, ran }: ClockAnswer) {
  return html`<h2>The last move</h2>
    <p>
      Moved to ${time(now)}. ${ran.done} due ${ran.done === 1 ? "thing was" : "things were"} done and
      ${ran.mails.length} ${ran.mails.length === 1 ? "mail" : "mails"} went out.
    </p>
    ${
      ran.mails.length > 0 &&
      html`<ul class="list">
        ${ran.mails.map(
          ({ id, to, subject }) =>
            html`<li>
              <span class="grow"><a href="/mail/${id}">${subject}</a><span class="soft">${to.join(", ")}</span></span>
            </li>`,
        )}
      </ul>`
    }`;
}
