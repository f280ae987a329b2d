import {
  isDraftResume,
  isSubmittedResume,
  mayReadContent,
  ownApplication,
  stateRefusals,
  wasSubmitted,
  type Application,
  type ApplicationEvent,
  type StateCode,
} from "../application/application.ts";
import { placeResume, resumeRefusals } from "../application/draft.ts";
import { isSelf, type Viewer } from "../person/person.ts";
import { isCommittee, isStaff } from "../person/role.ts";
import {
  isRefused,
  refusal,
  textRefusals,
  type Decision,
  type Happening,
  type Refusal,
  type Subject,
  type TextCode,
} from "../shared/decision.ts";
import type { FoundObject } from "../shared/files.ts";
import { later, type Instant } from "../shared/time.ts";
import { FILE_POLICY, FILE_TYPES, UPLOAD_HOURS, type Purpose } from "./policy.ts";

/** Where a file stands. */
export const FILE_STATES = ["PENDING", "ATTACHED", "REMOVED", "ERASED"] as const;

/** One of FILE_STATES. */
export type FileState = (typeof FILE_STATES)[number];

/** What can be done with a file. */
export const FILE_ACTIONS = ["attach", "download", "remove", "erase"] as const;

/** One of FILE_ACTIONS. */
export type FileAction = (typeof FILE_ACTIONS)[number];

/** From which state which action leads where. What is not here is refused. */
export const FILE_TRANSITIONS: Record<FileState, Partial<Record<FileAction, FileState>>> = {
  PENDING: { attach: "ATTACHED", remove: "REMOVED" },
  ATTACHED: { download: "ATTACHED", remove: "REMOVED" },
  REMOVED: { erase: "ERASED" },
  ERASED: {},
};

/** What each state is called in sentences for people. */
const STATE_LABELS: Record<FileState, string> = {
  PENDING: "not finished yet",
  ATTACHED: "handed in",
  REMOVED: "removed",
  ERASED: "removed",
};

interface Base {
  id: string;
  version: number;
  purpose: Purpose;
  /** Whom it concerns: the applicant, also for a letter about them. */
  personId: string;
  /** Who uploads it. */
  uploadedBy: string;
  /** What it belongs to; null while it belongs to the person alone. */
  about: Subject | null;
  contentType: string;
  bytes: number;
  createdAt: Instant;
}

/** A private file. Its content is kept apart from the table, under its id; an erased one has neither content nor name. */
export type StoredFile = Base &
  (
    | { state: "PENDING"; name: string; /** When it is removed unless it was attached. */ expiresAt: Instant }
    | {
        state: "ATTACHED";
        name: string;
        /** When it is removed by itself; null: it is not. */ retainUntil: Instant | null;
      }
    | { state: "REMOVED"; name: string; removedAt: Instant }
    | { state: "ERASED"; name: null; removedAt: Instant }
  );

/** What happens to files. Names are not told: they are personal, and history is for ever. */
export type FileEvent =
  | Happening<"FileUploadStarted", { purpose: Purpose }>
  | Happening<"FileAttached", object>
  | Happening<"FileDownloadIssued", object>
  | Happening<"FileRemoved", object>
  | Happening<"FileErased", object>;

/** Why an upload cannot be started. */
export type UploadCode =
  | TextCode
  | StateCode
  | "BAD_NAME"
  | "BAD_TYPE"
  | "BAD_SIZE"
  | "OWN_APPLICATION"
  | "APPLICATION_NOT_WANTED";

/** Why a file cannot be attached. */
export type AttachCode = StateCode | "NOT_UPLOADED" | "CONTENT_MISMATCH";

/** A file with the application it belongs to, null where it belongs to none. */
export interface Filed {
  file: StoredFile;
  application: Application | null;
}

/**
 * Whether the viewer may know of the file and read it. A résumé is read by whoever may read its application, a letter by
 * staff and committee and never by the person it is about, evidence by its owner and staff. What is not finished is its
 * uploader's and staff's business, what was removed staff's alone.
 */
