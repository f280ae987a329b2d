import { Args, Ctx, Query, Resolver } from "type-graphql";
import type { RequestContext } from "../shared/context.ts";
import { PageArgs, pageOf } from "../shared/page.ts";
import { Allow, staff } from "../shared/rule.ts";
import { listUnreachable, personFrom } from "./person.table.ts";
import type { Person } from "./person.ts";
import { destinationOf } from "./reach.ts";
import { UnreachablePersonConnection } from "./reach.type.ts";

@Resolver()
export class ReachResolver {
  @Allow(staff)
  @Query(() => UnreachablePersonConnection, {
    description: "Everybody with an address that mails do not reach any more, the latest first. Staff may read it.",
  })
  async unreachableAddresses(@Args(() => PageArgs) page: PageArgs, @Ctx() context: RequestContext) {
    const ask = (from: Parameters<typeof listUnreachable>[1]) => listUnreachable(context.table, from);
    return pageOf(page, { name: "unreachableAddresses", of: {} }, ask, (item) => entryOf(personFrom(item)!));
  }
}

function entryOf(person: Person) {
  const { email: mailsGoTo } = destinationOf(person, { isOptional: false, isInsisted: false });
  const fix =
    mailsGoTo === null
      ? "Reach them by telephone and add another address to their account: they confirm it by a link."
      : "Ask them, by the address that works, to confirm the other one anew or to give it up.";
  return { person, addresses: person.addresses.filter(({ unreachable }) => unreachable), mailsGoTo, fix };
}
