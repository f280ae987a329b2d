import { isRecusedFrom, type Application } from "../application/application.ts";
import { conflict, type Cohort } from "../cohort/cohort.ts";
import { isSelf, type Viewer } from "../person/person.ts";
import {
  confirmRefusals,
  reasonRefusals,
  refusal,
  textRefusals,
  type Decision,
  type Happening,
  type Refusal,
  type TextCode,
} from "../shared/decision.ts";
import { later, type Instant } from "../shared/time.ts";
import { OBSTACLES, type Judged, type MentorSide } from "./match.ts";
import { currentTeam, isSeated, type Team } from "./team.ts";

/** SAVED is worked on; PUBLISHED has become teams; UNPUBLISHED has taken them back; ARCHIVED was put aside. */
export const PROPOSAL_STATES = ["SAVED", "PUBLISHING", "PUBLISHED", "UNPUBLISHING", "UNPUBLISHED", "ARCHIVED"] as const;

/** One of PROPOSAL_STATES. */
export type ProposalState = (typeof PROPOSAL_STATES)[number];

/** A candidate and the mentor that is proposed. */
export interface Pair {
  candidateApplicationId: string;
  mentorApplicationId: string;
}

/** Who could become a team with whom, put down to be compared with others and published. */
export interface Proposal {
  id: string;
  version: number;
  cohortId: string;
  name: string;
  pairs: readonly Pair[];
  state: ProposalState;
  createdBy: string;
  createdAt: Instant;
  /** Who published it, or takes it back; null before. */
  carriedOutBy: string | null;
  /** When that was begun; null before. */
  carriedOutAt: Instant | null;
  /** Why it is being taken back; empty otherwise, because the reason stands in the history. */
  why: string;
  /** Teams that it made, by id. */
  teamIds: readonly string[];
  /** The mail that asked each mentor, by the mentor's application. */
  askedMessageIds: Readonly<Record<string, string>>;
  /** When a step that broke off is taken up again; null when none is open. */
  resumesAt: Instant | null;
}

/** What happens to proposals. */
export type ProposalEvent =
  | Happening<"TeamProposalSaved", { cohortId: string }>
  // Who it is about stands in the facts alone: a history shows what changed to people who may be recused from one of them.
  | Happening<"TeamProposalChanged", { cohortId: string; applicationIds: readonly string[] }>
  | Happening<"TeamProposalArchived", { cohortId: string }>
  | Happening<"TeamsPublishStarted", { cohortId: string; count: number }>
  | Happening<"TeamsPublished", { cohortId: string; count: number }>
  | Happening<"TeamsUnpublishStarted", { cohortId: string }>
  | Happening<"TeamsUnpublished", { cohortId: string; count: number }>;

/** Most pairs of a proposal, which are more than any cohort has seats. */
export const MOST_PAIRS = 50;

/** What is wrong with a pair of a proposal as things are now. */
export const VIOLATIONS = [...OBSTACLES, "NOT_ACCEPTED", "HAS_TEAM", "MENTOR_FULL"] as const;

/** One fault of one pair, with a sentence. */
export interface Violation extends Pair {
  code: (typeof VIOLATIONS)[number];
  text: string;
}

const NAME = { max: 120, label: "The name" };

/** Why a proposal is not kept. */
export type SaveProposalCode = TextCode | "TOO_MANY" | "CANDIDATE_TWICE" | "NOT_A_CANDIDATE" | "NOT_A_MENTOR";

/** Puts pairs down under a name. What stands in their way is no obstacle here: it is named, and stops the publishing. */
export function saveProposal(
  { id, cohortId, name, pairs }: Pick<Proposal, "id" | "cohortId" | "name" | "pairs">,
  known: KnownApplications,
  viewer: Viewer,
): Decision<Proposal, SaveProposalCode, ProposalEvent> {
  const refusals = [...textRefusals(name, NAME, "name"), ...pairsRefusals(pairs, known)];
  if (refusals.length > 0) return { refusals };
  const proposal: Proposal = {
    id,
    version: 0,
    cohortId,
    name: name.trim(),
    pairs,
    state: "SAVED",
    createdBy: viewer.person.id,
    createdAt: viewer.now,
    carriedOutBy: null,
    carriedOutAt: null,
    why: "",
    teamIds: [],
    askedMessageIds: {},
    resumesAt: null,
  };
  const event: ProposalEvent = { type: "TeamProposalSaved", about: about(proposal), facts: { cohortId } };
  return { outcome: proposal, events: [event] };
}

