import type { ApplicationKind } from "../application/application.ts";
import type { Cohort } from "../cohort/cohort.ts";
import { instantInWords, type Instant } from "../shared/time.ts";
import type { Choice, Result } from "./tally.ts";
import type { Outcome, Vote } from "./terms.ts";

/** An application as the minutes name it. */
interface Named {
  applicationId: string;
  number: string | null;
  applicantName: string | null;
}

/** A motion in the minutes. */
export interface MinutedMotion {
  motionId: string;
  name: string;
  openedAt: Instant;
  openedBy: string;
  /** Null before its votes are counted. */
  closedAt: Instant | null;
  isWithdrawn: boolean;
  /** Empty where there is none for the reader. */
  rationale: string;
  votes: readonly { personId: string; name: string; choice: Choice; comment: string }[];
  rows: readonly (Named & {
    outcome: Outcome;
    rank: number | null;
    rationale: string;
    result: Result | null;
    vote: Vote | null;
    apart: readonly { personId: string; name: string }[];
    obstacle: string | null;
  })[];
}

/** A release in the minutes. */
export interface MinutedRelease {
  at: Instant;
  by: string;
  /** The reason is empty where another decision has taken its place since. */
  rows: readonly (Named & { outcome: Outcome; rationale: string })[];
}

/** A reversal in the minutes. */
export interface MinutedReversal extends Named {
  at: Instant;
  by: string;
  from: Outcome;
  to: Outcome;
  why: string;
}

/** Everything the committee has moved, voted, released and reversed, as one reader may see it. */
export interface Minutes {
  motions: readonly MinutedMotion[];
  releases: readonly MinutedRelease[];
  reversals: readonly MinutedReversal[];
}

const OUTCOME = { ACCEPT: "accept", WAITLIST: "waitlist", DECLINE: "decline" } as const;
const CHOICE = { FOR: "for", AGAINST: "against", ABSTAIN: "abstained" } as const;
const RESULT = { CARRIED: "carried", LOST: "lost", NO_QUORUM: "no quorum" } as const;
const KIND = { CANDIDATE: "candidates", MENTOR: "mentors" } as const;

/** The minutes as plain text, in the order in which things happened. */
export function minutesText({ motions, releases, reversals }: Minutes, cohort: Cohort, kind: ApplicationKind): string {
  const when = (at: Instant) => instantInWords(at, cohort.zone);
  const parts = [
    ...motions.map((one) => ({ at: one.openedAt, text: motionText(one, when) })),
    ...releases.map((one) => ({ at: one.at, text: releaseText(one, when) })),
    ...reversals.map((one) => ({ at: one.at, text: reversalText(one, when) })),
  ].sort((a, b) => (a.at < b.at ? -1 : 1));
  const title = `Minutes of the Steering Committee: ${KIND[kind]} of the ${cohort.name}`;
  return `${[title, ...(parts.length > 0 ? parts.map(({ text }) => text) : ["Nothing was moved or decided."])].join("\n\n")}\n`;
}

function motionText(motion: MinutedMotion, when: (at: Instant) => string): string {
  const { name, openedAt, openedBy, closedAt, isWithdrawn, rationale, votes, rows } = motion;
  const end = isWithdrawn ? "Withdrawn." : closedAt === null ? "Not counted yet." : `Counted on ${when(closedAt)}.`;
  return lines(
    `Motion “${name}”, put to the vote by ${openedBy} on ${when(openedAt)}. ${end}`,
    rationale === "" ? null : `Reason: ${rationale}`,
    votes.length === 0
      ? null
      : `Votes: ${votes.map((one) => `${one.name} ${CHOICE[one.choice]}${said(one)}`).join("; ")}.`,
    ...rows.map((row) => {
      const place = row.rank === null ? "" : ` at place ${row.rank}`;
      const count = row.vote && `${row.vote.inFavor} for, ${row.vote.against} against, ${row.vote.abstained} abstained`;
      return sentence(
        `- ${nameOf(row)}: ${OUTCOME[row.outcome]}${place}`,
        row.result === null ? null : `${RESULT[row.result]} (${count})`,
        row.apart.length === 0 ? null : `without ${row.apart.map((one) => one.name).join(", ")}`,
        row.rationale === "" ? null : `reason: ${row.rationale}`,
        row.obstacle === null ? null : `not prepared: ${row.obstacle}`,
      );
    }),
  );
}

function releaseText({ at, by, rows }: MinutedRelease, when: (at: Instant) => string): string {
  return lines(
    `Released by ${by} on ${when(at)}:`,
    ...rows.map((row) =>
      sentence(`- ${nameOf(row)}: ${OUTCOME[row.outcome]}`, row.rationale === "" ? null : `reason: ${row.rationale}`),
    ),
  );
}

function reversalText(one: MinutedReversal, when: (at: Instant) => string): string {
  const change = `from ${OUTCOME[one.from]} to ${OUTCOME[one.to]}`;
  return lines(
    `Reversed by ${one.by} on ${when(one.at)}:`,
    sentence(`- ${nameOf(one)}: ${change}`, `reason: ${one.why}`),
  );
}

const lines = (...some: (string | null)[]): string => some.filter((one) => one !== null).join("\n");
const sentence = (...some: (string | null)[]): string => some.filter((one) => one !== null).join("; ");
const said = ({ comment }: { comment: string }): string => (comment === "" ? "" : ` (“${comment}”)`);
const nameOf = ({ number, applicantName }: Named): string => [number, applicantName].filter(Boolean).join(" ");
