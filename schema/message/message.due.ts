import { whenUnknown } from "../mails.ts";
import type { CommandContext } from "../shared/command.ts";
import { LostVersion } from "../shared/table.ts";
import { messageFrom, messageKey, writeMessage } from "./message.table.ts";
import { sweep } from "./message.ts";

/** Rings again for a message that nobody picked up, and settles one whose sender was lost. */
export async function sweepMessage({ table, now }: CommandContext, id: string): Promise<void> {
  const message = messageFrom(await table.get(messageKey(id)));
  const next = message && sweep(message, whenUnknown(message.template), now);
  if (!next) return;
  try {
    await table.commit(writeMessage(next, message));
  } catch (error) {
    // Whoever was faster has taken care of it.
    if (!(error instanceof LostVersion)) throw error;
  }
}
