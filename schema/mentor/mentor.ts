import { conflictRefusals, type Application } from "../application/application.ts";
import type { TeamPolicy } from "../cohort/policy.ts";
import type { Viewer } from "../person/person.ts";
import {
  reasonRefusals,
  refusal,
  type Decision,
  type Happening,
  type Refusal,
  type TextCode,
} from "../shared/decision.ts";
import type { Instant } from "../shared/time.ts";

/** Most candidates that one mentor can be allowed. */
export const MOST_CANDIDATES = 5;

/** Why staff keep a candidate and a mentor from becoming a team. */
export const EXCLUSION_KINDS = ["REPORTS_TO", "CONFLICT"] as const;

/** One of EXCLUSION_KINDS. */
export type ExclusionKind = (typeof EXCLUSION_KINDS)[number];

/** A candidate that a mentor is not to be teamed with. The reason stands in the history alone. */
export interface Exclusion {
  candidateApplicationId: string;
  kind: ExclusionKind;
  at: Instant;
}

/** What staff note on an accepted mentor of a cohort. */
export interface Mentor {
  /** The id of the mentor's application. */
  id: string;
  version: number;
  cohortId: string;
  personId: string;
  /** Most candidates at a time; null: what the cohort's policy says. */
  capacity: number | null;
  exclusions: readonly Exclusion[];
  /** When the mentor was told that there is no candidate for them; null otherwise. */
  notNeededAt: Instant | null;
}

/** What happens to mentors besides their teams. */
export type MentorEvent =
  | Happening<"MentorCapacitySet", { cohortId: string }>
  | Happening<"MentorNotNeeded", { cohortId: string; personId: string; teamIds: readonly string[] }>
  | Happening<"TeamExclusionAdded", { candidateApplicationId: string; kind: ExclusionKind }>
  | Happening<"TeamExclusionLifted", { candidateApplicationId: string; kind: ExclusionKind }>;

/** Why staff cannot change what is noted on a mentor. */
export type MentorCode = "NOT_A_MENTOR" | "NOT_ACCEPTED" | "OWN_APPLICATION" | "RECUSED";

/** A mentor's application with what is noted on it, and how many candidates have the mentor at the moment. */
export interface MentorFacts {
  application: Application;
  mentor: Mentor;
  taken: number;
}

/** What is noted on a mentor on whom nothing was noted yet. */
export function freshMentor({ id, cohortId, personId }: Application): Mentor {
  return { id, version: 0, cohortId, personId, capacity: null, exclusions: [], notNeededAt: null };
}

/** Most candidates of a mentor at a time: the mentor's own number, or the policy's. */
export function capacityOf({ capacity }: Mentor, policy: TeamPolicy): number {
  return capacity ?? policy.mentorCapacity;
}

/** How many more candidates a mentor can have; none for one who was told that there is no candidate for them. */
export function spareOf({ mentor, taken }: Pick<MentorFacts, "mentor" | "taken">, policy: TeamPolicy): number {
  return mentor.notNeededAt === null ? Math.max(0, capacityOf(mentor, policy) - taken) : 0;
}

/** Why an application is not that of a mentor whom the viewer may look after. */
export function mentorRefusals(application: Application, viewer: Viewer, ...field: string[]): Refusal<MentorCode>[] {
  const conflicts = conflictRefusals(application, viewer);
  if (conflicts.length > 0) return conflicts;
  if (application.kind !== "MENTOR") {
    return [refusal("NOT_A_MENTOR", "This is the application of a candidate, not of a mentor.", ...field)];
  }
  if (application.state === "ACCEPTED") return [];
  return [refusal("NOT_ACCEPTED", "This mentor is not accepted, or not any more.", ...field)];
}

/** Sets how many candidates a mentor can have; null leaves it to the policy. Whoever was not needed can be asked again. */
export function setCapacity(
  { application, mentor, taken }: MentorFacts,
  { viewer, capacity, policy }: { viewer: Viewer; capacity: number | null; policy: TeamPolicy },
): Decision<Mentor, MentorCode | "OUT_OF_RANGE" | "MENTOR_FULL" | "UNCHANGED", MentorEvent> {
  const refused = mentorRefusals(application, viewer, "applicationId");
  if (refused.length > 0) return { refusals: refused };
  if (capacity !== null && !(Number.isInteger(capacity) && capacity >= 0 && capacity <= MOST_CANDIDATES)) {
    const message = `A mentor has from 0 to ${MOST_CANDIDATES} candidates: please choose a number between.`;
    return { refusals: [refusal("OUT_OF_RANGE", message, "capacity")] };
  }
  if (taken > (capacity ?? policy.mentorCapacity)) return { refusals: [moreTaken] };
  if (capacity === mentor.capacity && mentor.notNeededAt === null) {
    return { refusals: [refusal("UNCHANGED", "The mentor's number is this one already.", "capacity")] };
  }
  const event: MentorEvent = {
    type: "MentorCapacitySet",
    about: { kind: "Mentor", id: mentor.id },
    facts: { cohortId: mentor.cohortId },
    before: { capacity: mentor.capacity, notNeededAt: mentor.notNeededAt },
    after: { capacity, notNeededAt: null },
  };
  return { outcome: { ...mentor, capacity, notNeededAt: null }, events: [event] };
}

