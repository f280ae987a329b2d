import { isRecusedFrom, ownApplication, type Application, type Recusal } from "../application/application.ts";
import { idsOf, isSelf, type Person, type Viewer } from "../person/person.ts";
import { isChair, isStaff } from "../person/role.ts";
import {
  refusal,
  REMOVED,
  reasonRefusals,
  type Decision,
  type Happening,
  type Refusal,
  type TextCode,
} from "../shared/decision.ts";

/** What happens to recusals. */
export type RecusalEvent =
  | Happening<
      "MemberRecused",
      { personId: string; /** The application it was carried over from. */ carriedFrom?: string }
    >
  | Happening<"RecusalLifted", { personId: string }>
  | Happening<"RecusalReasonErased", { personId: string }>;

/** Why nobody is recused. */
export type RecuseCode = TextCode | "OWN_APPLICATION" | "ALREADY_RECUSED";

/** Why a recusal is not lifted. */
export type LiftCode = TextCode | "NOT_RECUSED" | "OWN_RECUSAL";

/** A person and an application that are to be kept apart, or no longer. */
export interface Pair {
  application: Application;
  person: Person;
}

/** Whether the viewer may recuse somebody else, and lift recusals: staff, and the chair of the cohort's committee. */
export function mayRecuseOthers(viewer: Viewer | null, { cohortId }: Pick<Application, "cohortId">): boolean {
  return isStaff(viewer) || isChair(viewer, cohortId);
}

/** Keeps a person away from an application, from this instant on and in whatever office. What they did before stays. */
export function recuse(
  { application, person }: Pair,
  { viewer, why }: { viewer: Viewer; why: string },
): Decision<Pair, RecuseCode, RecusalEvent> {
  if (isSelf({ person, now: viewer.now }, application.personId)) return { refusals: [ownApplication] };
  const refusals: Refusal<RecuseCode>[] = reasonRefusals(why);
  if (isRecusedFrom({ person, now: viewer.now }, application.id)) {
    refusals.push(refusal("ALREADY_RECUSED", `${person.name} is recused from this application already.`, "personId"));
  }
  if (refusals.length > 0) return { refusals };
  const recusal: Recusal = { personId: person.id, why: why.trim(), at: viewer.now };
  return {
    outcome: {
      application: { ...application, recusals: [...application.recusals, recusal] },
      person: { ...person, recusedFrom: [...person.recusedFrom, application.id] },
    },
    events: [{ type: "MemberRecused", about: about(application), facts: { personId: person.id }, why: recusal.why }],
  };
}

/** Lets a person have to do with an application again. Nobody lifts their own recusal. */
export function liftRecusal(
  { application, person }: Pair,
  { viewer, why }: { viewer: Viewer; why: string },
): Decision<Pair, LiftCode, RecusalEvent> {
  const refusals: Refusal<LiftCode>[] = reasonRefusals(why);
  if (isSelf(viewer, person.id)) {
    refusals.push(refusal("OWN_RECUSAL", "Nobody lifts their own recusal: please ask the chair or staff.", "personId"));
  }
  if (!isRecusedFrom({ person, now: viewer.now }, application.id)) {
    refusals.push(refusal("NOT_RECUSED", `${person.name} is not recused from this application.`, "personId"));
  }
  if (refusals.length > 0) return { refusals };
  const ids = idsOf(person);
  return {
    outcome: {
      application: { ...application, recusals: application.recusals.filter(({ personId }) => !ids.includes(personId)) },
      person: {
        ...person,
        recusedFrom: person.recusedFrom.filter((id) => id !== application.id),
        wasRecusedFrom: [...new Set([...person.wasRecusedFrom, application.id])],
      },
    },
    events: [{ type: "RecusalLifted", about: about(application), facts: { personId: person.id }, why: why.trim() }],
  };
}

/** Takes out why somebody stepped back who was erased; that they did stays. Nothing happens when it is gone already. */
export function eraseReason(
  application: Application,
  personIds: readonly string[],
): { outcome: Application; events: readonly RecusalEvent[] } {
  const told = application.recusals.find(({ personId, why }) => personIds.includes(personId) && why !== REMOVED);
  if (!told) return { outcome: application, events: [] };
  const { personId } = told;
  return {
    outcome: {
      ...application,
      recusals: application.recusals.map((one) => (personIds.includes(one.personId) ? { ...one, why: REMOVED } : one)),
    },
    events: [{ type: "RecusalReasonErased", about: about(application), facts: { personId } }],
  };
}

const about = ({ id }: Application) => ({ kind: "Application", id }) as const;
