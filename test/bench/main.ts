import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { arch, availableParallelism, cpus, platform, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { bundle, PROJECT } from "../support/bundle.ts";
import { killStacks } from "../support/stack-process.ts";
import { coldStart } from "./cold-start.ts";
import { floods, MOST_MILLISECONDS } from "./floods.ts";
import { overHttp, type Load } from "./http.ts";
import { printRatios } from "./paired.ts";
import { wholeRequest } from "./request.ts";

const COLD_STARTS = 11;

const folder = mkdtempSync(join(tmpdir(), "bench-"));
process.once("exit", () => {
  killStacks();
  rmSync(folder, { recursive: true, force: true });
});

const gigabytes = Math.round(totalmem() / 2 ** 30);
console.log(`npm run bench, on ${platform()} ${arch()}, ${availableParallelism()} cores (${cpus()[0]?.model.trim()}),`);
console.log(`${gigabytes} GB, node ${process.version}. Believe the ratios: times drift.\n`);

console.log("Bundles, in bytes");
for (const name of readdirSync(join(PROJECT, "functions"), { withFileTypes: true })) {
  if (!name.isDirectory()) continue;
  const own = join(folder, "sizes", name.name);
  mkdirSync(own, { recursive: true });
  const { file, bytes } = await bundle(`functions/${name.name}/index.ts`, own);
  const packed = gzipSync(readFileSync(file)).length;
  console.log(`  ${name.name.padEnd(10)} ${String(bytes).padStart(9)}   gzip ${String(packed).padStart(8)}`);
}

console.log("\nThe cohort query (30 applications) in process: processor time relative to bare graphql-js");
printRatios(await wholeRequest());

console.log(
  `\nDocuments made to keep the function busy: processor milliseconds until refused, at most ${MOST_MILLISECONDS} each`,
);
for (const { what, milliseconds, requests } of await floods()) {
  const isBad = milliseconds > MOST_MILLISECONDS || requests > 0;
  console.log(
    `  ${what.padEnd(52)} ${milliseconds.toFixed(1).padStart(6)}   table ${requests}${isBad ? "   TOO MUCH" : ""}`,
  );
}

console.log(
  `\nCold start: process start to first answer relative to the least that asks the table, median of ${COLD_STARTS} alternating runs`,
);
printRatios(await coldStart(folder, COLD_STARTS));

console.log("\nOver HTTP against the laptop stack, 8 at a time, signed in");
const { board, smallest } = await overHttp();
const line = ({ perSecond, p50, p99 }: Load) =>
  `${perSecond.toFixed(0).padStart(5)} a second   p50 ${p50.toFixed(1)} ms   p99 ${p99.toFixed(1)} ms`;
console.log(`  the smallest query  ${line(smallest)}`);
console.log(`  the cohort query    ${line(board)}`);
console.log(`  the cohort query costs ${(smallest.perSecond / board.perSecond).toFixed(2)} times the smallest one`);
process.exit(0);
