import type { Log } from "./recorder.ts";

/** Memory at an address that the kernel has chosen. */
interface Place {
  readonly name: string;
  readonly start: number;
  length: number;
}

const MAP_FIXED = 0x10;
const PLACES = new WeakMap<Log, Place[]>();

/**
 * Takes note of memory whose address the kernel has chosen: every kernel chooses another one, so that it goes by its
 * number in the order of the calls.
 */
export function noteMapping(log: Log, call: string, args: readonly unknown[], result: number): void {
  if (result <= 0 || (call !== "mmap" && call !== "mremap")) return;
  const isFixed = call === "mmap" && (args[0] !== 0 || (Number(args[3]) & MAP_FIXED) !== 0);
  if (isFixed) return;
  const places = PLACES.get(log) ?? [];
  PLACES.set(log, places);
  const length = Number(args[call === "mmap" ? 1 : 2]);
  const same = places.find(({ start }) => start === result);
  if (same) same.length = length;
  else if (call === "mmap" || placeOf(log, args[0]) !== undefined)
    places.push({ name: `mapping ${places.length + 1}`, start: result, length });
}

/** How a log calls an address: `mapping 1 + 4096`; undefined: as a number. */
export function placeOf(log: Log, address: unknown): string | undefined {
  if (typeof address !== "number") return undefined;
  const place = PLACES.get(log)?.findLast(({ start, length }) => address >= start && address <= start + length);
  if (!place) return undefined;
  return address === place.start ? place.name : `${place.name} + ${address - place.start}`;
}
