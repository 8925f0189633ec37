import { KERNEL_BASE, type KernelMemory, type Ptr, structLayout } from "../machine/memory.ts";
import { layout } from "../layout.gen.ts";

/** Kernel objects of one kind. */
export interface KernelObjects {
  /** What they are: a struct's name, or a size that memory is given out in. */
  readonly kind: string;
  readonly count: number;
  /** Unit: bytes. */
  readonly bytes: number;
}

const KINDS = Object.entries(layout.enums.CacheType.values);
const STRIDE = structLayout("KmemCache").stride;
/** What belongs to the world outside, and to devices. */
const OUTSIDE = /^(Peer|Device_)/;

/** Kernel objects that there are, by kind. */
export function kernelObjects(memory: KernelMemory): KernelObjects[] {
  const state = memory.get("Kernel", KERNEL_BASE, "slab");
  const caches = memory.get("SlabState", state as Ptr<"SlabState">, "caches");
  return KINDS.filter(([kind]) => !OUTSIDE.test(kind)).map(([kind, type]) => {
    const cache = (caches + type * STRIDE) as Ptr<"KmemCache">;
    const count = memory.get("KmemCache", cache, "active");
    return { kind, count, bytes: count * memory.get("KmemCache", cache, "stride") };
  });
}

/** What there is more of than before, the most bytes first. */
export function added(before: readonly KernelObjects[], after: readonly KernelObjects[]): KernelObjects[] {
  return after
    .map(({ kind, count, bytes }, i) => ({
      kind,
      count: count - before[i]!.count,
      bytes: bytes - before[i]!.bytes,
    }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.bytes - a.bytes);
}
