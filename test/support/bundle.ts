import { join } from "node:path";
import { build, type Metafile } from "esbuild";
import { BUNDLE } from "../../infra/bundling.ts";

/** The repository's folder, from which the bundler looks at the sources. */
export const PROJECT = join(import.meta.dirname, "../..");

/** A function's bundle on the disk, and what went into it. */
export interface Bundle {
  file: string;
  bytes: number;
  inputs: Metafile["outputs"][string]["inputs"];
}

/** Bundles a file, a function's entry point usually, into the folder with the options of the deployed functions. */
export async function bundle(entry: string, folder: string, changes: object = {}): Promise<Bundle> {
  const file = join(folder, "index.mjs");
  const { metafile } = await build({
    ...BUNDLE,
    ...changes,
    entryPoints: [entry],
    absWorkingDir: PROJECT,
    outfile: file,
    metafile: true,
    logLevel: "error",
  });
  const output = Object.entries(metafile.outputs).find(([name]) => name.endsWith("index.mjs"))?.[1];
  if (!output) throw new Error(`Nothing was made of ${entry}`);
  return { file, bytes: output.bytes, inputs: output.inputs };
}
