import { isDeepStrictEqual } from "node:util";

/** Faults that answer in place of the database. */
export type AnswerFault = "throttle" | "conflict" | "serverError" | "error";

/** What chooses the details of an answer. */
export interface AnswerDetails {
  random: () => number;
  errorName?: string;
}

/** The answer that DynamoDB gives in this trouble; nothing was written. */
export function faultAnswer(
  kind: AnswerFault,
  operation: string,
  input: Record<string, unknown>,
  { random, errorName }: AnswerDetails,
): { status: number; body: Record<string, unknown> } {
  switch (kind) {
    case "throttle":
      return failure(400, errorName ?? "ProvisionedThroughputExceededException", "The request rate is too high.");
    case "conflict":
      return conflict(operation, input, random);
    case "serverError":
      return failure(500, errorName ?? "InternalServerError", "The server met an internal error.");
    case "error":
      return failure(400, errorName ?? "ValidationException", "The request failed because a test wanted it so.");
  }
}

function failure(status: number, name: string, message: string): { status: number; body: Record<string, unknown> } {
  const service = name === "ExpiredIteratorException" || name === "TrimmedDataAccessException" ? "streams" : "dynamodb";
  return { status, body: { __type: `com.amazonaws.${service}.v20120810#${name}`, message } };
}

/** A transaction is cancelled with one reason for each of its items; a single write has an exception of its own. */
function conflict(operation: string, input: Record<string, unknown>, random: () => number): ReturnType<typeof failure> {
  const items = input["TransactItems"];
  if (!operation.startsWith("Transact") || !Array.isArray(items)) {
    return failure(400, "TransactionConflictException", "Transaction is ongoing for the item");
  }
  const struck = Math.floor(random() * items.length);
  const reasons = items.map((_item, place) =>
    place === struck
      ? { Code: "TransactionConflict", Message: "Transaction is ongoing for the item" }
      : { Code: "None" },
  );
  const codes = reasons.map((reason) => reason.Code).join(", ");
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
  const answer = failure(400, "TransactionCanceledException", message);
  return { ...answer, body: { ...answer.body, Message: message, CancellationReasons: reasons } };
}

/** A BatchGetItem's answer as if time or size had not allowed the second half of each table's keys. */
export function leaveUnprocessed(
  input: Record<string, unknown>,
  answer: Record<string, unknown>,
): Record<string, unknown> {
  const responses = { ...(isRecord(answer["Responses"]) ? answer["Responses"] : {}) };
  const unprocessed: Record<string, unknown> = {};
  for (const [table, asked] of Object.entries(isRecord(input["RequestItems"]) ? input["RequestItems"] : {})) {
    const keys = isRecord(asked) && Array.isArray(asked["Keys"]) ? asked["Keys"].filter(isRecord) : [];
    const left = keys.slice(Math.ceil(keys.length / 2));
    const items = Array.isArray(responses[table]) ? responses[table].filter(isRecord) : [];
    responses[table] = items.filter((item) => !left.some((key) => isAt(item, key)));
    if (left.length > 0) unprocessed[table] = { ...(isRecord(asked) ? asked : {}), Keys: left };
  }
  return { ...answer, Responses: responses, UnprocessedKeys: unprocessed };
}

function isAt(item: Record<string, unknown>, key: Record<string, unknown>): boolean {
  return Object.entries(key).every(([name, value]) => isDeepStrictEqual(item[name], value));
}

/** Whether it is an object with named members. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
