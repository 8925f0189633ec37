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
  /** Addresses of those requests, the oldest first. */
  readonly reqs: readonly number[];
  /** Address of the IoRings that it shares with its program; 0: not made yet. */
  readonly rings: number;
  /** Address of the task that has made it; 0 once that has ended. */
  readonly submitter: number;
  /** Address of the thread that looks for entries (IORING_SETUP_SQPOLL); 0: none. */
  readonly sq_thread: number;
  /** Number of workers. */
  readonly workers: number;
  /** Completions that wait because the ring is full. */
  readonly overflow: number;
  readonly waitQueues: readonly WaitQueueView[];
}

/** An entry that a program has put into its ring and the kernel has not taken yet. */
export interface SqeView {
  /** Its number since the ring was made: its slot is this without the number of turns around the ring. */
  readonly index: number;
  /** What it asks for: `READ`. */
  readonly opcode: string;
  readonly fd: number;
  /** Names of its IOSQE_ flags, joined by `|`. */
  readonly flags: string;
  /** The program's own mark, in decimal. */
  readonly user_data: string;
}

/** A completion that the program has not taken yet. */
export interface CqeView {
  /** Its number since the ring was made. */
  readonly index: number;
  /** The program's own mark, in decimal. */
  readonly user_data: string;
  /** What the request came to: a number, or the name of an error: `-1 ECANCELED`. */
  readonly res: string;
  /** Names of its IORING_CQE_F_ flags, joined by `|`. */
  readonly flags: string;
}

/** The memory of a ring, which lies in the kernel and in the program at the same time: both write here. */
export interface IoRingsObject extends KernelObjectOf<"IoRings"> {
  /** Address of the IoRingCtx. */
  readonly ctx: number;
  readonly sq_entries: number;
  readonly cq_entries: number;
  readonly sqHead: number;
  readonly sqTail: number;
  readonly cqHead: number;
  readonly cqTail: number;
  /** The thread that looks for entries sleeps, and wants to be woken: `NEED_WAKEUP` and its like, joined by `|`. */
  readonly sqFlags: string;
  /** Entries that the kernel has not taken, the oldest first; of very many, the first ones. */
  readonly sqes: readonly SqeView[];
  /** Completions that the program has not taken, the oldest first; of very many, the first ones. */
  readonly cqes: readonly CqeView[];
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
  /** Size of its buffer, as its entry says. Unit: bytes, or buffers. */
  readonly len: number;
  /** Address of the next request of its chain, which waits for this one; 0: none. */
  readonly link: number;
  /** Address of the task that is to go on with it; 0: none. */
  readonly task: number;
  /** Address of the worker that does it; 0: none. */
  readonly worker: number;
}
