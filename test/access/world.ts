import { globalId, parseGlobalId, type NodeKind } from "../../schema/shared/id.ts";
import type { Caller } from "../../infra/local/caller.ts";
import { someone, STAFF, type Program } from "../support/program.ts";
import {
  committeeMember,
  complete,
  draft,
  idOf,
  lateCode,
  nominated,
  prepare,
  publishedCohort,
  release,
  serviceToken,
  step,
  submitted,
  TERMS,
  tokensTo,
} from "../support/steps.ts";
import { assigned, cleared, reviewed } from "../support/review.ts";
import { attached, uploaded } from "../support/uploads.ts";
import { SERVICE_QUERIES, VIEWERS, type Viewer } from "./table.ts";

/** Those who have applied. */
const APPLICANTS = ["owner", "other", "member", "staff", "ended"] as const satisfies readonly Viewer[];
type Applicant = (typeof APPLICANTS)[number];

function hasApplied(viewer: Viewer): viewer is Applicant {
  return (APPLICANTS as readonly Viewer[]).includes(viewer);
}

/** Something that exists: its id and the number or address people know it by. */
interface Thing {
  id: string;
  name: string;
}

type Kept = "application" | "draft" | "released" | "certificate" | "message" | "nomination" | "request" | FileKept;
type FileKept = "resume" | "upload" | "letter" | "evidence";

/** A program in which everyone has one of everything, so that it can be asked what each sees of the others'. */
export interface World {
  program: Program;
  callers: Record<Viewer, Caller>;
  /** Applied to and decided, but not released. */
  cohort: Thing;
  /** Not published. */
  hiddenCohort: Thing;
  /** Proposes something for the owner's application alone, and was put to the vote. */
  slate: Thing;
  motion: Thing;
  failedMessage: Thing;
  serviceToken: Thing;
  lateCode: Thing;
  /** A team of two others whose mentor was asked, by a proposal that was published. */
  team: Teamed;
  /** A letter that no application was found for. */
  unmatched: Thing;
  people: Record<Exclude<Viewer, "anonymous" | "service">, Thing>;
  things: Record<Applicant, Record<Kept, Thing>>;
  /** A new number for a cohort. */
  nextNumber: () => number;
}

/** A team with what led to it. */
interface Teamed {
  cohort: Thing;
  proposal: Thing;
  team: Thing;
  mentorApplicationId: string;
}

/** Text that nobody but the viewers named may ever read, planted where it belongs. */
export interface Marker {
  what: string;
  text: string;
  readers: readonly Viewer[];
}

const emailOf = (caller: Caller): string => caller?.email ?? "";

