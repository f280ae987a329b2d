import { parse, CsvError } from "csv-parse/sync";
import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import { readableApplication } from "../application/application.resolver.ts";
import { applicationFrom, findByNumber, listOfCohort } from "../application/application.table.ts";
import { isUnderReview } from "./review.ts";
import { mayRead, type Application, type ApplicationKind } from "../application/application.ts";
import { maySee } from "../cohort/cohort.resolver.ts";
import type { Cohort } from "../cohort/cohort.ts";
import { loadByEmail } from "../person/person.table.ts";
import { isSelf, type Person } from "../person/person.ts";
import { isChair, isCommittee, isStaff } from "../person/role.ts";
import { carryOut, hashOf, written } from "../shared/command.ts";
import { actorOf, viewerOf, type RequestContext } from "../shared/context.ts";
import { refusal, type Decision, type Refusal } from "../shared/decision.ts";
import { everyItem } from "../shared/every-item.ts";
import { failure } from "../shared/failure.ts";
import { globalId } from "../shared/id.ts";
import { localId } from "../shared/node.ts";
import { Allow, both, ofCohortInput, type Rule } from "../shared/rule.ts";
import {
  ReviewAssignBalancedInput,
  ReviewAssignBalancedPayload,
  ReviewAssignFromCsvInput,
  ReviewAssignFromCsvPayload,
  ReviewAssignInput,
  ReviewAssignPayload,
  ReviewReassignInput,
  ReviewReassignPayload,
  ReviewUnassignInput,
  ReviewUnassignPayload,
} from "./assignment.type.ts";
import { planReviews, type Assignment } from "./balance.ts";
import { jointPartnersOf } from "../joint/joint.table.ts";
import { loadReviewing, writeAssigned, type Reviewing } from "./load.table.ts";
import { assigner, wantedOf } from "./review.resolver.ts";
import {
  assignReviewers,
  MOST_REVIEWERS,
  reassignReview,
  unassignReviewer,
  type Assigned,
  type Candidate,
} from "./review.ts";
import { badCsv, checkLines, confirmRun, readLines, type Line, type Run, type RunCode } from "./run.ts";

/** Staff, and the chair of the committee of the cohort in the input. */
const cohortAssigner: Rule = (question) => {
  const { viewer } = question;
  if (!viewer) return "UNAUTHENTICATED";
  return isStaff(viewer) || isChair(viewer, ofCohortInput(question)) ? true : "FORBIDDEN";
};

/** Most members that take part in a balanced assignment. */
const MOST_MEMBERS = 50;
/** Longest file, in characters. */
const LONGEST_CSV = 20_000;
/** How many applications are looked up, or assigned, at the same time. */
const ABREAST = 10;

@Resolver()
export class AssignmentResolver {
  @Allow(both(readableApplication, assigner))
  @Mutation(() => ReviewAssignPayload, {
    description:
      "Assigns members of the committee to an application. They are told by one mail, whatever is assigned to them within " +
      "minutes; done again it changes nothing and mails nothing. Staff and the chair may.",
  })
  async reviewAssign(
    @Arg("input", () => ReviewAssignInput, { description: "Whom, to what." }) {
      applicationId,
      personIds,
    }: ReviewAssignInput,
    @Ctx() context: RequestContext,
  ) {
    if (personIds.length > MOST_REVIEWERS) {
      const message = `An application has at most ${MOST_REVIEWERS} reviewers.`;
      return { application: null, userErrors: [refusal("TOO_MANY", message, "personIds")] };
    }
    const wanted = await wantedOf(context, applicationId);
    const reviewerIds = personIds.map((id) => localId("Person", id));
    return changeAssigned(context, { ...wanted, reviewerIds }, (loaded) =>
      assignReviewers(loaded.application, candidatesOf(loaded), { ...loaded, viewer: viewerOf(context) }),
    );
  }

  @Allow(both(readableApplication, assigner))
  @Mutation(() => ReviewUnassignPayload, {
    description: "Takes a reviewer off an application whose review is not in. Staff and the chair may.",
  })
  async reviewUnassign(
    @Arg("input", () => ReviewUnassignInput, { description: "Whom, off what, and why." })
    { applicationId, personId, why }: ReviewUnassignInput,
    @Ctx() context: RequestContext,
  ) {
    const wanted = await wantedOf(context, applicationId, localId("Person", personId));
    return changeAssigned(context, wanted, ({ application, cohort, reviews }) =>
      unassignReviewer(application, reviews[0], { viewer: viewerOf(context), cohort, why }),
    );
  }