export function mayReadFile(viewer: Viewer | null, { file, application }: Filed): boolean {
  // Whoever is kept away from the application, or has not declared yet, is kept away from all of it.
  if (application !== null && !mayReadContent(viewer, application)) return false;
  const isConcerned = isSelf(viewer, file.personId);
  if (file.purpose === "LETTER" && (isConcerned || !isOffice(viewer, application))) return false;
  if (isStaff(viewer)) return true;
  // Another résumé that staff have asked for is the applicant's own until it is provided.
  if (application !== null && wasSubmitted(application) && isDraftResume(application, file.id)) return isConcerned;
  if (file.state === "PENDING") return isSelf(viewer, file.uploadedBy);
  if (file.state !== "ATTACHED") return false;
  if (file.purpose === "EVIDENCE") return isConcerned;
  return application !== null;
}

function isOffice(viewer: Viewer | null, application: Application | null): boolean {
  return isStaff(viewer) || (application !== null && isCommittee(viewer, application.cohortId));
}

/** What somebody wants to upload, as they declare it. */
export interface Declared {
  purpose: Purpose;
  name: string;
  contentType: string;
  bytes: number;
}

/** Starts an upload of exactly what is declared. Everything is checked again once it is there. */
export function startUpload(
  application: Application | null,
  declared: Declared,
  { id, viewer, now }: { id: string; viewer: Viewer; now: Instant },
): Decision<StoredFile, UploadCode, FileEvent> {
  const { purpose, contentType, bytes } = declared;
  const refusals = [...placeRefusals(application, purpose, { viewer, now }), ...declaredRefusals(declared)];
  if (refusals.length > 0) return { refusals };
  const file: StoredFile = {
    id,
    version: 0,
    purpose,
    personId: application?.personId ?? viewer.person.id,
    uploadedBy: viewer.person.id,
    about: application && { kind: "Application", id: application.id },
    name: declared.name.trim(),
    contentType,
    bytes,
    createdAt: now,
    state: "PENDING",
    expiresAt: later(now, { hours: UPLOAD_HOURS }),
  };
  return { outcome: file, events: [{ ...happened("FileUploadStarted", file), facts: { purpose } }] };
}

/** A file to attach, and the file that it replaces. Once attached, only what has changed is there. */
export interface Attached extends Filed {
  replaced: StoredFile | null;
}

/**
 * Attaches what was really uploaded, if it is what was declared. A résumé takes the place of an earlier one, which is removed
 * unless it was submitted.
 */
export function attachFile(
  { file, application, replaced }: Attached,
  found: FoundObject | null,
  now: Instant,
): Decision<Attached, AttachCode, FileEvent | ApplicationEvent> {
  const wrong = attachRefusals({ file, application }, now);
  if (wrong.length > 0 || file.state !== "PENDING") return { refusals: wrong };
  const unlike = contentRefusals(file, found);
  if (unlike.length > 0) return { refusals: unlike };

  const { keptDays } = FILE_POLICY[file.purpose];
  const { expiresAt: _expiresAt, ...rest } = file;
  const retainUntil = keptDays === null ? null : later(now, { hours: keptDays * 24 });
  const attached: StoredFile = { ...rest, state: "ATTACHED", retainUntil };
  const event = { ...happened("FileAttached", file), ...states(file, attached) } as FileEvent;
  if (file.purpose !== "RESUME" || !application) {
    return { outcome: { file: attached, application: null, replaced: null }, events: [event] };
  }
  const { id, name, contentType, bytes } = file;
  const placed = placeResume(application, { fileId: id, name, contentType, bytes }, now);
  if (isRefused(placed)) return placed;
  const removed = replaced && !isSubmittedResume(application, replaced.id) ? removeFile(replaced, { now }) : null;
  const gone = removed && !isRefused(removed) ? removed : null;
  return {
    outcome: { file: attached, application: placed.outcome, replaced: gone?.outcome ?? null },
    events: [event, ...placed.events, ...(gone?.events ?? [])],
  };
}

