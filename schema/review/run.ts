import type { Application } from "../application/application.ts";
import type { Cohort } from "../cohort/cohort.ts";
import type { Person, Viewer } from "../person/person.ts";
import { confirmRefusals, isRefused, refusal, type Decision, type Refusal } from "../shared/decision.ts";
import { MOST_ROWS, type Assignment, type Plan } from "./balance.ts";
import { assignReviewers, type AssignCode } from "./review.ts";

/** Why nothing is assigned. */
export type RunCode =
  | AssignCode
  | "OUT_OF_RANGE"
  | "BAD_CSV"
  | "UNKNOWN_APPLICATION"
  | "ROW_TWICE"
  | "NOTHING_TO_ASSIGN"
  | "STALE"
  | "CONFIRM_TOKEN_REQUIRED"
  | "KEY_REUSED"
  | "BAD_KEY";

/** A set of assignments that is made in one go, after it was looked at. */
export interface Run extends Plan {
  skipped: readonly string[];
}

/** Confirms a run: what was looked at is what is done. */
export function confirmRun(
  run: Run,
  { given, wanted }: { given: string | null | undefined; wanted: string },
): Decision<Run, RunCode> {
  const refusals: Refusal<RunCode>[] =
    run.rows.length === 0
      ? [nothingToAssign]
      : confirmRefusals(
          { given, wanted },
          "The assignments have changed since you looked: please look again and confirm anew.",
        );
  return refusals.length > 0 ? { refusals } : { outcome: run, events: [] };
}

const nothingToAssign = refusal("NOTHING_TO_ASSIGN", "Every application has its reviewers already.");

/** A line of a file, with what its number and its address stand for; null where they stand for nothing here. */
export interface Line {
  /** Counted from 1, as a text editor shows it. */
  line: number;
  application: Application | null;
  applicant: Person | null;
  member: Person | null;
  /** The id of the person whom the applicant applies together with; null where there is none. */
  partnerId: string | null;
}

/** A file that was read, or why it could not be. */
export interface Read {
  lines: readonly { line: number; number: string; email: string }[];
  refusals: readonly Refusal<RunCode>[];
}

/** What is wrong with a file as a whole, or with the form of one of its lines. */
export function readLines(records: readonly { line: number; cells: readonly string[] }[]): Read {
  const [first] = records;
  const hasHeadings = first !== undefined && !first.cells.some((cell) => cell.includes("@") || /^APP-\d/.test(cell));
  const rows = hasHeadings ? records.slice(1) : records;
  if (rows.length === 0) return { lines: [], refusals: [badCsv(1, "There is no assignment in it.")] };
  if (rows.length > MOST_ROWS) {
    const message = `The file has ${rows.length} assignments, and at most ${MOST_ROWS} can be made at once.`;
    return { lines: [], refusals: [refusal("TOO_MANY", message, "csv")] };
  }
  const bad = rows.filter(({ cells }) => cells.length !== 2 || cells.includes(""));
  const lines = rows.filter((row) => !bad.includes(row));
  return {
    lines: lines.map(({ line, cells: [number = "", email = ""] }) => ({ line, number, email })),
    refusals: bad.map(({ line }) => badCsv(line, "It must have an application's number and a reviewer's address.")),
  };
}

/** The fault of a line of a file. */
export function badCsv(line: number, what: string): Refusal<"BAD_CSV"> {
  return refusal("BAD_CSV", `Line ${line}: ${what}`, "csv", String(line));
}

/** The new assignments of a file, and the fault of each line that makes none. A line that is done already makes none either. */
export function checkLines(
  lines: readonly Line[],
  facts: { viewer: Viewer; cohort: Cohort },
): { rows: Assignment[]; refusals: Refusal<RunCode>[] } {
  const rows: Assignment[] = [];
  const refusals: Refusal<RunCode>[] = [];
  const seen = new Set<string>();
  for (const { line, application, applicant, member, partnerId } of lines) {
    const fault = (code: RunCode, what: string) =>
      refusals.push(refusal(code, `Line ${line}: ${what}`, "csv", String(line)));
    if (!application || !applicant) {
      fault("UNKNOWN_APPLICATION", "This cohort has no such application.");
      continue;
    }
    if (!member) {
      fault("NOT_A_MEMBER", "Nobody on this cohort's committee has this address.");
      continue;
    }
    const name = `${application.id} ${member.id}`;
    if (seen.has(name)) {
      fault("ROW_TWICE", "This assignment stands in the file twice.");
      continue;
    }
    seen.add(name);
    const ruling = assignReviewers(application, [{ person: member }], { ...facts, applicant, partnerId });
    if (isRefused(ruling)) for (const { code, message } of ruling.refusals) fault(code, message);
    else if (ruling.events.length > 0) rows.push({ applicationId: application.id, personId: member.id });
  }
  return { rows, refusals };
}
