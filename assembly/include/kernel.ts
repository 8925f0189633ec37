import { Counters } from "./counters";
import { Costs } from "./costs";
import { Cpu } from "./sched";
import { ListHead } from "./list";
import { VmStat } from "./mmzone";
import { Zone } from "./mm_types";

/*
 * The memory of the machine, from address 0:
 *
 *   0x00000  never used: the null page
 *   0x01000  Monitor: what the host asks of this run (not part of the machine)
 *   0x02000  constants of the compiled module
 *   0x10000  exchange window between host and kernel (not part of the machine)
 *   0x20000  Kernel, the root of everything       <- the machine begins here
 *   0x22000  Cpu[64], each with its call stack
 *   0x32000  Tlb: what the processor remembers of the page tables
 *   0x40000  the ring of trace records
 *   0x100000 sections of page frames, to the end of the memory
 */

/** Address of the struct Monitor. */
export const MONITOR_BASE: usize = 0x1000;
/** Address of the window through which host and kernel hand bytes to each other. */
export const EXCHANGE_BASE: usize = 0x10000;
/** Size of the exchange window. Unit: bytes. */
export const EXCHANGE_SIZE: usize = 0x10000;
/** Address of the struct Kernel: the machine is the memory from here on. */
export const KERNEL_BASE: usize = 0x20000;
/** Address of the array of struct Cpu. */
export const CPUS_BASE: usize = 0x22000;
/** Distance between two struct Cpu. Unit: bytes. */
export const CPU_STRIDE: usize = 0x400;
/** Address of the struct Tlb. */
export const TLB_BASE: usize = 0x32000;
/** Greatest number of CPUs that a machine can have. */
export const NR_CPUS: u32 = 64;
/** Address of the ring of trace records. */
export const TRACE_BASE: usize = 0x40000;
/** Number of records in the ring: a power of two. */
export const TRACE_RECORDS: u32 = 4096;
/** Address of the first section of page frames. */
export const SECTIONS_BASE: usize = 0x100000;

/**
 * What the host asks of this run. It lies outside the machine: two machines that are equal but for it are the same.
 */
@unmanaged
export class Monitor {
  /** The tick at which the host is called: to stop the machine there, or to take the ring's records. 0: never. */
  stop_at: u64;
}

/**
 * Root of the machine: everything that it is hangs off this struct, at a fixed address, so that a copy of the
 * memory is a copy of the machine.
 */
@unmanaged
export class Kernel {
  /** Number of tracepoints passed since boot. */
  tick: u64;
  /** Number of inputs taken since boot. */
  inputs: u64;
  /** State of the random number generator. */
  random: u64;
  /** Seed that the machine was booted with. */
  seed: u64;
  /** 1 while tracepoints are written. */
  tracing: u32;
  /** Number of CPUs. */
  nr_cpus: u32;
  /** The CPU whose time passes now. */
  cpu: Cpu;
  /** Result of the last system call that returned to user mode, as a floating-point number. */
  result: f64;
  /** First address behind everything that was ever used: the rest of the memory is still zero. */
  high_water: usize;
  /** DeviceFlags: what the devices are like. */
  devices: u32;
  /** How many commands the disk takes at once. */
  queue_depth: u32;
  /** Ceiling of the memory. Unit: bytes; 0 stands for 4 GiB. */
  memory_limit: usize;

  /** The page allocator. */
  zone: Zone;
  /** The page allocator of the devices and of the world outside; null until they need a frame. */
  device_zone: Zone;
  /** Number of sections, of both. */
  nr_sections: u32;
  /** All slab caches. */
  @to("SlabState") slab: usize;
  /** Caches of address spaces. */
  @to("MmState") mm: usize;
  /** All tasks and the run queue. */
  @to("SchedState") sched: usize;
  /** Caches of what signals are made of. */
  @to("SignalState") signals: usize;
  /** Timers, by expiry. */
  @to("TimerBase") timers: usize;
  /** What to do for each soft interrupt. */
  @to("SoftirqVector") softirq: usize;
  /** Sockets by address, and the protocol handlers. */
  @to("NetState") net: usize;
  /** The function that serves each system call, by number: indices into the function table, 4 bytes each. */
  sys_call_table: usize;
  /** Timers of the host that went off and that it has not yet been told of: HostTimer.link of each. */
  host_timers: ListHead;
  /** The network card. */
  @to("NicState") nic: usize;
  /** The disk as the block layer knows it. */
  @to("GenDisk") block: usize;
  /** The disk itself, and what lies on it. */
  @to("DiskState") disk: usize;
  /** The outside world: the other end of the wire. */
  @to("Wire") wire: usize;
  /** How tasks get their descriptor tables. */
  @to("FilesOperations") files_operations: usize;
  /** Files: the operation tables and the file system. */
  @to("FsState") fs: usize;
  /** The page cache: who waits for pages, and what is counted of it. */
  @to("PageCache") page_cache: usize;
  /** Asynchronous input and output: its contexts and requests. */
  @to("AioState") aio: usize;
  /** The lists of folios, by which memory is found when there is none left. */
  @to("PgData") pgdat: usize;
  /** Files to be written back, and who does it. */
  @to("BdiWriteback") wb: usize;
  /** What happened to memory, counted. */
  vmstat: VmStat;
  /** Rings of io_uring(7). */
  @to("IoUringState") io_uring: usize;
  /** The user side: what programs do in their libraries. */
  @to("UserState") user: usize;
  /** What happened, counted for the whole machine. */
  counters: Counters;
  /** What everything costs. Unit: ns. */
  costs: Costs;
}

/** The root. */
export const kernel: Kernel = changetype<Kernel>(KERNEL_BASE);

/** What the host asks of this run. */
export const monitor: Monitor = changetype<Monitor>(MONITOR_BASE);
