import type { Kernel } from "../../lib/index.ts";
import { KERNEL_BASE, Reader, structs } from "../../lib/see/reader.ts";
import { enumName } from "../../lib/see/names.ts";
import { layout } from "../../lib/layout.gen.ts";

const { NR_CACHES } = layout.constants;
/** Of each node of a sparse array. */
const SLOTS = 64;
const STRIDE = layout.structs.KmemCache.stride;

/** What is kept of a task that has ended, until somebody asks how. */
const OF_TASKS = ["Kmalloc_96", "Kmalloc_192"] as const;

/** How many nodes a sparse array has. */
function nodesOf(reader: Reader, array: number): number {
  const below = (node: number): number => {
    if (node === 0) return 0;
    if (reader.get("XaNode", node, "shift") === 0) return 1;
    let nodes = 1;
    for (let slot = 0; slot < SLOTS; slot++) nodes += below(reader.u32(node + structs["XaNode"]!.size + 4 * slot));
    return nodes;
  };
  return below(reader.get("XArray", array, "head"));
}

/**
 * How many objects of each kind are in use, and how many frames that hold no objects. Tasks that have ended and those of
 * the kernel's own do not count, nor does the table of their numbers, nor does what is outside: clients that digest what
 * they receive, faults of the disk that have not come yet.
 */
export function inUse({ memory }: Kernel): Record<string, number> {
  const zone = memory.read("Zone", memory.get("Kernel", KERNEL_BASE, "zone"));
  const { caches } = memory.read("SlabState", memory.get("Kernel", KERNEL_BASE, "slab"));
  const used: Record<string, number> = { frames: zone.managed_pages - zone.free_pages };
  for (let type = 0; type < NR_CACHES; type++) {
    const cache = memory.read("KmemCache", (caches + type * STRIDE) as typeof caches);
    if (cache.size === 0) continue;
    if (!cache.device) used["frames"]! -= cache.nr_slabs << cache.order;
    used[enumName("CacheType", type)] = cache.active;
  }
  for (const name of OF_TASKS) used[name]! -= used["TaskStruct"]!;
  used["Kmalloc_64"]! -= used["Peer"]!;
  const reader = new Reader(memory);
  used["XaNode"]! -= nodesOf(reader, reader.get("SchedState", reader.get("Kernel", KERNEL_BASE, "sched"), "pids"));
  delete used["TaskStruct"];
  delete used["Peer"];
  delete used["DiskFault"];
  return used;
}

/** What differs between two such counts. */
export function difference(before: Record<string, number>, after: Record<string, number>): Record<string, number> {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const found: Record<string, number> = {};
  for (const name of names) {
    const more = (after[name] ?? 0) - (before[name] ?? 0);
    if (more !== 0) found[name] = more;
  }
  return found;
}
