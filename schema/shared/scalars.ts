import { GraphQLError, GraphQLScalarType, Kind } from "graphql";
import { registerEnumType } from "type-graphql";
import "reflect-metadata";

function textScalar(name: string, description: string): GraphQLScalarType<string, string> {
  const parse = (value: unknown): string => {
    if (typeof value === "string") return value;
    throw new GraphQLError(`${name} is written as text in quotes.`, { extensions: { code: "BAD_USER_INPUT" } });
  };
  return new GraphQLScalarType<string, string>({
    name,
    description,
    // Stored in this form already: checking every value of a large list again would cost more than reading it.
    serialize: (value) => value as string,
    parseValue: parse,
    parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : undefined),
  });
}

/** An instant in answers. */
export const DateTime = textScalar(
  "DateTime",
  "An instant as UTC text of fixed width, such as `2027-01-30T01:30:00.000Z`; sorting the text sorts by time.",
);

/** A calendar date in answers and input. */
export const LocalDate = textScalar(
  "LocalDate",
  "A calendar date without a time, such as `2027-01-30`, meant in the time zone of the cohort it belongs to.",
);

/** A wall-clock time in answers and input. */
export const LocalDateTime = textScalar(
  "LocalDateTime",
  "A wall-clock date and time, such as `2026-09-18T17:00`, meant in the time zone of the cohort it belongs to. " +
    "A time that a clock change skips moves on by the length of the gap; of a time that comes twice the first is meant.",
);

/** Makes an enum of a list of values known to the rules, with what each means. */
export function enumType<Value extends string>(
  name: string,
  description: string,
  meanings: Record<Value, string>,
): Record<Value, Value> {
  const values = Object.fromEntries(Object.keys(meanings).map((value) => [value, value])) as Record<Value, Value>;
  const valuesConfig = Object.fromEntries(
    Object.entries<string>(meanings).map(([value, meaning]) => [value, { description: meaning }]),
  );
  registerEnumType(values, { name, description, valuesConfig: valuesConfig as Record<Value, { description: string }> });
  return values;
}
