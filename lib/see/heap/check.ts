import type { Chunk, HeapReading } from "../heap.ts";
import type { MemoryImage } from "../reader.ts";
import type { Violation } from "../invariants/checkup.ts";
import { binAddress } from "./bins.ts";
import { layout } from "../../layout.gen.ts";
import { readHeap } from "../heap.ts";

const { BINMAP_AT, TCACHE_COUNT } = layout.constants;
/** States of chunks that are free in earnest: their neighbours know. */
const MERGED: ReadonlySet<string> = new Set(["unsorted", "small", "large"]);

/** One look at a heap. */
class HeapCheck {
  readonly violations: Violation[] = [];
  readonly #reading: HeapReading;
  readonly #sizes: ReadonlyMap<number, number>;

  constructor(reading: HeapReading) {
    this.#reading = reading;
    this.#sizes = new Map(reading.heap.chunks.map(({ address, size }) => [address, size]));
  }

  #broken(address: number, rule: string, message: string): void {
    this.violations.push({ structure: "heap", address, rule, message });
  }

  /** The chunks follow one another from the beginning to the top, and the top ends where the system says. */
  chunks(): void {
    const { heap, memory, libc } = this.#reading;
    const { chunks, top } = heap;
    const last = chunks.at(-2);
    const end = last === undefined ? heap.start : last.address + last.size;
    if (end !== top) this.#broken(end, "heap-walk", `the chunks end at 0x${end.toString(16)}, not at the top`);
    const brk = memory.get("LibcData", libc, "curbrk");
    if (heap.end !== brk) this.#broken(top, "heap-top", `the top ends ${heap.end - brk} bytes behind the heap`);
    if (heap.end - heap.start !== heap.systemMem) {
      this.#broken(heap.start, "system_mem", `${heap.systemMem} bytes, not ${heap.end - heap.start}`);
    }
    for (let i = 0; i + 1 < chunks.length; i++) this.#neighbours(chunks[i]!, chunks[i + 1]!);
  }

  /** A chunk and the one behind it. */
  #neighbours(chunk: Chunk, next: Chunk): void {
    const isFree = MERGED.has(chunk.state);
    if (next.prevInuse === isFree) {
      this.#broken(next.address, "PREV_INUSE", `${next.prevInuse}, but the chunk before is ${chunk.state}`);
    }
    if (!isFree) return;
    const foot = this.#reading.memory.get("MallocChunk", next.address, "mchunk_prev_size");
    if (foot !== chunk.size) this.#broken(next.address, "prev_size", `${foot}, not ${chunk.size}`);
    if (MERGED.has(next.state) || next.state === "top") {
      this.#broken(chunk.address, "heap-merged", `free, and so is the chunk behind it (${next.state})`);
    }
  }

  /** Every free chunk is in one list, and is of the list's size. */
  lists(): void {
    const { heap } = this.#reading;
    const met = new Set<number>();
    for (const { chunks, size } of [...heap.tcache, ...heap.fastbins, heap.unsorted, ...heap.bins]) {
      for (const chunk of chunks) {
        if (met.has(chunk)) this.#broken(chunk, "heap-list", "is in two lists, or twice in one");
        met.add(chunk);
        const found = this.#sizes.get(chunk);
        if (found === undefined) this.#broken(chunk, "heap-list", "is in a list, and no chunk");
        else if (size !== 0 && found !== size) this.#broken(chunk, "heap-size", `${found} bytes in a list of ${size}`);
      }
    }
  }

  /** The tcache counts what it has. */
  tcache(): void {
    const { heap, memory, libc } = this.#reading;
    const tcache = memory.get("LibcData", libc, "tcache");
    const key = memory.get("LibcData", libc, "tcache_key");
    const lists = new Map(heap.tcache.map((list) => [list.index, list.chunks]));
    for (let index = 0; tcache !== 0 && index < layout.constants.TCACHE_MAX_BINS; index++) {
      const chunks = lists.get(index) ?? [];
      const count = memory.u16(tcache + index * 2);
      if (count !== chunks.length || count > TCACHE_COUNT) {
        this.#broken(tcache, "tcache-count", `list ${index} has ${chunks.length} chunks, and counts ${count}`);
      }
      for (const chunk of chunks) {
        if (memory.u64(chunk + 24) !== key) this.#broken(chunk, "tcache-key", "is in the tcache without its key");
      }
    }
  }

  /** Bins are linked both ways, marked in the map, and the large ones in order. */
  bins(): void {
    const { heap, memory, arena } = this.#reading;
    for (const { index, chunks } of [heap.unsorted, ...heap.bins]) {
      const head = binAddress(arena, index);
      [...chunks, head].forEach((chunk, i) => {
        const before = chunks[i - 1] ?? head;
        const bk = memory.get("MallocChunk", chunk, "bk");
        if (bk !== before) this.#broken(chunk, "heap-bk", `0x${bk.toString(16)}, not 0x${before.toString(16)}`);
      });
      const word = memory.u32(arena + BINMAP_AT + (index >> 5) * 4);
      if (index > 1 && ((word >>> (index & 31)) & 1) === 0) {
        this.#broken(head, "binmap", `bin ${index} is not marked and has ${chunks.length} chunks`);
      }
      if (index >= 64) this.#largeBin(chunks);
    }
  }

  /** A large bin: largest first; the first of each size is in a ring of its own. */
  #largeBin(chunks: readonly number[]): void {
    const { memory } = this.#reading;
    const sizes = chunks.map((chunk) => this.#sizes.get(chunk) ?? 0);
    const firsts = chunks.filter((_, i) => sizes[i] !== sizes[i - 1]);
    chunks.forEach((chunk, i) => {
      if (i > 0 && sizes[i]! > sizes[i - 1]!) this.#broken(chunk, "heap-order", "is larger than the one before it");
      const at = firsts.indexOf(chunk);
      const fd = memory.get("MallocChunk", chunk, "fd_nextsize");
      const bk = memory.get("MallocChunk", chunk, "bk_nextsize");
      const wanted = at < 0 ? 0 : firsts[(at + 1) % firsts.length]!;
      if (fd !== wanted) this.#broken(chunk, "nextsize", `fd_nextsize is 0x${fd.toString(16)}`);
      if (at >= 0 && bk !== firsts.at(at - 1)) this.#broken(chunk, "nextsize", `bk_nextsize is 0x${bk.toString(16)}`);
    });
  }
}

/**
 * Looks whether the heap of a task's process keeps malloc()'s rules. A program can break its own heap: it is not the kernel's
 * doing, so kernel.check() does not look at it. The rules hold between two inputs, if the program moves the end of the heap
 * by malloc() alone.
 *
 * @returns  what is broken; addresses are the process's.
 */
export function checkHeap(image: MemoryImage, pid: number): Violation[] {
  const reading = readHeap(image, pid);
  if (reading === null) return [];
  const check = new HeapCheck(reading);
  check.chunks();
  check.lists();
  check.tcache();
  check.bins();
  return check.violations;
}
