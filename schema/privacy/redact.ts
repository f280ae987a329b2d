import { REMOVED, type Happening } from "../shared/decision.ts";
import { isSame } from "../shared/same.ts";

/**
 * Names of values that never tell who somebody is: states, ids, numbers, times. Texts under any other name are taken out, so
 * that an event that is added later keeps nothing by mistake.
 */
const IMPERSONAL: ReadonlySet<string> = new Set([
  "answerBy",
  "applicationId",
  "applicationIds",
  "askedBy",
  "assignedBy",
  "candidateApplicationId",
  "candidatePersonId",
  "carriedFrom",
  "classId",
  "cohortId",
  "confirmedAt",
  "copiedFrom",
  "daysBefore",
  "dueOn",
  "earlierMessageIds",
  "nominationId",
  "nominationIds",
  "origin",
  "replacedId",
  "expiresOn",
  "fields",
  "from",
  "ineligibleFor",
  "issuedOn",
  "joint",
  "jointId",
  "kind",
  "lateCodeId",
  "left",
  "linkId",
  "mentorApplicationId",
  "mentorPersonId",
  "mergedInto",
  "motionId",
  "notNeededAt",
  "number",
  "offer",
  "outcome",
  "parts",
  "personId",
  "purpose",
  "questionIds",
  "role",
  "slateId",
  "state",
  "takenIn",
  "teamIds",
  "toPersonId",
  "until",
  "verifiedAt",
  "waivedAt",
]);

/** An event without personal texts: what happened, when and by whom stays. Redacting it again changes nothing. */
export function redacted<Event extends Happening>(event: Event): Event {
  const { facts, before, after, why } = event;
  return {
    ...event,
    facts: withoutTexts(facts),
    ...(before && { before: withoutTexts(before) }),
    ...(after && { after: withoutTexts(after) }),
    // The reason of an erasure is refused when it names the person.
    ...(why !== undefined && { why: event.type === "PersonErased" ? why : REMOVED }),
  };
}

/** Whether there is anything personal in an event. */
export function isPersonal(event: Happening): boolean {
  return !isSame(redacted(event), event);
}

function withoutTexts(values: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, withoutText(name, value)]));
}

function withoutText(name: string, value: unknown): unknown {
  if (typeof value === "string") return IMPERSONAL.has(name) ? value : REMOVED;
  if (Array.isArray(value)) return value.map((element) => withoutText(name, element));
  return value !== null && typeof value === "object" ? withoutTexts(value) : value;
}
