import { Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import type { Viewer } from "../person/person.ts";
import type { RequestContext } from "../shared/context.ts";
import { ViewerObject } from "../viewer/viewer.type.ts";
import { exportOf } from "./export.table.ts";

/** An export reads every record of the viewer: it counts like so many fields. */
const FIELDS = 5_000;

/** Everything about the viewer, where they look at themselves: there is no other way to it. */
@Resolver(() => ViewerObject)
export class ViewerExportResolver {
  @FieldResolver(() => String, {
    complexity: FIELDS,
    description:
      "Everything the program knows about the viewer, as JSON text: `format` (1), `exportedAt`, `person` with addresses and " +
      "roles, `addressesToConfirm`, `applications` with drafts, submissions, the decision as it was told, the offer and what reviewers " +
      "wrote for the applicant, `jointApplications`, `reviews` that the viewer has written, `files` by name, " +
      "`certificates`, `messages`, and `history` of what is the viewer's. Nothing in it is about others: of what others did it " +
      "tells what the viewer is told of, not who or why. " +
      "It counts as 5,000 fields.",
  })
  async export(@Root() viewer: Viewer, @Ctx() { table }: RequestContext): Promise<string> {
    return exportOf(table, viewer);
  }
}
