import { conflictRefusals, type Application, type ApplicationEvent } from "../application/application.ts";
import { lettersUntilAtLast } from "../application/parts.ts";
import type { Cohort } from "../cohort/cohort.ts";
import { isAddressOf, isMailable } from "../person/address.ts";
import type { Person, Viewer } from "../person/person.ts";
import {
  isRefused,
  reasonRefusals,
  refusal,
  textRefusals,
  type Decision,
  type Refusal,
  type TextCode,
} from "../shared/decision.ts";
import { later, type Instant } from "../shared/time.ts";
import { completed } from "./answer.ts";
import {
  areLettersClosed,
  closed,
  lettersClosed,
  noted,
  stateRefusals,
  takesLetters,
  told,
  type Asked,
  type Nomination,
  type NominationEvent,
} from "./nomination.ts";
import { alreadyAsked, emailOf, isAsked, nominatorIsApplicant } from "./request.ts";

/** A letter that came without being asked for. */
export interface UnsolicitedWish {
  nomineeName: string;
  nomineeEmail: string;
  nominatorName: string;
  nominatorEmail: string;
  nominatorPosition: string;
  text: string;
}

/** Why a letter that came by itself is not recorded. */
export type RecordCode = TextCode | "BAD_EMAIL" | "NOMINATOR_IS_APPLICANT" | "TOO_LATE" | "KEY_REUSED" | "BAD_KEY";

/** Why a letter is not put to an application. */
export type MatchCode =
  | TextCode
  | "WRONG_STATE"
  | "OTHER_COHORT"
  | "NOT_NEEDED"
  | "ALREADY_ASKED"
  | "NOMINATOR_IS_APPLICANT"
  | "OWN_APPLICATION"
  | "RECUSED"
  | "TOO_LATE";

/** Hours between two looks whether there is an application by now. */
const LOOK_HOURS = 1;

/** Records a letter that nobody had asked for. Whom it is about is told that there is one, and how to apply. */
export function recordNomination(
  wish: UnsolicitedWish,
  facts: { id: string; cohort: Cohort; now: Instant; tellsNominee: boolean },
): Decision<Nomination, RecordCode, NominationEvent> {
  const { id, cohort, now, tellsNominee } = facts;
  if (areLettersClosed(cohort, null, now)) return { refusals: [lettersClosed] };
  const refusals = wishRefusals(wish);
  if (refusals.length > 0) return { refusals };
  const nominator = {
    name: wish.nominatorName.trim(),
    email: emailOf(wish.nominatorEmail),
    position: wish.nominatorPosition.trim(),
  };
  const nomination: Nomination = {
    id,
    version: 0,
    cohortId: cohort.id,
    origin: "UNSOLICITED",
    applicationId: null,
    personId: null,
    nominator,
    nominee: { name: wish.nomineeName.trim(), email: emailOf(wish.nomineeEmail) },
    linkId: null,
    createdAt: now,
    openedAt: null,
    text: wish.text,
    signature: { name: nominator.name, position: nominator.position },
    state: "UNMATCHED",
    dueAt: nextSearch(cohort, now),
    remindedDays: null,
  };
  const { about, facts: base } = told(nomination);
  const event: NominationEvent = {
    type: "NominationRecorded",
    about,
    facts: { ...base, tellsNominee },
    after: { state: "UNMATCHED" },
  };
  return { outcome: nomination, events: [event] };
}

/** When it is looked next whether there is an application for the letter. */
export function nextSearch(cohort: Cohort, now: Instant): Instant {
  const next = later(now, { hours: LOOK_HOURS });
  const end = lettersUntilAtLast(cohort);
  return next < end ? next : end;
}

/**
 * Puts a letter to an application, where it counts like one that was asked for. The program does so where the applicant has
 * proved the address that the letter is about; otherwise staff do, and say why.
 */
