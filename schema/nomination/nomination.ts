import {
  isRecusedFrom,
  mayRead,
  mayReadContent,
  type Application,
  type ApplicationEvent,
} from "../application/application.ts";
import { lettersUntil, lettersUntilAtLast } from "../application/parts.ts";
import type { Cohort } from "../cohort/cohort.ts";
import type { Link, LinkEvent } from "../link/link.ts";
import { isAddressOf } from "../person/address.ts";
import { isSelf, type Viewer } from "../person/person.ts";
import { isStaff } from "../person/role.ts";
import { refusal, type Decision, type Happening, type Refusal } from "../shared/decision.ts";
import { later, type Instant } from "../shared/time.ts";

/**
 * Where a nomination stands. OFFERED came by the public form, and is not confirmed by whose name stands under it; UNMATCHED came
 * without being asked for and waits for an application; the others belong to one: BOUNCED could not be asked for, because mails
 * to the address come back.
 */
export const NOMINATION_STATES = [
  "OFFERED",
  "UNMATCHED",
  "REQUESTED",
  "OPENED",
  "PROVIDED",
  "REFUSED",
  "BOUNCED",
  "CANCELLED",
  "EXPIRED",
] as const;

/** One of NOMINATION_STATES. */
export type NominationState = (typeof NOMINATION_STATES)[number];

/** What can be done with a nomination. */
export const NOMINATION_ACTIONS = [
  "confirm",
  "match",
  "resend",
  "remind",
  "open",
  "save",
  "provide",
  "refuse",
  "bounce",
  "cancel",
  "expire",
  "reopen",
] as const;

/** One of NOMINATION_ACTIONS. */
export type NominationAction = (typeof NOMINATION_ACTIONS)[number];

/** From which state which action leads where. What is not here is refused. */
export const NOMINATION_TRANSITIONS: Record<NominationState, Partial<Record<NominationAction, NominationState>>> = {
  OFFERED: { confirm: "UNMATCHED", expire: "EXPIRED" },
  UNMATCHED: { match: "PROVIDED", expire: "EXPIRED" },
  REQUESTED: {
    resend: "REQUESTED",
    remind: "REQUESTED",
    open: "OPENED",
    save: "OPENED",
    provide: "PROVIDED",
    refuse: "REFUSED",
    bounce: "BOUNCED",
    cancel: "CANCELLED",
    expire: "EXPIRED",
  },
  OPENED: {
    resend: "OPENED",
    remind: "OPENED",
    open: "OPENED",
    save: "OPENED",
    provide: "PROVIDED",
    refuse: "REFUSED",
    bounce: "BOUNCED",
    cancel: "CANCELLED",
    expire: "EXPIRED",
  },
  // Whoever holds the link has it from one of its mails, whatever came back.
  BOUNCED: {
    resend: "REQUESTED",
    open: "OPENED",
    save: "OPENED",
    provide: "PROVIDED",
    refuse: "REFUSED",
    cancel: "CANCELLED",
    expire: "EXPIRED",
  },
  PROVIDED: { reopen: "OPENED" },
  REFUSED: { reopen: "OPENED" },
  CANCELLED: {},
  EXPIRED: {},
};

/** What each state is called in sentences for people. */
const STATE_LABELS: Record<NominationState, string> = {
  OFFERED: "not confirmed by whoever wrote it",
  UNMATCHED: "received, without an application yet",
  REQUESTED: "asked for",
  OPENED: "being written",
  PROVIDED: "received",
  REFUSED: "declined",
  BOUNCED: "not deliverable",
  CANCELLED: "no longer needed",
  EXPIRED: "not received in time",
};

/** Who nominates. */
export interface Nominator {
  name: string;
  /** In lower case. Null when it came on paper and without one. */
  email: string | null;
  /** What they are to the candidate, such as superintendent. */
  position: string;
}

