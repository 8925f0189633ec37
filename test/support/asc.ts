import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { compile as compileTo } from "../../assembly/transform/asc.mjs";

const root = join(import.meta.dirname, "../..");

/**
 * Compiles an AssemblyScript file that only tests need, with the options of the kernel; at once if nothing has changed
 * since the last time.
 *
 * @param entry  Path from the root of the repository, such as "test/assembly/structures.ts".
 * @returns      The module, build/test/structures.wasm. Who instantiates it brings its imports (env.abort, ...).
 */
export async function compile(entry: string): Promise<WebAssembly.Module> {
  const outFile = `build/test/${basename(entry, ".ts")}.wasm`;
  await compileTo({ entry, outFile });
  return WebAssembly.compile(await readFile(join(root, outFile)));
}
