import {
  reasonRefusals,
  refusal,
  textRefusals,
  type Decision,
  type Refusal,
  type TextCode,
} from "../shared/decision.ts";
import type { Instant } from "../shared/time.ts";
import { badEmail, isMailable } from "./address.ts";
import { freshPerson, NAME, type Person, type PersonEvent } from "./person.ts";

/** Why staff cannot enter somebody. */
export type EnterCode = TextCode | "BAD_EMAIL" | "EMAIL_TAKEN";

/** Somebody whom staff enter. */
export interface Entry {
  name: string;
  email: string;
  why: string;
}

/** The address as it is kept. */
export const enteredEmail = ({ email }: Entry): string => email.trim().toLowerCase();

/**
 * Makes a record for somebody who has never signed in, so that staff can apply for them. Whoever signs in with the address finds it
 * as theirs; until then they are told of it by mail, and nobody has proved anything.
 */
export function enterPerson(
  entry: Entry,
  { id, now, holder }: { id: string; now: Instant; holder: Person | undefined },
): Decision<Person, EnterCode, PersonEvent> {
  const email = enteredEmail(entry);
  const refusals: Refusal<EnterCode>[] = textRefusals(entry.name, NAME, "name");
  if (!isMailable(email)) refusals.push(badEmail);
  else if (holder) refusals.push(addressTaken);
  refusals.push(...reasonRefusals(entry.why));
  if (refusals.length > 0) return { refusals };
  const person = freshPerson(id, entry.name.trim(), { email, kind: "WORK", verifiedAt: now, isEntered: true });
  const event: PersonEvent = {
    type: "PersonEntered",
    about: { kind: "Person", id },
    facts: { personId: id },
    why: entry.why.trim(),
    actingFor: id,
  };
  return { outcome: person, events: [event] };
}

const addressTaken = refusal(
  "EMAIL_TAKEN",
  "Somebody has a record with this address already: please find it by the address, and use that one.",
  "email",
);
