import { Arg, Args, Ctx, Mutation, Query, Resolver } from "type-graphql";
import { viewerOf, type RequestContext } from "../shared/context.ts";
import { PageArgs, pageOf } from "../shared/page.ts";
import { Allow, either, signedIn, staff, type Rule } from "../shared/rule.ts";
import { DirectoryEntryConnection, ViewerDirectorySetInput, ViewerDirectorySetPayload } from "./directory.type.ts";
import { changePerson } from "./person.resolver.ts";
import { listDirectory, personFrom } from "./person.table.ts";
import { setListed } from "./person.ts";

/** Whoever is in the directory: to see the others one lets oneself be seen. */
const listed: Rule = ({ viewer }) => (viewer ? viewer.person.isListed || "FORBIDDEN" : "UNAUTHENTICATED");

@Resolver()
export class DirectoryResolver {
  @Allow(either(listed, staff))
  @Query(() => DirectoryEntryConnection, {
    description: "Everybody who agreed to be listed, by name. Whoever is listed themselves may read it, and staff.",
  })
  async directory(@Args(() => PageArgs) page: PageArgs, @Ctx() context: RequestContext) {
    const ask = (from: Parameters<typeof listDirectory>[1]) => listDirectory(context.table, from);
    return pageOf(page, { name: "directory", of: {}, index: "byList" }, ask, (item) => personFrom(item)!);
  }

  @Allow(signedIn)
  @Mutation(() => ViewerDirectorySetPayload, {
    description: "Agrees to be listed in the directory with name and address, or takes that back at once.",
  })
  async viewerDirectorySet(
    @Arg("input", () => ViewerDirectorySetInput, { description: "Whether to be listed." })
    input: ViewerDirectorySetInput,
    @Ctx() context: RequestContext,
  ) {
    return changePerson(context, viewerOf(context).person.id, (person) => setListed(person, input.isListed));
  }
}