/** Why the state of the file, or of the application it is meant for, does not allow attaching it. */
export function attachRefusals({ file, application }: Filed, now: Instant): Refusal<StateCode>[] {
  const wrong = fileRefusals(file, "attach");
  if (wrong.length > 0 || file.purpose !== "RESUME" || !application) return wrong;
  return resumeRefusals(application, now);
}

/** Lets the uploader take a file back. A résumé that was handed in stays where it is once its application is submitted. */
export function takeBackFile(
  { file, application }: Filed,
  now: Instant,
): Decision<Filed, StateCode, FileEvent | ApplicationEvent> {
  const wrong = takeBackRefusals({ file, application }, now);
  if (wrong.length > 0) return { refusals: wrong };
  const removed = removeFile(file, { now });
  if (isRefused(removed)) return removed;
  if (application?.draft.resume?.fileId !== file.id) {
    return { outcome: { file: removed.outcome, application: null }, events: removed.events };
  }
  const placed = placeResume(application, null, now);
  if (isRefused(placed)) return placed;
  return {
    outcome: { file: removed.outcome, application: placed.outcome },
    events: [...removed.events, ...placed.events],
  };
}

/** Why a file cannot be taken back by its uploader. */
export function takeBackRefusals({ file, application }: Filed, now: Instant): Refusal<StateCode>[] {
  const wrong = fileRefusals(file, "remove");
  const isHandedIn = file.purpose === "RESUME" && file.state === "ATTACHED" && application !== null;
  if (wrong.length > 0 || !isHandedIn) return wrong;
  return isSubmittedResume(application, file.id)
    ? stateRefusals(application, "save")
    : resumeRefusals(application, now);
}

/** Removes a file, whatever it belongs to; its content goes with the next step. */
export function removeFile(
  file: StoredFile,
  { now, why }: { now: Instant; why?: string },
): Decision<StoredFile, StateCode, FileEvent> {
  const wrong = fileRefusals(file, "remove");
  if (wrong.length > 0 || file.name === null) return { refusals: wrong };
  const next: StoredFile = { ...baseOf(file), state: "REMOVED", name: file.name, removedAt: now };
  return { outcome: next, events: [{ ...happened("FileRemoved", file), ...states(file, next), why }] };
}

/** Removes a file whose time is over: an upload that was not finished, or what was kept as long as it may. */
export function lapseFile(file: StoredFile, now: Instant): Decision<StoredFile, StateCode, FileEvent> {
  const due = dueInstant(file);
  if (due === null || now < due) {
    return { refusals: [refusal("WRONG_STATE", "The time of this file is not over yet.")] };
  }
  const why = file.state === "PENDING" ? "The upload was not finished in time." : "It was kept as long as it may.";
  return removeFile(file, { now, why });
}

/** Notes that the content of a removed file is gone, and forgets its name. */
export function eraseFile(file: StoredFile): Decision<StoredFile, StateCode, FileEvent> {
  if (file.state !== "REMOVED") return { refusals: fileRefusals(file, "erase") };
  const next: StoredFile = { ...baseOf(file), state: "ERASED", name: null, removedAt: file.removedAt };
  return { outcome: next, events: [{ ...happened("FileErased", file), ...states(file, next) }] };
}

/** Lets somebody download a file that was handed in; that they did is history. */
export function issueDownload(file: StoredFile): Decision<StoredFile & { name: string }, StateCode, FileEvent> {
  if (file.state !== "ATTACHED") return { refusals: fileRefusals(file, "download") };
  return { outcome: file, events: [happened("FileDownloadIssued", file)] };
}

/** When the schedule has to look at the file; null while it has not. */
export function dueInstant(file: StoredFile): Instant | null {
  switch (file.state) {
    case "PENDING":
      return file.expiresAt;
    case "ATTACHED":
      return file.retainUntil;
    case "REMOVED":
      return file.removedAt;
    case "ERASED":
      return null;
  }
}