interface Base {
  id: string;
  version: number;
  cohortId: string;
  /** Whether the applicant asked for it, or it came by itself. */
  origin: "REQUESTED" | "UNSOLICITED";
  /** The application and whose it is; null before one is found for it. */
  applicationId: string | null;
  personId: string | null;
  nominator: Nominator;
  /** Whom it is about, as long as no application is found for it; null otherwise. */
  nominee: { name: string; email: string } | null;
  /** The link that whoever nominates holds; null where none was sent. */
  linkId: string | null;
  createdAt: Instant;
  /** When it was first looked at; null before. */
  openedAt: Instant | null;
  /** What is written in it so far; empty before. */
  text: string;
  /** How it is signed; null before it is provided. */
  signature: { name: string; position: string } | null;
  /** When names, address and text were removed for good; absent while they are there. */
  contentRemovedAt?: Instant;
}

/** The states in which a letter may still come. */
export type OpenState = "OFFERED" | "UNMATCHED" | "REQUESTED" | "OPENED" | "BOUNCED";

/** A letter that supports somebody's application, from the request on. */
export type Nomination = Base &
  (
    | {
        state: OpenState;
        /** When it is looked at next: for a reminder, or at the end. */
        dueAt: Instant;
        /** The latest reminder that went out, in days before the end; null before one. */
        remindedDays: number | null;
      }
    | {
        state: Exclude<NominationState, OpenState>;
        closedAt: Instant;
        /** When its content is removed; null once it is. */
        keptUntil: Instant | null;
      }
  );

/** What every event of a nomination tells: never who nominates, nor a word of the letter. */
export interface NominationFacts {
  applicationId: string | null;
  personId: string | null;
  cohortId: string;
}

/** What happens to nominations. */
export type NominationEvent =
  | Happening<"NominationRequested", NominationFacts & { linkId: string; replacedId: string | null }>
  | Happening<"NominationResent", NominationFacts & { linkId: string }>
  | Happening<"NominationReminded", NominationFacts & { linkId: string; daysBefore: number }>
  | Happening<"NominationReopened", NominationFacts & { linkId: string }>
  | Happening<
      | "NominationOpened"
      | "NominationSaved"
      | "NominationProvided"
      | "NominationRefused"
      | "NominationBounced"
      | "NominationCancelled"
      | "NominationExpired"
      | "NominationContentRemoved",
      NominationFacts
    >
  | Happening<"NominationRecorded", NominationFacts & { tellsNominee: boolean }>
  | Happening<"NominationMatched", NominationFacts>
  | Happening<"NominationOffered", NominationFacts & { linkId: string }>
  | Happening<"NominationConfirmed", NominationFacts & { tellsNominee: boolean }>;

/** A nomination with what it belongs to. */
export interface Asked {
  nomination: Nomination;
  application: Application;
}

/** What a link of a nomination needs to know. */
export interface NominationLinkFacts {
  nominationId: string;
}

/** The link of whoever nominates. */
export type NominationLink = Link<NominationLinkFacts>;

/** What a step with a nomination answers. */
export type Answer<Code extends string, More extends object = object> = Decision<
  Asked & More,
  Code,
  NominationEvent | ApplicationEvent | LinkEvent
>;

/** Whether a letter about an application can still matter: until the committee has decided. */
export function takesLetters({ state }: Application): boolean {
  return ["DRAFT", "SUBMITTED", "COMPLETE", "UNDER_REVIEW"].includes(state);
}

/** Whether the committee's decision on the application is known to the applicant. */
export function isDecided({ state }: Application): boolean {
  return state === "WAITLISTED" || state === "DECLINED" || isChosen({ state });
}

/** Whether it is known that the applicant was chosen, whatever they made of it since. */
export function isChosen({ state }: Pick<Application, "state">): boolean {
  return state === "ACCEPTED" || state === "NOT_TAKEN_UP" || state === "DEFERRED";
}

/** Whether a letter may still come. */
export function isOpen(nomination: Nomination): nomination is Nomination & { state: OpenState; dueAt: Instant } {
  return "dueAt" in nomination;
}

