import { type Bins, type FreeList, binsOf } from "./heap/bins.ts";
import { type MemoryImage, Reader } from "./reader.ts";
import { ProcessMemory } from "./heap/memory.ts";
import { layout } from "../layout.gen.ts";
import { taskByPid } from "./find.ts";

export type { Bins, FreeList } from "./heap/bins.ts";
export { mallocError } from "./heap/errors.ts";

const { MAIN_ARENA, BINMAP_AT } = layout.constants;
const { PREV_INUSE } = layout.enums.ChunkBits.values;
/** From a chunk to the memory that the program has of it. Unit: bytes. */
const CHUNK_HEADER = 16;
/** A broken heap must not make a walk endless. */
const MOST_CHUNKS = 1 << 20;

/** Where a chunk of the heap is: with the program, or in which list of free ones. */
export type ChunkState =
  | "used"
  | "tcache"
  | "fast"
  | "unsorted"
  | "small"
  | "large"
  | "top"
  /** It holds the tcache itself. */
  | "tcache_perthread_struct"
  /** It marks the end of a heap that could not grow there. */
  | "fencepost";

/** A piece of the heap. */
export interface Chunk {
  /** User address of its header. */
  readonly address: number;
  /** User address of its memory: what malloc() answers. */
  readonly memory: number;
  /** Header included. Unit: bytes. */
  readonly size: number;
  /** Whether its header says that the chunk before is in use: also of one in the tcache or in a fast bin. */
  readonly prevInuse: boolean;
  readonly state: ChunkState;
}

/** The heap of a process, as glibc's malloc() has laid it out in the process's memory. */
export interface Heap extends Bins {
  /** User address of the first chunk. */
  readonly start: number;
  /** First user address behind the top. */
  readonly end: number;
  /** All chunks between the two, by address; it ends early where a header makes no sense. */
  readonly chunks: readonly Chunk[];
  /** User address of the top chunk. */
  readonly top: number;
  /** Its size. Unit: bytes. */
  readonly topSize: number;
  /** What was left of the chunk that was split last for a small request: the address of its header, or 0. */
  readonly lastRemainder: number;
  /** What the heap has from the system by brk(). Unit: bytes. */
  readonly systemMem: number;
  /** The most that it ever had. Unit: bytes. */
  readonly maxSystemMem: number;
  /** Chunks from this size on that no bin has become mappings. Unit: bytes. */
  readonly mmapThreshold: number;
  /** So much free at the end goes back to the system. Unit: bytes. */
  readonly trimThreshold: number;
  /** Number of chunks that are mappings of their own. */
  readonly mappings: number;
  /** What they have, in whole pages. Unit: bytes. */
  readonly mappedMem: number;
}

/** A heap with what it was read from. */
export interface HeapReading {
  readonly heap: Heap;
  readonly memory: ProcessMemory;
  /** User address of struct malloc_state. */
  readonly arena: number;
  /** User address of the library's data. */
  readonly libc: number;
}

function stateOf(address: number, tcache: number, lists: ReadonlyMap<number, ChunkState>): ChunkState {
  return address + CHUNK_HEADER === tcache ? "tcache_perthread_struct" : (lists.get(address) ?? "used");
}

/** In which list each free chunk is, by its address. */
function membership({ tcache, fastbins, unsorted, bins }: Bins): Map<number, ChunkState> {
  const states = new Map<number, ChunkState>();
  const note = (lists: readonly FreeList[], state: (list: FreeList) => ChunkState) => {
    for (const list of lists) for (const chunk of list.chunks) states.set(chunk, state(list));
  };
  note(bins, ({ index }) => (index < 64 ? "small" : "large"));
  note([unsorted], () => "unsorted");
  note(fastbins, () => "fast");
  note(tcache, () => "tcache");
  return states;
}

function chunksOf(memory: ProcessMemory, start: number, top: number, state: (address: number) => ChunkState): Chunk[] {
  const chunks: Chunk[] = [];
  for (let address = start; address < top && chunks.length < MOST_CHUNKS;) {
    const head = memory.get("MallocChunk", address, "mchunk_size");
    const size = head - (head % 8);
    if (size < CHUNK_HEADER || size % 16 !== 0 || address + size > top) break;
    const prevInuse = (head & PREV_INUSE) !== 0;
    const isFence = size === CHUNK_HEADER;
    chunks.push({
      address,
      memory: address + CHUNK_HEADER,
      size,
      prevInuse,
      state: isFence ? "fencepost" : state(address),
    });
    address += size;
  }
  return chunks;
}

/** The heap of a task's process with what it was read from; null: the process has none. */
export function readHeap(image: MemoryImage, pid: number): HeapReading | null {
  const reader = new Reader(image);
  const task = taskByPid(reader, pid);
  const mm = task === 0 ? 0 : reader.get("TaskStruct", task, "mm");
  const libc = mm === 0 ? 0 : reader.get("MmStruct", mm, "start_data");
  if (libc === 0) return null;
  const memory = new ProcessMemory(reader, task);
  const start = memory.get("LibcData", libc, "mp_sbrk_base");
  if (start === 0) return null;
  const arena = libc + MAIN_ARENA;
  const tcache = memory.get("LibcData", libc, "tcache");
  const top = memory.get("MallocState", arena, "top");
  const head = memory.get("MallocChunk", top, "mchunk_size");
  const lists = binsOf(memory, arena, tcache);
  const states = membership(lists);
  const chunks = chunksOf(memory, start, top, (address) => stateOf(address, tcache, states));
  const topSize = head - (head % 8);
  const prevInuse = (head & PREV_INUSE) !== 0;
  chunks.push({ address: top, memory: top + CHUNK_HEADER, size: topSize, prevInuse, state: "top" });
  const heap: Heap = {
    ...lists,
    start,
    end: top + topSize,
    chunks,
    top,
    topSize,
    lastRemainder: memory.get("MallocState", arena, "last_remainder"),
    systemMem: memory.get("MallocStateEnd", arena + BINMAP_AT, "system_mem"),
    maxSystemMem: memory.get("MallocStateEnd", arena + BINMAP_AT, "max_system_mem"),
    mmapThreshold: memory.get("LibcData", libc, "mp_mmap_threshold"),
    trimThreshold: memory.get("LibcData", libc, "mp_trim_threshold"),
    mappings: memory.get("LibcData", libc, "mp_n_mmaps"),
    mappedMem: memory.get("LibcData", libc, "mp_mmapped_mem"),
  };
  return { heap, memory, arena, libc };
}

/** The heap of a task's process, chunk by chunk; null: the process has none. Any memory will do, also a broken one. */
export function heapOf(image: MemoryImage, pid: number): Heap | null {
  return readHeap(image, pid)?.heap ?? null;
}