/** Applications that pairs may name: those of the cohort that the viewer has to do with, as they are now. */
export type KnownApplications = (id: string) => Application | undefined;

function pairsRefusals(pairs: readonly Pair[], known: KnownApplications): Refusal<SaveProposalCode>[] {
  if (pairs.length === 0) return [refusal("REQUIRED", "There are no pairs: please put down at least one.", "pairs")];
  if (pairs.length > MOST_PAIRS) {
    return [refusal("TOO_MANY", `There are more than ${MOST_PAIRS} pairs: please put down fewer.`, "pairs")];
  }
  return pairs.flatMap(({ candidateApplicationId: id, mentorApplicationId }, index) => {
    const at = ["pairs", String(index)] as const;
    const isTwice = pairs.findIndex((pair) => pair.candidateApplicationId === id) < index;
    return [
      ...(isTwice ? [refusal("CANDIDATE_TWICE", "This candidate is in two pairs: please choose one.", ...at)] : []),
      ...kindRefusals(known(id), known(mentorApplicationId), at),
    ];
  });
}

function kindRefusals(candidate: Application | undefined, mentor: Application | undefined, at: readonly string[]) {
  return [
    ...(candidate?.kind === "CANDIDATE"
      ? []
      : [refusal("NOT_A_CANDIDATE", "No such candidate of this cohort.", ...at, "candidateApplicationId")]),
    ...(mentor?.kind === "MENTOR"
      ? []
      : [refusal("NOT_A_MENTOR", "No such mentor of this cohort.", ...at, "mentorApplicationId")]),
  ];
}

/** Why a proposal is not changed. */
export type ChangeProposalCode =
  | "WRONG_STATE"
  | "CONFLICT"
  | "NOT_A_CANDIDATE"
  | "NOT_A_MENTOR"
  | "TOO_MANY"
  | "UNCHANGED";

/** Gives a candidate of a proposal another mentor, or none; a candidate who was not in it comes in. */
export function moveCandidate(
  proposal: Proposal,
  {
    candidateApplicationId,
    mentorApplicationId,
  }: { candidateApplicationId: string; mentorApplicationId: string | null },
  { known, expectedVersion }: { known: KnownApplications; expectedVersion: number },
): Decision<Proposal, ChangeProposalCode, ProposalEvent> {
  const refused = savedRefusals(proposal, expectedVersion);
  if (refused.length > 0) return { refusals: refused };
  const before = proposal.pairs.find((pair) => pair.candidateApplicationId === candidateApplicationId);
  const mentor = known(mentorApplicationId ?? before?.mentorApplicationId ?? "");
  const unknown = kindRefusals(known(candidateApplicationId), mentor, []);
  if (mentorApplicationId !== null || before) if (unknown.length > 0) return { refusals: unknown };
  if ((before?.mentorApplicationId ?? null) === mentorApplicationId) {
    return { refusals: [refusal("UNCHANGED", "The proposal says so already.", "mentorApplicationId")] };
  }
  const others = proposal.pairs.filter((pair) => pair !== before);
  const pairs = mentorApplicationId === null ? others : [...others, { candidateApplicationId, mentorApplicationId }];
  if (pairs.length > MOST_PAIRS) {
    return { refusals: [refusal("TOO_MANY", `A proposal has at most ${MOST_PAIRS} pairs.`)] };
  }
  const event: ProposalEvent = {
    type: "TeamProposalChanged",
    about: about(proposal),
    facts: {
      cohortId: proposal.cohortId,
      applicationIds: [candidateApplicationId, before?.mentorApplicationId, mentorApplicationId].filter(
        (id) => id != null,
      ),
    },
  };
  return { outcome: { ...proposal, pairs }, events: [event] };
}

/** Puts a proposal aside that nobody needs any more. */
export function archiveProposal(
  proposal: Proposal,
  { expectedVersion }: { expectedVersion: number },
): Decision<Proposal, "WRONG_STATE" | "CONFLICT", ProposalEvent> {
  const refused = savedRefusals(proposal, expectedVersion);
  if (refused.length > 0) return { refusals: refused };
  return step(proposal, "ARCHIVED", { type: "TeamProposalArchived", facts: { cohortId: proposal.cohortId } });
}

