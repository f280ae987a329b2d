import {
  getNamedType,
  isInputObjectType,
  isLeafType,
  isObjectType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
} from "graphql";
import { describe, expect, test } from "vitest";
import { programSchema } from "../schema/index.ts";
import { parseGlobalId } from "../schema/shared/id.ts";
import { ruleOf } from "../schema/shared/rule.ts";
import { fieldRequestOf, requestOf, verdictOf } from "./access/asking.ts";
import { FIELDS, OPERATIONS, VIEWERS, type Row } from "./access/table.ts";
import { selectionsOf } from "./access/selections.ts";
import { startSession } from "./access/session.ts";
import { thingFor } from "./access/world.ts";

const schema = programSchema();
const { world, markers, leaks, ask, done } = await startSession();
let cells = 0;
/** How things are from the first test to the last. */
const untouched = await done();

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
    expect(takers).toHaveLength(106);
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
      const cellsOfRow = VIEWERS.filter((viewer) => row.verdicts[viewer] !== "-" && row.verdicts[viewer] !== "done");
      const answers = cellsOfRow.map(async (viewer) => {
        const request = requestOf(world, row, viewer, payload);
        return { viewer, request, answer: await ask(viewer, request) };
      });
      for (const { viewer, request, answer } of await Promise.all(answers)) {
        cells++;
        const expected = row.verdicts[viewer];
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
    expect(wrong).toEqual([]);
    expect(await done()).toEqual(untouched);
  });
});

describe("a guarded field is shown to those alone who may see it", () => {
  test.each(subjectsOf(false))("%s", async (subject) => {
    const { type, field } = guarded.find((one) => `${one.type.name}.${one.field.name}` === subject)!;
    const wrong: string[] = [];
    for (const row of FIELDS.filter((one) => one.subject === `${type.name}.${field.name}`)) {
      const viewers = VIEWERS.filter((one) => row.verdicts[one] !== "-");
      const verdicts = viewers.map(async (viewer) => {
        const request = fieldRequestOf(world, row, viewer, isLeafType(getNamedType(field.type)));
        return { viewer, verdict: verdictOf(await ask(viewer, request), request) };
      });
      for (const { viewer, verdict } of await Promise.all(verdicts)) {
        cells++;
        if (verdict !== row.verdicts[viewer]) {
          wrong.push(`${row.target} ${viewer}: ${verdict} instead of ${row.verdicts[viewer]}`);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(await done()).toEqual(untouched);
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

test("every cell of the table was asked", () => {
  expect(leaks).toEqual([]);
  // What is carried out is in the other file of this table.
  const verdicts = [...OPERATIONS, ...FIELDS].flatMap((row) => Object.values(row.verdicts));
  expect(cells).toBe(verdicts.filter((verdict) => verdict !== "-" && verdict !== "done").length);
  console.info(
    `Who may do what: ${cells} cells, ${OPERATIONS.length + FIELDS.length} rows, ${VIEWERS.length} viewers.`,
  );
});
