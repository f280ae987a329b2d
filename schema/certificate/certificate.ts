import { isRecusedFrom, ownApplication, type Application } from "../application/application.ts";
import type { Cohort } from "../cohort/cohort.ts";
import type { CredentialPolicy } from "../cohort/policy.ts";
import { isSelf, type Viewer } from "../person/person.ts";
import { isCommittee, isStaff } from "../person/role.ts";
import { refusal, type Decision, type Happening } from "../shared/decision.ts";
import {
  addDays,
  addYears,
  dateOf,
  daysBetween,
  instantAt,
  isLocalDate,
  type Instant,
  type LocalDate,
  type Zone,
} from "../shared/time.ts";

/** VALID through the last day; EXPIRED from the day after on. */
export const CERTIFICATE_STATUSES = ["VALID", "EXPIRED"] as const;

/** The next recertification-due mail of a certificate. */
export interface NextReminder {
  /** Days before expiry this step stands for. */
  daysBefore: number;
  at: Instant;
}

/** The proof of certification. */
export interface Certificate {
  /** The certificate's number, which is its key: `CTOM-2027-7F3K9Q`. Not in sequence, so that none can be guessed. */
  id: string;
  version: number;
  personId: string;
  applicationId: string;
  cohortId: string;
  /** The holder's name on the day of issue, or that it was removed. */
  holderName: string;
  issuedOn: LocalDate;
  /** The last day it is valid. */
  expiresOn: LocalDate;
  zone: Zone;
  /** The terms it was issued under. */
  policy: CredentialPolicy;
  /** Null when no reminder is left. */
  nextReminder: NextReminder | null;
}

/** What happens to certificates. */
export type CertificateEvent =
  | Happening<"CertificateIssued", { personId: string; applicationId: string; number: string }>
  | Happening<"CertificateHolderErased", object>
  | Happening<
      "RecertificationDue",
      { personId: string; applicationId: string; number: string; expiresOn: LocalDate; daysBefore: number }
    >;

/** Why a certificate cannot be issued. */
export type CertificateCode =
  | "NOT_ACCEPTED"
  | "NOT_A_CANDIDATE"
  | "ALREADY_ISSUED"
  | "OWN_APPLICATION"
  | "BAD_DATE"
  | "IN_THE_FUTURE"
  | "KEY_REUSED"
  | "BAD_KEY";

/** Whether the viewer may see the whole certificate; the public sees what verification tells. */
export function mayReadCertificate(viewer: Viewer | null, certificate: Certificate): boolean {
  if (isSelf(viewer, certificate.personId)) return true;
  if (isRecusedFrom(viewer, certificate.applicationId)) return false;
  return isStaff(viewer) || isCommittee(viewer, certificate.cohortId);
}

/** Whether the certificate is valid on that day in its own zone. */
export function statusOf(certificate: Certificate, now: Instant): (typeof CERTIFICATE_STATUSES)[number] {
  return dateOf(now, certificate.zone) <= certificate.expiresOn ? "VALID" : "EXPIRED";
}

