import type { Application, StateCode } from "../application/application.ts";
import { conflictRefusals, stateRefusals as applicationRefusals } from "../application/application.ts";
import { daysBeforeEnd, lettersUntil } from "../application/parts.ts";
import type { Cohort } from "../cohort/cohort.ts";
import type { ApplicantKind } from "../cohort/policy.ts";
import { isOpen as isUsable, issueLink, revokeLink, type Issued, type LinkEvent } from "../link/link.ts";
import { badEmail, isAddressOf, isMailable } from "../person/address.ts";
import type { Person, Viewer } from "../person/person.ts";
import { isRefused, reasonRefusals, refusal, textRefusals } from "../shared/decision.ts";
import type { Decision, Refusal, TextCode } from "../shared/decision.ts";
import { instantInWords, type Instant } from "../shared/time.ts";
import {
  areLettersClosed,
  closed,
  isOpen,
  lettersClosed,
  noted,
  opened,
  stateRefusals,
  told,
  type Answer,
  type Asked,
  type Nomination,
  type NominationEvent,
  type NominationLink,
  type NominationLinkFacts,
  type NominationState,
} from "./nomination.ts";

/** Whom the applicant names. */
export interface NominatorWish {
  name: string;
  email: string;
  position: string;
}

/** What deciding on a request needs to know. */
export interface RequestFacts {
  cohort: Cohort;
  /** The applicant. */
  person: Person;
  now: Instant;
}

/** The links of an application's nominations, and the id of the next. */
export interface LinkFacts {
  issued: Issued;
  links: readonly NominationLink[];
  linkId: string;
}

/** The links that a step makes and takes back. */
export interface LinkChange {
  issued: Issued;
  link: NominationLink;
  revoked: readonly NominationLink[];
}

/** Why nobody is asked for a nomination, once more or instead of somebody else. */
export type RequestCode =
  | TextCode
  | StateCode
  | "BAD_EMAIL"
  | "NOMINATOR_IS_APPLICANT"
  | "ALREADY_ASKED"
  | "TOO_LATE"
  | "TOO_MANY"
  | "KEY_REUSED"
  | "BAD_KEY";

/** Why a letter is not given back. */
export type ReopenCode =
  | TextCode
  | "OWN_APPLICATION"
  | "RECUSED"
  | "WRONG_STATE"
  | "TOO_LATE"
  | "TOO_MANY"
  | "KEY_REUSED"
  | "BAD_KEY";

/** Most people who are asked for one application, those included that are not any more: nobody mails the whole world. */
const MOST_REQUESTS = 15;

/** Asks somebody for a nomination: one mail with a link. `replaced` is taken back with it. */
export function requestNomination(
  application: Application,
  wish: NominatorWish,
  facts: RequestFacts & LinkFacts & { id: string; replaced?: Nomination },
): Answer<RequestCode, LinkChange & { replaced?: Nomination }> {
  const { cohort, person, now, id, replaced } = facts;
  const wrong = timeRefusals(application, facts);
  if (replaced && wrong.length === 0) wrong.push(...replaceRefusals(replaced));
  if (wrong.length > 0) return { refusals: wrong };
  const refusals = [...nominatorRefusals(wish), ...addressRefusals(application, wish.email, person, replaced)];
  if (application.letters.length >= MOST_REQUESTS) {
    refusals.push(
      refusal("TOO_MANY", "So many people were asked already that we ask nobody more: please write to us."),
    );
  }
  if (refusals.length > 0) return { refusals };
  const nomination: Nomination = {
    id,
    version: 0,
    cohortId: cohort.id,
    origin: "REQUESTED",
    applicationId: application.id,
    personId: application.personId,
    nominator: { name: wish.name.trim(), email: emailOf(wish.email), position: wish.position.trim() },
    nominee: null,
    linkId: facts.linkId,
    createdAt: now,
    openedAt: null,
    text: "",
    signature: null,
    state: "REQUESTED",
    dueAt: nextLook(cohort, application.kind, now),
    remindedDays: null,
  };
  const change = renewLink(nomination, replaced, facts);
  if (isRefused(change)) return change;
  const gone = replaced && isOpen(replaced) ? closed(replaced, "CANCELLED", { cohort, now }) : undefined;
  const { about, facts: base } = told(nomination);
  const event: NominationEvent = {
    type: "NominationRequested",
    about,
    facts: { ...base, linkId: facts.linkId, replacedId: gone?.id ?? null },
    after: { state: "REQUESTED" },
  };
  const next = noted(gone ? noted(application, gone) : application, nomination);
  return {
    outcome: { nomination, application: next, ...change.outcome, ...(gone && { replaced: gone }) },
    events: [...change.events, ...(replaced && gone ? [cancelled(replaced)] : []), event],
  };
}

