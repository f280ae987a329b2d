import { GraphQLError } from "graphql";

const MESSAGES = {
  UNAUTHENTICATED: "Please sign in to do this.",
  FORBIDDEN: "You are not allowed to do this.",
  NOT_FOUND: "There is nothing with this id that you can see.",
  BAD_CURSOR: "This cursor does not belong to this list: please start again without it.",
  BAD_PAGE_SIZE: "A page has between 1 and 100 entries: please choose `first` accordingly.",
  BAD_FILTER: "Please ask by exactly one of the filters: only what one key answers can be listed.",
} as const;

/** A failure that is not the input's fault: who asks, what they may, or what is there. */
export type FailureCode = keyof typeof MESSAGES;

/** A GraphQL error with a code of ours and a sentence for people. */
export function failure(code: FailureCode): GraphQLError {
  return new GraphQLError(MESSAGES[code], { extensions: { code } });
}
