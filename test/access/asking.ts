import type { GraphqlAnswer } from "../../infra/local/caller.ts";
import { globalId, parseGlobalId, type NodeKind } from "../../schema/shared/id.ts";
import { someone, STAFF } from "../support/program.ts";
import {
  addEmail,
  closeStep,
  complete,
  draft,
  idOf,
  lateCode,
  motionOf,
  nominated,
  prepare,
  publishedCohort,
  reverseStep,
  serviceToken,
  slateOf,
  step,
  submitted,
  TERMS,
  tokensTo,
} from "../support/steps.ts";
import { assigned, saveMarks, reviewed } from "../support/review.ts";
import { uploaded } from "../support/uploads.ts";
import type { Row, Verdict, Viewer } from "./table.ts";
import { confirmedRelease, makeFailedMessage, releaseAs, thingFor, type World } from "./world.ts";

/** A request of one cell, and where in the answer to look. */
export interface Request {
  query: string;
  variables: Record<string, unknown>;
  /** The path of the value in question; empty for a mutation, whose payload is looked at. */
  path: (answer: GraphqlAnswer) => (string | number)[];
}

interface Operation {
  /** Kind of the ids it takes. */
  kind: NodeKind;
  /** Arguments of a query, or the input of a mutation, for what it is asked of. */
  given: (thing: { id: string; name: string }, target: string, cell: { viewer: Viewer; world: World }) => object;
  /** What to ask a query for. */
  selection?: string;
  inputType?: string;
}

const application = (given: (id: string) => object, inputType?: string): Operation => ({
  kind: "Application",
  given: ({ id }) => given(id),
  inputType,
});

function proposal(given: (id: string, cell: { world: World }) => object): Operation {
  return { kind: "TeamProposal", given: ({ id }, _target, cell) => given(id, cell) };
}

/** A step of a review, with what it takes besides the application. */
function ofReview(given: (people: World["people"]) => object): Operation {
  return {
    kind: "Application",
    given: ({ id }, _target, { world }) => ({ applicationId: id, ...given(world.people) }),
  };
}

const ofFile: Operation = { kind: "File", given: ({ id }) => ({ fileId: id }), inputType: "FileInput" };

/** A change of a cohort as it was created. */
function ofCohort(change: object): Operation {
  return { kind: "Cohort", given: ({ id }) => ({ cohortId: id, expectedVersion: 1, ...change }) };
}

const ofSlate = (rest: object): Operation => ({ kind: "Slate", given: ({ id }) => ({ slateId: id, ...rest }) });
const ofMotion = (rest: object): Operation => ({ kind: "Motion", given: ({ id }) => ({ motionId: id, ...rest }) });

function ownEmail(given: (email: string) => object, inputType?: string): Operation {
  return { kind: "Person", given: ({ name }) => given(name), inputType };
}

/** Where any kind may be asked for, the wrong one is a label that does not fit. */
function labelled(id: string, target: string): string {
  return target === "wrong-kind" ? globalId("Application", parseGlobalId(id)!.id) : id;
}

const KEY = "access-test-key";

/** What is asked of an applicant. */
const ASKED = { parts: ["JOB_TITLE"], dueOn: "2026-09-10", message: "Access" };

const NOMINATOR = {
  name: "Access Nominator",
  email: "access.nominator@example.org",
  position: "Superintendent",
  idempotencyKey: KEY,
};

const SIGNED = { text: "Access", name: "Access Nominator", position: "Superintendent" };

const UNSOLICITED = {
  nomineeName: "Access Nominee",
  nomineeEmail: "access.nominee@example.org",
  nominatorName: "Access Nominator",
  nominatorEmail: "access.nominator@example.org",
  nominatorPosition: "Superintendent",
  text: "Access",
};

/** A letter in the name of an address of its own: one address is not mailed to often. */
const offerOf = (number: number) => ({
  ...UNSOLICITED,
  nominatorEmail: `access.nominator.${number}@example.org`,
  idempotencyKey: `${KEY}-${number}`,
});

function ofNomination(more: object, inputType?: string): Operation {
  return { kind: "Nomination", given: ({ id }) => ({ nominationId: id, ...more }), inputType };
}

