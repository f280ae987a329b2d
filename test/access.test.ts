import { DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import {
  getNamedType,
  isInputObjectType,
  isLeafType,
  isObjectType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
} from "graphql";
import { afterAll, describe, expect, test } from "vitest";
import { connection } from "../infra/local/connection.ts";
import { programSchema } from "../schema/index.ts";
import { hashOf } from "../schema/shared/command.ts";
import { parseGlobalId } from "../schema/shared/id.ts";
import { ruleOf } from "../schema/shared/rule.ts";
import type { GraphqlAnswer } from "../infra/local/caller.ts";
import { fieldRequestOf, freshRequestOf, requestOf, verdictOf, type Request } from "./access/asking.ts";
import { FIELDS, OPERATIONS, VIEWERS, type Row, type Viewer } from "./access/table.ts";
import { selectionsOf } from "./access/selections.ts";
import { makeWorld, markersIn, thingFor } from "./access/world.ts";
import { startProgram } from "./support/program.ts";
import { IN_WINDOW } from "./support/steps.ts";

const schema = programSchema();
const program = await startProgram({ at: IN_WINDOW });
const world = await makeWorld(program);
const markers = markersIn(world);
const leaks: string[] = [];
let cells = 0;

const client = new DynamoDBClient(connection(program.tableEndpoint));
afterAll(() => client.destroy());

/** Everything in the table and every mail, in one word. */
async function fingerprint(): Promise<string> {
  const items: object[] = [];
  for await (const page of paginateScan({ client }, { TableName: program.tableName, ConsistentRead: true })) {
    items.push(...(page.Items ?? []));
  }
  return hashOf({ items: items.map(hashOf).sort(), mails: program.ses.ledger.length });
}

await program.settle();
/** How things are until the last tests, in which what is allowed is carried out. */
const untouched = await fingerprint();

async function ask(viewer: Viewer, { query, variables }: Pick<Request, "query" | "variables">): Promise<GraphqlAnswer> {
  const answer = await program.send(world.callers[viewer], query, variables);
  const text = JSON.stringify(answer);
  for (const { what, text: planted, readers } of markers) {
    if (!readers.includes(viewer) && text.includes(planted))
      leaks.push(`${viewer} reads the ${what} ${planted}: ${query}`);
  }
  return answer;
}

const objectTypes = Object.values(schema.getTypeMap()).filter(
  (type): type is GraphQLObjectType => isObjectType(type) && !type.name.startsWith("__"),
);
const roots = new Set([schema.getQueryType()!, schema.getMutationType()!]);
const guarded = objectTypes
  .flatMap((type) => Object.values(type.getFields()).map((field) => ({ type, field })))
  .filter(({ type, field }) => roots.has(type) || ruleOf(field.extensions));
const subjectsOf = (isRoot: boolean) =>
  guarded.filter(({ type }) => roots.has(type) === isRoot).map(({ type, field }) => `${type.name}.${field.name}`);

function takesId({ args }: GraphQLField<unknown, unknown>): boolean {
  const isId = (type: GraphQLNamedType): boolean =>
    type.name === "ID" ||
    (isInputObjectType(type) && Object.values(type.getFields()).some((field) => isId(getNamedType(field.type))));
  return args.some((argument) => isId(getNamedType(argument.type)));
}

/** Verdicts that read the same as if there were nothing. */
const isUnseen = (verdict: string) => verdict === "NOT_FOUND" || verdict === "hidden";

describe("the table", () => {
  test("has every operation and every guarded field of the schema, and nothing else", () => {
    const named = (rows: readonly Row[]) => [...new Set(rows.map(({ subject }) => subject))].sort();
    expect(named(OPERATIONS)).toEqual(subjectsOf(true).sort());
    expect(named(FIELDS)).toEqual(subjectsOf(false).sort());
  });

  test("asks whatever takes an id for a missing one, one of the wrong kind and one that is none", () => {
    const takers = guarded.filter(({ type, field }) => roots.has(type) && takesId(field));
    const missing = takers.flatMap(({ type, field }) => {
      const targets = OPERATIONS.filter(({ subject }) => subject === `${type.name}.${field.name}`).map(
        (row) => row.target,
      );
      const wanted = ["missing", "wrong-kind", "malformed"].filter((target) => !targets.includes(target));
      const somebodys = targets.some((target) => /^foreign|^draft/.test(target)) ? [] : ["somebody else's"];
      return [...wanted, ...somebodys].map((target) => `${type.name}.${field.name} ${target}`);
    });
    expect(missing).toEqual([]);
    expect(takers).toHaveLength(105);
  });

  test("never tells somebody else's from what is not there", () => {
    const telling = OPERATIONS.flatMap((row) => {
      const nothing = OPERATIONS.find(({ subject, target }) => subject === row.subject && target === "missing");
      if (!nothing || row.target.startsWith("own") || ["wrong-kind", "malformed"].includes(row.target)) return [];
      return VIEWERS.filter((viewer) => {
        const verdict = row.verdicts[viewer];
        return isUnseen(verdict) && verdict !== nothing.verdicts[viewer];
      }).map((viewer) => `${row.subject} ${row.target} ${viewer}`);
    });
    expect(telling).toEqual([]);
  });
});

describe("a refused or reading operation changes nothing and mails nothing", () => {
  test.each(subjectsOf(true))("%s", async (subject) => {
    const wrong: string[] = [];
    const unseen = new Map<string, string>();
    const { field } = guarded.find((one) => `${one.type.name}.${one.field.name}` === subject)!;
    const [payload = ""] = selectionsOf(getNamedType(field.type));
    for (const row of OPERATIONS.filter((one) => one.subject === subject)) {
      for (const viewer of VIEWERS) {
        const expected = row.verdicts[viewer];
        if (expected === "-" || expected === "done") continue;
        cells++;
        const request = requestOf(world, row, viewer, payload);
        const answer = await ask(viewer, request);
        const verdict = verdictOf(answer, request);
        const cell = `${row.target} ${viewer}`;
        if (verdict !== expected) wrong.push(`${cell}: ${verdict} instead of ${expected}`);
        if (!isUnseen(expected)) continue;
        const text = JSON.stringify(answer);
        const like = unseen.get(viewer + expected) ?? text;
        unseen.set(viewer + expected, like);
        if (text !== like) wrong.push(`${cell}: ${text} differs from ${like}`);
      }
    }
    await program.settle();
    if ((await fingerprint()) !== untouched) wrong.push("something was written or mailed");
    expect(wrong).toEqual([]);
  });
});

describe("a guarded field is shown to those alone who may see it", () => {
  test.each(subjectsOf(false))("%s", async (subject) => {
    const { type, field } = guarded.find((one) => `${one.type.name}.${one.field.name}` === subject)!;
    const wrong: string[] = [];
    for (const row of FIELDS.filter((one) => one.subject === `${type.name}.${field.name}`)) {
      for (const viewer of VIEWERS.filter((one) => row.verdicts[one] !== "-")) {
        cells++;
        const request = fieldRequestOf(world, row, viewer, isLeafType(getNamedType(field.type)));
        const verdict = verdictOf(await ask(viewer, request), request);
        if (verdict !== row.verdicts[viewer]) {
          wrong.push(`${row.target} ${viewer}: ${verdict} instead of ${row.verdicts[viewer]}`);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(await fingerprint()).toBe(untouched);
  });
});

describe("whoever asks for everything there is", () => {
  const targets = ["own", "foreign", "own-draft", "foreign-draft", "foreign-decision", "foreign-released"];
  const others = ["own-resume", "foreign-resume", "foreign-upload", "own-letter", "foreign-letter", "foreign-evidence"];
  const more = [
    "foreign-certificate",
    "foreign-message",
    "foreign-person",
    "foreign-token",
    "foreign-late-code",
    "foreign-team",
    "foreign-proposal",
    "published",
    "draft",
  ];
  const letters = ["own-nomination", "foreign-nomination", "foreign-request", "unmatched"];

  test.each(VIEWERS)("gets nothing that is not for %s", async (viewer) => {
    const readable = new Set<string>();
    const everything = (name: string) => selectionsOf(schema.getType(name)!);
    const asked = [
      ...everything("Viewer").map((part) => ({ query: `{ viewer { ${part} } }`, variables: {} })),
      ...everything("Message").map((part) => ({
        query: `{ messages(state: DELIVERED) { nodes { ${part} } } }`,
        variables: {},
      })),
    ];
    for (const target of [...targets, ...others, ...more, ...letters]) {
      const id = thingFor(world, viewer, target, "Application")?.id;
      const kind = id === undefined ? undefined : parseGlobalId(id)?.kind;
      for (const part of kind === undefined ? [] : everything(kind)) {
        asked.push({ query: `query($id: ID!) { node(id: $id) { ... on ${kind} { ${part} } } }`, variables: { id } });
      }
    }
    for (const { id } of Object.values(world.people)) {
      for (const part of everything("Person")) {
        asked.push({ query: `query($id: ID!) { node(id: $id) { ... on Person { ${part} } } }`, variables: { id } });
      }
    }
    const before = leaks.length;
    for (const request of asked) {
      const answer = await ask(viewer, request);
      const codes = (answer.errors ?? []).map(({ extensions }) => extensions?.["code"]);
      expect(codes.filter((code) => code !== "FORBIDDEN" && code !== "UNAUTHENTICATED")).toEqual([]);
      const text = JSON.stringify(answer);
      for (const { text: planted } of markers) if (text.includes(planted)) readable.add(planted);
    }
    expect(leaks.slice(before)).toEqual([]);
    // The search would prove nothing if it did not find what may be read.
    const allowed = markers.filter(({ readers }) => readers.includes(viewer)).map(({ text }) => text);
    expect([...readable].sort()).toEqual([...new Set(allowed)].sort());
  });
});

describe("an operation that is allowed is carried out", () => {
  const done = OPERATIONS.filter(({ verdicts }) => Object.values(verdicts).includes("done"));
  test.each(done.map((row) => ({ row, name: `${row.subject} ${row.target}` })))("$name", async ({ row }) => {
    const wrong: string[] = [];
    let before = "";
    for (const viewer of VIEWERS.filter((one) => row.verdicts[one] === "done")) {
      cells++;
      const request = await freshRequestOf(world, row, viewer);
      await program.settle();
      // The last one will do: a look at the whole table takes longer than all the rest.
      if (viewer === VIEWERS.findLast((one) => row.verdicts[one] === "done")) before = await fingerprint();
      const answer = await ask(viewer, request);
      const verdict = verdictOf(answer, request);
      if (verdict !== "done") wrong.push(`${viewer}: ${verdict} ${JSON.stringify(answer)}`);
    }
    expect(wrong).toEqual([]);
    expect(await fingerprint()).not.toBe(before);
  });
});

test("every cell of the table was asked", () => {
  expect(leaks).toEqual([]);
  const verdicts = [...OPERATIONS, ...FIELDS].flatMap((row) => Object.values(row.verdicts));
  expect(cells).toBe(verdicts.filter((verdict) => verdict !== "-").length);
  console.info(
    `Who may do what: ${cells} cells, ${OPERATIONS.length + FIELDS.length} rows, ${VIEWERS.length} viewers.`,
  );
});
