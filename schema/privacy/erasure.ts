import { isRecusedFrom, TRANSITIONS, wasSubmitted, type Application } from "../application/application.ts";
import { NAME_REMOVED, statusOf, type Certificate } from "../certificate/certificate.ts";
import type { Decision } from "../decision/decision.ts";
import { removeRationale } from "../decision/rationale.ts";
import type { StoredFile } from "../file/file.ts";
import type { Message } from "../message/message.ts";
import type { Nomination } from "../nomination/nomination.ts";
import { isSelf, type Person, type PersonEvent, type Viewer } from "../person/person.ts";
import { endAll } from "../person/role.ts";
import {
  confirmRefusals,
  refusal,
  REMOVED,
  reasonRefusals,
  type Decision as Ruling,
  type Happening,
  type Refusal,
  type TextCode,
} from "../shared/decision.ts";
import { later, type Instant } from "../shared/time.ts";
import { isPersonal } from "./redact.ts";

/** REQUESTED by the person, RUNNING once staff have confirmed it, DONE when a later look found nothing left. */
export const ERASURE_STATES = ["REQUESTED", "RUNNING", "DONE"] as const;

/** One of ERASURE_STATES. */
export type ErasureState = (typeof ERASURE_STATES)[number];

/** What an erasure does with a kind of trace: takes it away, ends what is still going on, or keeps it as a fact. */
export type Fate = "REMOVED" | "ENDED" | "KEPT";

/** What happens to each kind of trace, and why. */
export const FATES = {
  NAME: { fate: "REMOVED", why: "A pseudonym takes its place." },
  ADDRESS: { fate: "REMOVED", why: "Nothing is mailed any more, and somebody else may claim it." },
  ACCOUNT: { fate: "REMOVED", why: "Whoever signs in with it again is a new person." },
  ROLE: { fate: "ENDED", why: "What was done in it stays, under the pseudonym." },
  OPEN_APPLICATION: { fate: "ENDED", why: "It is withdrawn, so that its seat or its place on the waitlist is free." },
  DRAFT: { fate: "REMOVED", why: "What was written goes; state and kind of organization are counted." },
  SUBMISSION: { fate: "REMOVED", why: "What was written goes; state and kind of organization are counted." },
  RATIONALE: { fate: "REMOVED", why: "The committee's reasons tell of the person." },
  MESSAGE: { fate: "REMOVED", why: "Address and subject go; that there was a mail, and what became of it, stays." },
  FILE: { fate: "REMOVED", why: "Content and name go; that there was a file stays." },
  LINK: { fate: "REMOVED", why: "It holds an address, and is of no use any more." },
  LETTER: {
    fate: "REMOVED",
    why: "What others wrote about the person, and who they are; that there was a letter stays.",
  },
  HISTORY_TEXT: {
    fate: "REMOVED",
    why: "Names, reasons and other texts go; that it happened, when and by whom stays.",
  },
  HOLDER_NAME: { fate: "REMOVED", why: "Verification by number says that the name was removed." },
  CERTIFICATE: { fate: "KEPT", why: "That it was issued is a fact, which anybody with its number may verify." },
  DECISION: { fate: "KEPT", why: "Outcome, vote and rank are facts of the program." },
} as const satisfies Record<string, { fate: Fate; why: string }>;

/** A kind of trace that a person leaves. */
export type TraceKind = keyof typeof FATES;

/** How many traces of a kind there are, and which where that tells something. */
export interface EffectRow {
  kind: TraceKind;
  count: number;
  details: readonly string[];
}

/** Everything that is known of one person, former records included. */
export interface Traces {
  people: readonly Person[];
  accounts: number;
  applications: readonly Application[];
  decisions: readonly Decision[];
  certificates: readonly Certificate[];
  messages: readonly Message[];
  files: readonly StoredFile[];
  /** One-time links, which know the address they were sent to. */
  links: number;
  nominations: readonly Nomination[];
  events: readonly Happening[];
}

/** The erasure of one person. What breaks off is taken up again by `due`, which also looks whether anything is left. */
export interface Erasure {
  /** The person's id: there is one of each. */
  id: string;
  version: number;
  state: ErasureState;
  /** When the person asked for it, and why; null when they did not, and the reason once it is carried out. */
  requestedAt: Instant | null;
  requestWhy: string | null;
  /** Who confirmed it, when, and the reason; null before. */
  startedBy: string | null;
  startedAt: Instant | null;
  why: string | null;
  /** What was confirmed; empty before. */
  rows: readonly EffectRow[];
  /** When it is looked after next; null before it is confirmed and once it is done. */
  resumesAt: Instant | null;
  /** When a look at everything found nothing left. */
  verifiedAt: Instant | null;
}

