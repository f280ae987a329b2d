import type { MovableClock } from "../clock.ts";
import type { FrontRequest } from "../http-event.ts";
import type { PageAnswer, Pages } from "../http.ts";
import type { Issuer } from "../issuer.ts";
import type { LocalSes } from "../ses.ts";
import { clockPages } from "./clock.ts";
import type { ClockAnswer, ClockMove } from "./clock.ts";
import { CONFIRM_ASSETS, confirmPage } from "./confirm.ts";
import { NOMINATION_ASSETS, nominationPage } from "./nomination.ts";
import { OFFERED_ASSETS, offerConfirmPage, offerPage } from "./offered.ts";
import { EXPLORER_ASSETS, explorerPage } from "./explorer.ts";
import { JOINT_ASSETS, jointPage } from "./joint.ts";
import { COMMON_HEADERS, json } from "./layout.ts";
import { mailedLink } from "./links.ts";
import { mailJson, mailList, mailPart } from "./mail.ts";
import { signedInOf } from "./signed-in.ts";
import { signInPage, takeSignIn } from "./sign-in.ts";
import { startPage } from "./start.ts";
import { SCRIPT, STYLE } from "./style.ts";

export type { ClockAnswer, ClockMove } from "./clock.ts";

/** Someone the pages can sign in as. */
export interface PagePerson {
  key: string;
  name: string;
  email: string;
  roles: readonly string[];
  note: string;
}

/** What the pages show and do. */
export interface PageSources {
  url: string;
  people: readonly PagePerson[];
  clock: MovableClock;
  ses: Pick<LocalSes, "mails" | "raw">;
  issuer: Issuer;
  /** Moves the clock and does what became due. Throws a ClockError when the move cannot be made. */
  moveClock(move: ClockMove): Promise<ClockAnswer>;
}

const ASSETS: Record<string, { type: string; body: string }> = {
  "/assets/style.css": { type: "text/css; charset=utf-8", body: STYLE },
  "/assets/page.js": { type: "text/javascript; charset=utf-8", body: SCRIPT },
  ...CONFIRM_ASSETS,
  ...JOINT_ASSETS,
  ...NOMINATION_ASSETS,
  ...OFFERED_ASSETS,
  ...EXPLORER_ASSETS,
};

/** Everything the front serves besides the API. */
export function pagesOf(sources: PageSources): Pages {
  const clock = clockPages(sources);

  async function route(request: FrontRequest): Promise<PageAnswer | undefined> {
    const { method, path } = request;
    const person = signedInOf(request);
    if (method === "POST" && path === "/sign-in") return takeSignIn(sources, request);
    if (method === "POST" && path === "/clock") return clock.move(request, person);
    if (path === "/") return startPage(sources, person);
    if (path === "/graphql") return explorerPage(sources, person);
    if (path === "/sign-in") return signInPage(sources, person);
    if (path === "/confirm-address") return confirmPage(sources, person);
    if (path === "/joint-application") return jointPage(sources, person);
    if (path === "/nomination") return nominationPage(sources, person);
    if (path === "/nominate") return offerPage(sources, person);
    if (path === "/nomination-confirm") return offerConfirmPage(sources, person);
    if (path === "/clock") return clock.show(request, person);
    if (path === "/mail") return mailList(sources, request, person);
    if (path === "/mail.json") return mailJson(sources, request);
    if (path.startsWith("/mail/")) return mailPart(sources, request, person);
    if (path === "/.well-known/openid-configuration") return json(sources.issuer.discovery());
    if (path === "/.well-known/jwks.json") return json(sources.issuer.jwks());
    return mailedLink(path) ?? asset(path);
  }

  return async (request) => {
    const isChange = request.method === "POST";
    if (isChange && request.headers["sec-fetch-site"] === "cross-site") {
      return json({ message: "Other sites may not do this." }, 403);
    }
    const answer = await route(request);
    if (answer === undefined) return undefined;
    if (!isAllowed(request)) {
      return { ...json({ message: `${request.method} is not for this page.` }, 405), headers: { allow: "GET, HEAD" } };
    }
    return { ...answer, headers: { ...COMMON_HEADERS, "cache-control": "no-store", ...answer.headers } };
  };
}

function isAllowed({ method, path }: FrontRequest): boolean {
  return method === "GET" || method === "HEAD" || (method === "POST" && (path === "/sign-in" || path === "/clock"));
}

function asset(path: string): PageAnswer | undefined {
  const found = Object.hasOwn(ASSETS, path) ? ASSETS[path] : undefined;
  return found && { headers: { "content-type": found.type, "cache-control": "max-age=600" }, body: found.body };
}
