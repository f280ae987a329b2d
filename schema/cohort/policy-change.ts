import { refusal, textRefusals, type Decision, type Refusal, type TextCode } from "../shared/decision.ts";
import { isSame } from "../shared/same.ts";
import { conflict, rangeRefusals, type Cohort, type CohortEvent } from "./cohort.ts";
import type { ApplicantKind, CohortPolicy, LetterPolicy, OfferPolicy, ReviewPolicy, TeamPolicy } from "./policy.ts";

/** What staff change of a policy: of each section only what is given. Criteria are changed as a list of their own. */
export interface PolicyEdit {
  letters?: Partial<Omit<LetterPolicy, "required">> & { required?: Partial<Record<ApplicantKind, number>> };
  review?: Partial<ReviewPolicy>;
  vote?: Partial<CohortPolicy["vote"]>;
  offer?: Partial<OfferPolicy>;
  team?: Partial<TeamPolicy>;
  regions?: readonly string[];
}

/** Why a policy is not accepted. */
export type PolicyCode = TextCode | "OUT_OF_RANGE" | "BAD_TIME" | "CONFLICT";

/** Changes numbers and choices of a cohort's policy; every fault is named, and nothing is changed then. */
export function changePolicy(
  cohort: Cohort,
  edit: PolicyEdit,
  expectedVersion: number,
): Decision<Cohort, PolicyCode, CohortEvent> {
  if (expectedVersion !== cohort.version) return { refusals: [conflict] };
  const before = cohort.policy;
  const required = { ...before.letters.required, ...edit.letters?.required };
  const policy: CohortPolicy = {
    ...before,
    letters: withReminders({ ...before.letters, ...edit.letters, required }),
    review: withReminders({ ...before.review, ...edit.review }),
    vote: { ...before.vote, ...edit.vote },
    offer: withReminders({ ...before.offer, ...edit.offer }),
    team: { ...before.team, ...edit.team },
    regions: edit.regions?.map((region) => region.trim()) ?? before.regions,
  };
  const refusals = policyRefusals(policy);
  if (refusals.length > 0) return { refusals };
  const sections = ["letters", "review", "vote", "offer", "team", "regions"] as const;
  const changed = sections.filter((section) => !isSame(before[section], policy[section]));
  const event: CohortEvent = {
    type: "CohortPolicyChanged",
    about: { kind: "Cohort", id: cohort.id },
    facts: {},
    before: Object.fromEntries(changed.map((section) => [section, before[section]])),
    after: Object.fromEntries(changed.map((section) => [section, policy[section]])),
  };
  return { outcome: { ...cohort, policy }, events: [event] };
}

/** Reminders each once, the earliest first, in whatever order they were written. */
function withReminders<Section extends { reminderDays: readonly number[] }>(section: Section): Section {
  return { ...section, reminderDays: [...new Set(section.reminderDays)].sort((a, b) => b - a) };
}

function policyRefusals({ letters, review, vote, offer, team, regions }: CohortPolicy): Refusal<PolicyCode>[] {
  return [
    ...rangeRefusals("The number of a candidate's letters", letters.required.CANDIDATE, 0, 5, "letters", "candidates"),
    ...rangeRefusals("The number of a mentor's letters", letters.required.MENTOR, 0, 5, "letters", "mentors"),
    ...rangeRefusals("The days that letters may come later", letters.toleranceDays, 0, 60, "letters", "toleranceDays"),
    ...reminderRefusals(letters.reminderDays, 60, "letters"),
    ...rangeRefusals("The number of reviews", review.perApplication, 1, 10, "review", "perApplication"),
    ...shareRefusals("The spread to discuss", review.discussAbove, 4, "review", "discussAbove"),
    ...rangeRefusals("The days for a review", review.days, 1, 120, "review", "days"),
    ...reminderRefusals(review.reminderDays, review.days - 1, "review"),
    ...shareRefusals("The quorum", vote.quorumAbove, 1, "vote", "quorumAbove"),
    ...rangeRefusals("The days of an offer", offer.days, 1, 90, "offer", "days"),
    ...clockRefusals(offer.lapsesAt, "offer", "lapsesAt"),
    ...reminderRefusals(offer.reminderDays, offer.days - 1, "offer"),
    ...rangeRefusals("The number of a mentor's candidates", team.mentorCapacity, 1, 10, "team", "mentorCapacity"),
    ...rangeRefusals("The days for a mentor's answer", team.days, 1, 60, "team", "days"),
    ...regionRefusals(regions),
  ];
}

const MOST_REMINDERS = 10;

function reminderRefusals(days: readonly number[], most: number, section: string): Refusal<PolicyCode>[] {
  const field = [section, "reminderDays"];
  if (days.length > MOST_REMINDERS) {
    return [
      refusal("OUT_OF_RANGE", `More than ${MOST_REMINDERS} reminders are too many: please send fewer.`, ...field),
    ];
  }
  if (days.every((day) => Number.isInteger(day) && day >= 1 && day <= most)) return [];
  const message =
    most < 1
      ? "There is no whole day between the beginning and the end to remind anybody on: please leave reminders out."
      : `Reminders go out a whole number of days from 1 to ${most} before the end.`;
  return [refusal("OUT_OF_RANGE", message, ...field)];
}

/** From 0 up to, not including, a number that would mean never. */
function shareRefusals(label: string, value: number, below: number, ...field: string[]): Refusal<"OUT_OF_RANGE">[] {
  if (value >= 0 && value < below) return [];
  return [refusal("OUT_OF_RANGE", `${label} must be a number from 0 to less than ${below}.`, ...field)];
}

function clockRefusals(time: string, ...field: string[]): Refusal<"BAD_TIME">[] {
  if (/^([01]\d|2[0-3]):[0-5]\d$/.test(time)) return [];
  return [refusal("BAD_TIME", "This is not a time of day: please write it as 17:00.", ...field)];
}

function regionRefusals(regions: readonly string[]): Refusal<PolicyCode>[] {
  if (regions.length < 1 || regions.length > 20) {
    return [refusal("OUT_OF_RANGE", "Please name 1 to 20 regions that take turns.", "regions")];
  }
  const limit = { max: 80, label: "The region" };
  return regions.flatMap((region, index) => textRefusals(region, limit, "regions", String(index)));
}
