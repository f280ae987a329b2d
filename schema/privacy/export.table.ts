import { applicationFrom } from "../application/application.table.ts";
import { isRecusedFrom, type Application } from "../application/application.ts";
import { openInformation } from "../application/information.ts";
import { certificateFrom } from "../certificate/certificate.table.ts";
import { statusOf } from "../certificate/certificate.ts";
import { decisionFrom, decisionKey } from "../decision/decision.table.ts";
import type { Told } from "../decision/decision.ts";
import { ballotFrom } from "../decision/motion.table.ts";
import { fileFrom } from "../file/file.table.ts";
import { jointFrom, jointIdFrom, jointKey } from "../joint/joint.table.ts";
import { feedbackIn } from "../review/reading.ts";
import { reviewFrom, reviewKey } from "../review/review.table.ts";
import { linkFrom } from "../link/link.table.ts";
import { messageFrom } from "../message/message.table.ts";
import { mayReadMessage } from "../message/message.ts";
import { offerFrom, offerKey } from "../offer/offer.table.ts";
import type { Offer } from "../offer/offer.ts";
import { isSelf, type Viewer } from "../person/person.ts";
import type { Actor } from "../shared/event.ts";
import type { Entity, Item } from "../shared/keys.ts";
import type { Table } from "../shared/table.ts";
import { teamFrom, teamsOfCandidate } from "../team/team.table.ts";
import type { Team } from "../team/team.ts";
import { readHistories, readOwned, subjectsOf } from "./trace.table.ts";

/** The form of the export. It grows when a section is changed or taken away; a section more leaves it as it is. */
const FORMAT = 1;

/** What the sections of an export are made from. */
interface Source {
  table: Table;
  viewer: Viewer;
  /** Everything that is listed as the viewer's. */
  owned: readonly Item[];
}

/** One section of the export. It tells of nobody but the viewer: who reviewed, decided or acted is not theirs to know. */
type Section = (source: Source) => unknown;

/** The sections of an export by name. */
const SECTIONS: Record<string, Section> = {
  person,
  addressesToConfirm,
  applications,
  jointApplications,
  reviews,
  files,
  votes,
  certificates,
  teams,
  messages,
  history,
};

/** Everything about the viewer, as JSON. */
export async function exportOf(table: Table, viewer: Viewer): Promise<string> {
  const source = { table, viewer, owned: await readOwned(table, viewer.person) };
  const sections = await Promise.all(
    Object.entries(SECTIONS).map(async ([name, section]) => [name, await section(source)] as const),
  );
  return JSON.stringify({ format: FORMAT, exportedAt: viewer.now, ...Object.fromEntries(sections) });
}

const of = ({ owned }: Source, entity: Entity) => owned.filter((item) => item.entity === entity);

function person({ viewer }: Source) {
  const { name, email, addresses, roles, isListed, joinedAt } = viewer.person;
  return { name, email, addresses, roles, isListed, joinedAt };
}

/** Addresses the viewer has asked to add, and not confirmed yet. */
function addressesToConfirm(source: Source) {
  return of(source, "LINK").flatMap((item) => {
    const { to, issuedAt, expiresAt, uses } = linkFrom(item)!;
    return uses === 0 ? [{ email: to, askedAt: issuedAt, expiresAt }] : [];
  });
}

/** The viewer's files by name; their content is downloaded one by one. Letters about the viewer are not theirs to know. */
function files(source: Source) {
  return of(source, "FILE").flatMap((item) => {
    const { purpose, state, name, contentType, bytes, createdAt } = fileFrom(item)!;
    return purpose === "LETTER" ? [] : [{ purpose, state, name, contentType, bytes, createdAt }];
  });
}

/** Applications with what was told about them. Why it was decided so, and how the committee voted, is not the viewer's. */
async function applications(source: Source) {
  const found = of(source, "APPLICATION").map((item) => applicationFrom(item)!);
  const items = await source.table.getMany(found.flatMap(({ id }) => [decisionKey(id), offerKey(id)]));
  return Promise.all(
    found.map(async (application, index) => {
      const told = decisionFrom(items[2 * index])?.told ?? null;
      const feedback = told ? await feedbackOn(source.table, application) : [];
      return applicationOf(application, { told, offered: offerFrom(items[2 * index + 1]) ?? null, feedback });
    }),
  );
}

/** What reviewers wrote for the applicant. Who they are, and what else they wrote, is not the applicant's. */
async function feedbackOn(table: Table, { id, reviewers = [] }: Application): Promise<string[]> {
  if (reviewers.length === 0) return [];
  const items = await table.getMany(reviewers.map(({ personId }) => reviewKey(id, personId)));
  return feedbackIn(items.flatMap((item) => reviewFrom(item) ?? []));
}

/** The viewer's own reviews: what they wrote, and of which application, by its number. */
function reviews(source: Source) {
  return of(source, "REVIEW").flatMap((item) => {
    const review = reviewFrom(item)!;
    if (review.state === "ENDED" || isRecusedFrom(source.viewer, review.applicationId)) return [];
    const { number, state, assignedAt, dueAt, submittedAt, marks, recommendation, comments } = review;
    return [{ number, state, assignedAt, dueAt, submittedAt, marks, recommendation, comments }];
  });
}

