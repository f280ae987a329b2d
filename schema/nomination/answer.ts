import type { Application, ApplicationEvent } from "../application/application.ts";
import { partsMissing } from "../application/parts.ts";
import { completeApplication } from "../application/step.ts";
import type { Cohort } from "../cohort/cohort.ts";
import { windowOf } from "../cohort/window.ts";
import { isOpen as isUsable, linkUnknown, openLink, type LinkCode, type LinkEvent } from "../link/link.ts";
import { isRefused, reasonRefusals, refusal, textRefusals } from "../shared/decision.ts";
import type { Decision, Refusal, TextCode } from "../shared/decision.ts";
import type { Instant } from "../shared/time.ts";
import { isSame } from "../shared/same.ts";
import {
  areLettersClosed,
  closed,
  isOpen,
  lettersClosed,
  NOMINATION_TRANSITIONS,
  noted,
  opened,
  takesLetters,
  told,
  type Asked,
  type Nomination,
  type NominationAction,
  type NominationEvent,
  type NominationLink,
} from "./nomination.ts";

/** What a link leads to, as far as it is there. */
export interface Found {
  link: NominationLink | undefined;
  /** Whether the token proves to be from one of its mails. */
  isHeld: boolean;
  asked: (Asked & { cohort: Cohort }) | undefined;
}

/** What whoever nominates writes. */
export interface LetterText {
  text: string;
  name: string;
  position: string;
}

/** Why a letter is not opened. */
export type OpenCode = LinkCode | "WRONG_STATE" | "NOT_NEEDED" | "TOO_LATE";

/** Why a letter is not taken. */
export type AnswerCode = OpenCode | TextCode;

/** What a nominator's step changes: the application where that knows of it, and the link where it was used. */
export interface Answered {
  nomination: Nomination;
  application: Application;
  link: NominationLink;
}

/** What a step of whoever nominates answers. */
export type Reply<Code extends string> = Decision<Answered, Code, NominationEvent | ApplicationEvent | LinkEvent>;

/** What whoever nominates is asked. */
export const ASKED =
  "Please write why your organization supports this candidate, and what you have seen of their work that speaks for a " +
  "Chief Technology Officer. A few paragraphs are enough.";

const LETTER = { max: 10_000, label: "The letter", multiline: true };

/** Notes that whoever was asked looks at it. Looked at before, nothing changes. */
export function openNomination(found: Found, now: Instant): Reply<OpenCode> {
  const ready = readyFor(found, "open", now);
  if (isRefused(ready)) return ready;
  const { nomination, application, link, cohort } = ready.outcome;
  if (nomination.state === "OPENED") return { outcome: { nomination, application, link: found.link! }, events: [] };
  const next = begun(nomination, { cohort, application, now });
  const event = eventOf("NominationOpened", nomination, next);
  return {
    outcome: { nomination: next, application: noted(application, next), link },
    events: [...ready.events, event],
  };
}

/** Keeps what is written so far; nothing needs to be finished. */
export function saveNomination(found: Found, text: string, now: Instant): Reply<AnswerCode> {
  const ready = readyFor(found, "save", now);
  if (isRefused(ready)) return ready;
  const refusals = textRefusals(text, { ...LETTER, optional: true }, "text");
  if (refusals.length > 0) return { refusals };
  const { nomination, application, link, cohort } = ready.outcome;
  if (nomination.state === "OPENED" && nomination.text === text) {
    return { outcome: { nomination, application, link: found.link! }, events: [] };
  }
  const next = { ...begun(nomination, { cohort, application, now }), text };
  const event = eventOf("NominationSaved", nomination, next);
  return {
    outcome: { nomination: next, application: noted(application, next), link },
    events: [...ready.events, event],
  };
}

/**
 * Hands the letter in. It is final, and where it was the last part that was missing, the application is complete with it. The
 * very same once more, because an answer was lost, changes nothing.
 */
export function provideNomination(found: Found, letter: LetterText, now: Instant): Reply<AnswerCode> {
  const signature = { name: letter.name.trim(), position: letter.position.trim() };
  if (isRepeated(found, letter.text, signature, now)) {
    const { nomination, application } = found.asked!;
    return { outcome: { nomination, application, link: found.link! }, events: [] };
  }
  const ready = readyFor(found, "provide", now);
  if (isRefused(ready)) return ready;
  const refusals: Refusal<AnswerCode>[] = [
    ...textRefusals(letter.text, LETTER, "text"),
    ...textRefusals(letter.name, { max: 120, label: "Your name" }, "name"),
    ...textRefusals(letter.position, { max: 120, label: "Your position" }, "position"),
  ];
  if (refusals.length > 0) return { refusals };
  const { nomination, link, cohort } = ready.outcome;
  const { text } = letter;
  const openedAt = nomination.openedAt ?? now;
  const next = { ...closed(nomination, "PROVIDED", { cohort, now }), text, signature, openedAt };
  const done = completed(noted(ready.outcome.application, next), cohort, next.id);
  const event = eventOf("NominationProvided", nomination, next);
  return {
    outcome: { nomination: next, application: done.outcome, link },
    events: [...ready.events, event, ...done.events],
  };
}