/** Issues the certificate of an accepted candidate and notes its number on the application, so that there is one. */
export function issueCertificate(
  application: Application,
  facts: { cohort: Cohort; viewer: Viewer; holderName: string; number: string; issuedOn?: LocalDate | null },
): Decision<{ certificate: Certificate; application: Application }, CertificateCode, CertificateEvent> {
  const { cohort, viewer, holderName, number } = facts;
  if (isSelf(viewer, application.personId)) return { refusals: [ownApplication] };
  const today = dateOf(viewer.now, cohort.zone);
  const issuedOn = facts.issuedOn ?? today;
  if (application.kind !== "CANDIDATE") {
    return {
      refusals: [refusal("NOT_A_CANDIDATE", "Certificates are issued to candidates, not to mentors.", "applicationId")],
    };
  }
  if (application.state !== "ACCEPTED") {
    return { refusals: [refusal("NOT_ACCEPTED", "This application is not accepted.", "applicationId")] };
  }
  if (application.certificateNumber !== undefined) {
    const message = `The certificate ${application.certificateNumber} was issued already.`;
    return { refusals: [refusal("ALREADY_ISSUED", message, "applicationId")] };
  }
  if (!isLocalDate(issuedOn)) {
    return { refusals: [refusal("BAD_DATE", "This is not a date: please write it as 2027-11-19.", "issuedOn")] };
  }
  if (issuedOn > today) {
    return { refusals: [refusal("IN_THE_FUTURE", "A certificate cannot be issued on a day to come.", "issuedOn")] };
  }
  const terms = {
    expiresOn: addYears(issuedOn, cohort.credential.years),
    zone: cohort.zone,
    policy: cohort.credential,
  };
  const certificate: Certificate = {
    id: number,
    version: 0,
    personId: application.personId,
    applicationId: application.id,
    cohortId: cohort.id,
    holderName,
    issuedOn,
    ...terms,
    nextReminder: reminderFrom(terms, cohort.credential.reminderDays),
  };
  const event: CertificateEvent = {
    type: "CertificateIssued",
    about: { kind: "Certificate", id: number },
    facts: { personId: application.personId, applicationId: application.id, number },
    after: { holderName, issuedOn, expiresOn: certificate.expiresOn },
  };
  return { outcome: { certificate, application: { ...application, certificateNumber: number } }, events: [event] };
}

/**
 * Does what is due of a certificate's reminders: at most one mail, for the latest step that has been reached, however
 * many were missed. An earlier step would tell a wrong number of days, and two mails at once tell nothing more. The last
 * step stays of use after expiry while a renewal can still be filed; after the grace period nothing is sent.
 */
export function remind(certificate: Certificate, now: Instant): Decision<Certificate, never, CertificateEvent> {
  const { nextReminder, policy, expiresOn, zone } = certificate;
  if (nextReminder === null || now < nextReminder.at) return { outcome: certificate, events: [] };
  const daysLeft = daysBetween(dateOf(now, zone), expiresOn);
  const isReached = (daysBefore: number) =>
    instantAt(addDays(expiresOn, -daysBefore), policy.reminderTime, zone) <= now;
  const reached = policy.reminderDays.filter((days) => days <= nextReminder.daysBefore && isReached(days));
  const latest = Math.min(...reached);
  const next = {
    ...certificate,
    nextReminder: reminderFrom(
      certificate,
      policy.reminderDays.filter((days) => days < latest),
    ),
  };
  if (daysLeft < -policy.graceDays) return { outcome: next, events: [] };
  const event: CertificateEvent = {
    type: "RecertificationDue",
    about: { kind: "Certificate", id: certificate.id },
    facts: {
      personId: certificate.personId,
      applicationId: certificate.applicationId,
      number: certificate.id,
      expiresOn,
      daysBefore: latest,
    },
  };
  return { outcome: next, events: [event] };
}

/** The first of the steps, largest first; null when there is none. */
function reminderFrom(
  { expiresOn, policy, zone }: Pick<Certificate, "expiresOn" | "policy" | "zone">,
  days: readonly number[],
): NextReminder | null {
  if (days.length === 0) return null;
  const daysBefore = Math.max(...days);
  return { daysBefore, at: instantAt(addDays(expiresOn, -daysBefore), policy.reminderTime, zone) };
}

/** What verification shows in place of a name that was removed. */
export const NAME_REMOVED = "Name removed at the holder's request";

/** Takes the holder's name from a certificate, and its reminders. Whoever has the number still finds that it was issued. */
export function removeHolder(certificate: Certificate): { outcome: Certificate; events: CertificateEvent[] } {
  if (certificate.holderName === NAME_REMOVED && certificate.nextReminder === null) {
    return { outcome: certificate, events: [] };
  }
  const about = { kind: "Certificate", id: certificate.id } as const;
  return {
    outcome: { ...certificate, holderName: NAME_REMOVED, nextReminder: null },
    events: [{ type: "CertificateHolderErased", about, facts: {} }],
  };
}