/** Makes the program's people and things, through the API like anyone else. */
export async function makeWorld(program: Program): Promise<World> {
  const callers: Record<Viewer, Caller> = {
    anonymous: null,
    owner: someone("Access Owner"),
    other: someone("Access Other"),
    committee: someone("Access Committee"),
    member: someone("Access Member"),
    staff: STAFF,
    ended: someone("Access Ended"),
    service: null,
    chair: someone("Access Chair"),
    recused: someone("Access Recused"),
    elsewhere: someone("Access Elsewhere"),
    board: someone("Access Board"),
    instructor: someone("Access Instructor"),
  };
  await committeeMember(program, callers.committee!);
  await committeeMember(program, callers.member!);
  await committeeMember(program, callers.recused!);
  const ended = { personId: await idOf(program, callers.ended), role: "STAFF", why: markerOf("why", "ended") };
  await step(program, STAFF, "roleGrant", ended);
  await step(program, STAFF, "roleEnd", ended);
  const token = await serviceToken(program, { name: TOKEN_NAME, role: "COMMITTEE", operations: SERVICE_QUERIES });
  callers.service = token.caller;
  // The first use of the day is noted; all that follow only read.
  await program.ask(token.caller, "{ cohorts { nodes { id } } }");
  // Letters come from somebody who has not applied: nobody uploads one about themselves.
  const clerk = someone("Access Clerk");
  await step(program, STAFF, "roleGrant", {
    personId: await idOf(program, clerk),
    role: "STAFF",
    until: "2040-01-01T00:00:00.000Z",
    why: "Access",
  });
  const people = {} as World["people"];
  for (const viewer of VIEWERS) {
    if (viewer !== "anonymous" && viewer !== "service") {
      people[viewer] = { id: await idOf(program, callers[viewer]), name: emailOf(callers[viewer]) };
    }
  }

  const cohort = { id: await publishedCohort(program), name: "1" };
  const released = await publishedCohort(program, { number: 2 });
  const hidden = await step<{ cohort: { id: string } }>(
    program,
    STAFF,
    "cohortCreate",
    { ...TERMS, number: 3 },
    "cohort { id }",
  );
  const another = await publishedCohort(program, { number: 4 });
  for (const [viewer, role] of [
    ["chair", { role: "CHAIR" }],
    ["elsewhere", { role: "COMMITTEE", cohortId: another }],
    ["board", { role: "BOARD" }],
    ["instructor", { role: "INSTRUCTOR", cohortId: cohort.id }],
  ] as const) {
    await step(program, STAFF, "roleGrant", { personId: people[viewer].id, ...role, why: "Access" });
  }
  const things = {} as World["things"];
  await Promise.all(
    APPLICANTS.map(async (viewer) => {
      things[viewer] = await thingsOf(program, { ...callers, clerk }, viewer, { cohort: cohort.id, released });
    }),
  );
  await nominateAll(program, callers, things);
  const unmatched = await recordLetter(program, cohort.id);
  await releaseAs(program, callers.committee, released);
  const registrar = someone("Access Registrar");
  const hired = {
    personId: await idOf(program, registrar),
    role: "STAFF",
    until: "2040-01-01T00:00:00.000Z",
    why: "Access",
  };
  await step(program, STAFF, "roleGrant", hired);
  for (const viewer of APPLICANTS) {
    const input = { applicationId: things[viewer].released.id, idempotencyKey: `certificate-${viewer}` };
    const { certificate } = await step<{ certificate: { id: string; number: string } }>(
      program,
      registrar,
      "certificateIssue",
      input,
      "certificate { id number }",
    );
    things[viewer].certificate = { id: certificate.id, name: certificate.number };
  }
  for (const { id } of [things.owner.application, things.owner.released]) {
    await step(program, callers.recused, "recusalDeclare", { applicationId: id, why: markerOf("why", "recused") });
  }
  await program.settle();
  for (const viewer of APPLICANTS) {
    const query = "{ viewer { messages(first: 1) { nodes { id } } } }";
    type Messages = { viewer: { messages: { nodes: [{ id: string }] } } };
    const { viewer: asked } = await program.ask<Messages>(callers[viewer], query);
    things[viewer].message = { id: asked.messages.nodes[0].id, name: "" };
  }
  const late = await lateCode(program, cohort.id, { why: LATE_REASON });
  const proposed = await step<{ slate: { id: string } }>(
    program,
    callers.chair,
    "slateCreate",
    {
      cohortId: cohort.id,
      kind: "CANDIDATE",
      name: "Access",
      rows: [{ applicationId: things.owner.application.id, outcome: "WAITLIST", rank: 1 }],
    },
    "slate { id }",
  );
  const slate = { id: proposed.slate.id, name: "" };
  const moved = await step<{ motion: { id: string } }>(
    program,
    callers.chair,
    "motionOpen",
    { slateId: slate.id, expectedVersion: 1, rationale: "Access", idempotencyKey: "open-access" },
    "motion { id }",
  );
  let number = 10;
  const nextNumber = () => number++;
  const failedMessage = { id: await makeFailedMessage(program, nextNumber()), name: "" };
  const team = await makeTeam(program, await publishedCohort(program, { number: 5 }));
  return {
    program,
    callers,
    cohort,
    hiddenCohort: { id: hidden.cohort.id, name: "3" },
    slate,
    motion: { id: moved.motion.id, name: "" },
    failedMessage,
    serviceToken: { id: token.id, name: TOKEN_NAME },
    lateCode: { id: late.id, name: "" },
    team,
    unmatched,
    people,
    things,
    nextNumber,
  };
}

