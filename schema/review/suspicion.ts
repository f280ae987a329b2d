import { organizationOf, type Application } from "../application/application.ts";
import type { ReviewPolicy } from "../cohort/policy.ts";
import { isSelf, type Person } from "../person/person.ts";

/** What may stand between a reviewer and an applicant. */
export const SUSPICIONS = ["SAME_EMPLOYER", "SAME_MAIL_DOMAIN", "NOMINATOR", "PROPOSED_PARTNER"] as const;

/** One of SUSPICIONS. */
export type Suspicion = (typeof SUSPICIONS)[number];

/** An applicant and a member of the committee, to be compared. */
export interface Compared {
  application: Application;
  applicant: Person;
  member: Person;
  policy: Pick<ReviewPolicy, "publicDomains">;
}

/**
 * What looks like a conflict, so that the member thinks of it before they declare that there is none, and staff before they
 * assign. It is a question, not a verdict.
 */
export function suspicionsOf(compared: Compared): Suspicion[] {
  const { application, applicant, member, policy } = compared;
  const certain = conflictsByRule(compared);
  const shared = domainsOf(member, policy).some((domain) => domainsOf(applicant, policy).includes(domain));
  const employer = organizationOf(application)?.name ?? "";
  const isNamedAlike = domainsOf(member, policy).some((domain) => isDomainOf(domain, employer));
  const found = new Set<Suspicion>([
    ...certain,
    ...(isNamedAlike ? (["SAME_EMPLOYER"] as const) : []),
    ...(shared ? (["SAME_MAIL_DOMAIN"] as const) : []),
    ...(isNominator(application, member, "name") ? (["NOMINATOR"] as const) : []),
  ]);
  return SUSPICIONS.filter((one) => found.has(one));
}

/** What keeps a member away whatever they say: they work where the applicant works, nominate them, or are to team with them. */
export function conflictsByRule({ application, applicant, member, policy }: Compared): Suspicion[] {
  const employers = domainsOf(applicant, policy, "WORK");
  const isColleague = domainsOf(member, policy, "WORK").some((domain) => employers.includes(domain));
  return [
    ...(isColleague ? (["SAME_EMPLOYER"] as const) : []),
    ...(isNominator(application, member, "email") ? (["NOMINATOR"] as const) : []),
    ...(isPartner(application, member) ? (["PROPOSED_PARTNER"] as const) : []),
  ];
}

/** What an application may know of who nominates and who is to be teamed with its applicant. */
interface Connected {
  letters?: readonly { nominatorName?: string | null; nominatorEmail?: string | null }[];
  joint?: { personId?: string | null; partnerId?: string | null } | null;
}

function isNominator(application: Application & Connected, { name, addresses }: Person, by: "name" | "email"): boolean {
  return (application.letters ?? []).some(({ nominatorName, nominatorEmail }) =>
    by === "name"
      ? nominatorName != null && plain(nominatorName) === plain(name)
      : nominatorEmail != null && addresses.some(({ email }) => email === nominatorEmail.toLowerCase()),
  );
}

function isPartner(application: Application & Connected, member: Person): boolean {
  const { personId, partnerId } = application.joint ?? {};
  return [personId, partnerId].some((id) => id != null && isSelf({ person: member, now: "" }, id));
}

function domainsOf({ addresses }: Person, { publicDomains }: Compared["policy"], kind?: "WORK"): string[] {
  return addresses
    .filter((address) => kind === undefined || address.kind === kind)
    .map(({ email }) => email.slice(email.indexOf("@") + 1))
    .filter((domain) => !publicDomains.includes(domain));
}

/** Whether a mail domain looks like an organization's: it has its name, or the initials of it, between its dots. */
function isDomainOf(domain: string, organization: string): boolean {
  const words = organization.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  const initials = words.filter((word) => !["of", "and", "the", "for"].includes(word)).map(([first]) => first);
  const names = new Set([words.join(""), ...(initials.length > 2 ? [initials.join("")] : [])]);
  return words.length > 0 && domain.split(".").some((label) => names.has(label.replaceAll("-", "")));
}

const plain = (name: string) => name.trim().toLowerCase().replaceAll(/\s+/g, " ");
