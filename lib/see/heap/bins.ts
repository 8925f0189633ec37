import type { ProcessMemory } from "./memory.ts";
import { layout } from "../../layout.gen.ts";
import { structs } from "../reader.ts";

const { BINS_AT, NBINS, TCACHE_ENTRIES_AT, TCACHE_MAX_BINS } = layout.constants;
const FD = structs["MallocChunk"]!.fields["fd"]!.offset;
const FASTBINS_AT = structs["MallocState"]!.fields["fastbinsY_0"]!.offset;
/** Number of fast bins that are used. */
const FASTBINS = 7;
/** A broken list must not make a walk endless. */
const MOST_LINKS = 1 << 20;
/** From a chunk to its memory. Unit: bytes. */
const HEADER = 16;

/** A list of free chunks. */
export interface FreeList {
  /** Its number among its like: a tcache list or a fast bin from 0, a bin from 1, the unsorted list. */
  readonly index: number;
  /** Size of its chunks, header included; of a large bin, 0: they differ. Unit: bytes. */
  readonly size: number;
  /** User addresses of the headers of its chunks, in the order of the list. */
  readonly chunks: readonly number[];
}

/** All free chunks but the top. Lists that are empty are left out, but for the unsorted one. */
export interface Bins {
  /** At most seven chunks of each size; the first is used next. */
  readonly tcache: readonly FreeList[];
  /** Chunks that are not merged with their neighbours; the first is used next. */
  readonly fastbins: readonly FreeList[];
  /** What was freed, or cut off, since malloc() looked at it last; the last is looked at first. */
  readonly unsorted: FreeList;
  /** The small bins, 2 to 63, of one size each, and the large ones, whose largest chunk is first. */
  readonly bins: readonly FreeList[];
}

/** Follows links that end with 0. @param offset  where a link lies in what it links. */
function chain(memory: ProcessMemory, first: number, offset: number): number[] {
  const out: number[] = [];
  const seen = new Set<number>();
  for (let at = first; at !== 0 && !seen.has(at) && out.length < MOST_LINKS; at = memory.u64(at + offset)) {
    seen.add(at);
    out.push(at);
  }
  return out;
}

/** User address of the head of a bin, as if it were a chunk. */
export function binAddress(arena: number, index: number): number {
  return arena + BINS_AT + (index - 1) * 16 - FD;
}

function ring(memory: ProcessMemory, head: number): number[] {
  const out: number[] = [];
  const seen = new Set<number>();
  const next = (at: number) => memory.get("MallocChunk", at, "fd");
  for (let at = next(head); at !== head && at !== 0 && !seen.has(at) && out.length < MOST_LINKS; at = next(at)) {
    seen.add(at);
    out.push(at);
  }
  return out;
}

/** All lists of free chunks. @param tcache  user address of the tcache, or 0. */
export function binsOf(memory: ProcessMemory, arena: number, tcache: number): Bins {
  const filled = (count: number, list: (index: number) => FreeList) =>
    Array.from({ length: count }, (_, index) => list(index)).filter(({ chunks }) => chunks.length > 0);
  const cached = (index: number): FreeList => ({
    index,
    size: (index + 2) * 16,
    chunks: chain(memory, memory.u64(tcache + TCACHE_ENTRIES_AT + index * 8), 0).map((at) => at - HEADER),
  });
  const fast = (index: number): FreeList => ({
    index,
    size: (index + 2) * 16,
    chunks: chain(memory, memory.u64(arena + FASTBINS_AT + index * 8), FD),
  });
  const bin = (index: number): FreeList => ({
    index,
    size: index < 64 ? index * 16 : 0,
    chunks: ring(memory, binAddress(arena, index)),
  });
  return {
    tcache: tcache === 0 ? [] : filled(TCACHE_MAX_BINS, cached),
    fastbins: filled(FASTBINS, fast),
    unsorted: { ...bin(1), size: 0 },
    bins: filled(NBINS - 2, (index) => bin(index + 2)),
  };
}