async function thingsOf(
  program: Program,
  callers: Record<Viewer | "clerk", Caller>,
  viewer: Applicant,
  cohorts: { cohort: string; released: string },
): Promise<Record<Kept, Thing>> {
  const caller = callers[viewer];
  const apply = async (cohortId: string): Promise<Thing> => {
    const id = await draft(program, caller, cohortId);
    const answers = [{ questionId: "community", text: markerOf("submitted", viewer) }];
    const filled = complete(id) as { answers: object[] };
    await step(program, caller, "applicationSave", { ...filled, answers: [...filled.answers, ...answers] });
    const input = { applicationId: id };
    if (cohortId === cohorts.cohort) {
      await attached(program, caller, { ...input, name: resumeNameOf("submitted", viewer) });
      await nominated(program, caller, id, nominatorOf(viewer, "nomination"));
      await nominated(program, caller, id, nominatorOf(viewer, "request"));
    }
    const done = await step<{ application: { number: string } }>(
      program,
      caller,
      "applicationSubmit",
      input,
      "application { number }",
    );
    return { id, name: done.application.number };
  };
  const application = await apply(cohorts.cohort);
  const released = await apply(cohorts.released);
  const draftId = await draft(program, caller, cohorts.cohort, "MENTOR");
  const answers = [{ questionId: "position", text: markerOf("draft", viewer) }];
  const saved = await step<{ application: { number: string } }>(
    program,
    caller,
    "applicationSave",
    { applicationId: draftId, answers },
    "application { number }",
  );
  for (const { id } of [application, released]) {
    await reviewableBy(program, callers, viewer, id);
    const vote = { inFavor: voteOf(viewer), against: 1, abstained: 0 };
    const motion = { outcome: "ACCEPT", rationale: markerOf("rationale", viewer), vote };
    await prepare(program, id, motion, callers.committee);
  }
  const nothing = { id: "", name: "" };
  const mentor = { id: draftId, name: saved.application.number };
  await attached(program, caller, { applicationId: draftId, name: resumeNameOf("draft", viewer) });
  const files = await filesOf(program, callers, viewer, { submitted: application.id, draft: draftId });
  const empty = { certificate: nothing, message: nothing, nomination: nothing, request: nothing };
  return { application, released, draft: mentor, ...empty, ...files };
}

/** Who nominates an applicant: one whose letter has come, and one who was asked only. */
function nominatorOf(viewer: Viewer, what: "nomination" | "request") {
  return { name: `Access ${what}`, email: `planted.${what}.of.${viewer}@example.org` };
}

/** Has the letters come, and finds them with the tokens of their links. */
async function nominateAll(program: Program, callers: World["callers"], things: World["things"]): Promise<void> {
  for (const viewer of APPLICANTS) {
    const { id } = things[viewer].application;
    const query = "query($id: ID!) { node(id: $id) { ... on Application { nominations { id } } } }";
    type Found = { node: { nominations: [{ id: string }, { id: string }] } };
    const { node } = await program.ask<Found>(callers[viewer], query, { id });
    for (const [index, what] of (["nomination", "request"] as const).entries()) {
      const [token = ""] = await tokensTo(program, nominatorOf(viewer, what).email, "nomination");
      things[viewer][what] = { id: node.nominations[index]!.id, name: token };
    }
    const letter = { text: markerOf("letter", viewer), name: "Access", position: "Superintendent" };
    await step(program, null, "nominationProvide", { token: things[viewer].nomination.name, ...letter });
  }
}

async function recordLetter(program: Program, cohortId: string): Promise<Thing> {
  const input = {
    cohortId,
    nomineeName: "Access Nobody",
    nomineeEmail: "access.nobody@example.org",
    nominatorName: "Access Stranger",
    nominatorEmail: "access.stranger@example.org",
    nominatorPosition: "Principal",
    text: UNMATCHED_TEXT,
    idempotencyKey: "access-unmatched",
  };
  const { nomination } = await step<{ nomination: Thing }>(
    program,
    STAFF,
    "nominationRecord",
    input,
    "nomination { id }",
  );
  return { id: nomination.id, name: "" };
}

const UNMATCHED_TEXT = "planted-letter-of-nobody";

/** Has the committee review an application, but for the applicant, and open it to its members and the chair. */
async function reviewableBy(
  program: Program,
  callers: Record<Viewer | "clerk", Caller>,
  applicant: Viewer,
  applicationId: string,
): Promise<void> {
  const members = (["committee", "member", "recused"] as const).filter((viewer) => viewer !== applicant);
  const found = members.map(async (viewer) => ({
    caller: callers[viewer],
    personId: await idOf(program, callers[viewer]),
  }));
  await assigned(program, applicationId, await Promise.all(found), callers.clerk);
  await cleared(program, callers.chair, applicationId);
  // Whoever is still to review it finds no decision on it; as many reviews as it needs would open it to every member.
  for (const viewer of members.filter((one) => one !== "recused")) {
    await reviewed(program, callers[viewer], applicationId, { score: 3 });
  }
}

