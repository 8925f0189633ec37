import { PAGE_SIZE, SECTIONS_BASE } from "../machine/memory_map.ts";
import type { MemoryImage } from "./reader.ts";
import { Reader } from "./reader.ts";
import { objectAround } from "./population.ts";

/** The memory as words from where objects of caches may lie. */
function wordsOf({ view }: MemoryImage): Uint32Array {
  const length = Math.max(0, view.byteLength - SECTIONS_BASE) >>> 2;
  return new Uint32Array(view.buffer, view.byteOffset + SECTIONS_BASE, length);
}

/**
 * Addresses of the objects of caches whose bytes are not the same in two copies of a machine: those that have changed,
 * come, or gone. Nothing but bytes is compared, so it takes as long for many objects as for few.
 *
 * @param most  no more are looked for.
 */
export function changedObjects(before: MemoryImage, after: MemoryImage, most: number): Set<number> {
  const [old, now] = [wordsOf(before), wordsOf(after)];
  const readers = [new Reader(before), new Reader(after)] as const;
  const found = new Set<number>();
  const shared = Math.min(old.length, now.length);
  const words = PAGE_SIZE / 4;
  for (let i = 0; i < now.length && found.size < most; i++) {
    if (i < shared ? old[i] === now[i] : now[i] === 0) continue;
    const address = SECTIONS_BASE + i * 4;
    let isObject = false;
    for (const reader of readers) {
      const object = objectAround(reader, address);
      if (!object) continue;
      found.add(object.address);
      isObject = true;
    }
    // Whatever else is in a frame without objects is of no interest.
    if (!isObject) i |= words - 1;
  }
  return found;
}
