import type { Application } from "../application/application.ts";
import { partsMissing } from "../application/parts.ts";
import type { Cohort } from "../cohort/cohort.ts";

/** What somebody can be waiting for from a person. */
export const TASK_CODES = ["NOMINATOR_ADDRESS_BOUNCED", "NOMINATOR_TO_NAME"] as const;

/** One of TASK_CODES. */
export type TaskCode = (typeof TASK_CODES)[number];

/** Something that waits for a person. It follows from the records, so it is gone once it is done. */
export interface Task {
  code: TaskCode;
  /** What to do, in a sentence for people. */
  message: string;
  applicationId: string;
}

/** What an application waits for from its applicant. */
interface Concern {
  application: Application;
  cohort: Cohort;
}

/** Every rule that tells what waits for an applicant. */
const RULES: readonly ((concern: Concern) => Task[])[] = [bouncedNominators, nominatorsToName];

/** What waits for whoever has these applications. */
export function tasksOf(concerns: readonly Concern[]): Task[] {
  return concerns.flatMap((concern) => RULES.flatMap((rule) => rule(concern)));
}

const isWaiting = ({ state }: Application) => state === "DRAFT" || state === "SUBMITTED";

function bouncedNominators({ application }: Concern): Task[] {
  if (!isWaiting(application)) return [];
  const bounced = application.letters.filter(({ state }) => state === "BOUNCED");
  return bounced.map(({ nominator }) => ({
    code: "NOMINATOR_ADDRESS_BOUNCED",
    message: `The address of your nominator ${nominator?.name ?? ""} does not work: please correct it.`,
    applicationId: application.id,
  }));
}

/** Of a submitted application: while it is a draft, the draft itself says what is missing. */
function nominatorsToName({ application, cohort }: Concern): Task[] {
  if (application.state !== "SUBMITTED") return [];
  const awaited = application.letters.filter(({ state }) => ["REQUESTED", "OPENED", "BOUNCED"].includes(state)).length;
  if (partsMissing(application, cohort).length <= awaited) return [];
  const message = "Your application needs a nomination that nobody is asked for: please name who nominates you.";
  return [{ code: "NOMINATOR_TO_NAME", message, applicationId: application.id }];
}
