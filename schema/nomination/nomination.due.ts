import { applicationFrom, applicationKey } from "../application/application.table.ts";
import { applicationIds, theOneThatCounts } from "../application/application.ts";
import type { Cohort } from "../cohort/cohort.ts";
import { loadByEmail } from "../person/person.table.ts";
import { removeNominationContent } from "../privacy/letter.due.ts";
import { carryOut, type CommandContext } from "../shared/command.ts";
import { isLetterDue, lookAfter } from "./course.ts";
import { isOpen, type Nomination } from "./nomination.ts";
import {
  loadAsked,
  nominationFrom,
  nominationKey,
  writeAsked,
  writeNomination,
  type Loaded,
} from "./nomination.table.ts";
import { endOffer } from "./offered.ts";
import { searchOn } from "./unsolicited.ts";

const PROGRAM = { kind: "PROGRAM" } as const;

/** Does what is due of a nomination: a reminder, its end, a search for its application, the removal of what is in it. */
export async function lookAfterNomination(context: CommandContext, id: string): Promise<void> {
  const found = await loadAsked(context.table, id);
  if (!found) return;
  const { nomination, application, cohort } = found;
  if (isLetterDue(nomination, context.now)) {
    await removeNominationContent(context, id, PROGRAM);
  } else if (isOpen(nomination) && nomination.dueAt <= context.now) {
    if (nomination.state === "OFFERED") await end(context, nomination, cohort);
    else if (nomination.state === "UNMATCHED") await search(context, nomination, cohort);
    else if (application) await goOn(context, id, { nomination, application, cohort });
  }
}

async function goOn(context: CommandContext, id: string, first: Loaded): Promise<void> {
  await carryOut(context, {
    actor: PROGRAM,
    load: async () => {
      const { nomination, application, cohort } = (await loadAsked(context.table, id)) ?? first;
      return { nomination, application: application ?? first.application, cohort };
    },
    decide: ({ cohort, ...asked }) => lookAfter(asked, cohort, context.now),
    write: (next, before) => writeAsked(next, before),
  });
}

async function end(context: CommandContext, first: Nomination, cohort: Cohort): Promise<void> {
  const { table, now } = context;
  await carryOut(context, {
    actor: PROGRAM,
    load: async () => nominationFrom(await table.get(nominationKey(first.id))) ?? first,
    decide: (nomination) => endOffer(nomination, { cohort, now }),
    write: (next, before) => (next === before ? [] : writeNomination(next)),
  });
}

/** Looks whether somebody who has proved the address has an application by now. */
async function search(context: CommandContext, nomination: Nomination, cohort: Cohort): Promise<void> {
  const { table, now } = context;
  const claimed = nomination.nominee && (await loadByEmail(table, nomination.nominee.email));
  const person = claimed?.person.state === "ACTIVE" ? claimed.person : undefined;
  const keys = (person ? ["CANDIDATE" as const, "MENTOR" as const] : []).flatMap((kind) =>
    applicationIds(cohort.id, kind, person!).map(applicationKey),
  );
  const applications = keys.length > 0 ? (await table.getMany(keys)).map(applicationFrom) : [];
  const application = theOneThatCounts(applications);
  await carryOut(context, {
    actor: PROGRAM,
    load: async () => {
      const [found, candidate] = await table.getMany([
        nominationKey(nomination.id),
        applicationKey(application?.id ?? "none"),
      ]);
      return { nomination: nominationFrom(found) ?? nomination, application: applicationFrom(candidate) };
    },
    decide: (loaded) => searchOn(loaded, { cohort, person, now }),
    write: (next, before) => writeAsked(next, before),
  });
}
