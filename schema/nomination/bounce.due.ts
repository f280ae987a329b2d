import type { Message } from "../message/message.ts";
import type { CommandContext } from "../shared/command.ts";
import { recorded } from "../shared/command.ts";
import { isRefused } from "../shared/decision.ts";
import { writeEvent } from "../shared/event.ts";
import type { Write } from "../shared/write.ts";
import { bounceNomination } from "./course.ts";
import { loadAsked, writeAsked } from "./nomination.table.ts";

/**
 * What is written together with a mail that came back for good: of a mail to whoever was asked for a nomination, that they
 * cannot be reached. Nothing of other mails, and nothing when the nomination is answered or over.
 */
export async function noteBounce(context: CommandContext, { about, personId }: Message): Promise<Write[]> {
  const found = about.kind === "Nomination" && personId === null ? await loadAsked(context.table, about.id) : undefined;
  const { application } = found ?? {};
  if (!found || !application) return [];
  const before = { nomination: found.nomination, application };
  const step = bounceNomination(before);
  if (isRefused(step)) return [];
  const events = recorded(context, { kind: "PROGRAM" }, step.events);
  return [...writeAsked(step.outcome, before), ...events.map(writeEvent)];
}
