import {
  refusal,
  textRefusals,
  type Decision,
  type Happening,
  type Refusal,
  type TextCode,
} from "../shared/decision.ts";
import type { Instant } from "../shared/time.ts";

/** What a person may be entrusted with beyond their own records. */
export const ROLES = ["STAFF", "COMMITTEE"] as const;

/** One of ROLES. */
export type Role = (typeof ROLES)[number];

/** A role with its term. It holds from the first instant up to, not including, the last. */
export interface RoleTerm {
  role: Role;
  from: Instant;
  /** Null while no end is set. */
  until: Instant | null;
}

/** Whoever signs in: applicants, mentors, committee members, staff. */
export interface Person {
  id: string;
  version: number;
  name: string;
  /** Verified and claimed by this person alone; in lower case. Mails go here. */
  email: string;
  roles: readonly RoleTerm[];
  joinedAt: Instant;
}

/** What a verified token says about whoever holds it. */
export interface Identity {
  /** Issuer and subject: the same for the same account for ever. */
  account: string;
  email: string;
  emailVerified: boolean;
  name: string;
}

/** Whoever makes a request, at the moment of it. */
export interface Viewer {
  person: Person;
  now: Instant;
  /** For a service token the only root fields it may ask for; absent for people. */
  operations?: readonly string[];
}

/** What happens to people. */
export type PersonEvent =
  | Happening<"PersonJoined", { firstStaff: boolean }>
  | Happening<"PersonLinked", object>
  | Happening<"PersonRenamed", object>
  | Happening<"RoleGranted", { role: Role }>
  | Happening<"RoleEnded", { role: Role }>;

/** Whether the text can be an e-mail address here: one at sign, no spaces, at most 245 characters. */
export function isEmailAddress(text: string): boolean {
  return /^[^\s@#]{1,64}@[^\s@#]{1,180}$/.test(text);
}

const NAME = { max: 120, label: "The name" };

/** Whether the person holds the role at that instant. */
export function hasRole(person: Person, role: Role, now: Instant): boolean {
  return person.roles.some(
    (term) => term.role === role && term.from <= now && (term.until === null || now < term.until),
  );
}

/** Whether the viewer is program staff now. */
export function isStaff(viewer: Viewer | null): boolean {
  return viewer !== null && hasRole(viewer.person, "STAFF", viewer.now);
}

/** Whether the viewer sits on the Steering Committee now. */
export function isCommittee(viewer: Viewer | null): boolean {
  return viewer !== null && hasRole(viewer.person, "COMMITTEE", viewer.now);
}

/** Whether the viewer may ask for this root field, if its rule agrees. A service token only asks, and only what it names. */
export function mayUse({ operations }: Viewer, kind: "Query" | "Mutation", field: string): boolean {
  return operations === undefined || (kind === "Query" && operations.includes(field));
}

/** Whether the viewer may change anything, if the rule of the step agrees: service tokens only ask. */
export function mayAct({ operations }: Viewer): boolean {
  return operations === undefined;
}

/** Makes the person of a first sign-in. Whoever holds the configured first staff address starts as staff. */
export function join(
  identity: Identity,
  { id, now, firstStaffEmail }: { id: string; now: Instant; firstStaffEmail?: string },
): Decision<Person, "EMAIL_NOT_VERIFIED", PersonEvent> {
  if (!identity.emailVerified) return { refusals: [emailNotVerified] };
  const email = identity.email.toLowerCase();
  const firstStaff = firstStaffEmail?.toLowerCase() === email;
  const person: Person = {
    id,
    version: 0,
    name: nameFrom(identity),
    email,
    roles: firstStaff ? [{ role: "STAFF", from: now, until: null }] : [],
    joinedAt: now,
  };
  return {
    outcome: person,
    events: [{ type: "PersonJoined", about: { kind: "Person", id }, facts: { firstStaff } }],
  };
}

/** Links a further account to the person who already holds its address; only a verified address proves that. */
export function link(person: Person, identity: Identity): Decision<Person, "EMAIL_NOT_VERIFIED", PersonEvent> {
  if (!identity.emailVerified) return { refusals: [emailNotVerified] };
  return { outcome: person, events: [{ type: "PersonLinked", about: { kind: "Person", id: person.id }, facts: {} }] };
}

const emailNotVerified = refusal(
  "EMAIL_NOT_VERIFIED",
  "Your e-mail address is not verified yet: please confirm it, then sign in again.",
);

/** A token's name is used when it is one; otherwise the address's first part stands in until the person renames. */
function nameFrom({ name, email }: Identity): string {
  return textRefusals(name, NAME).length === 0 ? name.trim() : email.split("@")[0]!.slice(0, NAME.max);
}

/** Changes the name that mails, lists and certificates show from now on. */
export function rename(person: Person, name: string): Decision<Person, TextCode, PersonEvent> {
  const refusals = textRefusals(name, NAME, "name");
  if (refusals.length > 0) return { refusals };
  const next = { ...person, name: name.trim() };
  const event: PersonEvent = {
    type: "PersonRenamed",
    about: { kind: "Person", id: person.id },
    facts: {},
    before: { name: person.name },
    after: { name: next.name },
  };
  return { outcome: next, events: [event] };
}

/** Why a role cannot be granted or ended. */
export type RoleCode = TextCode | "ROLE_HELD" | "ROLE_NOT_HELD" | "LAST_STAFF";

const WHY = { max: 1_000, label: "The reason", multiline: true };

/** Grants a role from now on, with no end set. */
export function grantRole(
  person: Person,
  { role, why, now }: { role: Role; why: string; now: Instant },
): Decision<Person, RoleCode, PersonEvent> {
  const refusals: Refusal<RoleCode>[] = textRefusals(why, WHY, "why");
  if (hasRole(person, role, now)) {
    refusals.push(refusal("ROLE_HELD", `${person.name} already holds this role.`, "role"));
  }
  if (refusals.length > 0) return { refusals };
  const next = { ...person, roles: [...person.roles, { role, from: now, until: null }] };
  return { outcome: next, events: [roleEvent("RoleGranted", person, next, role, why)] };
}

/** Ends a role at this instant. Staff cannot end their own staff role, so that somebody is always left to grant it. */
export function endRole(
  person: Person,
  { role, why, now, byPersonId }: { role: Role; why: string; now: Instant; byPersonId: string },
): Decision<Person, RoleCode, PersonEvent> {
  const refusals: Refusal<RoleCode>[] = textRefusals(why, WHY, "why");
  if (!hasRole(person, role, now)) {
    refusals.push(refusal("ROLE_NOT_HELD", `${person.name} does not hold this role.`, "role"));
  }
  if (role === "STAFF" && byPersonId === person.id) {
    const message = "You cannot end your own staff role: please ask another member of staff.";
    refusals.push(refusal("LAST_STAFF", message, "role"));
  }
  if (refusals.length > 0) return { refusals };
  const ends = (term: RoleTerm) => term.role === role && (term.until === null || now < term.until);
  const next = { ...person, roles: person.roles.map((term) => (ends(term) ? { ...term, until: now } : term)) };
  return { outcome: next, events: [roleEvent("RoleEnded", person, next, role, why)] };
}

function roleEvent(
  type: "RoleGranted" | "RoleEnded",
  before: Person,
  after: Person,
  role: Role,
  why: string,
): PersonEvent {
  return {
    type,
    about: { kind: "Person", id: before.id },
    facts: { role },
    before: { roles: before.roles },
    after: { roles: after.roles },
    why,
  };
}