function applicationOf(
  application: Application,
  { told, offered, feedback }: { told: Told | null; offered: Offer | null; feedback: readonly string[] },
) {
  const { number, kind, state, startedAt, draft, letters, ineligibleFor = null } = application;
  const asked = openInformation(application);
  const information = asked && {
    parts: asked.parts,
    questionIds: asked.questionIds,
    message: asked.message,
    dueOn: asked.dueOn,
  };
  const submission = "submission" in application ? application.submission : null;
  const decision = told && { outcome: told.outcome, rank: told.rank, toldAt: told.at };
  // Whom the viewer has named is theirs to know, and that a letter came; who came by themselves and what was written is not.
  const nominations = letters.map(({ state: letter, origin, nominator }) => {
    return { state: letter, nominator: origin === "REQUESTED" ? nominator : null };
  });
  return {
    number,
    kind,
    state,
    startedAt,
    draft,
    submission,
    ineligibleFor,
    information,
    decision,
    offer: offered && offerOf(offered),
    nominations,
    feedback,
  };
}

function offerOf({ state, offeredAt, answerBy, answeredAt, conditions, acknowledged, reason, deferral }: Offer) {
  return { state, offeredAt, answerBy, answeredAt, conditions, acknowledged, reason, deferral };
}

/** With which of the viewer's applications they apply together. Whom they invited is theirs while it waits for an answer. */
async function jointApplications(source: Source) {
  const sides = of(source, "JOINT_SIDE");
  const joints = await source.table.getMany(sides.map((item) => jointKey(jointIdFrom(item)!)));
  return joints.flatMap((item) => {
    const joint = jointFrom(item);
    if (!joint) return [];
    const { state, invitedAt, inviter, invited } = joint;
    return [{ state, invitedAt, byYou: isSelf(source.viewer, inviter.personId), invited }];
  });
}

/** How the viewer has voted as a member of a committee, and what they said; not on whom. */
function votes(source: Source) {
  return of(source, "BALLOT").map((item) => {
    const { choice, comment, castAt } = ballotFrom(item)!;
    return { choice, comment, castAt };
  });
}

function certificates(source: Source) {
  return of(source, "CERTIFICATE").map((item) => {
    const certificate = certificateFrom(item)!;
    const { id, holderName, issuedOn, expiresOn, zone } = certificate;
    return { number: id, holderName, issuedOn, expiresOn, zone, status: statusOf(certificate, source.viewer.now) };
  });
}

/** The viewer's teams, as a mentor and as a candidate once announced. With whom is not the viewer's to take along. */
async function teams(source: Source) {
  const candidacies = of(source, "APPLICATION")
    .map((item) => applicationFrom(item)!)
    .filter(({ kind }) => kind === "CANDIDATE");
  const asCandidate = await Promise.all(candidacies.map(({ id }) => teamsOfCandidate(source.table, id)));
  const shown = (as: "MENTOR" | "CANDIDATE") => (team: Team) => {
    const { state, askedAt, answerBy, announcedAt, endedAt } = team;
    return { as, state, askedAt, answerBy, announcedAt, endedAt };
  };
  return [
    ...of(source, "TEAM").map((item) => shown("MENTOR")(teamFrom(item)!)),
    ...asCandidate
      .flat()
      .filter(({ announcedAt }) => announcedAt !== null)
      .map(shown("CANDIDATE")),
  ];
}

function messages(source: Source) {
  const readable = of(source, "MESSAGE").flatMap((item) => {
    const message = messageFrom(item)!;
    return mayReadMessage(source.viewer, message) ? [message] : [];
  });
  return readable.map(({ template, subject, state, queuedAt, sentAt, sentTo }) => {
    return { template, subject, state, queuedAt, sentAt, sentTo };
  });
}

/** What others have done that the person is told of. That somebody stepped back from an application, say, is not among it. */
const TOLD: ReadonlySet<string> = new Set([
  "PersonEntered",
  "PersonRenamed",
  "PersonMerged",
  "PersonMergedAway",
  "RoleGranted",
  "RoleEnded",
  "EmailAdded",
  "EmailConfirmed",
  "ApplicationStarted",
  "ApplicationSaved",
  "ApplicationSubmitted",
  "ApplicationReviewStarted",
  "ApplicationRuledOut",
  "ApplicationRuledIn",
  "DraftReminded",
  "InformationAsked",
  "InformationExtended",
  "InformationCancelled",
  "InformationReminded",
  "ApplicationExpired",
  "ApplicationContentExpired",
  "ApplicationCompleted",
  "NominationOpened",
  "NominationProvided",
  "NominationRefused",
  "NominationBounced",
  "NominationExpired",
  "DecisionReleased",
  "DecisionReversed",
  "OfferMade",
  "OfferPromoted",
  "OfferLapsed",
  "OfferExtended",
  "OfferConditionsSet",
  "OfferReminderDue",
  "OfferDeferred",
  "OfferDeferralRefused",
  "OfferTakenUp",
  "DeferralTakenUp",
  "JointAccepted",
  "JointDeclined",
  "JointUnlinked",
  "JointPartnerWithdrew",
  "CertificateIssued",
  "MentorNotNeeded",
  "CandidateConfirmed",
  "CandidateUnconfirmed",
  "RecertificationDue",
]);

/** What happened to the viewer and their records. Of others it only tells that it was not the viewer who did it. */
async function history({ table, viewer, owned }: Source) {
  const subjects = subjectsOf(viewer.person, owned).filter(
    ({ kind }) => kind !== "Decision" && kind !== "Message" && kind !== "File" && kind !== "Link",
  );
  const events = await readHistories(table, subjects);
  const isOwnStep = (actor: Actor) => actor.kind === "PERSON" && isSelf(viewer, actor.id);
  return events
    .filter(({ type, actor }) => isOwnStep(actor) || TOLD.has(type))
    .map(({ at, type, about, before = null, after = null, why, actor }) => {
      const byYou = isOwnStep(actor);
      return { at, type, about: about.kind, before, after, why: byYou ? (why ?? null) : null, byYou };
    })
    .sort((a, b) => (a.at < b.at ? -1 : 1));
}