/** A résumé as submitted, one that is uploaded and not attached, a letter about the person, and evidence of their own. */
async function filesOf(
  program: Program,
  callers: Record<Viewer | "clerk", Caller>,
  viewer: Applicant,
  applications: { submitted: string; draft: string },
): Promise<Record<FileKept, Thing>> {
  const caller = callers[viewer];
  const query = "query($id: ID!) { node(id: $id) { ... on Application { resume { id } } } }";
  type Found = { node: { resume: { id: string } } };
  const { node } = await program.ask<Found>(caller, query, { id: applications.submitted });
  const letter = { purpose: "LETTER", applicationId: applications.submitted };
  return {
    resume: { id: node.resume.id, name: "" },
    upload: { id: await uploaded(program, caller, { applicationId: applications.draft }), name: "" },
    letter: { id: await attached(program, callers.clerk, letter), name: "" },
    evidence: { id: await attached(program, caller, { purpose: "EVIDENCE" }), name: "" },
  };
}

function resumeNameOf(what: "draft" | "submitted", viewer: Viewer): string {
  return `planted-resume-${what}-of-${viewer}.pdf`;
}

/** Releases a cohort's decisions as somebody; answers the input that confirmed it. */
export async function releaseAs(program: Program, caller: Caller, cohortId: string): Promise<void> {
  const input = await confirmedRelease(program, caller, cohortId);
  await step(program, caller, "decisionRelease", input);
}

/** Looks at what would be released; answers the input that confirms it. */
export async function confirmedRelease(program: Program, caller: Caller, cohortId: string): Promise<object> {
  const input = { cohortId, kind: "CANDIDATE", idempotencyKey: `release-${cohortId}` };
  const looked = await step<{ confirmToken: string }>(
    program,
    caller,
    "decisionRelease",
    { ...input, dryRun: true },
    "confirmToken",
  );
  return { ...input, confirmToken: looked.confirmToken };
}

/** A receipt that SES refuses; answers the message's id. */
export async function makeFailedMessage(program: Program, number: number): Promise<string> {
  const cohortId = await publishedCohort(program, { number });
  const applicant = someone(`Access Unreachable ${number}`);
  const applicationId = await draft(program, applicant, cohortId);
  await step(program, applicant, "applicationSave", complete(applicationId));
  await program.settle();
  program.ses.faults.set("reject", { times: 1 });
  await step(program, applicant, "applicationSubmit", { applicationId });
  await program.settle();
  program.ses.faults.clear();
  const query = "{ viewer { messages { nodes { id state } } } }";
  type Messages = { viewer: { messages: { nodes: { id: string; state: string }[] } } };
  const { viewer } = await program.ask<Messages>(applicant, query);
  const [message, ...others] = viewer.messages.nodes;
  if (message?.state !== "FAILED" || others.length > 0) throw new Error("The mail did not fail as it should");
  return message.id;
}

/** Publishes a team of two people who are none of the viewers. */
async function makeTeam(program: Program, cohortId: string): Promise<Teamed> {
  const accepted = async (person: Caller, kind: "CANDIDATE" | "MENTOR"): Promise<string> => {
    const id = await submitted(program, person, cohortId, kind);
    await prepare(program, id);
    await release(program, cohortId, kind);
    return id;
  };
  const mentor = someone("Access Mentor");
  const candidateApplicationId = await accepted(someone("Access Teamed"), "CANDIDATE");
  const mentorApplicationId = await accepted(mentor, "MENTOR");
  const pairs = [{ candidateApplicationId, mentorApplicationId }];
  type Saved = { proposal: { id: string } };
  const input = { cohortId, name: "Access", pairs };
  const { proposal } = await step<Saved>(program, STAFF, "teamProposalSave", input, "proposal { id }");
  const publish = { proposalId: proposal.id, idempotencyKey: "access-publish" };
  type Looked = { confirmToken: string };
  const looked = await step<Looked>(program, STAFF, "teamsPublish", { ...publish, dryRun: true }, "confirmToken");
  await step(program, STAFF, "teamsPublish", { ...publish, confirmToken: looked.confirmToken });
  await program.settle();
  type Teams = { viewer: { teams: [{ id: string }] } };
  const { viewer } = await program.ask<Teams>(mentor, "{ viewer { teams { id } } }");
  const named = (id: string) => ({ id, name: "" });
  const { id } = viewer.teams[0];
  return { cohort: named(cohortId), proposal: named(proposal.id), team: named(id), mentorApplicationId };
}

/** What the service token is called, which staff alone read. */
const LATE_REASON = "planted-reason-of-late-code";
const TOKEN_NAME = "planted-name-of-token";

