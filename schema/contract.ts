import { lexicographicSortSchema, printSchema } from "graphql";
import { programSchema } from "./index.ts";

const HEADING = `# The contract of the program's API. Made by the code: do not edit, type \`npm run schema\`.

`;

/** The whole graph as it is committed in schema.graphql: sorted, so that a diff shows what changed and nothing else. */
export function contract(): string {
  return `${HEADING}${printSchema(lexicographicSortSchema(programSchema({ skipCheck: false })))}\n`;
}
