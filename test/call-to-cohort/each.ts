import { abreast } from "../support/abreast.ts";
import type { Program } from "../support/program.ts";

const TOGETHER = 24;
const ABREAST = 8;

/** Does something with each of these people, some at a time. The mails go out in between, so that they never pile up. */
export async function each<One, Answer>(
  program: Program,
  people: readonly One[],
  work: (one: One) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let start = 0; start < people.length; start += TOGETHER) {
    answers.push(...(await abreast(people.slice(start, start + TOGETHER), ABREAST, work)));
    await program.settle();
  }
  return answers;
}
