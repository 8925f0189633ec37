import { layout } from "../layout.gen.ts";

/** Where a kernel.wasm can come from. */
export type KernelSource = WebAssembly.Module | BufferSource | Response | URL | string;

/** Modules whose layouts have been compared with the library's. */
const checked = new WeakSet<WebAssembly.Module>();

/** The module that belongs to this library, once somebody has asked for it. */
let own: Promise<WebAssembly.Module> | undefined;

/** What Node offers besides the web's interfaces, where this is Node. */
interface NodeProcess {
  getBuiltinModule?(name: "node:fs/promises"): { readFile(path: URL): Promise<Uint8Array<ArrayBuffer>> };
}

/**
 * Compiles a kernel.wasm.
 *
 * @param source  where it is; without it, the one that belongs to this library.
 * @throws TypeError  if it was built with other struct layouts than this library.
 */
export async function loadModule(source?: KernelSource): Promise<WebAssembly.Module> {
  if (source !== undefined) return checkLayout(await compileModule(source));
  // Bundlers know this form, and put the file where the built page finds it.
  own ??= compileModule(new URL("../../build/kernel.wasm", import.meta.url)).then(checkLayout);
  try {
    return await own;
  } catch (error) {
    own = undefined;
    throw error;
  }
}

/** Compiles a module, wherever it comes from. */
export async function compileModule(source: KernelSource): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source;
  if (typeof source === "string") return compileModule(new URL(source, import.meta.url));
  if (source instanceof URL)
    return source.protocol === "file:" ? compileFile(source) : compileModule(await fetch(source));
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) return WebAssembly.compile(source);
  if (!source.ok) throw new TypeError(`${source.url} could not be loaded: ${source.status} ${source.statusText}`);
  // Not compileStreaming(): it refuses servers that do not know the type of .wasm files.
  return WebAssembly.compile(await source.arrayBuffer());
}

/** Reads a file, which only Node can; its module is asked for by name so that bundles for browsers do not hold it. */
async function compileFile(url: URL): Promise<WebAssembly.Module> {
  const { process } = globalThis as { process?: NodeProcess };
  const files = process?.getBuiltinModule?.("node:fs/promises");
  if (files === undefined) throw new TypeError(`${url.href} cannot be read here: pass the kernel.wasm itself`);
  return WebAssembly.compile(await files.readFile(url));
}

function checkLayout(module: WebAssembly.Module): WebAssembly.Module {
  if (checked.has(module)) return module;
  const [section] = WebAssembly.Module.customSections(module, "kstruct");
  if (section === undefined) throw new TypeError("this is no kernel.wasm: it does not say what its structs look like");
  const { hash } = JSON.parse(new TextDecoder().decode(section)) as { hash?: string };
  if (hash !== layout.hash) {
    throw new TypeError(
      `kernel.wasm has layout ${hash}, the library has ${layout.hash}: build both from the same source`,
    );
  }
  checked.add(module);
  return module;
}
