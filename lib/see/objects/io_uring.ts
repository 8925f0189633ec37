import type { KernelObjectOf, WaitQueueView } from "./base.ts";

/** A ring of io_uring(7). */
export interface IoRingCtxObject extends KernelObjectOf<"IoRingCtx"> {
  /** Names of its IORING_SETUP_ flags, joined by `|`. */
  readonly flags: string;
  readonly sq_entries: number;
  readonly cq_entries: number;
  /** The next entry that the kernel takes. */
  readonly sqHead: number;
  /** Behind the last entry, as the ring says: programs write it. */
  readonly sqTail: number;
  /** The next completion to take, as the ring says: programs write it. */
  readonly cqHead: number;
  /** Where the next completion goes. */
  readonly cqTail: number;
  /** Number of requests on their way. */
  readonly requests: number;
  readonly waitQueues: readonly WaitQueueView[];
}

/** A request of a ring. */
export interface IoKiocbObject extends KernelObjectOf<"IoKiocb"> {
  /** Address of its ring. */
  readonly ctx: number;
  /** Address of the file that it works on; 0: none. */
  readonly file: number;
  /** What it asks for: `READ` and so on. */
  readonly opcode: string;
  /** Where it stands. */
  readonly state: string;
  /** The program's own mark. */
  readonly user_data: string;
  /** Poll bits that it waits for; empty: it does not hang in a wait queue. */
  readonly events: string;
}
