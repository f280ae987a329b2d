import { messageId } from "../message/message.ts";
import { freePlace } from "../mentor/mentor.table.ts";
import { carryOut, type CommandContext } from "../shared/command.ts";
import type { Decision } from "../shared/decision.ts";
import type { Actor, Recorded } from "../shared/event.ts";
import { finishPublishing, finishUnpublishing, type Pair, type Proposal, type ProposalEvent } from "./proposal.ts";
import { askedEvents, askedMessageOf, correctedEvents } from "./told.ts";
import { withoutConfirmation } from "./confirmation.ts";
import { loadStanding, proposalFrom, proposalKey, writeProposal, writeTeam, writeUnconfirmed } from "./team.table.ts";
import { decideTeam, loadFormation, writeNewTeam } from "./team.due.ts";
import { isCurrent, takeBackTeam, type Team, type TeamEvent } from "./team.ts";

/** Takes up the publishing, or the taking back, of a proposal that broke off. */
export async function resumeProposal(context: CommandContext, id: string): Promise<void> {
  const proposal = proposalFrom(await context.table.get(proposalKey(id)));
  if (proposal?.resumesAt && proposal.resumesAt <= context.now) await carryOutProposal(context, proposal);
}

/** Does what is left of a proposal's publishing or taking back. Safe to repeat and to run twice at once. */
export async function carryOutProposal(context: CommandContext, proposal: Proposal): Promise<Proposal> {
  if (proposal.state === "PUBLISHING") return carryOutPublishing(context, proposal);
  return proposal.state === "UNPUBLISHING" ? carryOutUnpublishing(context, proposal) : proposal;
}

const ABREAST = 10;

async function abreast<Each, Made>(all: readonly Each[], make: (each: Each) => Promise<Made>): Promise<Made[]> {
  const made: Made[] = [];
  for (let start = 0; start < all.length; start += ABREAST) {
    made.push(...(await Promise.all(all.slice(start, start + ABREAST).map(make))));
  }
  return made;
}

/** Makes each team in a transaction of its own; then every mentor is asked by one mail, however many candidates it names. */
async function carryOutPublishing(context: CommandContext, proposal: Proposal): Promise<Proposal> {
  const actor: Actor = { kind: "PERSON", id: proposal.carriedOutBy ?? "" };
  const made = await abreast(proposal.pairs, (pair) => makeTeam(context, actor.id, proposal, pair));
  const teams = made.filter((team) => team !== undefined);
  return finish(context, actor, proposal, {
    decide: (current) =>
      finishPublishing(
        current,
        teams.map(({ id }) => id),
      ),
    follow: () => askedEvents(teams),
    note: (next, events) => ({ ...next, askedMessageIds: askedMessages(events) }),
  });
}

async function makeTeam(
  context: CommandContext,
  by: string,
  { id: proposalId, cohortId }: Proposal,
  pair: Pair,
): Promise<Team | undefined> {
  const carried = await carryOut(context, {
    actor: { kind: "PERSON", id: by },
    load: async () => {
      const formation = await loadFormation(context.table, { cohortId, ...pair });
      // Made by an earlier try, which broke off.
      return { formation, made: formation?.earlier.find((team) => team.proposalId === proposalId) };
    },
    decide: ({ formation, made }): Decision<Team, string, TeamEvent> =>
      made ? { outcome: made, events: [] } : decideTeam(formation, { by, now: context.now, proposalId }),
    write: (team, { formation, made }) => (made ? [] : writeNewTeam(team, formation!)),
  });
  return carried.status === "done" ? carried.outcome : undefined;
}

/** Takes each team back that still stands; then everybody who was told of one is told once. */
async function carryOutUnpublishing(context: CommandContext, proposal: Proposal): Promise<Proposal> {
  const actor: Actor = { kind: "PERSON", id: proposal.carriedOutBy ?? "" };
  const { why, carriedOutAt } = proposal;
  const taken = await abreast(proposal.teamIds, (id) => takeBackOne(context, actor, id, why));
  // One that was replaced before was corrected then.
  const teams = taken.filter((team) => team?.state === "TAKEN_BACK" && team.endedAt! >= carriedOutAt!) as Team[];
  return finish(context, actor, proposal, {
    decide: (current) => finishUnpublishing(current, teams.length),
    follow: () => correctedEvents(teams, (team) => askedMessageOf(team, proposal)),
    note: (next) => next,
  });
}

async function takeBackOne(context: CommandContext, actor: Actor, id: string, why: string): Promise<Team | undefined> {
  const carried = await carryOut(context, {
    actor,
    load: async () => (await loadStanding(context.table, id))!,
    // Declined or ended meanwhile: there is nothing to take back. Taken back: by an earlier try, which broke off.
    decide: ({ team, confirmation }) => {
      const taken: Decision<Team, string, TeamEvent> = isCurrent(team)
        ? takeBackTeam(team, { now: context.now, why })
        : { outcome: team, events: [] };
      return withoutConfirmation(taken, confirmation);
    },
    write: ({ step: next, confirmation }, before) =>
      next === before.team
        ? []
        : [
            ...writeTeam(next),
            freePlace(next),
            ...writeUnconfirmed(next.candidateApplicationId, confirmation, before.confirmation),
          ],
  });
  return carried.status === "done" ? carried.outcome.step : undefined;
}

function askedMessages(events: readonly Recorded[]): Record<string, string> {
  return Object.fromEntries(
    events.flatMap((event) => {
      const { personId } = event.facts as { personId?: string };
      return event.type === "MentorAsked" ? [[event.about.id, messageId(event.id, "team-asked", personId ?? "")]] : [];
    }),
  );
}

async function finish(
  context: CommandContext,
  actor: Actor,
  proposal: Proposal,
  end: {
    decide: (current: Proposal) => Decision<Proposal, never, ProposalEvent>;
    follow: () => readonly TeamEvent[];
    note: (next: Proposal, events: readonly Recorded[]) => Proposal;
  },
): Promise<Proposal> {
  let final = proposal;
  await carryOut(context, {
    actor,
    load: async () => proposalFrom(await context.table.get(proposalKey(proposal.id)))!,
    decide: (current): Decision<Proposal, never, ProposalEvent | TeamEvent> => {
      const decision = end.decide(current);
      if ("refusals" in decision || decision.outcome === current) return decision;
      return { outcome: decision.outcome, events: [...decision.events, ...end.follow()] };
    },
    write: (next, before, events) => {
      final = next === before ? before : end.note(next, events);
      return next === before ? [] : writeProposal(final);
    },
  });
  return final;
}
