import { compile } from "./asc.ts";

/** Any function that test/assembly/structures.ts exports: numbers in, a number out. */
type Flat = (...args: number[]) => number;

/** One machine that has nothing but the ground structures. */
export type Structures<Name extends string> = { [name in Name]: Flat } & { memory: WebAssembly.Memory };

/** Memory that no structure uses: addresses for the structs of a test. */
export const SCRATCH = 0x10000;

/**
 * Compiles the structures once, and makes as many machines of them as a test wants.
 *
 * @param names  The functions that the test calls.
 * @throws Error if there is no such function. A failed assertion of the machine throws an Error as well.
 */
export async function structures<const Name extends string>(...names: Name[]): Promise<() => Structures<Name>> {
  const module = await compile("test/assembly/structures.ts");
  const abort = (_message: number, _file: number, line: number) => {
    throw new Error(`assertion failed in line ${line}`);
  };
  return () => {
    const { exports } = new WebAssembly.Instance(module, { env: { abort }, trace: { stop: () => {} } });
    for (const name of names) if (!(name in exports)) throw new Error(`no function ${name} in the structures`);
    return exports as Structures<Name>;
  };
}
