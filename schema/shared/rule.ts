import { Extensions } from "type-graphql";
import {
  defaultFieldResolver,
  isObjectType,
  type GraphQLFieldConfig,
  type GraphQLFieldResolver,
  type GraphQLSchema,
} from "graphql";
import { isSelf, mayUse, type Viewer } from "../person/person.ts";
import { isCommittee, isStaff } from "../person/role.ts";
import type { RequestContext } from "./context.ts";
import { failure } from "./failure.ts";
import { parseGlobalId } from "./id.ts";

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

/** Which cohort a question is about. */
export type CohortOf = (question: Question) => string;

/** Of a field of the cohort itself. */
export const ofCohort: CohortOf = ({ source }) => (source as { id: string }).id;

/** Of a field of something that belongs to a cohort. */
export const ofRecord: CohortOf = ({ source }) => (source as { cohortId: string }).cohortId;

/** Of an operation whose input names the cohort; of none when it is not the id of one. */
export const ofCohortInput: CohortOf = ({ args }) => {
  const parsed = parseGlobalId((args["input"] as { cohortId: string }).cohortId);
  return parsed?.kind === "Cohort" ? parsed.id : "";
};

/** The Steering Committee of the cohort in question. */
export const committee =
  (cohortOf: CohortOf): Rule =>
  (question) =>
    office(question.viewer, question.viewer !== null && isCommittee(question.viewer, cohortOf(question)));

/** Staff or the Steering Committee of the cohort in question. */
export const staffOrCommittee = (cohortOf: CohortOf): Rule => either(staff, committee(cohortOf));

/** Whoever the record belongs to. */
export const own: Rule = ({ viewer, source }) => office(viewer, isSelf(viewer, (source as Owned).personId ?? ""));

/** The person that the record is. */
export const self: Rule = ({ viewer, source }) => office(viewer, isSelf(viewer, (source as { id: string }).id));

/** Staff or the Steering Committee, but nobody about what concerns their own application. */
export const officeNotOwn: Rule = both(staffOrCommittee(ofRecord), not(own, "FORBIDDEN"));

interface Owned {
  personId?: string;
}

/** One of the rules lets through. Of several refusals the one that tells most is given: whoever knows may be told no. */
export function either(...rules: readonly Rule[]): Rule {
  return async (question) => {
    const verdicts: Verdict[] = [];
    for (const rule of rules) {
      const verdict = await rule(question);
      if (verdict === true) return true;
      verdicts.push(verdict);
    }
    return REFUSALS.find((refusal) => verdicts.includes(refusal)) ?? "FORBIDDEN";
  };
}

const REFUSALS = ["UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND"] as const;

/** All of the rules let through; the first that does not decides. */
export function both(...rules: readonly Rule[]): Rule {
  return async (question) => {
    for (const rule of rules) {
      const verdict = await rule(question);
      if (verdict !== true) return verdict;
    }
    return true;
  };
}

/** Whoever the rule does not let through; the others are refused in the words given. */
export function not(rule: Rule, refusal: Exclude<Verdict, true>): Rule {
  return async (question) => ((await rule(question)) === true ? refusal : true);
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
