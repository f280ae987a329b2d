import { applicationFrom } from "../application/application.table.ts";
import type { Application } from "../application/application.ts";
import { openInformation } from "../application/information.ts";
import { certificateFrom } from "../certificate/certificate.table.ts";
import { statusOf } from "../certificate/certificate.ts";
import { decisionFrom, decisionKey } from "../decision/decision.table.ts";
import type { Told } from "../decision/decision.ts";
import { fileFrom } from "../file/file.table.ts";
import { linkFrom } from "../link/link.table.ts";
import { messageFrom } from "../message/message.table.ts";
import { mayReadMessage } from "../message/message.ts";
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
  return found.map((application, index) => applicationOf(application, decisionFrom(decisions[index])?.told ?? null));
}

function applicationOf(application: Application, told: Told | null) {
  const { number, kind, state, startedAt, draft, ineligibleFor = null } = application;
  const asked = openInformation(application);
  const information = asked && {
    parts: asked.parts,
    questionIds: asked.questionIds,
    message: asked.message,
    dueOn: asked.dueOn,
  };
  const submission = "submission" in application ? application.submission : null;
  const decision = told && { outcome: told.outcome, rank: told.rank, toldAt: told.at };
  return { number, kind, state, startedAt, draft, submission, ineligibleFor, information, decision };
}

function certificates(source: Source) {
  return of(source, "CERTIFICATE").map((item) => {
    const certificate = certificateFrom(item)!;
    const { id, holderName, issuedOn, expiresOn, zone } = certificate;
    return { number: id, holderName, issuedOn, expiresOn, zone, status: statusOf(certificate, source.viewer.now) };
  });
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
