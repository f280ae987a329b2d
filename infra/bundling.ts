import type { BuildOptions } from "esbuild";

/** How each function is bundled, in esbuild's own words: the cloud stack, the tests and the benchmark all take it from here. */
export const BUNDLE = {
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node24",
  minify: true,
  // Minifying would rename the classes that type-graphql names its types after.
  keepNames: true,
  sourcemap: true,
  sourcesContent: false,
  mainFields: ["module", "main"],
  // One copy of graphql and of Apollo, whoever imports them.
  conditions: ["module", "import"],
  // Naming the externals also bundles the SDK: the version of the lock file, and a faster start than the runtime's own.
  external: ["class-validator"],
  // CommonJS packages inside an ES module still ask for these three.
  banner: {
    js: [
      'import{createRequire as programRequire}from"node:module";',
      'import{fileURLToPath as programPath}from"node:url";',
      "const require=programRequire(import.meta.url);",
      "const __filename=programPath(import.meta.url);",
      'const __dirname=programPath(new URL(".",import.meta.url));',
    ].join(""),
  },
} satisfies BuildOptions;
