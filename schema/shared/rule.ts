import { Extensions } from "type-graphql";
import {
  defaultFieldResolver,
  isObjectType,
  type GraphQLFieldConfig,
  type GraphQLFieldResolver,
  type GraphQLSchema,
} from "graphql";
import { isCommittee, isStaff, mayUse, type Viewer } from "../person/person.ts";
import type { RequestContext } from "./context.ts";
import { failure } from "./failure.ts";

/** What a rule says: yes, or how the refusal looks. What a viewer may not know of is NOT_FOUND, never FORBIDDEN. */
export type Verdict = true | "UNAUTHENTICATED" | "FORBIDDEN" | "NOT_FOUND";

/** What a rule is asked about: who, with which arguments, on which parent object. */
export interface Question {
  viewer: Viewer | null;
  args: Record<string, unknown>;
  source: unknown;
  context: RequestContext;
}

/** Who may. */
export type Rule = (question: Question) => Verdict | Promise<Verdict>;

const EXTENSION = "allow";

/** Says who may use an operation, or see a field. Every query and mutation has one; `guard` enforces it. */
export function Allow(rule: Rule): PropertyDecorator & MethodDecorator {
  return Extensions({ [EXTENSION]: rule });
}

/** Everybody, signed in or not. */
export const anyone: Rule = () => true;

/** Whoever is signed in. */
export const signedIn: Rule = ({ viewer }) => (viewer ? true : "UNAUTHENTICATED");

/** Program staff. */
export const staff: Rule = ({ viewer }) => office(viewer, isStaff(viewer));

/** Staff or the Steering Committee. */
export const staffOrCommittee: Rule = ({ viewer }) => office(viewer, isStaff(viewer) || isCommittee(viewer));

/** Staff or the Steering Committee, but nobody about what concerns their own application. */
export const officeNotOwn: Rule = (question) => {
  const verdict = staffOrCommittee(question);
  const isOwn = question.viewer?.person.id === (question.source as { personId?: string }).personId;
  return verdict === true && isOwn ? "FORBIDDEN" : verdict;
};

function office(viewer: Viewer | null, holds: boolean): Verdict {
  if (holds) return true;
  return viewer ? "FORBIDDEN" : "UNAUTHENTICATED";
}

/** The rule of a field, if it has one. */
export function ruleOf(extensions: Readonly<Record<string, unknown>>): Rule | undefined {
  return extensions[EXTENSION] as Rule | undefined;
}

/**
 * Puts each field's rule in front of its resolver, and in front of the rule of an operation what the viewer's service token
 * names. On the schema itself, so that neither simple resolvers nor inherited ones can lose it; an operation without a rule
 * is a fault that stops the start.
 */
export function guard(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith("__")) continue;
    for (const field of Object.values(type.getFields())) {
      const rule = ruleOf(field.extensions);
      const kind = type === schema.getQueryType() ? "Query" : type === schema.getMutationType() ? "Mutation" : null;
      const rules = rule && kind ? [named(kind, field.name), rule] : rule ? [rule] : [];
      if (rules.length > 0) field.resolve = guarded(rules, field.resolve ?? defaultFieldResolver);
      else if (kind) throw new Error(`${type.name}.${field.name} does not say who may use it`);
    }
  }
  return schema;
}

/** People may use every operation as far as its rule agrees, a service token only those it names. */
function named(kind: "Query" | "Mutation", field: string): Rule {
  return ({ viewer }) => (viewer === null || mayUse(viewer, kind, field) ? true : "FORBIDDEN");
}

type Resolve = NonNullable<GraphQLFieldConfig<unknown, RequestContext>["resolve"]>;

function guarded(rules: readonly Rule[], resolve: GraphQLFieldResolver<unknown, RequestContext>): Resolve {
  return async (source, args, context, info) => {
    for (const rule of rules) {
      const verdict = await rule({ viewer: context.viewer, args, source, context });
      if (verdict !== true) throw failure(verdict);
    }
    return resolve(source, args, context, info);
  };
}
