import { unwrapResolverError } from "@apollo/server/errors";
import { GraphQLError, Kind, type GraphQLFormattedError } from "graphql";
import { FilesUnavailable } from "../../schema/shared/files.ts";
import { TableBusy } from "../../schema/shared/table.ts";
import { TOO_COSTLY } from "./shape.ts";

/** Codes of failures that callers cause and may read about. Everything else is our fault and leaves masked. */
const TOLD = new Set([
  "GRAPHQL_PARSE_FAILED",
  "GRAPHQL_VALIDATION_FAILED",
  "OPERATION_RESOLUTION_FAILURE",
  "PERSISTED_QUERY_NOT_SUPPORTED",
  "BAD_REQUEST",
  "BAD_USER_INPUT",
  "PAYLOAD_TOO_LARGE",
  "TOO_COSTLY",
  "TOO_MANY_REQUESTS",
  "UNAUTHENTICATED",
  "FORBIDDEN",
  "NOT_FOUND",
  "BAD_CURSOR",
  "BAD_PAGE_SIZE",
  "BAD_FILTER",
  "CONFLICT_RETRY",
  "UNAVAILABLE",
]);

/** What is said of a fault of ours. */
export const MASKED = "Something went wrong on our side. Please try again; if it stays, tell us the request id.";

/** Whether the error is a fault of ours, to be logged and masked. */
export function isOurs(error: GraphQLError): boolean {
  const original = unwrapResolverError(error);
  if (original instanceof TableBusy || original instanceof FilesUnavailable) return false;
  return !isVariableFault(original) && !TOLD.has(String(error.extensions["code"]));
}

/** A variable that is null where its argument, by its default, needs a value: GraphQL notices only while executing. */
function isVariableFault(error: unknown): boolean {
  return error instanceof GraphQLError && error.nodes?.[0]?.kind === Kind.VARIABLE;
}

/** An error as it leaves: known codes with their sentence, everything else as one neutral sentence. Never a stack. */
export function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const { locations, path, extensions = {} } = formatted;
  const requestId = error instanceof GraphQLError ? error.extensions["requestId"] : undefined;
  const original = unwrapResolverError(error);
  if (original instanceof TableBusy) {
    return { message: BUSY[original.why], locations, path, extensions: { code: original.why, requestId } };
  }
  if (original instanceof FilesUnavailable) {
    return { message: FILES_AWAY, locations, path, extensions: { code: "UNAVAILABLE", requestId } };
  }
  const code = isVariableFault(original) ? "BAD_USER_INPUT" : codeOf(error, extensions);
  // Brackets in brackets without end exhaust the stack while they are read, and JavaScript says so in its own words.
  const isTooDeep = code === "GRAPHQL_PARSE_FAILED" && !formatted.message.startsWith("Syntax Error");
  const message = isTooDeep ? "Syntax Error: The document is nested too deep to be read." : formatted.message;
  if (TOLD.has(code)) return { message, locations, path, extensions: { code } };
  return { message: MASKED, locations, path, extensions: { code: "INTERNAL_SERVER_ERROR", requestId } };
}

/** Validation gives every error its own code; what is refused by its look keeps the one it has. */
function codeOf(error: unknown, { code }: Record<string, unknown>): string {
  const original = error instanceof GraphQLError ? error.originalError : undefined;
  return original instanceof GraphQLError && original.extensions["code"] === TOO_COSTLY ? TOO_COSTLY : String(code);
}

const BUSY = {
  CONFLICT_RETRY: "Too many people are changing this at the same moment: please try again.",
  UNAVAILABLE: "The program is very busy or does not answer: please look whether it was done, then try again.",
} as const;

const FILES_AWAY = "The files do not answer at the moment: please try again.";