/** Whether the viewer may know of a nomination: with its application; without one staff, unless it is about themselves. */
export function mayReadNomination(viewer: Viewer | null, nomination: Nomination, application?: Application): boolean {
  // In somebody's name, and perhaps not by them: nobody reads it before they have said so.
  if (nomination.state === "OFFERED") return false;
  if (application) return mayRead(viewer, application);
  if (nomination.applicationId !== null && isRecusedFrom(viewer, nomination.applicationId)) return false;
  const { nominee } = nomination;
  return isStaff(viewer) && (nominee === null || !isAddressOf(viewer!.person, nominee.email));
}

/**
 * Whether the viewer may read what stands in it: staff, and of the committee whoever may read what is in its application, but
 * nobody what is about themselves.
 */
export function mayReadLetter(viewer: Viewer | null, nomination: Nomination, application?: Application): boolean {
  if (nomination.personId !== null && isSelf(viewer, nomination.personId)) return false;
  return application ? mayReadContent(viewer, application) : isStaff(viewer);
}

/** Why the state does not allow the action; empty when it does. */
export function stateRefusals(nomination: Nomination, action: NominationAction): Refusal<"WRONG_STATE">[] {
  if (NOMINATION_TRANSITIONS[nomination.state][action] !== undefined) return [];
  const message = `This is not possible now: the nomination is ${STATE_LABELS[nomination.state]}.`;
  return [refusal("WRONG_STATE", message)];
}

/** The refusal of a letter, or a request for one, after the time of the letters. */
export const lettersClosed = refusal("TOO_LATE", "The time for nominations of this cohort is over.");

/** Whether the time of the letters is over: of those for an application, or of all where it is not known for which one is. */
export function areLettersClosed(cohort: Cohort, application: Pick<Application, "kind"> | null, now: Instant): boolean {
  return (application ? lettersUntil(cohort, application.kind) : lettersUntilAtLast(cohort)) <= now;
}

/** The nomination in an open state. */
export function opened(
  nomination: Nomination,
  state: OpenState,
  dueAt: Instant,
  remindedDays: number | null = null,
): Nomination {
  return { ...baseOf(nomination), state, dueAt, remindedDays };
}

/** The nomination in a closed state; its content is kept for a while from then on. */
export function closed(
  nomination: Nomination,
  state: Exclude<NominationState, OpenState>,
  { cohort, now }: { cohort: Cohort; now: Instant },
): Nomination {
  const keptUntil = later(now, { hours: 24 * cohort.retention.LETTER });
  return { ...baseOf(nomination), state, closedAt: now, keptUntil };
}

function baseOf(nomination: Nomination): Base {
  const every = { dueAt: "", remindedDays: null, closedAt: "", keptUntil: null, ...nomination };
  const { state: _state, dueAt: _dueAt, remindedDays: _days, closedAt: _closedAt, keptUntil: _kept, ...base } = every;
  return base;
}

/** The application with what it knows of a nomination brought up to date; itself where nothing of that changes. */
export function noted(application: Application, nomination: Nomination): Application {
  const { id, state, origin, contentRemovedAt } = nomination;
  const { name, email } = nomination.nominator;
  const summary = {
    requestId: id,
    state,
    origin,
    nominator: contentRemovedAt === undefined ? { name, email: email ?? "" } : null,
  };
  const known = application.letters.find(({ requestId }) => requestId === id);
  if (known?.state === state && (known.nominator === null) === (summary.nominator === null)) return application;
  const letters = known
    ? application.letters.map((letter) => (letter.requestId === id ? summary : letter))
    : [...application.letters, summary];
  return { ...application, letters };
}

/** What an event of a nomination is about, and tells. */
export function told({ id, applicationId, personId, cohortId }: Nomination) {
  return {
    about: { kind: "Nomination", id } as const,
    facts: { applicationId, personId, cohortId },
  };
}
