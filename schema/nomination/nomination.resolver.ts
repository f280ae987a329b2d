import { Args, Ctx, FieldResolver, ID, Resolver, Root } from "type-graphql";
import type { Application } from "../application/application.ts";
import { ApplicationObject } from "../application/application.type.ts";
import { partsMissing } from "../application/parts.ts";
import type { Cohort } from "../cohort/cohort.ts";
import { CohortObject } from "../cohort/cohort.type.ts";
import { isSelf, type Viewer } from "../person/person.ts";
import { isStaff } from "../person/role.ts";
import { abilityOf } from "../shared/ability.ts";
import { viewerOf, type RequestContext } from "../shared/context.ts";
import { globalId } from "../shared/id.ts";
import { ID_MEANING } from "../shared/node.ts";
import { PageArgs, pageOf } from "../shared/page.ts";
import { Allow, officeNotOwn, staff, type Rule } from "../shared/rule.ts";
import { mayReadLetter, mayReadNomination, type Nomination } from "./nomination.ts";
import { listUnmatched, nominationFrom } from "./nomination.table.ts";
import {
  MissingPartObject,
  NominationAbilitiesObject,
  NominationConnection,
  NominationLetterObject,
  NominationObject,
} from "./nomination.type.ts";
import { cancelNomination, reopenNomination, resendNomination } from "./request.ts";

/** The nomination, if the viewer may know of it. */
export async function visibleNomination(
  { viewer, load }: Pick<RequestContext, "viewer" | "load">,
  id: string,
): Promise<Nomination | null> {
  const nomination = await load.nomination(id);
  // Also asked for where there is none: what is not there takes as many requests as what is not to be seen.
  const application = await load.application(nomination?.applicationId ?? "none");
  return nomination && mayReadNomination(viewer, nomination, application) ? nomination : null;
}

/** The applicant who named them, and staff. */
const namerOrStaff: Rule = ({ viewer, source }) => {
  const { personId, origin } = source as Nomination;
  const isNamer = origin === "REQUESTED" && personId !== null && isSelf(viewer, personId);
  return isNamer || (isStaff(viewer) && !(personId !== null && isSelf(viewer, personId))) ? true : "FORBIDDEN";
};

/** Who came by themselves is not for the candidate to know. */
function isHidden({ origin, personId }: Nomination, viewer: Viewer | null): boolean {
  return origin === "UNSOLICITED" && personId !== null && isSelf(viewer, personId);
}

@Resolver(() => NominationObject)
export class NominationResolver {
  @FieldResolver(() => ID, { description: ID_MEANING })
  id(@Root() nomination: Nomination): string {
    return globalId("Nomination", nomination.id);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: "Who nominates; null for the candidate about one that came by itself.",
  })
  nominatorName(@Root() nomination: Nomination, @Ctx() { viewer }: RequestContext): string | null {
    return isHidden(nomination, viewer) ? null : nomination.nominator.name;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: "What they are to the candidate; null for the candidate about one that came by itself.",
  })
  nominatorPosition(@Root() nomination: Nomination, @Ctx() { viewer }: RequestContext): string | null {
    return isHidden(nomination, viewer) ? null : nomination.nominator.position;
  }

  @Allow(namerOrStaff)
  @FieldResolver(() => String, {
    nullable: true,
    description: "Their address. Whoever named them and staff may read it; null once it was removed.",
  })
  nominatorEmail(@Root() { nominator }: Nomination): string | null {
    return nominator.email;
  }

  @Allow(staff)
  @FieldResolver(() => String, {
    nullable: true,
    description: "Address of whom an unsolicited one is about, until an application is found. Staff may read it.",
  })
  nomineeEmail(@Root() { nominee }: Nomination): string | null {
    return nominee?.email ?? null;
  }

  @Allow(officeNotOwn)
  @FieldResolver(() => NominationLetterObject, {
    nullable: true,
    description:
      "What stands in it; null before it has come. Staff and committee may read it, but nobody about their own application; " +
      "null for members of the committee, the chair included, until they have declared that they have no conflict.",
  })
  async letter(@Root() nomination: Nomination, @Ctx() { viewer, load }: RequestContext) {
    const { signature, text, state } = nomination;
    const hasCome = state === "PROVIDED" || state === "UNMATCHED";
    const application = await load.application(nomination.applicationId ?? "none");
    if (!hasCome || signature === null || !mayReadLetter(viewer, nomination, application)) return null;
    return { text, signedName: signature.name, signedPosition: signature.position };
  }

  @FieldResolver(() => NominationAbilitiesObject, {
    nullable: true,
    description: "What the viewer could do now; null as long as it belongs to no application.",
  })
  async viewerCan(@Root() nomination: Nomination, @Ctx() context: RequestContext) {
    const { load, now } = context;
    const viewer = viewerOf(context);
    const application = await load.application(nomination.applicationId ?? "none");
    const cohort = await load.cohort(nomination.cohortId);
    if (!application || !cohort) return null;
    const asked = { nomination, application };
    const ofOwner = abilityOf(viewer, isSelf(viewer, application.personId), "Only the applicant can do this.");
    const ofStaff = abilityOf(viewer, isStaff(viewer), "Only staff can do this.");
    const about = { kind: "Application", id: application.id } as const;
    const links = { issued: { about, purpose: "NOMINATION" as const, version: 0, links: [] }, links: [], linkId: "" };
    return {
      resend: ofOwner(() => resendNomination(asked, { cohort, person: viewer.person, now, ...links })),
      cancel: ofOwner(() => cancelNomination(asked, { cohort, links: [], now })),
      reopen: ofStaff(() => reopenNomination(asked, { cohort, viewer, now, why: "Asked beforehand", ...links })),
    };
  }
}

/** The letters, where their application is looked at. */
@Resolver(() => ApplicationObject)
export class ApplicationNominationsResolver {
  @FieldResolver(() => [NominationObject], {
    description: "Letters about it that were asked for, or came by themselves, in the order they were asked for.",
  })
  async nominations(@Root() { letters }: Application, @Ctx() { load }: RequestContext) {
    const found = await Promise.all(letters.map(({ requestId }) => load.nomination(requestId)));
    return found.filter((nomination) => nomination !== undefined);
  }

  @FieldResolver(() => [MissingPartObject], {
    description: "What others have still to supply before it is complete; empty when nothing is missing.",
  })
  async partsMissing(@Root() application: Application, @Ctx() { load }: RequestContext) {
    const cohort = await load.cohort(application.cohortId);
    return cohort ? partsMissing(application, cohort) : [];
  }
}

/** Letters that wait for an application, where staff look for them. */
@Resolver(() => CohortObject)
export class CohortNominationsResolver {
  @Allow(staff)
  @FieldResolver(() => NominationConnection, {
    nullable: true,
    description:
      "Letters that came without being asked for and found no application yet, the latest first. Staff may read it, but " +
      "nobody what is about themselves.",
  })
  async unmatchedNominations(
    @Root() cohort: Cohort,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: RequestContext,
  ) {
    const ask = (from: Parameters<typeof listUnmatched>[2]) => listUnmatched(context.table, cohort.id, from);
    const list = { name: "unmatchedNominations", of: { cohortId: cohort.id }, index: "byList" } as const;
    const isVisible = (nomination: Nomination) => mayReadNomination(context.viewer, nomination);
    return pageOf(
      page,
      list,
      ask,
      (item) => nominationFrom(item)!,
      (item) => isVisible(nominationFrom(item)!),
    );
  }
}
