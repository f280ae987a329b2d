import { isFirstStaff, join, link, type Identity, type Person } from "../../schema/person/person.ts";
import {
  isStaffed,
  loadByAccount,
  loadByEmail,
  writeAccount,
  writeNewPerson,
  writePerson,
  type Claimed,
} from "../../schema/person/person.table.ts";
import { carryOut, written, type CommandContext } from "../../schema/shared/command.ts";

/** Why nobody is signed in by an identity. */
export type SignInFault = "NOT_VERIFIED" | "CLOSED";

/**
 * The person of an identity, made at the first sign-in. A further account is linked to the person who holds its verified
 * address, whichever of theirs it is. Whoever was erased and signs in again is a new person, of whom nothing is known. Whoever
 * has not verified their address, or whose record is closed, is not signed in. Two requests for whoever signed in before.
 */
export async function signIn(
  context: CommandContext,
  identity: Identity,
  firstStaffEmail: string | undefined,
): Promise<Person | SignInFault> {
  if (!identity.emailVerified) return "NOT_VERIFIED";
  const known = await loadByAccount(context.table, identity);
  if (isTheirs(known, identity)) return openOrFault(known.person);
  const id = context.ids.make("per");
  const carried = await carryOut(context, {
    actor: ({ byEmail }) => ({ kind: "PERSON", id: isThere(byEmail) ? byEmail.person.id : id }),
    load: async () => ({
      byAccount: await loadByAccount(context.table, identity),
      byEmail: await loadByEmail(context.table, identity.email),
      // Whoever comes with that address later, when there is staff, is nobody special.
      firstStaffEmail:
        isFirstStaff(identity, firstStaffEmail) && (await isStaffed(context.table)) ? undefined : firstStaffEmail,
    }),
    decide: ({ byAccount, byEmail, ...first }) => {
      if (isTheirs(byAccount, identity)) return { outcome: byAccount.person, events: [] };
      if (isThere(byEmail)) return link(byEmail.person, identity, context.now);
      return join(identity, { id, now: context.now, ...first });
    },
    write: (person, { byAccount, byEmail }) => {
      const before = { account: byAccount?.claimedBy, email: byEmail?.claimedBy };
      if (isTheirs(byAccount, identity)) return [];
      if (!isThere(byEmail)) return writeNewPerson(person, identity, before);
      const isProved = person !== byEmail.person;
      return [
        ...(isProved ? writePerson(person, byEmail.person) : []),
        ...writeAccount(byEmail.person, identity, before),
      ];
    },
  });
  if (carried.status !== "done") return "CLOSED";
  const { outcome, loaded } = carried;
  const isFound = outcome === loaded.byAccount?.person || outcome === loaded.byEmail?.person;
  return openOrFault(isFound ? outcome : written(outcome));
}

function openOrFault(person: Person): Person | SignInFault {
  return person.state === "ACTIVE" ? person : "CLOSED";
}

/** A claim that outlived its person, because the erasure is not through yet, is nobody's. */
function isThere(claimed: Claimed | undefined): claimed is Claimed {
  return claimed !== undefined && claimed.person.state !== "ERASED";
}

/** An account is its person's no more once they gave up the address it signs in with. */
function isTheirs(claimed: Claimed | undefined, { email }: Identity): claimed is Claimed {
  return isThere(claimed) && !claimed.person.givenUp.includes(email.toLowerCase());
}
