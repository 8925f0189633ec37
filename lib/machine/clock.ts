import { CPUS_BASE, CPU_STRIDE } from "./memory_map.ts";
import { KERNEL_BASE, type KernelMemory, fieldOffset } from "./memory.ts";

const CLOCK = fieldOffset("Cpu", "clock");

/** The virtual time: that of the CPU that is furthest ahead. Unit: ns since boot. */
export function timeOf(memory: KernelMemory): number {
  let time = 0;
  const cpus = memory.get("Kernel", KERNEL_BASE, "nr_cpus");
  for (let cpu = 0; cpu < cpus; cpu++) time = Math.max(time, memory.number64(CPUS_BASE + cpu * CPU_STRIDE + CLOCK));
  return time;
}