export function matchNomination(
  { nomination, application }: Asked,
  facts: { cohort: Cohort; person: Person; now: Instant; by: { viewer: Viewer; why: string } | null },
): Decision<Asked, MatchCode, NominationEvent | ApplicationEvent> {
  const { cohort, now, by } = facts;
  const wrong: Refusal<MatchCode>[] = by ? conflictRefusals(application, by.viewer) : [];
  wrong.push(...stateRefusals(nomination, "match"), ...placeRefusals({ nomination, application }, facts));
  if (wrong.length > 0) return { refusals: wrong.slice(0, 1) };
  const refusals = by ? reasonRefusals(by.why) : [];
  if (refusals.length > 0) return { refusals };
  const { id: applicationId, personId } = application;
  const next = closed({ ...nomination, applicationId, personId, nominee: null }, "PROVIDED", { cohort, now });
  const done = completed(noted(application, next), cohort, next.id);
  const event: NominationEvent = {
    type: "NominationMatched",
    ...told(next),
    before: { state: "UNMATCHED" },
    after: { state: "PROVIDED" },
    ...(by && { why: by.why.trim() }),
  };
  return { outcome: { nomination: next, application: done.outcome }, events: [event, ...done.events] };
}

/**
 * What the program does with a letter that waits for its application: puts it to the one that is found, lets it end with the
 * time of the letters, or looks again later. One that ends so is not kept.
 */
export function searchOn(
  { nomination, application }: { nomination: Nomination; application: Application | undefined },
  facts: { cohort: Cohort; person: Person | undefined; now: Instant },
): Decision<
  { nomination: Nomination; application: Application | undefined },
  never,
  NominationEvent | ApplicationEvent
> {
  const { cohort, person, now } = facts;
  if (nomination.state !== "UNMATCHED") return { outcome: { nomination, application }, events: [] };
  if (application && person) {
    const matched = matchNomination({ nomination, application }, { cohort, person, now, by: null });
    if (!isRefused(matched)) return matched;
  }
  if (!areLettersClosed(cohort, null, now)) {
    return { outcome: { nomination: { ...nomination, dueAt: nextSearch(cohort, now) }, application }, events: [] };
  }
  const ended = { ...closed(nomination, "EXPIRED", { cohort, now }), keptUntil: now };
  const event: NominationEvent = {
    type: "NominationExpired",
    ...told(nomination),
    before: { state: "UNMATCHED" },
    after: { state: "EXPIRED" },
  };
  return { outcome: { nomination: ended, application }, events: [event] };
}

function placeRefusals(
  { nomination, application }: Asked,
  { cohort, person, now }: { cohort: Cohort; person: Person; now: Instant },
): Refusal<MatchCode>[] {
  const { email } = nomination.nominator;
  return [
    ...(nomination.cohortId === application.cohortId ? [] : [otherCohort]),
    ...(takesLetters(application) ? [] : [notNeeded]),
    ...(areLettersClosed(cohort, application, now) ? [lettersClosed] : []),
    ...(email !== null && isAddressOf(person, email) ? [nominatorIsApplicant] : []),
    ...(email !== null && isAsked(application, email) ? [alreadyAsked] : []),
  ];
}

function wishRefusals(wish: UnsolicitedWish): Refusal<RecordCode>[] {
  const one = (label: string) => ({ max: 120, label });
  const emails = (["nomineeEmail", "nominatorEmail"] as const).filter((field) => !isMailable(emailOf(wish[field])));
  const isSame = emailOf(wish.nomineeEmail) === emailOf(wish.nominatorEmail);
  return [
    ...textRefusals(wish.nomineeName, one("The candidate's name"), "nomineeName"),
    ...textRefusals(wish.nominatorName, one("The nominator's name"), "nominatorName"),
    ...textRefusals(wish.nominatorPosition, one("The nominator's position"), "nominatorPosition"),
    ...emails.map((field) =>
      refusal("BAD_EMAIL", "This is not an e-mail address: please write it as name@example.org.", field),
    ),
    ...(emails.length === 0 && isSame ? [{ ...nominatorIsApplicant, field: ["nominatorEmail"] }] : []),
    ...textRefusals(wish.text, { max: 10_000, label: "The letter", multiline: true }, "text"),
  ];
}

const otherCohort = refusal("OTHER_COHORT", "The letter is for another cohort than the application.", "applicationId");

const notNeeded = refusal("NOT_NEEDED", "The application takes no letters any more.", "applicationId");
