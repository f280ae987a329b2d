import {
  isApplicationOf,
  isRecusedFrom,
  stateRefusals,
  wasSubmitted,
  type Application,
  type ApplicationKind,
} from "../application/application.ts";
import { idsOf, type Viewer } from "../person/person.ts";
import { isChair, isCommittee, isStaff } from "../person/role.ts";
import { refusal, REMOVED, textRefusals, type Refusal, type TextCode } from "../shared/decision.ts";
import type { Instant } from "../shared/time.ts";
import { ACTION_OF } from "./decision.ts";
import { isText } from "./rationale.ts";
import { rankRefusals, type Outcome } from "./terms.ts";

/** Most applications on one slate. */
export const MOST_ROWS = 100;

/** What a slate proposes for one application. */
export interface SlateRow {
  applicationId: string;
  outcome: Outcome;
  /** Place on the waitlist from 1; null unless the outcome is WAITLIST. */
  rank: number | null;
  /** Why, for this one; empty where the motion's common reason is enough. */
  rationale: string;
  /** When the application that was looked at was submitted: one that was taken up again is another. */
  submittedAt: Instant;
}

/** A row as it is proposed. */
export type ProposedRow = Pick<SlateRow, "applicationId" | "outcome"> & {
  rank?: number | null;
  rationale?: string | null;
};

/** Rows that are new or other than before; the outcome is null for one that was taken out. */
export type Changed = readonly { applicationId: string; outcome: Outcome | null; rank: number | null }[];

/** Why rows are not taken. */
export type RowCode =
  | TextCode
  | "TOO_MANY"
  | "APPLICATION_UNKNOWN"
  | "APPLICATION_TWICE"
  | "RANK_REQUIRED"
  | "RANK_NOT_WANTED"
  | "OUT_OF_RANGE";

/** Whether the viewer may know of the slates and motions of a cohort: staff and its committee. */
export function maySeeProposals(viewer: Viewer | null, cohortId: string): boolean {
  return isStaff(viewer) || isCommittee(viewer, cohortId);
}

/** Whether the viewer may draw up slates and put them to the vote, as far as they have no conflict: staff and the chair. */
export function mayPropose(viewer: Viewer | null, cohortId: string): boolean {
  return isStaff(viewer) || isChair(viewer, cohortId);
}

/** Who looks at proposals, and which applications they are still to review themselves. */
export interface Onlooker {
  viewer: Viewer | null;
  reviewing: ReadonlySet<string>;
}

/** Whether a row is kept from somebody: it is about their own application, or one they are recused from or still review. */
export function isApart({ viewer, reviewing }: Onlooker, applicationId: string): boolean {
  const isOwn = viewer !== null && idsOf(viewer.person).some((id) => isApplicationOf(applicationId, id));
  return isOwn || isRecusedFrom(viewer, applicationId) || reviewing.has(applicationId);
}

/** Rows without those that are kept from whoever looks. */
export function visibleRows<Row extends { applicationId: string }>(by: Onlooker, rows: readonly Row[]): Row[] {
  return rows.filter(({ applicationId }) => !isApart(by, applicationId));
}

/** Whether there is something in it for somebody: what is about nothing but what is kept from them does not exist. */
export function isProposalVisible(
  by: Onlooker,
  { cohortId, rows }: { cohortId: string; rows: readonly { applicationId: string }[] },
): boolean {
  return maySeeProposals(by.viewer, cohortId) && (rows.length === 0 || visibleRows(by, rows).length > 0);
}

/** Places as they are shown to somebody who must not count back to a row that is missing: counted anew, without gaps. */
export function countedAnew<Row extends { rank: number | null }>(rows: readonly Row[]): Row[] {
  const ranks = [...new Set(rows.flatMap(({ rank }) => rank ?? []))].sort((a, b) => a - b);
  return rows.map((row) => (row.rank === null ? row : { ...row, rank: ranks.indexOf(row.rank) + 1 }));
}