/** How each operation is called. */
export const CALLS: Record<string, Operation> = {
  "Query.viewer": { kind: "Person", given: () => ({}), selection: "{ person { id } }" },
  "Query.node": { kind: "Application", given: ({ id }, target) => ({ id: labelled(id, target) }), selection: "{ id }" },
  "Query.nodes": {
    kind: "Application",
    given: ({ id }, target) => ({ ids: [labelled(id, target)] }),
    selection: "{ id }",
  },
  "Query.cohort": { kind: "Cohort", given: ({ id }) => ({ id }), selection: "{ id }" },
  "Query.cohorts": {
    kind: "Cohort",
    given: (_thing, target) => ({ state: target.toUpperCase() }),
    selection: "{ nodes { id } }",
  },
  "Query.messages": {
    kind: "Application",
    given: ({ id }, target) => (target === "-" ? { state: "FAILED" } : { applicationId: id }),
    selection: "{ nodes { id } }",
  },
  "Query.mailKinds": { kind: "Message", given: () => ({}), selection: "{ id }" },
  "Query.unreachableAddresses": { kind: "Person", given: () => ({}), selection: "{ nodes { fix } }" },
  "Query.erasures": { kind: "Person", given: () => ({ state: "REQUESTED" }), selection: "{ nodes { state } }" },
  "Query.personByEmail": {
    kind: "Person",
    given: ({ name }, target) => ({ email: target === "missing" ? "nobody@example.org" : name }),
    selection: "{ id }",
  },
  "Query.applicationByNumber": { kind: "Application", given: ({ name }) => ({ number: name }), selection: "{ id }" },
  "Query.certificateVerification": {
    kind: "Certificate",
    given: ({ name }) => ({ number: name }),
    selection: "{ number }",
  },
  "Mutation.applicationStart": { kind: "Cohort", given: ({ id }) => ({ cohortId: id, kind: "CANDIDATE" }) },
  "Mutation.applicationSave": application((id) => ({ applicationId: id, jobTitle: "Changed" })),
  "Mutation.applicationSubmit": application((id) => ({ applicationId: id })),
  "Mutation.applicationWithdraw": application((id) => ({ applicationId: id }), "ApplicationInput"),
  "Mutation.applicationAmend": application(
    (id) => ({ applicationId: id, jobTitle: "Changed" }),
    "ApplicationSaveInput",
  ),
  "Mutation.applicationInformationProvide": application((id) => ({ applicationId: id })),
  "Mutation.applicationInformationAsk": application((id) => ({ applicationId: id, ...ASKED })),
  "Mutation.applicationInformationExtend": application((id) => ({
    applicationId: id,
    dueOn: "2026-09-15",
    why: "Access",
  })),
  "Mutation.applicationInformationCancel": application((id) => ({ applicationId: id, why: "Access" })),
  "Mutation.applicationRuleOut": application((id) => ({ applicationId: id, reason: "OTHER", why: "Access" })),
  "Mutation.applicationRuleIn": application((id) => ({ applicationId: id, why: "Access" })),
  "Mutation.applicationStartFor": {
    kind: "Person",
    given: ({ id }, _target, { world }) => ({
      personId: id,
      cohortId: world.cohort.id,
      kind: "CANDIDATE",
      why: "Access",
    }),
  },
  "Mutation.applicationSaveFor": application((id) => ({ applicationId: id, jobTitle: "Changed", why: "Access" })),
  "Mutation.applicationSubmitFor": application((id) => ({ applicationId: id, why: "Access" })),
  "Mutation.applicationReviewStart": application((id) => ({ applicationId: id }), "ApplicationInput"),
  "Mutation.decisionPrepare": application((id) => ({ applicationId: id, outcome: "DECLINE", rationale: "Access" })),
  "Mutation.decisionRetract": application((id) => ({ applicationId: id })),
  "Mutation.decisionRelease": {
    kind: "Cohort",
    given: ({ id }) => ({ cohortId: id, kind: "CANDIDATE", confirmToken: "none", idempotencyKey: KEY }),
  },
  "Mutation.decisionReverse": application((id) => ({
    applicationId: id,
    outcome: "WAITLIST",
    rank: 9,
    why: "Access",
    dryRun: true,
    idempotencyKey: KEY,
  })),
  "Query.slateDiff": { kind: "Slate", given: ({ id }) => ({ a: id, b: id }), selection: "{ applicationId }" },
  "Mutation.slateCreate": {
    kind: "Cohort",
    given: ({ id }) => ({ cohortId: id, kind: "CANDIDATE", name: "Access", rows: [] }),
  },
  "Mutation.slateSave": ofSlate({ expectedVersion: 1, name: "Changed" }),
  "Mutation.slateCopy": ofSlate({ name: "Copied" }),
  "Mutation.slateArchive": ofSlate({ expectedVersion: 1 }),
  "Mutation.motionOpen": ofSlate({ expectedVersion: 1, rationale: "Access", idempotencyKey: KEY }),
  "Mutation.motionVote": ofMotion({ choice: "FOR" }),
  "Mutation.motionClose": ofMotion({ confirmToken: "none", idempotencyKey: KEY }),
  "Mutation.motionWithdraw": ofMotion({ why: "Access" }),
  "Mutation.offerAccept": application((id) => ({ applicationId: id, commitsToAllDates: true, why: "Access" })),
  "Mutation.offerDecline": application((id) => ({ applicationId: id, why: "Access" })),
  "Mutation.offerDeferRequest": application((id) => ({ applicationId: id, reason: "Access", why: "Access" })),
  "Mutation.offerDefer": application((id) => ({ applicationId: id, why: "Access" })),
  "Mutation.offerDeferRefuse": application((id) => ({ applicationId: id, why: "Access" }), "OfferDeferInput"),
  "Mutation.offerExtend": application((id) => ({ applicationId: id, answerBy: "2026-09-30", why: "Access" })),
  "Mutation.offerConditionsSet": application((id) => ({ applicationId: id, conditions: "Access", why: "Access" })),
  "Mutation.offerFromDeferral": {
    kind: "Application",
    given: ({ id }, _target, { world }) => ({
      applicationId: id,
      cohortId: world.cohort.id,
      why: "Access",
      idempotencyKey: KEY,
    }),
  },
  "Mutation.offerPromote": {
    kind: "Cohort",
    given: ({ id }) => ({ cohortId: id, confirmToken: "none", idempotencyKey: KEY }),
  },
  "Mutation.jointInvite": application((id) => ({
    applicationId: id,
    name: "Access Partner",
    email: "access.partner@example.org",
  })),
  "Mutation.jointUnlink": application((id) => ({ applicationId: id })),
  "Mutation.jointAccept": {
    kind: "Application",
    given: ({ name }) => ({ token: name }),
    inputType: "JointAnswerInput",
  },
  "Mutation.jointDecline": {
    kind: "Application",
    given: ({ name }) => ({ token: name }),
    inputType: "JointAnswerInput",
  },
  "Mutation.certificateIssue": application((id) => ({ applicationId: id, idempotencyKey: KEY })),
  "Mutation.cohortCreate": {
    kind: "Cohort",
    given: (_thing, _target, { world }) => ({ ...TERMS, number: world.nextNumber() }),
  },
  "Mutation.cohortChange": {
    kind: "Cohort",
    given: ({ id }) => ({ cohortId: id, expectedVersion: 1, region: "Changed" }),
  },
  "Mutation.cohortPublish": {
    kind: "Cohort",
    given: ({ id }, target) => ({ cohortId: id, expectedVersion: target === "published" ? 2 : 1 }),
  },
  "Mutation.cohortWindowChange": ofCohort({ kind: "MENTOR", opens: "2026-08-02T08:00" }),
  "Mutation.cohortQuestionsChange": ofCohort({ kind: "MENTOR", questions: [] }),
  "Mutation.cohortCriteriaChange": ofCohort({ kind: "MENTOR", criteria: [] }),
  "Mutation.cohortPolicyChange": ofCohort({ offer: { days: 10 } }),
  "Mutation.cohortClone": {
    kind: "Cohort",
    given: ({ id }, _target, { world }) => ({ cohortId: id, number: world.nextNumber(), name: "Access" }),
  },
  "Mutation.lateCodeCreate": {
    kind: "Cohort",
    given: ({ id }) => ({ cohortId: id, kind: "MENTOR", expires: "2026-12-01T08:00", mostUses: 1, why: "Access" }),
  },
  "Mutation.lateCodeRevoke": { kind: "LateCode", given: ({ id }) => ({ lateCodeId: id, why: "Access" }) },
  "Query.program": { kind: "Cohort", given: () => ({}), selection: "{ phase }" },
  "Mutation.messageHold": {
    kind: "Message",
    given: ({ id }) => ({ messageId: id, why: "Access" }),
    inputType: "MessageReasonInput",
  },
  "Mutation.messageCancel": {
    kind: "Message",
    given: ({ id }) => ({ messageId: id, why: "Access" }),
    inputType: "MessageReasonInput",
  },
  "Mutation.messageEdit": {
    kind: "Message",
    given: ({ id }) => ({ messageId: id, expectedVersion: 1, subject: "Access", text: "Access", why: "Access" }),
  },
  "Mutation.messagesRelease": { kind: "Message", given: ({ id }) => ({ messageIds: [id], idempotencyKey: KEY }) },
  "Mutation.messageCorrect": {
    kind: "Message",
    given: ({ id }, target) => ({ messageId: id, text: "Access", idempotencyKey: `${KEY}-${target}` }),
  },
  "Mutation.mailKindHold": {
    kind: "Message",
    given: () => ({ template: "decision-declined", why: "Access" }),
    inputType: "MailKindInput",
  },
  "Mutation.mailKindFree": {
    kind: "Message",
    given: () => ({ template: "decision-declined", why: "Access" }),
    inputType: "MailKindInput",
  },
  "Mutation.messageResend": { kind: "Message", given: ({ id }) => ({ messageId: id, idempotencyKey: KEY }) },
  "Mutation.roleGrant": {
    kind: "Person",
    given: ({ id }, target) => ({ personId: id, role: target === "own-person" ? "STAFF" : "COMMITTEE", why: "Access" }),
    inputType: "RoleInput",
  },
  "Mutation.roleEnd": {
    kind: "Person",
    given: ({ id }, target) => ({ personId: id, role: target === "own-person" ? "STAFF" : "COMMITTEE", why: "Access" }),
    inputType: "RoleInput",
  },
  "Mutation.recusalDeclare": application((id) => ({ applicationId: id, why: "Access" })),
  "Mutation.recusalLift": {
    kind: "Application",
    given: ({ id }, _target, { world }) => ({ applicationId: id, personId: world.people.other.id, why: "Access" }),
  },
  "Mutation.reviewAssign": ofReview(({ committee }) => ({ personIds: [committee.id] })),
  "Mutation.reviewUnassign": ofReview(({ committee }) => ({ personId: committee.id, why: "Access" })),
  "Mutation.reviewReassign": ofReview(({ committee, member }) => {
    return { fromPersonId: committee.id, toPersonId: member.id, why: "Access" };
  }),
  "Mutation.reviewConflictDeclare": ofReview(() => ({ hasConflict: false })),
  "Mutation.reviewSave": ofReview(() => ({ recommendation: "ACCEPT" })),
  "Mutation.reviewSubmit": ofReview(() => ({})),
  "Mutation.reviewReopen": ofReview(({ committee }) => ({ personId: committee.id, why: "Access" })),
  "Mutation.reviewAssignFromCsv": {
    kind: "Cohort",
    given: ({ id }) => ({ cohortId: id, kind: "CANDIDATE", csv: "APP-2027-9999,a@example.org", idempotencyKey: KEY }),
  },
  "Mutation.reviewAssignBalanced": {
    kind: "Cohort",
    given: ({ id }, _target, { world }) => {
      return { cohortId: id, kind: "CANDIDATE", personIds: [world.people.committee.id], idempotencyKey: KEY };
    },
  },
  "Mutation.personCreate": {
    kind: "Person",
    given: (_thing, _target, { world }) => ({ ...someone(`Access Entered ${world.nextNumber()}`), why: "Access" }),
  },
  "Mutation.personRename": {
    kind: "Person",
    given: ({ id }) => ({ personId: id, name: "Access Renamed", why: "Access" }),
  },
  "Mutation.personMerge": {
    kind: "Person",
    given: ({ id }, _target, { world }) => ({ keptId: world.people.other.id, mergedId: id, why: "Access" }),
  },
  "Query.nomination": { kind: "Nomination", given: ({ name }) => ({ token: name }), selection: "{ candidateName }" },
  "Mutation.nominationOpen": { kind: "Nomination", given: ({ name }) => ({ token: name }) },
  "Mutation.nominationSave": { kind: "Nomination", given: ({ name }) => ({ token: name, text: "Access" }) },
  "Mutation.nominationProvide": { kind: "Nomination", given: ({ name }) => ({ token: name, ...SIGNED }) },
  "Mutation.nominationRefuse": { kind: "Nomination", given: ({ name }) => ({ token: name }) },
  "Mutation.nominationRequest": application((id) => ({ applicationId: id, ...NOMINATOR })),
  "Mutation.nominationResend": ofNomination({ idempotencyKey: KEY }),
  "Mutation.nominationReplace": ofNomination(NOMINATOR),
  "Mutation.nominationCancel": ofNomination({}, "NominationInput"),
  "Mutation.nominationReopen": ofNomination({ why: "Access", idempotencyKey: KEY }),
  "Mutation.nominationRecord": {
    kind: "Cohort",
    given: ({ id }, _target, { world }) => ({
      cohortId: id,
      ...UNSOLICITED,
      idempotencyKey: `${KEY}-${world.nextNumber()}`,
    }),
  },
  "Mutation.nominationOffer": {
    kind: "Cohort",
    given: ({ id }, _target, { world }) => ({ cohortId: id, ...offerOf(world.nextNumber()) }),
  },
  "Mutation.nominationConfirm": { kind: "Nomination", given: ({ name }) => ({ token: name }) },
  "Mutation.nominationMatch": {
    kind: "Nomination",
    given: ({ id }, _target, { world }) => ({
      nominationId: id,
      applicationId: world.things.other.application.id,
      why: "Access",
    }),
  },
  "Mutation.applicationPartsWaive": application((id) => ({ applicationId: id, why: "Access" })),
  "Query.directory": { kind: "Person", given: () => ({}), selection: "{ nodes { name } }" },
  "Mutation.viewerDirectorySet": { kind: "Person", given: () => ({ isListed: true }) },
  "Query.serviceTokens": { kind: "ServiceToken", given: () => ({}), selection: "{ nodes { id } }" },
  "Mutation.serviceTokenCreate": {
    kind: "ServiceToken",
    given: () => ({ name: "Access", role: "COMMITTEE", operations: ["cohorts"], days: 1 }),
  },
  "Mutation.serviceTokenRevoke": {
    kind: "ServiceToken",
    given: ({ id }) => ({ serviceTokenId: id, why: "Access" }),
  },
  "Mutation.fileUploadStart": application((id) => ({
    purpose: "RESUME",
    applicationId: id,
    name: "resume.pdf",
    contentType: "application/pdf",
    bytes: 400,
  })),
  "Mutation.mentorCapacitySet": application((id) => ({ applicationId: id, capacity: 2 })),
  "Mutation.mentorNotNeeded": application((id) => ({ applicationId: id })),
  "Mutation.mentorWaive": application((id) => ({ applicationId: id, why: "Access" })),
  "Mutation.candidateConfirm": application((id) => ({ applicationId: id })),
  "Mutation.teamExclusionAdd": application((id) => ({
    candidateApplicationId: id,
    mentorApplicationId: id,
    why: "Access",
  })),
  "Mutation.teamExclusionLift": application((id) => ({
    candidateApplicationId: id,
    mentorApplicationId: id,
    why: "Access",
  })),
  "Query.teamPropose": { kind: "Cohort", given: ({ id }) => ({ cohortId: id }), selection: "{ total }" },
  "Mutation.teamProposalSave": {
    kind: "Cohort",
    given: ({ id }) => ({ cohortId: id, name: "Access", pairs: [] }),
  },
  "Mutation.teamProposalMove": proposal((id, { world }) => ({
    proposalId: id,
    expectedVersion: 1,
    candidateApplicationId: world.team.mentorApplicationId,
  })),
  "Mutation.teamProposalArchive": proposal((id) => ({ proposalId: id, expectedVersion: 1 })),
  "Mutation.teamsPublish": proposal((id) => ({ proposalId: id, confirmToken: "none", idempotencyKey: KEY })),
  "Mutation.teamsUnpublish": proposal((id) => ({ proposalId: id, why: "" })),
  "Mutation.teamAccept": { kind: "Team", given: ({ id }) => ({ teamId: id }), inputType: "TeamInput" },
  "Mutation.teamDecline": { kind: "Team", given: ({ id }) => ({ teamId: id }) },
  "Mutation.teamEnd": { kind: "Team", given: ({ id }) => ({ teamId: id, why: "Access" }) },
  "Mutation.teamReplaceMentor": {
    kind: "Team",
    given: ({ id }, _target, { world }) => ({
      teamId: id,
      mentorApplicationId: world.team.mentorApplicationId,
      why: "Access",
      idempotencyKey: KEY,
    }),
  },
  "Mutation.fileAttach": ofFile,
  "Mutation.fileRemove": ofFile,
  "Mutation.fileDownload": ofFile,
  "Mutation.viewerEmailAdd": { kind: "Person", given: () => ({ email: "access.added@example.org", kind: "WORK" }) },
  "Mutation.viewerEmailPrefer": ownEmail((email) => ({ email }), "ViewerEmailInput"),
  "Mutation.viewerEmailRemove": ownEmail((email) => ({ email }), "ViewerEmailInput"),
  "Mutation.viewerEmailLabel": ownEmail((email) => ({ email, kind: "PERSONAL" })),
  "Mutation.emailConfirm": { kind: "Person", given: ({ name }) => ({ token: name }) },
  "Mutation.personEmailAdd": {
    kind: "Person",
    given: ({ id }) => ({ personId: id, email: "access.named@example.org", kind: "WORK", why: "Access" }),
  },
  "Mutation.personErase": {
    kind: "Person",
    given: ({ id }) => ({ personId: id, why: "Access", confirmToken: "none", idempotencyKey: KEY }),
  },
  "Mutation.viewerErasureRequest": { kind: "Person", given: () => ({ why: "Access" }) },
  "Mutation.viewerRename": { kind: "Person", given: (_thing, _target, { viewer }) => ({ name: `Renamed ${viewer}` }) },
};

