import { GraphQLError, type ValidationRule } from "graphql";

/** Refuses questions about the contract, by whatever way they come. `__typename` belongs to an answer and stays. */
export const withoutIntrospection: ValidationRule = (context) => ({
  Field(node) {
    if (node.name.value !== "__schema" && node.name.value !== "__type") return;
    const message = "The contract is not answered here: please read schema.graphql instead of asking for it.";
    context.reportError(new GraphQLError(message, { nodes: node }));
  },
});
