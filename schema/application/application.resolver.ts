import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from "type-graphql";
import { issueCertificate } from "../certificate/certificate.ts";
import { CohortObject } from "../cohort/cohort.type.ts";
import type { Cohort } from "../cohort/cohort.ts";
import { lateCodeId, writeLateness } from "../cohort/late-code.table.ts";
import { isOpen, isOver } from "../cohort/window.ts";
import { decideRefusals } from "../decision/decision.ts";
import { idsOf, isSelf, type Person } from "../person/person.ts";
import { isChair, isCommittee, isStaff } from "../person/role.ts";
import { PersonObject } from "../person/person.type.ts";
import { abilityOf } from "../shared/ability.ts";
import { change } from "../shared/change.ts";
import { carryOut, written } from "../shared/command.ts";
import { actorOf, viewerOf, type RequestContext } from "../shared/context.ts";
import type { Decision } from "../shared/decision.ts";
import { failure } from "../shared/failure.ts";
import { globalId } from "../shared/id.ts";
import { ID_MEANING, localId } from "../shared/node.ts";
import { PageArgs, pageOf } from "../shared/page.ts";
import { addDays, dateOf } from "../shared/time.ts";
import type { Write } from "../shared/write.ts";
import { Allow, ofCohort, signedIn, staff, staffOrCommittee, type Rule } from "../shared/rule.ts";
import { amendApplication, provideInformation } from "./amendment.ts";
import {
  applicationIds,
  mayRead,
  mayReadContent,
  startReview,
  STATE_LABELS,
  theOneThatCounts,
  type Application,
  type ApplicationKind,
  type ApplicationState,
  type Answer,
  type StartCode,
  type SubmitCode,
} from "./application.ts";
import { saveApplication, startApplication, submitApplication, submitBlockers } from "./draft.ts";
import type { DraftPieces, Lateness } from "./draft.ts";
import { ruleIn, ruleOut } from "./eligibility.ts";
import { withdrawApplication } from "./ending.ts";
import { askInformation } from "./information.ts";
import {
  applicationFrom,
  applicationKey,
  findByNumber,
  listOfCohort,
  nextApplicationNumber,
  writeApplication,
  writeNewApplication,
} from "./application.table.ts";
import {
  ApplicationAbilitiesObject,
  ApplicationConnection,
  ApplicationInput,
  ApplicationKindEnum,
  ApplicationObject,
  ApplicationReviewStartPayload,
  ApplicationSaveInput,
  ApplicationSavePayload,
  ApplicationStartInput,
  ApplicationStartPayload,
  ApplicationStateEnum,
  ApplicationSubmitInput,
  ApplicationSubmitPayload,
  DraftObject,
  SubmissionObject,
} from "./application.type.ts";

/** The applicant alone. Whoever else may see the application is told so; for all others it does not exist. */
export const ownApplication: Rule = async ({ viewer, args, context }) => {
  if (!viewer) return "UNAUTHENTICATED";
  const { applicationId: id } = args["input"] as { applicationId: string };
  const application = await context.load.application(localId("Application", id));
  if (!application || !mayRead(viewer, application)) return "NOT_FOUND";
  return isSelf(viewer, application.personId) ? true : "FORBIDDEN";
};

/** Staff and committee members, for an application they may see that the input names in this field. */
export const readableApplicationIn =
  (field: string): Rule =>
  async ({ viewer, args, context }) => {
    if (!viewer) return "UNAUTHENTICATED";
    const { [field]: id = "" } = args["input"] as Record<string, string | undefined>;
    const application = await context.load.application(localId("Application", id));
    if (!application || !mayRead(viewer, application)) return "NOT_FOUND";
    return isStaff(viewer) || isCommittee(viewer, application.cohortId) ? true : "FORBIDDEN";
  };

/** Staff and committee members, for an application they may see. */
export const readableApplication: Rule = readableApplicationIn("applicationId");

