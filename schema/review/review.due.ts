import { loadPerson } from "../person/person.table.ts";
import { carryOut, type CommandContext } from "../shared/command.ts";
import type { Item } from "../shared/keys.ts";
import { tellReviewer } from "./reminder.ts";
import { nextStepOf } from "./review.ts";
import { loadWork, reviewFrom, writeReview } from "./review.table.ts";

/** Tells or reminds a reviewer of all their reviews when one of them is due; the others then have nothing left to say. */
export async function lookAfterReviews(context: CommandContext, _id: string, { pk, sk }: Item): Promise<void> {
  const review = reviewFrom(await context.table.get({ pk, sk }));
  const step = review && nextStepOf(review);
  if (!review || !step || context.now < step) return;
  await carryOut(context, {
    actor: { kind: "PROGRAM" },
    load: async () => {
      const person = await loadPerson(context.table, review.personId);
      return { person, work: person ? await loadWork(context.table, person) : [] };
    },
    decide: ({ person, work }) => (person ? tellReviewer(person, work, context.now) : { outcome: [], events: [] }),
    write: (reviews) => reviews.flatMap(writeReview),
  });
}
