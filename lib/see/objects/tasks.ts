import type { KernelObjectOf } from "./base.ts";

/** A task. */
export interface TaskObject extends KernelObjectOf<"TaskStruct"> {
  readonly pid: number;
  readonly tgid: number;
  /** Its name. */
  readonly comm: string;
  /** Name of its TaskState: `RUNNING`, `INTERRUPTIBLE`, `ZOMBIE`. */
  readonly state: string;
  /** `USER` or `KERNEL`. */
  readonly mode: string;
  /** Number of the CPU that it runs on or ran on last. */
  readonly cpu: number;
  /** Whether it is on that CPU now. */
  readonly running: boolean;
  /** Whether it waits in the run queue. */
  readonly queued: boolean;
  /** Whether its program runs outside the machine. */
  readonly adopted: boolean;
  /** Whether it is a kernel thread: it works for the kernel and has no program. */
  readonly kthread: boolean;
  /** The system call that it is in: `epoll_wait(4, 0x7ffeffff000, 64, -1)`; null in user mode. */
  readonly call: string | null;
  /** The number of that system call, as x86-64 has it; null in user mode. */
  readonly nr: number | null;
  /** Its arguments, as many as it has: 64-bit numbers in decimal; none in user mode. */
  readonly args: readonly string[];
  /** Address of the IoKiocb that it does just now, for itself or as a worker: a request of a ring; 0: none. */
  readonly request: number;
  /** What its last system call returned: `-1 EAGAIN`; null before the first, and in one. */
  readonly result: string | null;
  /** Address of its FilesStruct; 0 once it has ended. */
  readonly files: number;
  /** Address of its MmStruct; 0 once it has ended. */
  readonly mm: number;
  /** Address of the task whose child it is; 0: none. */
  readonly parent: number;
  /** Names of the signals that are kept from it for now. */
  readonly blocked: readonly string[];
  /** Names of the signals that wait for this thread alone. */
  readonly pending: readonly string[];
  /** Names of the signals whose handlers run, the outermost first: each has interrupted the one before. */
  readonly handlers: readonly string[];
  /** The wait queue on which it sleeps: its address, the object it is part of, and its name there; null: none. */
  readonly sleepsOn: { readonly head: number; readonly owner: number; readonly name: string } | null;
  /** When its alarm goes off, in ns since boot; null: no alarm is set. */
  readonly alarm: number | null;
  /** Address of the file that its sleeping system call holds on to; 0: none. */
  readonly held: number;
  /** Time spent in user mode. Unit: ns. */
  readonly utime: number;
  /** Time spent in the kernel. Unit: ns. */
  readonly stime: number;
}

/** A CPU. */
export interface CpuObject extends KernelObjectOf<"Cpu"> {
  readonly id: number;
  /** Its clock. Unit: ns since boot. */
  readonly clock: number;
  /** Name of its CpuContext: `IDLE`, `USER`, `SYSCALL`, `HARDIRQ`, `SOFTIRQ`, `KTHREAD`. */
  readonly context: string;
  /** Address of the task that runs on it; 0: none. */
  readonly curr: number;
  /** The kernel functions that it is in, the outermost first. */
  readonly stack: readonly string[];
  /** Soft interrupts that wait to be run: `NET_RX`; `0`: none. */
  readonly softirqs: string;
}

/** A part of an address space. */
export interface AreaView {
  /** First address, in hexadecimal. */
  readonly start: string;
  /** First address behind it, in hexadecimal. */
  readonly end: string;
  /** `READ|WRITE|SHARED`. */
  readonly flags: string;
  /** As /proc/PID/maps has it: `rw-s`. */
  readonly protection: string;
  /** Address of the Inode that it shows; 0: memory of its own. */
  readonly inode: number;
  /** Where in the file it begins. Unit: bytes. */
  readonly offset: number;
}

/** An address space. */
export interface MmObject extends KernelObjectOf<"MmStruct"> {
  /** Number of tasks that use it. */
  readonly users: number;
  /** Frames mapped into it. */
  readonly rss: number;
  /** Its areas, by address. */
  readonly areas: readonly AreaView[];
}
