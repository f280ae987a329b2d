import { applicationMails, applicationTemplates, type ApplicationFacts } from "./application/application.mail.ts";
import { eligibilityMails, eligibilityTemplates } from "./application/eligibility.mail.ts";
import { informationMails, informationTemplates, type InformationFacts } from "./application/information.mail.ts";
import { applicationFrom, applicationKey } from "./application/application.table.ts";
import { certificateMails, certificateTemplates, type CertificateFacts } from "./certificate/certificate.mail.ts";
import { certificateFrom, certificateKey } from "./certificate/certificate.table.ts";
import { cohortFrom, cohortKey } from "./cohort/cohort.table.ts";
import { decisionMails, decisionTemplates, type DecisionFacts } from "./decision/decision.mail.ts";
import type { ProgramEvent } from "./events.ts";
import { jointMails, jointTemplates, type JointMailFacts } from "./joint/joint.mail.ts";
import { jointFrom, jointKey } from "./joint/joint.table.ts";
import { correctionTemplates, messageMails, type CorrectionMailFacts } from "./message/message.mail.ts";
import { messageFrom, messageKey } from "./message/message.table.ts";
import { mayHaveArrived, messageId, queueMessage, type Message } from "./message/message.ts";
import { mentorFrom, mentorKey } from "./mentor/mentor.table.ts";
import { nominationMails, nominationTemplates, type NominationMailFacts } from "./nomination/nomination.mail.ts";
import { loadAsked } from "./nomination/nomination.table.ts";
import { areLettersClosed } from "./nomination/nomination.ts";
import { offerMails, offerTemplates, type OfferFacts } from "./offer/offer.mail.ts";
import { offerFrom, offerKey } from "./offer/offer.table.ts";
import { personMails, personTemplates, type PersonFacts } from "./person/person.mail.ts";
import { loadPerson, personFrom, personKey } from "./person/person.table.ts";
import {
  conflictMails,
  conflictTemplates,
  reviewMails,
  reviewTemplates,
  type ConflictFacts,
  type ReviewerFacts,
} from "./review/review.mail.ts";
import { loadWork } from "./review/review.table.ts";
import type { Happening } from "./shared/decision.ts";
import type { Recorded } from "./shared/event.ts";
import {
  bodyOf,
  compose,
  MAIL_CLASSES,
  reworded,
  type Composed,
  type Frame,
  type MailClass,
  type MailsOf,
  type Outsider,
  type Template,
} from "./shared/mail.ts";
import type { Table } from "./shared/table.ts";
import { teamMails, teamTemplates, type TeamMailFacts } from "./team/team.mail.ts";
import { teamFrom, teamKey } from "./team/team.table.ts";
import type { Instant } from "./shared/time.ts";

/** A template together with what it needs to know, as it is now. */
export type Ready = Pick<Template<void>, "write" | "whenUnknown"> & {
  obsolete: string | null;
  carries: string | null;
  outsider: Outsider | null;
  toAddress: string | null;
};

/** A template failed on what it was given. Trying again would not help, and says nothing about other mails. */
export class Unwritable extends Error {}

/** The mails of one feature. */
interface MailGroup {
  mailsOf: (event: ProgramEvent) => ReturnType<MailsOf<Happening>>;
  templates: Record<string, Pick<Template<never>, "whenUnknown" | "mailClass">>;
  /** Binds one of its templates to the current state of what the message is about; null when that is not there any more. */
  ready(table: Table, message: Message, now: Instant): Promise<Ready | null>;
}

/** A feature's mails, with how they learn what they tell: at most four requests, more for records that were merged. */
function mailGroup<Event extends Happening, Facts>(
  mailsOf: MailsOf<Event>,
  templates: Record<string, Template<Facts>>,
  load: (table: Table, message: Message, now: Instant) => Promise<Facts | null>,
): MailGroup {
  return {
    // Each knows its own events and answers none for all others.
    mailsOf: (event) => mailsOf(event as Happening as Event),
    templates,
    async ready(table, message, now) {
      const template = templates[message.template];
      const facts = template ? await load(table, message, now) : null;
      return template && facts ? bind(template, facts) : null;
    },
  };
}

