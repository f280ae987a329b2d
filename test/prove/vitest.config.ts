import { defineConfig } from "vitest/config";
import usual from "../../vitest.config.ts";

/** The drills: too long for every run of the tests, one file after the other so that each has the machine to itself. */
export default defineConfig({
  ...usual,
  test: {
    ...usual.test,
    include: ["test/prove/**/*.prove.ts"],
    testTimeout: 900_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});
