import { applicationFrom } from "../application/application.table.ts";
import { isRecusedFrom, type Application } from "../application/application.ts";
import { certificateFrom } from "../certificate/certificate.table.ts";
import { statusOf } from "../certificate/certificate.ts";
import { decisionFrom, decisionKey } from "../decision/decision.table.ts";
import type { Told } from "../decision/decision.ts";
import { fileFrom } from "../file/file.table.ts";
import { feedbackIn } from "../review/reading.ts";
import { reviewFrom, reviewKey } from "../review/review.table.ts";
import { linkFrom } from "../link/link.table.ts";
import { messageFrom } from "../message/message.table.ts";
import { isSelf, type Viewer } from "../person/person.ts";
import type { Actor } from "../shared/event.ts";
import type { Entity, Item } from "../shared/keys.ts";
import type { Table } from "../shared/table.ts";
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
  reviews,
  files,
  certificates,
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
  const decisions = await source.table.getMany(found.map(({ id }) => decisionKey(id)));
  return Promise.all(
    found.map(async (application, index) => {
      const told = decisionFrom(decisions[index])?.told ?? null;
      return applicationOf(application, told, told ? await feedbackOn(source.table, application) : []);
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

function applicationOf(application: Application, told: Told | null, feedback: readonly string[]) {
  const { number, kind, state, startedAt, draft } = application;
  const submission = "submission" in application ? application.submission : null;
  const decision = told && { outcome: told.outcome, rank: told.rank, toldAt: told.at };
  return { number, kind, state, startedAt, draft, submission, decision, feedback };
}

function certificates(source: Source) {
  return of(source, "CERTIFICATE").map((item) => {
    const certificate = certificateFrom(item)!;
    const { id, holderName, issuedOn, expiresOn, zone } = certificate;
    return { number: id, holderName, issuedOn, expiresOn, zone, status: statusOf(certificate, source.viewer.now) };
  });
}

function messages(source: Source) {
  return of(source, "MESSAGE").map((item) => {
    const { template, subject, state, queuedAt, sentAt, sentTo } = messageFrom(item)!;
    return { template, subject, state, queuedAt, sentAt, sentTo };
  });
}

/** What others have done that the person is told of. That somebody stepped back from an application, say, is not among it. */
const TOLD: ReadonlySet<string> = new Set([
  "PersonRenamed",
  "PersonMerged",
  "PersonMergedAway",
  "RoleGranted",
  "RoleEnded",
  "EmailAdded",
  "EmailConfirmed",
  "ApplicationReviewStarted",
  "ApplicationExpired",
  "ApplicationContentExpired",
  "DecisionReleased",
  "CertificateIssued",
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
