import { KERNEL_BASE, embedOffset, structs } from "../reader.ts";
import type { Checkup } from "./checkup.ts";
import { layout } from "../../layout.gen.ts";
import { hex } from "../../machine/memory.ts";
import { listOf } from "../walk.ts";

const { NR_CACHES } = layout.constants;
const CACHE_STRIDE = structs["KmemCache"]!.stride;

/** What all slabs of one cache add up to. */
interface Sum {
  slabs: number;
  inuse: number;
  /** Slabs that have free objects. */
  partial: Set<number>;
}

/** Every slab counts its free objects right, and every cache its slabs and objects. */
export function checkSlabs(check: Checkup): void {
  const { reader } = check;
  const sums = new Map<number, Sum>();
  for (const { slab, cache, objects, free, freelistHolds } of check.slabs) {
    if (!freelistHolds) {
      check.report("Slab", slab, "slab-freelist", "the list of free objects leaves the slab or runs into itself");
    }
    const inuse = reader.get("Slab", slab, "inuse");
    check.equal("Slab", slab, "slab-inuse", inuse, objects - free.length, "objects in use");
    let sum = sums.get(cache);
    if (!sum) sums.set(cache, (sum = { slabs: 0, inuse: 0, partial: new Set() }));
    sum.slabs++;
    sum.inuse += inuse;
    if (free.length > 0) sum.partial.add(slab);
  }
  const state = reader.get("Kernel", KERNEL_BASE, "slab");
  if (!reader.holds("SlabState", state)) return;
  const caches = reader.get("SlabState", state, "caches");
  for (let i = 0; i < NR_CACHES; i++) {
    const cache = caches + i * CACHE_STRIDE;
    if (!reader.holds("KmemCache", cache) || reader.get("KmemCache", cache, "size") === 0) continue;
    checkCache(check, cache, sums.get(cache) ?? { slabs: 0, inuse: 0, partial: new Set() });
    sums.delete(cache);
  }
  for (const cache of sums.keys()) {
    check.report("KmemCache", cache, "slab-cache", `slabs that belong to ${hex(cache)}, which is no cache`);
  }
}

function checkCache(check: Checkup, cache: number, sum: Sum): void {
  const { reader } = check;
  const listed = listOf(reader, cache + embedOffset("KmemCache", "partial"), "Slab", "slab_list", check.onBreak);
  check.equal("KmemCache", cache, "nr_slabs", reader.get("KmemCache", cache, "nr_slabs"), sum.slabs, "slabs");
  check.equal("KmemCache", cache, "active", reader.get("KmemCache", cache, "active"), sum.inuse, "objects in use");
  const nr_partial = reader.get("KmemCache", cache, "nr_partial");
  check.equal("KmemCache", cache, "nr_partial", nr_partial, listed.length, "slabs on the list of partial slabs");
  const allocated = reader.get64("KmemCache", cache, "allocated") - reader.get64("KmemCache", cache, "freed");
  check.equal("KmemCache", cache, "allocated", Number(allocated), sum.inuse, "objects given out less those given back");
  for (const slab of listed) {
    if (!sum.partial.delete(slab)) {
      check.report("Slab", slab, "slab-partial", "on the list of slabs with free objects, but has none");
    }
  }
  for (const slab of sum.partial) {
    check.report("Slab", slab, "slab-partial", "has free objects, but is not on its cache's list of such slabs");
  }
}
