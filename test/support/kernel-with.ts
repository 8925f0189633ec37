import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { compile } from "./asc.ts";
import { layout } from "../../lib/layout.gen.ts";

/**
 * The kernel with more in it that only tests need: it takes part where kernel.wasm does.
 *
 * @param entry  Path from the root of the repository; it begins with the import of assembly/index.
 */
export async function kernelWith(entry: string): Promise<Uint8Array<ArrayBuffer>> {
  await compile(entry);
  const bytes = new Uint8Array(await readFile(`build/test/${basename(entry, ".ts")}.wasm`));
  // Its structs are the library's own, only its function table is longer: it gets the library's hash.
  const [section] = WebAssembly.Module.customSections(new WebAssembly.Module(bytes), "kstruct");
  const { hash } = JSON.parse(new TextDecoder().decode(section)) as { hash: string };
  const at = Buffer.from(bytes.buffer).lastIndexOf(hash);
  bytes.set(new TextEncoder().encode(layout.hash), at);
  return bytes;
}
