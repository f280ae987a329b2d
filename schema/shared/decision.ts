/** Why something cannot be done, in a code for programs and a sentence for people. */
export interface Refusal<Code extends string = string> {
  /** The obstacle, as one of the codes of the mutation. */
  code: Code;
  /** Path of the input field that stands in the way; null when no single field does. */
  field: readonly string[] | null;
  /** What is wrong and what to do about it. */
  message: string;
}

/** The record an event or a message is about. */
export interface Subject {
  kind:
    | "Person"
    | "Cohort"
    | "LateCode"
    | "Application"
    | "Decision"
    | "Slate"
    | "Motion"
    | "Offer"
    | "Review"
    | "Certificate"
    | "Release"
    | "Message"
    | "MailKind"
    | "ServiceToken"
    | "File"
    | "Link"
    | "Mentor"
    | "Team"
    | "TeamProposal"
    | "Confirmation"
    | "Nomination";
  id: string;
}

/** Something that happened, in the past tense. It is the audit line, the reason for a mail and the tick of a counter. */
export interface Happening<Type extends string = string, Facts extends object = object> {
  type: Type;
  about: Subject;
  /** What mails and counters need to know, frozen at that moment. Never long texts, never secrets. */
  facts: Facts;
  /** Values before and after the change, for the audit. Only fields that changed. */
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
  /** The reason a person gave. */
  why?: string;
  /** The person in whose name somebody else did it. */
  actingFor?: string;
}

/** The answer of a rule: refusals, or what comes next together with what happened. */
export type Decision<Outcome, Code extends string = string, Event extends Happening = Happening> =
  | { refusals: readonly Refusal<Code>[] }
  | { outcome: Outcome; events: readonly Event[] };

/** A refusal of one code; the field is a path into the input. */
export function refusal<Code extends string>(code: Code, message: string, ...field: string[]): Refusal<Code> {
  return { code, field: field.length > 0 ? field : null, message };
}

/** Whether a decision refused. */
export function isRefused<Outcome, Code extends string, Event extends Happening>(
  decision: Decision<Outcome, Code, Event>,
): decision is { refusals: readonly Refusal<Code>[] } {
  return "refusals" in decision;
}

/** What stands where a personal text was, once it is removed. */
export const REMOVED = "[removed]";

/** The codes every check of a text can answer with. */
export type TextCode = "REQUIRED" | "TOO_LONG" | "BAD_CHARACTERS";

/** What a text field accepts. */
export interface TextLimit {
  /** Longest accepted length in UTF-16 code units, as JavaScript and browsers count. */
  max: number;
  /** What people call the field. */
  label: string;
  /** Whether it may be left empty. */
  optional?: boolean;
  /** Whether line breaks and tabs are part of the text. */
  multiline?: boolean;
}

/** What every reason that is kept for the history accepts. */
const REASON: TextLimit = { max: 1_000, label: "The reason", multiline: true };

/** What is wrong with the reason for a step; `optional` lets it be left out. */
export function reasonRefusals(why: string, { optional = false } = {}): Refusal<TextCode>[] {
  return textRefusals(why, { ...REASON, optional }, "why");
}

/**
 * What is wrong with the confirmation of an effect: it has to be looked at first, and be the same still. `stale` says what has
 * changed and what to do.
 */
export function confirmRefusals(
  { given, wanted }: { given: string | null | undefined; wanted: string },
  stale: string,
): Refusal<"CONFIRM_TOKEN_REQUIRED" | "STALE">[] {
  if (given === wanted) return [];
  if (given != null) return [refusal("STALE", stale, "confirmToken")];
  const message = "Please look at the effect first: call with dryRun, then confirm with the token it answers.";
  return [refusal("CONFIRM_TOKEN_REQUIRED", message, "confirmToken")];
}

/** What is wrong with a text, each fault named with its field. Nothing is cut or silently replaced. */
export function textRefusals(text: string, limit: TextLimit, ...field: string[]): Refusal<TextCode>[] {
  if (text.trim() === "") {
    return limit.optional ? [] : [refusal("REQUIRED", `${limit.label} is missing: please fill it in.`, ...field)];
  }
  const refusals: Refusal<TextCode>[] = [];
  if (text.length > limit.max) {
    const message = `${limit.label} has ${text.length} characters: please keep it to ${limit.max}.`;
    refusals.push(refusal("TOO_LONG", message, ...field));
  }
  const printable = limit.multiline ? text.replaceAll(/[\n\r\t]/g, "") : text;
  if (/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(printable)) {
    const what = limit.multiline ? "control characters" : "line breaks or control characters";
    refusals.push(refusal("BAD_CHARACTERS", `${limit.label} contains ${what}: please remove them.`, ...field));
  }
  return refusals;
}