/** The request of a cell about an operation; `payload` is what to ask of a mutation's payload. */
export function requestOf(world: World, { subject, target }: Row, viewer: Viewer, payload: string): Request {
  const operation = CALLS[subject];
  if (!operation) throw new Error(`Nobody has said how ${subject} is called`);
  const thing = thingFor(world, viewer, target === "-" ? "missing" : target, operation.kind);
  return callOf(subject, operation.given(thing ?? { id: "", name: "" }, target, { viewer, world }), payload);
}

/** The request of an operation with the arguments of a query, or the input of a mutation. */
export function callOf(subject: string, given: object, payload?: string): Request {
  const [type, name = ""] = subject.split(".");
  const { inputType, selection } = CALLS[subject]!;
  if (type === "Mutation") return mutationOf(name, given, inputType, payload);
  const values = Object.entries(given).map(([key, value]) => `${key}: ${literal(key, value)}`);
  const call = values.length > 0 ? `${name}(${values.join(", ")})` : name;
  return {
    query: `{ ${call} ${selection} }`,
    variables: {},
    path: () => (name === "nodes" ? [name, 0] : [name]),
  };
}

/** Enum values stand without quotes. */
function literal(key: string, value: unknown): string {
  return key === "state" ? String(value) : JSON.stringify(value);
}

