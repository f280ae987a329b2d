import {
  reasonRefusals,
  refusal,
  type Decision,
  type Happening,
  type Refusal,
  type TextCode,
} from "../shared/decision.ts";
import {
  instantInWords,
  isLocalDateTime,
  instantOf,
  type Instant,
  type LocalDateTime,
  type Zone,
} from "../shared/time.ts";
import { rangeRefusals, type Cohort } from "./cohort.ts";
import type { ApplicantKind } from "./policy.ts";
import { timeRefusals } from "./window.ts";

/**
 * Lets applications of one kind in after the enforced deadline, as often and as long as staff say. Its id is made of a fingerprint
 * of the code, so that the code itself is kept nowhere: staff hand it on in the moment they make it, like a service token, and
 * whoever reads the table, a backup or a dashboard finds nothing to use. A use is counted beside it, never in it, so that a
 * revocation is the only change it ever sees.
 */
export interface LateCode {
  id: string;
  version: number;
  cohortId: string;
  kind: ApplicantKind;
  createdBy: string;
  createdAt: Instant;
  /** The first instant it no longer works; a draft that was started with it expires then. */
  expiresAt: Instant;
  /** How many applications it lets in. */
  mostUses: number;
  why: string;
  /** Null while it is not revoked. */
  revokedAt: Instant | null;
}

/** What happens to late codes. Their uses are told by the applications they let in. */
export type LateCodeEvent =
  | Happening<"LateCodeCreated", { cohortId: string; kind: ApplicantKind }>
  | Happening<"LateCodeRevoked", { cohortId: string }>;

/** Why a late code cannot be created. */
export type CreateLateCodeCode = TextCode | "OUT_OF_RANGE" | "BAD_TIME" | "IN_THE_PAST" | "LATE_CODE_NOT_NEEDED";

/** Why a late code cannot be revoked. */
export type RevokeLateCodeCode = TextCode | "ALREADY_REVOKED";

/** Why a late code lets nobody in. */
export type LatenessCode =
  | "LATE_CODE_UNKNOWN"
  | "LATE_CODE_OWN"
  | "LATE_CODE_EXPIRED"
  | "LATE_CODE_USED"
  | "LATE_CODE_REVOKED";

/** Characters of a code: 60 bits of chance, so that nobody guesses one in the time it lives. */
export const LATE_CODE_LENGTH = 12;

/** A code as people read it to each other: `K7F2-9QXB-04TD`. */
export function lateCodeInWords(code: string): string {
  return code.match(/.{4}/g)?.join("-") ?? code;
}

/** A code as it was made, however somebody has typed it; without what could not be one. */
export function lateCodeTyped(text: string): string {
  return text
    .toUpperCase()
    .replaceAll(/[\s-]/g, "")
    .slice(0, 2 * LATE_CODE_LENGTH);
}

/** Creates a code for one kind of applicant. */
export function createLateCode(
  terms: { kind: ApplicantKind; expires: LocalDateTime; mostUses: number; why: string },
  facts: { id: string; cohort: Cohort; createdBy: string; now: Instant },
): Decision<LateCode, CreateLateCodeCode, LateCodeEvent> {
  const { kind, expires, mostUses, why } = terms;
  const { id, cohort, createdBy, now } = facts;
  const refusals: Refusal<CreateLateCodeCode>[] = [
    ...timeRefusals(expires, "expires"),
    ...rangeRefusals("The number of uses", mostUses, 1, 50, "mostUses"),
    ...reasonRefusals(why),
  ];
  const expiresAt = isLocalDateTime(expires) ? instantOf(expires, cohort.zone) : null;
  if (expiresAt !== null && expiresAt <= now) {
    refusals.push(refusal("IN_THE_PAST", "This time is over already: please choose a later one.", "expires"));
  } else if (expiresAt !== null && expiresAt <= cohort.windows[kind].enforcedAt) {
    const message = "Until then applications are taken anyway: please choose a time after the enforced deadline.";
    refusals.push(refusal("LATE_CODE_NOT_NEEDED", message, "expires"));
  }
  if (refusals.length > 0 || expiresAt === null) return { refusals };
  const code: LateCode = {
    id,
    version: 0,
    cohortId: cohort.id,
    kind,
    createdBy,
    createdAt: now,
    expiresAt,
    mostUses,
    why: why.trim(),
    revokedAt: null,
  };
  const event: LateCodeEvent = {
    type: "LateCodeCreated",
    about: { kind: "LateCode", id },
    facts: { cohortId: cohort.id, kind },
    after: { kind, expiresAt, mostUses },
    why: code.why,
  };
  return { outcome: code, events: [event] };
}

/** Ends a code at once: whoever has not submitted with it by then does not. */
export function revokeLateCode(
  code: LateCode,
  { why, now }: { why: string; now: Instant },
): Decision<LateCode, RevokeLateCodeCode, LateCodeEvent> {
  const refusals: Refusal<RevokeLateCodeCode>[] = reasonRefusals(why);
  if (code.revokedAt !== null) refusals.push(refusal("ALREADY_REVOKED", "This code was revoked already."));
  if (refusals.length > 0) return { refusals };
  const event: LateCodeEvent = {
    type: "LateCodeRevoked",
    about: { kind: "LateCode", id: code.id },
    facts: { cohortId: code.cohortId },
    before: { revokedAt: null },
    after: { revokedAt: now },
    why: why.trim(),
  };
  return { outcome: { ...code, revokedAt: now }, events: [event] };
}

/** Why a code does not let somebody in now, apart from how often it was used; undefined is one that was never made for this. */
export function latenessRefusals(
  code: LateCode | undefined,
  { applicantIds, zone, now }: { applicantIds: readonly string[]; zone: Zone; now: Instant },
): Refusal<LatenessCode>[] {
  if (code === undefined) {
    const message = "There is no such code for this kind of application: please look at it again, or ask for one.";
    return [refusal("LATE_CODE_UNKNOWN", message, "lateCode")];
  }
  if (applicantIds.includes(code.createdBy)) {
    const message = "You made this code yourself: somebody else on staff has to let you in.";
    return [refusal("LATE_CODE_OWN", message, "lateCode")];
  }
  if (code.revokedAt !== null) return [lateCodeRevoked];
  if (now < code.expiresAt) return [];
  const message = `This code was good until ${instantInWords(code.expiresAt, zone)}: please ask for another.`;
  return [refusal("LATE_CODE_EXPIRED", message, "lateCode")];
}

/** The refusal of a code that was taken back. */
export const lateCodeRevoked: Refusal<LatenessCode> = refusal(
  "LATE_CODE_REVOKED",
  "This code was taken back: please ask the program's staff.",
  "lateCode",
);

/** The refusal of a code that has let in as many as it was made for. */
export const lateCodeUsed: Refusal<LatenessCode> = refusal(
  "LATE_CODE_USED",
  "This code was used as often as it can be: please ask for another.",
  "lateCode",
);