const GROUPS: readonly MailGroup[] = [
  mailGroup(applicationMails, applicationTemplates, loadApplicationFacts),
  mailGroup(informationMails, informationTemplates, loadInformationFacts),
  mailGroup(eligibilityMails, eligibilityTemplates, loadApplicationFacts),
  mailGroup(reviewMails, reviewTemplates, loadReviewerFacts),
  mailGroup(conflictMails, conflictTemplates, loadConflictFacts),
  mailGroup(decisionMails, decisionTemplates, loadDecisionFacts),
  mailGroup(offerMails, offerTemplates, loadOfferFacts),
  mailGroup(jointMails, jointTemplates, loadJointFacts),
  mailGroup(certificateMails, certificateTemplates, loadCertificateFacts),
  mailGroup(nominationMails, nominationTemplates, loadNominationFacts),
  mailGroup(personMails, personTemplates, loadPersonFacts),
  mailGroup(teamMails, teamTemplates, loadTeamFacts),
  mailGroup(messageMails, correctionTemplates, loadCorrectionFacts),
];

/** Names of all mails of the program. */
export const TEMPLATE_NAMES: readonly string[] = GROUPS.flatMap(({ templates }) => Object.keys(templates));

/** The messages an event brings. Their ids come from event, template and recipient: made twice they are the same. */
export function messagesOf(event: Recorded<ProgramEvent>, now: Instant): Message[] {
  return GROUPS.flatMap(({ mailsOf }) => mailsOf(event)).map((wish) => {
    const id = messageId(event.id, wish.template, wish.personId ?? wish.outsider);
    const { template, personId, about = event.about } = wish;
    const outsider = wish.personId === null ? { outsider: wish.outsider } : {};
    return queueMessage({ id, template, personId, ...outsider, about, facts: { ...event.facts } }, now);
  });
}

/** What happens to a mail of this template when nobody can tell whether it went out. */
export function whenUnknown(template: string): "resend" | "hold" {
  return groupOf(template)?.templates[template]?.whenUnknown ?? "hold";
}

/** How mails of this template are treated. */
export function classOf(template: string): (typeof MAIL_CLASSES)[MailClass] {
  return MAIL_CLASSES[classNameOf(template)];
}

/** The class of a template by name. */
export function classNameOf(template: string): MailClass {
  return groupOf(template)?.templates[template]?.mailClass ?? "REQUIRED";
}

/** A mail as it would be sent: the template's words on what is known now, or those that staff gave it. */
export function writeMail(ready: Ready, { edited }: Message, frame: Frame): Composed & { body: string } {
  return orUnwritable(() => {
    const letter = ready.write(undefined, frame);
    const worded = edited ? reworded(letter, edited) : letter;
    return { ...compose(worded, frame), body: bodyOf(worded) };
  });
}

function orUnwritable<Answer>(work: () => Answer): Answer {
  try {
    return work();
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw new Unwritable(`The mail could not be written: ${what}`, { cause: error });
  }
}

/** Binds a message's template to the current state of what it is about; null when the template or the record is unknown. */
export async function readyFor(table: Table, message: Message, now: Instant): Promise<Ready | null> {
  return (await groupOf(message.template)?.ready(table, message, now)) ?? null;
}

function groupOf(template: string): MailGroup | undefined {
  return GROUPS.find(({ templates }) => Object.hasOwn(templates, template));
}

function bind<Facts>(template: Template<Facts>, facts: Facts): Ready {
  return orUnwritable(() => ({
    whenUnknown: template.whenUnknown,
    obsolete: template.obsolete(facts),
    carries: template.carries?.(facts) ?? null,
    outsider: template.outsider?.(facts) ?? null,
    toAddress: template.toAddress?.(facts) ?? null,
    write: (_, frame) => template.write(facts, frame),
  }));
}

async function loadApplicationFacts(table: Table, { about }: Message, now: Instant): Promise<ApplicationFacts | null> {
  const application = applicationFrom(await table.get(applicationKey(about.id)));
  if (!application) return null;
  const keys = [cohortKey(application.cohortId), personKey(application.enteredBy ?? "nobody")];
  const [cohort, entering] = await table.getMany(keys);
  return cohort
    ? { application, cohort: cohortFrom(cohort)!, now, enteredByName: personFrom(entering)?.name ?? null }
    : null;
}

async function loadInformationFacts(table: Table, message: Message, now: Instant): Promise<InformationFacts | null> {
  const known = await loadApplicationFacts(table, message, now);
  const recipient = message.personId === null ? undefined : await loadPerson(table, message.personId);
  return known && { ...known, recipient: recipient ?? null };
}

async function loadDecisionFacts(table: Table, { about }: Message): Promise<DecisionFacts | null> {
  const application = applicationFrom(await table.get(applicationKey(about.id)));
  if (!application) return null;
  const [cohort, offer] = await table.getMany([cohortKey(application.cohortId), offerKey(application.id)]);
  return cohort ? { application, cohort: cohortFrom(cohort)!, offer: offerFrom(offer) } : null;
}

