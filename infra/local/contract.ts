import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  BreakingChangeType,
  buildSchema,
  findBreakingChanges,
  isInterfaceType,
  isObjectType,
  type GraphQLSchema,
} from "graphql";
import { contract } from "../../schema/contract.ts";

const FILE = fileURLToPath(new URL("../../schema/schema.graphql", import.meta.url));

/** The contract as it was on main; null where there is no such version, as in the very first commit. */
function contractOnMain(): string | null {
  for (const base of [process.env["SCHEMA_BASE"], "origin/main", "main", "HEAD"]) {
    if (!base) continue;
    try {
      return execFileSync("git", ["show", `${base}:schema/schema.graphql`], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      });
    } catch {
      // Not a repository, or without this branch: the next name may do.
    }
  }
  return null;
}

/** What would break clients, less what was announced: a field may go once it is deprecated on main. */
function breakingChanges(before: GraphQLSchema, after: GraphQLSchema): string[] {
  return findBreakingChanges(before, after)
    .filter(
      ({ type, description }) => !(type === BreakingChangeType.FIELD_REMOVED && wasDeprecated(before, description)),
    )
    .map(({ description }) => description);
}

function wasDeprecated(schema: GraphQLSchema, description: string): boolean {
  const [, typeName = "", fieldName = ""] = /^(\w+)\.(\w+) was removed/.exec(description) ?? [];
  const type = schema.getType(typeName);
  const fields = isObjectType(type) || isInterfaceType(type) ? type.getFields() : {};
  return fields[fieldName]?.deprecationReason != null;
}

function fail(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

const current = contract();
if (process.argv[2] === "write") {
  writeFileSync(FILE, current);
} else {
  if (readFileSync(FILE, "utf8") !== current)
    fail("schema/schema.graphql is not what the code makes. Type: npm run schema");
  const main = contractOnMain();
  const breaking = main === null ? [] : breakingChanges(buildSchema(main), buildSchema(current));
  if (breaking.length > 0) {
    fail(`This breaks clients; deprecate first, remove later:\n${breaking.map((line) => `  ${line}`).join("\n")}`);
  }
  process.stdout.write("The contract is what the code makes, and breaks nobody.\n");
}