function savedRefusals(proposal: Proposal, expectedVersion: number): Refusal<"WRONG_STATE" | "CONFLICT">[] {
  if (proposal.state !== "SAVED") return [wrongState(proposal)];
  return proposal.version === expectedVersion ? [] : [conflict];
}

const LABELS: Record<ProposalState, string> = {
  SAVED: "Saved",
  PUBLISHING: "Being published",
  PUBLISHED: "Published",
  UNPUBLISHING: "Being taken back",
  UNPUBLISHED: "Taken back",
  ARCHIVED: "Archived",
};

const wrongState = ({ state }: Proposal) =>
  refusal("WRONG_STATE", `This is not possible now: the state of the proposal is “${LABELS[state]}”.`);

/** One difference of two proposals: the mentor of a candidate in each, null where there is none. */
export interface Difference {
  candidateApplicationId: string;
  here: string | null;
  there: string | null;
}

/** For which candidates two proposals have different mentors, by candidate. */
export function compareProposals(here: Pick<Proposal, "pairs">, there: Pick<Proposal, "pairs">): Difference[] {
  const mentorIn = ({ pairs }: Pick<Proposal, "pairs">, id: string) =>
    pairs.find((pair) => pair.candidateApplicationId === id)?.mentorApplicationId ?? null;
  const ids = [...here.pairs, ...there.pairs].map(({ candidateApplicationId }) => candidateApplicationId);
  return [...new Set(ids)]
    .map((id) => ({ candidateApplicationId: id, here: mentorIn(here, id), there: mentorIn(there, id) }))
    .filter((each) => each.here !== each.there)
    .sort((a, b) => (a.candidateApplicationId < b.candidateApplicationId ? -1 : 1));
}

/** The pairs that somebody may see: none with an application of their own, or one they are recused from. */
export function visiblePairs<Each extends Pair>(
  viewer: Viewer | null,
  pairs: readonly Each[],
  personOf: (applicationId: string) => string | undefined,
): Each[] {
  const isHidden = (id: string) => isRecusedFrom(viewer, id) || isSelf(viewer, personOf(id) ?? "");
  return pairs.filter(
    ({ candidateApplicationId, mentorApplicationId }) =>
      !isHidden(candidateApplicationId) && !isHidden(mentorApplicationId),
  );
}

/** What is wrong with the pairs of a proposal as things are now: each pair by itself, and all of a mentor's together. */
export function violationsOf(
  pairs: readonly Pair[],
  facts: {
    applications: KnownApplications;
    judged: (pair: Pair) => Judged | undefined;
    mentor: (id: string) => MentorSide | undefined;
    teams: readonly Team[];
    cohort: Cohort;
  },
): Violation[] {
  return pairs.flatMap((pair) => {
    const { candidateApplicationId, mentorApplicationId } = pair;
    const candidate = facts.applications(candidateApplicationId);
    const mentor = facts.applications(mentorApplicationId);
    const named = (code: Violation["code"], text: string): Violation => ({ ...pair, code, text });
    if (!candidate || !isSeated(candidate)) return [named("NOT_ACCEPTED", "The candidate has no place any more.")];
    if (mentor?.state !== "ACCEPTED") return [named("NOT_ACCEPTED", "The mentor is not accepted any more.")];
    const own = facts.teams.filter((team) => team.candidateApplicationId === candidateApplicationId);
    if (currentTeam(own)) return [named("HAS_TEAM", "The candidate has a mentor, or one was asked.")];
    const obstacles = (facts.judged(pair)?.excludedBecause ?? []).map(({ code, text }) => named(code, text));
    const side = facts.mentor(mentorApplicationId);
    const spare = side ? spareIn(side, facts.cohort) : 0;
    const place = pairs.filter((one) => one.mentorApplicationId === mentorApplicationId).indexOf(pair);
    const isOver = place >= spare && !obstacles.some(({ code }) => code === "NO_PLACE" || code === "NOT_NEEDED");
    return [...obstacles, ...(isOver ? [named("MENTOR_FULL", tooManyFor(spare))] : [])];
  });
}

function spareIn({ mentor, taken }: MentorSide, { policy }: Cohort): number {
  return Math.max(0, (mentor.capacity ?? policy.team.mentorCapacity) - taken);
}

