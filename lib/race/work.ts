import type { CaseName, Heat, KeyOrder, Mode, Work } from "./types.ts";
import { Random } from "../fuzz/random.ts";

/** All cases; those of maps, of queues and lists, of rings, and the crossing alone. */
export const CASES: readonly CaseName[] = [
  "insert",
  "find-hit",
  "find-miss",
  "delete",
  "iterate",
  "churn",
  "queue",
  "lru",
  "ring-bytes",
  "ring-records",
  "ring-threads",
  "crossing",
];
/** All modes. */
export const MODES: readonly Mode[] = ["call", "batch", "inside"];
/** All orders of keys. */
export const ORDERS: readonly KeyOrder[] = ["sequential", "random", "clustered"];

/** A round of churn looks so many keys up: the last of them are those that it inserts, and are not there yet. */
export const FINDS = 64;
/** A round of churn then deletes so many, and inserts as many. */
export const CHANGES = 8;
/** A queue gets so many elements, and then gives as many back. */
export const PIECE = 64;
/** So many different messages lie in `Work.message`, one behind the other; they are sent in turn. */
export const MESSAGES = 4;
/** So many messages may lie in a ring at a time, if there is room for them. */
export const MESSAGES_IN_RING = 16;

/** A queue's operations: few, as taking from the front of a long array costs its length. */
const QUEUE_OPERATIONS = 4096;
/** Least and greatest number of times that something is moved to the front. */
const LRU_OPERATIONS = [4096, 65_536] as const;
/** Bytes that go through a ring in a run, and least and greatest number of messages that they are. */
const RING_BYTES = 1 << 20;
const RING_OPERATIONS = [16, 4096] as const;
/** Longest run of neighbours. */
const LONGEST_RUN = 64;

/** With fewer elements than this there are variants of a work, so that no processor learns its branches by heart. */
const LEARNT = 16_384;
const MOST_VARIANTS = 64;

/** How many works of a heat there are, which differ in their keys alone. */
export function variantsOf({ case: name, size }: Heat): number {
  return isRing(name) || name === "crossing" ? 1 : clamp(Math.ceil(LEARNT / size), [1, MOST_VARIANTS]);
}

/** Whether the order of keys makes a difference to a case. */
export function hasOrder(name: CaseName): boolean {
  return !(name.startsWith("ring-") || name === "queue" || name === "crossing");
}

/** Whether the size of a case is the bytes of a message. */
export function isRing(name: CaseName): boolean {
  return name.startsWith("ring-");
}

/**
 * What all contenders of a heat have to do; the same for the same seed and variant. An operation, and what a run's checksum is made
 * of (`add`: `sum = (sum + x) | 0`; `chain`: `sum = (Math.imul(sum, 31) + x) | 0`; sums begin at 0):
 *
 * - insert: put all keys into an empty map, with their index as value. The checksum is the map's size at the end.
 * - find-hit, find-miss: the map holds all keys; look every probe up. Add the value; -1 if there is none.
 * - delete: the map holds all keys; delete every probe. Add 1 if it was there; at the end, add the size.
 * - iterate: the map holds all keys; go through them in ascending order. Chain key + value.
 * - churn: the map holds all keys. Probes come in rounds: look FINDS of them up, delete the next CHANGES, insert the
 *   next CHANGES with their index in probes as value. It is epoll's mix: EPOLL_CTL_MOD looks up, _DEL looks up and
 *   deletes, _ADD looks up in vain and inserts. Add as above; at the end, add the size.
 * - queue: the queue holds all keys, first in first out. PIECE probes are pushed, and as many elements shifted, again
 *   and again; an operation is a push with a shift. Chain what is shifted.
 * - lru: the list holds all keys in their order. A probe is the index of a key: move its element to the front. Chain
 *   the key that is last in the list then.
 * - ring-bytes, ring-records: write a message and read it, at most MESSAGES_IN_RING later. Chain the sum of the first,
 *   the middle (index size >> 1) and the last byte of what was read. A record is a message of whole words of 32 bits.
 * - ring-threads: the same, from another thread to this one.
 * - crossing: a call that is given a probe and answers with it. Add the answer.
 */
export function workOf({ case: name, size, order }: Heat, seed: number, variant = 0): Work {
  const place = CASES.indexOf(name) * ORDERS.length + ORDERS.indexOf(order);
  const random = new Random(seed, place * MOST_VARIANTS + variant);
  const made = isRing(name) ? ringWork(name, size, random) : workOnKeys(name, size, order, random);
  return { case: name, size, order, seed, ...made };
}

type Made = Pick<Work, "operations" | "keys" | "probes" | "message">;

function ringWork(name: CaseName, size: number, random: Random): Made {
  if (name === "ring-records" && size % 4 !== 0)
    throw new RangeError(`a record is of whole words, not of ${size} bytes`);
  const message = Uint8Array.from({ length: size * MESSAGES }, () => random.below(256));
  const none = new Int32Array();
  return { operations: clamp(Math.floor(RING_BYTES / size), RING_OPERATIONS), keys: none, probes: none, message };
}

