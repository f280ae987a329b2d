import { Extensions } from "type-graphql";
import {
  defaultFieldResolver,
  isObjectType,
  type GraphQLFieldConfig,
  type GraphQLFieldResolver,
  type GraphQLSchema,
} from "graphql";
import { isCommittee, isStaff, type Viewer } from "../person/person.ts";
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
export const staff = ({ viewer }: Question): Verdict => office(viewer, isStaff(viewer));

/** Staff or the Steering Committee. */
export const staffOrCommittee = ({ viewer }: Question): Verdict =>
  office(viewer, isStaff(viewer) || isCommittee(viewer));

/** Staff or the Steering Committee, but nobody about what concerns their own application. */
export const officeNotOwn: Rule = notOwn(staffOrCommittee);

/** Staff, but nobody about their own. */
export const staffNotOwn: Rule = notOwn(staff);

function notOwn(rule: (question: Question) => Verdict): Rule {
  return (question) => {
    const verdict = rule(question);
    const isOwn = question.viewer?.person.id === (question.source as { personId?: string }).personId;
    return verdict === true && isOwn ? "FORBIDDEN" : verdict;
  };
}

function office(viewer: Viewer | null, holds: boolean): Verdict {
  if (holds) return true;
  return viewer ? "FORBIDDEN" : "UNAUTHENTICATED";
}

/** The rule of a field, if it has one. */
export function ruleOf(extensions: Readonly<Record<string, unknown>>): Rule | undefined {
  return extensions[EXTENSION] as Rule | undefined;
}

/**
 * Puts each field's rule in front of its resolver. On the schema itself, so that neither simple resolvers nor inherited
 * ones can lose it; an operation without a rule is a fault that stops the start.
 */
export function guard(schema: GraphQLSchema): GraphQLSchema {
  const roots = new Set<unknown>([schema.getQueryType(), schema.getMutationType()]);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith("__")) continue;
    for (const field of Object.values(type.getFields())) {
      const rule = ruleOf(field.extensions);
      if (rule) field.resolve = guarded(rule, field.resolve ?? defaultFieldResolver);
      else if (roots.has(type)) throw new Error(`${type.name}.${field.name} does not say who may use it`);
    }
  }
  return schema;
}

type Resolve = NonNullable<GraphQLFieldConfig<unknown, RequestContext>["resolve"]>;

function guarded(rule: Rule, resolve: GraphQLFieldResolver<unknown, RequestContext>): Resolve {
  return async (source, args, context, info) => {
    const verdict = await rule({ viewer: context.viewer, args, source, context });
    if (verdict !== true) throw failure(verdict);
    return resolve(source, args, context, info);
  };
}
