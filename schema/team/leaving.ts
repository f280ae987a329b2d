import type { Application } from "../application/application.ts";
import { isRefused, type Decision } from "../shared/decision.ts";
import type { Instant } from "../shared/time.ts";
import { endConfirmation, endWithMentor, type Confirmation, type ConfirmationEvent } from "./confirmation.ts";
import type { Proposal } from "./proposal.ts";
import { leaveTeam, type Team, type TeamEvent } from "./team.ts";
import { askedMessageOf, introductionsOf } from "./told.ts";

/** What hangs on the place of one candidate or mentor: it changes in the transaction in which the place is given up. */
export interface Ties {
  /** The teams of the candidate or mentor that stand. */
  teams: readonly Team[];
  /** The application of the candidate, or those of everybody whose mentor it is. */
  candidateApplicationIds: readonly string[];
  /** Their confirmations, as far as there are any. */
  confirmations: readonly Confirmation[];
  /** The proposals that the teams were published with. */
  proposals: readonly Proposal[];
}

/** Ends every team that somebody leaves who takes no part any more, and the confirmations that rest on it. */
function leaveTeams(
  { kind }: Application,
  ties: Ties,
  now: Instant,
): { outcome: Ties; events: (TeamEvent | ConfirmationEvent)[] } {
  const events: (TeamEvent | ConfirmationEvent)[] = [];
  const take = <Outcome>(decision: Decision<Outcome, string, TeamEvent | ConfirmationEvent>, otherwise: Outcome) => {
    if (isRefused(decision)) return otherwise;
    events.push(...decision.events);
    return decision.outcome;
  };
  const teams = ties.teams.map((team) => {
    const proposal = ties.proposals.find((one) => one.id === team.proposalId);
    const earlierMessageIds = [askedMessageOf(team, proposal), ...introductionsOf(team)].filter((each) => each !== "");
    return take(leaveTeam(team, { now, left: kind, earlierMessageIds }), team);
  });
  const confirmations = ties.confirmations.map((confirmation) =>
    kind === "MENTOR"
      ? take(endWithMentor(confirmation, "The mentor does not take part any more."), confirmation)
      : take(endConfirmation(confirmation, "The candidate does not take part any more."), confirmation),
  );
  return { outcome: { ...ties, teams, confirmations }, events };
}

/** Adds to a step what follows for teams: where the place of somebody who was accepted is left, all of it ends together. */
export function withTiesEnded<
  Outcome extends { application: Application },
  Code extends string,
  Event extends StepEvent,
>(
  step: Decision<Outcome, Code, Event>,
  ties: Ties | undefined,
  now: Instant,
): Decision<Outcome & { ties?: Ties }, Code, Event | TeamEvent | ConfirmationEvent> {
  if (isRefused(step) || !ties || step.outcome.application.state === "ACCEPTED") return step;
  const ended = leaveTeams(step.outcome.application, ties, now);
  return { outcome: { ...step.outcome, ties: ended.outcome }, events: [...step.events, ...ended.events] };
}

type StepEvent = Extract<Decision<unknown>, { events: unknown }>["events"][number];
