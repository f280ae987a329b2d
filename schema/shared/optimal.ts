import { munkres } from "munkres";

/**
 * The best assignment of rows to columns: of those that assign the most rows, one with the highest total. A column takes as
 * many rows as it has places; a pair without a score is never made. Answers each row's column, null where none is left.
 */
export function bestAssignment(
  scores: readonly (readonly (number | null)[])[],
  places: readonly number[],
): (number | null)[] {
  // A place is a column of its own to the solver; more than there are rows are never filled.
  const columns = places.flatMap((many, column) =>
    Array.from({ length: Math.min(Math.max(many, 0), scores.length) }, () => column),
  );
  const known = scores.flat().filter((score) => score !== null);
  const highest = Math.max(0, ...known);
  const lowest = Math.min(0, ...known);
  // Dearer than whatever all other rows together can save, so that staying without a column is the last resort.
  const none = (highest - lowest + 1) * (scores.length + 1);
  const costs = scores.map((row) => [
    ...columns.map((column) => {
      const score = row[column] ?? null;
      return score === null ? none : highest - score;
    }),
    ...scores.map(() => none),
  ]);
  const assigned: (number | null)[] = scores.map(() => null);
  if (costs.length === 0) return assigned;
  for (const [row, place] of munkres(costs)) {
    const column = columns[place];
    assigned[row] = column === undefined || (scores[row]?.[column] ?? null) === null ? null : column;
  }
  return assigned;
}
