import { compileModule } from "../machine/module.ts";

/**
 * Loads one of the modules that belong to this library.
 *
 * @param url  where it is; one that ends with .js is the same module in JavaScript, as wasm2js makes it.
 * @throws TypeError if it is not where it should be.
 */
export async function loadStructure<E extends WebAssembly.Exports>(url: URL): Promise<E> {
  // A new instance each time, as of a WebAssembly module, is not to be had: a script is loaded once.
  if (url.pathname.endsWith(".js")) return (await import(/* @vite-ignore */ url.href)) as E;
  const abort = () => {
    throw new Error("a structure has found itself broken");
  };
  const { exports } = await WebAssembly.instantiate(await compileModule(url), { env: { abort } });
  return exports as E;
}
