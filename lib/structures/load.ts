import { compileModule } from "../machine/module.ts";

/**
 * Loads one of the modules that belong to this library.
 *
 * @throws TypeError if it is not where it should be.
 */
export async function loadStructure<E extends WebAssembly.Exports>(url: URL): Promise<E> {
  const abort = () => {
    throw new Error("a structure has found itself broken");
  };
  const { exports } = await WebAssembly.instantiate(await compileModule(url), { env: { abort } });
  return exports as E;
}