function mutationOf(
  name: string,
  input: object,
  inputType = `${name[0]!.toUpperCase()}${name.slice(1)}Input`,
  payload = "userErrors { code message }",
): Request {
  const query = `mutation($input: ${inputType}!) { ${name}(input: $input) { ${payload} } }`;
  return { query, variables: { input }, path: () => [] };
}

/** A request that is to change something, on something of its own, so that no other cell notices. */
export async function freshRequestOf(world: World, row: Row, viewer: Viewer): Promise<Request> {
  const name = row.subject.split(".")[1]!;
  const operation = CALLS[row.subject]!;
  const id = (await FRESH[name]?.(world, viewer, row.target)) ?? "";
  const given = typeof id === "string" ? operation.given({ id, name: "" }, row.target, { viewer, world }) : id;
  return mutationOf(name, given, operation.inputType);
}

const cohortFor = ({ program, nextNumber }: World) => publishedCohort(program, { number: nextNumber() });

async function submittedFor(world: World, applicant: Viewer): Promise<string> {
  return submitted(world.program, world.callers[applicant], await cohortFor(world));
}

/** An application of the owner's that committee and member review, without a conflict. */
async function reviewableFor(world: World): Promise<string> {
  const { program, callers, people } = world;
  const id = await submittedFor(world, "owner");
  const members = (["committee", "member"] as const).map((viewer) => {
    return { caller: callers[viewer], personId: people[viewer].id };
  });
  await assigned(program, id, members);
  return id;
}

