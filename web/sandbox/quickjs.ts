import variant from "@jitl/quickjs-wasmfile-release-sync";
import { type QuickJSWASMModule, newQuickJSWASMModuleFromVariant, newVariant } from "quickjs-emscripten-core";
import type { Limits } from "./limits.ts";

const PAGE = 65_536;
/** What the engine begins with. Unit: bytes. */
const FIRST = 256 * PAGE;

/**
 * An engine that has not run anything yet. Its WebAssembly memory cannot grow beyond the limit: the engine's own count of
 * what it has allocated leaves out what its texts hold.
 *
 * @param location  where its module is, if not beside its code.
 */
export function newEngine({ memory }: Pick<Limits, "memory">, location?: string): Promise<QuickJSWASMModule> {
  const wasmMemory = new WebAssembly.Memory({ initial: FIRST / PAGE, maximum: Math.ceil((FIRST + memory) / PAGE) });
  const options = location === undefined ? { wasmMemory } : { wasmMemory, wasmLocation: location };
  return newQuickJSWASMModuleFromVariant(newVariant(variant, options));
}