  @Allow(both(readableApplication, assigner))
  @Mutation(() => ReviewReassignPayload, {
    description: "Puts one reviewer in another's place, whose review is not in. Staff and the chair may.",
  })
  async reviewReassign(
    @Arg("input", () => ReviewReassignInput, { description: "Whom, in whose place, and why." })
    { applicationId, fromPersonId, toPersonId, why }: ReviewReassignInput,
    @Ctx() context: RequestContext,
  ) {
    const wanted = await wantedOf(context, applicationId, localId("Person", fromPersonId));
    const reviewerIds = [...wanted.reviewerIds, localId("Person", toPersonId)];
    return changeAssigned(context, { ...wanted, reviewerIds }, (loaded) => {
      const [, to] = candidatesOf(loaded, { isPartial: true });
      if (!to) throw failure("NOT_FOUND");
      const facts = { ...loaded, viewer: viewerOf(context), why };
      return reassignReview(loaded.application, { from: loaded.reviews[0], to }, facts);
    });
  }

  @Allow(cohortAssigner)
  @Mutation(() => ReviewAssignFromCsvPayload, {
    description:
      "Assigns reviewers from lines of application number and e-mail address; every faulty line is named. First call it with " +
      "`dryRun`, look, then confirm with the token. At most 100 assignments. Staff and the chair may.",
  })
  async reviewAssignFromCsv(
    @Arg("input", () => ReviewAssignFromCsvInput, { description: "The file, and what becomes of faulty lines." })
    input: ReviewAssignFromCsvInput,
    @Ctx() context: RequestContext,
  ) {
    const { kind, csv, errorPolicy } = input;
    const cohort = await cohortOf(context, input.cohortId);
    return carryOutRun(
      context,
      { operation: "reviewAssignFromCsv", cohort, given: { kind, csv, errorPolicy }, input },
      async () => {
        const read = recordsOf(csv);
        const { lines, refusals: unread } = Array.isArray(read) ? readLines(read) : { lines: [], refusals: [read] };
        const found = await inTurns(lines, (line) => lookUp(context, { ...line, cohort, kind }));
        const checked = checkLines(found, { viewer: viewerOf(context), cohort });
        const refusals = [...unread, ...checked.refusals];
        const isStopped = refusals.length > 0 && (errorPolicy === "ALL_OR_NOTHING" || lines.length === 0);
        if (isStopped) return { refusals };
        const run = { rows: checked.rows, left: 0, unfilled: 0, skipped: refusals.map(({ message }) => message) };
        return { outcome: run, events: [] };
      },
    );
  }

  @Allow(cohortAssigner)
  @Mutation(() => ReviewAssignBalancedPayload, {
    description:
      "Assigns reviewers so that every application has as many as it needs, every member about as many as the others, and nobody " +
      "one with a conflict. First call it with `dryRun`, look, then confirm with the token. At most 100 assignments; what is " +
      "left is for a further call. Staff and the chair may.",
  })
  async reviewAssignBalanced(
    @Arg("input", () => ReviewAssignBalancedInput, {
      description: "Who takes part, and how many each application gets.",
    })
    input: ReviewAssignBalancedInput,
    @Ctx() context: RequestContext,
  ) {
    const { kind, personIds } = input;
    const viewer = viewerOf(context);
    const cohort = await cohortOf(context, input.cohortId);
    const perApplication = input.perApplication ?? cohort.policy.review.perApplication;
    const ids = personIds.map((id) => localId("Person", id));
    const given = { kind, ids, perApplication };
    return carryOutRun(context, { operation: "reviewAssignBalanced", cohort, given, input }, async () => {
      const wrong = rosterRefusals(ids, perApplication);
      if (wrong.length > 0) return { refusals: wrong };
      const members = (await Promise.all(ids.map((id) => context.load.person(id)))).flatMap((person) => person ?? []);
      const strangers = ids.flatMap((id, index) => {
        const isMember = members.some(
          (person) => isSelf({ person, now: viewer.now }, id) && isMemberOf(person, cohort, viewer.now),
        );
        if (isMember) return [];
        const message = "Somebody who does not sit on this cohort's committee cannot take part.";
        return [refusal("NOT_A_MEMBER", message, "personIds", String(index))];
      });
      if (strangers.length > 0) return { refusals: strangers };
      const applications = await loadOpen(context, cohort.id, kind);
      const people = await Promise.all(applications.map(({ personId }) => context.load.person(personId)));
      const applicants = new Map(
        applications.flatMap(({ personId }, index) => (people[index] ? [[personId, people[index]] as const] : [])),
      );
      const distinct = [...new Map(members.map((person) => [person.id, person])).values()];
      const partners = await jointPartnersOf(
        context.table,
        applications.map(({ id }) => id),
      );
      const roster = { viewer, cohort, applications, applicants, partners, members: distinct, perApplication };
      const plan = planReviews(roster);
      return { outcome: { ...plan, skipped: [] }, events: [] };
    });
  }
}