/** The same with both reviews in, so that the two decide on it. */
async function decidableFor(world: World): Promise<string> {
  const id = await reviewableFor(world);
  for (const viewer of ["committee", "member"] as const) {
    await reviewed(world.program, world.callers[viewer], id, { score: 3 });
  }
  return id;
}

async function acceptedFor(world: World, applicant: Viewer): Promise<string> {
  const { program, callers } = world;
  const cohortId = await cohortFor(world);
  const id = await submitted(program, callers[applicant], cohortId);
  await prepare(program, id, undefined, callers.chair);
  await releaseAs(program, callers.committee, cohortId);
  return id;
}

/** A slate of one application in a cohort of its own. */
async function slateFor(world: World): Promise<string> {
  const cohortId = await cohortFor(world);
  const applicationId = await submitted(world.program, world.callers.owner, cohortId);
  return slateOf(world.program, cohortId, [{ applicationId, outcome: "DECLINE" }]);
}

async function motionFor(world: World): Promise<string> {
  const cohortId = await cohortFor(world);
  const applicationId = await submitted(world.program, world.callers.owner, cohortId);
  return motionOf(world.program, cohortId, [{ applicationId, outcome: "DECLINE" }]);
}

/** An accepted application with its offer: the viewer's own, or the owner's. */
const offeredFor = (world: World, viewer: Viewer, target: string) =>
  acceptedFor(world, target === "own-released" ? viewer : "owner");

/** The owner's, who would rather take part later. */
async function deferralAskedFor(world: World): Promise<string> {
  const applicationId = await acceptedFor(world, "owner");
  await step(world.program, world.callers.owner, "offerDeferRequest", { applicationId, reason: "Access" });
  return applicationId;
}

/** An invitation to apply together, from somebody new. */
async function invitationFor(world: World): Promise<object> {
  const { program, nextNumber } = world;
  const inviting = someone(`Access Inviting ${nextNumber()}`);
  const applicationId = await draft(program, inviting, await cohortFor(world));
  const email = `access.invited.${nextNumber()}@example.org`;
  await step(program, inviting, "jointInvite", { applicationId, name: "Access Invited", email });
  return { token: (await tokensTo(program, email, "/joint-application"))[0] };
}

/** The input of a run of assignments that somebody has looked at. */
async function lookedAt({ program, callers }: World, viewer: Viewer, mutation: string, given: object): Promise<object> {
  const input = { ...given, idempotencyKey: `${KEY}-${mutation}` };
  const looked = { ...input, dryRun: true };
  const { confirmToken } = await step<{ confirmToken: string }>(
    program,
    callers[viewer],
    mutation,
    looked,
    "confirmToken",
  );
  return { ...input, confirmToken };
}

async function hiddenCohortFor({ program, nextNumber }: World): Promise<string> {
  const terms = { ...TERMS, number: nextNumber() };
  const { cohort } = await step<{ cohort: { id: string } }>(program, STAFF, "cohortCreate", terms, "cohort { id }");
  return cohort.id;
}

async function secondEmail({ program, callers, nextNumber }: World, viewer: Viewer): Promise<string> {
  const email = `access.second.${nextNumber()}@example.org`;
  await addEmail(program, callers[viewer], email);
  return email;
}

/** The input of a change to a cohort of its own, published or not. */
function cohortChanging(change: object) {
  return async (world: World, _viewer: Viewer, target: string): Promise<object> => {
    const isHidden = target === "draft";
    const cohortId = await (isHidden ? hiddenCohortFor(world) : cohortFor(world));
    return { cohortId, expectedVersion: isHidden ? 1 : 2, ...change };
  };
}

const cohortOf = (world: World, _viewer: Viewer, target: string) =>
  target === "draft" ? hiddenCohortFor(world) : cohortFor(world);

/** Somebody's submitted application of which staff have asked something; nobody asks it of themselves. */
async function askedFor(world: World, applicant: Viewer): Promise<string> {
  const { program, callers } = world;
  const applicationId = await submittedFor(world, applicant);
  await step(program, callers.chair, "applicationInformationAsk", { applicationId, ...ASKED });
  return applicationId;
}

async function completeDraftFor(world: World, applicant: Viewer): Promise<string> {
  const id = await draft(world.program, world.callers[applicant], await cohortFor(world));
  await step(world.program, world.callers[applicant], "applicationSave", complete(id));
  return id;
}

/** A draft of the viewer's, or another applicant's, and whom they asked for a nomination: its id and the link's token. */
async function requestFor(world: World, applicant: Viewer): Promise<{ id: string; token: string }> {
  const { program, callers, nextNumber } = world;
  const applicationId = await draft(program, callers[applicant], await cohortFor(world));
  const nominator = someone(`Access Nominator ${nextNumber()}`);
  const { nomination } = await nominated(program, callers[applicant], applicationId, nominator);
  return { id: nomination!.id, token: (await tokensTo(program, nominator.email, "nomination"))[0]! };
}

const tokenFor = async (world: World, more: object = {}) => ({
  token: (await requestFor(world, "owner")).token,
  ...more,
});

