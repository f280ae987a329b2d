import type { ProgramEvent } from "../events.ts";
import { linkKey } from "../link/link.table.ts";
import { messagesOf } from "../mails.ts";
import { eraseMessage } from "../message/message.ts";
import { messageFrom, messageKey, writeMessage } from "../message/message.table.ts";
import { removeLetter } from "../nomination/course.ts";
import { loadAsked, loadNominationLinks, writeAsked } from "../nomination/nomination.table.ts";
import { carryOut, type CommandContext } from "../shared/command.ts";
import type { Subject } from "../shared/decision.ts";
import type { Actor, Recorded } from "../shared/event.ts";
import { LostVersion } from "../shared/table.ts";
import { drop } from "../shared/write.ts";
import { redactHistories } from "./redact.table.ts";
import { readHistory } from "./trace.table.ts";

/**
 * Takes out of a nomination who gave it and what they wrote, and out of the mails to them and the links in these where they
 * went. Answers how much was removed or is waited for; done twice, nothing the second time.
 */
export async function removeNominationContent(context: CommandContext, id: string, actor: Actor): Promise<number> {
  const { table, now } = context;
  const found = await loadAsked(table, id);
  if (!found) return 0;
  const { applicationId, linkId, origin } = found.nomination;
  let removed = await redactHistories(table, [{ kind: "Nomination", id }]);
  removed += await eraseOutsidersMails(context, id, applicationId);
  removed += applicationId === null ? 0 : await dropLinks(context, applicationId, id);
  removed += origin === "UNSOLICITED" && linkId !== null ? await dropOffer(context, linkId) : 0;
  const carried = await carryOut(context, {
    actor,
    load: async () => (await loadAsked(table, id)) ?? found,
    decide: ({ cohort, ...asked }) => removeLetter(asked, { cohort, now }),
    write: (next, before) => writeAsked(next, before),
  });
  const isChanged = carried.status === "done" && carried.outcome.nomination !== carried.loaded.nomination;
  return removed + (isChanged ? 1 : 0);
}

/** Mails to people without a record here are found by the events that brought them, of the nomination and of its application. */
async function eraseOutsidersMails(
  { table, now }: CommandContext,
  id: string,
  applicationId: string | null,
): Promise<number> {
  const subjects: Subject[] = [{ kind: "Nomination", id }];
  if (applicationId !== null) subjects.push({ kind: "Application", id: applicationId });
  const histories = await Promise.all(subjects.map((subject) => readHistory(table, subject)));
  const wanted = (histories.flat() as Recorded<ProgramEvent>[])
    .flatMap((event) => messagesOf(event, now))
    .filter(({ personId, about }) => personId === null && about.kind === "Nomination" && about.id === id);
  let left = 0;
  for (const { id: messageId } of wanted) {
    const message = messageFrom(await table.get(messageKey(messageId)));
    if (!message || message.erasedAt !== undefined) continue;
    const next = eraseMessage(message, now);
    if (next) await table.commit(writeMessage(next)).catch(unlessLost);
    left++;
  }
  return left;
}

async function dropLinks({ table }: CommandContext, applicationId: string, id: string): Promise<number> {
  const { links } = await loadNominationLinks(table, applicationId);
  const theirs = links.filter(({ facts }) => facts.nominationId === id);
  for (const link of theirs) await table.commit([drop(linkKey(link.id))]).catch(unlessLost);
  return theirs.length;
}

/** The link by which whoever wrote it has confirmed that. */
async function dropOffer({ table }: CommandContext, linkId: string): Promise<number> {
  if (!(await table.get(linkKey(linkId)))) return 0;
  await table.commit([drop(linkKey(linkId))]).catch(unlessLost);
  return 1;
}

/** Somebody else was faster: what is left of it shows at the next look. */
function unlessLost(error: unknown): void {
  if (!(error instanceof LostVersion)) throw error;
}
