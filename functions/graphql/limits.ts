import type { ApolloServerPlugin, BaseContext } from "@apollo/server";
import {
  getNamedType,
  GraphQLError,
  isInterfaceType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from "graphql";

import { TOO_COSTLY } from "./shape.ts";

/** How deep fields may be nested; the introspection query of common tools takes 15. */
const MOST_DEPTH = 16;
/** Most fields of an answer whose pages are all full; so many still fit into Lambda's 6 MB. */
const MOST_FIELDS = 50_000;
/** What a page holds whose size does not say otherwise; larger ones are refused by the list itself. */
const LARGEST_PAGE = 100;

/**
 * Refuses an operation that cannot be run, or would cost too much, before it is executed; with an answer it says what it may
 * have cost, and how much is allowed.
 */
export function limits<Context extends BaseContext>(): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      let fields: number | undefined;
      return {
        // After validation, so that every field is known and no fragment leads back to itself.
        async didResolveOperation({ schema, document, operation, request: { variables = {} } }) {
          if (operation === undefined) return;
          if (!schema.getRootType(operation.operation)) {
            throw refusalOf(
              "OPERATION_RESOLUTION_FAILURE",
              "There are no subscriptions here: please ask again instead.",
            );
          }
          const size = measure({ schema, document, operation, variables });
          const excess = excessOf(size);
          if (excess !== undefined) throw refusalOf(TOO_COSTLY, `${excess}: please ask for less at once.`);
          fields = size.fields;
        },
        async willSendResponse({ response: { body } }) {
          if (fields === undefined || body.kind !== "single" || !body.singleResult.data) return;
          body.singleResult.extensions = { ...body.singleResult.extensions, cost: { fields, most: MOST_FIELDS } };
        },
      };
    },
  };
}

function refusalOf(code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status: 400 } } });
}

interface Asked {
  schema: GraphQLSchema;
  document: DocumentNode;
  operation: OperationDefinitionNode;
  variables: Record<string, unknown>;
}

function excessOf({ depth, fields }: Size): string | undefined {
  if (depth > MOST_DEPTH) return `Fields are nested ${depth} deep where ${MOST_DEPTH} are allowed`;
  if (fields > MOST_FIELDS) return `The answer could have more than ${MOST_FIELDS} fields`;
  return undefined;
}

interface Size {
  depth: number;
  fields: number;
}

/** Depth and number of fields with all fragments in place. Each fragment is measured once, however often it is used. */
function measure({ schema, document, operation, variables }: Asked): Size {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const measured = new Map<string, Size>();

  function sizeOfFragment(name: string): Size {
    const fragment = fragments.get(name);
    const size = measured.get(name) ?? sizeOf(fragment?.selectionSet, typeNamed(fragment?.typeCondition.name.value));
    measured.set(name, size);
    return size;
  }

  function sizeOfField(node: FieldNode, parent: GraphQLNamedType | undefined): Size {
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[node.name.value] : undefined;
    const inner = sizeOf(node.selectionSet, field && getNamedType(field.type));
    const page = field?.args.find(({ name }) => name === "first" || name === "ids");
    const given = node.arguments?.find(({ name }) => name.value === page?.name)?.value;
    const entries = page === undefined ? 1 : entriesIn(numberOf(given) ?? page.defaultValue);
    return { depth: 1 + inner.depth, fields: weightOf(field) + entries * inner.fields };
  }

  function sizeOf(selectionSet: SelectionSetNode | undefined, type: GraphQLNamedType | undefined): Size {
    const total: Size = { depth: 0, fields: 0 };
    for (const selection of selectionSet?.selections ?? []) {
      const size =
        selection.kind === Kind.FIELD
          ? sizeOfField(selection, type)
          : selection.kind === Kind.FRAGMENT_SPREAD
            ? sizeOfFragment(selection.name.value)
            : sizeOf(selection.selectionSet, typeNamed(selection.typeCondition?.name.value) ?? type);
      total.depth = Math.max(total.depth, size.depth);
      total.fields += size.fields;
    }
    return total;
  }

  function typeNamed(name: string | undefined): GraphQLNamedType | undefined {
    return name === undefined ? undefined : schema.getType(name);
  }

  /** The number an argument stands for; undefined where the field's own default counts. */
  function numberOf(value: ValueNode | undefined): unknown {
    if (value === undefined) return undefined;
    if (value.kind === Kind.INT) return Number(value.value);
    if (value.kind === Kind.LIST) return value.values.length;
    if (value.kind !== Kind.VARIABLE) return LARGEST_PAGE;
    const given = variables[value.name.value];
    if (given !== undefined) return Array.isArray(given) ? given.length : given;
    const definition = operation.variableDefinitions?.find(({ variable }) => variable.name.value === value.name.value);
    return numberOf(definition?.defaultValue);
  }

  return sizeOf(operation.selectionSet, schema.getRootType(operation.operation) ?? undefined);
}

/** A field counts once, unless it says with `complexity` that it takes the work of many. */
function weightOf(field: GraphQLField<unknown, unknown> | undefined): number {
  const weight = field?.extensions["complexity"];
  return typeof weight === "number" ? weight : 1;
}

function entriesIn(entries: unknown): number {
  return typeof entries === "number" && entries >= 0 ? Math.min(entries, LARGEST_PAGE) : LARGEST_PAGE;
}
