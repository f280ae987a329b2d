import { refusal, type Decision, type Happening, type Refusal, type Subject } from "../shared/decision.ts";
import { instantInWords, later, type Instant } from "../shared/time.ts";

/** What holds for every link of one purpose. */
export interface PurposeTerms {
  /** How long a link can be used. */
  hours: number;
  /** How often. */
  mostUses: number;
  /** How many are made for the same thing within a day, so that nobody is flooded with mails. */
  mostADay: number;
  /** How many secrets of one link count at the same time: each mail that carries it has its own. */
  mostSecrets: number;
  /** Path of the web page that the link leads to. */
  path: string;
}

/** What links are for. A purpose is a row here; everything else follows from it. */
export const PURPOSES = {
  EMAIL_CONFIRM: { hours: 24, mostUses: 1, mostADay: 5, mostSecrets: 3, path: "/confirm-address" },
  JOINT: { hours: 30 * 24, mostUses: 1, mostADay: 3, mostSecrets: 3, path: "/joint-application" },
  // Until when a letter is taken is the cohort's to say; each piece of it that is saved is a use.
  NOMINATION: { hours: 366 * 24, mostUses: 500, mostADay: 10, mostSecrets: 12, path: "/nomination" },
  // One for each letter that is offered; how many a day is counted by the address.
  NOMINATION_OFFER: { hours: 72, mostUses: 1, mostADay: 1, mostSecrets: 3, path: "/nomination-confirm" },
} as const satisfies Record<string, PurposeTerms>;

/** One of PURPOSES. */
export type Purpose = keyof typeof PURPOSES;

/**
 * A link that lets whoever holds its secret do one thing without signing in. The secret is made when the mail that carries it
 * is sent and stands in that mail alone; here are only its hashes.
 */
export interface Link<Facts extends object = object> {
  id: string;
  version: number;
  purpose: Purpose;
  /** What it is for. */
  about: Subject;
  /** The address that its mail goes to; null: the person's preferred one. */
  to: string | null;
  /** What the purpose needs to know besides. */
  facts: Facts;
  /** Of the latest secrets, the newest last: a mail that was sent again does not spoil the one before. */
  hashes: readonly string[];
  issuedAt: Instant;
  /** The first instant at which it is of no use any more. */
  expiresAt: Instant;
  uses: number;
  mostUses: number;
  /** When another took its place; null otherwise. */
  revokedAt: Instant | null;
}

/** The links that were made for one thing lately, the newest last. */
export interface Issued {
  about: Subject;
  purpose: Purpose;
  version: number;
  links: readonly { id: string; at: Instant }[];
}

/** What happens to links. */
export type LinkEvent =
  | Happening<"LinkIssued", { purpose: Purpose }>
  | Happening<"LinkUsed", { purpose: Purpose }>
  | Happening<"LinkRevoked", { purpose: Purpose }>;

/** Why a link cannot be used. */
export type LinkCode = "LINK_UNKNOWN" | "LINK_EXPIRED" | "LINK_USED" | "LINK_REVOKED";

const DAY_HOURS = 24;

/** Makes a link, unless too many were made for the same thing within a day. */
export function issueLink<Facts extends object>(
  issued: Issued,
  wish: Pick<Link<Facts>, "id" | "to" | "facts">,
  now: Instant,
): Decision<{ link: Link<Facts>; issued: Issued }, "TOO_MANY", LinkEvent> {
  const { about, purpose } = issued;
  const { hours, mostUses, mostADay } = PURPOSES[purpose];
  const today = issued.links.filter(({ at }) => now < later(at, { hours: DAY_HOURS }));
  const first = today.at(-mostADay);
  if (first) return { refusals: [tooMany(later(first.at, { hours: DAY_HOURS }))] };
  const link = {
    ...wish,
    version: 0,
    purpose,
    about,
    hashes: [],
    issuedAt: now,
    expiresAt: later(now, { hours }),
    uses: 0,
    mostUses,
    revokedAt: null,
  };
  const lately = issued.links.filter(({ at }) => now < later(at, { hours: Math.max(hours, DAY_HOURS) }));
  const links = [...lately, { id: wish.id, at: now }];
  return { outcome: { link, issued: { ...issued, links } }, events: [linkEvent("LinkIssued", link)] };
}

