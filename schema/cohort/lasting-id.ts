import { refusal, type Refusal } from "../shared/decision.ts";

/** Why an id of a list cannot be taken. */
export type IdCode = "BAD_ID" | "ID_TWICE" | "ID_USED";

interface Identified {
  id: string;
}

/**
 * What is wrong with the ids of a list whose entries keep theirs for ever: each is well-formed, stands there once, and means
 * what it has always meant. `hasOtherMeaning` answers for an entry and the one that had its id before.
 */
export function idRefusals<Entry extends Identified>(
  entries: readonly Entry[],
  hasOtherMeaning: (entry: Entry) => boolean,
  list: string,
): Refusal<IdCode>[] {
  return entries.flatMap((entry, index): Refusal<IdCode>[] => {
    const field = [list, String(index), "id"];
    const { id } = entry;
    // A name that every object has would be found in records where it is not.
    if (!/^[A-Za-z][A-Za-z0-9]{0,39}$/.test(id) || id in {}) {
      const message = "This is not an id: please use 1 to 40 letters and digits, beginning with a letter.";
      return [refusal("BAD_ID", message, ...field)];
    }
    if (entries.findIndex((other) => other.id === id) < index) {
      return [refusal("ID_TWICE", `The id ${id} is in the list twice: please give each entry its own.`, ...field)];
    }
    if (!hasOtherMeaning(entry)) return [];
    const message = `The id ${id} stood for something else, which earlier records refer to: please choose a new one.`;
    return [refusal("ID_USED", message, ...field)];
  });
}

/** What is retired once a list has become another: what was before, and what went out; what came back is in the list again. */
export function retire<Entry extends Identified>(
  retired: readonly Entry[],
  before: readonly Entry[],
  after: readonly Entry[],
): readonly Entry[] {
  return [...retired, ...before].filter(({ id }) => !after.some((entry) => entry.id === id));
}
