import { REMOVED } from "../shared/decision.ts";
import type { Decision, DecisionEvent } from "./decision.ts";

/**
 * Removes the committee's reasons for good, together with what the applicant wrote; outcome, vote and rank stay as facts.
 * Nothing happens when they are gone already.
 */
export function removeRationale(decision: Decision): { outcome: Decision; events: DecisionEvent[] } {
  const { told } = decision;
  if (decision.rationale === REMOVED && (told === null || told.rationale === REMOVED)) {
    return { outcome: decision, events: [] };
  }
  return {
    outcome: { ...decision, rationale: REMOVED, told: told && { ...told, rationale: REMOVED } },
    events: [{ type: "DecisionRationaleRemoved", about: { kind: "Decision", id: decision.id }, facts: {} }],
  };
}

/** Whether there is a text, and it was not removed. */
export const isText = (text: string): boolean => text !== "" && text !== REMOVED;

/** What stands in the place of a text once it is removed. */
export const erasedText = (text: string): string => (isText(text) ? REMOVED : text);

/** A vote without what its member said; the same one when they said nothing. */
export function withoutComment<Said extends { comment: string }>(said: Said): Said {
  return isText(said.comment) ? { ...said, comment: REMOVED } : said;
}
