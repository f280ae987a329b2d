import type { GraphqlAnswer } from "../../infra/local/caller.ts";
import { startProgram } from "../support/program.ts";
import { IN_WINDOW } from "../support/steps.ts";
import { writesOf } from "../support/writes.ts";
import type { Request } from "./asking.ts";
import type { Viewer } from "./table.ts";
import { makeWorld, markersIn, type Marker, type World } from "./world.ts";

/** A program with its world, and hands to ask it as each viewer. */
export interface Session {
  world: World;
  markers: readonly Marker[];
  /** Who read what was not for them, so far. */
  leaks: readonly string[];
  ask: (viewer: Viewer, request: Pick<Request, "query" | "variables">) => Promise<GraphqlAnswer>;
  /** Counts everything that was written or mailed so far. */
  done: () => Promise<{ written: number; mailed: number }>;
}

/** Starts a program of its own and makes its world. */
export async function startSession(): Promise<Session> {
  const program = await startProgram({ at: IN_WINDOW });
  const writes = writesOf(program);
  const world = await makeWorld(program);
  const markers = markersIn(world);
  const leaks: string[] = [];
  return {
    world,
    markers,
    leaks,
    async ask(viewer, { query, variables }) {
      const answer = await program.send(world.callers[viewer], query, variables);
      const text = JSON.stringify(answer);
      for (const { what, text: planted, readers } of markers) {
        if (!readers.includes(viewer) && text.includes(planted))
          leaks.push(`${viewer} reads the ${what} ${planted}: ${query}`);
      }
      return answer;
    },
    async done() {
      await program.settle();
      return { written: await writes(), mailed: program.ses.ledger.length };
    },
  };
}
