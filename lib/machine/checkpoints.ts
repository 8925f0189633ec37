import { KERNEL_BASE, type KernelMemory } from "./memory.ts";
import { PAGE_SIZE, SECTIONS_BASE, TRACE_BASE } from "./memory_map.ts";

/** Size of the pieces in which memory is compared and kept. Unit: words of 4 bytes. */
const PAGE_WORDS = PAGE_SIZE / 4;

/** Where the ring of records lies, and what nobody uses behind it. Unit: words of 4 bytes. */
const RING_WORDS = TRACE_BASE / 4;
const RING_END_WORDS = SECTIONS_BASE / 4;

/** A piece of memory; null stands for one that is all zeros. */
type PageCopy = Uint32Array<ArrayBuffer> | null;

/** A machine as it was between two inputs. Checkpoints share the pages in which they do not differ. */
export interface Checkpoint {
  /** Number of inputs taken until then. */
  readonly inputs: number;
  /** Number of tracepoints passed until then. */
  readonly tick: number;
  /** End of the machine's memory. */
  readonly end: number;
  /** The memory from KERNEL_BASE on, page by page. */
  readonly pages: readonly PageCopy[];
}

/**
 * Copies a machine.
 *
 * @param like  an earlier copy: pages that are as they were then are not copied again.
 */
export function takeCheckpoint(memory: KernelMemory, inputs: number, tick: number, like?: Checkpoint): Checkpoint {
  const { end } = memory;
  const words = new Uint32Array(memory.bytes.buffer);
  const pages: PageCopy[] = [];
  for (let at: number = KERNEL_BASE; at < end; at += PAGE_SIZE) {
    const before = like?.pages[pages.length];
    pages.push(before !== undefined && isSame(words, at / 4, before) ? before : copyPage(words, at / 4));
  }
  return { inputs, tick, end, pages };
}

/**
 * Overwrites a machine with a copy. `memory` must be large enough for it.
 *
 * @param hasTrace  false: the machine has never written a record, so their ring is as it was.
 */
export function putBack(memory: KernelMemory, checkpoint: Checkpoint, hasTrace = true): void {
  const words = new Uint32Array(memory.bytes.buffer);
  const before = Math.min(memory.end, memory.length) / 4;
  let at = KERNEL_BASE / 4;
  for (const page of checkpoint.pages) {
    if (page !== null) words.set(page, at);
    else if (hasTrace || at < RING_WORDS || at >= RING_END_WORDS) words.fill(0, at, at + PAGE_WORDS);
    at += PAGE_WORDS;
  }
  if (before > at) words.fill(0, at, before);
  memory.invalidate();
}

function isSame(words: Uint32Array, from: number, page: PageCopy): boolean {
  if (page === null) return isZero(words, from);
  for (let i = 0; i < PAGE_WORDS; i++) if (words[from + i] !== page[i]) return false;
  return true;
}

function isZero(words: Uint32Array, from: number): boolean {
  for (let i = 0; i < PAGE_WORDS; i++) if (words[from + i] !== 0) return false;
  return true;
}

function copyPage(words: Uint32Array<ArrayBuffer>, from: number): PageCopy {
  return isZero(words, from) ? null : words.slice(from, from + PAGE_WORDS);
}
