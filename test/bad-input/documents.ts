import { expect } from "vitest";

/** A document that would cost too much, and how it is refused. */
export interface Document {
  what: string;
  query: string;
  code: string;
  /** Where the stack ends depends on the machine, so one of them is a pattern. */
  message: unknown;
  variables?: object;
}

/** The same part several times, each with its number. */
export const many = (count: number, part: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => part(index)).join(" ");

const DEEPER = "applications { nodes { cohort { ";
const nested = (rounds: number) => `{ cohorts { nodes { ${DEEPER.repeat(rounds)} id ${"} } } ".repeat(rounds)} } } }`;
const chained = (steps: number) =>
  many(steps, (step) => `fragment F${step} on Cohort { ${DEEPER} ...F${step + 1} } } } }`);
/** Fragments that double what is asked at each step, without a circle. */
const doubled = (steps: number) =>
  many(steps, (step) => {
    const next = `applications(first: 1) { nodes { cohort { ...F${step + 1} } } }`;
    return `fragment F${step} on Cohort { a${step}: ${next} b${step}: ${next} }`;
  });
const cohorts = (inner: string) => `{ cohorts { nodes { ${inner} } } }`;
const aliases = (count: number, letter = "a") => many(count, (index) => `${letter}${index}: cohorts { nodes { id } }`);
const pages = (size: string) =>
  `cohorts(first: ${size}) { nodes { applications(first: ${size}) { nodes { history(first: ${size}) { nodes { at } } } } } }`;

const tooCostly = (sentence: string) => ({ code: "TOO_COSTLY", message: `${sentence}: please ask for less at once.` });
const invalid = (message: string) => ({ code: "GRAPHQL_VALIDATION_FAILED", message });
const tooManyTokens = {
  code: "GRAPHQL_PARSE_FAILED",
  message: "Syntax Error: Document contains more that 2000 tokens. Parsing aborted.",
};
const unreadable = {
  code: "GRAPHQL_PARSE_FAILED",
  message: expect.stringMatching(/^Syntax Error: (The document is nested too deep to be read|Document contains more)/),
};
const sideBySide = tooCostly("The same fields, or too many fragments, stand side by side too often");
const tooManyAliases = tooCostly("There are 31 aliases where 30 are allowed");
const tooDeep = (depth: number) => tooCostly(`Fields are nested ${depth} deep where 16 are allowed`);
const tooLarge = tooCostly("The answer could have more than 50000 fields");

/** What is asked too much, in each of the ways there are. */
export const COSTLY: readonly Document[] = [
  { what: "more tokens than are read", query: `{ viewer { ${many(2_000, () => "roles")} } }`, ...tooManyTokens },
  { what: "10,000 aliases", query: `{ ${many(10_000, (index) => `a${index}: viewer { roles }`)} }`, ...tooManyTokens },
  { what: "31 aliases", query: `{ ${aliases(31)} }`, ...tooManyAliases },
  {
    what: "31 aliases in fragments",
    query: `{ ...F ...G } fragment F on Query { ${aliases(16)} } fragment G on Query { ${aliases(15, "b")} }`,
    ...tooManyAliases,
  },
  { what: "a depth of 2,000", query: nested(666), ...tooManyTokens },
  { what: "a depth of 600", query: nested(199), ...tooCostly("Braces are nested 600 deep where 32 are allowed") },
  { what: "braces that are never closed", query: "{a".repeat(50_000), ...tooManyTokens },
  { what: "brackets that are never closed", query: `{ nodes(ids: ${"[".repeat(50_000)}`, ...unreadable },
  { what: "a depth of 18", query: nested(5), ...tooDeep(18) },
  {
    what: "a depth hidden in fragments",
    query: `${cohorts("...F0")} ${chained(8)} fragment F8 on Cohort { id }`,
    ...tooDeep(27),
  },
  {
    what: "fragments that double 30 times",
    query: `${cohorts("...F0")} ${doubled(30)} fragment F30 on Cohort { id }`,
    ...tooCostly("There are 60 aliases where 30 are allowed"),
  },
  {
    what: "fragments that double 13 times",
    query: `${cohorts("...F0")} ${doubled(13)} fragment F13 on Cohort { id }`,
    ...tooDeep(42),
  },
  {
    what: "fragments in a circle",
    query: `${cohorts("...A")} fragment A on Cohort { id ...B } fragment B on Cohort { id ...A }`,
    ...invalid('Cannot spread fragment "A" within itself via "B".'),
  },
  {
    what: "a fragment in itself",
    query: `${cohorts("...A")} fragment A on Cohort { ${DEEPER} ...A } } } }`,
    ...invalid('Cannot spread fragment "A" within itself.'),
  },
  { what: "full pages of full pages", query: `{ ${pages("100")} }`, ...tooLarge },
  {
    what: "full pages hidden in a fragment",
    query: `{ ...F } fragment F on Query { ${pages("100")} }`,
    ...tooLarge,
  },
  {
    what: "pages whose size is a variable",
    query: `query($n: Int!) { ${pages("$n")} }`,
    variables: { n: 99 },
    ...tooLarge,
  },
  { what: "pages whose size is a variable's own", query: `query($n: Int! = 99) { ${pages("$n")} }`, ...tooLarge },
  {
    what: "pages of a size that is none",
    query: `query($n: Int!) { ${pages("$n")} }`,
    variables: { n: -1 },
    ...tooLarge,
  },
  {
    what: "an unknown directive 900 times",
    query: `{ viewer ${many(900, () => "@nothing")} { roles } }`,
    ...tooCostly("There are 900 directives where 30 are allowed"),
  },
  {
    what: "33 braces without fields",
    query: `{ ${"... { ".repeat(32)} __typename ${"} ".repeat(32)} }`,
    ...tooCostly("Braces are nested 33 deep where 32 are allowed"),
  },
  { what: "the same field 26 times", query: `{ ${many(26, () => "viewer { roles }")} }`, ...sideBySide },
  {
    what: "the same field 26 times, in fragments without a name",
    query: `{ ${many(26, () => "... { viewer { roles } }")} }`,
    ...sideBySide,
  },
  {
    what: "26 fragments side by side",
    query: `{ ${many(26, (index) => `...F${index}`)} } ${many(26, (index) => `fragment F${index} on Query { __typename }`)}`,
    ...sideBySide,
  },
  {
    what: "31 directives",
    query: `{ ${many(31, () => "viewer @include(if: true) { roles }")} }`,
    ...tooCostly("There are 31 directives where 30 are allowed"),
  },
  {
    what: "an introspection in circles",
    query: "{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }",
    ...invalid("Maximum introspection depth exceeded"),
  },
];