/** Makes what an operation is to change: its id, or the whole input. */
const FRESH: Record<string, (world: World, viewer: Viewer, target: string) => Promise<string | object>> = {
  applicationStart: cohortFor,
  applicationSave: async (world, viewer) => draft(world.program, world.callers[viewer], await cohortFor(world)),
  applicationSubmit: completeDraftFor,
  applicationAmend: askedFor,
  applicationInformationProvide: async (world, viewer) => {
    const id = await askedFor(world, viewer);
    await step(world.program, world.callers[viewer], "applicationAmend", { applicationId: id, jobTitle: "Changed" });
    return id;
  },
  applicationInformationAsk: (world) => submittedFor(world, "owner"),
  applicationInformationExtend: (world) => askedFor(world, "owner"),
  applicationInformationCancel: (world) => askedFor(world, "owner"),
  applicationRuleOut: (world) => submittedFor(world, "owner"),
  applicationRuleIn: async (world) => {
    const applicationId = await submittedFor(world, "owner");
    const ruling = { applicationId, reason: "OTHER", why: "Access" };
    await step(world.program, world.callers.chair, "applicationRuleOut", ruling);
    return applicationId;
  },
  applicationStartFor: ({ program, nextNumber }) => idOf(program, someone(`Access Entered ${nextNumber()}`)),
  applicationSaveFor: (world) => completeDraftFor(world, "owner"),
  applicationSubmitFor: (world) => completeDraftFor(world, "owner"),
  applicationWithdraw: submittedFor,
  applicationReviewStart: (world) => submittedFor(world, "owner"),
  reviewAssign: (world) => submittedFor(world, "owner"),
  reviewUnassign: reviewableFor,
  reviewReassign: async (world) => {
    const id = await submittedFor(world, "owner");
    await step(world.program, STAFF, "reviewAssign", { applicationId: id, personIds: [world.people.committee.id] });
    return id;
  },
  reviewConflictDeclare: async (world) => {
    const id = await submittedFor(world, "owner");
    const { committee, member } = world.people;
    await step(world.program, STAFF, "reviewAssign", { applicationId: id, personIds: [committee.id, member.id] });
    return id;
  },
  reviewSave: reviewableFor,
  reviewSubmit: async (world, viewer) => {
    const id = await reviewableFor(world);
    await saveMarks(world.program, world.callers[viewer], id, { score: 3 });
    return id;
  },
  reviewReopen: async (world) => {
    const id = await reviewableFor(world);
    await reviewed(world.program, world.callers.committee, id, { score: 3 });
    return id;
  },
  reviewAssignFromCsv: async (world, viewer) => {
    const { program, callers, nextNumber } = world;
    const cohortId = await publishedCohort(program, { number: nextNumber() });
    const applicationId = await submitted(program, callers.owner, cohortId);
    const query = "query($id: ID!) { node(id: $id) { ... on Application { number } } }";
    const { node } = await program.ask<{ node: { number: string } }>(STAFF, query, { id: applicationId });
    const csv = `${node.number},${callers.committee!.email}`;
    return lookedAt(world, viewer, "reviewAssignFromCsv", { cohortId, kind: "CANDIDATE", csv });
  },
  reviewAssignBalanced: async (world, viewer) => {
    const { program, callers, people, nextNumber } = world;
    const cohortId = await publishedCohort(program, { number: nextNumber() });
    await submitted(program, callers.owner, cohortId);
    const personIds = [people.committee.id];
    return lookedAt(world, viewer, "reviewAssignBalanced", { cohortId, kind: "CANDIDATE", personIds });
  },
  recusalDeclare: async (world, _viewer, target) =>
    target === "foreign" ? reviewableFor(world) : draft(world.program, world.callers.owner, await cohortFor(world)),
  recusalLift: async (world) => {
    const applicationId = await submittedFor(world, "owner");
    const input = { applicationId, personId: world.people.member.id, why: "Access" };
    await step(world.program, STAFF, "recusalDeclare", input);
    return input;
  },
  personRename: ({ program, nextNumber }) => idOf(program, someone(`Access Misspelt ${nextNumber()}`)),
  personMerge: async ({ program, nextNumber }) => {
    const keptId = await idOf(program, someone(`Access Kept ${nextNumber()}`));
    const input = { keptId, mergedId: await idOf(program, someone(`Access Merged ${nextNumber()}`)), why: "Access" };
    const looked = { ...input, dryRun: true };
    const { confirmToken } = await step<{ confirmToken: string }>(
      program,
      STAFF,
      "personMerge",
      looked,
      "confirmToken",
    );
    return { ...input, confirmToken };
  },
  decisionPrepare: decidableFor,
  decisionRetract: async (world) => {
    const id = await decidableFor(world);
    await prepare(world.program, id, undefined, world.callers.committee);
    return id;
  },
  decisionRelease: async (world, viewer) => {
    const { program, callers } = world;
    const cohortId = await cohortFor(world);
    await prepare(program, await submitted(program, callers.owner, cohortId), undefined, callers.chair);
    return confirmedRelease(program, callers[viewer], cohortId);
  },
  decisionReverse: async (world, viewer) => {
    const input = { outcome: "WAITLIST", rank: 9, why: "Access", idempotencyKey: `${KEY}-${world.nextNumber()}` };
    const given = { ...input, applicationId: await acceptedFor(world, "owner") };
    const { confirmToken } = await reverseStep(world.program, { ...given, dryRun: true }, world.callers[viewer]);
    return { ...given, confirmToken };
  },
  slateCreate: (world, _viewer, target) => (target === "draft" ? hiddenCohortFor(world) : cohortFor(world)),
  slateSave: slateFor,
  slateCopy: slateFor,
  slateArchive: slateFor,
  motionOpen: slateFor,
  motionVote: motionFor,
  motionClose: async (world, viewer) => {
    const input = { motionId: await motionFor(world), idempotencyKey: `${KEY}-${world.nextNumber()}` };
    const { confirmToken } = await closeStep(world.program, { ...input, dryRun: true }, world.callers[viewer]);
    return { ...input, confirmToken };
  },
  motionWithdraw: motionFor,
  fileUploadStart: async (world, viewer) => draft(world.program, world.callers[viewer], await cohortFor(world)),
  fileAttach: ({ program, callers }, viewer) => uploaded(program, callers[viewer], { purpose: "EVIDENCE" }),
  fileRemove: ({ program, callers }, viewer) => uploaded(program, callers[viewer], { purpose: "EVIDENCE" }),
  fileDownload: async (world, viewer, target) => thingFor(world, viewer, target, "File")!.id,
  offerAccept: offeredFor,
  offerDecline: offeredFor,
  offerDeferRequest: offeredFor,
  offerDefer: deferralAskedFor,
  offerDeferRefuse: deferralAskedFor,
  offerExtend: offeredFor,
  offerConditionsSet: offeredFor,
  offerFromDeferral: async (world) => {
    const applicationId = await deferralAskedFor(world);
    await step(world.program, STAFF, "offerDefer", { applicationId, why: "Access" });
    return { applicationId, cohortId: await cohortFor(world), why: "Access", idempotencyKey: `${KEY}-deferral` };
  },
  offerPromote: async (world, viewer) => {
    const { program, callers } = world;
    const cohortId = await cohortFor(world);
    const id = await submitted(program, callers.owner, cohortId);
    await prepare(program, id, { outcome: "WAITLIST", rank: 1 }, callers.chair);
    await releaseAs(program, callers.committee, cohortId);
    const input = { cohortId, idempotencyKey: `${KEY}-promote` };
    type Looked = { confirmToken: string };
    const looked = { ...input, dryRun: true };
    const { confirmToken } = await step<Looked>(program, callers[viewer], "offerPromote", looked, "confirmToken");
    return { ...input, confirmToken };
  },
  jointInvite: submittedFor,
  jointUnlink: async (world, viewer) => {
    const applicationId = await submittedFor(world, viewer);
    const input = { applicationId, name: "Access Partner", email: "access.partner@example.org" };
    await step(world.program, world.callers[viewer], "jointInvite", input);
    return applicationId;
  },
  jointAccept: invitationFor,
  jointDecline: invitationFor,
  certificateIssue: async (world, viewer, target) => ({
    applicationId: await acceptedFor(world, target === "own-released" ? viewer : "owner"),
    idempotencyKey: `${KEY}-${target}`,
  }),
  cohortChange: cohortChanging({ region: "Changed" }),
  cohortWindowChange: cohortChanging({ kind: "MENTOR", opens: "2026-08-02T08:00" }),
  cohortQuestionsChange: cohortChanging({ kind: "MENTOR", questions: [] }),
  cohortCriteriaChange: cohortChanging({ kind: "MENTOR", criteria: [] }),
  cohortPolicyChange: cohortChanging({ offer: { days: 10 } }),
  cohortClone: cohortOf,
  lateCodeCreate: cohortOf,
  lateCodeRevoke: async (world) => (await lateCode(world.program, await cohortFor(world))).id,
  cohortPublish: hiddenCohortFor,
  viewerEmailPrefer: async (world, viewer) => ({ email: await secondEmail(world, viewer) }),
  viewerEmailRemove: async (world, viewer) => ({ email: await secondEmail(world, viewer) }),
  viewerEmailLabel: async (world, viewer) => ({ email: await secondEmail(world, viewer), kind: "WORK" }),
  emailConfirm: async ({ program, nextNumber }) => {
    const email = `access.confirmed.${nextNumber()}@example.org`;
    await step(program, someone(`Access Confirming ${nextNumber()}`), "viewerEmailAdd", { email, kind: "WORK" });
    return { token: (await tokensTo(program, email))[0] };
  },
  nominationOpen: (world) => tokenFor(world),
  nominationSave: (world) => tokenFor(world, { text: "Access" }),
  nominationProvide: (world) => tokenFor(world, SIGNED),
  nominationRefuse: (world) => tokenFor(world),
  nominationRequest: async (world, viewer) => draft(world.program, world.callers[viewer], await cohortFor(world)),
  nominationResend: async (world, viewer) => (await requestFor(world, viewer)).id,
  nominationReplace: async (world, viewer) => (await requestFor(world, viewer)).id,
  nominationCancel: async (world, viewer) => (await requestFor(world, viewer)).id,
  nominationReopen: async (world) => {
    const { id, token } = await requestFor(world, "owner");
    await step(world.program, null, "nominationProvide", { token, ...SIGNED });
    return id;
  },
  nominationRecord: (world, _viewer, target) => (target === "draft" ? hiddenCohortFor(world) : cohortFor(world)),
  nominationOffer: (world, _viewer, target) => (target === "draft" ? hiddenCohortFor(world) : cohortFor(world)),
  nominationConfirm: async (world) => {
    const offer = offerOf(world.nextNumber());
    await step(world.program, null, "nominationOffer", { cohortId: await cohortFor(world), ...offer });
    const [token = ""] = await tokensTo(world.program, offer.nominatorEmail, "/nomination-confirm");
    return { token };
  },
  nominationMatch: async (world) => {
    const { program, callers, nextNumber } = world;
    const cohortId = await cohortFor(world);
    const input = { cohortId, ...UNSOLICITED, idempotencyKey: `${KEY}-${nextNumber()}` };
    type Recorded = { nomination: { id: string } };
    const { nomination } = await step<Recorded>(program, STAFF, "nominationRecord", input, "nomination { id }");
    const applicationId = await submitted(program, callers.owner, cohortId);
    return { nominationId: nomination.id, applicationId, why: "Access" };
  },
  personEmailAdd: async ({ program, nextNumber }) => idOf(program, someone(`Access Named ${nextNumber()}`)),
  messageResend: ({ program, nextNumber }) => makeFailedMessage(program, nextNumber()),
  messageCancel: ({ program, nextNumber }) => makeFailedMessage(program, nextNumber()),
  messageCorrect: async (world) => {
    await submittedFor(world, "other");
    await world.program.settle();
    type Messages = { viewer: { messages: { nodes: { id: string }[] } } };
    const query = "{ viewer { messages(first: 1) { nodes { id } } } }";
    return (await world.program.ask<Messages>(world.callers.other, query)).viewer.messages.nodes[0]!.id;
  },
  mailKindFree: async ({ program }) => {
    const input = { template: "decision-declined", why: "Access" };
    await step(program, STAFF, "mailKindHold", input);
    return input;
  },
  mailKindHold: async ({ program }) => {
    const input = { template: "decision-declined", why: "Access" };
    await step(program, STAFF, "mailKindFree", input);
    return input;
  },
  serviceTokenRevoke: async ({ program }) =>
    (await serviceToken(program, { name: "Access", role: "STAFF", operations: ["cohorts"] })).id,
  personErase: async ({ program, nextNumber }) => {
    const personId = await idOf(program, someone(`Access Erased ${nextNumber()}`));
    const input = { personId, why: "Access", idempotencyKey: `${KEY}-${nextNumber()}` };
    type Looked = { confirmToken: string };
    const looked = await step<Looked>(program, STAFF, "personErase", { ...input, dryRun: true }, "confirmToken");
    return { ...input, confirmToken: looked.confirmToken };
  },
  roleGrant: ({ program, nextNumber }) => idOf(program, someone(`Access Granted ${nextNumber()}`)),
  roleEnd: async ({ program, nextNumber }) => {
    const personId = await idOf(program, someone(`Access Retired ${nextNumber()}`));
    await step(program, STAFF, "roleGrant", { personId, role: "COMMITTEE", why: "Access" });
    return personId;
  },
};

