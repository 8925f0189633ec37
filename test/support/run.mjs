// @ts-check
// Runs a TypeScript file that is not a test, such as a benchmark: node test/support/run.mjs FILE [ARGUMENT...]
// Node 20 cannot read types; Vite can, and is here anyway.
import { resolve } from "node:path";
import { runnerImport } from "vite";

const [file, ...rest] = process.argv.slice(2);
if (!file) throw new TypeError("run.mjs wants the path of a TypeScript file");
process.argv = [process.execPath, resolve(file), ...rest];
await runnerImport(resolve(file), { configFile: false, logLevel: "error" });
