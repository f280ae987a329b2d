import {
  ORGANIZATION_KINDS,
  regionOf,
  wasSubmitted,
  type Application,
  type Organization,
} from "../application/application.ts";
import type { Cohort } from "../cohort/cohort.ts";
import type { Decision } from "./decision.ts";
import { obstacleOf, type SlateRow } from "./row.ts";
import { OUTCOMES, type Outcome } from "./terms.ts";

/** How many of each outcome. */
export type Tally = Record<"accept" | "waitlist" | "decline", number>;

/** What would come of a slate if all of it were decided now. */
export interface WhatIf {
  outcomes: Tally;
  /** Null where nobody is to count back, and for mentors, who take no seats. */
  seats: { total: number; elsewhere: number; proposed: number; left: number } | null;
  organizationKinds: readonly ({ kind: Organization["kind"] } & Tally)[];
  /** By how the first to name a region wrote it; whoever named none is in none. */
  regions: readonly ({ region: string } & Tally)[];
  jobTitles: readonly { jobTitle: string; accepted: number }[];
  /** Null where nobody is to count back. */
  mentorCoverage: { candidates: number; mentors: number; places: number; lacking: number } | null;
  conflicts: readonly RowConflict[];
  /** Who joins the waitlist, moves on it or leaves it; null where nobody is to count back. */
  waitlist: readonly WaitlistMove[] | null;
}

/** Why a row cannot be decided as it stands. */
export interface RowConflict {
  applicationId: string;
  code: "NOT_DECIDABLE" | "RANK_TWICE" | "RANK_HELD";
  message: string;
}

/** Somebody's place on the waitlist before and after; null where they are not on it. */
export interface WaitlistMove {
  applicationId: string;
  from: number | null;
  to: number | null;
}

/** What has to be known of the cohort for it. */
export interface WhatIfFacts {
  cohort: Cohort;
  applications: ReadonlyMap<string, Application>;
  decisions: ReadonlyMap<string, Decision>;
  /** Who has which place now. */
  waitlist: readonly { applicationId: string; rank: number }[];
  seatsTaken: number;
  /** Ids of the applications of mentors who are accepted, or prepared to be. */
  mentors: readonly string[];
}

/** What would come of rows of one kind. Whoever must not count back to a row that is kept from them gets no sums. */
export function whatIf(
  kind: "CANDIDATE" | "MENTOR",
  rows: readonly SlateRow[],
  facts: WhatIfFacts,
  { mayCount, mayCountOther }: { mayCount: boolean; mayCountOther: boolean },
): WhatIf {
  const { cohort, applications } = facts;
  const outcomes = tallyOf(rows);
  const held = rows.filter(({ applicationId }) => facts.decisions.get(applicationId)?.holdsSeat).length;
  const elsewhere = facts.seatsTaken - held;
  const isOfCandidates = kind === "CANDIDATE";
  const candidates = isOfCandidates ? elsewhere + outcomes.accept : facts.seatsTaken;
  const onSlate = new Set(rows.map(({ applicationId }) => applicationId));
  const mentors = isOfCandidates
    ? facts.mentors.length
    : facts.mentors.filter((id) => !onSlate.has(id)).length + outcomes.accept;
  const places = mentors * cohort.policy.team.mentorCapacity;
  const seats = { total: cohort.seats, elsewhere, proposed: outcomes.accept, left: cohort.seats - candidates };
  return {
    outcomes,
    seats: isOfCandidates && mayCount ? seats : null,
    organizationKinds: ORGANIZATION_KINDS.map((one) => ofOrganization(one, rows, applications)).filter(
      ({ accept, waitlist, decline }) => accept + waitlist + decline > 0,
    ),
    regions: regionsOf(rows, applications),
    jobTitles: jobTitlesOf(rows, applications),
    mentorCoverage:
      mayCount && mayCountOther ? { candidates, mentors, places, lacking: Math.max(0, candidates - places) } : null,
    conflicts: rows.flatMap((row) => conflictsOf(row, rows, facts)),
    waitlist: mayCount ? movesOf(rows, facts.waitlist) : null,
  };
}

