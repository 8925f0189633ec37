/*
 * Where the parts of the memory lie that have a fixed address: see assembly/include/kernel.ts. The root of the
 * machine is KERNEL_BASE in memory.ts.
 */

/** Address of the struct Debugger. */
export const DEBUGGER_BASE = 0x1000;
/** Address of the window through which host and kernel hand bytes to each other. */
export const EXCHANGE_BASE = 0x1_0000;
/** Size of the exchange window. Unit: bytes. */
export const EXCHANGE_SIZE = 0x1_0000;
/** Address of the array of struct Cpu. */
export const CPUS_BASE = 0x2_2000;
/** Distance between two struct Cpu. Unit: bytes. */
export const CPU_STRIDE = 0x400;
/** Address of the ring of trace records. */
export const TRACE_BASE = 0x4_0000;
/** Number of records in the ring. */
export const TRACE_RECORDS = 4096;
