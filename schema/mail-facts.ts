import type { ApplicationFacts } from "./application/application.mail.ts";
import type { InformationFacts } from "./application/information.mail.ts";
import { applicationFrom, applicationKey } from "./application/application.table.ts";
import type { CertificateFacts } from "./certificate/certificate.mail.ts";
import { certificateFrom, certificateKey } from "./certificate/certificate.table.ts";
import { cohortFrom, cohortKey } from "./cohort/cohort.table.ts";
import type { DecisionFacts } from "./decision/decision.mail.ts";
import type { JointMailFacts } from "./joint/joint.mail.ts";
import { jointFrom, jointKey } from "./joint/joint.table.ts";
import type { CorrectionMailFacts } from "./message/message.mail.ts";
import { messageFrom, messageKey } from "./message/message.table.ts";
import { mayHaveArrived, type Message } from "./message/message.ts";
import { mentorFrom, mentorKey } from "./mentor/mentor.table.ts";
import type { NominationMailFacts } from "./nomination/nomination.mail.ts";
import { loadAsked } from "./nomination/nomination.table.ts";
import { areLettersClosed } from "./nomination/nomination.ts";
import type { OfferFacts } from "./offer/offer.mail.ts";
import { offerFrom, offerKey } from "./offer/offer.table.ts";
import type { PersonFacts } from "./person/person.mail.ts";
import { loadPerson, personFrom, personKey } from "./person/person.table.ts";
import type { ConflictFacts, ReviewerFacts } from "./review/review.mail.ts";
import { loadWork } from "./review/review.table.ts";
import type { Table } from "./shared/table.ts";
import type { TeamMailFacts } from "./team/team.mail.ts";
import { teamFrom, teamKey } from "./team/team.table.ts";
import type { Instant } from "./shared/time.ts";

// What each kind of mail tells, read as it is in the moment in which the mail is written.

/** An application with its cohort, and who entered it for the applicant. Two requests. */
export async function loadApplicationFacts(
  table: Table,
  { about }: Message,
  now: Instant,
): Promise<ApplicationFacts | null> {
  const application = applicationFrom(await table.get(applicationKey(about.id)));
  if (!application) return null;
  const keys = [cohortKey(application.cohortId), personKey(application.enteredBy ?? "nobody")];
  const [cohort, entering] = await table.getMany(keys);
  return cohort
    ? { application, cohort: cohortFrom(cohort)!, now, enteredByName: personFrom(entering)?.name ?? null }
    : null;
}

/** An application with who is asked, or told, about what is missing in it. */
export async function loadInformationFacts(
  table: Table,
  message: Message,
  now: Instant,
): Promise<InformationFacts | null> {
  const known = await loadApplicationFacts(table, message, now);
  const recipient = message.personId === null ? undefined : await loadPerson(table, message.personId);
  return known && { ...known, recipient: recipient ?? null };
}

/** An application with its cohort and the place it was offered, if it was. Two requests. */
export async function loadDecisionFacts(table: Table, { about }: Message): Promise<DecisionFacts | null> {
  const application = applicationFrom(await table.get(applicationKey(about.id)));
  if (!application) return null;
  const [cohort, offer] = await table.getMany([cohortKey(application.cohortId), offerKey(application.id)]);
  return cohort ? { application, cohort: cohortFrom(cohort)!, offer: offerFrom(offer) } : null;
}

/** An application with the place it was offered; null where there is none. */
export async function loadOfferFacts(table: Table, message: Message): Promise<OfferFacts | null> {
  const facts = await loadDecisionFacts(table, message);
  return facts?.offer ? { ...facts, offer: facts.offer } : null;
}

/** A joint application with both sides. Two requests. */
export async function loadJointFacts(table: Table, { facts }: Message): Promise<JointMailFacts | null> {
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

/** A reviewer with everything they were ever assigned. */
export async function loadReviewerFacts(table: Table, { about }: Message, now: Instant): Promise<ReviewerFacts | null> {
  const person = personFrom(await table.get(personKey(about.id)));
  return person ? { person, work: await loadWork(table, person), now } : null;
}

/** An application with whoever assigned a reviewer who must not review it. */
export async function loadConflictFacts(table: Table, message: Message, now: Instant): Promise<ConflictFacts | null> {
  const { applicationId } = message.facts as { applicationId: string };
  const known = await loadApplicationFacts(
    table,
    { ...message, about: { kind: "Application", id: applicationId } },
    now,
  );
  const recipient = message.personId === null ? undefined : personFrom(await table.get(personKey(message.personId)));
  return known && recipient ? { ...known, recipient, now } : null;
}

/** A certificate with its cohort. Two requests. */
export async function loadCertificateFacts(table: Table, { about, facts }: Message): Promise<CertificateFacts | null> {
  const certificate = certificateFrom(await table.get(certificateKey(about.id)));
  const cohort = certificate && cohortFrom(await table.get(cohortKey(certificate.cohortId)));
  return certificate && cohort ? { certificate, cohort, facts } : null;
}

/** A request for a letter with its application and cohort. */
export async function loadNominationFacts(
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

/** The person whom the mail is about. */
export async function loadPersonFacts(table: Table, { about, facts }: Message): Promise<PersonFacts | null> {
  const person = personFrom(await table.get(personKey(about.id)));
  return person ? { person, facts } : null;
}

/** Teams with their people: one request for what it is about, and one for each person it names. */
export async function loadTeamFacts(table: Table, { about, facts, personId }: Message): Promise<TeamMailFacts | null> {
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

/** The mail that was wrong, and what staff wrote to put it right. */
export async function loadCorrectionFacts(table: Table, { about }: Message): Promise<CorrectionMailFacts | null> {
  const original = messageFrom(await table.get(messageKey(about.id)));
  return original?.correction ? { original, text: original.correction.text } : null;
}
