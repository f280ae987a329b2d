import type { Cohort } from "../cohort/cohort.ts";
import { facts, link, paragraph, type MailsOf, type Template } from "../shared/mail.ts";
import { addDays, dateInWords, dateOf, daysBetween } from "../shared/time.ts";
import type { Certificate, CertificateEvent } from "./certificate.ts";

/** What mails about a certificate know, and what the event told. */
export interface CertificateFacts {
  certificate: Certificate;
  cohort: Cohort;
  facts: Record<string, unknown>;
}

/** The holder is told of the certificate, and of each step towards its expiry. */
export const certificateMails: MailsOf<CertificateEvent> = (event) => {
  switch (event.type) {
    case "CertificateIssued":
      return [{ template: "certificate-issued", personId: event.facts.personId }];
    case "RecertificationDue":
      return [{ template: "recertification-due", personId: event.facts.personId }];
    default:
      return [];
  }
};

/** The mails about certificates by name. */
export const certificateTemplates: Record<string, Template<CertificateFacts>> = {
  "certificate-issued": {
    whenUnknown: "hold",
    obsolete: () => null,
    write: ({ certificate, cohort }, { publicUrl }) => ({
      subject: `Your certificate ${certificate.id}`,
      blocks: [
        paragraph(`Congratulations! You have completed the program with the ${cohort.name} and are certified.`),
        facts(
          ["Certificate", certificate.id],
          ["Issued", dateInWords(certificate.issuedOn)],
          ["Valid through", dateInWords(certificate.expiresOn)],
        ),
        paragraph(
          "Anyone you give the number to can check it on our site. Before it expires we remind you to renew it.",
        ),
        link("Check the certificate", `${publicUrl}/certificates/${certificate.id}`),
      ],
    }),
  },
  "recertification-due": {
    whenUnknown: "resend",
    mailClass: "REMINDER",
    obsolete: ({ certificate, facts: told }) =>
      certificate.expiresOn === told["expiresOn"] ? null : "The certificate has been renewed.",
    write: ({ certificate }, { now, publicUrl }) => {
      const daysLeft = daysBetween(dateOf(now, certificate.zone), certificate.expiresOn);
      const lastDay = dateInWords(addDays(certificate.expiresOn, certificate.policy.graceDays));
      return {
        subject: subjectFor(daysLeft),
        blocks: [
          paragraph(
            `Your certificate ${certificate.id} ${daysLeft < 0 ? "was" : "is"} valid through ` +
              `${dateInWords(certificate.expiresOn)}. ${sentenceFor(daysLeft)}`,
          ),
          facts(
            ["Certificate", certificate.id],
            ["Valid through", dateInWords(certificate.expiresOn)],
            ["Renewal can be filed until", lastDay],
          ),
          link("See your certificate", `${publicUrl}/certificates/${certificate.id}`),
        ],
      };
    },
  },
};

function subjectFor(daysLeft: number): string {
  if (daysLeft < 0) return "Recertification due: your certificate has expired";
  if (daysLeft === 0) return "Recertification due: your certificate expires today";
  return `Recertification due in ${daysLeft} ${daysLeft === 1 ? "day" : "days"}`;
}

function sentenceFor(daysLeft: number): string {
  if (daysLeft < 0) return "You can still file your renewal, for hours earned through that day.";
  if (daysLeft === 0) return "Today is its last day: please file your renewal.";
  return "Please file your renewal by then, with the hours of continuing education you have earned.";
}