function rosterRefusals(ids: readonly string[], perApplication: number): Refusal<RunCode>[] {
  const isCount = Number.isInteger(perApplication) && perApplication >= 1 && perApplication <= MOST_REVIEWERS;
  return [
    ...(isCount
      ? []
      : [refusal("OUT_OF_RANGE", `An application has 1 to ${MOST_REVIEWERS} reviewers.`, "perApplication")]),
    ...(ids.length <= MOST_MEMBERS
      ? []
      : [refusal("TOO_MANY", `At most ${MOST_MEMBERS} members can take part.`, "personIds")]),
  ];
}

function isMemberOf(person: Person, { id }: Cohort, now: string): boolean {
  return person.state === "ACTIVE" && isCommittee({ person, now }, id);
}

async function cohortOf({ load, viewer }: RequestContext, opaqueId: string): Promise<Cohort> {
  const cohort = await load.cohort(localId("Cohort", opaqueId));
  if (!maySee(viewer, cohort)) throw failure("NOT_FOUND");
  return cohort;
}

/** Applications of a kind that are to be reviewed, as they are now, of those the viewer may take care of. */
async function loadOpen(
  { table, load, viewer }: RequestContext,
  cohortId: string,
  kind: ApplicationKind,
): Promise<Application[]> {
  const of = { cohortId, kind, list: "SUBMITTED", state: null } as const;
  const listed = await everyItem((page) => listOfCohort(table, of, page));
  const open = listed.map((item) => applicationFrom(item)!).filter(isUnderReview);
  const fresh = await Promise.all(open.map(({ id }) => load.application(id)));
  return fresh
    .flatMap((application) => application ?? [])
    .filter((one) => isUnderReview(one) && mayRead(viewer, one) && !isSelf(viewer, one.personId));
}

