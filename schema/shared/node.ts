import { Field, ID, InterfaceType } from "type-graphql";
import { failure } from "./failure.ts";
import { parseGlobalId, type NodeKind } from "./id.ts";

/** What an id is, wherever one is answered. */
export const ID_MEANING = "Opaque and lasting; the same object always has the same id.";

/** The interface of everything that has an id. */
@InterfaceType({
  description: "Something with an id of its own, which `node` finds again.",
  resolveType: (value: { nodeKind?: NodeKind }) => value.nodeKind,
})
export abstract class Node {
  @Field(() => ID, { description: ID_MEANING })
  id!: string;
}

/** The id inside an opaque one of that kind; anything else is answered like an id that does not exist. */
export function localId(kind: NodeKind, opaque: string): string {
  const parsed = parseGlobalId(opaque);
  if (parsed?.kind !== kind) throw failure("NOT_FOUND");
  return parsed.id;
}
