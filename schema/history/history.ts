import type { Viewer } from "../person/person.ts";
import { isStaff } from "../person/role.ts";
import type { Happening } from "../shared/decision.ts";

/** Fields of changes that the committee reads. What is not named here, now or later, is for staff alone. */
const FOR_COMMITTEE: ReadonlySet<string> = new Set([
  "state",
  "outcome",
  "rank",
  "offer",
  "answerBy",
  "joint",
  "holderName",
  "issuedOn",
  "expiresOn",
  "year",
  "number",
  "name",
  "region",
  "zone",
  "seats",
  "tuition",
  "windowOpens",
  "windowCloses",
  "mentorWindowOpens",
  "mentorWindowCloses",
  "questions",
  "criteria",
  "letters",
  "review",
  "vote",
  "offer",
  "team",
  "regions",
  "candidateLetters",
  "mentorLetters",
]);

type Values = Record<string, unknown>;

/** What of a change the viewer may read. A side without anything readable is left out. */
export function readableChange(viewer: Viewer | null, { before, after }: Pick<Happening, "before" | "after">) {
  if (isStaff(viewer)) return { before, after };
  return { before: forCommittee(before), after: forCommittee(after) };
}

function forCommittee(values: Values | undefined): Values | undefined {
  const readable = Object.entries(values ?? {}).filter(([name]) => FOR_COMMITTEE.has(name));
  return readable.length > 0 ? Object.fromEntries(readable) : undefined;
}
