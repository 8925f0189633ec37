import { layout } from "../layout.gen.ts";

/*
 * Where the parts of the memory lie that have a fixed address. The root of the machine is KERNEL_BASE in memory.ts.
 */
export const {
  MONITOR_BASE,
  EXCHANGE_BASE,
  EXCHANGE_SIZE,
  CPUS_BASE,
  CPU_STRIDE,
  TRACE_BASE,
  TRACE_RECORDS,
  SECTIONS_BASE,
  PAGE_SIZE,
} = layout.constants;
