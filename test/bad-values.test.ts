import { getNamedType, isInputObjectType, type GraphQLInputObjectType } from "graphql";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callOf } from "./access/asking.ts";
import { CALLS } from "./access/calls.ts";
import type { World } from "./access/world.ts";
import { programSchema } from "../schema/index.ts";
import { globalId } from "../schema/shared/id.ts";
import { startFaultProxy, type FaultProxy } from "./support/fault-proxy.ts";
import { someone, startProgram, STAFF } from "./support/program.ts";
import { faultOf, INSIDES, sendRaw } from "./support/raw.ts";
import { complete, draft, idOf, IN_WINDOW, publishedCohort, step, submitted } from "./support/steps.ts";

let proxy: FaultProxy | undefined;
const program = await startProgram({
  at: IN_WINDOW,
  beforeTable: async (endpoint) => {
    proxy = await startFaultProxy(endpoint, 1);
    return proxy.endpoint;
  },
});
const table = proxy!;
afterAll(() => table.stop());
const cohortId = await publishedCohort(program);
const schema = programSchema();
const json = (value: unknown) => JSON.stringify(value);
const applicant = someone("Values Applicant");
const reader = someone("Values Reader");

describe("page sizes", () => {
  const lists = [
    "cohorts(first: $n) { nodes { id } }",
    "messages(state: FAILED, first: $n) { nodes { id } }",
    "viewer { messages(first: $n) { nodes { id } } }",
    `cohort(id: "${cohortId}") { applications(first: $n) { nodes { id } } }`,
    `cohort(id: "${cohortId}") { unsubmittedApplications(first: $n) { nodes { id } } }`,
    `cohort(id: "${cohortId}") { certificates(first: $n) { nodes { id } } }`,
    `cohort(id: "${cohortId}") { history(first: $n) { nodes { at } } }`,
  ];
  const badSize = {
    code: "BAD_PAGE_SIZE",
    message: "A page has between 1 and 100 entries: please choose `first` accordingly.",
  };

  test.each(lists)("%s takes 1 to 100 and nothing else", async (list) => {
    const query = `query($n: Int!) { ${list} }`;
    const asking = (n: unknown) => sendRaw(program, { body: json({ query, variables: { n } }), caller: STAFF });
    for (const n of [1, 100]) expect((await asking(n)).text).not.toContain("errors");
    for (const n of [0, -1, 101, 1_000_000_000, -2_147_483_648]) expect(faultOf(await asking(n))).toEqual(badSize);
    for (const n of [null, 2_147_483_648, 1.5, "5", "", [5, 6], {}, true, undefined]) {
      expect(faultOf(await asking(n)).code).toBe("BAD_USER_INPUT");
    }
  });
});

describe("cursors", () => {
  const query = "query($after: String) { cohorts(first: 1, after: $after) { nodes { id } pageInfo { endCursor } } }";
  const ask = (after: unknown) => sendRaw(program, { body: json({ query, variables: { after } }), caller: STAFF });
  const BAD_CURSOR = "This cursor does not belong to this list: please start again without it.";
  const badCursor = { code: "BAD_CURSOR", message: BAD_CURSOR };
  type Page = { pageInfo: { endCursor: string } };
  let good = "";

  beforeAll(async () => {
    await publishedCohort(program, { number: 2 });
    const { cohorts } = await program.ask<{ cohorts: Page }>(STAFF, query);
    good = cohorts.pageInfo.endCursor;
    expect((await ask(good)).text).toContain(cohortId);
  });

  test("with any bit turned over are refused, or mean the same", async () => {
    const [content, bytes] = [Buffer.from(good, "base64url").toString(), Buffer.from(good)];
    const outcomes: Record<string, number> = { refused: 0, same: 0 };
    for (let bit = 0; bit < bytes.length * 8; bit += 7) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      const cursor = changed.toString("latin1");
      const answer = await ask(cursor);
      // The last letter of base64 has bits that stand for nothing.
      const isSame = Buffer.from(cursor, "base64url").toString() === content;
      if (!isSame) expect(faultOf(answer)).toEqual(badCursor);
      outcomes[isSame ? "same" : "refused"]!++;
    }
    expect(outcomes["refused"]).toBeGreaterThan(100);
  });

  test("that were cut, made up, or belong to another list or person are refused", async () => {
    await submitted(program, applicant, cohortId);
    await submitted(program, reader, cohortId);
    await program.settle();
    const lists = [
      `cohort(id: "${cohortId}") { page: applications(first: 1) { pageInfo { endCursor } } }`,
      `cohort(id: "${cohortId}") { page: history(first: 1) { pageInfo { endCursor } } }`,
    ];
    const strangers = [
      good.slice(0, -4),
      good.slice(4),
      `${good}AAAA`,
      "",
      "null",
      "[]",
      "{}",
      "__proto__",
      "' OR 1=1 --",
    ];
    for (const list of lists) {
      const { cohort } = await program.ask<{ cohort: { page: Page } }>(STAFF, `{ ${list} }`);
      strangers.push(cohort.page.pageInfo.endCursor);
    }
    const position = { pk: "PERSON#x", sk: "PERSON", byListPk: "COHORTS#PUBLISHED", byListSk: "2027#001" };
    strangers.push(Buffer.from(json(["0".repeat(16), position])).toString("base64url"));
    strangers.push(Buffer.from(json([null, null])).toString("base64url"), "A".repeat(10_000));
    for (const cursor of strangers) expect(faultOf(await ask(cursor))).toEqual(badCursor);

    const mine = "query($after: String) { viewer { messages(first: 1, after: $after) { pageInfo { endCursor } } } }";
    const { viewer } = await program.ask<{ viewer: { messages: Page } }>(applicant, mine);
    const theirs = { query: mine, variables: { after: viewer.messages.pageInfo.endCursor } };
    expect(faultOf(await sendRaw(program, { body: json(theirs), caller: reader }))).toEqual(badCursor);
    expect((await sendRaw(program, { body: json(theirs), caller: applicant })).text).not.toContain("errors");
  });
});

