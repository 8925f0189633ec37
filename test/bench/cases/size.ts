import { statSync } from "node:fs";
import { join } from "node:path";
import type { Figure } from "../measure.ts";

/** The size of the module that users load. */
export function size(): Figure[] {
  const { size: bytes } = statSync(join(import.meta.dirname, "../../../build/kernel.wasm"));
  return [
    { name: "release module", value: bytes / 1000, unit: "kB", goal: 150, detail: `build/kernel.wasm, ${bytes} bytes` },
  ];
}
