import { regionOf, wasSubmitted, type Application, type Organization } from "../application/application.ts";
import type { CurriculumArea, TeamPolicy } from "../cohort/policy.ts";
import { exclusionOf, spareOf, type MentorFacts } from "../mentor/mentor.ts";
import { idsOf, type Person } from "../person/person.ts";
import { haveOneEmployer } from "./employer.ts";
import type { Team } from "./team.ts";

/** Why a pair is a good one, or less so. */
export const MATCH_REASONS = [
  "JOINT_REQUEST",
  "SAME_REGION",
  "SAME_KIND",
  "SAME_SIZE",
  "EXPERTISE",
  "SAME_EMPLOYER",
] as const;

/** One of MATCH_REASONS. */
export type MatchReason = (typeof MATCH_REASONS)[number];

/** What a pair gets or loses points for, and a sentence that says why. */
export interface Reason {
  code: MatchReason;
  points: number;
  text: string;
}

/** Why a candidate and a mentor cannot be a team. */
export const OBSTACLES = [
  "SAME_PERSON",
  "NO_PLACE",
  "NOT_NEEDED",
  "SAME_EMPLOYER",
  "REPORTING_LINE",
  "CONFLICT",
  "DECLINED_BEFORE",
] as const;

/** One of OBSTACLES. */
export type ObstacleCode = (typeof OBSTACLES)[number];

/** What stands in the way of a pair, with a sentence that says so. */
export interface Obstacle {
  code: ObstacleCode;
  text: string;
}

/** A candidate to be matched. */
export interface CandidateSide {
  application: Application;
  /** The application of whom they apply together with, once both have confirmed; absent where there is none. */
  partnerApplicationId?: string;
  /** Undefined where the record is gone. */
  person: Person | undefined;
}

/** A mentor to be matched. */
export interface MentorSide extends MentorFacts {
  person: Person | undefined;
}

/** A candidate and a mentor, with what speaks for them and what rules them out. */
export interface Judged {
  candidateApplicationId: string;
  mentorApplicationId: string;
  /** The sum of the reasons' points. */
  score: number;
  reasons: readonly Reason[];
  /** Empty when the two can be a team. */
  excludedBecause: readonly Obstacle[];
}

/** What holds for all pairs of a cohort. */
export interface MatchTerms {
  policy: TeamPolicy;
  curriculum: readonly CurriculumArea[];
  teams: readonly Team[];
}

/** Points by reason. Whoever asked for each other outweighs everything else that one pair can have. */
const POINTS = { joint: 100, region: 15, kind: 10, size: 5, area: 3, employer: 20 };
/** Areas that count at most, so that long answers do not decide. */
const MOST_AREAS = 3;

/** What speaks for a candidate and a mentor, and what rules them out. */
export function judge(candidate: CandidateSide, mentor: MentorSide, terms: MatchTerms): Judged {
  const reasons = reasonsFor(candidate, mentor, terms);
  return {
    candidateApplicationId: candidate.application.id,
    mentorApplicationId: mentor.application.id,
    score: reasons.reduce((sum, { points }) => sum + points, 0),
    reasons,
    excludedBecause: obstaclesOf(candidate, mentor, terms),
  };
}

function organizationOf(application: Application): Organization | null {
  return wasSubmitted(application) ? application.submission.organization : null;
}

function reasonsFor(candidate: CandidateSide, mentor: MentorSide, { policy, curriculum }: MatchTerms): Reason[] {
  const [theirs, ours] = [organizationOf(candidate.application), organizationOf(mentor.application)];
  const reasons: Reason[] = [];
  if (areJoint(candidate, mentor)) {
    reasons.push({ code: "JOINT_REQUEST", points: POINTS.joint, text: "They have applied together." });
  }
  if (theirs?.region && regionOf(theirs) === regionOf(ours)) {
    reasons.push({ code: "SAME_REGION", points: POINTS.region, text: `Both work in ${theirs.region}.` });
  }
  if (theirs && theirs.kind !== "OTHER" && theirs.kind === ours?.kind) {
    reasons.push({ code: "SAME_KIND", points: POINTS.kind, text: `Both work for ${KINDS[theirs.kind]}.` });
  }
  if (theirs?.size && theirs.size === ours?.size) {
    reasons.push({ code: "SAME_SIZE", points: POINTS.size, text: "Their organizations are of one size." });
  }
  const areas = complementOf(candidate.application, mentor.application, curriculum).slice(0, MOST_AREAS);
  if (areas.length > 0) {
    const names = areas.map(({ name }) => name).join("; ");
    const text = `The mentor's answers speak of what the candidate's do not: ${names}.`;
    reasons.push({ code: "EXPERTISE", points: POINTS.area * areas.length, text });
  }
  if (policy.sameEmployer !== "REFUSED" && isOneEmployer(candidate, mentor)) {
    const points = policy.sameEmployer === "WELCOME" ? POINTS.employer : -POINTS.employer;
    const text = points > 0 ? "They have one employer, which is welcome." : "They have one employer.";
    reasons.push({ code: "SAME_EMPLOYER", points, text });
  }
  return reasons;
}

