import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import {
  buildSchema,
  GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  validateSchema,
} from "graphql";
import { getMetadataStorage } from "type-graphql";
import { describe, expect, test } from "vitest";
import { contract } from "../schema/contract.ts";
import { programSchema } from "../schema/index.ts";
import { guard, ruleOf } from "../schema/shared/rule.ts";

const fileOf = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const schema = programSchema();
const types = Object.values(schema.getTypeMap()).filter(
  (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
);
const roots = [schema.getQueryType()!, schema.getMutationType()!];

const named = (name: string, { description }: { description?: string | null }) => ({ name, description });

test("the committed contract is what the code makes", () => {
  expect(readFileSync(fileOf("schema/schema.graphql"), "utf8")).toBe(contract());
});

test("the schema is valid, with type-graphql's own check too", () => {
  expect(validateSchema(programSchema({ skipCheck: false }))).toEqual([]);
  expect(schema).toBeInstanceOf(GraphQLSchema);
});

test("every type, field, argument, input field and enum value says what it means", () => {
  const described = types.flatMap((type) => {
    const own = [{ name: type.name, description: type.description }];
    if (isEnumType(type)) {
      return [...own, ...type.getValues().map((value) => named(`${type.name}.${value.name}`, value))];
    }
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields());
      return [...own, ...fields.map((field) => named(`${type.name}.${field.name}`, field))];
    }
    if (!isObjectType(type) && !isInterfaceType(type)) return own;
    const fields = Object.values(type.getFields()).flatMap((field) => {
      const name = `${type.name}.${field.name}`;
      return [named(name, field), field.args.map((one) => named(`${name}(${one.name})`, one))].flat();
    });
    return [...own, ...fields];
  });
  expect(described.filter(({ description }) => !description?.trim()).map(({ name }) => name)).toEqual([]);
  const names = ["Node.id", "Query.node(id)", "RoleInput.why", "Outcome.ACCEPT", "DateTime"];
  expect(described.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
});

describe("rules", () => {
  test("every operation has one", () => {
    const without = roots.flatMap((type) =>
      Object.values(type.getFields())
        .filter(({ extensions }) => ruleOf(extensions) === undefined)
        .map(({ name }) => `${type.name}.${name}`),
    );
    expect(without).toEqual([]);
  });

  test("an operation without one stops the start", () => {
    const careless = buildSchema("type Query { open: Int }");
    expect(() => guard(careless)).toThrow("Query.open does not say who may use it");
  });

  /** What `@Allow` was written on, by type-graphql's own account. Classes share names of fields, so they are counted. */
  test("each one written stands in front of a field of the schema", () => {
    const written = getMetadataStorage()
      .fieldExtensions.filter(({ extensions }) => ruleOf(extensions) !== undefined)
      .map(({ fieldName }) => fieldName);
    const standing = types
      .filter((type) => isObjectType(type))
      .flatMap((type) => Object.values(type.getFields()).filter(({ extensions }) => ruleOf(extensions)))
      .map(({ name }) => name);
    expect(standing.sort()).toEqual(written.sort());
  });

  test("type-graphql knows of no guard or middleware, which simple resolvers would drop", () => {
    const storage = getMetadataStorage();
    expect(storage.authorizedFields).toEqual([]);
    expect(storage.authorizedResolver).toEqual([]);
    expect(storage.middlewares).toEqual([]);
    expect(storage.resolverMiddlewares).toEqual([]);
    const callers = [...storage.queries, ...storage.mutations, ...storage.fieldResolvers, ...storage.fields];
    const careful = callers.filter((each) => each.roles !== undefined || (each.middlewares ?? []).length > 0);
    expect(careful).toEqual([]);
  });

  test("a simple type has no method that answers a field by itself", () => {
    const { objectTypes } = getMetadataStorage();
    const bypassed = objectTypes
      .filter(({ simpleResolvers }) => simpleResolvers === true)
      .flatMap(({ name, target, fields = [] }) =>
        fields
          .filter((field) => typeof (target.prototype as Record<string, unknown>)[field.name] === "function")
          .map((field) => `${name}.${field.name}`),
      );
    expect(bypassed).toEqual([]);
    expect(objectTypes.every(({ simpleResolvers }) => simpleResolvers === true)).toBe(true);
  });
});

test("there is one copy of graphql", () => {
  const lock = JSON.parse(readFileSync(fileOf("package-lock.json"), "utf8")) as { packages: Record<string, object> };
  const copies = Object.keys(lock.packages).filter((path) => /(^|\/)node_modules\/graphql$/.test(path));
  expect(copies).toEqual(["node_modules/graphql"]);
  const users = ["@apollo/server", "type-graphql", "@as-integrations/aws-lambda"];
  const resolved = users.map((name) => {
    const from = createRequire(fileOf(`node_modules/${name}/package.json`));
    return from.resolve("graphql/package.json");
  });
  expect(new Set(resolved)).toEqual(new Set([fileOf("node_modules/graphql/package.json")]));
});