function tooManyFor(spare: number): string {
  return `The mentor has ${spare === 1 ? "one place" : `${spare} places`} left, and more candidates are put down.`;
}

/** Why nothing is published. */
export type PublishTeamsCode =
  | "WRONG_STATE"
  | "OWN_APPLICATION"
  | "RECUSED"
  | "VIOLATED"
  | "STALE"
  | "CONFIRM_TOKEN_REQUIRED"
  | "KEY_REUSED"
  | "BAD_KEY";

/** Why a proposal cannot be published as it is; empty when it can. */
export function publishRefusals(proposal: Proposal, violations: readonly Violation[]): Refusal<PublishTeamsCode>[] {
  if (proposal.state !== "SAVED") return [wrongState(proposal)];
  if (violations.length === 0) return [];
  const message = `${violations.length === 1 ? "One thing stands" : `${violations.length} things stand`} in the way: please look at the proposal's violations.`;
  return [refusal("VIOLATED", message, "proposalId")];
}

const RESUME = { minutes: 2 };

/** Starts to make the teams of a proposal, of exactly the set that was confirmed. */
export function startPublishing(
  proposal: Proposal,
  violations: readonly Violation[],
  facts: { by: string; now: Instant; currentToken: string; confirmToken?: string | null },
): Decision<Proposal, PublishTeamsCode, ProposalEvent> {
  const refused = publishRefusals(proposal, violations);
  if (refused.length > 0) return { refusals: refused };
  const unconfirmed = confirmRefusals(
    { given: facts.confirmToken, wanted: facts.currentToken },
    "The proposal has changed since you looked: please look again and confirm anew.",
  );
  if (unconfirmed.length > 0) return { refusals: unconfirmed };
  const { cohortId, pairs } = proposal;
  return step(
    proposal,
    "PUBLISHING",
    { type: "TeamsPublishStarted", facts: { cohortId, count: pairs.length } },
    { carriedOutBy: facts.by, carriedOutAt: facts.now, resumesAt: later(facts.now, RESUME) },
  );
}

/** Closes a publication whose teams are made, or cannot be any more. */
export function finishPublishing(
  proposal: Proposal,
  teamIds: readonly string[],
): Decision<Proposal, never, ProposalEvent> {
  if (proposal.state !== "PUBLISHING") return { outcome: proposal, events: [] };
  const facts = { cohortId: proposal.cohortId, count: teamIds.length };
  return step(proposal, "PUBLISHED", { type: "TeamsPublished", facts }, { teamIds, resumesAt: null });
}

/** Starts to take back what a proposal has made. */
export function startUnpublishing(
  proposal: Proposal,
  { by, why, now }: { by: string; why: string; now: Instant },
): Decision<Proposal, TextCode | "WRONG_STATE", ProposalEvent> {
  if (proposal.state !== "PUBLISHED") return { refusals: [wrongState(proposal)] };
  const refusals = reasonRefusals(why);
  if (refusals.length > 0) return { refusals };
  return step(
    proposal,
    "UNPUBLISHING",
    { type: "TeamsUnpublishStarted", facts: { cohortId: proposal.cohortId }, why: why.trim() },
    { carriedOutBy: by, carriedOutAt: now, why: why.trim(), resumesAt: later(now, RESUME) },
  );
}

/** Closes the taking back of a proposal's teams. */
export function finishUnpublishing(proposal: Proposal, count: number): Decision<Proposal, never, ProposalEvent> {
  if (proposal.state !== "UNPUBLISHING") return { outcome: proposal, events: [] };
  const facts = { cohortId: proposal.cohortId, count };
  return step(proposal, "UNPUBLISHED", { type: "TeamsUnpublished", facts }, { resumesAt: null, why: "" });
}

function step(
  proposal: Proposal,
  state: ProposalState,
  told: Pick<ProposalEvent, "type" | "facts" | "why">,
  fields: Partial<Proposal> = {},
): { outcome: Proposal; events: ProposalEvent[] } {
  const event = {
    ...told,
    about: about(proposal),
    before: { state: proposal.state },
    after: { state },
  } as ProposalEvent;
  return { outcome: { ...proposal, ...fields, state }, events: [event] };
}

const about = ({ id }: Proposal) => ({ kind: "TeamProposal", id }) as const;
