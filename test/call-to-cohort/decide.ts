import type { Caller } from "../../infra/local/caller.ts";
import { STAFF, type Program } from "../support/program.ts";
import { cleared, reviewed } from "../support/review.ts";
import { step, type Outcome, type ProposedRow } from "../support/steps.ts";
import { codes } from "./apply.ts";
import { accepted, candidates, members, waiting, type Applicant, type Member } from "./cast.ts";
import { each } from "./each.ts";

/** The states of applications, counted. */
export async function statesOf(program: Program, people: readonly Applicant[]): Promise<Record<string, number>> {
  const query = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Application { state } } }";
  const ids = people.map(({ id }) => id);
  const { nodes } = await program.ask<{ nodes: { state: string }[] }>(STAFF, query, { ids });
  return countsOf(nodes.map(({ state }) => state));
}

/** How often each text is there. */
export function countsOf(texts: readonly string[]): Record<string, number> {
  const groups = Object.entries(Object.groupBy(texts, (text) => text));
  return Object.fromEntries(groups.map(([text, own = []]) => [text, own.length]));
}

/** Seats of a cohort that are taken. */
export async function seatsTaken(program: Program, cohortId: string): Promise<number> {
  const query = "query($id: ID!) { cohort(id: $id) { seatsTaken } }";
  return (await program.ask<{ cohort: { seatsTaken: number } }>(STAFF, query, { id: cohortId })).cohort.seatsTaken;
}

type BalancedRun = Outcome<{
  rows: { personId: string; isAssigned: boolean }[] | null;
  left: number;
  unfilled: number;
  confirmToken: string | null;
}>;

/** Gives reviewers to all who have too few, as many as one call takes; answers who was assigned, and how many are left. */
export async function assignBalanced(program: Program, cohortId: string, idempotencyKey: string) {
  const personIds = members.map(({ personId }) => personId);
  const input = { cohortId, kind: "CANDIDATE", personIds, idempotencyKey };
  const run = (more: object): Promise<BalancedRun> =>
    step(
      program,
      STAFF,
      "reviewAssignBalanced",
      { ...input, ...more },
      "rows { personId isAssigned } left unfilled confirmToken",
    );
  const looked = await run({ dryRun: true });
  const { rows, left, unfilled, ...done } = await run({ confirmToken: looked.confirmToken });
  const assigned = rows?.filter(({ isAssigned }) => isAssigned).map(({ personId }) => personId) ?? [];
  return { assigned, left, unfilled, refused: [...codes(looked), ...codes(done)] };
}

/** The applications that a member still has to review. */
export async function toReview(program: Program, { caller }: Member): Promise<string[]> {
  type Found = { viewer: { reviews: { nodes: { state: string; application: { id: string } | null }[] } } };
  const query = "{ viewer { reviews(first: 100) { nodes { state application { id } } } } }";
  const { viewer } = await program.ask<Found>(caller, query);
  return viewer.reviews.nodes.flatMap(({ state, application }) =>
    application && state !== "SUBMITTED" ? [application.id] : [],
  );
}

/** Has a member review everything that is theirs; the score says who is to be accepted, to wait and to be declined. */
export async function reviewAll(program: Program, member: Member): Promise<void> {
  await each(program, await toReview(program, member), async (applicationId) => {
    await cleared(program, member.caller, applicationId);
    const one = candidates.find(({ id }) => id === applicationId)!;
    const score = accepted.includes(one) ? 4 : waiting.includes(one) ? 3 : 1;
    await reviewed(program, member.caller, applicationId, { score });
  });
}

/** A slate that accepts the first so many candidates, lets the next wait in their order, and declines the others. */
export function slateRows(accept: number, wait: number): ProposedRow[] {
  return candidates.map(({ id: applicationId }, index) => {
    if (index < accept) return { applicationId, outcome: "ACCEPT" };
    if (index < accept + wait) return { applicationId, outcome: "WAITLIST", rank: index - accept + 1 };
    return { applicationId, outcome: "DECLINE" };
  });
}

/** In which outcomes two slates differ, by application, and what the second comes to. */
export async function compareSlates(program: Program, caller: Caller, a: string, b: string) {
  const query = `query($a: ID!, $b: ID!) { slateDiff(a: $a, b: $b) { applicationId a { outcome } b { outcome } }
    node(id: $b) { ... on Slate { analysis { outcomes { accept waitlist decline }
      seats { total elsewhere proposed left } mentorCoverage { candidates mentors places lacking } } } } }`;
  type Row = { applicationId: string; a: { outcome: string }; b: { outcome: string } };
  const found = await program.ask<{ slateDiff: Row[]; node: { analysis: object } }>(caller, query, { a, b });
  const differing = new Map(
    found.slateDiff.map(({ applicationId, a: one, b: other }) => [applicationId, `${one.outcome} ${other.outcome}`]),
  );
  return { differing, analysis: found.node.analysis };
}

/** The applications of a motion, as somebody sees it. */
export async function rowsOf(program: Program, caller: Caller, motionId: string): Promise<string[]> {
  const query = "query($id: ID!) { node(id: $id) { ... on Motion { rows { applicationId } } } }";
  const { node } = await program.ask<{ node: { rows: { applicationId: string }[] } }>(caller, query, { id: motionId });
  return node.rows.map(({ applicationId }) => applicationId);
}

/** Has a candidate take up the place, or decline it; answers the offer's state then, or what stood in the way. */
export async function answerOffer(
  program: Program,
  { caller, id: applicationId }: Applicant,
  answer: "offerAccept" | "offerDecline",
): Promise<string> {
  const input = { applicationId, ...(answer === "offerAccept" && { commitsToAllDates: true }) };
  const done = await step<{ offer: { state: string } | null }>(program, caller, answer, input, "offer { state }");
  return codes(done).join(" ") || done.offer!.state;
}
