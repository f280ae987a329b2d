import {
  refusal,
  reasonRefusals,
  type Decision,
  type Happening,
  type Refusal,
  type TextCode,
} from "../shared/decision.ts";
import { isInstant, type Instant } from "../shared/time.ts";
import { isSelf, type Person, type Viewer } from "./person.ts";

/** What a person may be entrusted with beyond their own records. */
export const ROLES = ["STAFF", "COMMITTEE", "CHAIR", "BOARD", "INSTRUCTOR"] as const;

/** One of ROLES. */
export type Role = (typeof ROLES)[number];

/** How far a role can reach: everything, one cohort, or one class of a cohort. */
type Reach = "PROGRAM" | "COHORT" | "CLASS";

const REACHES: Record<Role, readonly Reach[]> = {
  STAFF: ["PROGRAM"],
  COMMITTEE: ["PROGRAM", "COHORT"],
  CHAIR: ["PROGRAM", "COHORT"],
  BOARD: ["PROGRAM"],
  INSTRUCTOR: ["PROGRAM", "COHORT", "CLASS"],
};

/** What a role is for. */
export interface Scope {
  /** Null: the whole program. */
  cohortId: string | null;
  /** Id of a class in the cohort's curriculum; null: all of them. */
  classId: string | null;
}

/** A role with its scope and its term. It holds from the first instant up to, not including, the last. */
export interface RoleTerm extends Scope {
  role: Role;
  from: Instant;
  /** Null while no end is set. */
  until: Instant | null;
}

/** What happens to roles. */
export type RoleEvent =
  | Happening<"RoleGranted", { role: Role } & Scope>
  | Happening<"RoleEnded", { role: Role } & Scope>;

/** Whether the person holds the role at that instant, for whatever scope. */
export function hasRole(person: Person, role: Role, now: Instant): boolean {
  return person.roles.some((term) => term.role === role && holdsAt(term, now));
}

/** Whether the viewer holds one of the roles now, for the whole program or for this cohort. */
export function holds(viewer: Viewer | null, roles: readonly Role[], cohortId: string | null): boolean {
  if (viewer === null) return false;
  return viewer.person.roles.some(
    (term) =>
      roles.includes(term.role) &&
      term.classId === null &&
      (term.cohortId === null || term.cohortId === cohortId) &&
      holdsAt(term, viewer.now),
  );
}

/** Whether the viewer is program staff now. */
export const isStaff = (viewer: Viewer | null): boolean => holds(viewer, ["STAFF"], null);

/** Whether the viewer sits on the Steering Committee of the cohort now, as a member or in the chair. */
export function isCommittee(viewer: Viewer | null, cohortId: string): boolean {
  return holds(viewer, ["COMMITTEE", "CHAIR"], cohortId);
}

/** Whether the person has ever been on a Steering Committee: a role that ended stays on the record. */
export function wasOnCommittee({ roles }: Pick<Person, "roles">): boolean {
  return roles.some(({ role }) => role === "COMMITTEE" || role === "CHAIR");
}

/** Whether the viewer chairs the Steering Committee of the cohort now. */
export const isChair = (viewer: Viewer | null, cohortId: string): boolean => holds(viewer, ["CHAIR"], cohortId);

/** Whether somebody will administer the program for as long as nobody changes it. */
export function isLastingStaff({ roles }: Pick<Person, "roles">): boolean {
  return roles.some(({ role, until }) => role === "STAFF" && until === null);
}

function holdsAt({ from, until }: RoleTerm, now: Instant): boolean {
  return from <= now && (until === null || now < until);
}

/** Why a role cannot be granted or ended. */
export type RoleCode = TextCode | "OWN_ROLE" | "ROLE_HELD" | "ROLE_NOT_HELD" | "LAST_STAFF" | "BAD_SCOPE" | "BAD_TIME";

/** A role to grant or to end. */
export interface RoleWish {
  role: Role;
  /** Null or absent: the whole program. */
  cohortId?: string | null;
  /** Null or absent: all classes. */
  classId?: string | null;
  why: string;
}

/** Grants a role for a scope and a term. Nobody grants themselves one: two people know of every new right. */
export function grantRole(
  person: Person,
  wish: RoleWish & { from?: Instant | null; until?: Instant | null },
  facts: { viewer: Viewer; classIds: readonly string[] },
): Decision<Person, RoleCode, RoleEvent> {
  const { now } = facts.viewer;
  const term: RoleTerm = { role: wish.role, ...scopeOf(wish), from: wish.from ?? now, until: wish.until ?? null };
  const refusals: Refusal<RoleCode>[] = [
    ...reasonRefusals(wish.why),
    ...scopeRefusals(term, facts.classIds),
    ...termRefusals(term, now),
  ];
  if (isSelf(facts.viewer, person.id)) {
    const message = "Nobody grants themselves a role: please ask another member of staff.";
    refusals.push(refusal("OWN_ROLE", message, "personId"));
  }
  if (refusals.length === 0 && person.roles.some((held) => isSame(held, term) && overlaps(held, term))) {
    refusals.push(refusal("ROLE_HELD", `${person.name} already holds this role in that time.`, "role"));
  }
  if (refusals.length > 0) return { refusals };
  const next = { ...person, roles: [...person.roles, term] };
  return { outcome: next, events: [roleEvent("RoleGranted", person, next, term, wish.why)] };
}

