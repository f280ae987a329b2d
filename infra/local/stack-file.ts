import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeDurably } from "./durable.ts";

/** What a data folder remembers of its stack. */
export interface StackFile {
  /** Address when it last started: the issuer of its tokens. */
  url: string;
  /** "none" when the folder was first started empty; such a folder never gets the demo mixed into it. */
  demo: "none" | "begun" | "done";
}

const NAME = "stack.json";

/** What the folder's stack was; undefined before its first start. Throws one clear sentence when the file is broken. */
export function readStackFile(dataDirectory: string): StackFile | undefined {
  const file = join(dataDirectory, NAME);
  if (!existsSync(file)) return undefined;
  try {
    const content: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (isStackFile(content)) return content;
  } catch {
    // The sentence below says all that helps.
  }
  throw new Error(`The file ${file} is broken: move the data folder away, or put back a copy.`);
}

/** Notes what the folder's stack is. */
export async function writeStackFile(dataDirectory: string, content: StackFile): Promise<void> {
  await writeDurably(join(dataDirectory, NAME), JSON.stringify(content));
}

function isStackFile(content: unknown): content is StackFile {
  if (typeof content !== "object" || content === null || !("url" in content) || !("demo" in content)) return false;
  return typeof content.url === "string" && ["none", "begun", "done"].some((state) => state === content.demo);
}