/** Why nobody can be erased. */
export type EraseCode =
  | TextCode
  | "OWN_RECORD"
  | "WRONG_STATE"
  | "RECUSED"
  | "NAMES_THE_PERSON"
  | "LAST_STAFF"
  | "STALE"
  | "CONFIRM_TOKEN_REQUIRED"
  | "KEY_REUSED"
  | "BAD_KEY";

/** What an erasure would do now, class by class; classes of which there is nothing are left out. */
export function effectOf(traces: Traces, now: Instant): EffectRow[] {
  const { people, accounts, applications, decisions, certificates, messages, files, links, nominations, events } =
    traces;
  const numbers = (some: readonly Application[]) => some.map(({ number, state }) => `${number} ${state}`);
  const written = applications.filter(({ contentRemovedAt }) => contentRemovedAt === undefined);
  const rows: Record<TraceKind, readonly string[] | number> = {
    NAME: people.filter(({ state }) => state !== "ERASED").length,
    ADDRESS: people.flatMap(({ addresses }) => addresses).length,
    ACCOUNT: accounts,
    ROLE: people.flatMap(({ roles }) => openRoles(roles, now)),
    OPEN_APPLICATION: numbers(applications.filter(isOpen)),
    DRAFT: numbers(written.filter((application) => !wasSubmitted(application))),
    SUBMISSION: numbers(written.filter(wasSubmitted)),
    RATIONALE: decisions.filter((decision) => removeRationale(decision).events.length > 0).length,
    MESSAGE: messages.filter(({ erasedAt }) => erasedAt === undefined).length,
    FILE: files
      .filter(({ state }) => state !== "ERASED")
      .map(({ purpose, contentType }) => `${purpose} ${contentType}`),
    LINK: links,
    LETTER: nominations.filter(({ contentRemovedAt }) => contentRemovedAt === undefined).map(({ state }) => state),
    HISTORY_TEXT: events.filter(isPersonal).length,
    HOLDER_NAME: certificates.filter(({ holderName }) => holderName !== NAME_REMOVED).length,
    CERTIFICATE: certificates.map(
      (one) => `${one.id} ${statusOf(one, now)}, issued ${one.issuedOn}, expires ${one.expiresOn}`,
    ),
    DECISION: decisions.map(({ outcome, state }) => `${outcome} ${state}`),
  };
  return (Object.keys(rows) as TraceKind[]).flatMap((kind) => {
    const found = rows[kind];
    const row = typeof found === "number" ? { count: found, details: [] } : { count: found.length, details: found };
    return row.count === 0 ? [] : [{ kind, ...row }];
  });
}

function openRoles(roles: Person["roles"], now: Instant): string[] {
  const ended = endAll(roles, now);
  return roles.filter((_, index) => ended[index] !== roles[index]).map(({ role }) => role);
}

/** Whether an application goes on, so that it has to be withdrawn first. One that led to a certificate stays as a fact. */
function isOpen(application: Application): boolean {
  const isCertified = "certificateNumber" in application && application.certificateNumber !== undefined;
  return TRANSITIONS[application.state].withdraw !== undefined && !isCertified;
}

/** Notes that a person wants to be forgotten. Asked again it holds the newer reason. */
export function requestErasure(
  person: Person,
  existing: Erasure | undefined,
  wish: { why?: string | null; now: Instant },
): Ruling<Erasure, TextCode | "WRONG_STATE", PersonEvent> {
  if (existing && existing.state !== "REQUESTED") {
    return {
      refusals: [refusal("WRONG_STATE", "Your erasure was confirmed already: there is nothing left to ask for.")],
    };
  }
  const why = wish.why ?? "";
  const refusals = reasonRefusals(why, { optional: true });
  if (refusals.length > 0) return { refusals };
  const requested = { ...blank(person.id, existing), state: "REQUESTED" as const, requestWhy: why.trim() || null };
  return {
    outcome: { ...requested, requestedAt: existing?.requestedAt ?? wish.now },
    events: [{ type: "ErasureRequested", about: { kind: "Person", id: person.id }, facts: {} }],
  };
}

function blank(id: string, existing: Erasure | undefined): Erasure {
  return {
    id,
    version: 0,
    state: "REQUESTED",
    requestedAt: null,
    requestWhy: null,
    startedBy: null,
    startedAt: null,
    why: null,
    rows: [],
    resumesAt: null,
    verifiedAt: null,
    ...existing,
  };
}

