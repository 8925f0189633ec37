import type { Kernel } from "../kernel.ts";
import type { TraceRecord } from "../machine/records.ts";

/** Everything that a machine has done. @throws TypeError if it was booted without a trace. */
export function recordsOf(kernel: Kernel): TraceRecord[] {
  if (kernel.ticks === 0 && kernel.inputs > 0)
    throw new TypeError("this machine was booted with { trace: false }: nothing is known of its run");
  return [...kernel.trace];
}
