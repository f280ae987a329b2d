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
import { KEY, ASKED, SIGNED, UNSOLICITED, offerOf } from "./calls.ts";
import type { Viewer } from "./table.ts";
import { confirmedRelease, makeFailedMessage, releaseAs, thingFor, type World } from "./world.ts";

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
export const FRESH: Record<string, (world: World, viewer: Viewer, target: string) => Promise<string | object>> = {
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
