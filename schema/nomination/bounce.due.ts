import type { ConsequenceOf } from "../feedbacks.ts";
import { isRefused } from "../shared/decision.ts";
import { bounceNomination } from "./course.ts";
import { loadAsked, writeAsked } from "./nomination.table.ts";

/**
 * What follows when a mail came back for good that asks for a nomination: that whoever was asked cannot be reached. Nothing when
 * the nomination is answered or over.
 */
export const nominationConsequence: ConsequenceOf = async ({ table }, { about }, { kind, isPermanent = false }) => {
  const nothing = { writes: [], events: [] };
  const found = kind === "BOUNCED" && isPermanent ? await loadAsked(table, about.id) : undefined;
  if (!found?.application) return nothing;
  const before = { nomination: found.nomination, application: found.application };
  const step = bounceNomination(before);
  return isRefused(step) ? nothing : { writes: writeAsked(step.outcome, before), events: step.events };
};
