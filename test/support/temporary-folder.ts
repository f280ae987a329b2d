import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterwards } from "./afterwards.ts";

/** A folder that is removed after the test, or after the file's tests outside of one. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "program-"));
  afterwards(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
