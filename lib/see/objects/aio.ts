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
  /** Address of the MmStruct of its process; 0 once it is being destroyed. */
  readonly mm: number;
  /** Address of the AioRing that it shares with its program; 0: none. */
  readonly ring: number;
  readonly waitQueues: readonly WaitQueueView[];
}

/** An event of a ring that nobody has taken yet. */
export interface IoEventView {
  /** Its slot. */
  readonly index: number;
  /** The program's own number for the request, in decimal. */
  readonly data: string;
  /** User address of the iocb, in hexadecimal. */
  readonly obj: string;
  /** What the request came to: a number, or the name of an error: `-1 EIO`. */
  readonly res: string;
}

/** The ring of a context, which lies in the kernel and in the program at the same time. */
export interface AioRingObject extends KernelObjectOf<"AioRing"> {
  /** Address of the Kioctx. */
  readonly ctx: number;
  /** Number of slots. */
  readonly nr: number;
  readonly head: number;
  readonly tail: number;
  /** Events that nobody has taken, the oldest first; of very many, the first ones. */
  readonly events: readonly IoEventView[];
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
  /** Address of the AioKiocb that it is for; 0: it is not known to be for one. */
  readonly kiocb: number;
  /** Addresses of the bios that the disk has or will have for it. */
  readonly bios: readonly number[];
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
