import { join, link, type Identity, type Person } from "../../schema/person/person.ts";
import { loadByAccount, loadByEmail, writeAccount, writeNewPerson } from "../../schema/person/person.table.ts";
import { carryOut, written, type CommandContext } from "../../schema/shared/command.ts";

/**
 * The person of an identity, made at the first sign-in; null when its address is not verified. A further account is linked to
 * the person who holds its verified address. Whoever was erased and signs in again is a new person, of whom nothing is known.
 * Two requests for whoever signed in before.
 */
export async function signIn(
  context: CommandContext,
  identity: Identity,
  firstStaffEmail: string | undefined,
): Promise<Person | null> {
  if (!identity.emailVerified) return null;
  const known = await loadByAccount(context.table, identity);
  if (known && !isErased(known)) return known;
  const id = context.ids.make("per");
  const carried = await carryOut(context, {
    actor: { kind: "PERSON", id },
    load: async () => ({
      byAccount: await loadByAccount(context.table, identity),
      byEmail: await loadByEmail(context.table, identity.email),
    }),
    decide: ({ byAccount, byEmail }) => {
      if (byAccount && !isErased(byAccount)) return { outcome: byAccount, events: [] };
      if (byEmail && !isErased(byEmail)) return link(byEmail, identity);
      return join(identity, { id, now: context.now, firstStaffEmail });
    },
    write: (person, { byAccount, byEmail }) => {
      if (byAccount && !isErased(byAccount)) return [];
      const before = { account: byAccount?.id, email: byEmail?.id };
      return byEmail && !isErased(byEmail)
        ? writeAccount(byEmail, identity, before)
        : writeNewPerson(person, identity, before);
    },
  });
  if (carried.status !== "done") return null;
  return carried.outcome.version === 0 ? written(carried.outcome) : carried.outcome;
}

const isErased = ({ state }: Person): boolean => state === "ERASED";