/**
 * Ends a role at this instant, and what was granted of it for later. What was done in it stays. That somebody is left to
 * administer the program is the transaction's to say.
 */
export function endRole(person: Person, wish: RoleWish, now: Instant): Decision<Person, RoleCode, RoleEvent> {
  const ended = { role: wish.role, ...scopeOf(wish) };
  const refusals: Refusal<RoleCode>[] = reasonRefusals(wish.why);
  const isOpen = (term: RoleTerm) => isSame(term, ended) && isOpenAt(term, now);
  if (!person.roles.some(isOpen)) {
    refusals.push(refusal("ROLE_NOT_HELD", `${person.name} does not hold this role.`, "role"));
  }
  if (refusals.length > 0) return { refusals };
  const next = { ...person, roles: person.roles.map((term) => (isOpen(term) ? endedAt(term, now) : term)) };
  return { outcome: next, events: [roleEvent("RoleEnded", person, next, ended, wish.why)] };
}

/** The roles with none of them held any more from this instant on. */
export function endAll(roles: readonly RoleTerm[], now: Instant): RoleTerm[] {
  return roles.map((term) => (isOpenAt(term, now) ? endedAt(term, now) : term));
}

function isOpenAt({ until }: RoleTerm, now: Instant): boolean {
  return until === null || now < until;
}

function endedAt(term: RoleTerm, now: Instant): RoleTerm {
  return { ...term, until: term.from > now ? term.from : now };
}

/** The refusal of taking the staff role from the last who holds it without an end. */
export const lastStaff = refusal(
  "LAST_STAFF",
  "Nobody would be left to administer the program: please grant the staff role to somebody else, without an end, first.",
  "role",
);

function scopeOf({ cohortId, classId }: RoleWish): Scope {
  return { cohortId: cohortId ?? null, classId: classId ?? null };
}

function scopeRefusals({ role, cohortId, classId }: RoleTerm, classIds: readonly string[]): Refusal<RoleCode>[] {
  if (classId !== null && cohortId === null) {
    return [refusal("BAD_SCOPE", "A class belongs to a cohort: please name the cohort too.", "cohortId")];
  }
  const reach: Reach = classId !== null ? "CLASS" : cohortId !== null ? "COHORT" : "PROGRAM";
  if (!REACHES[role].includes(reach)) {
    const message = "This role is not granted for so little: please leave the cohort or the class away.";
    return [refusal("BAD_SCOPE", message, classId !== null ? "classId" : "cohortId")];
  }
  if (classId !== null && !classIds.includes(classId)) {
    const message = "The cohort has no such class: please use an id from its curriculum.";
    return [refusal("BAD_SCOPE", message, "classId")];
  }
  return [];
}

function termRefusals({ role, from, until }: RoleTerm, now: Instant): Refusal<RoleCode>[] {
  const bad = [...(isInstant(from) ? [] : ["from"]), ...(until === null || isInstant(until) ? [] : ["until"])];
  if (bad.length > 0) {
    const message = "This is not an instant: please write it as 2027-01-30T01:30:00.000Z.";
    return bad.map((field) => refusal("BAD_TIME", message, field));
  }
  if (from < now) return [refusal("BAD_TIME", "A role cannot begin in the past.", "from")];
  if (role === "STAFF" && until === null && from > now) {
    // Somebody who only begins later must not count as the one who is left.
    return [refusal("BAD_TIME", "A staff role without an end begins now: please leave its beginning away.", "from")];
  }
  if (until !== null && until <= from) return [refusal("BAD_TIME", "A role must end after it begins.", "until")];
  return [];
}

function isSame(a: { role: Role } & Scope, b: { role: Role } & Scope): boolean {
  return a.role === b.role && a.cohortId === b.cohortId && a.classId === b.classId;
}

function overlaps(a: RoleTerm, b: RoleTerm): boolean {
  return (a.until === null || b.from < a.until) && (b.until === null || a.from < b.until);
}

function roleEvent(
  type: "RoleGranted" | "RoleEnded",
  before: Person,
  after: Person,
  { role, cohortId, classId }: { role: Role } & Scope,
  why: string,
): RoleEvent {
  return {
    type,
    about: { kind: "Person", id: before.id },
    facts: { role, cohortId, classId },
    before: { roles: before.roles },
    after: { roles: after.roles },
    why,
  };
}