/** Why this person cannot be erased by this viewer for this reason; empty when they can. */
export function eraseRefusals(
  person: Person,
  facts: { viewer: Viewer; why: string; traces: Traces },
): Refusal<EraseCode>[] {
  if (facts.traces.applications.some(({ id }) => isRecusedFrom(facts.viewer, id))) {
    const message = "You are recused from an application of this person: please ask another member of staff.";
    return [refusal("RECUSED", message, "personId")];
  }
  const refusals: Refusal<EraseCode>[] = reasonRefusals(facts.why);
  if (isSelf(facts.viewer, person.id)) {
    const message = "Nobody erases themselves: please ask another member of staff.";
    refusals.push(refusal("OWN_RECORD", message, "personId"));
  }
  if (person.state === "MERGED") {
    const message = "This record was merged into another one: please erase that one, and this goes along.";
    refusals.push(refusal("WRONG_STATE", message, "personId"));
  }
  if (namesIn(facts.traces).some((name) => mentions(facts.why, name))) {
    const message = "The reason stays in the history: please write it without the person's name or address.";
    refusals.push(refusal("NAMES_THE_PERSON", message, "why"));
  }
  return refusals;
}

/** Whether a text names somebody: by the whole name, or by its last word, which most people are told apart by. */
function mentions(text: string, name: string): boolean {
  const wordsOf = (words: string) =>
    ` ${words
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
      .trim()} `;
  const last = name.trim().split(/\s+/).at(-1)!;
  return [name, last].some((one) => wordsOf(text).includes(wordsOf(one)));
}

/** Every name and address the person is known by, or was. */
function namesIn({ people, certificates, events }: Traces): string[] {
  const renamed = events.flatMap(({ before, after }) => [before?.["name"], after?.["name"]]);
  const names = [
    ...people.filter(({ state }) => state !== "ERASED").map(({ name }) => name),
    ...people.flatMap(({ addresses }) => addresses.map(({ email }) => email)),
    ...certificates.map(({ holderName }) => holderName),
    ...renamed.filter((name) => typeof name === "string"),
  ];
  return names.filter((name) => name !== REMOVED && name !== NAME_REMOVED && /[\p{L}\p{N}]/u.test(name));
}

/** What an erased person is called: the same for everybody but for a code, by which two can be told apart. */
export function pseudonymOf(id: string): string {
  return `Former participant ${id.slice(-6)}`;
}

/** Takes from a person everything that tells who they are. The id stays: it is what kept facts refer to. */
export function erase(person: Person, now: Instant): Person {
  return {
    ...person,
    state: "ERASED",
    name: pseudonymOf(person.id),
    email: "",
    addresses: [],
    givenUp: [],
    roles: endAll(person.roles, now),
    isListed: false,
  };
}

/** Starts the erasure of exactly what was confirmed: the person is a pseudonym at once, the rest follows step by step. */
export function startErasure(
  person: Person,
  existing: Erasure | undefined,
  facts: {
    viewer: Viewer;
    why: string;
    traces: Traces;
    /** What would be done now, and the token of it. */
    rows: readonly EffectRow[];
    currentToken: string;
    /** Token the person confirmed; absent in a first call. */
    confirmToken?: string | null;
  },
): Ruling<{ person: Person; erasure: Erasure }, EraseCode, PersonEvent> {
  const { viewer, why, rows } = facts;
  const refusals = eraseRefusals(person, facts);
  if (refusals.length > 0) return { refusals };
  const unconfirmed = confirmRefusals(
    { given: facts.confirmToken, wanted: facts.currentToken },
    "What is known of the person has changed since you looked: please look again and confirm anew.",
  );
  if (unconfirmed.length > 0) return { refusals: unconfirmed };
  const erasure: Erasure = {
    ...blank(person.id, existing),
    state: "RUNNING",
    requestWhy: null,
    startedBy: viewer.person.id,
    startedAt: viewer.now,
    why,
    rows,
    resumesAt: later(viewer.now, PAUSE),
    verifiedAt: null,
  };
  return { outcome: { person: erase(person, viewer.now), erasure }, events: [erased(person.id, rows, why)] };
}

/** The event of a person who was erased: how much of what, never what. */
export function erased(id: string, rows: readonly EffectRow[], why?: string): PersonEvent {
  const removed = Object.fromEntries(
    rows.filter(({ kind }) => FATES[kind].fate !== "KEPT").map(({ kind, count }) => [kind, count]),
  );
  return { type: "PersonErased", about: { kind: "Person", id }, facts: { removed }, why };
}

/** Between two looks: an index shows what was written just before by then, and a mail on its way has arrived. */
const PAUSE = { minutes: 2 };

/**
 * Closes an erasure when a look at everything, some time after the start, found nothing to remove and nothing to wait for:
 * that is its verification. Otherwise it is looked at again.
 */
export function finishErasure(
  erasure: Erasure,
  { left, now }: { left: number; now: Instant },
): Ruling<Erasure, never, never> {
  const { state, startedAt } = erasure;
  if (state !== "RUNNING") return { outcome: erasure, events: [] };
  const isSettled = startedAt !== null && later(startedAt, PAUSE) <= now;
  const next: Erasure =
    left === 0 && isSettled
      ? { ...erasure, state: "DONE", resumesAt: null, verifiedAt: now }
      : { ...erasure, resumesAt: later(now, PAUSE) };
  return { outcome: next, events: [] };
}