/** Staff and the chair, for an application they may see. */
export const staffOrChair: Rule = async ({ viewer, args, context }) => {
  if (!viewer) return "UNAUTHENTICATED";
  const { applicationId: id } = args["input"] as { applicationId: string };
  const application = await context.load.application(localId("Application", id));
  if (!application || !mayRead(viewer, application)) return "NOT_FOUND";
  return isStaff(viewer) || isChair(viewer, application.cohortId) ? true : "FORBIDDEN";
};

/** The applicant and staff: what is still being written is nobody else's business. */
const ownerOrStaff: Rule = ({ viewer, source }) => {
  const isOwner = isSelf(viewer, (source as Application).personId);
  return isOwner || isStaff(viewer) ? true : "FORBIDDEN";
};

/** Whoever may read what is in the application: of the committee only who declared that they have no conflict. */
export const contentOf: Rule = ({ viewer, source }) =>
  mayReadContent(viewer, source as Application) ? true : "FORBIDDEN";

@Resolver(() => ApplicationObject)
export class ApplicationResolver {
  @Allow(signedIn)
  @Query(() => ApplicationObject, {
    nullable: true,
    description: "An application by the number people use; null when there is none to see.",
  })
  async applicationByNumber(
    @Arg("number", () => String, { description: "Such as `APP-2027-0042`." }) number: string,
    @Ctx() context: RequestContext,
  ) {
    if (!/^APP-\d{4}-\d{4,8}$/.test(number)) return null;
    // Looked for also where nobody has the number, so that it takes no less than somebody else's.
    const application = await context.load.application((await findByNumber(context.table, number)) ?? "none");
    return application && mayRead(context.viewer, application) ? application : null;
  }

  @FieldResolver(() => ID, { description: ID_MEANING })
  id(@Root() application: Application): string {
    return globalId("Application", application.id);
  }

  @FieldResolver(() => String, {
    description: "What the state is called for the viewer: applicants and staff read different words.",
  })
  stateLabel(@Root() application: Application, @Ctx() { viewer }: RequestContext): string {
    const labels = STATE_LABELS[application.state];
    return isSelf(viewer, application.personId) ? labels.applicant : labels.staff;
  }

  @FieldResolver(() => PersonObject, { description: "Who applies." })
  async applicant(@Root() application: Application, @Ctx() context: RequestContext) {
    return context.load.person(application.personId);
  }

  @FieldResolver(() => CohortObject, { description: "The cohort applied to." })
  async cohort(@Root() application: Application, @Ctx() context: RequestContext) {
    return context.load.cohort(application.cohortId);
  }

  @Allow(ownerOrStaff)
  @FieldResolver(() => DraftObject, {
    nullable: true,
    description:
      "What the applicant has written; kept after submission. The applicant and staff may read it; FORBIDDEN to others.",
  })
  async draft(@Root() application: Application, @Ctx() context: RequestContext): Promise<DraftObject> {
    const cohort = await context.load.cohort(application.cohortId);
    const { organization, jobTitle, answers } = application.draft;
    const questions = cohort?.questions[application.kind] ?? [];
    return {
      organization,
      jobTitle,
      answers: questions.flatMap(({ id, prompt }) => {
        const text = answers[id];
        return text === undefined ? [] : [{ questionId: id, prompt, text }];
      }),
      formerAnswers: (cohort?.retired.questions[application.kind] ?? []).flatMap(({ id, prompt }) => {
        const text = answers[id];
        return text === undefined ? [] : [{ questionId: id, prompt, text }];
      }),
    };
  }

  @Allow(ownerOrStaff)
  @FieldResolver(() => [ApplicationSubmitPayload.Fault], {
    nullable: true,
    description:
      "Everything that stands in the way of submitting it now: exactly what `applicationSubmit` would answer. Empty when it can " +
      "be submitted. The applicant and staff may read it; FORBIDDEN to others.",
  })
  async blockers(@Root() application: Application, @Ctx() { load, now }: RequestContext) {
    const cohort = await load.cohort(application.cohortId);
    return cohort ? submitBlockers(application, { cohort, now }) : null;
  }

