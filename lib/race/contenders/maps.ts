import type { CaseName, Contender, Kind, Loaded, Runner, Work } from "../types.ts";
import { CHANGES, FINDS } from "../work.ts";

/** What is raced with maps. */
export const MAP_CASES: readonly CaseName[] = ["insert", "find-hit", "find-miss", "delete", "iterate", "churn"];
/** Of these, those whose operations are about a key: a batch of them may be worth something. */
export const KEY_CASES: readonly CaseName[] = MAP_CASES.filter((name) => name !== "iterate");

/** How a map does its work: loops as who uses that map would write them. */
export interface MapLoops<M> {
  /** Makes an empty map. */
  make(work: Work): M;
  /** Puts in the keys from one place up to another, with their places as values. None of them is there yet. */
  insert(map: M, keys: Int32Array, from: number, to: number): void;
  /** Puts all keys in, however that is quickest, where it is not timed. Left out: insert() does. */
  fill?(map: M, keys: Int32Array): void;
  /** Looks keys up. Returns the sum of their values; -1 for each that there is not. */
  find(map: M, keys: Int32Array, from: number, to: number): number;
  /** Takes keys out. Returns how many were there. */
  delete(map: M, keys: Int32Array, from: number, to: number): number;
  /** Goes through all keys in ascending order. Returns `sum = (Math.imul(sum, 31) + key + value) | 0` of all. */
  iterate(map: M): number;
  /** How many keys there are. */
  size(map: M): number;
  /** Memory of the map. Unit: bytes. Left out: the heap tells. */
  bytes?(map: M): number;
  /** Gives it back. */
  end?(map: M): void;
}

/** What a map looks like that is used as JavaScript's own. */
export interface LikeMap {
  set(key: number, value: number): unknown;
  get(key: number): number | undefined;
  delete(key: number): boolean;
  readonly size: number;
}

/** One that can be gone through as JavaScript's own, in ascending order. */
export interface LikeOrderedMap extends LikeMap {
  forEach(visit: (value: number | undefined, key: number) => void): void;
}

/**
 * The loops of a map that is used as JavaScript's own. Many contenders have these, but a process runs only one of them:
 * engines make code of a loop for what they have seen there.
 */
export function loopsOf<M extends LikeMap>(make: () => M): Omit<MapLoops<M>, "iterate"> {
  return {
    make,
    insert(map, keys, from, to) {
      for (let i = from; i < to; i++) map.set(keys[i]!, i);
    },
    find(map, keys, from, to) {
      let sum = 0;
      for (let i = from; i < to; i++) sum = (sum + (map.get(keys[i]!) ?? -1)) | 0;
      return sum;
    },
    delete(map, keys, from, to) {
      let count = 0;
      for (let i = from; i < to; i++) if (map.delete(keys[i]!)) count += 1;
      return count;
    },
    size: (map) => map.size,
  };
}

/** The same with an order. */
export function orderedLoopsOf<M extends LikeOrderedMap>(make: () => M): MapLoops<M> {
  return {
    ...loopsOf(make),
    iterate(map) {
      let sum = 0;
      map.forEach((value, key) => (sum = (Math.imul(sum, 31) + key + value!) | 0));
      return sum;
    },
  };
}

/** Goes through a map that has no order: its keys are brought in order first, as numbers. */
export function iterateSorted(map: { keys(): Iterable<number>; get(key: number): number | undefined }): number {
  let sum = 0;
  for (const key of Int32Array.from(map.keys()).sort()) sum = (Math.imul(sum, 31) + key + map.get(key)!) | 0;
  return sum;
}

/** With more elements than this nobody waits for a case in which each change costs as much as all elements. */
const MOST_OF_SLOW = 200_000;

/** Whether a case is one that an array in order can do. */
export function isForSortedArray(name: CaseName, size: number): boolean {
  return changesNothing(name) || size <= MOST_OF_SLOW;
}

/** Whether a case leaves the map as it was. */
export function changesNothing(name: CaseName): boolean {
  return name === "find-hit" || name === "find-miss" || name === "iterate";
}