function workOnKeys(name: CaseName, size: number, order: KeyOrder, random: Random): Made {
  const maker = new KeyMaker(order, random);
  const keys = maker.take(size);
  const probes = probesOf(name, keys, maker, order, random);
  const operations = name === "insert" || name === "iterate" ? size : probes.length;
  return { operations, keys, probes, message: new Uint8Array() };
}

function probesOf(name: CaseName, keys: Int32Array, maker: KeyMaker, order: KeyOrder, random: Random): Int32Array {
  switch (name) {
    case "find-hit":
    case "delete":
      return again(keys, order, random);
    case "find-miss":
      return again(keys, order, random).map((key) => key + 1); // keys are even
    case "churn":
      return churn(keys, maker, random);
    case "queue":
      return Int32Array.from({ length: QUEUE_OPERATIONS }, () => random.bits());
    case "lru": {
      const indexes = again(Int32Array.from(keys.keys()), order, random);
      return Int32Array.from({ length: clamp(keys.length, LRU_OPERATIONS) }, (_, i) => indexes[i % indexes.length]!);
    }
    case "crossing":
      return keys;
    default:
      return new Int32Array();
  }
}

/** How long runs of neighbours are. */
function runLength(order: KeyOrder, left: number, random: Random): number {
  if (order === "sequential") return left;
  return order === "random" ? 1 : Math.min(left, 1 + random.below(LONGEST_RUN));
}

/** Makes keys that are all different, and even, so that every key has a neighbour that is not there. */
class KeyMaker {
  readonly #order: KeyOrder;
  readonly #random: Random;
  readonly #taken = new Set<number>();
  #next = 0;

  constructor(order: KeyOrder, random: Random) {
    this.#order = order;
    this.#random = random;
  }

  take(count: number): Int32Array {
    const keys = new Int32Array(count);
    for (let made = 0; made < count;) {
      const length = runLength(this.#order, count - made, this.#random);
      const first = this.#firstOf(length);
      for (let i = 0; i < length; i++) {
        const key = first + 2 * i;
        this.#taken.add(key);
        keys[made++] = key;
      }
    }
    return keys;
  }

  /** Where a run may begin. */
  #firstOf(length: number): number {
    if (this.#order === "sequential") {
      this.#next += 2 * length;
      return this.#next - 2 * length;
    }
    while (true) {
      const first = this.#random.bits() & ~1;
      let i = 0;
      while (i < length && first + 2 * i < 0x7fff_ffff && !this.#taken.has(first + 2 * i)) i++;
      if (i === length) return first;
    }
  }
}

/** The same keys once more: sequential ones in their order, others with their runs shuffled. */
function again(keys: Int32Array, order: KeyOrder, random: Random): Int32Array {
  if (order === "sequential") return keys;
  const runs: Int32Array[] = [];
  for (let start = 0; start < keys.length; start += runs.at(-1)!.length) {
    runs.push(keys.subarray(start, start + runLength(order, keys.length - start, random)));
  }
  shuffle(runs, random);
  const probes = new Int32Array(keys.length);
  let at = 0;
  for (const run of runs) {
    probes.set(run, at);
    at += run.length;
  }
  return probes;
}

function churn(keys: Int32Array, maker: KeyMaker, random: Random): Int32Array {
  const round = FINDS + 2 * CHANGES;
  const present = [...keys];
  const changes = Math.min(CHANGES, present.length);
  const probes = new Int32Array(Math.max(4, Math.ceil(keys.length / round)) * round);
  for (let at = 0; at < probes.length; at += round) {
    const fresh = maker.take(CHANGES);
    for (let i = 0; i < FINDS - CHANGES; i++) probes[at + i] = present[random.below(present.length)]!;
    probes.set(fresh, at + FINDS - CHANGES);
    for (let i = 0; i < CHANGES; i++) {
      // With fewer elements than are to be deleted, some are deleted in vain.
      probes[at + FINDS + i] = i < changes ? takeOut(present, random) : fresh[i]!;
    }
    probes.set(fresh, at + FINDS + CHANGES);
    present.push(...fresh);
  }
  return probes;
}

/** Takes any element out of a list whose order is free. */
function takeOut(list: number[], random: Random): number {
  const index = random.below(list.length);
  const taken = list[index]!;
  const last = list.pop()!;
  if (index < list.length) list[index] = last;
  return taken;
}

/** Puts a list into another order (Fisher and Yates). */
export function shuffle(list: unknown[], random: Random): void {
  for (let i = list.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [list[i], list[j]] = [list[j], list[i]];
  }
}

function clamp(value: number, [least, greatest]: readonly [number, number]): number {
  return Math.min(greatest, Math.max(least, value));
}