  @FieldResolver(() => PersonObject, {
    nullable: true,
    description: "Who of the staff entered it, or a part of it, for the applicant; null when nobody did.",
  })
  async enteredBy(@Root() { enteredBy }: Application, @Ctx() context: RequestContext) {
    return enteredBy === undefined ? null : context.load.person(enteredBy);
  }

  @Allow(contentOf)
  @FieldResolver(() => SubmissionObject, {
    nullable: true,
    description:
      "What was submitted; null before. FORBIDDEN to members of the committee, the chair included, until they have declared " +
      "that they have no conflict.",
  })
  submission(@Root() application: Application) {
    return "submission" in application ? application.submission : null;
  }

  @FieldResolver(() => ApplicationAbilitiesObject, { nullable: true, description: "What the viewer could do now." })
  async viewerCan(@Root() application: Application, @Ctx() context: RequestContext) {
    const viewer = viewerOf(context);
    const cohort = await context.load.cohort(application.cohortId);
    if (!cohort) return null;
    const { now } = context;
    const ofOwner = abilityOf(viewer, isSelf(viewer, application.personId), "Only the applicant can do this.");
    const ofOffice = abilityOf(
      viewer,
      isStaff(viewer) || isCommittee(viewer, cohort.id),
      "Only staff and the committee can do this.",
    );
    const ofStaff = abilityOf(viewer, isStaff(viewer), "Only staff can do this.");
    const late = await latenessOf(context, cohort, application.kind, { application });
    const ofChair = abilityOf(
      viewer,
      isStaff(viewer) || isChair(viewer, cohort.id),
      "Only staff and the chair can do this.",
    );
    const issue = { cohort, viewer, holderName: "", number: "" };
    // What anybody could ask for: the rule answers whether it is the time.
    const tomorrow = addDays(dateOf(now, cohort.zone), 1);
    const wish = { parts: ["JOB_TITLE" as const], questionIds: [], dueOn: tomorrow, message: "?" };
    const ending = { cohort, now, viewer, why: "?" };
    return {
      save: ofOwner(() => saveApplication(application, {}, { cohort })),
      submit: ofOwner(() => submitApplication(application, { cohort, now, late })),
      withdraw: ofOwner(() => withdrawApplication(application, { cohort, now })),
      amend: ofOwner(() => amendApplication(application, {}, { cohort, now })),
      provideInformation: ofOwner(() => provideInformation(application, { cohort, now })),
      askInformation: ofChair(() => askInformation(application, wish, { cohort, viewer })),
      ruleOut: ofChair(() => ruleOut(application, { ...ending, reason: "OTHER" })),
      ruleIn: ofChair(() => ruleIn(application, ending)),
      startReview: ofOffice(() => startReview(application, viewer)),
      decide: ofOffice(() => ({ refusals: decideRefusals(application, viewer) })),
      issueCertificate: ofStaff(() => issueCertificate(application, issue)),
    };
  }

  @Allow(signedIn)
  @Mutation(() => ApplicationStartPayload, {
    description:
      "Starts the viewer's application to an open cohort, or takes up again one that was withdrawn or has expired. What is " +
      "empty can be filled from an earlier application of theirs.",
  })
  async applicationStart(
    @Arg("input", () => ApplicationStartInput, { description: "To which cohort, and as what." })
    input: ApplicationStartInput,
    @Ctx() context: RequestContext,
  ) {
    return startOne(context, { ...input, person: viewerOf(context).person }, (_existing, start) => start());
  }

  @Allow(ownApplication)
  @Mutation(() => ApplicationSavePayload, {
    description: "Saves pieces of the viewer's draft. Nothing needs to be finished.",
  })
  async applicationSave(
    @Arg("input", () => ApplicationSaveInput, { description: "The pieces to save." }) input: ApplicationSaveInput,
    @Ctx() context: RequestContext,
  ) {
    const { applicationId: id, expectedVersion } = input;
    return changeOne(context, id, (application, cohort) =>
      saveApplication(application, piecesOf(input), { cohort, expectedVersion }),
    );
  }

