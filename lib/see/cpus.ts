import { KERNEL_BASE, type Reader, structs } from "./reader.ts";
import { enumName } from "./names.ts";
import { layout } from "../layout.gen.ts";

const { CPUS_BASE, CPU_STRIDE, CALL_STACK, NR_CPUS } = layout.constants;

/** A CPU, with the kernel functions that it is in. */
export interface CpuState {
  /** Address of the struct Cpu. */
  address: number;
  id: number;
  /** Its clock. Unit: ns since boot. */
  clock: number;
  /** Name of the CpuContext: `IDLE`, `USER`, `SYSCALL`, `HARDIRQ`, `SOFTIRQ`, `KTHREAD`. */
  context: string;
  /** Address of the task that runs; 0: none. */
  curr: number;
  /** Names of the functions, the outermost first; of a deeper stack than is kept, the outer part. */
  stack: string[];
}

/** All CPUs. */
export function cpus(reader: Reader): CpuState[] {
  const count = Math.min(reader.get("Kernel", KERNEL_BASE, "nr_cpus"), NR_CPUS);
  return Array.from({ length: count }, (_, i) => {
    const address = CPUS_BASE + i * CPU_STRIDE;
    const depth = Math.min(reader.get("Cpu", address, "depth"), CALL_STACK);
    const events = address + structs["Cpu"]!.size;
    return {
      address,
      id: reader.get("Cpu", address, "id"),
      clock: reader.get("Cpu", address, "clock"),
      context: enumName("CpuContext", reader.get("Cpu", address, "context")),
      curr: reader.get("Cpu", address, "curr"),
      stack: Array.from({ length: depth }, (_, level) => enumName("Tp", reader.u16(events + level * 2))),
    };
  });
}
