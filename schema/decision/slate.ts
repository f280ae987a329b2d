import type { Application, ApplicationKind } from "../application/application.ts";
import { conflict } from "../cohort/cohort.ts";
import type { Viewer } from "../person/person.ts";
import { refusal, textRefusals, type Decision as Ruling, type Happening, type Refusal } from "../shared/decision.ts";
import type { Instant } from "../shared/time.ts";
import {
  changedRows,
  hasReason,
  isApart,
  MOST_ROWS,
  rowOf,
  rowRefusals,
  tooManyRows,
  withoutReason,
  type Changed,
  type Onlooker,
  type ProposedRow,
  type RowCode,
  type SlateRow,
} from "./row.ts";
import type { ConflictCode } from "./terms.ts";

/** ACTIVE is worked on; ARCHIVED stays for the record and is changed no more. */
export const SLATE_STATES = ["ACTIVE", "ARCHIVED"] as const;

/** One of SLATE_STATES. */
export type SlateState = (typeof SLATE_STATES)[number];

/** A named proposal of outcomes for one cohort and kind, saved beside others. It decides nothing. */
export interface Slate {
  id: string;
  version: number;
  cohortId: string;
  kind: ApplicationKind;
  state: SlateState;
  name: string;
  rows: readonly SlateRow[];
  /** The slate it began as a copy of; null otherwise. */
  copiedFrom: string | null;
  savedBy: string;
  savedAt: Instant;
}

/** What happens to slates. Rows are kept in the facts, which no history shows. */
export type SlateEvent =
  | Happening<"SlateCreated", { cohortId: string; kind: ApplicationKind; copiedFrom: string | null; changed: Changed }>
  | Happening<"SlateSaved", { changed: Changed }>
  | Happening<"SlateArchived", object>
  | Happening<"SlateReasonErased", object>;

/** Why a slate is not saved. */
export type SlateCode = RowCode | ConflictCode | "WRONG_STATE" | "CONFLICT";

/** What somebody who saves a slate brings along. */
interface Saving extends Onlooker {
  viewer: Viewer;
  /** Why the viewer has nothing to do with the slates of this cohort and kind; empty when they have. */
  conflicts: readonly Refusal<ConflictCode>[];
}

/** Begins a slate. */
export function createSlate(
  wish: { name: string; rows: readonly ProposedRow[] },
  facts: Saving & {
    id: string;
    cohortId: string;
    kind: ApplicationKind;
    applications: ReadonlyMap<string, Application>;
  },
): Ruling<Slate, SlateCode, SlateEvent> {
  const { viewer, id, cohortId, kind, conflicts } = facts;
  if (conflicts.length > 0) return { refusals: conflicts };
  const refusals = [...nameRefusals(wish.name), ...rowRefusals(wish.rows, facts)];
  if (refusals.length > 0) return { refusals };
  const slate: Slate = {
    id,
    version: 0,
    cohortId,
    kind,
    state: "ACTIVE",
    name: wish.name.trim(),
    rows: wish.rows.map((row) => rowOf(row, facts.applications)),
    copiedFrom: null,
    savedBy: viewer.person.id,
    savedAt: viewer.now,
  };
  return { outcome: slate, events: [created(slate)] };
}

/** Changes the name or the rows of a slate; rows are replaced together, those kept from whoever saves stay as they are. */
export function saveSlate(
  slate: Slate,
  wish: { name?: string | null; rows?: readonly ProposedRow[] | null },
  facts: Saving & { expectedVersion: number; applications: ReadonlyMap<string, Application> },
): Ruling<Slate, SlateCode, SlateEvent> {
  const { viewer, reviewing, applications, expectedVersion } = facts;
  const wrong = editRefusals(slate, facts, expectedVersion);
  if (wrong.length > 0) return { refusals: wrong };
  const { cohortId, kind } = slate;
  const hidden = slate.rows.filter(({ applicationId }) => isApart(facts, applicationId));
  const refusals = [
    ...(wish.name == null ? [] : nameRefusals(wish.name)),
    ...(wish.rows == null ? [] : rowRefusals(wish.rows, { viewer, reviewing, cohortId, kind, applications })),
    ...(hidden.length + (wish.rows?.length ?? 0) > MOST_ROWS ? [tooManyRows] : []),
  ];
  if (refusals.length > 0) return { refusals };
  const next: Slate = {
    ...slate,
    name: wish.name == null ? slate.name : wish.name.trim(),
    rows: wish.rows == null ? slate.rows : [...wish.rows.map((row) => rowOf(row, applications)), ...hidden],
    savedBy: viewer.person.id,
    savedAt: viewer.now,
  };
  const event: SlateEvent = {
    type: "SlateSaved",
    about: { kind: "Slate", id: slate.id },
    facts: { changed: changedRows(slate.rows, next.rows) },
    before: { name: slate.name },
    after: { name: next.name },
  };
  return { outcome: next, events: [event] };
}

/** Begins a slate with the rows of another, as they are there. */
export function copySlate(
  slate: Slate,
  wish: { id: string; name: string },
  { viewer, conflicts }: Saving,
): Ruling<Slate, SlateCode, SlateEvent> {
  if (conflicts.length > 0) return { refusals: conflicts };
  const refusals = nameRefusals(wish.name);
  if (refusals.length > 0) return { refusals };
  const made = { savedBy: viewer.person.id, savedAt: viewer.now, state: "ACTIVE" as const, version: 0 };
  const copy: Slate = { ...slate, ...made, id: wish.id, name: wish.name.trim(), copiedFrom: slate.id };
  return { outcome: copy, events: [created(copy)] };
}

/** Puts a slate aside: it is read still, and changed no more. */
export function archiveSlate(
  slate: Slate,
  facts: Saving & { expectedVersion: number },
): Ruling<Slate, SlateCode, SlateEvent> {
  const wrong = editRefusals(slate, facts, facts.expectedVersion);
  if (wrong.length > 0) return { refusals: wrong };
  const event: SlateEvent = {
    type: "SlateArchived",
    about: { kind: "Slate", id: slate.id },
    facts: {},
    before: { state: slate.state },
    after: { state: "ARCHIVED" },
  };
  return { outcome: { ...slate, state: "ARCHIVED" }, events: [event] };
}

/** Takes the reason of one application's row out for good. Nothing happens when there is none. */
export function eraseRowReason(slate: Slate, applicationId: string): { outcome: Slate; events: SlateEvent[] } {
  if (!slate.rows.some((row) => row.applicationId === applicationId && hasReason(row)))
    return { outcome: slate, events: [] };
  return {
    outcome: { ...slate, rows: withoutReason(slate.rows, applicationId) },
    events: [{ type: "SlateReasonErased", about: { kind: "Slate", id: slate.id }, facts: {} }],
  };
}

function editRefusals(slate: Slate, { conflicts }: Saving, expectedVersion: number): readonly Refusal<SlateCode>[] {
  if (conflicts.length > 0) return conflicts;
  if (expectedVersion !== slate.version) return [conflict];
  if (slate.state === "ACTIVE") return [];
  return [refusal("WRONG_STATE", "This slate is archived: please copy it and change the copy.")];
}

function nameRefusals(name: string): Refusal<SlateCode>[] {
  return textRefusals(name, { max: 120, label: "The name" }, "name");
}

function created(slate: Slate): SlateEvent {
  const { id, cohortId, kind, copiedFrom, name, rows } = slate;
  return {
    type: "SlateCreated",
    about: { kind: "Slate", id },
    facts: { cohortId, kind, copiedFrom, changed: changedRows([], rows) },
    after: { state: slate.state, name },
  };
}
