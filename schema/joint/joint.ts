import { TRANSITIONS, type Application, type ApplicationKind } from "../application/application.ts";
import type { Cohort } from "../cohort/cohort.ts";
import { windowOf } from "../cohort/window.ts";
import { issueLink, linkUnknown, openLink, revokeLink } from "../link/link.ts";
import type { Issued, Link, LinkCode, LinkEvent } from "../link/link.ts";
import { badEmail, isMailable } from "../person/address.ts";
import { isSelf, type Person, type Viewer } from "../person/person.ts";
import {
  isRefused,
  refusal,
  textRefusals,
  type Decision,
  type Happening,
  type Refusal,
  type TextCode,
} from "../shared/decision.ts";
import { addDays, dateOf, instantAt, type Instant } from "../shared/time.ts";

/** Where a joint application stands: INVITED waits for the other side, LINKED is confirmed by both, the others are over. */
export const JOINT_STATES = ["INVITED", "LINKED", "DECLINED", "LAPSED", "CANCELLED", "UNLINKED"] as const;

/** One of JOINT_STATES. */
export type JointState = (typeof JOINT_STATES)[number];

/** What can be done with a joint application. */
export const JOINT_ACTIONS = ["accept", "decline", "lapse", "cancel", "unlink"] as const;

/** One of JOINT_ACTIONS. */
export type JointAction = (typeof JOINT_ACTIONS)[number];

/** From which state which action leads where. What is not here is refused. */
export const JOINT_TRANSITIONS: Record<JointState, Partial<Record<JointAction, JointState>>> = {
  INVITED: { accept: "LINKED", decline: "DECLINED", lapse: "LAPSED", cancel: "CANCELLED" },
  LINKED: { unlink: "UNLINKED" },
  DECLINED: {},
  LAPSED: {},
  CANCELLED: {},
  UNLINKED: {},
};

/** One side of a joint application. Its application may still be to come: then this is the id it will have. */
export interface JointSide {
  personId: string;
  applicationId: string;
}

/** A candidate and a mentor who apply together. Each side is private and decided alone. */
export interface Joint {
  id: string;
  version: number;
  cohortId: string;
  state: JointState;
  /** As what the inviting side applies; the invited one applies as the other. */
  kind: ApplicationKind;
  inviter: JointSide;
  /** Null until the invitation is accepted. */
  invitee: JointSide | null;
  /** Whom the invitation goes to; null once it is answered or over. */
  invited: { name: string; email: string } | null;
  /** The link of the invitation. */
  linkId: string;
  invitedAt: Instant;
  /** When the invitation lapses, or the invited side is reminded to apply; null when there is nothing to do. */
  dueAt: Instant | null;
  /** Ids of who was told that the other has withdrawn: each is told once. Absent while nobody was. */
  toldOfWithdrawal?: readonly string[];
}

/** What mails of a joint application need to know. */
export interface JointTold {
  jointId: string;
  cohortId: string;
  /** Whom the mail is for; null where it is nobody with a record here. */
  toPersonId: string | null;
}

/** What happens to joint applications. It is in the history of the inviting application. */
export type JointEvent =
  | Happening<"JointInvited", JointTold & { linkId: string }>
  | Happening<"JointAccepted", JointTold>
  | Happening<"JointDeclined", JointTold>
  | Happening<"JointLapsed", JointTold>
  | Happening<"JointCancelled", JointTold>
  | Happening<"JointUnlinked", JointTold>
  | Happening<"JointPartnerWithdrew", JointTold>
  | Happening<"JointReminderDue", JointTold>;

/** What the link of an invitation needs to know. */
export interface JointFacts {
  jointId: string;
}

/** Why nobody can be invited. */
export type InviteCode = TextCode | "WRONG_STATE" | "BAD_EMAIL" | "EMAIL_OWN" | "ALREADY_LINKED" | "TOO_MANY";

/** Why an invitation cannot be accepted or declined. */
export type AnswerCode = LinkCode | "WRONG_STATE" | "OWN_APPLICATION" | "ALREADY_LINKED";

