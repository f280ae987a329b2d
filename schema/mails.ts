import { applicationMails, applicationTemplates } from "./application/application.mail.ts";
import { eligibilityMails, eligibilityTemplates } from "./application/eligibility.mail.ts";
import { informationMails, informationTemplates } from "./application/information.mail.ts";
import { certificateMails, certificateTemplates } from "./certificate/certificate.mail.ts";
import { decisionMails, decisionTemplates } from "./decision/decision.mail.ts";
import type { ProgramEvent } from "./events.ts";
import { jointMails, jointTemplates } from "./joint/joint.mail.ts";
import { correctionTemplates, messageMails } from "./message/message.mail.ts";
import { messageId, queueMessage, type Message } from "./message/message.ts";
import { nominationMails, nominationTemplates } from "./nomination/nomination.mail.ts";
import { offerMails, offerTemplates } from "./offer/offer.mail.ts";
import { personMails, personTemplates } from "./person/person.mail.ts";
import { conflictMails, conflictTemplates, reviewMails, reviewTemplates } from "./review/review.mail.ts";
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
import { teamMails, teamTemplates } from "./team/team.mail.ts";
import type { Instant } from "./shared/time.ts";
import {
  loadApplicationFacts,
  loadCertificateFacts,
  loadConflictFacts,
  loadCorrectionFacts,
  loadDecisionFacts,
  loadInformationFacts,
  loadJointFacts,
  loadNominationFacts,
  loadOfferFacts,
  loadPersonFacts,
  loadReviewerFacts,
  loadTeamFacts,
} from "./mail-facts.ts";

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