  @Allow(ownApplication)
  @Mutation(() => ApplicationSubmitPayload, {
    description: "Submits the viewer's draft inside the window and freezes it. The receipt goes out by mail.",
  })
  async applicationSubmit(
    @Arg("input", () => ApplicationSubmitInput, { description: "Which application." }) input: ApplicationSubmitInput,
    @Ctx() context: RequestContext,
  ) {
    return submitOne(context, input, (_application, submit) => submit());
  }

  @Allow(readableApplication)
  @Mutation(() => ApplicationReviewStartPayload, {
    description: "Marks that the committee has begun to read an application. Staff and committee may.",
  })
  async applicationReviewStart(
    @Arg("input", () => ApplicationInput, { description: "Which application." }) input: ApplicationInput,
    @Ctx() context: RequestContext,
  ) {
    return changeOne(context, input.applicationId, (application) => startReview(application, viewerOf(context)));
  }
}

/** A cohort's applications, where staff and committee look for them. */
@Resolver(() => CohortObject)
export class CohortApplicationsResolver {
  @Allow(staffOrCommittee(ofCohort))
  @FieldResolver(() => ApplicationConnection, {
    nullable: true,
    description:
      "Submitted applications of one kind, by state and number. Staff and the chair read all of them, other members of the " +
      "committee those they review, and those that are reviewed.",
  })
  async applications(
    @Root() cohort: Cohort,
    @Arg("kind", () => ApplicationKindEnum, { defaultValue: "CANDIDATE", description: "As what people apply." })
    kind: ApplicationKind,
    @Arg("state", () => ApplicationStateEnum, { nullable: true, description: "Only this state." })
    state: ApplicationState | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: RequestContext,
  ) {
    return listPage(context, page, { cohortId: cohort.id, kind, list: "SUBMITTED", state });
  }

  @Allow(staff)
  @FieldResolver(() => ApplicationConnection, {
    nullable: true,
    description:
      "Applications of one kind that were never submitted: drafts, expired and withdrawn ones. Staff may read it.",
  })
  async unsubmittedApplications(
    @Root() cohort: Cohort,
    @Arg("kind", () => ApplicationKindEnum, { defaultValue: "CANDIDATE", description: "As what people apply." })
    kind: ApplicationKind,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: RequestContext,
  ) {
    return listPage(context, page, { cohortId: cohort.id, kind, list: "UNSUBMITTED", state: null });
  }
}

function listPage(context: RequestContext, page: PageArgs, of: Parameters<typeof listOfCohort>[1]) {
  const ask = (from: Parameters<typeof listOfCohort>[2]) => listOfCohort(context.table, of, from);
  return pageOf(
    page,
    { name: "applications", of, index: "byList" },
    ask,
    (item) => applicationFrom(item)!,
    (item) => mayRead(context.viewer, applicationFrom(item)!),
  );
}

/** The pieces of a draft, of an input that has them. */
export function piecesOf({ organization, jobTitle, answers }: ApplicationSaveInput): DraftPieces {
  return {
    organization,
    jobTitle,
    answers: answers?.map(({ questionId, text = null }) => ({ questionId, text })),
  };
}

/**
 * Starts an application of a person. `decide` takes the step, with who does it for them around it. An earlier application to copy
 * from is one of the person's that the viewer may see, or there is none.
 */
