import { Arg, Ctx, FieldResolver, ID, Query, Resolver, Root } from "type-graphql";
import { mayRead, type Application } from "../application/application.ts";
import { maySee } from "../cohort/cohort.resolver.ts";
import type { Cohort } from "../cohort/cohort.ts";
import { CohortObject } from "../cohort/cohort.type.ts";
import { placeOf } from "../mentor/mentor.resolver.ts";
import { spareOf } from "../mentor/mentor.ts";
import { isSelf } from "../person/person.ts";
import type { RequestContext } from "../shared/context.ts";
import { failure } from "../shared/failure.ts";
import { localId } from "../shared/node.ts";
import { bestAssignment } from "../shared/optimal.ts";
import { Allow, ofCohort, staffOrCommittee } from "../shared/rule.ts";
import { parseGlobalId } from "../shared/id.ts";
import { jointPartnersOf } from "../joint/joint.table.ts";
import { areJoint, judgeAll, optionsOf, scoresOf, type Judged, type Matching } from "./match.ts";
import { MatchBoardObject, TeamMatchObject } from "./match.type.ts";
import { listAccepted } from "./plan.table.ts";
import { currentTeam, isSeated, mayReadTeam, type Team } from "./team.ts";

/** How many mentors are shown for each candidate. */
const OPTIONS = 5;

/** Everybody of a cohort to be matched, without those that are not for the viewer. */
interface Room extends Matching {
  teams: readonly Team[];
}

@Resolver(() => CohortObject)
export class MatchResolver {
  @Allow(staffOrCommittee(ofCohort))
  @FieldResolver(() => MatchBoardObject, {
    nullable: true,
    description:
      "Who has which mentor, who is free, and who fits whom. Staff and committee may read it, without applications of their own " +
      "and those they are recused from.",
  })
  async matchBoard(@Root() cohort: Cohort, @Ctx() context: RequestContext) {
    const room = await enter(context, cohort);
    const { candidates, mentors, teams, pairs } = room;
    const here = new Set([...candidates, ...mentors].map(({ application }) => application.id));
    return {
      candidates: candidates.map((candidate, index) => {
        const { application } = candidate;
        const team = teamOf(teams, application) ?? null;
        const joint = mentors.find((mentor) => areJoint(candidate, mentor))?.application ?? null;
        const options = team ? [] : optionsOf(pairs[index]!, OPTIONS).map((judged) => shown(judged, room));
        return { application, team, joint, options };
      }),
      mentors: mentors.map((mentor) => placeOf(mentor, cohort.policy.team)),
      needingAttention: teams.filter(
        (team) =>
          currentTeam([team]) &&
          (team.escalatedAt !== null || !here.has(team.candidateApplicationId) || !here.has(team.mentorApplicationId)),
      ),
    };
  }

  @Allow(staffOrCommittee(({ args }) => cohortIn(args["cohortId"])))
  @Query(() => TeamMatchObject, {
    nullable: true,
    description:
      "The best teams as things are now, of candidates without one and mentors with places: as many as can be, and of those " +
      "the ones with the highest total. Nothing is kept. Staff and committee may ask; null when there is no such cohort to see.",
  })
  async teamPropose(
    @Arg("cohortId", () => ID, { description: "The cohort." }) cohortId: string,
    @Ctx() context: RequestContext,
  ) {
    const cohort = await context.load.cohort(localId("Cohort", cohortId));
    if (!maySee(context.viewer, cohort)) throw failure("NOT_FOUND");
    const room = await enter(context, cohort);
    const waiting = room.candidates.filter(({ application }) => !teamOf(room.teams, application));
    const matching = judgeAll(waiting, room.mentors, { ...cohort, policy: cohort.policy.team, teams: room.teams });
    const places = room.mentors.map((mentor) => spareOf(mentor, cohort.policy.team));
    const assigned = bestAssignment(scoresOf(matching), places);
    const chosen = assigned.flatMap((column, row) => (column === null ? [] : [matching.pairs[row]![column]!]));
    return {
      pairs: chosen.map((judged) => shown(judged, matching)),
      unmatched: waiting.flatMap(({ application }, row) => {
        if (assigned[row] !== null) return [];
        const own = matching.pairs[row]!;
        const isShort = own.some(({ excludedBecause }) => excludedBecause.length === 0);
        return [{ candidate: application, isShort, pairs: own.map((judged) => shown(judged, matching)) }];
      }),
      total: chosen.reduce((sum, { score }) => sum + score, 0),
      mentorsNeeded: waiting.length,
      placesSpare: places.reduce((sum, many) => sum + many, 0),
    };
  }
}

function cohortIn(opaqueId: unknown): string {
  const parsed = parseGlobalId(String(opaqueId));
  return parsed?.kind === "Cohort" ? parsed.id : "";
}

/**
 * Reads a cohort's accepted applications, its plan and who applies together, and judges every pair. Six requests per 100, and one
 * per 100 people.
 */
async function enter(context: RequestContext, cohort: Cohort): Promise<Room> {
  const { table, load, viewer } = context;
  const [plan, candidateApplications, mentorApplications] = await Promise.all([
    load.plan(cohort.id),
    listAccepted(table, cohort.id, "CANDIDATE"),
    listAccepted(table, cohort.id, "MENTOR"),
  ]);
  const isFor = (application: Application) => mayRead(viewer, application) && !isSelf(viewer, application.personId);
  const withPerson = async <Side extends { application: Application }>(side: Side) => {
    return { ...side, person: await load.person(side.application.personId) };
  };
  const seated = candidateApplications.filter((application) => isSeated(application) && isFor(application));
  const partners = await jointPartnersOf(
    table,
    seated.map(({ id }) => id),
  );
  const [candidates, mentors] = await Promise.all([
    Promise.all(
      seated.map((application) =>
        withPerson({ application, partnerApplicationId: partners.get(application.id)?.applicationId }),
      ),
    ),
    Promise.all(mentorApplications.filter(isFor).map((application) => withPerson(plan.mentorOf(application)))),
  ]);
  const teams = plan.teams.filter((team) => mayReadTeam(viewer, team));
  const terms = { policy: cohort.policy.team, curriculum: cohort.curriculum, teams: plan.teams };
  return { ...judgeAll(candidates, mentors, terms), teams };
}

function teamOf(teams: readonly Team[], { id }: Application): Team | undefined {
  return currentTeam(teams.filter(({ candidateApplicationId }) => candidateApplicationId === id));
}

function shown(judged: Judged, { candidates, mentors }: Matching) {
  const applicationOf = (sides: readonly { application: Application }[], id: string) =>
    sides.find(({ application }) => application.id === id)!.application;
  return {
    ...judged,
    candidate: applicationOf(candidates, judged.candidateApplicationId),
    mentor: applicationOf(mentors, judged.mentorApplicationId),
  };
}