/** The other kind. */
export const otherKind = (kind: ApplicationKind): ApplicationKind => (kind === "CANDIDATE" ? "MENTOR" : "CANDIDATE");

/** Invites somebody to apply together. Whether the application is in another joint one is the transaction's to say. */
export function invite(
  application: Application,
  wish: { name: string; email: string },
  facts: { viewer: Viewer; issued: Issued; jointId: string; linkId: string },
): Decision<{ joint: Joint; link: Link<JointFacts>; issued: Issued }, InviteCode, JointEvent | LinkEvent> {
  const { viewer, jointId, linkId } = facts;
  if (!isUndecided(application)) return { refusals: [tooLateToJoin] };
  const email = wish.email.trim().toLowerCase();
  const refusals: Refusal<InviteCode>[] = textRefusals(wish.name, { max: 200, label: "The name" }, "name");
  if (!isMailable(email)) refusals.push(badEmail);
  else if (viewer.person.addresses.some((address) => address.email === email)) refusals.push(emailOwn);
  if (refusals.length > 0) return { refusals };
  const made = issueLink<JointFacts>(facts.issued, { id: linkId, to: email, facts: { jointId } }, viewer.now);
  if (isRefused(made)) return made;
  const joint: Joint = {
    id: jointId,
    version: 0,
    cohortId: application.cohortId,
    state: "INVITED",
    kind: application.kind,
    inviter: { personId: application.personId, applicationId: application.id },
    invitee: null,
    invited: { name: wish.name.trim(), email },
    linkId,
    invitedAt: viewer.now,
    dueAt: made.outcome.link.expiresAt,
  };
  const event: JointEvent = {
    type: "JointInvited",
    about: about(joint),
    facts: { ...toldTo(joint, null), linkId },
    after: { joint: joint.state },
  };
  return { outcome: { ...made.outcome, joint }, events: [...made.events, event] };
}

/** What somebody who holds the link of an invitation brings along. */
export interface Invitation {
  joint: Joint | undefined;
  link: Link<JointFacts> | undefined;
  isHeld: boolean;
  /** The inviting application. */
  application: Application | undefined;
}

/** What answering an invitation writes. */
export interface AnsweredJoint {
  joint: Joint;
  link: Link<JointFacts>;
}

/**
 * Confirms a joint application by whoever holds the link: it is bound to their application of the other kind, also when that is
 * still to come. Whether that one is in another joint application is the transaction's to say.
 */
export function acceptInvitation(
  invitation: Invitation,
  facts: { viewer: Viewer; cohort: Cohort; applicationId: string; existing: Application | undefined },
): Decision<AnsweredJoint, AnswerCode, JointEvent | LinkEvent> {
  const { viewer, cohort, applicationId, existing } = facts;
  const opened = openInvitation(invitation, "accept", viewer.now);
  if (isRefused(opened)) return opened;
  const { joint, link } = opened.outcome;
  if (isSelf(viewer, joint.inviter.personId)) return { refusals: [ownInvitation] };
  if (existing && isDecided(existing)) return { refusals: [tooLateToJoin] };
  const next: Joint = {
    ...joint,
    state: "LINKED",
    invitee: { personId: viewer.person.id, applicationId },
    invited: null,
    dueAt: reminderOf(cohort, otherKind(joint.kind), viewer.now),
  };
  return {
    outcome: { joint: next, link },
    events: [...opened.events, jointEvent("JointAccepted", joint, next, joint.inviter)],
  };
}

/** Declines an invitation by whoever holds the link; signing in is not needed for it. */
export function declineInvitation(
  invitation: Invitation,
  now: Instant,
): Decision<AnsweredJoint, AnswerCode, JointEvent | LinkEvent> {
  const opened = openInvitation(invitation, "decline", now);
  if (isRefused(opened)) return opened;
  const { joint, link } = opened.outcome;
  const next = ended(joint, "DECLINED");
  return {
    outcome: { joint: next, link },
    events: [...opened.events, jointEvent("JointDeclined", joint, next, joint.inviter)],
  };
}