async function loadOfferFacts(table: Table, message: Message): Promise<OfferFacts | null> {
  const facts = await loadDecisionFacts(table, message);
  return facts?.offer ? { ...facts, offer: facts.offer } : null;
}

async function loadJointFacts(table: Table, { facts }: Message): Promise<JointMailFacts | null> {
  const joint = jointFrom(await table.get(jointKey(String(facts["jointId"]))));
  if (!joint) return null;
  const { cohortId, inviter, invitee } = joint;
  const keys = [cohortKey(cohortId), personKey(inviter.personId), applicationKey(inviter.applicationId)];
  const ofInvitee = invitee ? [personKey(invitee.personId), applicationKey(invitee.applicationId)] : [];
  const [cohort, first, inviting, second, partner] = await table.getMany([...keys, ...ofInvitee]);
  if (!cohort) return null;
  return {
    joint,
    cohort: cohortFrom(cohort)!,
    inviter: personFrom(first),
    invitee: personFrom(second),
    partner: applicationFrom(partner),
    inviting: applicationFrom(inviting),
    facts,
  };
}

async function loadReviewerFacts(table: Table, { about }: Message, now: Instant): Promise<ReviewerFacts | null> {
  const person = personFrom(await table.get(personKey(about.id)));
  return person ? { person, work: await loadWork(table, person), now } : null;
}

async function loadConflictFacts(table: Table, message: Message, now: Instant): Promise<ConflictFacts | null> {
  const { applicationId } = message.facts as { applicationId: string };
  const known = await loadApplicationFacts(
    table,
    { ...message, about: { kind: "Application", id: applicationId } },
    now,
  );
  const recipient = message.personId === null ? undefined : personFrom(await table.get(personKey(message.personId)));
  return known && recipient ? { ...known, recipient, now } : null;
}

async function loadCertificateFacts(table: Table, { about, facts }: Message): Promise<CertificateFacts | null> {
  const certificate = certificateFrom(await table.get(certificateKey(about.id)));
  const cohort = certificate && cohortFrom(await table.get(cohortKey(certificate.cohortId)));
  return certificate && cohort ? { certificate, cohort, facts } : null;
}

async function loadNominationFacts(
  table: Table,
  { about, facts }: Message,
  now: Instant,
): Promise<NominationMailFacts | null> {
  const asked = await loadAsked(table, about.id);
  if (!asked) return null;
  const { nomination, application = null, cohort } = asked;
  const person = nomination.personId === null ? undefined : await loadPerson(table, nomination.personId);
  const candidateName = person?.name ?? nomination.nominee?.name ?? "";
  return { nomination, application, cohort, candidateName, isOver: areLettersClosed(cohort, application, now), facts };
}

async function loadPersonFacts(table: Table, { about, facts }: Message): Promise<PersonFacts | null> {
  const person = personFrom(await table.get(personKey(about.id)));
  return person ? { person, facts } : null;
}

/** One request for what it is about, and one for each person it names. */
async function loadTeamFacts(table: Table, { about, facts, personId }: Message): Promise<TeamMailFacts | null> {
  const {
    cohortId = "",
    teamIds = [],
    earlierMessageIds = [],
  } = facts as Partial<Record<"teamIds" | "earlierMessageIds", readonly string[]> & { cohortId: string }>;
  const [cohort, mentor, ...items] = await table.getMany([
    cohortKey(cohortId),
    mentorKey(cohortId, about.id),
    ...teamIds.map(teamKey),
    ...earlierMessageIds.map(messageKey),
  ]);
  if (!cohort) return null;
  const teams = items.slice(0, teamIds.length).flatMap((item) => teamFrom(item) ?? []);
  const earlier = items.slice(teamIds.length).flatMap((item) => messageFrom(item) ?? []);
  const ids = new Set([personId ?? "", ...teams.flatMap((team) => [team.candidatePersonId, team.mentorPersonId])]);
  const people = new Map(await Promise.all([...ids].map(async (id) => [id, await loadPerson(table, id)] as const)));
  const recipient = people.get(personId ?? "");
  if (!recipient) return null;
  return {
    cohort: cohortFrom(cohort)!,
    recipient,
    mentor: mentorFrom(mentor),
    teams: teams.map((team) => {
      return { team, candidate: people.get(team.candidatePersonId), mentor: people.get(team.mentorPersonId) };
    }),
    wasTold: earlier.some((message) => message.personId === personId && mayHaveArrived(message)),
  };
}

async function loadCorrectionFacts(table: Table, { about }: Message): Promise<CorrectionMailFacts | null> {
  const original = messageFrom(await table.get(messageKey(about.id)));
  return original?.correction ? { original, text: original.correction.text } : null;
}
