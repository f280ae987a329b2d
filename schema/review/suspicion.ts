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
  /** The id of the person whom the applicant applies together with; null or absent where there is none. */
  partnerId?: string | null;
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
export function conflictsByRule({ application, applicant, member, partnerId, policy }: Compared): Suspicion[] {
  const employers = domainsOf(applicant, policy, "WORK");
  const isColleague = domainsOf(member, policy, "WORK").some((domain) => employers.includes(domain));
  return [
    ...(isColleague ? (["SAME_EMPLOYER"] as const) : []),
    ...(isNominator(application, member, "email") ? (["NOMINATOR"] as const) : []),
    ...(partnerId != null && isSelf({ person: member, now: "" }, partnerId) ? (["PROPOSED_PARTNER"] as const) : []),
  ];
}

function isNominator({ letters }: Application, { name, addresses }: Person, by: "name" | "email"): boolean {
  return letters.some(({ nominator }) => {
    if (nominator === null) return false;
    if (by === "name") return plain(nominator.name) === plain(name);
    return addresses.some(({ email }) => email === nominator.email.toLowerCase());
  });
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
