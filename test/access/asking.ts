import type { GraphqlAnswer } from "../../infra/local/caller.ts";
import { globalId, parseGlobalId, type NodeKind } from "../../schema/shared/id.ts";
import { someone, STAFF } from "../support/program.ts";
import {
  addEmail,
  complete,
  draft,
  idOf,
  prepare,
  publishedCohort,
  serviceToken,
  step,
  submitted,
  TERMS,
  tokensTo,
} from "../support/steps.ts";
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

const ofFile: Operation = { kind: "File", given: ({ id }) => ({ fileId: id }), inputType: "FileInput" };

function ownEmail(given: (email: string) => object, inputType?: string): Operation {
  return { kind: "Person", given: ({ name }) => given(name), inputType };
}

/** Where any kind may be asked for, the wrong one is a label that does not fit. */
function labelled(id: string, target: string): string {
  return target === "wrong-kind" ? globalId("Application", parseGlobalId(id)!.id) : id;
}

const KEY = "access-test-key";

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
  "Mutation.applicationReviewStart": application((id) => ({ applicationId: id }), "ApplicationInput"),
  "Mutation.decisionPrepare": application((id) => ({ applicationId: id, outcome: "DECLINE", rationale: "Access" })),
  "Mutation.decisionRetract": application((id) => ({ applicationId: id })),
  "Mutation.decisionRelease": {
    kind: "Cohort",
    given: ({ id }) => ({ cohortId: id, kind: "CANDIDATE", confirmToken: "none", idempotencyKey: KEY }),
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
  "Mutation.personRename": {
    kind: "Person",
    given: ({ id }) => ({ personId: id, name: "Access Renamed", why: "Access" }),
  },
  "Mutation.personMerge": {
    kind: "Person",
    given: ({ id }, _target, { world }) => ({ keptId: world.people.other.id, mergedId: id, why: "Access" }),
  },
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

async function acceptedFor(world: World, applicant: Viewer): Promise<string> {
  const { program, callers } = world;
  const cohortId = await cohortFor(world);
  const id = await submitted(program, callers[applicant], cohortId);
  await prepare(program, id, undefined, callers.committee);
  await releaseAs(program, callers.committee, cohortId);
  return id;
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

/** Makes what an operation is to change: its id, or the whole input. */
const FRESH: Record<string, (world: World, viewer: Viewer, target: string) => Promise<string | object>> = {
  applicationStart: cohortFor,
  applicationSave: async (world, viewer) => draft(world.program, world.callers[viewer], await cohortFor(world)),
  applicationSubmit: async (world, viewer) => {
    const id = await draft(world.program, world.callers[viewer], await cohortFor(world));
    await step(world.program, world.callers[viewer], "applicationSave", complete(id));
    return id;
  },
  applicationWithdraw: submittedFor,
  applicationReviewStart: (world) => submittedFor(world, "owner"),
  recusalDeclare: async (world, _viewer, target) =>
    target === "foreign"
      ? submittedFor(world, "owner")
      : draft(world.program, world.callers.owner, await cohortFor(world)),
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
  decisionPrepare: (world) => submittedFor(world, "owner"),
  decisionRetract: async (world) => {
    const id = await submittedFor(world, "owner");
    await prepare(world.program, id, undefined, world.callers.committee);
    return id;
  },
  decisionRelease: async (world, viewer) => {
    const { program, callers } = world;
    const cohortId = await cohortFor(world);
    await prepare(program, await submitted(program, callers.owner, cohortId), undefined, callers.committee);
    return confirmedRelease(program, callers[viewer], cohortId);
  },
  fileUploadStart: async (world, viewer) => draft(world.program, world.callers[viewer], await cohortFor(world)),
  fileAttach: ({ program, callers }, viewer) => uploaded(program, callers[viewer], { purpose: "EVIDENCE" }),
  fileRemove: ({ program, callers }, viewer) => uploaded(program, callers[viewer], { purpose: "EVIDENCE" }),
  fileDownload: async (world, viewer, target) => thingFor(world, viewer, target, "File")!.id,
  certificateIssue: async (world, viewer, target) => ({
    applicationId: await acceptedFor(world, target === "own-released" ? viewer : "owner"),
    idempotencyKey: `${KEY}-${target}`,
  }),
  cohortChange: async (world, _viewer, target) => {
    const cohortId = await (target === "draft" ? hiddenCohortFor(world) : cohortFor(world));
    return { cohortId, expectedVersion: target === "draft" ? 1 : 2, region: "Changed" };
  },
  cohortPublish: hiddenCohortFor,
  viewerEmailPrefer: async (world, viewer) => ({ email: await secondEmail(world, viewer) }),
  viewerEmailRemove: async (world, viewer) => ({ email: await secondEmail(world, viewer) }),
  viewerEmailLabel: async (world, viewer) => ({ email: await secondEmail(world, viewer), kind: "WORK" }),
  emailConfirm: async ({ program, nextNumber }) => {
    const email = `access.confirmed.${nextNumber()}@example.org`;
    await step(program, someone(`Access Confirming ${nextNumber()}`), "viewerEmailAdd", { email, kind: "WORK" });
    return { token: (await tokensTo(program, email))[0] };
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
const PATHS: Record<string, { kind: NodeKind; around: (field: string, type: string) => string; path: string[] }> = {
  viewer: { kind: "Person", around: (field) => `viewer { person { ${field} } }`, path: ["viewer", "person"] },
  node: {
    kind: "Application",
    around: (field, type) => `node(id: $id) { ... on ${type} { ${field} } }`,
    path: ["node"],
  },
  cohort: { kind: "Cohort", around: (field) => `cohort(id: $id) { ${field} }`, path: ["cohort"] },
  applicant: throughApplication("applicant"),
  decision: throughApplication("decision"),
  resume: throughApplication("resume"),
  "application-cohort": throughApplication("cohort"),
  holder: {
    kind: "Certificate",
    around: (field) => `node(id: $id) { ... on Certificate { holder { ${field} } } }`,
    path: ["node", "holder"],
  },
  kinds: { kind: "Message", around: (field) => `mailKinds { ${field} }`, path: ["mailKinds", "#"] },
  list: throughList([]),
  "list-applicant": throughList(["applicant"]),
  "list-decision": throughList(["decision"]),
  "list-resume": throughList(["resume"]),
};

function throughApplication(link: string) {
  return {
    kind: "Application" as const,
    around: (field: string) => `node(id: $id) { ... on Application { ${link} { ${field} } } }`,
    path: ["node", link],
  };
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
    path: (answer) => [...found.path.map((part) => (part === "#" ? placeOf(answer, id) : part)), name],
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
