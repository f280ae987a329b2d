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
import type { Recorded } from "./shared/event.ts";
import type { Template } from "./shared/mail.ts";
import type { Table } from "./shared/table.ts";
import type { Instant } from "./shared/time.ts";

const APPLICATION_TEMPLATES: Record<string, Template<ApplicationFacts>> = {
  ...applicationTemplates,
  ...decisionTemplates,
};
const CERTIFICATE_TEMPLATES: Record<string, Template<CertificateFacts>> = certificateTemplates;
const PERSON_TEMPLATES: Record<string, Template<PersonFacts>> = personTemplates;

/** Names of all mails of the program. */
export const TEMPLATE_NAMES: readonly string[] = [
  ...Object.keys(APPLICATION_TEMPLATES),
  ...Object.keys(CERTIFICATE_TEMPLATES),
  ...Object.keys(PERSON_TEMPLATES),
];

/** The messages an event brings. Their ids come from event, template and recipient: made twice they are the same. */
export function messagesOf(event: Recorded<ProgramEvent>, now: Instant): Message[] {
  return wishesOf(event).map(({ template, personId }) => {
    const id = `msg_${event.id.replace("evt_", "")}-${template}-${personId.replace("per_", "")}`;
    return queueMessage({ id, template, personId, about: event.about, facts: { ...event.facts } }, now);
  });
}

function wishesOf(event: ProgramEvent): readonly { template: string; personId: string }[] {
  switch (event.type) {
    case "ApplicationSubmitted":
    case "ApplicationExpired":
      return applicationMails(event);
    case "DecisionReleased":
      return decisionMails(event);
    case "CertificateIssued":
    case "RecertificationDue":
      return certificateMails(event);
    case "EmailAdded":
    case "EmailConfirmed":
    case "EmailPreferred":
    case "PersonMerged":
    case "PersonMergedAway":
      return personMails(event);
    default:
      return [];
  }
}

/** What happens to a mail of this template when nobody can tell whether it went out. */
export function whenUnknown(template: string): "resend" | "hold" {
  const found = APPLICATION_TEMPLATES[template] ?? CERTIFICATE_TEMPLATES[template] ?? PERSON_TEMPLATES[template];
  return found?.whenUnknown ?? "hold";
}

/** A template together with what it needs to know, as it is now. */
export type Ready = Pick<Template<void>, "write"> & { obsolete: string | null; carries: string | null };

/**
 * Binds a message's template to the current state of what it is about; null when the template or the record is unknown.
 * At most two requests.
 */
export async function readyFor(table: Table, { template, about, facts }: Message): Promise<Ready | null> {
  const forApplication = APPLICATION_TEMPLATES[template];
  if (forApplication && about.kind === "Application") {
    const application = applicationFrom(await table.get(applicationKey(about.id)));
    const cohort = application && cohortFrom(await table.get(cohortKey(application.cohortId)));
    return application && cohort ? bind(forApplication, { application, cohort }) : null;
  }
  const forCertificate = CERTIFICATE_TEMPLATES[template];
  if (forCertificate && about.kind === "Certificate") {
    const certificate = certificateFrom(await table.get(certificateKey(about.id)));
    const cohort = certificate && cohortFrom(await table.get(cohortKey(certificate.cohortId)));
    return certificate && cohort ? bind(forCertificate, { certificate, cohort, facts }) : null;
  }
  const forPerson = PERSON_TEMPLATES[template];
  if (forPerson && about.kind === "Person") {
    const person = personFrom(await table.get(personKey(about.id)));
    return person ? bind(forPerson, { person, facts }) : null;
  }
  return null;
}

function bind<Facts>(template: Template<Facts>, facts: Facts): Ready {
  return {
    obsolete: template.obsolete(facts),
    carries: template.carries?.(facts) ?? null,
    write: (_, frame) => template.write(facts, frame),
  };
}
