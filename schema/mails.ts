import { applicationMails, applicationTemplates, type ApplicationFacts } from "./application/application.mail.ts";
import { applicationFrom, applicationKey } from "./application/application.table.ts";
import { certificateMails, certificateTemplates, type CertificateFacts } from "./certificate/certificate.mail.ts";
import { certificateFrom, certificateKey } from "./certificate/certificate.table.ts";
import { cohortFrom, cohortKey } from "./cohort/cohort.table.ts";
import { decisionMails, decisionTemplates } from "./decision/decision.mail.ts";
import type { ProgramEvent } from "./events.ts";
import { queueMessage, type Message } from "./message/message.ts";
import { personMails, personTemplates, type PersonFacts } from "./person/person.mail.ts";
import { personFrom, personKey } from "./person/person.table.ts";
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
import type { MailsOf, Outsider, Template } from "./shared/mail.ts";
import type { Table } from "./shared/table.ts";
import type { Instant } from "./shared/time.ts";

/** A template together with what it needs to know, as it is now. */
export type Ready = Pick<Template<void>, "write" | "whenUnknown"> & {
  obsolete: string | null;
  carries: string | null;
  outsider: Outsider | null;
};

/** The mails of one feature. */
interface MailGroup {
  mailsOf: (event: ProgramEvent) => ReturnType<MailsOf<Happening>>;
  templates: Record<string, Pick<Template<never>, "whenUnknown">>;
  /** Binds one of its templates to the current state of what the message is about; null when that is not there any more. */
  ready(table: Table, message: Message, now: Instant): Promise<Ready | null>;
}

/** A feature's mails, with how they learn what they tell: at most four requests. */
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
  mailGroup(decisionMails, decisionTemplates, loadApplicationFacts),
  mailGroup(reviewMails, reviewTemplates, loadReviewerFacts),
  mailGroup(conflictMails, conflictTemplates, loadConflictFacts),
  mailGroup(certificateMails, certificateTemplates, loadCertificateFacts),
  mailGroup(personMails, personTemplates, loadPersonFacts),
];

/** Names of all mails of the program. */
export const TEMPLATE_NAMES: readonly string[] = GROUPS.flatMap(({ templates }) => Object.keys(templates));

/** The messages an event brings. Their ids come from event, template and recipient: made twice they are the same. */
export function messagesOf(event: Recorded<ProgramEvent>, now: Instant): Message[] {
  return GROUPS.flatMap(({ mailsOf }) => mailsOf(event)).map((wish) => {
    const recipient = wish.personId === null ? wish.outsider : wish.personId.replace("per_", "");
    const id = `msg_${event.id.replace("evt_", "")}-${wish.template}-${recipient}`;
    const { template, personId } = wish;
    return queueMessage({ id, template, personId, about: event.about, facts: { ...event.facts } }, now);
  });
}

/** What happens to a mail of this template when nobody can tell whether it went out. */
export function whenUnknown(template: string): "resend" | "hold" {
  return groupOf(template)?.templates[template]?.whenUnknown ?? "hold";
}

/** Binds a message's template to the current state of what it is about; null when the template or the record is unknown. */
export async function readyFor(table: Table, message: Message, now: Instant): Promise<Ready | null> {
  return (await groupOf(message.template)?.ready(table, message, now)) ?? null;
}

function groupOf(template: string): MailGroup | undefined {
  return GROUPS.find(({ templates }) => Object.hasOwn(templates, template));
}

function bind<Facts>(template: Template<Facts>, facts: Facts): Ready {
  return {
    whenUnknown: template.whenUnknown,
    obsolete: template.obsolete(facts),
    carries: template.carries?.(facts) ?? null,
    outsider: template.outsider?.(facts) ?? null,
    write: (_, frame) => template.write(facts, frame),
  };
}

async function loadApplicationFacts(table: Table, { about }: Message): Promise<ApplicationFacts | null> {
  const application = applicationFrom(await table.get(applicationKey(about.id)));
  const cohort = application && cohortFrom(await table.get(cohortKey(application.cohortId)));
  return application && cohort ? { application, cohort } : null;
}

async function loadReviewerFacts(table: Table, { about }: Message, now: Instant): Promise<ReviewerFacts | null> {
  const person = personFrom(await table.get(personKey(about.id)));
  return person ? { person, work: await loadWork(table, person), now } : null;
}

async function loadConflictFacts(table: Table, message: Message, now: Instant): Promise<ConflictFacts | null> {
  const { applicationId } = message.facts as { applicationId: string };
  const known = await loadApplicationFacts(table, { ...message, about: { kind: "Application", id: applicationId } });
  const recipient = message.personId === null ? undefined : personFrom(await table.get(personKey(message.personId)));
  return known && recipient ? { ...known, recipient, now } : null;
}

async function loadCertificateFacts(table: Table, { about, facts }: Message): Promise<CertificateFacts | null> {
  const certificate = certificateFrom(await table.get(certificateKey(about.id)));
  const cohort = certificate && cohortFrom(await table.get(cohortKey(certificate.cohortId)));
  return certificate && cohort ? { certificate, cohort, facts } : null;
}

async function loadPersonFacts(table: Table, { about, facts }: Message): Promise<PersonFacts | null> {
  const person = personFrom(await table.get(personKey(about.id)));
  return person ? { person, facts } : null;
}
