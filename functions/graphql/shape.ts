import { GraphQLError, Kind, visit, type DocumentNode, type SelectionSetNode, type ValidationRule } from "graphql";

/** Most aliases of a document: each can make an operation or a list run once more. */
const MOST_ALIASES = 30;
/** Most directives of a document. */
const MOST_DIRECTIVES = 30;
/**
 * Most pairs of equal fields, or of fragments, side by side. Validation compares each such pair with everything in it, which
 * takes time with the square of their number: 24 times the same field are 276 pairs.
 */
const MOST_PAIRS = 300;

/** How deep braces may be nested: twice the depth of fields, because each may come in a fragment without a name. */
const MOST_LEVELS = 32;

/** The code of an error that validation would give its own. */
export const TOO_COSTLY = "TOO_COSTLY";

/** Refuses a document by its look alone, before anything else is checked in it. */
export const shape: ValidationRule = (context) => ({
  Document(document) {
    const excess = excessOf(document);
    if (excess === undefined) return undefined;
    const message = `${excess}: please ask for less at once.`;
    context.reportError(new GraphQLError(message, { extensions: { code: TOO_COSTLY } }));
    // Takes the document away from all other rules, so that none of them walks through it.
    return null;
  },
});

function excessOf(document: DocumentNode): string | undefined {
  let aliases = 0;
  let directives = 0;
  let pairs = 0;
  let level = 0;
  let levels = 0;
  visit(document, {
    Field: ({ alias }) => void (aliases += alias ? 1 : 0),
    Directive: () => void (directives += 1),
    SelectionSet: {
      enter(set, _key, parent) {
        levels = Math.max(levels, ++level);
        const isInline = parent !== undefined && "kind" in parent && parent.kind === Kind.INLINE_FRAGMENT;
        if (!isInline) pairs += pairsIn(set);
      },
      leave: () => void level--,
    },
  });
  if (levels > MOST_LEVELS) return `Braces are nested ${levels} deep where ${MOST_LEVELS} are allowed`;
  if (aliases > MOST_ALIASES) return `There are ${aliases} aliases where ${MOST_ALIASES} are allowed`;
  if (directives > MOST_DIRECTIVES) return `There are ${directives} directives where ${MOST_DIRECTIVES} are allowed`;
  if (pairs > MOST_PAIRS) return "The same fields, or too many fragments, stand side by side too often";
  return undefined;
}

/** How many pairs of equal names, and of fragments, stand side by side; what is in inline fragments stands beside them. */
function pairsIn(selectionSet: SelectionSetNode): number {
  const times = new Map<string, number>();
  const waiting = [selectionSet];
  for (let set = waiting.pop(); set; set = waiting.pop()) {
    for (const selection of set.selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        waiting.push(selection.selectionSet);
        continue;
      }
      const name = selection.kind === Kind.FIELD ? (selection.alias ?? selection.name).value : "...";
      times.set(name, (times.get(name) ?? 0) + 1);
    }
  }
  return [...times.values()].reduce((sum, count) => sum + (count * (count - 1)) / 2, 0);
}