function markerOf(what: "draft" | "submitted" | "rationale" | "why" | "letter", viewer: Viewer): string {
  return `planted-${what}-of-${viewer}`;
}

/** Another number for each, as recognizable as a text. */
function voteOf(viewer: Viewer): number {
  return 81 + VIEWERS.indexOf(viewer);
}

/** Everything planted, and who may read it. */
export function markersIn(world: World): Marker[] {
  const markers = APPLICANTS.flatMap((viewer): Marker[] => {
    const offices: Viewer[] = ["committee", "member", "staff", "chair"];
    if (viewer !== "owner") offices.push("recused");
    const others = offices.filter((reader) => reader !== viewer);
    return [
      { what: "draft answer", text: markerOf("draft", viewer), readers: [viewer, "staff"] },
      { what: "submitted answer", text: markerOf("submitted", viewer), readers: [viewer, ...offices] },
      { what: "draft résumé", text: resumeNameOf("draft", viewer), readers: [viewer, "staff"] },
      { what: "résumé", text: resumeNameOf("submitted", viewer), readers: [viewer, ...offices] },
      // The token reviews nothing; what was released it reads in the minutes.
      {
        what: "rationale",
        text: markerOf("rationale", viewer),
        readers: viewer === "staff" ? others : [...others, "service"],
      },
      { what: "letter", text: markerOf("letter", viewer), readers: offices.filter((reader) => reader !== viewer) },
      { what: "nominator's address", text: nominatorOf(viewer, "nomination").email, readers: [viewer, "staff"] },
      { what: "vote", text: `"inFavor":${voteOf(viewer)}`, readers: others },
      { what: "address", text: emailOf(world.callers[viewer]), readers: [viewer, "staff"] },
    ];
  });
  const addresses = VIEWERS.filter((viewer) => viewer !== "anonymous" && viewer !== "service" && !hasApplied(viewer));
  return [
    ...markers,
    ...addresses.map((viewer): Marker => {
      return { what: "address", text: emailOf(world.callers[viewer]), readers: [viewer, "staff"] };
    }),
    { what: "reason", text: markerOf("why", "recused"), readers: ["committee", "member", "staff", "chair"] },
    { what: "reason", text: markerOf("why", "ended"), readers: ["staff"] },
    { what: "late code's reason", text: LATE_REASON, readers: ["staff"] },
    { what: "letter", text: UNMATCHED_TEXT, readers: ["staff"] },
    { what: "token's name", text: TOKEN_NAME, readers: ["staff"] },
  ];
}

/** The thing that a target of the table means to a viewer; null where the viewer has none. */
export function thingFor(world: World, viewer: Viewer, target: string, kind: NodeKind): Thing | null {
  const { cohort, hiddenCohort, failedMessage, serviceToken: token, team, people, things } = world;
  const fixed: Record<string, Thing> = {
    published: cohort,
    "own-cohort": cohort,
    draft: hiddenCohort,
    "foreign-slate": world.slate,
    "foreign-motion": world.motion,
    "failed-message": failedMessage,
    "foreign-token": token,
    "foreign-late-code": world.lateCode,
    "foreign-team": team.team,
    "foreign-proposal": team.proposal,
    "team-cohort": team.cohort,
    unmatched: world.unmatched,
    missing: { id: globalId(kind, "app_00000000000000000000000000"), name: "APP-2027-9999" },
    malformed: { id: "neither an id nor an end", name: "no#such thing" },
    "wrong-kind": { id: wrongKind(kind, people.other.id), name: "" },
  };
  if (target in fixed) return fixed[target]!;
  const [whose = "", what = "application"] = target.split("-");
  const holder = whose === "own" ? viewer : viewer === "owner" ? "other" : "owner";
  if (holder === "anonymous" || holder === "service") return null;
  if (what === "person") return people[holder];
  if (!hasApplied(holder)) return null;
  if (what === "decision") return decisionOf(things[holder].application);
  const thing = things[holder][what as Kept] as Thing | undefined;
  if (thing === undefined) throw new Error(`The table names an unknown target: ${target}`);
  return thing;
}

function decisionOf({ id }: Thing): Thing {
  return { id: globalId("Decision", parseGlobalId(id)!.id), name: "" };
}

/** The id of a person where another kind is wanted, and a person's under another name where a person is. */
function wrongKind(kind: NodeKind, personId: string): string {
  return kind === "Person" ? globalId("Cohort", parseGlobalId(personId)!.id) : personId;
}
