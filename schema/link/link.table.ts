import type { Subject } from "../shared/decision.ts";
import { key, recordOf, toItem, type Item, type Key } from "../shared/keys.ts";
import { isSecretOf } from "../shared/secret.ts";
import type { Table } from "../shared/table.ts";
import { later, secondsOf } from "../shared/time.ts";
import { put, type Write } from "../shared/write.ts";
import { tokenParts, type Issued, type Link, type Purpose } from "./link.ts";

/** Hours that a link is kept after it has expired, so that its holder is told so. */
const KEPT_HOURS = 7 * 24;

/** Where a link is kept. */
export const linkKey = (id: string): Key => ({ pk: key("LINK", id), sk: "LINK" });

/** The link of an item. The caller knows the facts from the purpose. */
export const linkFrom = <Facts extends object = object>(item: Item | undefined) => recordOf<Link<Facts>>(item);

/** Writes a link; it vanishes with the address in it some days after it has expired. A person's are listed as theirs. */
export function writeLink(link: Link): Write[] {
  const { id, about, expiresAt } = link;
  const expiresAtSeconds = secondsOf(later(expiresAt, { hours: KEPT_HOURS }));
  const index = about.kind === "Person" ? { byWhoPk: key("PERSON", about.id), byWhoSk: key("LINK", id) } : {};
  return [put(toItem("LINK", linkKey(id), { ...link, expiresAtSeconds }, index))];
}

/**
 * Writes which links were made lately. The item has no expiry: one that counts as gone and is still there could not be
 * written anew.
 */
export function writeIssued(issued: Issued): Write[] {
  return [put(toItem("LINKS", issuedKey(issued.about, issued.purpose), issued))];
}

const issuedKey = ({ kind, id }: Subject, purpose: Purpose): Key => ({
  pk: key("LINKS", kind, id),
  sk: key("LINKS", purpose),
});

/** The links made for one thing lately, as far as they are there. Two requests, the second only when there are any. */
export async function loadIssued<Facts extends object>(
  table: Table,
  about: Subject,
  purpose: Purpose,
): Promise<{ issued: Issued; links: Link<Facts>[] }> {
  const found = recordOf<Issued>(await table.get(issuedKey(about, purpose)));
  const issued = found ?? { about, purpose, version: 0, links: [] };
  const items = issued.links.length > 0 ? await table.getMany(issued.links.map(({ id }) => linkKey(id))) : [];
  return { issued, links: items.flatMap((item) => linkFrom<Facts>(item) ?? []) };
}

/** The link that a token names, and whether the token proves to be from one of its mails. At most one request. */
export async function loadByToken<Facts extends object>(
  table: Table,
  token: string,
): Promise<{ link: Link<Facts> | undefined; isHeld: boolean }> {
  const parts = tokenParts(token);
  const link = parts ? linkFrom<Facts>(await table.get(linkKey(parts.id))) : undefined;
  const isHeld = parts !== null && link !== undefined && link.hashes.some((hash) => isSecretOf(parts.secret, hash));
  return { link, isHeld };
}