/** Declines to nominate. Why is for staff and committee alone. */
export function refuseNomination(found: Found, why: string, now: Instant): Reply<AnswerCode> {
  const ready = readyFor(found, "refuse", now);
  if (isRefused(ready)) return ready;
  const refusals = reasonRefusals(why, { optional: true });
  if (refusals.length > 0) return { refusals };
  const { nomination, application, link, cohort } = ready.outcome;
  const next = { ...closed(nomination, "REFUSED", { cohort, now }), openedAt: nomination.openedAt ?? now };
  const event = { ...eventOf("NominationRefused", nomination, next), ...(why.trim() !== "" && { why: why.trim() }) };
  return {
    outcome: { nomination: next, application: noted(application, next), link },
    events: [...ready.events, event],
  };
}

/** The application, complete where the letter that has just come was the last part that was missing. */
export function completed(
  application: Application,
  cohort: Cohort,
  nominationId: string,
): { outcome: Application; events: readonly ApplicationEvent[] } {
  if (application.state !== "SUBMITTED" || partsMissing(application, cohort).length > 0) {
    return { outcome: application, events: [] };
  }
  const done = completeApplication(application, { nominationId });
  return isRefused(done) ? { outcome: application, events: [] } : done;
}

/** Whether the holder of a link may look at the letter now: it is theirs to write, or has just been handed in. */
export function mayLook(found: Found, now: Instant): boolean {
  if (!isHolder(found, now)) return false;
  const { nomination, application, cohort } = found.asked;
  const isClosed = nomination.state === "CANCELLED" || nomination.state === "EXPIRED";
  return !isClosed && takesLetters(application) && !areLettersClosed(cohort, application, now);
}

/** Whether the holder of a link may ask what became of the letter, also once its time is over: they handed it in. */
export function mayAsk(found: Found, now: Instant): boolean {
  if (!isHolder(found, now)) return false;
  const { nomination } = found.asked;
  return nomination.state === "PROVIDED" && nomination.contentRemovedAt === undefined;
}

/** Whether the link leads to a letter, for whoever holds it now. */
function isHolder(found: Found, now: Instant): found is Found & { asked: NonNullable<Found["asked"]> } {
  const { link, isHeld, asked } = found;
  return asked !== undefined && isHeld && link?.purpose === "NOMINATION" && isUsable(link, now);
}

type Ready = Answered & { cohort: Cohort };

/** Uses the link, where it still leads to something that can be done. */
function readyFor(found: Found, action: NominationAction, now: Instant): Decision<Ready, OpenCode, LinkEvent> {
  const { link, isHeld, asked } = found;
  const used = openLink(link, { purpose: "NOMINATION", isHeld }, now);
  // Of a request that was taken back its link was too; that nobody waits for it says more.
  const isGone = isHeld && link?.purpose === "NOMINATION" && asked?.nomination.state === "CANCELLED";
  if (isGone) return { refusals: [notNeeded] };
  if (isRefused(used)) return used;
  if (!asked) return { refusals: [linkUnknown] };
  const { nomination, application, cohort } = asked;
  if (nomination.state === "PROVIDED") return { refusals: [received] };
  if (nomination.state === "REFUSED") return { refusals: [declined] };
  if (!takesLetters(application)) return { refusals: [notNeeded] };
  const isOver =
    areLettersClosed(cohort, application, now) || NOMINATION_TRANSITIONS[nomination.state][action] === undefined;
  if (isOver) return { refusals: [lettersClosed] };
  return { outcome: { nomination, application, cohort, link: used.outcome }, events: used.events };
}

function isRepeated(found: Found, text: string, by: object, now: Instant): boolean {
  if (!isHolder(found, now)) return false;
  const { state, text: before, signature } = found.asked.nomination;
  return state === "PROVIDED" && before === text && isSame(signature, by);
}

function begun(
  nomination: Nomination,
  { cohort, application, now }: { cohort: Cohort; application: Application; now: Instant },
): Nomination {
  const openedAt = nomination.openedAt ?? now;
  const { dueAt, remindedDays } = isOpen(nomination)
    ? nomination
    : { dueAt: windowOf(cohort, application.kind).closesAt, remindedDays: null };
  return { ...opened(nomination, "OPENED", dueAt, remindedDays), openedAt };
}

function eventOf(
  type: "NominationOpened" | "NominationSaved" | "NominationProvided" | "NominationRefused",
  before: Nomination,
  after: Nomination,
): NominationEvent {
  const states = before.state === after.state ? {} : { before: { state: before.state }, after: { state: after.state } };
  return { type, ...told(after), ...states };
}

const notNeeded = refusal("NOT_NEEDED", "This nomination is not needed any more: there is nothing you have to do.");

const received = refusal("WRONG_STATE", "We have received this nomination: thank you. There is nothing left to do.");

const declined = refusal(
  "WRONG_STATE",
  "You have declined to nominate: if that was a mistake, please answer our mail.",
);