function tooMany(again: Instant): Refusal<"TOO_MANY"> {
  const message = `This was asked for too often today: please try again after ${instantInWords(again, "UTC")}.`;
  return refusal("TOO_MANY", message);
}

/** Takes a link back, because another takes its place. */
export function revokeLink<Facts extends object>(
  link: Link<Facts>,
  now: Instant,
): { outcome: Link<Facts>; events: readonly LinkEvent[] } {
  return { outcome: { ...link, revokedAt: now }, events: [linkEvent("LinkRevoked", link)] };
}

/**
 * Uses a link once. Whoever does not hold its secret learns nothing of it: missing, another's and another purpose's are all
 * the same; only its holder is told that it was used, taken back or is over.
 */
export function openLink<Facts extends object>(
  link: Link<Facts> | undefined,
  { purpose, isHeld }: { purpose: Purpose; isHeld: boolean },
  now: Instant,
): Decision<Link<Facts>, LinkCode, LinkEvent> {
  if (!link || !isHeld || link.purpose !== purpose) return { refusals: [linkUnknown] };
  const obstacle = obstacleOf(link, now);
  if (obstacle) return { refusals: [REFUSALS[obstacle]] };
  return { outcome: { ...link, uses: link.uses + 1 }, events: [linkEvent("LinkUsed", link)] };
}

/** Keeps the hash of a secret that is about to be sent. */
export function addSecret(link: Link, hash: string): Link {
  return { ...link, hashes: [...link.hashes, hash].slice(-PURPOSES[link.purpose].mostSecrets) };
}

/** Why a mail that carries the link is of no use any more; null while it is. */
export function linkObsolete(link: Link | undefined, now: Instant): string | null {
  if (!link) return "The link in this mail is not there any more.";
  const obstacle = obstacleOf(link, now);
  return obstacle && OBSOLETE[obstacle];
}

function obstacleOf(link: Link, now: Instant): Exclude<LinkCode, "LINK_UNKNOWN"> | null {
  if (link.revokedAt !== null) return "LINK_REVOKED";
  if (link.uses >= link.mostUses) return "LINK_USED";
  return link.expiresAt <= now ? "LINK_EXPIRED" : null;
}

/** Whether the link can still be used. */
export const isOpen = (link: Link, now: Instant): boolean => obstacleOf(link, now) === null;

/** The refusal of a link that is none, or whose reason is gone. */
export const linkUnknown: Refusal<LinkCode> = refusal(
  "LINK_UNKNOWN",
  "This link is not valid: please use the whole link from the mail.",
  "token",
);

const REFUSALS: Record<Exclude<LinkCode, "LINK_UNKNOWN">, Refusal<LinkCode>> = {
  LINK_EXPIRED: refusal("LINK_EXPIRED", "This link is too old: please ask for a new one.", "token"),
  LINK_USED: refusal("LINK_USED", "This link was used already: there is nothing left to do with it.", "token"),
  LINK_REVOKED: refusal("LINK_REVOKED", "A newer link took this one's place: please use the latest mail.", "token"),
};

const OBSOLETE = {
  LINK_EXPIRED: "The link in this mail has expired.",
  LINK_USED: "The link in this mail was used.",
  LINK_REVOKED: "A newer link took the place of the one in this mail.",
} as const;

function linkEvent(type: LinkEvent["type"], { id, purpose }: Link): LinkEvent {
  return { type, about: { kind: "Link", id }, facts: { purpose } };
}

/** Link and secret of what its holder sends; null when it has not the form. */
export function tokenParts(token: string): { id: string; secret: string } | null {
  const [, id, secret] = /^(lnk_[0-9A-HJKMNP-TV-Z]{26})\.([\w-]{43})$/.exec(token) ?? [];
  return id && secret ? { id, secret } : null;
}

/**
 * The web address that a mail carries. What its holder must send stands behind the `#`: browsers keep that to themselves, so
 * the secret gets into no server's log and no `Referer`.
 */
export function linkUrl(publicUrl: string, purpose: Purpose, token: string): string {
  return `${publicUrl}${PURPOSES[purpose].path}#${token}`;
}