/** The paths that lead to a guarded field, by the first word of the table's target. */
const PATHS: Record<
  string,
  { kind: NodeKind; around: (field: string, type: string) => string; path: (string | number)[] }
> = {
  viewer: { kind: "Person", around: (field) => `viewer { person { ${field} } }`, path: ["viewer", "person"] },
  node: {
    kind: "Application",
    around: (field, type) => `node(id: $id) { ... on ${type} { ${field} } }`,
    path: ["node"],
  },
  cohort: { kind: "Cohort", around: (field) => `cohort(id: $id) { ${field} }`, path: ["cohort"] },
  "cohort-window": throughCohort("candidateWindow"),
  "cohort-policy": throughCohort("policy"),
  "cohort-criteria": throughCohort("candidateCriteria", 0),
  applicant: throughApplication("applicant"),
  decision: throughApplication("decision"),
  resume: throughApplication("resume"),
  offer: throughApplication("offer"),
  "application-cohort": throughApplication("cohort"),
  holder: {
    kind: "Certificate",
    around: (field) => `node(id: $id) { ... on Certificate { holder { ${field} } } }`,
    path: ["node", "holder"],
  },
  confirmation: throughApplication("confirmation"),
  "board-mentor": {
    kind: "Cohort",
    around: (field) => `cohort(id: $id) { matchBoard { mentors { ${field} } } }`,
    path: ["cohort", "matchBoard", "mentors", "0"],
  },
  kinds: { kind: "Message", around: (field) => `mailKinds { ${field} }`, path: ["mailKinds", "#"] },
  list: throughList([]),
  "list-applicant": throughList(["applicant"]),
  "list-decision": throughList(["decision"]),
  "list-resume": throughList(["resume"]),
  nominations: firstOf(throughApplication("nominations")),
  "list-nominations": firstOf(throughList(["nominations"])),
};

