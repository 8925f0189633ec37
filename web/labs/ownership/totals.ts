import type { Account, Ownership } from "../../../lib/index.ts";
import type { Totals } from "./view.ts";

/** Length of a line of the caches. Unit: bytes. */
const CACHE_LINE = 64;
/** Where use_count lies in a control block. Unit: bytes. */
const USE_COUNT = 8;

const lineOf = (address: number) => Math.floor(address / CACHE_LINE);

/** Bytes that nobody owns any more, and weak_ptrs keep. */
function keptBytes({ live }: Account, { blocks }: Ownership): number {
  const orphans = blocks.filter(({ useCount, weakCount }) => useCount === 0 && weakCount > 0);
  const kept = live.filter((one) => orphans.some(({ address }) => within(address, one.address, one.bytes)));
  return kept.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Lines that a copy of each owner and a look at its object touch: that of its counts, and the first of the object. */
function touchedLines({ blocks }: Ownership): number {
  return blocks
    .filter(({ useCount, object }) => useCount > 0 && object !== 0)
    .map(({ address, object }) => new Set([lineOf(address + USE_COUNT), lineOf(object)]).size)
    .reduce((sum, count) => sum + count, 0);
}

/** Lines in which what is allocated lies. */
function occupiedLines({ live }: Account): number {
  const lines = new Set<number>();
  for (const { address, bytes } of live) {
    for (let line = lineOf(address); line <= lineOf(address + bytes - 1); line++) lines.add(line);
  }
  return lines.size;
}

/** Whether something lies in a range of addresses. */
export function within(address: number, start: number, size: number): boolean {
  return address >= start && address < start + size;
}

/** The figures of a moment. */
export function totalsOf(account: Account, scene: Ownership): Totals {
  const { allocations, frees, bytes, countChanges, atomicChanges } = account;
  return {
    allocations,
    frees,
    bytes,
    kept: keptBytes(account, scene),
    touched: touchedLines(scene),
    lines: occupiedLines(account),
    countChanges,
    atomicChanges,
  };
}
