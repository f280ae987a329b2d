import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Program } from "./program.ts";
import { readTable } from "./stored.ts";

/** The places where one of the texts is still found, in whatever capitals: items of the table, mails, lines of the ledger. */
export async function tracesOf(program: Program, texts: readonly string[], mailFolder?: string): Promise<string[]> {
  await program.settle();
  const { items } = await readTable(program);
  const mails = await Promise.all((await program.ses.mails()).map(async ({ id }) => String(await program.ses.raw(id))));
  const places = [
    ...items.map((item) => [`${item.pk} ${item.sk}`, JSON.stringify(item)] as const),
    ...mails.map((mail, index) => [`mail ${index}`, mail] as const),
    ...program.ses.ledger.map((line) => [`call ${line.number}`, JSON.stringify(line)] as const),
    ...filesIn(mailFolder).map((file) => [file, readFileSync(file, "utf8")] as const),
  ];
  return places.flatMap(([place, content]) => {
    const text = content.toLowerCase();
    return texts.filter((one) => text.includes(one.toLowerCase())).map((one) => `${one} in ${place}`);
  });
}

function filesIn(folder: string | undefined): string[] {
  return folder === undefined ? [] : readdirSync(folder).map((name) => join(folder, name));
}