/** Opens the link of an invitation. Where that is not wanted any more it is like a link that is none. */
function openInvitation(
  { joint, link, isHeld, application }: Invitation,
  action: "accept" | "decline",
  now: Instant,
): Decision<AnsweredJoint, AnswerCode, LinkEvent> {
  const opened = openLink(link, { purpose: "JOINT", isHeld }, now);
  if (isRefused(opened)) return opened;
  if (joint?.linkId !== opened.outcome.id || JOINT_TRANSITIONS[joint.state][action] === undefined) {
    return { refusals: [linkUnknown] };
  }
  // Whatever became of the inviting application is not told.
  if (action === "accept" && (!application || isDecided(application) || application.state === "WITHDRAWN")) {
    return { refusals: [linkUnknown] };
  }
  return { outcome: { joint, link: opened.outcome }, events: opened.events };
}

/** Ends a joint application: the inviter takes the invitation back, or either side its part. Both applications stay. */
export function unlink(
  joint: Joint,
  { link, now, applicationId }: { link: Link<JointFacts> | undefined; now: Instant; applicationId: string },
): Decision<{ joint: Joint; link?: Link<JointFacts> }, "WRONG_STATE", JointEvent | LinkEvent> {
  if (joint.state === "INVITED") {
    const next = ended(joint, "CANCELLED");
    const revoked = link && link.revokedAt === null ? revokeLink(link, now) : { outcome: link, events: [] };
    return {
      outcome: { joint: next, link: revoked.outcome },
      events: [...revoked.events, jointEvent("JointCancelled", joint, next, null)],
    };
  }
  if (joint.state !== "LINKED") return { refusals: [refusal("WRONG_STATE", "This joint application is over.")] };
  const next = ended(joint, "UNLINKED");
  const other = partnerOf(joint, applicationId);
  const isTold = other !== null && wasTold(joint, other);
  return { outcome: { joint: next }, events: [jointEvent("JointUnlinked", joint, next, isTold ? null : other)] };
}

/**
 * Notes that one side withdraws, and tells the other once. Not after a decision: who withdraws then was not declined, and that is
 * for nobody else. The joint application stays, so that it stands again when the side is taken up again.
 */
export function noteWithdrawal(
  joint: Joint,
  application: Application,
): { outcome: Joint; events: readonly JointEvent[] } {
  const other = partnerOf(joint, application.id);
  if (joint.state !== "LINKED" || !other || !isUndecided(application) || wasTold(joint, other)) {
    return { outcome: joint, events: [] };
  }
  const next: Joint = { ...joint, toldOfWithdrawal: [...(joint.toldOfWithdrawal ?? []), other.personId] };
  return { outcome: next, events: [jointEvent("JointPartnerWithdrew", joint, next, other)] };
}

function wasTold({ toldOfWithdrawal = [] }: Joint, { personId }: JointSide): boolean {
  return toldOfWithdrawal.includes(personId);
}

/**
 * Does what is due: an invitation that nobody answered lapses; whoever agreed to apply together and has not submitted yet is
 * reminded once before the window closes.
 */
export function lookAfter(
  joint: Joint,
  { partner, now }: { partner: Application | undefined; now: Instant },
): { outcome: Joint; events: readonly JointEvent[] } {
  if (joint.dueAt === null || now < joint.dueAt) return { outcome: joint, events: [] };
  if (joint.state === "INVITED") {
    const next = ended(joint, "LAPSED");
    return { outcome: next, events: [jointEvent("JointLapsed", joint, next, null)] };
  }
  const next: Joint = { ...joint, dueAt: null };
  const isToApply = joint.state === "LINKED" && hasNotApplied(partner);
  return { outcome: next, events: isToApply ? [jointEvent("JointReminderDue", joint, next, joint.invitee)] : [] };
}