/** The records of a file; or the fault that keeps it from being read at all. */
function recordsOf(csv: string): { line: number; cells: string[] }[] | Refusal<RunCode> {
  if (csv.length > LONGEST_CSV) {
    return refusal("TOO_MANY", `The file has ${csv.length} characters: please keep it to ${LONGEST_CSV}.`, "csv");
  }
  try {
    const options = { bom: true, trim: true, skip_empty_lines: true, relax_column_count: true, info: true } as const;
    const records: object[] = parse(csv, options);
    return (records as { info: { lines: number }; record: string[] }[]).map(({ info, record }) => {
      return { line: info.lines, cells: record };
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return badCsv(Number(error["lines"] ?? 1), "It cannot be read: please look at its quotation marks.");
  }
}

async function lookUp(
  context: RequestContext,
  {
    line,
    number,
    email,
    cohort,
    kind,
  }: { line: number; number: string; email: string; cohort: Cohort; kind: ApplicationKind },
): Promise<Line> {
  const [id, claimed] = await Promise.all([findByNumber(context.table, number), loadByEmail(context.table, email)]);
  const application = (await context.load.application(id ?? "none")) ?? null;
  const isThere =
    application?.cohortId === cohort.id && application.kind === kind && mayRead(context.viewer, application);
  const applicant = isThere ? ((await context.load.person(application.personId)) ?? null) : null;
  const member = claimed && isMemberOf(claimed.person, cohort, context.now) ? claimed.person : null;
  const partners = await jointPartnersOf(context.table, isThere ? [application.id] : []);
  const partnerId = partners.get(application?.id ?? "")?.personId ?? null;
  return { line, application: isThere ? application : null, applicant, member, partnerId };
}

/**
 * Carries out a run that was looked at: the key is taken together with what is to be done, then each application is assigned in a
 * transaction of its own. Called again with the key it does what broke off, and nothing twice.
 */
async function carryOutRun(
  context: RequestContext,
  {
    operation,
    cohort,
    given,
    input,
  }: {
    operation: string;
    cohort: Cohort;
    given: object;
    input: { dryRun: boolean; confirmToken?: string | null; idempotencyKey: string };
  },
  plan: () => Promise<Decision<Run, RunCode>>,
) {
  const { dryRun, confirmToken, idempotencyKey } = input;
  const cohortId = cohort.id;
  const tokenOf = ({ rows }: Run) => hashOf({ operation, cohortId, given, rows });
  const nothing = { rows: null, skipped: null, left: null, unfilled: null, confirmToken: null };
  if (dryRun) {
    const looked = await plan();
    if ("refusals" in looked) return { ...nothing, userErrors: looked.refusals };
    return { ...answerOf(looked.outcome, new Set()), confirmToken: tokenOf(looked.outcome), userErrors: [] };
  }
  const carried = await carryOut(context, {
    actor: actorOf(context),
    load: plan,
    decide: (looked): Decision<Run, RunCode> =>
      "refusals" in looked
        ? looked
        : confirmRun(looked.outcome, { given: confirmToken, wanted: tokenOf(looked.outcome) }),
    write: () => [],
    once: {
      personId: viewerOf(context).person.id,
      operation,
      key: idempotencyKey,
      input: { cohortId, given, confirmToken },
      keep: ({ rows, left, unfilled, skipped }) => ({ rows, left, unfilled, skipped }),
    },
  });
  if (carried.status === "refused") return { ...nothing, userErrors: carried.refusals };
  const isRepeated = carried.status === "repeated";
  const run = isRepeated ? (carried.kept as object as Run) : carried.outcome;
  const done = await assignRows(context, run.rows, isRepeated);
  context.load.forget();
  return { ...answerOf(run, done), confirmToken: null, userErrors: [] };
}

function answerOf({ rows, left, unfilled, skipped }: Run, done: ReadonlySet<string>) {
  return {
    left,
    unfilled,
    skipped,
    rows: rows.map((row) => ({
      applicationId: globalId("Application", row.applicationId),
      personId: globalId("Person", row.personId),
      isAssigned: done.has(nameOf(row)),
    })),
  };
}

const nameOf = ({ applicationId, personId }: Assignment) => `${applicationId} ${personId}`;

/** Assigns what was confirmed; answers which rows hold now. One that somebody has undone since is not done again. */
async function assignRows(context: RequestContext, rows: readonly Assignment[], isRepeated: boolean) {
  const byApplication = Map.groupBy(rows, ({ applicationId }) => applicationId);
  const done = new Set<string>();
  await inTurns([...byApplication], async ([applicationId, some]) => {
    const application = await context.load.application(applicationId);
    if (!application || !mayRead(context.viewer, application)) return;
    const { cohortId, personId: applicantId } = application;
    const wanted = { applicationId, cohortId, applicantId, reviewerIds: some.map(({ personId }) => personId) };
    const carried = await carryOut<Reviewing, Assigned, RunCode>(context, {
      actor: actorOf(context),
      load: () => loadOrFail(context, wanted),
      decide: (loaded) => {
        const candidates = candidatesOf(loaded, { isPartial: true }).filter(({ review }) => !isRepeated || !review);
        return assignReviewers(loaded.application, candidates, { ...loaded, viewer: viewerOf(context) });
      },
      write: writeAssigned,
    });
    const { reviewers = [] } = carried.status === "done" ? carried.outcome.application : carried.loaded.application;
    for (const row of some) if (reviewers.some(({ personId }) => personId === row.personId)) done.add(nameOf(row));
  });
  return done;
}

async function inTurns<Entry, Answer>(
  entries: readonly Entry[],
  work: (entry: Entry) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let start = 0; start < entries.length; start += ABREAST) {
    answers.push(...(await Promise.all(entries.slice(start, start + ABREAST).map(work))));
  }
  return answers;
}

/** People who are to review, with their earlier reviews; one who is not there at all is NOT_FOUND, or passed over. */
function candidatesOf({ people, reviews }: Reviewing, { isPartial = false } = {}): Candidate[] {
  if (!isPartial && people.includes(undefined)) throw failure("NOT_FOUND");
  return people.flatMap((person, index) => (person ? [{ person, review: reviews[index] }] : []));
}

async function loadOrFail(context: RequestContext, wanted: Parameters<typeof loadReviewing>[1]): Promise<Reviewing> {
  const found = await loadReviewing(context.table, wanted);
  if (!found) throw failure("NOT_FOUND");
  return found;
}

async function changeAssigned<Code extends string>(
  context: RequestContext,
  wanted: Parameters<typeof loadReviewing>[1],
  decide: (loaded: Reviewing) => Decision<Assigned, Code>,
) {
  const carried = await carryOut<Reviewing, Assigned, Code>(context, {
    actor: actorOf(context),
    load: () => loadOrFail(context, wanted),
    decide,
    write: writeAssigned,
  });
  context.load.forget();
  if (carried.status !== "done") {
    const userErrors = carried.status === "refused" ? carried.refusals : [];
    return { application: carried.loaded.application, userErrors };
  }
  const { outcome, loaded } = carried;
  const isWritten = outcome.application !== loaded.application;
  return { application: isWritten ? written(outcome.application) : outcome.application, userErrors: [] };
}
