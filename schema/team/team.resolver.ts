import { Arg, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from "type-graphql";
import { listOfPerson } from "../application/application.table.ts";
import { mayRead, type Application } from "../application/application.ts";
import { ApplicationObject } from "../application/application.type.ts";
import { freePlace } from "../mentor/mentor.table.ts";
import { messageId } from "../message/message.ts";
import { idsOf, type Viewer } from "../person/person.ts";
import { isStaff } from "../person/role.ts";
import { change } from "../shared/change.ts";
import { carryOut, written } from "../shared/command.ts";
import { actorOf, viewerOf, type RequestContext } from "../shared/context.ts";
import type { Recorded } from "../shared/event.ts";
import { failure } from "../shared/failure.ts";
import { globalId } from "../shared/id.ts";
import { ID_MEANING, localId } from "../shared/node.ts";
import { Allow, type Rule } from "../shared/rule.ts";
import { ViewerObject } from "../viewer/viewer.type.ts";
import { withoutConfirmation } from "./confirmation.ts";
import { judge } from "./match.ts";
import { replaceMentor } from "./replacement.ts";
import { decideTeam, loadFormation, writeNewTeam, type Formation } from "./team.due.ts";
import {
  loadStanding,
  proposalFrom,
  proposalKey,
  teamFrom,
  teamKey,
  teamsOfCandidate,
  teamsOfMentor,
  writeTeam,
  writeUnconfirmed,
} from "./team.table.ts";
import {
  acceptTeam,
  declineTeam,
  endTeam,
  isCandidateOf,
  isMentorOf,
  mayReadTeam,
  TEAM_LABELS,
  type Team,
} from "./team.ts";
import { askedMessageOf, introductionsOf } from "./told.ts";
import {
  TeamAcceptPayload,
  TeamDeclineInput,
  TeamDeclinePayload,
  TeamEndInput,
  TeamEndPayload,
  TeamInput,
  TeamMemberObject,
  TeamObject,
  TeamReplaceMentorInput,
  TeamReplaceMentorPayload,
} from "./team.type.ts";

/** Whoever may see the team and is what the step asks for; for whoever may not see it, it does not exist. */
const ofTeam =
  (may: (viewer: Viewer, team: Team) => boolean): Rule =>
  async ({ viewer, args, context }) => {
    if (!viewer) return "UNAUTHENTICATED";
    const team = await context.load.team(localId("Team", (args["input"] as TeamInput).teamId));
    if (!team || !mayReadTeam(viewer, team)) return "NOT_FOUND";
    return may(viewer, team) ? true : "FORBIDDEN";
  };

/** The mentor who was asked. */
const mentorOf = ofTeam(isMentorOf);

/** Staff, but nobody for a team that they are in. */
const staffOf = ofTeam((viewer, team) => isStaff(viewer) && !isMentorOf(viewer, team) && !isCandidateOf(viewer, team));

@Resolver(() => TeamObject)
export class TeamResolver {
  @FieldResolver(() => ID, { description: ID_MEANING })
  id(@Root() { id }: Team): string {
    return globalId("Team", id);
  }

  @FieldResolver(() => String, {
    description: "What the state is called for the viewer: its two people and staff read different words.",
  })
  stateLabel(@Root() team: Team, @Ctx() { viewer }: RequestContext): string {
    const { staff, member } = TEAM_LABELS[team.state];
    return isMentorOf(viewer, team) || isCandidateOf(viewer, team) ? member : staff;
  }

  @FieldResolver(() => TeamMemberObject, { nullable: true, description: "The candidate." })
  async candidate(@Root() team: Team, @Ctx() context: RequestContext) {
    return memberOf(context, team, team.candidatePersonId);
  }

  @FieldResolver(() => TeamMemberObject, { nullable: true, description: "The mentor." })
  async mentor(@Root() team: Team, @Ctx() context: RequestContext) {
    return memberOf(context, team, team.mentorPersonId);
  }

  @Allow(mentorOf)
  @Mutation(() => TeamAcceptPayload, {
    description:
      "Accepts a team, also after the date as long as it was not taken back. Both are introduced by mail. The mentor may.",
  })
  async teamAccept(
    @Arg("input", () => TeamInput, { description: "Which team." }) input: TeamInput,
    @Ctx() context: RequestContext,
  ) {
    return changeTeam(context, input.teamId, {
      decide: (team) => acceptTeam(team, context),
      write: (next, _, events) => writeTeam({ ...next, announcedEventId: events[0]!.id }),
    });
  }

  @Allow(mentorOf)
  @Mutation(() => TeamDeclinePayload, {
    description: "Declines a team. The candidate is not told; staff are, and find another mentor. The mentor may.",
  })
  async teamDecline(
    @Arg("input", () => TeamDeclineInput, { description: "Which team, and why." }) input: TeamDeclineInput,
    @Ctx() context: RequestContext,
  ) {
    return changeTeam(context, input.teamId, {
      decide: (team) => declineTeam(team, { now: context.now, why: input.why }),
      write: (next) => [...writeTeam(next), freePlace(next)],
    });
  }

  @Allow(staffOf)
  @Mutation(() => TeamEndPayload, {
    description:
      "Ends a team that was announced, without another in its place. Both are told, and the mentor's work stays credited. " +
      "Staff may, but nobody for their own.",
  })
  async teamEnd(
    @Arg("input", () => TeamEndInput, { description: "Which team, and why." }) input: TeamEndInput,
    @Ctx() context: RequestContext,
  ) {
    const id = localId("Team", input.teamId);
    const { now } = context;
    const carried = await carryOut(context, {
      actor: actorOf(context),
      load: () => loadWithConfirmation(context, id),
      decide: ({ team, confirmation }) => {
        const ended = endTeam(team, { now, why: input.why, earlierMessageIds: introductionsOf(team) });
        return withoutConfirmation(ended, confirmation);
      },
      write: ({ step: next, confirmation }, before) => [
        ...writeTeam(next),
        freePlace(next),
        ...writeUnconfirmed(next.candidateApplicationId, confirmation, before.confirmation),
      ],
    });
    context.load.forget();
    if (carried.status === "done") return { team: written(carried.outcome.step), userErrors: [] };
    return { team: carried.loaded.team, userErrors: carried.status === "refused" ? carried.refusals : [] };
  }

  @Allow(staffOf)
  @Mutation(() => TeamReplaceMentorPayload, {
    description:
      "Gives a candidate another mentor in the middle of the year, or while the first has not answered. The first team ends, " +
      "its work stays credited, and the other mentor is asked. Staff may, but nobody for their own.",
  })
  async teamReplaceMentor(
    @Arg("input", () => TeamReplaceMentorInput, { description: "Who takes over, and why." })
    input: TeamReplaceMentorInput,
    @Ctx() context: RequestContext,
  ) {
    const { why, idempotencyKey } = input;
    const id = localId("Team", input.teamId);
    const mentorApplicationId = localId("Application", input.mentorApplicationId);
    const mentor = await context.load.application(mentorApplicationId);
    if (!mentor || !mayRead(context.viewer, mentor)) throw failure("NOT_FOUND");
    const viewer = viewerOf(context);
    const carried = await carryOut(context, {
      actor: actorOf(context),
      load: async () => {
        const { team: former, confirmation } = await loadWithConfirmation(context, id);
        const { cohortId, candidateApplicationId, proposalId } = former;
        const [formation, item] = await Promise.all([
          loadFormation(context.table, { cohortId, candidateApplicationId, mentorApplicationId }),
          proposalId === null ? undefined : context.table.get(proposalKey(proposalId)),
        ]);
        const obstacles = formation ? await obstaclesIn(context, formation) : [];
        return {
          former,
          confirmation,
          formation,
          obstacles,
          askedMessageId: askedMessageOf(former, proposalFrom(item)),
        };
      },
      decide: ({ former, confirmation, formation, obstacles, askedMessageId }) => {
        const facts = { viewer, why, obstacles, askedMessageId };
        const replaced = replaceMentor(former, formation, facts, (left) =>
          decideTeam(left, { by: viewer.person.id, now: context.now, proposalId: null }),
        );
        return withoutConfirmation(replaced, confirmation);
      },
      write: ({ step: next, confirmation }, before, events) => [
        ...writeTeam(next.former),
        freePlace(next.former),
        ...writeNewTeam({ ...next.team, askedMessageId: askedIn(events) }, before.formation!),
        ...writeUnconfirmed(next.former.candidateApplicationId, confirmation, before.confirmation),
      ],
      once: {
        personId: viewer.person.id,
        operation: "teamReplaceMentor",
        key: idempotencyKey,
        input: { id, mentorApplicationId, why },
        keep: ({ step: { team, former } }) => ({ teamId: team.id, formerId: former.id }),
      },
    });
    context.load.forget();
    if (carried.status === "refused") return { team: null, former: null, userErrors: carried.refusals };
    if (carried.status === "done") {
      const { team, former } = carried.outcome.step;
      return { team: written(team), former: written(former), userErrors: [] };
    }
    const { teamId, formerId } = carried.kept as { teamId: string; formerId: string };
    return { team: await loadTeam(context, teamId), former: await loadTeam(context, formerId), userErrors: [] };
  }
}

/** The teams, where an application is looked at. */
@Resolver(() => ApplicationObject)
export class ApplicationTeamsResolver {
  @FieldResolver(() => [TeamObject], {
    description:
      "Teams of this candidate or mentor in the cohort, the earlier first, without those that are not for the viewer.",
  })
  async teams(@Root() { id, cohortId }: Application, @Ctx() context: RequestContext) {
    const { teams } = await context.load.plan(cohortId);
    return teams.filter(
      (team) =>
        (team.candidateApplicationId === id || team.mentorApplicationId === id) && mayReadTeam(context.viewer, team),
    );
  }
}

/** The teams, where somebody looks for their own. */
@Resolver(() => ViewerObject)
export class ViewerTeamsResolver {
  @FieldResolver(() => [TeamObject], {
    description:
      "Teams of the viewer in all cohorts, the latest first: as a mentor from being asked on, as a candidate once announced.",
  })
  async teams(@Root() viewer: Viewer, @Ctx() { table }: RequestContext) {
    const ids = idsOf(viewer.person);
    const applications = (await Promise.all(ids.map((id) => listOfPerson(table, id)))).flat();
    const asCandidate = applications
      .filter(({ kind }) => kind === "CANDIDATE")
      .map(({ id }) => teamsOfCandidate(table, id));
    const found = await Promise.all([teamsOfMentor(table, ids), ...asCandidate]);
    const teams = found.flat().filter((team) => mayReadTeam(viewer, team));
    return teams.sort((a, b) => (a.askedAt < b.askedAt ? 1 : -1));
  }
}

async function loadTeam({ table }: RequestContext, id: string): Promise<Team> {
  const team = teamFrom(await table.get(teamKey(id)));
  if (!team) throw failure("NOT_FOUND");
  return team;
}

async function loadWithConfirmation({ table }: RequestContext, id: string) {
  const found = await loadStanding(table, id);
  if (!found) throw failure("NOT_FOUND");
  return found;
}

/** What rules the two out as a team, apart from the mentor's places: how many there are is for the write to tell. */
async function obstaclesIn({ load }: RequestContext, { candidate, mentor, earlier, cohort, place }: Formation) {
  const [one, other] = await Promise.all([load.person(candidate.personId), load.person(mentor.personId)]);
  const terms = { policy: cohort.policy.team, curriculum: cohort.curriculum, teams: earlier };
  const side = { application: mentor, mentor: place, person: other, taken: 0 };
  const { excludedBecause } = judge({ application: candidate, person: one }, side, terms);
  return excludedBecause.filter(({ code }) => code !== "NO_PLACE");
}

async function changeTeam<Code extends string>(
  context: RequestContext,
  opaqueId: string,
  { decide, write }: Pick<Parameters<typeof change<Team, Code>>[1], "decide" | "write">,
) {
  const id = localId("Team", opaqueId);
  const { record, userErrors } = await change(context, {
    load: async () => teamFrom(await context.table.get(teamKey(id))),
    decide,
    write,
  });
  return { team: record, userErrors };
}

/** The mail by which a mentor is asked among these events. */
function askedIn(events: readonly Recorded[]): string | null {
  const asked = events.find(({ type }) => type === "MentorAsked");
  const { personId = "" } = (asked?.facts ?? {}) as { personId?: string };
  return asked ? messageId(asked.id, "team-asked", personId) : null;
}

/** One of the two people: the address for the other while the team is announced, and for staff who look after it. */
async function memberOf({ viewer, load }: RequestContext, team: Team, personId: string) {
  const person = await load.person(personId);
  if (!person) return null;
  const isOther = isMentorOf(viewer, team) || isCandidateOf(viewer, team);
  const mayWrite = isOther ? team.state === "ANNOUNCED" : isStaff(viewer);
  return { name: person.name, email: mayWrite ? person.email : null };
}
