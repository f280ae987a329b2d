import { idsOf, type Person, type Viewer } from "../person/person.ts";
import type { Role } from "../person/role.ts";
import {
  refusal,
  reasonRefusals,
  textRefusals,
  type Decision,
  type Happening,
  type Refusal,
  type TextCode,
} from "../shared/decision.ts";
import { later, type Instant, type LocalDate } from "../shared/time.ts";

/** What a program such as a dashboard signs in with: some queries, with the rights of one role, for a time. */
export interface ServiceToken {
  id: string;
  version: number;
  name: string;
  /** Whose rights it has, within its operations. */
  role: Role;
  /** Names of the queries it may ask. */
  operations: readonly string[];
  /** SHA-256 of the secret; the secret itself is shown once and kept nowhere. */
  secretHash: string;
  createdBy: string;
  createdAt: Instant;
  /** The first instant it no longer works. */
  expiresAt: Instant;
  /** Null while it is not revoked. */
  revokedAt: Instant | null;
  /** The last UTC day it was used; null before. */
  lastUsedOn: LocalDate | null;
}

/** What happens to service tokens. */
export type ServiceTokenEvent =
  | Happening<"ServiceTokenCreated", { role: Role; operations: readonly string[] }>
  | Happening<"ServiceTokenRevoked">;

/** Why a service token cannot be created. */
export type CreateTokenCode = TextCode | "UNKNOWN_OPERATION" | "OUT_OF_RANGE";

/** Why a service token cannot be revoked. */
export type RevokeTokenCode = TextCode | "ALREADY_REVOKED";

/** Longest life of a token, in days: a forgotten one ends by itself. */
const MOST_DAYS = 366;

/** Creates a token for queries that exist. */
export function createServiceToken(
  terms: { name: string; role: Role; operations: readonly string[]; days: number },
  facts: { id: string; secretHash: string; createdBy: string; now: Instant; queries: readonly string[] },
): Decision<ServiceToken, CreateTokenCode, ServiceTokenEvent> {
  const { name, role, days } = terms;
  const { queries, now, ...rest } = facts;
  const operations = [...new Set(terms.operations)];
  const refusals: Refusal<CreateTokenCode>[] = textRefusals(name, { max: 120, label: "The name" }, "name");
  if (operations.length === 0) {
    refusals.push(refusal("REQUIRED", "Please name at least one query the token is for.", "operations"));
  }
  const unknown = operations.find((each) => !queries.includes(each));
  if (unknown !== undefined) {
    const message = `There is no query called ${unknown.slice(0, 60)}: please use names from the contract.`;
    refusals.push(refusal("UNKNOWN_OPERATION", message, "operations"));
  }
  if (!Number.isInteger(days) || days < 1 || days > MOST_DAYS) {
    refusals.push(refusal("OUT_OF_RANGE", `A token lives a whole number of days from 1 to ${MOST_DAYS}.`, "days"));
  }
  if (refusals.length > 0) return { refusals };
  const token: ServiceToken = {
    ...rest,
    version: 0,
    name: name.trim(),
    role,
    operations,
    createdAt: now,
    expiresAt: later(now, { hours: 24 * days }),
    revokedAt: null,
    lastUsedOn: null,
  };
  const event: ServiceTokenEvent = {
    type: "ServiceTokenCreated",
    about: { kind: "ServiceToken", id: token.id },
    facts: { role, operations },
    after: { name: token.name, role, operations, expiresAt: token.expiresAt },
  };
  return { outcome: token, events: [event] };
}

/** Ends a token at once and for ever. */
export function revokeServiceToken(
  token: ServiceToken,
  { why, now }: { why: string; now: Instant },
): Decision<ServiceToken, RevokeTokenCode, ServiceTokenEvent> {
  const refusals: Refusal<RevokeTokenCode>[] = reasonRefusals(why);
  if (token.revokedAt !== null) refusals.push(refusal("ALREADY_REVOKED", "This token was revoked already."));
  if (refusals.length > 0) return { refusals };
  const event: ServiceTokenEvent = {
    type: "ServiceTokenRevoked",
    about: { kind: "ServiceToken", id: token.id },
    facts: {},
    before: { revokedAt: null },
    after: { revokedAt: now },
    why,
  };
  return { outcome: { ...token, revokedAt: now }, events: [event] };
}

/** Whether the token works at that instant. That whoever created it is no longer staff does not end it. */
export function isLive(token: ServiceToken, now: Instant): boolean {
  return token.revokedAt === null && now < token.expiresAt;
}

/**
 * Whoever asks with the token, with the rights of its role within its operations: a stand-in for a person, under an id that no
 * record carries, so that nothing is ever its own. What its creator is kept from, it is kept from too.
 */
export function serviceViewer(token: ServiceToken, creator: Person | undefined, now: Instant): Viewer {
  const person: Person = {
    id: token.id,
    version: token.version,
    state: "ACTIVE",
    name: token.name,
    email: "",
    addresses: [],
    roles: [{ role: token.role, cohortId: null, classId: null, from: token.createdAt, until: token.expiresAt }],
    recusedFrom: creator?.recusedFrom ?? [],
    wasRecusedFrom: [],
    isListed: false,
    joinedAt: token.createdAt,
    givenUp: [],
    formerIds: [],
    mergedInto: null,
  };
  const onBehalfOf = creator ? idsOf(creator) : [token.createdBy];
  return { person, now, operations: token.operations, onBehalfOf };
}
