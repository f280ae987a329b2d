import {
  getNamedType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  type GraphQLNamedType,
} from "graphql";

/** So many characters stay well below the limits of a document. */
const MOST_ASKED = 4_000;

/**
 * Everything there is to ask of a type, in selections that stay within the limits, the nearest first. It does not come back
 * to a type that is on the way already.
 */
export function selectionsOf(type: GraphQLNamedType, way: readonly string[] = []): string[] {
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  const fields = Object.values(type.getFields());
  const leaves = fields.filter((field) => isLeafType(getNamedType(field.type))).map(({ name }) => name);
  const inner = fields.flatMap((field) => {
    const of = getNamedType(field.type);
    // The entries of a page come with their cursors and without; once is enough.
    if (isLeafType(of) || way.includes(of.name) || field.name === "edges") return [];
    // What needs something to compare with is asked for by hand, in the tests of its feature.
    if (field.args.some(isRequiredArgument)) return [];
    const has = (argument: string) => field.args.some(({ name }) => name === argument);
    return selectionsOf(of, [...way, type.name]).flatMap((selection) => {
      const first = has("first") ? ["first: 6"] : [];
      if (!has("kind")) return [`${field.name}${first.map((one) => `(${one})`).join("")} { ${selection} }`];
      return ["CANDIDATE", "MENTOR"].map((kind) => {
        const given = [...first, `kind: ${kind}`].join(", ");
        return `${kind}_${field.name}: ${field.name}(${given}) { ${selection} }`;
      });
    });
  });
  const selections = [["__typename", ...leaves].join(" ")];
  for (const part of inner) {
    const longer = `${selections.at(-1)!} ${part}`;
    if (longer.length < MOST_ASKED) selections[selections.length - 1] = longer;
    else selections.push(part);
  }
  return selections;
}