/** Does a case with a map's loops. @param hasSingles  Whether a single operation can be timed alone. */
export function mapRunner<M>(loops: MapLoops<M>, name: CaseName, hasSingles: boolean): Runner {
  let work!: Work;
  let maps: M[] = [];
  const map = (copy: number): M => maps[changesNothing(name) ? 0 : copy]!;
  return {
    prepare(given, copies) {
      work = given;
      maps = Array.from({ length: changesNothing(name) ? 1 : copies }, () => {
        const made = loops.make(work);
        if (name !== "insert") fill(loops, made, work.keys);
        return made;
      });
    },
    run: (copy) => runCase(loops, name, map(copy), work),
    end() {
      for (const made of maps) loops.end?.(made);
      maps = [];
    },
    ...(hasSingles && name !== "iterate" && { one: (operation) => runOne(loops, name, map(0), work, operation) }),
    ...(loops.bytes && { bytes: () => loops.bytes!(map(0)) }),
  };
}

function fill<M>(loops: MapLoops<M>, map: M, keys: Int32Array): void {
  if (loops.fill) loops.fill(map, keys);
  else loops.insert(map, keys, 0, keys.length);
}

function runCase<M>(loops: MapLoops<M>, name: CaseName, map: M, { keys, probes }: Work): number {
  switch (name) {
    case "insert":
      loops.insert(map, keys, 0, keys.length);
      return loops.size(map);
    case "find-hit":
    case "find-miss":
      return loops.find(map, probes, 0, probes.length);
    case "delete":
      return loops.delete(map, probes, 0, probes.length) + loops.size(map);
    case "iterate":
      return loops.iterate(map);
    case "churn":
      return churn(loops, map, probes);
    default:
      throw new TypeError(`${name} is not about maps`);
  }
}

function churn<M>(loops: MapLoops<M>, map: M, probes: Int32Array): number {
  let sum = 0;
  for (let at = 0; at < probes.length; at += FINDS + 2 * CHANGES) {
    sum = (sum + loops.find(map, probes, at, at + FINDS)) | 0;
    sum = (sum + loops.delete(map, probes, at + FINDS, at + FINDS + CHANGES)) | 0;
    loops.insert(map, probes, at + FINDS + CHANGES, at + FINDS + 2 * CHANGES);
  }
  return (sum + loops.size(map)) | 0;
}

/** Does an operation of a case alone. */
function runOne<M>(loops: MapLoops<M>, name: CaseName, map: M, { keys, probes }: Work, operation: number): unknown {
  if (name === "insert") return loops.insert(map, keys, operation, operation + 1);
  if (name === "delete") return loops.delete(map, probes, operation, operation + 1);
  const step = name === "churn" ? operation % (FINDS + 2 * CHANGES) : 0;
  if (step >= FINDS + CHANGES) return loops.insert(map, probes, operation, operation + 1);
  return step >= FINDS
    ? loops.delete(map, probes, operation, operation + 1)
    : loops.find(map, probes, operation, operation + 1);
}

/** What is said of a contender that does its work by single calls. */
export interface MapContender {
  readonly id: string;
  readonly title: string;
  readonly about: Contender["about"];
  readonly kind: Kind;
  readonly install?: string;
  /** Whether a case can be done in a time that one would wait. Left out: any can. */
  readonly isFor?: (name: CaseName, size: number) => boolean;
}

/** A contender of all map cases by single calls. @param load  null: it is not there. */
export function mapContender<M>(
  { isFor = () => true, ...said }: MapContender,
  load: () => Promise<{ readonly loops: MapLoops<M>; readonly version: string | null } | null>,
): Contender {
  return {
    ...said,
    cases: MAP_CASES,
    modes: ["call"],
    load: async () => {
      const found = await load();
      if (!found) return null;
      const runner: Loaded["runner"] = (name, mode, size) =>
        mode === "call" && MAP_CASES.includes(name) && isFor(name, size) ? mapRunner(found.loops, name, true) : null;
      return { version: found.version, runner };
    },
  };
}
