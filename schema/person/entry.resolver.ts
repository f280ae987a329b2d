import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from "type-graphql";
import { carryOut, written } from "../shared/command.ts";
import { actorOf, type RequestContext } from "../shared/context.ts";
import { Allow, staff } from "../shared/rule.ts";
import { isMailable } from "./address.ts";
import { enteredEmail, enterPerson } from "./entry.ts";
import { PersonCreateInput, PersonCreatePayload } from "./entry.type.ts";
import { loadByEmail, writeEntered } from "./person.table.ts";
import type { Address } from "./person.ts";
import { AddressObject } from "./person.type.ts";

/** Whether an address is proved. */
@Resolver(() => AddressObject)
export class EnteredAddressResolver {
  @FieldResolver(() => Boolean, {
    description: "Whether somebody has proved that it is theirs; false while staff have only entered it.",
  })
  isProved(@Root() { isEntered }: Address): boolean {
    return isEntered !== true;
  }
}

/** People whom staff enter, because they have never signed in. */
@Resolver()
export class PersonEntryResolver {
  @Allow(staff)
  @Mutation(() => PersonCreatePayload, {
    description:
      "Makes a record for somebody who has never signed in, such as for an application on paper. They are told by mail, and find it " +
      "as theirs when they sign in with the address. An address that has a record is refused: `personByEmail` answers whose. Staff may.",
  })
  async personCreate(
    @Arg("input", () => PersonCreateInput, { description: "Who, and why." }) input: PersonCreateInput,
    @Ctx() context: RequestContext,
  ) {
    const { table, now } = context;
    const id = context.ids.make("per");
    const carried = await carryOut(context, {
      actor: actorOf(context),
      load: async () => {
        const email = enteredEmail(input);
        const claimed = isMailable(email) ? await loadByEmail(table, email) : undefined;
        // A claim that outlived its person, because the erasure is not through yet, is nobody's.
        return { claimed, holder: claimed?.person.state === "ERASED" ? undefined : claimed?.person };
      },
      decide: ({ holder }) => enterPerson(input, { id, now, holder }),
      write: (person, { claimed }) => writeEntered(person, claimed?.claimedBy),
    });
    context.load.forget();
    if (carried.status === "refused") return { person: null, userErrors: carried.refusals };
    return { person: carried.status === "done" ? written(carried.outcome) : null, userErrors: [] };
  }
}