export async function startOne<Code extends string>(
  context: RequestContext,
  wish: ApplicationStartInput & { person: Person },
  decide: (existing: Application | undefined, start: () => Answer<StartCode>) => Answer<Code>,
) {
  const { kind, person, copyFromApplicationId } = wish;
  const cohort = await context.load.cohort(localId("Cohort", wish.cohortId));
  if (!cohort || cohort.state !== "PUBLISHED") throw failure("NOT_FOUND");
  const copyFrom =
    copyFromApplicationId == null
      ? undefined
      : await context.load.application(localId("Application", copyFromApplicationId));
  const isTheirs = copyFrom && idsOf(person).includes(copyFrom.personId) && mayRead(context.viewer, copyFrom);
  if (copyFromApplicationId != null && !isTheirs) throw failure("NOT_FOUND");
  const keys = applicationIds(cohort.id, kind, person).map(applicationKey);
  const carried = await carryOut(context, {
    actor: actorOf(context),
    load: async () => {
      const existing = theOneThatCounts((await context.table.getMany(keys)).map(applicationFrom));
      if (existing && !mayRead(context.viewer, existing)) throw failure("NOT_FOUND");
      const late = await latenessOf(context, cohort, kind, { given: wish.lateCode, application: existing, person });
      const draws = !existing && (late?.code !== undefined || isOpen(cohort, kind, context.now));
      return { existing, late, number: draws ? await nextApplicationNumber(context.table, cohort) : "" };
    },
    decide: ({ existing, late, number }) =>
      decide(existing, () =>
        startApplication(existing, { cohort, kind, personId: person.id, number, late, copyFrom }, context.now),
      ),
    write: (next, { existing, late }) => [
      ...(existing ? writeApplication(next) : writeNewApplication(next)),
      ...lateWrites(existing, late),
    ],
  });
  context.load.forget();
  if (carried.status === "refused") {
    return { application: carried.loaded.existing ?? null, userErrors: carried.refusals };
  }
  return { application: carried.status === "done" ? written(carried.outcome) : null, userErrors: [] };
}

/** Submits an application. `decide` takes the step, with who does it for the applicant around it. */
export async function submitOne<Code extends string>(
  context: RequestContext,
  { applicationId: id, expectedVersion, lateCode: given }: ApplicationSubmitInput,
  decide: (application: Application, submit: () => Answer<SubmitCode>) => Answer<Code>,
) {
  const { application: asked, cohort } = await found(context, id);
  const late = await latenessOf(context, cohort, asked.kind, { given, application: asked });
  return changeOne(
    context,
    id,
    (application) =>
      decide(application, () => submitApplication(application, { cohort, now: context.now, expectedVersion, late })),
    (next, before) => [...writeApplication(next), ...lateWrites(before, late)],
  );
}

/** Changes one application whose rule has let the viewer through. */
export async function changeOne<Code extends string>(
  context: RequestContext,
  opaqueId: string,
  decide: (application: Application, cohort: Cohort) => Decision<Application, Code>,
  write: (next: Application, before: Application) => readonly Write[] = writeApplication,
) {
  const id = localId("Application", opaqueId);
  const { cohort } = await found(context, opaqueId);
  const { record, userErrors } = await change(context, {
    load: async () => applicationFrom(await context.table.get(applicationKey(id))),
    decide: (application) => decide(application, cohort),
    write,
  });
  return { application: record, userErrors };
}

/** The application of an id with its cohort. */
async function found(context: RequestContext, opaqueId: string): Promise<{ application: Application; cohort: Cohort }> {
  const application = await context.load.application(localId("Application", opaqueId));
  const cohort = application && (await context.load.cohort(application.cohortId));
  if (!cohort) throw failure("NOT_FOUND");
  return { application, cohort };
}

/** The late code that was given, or that the application has used before; null while none is needed, or there is none. */
async function latenessOf(
  context: RequestContext,
  cohort: Cohort,
  kind: ApplicationKind,
  { given, application, person }: { given?: string | null; application: Application | undefined; person?: Person },
): Promise<Lateness | null> {
  if (!isOver(cohort, kind, context.now)) return null;
  const text = given?.trim() ?? "";
  const id = text === "" ? application?.lateCodeId : lateCodeId(cohort.id, kind, text);
  if (id === undefined) return null;
  const [code, applicant] = await Promise.all([
    context.load.lateCode(id),
    person ?? context.load.person(application?.personId ?? ""),
  ]);
  return { code, ...(applicant && { applicantIds: idsOf(applicant) }) };
}

/** What a step that needed a late code writes beside the application. */
function lateWrites(before: Application | undefined, late: Lateness | null): Write[] {
  return late?.code ? writeLateness(late.code, before?.lateCodeId === late.code.id) : [];
}
