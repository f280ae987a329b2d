import { carryOut, type CommandContext } from "../shared/command.ts";
import { certificateFrom, certificateKey, writeCertificate } from "./certificate.table.ts";
import { remind } from "./certificate.ts";

/** Does what is due of a certificate's reminders. */
export async function remindHolder(context: CommandContext, number: string): Promise<void> {
  const certificate = certificateFrom(await context.table.get(certificateKey(number)));
  if (!certificate?.nextReminder || context.now < certificate.nextReminder.at) return;
  await carryOut(context, {
    actor: { kind: "PROGRAM" },
    load: async () => certificateFrom(await context.table.get(certificateKey(number))) ?? certificate,
    decide: (current) => remind(current, context.now),
    write: (next, before) => (next === before ? [] : writeCertificate(next)),
  });
}
