import { Arg, Args, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from "type-graphql";
import { applicationIds, theOneThatCounts, type ApplicationKind } from "../application/application.ts";
import { ApplicationKindEnum } from "../application/application.type.ts";
import { lettersUntil } from "../application/parts.ts";
import { startApplication } from "../application/draft.ts";
import { conflictsIn } from "../decision/conflict.resolver.ts";
import type { Viewer } from "../person/person.ts";
import { isStaff } from "../person/role.ts";
import { abilityOf } from "../shared/ability.ts";
import { change } from "../shared/change.ts";
import { carryOut, written } from "../shared/command.ts";
import { actorOf, type RequestContext } from "../shared/context.ts";
import type { Decision } from "../shared/decision.ts";
import { failure } from "../shared/failure.ts";
import { globalId } from "../shared/id.ts";
import { ID_MEANING, localId } from "../shared/node.ts";
import { PageArgs, pageOf } from "../shared/page.ts";
import { DateTime } from "../shared/scalars.ts";
import { Allow, anyone, ofCohort, staff, staffOrCommittee } from "../shared/rule.ts";
import {
  changeCohort,
  createCohort,
  publishCohort,
  type Cohort,
  type CohortState,
  type CohortTerms,
} from "./cohort.ts";
import { cohortFrom, cohortKey, listCohorts, writeCohort, writeNewCohort } from "./cohort.table.ts";
import {
  CohortAbilitiesObject,
  CohortChangeInput,
  CohortChangePayload,
  CohortConnection,
  CohortCreateInput,
  CohortCreatePayload,
  CohortObject,
  CohortPublishInput,
  CohortPublishPayload,
  CohortStateEnum,
  QuestionObject,
  WindowObject,
} from "./cohort.type.ts";
import { DEFAULT_SEATS, DEFAULT_TUITION } from "./policy.ts";
import { windowOf } from "./window.ts";

/** Whether the viewer may know of the cohort. */
export function maySee(viewer: Viewer | null, cohort: Cohort | undefined): cohort is Cohort {
  return cohort !== undefined && (cohort.state === "PUBLISHED" || isStaff(viewer));
}

@Resolver(() => CohortObject)
export class CohortResolver {
  @Allow(anyone)
  @Query(() => CohortObject, { nullable: true, description: "A cohort by id; null when there is none to see." })
  async cohort(@Arg("id", () => ID, { description: "The cohort's id." }) id: string, @Ctx() context: RequestContext) {
    const cohort = await context.load.cohort(localId("Cohort", id));
    return maySee(context.viewer, cohort) ? cohort : null;
  }

  @Allow(anyone)
  @Query(() => CohortConnection, { description: "Cohorts, the latest year first. Drafts are listed to staff alone." })
  async cohorts(
    @Arg("state", () => CohortStateEnum, { defaultValue: "PUBLISHED", description: "Which ones." }) state: CohortState,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: RequestContext,
  ) {
    if (state === "DRAFT" && !isStaff(context.viewer)) throw failure(context.viewer ? "FORBIDDEN" : "UNAUTHENTICATED");
    const ask = (from: Parameters<typeof listCohorts>[2]) => listCohorts(context.table, state, from);
    return pageOf(page, { name: "cohorts", of: { state }, index: "byList" }, ask, (item) => cohortFrom(item)!);
  }

  @FieldResolver(() => ID, { description: ID_MEANING })
  id(@Root() cohort: Cohort): string {
    return globalId("Cohort", cohort.id);
  }

  @FieldResolver(() => WindowObject, {
    description: "When applications of candidates are taken.",
    deprecationReason: "Each kind of applicant has a window: use `candidateWindow` and `mentorWindow`.",
  })
  window(@Root() cohort: Cohort) {
    return windowOf(cohort, "CANDIDATE");
  }

  @FieldResolver(() => WindowObject, { description: "When applications of candidates are taken." })
  candidateWindow(@Root() cohort: Cohort) {
    return windowOf(cohort, "CANDIDATE");
  }

  @FieldResolver(() => WindowObject, { description: "When applications of mentors are taken." })
  mentorWindow(@Root() cohort: Cohort) {
    return windowOf(cohort, "MENTOR");
  }

  @FieldResolver(() => [QuestionObject], { description: "What candidates are asked." })
  candidateQuestions(@Root() cohort: Cohort) {
    return cohort.questions.CANDIDATE;
  }

  @FieldResolver(() => [QuestionObject], { description: "What mentors are asked." })
  mentorQuestions(@Root() cohort: Cohort) {
    return cohort.questions.MENTOR;
  }

  @FieldResolver(() => Int, { description: "How many letters of others a candidate's application needs." })
  candidateLetters(@Root() { policy }: Cohort): number {
    return policy.letters.required.CANDIDATE;
  }

  @FieldResolver(() => Int, { description: "How many letters of others a mentor's application needs." })
  mentorLetters(@Root() { policy }: Cohort): number {
    return policy.letters.required.MENTOR;
  }

  @FieldResolver(() => DateTime, {
    description: "Until when the letters of others are taken, for applications of a kind. That instant is too late.",
  })
  lettersUntil(
    @Root() cohort: Cohort,
    @Arg("kind", () => ApplicationKindEnum, { defaultValue: "CANDIDATE", description: "Of whose applications." })
    kind: ApplicationKind,
  ): string {
    return lettersUntil(cohort, kind);
  }

  @Allow(staffOrCommittee(ofCohort))
  @FieldResolver(() => Int, {
    nullable: true,
    description:
      "Seats held by prepared and released acceptances. Staff and committee may read it; null for whoever could count back " +
      "to a decision that is not for them, because their own application is undecided, or they are recused from one, or still to review one.",
  })
  async seatsTaken(@Root() { id: cohortId }: Cohort, @Ctx() context: RequestContext) {
    const [taken, conflicts] = await Promise.all([
      context.load.seatsTaken(cohortId),
      conflictsIn(context, cohortId, "CANDIDATE"),
    ]);
    return conflicts.length > 0 ? null : taken;
  }

  @FieldResolver(() => CohortAbilitiesObject, {
    nullable: true,
    description: "What the viewer could do now; null when nobody is signed in.",
  })
  async viewerCan(@Root() cohort: Cohort, @Ctx() context: RequestContext) {
    const { viewer } = context;
    if (!viewer) return null;
    const ofAnyone = abilityOf(viewer, true, "");
    const ofStaff = abilityOf(viewer, isStaff(viewer), "Only staff can do this.");
    const apply = async (kind: ApplicationKind) => {
      const ids = applicationIds(cohort.id, kind, viewer.person);
      const existing = theOneThatCounts(await Promise.all(ids.map((id) => context.load.application(id))));
      const fresh = { cohort, kind, personId: viewer.person.id, number: "" };
      return ofAnyone(() => startApplication(existing, fresh, context.now));
    };
    const [applyAsCandidate, applyAsMentor] = await Promise.all([apply("CANDIDATE"), apply("MENTOR")]);
    return { applyAsCandidate, applyAsMentor, publish: ofStaff(() => publishCohort(cohort, cohort.version)) };
  }

  @Allow(staff)
  @Mutation(() => CohortCreatePayload, { description: "Creates a cohort as a draft. Staff may." })
  async cohortCreate(
    @Arg("input", () => CohortCreateInput, { description: "The cohort's terms." }) input: CohortCreateInput,
    @Ctx() context: RequestContext,
  ) {
    const terms: CohortTerms = {
      ...input,
      candidateLetters: input.candidateLetters ?? undefined,
      mentorLetters: input.mentorLetters ?? undefined,
      seats: input.seats ?? DEFAULT_SEATS,
      tuition: input.tuition ? { ...input.tuition } : DEFAULT_TUITION,
    };
    const id = context.ids.make("coh");
    const carried = await carryOut(context, {
      actor: actorOf(context),
      load: async () => null,
      decide: () => createCohort(id, terms),
      write: writeNewCohort,
    });
    if (carried.status !== "done")
      return { cohort: null, userErrors: carried.status === "refused" ? carried.refusals : [] };
    return { cohort: written(carried.outcome), userErrors: [] };
  }

  @Allow(staff)
  @Mutation(() => CohortChangePayload, { description: "Changes a cohort, published or not. Staff may." })
  async cohortChange(
    @Arg("input", () => CohortChangeInput, { description: "What to change." }) input: CohortChangeInput,
    @Ctx() context: RequestContext,
  ) {
    const { cohortId, expectedVersion, ...fields } = input;
    return changeOneCohort(context, cohortId, (cohort) => changeCohort(cohort, given(fields), expectedVersion));
  }

  @Allow(staff)
  @Mutation(() => CohortPublishPayload, { description: "Shows a cohort to everyone. Staff may." })
  async cohortPublish(
    @Arg("input", () => CohortPublishInput, { description: "Which cohort." }) input: CohortPublishInput,
    @Ctx() context: RequestContext,
  ) {
    return changeOneCohort(context, input.cohortId, (cohort) => publishCohort(cohort, input.expectedVersion));
  }
}

/** What is given of an input: null is taken as absent. */
export function given<Fields extends object>(fields: Fields): { [Name in keyof Fields]?: NonNullable<Fields[Name]> } {
  const entries = Object.entries(fields).filter(([, value]) => value != null);
  return Object.fromEntries(entries) as { [Name in keyof Fields]?: NonNullable<Fields[Name]> };
}

/** Changes one cohort for staff. */
export async function changeOneCohort<Code extends string>(
  context: RequestContext,
  opaqueId: string,
  decide: (cohort: Cohort) => Decision<Cohort, Code>,
) {
  const at = cohortKey(localId("Cohort", opaqueId));
  const { record, userErrors } = await change(context, {
    load: async () => cohortFrom(await context.table.get(at)),
    decide,
    write: writeCohort,
  });
  return { cohort: record, userErrors };
}