/** The refusal of a number below what is taken. */
export const moreTaken = refusal(
  "MENTOR_FULL",
  "The mentor has more candidates than that at the moment: please end a team first.",
  "capacity",
);

/** Tells a mentor without a candidate that there is none for them this year. */
export function tellNotNeeded(
  { application, mentor, taken }: MentorFacts,
  { viewer }: { viewer: Viewer },
): Decision<Mentor, MentorCode | "HAS_TEAM" | "UNCHANGED", MentorEvent> {
  const refused = mentorRefusals(application, viewer, "applicationId");
  if (refused.length > 0) return { refusals: refused };
  if (taken > 0) return { refusals: [hasCandidate] };
  if (mentor.notNeededAt !== null) {
    return { refusals: [refusal("UNCHANGED", "The mentor was told so already.", "applicationId")] };
  }
  const event: MentorEvent = {
    type: "MentorNotNeeded",
    about: { kind: "Mentor", id: mentor.id },
    facts: { cohortId: mentor.cohortId, personId: mentor.personId, teamIds: [] },
    after: { notNeededAt: viewer.now },
  };
  return { outcome: { ...mentor, notNeededAt: viewer.now }, events: [event] };
}

/** The refusal of telling a mentor with a candidate that there is none. */
export const hasCandidate = refusal(
  "HAS_TEAM",
  "This mentor has a candidate, or was asked to take one.",
  "applicationId",
);

/** A mentor, and the application of the candidate that the mentor is kept from. */
export type ExclusionFacts = Pick<MentorFacts, "application" | "mentor"> & { candidate: Application };

/** Keeps a candidate and a mentor from becoming a team: one reports to the other, or there is a conflict. */
export function addExclusion(
  facts: ExclusionFacts,
  { viewer, kind, why }: { viewer: Viewer; kind: ExclusionKind; why: string },
): Decision<Mentor, MentorCode | TextCode | "NOT_A_CANDIDATE" | "ALREADY_EXCLUDED" | "ANOTHER_COHORT", MentorEvent> {
  const { mentor, candidate } = facts;
  const refused = exclusionRefusals(facts, viewer);
  const refusals = [...refused, ...(refused.length > 0 ? [] : reasonRefusals(why))];
  if (refusals.length > 0) return { refusals };
  if (exclusionOf(mentor, candidate.id)) {
    return { refusals: [refusal("ALREADY_EXCLUDED", "These two are kept apart already.", "candidateApplicationId")] };
  }
  const exclusion = { candidateApplicationId: candidate.id, kind, at: viewer.now };
  return {
    outcome: { ...mentor, exclusions: [...mentor.exclusions, exclusion] },
    events: [exclusionEvent("TeamExclusionAdded", mentor, exclusion, why)],
  };
}

/** Lets a candidate and a mentor become a team again. */
export function liftExclusion(
  facts: ExclusionFacts,
  { viewer, why }: { viewer: Viewer; why: string },
): Decision<Mentor, MentorCode | TextCode | "NOT_A_CANDIDATE" | "NOT_EXCLUDED" | "ANOTHER_COHORT", MentorEvent> {
  const { mentor, candidate } = facts;
  const refused = exclusionRefusals(facts, viewer);
  const refusals = [...refused, ...(refused.length > 0 ? [] : reasonRefusals(why))];
  if (refusals.length > 0) return { refusals };
  const exclusion = exclusionOf(mentor, candidate.id);
  if (!exclusion) {
    return { refusals: [refusal("NOT_EXCLUDED", "These two are not kept apart.", "candidateApplicationId")] };
  }
  return {
    outcome: { ...mentor, exclusions: mentor.exclusions.filter((one) => one !== exclusion) },
    events: [exclusionEvent("TeamExclusionLifted", mentor, exclusion, why)],
  };
}

/** What keeps a mentor from a candidate; undefined when nothing was noted. */
export function exclusionOf({ exclusions }: Mentor, candidateApplicationId: string): Exclusion | undefined {
  return exclusions.find((one) => one.candidateApplicationId === candidateApplicationId);
}

function exclusionRefusals({ application, candidate }: ExclusionFacts, viewer: Viewer) {
  const conflicts = [...conflictRefusals(application, viewer), ...conflictRefusals(candidate, viewer)].slice(0, 1);
  if (conflicts.length > 0) return conflicts;
  if (candidate.cohortId !== application.cohortId) {
    return [refusal("ANOTHER_COHORT", "These two have applied to different cohorts.", "candidateApplicationId")];
  }
  return [
    ...(application.kind === "MENTOR"
      ? []
      : [refusal("NOT_A_MENTOR", "This is not the application of a mentor.", "mentorApplicationId")]),
    ...(candidate.kind === "CANDIDATE"
      ? []
      : [refusal("NOT_A_CANDIDATE", "This is not the application of a candidate.", "candidateApplicationId")]),
  ];
}

function exclusionEvent(
  type: "TeamExclusionAdded" | "TeamExclusionLifted",
  { id }: Mentor,
  { candidateApplicationId, kind }: Exclusion,
  why: string,
): MentorEvent {
  return { type, about: { kind: "Mentor", id }, facts: { candidateApplicationId, kind }, why: why.trim() };
}