/** Sends whoever was asked a new link; the one before counts no more. */
export function resendNomination(
  { nomination, application }: Asked,
  facts: RequestFacts & LinkFacts,
): Answer<RequestCode, LinkChange> {
  const wrong = [...timeRefusals(application, facts), ...stateRefusals(nomination, "resend")].slice(0, 1);
  if (wrong.length > 0 || !isOpen(nomination)) return { refusals: wrong };
  const change = renewLink(nomination, nomination, facts);
  if (isRefused(change)) return change;
  const state = nomination.state === "OPENED" ? "OPENED" : "REQUESTED";
  const next = {
    ...opened(nomination, state, nextLook(facts.cohort, application.kind, facts.now), nomination.remindedDays),
    linkId: facts.linkId,
  };
  const { about, facts: base } = told(next);
  const event: NominationEvent = {
    type: "NominationResent",
    about,
    facts: { ...base, linkId: facts.linkId },
    before: { state: nomination.state },
    after: { state },
  };
  return {
    outcome: { nomination: next, application: noted(application, next), ...change.outcome },
    events: [...change.events, event],
  };
}

/** Takes a request back, because it is not wanted any more. */
export function cancelNomination(
  { nomination, application }: Asked,
  { cohort, links, now }: { cohort: Cohort; links: readonly NominationLink[]; now: Instant },
): Answer<"WRONG_STATE", { revoked: readonly NominationLink[] }> {
  const wrong = stateRefusals(nomination, "cancel");
  if (wrong.length > 0) return { refusals: wrong };
  const next = closed(nomination, "CANCELLED", { cohort, now });
  const revoked = revokedOf(nomination, links, now);
  return {
    outcome: { nomination: next, application: noted(application, next), revoked: revoked.outcome },
    events: [...revoked.events, cancelled(nomination)],
  };
}

/** Gives a letter back to whoever wrote or declined it, because staff say so: they get a new link. */
export function reopenNomination(
  { nomination, application }: Asked,
  facts: Omit<RequestFacts, "person"> & LinkFacts & { viewer: Viewer; why: string },
): Answer<ReopenCode, LinkChange> {
  const wrong: Refusal<ReopenCode>[] = [
    ...conflictRefusals(application, facts.viewer),
    ...stateRefusals(nomination, "reopen"),
  ];
  if (nomination.origin === "UNSOLICITED" || nomination.contentRemovedAt !== undefined) wrong.push(nobodysLink);
  if (!["DRAFT", "SUBMITTED", "COMPLETE"].includes(application.state)) wrong.push(tooFar);
  else if (areLettersClosed(facts.cohort, application, facts.now)) wrong.push(lettersClosed);
  if (wrong.length > 0) return { refusals: wrong.slice(0, 1) };
  const refusals = reasonRefusals(facts.why);
  if (refusals.length > 0) return { refusals };
  const change = renewLink(nomination, nomination, facts);
  if (isRefused(change)) return change;
  const next = {
    ...opened(nomination, "OPENED", nextLook(facts.cohort, application.kind, facts.now)),
    linkId: facts.linkId,
  };
  const { about, facts: base } = told(next);
  const event: NominationEvent = {
    type: "NominationReopened",
    about,
    facts: { ...base, linkId: facts.linkId },
    before: { state: nomination.state },
    after: { state: "OPENED" },
    why: facts.why.trim(),
  };
  return {
    outcome: { nomination: next, application: noted(application, next), ...change.outcome },
    events: [...change.events, event],
  };
}

/** What is wrong with the name, the address and the position of whoever is named. */
export function nominatorRefusals({ name, email, position }: NominatorWish): Refusal<TextCode | "BAD_EMAIL">[] {
  return [
    ...textRefusals(name, { max: 120, label: "The name" }, "name"),
    ...(isMailable(emailOf(email)) ? [] : [badEmail]),
    ...textRefusals(position, { max: 120, label: "The position" }, "position"),
  ];
}

