import type { GraphqlAnswer } from "../../infra/local/caller.ts";
import { CALLS } from "./calls.ts";
import { FRESH } from "./fresh.ts";
import { PATHS } from "./paths.ts";
import type { Row, Verdict, Viewer } from "./table.ts";
import { thingFor, type World } from "./world.ts";

/** A request of one cell, and where in the answer to look. */
export interface Request {
  query: string;
  variables: Record<string, unknown>;
  /** The path of the value in question; empty for a mutation, whose payload is looked at. */
  path: (answer: GraphqlAnswer) => (string | number)[];
}
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