/** Whether a row says why. */
export const hasReason = ({ rationale }: { rationale: string }): boolean => isText(rationale);

/** Rows without the reason of one application. */
export function withoutReason<Row extends { applicationId: string; rationale: string }>(
  rows: readonly Row[],
  applicationId: string,
): Row[] {
  return rows.map((row) =>
    row.applicationId === applicationId && hasReason(row) ? { ...row, rationale: REMOVED } : row,
  );
}

/** What is wrong with proposed rows, each fault with its field. */
export function rowRefusals(
  rows: readonly ProposedRow[],
  facts: Onlooker & {
    cohortId: string;
    kind: ApplicationKind;
    applications: ReadonlyMap<string, Application>;
  },
): Refusal<RowCode>[] {
  if (rows.length > MOST_ROWS) return [tooManyRows];
  return rows.flatMap((row, index) => {
    const at = ["rows", String(index)];
    const application = facts.applications.get(row.applicationId);
    const isFirst = rows.findIndex(({ applicationId }) => applicationId === row.applicationId) === index;
    return [
      ...(application && isOneOf(application, facts)
        ? []
        : [refusal("APPLICATION_UNKNOWN", "There is no such application to decide on.", ...at, "applicationId")]),
      ...(isFirst
        ? []
        : [refusal("APPLICATION_TWICE", "This application is on the slate twice.", ...at, "applicationId")]),
      ...rankRefusals(row, ...at),
      ...textRefusals(row.rationale ?? "", ROW_REASON, ...at, "rationale"),
    ];
  });
}

/** Short, so that a hundred of them fit into one record. */
const ROW_REASON = { max: 500, label: "The reason", optional: true, multiline: true };

function isOneOf(
  application: Application,
  { cohortId, kind, ...by }: Onlooker & { cohortId: string; kind: ApplicationKind },
): boolean {
  const isOfThese = application.cohortId === cohortId && application.kind === kind && wasSubmitted(application);
  return isOfThese && !isApart(by, application.id);
}

/** A row as it is kept. */
export function rowOf(
  { applicationId, outcome, rank, rationale }: ProposedRow,
  applications: ReadonlyMap<string, Application>,
): SlateRow {
  const application = applications.get(applicationId)!;
  const submittedAt = wasSubmitted(application) ? application.submission.submittedAt : "";
  return { applicationId, outcome, rank: rank ?? null, rationale: (rationale ?? "").trim(), submittedAt };
}

/** What keeps an application from being decided as proposed; null when nothing does. */
export function obstacleOf(
  { outcome, submittedAt }: Pick<SlateRow, "outcome" | "submittedAt">,
  application: Application | undefined,
): string | null {
  const wrong = application ? stateRefusals(application, ACTION_OF[outcome]) : [];
  if (wrong.length > 0) return wrong[0]!.message;
  const isSame = application && wasSubmitted(application) && application.submission.submittedAt === submittedAt;
  return isSame ? null : "It was submitted anew since it was looked at.";
}

/** What a change of rows consists of. */
export function changedRows(before: readonly SlateRow[], after: readonly SlateRow[]): Changed {
  const isSame = (a: SlateRow, b: SlateRow) => a.applicationId === b.applicationId;
  const gone = before.filter((row) => !after.some((other) => isSame(row, other)));
  const other = after.filter((row) => {
    const earlier = before.find((one) => isSame(one, row));
    return earlier?.outcome !== row.outcome || earlier.rank !== row.rank || earlier.rationale !== row.rationale;
  });
  return [
    ...other.map(({ applicationId, outcome, rank }) => ({ applicationId, outcome, rank })),
    ...gone.map(({ applicationId }) => ({ applicationId, outcome: null, rank: null })),
  ];
}

/** The refusal of more rows than there can be. */
export const tooManyRows = refusal("TOO_MANY", `A slate takes at most ${MOST_ROWS} applications.`, "rows");
