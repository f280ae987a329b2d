import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from "type-graphql";
import { readableApplication, readableApplicationIn } from "../application/application.resolver.ts";
import { applicationFrom, applicationKey } from "../application/application.table.ts";
import { cohortFrom, cohortKey } from "../cohort/cohort.table.ts";
import { idsOf } from "../person/person.ts";
import { carryOut, written } from "../shared/command.ts";
import { actorOf, viewerOf, type RequestContext } from "../shared/context.ts";
import type { Decision } from "../shared/decision.ts";
import { failure } from "../shared/failure.ts";
import { localId } from "../shared/node.ts";
import { Allow, both, staff } from "../shared/rule.ts";
import type { Write } from "../shared/write.ts";
import { MentorPlaceObject } from "../team/match.type.ts";
import { teamsOfMentor } from "../team/team.table.ts";
import { mayReadTeam } from "../team/team.ts";
import { TeamObject } from "../team/team.type.ts";
import {
  mentorFrom,
  mentorKey,
  placesFrom,
  placesKey,
  writeCapacity,
  writeMentor,
  writeNotNeeded,
} from "./mentor.table.ts";
import {
  addExclusion,
  capacityOf,
  freshMentor,
  liftExclusion,
  setCapacity,
  spareOf,
  tellNotNeeded,
  type Mentor,
  type MentorFacts,
} from "./mentor.ts";
import {
  MentorCapacitySetInput,
  MentorCapacitySetPayload,
  MentorNotNeededInput,
  MentorNotNeededPayload,
  TeamExclusionAddInput,
  TeamExclusionAddPayload,
  TeamExclusionLiftInput,
  TeamExclusionLiftPayload,
} from "./mentor.type.ts";

const bothReadable = both(
  both(readableApplicationIn("candidateApplicationId"), readableApplicationIn("mentorApplicationId")),
  staff,
);

@Resolver(() => MentorPlaceObject)
export class MentorResolver {
  @FieldResolver(() => [TeamObject], {
    description:
      "The mentor's teams in all cohorts that were ever announced, the latest first, without those that are not for the viewer.",
  })
  async formerTeams(@Root() { application }: Pick<MentorFacts, "application">, @Ctx() context: RequestContext) {
    const person = await context.load.person(application.personId);
    const teams = await teamsOfMentor(context.table, person ? idsOf(person) : [application.personId]);
    return teams.filter((team) => team.announcedAt !== null && mayReadTeam(context.viewer, team));
  }

  @Allow(both(readableApplication, staff))
  @Mutation(() => MentorCapacitySetPayload, {
    description: "Sets how many candidates a mentor can have, never below what they have. Staff may.",
  })
  async mentorCapacitySet(
    @Arg("input", () => MentorCapacitySetInput, { description: "Whose number." }) input: MentorCapacitySetInput,
    @Ctx() context: RequestContext,
  ) {
    const { applicationId, capacity = null } = input;
    return changeMentor(
      context,
      { mentor: applicationId },
      {
        decide: (facts) => setCapacity(facts, { viewer: viewerOf(context), capacity, policy: facts.policy }),
        write: (next, { policy }) => writeCapacity(next, capacityOf(next, policy)),
      },
    );
  }

  @Allow(both(readableApplication, staff))
  @Mutation(() => MentorNotNeededPayload, {
    description: "Tells a mentor without a candidate, by one mail, that there is none for them this year. Staff may.",
  })
  async mentorNotNeeded(
    @Arg("input", () => MentorNotNeededInput, { description: "Which mentor." }) input: MentorNotNeededInput,
    @Ctx() context: RequestContext,
  ) {
    return changeMentor(
      context,
      { mentor: input.applicationId },
      {
        decide: (facts) => tellNotNeeded(facts, { viewer: viewerOf(context) }),
        write: writeNotNeeded,
      },
    );
  }

  @Allow(bothReadable)
  @Mutation(() => TeamExclusionAddPayload, {
    description:
      "Keeps a candidate and a mentor from becoming a team: one reports to the other, or a conflict. Staff may.",
  })
  async teamExclusionAdd(
    @Arg("input", () => TeamExclusionAddInput, { description: "Who, and why." }) input: TeamExclusionAddInput,
    @Ctx() context: RequestContext,
  ) {
    const { kind, why, candidateApplicationId: candidate, mentorApplicationId: mentor } = input;
    return changeMentor(
      context,
      { mentor, candidate },
      {
        decide: (facts) => addExclusion(facts, { viewer: viewerOf(context), kind, why }),
        write: writeMentor,
      },
    );
  }

  @Allow(bothReadable)
  @Mutation(() => TeamExclusionLiftPayload, {
    description: "Lets a candidate and a mentor become a team again. Staff may.",
  })
  async teamExclusionLift(
    @Arg("input", () => TeamExclusionLiftInput, { description: "Who, and why." }) input: TeamExclusionLiftInput,
    @Ctx() context: RequestContext,
  ) {
    const { why, candidateApplicationId: candidate, mentorApplicationId: mentor } = input;
    return changeMentor(
      context,
      { mentor, candidate },
      {
        decide: (facts) => liftExclusion(facts, { viewer: viewerOf(context), why }),
        write: writeMentor,
      },
    );
  }
}

/** What is noted on a mentor as it is now, with everything that a change of it depends on. One request. */
async function loadFacts(context: RequestContext, ids: { mentor: string; candidate?: string }) {
  const id = localId("Application", ids.mentor);
  const candidateId = localId("Application", ids.candidate ?? ids.mentor);
  const cohortId = (await context.load.application(id))?.cohortId ?? "";
  const [applicationItem, candidateItem, cohortItem, mentorItem, placesItem] = await context.table.getMany([
    applicationKey(id),
    applicationKey(candidateId),
    cohortKey(cohortId),
    mentorKey(cohortId, id),
    placesKey(cohortId, id),
  ]);
  const application = applicationFrom(applicationItem);
  const candidate = applicationFrom(candidateItem);
  const cohort = cohortFrom(cohortItem);
  if (!application || !candidate || !cohort) throw failure("NOT_FOUND");
  const mentor = mentorFrom(mentorItem) ?? freshMentor(application);
  return { application, candidate, mentor, taken: placesFrom(placesItem), policy: cohort.policy.team };
}

type Facts = Awaited<ReturnType<typeof loadFacts>>;

async function changeMentor<Code extends string>(
  context: RequestContext,
  ids: { mentor: string; candidate?: string },
  {
    decide,
    write,
  }: { decide: (facts: Facts) => Decision<Mentor, Code>; write: (next: Mentor, facts: Facts) => Write[] },
) {
  const carried = await carryOut(context, {
    actor: actorOf(context),
    load: () => loadFacts(context, ids),
    decide,
    write,
  });
  context.load.forget();
  if (carried.status === "refused") return { mentor: null, userErrors: carried.refusals };
  const { loaded } = carried;
  const mentor = carried.status === "done" ? written(carried.outcome) : loaded.mentor;
  return { mentor: placeOf({ ...loaded, mentor }, loaded.policy), userErrors: [] };
}

/** A mentor as the graph shows them. */
export function placeOf({ application, mentor, taken }: MentorFacts, policy: Facts["policy"]) {
  const { notNeededAt } = mentor;
  const facts = { application, mentor, taken };
  return { application, capacity: capacityOf(mentor, policy), taken, spare: spareOf(facts, policy), notNeededAt };
}