describe("ids", () => {
  // Where two people are asked for, the other one is none either: the id in question must be looked at first.
  const nobody = { id: globalId("Person", "per_00000000000000000000000000"), name: "" };
  const nothing = { id: globalId("Application", "app_00000000000000000000000000"), name: "" };
  const world = {
    nextNumber: () => 0,
    people: { other: nobody, committee: nobody, member: nobody },
    cohort: { id: cohortId, name: "" },
    things: { other: { application: nothing } },
    team: { mentorApplicationId: nothing.id },
  } as World;
  const CELL = { viewer: "staff", world } as const;
  const hostile = (kind: string): string[] => [
    "",
    " ",
    "0",
    "__proto__",
    "constructor",
    "PERSON#x",
    "APPLICATION#app_x#DECISION",
    "../../etc/passwd",
    "' OR '1'='1",
    "'; DROP TABLE people; --",
    "A".repeat(10_000),
    "\u0000",
    "💥",
    "%00",
    ...["a#DECISION", "", "a b", "*", "__proto__", "a\nb", "x".repeat(200)].map((id) =>
      Buffer.from(`${kind}:${id}`).toString("base64url"),
    ),
    Buffer.from(`${kind.toLowerCase()}:x`).toString("base64url"),
    Buffer.from(`Secret:x`).toString("base64url"),
  ];
  const takers = Object.entries(CALLS).filter(([, { given }]) => {
    const asked = json(given({ id: "marker", name: "" }, "foreign", CELL));
    return asked.includes("marker");
  });

  test.each(takers.map(([subject]) => subject))(
    "that are none are answered by %s as if nothing were there",
    async (subject) => {
      const { kind, given } = CALLS[subject]!;
      for (const id of hostile(kind)) {
        const input = given({ id, name: "" }, "foreign", CELL);
        const { query, variables } = callOf(subject, input);
        const answer = await program.send(STAFF, query, variables);
        const found = { id: id.slice(0, 40), code: answer.errors?.[0]?.extensions?.["code"], data: answer.data };
        const name = subject.split(".")[1]!;
        if (subject === "Query.node") expect(found).toEqual({ id: found.id, code: undefined, data: { node: null } });
        else if (subject === "Query.nodes")
          expect(found).toEqual({ id: found.id, code: undefined, data: { nodes: [null] } });
        else if (["cohort", "slateDiff"].includes(name) && found.code === undefined)
          expect(found.data).toEqual({ [name]: null });
        else expect([name, found.code]).toEqual([name, "NOT_FOUND"]);
        expect(json(answer)).not.toMatch(INSIDES);
      }
      await program.settle();
    },
  );

  test("nobody is found by 106 operations", () => expect(takers).toHaveLength(106));

  test("more than a hundred at once are refused, and one may come twice", async () => {
    const query = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    const personId = await idOf(program, applicant);
    const twice = await program.ask(applicant, query, { ids: [personId, personId] });
    expect(twice).toEqual({ nodes: [{ id: personId }, { id: personId }] });
    const many = await sendRaw(program, {
      body: json({ query, variables: { ids: Array(101).fill(personId) } }),
      caller: applicant,
    });
    expect(faultOf(many).code).toBe("BAD_PAGE_SIZE");
  });
});

