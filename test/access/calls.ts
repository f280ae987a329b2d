import { globalId, parseGlobalId, type NodeKind } from "../../schema/shared/id.ts";
import { someone } from "../support/program.ts";
import { TERMS } from "../support/steps.ts";
import type { Viewer } from "./table.ts";
import type { World } from "./world.ts";

/** How an operation is called. */
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

export const KEY = "access-test-key";

/** What is asked of an applicant. */
export const ASKED = { parts: ["JOB_TITLE"], dueOn: "2026-09-10", message: "Access" };

const NOMINATOR = {
  name: "Access Nominator",
  email: "access.nominator@example.org",
  position: "Superintendent",
  idempotencyKey: KEY,
};

export const SIGNED = { text: "Access", name: "Access Nominator", position: "Superintendent" };

export const UNSOLICITED = {
  nomineeName: "Access Nominee",
  nomineeEmail: "access.nominee@example.org",
  nominatorName: "Access Nominator",
  nominatorEmail: "access.nominator@example.org",
  nominatorPosition: "Superintendent",
  text: "Access",
};

/** A letter in the name of an address of its own: one address is not mailed to often. */
export const offerOf = (number: number) => ({
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