function fileRefusals(file: StoredFile, action: FileAction): Refusal<StateCode>[] {
  if (FILE_TRANSITIONS[file.state][action] !== undefined) return [];
  const message = `This is not possible now: the file is ${STATE_LABELS[file.state]}.`;
  return [refusal("WRONG_STATE", message)];
}

function placeRefusals(
  application: Application | null,
  purpose: Purpose,
  { viewer, now }: { viewer: Viewer; now: Instant },
): Refusal<UploadCode>[] {
  if (purpose === "EVIDENCE") {
    if (application === null) return [];
    const message = "Evidence does not belong to an application: please leave the application out.";
    return [refusal("APPLICATION_NOT_WANTED", message, "applicationId")];
  }
  if (application === null) {
    return [refusal("REQUIRED", "The application is missing: please say which one it belongs to.", "applicationId")];
  }
  if (purpose === "RESUME") return resumeRefusals(application, now);
  return isSelf(viewer, application.personId) ? [ownApplication] : [];
}

const NAME = { max: 120, label: "The file's name" };

function declaredRefusals({ purpose, name, contentType, bytes }: Declared): Refusal<UploadCode>[] {
  const { contentTypes, mostBytes } = FILE_POLICY[purpose];
  const type = contentTypes.includes(contentType) ? FILE_TYPES[contentType] : undefined;
  const refusals: Refusal<UploadCode>[] = [...textRefusals(name, NAME, "name")];
  if (refusals.length === 0 && !isFileName(name.trim())) {
    const message = "The file's name has characters that file names cannot have: please rename the file.";
    refusals.push(refusal("BAD_NAME", message, "name"));
  }
  if (type === undefined) {
    const labels = contentTypes.map((each) => FILE_TYPES[each]?.label).join(", ");
    refusals.push(refusal("BAD_TYPE", `Files of this type are not taken here: please use ${labels}.`, "contentType"));
  } else if (refusals.length === 0 && !type.endings.some((ending) => name.trim().toLowerCase().endsWith(ending))) {
    const message = `The name of a ${type.label} file ends in ${type.endings.join(" or ")}: please rename the file.`;
    refusals.push(refusal("BAD_NAME", message, "name"));
  }
  if (bytes < 1 || bytes > mostBytes) {
    const most = mostBytes / (1024 * 1024);
    refusals.push(refusal("BAD_SIZE", `The file must not be empty, and have ${most} MB at most.`, "bytes"));
  }
  return refusals;
}

/**
 * Whether every system can store a file under the name. Marks that turn the direction of writing are not taken: with them a
 * name reads otherwise than it ends.
 */
function isFileName(name: string): boolean {
  return !/^\.|[/\\:*?"<>|\u200e\u200f\u202a-\u202e\u2066-\u2069]/u.test(name);
}

function contentRefusals(file: StoredFile, found: FoundObject | null): Refusal<AttachCode>[] {
  if (found === null) {
    return [refusal("NOT_UPLOADED", "The file has not arrived yet: please upload it, then try again.", "fileId")];
  }
  const type = FILE_TYPES[file.contentType];
  const isLike = type?.beginning.every((byte, place) => found.beginning[place] === byte) === true;
  if (isLike && found.bytes === file.bytes && found.contentType === file.contentType) return [];
  const message = `What was uploaded is not the ${type?.label ?? "file"} of ${file.bytes} bytes that was announced.`;
  return [refusal("CONTENT_MISMATCH", `${message} Please start again with the right file.`, "fileId")];
}

function baseOf({
  id,
  version,
  purpose,
  personId,
  uploadedBy,
  about,
  contentType,
  bytes,
  createdAt,
}: StoredFile): Base {
  return { id, version, purpose, personId, uploadedBy, about, contentType, bytes, createdAt };
}

function happened<Type extends FileEvent["type"]>(type: Type, { id }: StoredFile) {
  return { type, about: { kind: "File" as const, id }, facts: {} };
}

function states(before: StoredFile, after: StoredFile) {
  return { before: { state: before.state }, after: { state: after.state } };
}
