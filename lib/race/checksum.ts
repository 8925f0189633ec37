import type { Work } from "./types.ts";
import { CHANGES, FINDS, MESSAGES, PIECE } from "./work.ts";

/** The checksum that every contender has to come to, by the plainest means there are; work.ts says what it is. */
export function checksumOf(work: Work): number {
  switch (work.case) {
    case "insert":
      return work.keys.length;
    case "find-hit":
    case "find-miss": {
      const values = mapOf(work);
      return total(work.probes, (key) => values.get(key) ?? -1);
    }
    case "delete":
      return work.probes.length;
    case "iterate":
      return iterated(work);
    case "churn":
      return churned(work);
    case "queue":
      return queued(work);
    case "lru":
      return moved(work);
    case "ring-bytes":
    case "ring-records":
    case "ring-threads":
      return sent(work);
    case "crossing":
      return total(work.probes, (probe) => probe);
  }
}

/** A link of a checksum that depends on the order of answers. */
function chain(sum: number, answer: number): number {
  return (Math.imul(sum, 31) + answer) | 0;
}

function total(probes: Int32Array, answer: (probe: number) => number): number {
  let sum = 0;
  for (const probe of probes) sum = (sum + answer(probe)) | 0;
  return sum;
}

function mapOf({ keys }: Work): Map<number, number> {
  const values = new Map<number, number>();
  keys.forEach((key, i) => values.set(key, i));
  return values;
}

function iterated(work: Work): number {
  const values = mapOf(work);
  let sum = 0;
  for (const key of work.keys.toSorted()) sum = chain(sum, key + values.get(key)!);
  return sum;
}

function churned(work: Work): number {
  const values = mapOf(work);
  let sum = 0;
  work.probes.forEach((key, i) => {
    const step = i % (FINDS + 2 * CHANGES);
    if (step < FINDS) sum = (sum + (values.get(key) ?? -1)) | 0;
    else if (step >= FINDS + CHANGES) values.set(key, i);
    else if (values.delete(key)) sum = (sum + 1) | 0;
  });
  return (sum + values.size) | 0;
}

function queued({ keys, probes }: Work): number {
  const all = new Int32Array(keys.length + probes.length);
  all.set(keys);
  all.set(probes, keys.length);
  return all.subarray(0, Math.floor(probes.length / PIECE) * PIECE).reduce(chain, 0);
}

/** With a list in which an element says who stands beside it, by index. */
function moved({ keys, probes }: Work): number {
  const count = keys.length;
  const before = Int32Array.from({ length: count + 1 }, (_, i) => (i + count) % (count + 1));
  const after = Int32Array.from({ length: count + 1 }, (_, i) => (i + 1) % (count + 1));
  let sum = 0;
  for (const probe of probes) {
    after[before[probe]!] = after[probe]!;
    before[after[probe]!] = before[probe]!;
    const first = after[count]!;
    after[probe] = first;
    before[first] = probe;
    before[probe] = count;
    after[count] = probe;
    sum = chain(sum, keys[before[count]!]!);
  }
  return sum;
}

function sent({ size, operations, message }: Work): number {
  let sum = 0;
  for (let i = 0; i < operations; i++) {
    const at = (i % MESSAGES) * size;
    sum = chain(sum, message[at]! + message[at + (size >> 1)]! + message[at + size - 1]!);
  }
  return sum;
}
