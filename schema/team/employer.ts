import type { Organization } from "../application/application.ts";
import type { Person } from "../person/person.ts";

/** Mailboxes that anybody can have: they say nothing of where somebody works. */
const OPEN_TO_ANYBODY: ReadonlySet<string> = new Set([
  "aol.com",
  "att.net",
  "comcast.net",
  "gmail.com",
  "googlemail.com",
  "hotmail.com",
  "icloud.com",
  "live.com",
  "me.com",
  "msn.com",
  "outlook.com",
  "proton.me",
  "sbcglobal.net",
  "yahoo.com",
]);

/** Where somebody works, as far as it is known. */
export interface Employed {
  organization: Organization | null;
  person: Pick<Person, "addresses"> | undefined;
}

/** Whether two people have one employer: the same organization's name, however it is written, or mailboxes of one domain. */
export function haveOneEmployer(one: Employed, other: Employed): boolean {
  const [name, otherName] = [nameOf(one), nameOf(other)];
  if (name !== "" && name === otherName) return true;
  const domains = new Set(domainsOf(one));
  return domainsOf(other).some((domain) => domains.has(domain));
}

/** Case, punctuation, accents, the article and common short forms do not tell two organizations apart. */
function nameOf({ organization }: Employed): string {
  const words = (organization?.name ?? "")
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll("&", " and ")
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "" && word !== "the");
  return words.flatMap((word) => SHORT_FORMS[word] ?? [word]).join(" ");
}

const SHORT_FORMS: Readonly<Record<string, readonly string[]>> = {
  usd: ["unified", "school", "district"],
  coe: ["county", "office", "of", "education"],
  sd: ["school", "district"],
  dist: ["district"],
  co: ["county"],
};

function domainsOf({ person }: Employed): string[] {
  const work = (person?.addresses ?? []).filter(({ kind }) => kind === "WORK");
  return work.map(({ email }) => email.split("@")[1] ?? "").filter((domain) => domain && !OPEN_TO_ANYBODY.has(domain));
}
