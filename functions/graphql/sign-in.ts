import { join, link, type Identity, type Person } from "../../schema/person/person.ts";
import { loadByAccount, loadByEmail, writeAccount, writeNewPerson } from "../../schema/person/person.table.ts";
import { carryOut, written, type CommandContext } from "../../schema/shared/command.ts";

/** Why nobody is signed in by an identity. */
export type SignInFault = "NOT_VERIFIED" | "CLOSED";

/**
 * The person of an identity, made at the first sign-in. A further account is linked to the person who holds its verified
 * address, whichever of theirs it is. Whoever has not verified their address, or whose record is closed, is not signed in. Two
 * requests for whoever signed in before.
 */
export async function signIn(
  context: CommandContext,
  identity: Identity,
  firstStaffEmail: string | undefined,
): Promise<Person | SignInFault> {
  if (!identity.emailVerified) return "NOT_VERIFIED";
  const known = await loadByAccount(context.table, identity);
  if (known) return openOrFault(known);
  const id = context.ids.make("per");
  const carried = await carryOut(context, {
    actor: ({ byEmail }) => ({ kind: "PERSON", id: byEmail?.id ?? id }),
    load: async () => ({
      byAccount: await loadByAccount(context.table, identity),
      byEmail: await loadByEmail(context.table, identity.email),
    }),
    decide: ({ byAccount, byEmail }) => {
      if (byAccount) return { outcome: byAccount, events: [] };
      return byEmail ? link(byEmail, identity) : join(identity, { id, now: context.now, firstStaffEmail });
    },
    write: (person, { byAccount, byEmail }) => {
      if (byAccount) return [];
      return byEmail ? writeAccount(byEmail, identity) : writeNewPerson(person, identity);
    },
  });
  if (carried.status !== "done") return "CLOSED";
  const person = carried.outcome.version === 0 ? written(carried.outcome) : carried.outcome;
  return openOrFault(person);
}

function openOrFault(person: Person): Person | SignInFault {
  return person.state === "ACTIVE" ? person : "CLOSED";
}
