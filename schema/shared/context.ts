import type { Loaders } from "../loaders.ts";
import type { Viewer } from "../person/person.ts";
import type { CommandContext } from "./command.ts";
import type { Actor } from "./event.ts";
import type { FileStore } from "./files.ts";

/** One request's surroundings. Made anew for each; nothing of it outlives the answer. */
export interface RequestContext extends CommandContext {
  /** Null when nobody is signed in. */
  viewer: Viewer | null;
  load: Loaders;
  files: FileStore;
  /** Where people reach the program on the web. */
  publicUrl: string;
}

/** The viewer of an operation whose rule demands a sign-in. */
export function viewerOf({ viewer }: RequestContext): Viewer {
  if (viewer === null) throw new Error("An operation for signed-in people ran without its rule");
  return viewer;
}

/** The viewer as the actor of an event. */
export function actorOf(context: RequestContext): Actor {
  return { kind: "PERSON", id: viewerOf(context).person.id };
}
