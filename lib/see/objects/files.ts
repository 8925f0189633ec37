import type { KernelObjectOf, WaitQueueView } from "./base.ts";
import type { MappingView, ReadAheadView } from "./page_cache.ts";

/** A descriptor table. */
export interface FilesObject extends KernelObjectOf<"FilesStruct"> {
  /** Number of tasks that share it. */
  readonly count: number;
  /** The open descriptors, ascending. */
  readonly fds: readonly { readonly fd: number; readonly file: number; readonly closeOnExec: boolean }[];
  /** Number of open descriptors that were left out; absent: none. */
  readonly left?: number;
}

/** An open file. */
export interface FileObject extends KernelObjectOf<"File"> {
  /** Name of its FileKind: `SOCKET`, `PIPE`, `EVENTFD`, `EVENTPOLL`, `REGULAR`, `OUTSIDE`, `DEVICE`, `PATH`, `TIMERFD`. */
  readonly kind: string;
  /** Number of references. */
  readonly f_count: number;
  /** `O_RDWR|O_NONBLOCK`. */
  readonly flags: string;
  /** `READ|WRITE`. */
  readonly mode: string;
  /** Position. Unit: bytes. */
  readonly f_pos: number;
  /** Address of what it stands for: a Socket, an Eventpoll, a PipeInodeInfo ... */
  readonly private_data: number;
  /** The descriptors that stand for it, with the address of their table. */
  readonly fds: readonly { readonly files: number; readonly fd: number }[];
  /** What is read of a regular file ahead of this reader; null: of anything else. */
  readonly readAhead: ReadAheadView | null;
  /** Addresses of the epitems that watch it. */
  readonly watchers: readonly number[];
}

/** A pipe. */
export interface PipeObject extends KernelObjectOf<"PipeInodeInfo"> {
  /** Number of files open for reading. */
  readonly readers: number;
  /** Number of files open for writing. */
  readonly writers: number;
  /** Number of slots. */
  readonly slots: number;
  /** The slots in use, the oldest first: number of bytes in each. */
  readonly used: readonly number[];
  /**
   * What each of them refers to, name of its PipeBufOps: `ANON` (a page of the pipe's own), `PAGE_CACHE` (of a file),
   * `USER` (of a program), `SKB` (of a packet), `DEFAULT` (one that a file was read into).
   */
  readonly kinds: readonly string[];
  /** Address of the struct Page, or Folio, of each. */
  readonly pages: readonly number[];
  readonly waitQueues: readonly WaitQueueView[];
}

/** An eventfd. */
export interface EventfdObject extends KernelObjectOf<"EventfdCtx"> {
  /** The counter, in decimal. */
  readonly count: string;
  readonly waitQueues: readonly WaitQueueView[];
}

/** A regular file, a FIFO or a device. */
export interface InodeObject extends KernelObjectOf<"Inode"> {
  readonly name: string;
  /** Its size. Unit: bytes. */
  readonly size: number;
  /** Address of the pipe behind a FIFO that is open; 0: none. */
  readonly pipe: number;
  /** What of a regular file lies in the page cache; null: it is none. */
  readonly mapping: MappingView | null;
}
