import { ulid } from "ulid";

/** Makes ids: a prefix that tells the kind, then a ULID, which sorts by the time it was made. */
export interface Ids {
  make(prefix: string): string;
  /** Text of the given length from an alphabet without look-alikes, for numbers people read aloud. */
  code(length: number): string;
}

/** Crockford's alphabet: no I, L, O, U. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Ids from a clock (milliseconds) and a source of chance (0 up to 1); tests pass their own to predict ids. */
export function idsFrom(milliseconds: () => number, random: () => number): Ids {
  return {
    make: (prefix) => `${prefix}_${ulid(milliseconds(), random)}`,
    code: (length) => Array.from({ length }, () => ALPHABET[Math.floor(random() * ALPHABET.length)]).join(""),
  };
}

/** The kinds of object that can be asked for by `node(id)`. */
export type NodeKind =
  | "Person"
  | "Cohort"
  | "LateCode"
  | "Application"
  | "Decision"
  | "Slate"
  | "Motion"
  | "Certificate"
  | "Message"
  | "ServiceToken"
  | "File"
  | "Team"
  | "TeamProposal"
  | "Nomination";

/** The opaque id of an object for clients. */
export function globalId(kind: NodeKind, id: string): string {
  return Buffer.from(`${kind}:${id}`).toString("base64url");
}

/** Kind and id of an opaque id, or null when it is not one of ours: only the very text that was given out is. */
export function parseGlobalId(text: string): { kind: NodeKind; id: string } | null {
  if (text.length > 300 || !/^[A-Za-z0-9_-]+$/.test(text)) return null;
  const match =
    /^(Person|Cohort|LateCode|Application|Decision|Slate|Motion|Certificate|Message|ServiceToken|File|Team|TeamProposal|Nomination):([A-Za-z0-9_.-]+)$/.exec(
      Buffer.from(text, "base64url").toString("utf8"),
    );
  const kind = match?.[1] as NodeKind | undefined;
  const id = match?.[2];
  return kind && id && globalId(kind, id) === text ? { kind, id } : null;
}
