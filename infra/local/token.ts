import { join } from "node:path";
import { parseArgs } from "node:util";
import { messageOf } from "./error-message.ts";
import { DEMO_PEOPLE } from "./demo.ts";
import { openIssuer } from "./issuer.ts";
import { readStackFile } from "./stack-file.ts";

const NAMES = DEMO_PEOPLE.map(({ key }) => key).join(", ");

async function token(commandLine: string[]): Promise<string> {
  const { values, positionals } = parseArgs({
    args: commandLine,
    options: { data: { type: "string", default: join(import.meta.dirname, "../../.data") } },
    allowPositionals: true,
  });
  const [key, ...others] = positionals;
  const person = DEMO_PEOPLE.find((candidate) => candidate.key === key);
  if (key === undefined || others.length > 0) throw new Error(`Say whose token: npm run token -- <${NAMES}>`);
  if (person === undefined) throw new Error(`There is no "${key}". There are ${NAMES}.`);
  const url = readStackFile(values.data)?.url;
  if (url === undefined) throw new Error(`Nothing was started with the data folder ${values.data} yet: npm start`);
  const issuer = await openIssuer({ url, directory: values.data, create: false });
  return issuer.sign(person);
}

try {
  process.stdout.write(`${await token(process.argv.slice(2))}\n`);
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}