/** Rows of two slates that differ: what each proposes, null where it proposes nothing. */
export function differences(
  a: readonly SlateRow[],
  b: readonly SlateRow[],
): { applicationId: string; a: SlateRow | null; b: SlateRow | null }[] {
  const ids = [...new Set([...a, ...b].map(({ applicationId }) => applicationId))];
  const find = (rows: readonly SlateRow[], id: string) => rows.find((row) => row.applicationId === id) ?? null;
  return ids
    .map((id) => ({ applicationId: id, a: find(a, id), b: find(b, id) }))
    .filter((row) => row.a?.outcome !== row.b?.outcome || row.a?.rank !== row.b?.rank);
}

const NAME = { ACCEPT: "accept", WAITLIST: "waitlist", DECLINE: "decline" } as const satisfies Record<Outcome, string>;

function tallyOf(rows: readonly SlateRow[]): Tally {
  const counted = OUTCOMES.map((one) => [NAME[one], rows.filter(({ outcome }) => outcome === one).length]);
  return Object.fromEntries(counted) as Tally;
}

function ofOrganization(
  kind: Organization["kind"],
  rows: readonly SlateRow[],
  applications: WhatIfFacts["applications"],
) {
  return { kind, ...tallyOf(rows.filter((row) => submissionOf(row, applications)?.organization.kind === kind)) };
}

function regionsOf(rows: readonly SlateRow[], applications: WhatIfFacts["applications"]): WhatIf["regions"] {
  const named = Map.groupBy(rows, (row) => regionOf(submissionOf(row, applications)?.organization));
  named.delete("");
  const found = [...named.values()].map((those) =>
    Object.assign(tallyOf(those), { region: submissionOf(those[0]!, applications)!.organization.region! }),
  );
  return found.sort((a, b) => b.accept - a.accept || (a.region < b.region ? -1 : 1));
}

function submissionOf({ applicationId }: SlateRow, applications: WhatIfFacts["applications"]) {
  const application = applications.get(applicationId);
  return application && wasSubmitted(application) ? application.submission : null;
}

function jobTitlesOf(rows: readonly SlateRow[], applications: WhatIfFacts["applications"]): WhatIf["jobTitles"] {
  const counts = new Map<string, number>();
  for (const row of rows.filter(({ outcome }) => outcome === "ACCEPT")) {
    const title = submissionOf(row, applications)?.jobTitle;
    if (title !== undefined) counts.set(title, (counts.get(title) ?? 0) + 1);
  }
  const found = [...counts].map(([jobTitle, accepted]) => ({ jobTitle, accepted }));
  return found.sort((a, b) => b.accepted - a.accepted || (a.jobTitle < b.jobTitle ? -1 : 1));
}

function conflictsOf(row: SlateRow, rows: readonly SlateRow[], facts: WhatIfFacts): RowConflict[] {
  const { applicationId, rank } = row;
  const obstacle = obstacleOf(row, facts.applications.get(applicationId));
  const isTwice = rank !== null && rows.some((other) => other !== row && other.rank === rank);
  const onSlate = new Set(rows.map((other) => other.applicationId));
  const isHeld = facts.waitlist.some((one) => one.rank === rank && !onSlate.has(one.applicationId));
  return [
    ...(obstacle === null ? [] : [{ applicationId, code: "NOT_DECIDABLE" as const, message: obstacle }]),
    ...(isTwice
      ? [{ applicationId, code: "RANK_TWICE" as const, message: "Its place on the waitlist is given twice." }]
      : []),
    ...(isHeld
      ? [{ applicationId, code: "RANK_HELD" as const, message: "Somebody who is not on the slate has this place." }]
      : []),
  ];
}

/** Somebody else keeps their place; whoever is on the slate gets the proposed one, or none. */
function movesOf(rows: readonly SlateRow[], waitlist: WhatIfFacts["waitlist"]): WaitlistMove[] {
  const placeOf = (id: string) => waitlist.find(({ applicationId }) => applicationId === id)?.rank ?? null;
  return rows
    .map(({ applicationId, rank }) => ({ applicationId, from: placeOf(applicationId), to: rank }))
    .filter(({ from, to }) => from !== to)
    .sort((a, b) => (a.to ?? 999) - (b.to ?? 999));
}
