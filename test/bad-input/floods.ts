import { many } from "./documents.ts";

/** A request that is made to keep the function busy, and the status it is refused with. */
export interface Flood {
  what: string;
  /** The body as it comes over the wire. */
  body: string;
  status: number;
  code: string;
}

const json = (query: string, variables?: unknown) => JSON.stringify({ query, variables });
const tooLarge = { status: 413, code: "PAYLOAD_TOO_LARGE" };
const unread = { status: 400, code: "GRAPHQL_PARSE_FAILED" };
const invalid = { status: 400, code: "GRAPHQL_VALIDATION_FAILED" };
const tooCostly = { status: 400, code: "TOO_COSTLY" };
const badInput = { status: 400, code: "BAD_USER_INPUT" };

const CREATE = "mutation($input: ServiceTokenCreateInput!) { serviceTokenCreate(input: $input) { secret } }";
const nested = (depth: number, open: string, close: string) => open.repeat(depth) + close.repeat(depth);
/** A body by hand: JavaScript's own writer does not go that deep. */
const withInput = (input: string) => `{"query":${JSON.stringify(CREATE)},"variables":{"input":${input}}}`;
const TYPES = "fields { type ";

/** As much as fits through each of the limits, and what goes far beyond them. */
export const FLOODS: readonly Flood[] = [
  { what: "50,000 levels", body: json(nested(50_000, "{a", "}")), ...unread },
  {
    what: "600 levels",
    body: json(`{ cohorts ${nested(160, "{nodes{applications{nodes{cohort", "}}}}")} }`),
    ...tooCostly,
  },
  { what: "10,000 aliases", body: json(`{ ${many(10_000, (index) => `a${index}: viewer { roles }`)} }`), ...unread },
  { what: "300 aliases", body: json(`{ ${many(300, (index) => `a${index}: viewer { roles }`)} }`), ...tooCostly },
  { what: "the same field 490 times", body: json(`{ ${many(490, () => "viewer{roles}")} }`), ...tooCostly },
  {
    what: "the same fields in the same field 95 times",
    body: json(`{ ${many(95, () => "viewer{person{id name}person{id name}roles}")} }`),
    ...tooCostly,
  },
  { what: "a field and 1,900 more", body: json(`{ viewer { ${many(1_900, () => "roles")} } }`), ...tooCostly },
  {
    what: "one name for 180 different fields",
    body: json(`{ ${many(180, (index) => `a:cohort(id:"${index}"){id}`)} }`),
    ...tooCostly,
  },
  {
    what: "160 fragments side by side",
    body: json(
      `{ ${many(160, (index) => `...F${index}`)} } ${many(160, (index) => `fragment F${index} on Query{viewer{roles}}`)}`,
    ),
    ...tooCostly,
  },
  {
    what: "a circle of 200 fragments",
    body: json(`{...F0} ${many(200, (index) => `fragment F${index} on Query{...F${(index + 1) % 200}}`)}`),
    ...invalid,
  },
  {
    what: "a web of fragments in fragments",
    body: json(`{...F0} ${many(25, (index) => `fragment F${index} on Query{${many(25, (to) => `...F${to}`)}}`)}`),
    ...tooCostly,
  },
  { what: "a query of 1 MB", body: json(`{ viewer { ${"roles ".repeat(175_000)} } }`), ...tooLarge },
  { what: "a comment of 250 KB", body: json(`{ viewer { nothing } } #${"#".repeat(250_000)}`), ...invalid },
  { what: "a text of 250 KB", body: json(`{ cohort(id: "${"#".repeat(250_000)}") { nothing } }`), ...invalid },
  { what: "100,000 directives", body: json(`{ viewer ${"@a ".repeat(100_000)} { roles } }`), ...tooLarge },
  { what: "80,000 directives", body: json(`{ viewer ${"@a ".repeat(80_000)} { roles } }`), ...unread },
  { what: "980 unknown directives", body: json(`{ viewer ${"@a ".repeat(980)} { roles } }`), ...tooCostly },
  { what: "490 unknown fields", body: json(`{ ${many(490, (index) => `viewer${index}{a}`)} }`), ...invalid },
  {
    what: "490 unknown types",
    body: json(`query(${many(490, (index) => `$a${index}:Applicatio`)}) { viewer { roles } }`),
    ...invalid,
  },
  { what: "a list of 120,000 levels in the variables", body: withInput(nested(120_000, "[", "]")), ...badInput },
  {
    what: "an object of 40,000 levels in the variables",
    body: withInput(nested(40_000, '{"a":', "}").replace(":}", ":1}")),
    ...badInput,
  },
  { what: "a list of 120,000 entries in the variables", body: withInput(`[${"1,".repeat(120_000)}1]`), ...badInput },
  {
    what: "100,000 wrong entries in a list that is wanted",
    body: withInput(`{"name":"a","role":"STAFF","days":1,"operations":[${"1,".repeat(100_000)}1]}`),
    ...badInput,
  },
  {
    what: "20,000 unknown variables",
    body: `{"query":"{ nothing }","variables":{${many(20_000, (index) => `"a${index}":1,`)}"a":1}}`,
    ...invalid,
  },
  { what: "80,000 levels of brackets in the document", body: json(`{ nodes(ids: ${"[".repeat(80_000)}`), ...unread },
  {
    what: "an introspection in circles",
    body: json(`{ __schema { types { ${nested(200, `${TYPES}{`, "}}").replaceAll("{}", "{name}")} } } }`),
    ...tooCostly,
  },
  {
    what: "20 introspections at once",
    body: json(
      `{ ${many(20, (index) => `a${index}: __schema { types { ${TYPES}{ ${TYPES}{ ${TYPES}{ name } } } } } } } }`)} }`,
    ),
    ...invalid,
  },
  {
    what: "24 times the same fields",
    body: json(`{ ${many(24, () => "viewer{roles person{id name email}}")} nothing }`),
    ...invalid,
  },
];
