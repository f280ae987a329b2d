import { readFileSync } from "node:fs";
import { join } from "node:path";
import { call, type GraphqlAnswer } from "../../infra/local/caller.ts";
import type { Stack } from "../../infra/local/stack.ts";
import { abreast } from "../support/abreast.ts";
import { crowd, decideAll } from "../support/crowd.ts";
import { STAFF } from "../support/program.ts";
import { issue, publishedCohort, type Asks } from "../support/steps.ts";

/** The cohort query: the board that staff and committee work with. */
export const BOARD = readFileSync(join(import.meta.dirname, "../dashboards/cohort-board.graphql"), "utf8");

/** Asks a stack in this process, as staff unless told otherwise. */
export function asksOf(stack: Stack): Asks {
  return {
    ask: async <Data>(caller: Parameters<typeof call>[1], query: string, variables?: Record<string, unknown>) => {
      const { data, errors } = await call(stack, caller, query, variables);
      if (errors) throw new Error(errors.map(({ message }) => message).join(" "));
      return data as Data;
    },
  };
}

/** A cohort with 30 applications: 15 accepted and certified, 15 declined. Answers its id. */
export async function boardOf(program: Asks): Promise<string> {
  const window = { zone: "UTC", windowOpens: "2026-08-01T08:00", windowCloses: "2099-08-01T08:00" };
  const cohortId = await publishedCohort(program, window);
  const applied = await crowd(program, cohortId, { size: 30, name: "Board" });
  await decideAll(program, cohortId, applied.slice(0, 15), "ACCEPT");
  await abreast(applied.slice(0, 15), 5, ({ applicationId }) => issue(program, applicationId));
  return cohortId;
}

/** Throws when the answer is not the whole board. */
export function requireBoard({ data, errors }: GraphqlAnswer): Record<string, unknown> {
  const rows = (data as { cohort?: { candidates: { nodes: unknown[] } } } | null)?.cohort?.candidates.nodes.length;
  if (errors || rows !== 30) throw new Error(`The board is not whole: ${rows} rows, ${JSON.stringify(errors)}`);
  return data!;
}

export { STAFF };