describe("fields that are none of the input", () => {
  const names = [
    "id",
    "state",
    "status",
    "role",
    "roles",
    "version",
    "personId",
    "ownerId",
    "score",
    "email",
    "pk",
    "sk",
  ];
  const more = ["entity", "byListPk", "holdsSeat", "submission", "certificateNumber", "__typename", "constructor"];
  const mutations = Object.values(schema.getMutationType()!.getFields());
  const nested = (type: GraphQLInputObjectType): GraphQLInputObjectType[] => {
    const inner = Object.values(type.getFields()).map((field) => getNamedType(field.type));
    return [type, ...inner.filter((each) => isInputObjectType(each)).flatMap(nested)];
  };

  test.each(mutations.map(({ name }) => name))("are refused by %s before the table is asked", async (name) => {
    const type = getNamedType(schema.getMutationType()!.getFields()[name]!.args[0]!.type) as GraphQLInputObjectType;
    for (const each of nested(type)) {
      const known = Object.keys(each.getFields());
      for (const extra of [...names, ...more].filter((field) => !known.includes(field))) {
        table.reset();
        const input = each === type ? `{ ${extra}: "x" }` : `{ ${pathTo(type, each)}: { ${extra}: "x" } }`;
        const answer = await sendRaw(program, {
          body: json({ query: `mutation { ${name}(input: ${input}) { __typename } }` }),
        });
        expect([answer.status, faultOf(answer).code]).toEqual([400, "GRAPHQL_VALIDATION_FAILED"]);
        expect(answer.text).toContain(`Field \\"${extra}\\" is not defined by type \\"${each.name}\\"`);
        expect(table.requests()).toEqual([]);
      }
    }
    const query = `mutation($input: ${type.name}!) { ${name}(input: $input) { __typename } }`;
    const answer = await sendRaw(program, {
      body: `{"query":"${query}","variables":{"input":{"__proto__":{"state":"ACCEPTED"}}}}`,
    });
    expect(faultOf(answer).code).toBe("BAD_USER_INPUT");
    expect(table.requests()).toEqual([]);
  });

  function pathTo(type: GraphQLInputObjectType, inner: GraphQLInputObjectType): string {
    const found = Object.values(type.getFields()).find((field) => getNamedType(field.type) === inner);
    return found!.name;
  }
});

describe("idempotency keys", () => {
  const BAD_KEY = "The idempotency key must have 8 to 100 letters, digits, or . : _ - characters.";
  const key = (idempotencyKey: string) =>
    step(program, STAFF, "decisionRelease", { cohortId, kind: "MENTOR", confirmToken: "x", idempotencyKey });

  test.each([
    "",
    "short-7",
    "x".repeat(101),
    "with a space",
    "with#hash-sign",
    "naïve-key-ü",
    "💥💥💥💥💥💥💥💥",
    "line\nbreak-key",
    "' OR 1=1 --",
  ])("`%s` is refused", async (bad) => {
    const refused = [{ code: "BAD_KEY", field: ["idempotencyKey"], message: BAD_KEY }];
    expect((await key(bad)).userErrors).toEqual(refused);
  });

  test.each(["12345678", "x".repeat(100), "a.b:c_d-e"])("`%s` is taken", async (good) => {
    expect((await key(good)).userErrors.map(({ code }) => code)).toEqual(["NOTHING_PREPARED"]);
  });

  test("one that was used for something else is refused, and another person's is their own", async () => {
    const failed = await failedMessage();
    const other = await failedMessage();
    const input = { messageId: failed, idempotencyKey: "key-of-one-mail" };
    expect((await step(program, STAFF, "messageResend", input)).userErrors).toEqual([]);
    expect((await step(program, STAFF, "messageResend", input)).userErrors).toEqual([]);
    const reused = await step(program, STAFF, "messageResend", { ...input, messageId: other });
    expect(reused.userErrors.map(({ code }) => code)).toEqual(["KEY_REUSED"]);
    const colleague = someone("Values Colleague");
    await step(program, STAFF, "roleGrant", { personId: await idOf(program, colleague), role: "STAFF", why: "Test" });
    expect((await step(program, colleague, "messageResend", { ...input, messageId: other })).userErrors).toEqual([]);
  });

  let unreachable = 0;
  async function failedMessage(): Promise<string> {
    const recipient = someone(`Values Unreachable ${unreachable++}`);
    const applicationId = await draft(program, recipient, cohortId);
    await step(program, recipient, "applicationSave", complete(applicationId));
    await program.settle();
    program.ses.faults.set("reject", { times: 1 });
    await step(program, recipient, "applicationSubmit", { applicationId });
    await program.settle();
    program.ses.faults.clear();
    type Messages = { viewer: { messages: { nodes: { id: string }[] } } };
    const { viewer } = await program.ask<Messages>(recipient, "{ viewer { messages { nodes { id } } } }");
    return viewer.messages.nodes[0]!.id;
  }
});