function throughCohort(link: string, ...place: number[]) {
  return {
    kind: "Cohort" as const,
    around: (field: string) => `cohort(id: $id) { ${link} { ${field} } }`,
    path: ["cohort", link, ...place],
  };
}

function throughApplication(link: string) {
  return {
    kind: "Application" as const,
    around: (field: string) => `node(id: $id) { ... on Application { ${link} { ${field} } } }`,
    path: ["node", link],
  };
}

function firstOf(found: (typeof PATHS)[string]) {
  return { ...found, path: [...found.path, 0] };
}

function throughList(links: string[]) {
  const around = (field: string) => links.reduceRight((inner, link) => `${link} { ${inner} }`, field);
  return {
    kind: "Application" as const,
    around: (field: string) => `cohort(id: $cohort) { applications(first: 100) { nodes { id ${around(field)} } } }`,
    path: ["cohort", "applications", "nodes", "#", ...links],
  };
}

/** The request of a cell about a guarded field. `isLeaf` tells whether the field has no fields of its own. */
export function fieldRequestOf(world: World, { subject, target }: Row, viewer: Viewer, isLeaf: boolean): Request {
  const [type = "", name = ""] = subject.split(".");
  const [way = "", of = "own-person"] = target.split(":");
  const found = PATHS[way];
  if (!found) throw new Error(`Nobody has said how to get to a field by ${way}`);
  const id = thingFor(world, viewer, of, found.kind)?.id ?? "";
  const around = found.around(isLeaf ? name : `${name} { __typename }`, type);
  const declared = [
    ...(around.includes("$id") ? ["$id: ID!"] : []),
    ...(around.includes("$cohort") ? ["$cohort: ID!"] : []),
  ];
  return {
    query: `query${declared.length > 0 ? `(${declared.join(", ")})` : ""} { ${around} }`,
    variables: { id, cohort: world.cohort.id },
    path: (answer) => [
      ...found.path.map((part) => (part === "#" ? placeOf(answer, id) : part === "0" ? 0 : part)),
      name,
    ],
  };
}

function placeOf({ data }: GraphqlAnswer, id: string): number {
  const listed = data as { cohort?: { applications?: { nodes: { id: string }[] } | null } | null } | null | undefined;
  return listed?.cohort?.applications?.nodes.findIndex((node) => node.id === id) ?? 0;
}

/** What an answer says, in the words of the table. */
export function verdictOf(answer: GraphqlAnswer, { path }: Request): Verdict {
  const { data, errors = [] } = answer;
  if (!data) return String(errors[0]?.extensions?.["code"]);
  const way = path(answer);
  if (way.length === 0) {
    const [payload] = Object.values(data) as { userErrors: { code: string }[] }[];
    return payload!.userErrors[0]?.code ?? "done";
  }
  let value: unknown = data;
  for (const [depth, part] of way.entries()) {
    value = (value as Record<string | number, unknown>)[part];
    if (value != null) continue;
    const here = JSON.stringify(way.slice(0, depth + 1));
    const error = errors.find((one) => JSON.stringify(one.path) === here);
    return error ? String(error.extensions?.["code"]) : "hidden";
  }
  return "shown";
}
