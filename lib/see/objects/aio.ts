import type { KernelObjectOf, WaitQueueView } from "./base.ts";

/** A context for asynchronous requests, with its ring of completions. */
export interface KioctxObject extends KernelObjectOf<"Kioctx"> {
  /** What programs call it: the user address of the ring, in hexadecimal. */
  readonly user_id: string;
  /** Number of slots of the ring. */
  readonly nr_events: number;
  /** The next event to take, as the ring says: programs may write it. */
  readonly head: number;
  /** Where the next event goes. */
  readonly tail: number;
  /** Number of requests on their way. */
  readonly reqs: number;
  /** Slots that no request and no event has, those that CPUs have taken for themselves included. */
  readonly available: number;
  /** Whether it is being destroyed. */
  readonly dead: boolean;
  readonly waitQueues: readonly WaitQueueView[];
}

/** A transfer between a disk and a program's own pages, past the page cache. */
export interface IomapDioObject extends KernelObjectOf<"IomapDio"> {
  /** Address of the file's Inode. */
  readonly inode: number;
  readonly write: boolean;
  /** Where in the file it begins. Unit: bytes. */
  readonly pos: number;
  /** Unit: bytes. */
  readonly size: number;
  /** Parts that the disk is not done with. */
  readonly parts: number;
  /** Number of the program's pages that are pinned for it. */
  readonly pages: number;
  /** Whether nobody sleeps for it. */
  readonly is_async: boolean;
  readonly waitQueues: readonly WaitQueueView[];
}

/** An asynchronous request on its way. */
export interface AioKiocbObject extends KernelObjectOf<"AioKiocb"> {
  /** Address of its context. */
  readonly ctx: number;
  /** Address of its file. */
  readonly file: number;
  /** What it asks for: `IOCB_CMD_PREAD`. */
  readonly opcode: string;
  /** User address of its iocb, in hexadecimal. */
  readonly obj: string;
  /** The program's own number, in decimal. */
  readonly data: string;
  /** Bytes of its buffers that are still to be read or written. */
  readonly left: number;
  /** Position in the file. Unit: bytes. */
  readonly pos: number;
  /** What it waits for, if it polls: `EPOLLIN`; empty otherwise. */
  readonly events: string;
}