/** An address as it is kept. */
export const emailOf = (text: string): string => text.trim().toLowerCase();

/** When an open nomination is looked at next: for the next reminder, or at the end. */
export function nextLook(cohort: Cohort, kind: ApplicantKind, now: Instant): Instant {
  const moments = cohort.policy.letters.reminderDays.map((days) => daysBeforeEnd(cohort, kind, days));
  return moments.filter((at) => at > now).sort()[0] ?? lettersUntil(cohort, kind);
}

/** The same person counts once, unless they declined, did not answer, or were asked no more. */
export function isAsked({ letters }: Application, email: string, except?: string): boolean {
  return letters.some(
    ({ requestId, state, nominator }) =>
      requestId !== except && COUNTING.has(state) && nominator?.email === emailOf(email),
  );
}

const COUNTING: ReadonlySet<NominationState> = new Set(["REQUESTED", "OPENED", "BOUNCED", "PROVIDED"]);

/** The refusal of a letter by the applicant. */
export const nominatorIsApplicant = refusal(
  "NOMINATOR_IS_APPLICANT",
  "This is an address of the applicant: please name somebody else.",
  "email",
);

/** The refusal of a second letter by the same person. */
export const alreadyAsked = refusal(
  "ALREADY_ASKED",
  "Somebody with this address is asked, or has answered, already: please name somebody else.",
  "email",
);

function addressRefusals(
  application: Application,
  email: string,
  person: Person,
  replaced: Nomination | undefined,
): Refusal<RequestCode>[] {
  if (isAddressOf(person, email)) return [nominatorIsApplicant];
  // Somebody is not replaced by themselves: that is to send the mail again.
  return isAsked(application, email, replaced?.state === "BOUNCED" ? replaced.id : undefined) ? [alreadyAsked] : [];
}

function timeRefusals(application: Application, { cohort, now }: RequestFacts): Refusal<RequestCode>[] {
  if (application.state !== "DRAFT" && application.state !== "SUBMITTED") {
    return applicationRefusals(application, "save");
  }
  if (!areLettersClosed(cohort, application, now)) return [];
  const ended = instantInWords(lettersUntil(cohort, application.kind), cohort.zone);
  return [refusal("TOO_LATE", `Nominations were taken until ${ended}.`)];
}

/** One that was declined stays so, and one that has not come in time: in its place somebody else is asked. */
function replaceRefusals(replaced: Nomination): Refusal<"WRONG_STATE">[] {
  return ["REFUSED", "EXPIRED"].includes(replaced.state) ? [] : stateRefusals(replaced, "cancel");
}

/** Makes the next link of a nomination and takes the earlier ones of another, or of the same, back. */
function renewLink(
  { id, nominator }: Nomination,
  before: Nomination | undefined,
  { issued, links, linkId, now }: LinkFacts & { now: Instant },
): Decision<LinkChange, "TOO_MANY", LinkEvent> {
  const wish = { id: linkId, to: nominator.email, facts: { nominationId: id } };
  const made = issueLink<NominationLinkFacts>(issued, wish, now);
  if (isRefused(made)) return made;
  const revoked = before ? revokedOf(before, links, now) : { outcome: [], events: [] };
  return {
    outcome: { ...made.outcome, revoked: revoked.outcome },
    events: [...revoked.events, ...made.events],
  };
}

function revokedOf({ id }: Nomination, links: readonly NominationLink[], now: Instant) {
  const revoked = links
    .filter((link) => link.facts.nominationId === id && isUsable(link, now))
    .map((link) => revokeLink(link, now));
  return { outcome: revoked.map(({ outcome }) => outcome), events: revoked.flatMap(({ events }) => events) };
}

/** The event of a request that is taken back. */
export function cancelled(nomination: Nomination): NominationEvent {
  return {
    type: "NominationCancelled",
    ...told(nomination),
    before: { state: nomination.state },
    after: { state: "CANCELLED" },
  };
}

const tooFar = refusal("WRONG_STATE", "The application is being reviewed or is decided: its letters stay as they are.");

const nobodysLink = refusal("WRONG_STATE", "There was no link to this letter, or it was removed: it stays as it is.");