const KINDS = {
  DISTRICT: "a school district",
  COUNTY_OFFICE: "a county office of education",
  SCHOOL: "a school",
  STATE: "a state organization",
} as const;

/** Whether they apply together, as both have confirmed. */
export function areJoint({ partnerApplicationId }: CandidateSide, { application }: MentorSide): boolean {
  return partnerApplicationId === application.id;
}

function isOneEmployer(candidate: CandidateSide, mentor: MentorSide): boolean {
  return haveOneEmployer(
    { organization: organizationOf(candidate.application), person: candidate.person },
    { organization: organizationOf(mentor.application), person: mentor.person },
  );
}

/** Areas of the curriculum of which the mentor's answers speak and the candidate's do not: all that answers can tell. */
function complementOf(candidate: Application, mentor: Application, curriculum: readonly CurriculumArea[]) {
  const [theirs, ours] = [wordsOf(candidate), wordsOf(mentor)];
  const speaksOf = (words: ReadonlySet<string>, { name }: CurriculumArea) =>
    wordsIn(name).some((word) => word.length >= 7 && words.has(word));
  return curriculum.filter((area) => speaksOf(ours, area) && !speaksOf(theirs, area));
}

function wordsOf(application: Application): ReadonlySet<string> {
  const answers = wasSubmitted(application) ? application.submission.answers : [];
  return new Set(answers.flatMap(({ text }) => wordsIn(text)));
}

const wordsIn = (text: string) => text.toLowerCase().split(/[^\p{L}]+/u);

function obstaclesOf(candidate: CandidateSide, side: MentorSide, { policy, teams }: MatchTerms): Obstacle[] {
  const { application, mentor } = side;
  const { id } = candidate.application;
  const noted = exclusionOf(mentor, id)?.kind;
  const obstacles: Record<ObstacleCode, string | false> = {
    SAME_PERSON: isOnePerson(candidate, side) && "They are the same person.",
    NO_PLACE:
      mentor.notNeededAt === null &&
      spareOf(side, policy) === 0 &&
      "The mentor has as many candidates as they can have.",
    NOT_NEEDED: mentor.notNeededAt !== null && "The mentor was told that there is no candidate for them.",
    SAME_EMPLOYER:
      policy.sameEmployer === "REFUSED" &&
      isOneEmployer(candidate, side) &&
      "They have one employer, which this cohort does not allow.",
    REPORTING_LINE: noted === "REPORTS_TO" && "Staff noted that one reports to the other.",
    CONFLICT:
      (noted === "CONFLICT" && "Staff noted a conflict.") ||
      (isRecusedFromOther(candidate, side) && "One of them is recused from the other's application."),
    DECLINED_BEFORE:
      teams.some(
        ({ state, candidateApplicationId, mentorApplicationId }) =>
          state === "DECLINED" && candidateApplicationId === id && mentorApplicationId === application.id,
      ) && "The mentor has declined this team before.",
  };
  return OBSTACLES.flatMap((code) => {
    const text = obstacles[code];
    return text === false ? [] : [{ code, text }];
  });
}

function isOnePerson(candidate: CandidateSide, mentor: MentorSide): boolean {
  return candidate.person !== undefined && candidate.person.id === mentor.person?.id;
}

function isRecusedFromOther(candidate: CandidateSide, mentor: MentorSide): boolean {
  const isKeptAway = (person: Person | undefined, from: Application) =>
    person !== undefined && from.recusals.some(({ personId }) => idsOf(person).includes(personId));
  return isKeptAway(mentor.person, candidate.application) || isKeptAway(candidate.person, mentor.application);
}

/** Everybody to be matched, and every pair of them. */
export interface Matching {
  candidates: readonly CandidateSide[];
  mentors: readonly MentorSide[];
  pairs: readonly (readonly Judged[])[];
}

/** Judges every pair. */
export function judgeAll(
  candidates: readonly CandidateSide[],
  mentors: readonly MentorSide[],
  terms: MatchTerms,
): Matching {
  return {
    candidates,
    mentors,
    pairs: candidates.map((candidate) => mentors.map((mentor) => judge(candidate, mentor, terms))),
  };
}

/** The scores of a matching as a table of candidates and mentors; null where the two cannot be a team. */
export function scoresOf({ pairs }: Matching): (number | null)[][] {
  return pairs.map((row) => row.map(({ score, excludedBecause }) => (excludedBecause.length === 0 ? score : null)));
}

/** The mentors that a candidate can have, the best first; of equals whoever comes first by number. */
export function optionsOf(row: readonly Judged[], most: number): Judged[] {
  return row
    .filter(({ excludedBecause }) => excludedBecause.length === 0)
    .toSorted((a, b) => b.score - a.score)
    .slice(0, most);
}
