import type { Application } from "../application/application.ts";
import type { Viewer } from "../person/person.ts";
import { isRefused, reasonRefusals, refusal, type Decision, type TextCode } from "../shared/decision.ts";
import type { Obstacle } from "./match.ts";
import { askedEvents, correctedEvents, introductionsOf } from "./told.ts";
import {
  endTeam,
  takeBackTeam,
  teamConflicts,
  type FormCode,
  type Team,
  type TeamEvent,
  type TeamStateCode,
} from "./team.ts";

/** A team that came to its end, and the one in its place. */
export interface Replacement {
  former: Team;
  team: Team;
}

/** Who would become the new team, with the teams that the candidate had so far. */
interface Successors {
  candidate: Application;
  mentor: Application;
  earlier: readonly Team[];
}

/**
 * Replaces the mentor of a team. One that was announced ends and stays credited; one whose mentor has not answered is taken
 * back. The other mentor is asked like any, and ruled out for what rules a pair out on the match board; `form` makes the new team
 * of what is left.
 */
export function replaceMentor<Left extends Successors>(
  former: Team,
  successors: Left | undefined,
  facts: { viewer: Viewer; why: string; obstacles: readonly Obstacle[]; askedMessageId: string },
  form: (left: Left) => Decision<Team, FormCode, TeamEvent>,
): Decision<Replacement, FormCode | TeamStateCode | TextCode | "UNCHANGED" | "RULED_OUT", TeamEvent> {
  const { viewer, why, obstacles, askedMessageId } = facts;
  if (!successors) return { refusals: [refusal("NOT_ACCEPTED", "One of the two is not there any more.")] };
  const conflicts = teamConflicts([successors.candidate, successors.mentor], viewer);
  if (conflicts.length > 0) return { refusals: conflicts };
  if (former.mentorApplicationId === successors.mentor.id) {
    return { refusals: [refusal("UNCHANGED", "This is the mentor of the team already.", "mentorApplicationId")] };
  }
  const ruledOut = obstacles.map(({ text }) => refusal("RULED_OUT", text, "mentorApplicationId"));
  const wrong = [...ruledOut, ...reasonRefusals(why)];
  if (wrong.length > 0) return { refusals: wrong };
  const { now } = viewer;
  const isAnnounced = former.state === "ANNOUNCED";
  const over: Decision<Team, TeamStateCode | TextCode, TeamEvent> = isAnnounced
    ? endTeam(former, { now, why, earlierMessageIds: introductionsOf(former) })
    : takeBackTeam(former, { now, why });
  if (isRefused(over)) return over;
  const earlier = successors.earlier.map((team) => (team.id === former.id ? over.outcome : team));
  const formed = form({ ...successors, earlier });
  if (isRefused(formed)) return formed;
  return {
    outcome: { former: over.outcome, team: formed.outcome },
    events: [
      ...over.events,
      ...(isAnnounced ? [] : correctedEvents([over.outcome], () => askedMessageId)),
      ...formed.events,
      ...askedEvents([formed.outcome]),
    ],
  };
}
