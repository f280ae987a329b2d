import { applicationFrom, listOfCohort, type ApplicationList } from "../application/application.table.ts";
import type { Application, ApplicationKind } from "../application/application.ts";
import { mentorFrom, mentorItems, placesFrom } from "../mentor/mentor.table.ts";
import { freshMentor, type Mentor, type MentorFacts } from "../mentor/mentor.ts";
import { everyItem } from "../shared/every-item.ts";
import type { Table } from "../shared/table.ts";
import { teamsOfCohort } from "./team.table.ts";
import type { Team } from "./team.ts";

/** A cohort's teams, and what is noted on its mentors. */
export interface Plan {
  teams: readonly Team[];
  /** What is noted on a mentor, and how many candidates the mentor has. */
  mentorOf(application: Application): MentorFacts;
}

/** A cohort's plan as it is now. Two requests per 100 teams or mentors. */
export async function loadPlan(table: Table, cohortId: string): Promise<Plan> {
  const [teams, items] = await Promise.all([teamsOfCohort(table, cohortId), mentorItems(table, cohortId)]);
  const noted = new Map<string, Mentor>();
  const taken = new Map<string, number>();
  for (const item of items) {
    const [, id = ""] = item.sk.split("#");
    if (item.entity === "PLACES") taken.set(id, placesFrom(item));
    else noted.set(id, mentorFrom(item)!);
  }
  return {
    teams,
    mentorOf: (application) => ({
      application,
      mentor: noted.get(application.id) ?? freshMentor(application),
      taken: taken.get(application.id) ?? 0,
    }),
  };
}

/** The accepted candidates or mentors of a cohort, by number: found through an index. One request per 100. */
export async function listAccepted(table: Table, cohortId: string, kind: ApplicationKind): Promise<Application[]> {
  const of = { cohortId, kind, list: "SUBMITTED" satisfies ApplicationList, state: "ACCEPTED" } as const;
  return (await everyItem((page) => listOfCohort(table, of, page))).map((item) => applicationFrom(item)!);
}
