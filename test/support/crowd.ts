import type { Caller } from "../../infra/local/caller.ts";
import { abreast } from "./abreast.ts";
import { someone } from "./program.ts";
import { prepare, release, submitted, type Asks } from "./steps.ts";

/** A person with an application that was submitted. */
export interface Applied {
  caller: NonNullable<Caller>;
  applicationId: string;
}

const ABREAST = 10;

/** Many people who have each submitted an application; the name tells crowds apart. */
export function crowd(
  program: Asks,
  cohortId: string,
  { size, name, kind = "CANDIDATE" }: { size: number; name: string; kind?: "CANDIDATE" | "MENTOR" },
): Promise<Applied[]> {
  const callers = Array.from({ length: size }, (_, index) => someone(`${name} ${index}`));
  return abreast(callers, ABREAST, async (caller) => ({
    caller,
    applicationId: await submitted(program, caller, cohortId, kind),
  }));
}

/** Decides on everybody and releases it, a hundred at a time as the program allows. */
export async function decideAll(
  program: Asks,
  cohortId: string,
  applied: readonly Applied[],
  outcome: "ACCEPT" | "DECLINE",
  kind: "CANDIDATE" | "MENTOR" = "CANDIDATE",
): Promise<void> {
  for (let start = 0; start < applied.length; start += 100) {
    await abreast(applied.slice(start, start + 100), ABREAST, async ({ applicationId }) => {
      const { userErrors } = await prepare(program, applicationId, { outcome });
      if (userErrors.length > 0) throw new Error(userErrors.map(({ message }) => message).join(" "));
    });
    const { rows } = await release(program, cohortId, kind, `release-${kind}-${cohortId.slice(-40)}-${start}`);
    const known = rows?.filter(({ released }) => released).length;
    if (known !== Math.min(100, applied.length - start)) throw new Error(`${known} decisions were released`);
  }
}