/** Whether the application is not there, or still a draft. */
export function hasNotApplied(application: Application | undefined): boolean {
  return application === undefined || application.state === "DRAFT";
}

/** The other side of a joint application; null where it is not known yet. */
export function partnerOf(joint: Joint, applicationId: string): JointSide | null {
  return joint.inviter.applicationId === applicationId ? joint.invitee : joint.inviter;
}

/**
 * What is said of the other side. Whoever sees the other application reads of every withdrawal; the applicant of those before a
 * decision alone, because who withdraws later was not declined.
 */
export function partnerState(
  joint: Joint,
  partner: Application | undefined,
  { isOwner }: { isOwner: boolean },
): "INVITED" | "LINKED" | "WITHDREW" {
  if (joint.state === "INVITED") return "INVITED";
  if (partner?.state !== "WITHDRAWN") return "LINKED";
  const reader = partnerOf(joint, partner.id);
  return !isOwner || (reader !== null && wasTold(joint, reader)) ? "WITHDREW" : "LINKED";
}

/** When the invited side is reminded to apply; null when that is over. */
function reminderOf(cohort: Cohort, kind: ApplicationKind, now: Instant): Instant | null {
  const { zone, policy } = cohort;
  const { closes, closesAt } = windowOf(cohort, kind);
  const day = addDays(dateOf(closesAt, zone), -policy.joint.reminderDays);
  const at = instantAt(day, closes.slice(11), zone);
  return at > now ? at : null;
}

/** Whether nothing is decided on the application, and it has not come to an end. */
export function isUndecided({ state }: Application): boolean {
  return state === "DRAFT" || state === "SUBMITTED" || state === "COMPLETE" || state === "UNDER_REVIEW";
}

/** Whether nothing can be joined any more; one that was withdrawn or has expired may be taken up again. */
function isDecided(application: Application): boolean {
  return !isUndecided(application) && TRANSITIONS[application.state].reopen === undefined;
}

/** The joint application when it is over; whom it was to go to is forgotten. */
function ended(joint: Joint, state: JointState): Joint {
  return { ...joint, state, invited: null, dueAt: null };
}

const about = ({ inviter }: Joint) => ({ kind: "Application", id: inviter.applicationId }) as const;

function toldTo({ id, cohortId }: Joint, to: JointSide | null): JointTold {
  return { jointId: id, cohortId, toPersonId: to?.personId ?? null };
}

function jointEvent(
  type: Exclude<JointEvent["type"], "JointInvited">,
  before: Joint,
  next: Joint,
  to: JointSide | null,
): JointEvent {
  const facts = toldTo(next, to);
  return { type, about: about(next), facts, before: { joint: before.state }, after: { joint: next.state } };
}

/** The refusal of a second joint application beside the first. */
export const alreadyLinked = refusal(
  "ALREADY_LINKED",
  "This application is in a joint one already: please end that first.",
  "applicationId",
);

/** The refusal of an invitation whose holder applies together with somebody already. */
export const inviteeLinked = refusal("ALREADY_LINKED", "You apply together with somebody else already.", "token");

const tooLateToJoin = refusal("WRONG_STATE", "It is too late to apply together: the application is over or decided.");

const emailOwn = refusal("EMAIL_OWN", "This is your own address: please give that of the other person.", "email");

const ownInvitation = refusal(
  "OWN_APPLICATION",
  "This invitation is your own: the person you invited has to accept it.",
  "token",
);

/** Who somebody applies together with, once both have confirmed it. */
export type JointPartners = ReadonlyMap<string, JointSide>;

/** The partners by application of joint applications that both sides have confirmed. */
export function partnersIn(joints: readonly Joint[]): JointPartners {
  return new Map(
    joints.flatMap(({ state, inviter, invitee }) =>
      state === "LINKED" && invitee
        ? [[inviter.applicationId, invitee] as const, [invitee.applicationId, inviter] as const]
        : [],
    ),
  );
}

/** The name by which a side is called to others. */
export const nameOf = (person: Person | undefined): string => person?.name ?? "";
