import type { Contender } from "../types.ts";
import { ByteRing } from "./js/byte-ring.ts";
import { ColumnList } from "./js/column-list.ts";
import { ColumnQueue } from "./js/column-queue.ts";
import { ObjectList, type ListItem } from "./js/object-list.ts";
import { QUEUE_CASES, lruSteps, queueSteps } from "./queues.ts";
import { RING_CASES, ringBytes, ringSteps, slices, type LikeRing } from "./rings.ts";
import { chain, contender, stepsRunner, type Makers, type Said, type Steps } from "./steps.ts";

/** A Map keeps the order in which its keys came in: who takes one out and puts it in again has it at the end. */
const mapLru: Steps<Map<number, number>> = {
  make: ({ keys }) => new Map(Array.from(keys, (key, i): [number, number] => [i, key]).reverse()),
  run(map, { probes, keys }, from, to, sum) {
    for (let i = from; i < to; i++) {
      const index = probes[i]!;
      map.delete(index);
      map.set(index, keys[index]!);
      sum = chain(sum, map.values().next().value!);
    }
    return sum;
  },
};

const arrayQueue = queueSteps<number[]>(() => []);
const objectQueue = queueSteps(() => new ObjectList<number>());
const columnQueue = { ...queueSteps(() => new ColumnQueue()), bytes: (queue: ColumnQueue) => queue.bytes };
const objectLru = lruSteps<ListItem<number>, ObjectList<number>>(() => new ObjectList());
const columnLru = {
  ...lruSteps<number, ColumnList>(() => new ColumnList()),
  bytes: ({ list, nodes }: { list: ColumnList; nodes: readonly number[] }) => list.bytes + 8 * nodes.length,
};
const arrayRing = ringSteps(() => slices([]));
const byteRing = ringSteps(({ size }): LikeRing => {
  const ring = new ByteRing(ringBytes(size));
  const read = (into: Uint8Array) => {
    ring.read(into);
    return into;
  };
  return { write: (message) => ring.write(message), read };
});

function plain(said: Omit<Said, "kind" | "modes">, makers: Makers): Contender {
  return contender({ ...said, kind: "js", modes: ["call"] }, () => Promise.resolve({ makers, version: null }));
}

const ofQueue = <S>(steps: Steps<S>) => ({ call: () => stepsRunner(steps, false, true) });
const ofRing = <S>(steps: Steps<S>) => ({ call: () => stepsRunner(steps, true, true) });

/** Queues, lists and rings in plain JavaScript, as well as we can write them; and those that everybody has. */
export const PLAIN_QUEUES: readonly Contender[] = [
  plain(
    {
      id: "js-array",
      title: "Array",
      about: {
        en: "JavaScript's own array: push() and shift(); of messages it gets copies",
        "zh-CN": "JavaScript 自带的数组：push() 和 shift()；消息以副本放入",
      },
      cases: ["queue", ...RING_CASES],
    },
    { queue: ofQueue(arrayQueue), "ring-bytes": ofRing(arrayRing), "ring-records": ofRing(arrayRing) },
  ),
  plain(
    {
      id: "js-map-order",
      title: "Map as LRU",
      about: {
        en: "JavaScript's own Map, which keeps the order of insertion: a key is deleted and set again",
        "zh-CN": "JavaScript 自带的 Map，保持插入顺序：把键删除后重新放入",
      },
      cases: ["lru"],
    },
    { lru: ofQueue(mapLru) },
  ),
  plain(
    {
      id: "js-object-list",
      title: "JS object list",
      about: {
        en: "a doubly linked list in JavaScript, an object for each node",
        "zh-CN": "用 JavaScript 写的双向链表，每个节点一个对象",
      },
      cases: QUEUE_CASES,
    },
    { queue: ofQueue(objectQueue), lru: ofQueue(objectLru) },
  ),
  plain(
    {
      id: "js-column-list",
      title: "JS typed list",
      about: {
        en: "a doubly linked list in JavaScript, its nodes in one Int32Array",
        "zh-CN": "用 JavaScript 写的双向链表，节点都放在一个 Int32Array 里",
      },
      cases: ["lru"],
    },
    { lru: ofQueue(columnLru) },
  ),
  plain(
    {
      id: "js-column-queue",
      title: "JS typed queue",
      about: {
        en: "an Int32Array that is gone round in, twice as large when it is full",
        "zh-CN": "循环使用的 Int32Array，满了就加倍",
      },
      cases: ["queue"],
    },
    { queue: ofQueue(columnQueue) },
  ),
  plain(
    {
      id: "js-byte-ring",
      title: "JS byte ring",
      about: {
        en: "a ring of bytes in a Uint8Array: set() and subarray()",
        "zh-CN": "Uint8Array 里的字节环：set() 和 subarray()",
      },
      cases: RING_CASES,
    },
    { "ring-bytes": ofRing(byteRing), "ring-records": ofRing(byteRing) },
  ),
];
