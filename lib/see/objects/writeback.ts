import type { KernelObjectOf, WaitQueueView } from "./base.ts";

/** The lists of folios of files, and the thread that takes memory from them. */
export interface LruObject extends KernelObjectOf<"PgData"> {
  /** Folios that were used once, and several times. */
  readonly inactive: number;
  readonly active: number;
  /** Places of folios that were taken away, and when. */
  readonly shadows: number;
  /** Free frames: below `low` kswapd looks for more, until there are `high`; below `min` whoever wants one does. */
  readonly watermarks: { readonly min: number; readonly low: number; readonly high: number };
  /** The thread that looks for memory; 0: it was not needed yet. */
  readonly kswapd: number;
  readonly waitQueues: readonly WaitQueueView[];
}

/** The files that are to be written back, and the thread that does it. */
export interface WritebackObject extends KernelObjectOf<"BdiWriteback"> {
  /** Number of files with dirty folios. */
  readonly files: number;
  /** Folios that hold what the disk does not, and those that are being written. */
  readonly dirty: number;
  readonly writeback: number;
  /** Whether all that is dirty is to be written. */
  readonly startAll: boolean;
  /** The thread; 0: it was not needed yet. */
  readonly flusher: number;
  readonly waitQueues: readonly WaitQueueView[];
}
